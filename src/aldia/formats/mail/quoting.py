"""What was newly written, apart from the mail that is answered, the signature and the small print."""

import re

_LINES_MAX = 2_000
_ATTRIBUTION_LENGTH_MAX = 400
_QUOTED = re.compile(r"^\s{0,3}(?:>|\|\s)")
_ATTRIBUTION = re.compile(
    r"^\s*[-–]*\s*(?:el|em|on|le|am|en fecha|a las|op)\b.{4,400}?"
    r"\b(?:escribi[oó]|wrote|escreveu|a écrit|schrieb)\s*:?\s*$",
    re.IGNORECASE | re.DOTALL,
)
_ATTRIBUTION_BEGINS = re.compile(r"^\s*(?:el|em|on|le|am)\b.*(?:\d|@|<)", re.IGNORECASE)
_WROTE = re.compile(r".{0,300}<?\S+@\S+>?\s*(?:escribi[oó]|wrote)\s*:\s*$", re.IGNORECASE)
_DIVIDER = re.compile(
    r"^\s*(?:-{2,}|_{2,}|={2,})\s*(?:mensaje (?:original|reenviado)|original message|forwarded message"
    r"|correo original|mensaje enviado)\b|^\s*(?:begin forwarded message|inicio del mensaje reenviado)\s*:"
    r"|^\s*[_=]{12,}\s*$|^\s*(?:-{2,}\s*)?(?:mensaje original|original message)\s*(?:-{2,})?\s*$",
    re.IGNORECASE,
)
_HEADER = re.compile(r"^\s*\*{0,2}(?:de|from|enviado por)\s*:\*{0,2}\s*\S", re.IGNORECASE)
_HEADER_NEXT = re.compile(
    r"^\s*\*{0,2}(?:enviado(?: el)?|fecha|sent|date|para|to|asunto|subject)\s*:\*{0,2}", re.IGNORECASE
)
_SIGNATURE = re.compile(r"^-- ?$")
_DEVICE = re.compile(
    r"^\s*(?:enviado desde (?:mi|outlook|gmail|yahoo|correo)|sent from my|sent from (?:outlook|yahoo|mail)"
    r"|obtener outlook para|get outlook for|enviat des de)",
    re.IGNORECASE,
)
_SMALL_PRINT = re.compile(
    r"^\W*(?:aviso (?:legal|de confidencialidad|de privacidad)|nota de confidencialidad|confidencialidad\b"
    r"|clausula de|cláusula (?:de|legal)|legal notice|confidentiality notice|disclaimer\b"
    r"|protecci[oó]n de datos"
    r"|(?:este|el presente) (?:mensaje|correo|e-?mail)[^.]{0,160}"
    r"(?:confidencial|exclusiv|destinatario|privilegiad)"
    r"|la informaci[oó]n (?:contenida|incluida) en este"
    r"|en cumplimiento (?:de|con)[^.]{0,80}(?:ley|reglamento|rgpd|lopd)"
    r"|de (?:acuerdo|conformidad) con (?:lo (?:establecido|dispuesto)|el reglamento|la ley)"
    r"|this (?:e-?mail|message)[^.]{0,160}(?:confidential|intended)|antes de imprimir|before printing"
    r"|no imprima este|please consider the environment)",
    re.IGNORECASE,
)


def own_words(text: str) -> tuple[str, str]:
    """(newly written, the rest). An answer below or between what it quotes is found as well."""
    lines = text.split("\n")[:_LINES_MAX]
    own: list[str] = []
    rest: list[str] = []
    place = 0
    while place < len(lines):
        line = lines[place]
        if _ends_here(lines, place):
            rest += lines[place:]
            break
        taken = _attribution(lines, place)
        if taken:
            rest += lines[place : place + taken]
            place += taken
            if not _is_quote_next(lines, place):
                rest += lines[place:]
                break
        elif _QUOTED.match(line):
            rest.append(line)
            place += 1
        else:
            own.append(line)
            place += 1
    return _tidy(own), _tidy(rest)


def _ends_here(lines: list[str], place: int) -> bool:
    """Everything from this line on is somebody else's or nobody's."""
    line = lines[place]
    if _DIVIDER.match(line) or _SIGNATURE.match(line) or _DEVICE.match(line) or _SMALL_PRINT.match(line):
        return True
    return bool(_HEADER.match(line)) and any(
        _HEADER_NEXT.match(each) for each in lines[place + 1 : place + 5]
    )


def _attribution(lines: list[str], place: int) -> int:
    """How many lines «El lun, 16 nov 2026, Papelería Luz <…> escribió:» takes here; 0 for none."""
    line = lines[place]
    if _WROTE.fullmatch(line[:_ATTRIBUTION_LENGTH_MAX]):
        return 1
    for taken in (1, 2, 3):
        joined = " ".join(lines[place : place + taken])
        if len(joined) > _ATTRIBUTION_LENGTH_MAX or (taken > 1 and not _ATTRIBUTION_BEGINS.match(line)):
            return 0
        if _ATTRIBUTION.match(joined):
            return taken
    return 0


def _is_quote_next(lines: list[str], place: int) -> bool:
    following = (line for line in lines[place : place + 4] if line.strip())
    return any(_QUOTED.match(line) for line in following)


def _tidy(lines: list[str]) -> str:
    text = "\n".join(line.rstrip() for line in lines)
    return re.sub(r"\n{3,}", "\n\n", text).strip()

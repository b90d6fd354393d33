"""From bytes to text: the encoding is declared, shown by a mark, or proved; never guessed."""

import codecs
import re

from aldia.formats.table.findings import TableRefused

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_ALLOWED = frozenset(
    {"utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "ascii"}
    | {"cp1252", "iso8859-1", "iso8859-15", "cp850", "cp437", "mac-roman"}
)
_LETTERS = "áéíóúàèìòùâêîôûäëïöüãõñçåøæÁÉÍÓÚÀÈÌÒÙÂÊÎÔÛÄËÏÖÜÃÕÑÇÅØÆß"
_SIGNS = "ºª€¿¡«»“”‘’–—…·´°\xa0®©™§½¼¾²³£•\xad"
_HIGH = re.compile(r"[^\x00-\x7f]")
_PLAUSIBLE = re.compile(rf"[{_LETTERS}{_SIGNS}]")
# A sign inside a word is what cp850 or Mac text looks like when read as cp1252.
_SIGN_IN_WORD = re.compile(r"[a-záéíóúñç][º€¿¡«»–—…\xa0®©™§½¼¾²³£•°][a-záéíóúñç]")
_UTF8_AMONG_OTHERS = re.compile(rb"[\xc3-\xf4][\x80-\xbf]")
_CONTROL = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
_BINARY_SHARE = 100  # one control byte in so many makes the file binary,
_BINARY_FROM = 8  # unless there are only a few: those are said with their row

_ADVICE = "Guárdelo como «CSV UTF-8» o indique con qué codificación está escrito."


def decode(data: bytes, declared: str | None) -> tuple[str, str]:
    """The text of a file and the encoding it was read with. Raises TableRefused when that cannot be known."""
    if declared is not None:
        return _declared(data, declared)
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return _marked(data, encoding)
    _refuse_binary(data)
    try:
        return data.decode("utf-8"), "utf-8"
    except UnicodeDecodeError as error:
        return _proved_cp1252(data, error), "cp1252"


def _declared(data: bytes, declared: str) -> tuple[str, str]:
    try:
        name = codecs.lookup(declared).name
    except LookupError:
        name = ""
    if name not in _ALLOWED:
        raise TableRefused(
            "encoding_unknown",
            f"La codificación «{declared}» no se conoce. Use utf-8, utf-16, cp1252, iso-8859-15, cp850 o "
            "mac-roman.",
        )
    try:
        return data.decode("utf-8-sig" if name == "utf-8" else name), name
    except UnicodeError as error:
        raise TableRefused(
            "encoding_wrong", f"El archivo no está escrito en {declared}{_place(data, error)}. {_ADVICE}"
        ) from None


def _marked(data: bytes, encoding: str) -> tuple[str, str]:
    try:
        return data.decode(encoding), encoding
    except UnicodeError as error:
        raise TableRefused(
            "encoding_broken",
            f"El archivo se anuncia como {encoding} pero está dañado{_place(data, error)}. Vuelva a "
            "exportarlo.",
        ) from None


def _place(data: bytes, error: UnicodeError) -> str:
    if not isinstance(error, UnicodeDecodeError) or error.encoding.startswith("utf-16"):
        return ""
    row = data.count(b"\n", 0, error.start) + 1
    return f" (fila {row})"


def _refuse_binary(data: bytes) -> None:
    found = len(_CONTROL.findall(data))
    if found > _BINARY_FROM and found * _BINARY_SHARE > len(data):
        raise TableRefused(
            "binary",
            "El archivo no es un texto con columnas: contiene bytes nulos u otros datos binarios. "
            "Expórtelo como CSV UTF-8 o como XLSX.",
        )


def _proved_cp1252(data: bytes, error: UnicodeDecodeError) -> str:
    row = data.count(b"\n", 0, error.start) + 1
    if _UTF8_AMONG_OTHERS.search(data):
        raise TableRefused(
            "encoding_mixed",
            f"El archivo mezcla dos codificaciones: la fila {row} no es UTF-8 y otras sí. {_ADVICE}",
            row=row,
        )
    text = data.decode("cp1252", errors="replace")
    implausible = next((c for c in _HIGH.finditer(text) if not _PLAUSIBLE.match(c.group())), None)
    implausible = implausible or _SIGN_IN_WORD.search(text)
    if implausible is not None:
        row = text.count("\n", 0, implausible.start()) + 1
        raise TableRefused(
            "encoding_undecided",
            f"No se puede saber con qué codificación está escrito el archivo (fila {row}). {_ADVICE}",
            row=row,
        )
    return text

"""Text cells: kept as inert text, without what cannot be seen; closed lists looked up in words.py."""

import re
import unicodedata
from collections.abc import Callable
from datetime import date
from decimal import Decimal

from aldia.formats.table.cells import Noted
from aldia.formats.table.countries import country_code
from aldia.formats.table.fields import Field, Shape
from aldia.formats.table.findings import shown
from aldia.formats.table.numbers import Fault
from aldia.formats.table.raw import Cell
from aldia.formats.table.words import currency_code, examples, word_index
from aldia.kernel.money import known_currencies
from aldia.kernel.text import fold

Read = Fault | Noted[str] | str | None

NAME_LENGTH_MAX = 200
TEXT_LENGTH_MAX = 2_000
EMAIL_LENGTH_MAX = 254
PHONE_LENGTH_MAX = 50
LINK_LENGTH_MAX = 1_000
_EMAIL = re.compile(r"[^@\s,;<>\"]+@[^@\s,;<>\"]+\.[^@\s.,;<>\"]{2,}")
_LINK = re.compile(r"https://[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+(?::\d{1,5})?(?:[/?#][!-~]*)?")
_PHONE = re.compile(r"[+()\d\s./-]{6,}(?:\s*(?:ext|x)\.?\s*\d+)?", re.IGNORECASE)
_SCIENTIFIC = re.compile(r"\d(?:[.,]\d+)?E\+?\d+", re.ASCII)
_SPREADSHEET_ERRORS = frozenset(
    {
        "#N/A",
        "#N/D",
        "#REF!",
        "#¡REF!",
        "#DIV/0!",
        "#¡DIV/0!",
        "#VALUE!",
        "#¡VALOR!",
        "#NAME?",
        "#¿NOMBRE?",
        "#NUM!",
    }
)


def plain_text(cell: Cell) -> str:
    """The cell as text: a whole number without decimals, a date as ISO."""
    if isinstance(cell, Decimal):
        return str(int(cell)) if cell == cell.to_integral_value() else format(cell.normalize(), "f")
    return cell.isoformat() if isinstance(cell, date) else cell


def visible(cell: Cell, limit: int) -> Read:
    """Text on one line, without control characters, joiners or changes of writing direction;

    None if empty.
    """
    text = plain_text(cell)
    if not text:
        return None
    if text.isprintable() and "  " not in text and (text.isascii() or _is_tidy(text)):
        return _limited(text, limit)
    if "\x00" in text:
        return Fault(
            "nul_character",
            f"«{shown(text)}» contiene un carácter nulo. Bórrelo y escriba el texto de nuevo.",
        )
    spaced = "".join(" " if c.isspace() else c for c in text)
    clean = unicodedata.normalize("NFC", "".join(c for c in spaced if unicodedata.category(c)[0] != "C"))
    clean = " ".join(clean.split())
    return _remarked(
        clean, removed=len(spaced) != sum(unicodedata.category(c)[0] != "C" for c in spaced), limit=limit
    )


def _is_tidy(text: str) -> bool:
    return "\ufffd" not in text and unicodedata.is_normalized("NFC", text)


def _remarked(clean: str, *, removed: bool, limit: int) -> Read:
    found = _limited(clean, limit) if clean else None
    if isinstance(found, Fault):
        return found
    if removed:
        return Noted(
            found,
            "hidden_characters",
            f"Se quitan caracteres invisibles de «{shown(clean)}». Revise el texto.",
        )
    if "\ufffd" in clean:
        return Noted(
            found, "lost_characters", f"«{shown(clean)}» perdió letras al exportarse. Corríjalo en el origen."
        )
    return found


def _limited(text: str, limit: int) -> str | Fault:
    if text[0] == "#" and text in _SPREADSHEET_ERRORS:
        return Fault(
            "formula_error", f"La celda contiene el error «{text}». Corrija la fórmula o escriba el valor."
        )
    if len(text) > limit:
        return Fault(
            "text_too_long", f"«{shown(text)}» tiene {len(text)} caracteres y caben {limit}. Acórtelo."
        )
    return text


def _code(cell: Cell) -> Read:
    if isinstance(cell, date):
        return Fault(
            "code_is_date",
            f"La hoja de cálculo convirtió el código en la fecha {cell:%d/%m/%Y}. Dé a la celda formato "
            "de texto.",
        )
    text = visible(cell, NAME_LENGTH_MAX)
    if isinstance(text, str) and "E" in text and _SCIENTIFIC.fullmatch(text):
        return Fault(
            "code_scientific", f"«{shown(text)}» perdió cifras al exportarse. Dé a la celda formato de texto."
        )
    return text


def _tax_id(cell: Cell) -> Read:
    text = _code(cell)
    if not isinstance(text, str):
        return text
    bare = re.sub(r"[\s.\-/]", "", text).upper()
    return bare or None


def _email(cell: Cell) -> Read:
    text = visible(cell, EMAIL_LENGTH_MAX)
    if not isinstance(text, str) or _EMAIL.fullmatch(text):
        return text
    return Noted(
        None,
        "email_doubtful",
        f"«{shown(text)}» no es un correo y no se guarda. Escriba uno solo, como a@b.es.",
    )


def _phone(cell: Cell) -> Read:
    text = visible(cell, PHONE_LENGTH_MAX)
    if not isinstance(text, str) or _PHONE.fullmatch(text):
        return text
    return Noted(
        None,
        "phone_doubtful",
        f"«{shown(text)}» no es un teléfono y no se guarda. Escriba uno solo, con cifras.",
    )


def _link(cell: Cell) -> Read:
    text = visible(cell, LINK_LENGTH_MAX)
    if not isinstance(text, str) or _LINK.fullmatch(text):
        return text
    return Noted(
        None,
        "link_doubtful",
        f"«{shown(text)}» no es un enlace y no se guarda. Escriba la dirección entera, desde https://.",
    )


def _country(cell: Cell) -> Read:
    text = plain_text(cell)
    return country_code(text) if text else None


def _currency(cell: Cell) -> Read:
    text = plain_text(cell)
    if not text:
        return None
    code = currency_code(text)
    if code in known_currencies():
        return code
    return Fault(
        "unknown_currency", f"La moneda «{shown(text)}» no existe. Use un código como EUR, USD o MXN."
    )


def _words(name: str, *, strict: bool, label: str) -> Callable[[Cell], Read]:
    index = word_index(name)

    def read(cell: Cell) -> Read:
        text = plain_text(cell)
        if not text:
            return None
        found = index.get(fold(text))
        if found is not None:
            return found
        sentence = f"«{shown(text)}» no se conoce como {label}. Use una de estas palabras: {examples(name)}."
        return Fault("unknown_word", sentence) if strict else Noted(None, "unknown_word", sentence)

    return read


# A word of these lists decides what a row is; an unknown one refuses the row instead of being left out.
_STRICT = frozenset({"document_kind", "payment_kind"})

_READERS: dict[Shape, Callable[[Cell], Read]] = {
    Shape.CODE: _code,
    Shape.NAME: lambda cell: visible(cell, NAME_LENGTH_MAX),
    Shape.TEXT: lambda cell: visible(cell, TEXT_LENGTH_MAX),
    Shape.TAGS: lambda cell: visible(cell, TEXT_LENGTH_MAX),
    Shape.TAX_ID: _tax_id,
    Shape.EMAIL: _email,
    Shape.PHONE: _phone,
    Shape.LINK: _link,
    Shape.COUNTRY: _country,
    Shape.CURRENCY: _currency,
}


def reader_of(field: Field) -> Callable[[Cell], Read]:
    """How the cells of a text field are read."""
    if field.shape is Shape.FLAG:
        return _words("flag", strict=True, label="sí o no")
    if field.shape is Shape.WORD:
        return _words(field.words, strict=field.words in _STRICT, label=field.label)
    return _READERS[field.shape]


def tags_of(text: str | None) -> list[str] | None:
    """«vip; norte, vip» → [vip, norte]."""
    if text is None:
        return None
    return list(dict.fromkeys(tag.strip() for tag in re.split(r"[;,|]", text) if tag.strip()))

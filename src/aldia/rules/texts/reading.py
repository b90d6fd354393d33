"""A text as a file: an optional first line «Asunto: …», an empty line, the body."""

from aldia.rules.texts.errors import TextRefused
from aldia.rules.texts.render import TEXT_MAX_BYTES, Text

_SUBJECT = "Asunto:"


def read_text(content: bytes) -> Text:
    """The text in a file of UTF-8. Raises TextRefused."""
    if len(content) > 2 * TEXT_MAX_BYTES:
        raise TextRefused("El archivo pasa de 64 KiB: acorte el texto.")
    try:
        written = content.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError:
        raise TextRefused("El archivo no es texto en UTF-8: guárdelo con esa codificación.") from None
    first, _, rest = written.partition("\n")
    if first.startswith(_SUBJECT):
        return Text(first.removeprefix(_SUBJECT).strip(), rest.strip("\n"))
    return Text("", written.strip("\n"))


def written_text(text: Text) -> str:
    """The same file back."""
    return f"{_SUBJECT} {text.subject}\n\n{text.body}" if text.subject else text.body

"""Text made fit to be stored and shown: no control signs, nothing that turns the direction of writing."""

import re
import unicodedata
from email.errors import HeaderParseError
from email.header import decode_header

HEADER_LENGTH_MAX = 2_000
_NAME_OF_TEXT = re.compile(
    r"(?:utf[-_]?(?:8|16|32)(?:[-_]?(?:sig|le|be))?|us[-_]?ascii|ascii|iso[-_]?8859[-_]?\d{1,2}(?:[-_][ei])?"
    r"|latin[-_]?\d{1,2}|(?:windows|cp)[-_]?\d{3,4}|mac[-_]?roman|macintosh|koi8[-_][ru]|gb2312|gbk|gb18030"
    r"|big5|shift[-_]?jis|euc[-_](?:jp|kr)|iso[-_]?2022[-_]jp)",
    re.IGNORECASE,
)


def inert(text: str) -> str:
    """Lines ended by \\n, without signs that cannot be stored, seen or trusted."""
    unified = text.replace("\r\n", "\n").replace("\r", "\n").replace("\u2028", "\n").replace("\xa0", " ")
    normal = unicodedata.normalize("NFC", unified.encode("utf-8", "replace").decode("utf-8"))
    return "".join(sign for sign in normal if sign in "\n\t" or unicodedata.category(sign)[0] != "C")


def one_line(text: str, length_max: int) -> str:
    """The same on a single line, cut to the length."""
    return " ".join(inert(text).split())[:length_max]


def decoded(content: bytes, charset: str | None) -> str:
    """By the charset it claims where that is one of text; else as UTF-8, else as Windows-1252."""
    name = (charset or "").strip().strip("\"'")
    names = [name] if _NAME_OF_TEXT.fullmatch(name) and "ascii" not in name.lower() else []
    for each in [*names, "utf-8"]:
        try:
            return content.decode(each)
        except (UnicodeError, LookupError):
            continue
    return content.decode("cp1252", "replace")


def header_text(raw: object, length_max: int = HEADER_LENGTH_MAX) -> str:
    """A header's words, encoded ones opened, on one line."""
    value = str(raw or "")[: 4 * HEADER_LENGTH_MAX]
    try:
        parts = decode_header(value)
    except (HeaderParseError, ValueError, TypeError, IndexError):
        return one_line(value, length_max)
    words = [part if isinstance(part, str) else decoded(part, charset) for part, charset in parts]
    return one_line("".join(words), length_max)

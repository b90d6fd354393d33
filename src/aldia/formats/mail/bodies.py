"""The words of a mail: its plain text where there is one, else its HTML as text."""

from collections.abc import Iterator
from email.message import Message
from html.parser import HTMLParser
from typing import Any

from aldia.formats.mail.inert import decoded, header_text, inert

TEXT_LENGTH_MAX = 100_000
_PARTS_MAX = 200
_HTML_LENGTH_MAX = 300_000
_NAME_LENGTH_MAX = 150
_SILENT = frozenset({"script", "style", "head", "title", "template", "noscript", "svg", "object", "iframe"})
_BLOCKS = frozenset(
    {
        *("p", "div", "br", "tr", "table", "ul", "ol", "li", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "pre"),
        *("section", "article", "header", "footer", "blockquote", "form", "td"),
    }
)
_VOID = frozenset({"br", "hr", "img", "meta", "link", "input", "base", "col", "wbr", "area", "source"})
_QUOTED_CLASSES = ("gmail_quote", "yahoo_quoted", "protonmail_quote", "zmail_extra", "tutanota_quote")
_QUOTED_IDS = (
    "divrplyfwdmsg",
    "appendonsend",
    "olk_src_body_section",
    "mail-editor-reference-message-container",
)


def parts_of(message: Message) -> Iterator[Message]:
    """All parts but those inside a mail that is carried along; so many and no more."""
    waiting, seen = [message], 0
    while waiting and seen < _PARTS_MAX:
        part = waiting.pop(0)
        seen += 1
        yield part
        if part.get_content_maintype() == "multipart" and isinstance(part.get_payload(), list):
            inner: list[Any] = list(part.get_payload())[:_PARTS_MAX]
            waiting = [each for each in inner if isinstance(each, Message)] + waiting


def text_of(message: Message) -> str:
    """What its writer sees as the mail's text."""
    shown = [part for part in parts_of(message) if not _is_attached(part)]
    plain = [_words(part) for part in shown if part.get_content_type() == "text/plain"]
    text = "\n".join(each for each in plain if each.strip())
    if not text.strip():
        pages = [_words(part) for part in shown if part.get_content_type() == "text/html"]
        text = "\n".join(html_text(page) for page in pages[:5])
    return inert(text[:TEXT_LENGTH_MAX])


def attachments_of(message: Message) -> tuple[str, ...]:
    """Names of what was sent along; a part without a name by its type."""
    found = [part for part in parts_of(message) if _is_attached(part)]
    return tuple(
        header_text(part.get_filename(), _NAME_LENGTH_MAX) or part.get_content_type() for part in found
    )


def _is_attached(part: Message) -> bool:
    if part.get_content_maintype() == "multipart":
        return False
    disposition = str(part.get("Content-Disposition") or "").strip().lower()
    named = part.get_filename() is not None
    if part.get_content_maintype() == "text":
        return disposition.startswith("attachment") or (named and not disposition.startswith("inline"))
    return disposition.startswith("attachment") or named or part.get_content_maintype() == "message"


def _words(part: Message) -> str:
    content = part.get_payload(decode=True)
    return decoded(content, part.get_content_charset()) if isinstance(content, bytes) else ""


def html_text(page: str) -> str:
    """The words of a page of HTML. Scripts and styles are dropped; what it quotes begins with «> »."""
    reader = _Words()
    reader.feed(_without_comments(page[:_HTML_LENGTH_MAX]))
    reader.close()
    lines = (" ".join(line.split()) for line in "".join(reader.words).split("\n"))
    return "\n".join(line for line in lines if line)


def _without_comments(page: str) -> str:
    """Nor declarations: a parser takes its time over many of them."""
    kept, start = [], 0
    while (opens := page.find("<!--", start)) >= 0:
        kept.append(page[start:opens])
        closes = page.find("-->", opens)
        start = closes + 3 if closes >= 0 else len(page)
    return "".join([*kept, page[start:]]).replace("<!", " ").replace("<?", " ")


class _Words(HTMLParser):
    """silent: depth within what shows no words. quoted: depth within what is quoted."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.words: list[str] = []
        self._silent: list[str] = []
        self._quoted: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _BLOCKS:
            self.words.append("\n")
        if tag in _VOID:
            return
        if self._silent or tag in _SILENT:
            self._silent.append(tag)
        elif self._quoted or _quotes(tag, {name: value or "" for name, value in attrs}):
            self._quoted.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag in _BLOCKS:
            self.words.append("\n")
        for open_tags in (self._silent, self._quoted):
            if tag in open_tags[-50:]:
                while open_tags.pop() != tag:
                    pass
                return

    def handle_data(self, data: str) -> None:
        if self._silent:
            return
        flat = data.replace("\n", " ")
        if self._quoted:
            flat = f"\n> {flat}" if flat.strip() else ""
        self.words.append(flat)


def _quotes(tag: str, attributes: dict[str, str]) -> bool:
    classes, name = attributes.get("class", "").lower(), attributes.get("id", "").lower()
    if tag == "blockquote":
        return True
    return any(each in classes for each in _QUOTED_CLASSES) or name in _QUOTED_IDS

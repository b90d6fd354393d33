"""What a visitor reads of a page, and what of it is Spanish."""

import re
from collections.abc import Iterable
from html.parser import HTMLParser

_READ = (
    "title",
    "aria-label",
    "placeholder",
    "alt",
    "data-asks",
    "data-label",
    "data-unsupported",
    "data-refused",
)
_VOID = frozenset(
    {
        "area",
        "base",
        "br",
        "circle",
        "col",
        "hr",
        "img",
        "input",
        "line",
        "link",
        "meta",
        "path",
        "rect",
        "source",
    }
)
_UNREAD = frozenset({"script", "style", "code", "pre", "textarea"})
_THEIRS = frozenset({"al-mail", "sources", "imp-sample", "al-code", "code", "al-edit"})
"""Classes of what creditors, customers, files and the law themselves say."""

_SPANISH = re.compile(
    r"[áéíóúñ¿¡]|\b(?:de|del|la|el|lo|los|las|le|les|un|una|uno|al|y|en|es|se|su|sus|para|que|sin|con|por|ya|este|esta|hoy"
    r"|desde|hasta|nada|nadie|todo|todos|cliente|clientes|cobro|cobros|factura|facturas|partida|partidas|importe|fecha"
    r"|vencido|pendiente|aviso|avisos|paso|mensaje|mensajes|correo|texto|textos|cuenta|queda|quedan|debe|anotar|enviar"
    r"|enviado|buscar|guardar|borrar|cerrar|cambiar|quitar|ver|archivo|fila|filas|vence|lun|mar|mie|jue|vie|sab|dom|ene"
    r"|abr|dic)\b",
    re.IGNORECASE,
)


_CODE = re.compile(r"\b[A-Z]{2,3}\b")  # of countries and currencies


class _Reader(HTMLParser):
    """Collects texts and the attributes that are read out; leaves out what is not the house's own words."""

    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []
        self._open: list[tuple[str, bool]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = dict(attrs)
        theirs = bool(_THEIRS & set((said.get("class") or "").split())) or said.get("lang") == "es"
        hidden = tag in _UNREAD or theirs or self._hidden
        if not hidden:
            self.texts += [said[name] or "" for name in _READ if name in said]
        if tag not in _VOID:
            self._open.append((tag, hidden))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in _VOID:
            self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        while self._open and self._open.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            self.texts.append(data)

    @property
    def _hidden(self) -> bool:
        return bool(self._open) and self._open[-1][1]


def spanish_in(html: str, theirs: Iterable[str]) -> list[str]:
    """The texts of the page that are Spanish, once what is `theirs` (names, titles) is taken out."""
    reader = _Reader()
    reader.feed(html)
    names = sorted({each for each in theirs if each}, key=len, reverse=True)
    found = []
    for text in reader.texts:
        rest = " ".join(text.split())
        for name in names:
            rest = rest.replace(" ".join(name.split()), " ")
        if _SPANISH.search(_CODE.sub("", rest)):
            found.append(" ".join(text.split()))
    return found

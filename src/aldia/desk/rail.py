"""The ways through the desk: what stands in the rail, in this order, and the letter that goes there."""

from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from aldia.desk.access import Visit
from aldia.rules.rights import Right


@dataclass(frozen=True, slots=True)
class Section:
    """name: of the address in `desk:`. key: after `g`. apart: a line above it."""

    name: str
    title: str | Promise
    icon: str
    key: str
    right: Right = Right.LOOK
    apart: bool = False


SECTIONS = (
    Section("today", _("Hoy"), "home", "h"),
    Section("worklist", _("Cola"), "phone", "k"),
    Section("panel", _("Panel"), "layout-dashboard", "p"),
    Section("customers", _("Clientes"), "users", "c"),
    Section("items", _("Partidas"), "file-invoice", "v"),
    Section("payments", _("Cobros"), "cash", "m"),
    Section("inbox", _("Bandeja"), "inbox", "r"),
    Section("outbox", _("Buzón de salida"), "send", "b"),
    Section("imports", _("Importar"), "file-import", "i", Right.IMPORT, apart=True),
    Section("strategies", _("Estrategias"), "stairs-up", "e"),
    Section("texts", _("Textos"), "template", "t"),
    Section("settings", _("Ajustes"), "settings", "a", apart=True),
    Section("audit", _("Auditoría"), "shield-check", "u", Right.AUDIT),
)


@dataclass(frozen=True, slots=True)
class Way:
    """A section as the page shows it. count: what waits there for a person, 0 for nothing."""

    title: str
    icon: str
    key: str
    url: str
    here: bool
    apart: bool
    count: int = 0


def rail(request: HttpRequest, visit: Visit, *, answers: int = 0) -> list[Way]:
    """The sections the visitor may enter; `here` is the one whose address begins the page's."""
    ways = []
    for section in SECTIONS:
        if not visit.may[section.right]:
            continue
        try:
            url = reverse(f"desk:{section.name}", kwargs={"creditor": visit.creditor.code})
        except NoReverseMatch:
            continue
        ways.append((section, url))
    longest = max((url for _section, url in ways if request.path.startswith(url)), key=len, default="")
    return [
        Way(
            title=gettext(str(s.title)),
            icon=s.icon,
            key=s.key,
            url=url,
            here=url == longest,
            apart=s.apart,
            count=answers if s.name == "inbox" else 0,
        )
        for s, url in ways
    ]

"""The tabs over the settings: each shown to whoever may open it."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from aldia.desk.access import Visit
from aldia.rules.rights import Right


@dataclass(frozen=True, slots=True)
class Tab:
    """name: of its address. right: who sees it."""

    name: str
    title: str | Promise
    right: Right = Right.LOOK


TABS = (
    Tab("settings", _("Empresa")),
    Tab("settings-sending", _("Envíos")),
    Tab("settings-contact", _("Reglas de contacto")),
    Tab("areas", _("Pausas por zona")),
    Tab("holidays", _("Festivos locales")),
    Tab("teams", _("Equipos")),
    Tab("salespeople", _("Comerciales")),
    Tab("settings-agreements", _("Compromisos y pausas")),
    Tab("outcomes", _("Resultados de gestión")),
    Tab("settings-run", _("Proceso diario")),
    Tab("settings-mail", _("Correo"), Right.SETTINGS),
    Tab("settings-channels", _("Canales"), Right.SETTINGS),
    Tab("people", _("Personas"), Right.PEOPLE),
    Tab("tokens", _("Tokens de la API"), Right.PEOPLE),
)


@dataclass(frozen=True, slots=True)
class ShownTab:
    """A tab as the page shows it."""

    title: str
    url: str
    here: bool


def tabs(visit: Visit, here: str) -> list[ShownTab]:
    """Those the visitor may open; here: the name of the one that is open."""
    creditor = {"creditor": visit.creditor.code}
    return [
        ShownTab(gettext(str(tab.title)), reverse(f"desk:{tab.name}", kwargs=creditor), tab.name == here)
        for tab in TABS
        if visit.may[tab.right]
    ]

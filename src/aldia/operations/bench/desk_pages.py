"""Which pages of the desk are measured, and by what addresses. A page the desk does not have is named."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from html import unescape
from urllib.parse import urlencode

from django.db import connection, transaction
from django.urls import NoReverseMatch, reverse

from aldia.records.tenancy.models import Creditor
from aldia.records.tenancy.scope import scope

SEARCH = "search"
PAGE = "page"

Fetch = Callable[[str], str]
"""The HTML at an address, for whoever is logged in."""


@dataclass(frozen=True, slots=True)
class Page:
    """title: Spanish, as people know it. kind: page or search, which have bounds of their own. address: ""
    where the desk has no such page, or no second one."""

    title: str
    kind: str
    address: str


# Title, topic's name among the desk's addresses, what is said after `?`.
_PLAIN: tuple[tuple[str, str, dict[str, str]], ...] = (
    ("Hoy", "today", {}),
    ("Hoy, un paso", "today", {"paso": "dunning/second"}),
    ("Decidido", "decided", {}),
    ("Decidido, un grupo", "decided", {"grupo": "friendly"}),
    ("Decidido, buscado", "decided", {"buscar": "bodegas cano"}),
    ("Cola", "worklist", {"quien": "all"}),
    ("Cola, buscado", "worklist", {"quien": "all", "q": "bodegas cano"}),
    ("Compromisos", "promises", {}),
    ("Panel", "panel", {}),
    ("Clientes", "customers", {}),
    ("Clientes, buscado", "customers", {"q": "bodegas cano"}),
    ("Clientes, filtrado", "customers", {"filtro": "days_overdue >= 60 AND dunnable >= 1000"}),
    ("Clientes, por lo vencido", "customers", {"orden": "overdue", "baja": "1"}),
    ("Partidas", "items", {}),
    ("Partidas, por importe", "items", {"ver": "open", "orden": "amount", "baja": "1"}),
    ("Partidas, en incidencia", "items", {"ver": "disputed"}),
    ("Partidas, buscado", "items", {"ver": "open", "q": "bodegas cano"}),
    ("Cobros", "payments", {}),
    ("Cobros, todos", "payments", {"ver": "payments"}),
    ("Importar", "imports", {}),
    ("Estrategias", "strategies", {}),
    ("Textos", "texts", {}),
    ("Buzón, por salir", "outbox", {}),
    ("Buzón, enviados", "outbox", {"lista": "sent"}),
    ("Buzón, no enviados", "outbox", {"lista": "not_sent"}),
    ("Ajustes", "settings", {}),
    ("Auditoría", "audit", {}),
)
_SECOND: tuple[tuple[str, str, dict[str, str], str], ...] = (
    ("Hoy, página 2", "today", {}, "tras"),
    ("Clientes, página 2", "customers", {}, "en"),
    ("Partidas, página 2", "items", {}, "en"),
    ("Buzón, enviados, página 2", "outbox", {"lista": "sent"}, "tras"),
)
_SEARCHES = (
    ("Búsqueda, una letra", "b"),
    ("Búsqueda, una palabra", "bodegas"),
    ("Búsqueda, dos palabras", "bodegas cano"),
    ("Búsqueda, un código", "c00000042"),
    ("Búsqueda, nada", "zzzz"),
)
_MOST_AND_FEWEST = """
(SELECT customer_id FROM ledger_item_balance WHERE creditor_id = %s AND settled_on IS NULL
 GROUP BY customer_id ORDER BY count(*) DESC, customer_id LIMIT 1)
UNION ALL
(SELECT customer_id FROM ledger_item_balance WHERE creditor_id = %s AND settled_on IS NULL
 GROUP BY customer_id HAVING count(*) BETWEEN 4 AND 6 ORDER BY customer_id LIMIT 1)
"""


def pages(creditor: Creditor, fetch: Fetch) -> list[Page]:
    """Every page to measure, in the order of the desk; first pages are fetched for the way to the second."""
    plain = [Page(title, PAGE, _address(creditor, name, said)) for title, name, said in _PLAIN]
    searches = [Page(title, SEARCH, _address(creditor, "palette", {"q": q})) for title, q in _SEARCHES]
    return [*plain, *_second_pages(creditor, fetch), *_of_customers(creditor), *searches]


def _second_pages(creditor: Creditor, fetch: Fetch) -> Iterator[Page]:
    for title, name, said, word in _SECOND:
        first = _address(creditor, name, said)
        links = re.findall(r'href="([^"]*[?&;]' + word + r'=[^"&]+[^"]*)"', fetch(first)) if first else []
        # The last link: the one before it may open a row of this page, or lead back.
        yield Page(title, PAGE, _joined(first, unescape(links[-1])) if links else "")


def _of_customers(creditor: Creditor) -> Iterator[Page]:
    with transaction.atomic(), scope([creditor.pk]), connection.cursor() as cursor:
        cursor.execute(_MOST_AND_FEWEST, [creditor.pk, creditor.pk])
        found = dict(zip(("el mayor", "uno corriente"), (row[0] for row in cursor.fetchall()), strict=False))
    for which, pk in found.items():
        yield Page(f"Cliente, {which}", PAGE, _address(creditor, "customer", {}, customer_id=pk))
        yield Page(f"Por qué, {which}", PAGE, _address(creditor, "why", {}, customer_id=pk))


def _address(creditor: Creditor, name: str, said: dict[str, str], **names: int) -> str:
    try:
        path = reverse(f"desk:{name}", kwargs={"creditor": creditor.code, **names})
    except NoReverseMatch:
        return ""
    return f"{path}?{urlencode(said)}" if said else path


def _joined(page: str, link: str) -> str:
    return page.partition("?")[0] + link if link.startswith("?") else link

"""The demo portfolio through the same doors as anybody's files: imports, and the verbs of the ledger."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction

from aldia.operations.creditors import create_creditor
from aldia.operations.demo.events import DemoEvent, ReturnedDebit
from aldia.operations.demo.happen import book_events, open_desk
from aldia.operations.demo.identity import company_tax_id
from aldia.operations.demo.portfolio import LAST_DATE, DemoTables, demo_tables
from aldia.operations.demo.tables import ACADEMY_SEGMENT
from aldia.operations.imports import ImportOptions, Kind, commit, stage
from aldia.operations.strategies import set_strategy
from aldia.queries.creditors import DEMO_CODE
from aldia.records.ledger.models import Credit, Document, DueLine
from aldia.records.parties.models import Customer
from aldia.records.tenancy.models import Creditor
from aldia.records.tenancy.scope import scope
from aldia.rules.shipped import shipped_strategies

NAME = "Academia y Servicios Alborada, S.L."
_ACADEMY_STRATEGY = "academia"
_LIVE_DAYS = 10
_LETTERHEAD = {
    "street": "Calle de la Alborada 7",
    "postcode": "28013",
    "city": "Madrid",
    "iban": "ES9121000418450200051332",  # the example of the IBAN registry: nobody's account
}
_OPTIONS = ImportOptions(
    date_format="d/m/Y", decimal=",", delimiter=";", encoding=None, sheet=None, currency="EUR"
)

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class DemoReport:
    """The creditor of the demo and what it has: counts of customers, documents, due lines and credits.

    last_date: the day up to which the data goes. already_there: nothing was loaded, it stood there.
    """

    creditor: Creditor
    last_date: date
    counts: dict[str, int]
    already_there: bool

    @property
    def creditor_code(self) -> str:
        """The creditor's code."""
        return self.creditor.code

    @property
    def creditor_id(self) -> int:
        """The creditor's id."""
        return self.creditor.pk


def load_demo(
    *, seed: int = 7, now: datetime, actor: str = "demo", progress: Progress | None = None
) -> DemoReport:
    """Create the demo's creditor with its 24 months, wholly or not at all; once there it is left as it is.

    progress: called with steps done and steps in all. What was issued in the last ten days of the data is to
    be delivered, the rest is history. Raises what the imports and the ledger refuse.
    """
    there = Creditor.objects.filter(code=DEMO_CODE).first()
    with transaction.atomic():
        creditor = there or _load(_Loading(demo_tables(seed=seed), actor, now, progress))
        with scope([creditor.pk]):
            return DemoReport(creditor, LAST_DATE, _counts(), already_there=there is not None)


class _Loading:
    """One load under way: the tables, by whom, when, and how many steps are done."""

    def __init__(self, tables: DemoTables, actor: str, now: datetime, progress: Progress | None) -> None:
        self.tables, self.actor, self.now = tables, actor, now
        self._progress = progress
        self._done, self._all = 0, 4 + len(tables.events)

    def step(self) -> None:
        """One more table or event is done."""
        self._done += 1
        if self._progress:
            self._progress(self._done, self._all)


def _load(loading: _Loading) -> Creditor:
    """Returned debits are booked before the table that pays the same invoices again."""
    creditor = _create(loading)
    tables = loading.tables
    returns = [event for event in tables.events if isinstance(event, ReturnedDebit)]
    others = [event for event in tables.events if not isinstance(event, ReturnedDebit)]
    _import(loading, creditor, "customers", "clientes.csv", tables.customers_csv)
    _import(loading, creditor, "invoices", "facturas.csv", tables.invoices_csv)
    _import(loading, creditor, "payments", "cobros.csv", tables.payments_csv)
    _book(loading, creditor, returns)
    _import(loading, creditor, "payments", "cobros_tras_devolucion.csv", tables.payments_after_returns_csv)
    _book(loading, creditor, others)
    return creditor


def _create(loading: _Loading) -> Creditor:
    creditor = create_creditor(
        name=NAME,
        country="ES",
        now=loading.now,
        actor=loading.actor,
        code=DEMO_CODE,
        currency="EUR",
        tax_id=company_tax_id("B", 99_999),
        time_zone="Europe/Madrid",
        place="ES-MD",
    ).creditor
    creditor.live_from = loading.tables.last_date - timedelta(days=_LIVE_DAYS)
    for name, value in _LETTERHEAD.items():
        setattr(creditor, name, value)
    creditor.save(update_fields=["live_from", *_LETTERHEAD])
    with scope([creditor.pk]):
        set_strategy(
            creditor_id=creditor.pk,
            toml=shipped_strategies()[_ACADEMY_STRATEGY],
            now=loading.now,
            actor=loading.actor,
            segments=(ACADEMY_SEGMENT,),
        )
    return creditor


def _import(loading: _Loading, creditor: Creditor, kind: Kind, file_name: str, content: bytes) -> None:
    batch = stage(
        creditor=creditor,
        kind=kind,
        file_name=file_name,
        content=content,
        options=_OPTIONS,
        mapping={},
        source_name=None,
        actor=loading.actor,
        now=loading.now,
    )
    commit(creditor=creditor, batch_id=batch.pk, actor=loading.actor, now=loading.now)
    loading.step()


def _book(loading: _Loading, creditor: Creditor, events: Sequence[DemoEvent]) -> None:
    with scope([creditor.pk]):
        desk = open_desk(creditor, actor=loading.actor, now=loading.now)
        book_events(desk, events, loading.step)


def _counts() -> dict[str, int]:
    """Rows of the creditor in scope."""
    return {
        "customers": Customer.objects.count(),
        "documents": Document.objects.count(),
        "due_lines": DueLine.objects.count(),
        "credits": Credit.objects.count(),
    }

"""The house: its books written as clerks write them, by hand and by file, and what its people say yes to."""

import csv
import io
import random
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db import connection, transaction

from aldia.operations import imports, ledger
from aldia.operations.creditors import create_creditor
from aldia.operations.imports import ImportOptions, UndoRefused
from aldia.operations.outbox import use_mailbox
from aldia.operations.parties import change_customer
from aldia.operations.promises import (
    NewPromise,
    PromiseDecided,
    PromiseRefused,
    record_promise,
    withdraw_promise,
)
from aldia.operations.refusals import LedgerRefusal
from aldia.operations.settings import change_settings
from aldia.operations.strategies import set_strategy
from aldia.operations.texts import set_letterhead
from aldia.records.tenancy.models import Creditor
from aldia.records.tenancy.scope import scope
from aldia.rules.shipped import shipped_strategies
from tests.simulation.deeds import Agenda, Deed, Do, Issue, Pay
from tests.simulation.people import Person, people
from tests.simulation.wire import Wire

ACTOR = "ana"
_CUSTOMERS = (
    *("Código", "Nombre", "Tipo de cliente", "Correo", "Teléfono", "País", "Provincia", "Segmento"),
    *("Tratamiento", "Dirección"),
)
_INVOICES = ("Nº factura", "Cód. cliente", "Fecha factura", "Vencimiento", "Importe total", "Moneda")
_PAYMENTS = ("Referencia", "Cód. cliente", "Fecha valor", "Importe", "Nº factura", "Moneda")


@dataclass(slots=True)
class House:
    """A creditor, everybody it sells to, and its way out. refused: verbs the books would not do. promised: id
    of a promise → what was said, amount and day; taken_back: those that somebody withdrew, and when;
    verdicts: the last row about each that the judge has seen."""

    creditor: Creditor
    everybody: list[Person]
    wire: Wire
    rng: random.Random
    agenda: Agenda = field(default_factory=Agenda)
    last_rows: list[Sequence[str]] = field(default_factory=list)
    statement_on: date | None = None
    files: int = 0
    refused: int = 0
    undone: int = 0
    promised: dict[int, tuple[int, date]] = field(default_factory=dict)
    taken_back: dict[int, date] = field(default_factory=dict)
    verdicts: dict[int, int] = field(default_factory=dict)

    def work(self, deeds: Sequence[Deed], now: datetime) -> None:
        """Write down what has happened: invoices first, then money, then all else."""
        self._issue([each for each in deeds if isinstance(each, Issue)], now)
        self._take([each for each in deeds if isinstance(each, Pay)], now)
        for each in deeds:
            if isinstance(each, Do):
                try:
                    each.what(self, now)
                except LedgerRefusal:
                    self.refused += 1

    def today(self, now: datetime) -> date:
        """The day it is in the house."""
        return now.astimezone(ZoneInfo(self.creditor.time_zone)).date()

    @contextmanager
    def books(self) -> Iterator[None]:
        """A transaction that sees this creditor alone."""
        with transaction.atomic(), scope([self.creditor.pk]):
            yield

    def book(self, verb: str, now: datetime, **said: Any) -> Any:
        """One verb of the ledger."""
        with self.books():
            return getattr(ledger, verb)(creditor_id=self.creditor.pk, actor=ACTOR, now=now, **said)

    @contextmanager
    def cursor(self) -> Iterator[Any]:
        """A cursor that sees this creditor alone."""
        with self.books(), connection.cursor() as cursor:
            yield cursor

    def ask(self, query: str, *params: Any) -> list[tuple[Any, ...]]:
        """Rows of the creditor's own."""
        with self.cursor() as cursor:
            cursor.execute(query, params)
            return list(cursor.fetchall())

    def customer_id(self, person: Person) -> int:
        """Under which id the books know the person."""
        return int(self.ask("SELECT id FROM parties_customer WHERE code = %s", person.code)[0][0])

    def open_lines(self, person: Person, number: str = "") -> list[tuple[int, int, str]]:
        """id, open minor units and currency of the person's open lines, oldest due first."""
        return self.ask(
            "SELECT b.due_line_id, b.open_minor, b.currency FROM ledger_item_balance b"
            " JOIN ledger_due_line l ON l.id = b.due_line_id JOIN ledger_document d ON d.id = l.document_id"
            " JOIN parties_customer c ON c.id = b.customer_id"
            " WHERE c.code = %s AND b.open_minor > 0 AND (%s = '' OR d.number = %s)"
            " ORDER BY l.due_date, l.id",
            person.code,
            number,
            number,
        )

    def credit_id(self, reference: str) -> int | None:
        """The credit that came in under this reference and still stands."""
        found = self.ask(
            "SELECT c.id FROM ledger_credit c JOIN ledger_credit_balance b ON b.credit_id = c.id"
            " WHERE c.reference = %s AND b.reversed_minor < b.original_minor ORDER BY c.id DESC",
            reference,
        )
        return int(found[0][0]) if found else None

    def tell(self, person: Person, now: datetime, **details: Any) -> None:
        """Change what is known of the person."""
        change_customer(creditor=self.creditor, code=person.code, details=details, actor=ACTOR, now=now)

    def promise(self, person: Person, now: datetime, new: NewPromise) -> int | None:
        """The person gives their word; the promise's id, None where it cannot be given so."""
        customer = self.customer_id(person)
        try:
            made = record_promise(creditor=self.creditor, customer_id=customer, new=new, actor=ACTOR, now=now)
        except PromiseRefused:
            self.refused += 1
            return None
        self.promised[made.pk] = (new.amount_minor, new.promised_on)
        return made.pk

    def take_back(self, promise: int, now: datetime) -> None:
        """The word no longer stands, if nothing has become of it yet."""
        with suppress(PromiseDecided):
            withdraw_promise(
                creditor=self.creditor,
                promise_id=promise,
                reason="Lo retira el cliente",
                actor=ACTOR,
                now=now,
            )
            self.taken_back[promise] = self.today(now)

    def _issue(self, issues: list[Issue], now: datetime) -> None:
        by_file = [each for each in issues if not each.is_fee and len(each.dues) == 1]
        if len(by_file) >= 3 and self.rng.random() < 0.8:
            self._import("invoices", _INVOICES, [_invoice_row(each) for each in by_file], now)
            issues = [each for each in issues if each not in by_file]
        for each in issues:
            self.book(
                "book_invoice",
                now,
                customer_id=self.customer_id(each.person),
                number=each.number,
                issued_on=each.on,
                dues=[ledger.Due(minor, day) for minor, day in each.dues],
                currency=each.currency,
                kind="fee" if each.is_fee else "invoice",
            )

    def _take(self, pays: list[Pay], now: datetime) -> None:
        by_file = [each for each in pays if each.person is not None]
        if len(by_file) >= 3 and self.rng.random() < 0.8:
            self._statement(by_file, now)
            pays = [each for each in pays if each.person is None]
        for each in pays:
            self.book(
                "record_payment",
                now,
                customer_id=self.customer_id(each.person) if each.person else None,
                amount_minor=each.minor,
                currency=each.currency,
                value_on=each.on,
                names_document=each.number,
                reference=each.reference,
            )

    def _statement(self, pays: list[Pay], now: datetime) -> None:
        """A bank's file; it may begin with the rows that the last one ended with, and be taken back later."""
        overlap = self.rng.choice([[], self.last_rows[-4:]])
        rows = [_payment_row(each) for each in pays]
        before = self._credits()
        batch = self._import("payments", _PAYMENTS, [*overlap, *rows], now)
        assert self._credits() == before + len(rows), f"{len(rows)} new rows after {len(overlap)} old ones"
        self.last_rows, self.statement_on = rows, self.today(now)
        if self.rng.random() < 0.1:
            self.agenda.add(Do(self.today(now) + timedelta(days=1), _taken_back(batch, pays)))

    def _credits(self) -> int:
        return int(self.ask("SELECT count(*) FROM ledger_credit")[0][0])

    def _import(self, kind: Any, head: Sequence[str], rows: list[Sequence[str]], now: datetime) -> int:
        """A file; now and then it is imported once more, and books nothing then. The batch's id."""
        content = _csv(head, rows)
        batch = self._commit(kind, content, now)
        if self.rng.random() < 0.2:
            before = self._counted()
            self._commit(kind, content, now)
            assert self._counted() == before, f"the same file of {kind} imported again books something"
        return batch

    def _commit(self, kind: Any, content: bytes, now: datetime) -> int:
        self.files += 1
        batch = imports.stage(
            creditor=self.creditor,
            kind=kind,
            file_name=f"{kind}-{self.files}.csv",
            content=content,
            options=ImportOptions(date_format="dd/mm/aaaa", decimal=","),
            mapping={},
            source_name=None,
            actor=ACTOR,
            now=now,
        )
        imports.commit(creditor=self.creditor, batch_id=batch.pk, actor=ACTOR, now=now)
        return batch.pk

    def _counted(self) -> list[tuple[Any, ...]]:
        return self.ask(
            "SELECT (SELECT count(*) FROM ledger_due_line), (SELECT count(*) FROM ledger_credit),"
            " (SELECT count(*) FROM ledger_allocation), (SELECT count(*) FROM ledger_reversal)"
        )


def found_house(rng: random.Random, code: str, now: datetime, *, customers: int, trouble: float) -> House:
    """A creditor in Madrid with settings of its own, the strategies of the house, and its customers."""
    creditor = create_creditor(
        name="Casa Simulada", country="ES", place="ES-MD", code=code, actor=ACTOR, now=now
    ).creditor
    _round_up_the_ids()
    house = House(creditor, people(rng, customers), Wire(rng.randrange(10**9), trouble), rng)
    with house.books():
        academy = shipped_strategies()["academia"]
        set_strategy(creditor_id=creditor.pk, toml=academy, segments=("academia",), actor=ACTOR, now=now)
    use_mailbox(creditor=creditor, actor=ACTOR, now=now)
    change_settings(creditor=creditor, actor=ACTOR, now=now, **_settings(rng))
    how = {
        "payment_instructions": "Transferencia a ES00 0000 0000.\nConcepto: la factura.",
        "phone": "910000000",
    }
    set_letterhead(creditor=creditor, actor=ACTOR, now=now, **how)
    for person in house.everybody:
        if person.habit == "bad_address":
            house.wire.bad_addresses.add(person.email)
    house._commit("customers", _csv(_CUSTOMERS, [_customer_row(each) for each in house.everybody]), now)
    return house


def _round_up_the_ids() -> None:
    """Customers get numbers of as many digits each time: a seed can be replayed where keys are ordered."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval(pg_get_serial_sequence('parties_customer', 'id'))")
        missing = -cursor.fetchone()[0] % 1_000
        cursor.execute(
            "SELECT max(nextval(pg_get_serial_sequence('parties_customer', 'id')))"
            " FROM generate_series(1, %s)",
            [missing],
        )


def _taken_back(batch: int, pays: list[Pay]) -> Callable[["House", datetime], None]:
    """The file was the wrong one: its import is undone, and most times its money is written down again."""

    def what(house: House, now: datetime) -> None:
        with suppress(UndoRefused):
            imports.undo(creditor=house.creditor, batch_id=batch, actor=ACTOR, now=now)
            house.undone += 1
            house.last_rows = []
            if house.rng.random() < 0.7:
                house.agenda.add(*(replace(each, on=house.today(now)) for each in pays))

    return what


def _settings(rng: random.Random) -> dict[str, Any]:
    settings: dict[str, Any] = {"tolerance_minor": rng.choice([0, 0, 50])}
    if rng.random() < 0.4:
        settings |= {"sends_from": time(10), "sends_until": time(18)}
    if rng.random() < 0.4:
        settings["messages_per_day_max"] = rng.choice([4, 8])
    if rng.random() < 0.3:
        settings["bank_data_days_max"] = rng.choice([5, 15])
    if rng.random() < 0.2:
        settings["sends_on_weekends"] = True
    return settings


def _csv(head: Sequence[str], rows: Sequence[Sequence[str]]) -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=";").writerows([head, *rows])
    return text.getvalue().encode()


def _customer_row(person: Person) -> Sequence[str]:
    kinds = {"business": "empresa", "consumer": "particular", "public_body": "administración"}
    known = (person.email, person.phone, person.country, person.region, person.segment, person.form)
    return (person.code, person.name, kinds[person.kind], *known, person.address)


def _invoice_row(issue: Issue) -> Sequence[str]:
    ((minor, due),) = issue.dues
    return (issue.number, issue.person.code, _day(issue.on), _day(due), _amount(minor), issue.currency)


def _payment_row(pay: Pay) -> Sequence[str]:
    code = pay.person.code if pay.person else ""
    return (pay.reference, code, _day(pay.on), _amount(pay.minor), pay.number, pay.currency)


def _day(day: date) -> str:
    return f"{day:%d/%m/%Y}"


def _amount(minor: int) -> str:
    return f"{minor // 100},{minor % 100:02}"

"""Steps of importar.feature."""

from dataclasses import dataclass, field
from typing import Any

import pytest
from pytest_bdd import given, parsers, scenarios, then, when

from aldia.operations import imports
from aldia.operations.imports import ImportOptions, ImportRefused
from aldia.queries.verify import verify
from aldia.records.tenancy.scope import scope
from tests.formats.table.tables import us_export_twin
from tests.laws.books import make_creditor
from tests.operations.imports.tables import NOW, asked, balances, staged, table

pytestmark = pytest.mark.django_db
scenarios("importar.feature")

_STATES = {"son nuevas": "new", "siguen igual": "unchanged"}


@dataclass(slots=True)
class Desk:
    """What lies on the clerk's desk: the creditor, the file, and what came of it last."""

    creditor: Any
    content: bytes = b""
    batches: list[int] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=dict)
    refusal: ImportRefused | None = None

    def look(self) -> None:
        batch = staged(self.creditor, self.content, options=ImportOptions())
        self.batches.append(batch.pk)
        self.counts = batch.counts

    def commit(self, *, partial: bool = False) -> None:
        try:
            report = imports.commit(
                creditor=self.creditor, batch_id=self.batches[-1], actor="ana", now=NOW, partial=partial
            )
        except ImportRefused as refusal:
            self.refusal = refusal
        else:
            self.counts = report.counts


@given(parsers.parse("un acreedor que factura en {currency}"), target_fixture="desk")
def _creditor(currency: str) -> Desk:
    return Desk(make_creditor(currency=currency))


@given("un archivo de facturas con fecha de cobro, mes antes que día y sin nombres")
def _export(desk: Desk) -> None:
    desk.content = us_export_twin(120)


@given("este archivo de facturas")
def _sheet(desk: Desk, datatable: list[list[str]]) -> None:
    desk.content = table(*datatable[1:], head=datatable[0])


@when("lo mira antes de importarlo")
def _look(desk: Desk) -> None:
    desk.look()


@when("lo importa")
def _import(desk: Desk) -> None:
    desk.look()
    desk.commit()


@when("importa solo las filas correctas")
def _import_rest(desk: Desk) -> None:
    desk.commit(partial=True)


@when("deshace la importación")
def _undo(desk: Desk) -> None:
    imports.undo(creditor=desk.creditor, batch_id=desk.batches[-1], actor="ana", now=NOW)


@then("no se ha registrado ninguna factura")
def _nothing(desk: Desk) -> None:
    assert balances(desk.creditor) == []


@then(parsers.re(r"el resumen dice que (?P<rows>\d+) filas (?P<state>son nuevas|siguen igual)"))
def _summary(desk: Desk, rows: str, state: str) -> None:
    assert desk.counts[_STATES[state]] == desk.counts["rows"] == int(rows)


@then(parsers.parse("hay {invoices:d} facturas y {payments:d} cobros"))
def _booked(desk: Desk, invoices: int, payments: int) -> None:
    standing = "SELECT count(*) FROM ledger_credit_balance WHERE reversed_minor < original_minor"
    assert len(balances(desk.creditor)) == invoices
    assert asked(desk.creditor, standing) == [(payments,)]


@then(parsers.parse("se niega y nombra la fila {row:d} y la columna «{column}»"))
def _refused(desk: Desk, row: int, column: str) -> None:
    assert desk.refusal is not None
    found = desk.refusal.facts["findings"][0]
    assert (found["row"], found["column"]) == (row, column)
    assert desk.refusal.sentence.endswith(".")


@then("los libros cuadran")
def _sound(desk: Desk) -> None:
    with scope([desk.creditor.pk]):
        assert verify(desk.creditor.pk) == []

"""A raw table becomes typed rows: what each cell means, and which rows may be used."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import polars as pl

from aldia.formats.table.cells import RowMarks
from aldia.formats.table.customer_rules import check_customers
from aldia.formats.table.fields import FIELDS, Field, Shape, TableKind
from aldia.formats.table.findings import FindingLog, Findings
from aldia.formats.table.invoice_rules import check_invoices
from aldia.formats.table.payment_rules import check_payments
from aldia.formats.table.raw import RawTable
from aldia.formats.table.triage import Triage
from aldia.formats.table.typed import InterpretOptions, Source, read_values
from aldia.kernel.money import minor_units

_DTYPES: dict[Shape, pl.DataType] = {
    Shape.MONEY: pl.Int64(),
    Shape.RATE: pl.Decimal(12, 4),
    Shape.DATE: pl.Date(),
    Shape.BIRTH_DATE: pl.Date(),
    Shape.FLAG: pl.Boolean(),
    Shape.TAGS: pl.List(pl.String()),
}
_CHECKS = {"invoices": check_invoices, "payments": check_payments, "customers": check_customers}


@dataclass(frozen=True, slots=True, kw_only=True)
class Interpreted:
    """frame: one row per usable row of the file, every field of the kind as a column (`Field.column`) and
    `source_row`; empty while `findings.blocking` holds an error about the file as a whole.

    rows_refused: rows with errors. rows_excluded: sound rows that are not imported (a proforma, a zero).
    """

    kind: TableKind
    frame: pl.DataFrame
    findings: Findings
    rows_read: int
    rows_refused: int
    rows_excluded: int


def interpret(
    table: RawTable, kind: TableKind, mapping: Mapping[str, str], options: InterpretOptions
) -> Interpreted:
    """Read the mapped columns (field → column) as what they mean, then apply the rules of the kind.

    Findings are those of this step only. Raises TableRefused for a date format nobody understands,
    UnknownCurrency for the default currency.
    """
    minor_units(options.currency)
    log = FindingLog()
    marks = RowMarks(table.source_rows, log)
    specs = {field.name: field for field in FIELDS[kind]}
    _say_valueless(table, mapping, log)
    _say_computed(table, mapping, log)
    mapped = {name: specs[name] for name in mapping}
    values = read_values(Source(table=table, specs=mapped, mapping=mapping, options=options, marks=marks))
    frame = _frame(table, FIELDS[kind], values).filter(pl.Series(marks.usable, dtype=pl.Boolean))
    triage = Triage(specs, mapping, log)
    checked = _CHECKS[kind](frame, triage)
    refused = table.height - checked.height - triage.excluded
    return Interpreted(
        kind=kind,
        frame=checked.clear() if log.blocked else checked,
        findings=log.close(),
        rows_read=table.height + table.refused_rows,
        rows_refused=refused + table.refused_rows,
        rows_excluded=triage.excluded,
    )


def _frame(table: RawTable, specs: tuple[Field, ...], values: Mapping[str, list[Any]]) -> pl.DataFrame:
    series = [pl.Series("source_row", table.source_rows, dtype=pl.Int64)]
    for spec in specs:
        dtype = _DTYPES.get(spec.shape, pl.String())
        found = values.get(spec.name)
        series.append(
            pl.Series(spec.column, found, dtype=dtype, strict=True)
            if found is not None
            else pl.Series(spec.column, [None], dtype=dtype).new_from_index(0, table.height)
        )
    return pl.DataFrame(series)


def _say_valueless(table: RawTable, mapping: Mapping[str, str], log: FindingLog) -> None:
    for heading, rows in table.valueless.items():
        if heading in mapping.values():
            log.add(
                "warning",
                "formula_without_value",
                _valueless_sentence(rows),
                column=heading,
            )


def _valueless_sentence(rows: tuple[int, ...]) -> str:
    found = (
        f"Hay 1 fórmula sin valor o con error, en la fila {rows[0]}; cuenta como vacía. "
        if len(rows) == 1
        else f"Hay {len(rows)} fórmulas sin valor o con error, la primera en la fila {rows[0]}; "
        "cuentan como vacías. "
    )
    return found + "Abra el libro, recalcule, guárdelo y repita, o pegue solo los valores."


def _say_computed(table: RawTable, mapping: Mapping[str, str], log: FindingLog) -> None:
    for heading in table.computed:
        if heading in mapping.values():
            log.add(
                "info",
                "formula_value",
                "Lleva fórmulas; se usa el último valor calculado. "
                "Recalcule y guarde el libro antes de importarlo si ha cambiado datos.",
                column=heading,
            )

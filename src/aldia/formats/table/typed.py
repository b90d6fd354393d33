"""Mapped columns become typed values: texts, numbers in minor units, dates."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from aldia.formats.table.amounts import (
    NumberColumn,
    money_values,
    number_column,
    prove_signs,
    rate_values,
    row_currencies,
)
from aldia.formats.table.cells import RowMarks, read_cells
from aldia.formats.table.dates import YEAR_MIN, parse_format
from aldia.formats.table.days import DateColumn, date_column, date_values, prove_order
from aldia.formats.table.fields import Field, Shape
from aldia.formats.table.findings import FindingLog, shown
from aldia.formats.table.numbers import DecimalSign
from aldia.formats.table.raw import Cell, RawTable
from aldia.formats.table.synonyms import currency_in
from aldia.formats.table.texts import reader_of, tags_of

_BIRTH_YEAR_MIN = 1900
_DAYS = (Shape.DATE, Shape.BIRTH_DATE)
_NUMBERS = (Shape.MONEY, Shape.RATE)


@dataclass(frozen=True, slots=True, kw_only=True)
class InterpretOptions:
    """currency: ISO code of rows that name none. decimal, date_format: declared, else to be proved."""

    currency: str
    decimal: DecimalSign | None = None
    date_format: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """What is read, and where faulty rows are marked. specs: the mapped fields by name."""

    table: RawTable
    specs: Mapping[str, Field]
    mapping: Mapping[str, str]
    options: InterpretOptions
    marks: RowMarks

    def cells(self, field: str) -> list[Cell]:
        """The cells of a field's column."""
        return self.table.column(self.mapping[field])

    def shaped(self, *shapes: Shape) -> dict[str, Field]:
        """The mapped fields of these shapes."""
        return {name: spec for name, spec in self.specs.items() if spec.shape in shapes}


def read_values(source: Source) -> dict[str, list[Any]]:
    """Field → one value per row of the table; faulty rows are marked, their value is None."""
    others = [shape for shape in Shape if shape not in _DAYS and shape not in _NUMBERS]
    values: dict[str, list[Any]] = {
        name: _texts(source, name, spec) for name, spec in source.shaped(*others).items()
    }
    return values | _numbers(source, values.get("currency")) | _days(source)


def _texts(source: Source, name: str, spec: Field) -> list[Any]:
    heading = source.mapping[name]
    values: list[Any] = read_cells(source.cells(name), reader_of(spec), source.marks, heading)
    if spec.shape is Shape.TAGS:
        return [tags_of(value) for value in values]
    if spec.shape is Shape.FLAG:
        return [None if value is None else value == "true" for value in values]
    if spec.shape is Shape.COUNTRY:
        _say_unknown_countries(source.cells(name), heading, values, source.marks.log)
    return values


def _say_unknown_countries(cells: list[Cell], heading: str, values: list[Any], log: FindingLog) -> None:
    unknown = {shown(cell) for cell, value in zip(cells, values, strict=True) if value is None and cell != ""}
    if unknown:
        quoted = ", ".join(f"«{text}»" for text in sorted(unknown)[:5])
        verdict = "No es un país y no se guarda" if len(unknown) == 1 else "No son países y no se guardan"
        log.add(
            "info",
            "unknown_country",
            f"{verdict}: {quoted}. Use el nombre o el código de dos letras, "
            "o indique otro campo para la columna con --map.",
            column=heading,
        )


def _numbers(source: Source, written: list[str | None] | None) -> dict[str, list[Any]]:
    """Money and rates, and the currency of every row; written: the currency column, if there is one."""
    columns = {
        name: number_column(spec, source.mapping[name], source.cells(name))
        for name, spec in source.shaped(*_NUMBERS).items()
    }
    options, marks = source.options, source.marks
    money = [column for column in columns.values() if column.spec.shape is Shape.MONEY]
    if written is None:
        _refuse_other_currency(money, options.currency, marks.log)
    currencies = row_currencies(money, written, options.currency, source.table.height)
    prove_signs(list(columns.values()), options.decimal, currencies, marks)
    values: dict[str, list[Any]] = {
        name: money_values(column, currencies, marks)
        if column.spec.shape is Shape.MONEY
        else rate_values(column, marks)
        for name, column in columns.items()
    }
    return values | {"currency": currencies}


def _refuse_other_currency(money: list[NumberColumn], default: str, log: FindingLog) -> None:
    for column in money:
        named = currency_in(column.heading)
        if named not in {None, default}:
            log.add(
                "error",
                "currency_in_heading",
                f"El título dice {named} y los importes sin moneda se leen en {default}. "
                f"Añada una columna «Moneda» con {named}.",
                column=column.heading,
            )


def _days(source: Source) -> dict[str, list[Any]]:
    columns = {
        name: date_column(
            source.mapping[name],
            source.cells(name),
            year_min=YEAR_MIN if spec.shape is Shape.DATE else _BIRTH_YEAR_MIN,
        )
        for name, spec in source.shaped(*_DAYS).items()
    }
    declared = parse_format(source.options.date_format) if source.options.date_format else None
    form = prove_order(list(columns.values()), partial(_witnesses, source), declared, source.marks)
    return {name: date_values(column, form, source.marks) for name, column in columns.items()}


def _witnesses(source: Source) -> list[DateColumn]:
    """The columns nobody maps: if they hold dates, they may prove the order too."""
    table, mapped = source.table, set(source.mapping.values())
    free = [name for name in table.columns if name not in mapped]
    return [date_column(name, table.column(name), year_min=YEAR_MIN) for name in free]

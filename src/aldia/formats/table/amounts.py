"""Number columns of one file:

the decimal sign of each is proved, then cells become minor units or percents.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

import polars as pl

from aldia.formats.table.cells import RowMarks, read_cells
from aldia.formats.table.fields import Field, Shape
from aldia.formats.table.findings import shown
from aldia.formats.table.numbers import (
    DecimalSign,
    Fault,
    Number,
    Proof,
    proof_of,
    split_number,
    to_minor,
    value_of,
)
from aldia.formats.table.plain_numbers import plain_examples, plain_minor, plain_series
from aldia.formats.table.raw import Cell
from aldia.kernel.money import minor_units

_RATE_EXPONENT = 4
_RATE_MAX = Decimal(1000)
# Currencies written with «$».
_DOLLARS = frozenset(
    (
        "USD",
        "MXN",
        "COP",
        "CLP",
        "ARS",
        "UYU",
        "DOP",
        "CUP",
        "NIO",
        "CAD",
        "AUD",
        "BOB",
        "BRL",
        "HKD",
        "SGD",
        "NZD",
    )
)


@dataclass(slots=True)
class NumberColumn:
    """A column of numbers before its decimal sign is known.

    plain: the cells when all are plain numbers (see plain_numbers.py); parts: else each distinct cell, split.
    whole: every amount is in a currency without decimals. undecided: nothing proves the sign, or two proofs
    disagree; the file is blocked then and no row is told about it again.
    """

    spec: Field
    heading: str
    cells: Sequence[Cell]
    plain: pl.Series | None
    parts: dict[Cell, Decimal | Number | Fault | None] = field(default_factory=dict)
    sign: DecimalSign = "."
    whole: bool = False
    undecided: bool = False

    def split(self) -> dict[Cell, Decimal | Number | Fault | None]:
        """Each distinct cell in its parts."""
        if not self.parts:
            percent = self.spec.shape is Shape.RATE
            self.parts = {cell: _part(cell, percent=percent) for cell in dict.fromkeys(self.cells)}
        return self.parts

    def examples(self) -> dict[Proof, Cell]:
        """The first cell of each proof about the decimal sign."""
        if self.plain is not None:
            return dict(plain_examples(self.plain, whole=self.whole))
        found: dict[Proof, Cell] = {}
        for cell, part in self.split().items():
            proof = proof_of(part.body, whole=self.whole) if isinstance(part, Number) else None
            if proof is not None:
                found.setdefault(proof, cell)
        return found

    def markers(self) -> dict[Cell, str]:
        """The currency written beside each number that has one."""
        if self.plain is not None:
            return {}
        parts = self.split().items()
        return {cell: part.marker for cell, part in parts if isinstance(part, Number) and part.marker}

    def value(self, cell: Cell) -> Decimal | Fault | None:
        """The exact number in a cell, None when empty or when it hangs on an undecided sign."""
        part = self.split()[cell]
        if not isinstance(part, Number):
            return part
        if self.undecided and proof_of(part.body) is not None:
            return None
        return value_of(part, self.sign, str(cell))


def number_column(spec: Field, heading: str, cells: Sequence[Cell]) -> NumberColumn:
    """A column ready to prove its decimal sign."""
    return NumberColumn(spec, heading, cells, plain_series(cells))


def _part(cell: Cell, *, percent: bool) -> Decimal | Number | Fault | None:
    if cell == "":
        return None
    if isinstance(cell, Decimal):
        return cell
    if isinstance(cell, str):
        return split_number(cell.strip("% ") if percent else cell)
    return Fault(
        "number_is_date", f"La celda contiene la fecha {cell:%d/%m/%Y} y debe ser un número. Corríjala."
    )


def prove_signs(
    columns: Sequence[NumberColumn],
    declared: DecimalSign | None,
    currencies: Sequence[str],
    marks: RowMarks,
) -> None:
    """Give each column its decimal sign:

    declared, proved by itself, or proved alike by the file's other columns. currencies: of each row.
    """
    for column in columns:
        column.whole = column.spec.shape is Shape.MONEY and _all_whole(column.cells, currencies, marks)
    examples = {column.heading: column.examples() for column in columns}
    for column in columns:
        own = examples[column.heading]
        others = {
            proof for heading, found in examples.items() if heading != column.heading for proof in found
        } & {Proof.COMMA, Proof.POINT}
        sign = declared or _sign(column, own, others, marks)
        column.sign, column.undecided = sign or ".", sign is None


def _all_whole(cells: Sequence[Cell], currencies: Sequence[str], marks: RowMarks) -> bool:
    rows = zip(cells, currencies, marks.usable, strict=True)
    used = {currency for cell, currency, usable in rows if usable and cell != ""}
    return all(minor_units(currency) == 0 for currency in used)


def _sign(
    column: NumberColumn, own: Mapping[Proof, Cell], others: set[Proof], marks: RowMarks
) -> DecimalSign | None:
    if Proof.COMMA in own and Proof.POINT in own:
        comma, point = ((own[proof], _row(column, own[proof], marks)) for proof in (Proof.COMMA, Proof.POINT))
        marks.log.add(
            "error",
            "decimal_conflict",
            f"«{shown(comma[0])}» (fila {comma[1]}) y «{shown(point[0])}» (fila {point[1]}) no usan el mismo "
            "signo decimal. Unifique la columna o indique --decimal , o --decimal .",
            column=column.heading,
        )
        return None
    proved = {Proof.COMMA, Proof.POINT} & own.keys() or (others if len(others) == 1 else set())
    if not proved and Proof.AMBIGUOUS in own:
        example = own[Proof.AMBIGUOUS]
        marks.log.add(
            "error",
            "decimal_ambiguous",
            f"No se puede saber si «{shown(example)}» (fila {_row(column, example, marks)}) lleva "
            "decimales o miles. "
            "Indique --decimal , o --decimal .",
            column=column.heading,
        )
        return None
    return "," if Proof.COMMA in proved else "."


def _row(column: NumberColumn, cell: Cell, marks: RowMarks) -> int:
    return marks.row_of(column.cells.index(cell))


def row_currencies(
    columns: Sequence[NumberColumn], written: Sequence[str | None] | None, default: str, height: int
) -> list[str]:
    """The currency of each row: its own column, else the code beside an amount, else the default."""
    currencies = list(written) if written is not None else [None] * height
    for column in columns:
        codes = {cell: code for cell, code in column.markers().items() if code != "$"}
        if codes:
            pairs = zip(currencies, column.cells, strict=True)
            currencies = [have or codes.get(cell) for have, cell in pairs]
    return [currency or default for currency in currencies]


def money_values(column: NumberColumn, currencies: Sequence[str], marks: RowMarks) -> list[int | None]:
    """Minor units per row, None where empty or faulty."""
    kinds = set(currencies)
    if len(kinds) == 1:
        (currency,) = kinds
        if column.plain is not None and not column.undecided:
            quick = plain_minor(column.plain, column.sign, minor_units(currency))
            if quick is not None:
                return quick
        return read_cells(column.cells, lambda cell: _minor(column, cell, currency), marks, column.heading)
    pairs = list(zip(column.cells, currencies, strict=True))
    return read_cells(pairs, lambda pair: _minor(column, *pair), marks, column.heading)


def _minor(column: NumberColumn, cell: Cell, currency: str) -> int | Fault | None:
    part, value = column.split()[cell], column.value(cell)
    if isinstance(value, Fault):
        return value
    marker = part.marker if isinstance(part, Number) else None
    if marker == "$" and currency not in _DOLLARS:
        return Fault(
            "currency_unclear",
            f"«{shown(cell)}» lleva «$» y la fila está en {currency}. Indique la moneda con un código, "
            "como USD o MXN.",
        )
    if marker not in {None, "$", currency}:
        return Fault(
            "currency_mismatch",
            f"«{shown(cell)}» está en {marker} y la fila en {currency}. Corrija una de las dos.",
        )
    return None if value is None else to_minor(value, minor_units(currency), cell)


def rate_values(column: NumberColumn, marks: RowMarks) -> list[Decimal | None]:
    """Percents with at most 4 decimals; a column of fractions (0,21) is not guessed to be percents."""
    values = {cell: column.value(cell) for cell in column.split()}
    numbers = {cell: value for cell, value in values.items() if isinstance(value, Decimal) and value}
    bare = not any(isinstance(cell, str) and "%" in cell for cell in column.split())
    if bare and numbers and all(abs(number) < 1 for number in numbers.values()):
        marks.log.add(
            "warning",
            "rate_unclear",
            f"No se sabe si «{shown(next(iter(numbers)))}» es un tanto por ciento o por uno; "
            "la columna no se usa. Escriba los porcentajes con el signo %.",
            column=column.heading,
        )
        return [None] * len(column.cells)
    return read_cells(column.cells, lambda cell: _percent(column, cell), marks, column.heading)


def _percent(column: NumberColumn, cell: Cell) -> Decimal | Fault | None:
    value = column.value(cell)
    if not isinstance(value, Decimal):
        return value
    scaled = to_minor(value, _RATE_EXPONENT, cell)
    if isinstance(scaled, Fault) or not 0 <= value <= _RATE_MAX:
        return Fault("rate_bad", f"«{shown(cell)}» no es un porcentaje posible. Escríbalo como 21 o 10,15.")
    return Decimal(scaled).scaleb(-_RATE_EXPONENT)

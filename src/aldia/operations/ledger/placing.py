"""Credits onto due lines: who gets how much was decided before; here it is checked, dated and written."""

from datetime import date, datetime

import polars as pl

from aldia.kernel.money import CurrenciesDiffer
from aldia.operations.ledger.frames import ALLOCATIONS, shaped
from aldia.operations.ledger.state import (
    Movements,
    Side,
    given_back,
    lock_credits,
    lock_lines,
    movements,
)
from aldia.operations.ledger.writing import write_rows
from aldia.operations.refusals import MoreThanLeft, MoreThanOpen, NotThatDay, WrongKind
from aldia.rules.allocation import GIVEN_UP, first_day_below_zero, first_day_with_room


def place(creditor_id: int, allocations: pl.DataFrame, now: datetime) -> pl.Series:
    """Write the allocations (ALLOCATIONS); their ids.

    Each counts from the later of value date and issue; where credit or line got money back on a later day,
    from the first day on which both have room (law I1 as of every day). Raises NoSuchRow, CurrenciesDiffer,
    MoreThanLeft, MoreThanOpen.
    """
    wanted = shaped(allocations, ALLOCATIONS)
    credits_ = lock_credits(creditor_id, wanted["credit_id"])
    lines = lock_lines(creditor_id, wanted["due_line_id"])
    rows = wanted.join(
        credits_.drop("original_minor", "reversed_minor"), on="credit_id", maintain_order="left"
    ).join(lines.drop("original_minor", "reversed_minor"), on="due_line_id", maintain_order="left")
    _refuse_other_currencies(rows)
    _refuse_excess(rows)
    return write_rows("ledger_allocation", creditor_id, _dated(creditor_id, rows), now)


def refuse_negative_days(creditor_id: int, side: Side, id_: int) -> None:
    """Law I1 as of every day, after a dated row was written. Raises NotThatDay."""
    day = first_day_below_zero(movements(creditor_id, side, [id_])[id_])
    if day is not None:
        raise NotThatDay(
            f"El {day:%d/%m/%Y} no quedaba tanto: use una fecha posterior.", on=day.isoformat(), id=id_
        )


def refuse_given_up(credit_id: int, kind: str) -> None:
    """What was given up came from nobody: it is taken back whole, else it would turn into money. Raises
    WrongKind."""
    if kind in GIVEN_UP:
        raise WrongKind(
            "Una baja o una quita no es dinero: no se desaplica, ni se aplica a otra partida, ni se devuelve."
            " Si ya no vale, anúlela.",
            id=credit_id,
            kind=kind,
        )


def _refuse_other_currencies(rows: pl.DataFrame) -> None:
    mixed = rows.filter(pl.col("currency") != pl.col("credit_currency"))
    for row in mixed.head(1).iter_rows(named=True):
        raise CurrenciesDiffer(
            f"El cobro está en {row['credit_currency']} y la partida en {row['currency']}: "
            "cada moneda va por separado.",
            credit_id=row["credit_id"],
            due_line_id=row["due_line_id"],
        )


def _refuse_excess(rows: pl.DataFrame) -> None:
    for key, left, refusal, sentence in (
        ("credit_id", "left_minor", MoreThanLeft, "Del cobro o abono {} queda menos de lo que se aplica."),
        ("due_line_id", "open_minor", MoreThanOpen, "En la partida {} queda menos pendiente."),
    ):
        sums = rows.group_by(key).agg(pl.col("amount_minor").sum(), pl.col(left).first()).sort(key)
        for row in sums.filter(pl.col("amount_minor") > pl.col(left)).head(1).iter_rows(named=True):
            raise refusal(
                sentence.format(row[key]), id=row[key], asked_minor=row["amount_minor"], left_minor=row[left]
            )


def _dated(creditor_id: int, rows: pl.DataFrame) -> pl.DataFrame:
    usual = rows.with_columns(effective_on=pl.max_horizontal("value_on", "issued_on"))
    moved = _moved_days(creditor_id, usual)
    names = [name for name in ("id",) if name in rows.columns]
    columns = ["credit_id", "due_line_id", "amount_minor", "currency", "customer_id", "credit_customer_id"]
    if moved:
        days = pl.Series("effective_on", [moved.get(i, d) for i, d in enumerate(usual["effective_on"])])
        usual = usual.with_columns(days)
    return usual.select(*names, *columns, "effective_on")


def _moved_days(creditor_id: int, rows: pl.DataFrame) -> dict[int, date]:
    """Row number → day, for rows whose credit or line once got money back."""
    tracks: dict[Side, Movements] = {}
    for side in ("credit", "due_line"):
        again = given_back(creditor_id, side, rows[f"{side}_id"])
        tracks[side] = dict(movements(creditor_id, side, again)) if again else {}
    if not any(tracks.values()):
        return {}
    moved: dict[int, date] = {}
    for i, row in enumerate(rows.iter_rows(named=True)):
        its = [tracks[side][row[f"{side}_id"]] for side in tracks if row[f"{side}_id"] in tracks[side]]
        if its:
            moved[i] = _day_with_room(its, row["amount_minor"], row["effective_on"])
        for track in its:
            track.append((moved[i], -row["amount_minor"]))
    return moved


def _day_with_room(tracks: list[list[tuple[date, int]]], amount_minor: int, not_before: date) -> date:
    day = not_before
    for track in tracks:
        found = first_day_with_room(track, amount_minor, day)
        assert found is not None, "what is left today is left on the last day"
        day = found
    return day

"""A portfolio of N open due lines of N/5 customers, made of nothing but a seed.

Half the lines are overdue, days late fall off with a long tail; 85 % EUR, 10 % USD, 5 % GBP; a tenth are
part-paid, one in twenty-five disputed, four of five customers have an e-mail, a third were reminded before.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import polars as pl

from aldia.kernel.text import fold, sort_key
from aldia.operations.bulk import insert_frame, next_ids
from aldia.operations.strategies import set_strategy
from aldia.records.tenancy.models import Creditor

AS_OF = date(2026, 11, 20)
LINES_PER_CUSTOMER = 5
_CHUNK = 500_000
_WORDS_EACH = 4  # of a customer: two of the name, its number, the code
_SCALE = 1 << 32

STRATEGY = """
[strategy]
name = "bench"
title = "Banco de pruebas"
currency = "EUR"
minimum = 10
spacing_days = 7
[episode]
per = "customer"
[amounts.USD]
factor = "1.10"
[amounts.GBP]
factor = "0.85"
[[step]]
id = "friendly"
title = "Recordatorio amable"
when = "days_overdue >= 3 AND dunnable >= 15"
channels = ["email", "letter"]
tone = "amable"
template = "friendly"
[[step]]
id = "second"
title = "Segundo recordatorio"
when = "days_overdue >= 15 AND dunnable >= 30"
requires = ["friendly"]
channels = ["email", "letter"]
tone = "cercano"
template = "second"
[[step]]
id = "firm"
title = "Aviso firme"
when = "days_overdue >= 30 AND dunnable >= 60 AND (late_share IS NULL OR late_share >= 0)"
requires = ["second"]
channels = ["email", "letter"]
tone = "firme"
template = "firm"
claims = true
new_deadline_days = 10
[[step]]
id = "formal"
title = "Requerimiento"
when = "days_overdue >= 60 AND dunnable >= 100"
requires = ["firm"]
channels = ["letter"]
tone = "formal"
template = "formal"
approval = true
claims = true
"""


@dataclass(frozen=True, slots=True)
class Shape:
    """How many rows of each kind the portfolio has. big: lines that are the first customer's alone."""

    lines: int
    customers: int
    big: int = 0


def shape_of(items: int) -> Shape:
    """N lines of N/5 customers, at least one."""
    return Shape(items, max(1, items // LINES_PER_CUSTOMER))


def write_portfolio(
    creditor: Creditor,
    shape: Shape,
    now: datetime,
    progress: Callable[[str, int, int], None],
    *,
    strategy: str = STRATEGY,
) -> None:
    """Fill an empty creditor with the portfolio. Inside `tenancy.scope`, one transaction."""
    set_strategy(creditor_id=creditor.pk, toml=strategy, now=now, actor="bench")
    for table, frames in (
        ("parties_customer", _customers),
        ("parties_customer_word", _words),
        ("parties_contact", _contacts),
        ("parties_contact_point", _contact_points),
        ("ledger_document", _documents),
        ("ledger_due_line", _due_lines),
        ("ledger_credit", _credits),
        ("ledger_allocation", _allocations),
        ("ledger_overlay", _disputes),
        ("cases_episode", _episodes),
        ("outreach_message", _sent),
    ):
        total = shape.customers if table.startswith(("parties", "cases", "outreach")) else shape.lines
        total *= _WORDS_EACH if table.endswith("_word") else 1
        for start in range(0, total, _CHUNK):
            ids = next_ids(table, min(_CHUNK, total - start)).to_frame()  # 1, 2, 3 … in an empty database
            insert_frame(table, creditor.pk, frames(ids, shape), order_by=["id"])
            progress(table, start + ids.height, total)


def _random(salt: int, column: str = "id") -> pl.Expr:
    """0 ≤ x < 2^32, the same for the same id and salt on every machine (a multiplicative hash)."""
    mixed = (pl.col(column).cast(pl.UInt64) + salt * 7_919) * 0x9E37_79B9_7F4A_7C15 % (1 << 63)
    folded = mixed ^ (mixed // (1 << 29))
    return (folded * 0x2545_F491_4F6C_DD1D) // (1 << 20) % _SCALE


def _share(salt: int, percent: int, column: str = "id") -> pl.Expr:
    return _random(salt, column) % 100 < percent


_TRADES = pl.Series(
    [
        "Talleres",
        "Bodegas",
        "Academia",
        "Clínica",
        "Panadería",
        "Librería",
        "Ferretería",
        "Taberna",
        "Estudio",
        "Imprenta",
        "Gestoría",
        "Farmacia",
        "Hotel",
        "Óptica",
        "Viveros",
        "Cerrajería",
        "Floristería",
        "Transportes",
    ]
)
_NAMES = pl.Series(
    [
        "García",
        "López",
        "Peña",
        "Ibáñez",
        "Núñez",
        "Márquez",
        "Ortega",
        "Vidal",
        "Serrano",
        "Castro",
        "Rubio",
        "Molina",
        "Delgado",
        "Cano",
        "Prieto",
        "Méndez",
        "Cruz",
        "Gallego",
        "Vázquez",
        "Lozano",
        "Santos",
        "Aguilar",
        "Giménez",
        "Montero",
        "Bravo",
        "Benítez",
        "Rojas",
        "Pastor",
        "Soler",
        "Ferrer",
    ]
)


def _drawn(words: pl.Series, salt: int, column: str = "id") -> pl.Expr:
    return pl.lit(words.implode()).list.get(_random(salt, column) % len(words))


def _code(column: str = "id") -> pl.Expr:
    return pl.format("C{}", pl.col(column).cast(pl.String).str.zfill(8))


def _customers(ids: pl.DataFrame, shape: Shape) -> pl.DataFrame:
    kind = _random(1) % 100
    name = pl.format("{} {} {}", _drawn(_TRADES, 17), _drawn(_NAMES, 18), "id")
    return ids.select(
        "id",
        code=_code(),
        name=name,
        folded_name=name.map_elements(fold, return_dtype=pl.String),
        sort_name=name.map_elements(sort_key, return_dtype=pl.String),
        person_kind=pl.when(kind < 60)
        .then(pl.lit("business"))
        .when(kind < 95)
        .then(pl.lit("consumer"))
        .otherwise(pl.lit("public_body")),
        country=pl.lit("ES"),
    )


def _words(ids: pl.DataFrame, shape: Shape) -> pl.DataFrame:
    """Word n of every customer, then word n + 1 of every customer."""
    place = (pl.col("id") - 1) // shape.customers
    owner = ids.with_columns(customer_id=(pl.col("id") - 1) % shape.customers + 1, place=place)
    folded = {each: fold(each) for each in [*_TRADES, *_NAMES]}
    drawn = {n: _drawn(words, salt, "customer_id") for n, words, salt in ((0, _TRADES, 17), (1, _NAMES, 18))}
    return owner.select(
        "id",
        "customer_id",
        word=pl.when(pl.col("place") == 0)
        .then(drawn[0].replace_strict(folded, default=""))
        .when(pl.col("place") == 1)
        .then(drawn[1].replace_strict(folded, default=""))
        .when(pl.col("place") == 2)
        .then(pl.col("customer_id").cast(pl.String))
        .otherwise(_code("customer_id").str.to_lowercase()),
    )


def _contacts(ids: pl.DataFrame, shape: Shape) -> pl.DataFrame:
    return ids.select("id", customer_id="id", role=pl.lit("holder"))


def _contact_points(ids: pl.DataFrame, shape: Shape) -> pl.DataFrame:
    return ids.filter(_share(2, 80)).select(
        "id",
        customer_id="id",
        contact_id="id",
        channel=pl.lit("email"),
        value=pl.format("c{}@cliente.example", "id"),
    )


def _line_facts(ids: pl.DataFrame, shape: Shape) -> pl.DataFrame:
    """id, customer_id, currency, amount_minor, issued_on, due_date of the lines."""
    late = _random(3) % 2 == 0
    # Sum of two shares of a geometric fall: mostly under 60 days, a tail to ten years for one in fifty.
    days_late = 1 + (_random(4) % 30) * (1 + _random(5) % 4)
    days_late = pl.when(_random(6) % 50 == 0).then(1 + _random(7) % 3650).otherwise(days_late)
    days = pl.when(late).then(days_late.cast(pl.Int64)).otherwise(-(_random(8) % 60).cast(pl.Int64))
    due = (pl.lit(AS_OF).cast(pl.Int32) - days).cast(pl.Int32).cast(pl.Date)
    currency = _random(9) % 100
    return ids.with_columns(due_date=due).select(
        "id",
        "due_date",
        customer_id=pl.when(pl.col("id") <= shape.big)
        .then(1)
        .otherwise(_random(10) % shape.customers + 1)
        .cast(pl.Int64),
        currency=pl.when(currency < 85)
        .then(pl.lit("EUR"))
        .when(currency < 95)
        .then(pl.lit("USD"))
        .otherwise(pl.lit("GBP")),
        amount_minor=(1_000 + (_random(11) % 1_000) * (_random(12) % 400)).cast(pl.Int64),
        issued_on=pl.min_horizontal(
            pl.col("due_date").dt.offset_by("-60d"), pl.lit(AS_OF - timedelta(days=1))
        ),
    )


def _documents(ids: pl.DataFrame, shape: Shape) -> pl.DataFrame:
    return _line_facts(ids, shape).select(
        "id",
        "customer_id",
        "currency",
        "issued_on",
        kind=pl.lit("invoice"),
        number=pl.format("F{}", "id"),
        effective_on="issued_on",
        total_minor="amount_minor",
    )


def _due_lines(ids: pl.DataFrame, shape: Shape) -> pl.DataFrame:
    return _line_facts(ids, shape).select(
        "id",
        "customer_id",
        "currency",
        "amount_minor",
        "issued_on",
        "due_date",
        document_id="id",
        kind=pl.lit("invoice"),
        effective_on="issued_on",
        source_key=pl.format("bench:{}", "id"),
    )


def _part_paid(ids: pl.DataFrame, shape: Shape) -> pl.DataFrame:
    paid_on = pl.min_horizontal(pl.col("issued_on").dt.offset_by("20d"), pl.lit(AS_OF))
    return (
        _line_facts(ids, shape)
        .filter(_share(13, 10))
        .with_columns(amount_minor=pl.col("amount_minor") // 3, effective_on=paid_on)
    )


def _credits(ids: pl.DataFrame, shape: Shape) -> pl.DataFrame:
    return _part_paid(ids, shape).select(
        "id", "customer_id", "currency", "amount_minor", "effective_on", kind=pl.lit("payment")
    )


def _allocations(ids: pl.DataFrame, shape: Shape) -> pl.DataFrame:
    return _part_paid(ids, shape).select(
        "id",
        "customer_id",
        "currency",
        "amount_minor",
        "effective_on",
        credit_id="id",
        due_line_id="id",
        credit_customer_id="customer_id",
    )


def _disputes(ids: pl.DataFrame, shape: Shape) -> pl.DataFrame:
    return (
        _line_facts(ids, shape)
        .filter(_share(14, 4))
        .select(
            "id",
            "customer_id",
            due_line_id="id",
            kind=pl.lit("dispute"),
            effective_on="issued_on",
            reason=pl.lit("bench"),
        )
    )


def _reminded(ids: pl.DataFrame) -> pl.DataFrame:
    return ids.filter(_share(15, 33)).with_columns(
        opened_on=pl.lit(AS_OF - timedelta(days=40)),
        sent_on=(pl.lit(AS_OF).cast(pl.Int32) - 1 - (_random(16) % 30).cast(pl.Int32)).cast(pl.Date),
    )


def _episodes(ids: pl.DataFrame, shape: Shape) -> pl.DataFrame:
    return _reminded(ids).select("id", "opened_on", customer_id="id")


def _sent(ids: pl.DataFrame, shape: Shape) -> pl.DataFrame:
    return _reminded(ids).select(
        "id",
        "sent_on",
        once_key=pl.format("episode:{}/friendly/1", "id"),
        bundle=pl.format("dunning:{}:past", "id"),
        customer_id="id",
        episode_id="id",
        kind=pl.lit("dunning"),
        step=pl.lit("friendly"),
        rank=pl.lit(1, pl.Int32),
        channel=pl.lit("email"),
        tone=pl.lit("amable"),
        template=pl.lit("friendly"),
        state=pl.lit("sent"),
        planned_on="sent_on",
    )

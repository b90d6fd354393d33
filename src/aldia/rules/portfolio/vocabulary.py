"""The contract of the product: every column of the portfolio, once.

From this table come the CSV header, the types of strategy conditions, screen filters, the API schema and the
documentation. A row of the portfolio is one customer in one currency as of a day; `DOCUMENT_VOCABULARY`
describes a due line, for the notices that go out before anything is overdue. How each figure is reckoned:
docs/rules/aging.md, interest.md.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise

import polars as pl


class Unit(StrEnum):
    """What a column's values are; decides how conditions compare it and how screens write it."""

    MINOR = "minor"  # whole minor units of the row's currency, Int64; authors write major units
    DAYS = "days"
    COUNT = "count"
    SHARE = "share"  # 0 … 1
    DATE = "date"
    TEXT = "text"
    FLAG = "flag"


DTYPES: dict[Unit, pl.DataType] = {
    Unit.MINOR: pl.Int64(),
    Unit.DAYS: pl.Int32(),
    Unit.COUNT: pl.Int32(),
    Unit.SHARE: pl.Float64(),
    Unit.DATE: pl.Date(),
    Unit.TEXT: pl.String(),
    Unit.FLAG: pl.Boolean(),
}


@dataclass(frozen=True, slots=True)
class Column:
    """One word of the vocabulary.

    null_means: what an absent value says; "" when the column is never NULL. label: Spanish, for screens.
    formula: English, one line. since: the version of Al Día that first had it. statistic: days with decimals
    (means and deviations), Float64.
    """

    name: str
    unit: Unit
    label: str
    formula: str
    null_means: str = ""
    since: str = "0.1"
    statistic: bool = False

    @property
    def dtype(self) -> pl.DataType:
        """The Polars type the engine returns for this column."""
        return pl.Float64() if self.statistic else DTYPES[self.unit]

    @property
    def word(self) -> str:
        """The name authors use in conditions: money columns lose `_minor`, for they write major units."""
        return self.name.removesuffix("_minor") if self.unit is Unit.MINOR else self.name


DEFAULT_AGING_EDGES = (0, 30, 60, 90, 180, 360)


def aging_columns(edges: Iterable[int] = DEFAULT_AGING_EDGES) -> list[Column]:
    """The ageing buckets for these edges (strictly ascending, first 0), not due first, in column order."""
    edges = tuple(edges)
    if edges[:1] != (0,) or any(a >= b for a, b in pairwise(edges)):
        raise ValueError("aging edges start with 0 and ascend")
    money = Unit.MINOR
    buckets = [Column("aging_not_due_minor", money, "no vencido", "open of lines with days <= 0")]
    for low, high in pairwise(edges):
        span = f"{low + 1}_{high}"
        label = f"de {low + 1} a {high} días"
        formula = f"open of lines with {low} < days <= {high}"
        buckets.append(Column(f"aging_{span}_minor", money, label, formula))
    last = edges[-1]
    formula = f"open of lines with days > {last}"
    buckets.append(Column(f"aging_over_{last}_minor", money, f"más de {last} días", formula))
    return buckets


_IDENTITY = [
    Column("customer", Unit.TEXT, "cliente", "the creditor's own code for the customer"),
    Column("currency", Unit.TEXT, "moneda", "ISO 4217 code of every amount in the row"),
    Column("person_kind", Unit.TEXT, "tipo de persona", "consumer, business or public_body"),
    Column("segment", Unit.TEXT, "segmento", "the customer's segment, else its person kind"),
    Column("country", Unit.TEXT, "país", "ISO 3166 code of the customer"),
    Column("language", Unit.TEXT, "idioma", "ISO 639 code messages are written in"),
    Column("strategy", Unit.TEXT, "estrategia", "name of the strategy in force for the customer"),
]

_BALANCES = [
    Column("open_minor", Unit.MINOR, "pendiente", "sum of open over the customer's due lines"),
    Column("overdue_minor", Unit.MINOR, "vencido", "sum of open over counting lines with days > 0, gross"),
    Column("dunnable_minor", Unit.MINOR, "reclamable", "max(0, overdue - unapplied - disputed - covered)"),
    Column("unapplied_minor", Unit.MINOR, "cobrado sin aplicar", "sum of unallocated over the credits"),
    Column("disputed_minor", Unit.MINOR, "en incidencia", "disputed part of the overdue lines"),
    Column("covered_minor", Unit.MINOR, "cubierto por efectos", "covered part of the overdue lines"),
    Column("items_open", Unit.COUNT, "partidas abiertas", "lines with open > 0"),
    Column("items_overdue", Unit.COUNT, "partidas vencidas", "counting lines with days > 0"),
    Column("days_overdue", Unit.DAYS, "días de retraso", "days of the oldest counting line, 0 when none"),
    Column("days_on_hold", Unit.DAYS, "días en pausa", "of days_overdue, those on hold", since="0.2"),
    Column("oldest_due_date", Unit.DATE, "vencimiento más antiguo", "earliest due", "nothing open"),
    Column("next_due_date", Unit.DATE, "próximo vencimiento", "earliest due from D on", "nothing to come"),
]

_CLAIMS = [
    Column("interest_minor", Unit.MINOR, "intereses de demora", "late interest as of D, beside the balance"),
    Column(
        "compensation_minor",
        Unit.MINOR,
        "compensación por cobro",
        "40 EUR per overdue invoice, not consumers",
    ),
]

_BEHAVIOUR = [
    Column("items_settled", Unit.COUNT, "partidas pagadas (24 meses)", "lines settled by money in 730 days"),
    Column(
        "days_late_mean", Unit.DAYS, "retraso medio", "mean of days late", "no line settled", statistic=True
    ),
    Column(
        "days_late_median",
        Unit.DAYS,
        "retraso mediano",
        "median of days late",
        "no line settled",
        statistic=True,
    ),
    Column(
        "days_late_spread", Unit.DAYS, "dispersión", "population deviation", "no line settled", statistic=True
    ),
    Column(
        "days_late_trend",
        Unit.DAYS,
        "tendencia del retraso",
        "mean of the last three minus mean of the earlier",
        "fewer than six lines settled",
        statistic=True,
    ),
    Column(
        "late_share", Unit.SHARE, "pagadas con retraso", "share settled after the due date", "no line settled"
    ),
    Column("last_payment_on", Unit.DATE, "último cobro", "latest payment in this currency", "never paid"),
    Column(
        "debtor_kind",
        Unit.TEXT,
        "cómo paga",
        "how the customer pays: judged by a person, else inferred; unknown where nothing tells",
        since="0.5",
    ),
]

_PROMISES = [
    Column(
        "promised_minor",
        Unit.MINOR,
        "prometido",
        "what is still to come by open promises to pay",
        since="0.5",
    ),
    Column(
        "promise_until",
        Unit.DATE,
        "compromiso hasta",
        "latest last day, grace included, of the open promises whose days are not over",
        "none open",
        since="0.5",
    ),
    Column(
        "promises_kept",
        Unit.COUNT,
        "compromisos cumplidos (12 meses)",
        "promises for the last 365 days or later that were kept",
        since="0.5",
    ),
    Column(
        "promises_broken",
        Unit.COUNT,
        "compromisos incumplidos (12 meses)",
        "promises for the last 365 days or later that were broken",
        since="0.5",
    ),
]

_CONTACT = [
    Column("last_sent_on", Unit.DATE, "último aviso enviado", "latest dunning message sent", "none sent"),
    Column("messages_30d", Unit.COUNT, "avisos en 30 días", "dunning messages sent in the last 30 days"),
    Column("last_reply_kind", Unit.TEXT, "última respuesta", "kind of the latest reply", "never replied"),
    Column("last_reply_on", Unit.DATE, "fecha de la última respuesta", "day of it", "never replied"),
    Column("replies_30d", Unit.COUNT, "respuestas en 30 días", "replies in the last 30 days"),
    Column(
        "last_contact_on",
        Unit.DATE,
        "último contacto",
        "latest of last sent, last reply and last conversation",
        "no contact",
    ),
    Column(
        "last_outcome",
        Unit.TEXT,
        "resultado de la última gestión",
        "code of the latest call",
        "no call",
        "0.5",
    ),
    Column("last_outcome_on", Unit.DATE, "fecha de la última gestión", "day of it", "no call", "0.5"),
    Column(
        "last_reason",
        Unit.TEXT,
        "último motivo de impago",
        "the last reason for not paying told in 365 days",
        "none told",
        "0.5",
    ),
    Column("last_reason_on", Unit.DATE, "fecha del último motivo", "day of it", "none told", "0.5"),
    Column(
        "calls_30d",
        Unit.COUNT,
        "llamadas en 30 días",
        "calls and visits of ours in the last 30 days, whoever answered",
        since="0.5",
    ),
    Column(
        "right_party_30d",
        Unit.COUNT,
        "conversaciones en 30 días",
        "conversations with the customer in person in the last 30 days, whoever began",
        since="0.5",
    ),
    Column("last_step", Unit.TEXT, "último paso hecho", "highest step done in the open episode", "none done"),
    Column("last_rank", Unit.COUNT, "nivel alcanzado", "its rank", "none done"),
    Column(
        "episode_opened_on", Unit.DATE, "inicio del episodio", "day the episode opened", "no open episode"
    ),
]

_STANDING = [
    Column("on_hold", Unit.FLAG, "en pausa", "a hold is in force"),
    Column("insolvent", Unit.FLAG, "en concurso", "insolvency declared on or before D"),
    Column("has_email", Unit.FLAG, "tiene correo", "a usable e-mail address"),
    Column("has_phone", Unit.FLAG, "tiene teléfono", "a usable phone number"),
    Column("has_whatsapp", Unit.FLAG, "tiene WhatsApp", "a usable WhatsApp number"),
    Column("has_post", Unit.FLAG, "tiene dirección postal", "a usable postal address"),
]


def vocabulary(edges: Iterable[int] = DEFAULT_AGING_EDGES) -> list[Column]:
    """Every column of the portfolio in order, for a creditor with these ageing edges."""
    return [
        *_IDENTITY,
        *_BALANCES,
        *aging_columns(edges),
        *_CLAIMS,
        *_BEHAVIOUR,
        *_PROMISES,
        *_CONTACT,
        *_STANDING,
    ]


VOCABULARY = vocabulary()

DOCUMENT_VOCABULARY = [
    Column("customer", Unit.TEXT, "cliente", "the creditor's own code for the payer"),
    Column("currency", Unit.TEXT, "moneda", "ISO 4217 code"),
    Column("person_kind", Unit.TEXT, "tipo de persona", "consumer, business or public_body"),
    Column("segment", Unit.TEXT, "segmento", "the customer's segment, else its person kind"),
    Column("kind", Unit.TEXT, "tipo de documento", "invoice, fee, charge_note or opening_balance"),
    Column("amount_minor", Unit.MINOR, "importe", "the due line's amount"),
    Column("open_minor", Unit.MINOR, "pendiente", "what is left of it as of D"),
    Column("days_since_issue", Unit.DAYS, "días desde la emisión", "D - issue date"),
    Column(
        "days_to_due", Unit.DAYS, "días hasta el vencimiento", "effective due date - D, negative after it"
    ),
    Column("acceptance_state", Unit.TEXT, "conformidad", "latest acceptance state", "never asked nor given"),
]


def vocabulary_hash() -> str:
    """Twelve hex digits that change whenever a word, its type or its formula does; kept with every run."""
    rows = [
        repr((c.name, c.unit.value, c.formula, c.null_means)) for c in [*VOCABULARY, *DOCUMENT_VOCABULARY]
    ]
    return hashlib.sha256("\n".join(rows).encode()).hexdigest()[:12]

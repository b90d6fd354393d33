"""What the list of customers may be filtered by, for a form of clicks: words, operators and known values."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.cache import cache

from aldia.queries import customer_list_sql as sql
from aldia.queries.asking import ask
from aldia.queries.reasons import step_titles
from aldia.queries.standing import Kept, last_kept
from aldia.queries.terms import strategies_in_force
from aldia.records.outreach.models import ReplyKind
from aldia.records.parties.models import PersonKind
from aldia.records.tenancy.models import Creditor
from aldia.rules.portfolio.clicks import operators
from aldia.rules.portfolio.kind_words import KIND_LABELS
from aldia.rules.portfolio.reasons import Reason
from aldia.rules.portfolio.standing import standing_columns
from aldia.rules.portfolio.strategy import Strategy
from aldia.rules.portfolio.vocabulary import Column, Unit
from aldia.rules.portfolio.words import REASON_WORDS

_KEPT_SECONDS = 24 * 3600

OPERATOR_LABELS: Mapping[str, str] = {
    ">=": "al menos",
    "<=": "como mucho",
    ">": "más de",
    "<": "menos de",
    "=": "exactamente",
    "in": "es",
    "not_in": "no es",
    "yes": "sí",
    "no": "no",
    "unknown": "sin dato",
    "known": "con dato",
}
_DATE_LABELS = {">=": "desde el", "<=": "hasta el", ">": "después del", "<": "antes del", "=": "el"}


@dataclass(frozen=True, slots=True)
class FilterField:
    """One word. operators: (op, Spanish label). choices: (value, label) of texts that are known; empty where
    any text may be written. absent: what it means that there is none (English), "" where there always is."""

    word: str
    label: str
    unit: Unit
    operators: tuple[tuple[str, str], ...]
    choices: tuple[tuple[str, str], ...]
    absent: str


def list_columns(creditor: Creditor) -> list[Column]:
    """The words the creditor's list may be filtered by today."""
    kept = last_kept(creditor)
    return standing_columns(kept.edges if kept else creditor.aging_edges)


def filter_fields(creditor: Creditor) -> tuple[FilterField, ...]:
    """Every word in order. Raises NoStrategy. In a transaction and the creditor's scope."""
    _columns, fields = columns_and_fields(creditor)
    return fields


def columns_and_fields(creditor: Creditor) -> tuple[list[Column], tuple[FilterField, ...]]:
    """`list_columns` and `filter_fields` at once: the last run is looked up once."""
    kept = last_kept(creditor)
    choices = _choices(creditor, kept)
    columns = standing_columns(kept.edges if kept else creditor.aging_edges)
    return columns, tuple(_field(column, choices.get(column.name, ())) for column in columns)


def operator_label(unit: Unit, op: str) -> str:
    """The operator in Spanish; of dates with other words."""
    return _DATE_LABELS.get(op, OPERATOR_LABELS[op]) if unit is Unit.DATE else OPERATOR_LABELS[op]


def _field(column: Column, choices: Sequence[tuple[str, str]]) -> FilterField:
    return FilterField(
        word=column.word,
        label=column.label,
        unit=column.unit,
        operators=tuple((op, operator_label(column.unit, op)) for op in operators(column)),
        choices=tuple(choices),
        absent=column.null_means,
    )


def _choices(creditor: Creditor, kept: Kept | None) -> dict[str, list[tuple[str, str]]]:
    """Column → the values it may have."""
    strategies = strategies_in_force(creditor).strategies
    steps = sorted(step_titles(strategies).items(), key=lambda step: step[1])
    outcomes = [*steps, *((reason.value, REASON_WORDS[reason].label) for reason in Reason)]
    return {
        **(_occurring(creditor.pk, kept, strategies) if kept else {}),
        "person_kind": [(value, str(label)) for value, label in PersonKind.choices],
        "last_reply_kind": [(value, str(label)) for value, label in ReplyKind.choices],
        "debtor_kind": [(str(kind), label) for kind, label in KIND_LABELS.items()],
        "last_step": steps,
        "outcome": outcomes,
    }


def _occurring(
    creditor_id: int, kept: Kept, strategies: Mapping[str, Strategy]
) -> dict[str, list[tuple[str, str]]]:
    """What occurs among the kept rows: asked once per run."""
    key = f"aldia:choices:{creditor_id}:{kept.run_id}:{kept.recorded_at.timestamp()}"
    rows: list[dict[str, Any]] | None = cache.get(key)
    if rows is None:
        rows = ask(sql.CHOICES, creditor=creditor_id)
        cache.set(key, rows, _KEPT_SECONDS)
    kinds = {str(value): str(label) for value, label in PersonKind.choices}
    titles = {name: strategy.title for name, strategy in strategies.items()}

    def found(column: str, labels: Mapping[str, str]) -> list[tuple[str, str]]:
        values = sorted({row[column] for row in rows if row[column]})
        return [(value, labels.get(value, value)) for value in values]

    return {
        "currency": [(currency, currency) for currency in kept.currencies],
        "segment": found("segment", kinds),
        "country": found("country", {}),
        "language": found("language", {}),
        "strategy": found("strategy", titles),
    }

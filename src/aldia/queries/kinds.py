"""How one customer pays, with what that rests on and what people have said of it."""

from dataclasses import dataclass
from datetime import date, datetime

import polars as pl

from aldia.queries.asking import ask
from aldia.queries.people import names_of_actors
from aldia.queries.portfolio import Chosen, freeze
from aldia.queries.reasons import Reading
from aldia.queries.snapshot import own_view
from aldia.queries.terms import terms_of
from aldia.records.tenancy.models import Creditor
from aldia.rules.portfolio.behaviour import settled_lines
from aldia.rules.portfolio.kind_words import evidence_sentences, kind_label, treatment_of
from aldia.rules.portfolio.kinds import debtor_kinds
from aldia.rules.portfolio.lines import lines_as_of
from aldia.rules.portfolio.promises import promise_standings

HISTORY_MAX = 50

_JUDGED = """
SELECT kind, inferred, note, on_date, actor, recorded_at FROM cases_kind_judgement
WHERE creditor_id = %(creditor)s AND customer_id = %(customer)s AND on_date <= %(on)s
ORDER BY id DESC LIMIT %(most)s
"""


@dataclass(frozen=True, slots=True)
class Judged:
    """What a person said. kind: "" where it was given back. who: a name, else the actor. inferred: what the
    rule said at that moment, "" for nothing."""

    kind: str
    label: str
    inferred: str
    note: str
    on: date
    who: str
    recorded_at: datetime


@dataclass(frozen=True, slots=True)
class KindSeen:
    """kind: the one in force; inferred: what the rule says, because: the rule. label, inferred_label,
    evidence, treatment: Spanish. judged: the judgement in force, None where the rule stands alone."""

    kind: str
    label: str
    inferred: str
    inferred_label: str
    because: str
    evidence: tuple[str, ...]
    treatment: str
    judged: Judged | None

    @property
    def judged_by(self) -> str:
        """Who said so, "" for nobody."""
        return self.judged.who if self.judged else ""

    @property
    def judged_on(self) -> date | None:
        """When."""
        return self.judged.on if self.judged else None


def kind_of(creditor: Creditor, customer_id: int, on: date) -> KindSeen:
    """How the customer pays, as of the day. In a transaction and the creditor's scope; also sees what that
    transaction wrote."""
    frames, terms = freeze(own_view(creditor.pk), on, Chosen(ids=(customer_id,))), terms_of(creditor, on)
    lines = lines_as_of(frames, terms)
    settled, promises = settled_lines(lines, frames, terms), promise_standings(frames, terms)
    return _seen(creditor, debtor_kinds(lines, settled, promises, frames, terms), on)


def kind_in(creditor: Creditor, reading: Reading) -> KindSeen:
    """The same of a portfolio of one that is read already."""
    return _seen(creditor, reading.decided.ground.kinds, reading.terms.as_of)


def judgements_of(
    creditor: Creditor, customer_id: int, on: date, most: int = HISTORY_MAX
) -> tuple[Judged, ...]:
    """What people have said of the customer up to the day, latest first."""
    rows = ask(_JUDGED, creditor=creditor.pk, customer=customer_id, on=on, most=most)
    names = names_of_actors([row["actor"] for row in rows])
    return tuple(
        Judged(
            kind=row["kind"],
            label=kind_label(row["kind"]) if row["kind"] else "",
            inferred=row["inferred"],
            note=row["note"],
            on=row["on_date"],
            who=names.get(row["actor"], row["actor"]),
            recorded_at=row["recorded_at"],
        )
        for row in rows
    )


def _seen(creditor: Creditor, kinds: pl.DataFrame, on: date) -> KindSeen:
    row = kinds.row(0, named=True)
    judged = judgements_of(creditor, row["customer_id"], on, 1) if row["judged_kind"] else ()
    return KindSeen(
        kind=row["debtor_kind"],
        label=kind_label(row["debtor_kind"]),
        inferred=row["inferred_kind"],
        inferred_label=kind_label(row["inferred_kind"]),
        because=row["because"],
        evidence=evidence_sentences(row),
        treatment=treatment_of(row["debtor_kind"]),
        judged=judged[0] if judged else None,
    )

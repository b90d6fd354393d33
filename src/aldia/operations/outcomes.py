"""The catalogue of outcomes as a creditor has it: called otherwise, ordered, hidden, added to."""

from datetime import datetime

from django.db import transaction

from aldia.kernel.errors import AldiaError
from aldia.operations.audit import record_event
from aldia.queries.calls import outcomes_of
from aldia.records.cases.models import Call, OutcomeCode
from aldia.records.tenancy.models import Creditor
from aldia.records.tenancy.scope import scope
from aldia.rules.outcomes import (
    LABEL_MAX,
    POSITION_MAX,
    Effect,
    Outcome,
    OwnOutcome,
    code_for,
    left_without,
    shipped_outcome,
)

OUTCOMES_MAX = 60
"""So many in all: a form is read by people."""


class OutcomeRefused(AldiaError):
    """The catalogue cannot be so. facts: field."""

    code = "outcome_refused"


def set_outcome(*, creditor: Creditor, outcome: OwnOutcome, actor: str, now: datetime) -> Outcome:
    """Change an outcome, or add one of the creditor's own; as it is from now on. Raises OutcomeRefused.

    outcome.code: "" for a new one, which gets a code from its label. The effect of one of the house is the
    house's, whatever is said.
    """
    with transaction.atomic(), scope([creditor.pk]):
        _lock(creditor)
        known = {each.code: each for each in outcomes_of(creditor, hidden=True)}
        code = outcome.code or code_for(outcome.label, known)
        if outcome.code and code not in known:
            raise OutcomeRefused("No hay ningún resultado así en el catálogo.", field="code")
        label = _label(outcome.label, code, known)
        house = shipped_outcome(code)
        OutcomeCode.objects.update_or_create(
            creditor=creditor,
            code=code,
            defaults={
                "label": label,
                "effect": house.effect.value if house else _effect(outcome.effect).value,
                "position": _position(outcome.position),
                "active": outcome.active,
            },
            create_defaults={
                "label": label,
                "effect": house.effect.value if house else _effect(outcome.effect).value,
                "position": _position(outcome.position),
                "active": outcome.active,
                "recorded_at": now,
            },
        )
        made = _complete(creditor)[code]
        _tell(creditor, "outcome.set", code, actor, now)
    return made


def drop_outcome(*, creditor: Creditor, code: str, actor: str, now: datetime) -> None:
    """Give one of the house back to the house, or take away one of the creditor's own that no call bears.

    Raises OutcomeRefused.
    """
    with transaction.atomic(), scope([creditor.pk]):
        _lock(creditor)
        if shipped_outcome(code) is None and Call.objects.filter(creditor=creditor, outcome=code).exists():
            raise OutcomeRefused("Ya hay llamadas con ese resultado: quítelo del formulario.", field="active")
        dropped, _by_table = OutcomeCode.objects.filter(creditor=creditor, code=code).delete()
        if not dropped:
            return
        _complete(creditor)
        _tell(creditor, "outcome.dropped", code, actor, now)


def _lock(creditor: Creditor) -> None:
    """One at a time, so that two do not hide the last outcome together."""
    Creditor.objects.select_for_update(no_key=True).get(pk=creditor.pk)


def _complete(creditor: Creditor) -> dict[str, Outcome]:
    """The catalogue; whoever answers, there is an outcome to say so. Raises OutcomeRefused."""
    catalogue = outcomes_of(creditor, hidden=True)
    missing = left_without(catalogue)
    if missing:
        raise OutcomeRefused(
            f"No quedaría ningún resultado para cuando contesta {missing[0]}: deje al menos uno.",
            field="active",
        )
    if len(catalogue) > OUTCOMES_MAX:
        raise OutcomeRefused(f"Caben {OUTCOMES_MAX} resultados: quite antes alguno.", field="label")
    return {each.code: each for each in catalogue}


def _label(text: str, code: str, known: dict[str, Outcome]) -> str:
    label = " ".join(text.replace("\0", " ").split())
    if not label or len(label) > LABEL_MAX:
        raise OutcomeRefused(f"El nombre lleva entre 1 y {LABEL_MAX} caracteres.", field="label")
    others = (each for each in known.values() if each.code != code and each.active)
    if any(each.label.casefold() == label.casefold() for each in others):
        raise OutcomeRefused("Ya hay un resultado que se llama así.", field="label")
    return label


def _effect(text: str) -> Effect:
    if text not in Effect.__members__.values():
        raise OutcomeRefused("Diga qué sigue de este resultado.", field="effect")
    return Effect(text)


def _position(place: int) -> int:
    if not 0 <= place <= POSITION_MAX:
        raise OutcomeRefused(f"El lugar es un número entre 0 y {POSITION_MAX}.", field="position")
    return place


def _tell(creditor: Creditor, verb: str, code: str, actor: str, now: datetime) -> None:
    record_event(
        creditor_id=creditor.pk, verb=verb, subject=f"outcome:{code}", actor=actor, payload={}, at=now
    )

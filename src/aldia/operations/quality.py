"""An act of a collector is looked at by somebody else: facts, respect, next step."""

from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction

from aldia.kernel.errors import AldiaError
from aldia.operations.audit import record_event
from aldia.queries.quality import act_of
from aldia.records.outreach.models import QualityReview
from aldia.records.tenancy.models import Creditor, Membership
from aldia.records.tenancy.scope import scope
from aldia.rules.quality import CALL, MARKS, MESSAGE
from aldia.rules.rights import Right, may

NOTE_LENGTH_MAX = 2_000


class ReviewRefused(AldiaError):
    """The act cannot be marked so, or not by this person. facts: field."""

    code = "review_refused"


class UnknownAct(AldiaError):
    """No collector's act bears the id. facts: kind, id."""

    code = "unknown_act"


@dataclass(frozen=True, slots=True)
class Marks:
    """Each 1 missing, 2 to improve or 3 good."""

    facts: int
    respect: int
    next_step: int
    note: str = ""


def review_act(
    *, creditor: Creditor, kind: str, act_id: int, marks: Marks, reviewer_id: int, actor: str, now: datetime
) -> QualityReview:
    """Mark a call or a message, once and for good. kind: call or message. reviewer_id: a membership.

    Raises UnknownAct, ReviewRefused (a mark that is none, the reviewer's own act, one that was marked before,
    a reviewer who may not look at others' work any more).
    """
    if kind not in (CALL, MESSAGE):
        raise UnknownAct("No hay ningún acto así.", kind=kind, id=act_id)
    note = marks.note.replace("\0", "").strip()
    for field in ("facts", "respect", "next_step"):
        if getattr(marks, field) not in MARKS:
            raise ReviewRefused("Puntúe de 1 a 3: falta, mejorable, bien.", field=field)
    if len(note) > NOTE_LENGTH_MAX:
        raise ReviewRefused(f"La nota pasa de {NOTE_LENGTH_MAX} caracteres: acórtela.", field="note")
    with transaction.atomic(), scope([creditor.pk]):
        reviewer = Membership.objects.select_for_update().filter(creditor=creditor, pk=reviewer_id).first()
        if reviewer is None or reviewer.ended_at is not None or not may(reviewer.role, Right.TEAM):
            raise ReviewRefused("Ya no puede revisar el trabajo de otras personas.", field="reviewer")
        act = act_of(creditor, kind, act_id)
        if act is None:
            raise UnknownAct("No hay ningún acto así, o nadie figura como su autor.", kind=kind, id=act_id)
        if act.member_id == reviewer.pk:
            raise ReviewRefused("Lo suyo lo revisa otra persona.", field="reviewer")
        if act.marked is not None:
            raise ReviewRefused(f"{act.marked.by} ya lo revisó: no se ha cambiado nada.", field="act")
        made = _kept(
            QualityReview(
                creditor=creditor,
                customer_id=act.customer_id,
                call_id=act_id if kind == CALL else None,
                message_id=act_id if kind == MESSAGE else None,
                member_id=act.member_id,
                reviewer=reviewer,
                facts=marks.facts,
                respect=marks.respect,
                next_step=marks.next_step,
                note=note,
                at=now,
            )
        )
        record_event(
            creditor_id=creditor.pk,
            verb="quality.reviewed",
            subject=f"{kind}:{act_id}",
            actor=actor,
            payload={
                "member": act.member_id,
                "facts": marks.facts,
                "respect": marks.respect,
                "next_step": marks.next_step,
            },
            at=now,
        )
    return made


def _kept(review: QualityReview) -> QualityReview:
    """The row, unless somebody was first in this very moment. Raises ReviewRefused."""
    try:
        with transaction.atomic():
            review.save(force_insert=True)
    except IntegrityError as error:
        raise ReviewRefused(
            "Otra persona lo ha revisado mientras tanto: no se ha cambiado nada.", field="act"
        ) from error
    return review

"""What a person says of how a customer pays: it stands before what the rule infers, until given back."""

from datetime import datetime

from django.db import transaction

from aldia.kernel.clock import business_date
from aldia.kernel.errors import AldiaError
from aldia.operations.audit import record_event
from aldia.operations.customers import locked_customer
from aldia.queries.kinds import kind_of
from aldia.records.cases.models import DebtorKind, KindJudgement
from aldia.records.tenancy.models import Creditor
from aldia.records.tenancy.scope import scope
from aldia.rules.portfolio.kinds import Kind

NOTE_LENGTH_MAX = 2_000


class KindRefused(AldiaError):
    """What was said of how a customer pays cannot be so. facts: field."""

    code = "kind_refused"


def judge_kind(
    *, creditor: Creditor, customer_id: int, kind: str, note: str, actor: str, now: datetime
) -> KindJudgement:
    """From today the customer counts as of this kind; "" gives it back to what is inferred.

    kind: a DebtorKind. A note says why where it is another than the inferred one. The same said again, in the
    same words, changes nothing. Raises UnknownCustomer, KindRefused.
    """
    note = _fit(kind, note)
    today = business_date(now, creditor.time_zone)
    with transaction.atomic(), scope([creditor.pk]):
        locked_customer(creditor, customer_id)
        latest = KindJudgement.objects.filter(customer_id=customer_id).order_by("-pk").first()
        if latest is not None and (latest.kind, latest.note) == (kind, note):
            return latest
        if not kind and (latest is None or not latest.kind):
            raise KindRefused("No hay nada que devolver: ya vale lo que se deduce.", field="kind")
        inferred = kind_of(creditor, customer_id, today).inferred
        if kind and kind != inferred and not note:
            raise KindRefused(
                "Diga en la nota por qué paga de otra manera de lo que se deduce.", field="note"
            )
        made = KindJudgement.objects.create(
            creditor=creditor,
            customer_id=customer_id,
            kind=kind,
            inferred="" if inferred == Kind.UNKNOWN else inferred,
            note=note,
            on_date=today,
            actor=actor,
            recorded_at=now,
        )
        record_event(
            creditor_id=creditor.pk,
            verb="customer.kind_judged" if kind else "customer.kind_released",
            subject=f"kind:{made.pk}",
            actor=actor,
            payload={"customer": customer_id, "kind": kind, "inferred": made.inferred},
            at=now,
        )
    return made


def _fit(kind: str, note: str) -> str:
    if kind and kind not in DebtorKind.values:
        known = ", ".join(DebtorKind.values)
        raise KindRefused(f"La forma de pagar «{kind}» no existe: elija entre {known}.", field="kind")
    note = note.strip()
    if len(note) > NOTE_LENGTH_MAX:
        raise KindRefused(f"La nota pasa de {NOTE_LENGTH_MAX} caracteres: acórtela.", field="note")
    if "\0" in note:
        raise KindRefused("La nota lleva un carácter que no se puede guardar.", field="note")
    return note

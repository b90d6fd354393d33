"""Who has a case open: one person at a time, over by itself after some minutes. No audit entry: nothing is
changed by looking; only taking it from a colleague is told."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection, transaction

from aldia.operations.audit import record_event
from aldia.operations.cases.errors import CaseIsTaken, MayNotWork, NoSuchCase
from aldia.operations.cases.workers import must_work
from aldia.queries.asking import ask
from aldia.queries.case_locks import holder_of
from aldia.records.tenancy.models import Creditor, Membership
from aldia.records.tenancy.scope import scope
from aldia.rules.cases import LOCK_MINUTES
from aldia.rules.rights import Right, may

# Whoever comes first gets the row, by the constraint `case_lock_is_one_per_case`; who comes second waits for
# the first to end and finds nothing to insert.
_TAKE = """
INSERT INTO cases_case_lock (creditor_id, case_id, customer_id, member_id, until_at)
SELECT creditor_id, id, customer_id, %(member)s, %(until)s FROM cases_case
WHERE creditor_id = %(creditor)s AND id = %(case)s
ON CONFLICT DO NOTHING RETURNING until_at
"""
_KEEP = """
UPDATE cases_case_lock SET member_id = %(member)s, until_at = %(until)s
WHERE creditor_id = %(creditor)s AND case_id = %(case)s AND (member_id = %(member)s OR until_at <= %(now)s)
RETURNING until_at
"""
_WHO = """
SELECT u.name, l.until_at FROM cases_case_lock l
JOIN tenancy_membership m ON m.creditor_id = l.creditor_id AND m.id = l.member_id
JOIN tenancy_user u ON u.id = m.user_id
WHERE l.creditor_id = %(creditor)s AND l.case_id = %(case)s
"""


@dataclass(frozen=True, slots=True)
class Taken:
    """Whose the case is now. by_name: of the colleague who has it open, "" where it is ours."""

    by_me: bool
    by_name: str
    until_at: datetime


def take_case(*, creditor: Creditor, case_id: int, member: Membership, now: datetime) -> Taken:
    """Have the case open for some minutes, or learn who has. Taking it again keeps it up.

    Raises NoSuchCase, MayNotWork.
    """
    values = {
        "creditor": creditor.pk,
        "case": case_id,
        "member": member.pk,
        "now": now,
        "until": now + timedelta(minutes=LOCK_MINUTES),
    }
    with transaction.atomic(), scope([creditor.pk]):
        must_work(creditor, f"user:{member.user_id}")
        mine = ask(_TAKE, **values) or ask(_KEEP, **values)
        if mine:
            return Taken(True, "", mine[0]["until_at"])
        held = ask(_WHO, creditor=creditor.pk, case=case_id)
        if not held:
            raise NoSuchCase("Este expediente no existe: vuelva a la cola.", case=case_id)
        return Taken(False, held[0]["name"], held[0]["until_at"])


def leave_case(*, creditor: Creditor, case_id: int, member: Membership, now: datetime) -> None:
    """Let others have it; nothing where it is not ours."""
    with transaction.atomic(), scope([creditor.pk]), connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM cases_case_lock WHERE creditor_id = %s AND case_id = %s AND member_id = %s",
            [creditor.pk, case_id, member.pk],
        )


def take_over(*, creditor: Creditor, case_id: int, member: Membership, actor: str, now: datetime) -> Taken:
    """Have the case open though a colleague has: for whoever leads. Raises MayNotWork, NoSuchCase."""
    if not may(member.role, Right.TEAM):
        raise MayNotWork(
            "Tomar el expediente de otra persona es cosa de quien dirige el equipo.", actor=actor
        )
    with transaction.atomic(), scope([creditor.pk]):
        taken = take_case(creditor=creditor, case_id=case_id, member=member, now=now)
        if taken.by_me:
            return taken
        until = now + timedelta(minutes=LOCK_MINUTES)
        with connection.cursor() as cursor:
            cursor.execute(
                "UPDATE cases_case_lock SET member_id = %s, until_at = %s"
                " WHERE creditor_id = %s AND case_id = %s",
                [member.pk, until, creditor.pk, case_id],
            )
        record_event(
            creditor_id=creditor.pk,
            verb="case.taken_over",
            subject=f"case:{case_id}",
            actor=actor,
            payload={},
            at=now,
        )
    return Taken(True, "", until)


def must_not_be_taken(*, creditor: Creditor, case_id: int, member: Membership, now: datetime) -> None:
    """Raises CaseIsTaken while a colleague has the case open. In a transaction and scope."""
    held = holder_of(creditor, case_id, but=member.pk, now=now)
    if held is not None:
        raise CaseIsTaken(
            f"{held.name} tiene abierto este expediente: no se ha guardado lo suyo, para no trabajarlo a la"
            " vez.",
            case=case_id,
            by=held.name,
        )

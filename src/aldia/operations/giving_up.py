"""What somebody gives up for the creditor, within what they may: write-offs. docs/rules/ledger.md §5."""

from datetime import date, datetime

from django.db import transaction

from aldia.kernel.errors import AldiaError
from aldia.kernel.money import Money
from aldia.operations.ledger import Applied, write_off
from aldia.operations.ledger.state import lock_lines
from aldia.queries.given_up import given_up_by
from aldia.records.tenancy.models import Membership
from aldia.records.tenancy.scope import scope
from aldia.rules.rights import within_authority


class BeyondAuthority(AldiaError):
    """More than the person may give up of one line. facts: amount_minor, earlier_minor, limit_minor."""

    code = "beyond_authority"


def write_off_as(
    *,
    member: Membership,
    due_line_id: int,
    amount_minor: int | None,
    on: date,
    actor: str,
    now: datetime,
    reason: str,
) -> Applied:
    """Write a due line off, all of it or an amount. Raises BeyondAuthority, MoreThanOpen, NoSuchRow."""
    creditor = member.creditor
    with transaction.atomic(), scope([creditor.pk]):
        line = lock_lines(creditor.pk, [due_line_id]).row(0, named=True)  # one write-off of it at a time
        asked = line["open_minor"] if amount_minor is None else amount_minor
        earlier = given_up_by(creditor.pk, due_line_id, actor)
        _refuse_beyond_authority(member, asked, earlier, line["currency"])
        return write_off(
            creditor_id=creditor.pk,
            due_line_id=due_line_id,
            on=on,
            actor=actor,
            now=now,
            amount_minor=amount_minor,
            reason=reason,
        )


def _refuse_beyond_authority(member: Membership, asked: int, earlier: int, currency: str) -> None:
    own = member.creditor.currency
    if within_authority(asked + earlier, member.write_off_max_minor, same_currency=currency == own):
        return
    limit = Money(member.write_off_max_minor or 0, own).text()
    raise BeyondAuthority(
        f"Usted puede dar de baja hasta {limit} de una misma partida, contando lo que ya dio de baja de ella:"
        " pídalo a quien pueda más.",
        amount_minor=asked,
        earlier_minor=earlier,
        limit_minor=member.write_off_max_minor,
    )

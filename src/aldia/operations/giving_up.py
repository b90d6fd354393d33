"""What somebody gives up for the creditor, within what they may: write-offs."""

from datetime import date, datetime

from django.db import transaction

from aldia.kernel.errors import AldiaError
from aldia.kernel.money import Money
from aldia.operations.ledger import Applied, write_off
from aldia.operations.refusals import NoSuchRow
from aldia.records.ledger.models import ItemBalance
from aldia.records.tenancy.models import Membership
from aldia.records.tenancy.scope import scope
from aldia.rules.rights import within_authority


class BeyondAuthority(AldiaError):
    """More than the person may give up at once. facts: amount_minor, limit_minor."""

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
        balance = ItemBalance.objects.filter(creditor=creditor, due_line_id=due_line_id).first()
        if balance is None:
            raise NoSuchRow("Esa partida no existe.", id=due_line_id)
        asked = balance.open_minor if amount_minor is None else amount_minor
        same = balance.currency == creditor.currency
        if not within_authority(asked, member.write_off_max_minor, same_currency=same):
            limit = Money(member.write_off_max_minor or 0, creditor.currency).text()
            raise BeyondAuthority(
                f"Usted puede dar de baja hasta {limit} de una vez: pídalo a quien pueda más.",
                amount_minor=asked,
                limit_minor=member.write_off_max_minor,
            )
        return write_off(
            creditor_id=creditor.pk,
            due_line_id=due_line_id,
            on=on,
            actor=actor,
            now=now,
            amount_minor=amount_minor,
            reason=reason,
        )

"""One message opened: what it says at this moment, to whom, why, what happened last, what hinders it."""

from dataclasses import dataclass
from datetime import date, datetime

from django.utils.translation import gettext as _

from aldia.kernel.money import Money
from aldia.queries.approvals import WaitingUnit
from aldia.queries.channels import SHORT, price_on
from aldia.queries.decisions import told_decisions
from aldia.queries.gate import judging_of, looks_by
from aldia.queries.happenings import Happening, last_happenings
from aldia.queries.inbox import unread_of
from aldia.queries.outbox import sendable
from aldia.queries.rendering import Rendered, written_by
from aldia.queries.texts import own_texts, text_for, use_for
from aldia.records.outreach.models import Draft, InboundMessage, ReplyKind
from aldia.records.parties.models import Customer
from aldia.records.tenancy.models import Creditor
from aldia.rules.gate import Refused, refusal_sentence
from aldia.rules.texts.cost import Cost, cost_of
from aldia.rules.texts.render import Text
from aldia.ui.other_language import said


@dataclass(frozen=True, slots=True)
class Card:
    """hindrance: why it would not leave now, in words, "" for nothing. later: it would leave at that moment.
    amounts: (overdue, dunnable) per currency. happened: (words, when). source: the text with its
    placeholders. draft: a person's own. unread: answers nobody has looked at. cost: of a short message, None
    where there is nothing to say."""

    unit: WaitingUnit
    message: Rendered | None
    hindrance: str
    later: datetime | None
    amounts: tuple[tuple[Money, Money], ...]
    days_overdue: int
    sentence: str
    happened: tuple[tuple[str, date], ...]
    draft: Draft | None
    unread: tuple[InboundMessage, ...]
    source: Text
    cost: Cost | None = None
    for_life: bool = False


def card_of(creditor: Creditor, unit: WaitingUnit, *, now: datetime) -> Card:
    """The unit with this moment's amounts. Inside a request's transaction and scope."""
    judging = judging_of(creditor, {unit.key: unit.message_ids}, now=now)
    reading = judging.moment.reading
    rows = list(reading.decided.rows.iter_rows(named=True))
    told = told_decisions(reading, {unit.customer_id: unit.name}, None)
    filled = written_by(judging).get(unit.key)
    refused = filled if isinstance(filled, Refused) else _beside_approval(looks_by(judging).get(unit.key))
    draft = Draft.objects.filter(creditor=creditor, key=unit.key).first()
    return Card(
        unit=unit,
        message=filled if isinstance(filled, Rendered) else None,
        hindrance=refusal_sentence(refused) if refused else _no_way_yet(creditor, unit),
        later=refused.retry_at if refused else None,
        amounts=tuple(
            (Money(row["overdue_minor"], row["currency"]), Money(row["dunnable_minor"], row["currency"]))
            for row in rows
            if row["open_minor"]
        ),
        days_overdue=max((row["days_overdue"] or 0 for row in rows), default=0),
        sentence=told[0].sentence if told else "",
        happened=tuple((_words(each), each.on) for each in last_happenings(creditor, unit.customer_id)),
        draft=draft,
        unread=tuple(unread_of(creditor.pk, unit.customer_id)),
        source=Text(draft.subject, draft.body) if draft else _text(creditor, unit),
        cost=_cost(creditor, unit, filled) if isinstance(filled, Rendered) else None,
        for_life=bool(judging.moment.customers[unit.customer_id]["for_life"]),
    )


def _cost(creditor: Creditor, unit: WaitingUnit, message: Rendered) -> Cost | None:
    if unit.channel not in SHORT:
        return None
    return cost_of(unit.channel, message.text, price_on(creditor, unit.channel))


def _text(creditor: Creditor, unit: WaitingUnit) -> Text:
    """The words it leaves in unless a person changes them, with their placeholders."""
    form, language = Customer.objects.values_list("form_of_address", "language").get(pk=unit.customer_id)
    use = use_for(unit.template, unit.channel, form=form, language=language)
    found = text_for(own_texts(creditor), use)
    return found.text if found else Text("", "")


def _beside_approval(look: object) -> Refused | None:
    """What would hinder it once it has been approved."""
    if isinstance(look, Refused) and look.rule not in ("not_approved", "brake_held"):
        return look
    return None


def _no_way_yet(creditor: Creditor, unit: WaitingUnit) -> str:
    if unit.channel in sendable(creditor):
        return ""
    return _("Todavía no hay salida para este canal: aprobado, esperará a que la haya.")


def _words(each: Happening) -> str:
    if each.what == "sent":
        return _("Se le envió «%(subject)s»") % {"subject": each.said}
    if each.what == "reply":
        return _("Contestó: %(kind)s") % {"kind": said(ReplyKind(each.said).label).lower()}
    return _("Pagó")

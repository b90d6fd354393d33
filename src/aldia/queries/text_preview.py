"""A text read with a real customer before it is used."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from aldia.queries.claimed import addressees
from aldia.queries.moment import Moment, Row, moment_of
from aldia.queries.recipients import recipient_on, recipients_of
from aldia.queries.speeches import Told, ToldLine, speech_of, told_documents, told_of_customer
from aldia.queries.texts import TextUse, own_texts, text_for
from aldia.records.tenancy.models import Creditor
from aldia.rules.portfolio.strategy.values import DocumentStep, Step
from aldia.rules.texts.errors import NoText
from aldia.rules.texts.render import Filled, Text, fill
from aldia.rules.texts.speech import Said, Speech
from aldia.rules.texts.uses import is_step_text


@dataclass(frozen=True, slots=True)
class Preview:
    """A text as the customer would get it now. is_sample: nothing of theirs is open, so the line is invented.
    recipient: "" where they have no address on the channel."""

    recipient: str
    use: TextUse
    filled: Filled
    is_sample: bool


def preview(
    creditor: Creditor,
    *,
    customer_id: int,
    template: str,
    now: datetime,
    channel: str = "email",
    text: Text | None = None,
) -> Preview:
    """The template's text in force for the customer, or the one given, with this moment's amounts.

    Raises NoText, NoStrategy. In a transaction and the creditor's scope, outside savepoints.
    """
    customer = addressees(creditor, {customer_id})[customer_id]
    use = TextUse(template, channel, customer.form)
    found = text or _in_force(creditor, use)
    recipients = recipients_of(creditor, [customer_id])
    recipient = recipient_on(recipients, customer_id, channel, minor=customer.minor)
    moment = moment_of(creditor, [customer_id], now=now)
    step = _step(moment, customer_id, template)
    told = _told(moment, customer_id, template, step)
    speech = speech_of(
        creditor,
        customer,
        recipient,
        told,
        told_documents(creditor, [told]),
        tone=step.tone if step else "",
        channel=channel,
        today=moment.today,
    )
    is_sample = not told.lines
    filled = fill(found, _with_sample(speech) if is_sample else speech)
    return Preview(recipient.address if recipient else "", use, filled, is_sample)


def _in_force(creditor: Creditor, use: TextUse) -> Text:
    found = text_for(own_texts(creditor), use)
    if found is None:
        raise NoText(
            f"No hay ningún texto «{use.template}» para {use.channel}: véalos con «aldia text list».",
            template=use.template,
            channel=use.channel,
        )
    return found.text


def _step(moment: Moment, customer_id: int, template: str) -> Step | DocumentStep | None:
    """The step of the customer's own strategy that uses the template."""
    strategy = moment.reading.strategies[moment.customers[customer_id]["strategy"]]
    steps: list[Step | DocumentStep] = [*strategy.steps, *strategy.documents]
    return next((step for step in steps if step.template == template), None)


def _told(moment: Moment, customer_id: int, template: str, step: Step | DocumentStep | None) -> Told:
    """What is overdue for a step, the newest open line for a notice."""
    if not is_step_text(template):
        newest = sorted(
            (line for line in moment.lines.values() if line["open_minor"] > 0),
            key=lambda line: (line["issued_on"], line["line_id"]),
        )[-1:]
        return Told(lines=tuple(_newest(line) for line in newest))
    days = step.new_deadline_days if isinstance(step, Step) else None
    return told_of_customer(
        moment,
        customer_id,
        claims=isinstance(step, Step) and step.claims,
        deadline=moment.today + timedelta(days=days) if days else None,
    )


def _newest(line: Row) -> ToldLine:
    return ToldLine(
        line_id=line["line_id"],
        kind="delivery",
        due_date=line["effective_due_date"],
        days=line["days"],
        currency=line["currency"],
        asked_minor=line["open_minor"],
    )


def _with_sample(speech: Speech) -> Speech:
    """A line of an invoice that does not exist, so that the text can be read."""
    due = speech.today - timedelta(days=15)
    said = Said(0, "F-0000", "Factura F-0000 (de ejemplo)", due, 15, "EUR", 12_345)
    return replace(speech, lines=(said,))

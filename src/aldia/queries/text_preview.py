"""A text read with a real customer before it is used."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from aldia.queries.claimed import addressees
from aldia.queries.moment import Moment, Row, moment_of
from aldia.queries.recipients import recipient_on, recipients_of
from aldia.queries.speeches import (
    Told,
    ToldLine,
    speech_of,
    told_balance,
    told_documents,
    told_of_customer,
)
from aldia.queries.text_examples import with_balance, with_examples
from aldia.queries.texts import TextInForce, TextUse, own_texts, text_for, use_for
from aldia.records.tenancy.models import Creditor
from aldia.rules.copies import COPY
from aldia.rules.portfolio.strategy.values import DocumentStep, Step
from aldia.rules.texts.errors import NoText
from aldia.rules.texts.placeholders import Use
from aldia.rules.texts.render import Filled, Text, fill, uses_of
from aldia.rules.texts.short import SmsLength, sms_length
from aldia.rules.texts.speech import CopySaid
from aldia.rules.texts.uses import FALLBACK_LANGUAGE, KINDS, provided_by

_OVERDUE = frozenset({Use.STEPS, Use.PROMISE, Use.PLAN, Use.PAYMENT})


@dataclass(frozen=True, slots=True)
class Preview:
    """A text as the customer would get it now. invented: what it names and they do not have: examples.
    recipient: "" where they have no address on the channel. sms: how long it is, of an SMS. language: it is
    written in."""

    recipient: str
    use: TextUse
    filled: Filled
    invented: tuple[Use, ...] = ()
    sms: SmsLength | None = None
    language: str = FALLBACK_LANGUAGE

    @property
    def is_sample(self) -> bool:
        """Nothing of theirs is open, so the line is invented."""
        return Use.DEBT in self.invented


def preview(
    creditor: Creditor,
    *,
    customer_id: int,
    template: str,
    now: datetime,
    channel: str = "email",
    text: Text | None = None,
    use: TextUse | None = None,
) -> Preview:
    """The template's text in force for the customer, or the one given, with this moment's amounts.

    use: of the text given, whose form of address and language are then kept to; else the customer's are.
    Raises NoText, NoStrategy. In a transaction and the creditor's scope, outside savepoints.
    """
    customer = addressees(creditor, {customer_id})[customer_id]
    if use is not None:
        customer = replace(customer, form=use.form, language=use.language)
    wanted = use_for(template, channel, form=customer.form, language=customer.language)
    found = (
        TextInForce(wanted, text, is_own=True, language=wanted.language)
        if text
        else _in_force(creditor, wanted)
    )
    recipients = recipients_of(creditor, [customer_id])
    moment = moment_of(creditor, [customer_id], now=now)
    step = _step(moment, customer_id, template)
    tone = step.tone if step else _tone(template)
    recipient = recipient_on(recipients, customer_id, channel, minor=customer.minor, tone=tone)
    told = _told(moment, customer_id, template, step)
    speech = speech_of(
        creditor,
        customer,
        recipient,
        told,
        told_documents(creditor, [told]),
        tone=tone,
        channel=channel,
        today=moment.today,
        language=found.language,
    )
    provides = provided_by(template)
    if Use.BALANCE in provides:
        speech = with_balance(speech)
    speech, made = with_examples(speech, provides - {Use.STEPS} if step else provides)
    if template == COPY:
        told_of = tuple(CopySaid(line.label, is_attached=True) for line in speech.main)
        speech = replace(speech, copies=told_of)
    invented = tuple(use for use in made if use in uses_of(found.text))
    filled = fill(found.text, speech)
    length = sms_length(filled.text) if channel == "sms" else None
    return Preview(recipient.address if recipient else "", wanted, filled, invented, length, found.language)


def _tone(template: str) -> str:
    return KINDS[template].tone if template in KINDS else ""


def _in_force(creditor: Creditor, use: TextUse) -> TextInForce:
    found = text_for(own_texts(creditor), use)
    if found is None:
        raise NoText(
            f"No hay ningún texto «{use.template}» para {use.channel}: véalos con «aldia text list».",
            template=use.template,
            channel=use.channel,
        )
    return found


def _step(moment: Moment, customer_id: int, template: str) -> Step | DocumentStep | None:
    """The step of the customer's own strategy that uses the template."""
    strategy = moment.reading.strategies[moment.customers[customer_id]["strategy"]]
    steps: list[Step | DocumentStep] = [*strategy.steps, *strategy.documents]
    return next((step for step in steps if step.template == template), None)


def _told(moment: Moment, customer_id: int, template: str, step: Step | DocumentStep | None) -> Told:
    """What is overdue for a step, all that is open for a balance, the newest open line for a notice."""
    provides = provided_by(template)
    if Use.DEBT not in provides:
        return Told()
    if Use.BALANCE in provides:
        return told_balance(moment, customer_id)
    if not provides & _OVERDUE:
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

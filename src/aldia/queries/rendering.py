"""Messages written with this moment's amounts. docs/rules/texts.md."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from aldia.channels.mail import Attachment
from aldia.queries.accounts import Account, accounts_of
from aldia.queries.claimed import Addressee, ClaimedMessage
from aldia.queries.gate import GONE, Judging, judging_of, refusal_of_words
from aldia.queries.moment import Row
from aldia.queries.papers import letter_of, subject_of
from aldia.queries.recipients import Recipient, recipient_on
from aldia.queries.speeches import Told, ToldLine, speech_of, told_by, told_documents
from aldia.queries.texts import LANGUAGE, Own, TextUse, drafts, own_texts, text_for
from aldia.records.outreach.models import ON_PAPER
from aldia.records.tenancy.models import Creditor
from aldia.rules.gate import GateRule, Refused
from aldia.rules.texts.clean import one_line
from aldia.rules.texts.errors import TextTooLong
from aldia.rules.texts.render import Text, fill, parts_of
from aldia.rules.texts.speech import Speech, values_of

_BY_TEMPLATE = ("whatsapp",)  # providers want their own approved text and its values

NO_TEXT = Refused(GateRule.NO_TEXT, "Ajustes, textos", None)


@dataclass(frozen=True, slots=True)
class RenderedLine:
    """What a message says of one due line, in minor units; open_minor is what it asks for.

    With a claim (claim_from, claim_until) interest and compensation are demanded.
    """

    due_line_id: int
    currency: str
    open_minor: int
    days_overdue: int
    interest_minor: int
    compensation_minor: int
    claim_from: date | None
    claim_until: date | None


@dataclass(frozen=True, slots=True)
class Rendered:
    """A message ready to leave. recipient: one address, fit for its channel. attachments: files it carries.
    template: the kind of text; values: what its placeholders became."""

    recipient: str
    recipient_name: str
    subject: str
    text: str
    html: str
    language: str
    lines: tuple[RenderedLine, ...] = ()
    attachments: tuple[Attachment, ...] = ()
    template: str = ""
    values: Mapping[str, str] = field(default_factory=dict)


def rendered(
    creditor: Creditor, bundles: Mapping[str, Sequence[int]], *, now: datetime
) -> dict[str, Rendered | Refused]:
    """The words of each bundle as of now; Refused for what will never leave, or has nobody to go to.

    The hour, caps and what waits for a person are the gate's alone, so a message can be read before its time.
    Letters come with their PDF. Raises NoStrategy, PaperFailed. In a transaction and the creditor's scope,
    outside savepoints.
    """
    if not any(bundles.values()):
        return dict.fromkeys(bundles, GONE)
    return written_by(judging_of(creditor, bundles, now=now), printed=True)


def written_by(judging: Judging, *, printed: bool = False) -> dict[str, Rendered | Refused]:
    """The words of each bundle of a batch that is already being judged: two or three SELECTs more.

    printed: letters with their PDF.
    """
    creditor, bundles = judging.creditor, judging.batch.bundles
    standing = {
        key: [message for message in messages if judging.moment.step_of(message)]
        for key, messages in judging.batch.bundles.items()
    }
    told = {key: told_by(judging.moment, messages) for key, messages in standing.items()}
    room = _Room(
        judging,
        drafts(creditor, bundles),
        own_texts(creditor),
        told_documents(creditor, told.values()),
        printed,
        _accounts(judging, standing.values()) if printed else {},
    )
    return {key: _rendered(room, key, standing[key], told[key]) for key in bundles}


@dataclass(frozen=True, slots=True)
class _Room:
    """What the texts of one batch are written from."""

    judging: Judging
    drafts: Mapping[str, Text]
    own: Own
    documents: Mapping[int, Row]
    printed: bool
    accounts: Mapping[int, Account]


def _accounts(judging: Judging, standing: Iterable[Sequence[ClaimedMessage]]) -> dict[int, Account]:
    """Of those who get a reminder or a demand on paper."""
    first = [messages[0] for messages in standing if messages]
    owing = [each.customer_id for each in first if each.channel in ON_PAPER and each.kind == "dunning"]
    return accounts_of(judging.moment.reading, owing) if owing else {}


def _rendered(room: _Room, key: str, messages: Sequence[ClaimedMessage], told: Told) -> Rendered | Refused:
    judging, planned = room.judging, room.judging.batch.bundles[key]
    if not planned:
        return GONE
    first = next(iter(messages), planned[0])
    refused = refusal_of_words(judging, first)
    if refused is not None:
        return refused
    customer = judging.batch.customers[first.customer_id]
    text = room.drafts.get(key) or _text(room, first, customer)
    recipient = recipient_on(judging.recipients, customer.id, first.channel, minor=customer.minor)
    if text is None or recipient is None:
        return NO_TEXT
    speech = _speech(room, customer, recipient, told, first)
    answer = _written(text, speech, recipient, told, first.template)
    if isinstance(answer, Refused) or not room.printed or first.channel not in ON_PAPER:
        return answer
    letter = letter_of(
        judging.creditor,
        customer,
        recipient,
        speech=speech,
        told=told,
        parts=parts_of(text, speech),
        subject=subject_of(answer.subject, first.template),
        account=room.accounts.get(customer.id) if first.kind == "dunning" else None,
        now=judging.now,
    )
    return replace(answer, attachments=(*answer.attachments, letter))


def _text(room: _Room, message: ClaimedMessage, customer: Addressee) -> Text | None:
    found = text_for(room.own, TextUse(message.template, message.channel, customer.form))
    return found.text if found else None


def _speech(
    room: _Room, customer: Addressee, recipient: Recipient, told: Told, message: ClaimedMessage
) -> Speech:
    return speech_of(
        room.judging.creditor,
        customer,
        recipient,
        told,
        room.documents,
        tone=message.tone,
        channel=message.channel,
        today=room.judging.moment.today,
    )


def _written(
    text: Text, speech: Speech, recipient: Recipient, told: Told, template: str
) -> Rendered | Refused:
    try:
        filled = fill(text, speech)
    except TextTooLong:
        return NO_TEXT
    return Rendered(
        recipient=recipient.address,
        recipient_name=one_line(recipient.name or speech.customer),
        subject=filled.subject,
        text=filled.text,
        html=filled.html,
        language=LANGUAGE,
        lines=tuple(_line(line) for line in told.lines),
        template=template,
        values=values_of(speech) if speech.channel in _BY_TEMPLATE else {},
    )


def _line(line: ToldLine) -> RenderedLine:
    return RenderedLine(
        due_line_id=line.line_id,
        currency=line.currency,
        open_minor=line.asked_minor,
        days_overdue=max(0, line.days),
        interest_minor=line.interest_minor,
        compensation_minor=line.compensation_minor,
        claim_from=line.claim_from,
        claim_until=line.claim_until,
    )

"""Messages written with this moment's amounts. docs/rules/texts.md."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from aldia.channels.mail import Attachment
from aldia.queries.accounts import Account, accounts_of
from aldia.queries.channels import approved_of
from aldia.queries.claimed import Addressee, ClaimedMessage
from aldia.queries.copies import copies_on_hand, mode_of
from aldia.queries.gate import GONE, Judging, judging_of, limits_of, recipient_of, refusal_of_words
from aldia.queries.moment import Row
from aldia.queries.papers import letter_of, subject_of
from aldia.queries.recipients import Recipient
from aldia.queries.speeches import Told, ToldLine, promised_in, speech_of, told_by, told_documents
from aldia.queries.texts import Own, TextInForce, drafts, own_texts, text_for, use_for
from aldia.records.outreach.models import ON_PAPER
from aldia.records.tenancy.models import Creditor
from aldia.rules.copies import COPY, CopyFile, CopyMode, OnHand, Share, attached_name, occasion_of, shared
from aldia.rules.gate import GateRule, Refused
from aldia.rules.texts.approved import Approved, filled
from aldia.rules.texts.clean import one_line
from aldia.rules.texts.errors import TextTooLong
from aldia.rules.texts.ics import FILE_NAME, MEDIA_TYPE, due_date_calendar
from aldia.rules.texts.render import Text, fill, parts_of
from aldia.rules.texts.speech import CopySaid, Speech
from aldia.rules.texts.uses import EASY, FALLBACK_LANGUAGE
from aldia.rules.texts.values import values_of

_MIB = 1024 * 1024
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
class CarriedCopy:
    """The copy of a document that a message carries. name: as the recipient sees it."""

    name: str
    file: CopyFile


@dataclass(frozen=True, slots=True)
class Rendered:
    """A message ready to leave. recipient: one address, fit for its channel. attachments: files it carries.
    copies: those it carries as well, still without their contents (`queries/copies.contents_of`). template:
    the kind of text, "" for a person's own words; values: what its placeholders became. refusable: the law
    asks for the recipient's leave to be written to this way, so the way out goes with it."""

    recipient: str
    recipient_name: str
    subject: str
    text: str
    html: str
    language: str
    lines: tuple[RenderedLine, ...] = ()
    attachments: tuple[Attachment, ...] = ()
    copies: tuple[CarriedCopy, ...] = ()
    template: str = ""
    values: Mapping[str, str] = field(default_factory=dict)
    refusable: bool = False


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
    """The words of each bundle of a batch that is already being judged: two to four SELECTs more.

    printed: letters with their PDF.
    """
    creditor, bundles = judging.creditor, judging.batch.bundles
    standing = {
        key: [message for message in messages if judging.moment.step_of(message)]
        for key, messages in judging.batch.bundles.items()
    }
    told = {key: told_by(judging.moment, messages) for key, messages in standing.items()}
    documents = told_documents(creditor, told.values())
    room = _Room(
        judging,
        drafts(creditor, bundles),
        own_texts(creditor),
        documents,
        _copies(judging, standing, told, documents),
        approved_of(creditor) if _any_by_template(judging) else {},
        printed,
        _accounts(judging, standing.values()) if printed else {},
    )
    return {key: _rendered(room, key, standing[key], told[key]) for key in bundles}


def _any_by_template(judging: Judging) -> bool:
    bundles = judging.batch.bundles.values()
    return any(message.channel in _BY_TEMPLATE for messages in bundles for message in messages)


@dataclass(frozen=True, slots=True)
class _Room:
    """What the texts of one batch are written from. copies: by document, of those that may go with them."""

    judging: Judging
    drafts: Mapping[str, Text]
    own: Own
    documents: Mapping[int, Row]
    copies: Mapping[int, OnHand]
    approved: Mapping[str, Approved]
    printed: bool
    accounts: Mapping[int, Account]


def _accounts(judging: Judging, standing: Iterable[Sequence[ClaimedMessage]]) -> dict[int, Account]:
    """Of those who get a reminder or a demand on paper."""
    first = [messages[0] for messages in standing if messages]
    owing = [each.customer_id for each in first if each.channel in ON_PAPER and each.kind == "dunning"]
    return accounts_of(judging.moment.reading, owing) if owing else {}


def _copies(
    judging: Judging,
    standing: Mapping[str, Sequence[ClaimedMessage]],
    told: Mapping[str, Told],
    documents: Mapping[int, Row],
) -> dict[int, OnHand]:
    """Of the documents told where copies have a place; one SELECT, and none where there is no copy."""
    wanted = {
        documents[line.line_id]["copied_id"]
        for key, messages in standing.items()
        for line in told[key].lines
        if documents[line.line_id]["was_copied"]
        and _mode(judging.creditor, messages, line) is not CopyMode.NEITHER
    }
    return copies_on_hand(judging.creditor, wanted, today=judging.moment.today)


def _mode(creditor: Creditor, messages: Sequence[ClaimedMessage], line: ToldLine) -> CopyMode:
    """How the copy of the line's document goes: by the notice the line stands in. On paper not at all."""
    if messages[0].channel in ON_PAPER:
        return CopyMode.NEITHER
    own = next(message for message in messages if message.kind == line.kind)
    occasion = occasion_of(own.template)
    return mode_of(creditor, occasion) if occasion else CopyMode.NEITHER


def _rendered(room: _Room, key: str, messages: Sequence[ClaimedMessage], told: Told) -> Rendered | Refused:
    judging, planned = room.judging, room.judging.batch.bundles[key]
    if not planned:
        return GONE
    first = next(iter(messages), planned[0])
    refused = refusal_of_words(judging, first)
    if refused is not None:
        return refused
    customer = judging.batch.customers[first.customer_id]
    found, draft = _text(room, first, customer), room.drafts.get(key)
    text = draft or (found.text if found else None)
    recipient = recipient_of(judging, customer.id, first.channel, tone=first.tone)
    if text is None or recipient is None:
        return NO_TEXT
    language = found.language if found else FALLBACK_LANGUAGE
    shares = _shares(room, first, messages, told)
    if first.template == COPY and not shares:
        return NO_TEXT  # what was asked for is not there any more
    speech = _speech(room, customer, recipient, told, first, language=language)
    speech = replace(speech, copies=tuple(_copy_said(room, share, speech) for share in shares))
    written = _written(text, speech, recipient, told)
    if isinstance(written, Refused):
        return written
    written = replace(written, copies=tuple(_carried(room, shares)))
    asks_leave = limits_of(judging, customer.id).opt_in(first.channel, customer.person_kind) is not None
    written = replace(written, template=first.template, refusable=asks_leave)
    if room.printed and first.channel in ON_PAPER:
        return _on_paper(
            room, customer, recipient, first, text=text, speech=speech, told=told, written=written
        )
    if first.kind == "delivery" and first.channel == "email":
        written = replace(written, attachments=(*written.attachments, _calendar(judging, customer, speech)))
    if first.template == EASY and first.channel == "email" and speech.deadline is not None:
        noted = _calendar(judging, customer, speech, speech.deadline)
        written = replace(written, attachments=(*written.attachments, noted))
    if draft is not None:
        return written  # a person's own words, which no approved text says
    return _approved(room, written, first.channel)


def _shares(
    room: _Room, first: ClaimedMessage, messages: Sequence[ClaimedMessage], told: Told
) -> tuple[Share, ...]:
    """What the message brings of the documents it tells, in their order."""
    wanted: dict[int, CopyMode] = {}
    for line in told.lines:
        document = room.documents[line.line_id]["copied_id"]
        if document in room.copies:
            wanted.setdefault(document, _mode(room.judging.creditor, messages, line))
    return shared(
        [(mode, room.copies[document]) for document, mode in wanted.items()],
        may_attach=first.channel == "email",
        bytes_max=room.judging.creditor.copies_mb_max * _MIB,
    )


def _copy_said(room: _Room, share: Share, speech: Speech) -> CopySaid:
    """Under the name that the table gives the document."""
    of_it = (x for x in speech.lines if room.documents[x.due_line_id]["copied_id"] == share.document_id)
    return CopySaid(next(of_it).label, share.url, is_attached=bool(share.attached))


def _carried(room: _Room, shares: Sequence[Share]) -> Iterator[CarriedCopy]:
    taken = {FILE_NAME.casefold()}
    for share in shares:
        number = room.copies[share.document_id].number
        for file in share.attached:
            yield CarriedCopy(attached_name(number, file.kind, taken), file)


def _calendar(judging: Judging, customer: Addressee, speech: Speech, on: date | None = None) -> Attachment:
    """The due dates of an invoice that is handed over, for the recipient's own calendar; or the new date to
    pay by, which moves the entries there are."""
    creditor = judging.creditor
    lines = speech.main if on is None else tuple(replace(line, due_date=on) for line in speech.main)
    content = due_date_calendar(
        lines,
        creditor=creditor.name,
        creditor_key=creditor.code,
        stamped=judging.now,
        language=speech.language,
        country=customer.country or creditor.country,
    )
    return Attachment(FILE_NAME, MEDIA_TYPE, content)


def _on_paper(
    room: _Room,
    customer: Addressee,
    recipient: Recipient,
    first: ClaimedMessage,
    *,
    text: Text,
    speech: Speech,
    told: Told,
    written: Rendered,
) -> Rendered:
    """With the letter as a file."""
    letter = letter_of(
        room.judging.creditor,
        customer,
        recipient,
        speech=speech,
        told=told,
        parts=parts_of(text, speech),
        subject=subject_of(written.subject, first.template),
        account=room.accounts.get(customer.id) if first.kind == "dunning" else None,
        now=room.judging.now,
    )
    return replace(written, attachments=(*written.attachments, letter))


def _approved(room: _Room, written: Rendered, channel: str) -> Rendered:
    """In the words a provider has approved, where there are such: those are what will be read."""
    approved = room.approved.get(written.template) if channel in _BY_TEMPLATE else None
    return replace(written, text=filled(approved, written.values)) if approved else written


def _text(room: _Room, message: ClaimedMessage, customer: Addressee) -> TextInForce | None:
    use = use_for(message.template, message.channel, form=customer.form, language=customer.language)
    return text_for(room.own, use)


def _speech(
    room: _Room,
    customer: Addressee,
    recipient: Recipient,
    told: Told,
    message: ClaimedMessage,
    *,
    language: str,
) -> Speech:
    speech = speech_of(
        room.judging.creditor,
        customer,
        recipient,
        told,
        room.documents,
        tone=message.tone,
        channel=message.channel,
        today=room.judging.moment.today,
        language=language,
    )
    return replace(speech, promise=promised_in(room.judging.moment, message))


def _written(text: Text, speech: Speech, recipient: Recipient, told: Told) -> Rendered | Refused:
    try:
        words = fill(text, speech)
    except TextTooLong:
        return NO_TEXT
    if not words.text.strip():
        return NO_TEXT  # every line of it named something that is not so today
    return Rendered(
        recipient=recipient.address,
        recipient_name=one_line(recipient.name or speech.customer),
        subject=words.subject,
        text=words.text,
        html=words.html,
        language=speech.language,
        lines=tuple(_line(line) for line in told.lines if line.kind != "free"),
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

"""What a message has to say at this moment: its lines, its totals, its people."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from aldia.jurisdictions.loader import load_jurisdiction
from aldia.kernel.text import fold
from aldia.queries.asking import ask
from aldia.queries.claimed import Addressee, ClaimedMessage
from aldia.queries.copies import COPIED
from aldia.queries.moment import Moment, Row
from aldia.queries.recipients import Recipient
from aldia.queries.start import PROFILE_KEY
from aldia.records.tenancy.models import Creditor
from aldia.rules.portfolio.promise_messages import REMINDER
from aldia.rules.relation import GOODWILL
from aldia.rules.start import Sells
from aldia.rules.texts.country_words import country_word, word_of_document
from aldia.rules.texts.speech import Promised, Said, Speech
from aldia.rules.texts.tongues import amounts_locale, tongue
from aldia.rules.texts.uses import FALLBACK_LANGUAGE

# A document shared by two payers bears the beneficiary of one: the other is told their own entry for the same
# pupil, and nothing where there is none. Nor does the paper of it go to whom it was not made out to.
_DOCUMENTS = f"""
SELECT l.id, d.number, d.kind, coalesce(b.name, '') AS beneficiary, copied.id AS copied_id,
       d.customer_id = l.customer_id AND EXISTS (SELECT FROM ledger_document_copy c
               WHERE c.creditor_id = d.creditor_id AND c.document_id = copied.id) AS was_copied
FROM ledger_due_line l
JOIN ledger_document d ON d.creditor_id = l.creditor_id AND d.id = l.document_id
CROSS JOIN LATERAL (SELECT {COPIED} AS id) copied
LEFT JOIN parties_beneficiary f ON f.creditor_id = d.creditor_id AND f.id = d.beneficiary_id
LEFT JOIN parties_beneficiary b ON b.creditor_id = f.creditor_id AND b.code = f.code
     AND b.customer_id = l.customer_id
WHERE l.creditor_id = %(creditor)s AND l.id = ANY(%(ids)s)
"""

_HEADINGS = {
    "es": {
        "due_today": "Vence en estos días",
        "pre_due": "Próximo vencimiento",
        "acceptance": "Pendiente de conformidad",
        "delivery": "Emitido hace poco",
    },
    "en": {
        "due_today": "Due these days",
        "pre_due": "Due soon",
        "acceptance": "Waiting for your confirmation",
        "delivery": "Issued recently",
    },
}
_AGREED = {"es": "lo pactado", "en": "our agreement"}
_LAW = {"es": "la {}", "en": "{}"}


@dataclass(frozen=True, slots=True)
class ToldLine:
    """A due line as a message tells it; amounts in minor units. kind: of the message it stands in."""

    line_id: int
    kind: str
    due_date: date
    days: int
    currency: str
    asked_minor: int
    interest_minor: int = 0
    compensation_minor: int = 0
    claim_from: date | None = None
    claim_until: date | None = None


@dataclass(frozen=True, slots=True)
class Told:
    """lines: the most urgent kind first, then the oldest. unapplied: currency → money taken off."""

    lines: tuple[ToldLine, ...] = ()
    unapplied: Mapping[str, int] = field(default_factory=dict)
    claims: bool = False
    deadline: date | None = None


def told_by(moment: Moment, messages: Sequence[ClaimedMessage]) -> Told:
    """What the messages of a bundle that still stand say together; the highest gives the deadline. A person's
    own message tells the open lines it was written about, if any."""
    if not messages:
        return Told()
    if messages[0].kind == "free":
        return Told(lines=tuple(_lines_named(moment, messages[0])))
    if messages[0].kind == "promise":
        return Told(lines=tuple(_lines_promised(moment, messages[0])))
    if messages[0].kind == GOODWILL:
        return Told()
    first = moment.step_of(messages[0])
    assert first is not None, "only messages that stand have something to say"
    if messages[0].kind == "dunning":
        whole = any(message.due_line_id is None for message in messages)
        ids = None if whole else {message.due_line_id for message in messages}
        rows = [row for message in messages for row in _planned(moment, message)]
        return _dunning(moment, messages[0].customer_id, rows, ids, first["deadline_on"])
    return Told(lines=tuple(_notice_lines(moment, messages)))


def told_of_customer(moment: Moment, customer_id: int, *, claims: bool, deadline: date | None) -> Told:
    """What a step would say now of everything overdue, whether or not one is due."""
    overdue = [
        line for line in moment.lines.values() if line["customer_id"] == customer_id and line["overdue"]
    ]
    until = moment.today if claims else None
    rows = [
        {**line, "days_overdue": line["days"], "claim_from": None, "claim_until": until} for line in overdue
    ]
    return _dunning(moment, customer_id, rows, None, deadline)


def told_balance(moment: Moment, customer_id: int) -> Told:
    """Everything of the customer that is open, due or not, less money not yet applied."""
    opened = (line for line in moment.lines.values() if line["customer_id"] == customer_id)
    lines = [_plain_line(line, "balance") for line in opened if line["open_minor"] > 0]
    units = moment.units.get(customer_id, ())
    return Told(
        lines=tuple(sorted(lines, key=_oldest_first)),
        unapplied=_sums((unit["currency"], unit["unapplied_minor"]) for unit in units),
    )


def _planned(moment: Moment, message: ClaimedMessage) -> Sequence[Row]:
    step = moment.step_of(message)
    return moment.said.get(step["once_key"], ()) if step else ()


def _dunning(
    moment: Moment, customer_id: int, rows: Sequence[Row], ids: set[int | None] | None, deadline: date | None
) -> Told:
    """ids: the due lines of a strategy that counts per line; None where it counts per customer."""
    units = [
        unit
        for unit in moment.units.get(customer_id, ())
        if unit["dunnable_minor"] > 0 and (ids is None or unit["line_id"] in ids)
    ]
    asked = {unit["currency"] for unit in units}
    consumer = moment.customers[customer_id]["person_kind"] == "consumer"
    lines = [_line(moment.lines[row["line_id"]], row, consumer) for row in rows if row["currency"] in asked]
    if units and units[0]["line_id"] is not None:
        kept = {unit["line_id"] for unit in units}
        lines = [line for line in lines if line.line_id in kept]
    return Told(
        lines=tuple(sorted((line for line in lines if line.asked_minor > 0), key=_oldest_first)),
        unapplied=_sums((unit["currency"], unit["unapplied_minor"]) for unit in units),
        claims=any(line.claim_until for line in lines),
        deadline=deadline,
    )


def _line(standing: Row, row: Row, consumer: bool) -> ToldLine:
    """Interest and compensation only where they are demanded; never of a consumer."""
    asked = standing["open_minor"] - standing["disputed_minor"] - standing["covered_minor"]
    claimed: dict[str, Any] = {}
    if row["claim_until"] is not None and not consumer:
        names = ("interest_minor", "compensation_minor", "claim_from", "claim_until")
        claimed = {name: row[name] for name in names}
    return ToldLine(
        line_id=row["line_id"],
        kind="dunning",
        due_date=standing["effective_due_date"],
        days=standing["days"],
        currency=row["currency"],
        asked_minor=asked,
        **claimed,
    )


def _lines_named(moment: Moment, message: ClaimedMessage) -> list[ToldLine]:
    known = [moment.lines[each] for each in sorted(message.told) if each in moment.lines]
    return sorted((_plain_line(line, message.kind) for line in known), key=_oldest_first)


def _lines_promised(moment: Moment, message: ClaimedMessage) -> list[ToldLine]:
    """The lines of its promise, each with what is still to come of it."""
    parts = moment.parts.get(message.promise_id or 0, ())
    missing = {part["line_id"]: part["required_minor"] - part["paid_minor"] for part in parts}
    lines = [
        replace(_plain_line(moment.lines[line], message.kind), asked_minor=minor)
        for line, minor in missing.items()
        if minor > 0 and line in moment.lines
    ]
    return sorted(lines, key=_oldest_first)


def promised_in(moment: Moment, message: ClaimedMessage) -> Promised | None:
    """The promise a message speaks of; a reminder, of what is still missing of it."""
    promise = moment.promises.get(message.promise_id or 0)
    if promise is None:
        return None
    minor = promise["amount_minor"]
    if message.step == REMINDER and message.kind == "promise":
        minor = promise["required_minor"] - promise["paid_minor"]
    return Promised(minor, promise["currency"], promise["promised_on"])


def _plain_line(line: Row, kind: str) -> ToldLine:
    """With what is open of it, and nothing demanded."""
    return ToldLine(
        line_id=line["line_id"],
        kind=kind,
        due_date=line["effective_due_date"],
        days=line["days"],
        currency=line["currency"],
        asked_minor=line["open_minor"],
    )


def _notice_lines(moment: Moment, messages: Sequence[ClaimedMessage]) -> list[ToldLine]:
    """One line is told once, by the most urgent of its notices."""
    found: dict[int, ToldLine] = {}
    for message in messages:
        line = moment.lines[message.due_line_id or 0]
        said = _plain_line(line, message.kind)
        found.setdefault(said.line_id, said)
    kinds = list(dict.fromkeys(message.kind for message in messages))
    return sorted(found.values(), key=lambda line: (kinds.index(line.kind), *_oldest_first(line)))


def _oldest_first(line: ToldLine) -> tuple[str, date, int]:
    return (line.currency, line.due_date, line.line_id)


def _sums(amounts: Iterable[tuple[str, int]]) -> dict[str, int]:
    sums: dict[str, int] = {}
    for currency, minor in amounts:
        sums[currency] = sums.get(currency, 0) + minor
    return {currency: minor for currency, minor in sums.items() if minor}


def told_documents(creditor: Creditor, told: Iterable[Told]) -> dict[int, Row]:
    """Due line → number, kind and beneficiary of its document; copied_id: whose copy is its own, was_copied:
    whether one was ever brought. One SELECT."""
    ids = sorted({line.line_id for each in told for line in each.lines})
    return {row["id"]: row for row in ask(_DOCUMENTS, creditor=creditor.pk, ids=ids)}


def speech_of(
    creditor: Creditor,
    customer: Addressee,
    recipient: Recipient | None,
    told: Told,
    documents: Mapping[int, Row],
    *,
    tone: str,
    channel: str,
    today: date,
    language: str = FALLBACK_LANGUAGE,
) -> Speech:
    """Everything the placeholders of one message may become. language: its text is written in."""
    profile = creditor.profile
    voice = _Voice(
        creditor.country,
        language,
        is_familiar=customer.form != "usted" and customer.person_kind == "consumer",
        is_fee=customer.person_kind == "consumer" and _sells_fees(creditor),
        is_apart=len({line.kind for line in told.lines}) > 1,
    )
    return Speech(
        creditor=creditor.name,
        tax_id=creditor.tax_id,
        phone=str(profile.get("phone", "")),
        how_to_pay=str(profile.get("payment_instructions", "")),
        customer=customer.name,
        code=customer.code,
        contact=_contact(customer, recipient),
        person_kind=customer.person_kind,
        form=customer.form,
        manager=customer.manager,
        tone=tone,
        channel=channel,
        today=today,
        deadline=told.deadline,
        claims=told.claims,
        norm=_norm(creditor, customer, told, language),
        lines=tuple(_said(line, documents[line.line_id], voice) for line in told.lines),
        unapplied=told.unapplied,
        locale=amounts_locale(language, creditor.country),
        language=language,
        country=creditor.country,
        law_country=customer.country,
    )


@dataclass(frozen=True, slots=True)
class _Voice:
    """How documents are named. is_fee: the creditor lives of fees, so its invoices to persons are called so.
    is_apart: several notices stand in one message, each under its heading."""

    country: str
    language: str
    is_familiar: bool
    is_fee: bool
    is_apart: bool


def _sells_fees(creditor: Creditor) -> bool:
    answers = creditor.profile.get(PROFILE_KEY, {}).get("answers", {})
    return bool(answers.get("sells") == Sells.FEES)


def _contact(customer: Addressee, recipient: Recipient | None) -> str:
    """The person at a company; who is the customer in person is not named twice."""
    name = recipient.name if recipient else ""
    return "" if fold(name) == fold(customer.name) else name


def _said(line: ToldLine, document: Row, voice: _Voice) -> Said:
    kind = "fee" if document["kind"] == "invoice" and voice.is_fee else document["kind"]
    label = document_label(
        kind,
        document["number"],
        is_familiar=voice.is_familiar,
        country=voice.country,
        language=voice.language,
    )
    if document["beneficiary"]:
        label += f" ({document['beneficiary']})"
    return Said(
        due_line_id=line.line_id,
        number=document["number"],
        label=label,
        due_date=line.due_date,
        days=line.days,
        currency=line.currency,
        asked_minor=line.asked_minor,
        heading=_HEADINGS.get(voice.language, _HEADINGS["es"])[line.kind] if voice.is_apart else "",
        interest_minor=line.interest_minor,
        compensation_minor=line.compensation_minor,
        kind=kind,
    )


def document_label(
    kind: str,
    number: str,
    *,
    is_familiar: bool = False,
    country: str = "ES",
    language: str = FALLBACK_LANGUAGE,
) -> str:
    """«Factura F-118», in the word of the country. is_familiar: to a person addressed as tú or vos."""
    word = country_word(word_of_document(kind, familiar=is_familiar), country, language)
    return f"{word.capitalize()} {number}"


def _norm(creditor: Creditor, customer: Addressee, told: Told, language: str) -> str:
    """«la Ley 3/2004», «lo pactado y la Ley 3/2004»: what interest and compensation rest on."""
    law = load_jurisdiction(creditor.country)
    interest = any(line.interest_minor for line in told.lines)
    fixed = any(line.compensation_minor for line in told.lines)
    agreed = interest and customer.contract_rate_bp is not None
    sources = [
        law.late_interest.provenance if interest and not agreed and law.late_interest else None,
        law.compensation.provenance if fixed and law.compensation else None,
    ]
    spoken = language if language in _LAW else FALLBACK_LANGUAGE
    laws = (source.source.partition(",")[0] for source in sources if source)
    names = dict.fromkeys(_LAW[spoken].format(law) for law in laws)
    return tongue(language).joined([*([_AGREED[spoken]] if agreed else []), *names])

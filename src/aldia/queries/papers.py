"""Letters and statements of account as PDF, with everything that stands on them. docs/rules/letters.md."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from babel import Locale

from aldia.channels.mail import Attachment
from aldia.formats.paper import (
    EPC_MAX_MINOR,
    Block,
    Head,
    Paper,
    Row,
    Section,
    Slip,
    Table,
    Words,
    epc_payload,
    is_sepa_iban,
    paper_pdf,
)
from aldia.kernel.clock import business_date
from aldia.kernel.money import format_money
from aldia.kernel.text import fold
from aldia.queries.accounts import Account, account_sections, accounts_of
from aldia.queries.claimed import Addressee, addressees
from aldia.queries.customers import customer_by_code
from aldia.queries.live import live_reading
from aldia.queries.recipients import Recipient, recipient_on, recipients_of
from aldia.queries.speeches import Told
from aldia.records.tenancy.models import Creditor
from aldia.rules.postal import TAX_ID_NAMES, window_lines
from aldia.rules.texts.clean import one_line, some_lines
from aldia.rules.texts.paper import Links, Paragraph, Part
from aldia.rules.texts.paper import Table as Owed
from aldia.rules.texts.speech import Speech
from aldia.rules.texts.tongues import long_day
from aldia.rules.texts.uses import title_of

PDF = "application/pdf"
_CODE_CAPTION = "Código de pago SEPA: léalo con la aplicación de su banco."
_NUMBERS_MAX, _CONCEPT_MAX = 5, 140


@dataclass(frozen=True, slots=True)
class Statement:
    """A statement of account, printed. name: of the file."""

    name: str
    pdf: bytes
    customer_id: int
    as_of: date


def letter_of(
    creditor: Creditor,
    customer: Addressee,
    recipient: Recipient,
    *,
    speech: Speech,
    told: Told,
    parts: Sequence[Part],
    subject: str,
    account: Account | None,
    now: datetime,
) -> Attachment:
    """The message as a letter: its words, then the statement of account where there is one, and how to pay.

    Interest is opened up for the lines it is demanded of. Raises PaperFailed.
    """
    demanded = [line.line_id for line in told.lines if line.claim_until is not None]
    sections = (
        ()
        if account is None
        else account_sections(
            account, locale=speech.locale, form=speech.form, demanded=demanded, new_page=True
        )
    )
    paper = Paper(
        title=f"{subject} · {one_line(creditor.name)}",
        head=head_of(creditor),
        to=_window(creditor, customer, recipient),
        back=_back(creditor),
        window="left" if creditor.window_side == "left" else "right",
        dated=_dated(creditor, speech.today),
        keys=_keys(customer, speech.today),
        heading=subject,
        body=tuple(_block(part) for part in parts),
        sections=sections,
        slips=slips_of(
            creditor, _asked(speech), _concept(customer.code, [line.number for line in speech.main])
        ),
    )
    return Attachment("carta.pdf", PDF, paper_pdf(paper, at=now))


def statement_of(
    creditor: Creditor, customer_code: str, *, now: datetime, interest: bool = True, on: date | None = None
) -> Statement:
    """What the customer owes as of the day, on paper and without a demand.

    interest: with what has accrued, for those it can be demanded of. Raises UnknownCustomer, NoStrategy,
    PaperFailed. In a transaction and the creditor's scope, outside savepoints.
    """
    found = customer_by_code(customer_code)
    today = on or business_date(now, creditor.time_zone)
    customer = addressees(creditor, {found.pk})[found.pk]
    recipients = recipients_of(creditor, [found.pk])
    recipient = recipient_on(recipients, found.pk, "letter", minor=customer.minor)
    account = accounts_of(live_reading(creditor, (found.pk,), today), [found.pk])[found.pk]
    shown = interest and customer.person_kind != "consumer"
    locale = f"es_{creditor.country}"
    overdue = [line.number for line in account.lines if line.overdue]
    slips = slips_of(creditor, account.claimable(), _concept(customer.code, overdue))
    sections = account_sections(
        account,
        locale=locale,
        form=customer.form,
        demanded=[line.line_id for line in account.lines] if shown else [],
    )
    title = "Estado de cuenta"
    paper = Paper(
        title=f"{title} · {one_line(customer.name or customer.code)}",
        head=head_of(creditor),
        to=_window(creditor, customer, recipient),
        back=_back(creditor),
        window="left" if creditor.window_side == "left" else "right",
        dated=_dated(creditor, today),
        keys=_keys(customer, today),
        heading=title,
        body=_owner(customer.name, found.tax_id, creditor.country),
        sections=(*sections, *([] if slips else _how_to_pay(creditor))),
        slips=slips,
    )
    name = f"estado-de-cuenta-{_plain(customer.code)}-{today.isoformat()}.pdf"
    return Statement(name, paper_pdf(paper, at=now), found.pk, today)


def head_of(creditor: Creditor) -> Head:
    """Name, postal address, tax number and telephone."""
    address = " · ".join(address_of(creditor))
    tax_id = (
        f"{TAX_ID_NAMES.get(creditor.country, 'NIF')} {one_line(creditor.tax_id)}" if creditor.tax_id else ""
    )
    phone = one_line(str(creditor.profile.get("phone", "")))
    numbers = " · ".join(each for each in (tax_id, f"Teléfono {phone}" if phone else "") if each)
    return Head(one_line(creditor.name), tuple(line for line in (address, numbers) if line))


def address_of(creditor: Creditor) -> tuple[str, ...]:
    """Street, then postal code and city; nothing where none is set."""
    place = one_line(f"{creditor.postcode} {creditor.city}")
    return tuple(line for line in (one_line(creditor.street), place) if line)


def _back(creditor: Creditor) -> str:
    address = address_of(creditor)
    return " · ".join((one_line(creditor.name, 50), *address)) if address else ""


def _window(creditor: Creditor, customer: Addressee, recipient: Recipient | None) -> tuple[str, ...]:
    if recipient is None:
        return window_of(creditor, customer, "", "")
    return window_of(creditor, customer, recipient.name, recipient.address)


def window_of(creditor: Creditor, customer: Addressee, name: str, address: str) -> tuple[str, ...]:
    """What the window of the envelope shows. name: of the person written to, "" where it is the customer."""
    return window_lines(
        customer=customer.name or customer.code,
        person_kind=customer.person_kind,
        contact="" if fold(name) == fold(customer.name) else name,
        address=address,
        country=country_name(customer.country) if _is_abroad(creditor, customer) else "",
    )


def _is_abroad(creditor: Creditor, customer: Addressee) -> bool:
    return bool(customer.country) and customer.country != creditor.country


def country_name(code: str) -> str:
    """In Spanish; the code itself where nobody knows it."""
    return str(Locale("es").territories.get(code, code))


def _dated(creditor: Creditor, day: date) -> str:
    city = one_line(creditor.city)
    return f"{city}, {long_day(day)}" if city else long_day(day)


def _keys(customer: Addressee, day: date) -> tuple[tuple[str, str], ...]:
    code = one_line(customer.code, 40)
    return (("Cliente", code), ("Referencia", f"{code}/{day:%Y%m%d}"))


def _owner(name: str, tax_id: str, country: str) -> tuple[Block, ...]:
    said = [one_line(name), f"{TAX_ID_NAMES.get(country, 'NIF')} {one_line(tax_id)}" if tax_id else ""]
    shown = tuple(line for line in said if line)
    return (Words(shown, "strong"),) if shown else ()


def _how_to_pay(creditor: Creditor) -> list[Section]:
    said = some_lines(str(creditor.profile.get("payment_instructions", "")))
    return [Section("Cómo pagar", (Words(tuple(said.splitlines())),))] if said else []


def _block(part: Part) -> Block:
    if isinstance(part, Paragraph):
        return Words(tuple(part.text.splitlines()))
    if isinstance(part, Links):
        return Words(tuple(row.text for row in part.rows))
    return _owed(part)


def _owed(table: Owed) -> Table:
    label, day, delay, amount = table.head
    has_delay = any(row.delay for row in table.rows)
    heads = (label, day, *((delay,) if has_delay else ()), amount)
    rows = []
    for row in table.rows:
        if row.is_heading:
            rows.append(Row((row.label, *("" for _ in heads[1:])), "heading"))
            continue
        cells = (row.label, row.day, *((row.delay,) if has_delay else ()), row.amount)
        rows.append(Row(cells, "sum" if row.is_sum else ""))
    return Table(heads, tuple(rows), right=tuple(range(2, len(heads))))


def _asked(speech: Speech) -> dict[str, int]:
    """What the letter asks for, with interest and compensation where it demands them."""
    asked = speech.totals
    if speech.claims and speech.person_kind != "consumer":
        for line in speech.main:
            asked[line.currency] += line.interest_minor + line.compensation_minor
    return {currency: minor for currency, minor in asked.items() if minor > 0}


def _concept(code: str, numbers: Iterable[str]) -> str:
    """What the payer writes so that the payment is known: the customer and the first documents."""
    named = [one_line(number, 35) for number in numbers][:_NUMBERS_MAX]
    return one_line(" ".join([one_line(code, 35), *named]), _CONCEPT_MAX)


def slips_of(creditor: Creditor, asked: Mapping[str, int], concept: str) -> tuple[Slip, ...]:
    """How to pay by transfer, one per currency; with the square code where it is a SEPA transfer in euro."""
    if not creditor.iban:
        return ()
    locale = f"es_{creditor.country}"
    return tuple(
        Slip(
            heading="Para pagar por transferencia",
            rows=(
                ("Beneficiario", one_line(creditor.name)),
                ("Cuenta (IBAN)", grouped_iban(creditor.iban)),
                ("Importe", format_money(minor, currency, locale)),
                ("Concepto", concept),
            ),
            code=_code(creditor, currency, minor, concept),
            caption=_CODE_CAPTION,
        )
        for currency, minor in asked.items()
    )


def _code(creditor: Creditor, currency: str, minor: int, concept: str) -> str:
    if currency != "EUR" or not is_sepa_iban(creditor.iban) or not 1 <= minor <= EPC_MAX_MINOR:
        return ""
    return epc_payload(name=creditor.name, iban=creditor.iban, amount_minor=minor, text=concept)


def grouped_iban(iban: str) -> str:
    """«ES91 2100 0418 …»."""
    return " ".join(iban[at : at + 4] for at in range(0, len(iban), 4))


def _plain(code: str) -> str:
    """Fit for the name of a file."""
    return "".join(each if each.isascii() and each.isalnum() else "-" for each in code)[:40]


def subject_of(subject: str, template: str) -> str:
    """A letter without a subject of its own is called as its text is on screen."""
    return one_line(subject) or title_of(template)

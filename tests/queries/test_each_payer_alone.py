"""Groups and families: of everything that leaves, nothing is of another member, or says that there is one.

Each member has words of its own planted in every field; the words of the others are looked for in all that is
written to it, and its own are found there, lest the search be blind.
"""

import io
import random
import zipfile
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import product
from typing import Any

import pytest
from pypdf import PdfReader

from aldia.operations.copies import put_copy
from aldia.operations.evidence import export_evidence
from aldia.operations.ledger import Due, book_invoice
from aldia.operations.outbox import send_everything, use_mailbox
from aldia.operations.texts import set_letterhead
from aldia.queries.moment import moment_of
from aldia.queries.outbox import mailbox
from aldia.queries.papers import statement_of
from aldia.queries.rendering import Rendered, rendered
from aldia.queries.respect import findings_of_message
from aldia.queries.text_preview import preview
from aldia.records.ledger.models import Document
from aldia.records.outreach.models import Dispatch, DispatchAttachment, Message
from aldia.records.parties.models import (
    Beneficiary,
    Contact,
    ContactPoint,
    Customer,
    CustomerGroup,
    Salesperson,
)
from aldia.rules.respect.values import Code
from aldia.rules.texts.errors import NoText
from aldia.rules.texts.render import Text
from aldia.rules.texts.shipped import shipped_texts
from tests import factories as make
from tests.operations.letters.post import LETTERHEAD
from tests.queries.gate_house import DAY, NOW, House, house, plain, use_strategy

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]

AMOUNTS = (10_137, 21_791, 44_353, 88_707)  # no sum of some is another
WORDS = ("Zafiro", "Topacio", "Granate", "Jaspe")
SHARED = {"email": "casa@example.com", "phone": "+34600112233", "whatsapp": "+34600112233", "post": "Calle 1"}
DAYS_LATE = {"friendly": 10, "firm": 40}
_TEXTS = sorted(set(shipped_texts("usted")))


@dataclass(frozen=True)
class Member:
    """One payer. words: what is its own alone. amount: of its debt, as it is written."""

    customer: Customer
    word: str
    words: frozenset[str]
    amount: str


@dataclass(frozen=True)
class Family:
    house: House
    group: str
    members: tuple[Member, ...]

    def others(self, member: Member) -> frozenset[str]:
        """What must not be read by that member; the group's name is part of it, for it tells of them."""
        own = member.words | {member.amount}
        words = frozenset().union(*({*each.words, each.amount} for each in self.members if each != member))
        return (words | {self.group, f"{self.group}-1"}) - own

    def alone(self, member: Member, text: str) -> None:
        """Nothing of the others stands in the text."""
        flat = plain(text)
        assert {word for word in self.others(member) if word in flat} == set(), text


def _family(seed: int, *, late: int) -> Family:
    """Two to four payers: companies of a group or persons of a family, with or without one pupil, address and
    document for all of them."""
    chance = random.Random(seed)
    found = house(**LETTERHEAD)
    use_strategy(found, "academia")
    set_letterhead(
        creditor=found.creditor,
        payment_instructions="Por transferencia.",
        phone="910000000",
        actor="ana",
        now=NOW,
    )
    kind = chance.choice(["consumer", "business"])
    is_family = kind == "consumer"
    form = chance.choice(["usted", "tu"]) if is_family else "usted"
    share_address, share_pupil, share_document = (chance.random() < 0.6 for _ in range(3))
    group_name = "Clan Obsidiana"
    with found.inside():
        group = CustomerGroup.objects.create(
            creditor=found.creditor,
            code=f"{group_name}-1",
            name=group_name,
            kind="family" if is_family else "group",
        )
    members = []
    for number, word in enumerate(WORDS[: chance.randint(2, 4)], start=1):
        minor = AMOUNTS[number - 1]
        customer = found.customer(
            word.upper(),
            reached=(),
            name=f"{word} {'Paterno' if is_family else 'Comercial'}, S.L.",
            person_kind=kind,
            form_of_address=form,
            tax_id=f"TAX{word}",
            segment=f"seg{word}",
            group=group,
        )
        with found.inside() as books:
            _reach(found, customer, word, share_address)
            pupil = Beneficiary.objects.create(
                creditor=found.creditor,
                customer=customer,
                code="L-1" if share_pupil else f"L-{word}",
                name=f"Lucía {word}",
                kind="pupil",
                minor=True,
            )
            for issued, due, tail in (
                (date(2026, 9, 1), DAY - timedelta(days=late), "1"),
                (DAY, DAY + timedelta(days=20), "2"),
            ):
                books.invoice(
                    customer,
                    minor,
                    due,
                    number=f"N{word}-{tail}",
                    issued_on=min(issued, due),
                    description=f"Clases de {word}",
                    order_reference=f"OR{word}",
                    beneficiary_id=pupil.pk,
                )
        members.append(
            Member(
                customer,
                word,
                frozenset({word, word.upper(), f"TAX{word}", f"N{word}-1", f"Lucía {word}"}),
                f"{minor // 100},{minor % 100:02}",
            )
        )
    if share_document:
        _share(found, members, late)
    return Family(found, group_name, tuple(members))


def _reach(found: House, customer: Customer, word: str, shared: bool) -> None:
    contact = make.contact(customer=customer, role="holder", name=f"{word} Persona")
    Contact.objects.create(
        creditor=found.creditor, customer=customer, role="other", name=f"{word} Otra", is_recipient=False
    )
    own = {"email": f"{word.lower()}@example.com", "post": f"Calle {word} 1"}
    for channel, value in {**SHARED, **({} if shared else own)}.items():
        ContactPoint.objects.create(
            creditor=found.creditor, customer=customer, contact=contact, channel=channel, value=value
        )


def _share(found: House, members: list[Member], late: int) -> None:
    """One invoice, each pays a part; it bears the pupil of the first."""
    first = members[0].customer
    with found.inside():
        pupil = Beneficiary.objects.get(customer=first)
        due = DAY - timedelta(days=late)
        book_invoice(
            creditor_id=found.creditor.pk,
            customer_id=first.pk,
            number="COMUN-7",
            issued_on=due - timedelta(days=10),
            dues=[Due(700 + n, due, each.customer.pk) for n, each in enumerate(members)],
            currency="EUR",
            beneficiary_id=pupil.pk,
            actor="prueba",
            now=NOW,
        )


def _words_of(rendered_: Rendered) -> str:
    files = [
        _pdf(each.content) if each.content_type.startswith("application/pdf") else each.content.decode()
        for each in rendered_.attachments
    ]
    values = " ".join(rendered_.values.values())
    unfolded = " ".join(each.replace("\r\n ", "") for each in files)
    return " ".join(
        (rendered_.recipient_name, rendered_.subject, rendered_.text, rendered_.html, values, unfolded)
    )


def _pdf(content: bytes) -> str:
    reader = PdfReader(io.BytesIO(content))
    said = " ".join(" ".join(page.extract_text().split()) for page in reader.pages)
    return f"{said} {' '.join(str(each) for each in (reader.metadata or {}).values())}"


SEEDS = range(4)
_EACH_TIME = 1  # families of whom every text is read; the others at night


@pytest.mark.parametrize(
    ("seed", "late"),
    [
        pytest.param(seed, late, marks=pytest.mark.night if seed > _EACH_TIME else ())
        for seed, late in product(SEEDS, DAYS_LATE.values())
    ],
)
def test_what_leaves_by_any_channel_is_of_its_payer_alone(seed, late):
    family = _family(seed, late=late)
    family.house.run()
    seen = set()
    for channel in ("email", "sms", "whatsapp", "letter", "certified"):
        with family.house.inside():
            Message.objects.filter(state__in=["planned", "approved"]).update(channel=channel)
        bundles = family.house.bundles()
        with family.house.inside():
            written = rendered(family.house.creditor, bundles, now=NOW)
            whose = dict(Message.objects.values_list("pk", "customer_id"))
        for key, ids in bundles.items():
            answer, member = written[key], _member(family, whose[ids[0]])
            if isinstance(answer, Rendered):
                words = _words_of(answer)
                family.alone(member, words)
                assert any(own in words for own in (*member.words, member.amount)) or channel in (
                    "sms",
                    "whatsapp",
                )
                seen.add((channel, member.word))
    assert {word for channel, word in seen if channel in ("email", "letter")} == {
        each.word for each in family.members
    }


def _member(family: Family, customer_id: int) -> Member:
    return next(each for each in family.members if each.customer.pk == customer_id)


@pytest.mark.parametrize(
    "seed", [pytest.param(each, marks=pytest.mark.night if each >= _EACH_TIME else ()) for each in SEEDS]
)
def test_every_kind_of_text_in_every_channel_names_its_own_payer_alone(seed, monkeypatch):
    family = _family(seed, late=10)
    family.house.run()
    named = set()
    with family.house.inside():
        moments = {
            each.customer.pk: moment_of(family.house.creditor, [each.customer.pk], now=NOW)
            for each in family.members
        }
    read_once = "aldia.queries.text_preview.moment_of"  # the costly part, the same for every text
    monkeypatch.setattr(read_once, lambda _creditor, customer_ids, *, now: moments[customer_ids[0]])
    for member, (template, channel) in product(family.members, _TEXTS):
        with family.house.inside():
            try:
                filled = preview(
                    family.house.creditor,
                    customer_id=member.customer.pk,
                    template=template,
                    channel=channel,
                    now=NOW,
                ).filled
            except NoText:
                continue
        words = " ".join((filled.subject, filled.text, filled.html))
        family.alone(member, words)
        if any(own in words for own in member.words):
            named.add(template)
    assert len(named) > len({template for template, _channel in _TEXTS}) / 2


@pytest.mark.parametrize("seed", SEEDS)
def test_statement_and_evidence_are_of_one_customer(seed, monkeypatch):
    monkeypatch.setattr("aldia.kernel.clock.is_present", lambda moment: True)
    family = _family(seed, late=10)
    creditor = family.house.creditor
    use_mailbox(creditor=creditor, actor="ana", now=NOW)
    family.house.settings(address_messages_max=None)
    family.house.run()
    send_everything(creditor=creditor, moments=[NOW], actor="prueba")
    assert len(mailbox(creditor)) >= len(family.members)
    for member in family.members:
        with family.house.inside():
            paper = _pdf(statement_of(creditor, member.customer.code, now=NOW).pdf)
        family.alone(member, paper)
        assert f"N{member.word}-1" in paper
        pack = export_evidence(creditor=creditor, customer_code=member.customer.code, actor="ana", now=NOW)
        words = _pack(pack.content)
        family.alone(member, words)
        assert f"N{member.word}-1" in words


def _pack(content: bytes) -> str:
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        parts = [(name, packed.read(name)) for name in packed.namelist()]
    return " ".join(
        name + " " + (_pdf(each) if each.startswith(b"%PDF") else each.decode(errors="ignore"))
        for name, each in parts
    )


def test_a_document_that_two_pay_bears_each_ones_own_pupil_or_none():
    """The second payer calls the pupil otherwise; the third pays for nobody known."""
    found = house()
    names = {"PADRE": "Lucía Gómez", "MADRE": "Lucía G. Ruiz", "ABUELO": ""}
    for code in names:
        found.customer(code, person_kind="consumer")
    due = DAY - timedelta(days=10)
    with found.inside():
        for code, name in names.items():
            if name:
                Beneficiary.objects.create(
                    creditor=found.creditor,
                    customer=found.customers[code],
                    code="L-1",
                    name=name,
                    kind="pupil",
                )
        book_invoice(
            creditor_id=found.creditor.pk,
            customer_id=found.customers["PADRE"].pk,
            number="F-1",
            issued_on=due,
            dues=[Due(60_000, due, found.customers[code].pk) for code in names],
            currency="EUR",
            beneficiary_id=Beneficiary.objects.get(customer__code="PADRE").pk,
            actor="prueba",
            now=NOW,
        )
    found.settings(copies_in_reminders="attached")
    with found.inside():
        document = Document.objects.get(number="F-1").pk
    paper = b"%PDF-1.7 Luc\xc3\xada".ljust(60) + b"%%EOF\n"
    put_copy(
        creditor=found.creditor,
        document_id=document,
        file_name="F-1.pdf",
        content=paper,
        actor="ana",
        now=NOW,
    )
    found.run()
    copies = {code: [each.name for each in found.mail(code).copies] for code in names}
    assert copies == {"PADRE": ["F-1.pdf"], "MADRE": [], "ABUELO": []}
    texts = {code: plain(found.mail(code).text) for code in names}
    assert "F-1 (Lucía Gómez)" in texts["PADRE"]
    assert "F-1 (Lucía G. Ruiz)" in texts["MADRE"]
    assert "Lucía" not in texts["ABUELO"]
    assert all("600,00 €" in text and "1.800,00" not in text for text in texts.values())


@pytest.mark.parametrize(
    ("channel", "ways"),
    [
        ("email", ("Casa@Example.com", "casa@example.com")),
        ("sms", ("600 11 22 33", "+34600112233")),
    ],
)
def test_two_who_share_an_address_are_written_to_apart_and_count_together(channel, ways, monkeypatch):
    found = house(address_messages_max=1)
    for code, value in zip("AB", ways, strict=True):
        found.customer(code, (60_000, DAY - timedelta(days=10)), reached=())
        with found.inside():
            contact = make.contact(customer=found.customers[code], name=f"Persona {code}")
            ContactPoint.objects.create(
                creditor=found.creditor,
                customer=found.customers[code],
                contact=contact,
                channel="phone" if channel == "sms" else "email",
                value=value,
            )
    found.run()
    with found.inside():
        assert set(Message.objects.values_list("channel", flat=True)) == {channel}
    assert sorted(found.rules().values()) == ["address_cap", "sale"]
    sent_to = found.mail("A").recipient
    for first, second in ("AB", "BA"):
        with found.inside():
            Message.objects.filter(state="sent").delete()
            row = Message.objects.get(customer__code=first)
        before = _sent_copy(found, row, sent_to)
        assert found.rules()[second] == "address_cap"
        with found.inside():
            Message.objects.filter(pk=before.pk).update(
                kind="delivery"
            )  # no contact for the sake of collection
        assert found.rules()[second] in ("sale", "address_cap")
    texts = {code: found.mail(code).text for code in "AB"}
    assert "F-A-1" in texts["A"]
    assert "F-B" not in texts["A"]
    assert "F-B-1" in texts["B"]
    assert "F-A" not in texts["B"]


def _sent_copy(found: House, row: Message, recipient: str) -> Message:
    """Another reminder of the same customer left to that address two hours ago."""
    with found.inside():
        before = make.message(
            customer=row.customer, once_key=f"{row.once_key}/copy", channel=row.channel, planned_on=DAY
        )
        return make.send_message(
            before, at=NOW - timedelta(hours=2), channel=row.channel, recipient=recipient
        )


OTHERS = ["Topacio Paterno, S.L.", "TOPACIO", "NTopacio-1", "topacio  paterno, s.l."]


@pytest.mark.parametrize("named", OTHERS)
def test_a_persons_own_words_may_not_name_another_payer_either(named):
    family = _family(1, late=10)
    creditor, (first, second) = family.house.creditor, family.members[:2]
    named = named.replace("Paterno", second.customer.name.split()[1].rstrip(","))

    def codes(body: str) -> set[Code]:
        with family.house.inside():
            found = findings_of_message(
                creditor,
                Text("Su cuenta", body),
                customer_id=first.customer.pk,
                step="friendly",
                kind="free",
                channel="email",
            )
        return {each.code for each in found if each.blocks}

    assert Code.THIRD_PARTIES in codes(f"Hola: lo que debe {named} no es cosa suya.")
    assert codes(f"Hola, {first.customer.name}: su recibo N{first.word}-1 está pendiente.") == set()


def test_a_stranger_of_the_same_creditor_is_nobody_one_may_not_name():
    family = _family(1, late=10)
    with family.house.inside():
        make.customer(creditor=family.house.creditor, code="LEJOS", name="Amatista Lejana, S.L.")
        found = findings_of_message(
            family.house.creditor,
            Text("Su cuenta", "Le atiende Amatista Lejana, S.L., como cada año."),
            customer_id=family.members[0].customer.pk,
            step="friendly",
            kind="free",
            channel="email",
        )
    assert [each for each in found if each.blocks] == []


def test_the_salesperson_and_the_files_on_record_are_no_ones_but_the_customers(monkeypatch):
    """What was sent and kept (dispatches, attachments) bears the customer it was written to."""
    monkeypatch.setattr("aldia.kernel.clock.is_present", lambda moment: True)
    family = _family(2, late=10)
    creditor = family.house.creditor
    use_mailbox(creditor=creditor, actor="ana", now=NOW)
    family.house.settings(address_messages_max=None)
    with family.house.inside():
        seller = Salesperson.objects.create(creditor=creditor, name="Venta Ágata", email="a@ventas.example")
        Customer.objects.update(salesperson=seller)
    family.house.run()
    send_everything(creditor=creditor, moments=[NOW], actor="prueba")
    with family.house.inside():
        sent: Any = list(Dispatch.objects.all())
        files = list(DispatchAttachment.objects.all())
    assert {each.customer_id for each in sent} == {each.customer.pk for each in family.members}
    for each in sent:
        words = " ".join((each.subject, each.text, each.html, each.recipient_name))
        family.alone(_member(family, each.customer_id), words)
        assert "Ágata" not in words
    for file in files:
        family.alone(_member(family, file.customer_id), bytes(file.content).decode(errors="ignore"))

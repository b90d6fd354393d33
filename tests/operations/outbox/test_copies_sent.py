"""Copies on their way: attached as they are kept, told by digest, found again for the evidence, asked for."""

import hashlib
from datetime import timedelta
from email import message_from_bytes, policy
from typing import Any

import pytest
from django.db import transaction

from aldia.operations.copies import put_copy, put_copy_link, withdraw_copy
from aldia.operations.creditors import create_creditor
from aldia.operations.outbox import WritingRefused, claiming, send_copies, take_back, use_mailbox
from aldia.queries.evidence import evidence_of
from aldia.queries.outbox import mailbox
from aldia.queries.own_words import words_waiting
from aldia.queries.verify import verify
from aldia.records.ledger.models import DueLine
from aldia.records.outreach.models import DispatchAttachment, DispatchLine
from aldia.records.parties.models import Contact, ContactPoint, Customer
from aldia.records.tenancy.scope import scope
from tests.cli.books import NOW, Books, write_books
from tests.operations.outbox.house import messages, over_smtp, send

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]

BY: dict[str, Any] = {"actor": "ana", "now": NOW}
LATER = NOW + timedelta(minutes=11)
PDF = b"%PDF-1.7 Factura F-1 " + bytes(range(256)) + b"%%EOF\n"


@pytest.fixture
def luz():
    creditor = create_creditor(name="Papelería Luz", country="ES", code="luz", **BY).creditor
    write_books(creditor)
    use_mailbox(creditor=creditor, **BY)
    with transaction.atomic(), scope([creditor.pk]):
        late = Customer.objects.get(code="TARDE")
        of = {"creditor": creditor, "customer": late}
        contact = Contact.objects.create(**of, name="Ana Gil", role="accounts_payable")
        ContactPoint.objects.create(**of, contact=contact, channel="email", value="ana@example.com")
    return creditor


@pytest.fixture
def line(luz):
    with transaction.atomic(), scope([luz.pk]):
        found = DueLine.objects.select_related("customer").get(document__number="F-1")
        assert found.customer.code == "TARDE"
        return found


def _bring(luz, line, content=PDF):
    return put_copy(creditor=luz, document_id=line.document_id, file_name="F-1.pdf", content=content, **BY)


def _asked(luz, line, **said):
    said = {"customer_id": line.customer_id, "due_line_ids": [line.pk], **BY, **said}
    return send_copies(creditor=luz, **said)


def _carried(luz):
    with transaction.atomic(), scope([luz.pk]):
        rows = DispatchAttachment.objects.order_by("pk")
        return [(each.name, each.content_type, bytes(each.content), each.sha256) for each in rows]


def test_a_copy_that_is_asked_for_leaves_attached_after_ten_minutes(luz, line):
    _bring(luz, line)
    written = _asked(luz, line)
    assert written.leaves_at == NOW + timedelta(minutes=10)
    with transaction.atomic(), scope([luz.pk]):
        (waiting,) = words_waiting(luz, line.customer_id)
    assert (waiting.key, waiting.title, waiting.author) == (written.key, "Envío de una copia", "ana")
    assert send(luz).sent == 0
    assert send(luz, now=LATER).sent == 1
    (mail,) = mailbox(luz)
    assert mail.subject == "Copia de su factura F-1"
    assert "Factura F-1: copia adjunta" in mail.text
    assert mail.headers["Attachments"] == "F-1.pdf"
    assert _carried(luz) == [("F-1.pdf", "application/pdf", b"", hashlib.sha256(PDF).hexdigest())]
    with transaction.atomic(), scope([luz.pk]):
        assert not DispatchLine.objects.exists()  # nothing is demanded by it


def test_over_a_real_server_the_file_arrives_as_it_is_kept(luz, line, tmp_path, monkeypatch):
    from tests.channels.smtp_sink import smtp_sink

    monkeypatch.setattr("aldia.kernel.clock.is_present", lambda moment: True)
    _bring(luz, line)
    _asked(luz, line)
    with smtp_sink(tmp_path) as (sink, port):
        over_smtp(luz, port)
        taken: list[bytes] = []
        monkeypatch.setattr(sink, "_keep", lambda content, _envelope: taken.append(content))
        assert send(luz, now=LATER).sent == 1
    message = message_from_bytes(taken[0], policy=policy.default)
    (file,) = message.iter_attachments()
    assert (file.get_filename(), file.get_content_type()) == ("F-1.pdf", "application/pdf")
    assert file.get_payload(decode=True) == PDF


def test_what_was_sent_is_found_for_the_evidence_also_after_it_was_replaced_and_withdrawn(luz, line):
    _bring(luz, line)
    _asked(luz, line)
    assert send(luz, now=LATER).sent == 1
    _bring(luz, line, b"%PDF-1.7 otra %%EOF")
    withdraw_copy(creditor=luz, document_id=line.document_id, kind="pdf", **BY)
    with transaction.atomic(), scope([luz.pk]):
        found = evidence_of(luz, line.customer_id)
    assert found.missing == ()
    kept = found.contents[hashlib.sha256(PDF).hexdigest()]
    assert (kept.name, kept.content) == ("F-1.pdf", PDF)
    with transaction.atomic():
        with scope([luz.pk]):
            assert [each for each in verify(luz.pk) if each.invariant == "I5"] == []
            sent = DispatchAttachment.objects.get()
            lost = {"attempt": 1, "name": "otra.pdf", "content_type": "application/pdf", "content": b""}
            of = {"creditor": luz, "dispatch_id": sent.dispatch_id, "customer_id": sent.customer_id}
            DispatchAttachment.objects.create(**of, **lost, sha256="0" * 64)
            (told,) = (each for each in verify(luz.pk) if each.invariant == "I5")
        transaction.set_rollback(True)
    assert "«otra.pdf»" in told.sentence


def test_it_can_be_taken_back_and_asked_for_again(luz, line):
    _bring(luz, line)
    take_back(creditor=luz, key=_asked(luz, line).key, **BY)
    assert _asked(luz, line).key.endswith("/2")
    assert send(luz, now=LATER).sent == 1


def test_a_copy_withdrawn_meanwhile_leaves_nothing_to_send(luz, line):
    _bring(luz, line)
    _asked(luz, line)
    withdraw_copy(creditor=luz, document_id=line.document_id, kind="pdf", **BY)
    assert send(luz, now=LATER).sent == 0
    assert [(each.state, each.reason) for each in messages(luz)] == [("cancelled", "no_text")]


def test_only_copies_there_are_of_open_lines_of_the_customer_are_sent(luz, line):
    with pytest.raises(WritingRefused, match="no hay copia"):
        _asked(luz, line)
    with pytest.raises(WritingRefused, match="Elija de qué"):
        _asked(luz, line, due_line_ids=[])
    put_copy_link(creditor=luz, document_id=line.document_id, url="https://a.example/F-1.pdf", **BY)
    with transaction.atomic(), scope([luz.pk]):
        other = Customer.objects.get(code="PRONTO").pk
    with pytest.raises(WritingRefused, match=r"no es de este cliente|ninguna dirección"):
        _asked(luz, line, customer_id=other)
    _asked(luz, line)
    assert send(luz, now=LATER).sent == 1
    (mail,) = mailbox(luz)
    assert "Factura F-1: copia en https://a.example/F-1.pdf" in mail.text


def test_a_batch_carries_only_so_much_and_the_rest_leaves_with_the_next(luz, line, monkeypatch):
    with transaction.atomic(), scope([luz.pk]):
        books = Books(luz)
        lines = [line]
        for code in ("UNO", "DOS"):
            customer = books.customer(code)
            of = {"creditor": luz, "customer": customer}
            contact = Contact.objects.create(**of, name=code, role="accounts_payable")
            to = f"{code}@example.com".lower()
            ContactPoint.objects.create(**of, contact=contact, channel="email", value=to)
            pk = books.invoice(customer, 5_000, NOW.date(), number=code)
            lines.append(DueLine.objects.get(pk=pk))
    for each in lines:
        _bring(luz, each)
        _asked(luz, each)
    monkeypatch.setattr(claiming, "COPIES_BYTES_MAX", 2 * len(PDF))
    assert send(luz, now=LATER).sent == 3
    assert sorted(each.headers["Attachments"] for each in mailbox(luz)) == ["DOS.pdf", "F-1.pdf", "UNO.pdf"]
    worked = {each.dispatch_id for each in messages(luz)}
    assert len(worked) == 3

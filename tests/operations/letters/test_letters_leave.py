"""A step on the channel «carta» becomes a finished PDF in the print tray, once, whoever dies."""

import hashlib
from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.db import transaction

from aldia.operations.outbox import MailNotConfigured, set_mail_account
from aldia.queries.outbox import outbox_counts
from aldia.records.ledger.models import DueLine
from aldia.records.outreach.models import DispatchLine, Letter, MailAccount, Message
from aldia.records.tenancy.scope import scope
from tests.operations.letters.post import (
    ACTOR,
    by_post,
    dispatches,
    letters,
    pages_of,
    pdf_of,
    post_house,
    send,
)
from tests.queries.gate_house import NOW

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]

DUE = date(2026, 9, 1)


def test_a_step_by_letter_ends_in_the_tray_with_its_statement():
    house = post_house()
    by_post(house, "TARDE", (120_000, DUE), (50_000, date(2026, 12, 15)), name="Talleres Tarde, S.L.")
    house.pays("TARDE", 20_000, on=date(2026, 10, 1))
    house.pays("TARDE", 5_000, line=None, on=date(2026, 11, 2))
    house.run()
    report = send(house.creditor)
    assert (report.sent, report.trouble) == (1, "")
    (letter,), (dispatch,) = letters(house.creditor), dispatches(house.creditor)
    assert (letter.state, letter.channel, letter.dispatch_id) == ("tray", "letter", dispatch.pk)
    assert (dispatch.state, dispatch.channel, dispatch.begun_at) == ("sent", "letter", NOW)
    pdf = pdf_of(letter)
    assert hashlib.sha256(pdf).hexdigest() == letter.sha256
    pages = pages_of(pdf)
    assert len(pages) == letter.pages == 2
    assert "Talleres Tarde, S.L. Avenida de la Constitución 25, 3.º 41001 Sevilla, Sevilla" in pages[0]
    assert (
        "Papelería Luz Calle Mayor 1, 2.º B · 28013 Madrid NIF B12345674 Madrid, 20 de noviembre" in pages[0]
    )
    assert "950,00 €" in pages[0]  # 1.200 less 200 paid less 50 on account
    statement = pages[1]
    assert "Estado de cuenta a 20 de noviembre de 2026" in statement
    assert "Factura F-TARDE-1 02/01/2026 01/09/2026 80 días 1.200,00 € 1.000,00 €" in statement
    assert "Factura F-TARDE-2 02/01/2026 15/12/2026 500,00 € 500,00 €" in statement
    assert "Total pendiente 1.500,00 €" in statement
    assert "Pago del 02/11/2026, sin aplicar -50,00 € Saldo 1.450,00 €" in statement


def test_the_interest_on_the_letter_is_the_interest_on_record():
    house = post_house()
    by_post(house, "TARDE", (120_000, date(2026, 3, 1)))
    house.pays("TARDE", 20_000, on=date(2026, 10, 1))
    house.run()
    send(house.creditor)
    (letter,) = letters(house.creditor)
    with house.inside():
        line = DispatchLine.objects.get()
        assert line.interest_minor > 0
        assert (line.currency, line.compensation_minor) == ("EUR", 4_000)
        assert DueLine.objects.count() == 1
    words = " ".join(pages_of(pdf_of(letter)))
    rows = words.partition("Intereses de demora, tramo a tramo")[2].partition("Total de intereses")[0]
    amounts = [
        int(cell.replace(",", "").replace(".", ""))
        for cell in rows.split()
        if cell.count(",") == 1 and len(cell.partition(",")[2]) == 4
    ]
    assert len(amounts) == 3  # to June, to October's payment, to this day
    assert sum(amounts) == line.interest_minor * 100
    total = f"{line.interest_minor // 100},{line.interest_minor % 100:02} €"
    assert f"Total de intereses en EUR {total}" in words
    asked = 100_000 + line.interest_minor + 4_000
    assert f"Importe 1.{asked // 100 - 1000},{asked % 100:02} €" in words


def test_no_interest_is_opened_up_for_a_consumer_or_where_none_is_demanded():
    for kind, claims in (("consumer", True), ("business", False)):
        house = post_house(code=f"luz-{kind}", claims=claims) if kind == "consumer" else None
        house = house or post_house(code="luz-b", claims=False)
        by_post(house, "TARDE", (120_000, DUE), person_kind=kind)
        house.run()
        assert send(house.creditor).sent == 1
        (letter,) = letters(house.creditor)
        words = " ".join(pages_of(pdf_of(letter)))
        assert "Intereses de demora" not in words
        assert "Compensación" not in words
        assert "Importe 1.200,00 €" in words


def test_sent_again_nothing_is_printed_twice():
    house = post_house()
    by_post(house, "TARDE", (120_000, DUE))
    house.run()
    assert [send(house.creditor).sent for _ in range(3)] == [1, 0, 0]
    assert len(letters(house.creditor)) == 1


def test_a_certified_step_waits_apart_and_borrows_the_letters_words():
    house = post_house(channel="certified")
    by_post(house, "TARDE", (120_000, DUE))
    house.run()
    assert send(house.creditor).sent == 1
    (letter,) = letters(house.creditor)
    assert (letter.channel, letter.state) == ("certified", "tray")
    assert "requerirle el pago" in pages_of(pdf_of(letter))[0]


def test_a_rehearsal_puts_no_letter_of_a_real_creditor_into_the_tray():
    house = post_house()
    by_post(house, "TARDE", (120_000, DUE))
    house.run()
    with house.inside():
        MailAccount.objects.filter(creditor=house.creditor).delete()
    real: dict[str, Any] = {
        "host": "127.0.0.1",
        "port": 1,
        "security": "none",
        "from_address": "a@example.com",
    }
    set_mail_account(creditor=house.creditor, actor=ACTOR, now=NOW, **real)
    with pytest.raises(Exception, match="fecha simulada"):
        send(house.creditor)
    assert letters(house.creditor) == []


def test_letters_need_no_mail_account_and_without_letters_it_is_asked_for(monkeypatch):
    house = post_house()
    by_post(house, "TARDE", (120_000, DUE))
    house.run()
    with house.inside():
        MailAccount.objects.filter(creditor=house.creditor).delete()
    monkeypatch.setattr("aldia.kernel.clock.is_present", lambda moment: True)
    assert send(house.creditor).sent == 1
    with pytest.raises(MailNotConfigured):
        send(house.creditor)


def test_a_letter_is_counted_among_what_has_a_way_out():
    house = post_house()
    by_post(house, "TARDE", (120_000, DUE))
    house.run()
    with house.inside():
        counts = outbox_counts(house.creditor, now=NOW)
    assert (counts.ready, counts.waiting_channel) == (1, 0)


def test_what_lies_in_the_tray_stays_as_it_is():
    house = post_house()
    by_post(house, "TARDE", (120_000, DUE))
    house.run()
    send(house.creditor)
    (letter,) = letters(house.creditor)
    for change in ({"sha256": "0" * 64}, {"pages": 9}, {"state": "posted", "posted_on": DUE}):
        with pytest.raises(Exception, match="letter"), transaction.atomic(), scope([house.creditor.pk]):
            Letter.objects.filter(pk=letter.pk).update(**change)
    with pytest.raises(Exception, match="letter_moves"), transaction.atomic(), scope([house.creditor.pk]):
        Letter.objects.filter(pk=letter.pk).delete()
    with house.inside():
        assert Message.objects.get().sent_on == NOW.astimezone(UTC).date() == datetime(2026, 11, 20).date()

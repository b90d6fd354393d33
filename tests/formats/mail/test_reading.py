"""Mails are read into plain values, and no bytes whatever make the reader fail."""

import time
from datetime import UTC, datetime
from email.message import EmailMessage

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aldia.formats.mail import read_mail
from tests.formats.mail.mails import OURS, answer, complaint, delivery_report


@pytest.mark.parametrize(
    ("header", "sender", "name"),
    [
        (
            b"=?utf-8?q?Residencia_Tordeh=C3=BAmez=2C_S=2EL=2E?= <info@r.example>",
            "info@r.example",
            "Residencia Tordehúmez, S.L.",
        ),
        (
            b"=?utf-8?q?Ana_=3Cotra=40cliente=2Eexample=3E=2C?= <yo@r.example>",
            "yo@r.example",
            "Ana <otra@cliente.example>,",
        ),
        (b'"Luz, S.L." <luz@r.example>', "luz@r.example", "Luz, S.L."),
        (b"=?utf-8?q?Ana?=\r\n =?utf-8?q?_Ruiz?= <ana@r.example>", "ana@r.example", "Ana Ruiz"),
        (b"=?utf-8?q?ana=40r=2Eexample?=", "ana@r.example", ""),
        (b"=?utf-8?q?A_=3Cotra=40cliente=2Eexample=3E=2C?= \xe9 <yo@r.example>", "yo@r.example", None),
        (b"=?utf-8?q?" + b"=C3=B1" * 100 + b"?= <largo@r.example>", "largo@r.example", None),
        (b"Jos\xe9 <jose@r.example>", "jose@r.example", None),
    ],
)
def test_a_name_may_say_anything_and_is_nobody_elses_address(header, sender, name):
    mail = read_mail(b"From: " + header + b"\r\nSubject: Hola\r\n\r\nHola\r\n")
    assert mail.sender == sender
    assert name is None or mail.sender_name == name


def test_an_answer_gives_who_what_when_and_to_which_mail():
    mail = read_mail(answer("Pago el viernes.", References="<a@x> <b@x>"))
    assert (mail.sender, mail.sender_name, mail.subject) == (
        "ana@cliente.example",
        "Ana Ruiz",
        "Re: Factura vencida",
    )
    assert mail.at == datetime(2026, 11, 18, 9, tzinfo=UTC)
    assert mail.references == (OURS, "<b@x>", "<a@x>")
    assert mail.message_id == "<r1@cliente.example>"
    assert mail.text == "Pago el viernes."
    assert not mail.automatic
    assert not mail.bounces
    assert not mail.broken


@pytest.mark.parametrize(
    "below",
    [
        "El lun, 16 nov 2026 a las 10:00, Papelería Luz (<cobros@luz.example>) "
        "escribió:\n> Ya ha pagado?\n> BAJA",
        "El lun, 16 nov 2026 a las 10:00, Papelería Luz\n<cobros@luz.example> escribió:\n\n> BAJA",
        "On Mon, 16 Nov 2026 at 10:00, Luz <cobros@luz.example> wrote:\n\n> BAJA",
        "-----Mensaje original-----\nDe: cobros@luz.example\nBAJA",
        "De: Papelería Luz <cobros@luz.example>\nEnviado el: lunes, 16 de noviembre de "
        "2026 10:00\nPara: Ana\n\nBAJA",
        "________________________________\nDe: cobros@luz.example\nBAJA",
        "-- \nAna Ruiz\nBAJA SL",
        "Enviado desde mi iPhone\n\n> BAJA",
        "AVISO LEGAL: este mensaje es confidencial. Para darse de BAJA escriba a baja@cliente.example",
        "Este mensaje y sus anexos son confidenciales y se dirigen a su destinatario. BAJA",
        "> BAJA\n> STOP",
    ],
)
def test_what_is_quoted_signed_or_small_print_is_no_word_of_the_customer(below):
    mail = read_mail(answer(f"Hola, pago el viernes.\n\n{below}"))
    assert mail.text == "Hola, pago el viernes."
    assert "BAJA" in mail.quoted


def test_an_answer_below_what_it_quotes_is_found():
    text = "El lun, 16 nov 2026, Luz <c@luz.example> escribió:\n> ¿Cuándo paga?\n\nEl viernes.\n> ¿Todo?\nSí."
    assert read_mail(answer(text)).text == "El viernes.\nSí."


def test_html_alone_becomes_words_without_scripts_and_quotes():
    mail = EmailMessage()
    mail["From"] = "a@b.example"
    mail.set_content(
        "<html><head><title>no</title><style>p{}</style></head><body><p>Ya he <b>pagado</b>&nbsp;ayer</p>"
        "<script>alert('BAJA')</script><div class='gmail_quote'>El lun. escribió:<br>BAJA</div></body>",
        subtype="html",
    )
    read = read_mail(mail.as_bytes())
    assert read.text == "Ya he pagado ayer"
    assert "alert" not in read.text + read.quoted


def test_plain_text_comes_before_html_and_attachments_are_only_named():
    mail = EmailMessage()
    mail["From"] = "a@b.example"
    mail.set_content("Adjunto justificante")
    mail.add_alternative("<p>otra cosa</p>", subtype="html")
    mail.add_attachment(b"%PDF", maintype="application", subtype="pdf", filename="pago.pdf")
    mail.add_attachment("BAJA", filename="nota.txt")
    read = read_mail(mail.as_bytes())
    assert read.text == "Adjunto justificante"
    assert len(read.attachments) == 2
    assert read.attachments[1] == "nota.txt"


@pytest.mark.parametrize(
    "headers, automatic",
    [
        ({"Auto_Submitted": "auto-replied"}, True),
        ({"Auto_Submitted": "no"}, False),
        ({"Precedence": "bulk"}, True),
        ({"X_Autoreply": "yes"}, True),
        ({}, False),
    ],
)
def test_a_machine_gives_itself_away(headers, automatic):
    assert bool(read_mail(answer("Hola", **headers)).automatic) is automatic


@pytest.mark.parametrize(
    "subject", ["Respuesta automática: Factura", "RE: Automatic reply: x", "Out of office"]
)
def test_so_does_the_subject_of_somebody_away(subject):
    assert read_mail(answer("Vuelvo el lunes", subject=subject)).automatic


def test_a_delivery_report_names_the_address_the_reason_and_our_mail():
    (bounce,) = read_mail(delivery_report(recipient="Nadie@Cliente.example")).bounces
    assert (bounce.recipient, bounce.status, bounce.message_id) == ("nadie@cliente.example", "5.1.1", OURS)
    assert bounce.is_permanent
    assert bounce.is_bad_address
    assert "User unknown" in bounce.words


@pytest.mark.parametrize(
    "status, action, permanent, bad",
    [
        ("5.1.10", "failed", True, True),
        ("5.2.2", "failed", True, False),
        ("5.7.1", "failed", True, False),
        ("4.2.2", "delayed", False, False),
        ("5.4.4", "failed", True, True),
    ],
)
def test_a_full_box_is_no_wrong_address(status, action, permanent, bad):
    (bounce,) = read_mail(delivery_report(recipient="a@b.example", status=status, action=action)).bounces
    assert (bounce.is_permanent, bounce.is_bad_address) == (permanent, bad)


def test_a_report_of_success_is_no_bounce():
    assert (
        read_mail(delivery_report(recipient="a@b.example", status="2.0.0", action="delivered")).bounces == ()
    )


def test_a_complaint_is_told_apart():
    (told,) = read_mail(complaint(recipient="ana@cliente.example")).bounces
    assert told.is_complaint
    assert (told.recipient, told.message_id) == ("ana@cliente.example", OURS)


def test_a_letter_of_a_mail_server_counts_where_it_carries_our_id():
    text = f"Not delivered.\n<nadie@x.example>:\n550 5.1.1 unknown\n\nMessage-ID: {OURS}"
    mail = answer(text, sender="MAILER-DAEMON@x.example", subject="failure notice", answers="")
    (bounce,) = read_mail(mail).bounces
    assert (bounce.recipient, bounce.status, bounce.message_id) == ("nadie@x.example", "5.1.1", OURS)
    assert (
        read_mail(answer("550 5.1.1", sender="mailer-daemon@x.example", subject="failure notice")).bounces
        == ()
    )


HOSTILE = {
    "nothing": b"",
    "no header": b"\x00\xff\xfe" * 100,
    "unknown charset": b"From: a@b.c\r\nContent-Type: text/plain; charset=klingon\r\n\r\nHola se\xf1or",
    "a codec that is no charset": b"From: a@b.c\r\nContent-Type: text/plain; charset=zip\r\n\r\nHola",
    "a slow codec": b"From: a@b.c\r\nContent-Type: text/plain; charset=punycode\r\n\r\n" + b"a-b" * 50_000,
    "broken base64": b"From: a@b.c\r\nContent-Transfer-Encoding: base64\r\n\r\n!!!=%%%",
    "boundary missing": b"From: a@b.c\r\nContent-Type: multipart/mixed\r\n\r\n--x\r\n\r\nHola",
    "ends within": b"From: a@b.c\r\nContent-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\nContent-Type: te",
    "broken words": b"From: =?utf-8?b?!!!?= <a@b.c>\r\nSubject: =?x?q?=ZZ?= =?utf-8?q?=F0?=\r\n\r\nHola",
    "bad date": b"From: a@b.c\r\nDate: Fri, 99 Foo 99999 99:99:99 +9999\r\n\r\nHola",
    "line ends in headers": b"From: a@b.c\r\nSubject: =?utf-8?q?uno=0D=0ABcc:_x@y.z?=\r\n\r\nHola",
    "nul signs": b"From: a@b.c\r\nSubject: a\x00b\r\n\r\nHo\x00la",
    "lone halves": b"From: a@b.c\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n\xed\xa0\x80 Hola",
    "many parts": b'From: a@b.c\r\nContent-Type: multipart/mixed; boundary="x"\r\n\r\n'
    + b"--x\r\n\r\nHola\r\n" * 3_000,
    "deeply nested": b"".join(
        b'Content-Type: multipart/mixed; boundary="%d"\r\n\r\n--%d\r\n' % (n, n) for n in range(1_500)
    ),
    "many openers in html": b"From: a@b.c\r\nContent-Type: text/html\r\n\r\n" + b"<!" * 100_000,
    "many tags in html": b"From: a@b.c\r\nContent-Type: text/html\r\n\r\n" + b"<div>" * 50_000,
    "half a tag": b"From: a@b.c\r\nContent-Type: text/html\r\n\r\nHola <a href='" + b"x" * 100_000,
    "no address": b"From: nobody\r\n\r\nHola",
    "two addresses": b"From: a@b.c, d@e.f\r\n\r\nHola",
    "report without fields": b"Content-Type: multipart/report; boundary=x\r\n\r\n--x\r\n"
    b"Content-Type: message/delivery-status\r\n\r\nnonsense\r\n--x--",
    "mail in a mail": b"From: a@b.c\r\nContent-Type: "
    b"message/rfc822\r\n\r\nContent-Type: message/rfc822\r\n\r\nHola",
}


@pytest.mark.parametrize("raw", HOSTILE.values(), ids=HOSTILE)
def test_no_hostile_mail_makes_it_fail_or_wait(raw):
    begun = time.monotonic()
    mail = read_mail(raw)
    assert time.monotonic() - begun < 5
    for text in (mail.sender, mail.sender_name, mail.subject, mail.text, mail.quoted, *mail.attachments):
        text.encode()
        assert "\x00" not in text
    for line in (mail.sender, mail.sender_name, mail.subject):
        assert "\n" not in line
        assert "\r" not in line


def test_ten_megabytes_are_read_in_time():
    begun = time.monotonic()
    mail = read_mail(b"From: a@b.c\r\nSubject: x\r\n\r\n" + b"Pago el viernes. " * 620_000)
    assert time.monotonic() - begun < 10
    assert mail.text.startswith("Pago el viernes.")
    assert len(mail.text) <= 50_000


def test_marks_that_turn_the_writing_are_gone():
    assert read_mail(answer("Pago \u202e001\u202c €")).text == "Pago 001 €"


@given(st.binary(max_size=2_000))
def test_any_bytes_are_read(raw):
    read_mail(raw)
    read_mail(b"From: a@b.c\r\nContent-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\n" + raw)
    read_mail(b"From: a@b.c\r\nContent-Type: text/html\r\n\r\n<p>" + raw)

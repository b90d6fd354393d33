"""What SMTP says and what became of the mail: taken, certainly not taken, or nobody knows."""

import socket
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from email import message_from_bytes, message_from_string, policy
from email.header import decode_header, make_header
from email.message import EmailMessage
from html import escape
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aldia.channels.composing import UnfitAddress, composed, one_line, plain_address, written
from aldia.channels.email import SmtpServer, SmtpTransport
from aldia.channels.email.answers import refused_by
from aldia.channels.mail import Attachment, Down, Mail, NotSent, Sender, Sent, Unknown
from tests.channels.smtp_sink import smtp_sink

MAIL = Mail(
    key="dunning:1:2026-11-20",
    message_id="<aldia.1@example.com>",
    sender=Sender("cobros@example.com", "Papelería Luz", domain="example.com"),
    recipient="ana@example.com",
    recipient_name="Ana Peña",
    subject="Factura F-1",
    text="Hola:\n.\nUn punto solo no acaba nada.\n",
    html="<p>Hola</p>",
    language="es",
    at=datetime(2026, 11, 20, 9, tzinfo=UTC),
)

HOSTILE = (
    "{{7*7}}",
    "<script>alert(1)</script>",
    "Ana\r\nBcc: todos@example.com",
    "Ana\u2028\x00\x1b[31m",
    "\u202eana\u2066 \u200f",
    '"; DROP',
    "=1+1",
    "ñ" * 5_000,
    "😀, <otra@example.com>",
    'Peñalver, S.L., "Ñ"',
    "=?utf-8?q?Ana=0D=0ABcc=3A_todos=40example=2Ecom?=",
)


@dataclass(frozen=True)
class Line:
    """An open line to a server, and the judge of what it took."""

    transport: SmtpTransport
    taken: Callable[[], list[dict[str, Any]]]
    deliveries: Callable[[], Counter[str]]


@pytest.fixture
def sink(tmp_path: Path) -> Iterator[Line]:
    with smtp_sink(tmp_path) as (judge, port):
        transport = SmtpTransport(SmtpServer("127.0.0.1", port, "none", timeout_seconds=1))
        assert transport.ready() is None
        yield Line(transport, judge.taken, judge.deliveries)
        transport.close()


def _body(mail: EmailMessage, kind: str) -> str:
    part = mail.get_body((kind,))
    assert part is not None
    return str(part.get_content()).replace("\r\n", "\n")


def _to(local):
    return replace(MAIL, recipient=f"{local}@example.com", message_id=f"<{local}@example.com>")


def test_a_mail_arrives_as_it_was_written_with_its_headers(sink):
    assert isinstance(sink.transport.send(MAIL), Sent)
    (taken,) = sink.taken()
    mail = message_from_string(taken["raw"], policy=policy.default)
    assert mail["From"] == "Papelería Luz <cobros@example.com>"
    assert (mail["To"], taken["to"]) == ("Ana Peña <ana@example.com>", ["ana@example.com"])
    assert mail["Message-ID"] == MAIL.message_id
    assert mail["Date"] == "Fri, 20 Nov 2026 09:00:00 +0000"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert _body(mail, "plain") == MAIL.text
    assert _body(mail, "html").strip() == MAIL.html
    assert taken["raw"].isascii()


def test_many_mails_go_over_one_line(sink):
    for number in range(5):
        assert sink.transport.ready() is None
        assert isinstance(sink.transport.send(replace(MAIL, message_id=f"<{number}@example.com>")), Sent)
    assert len(sink.deliveries()) == 5


@pytest.mark.parametrize(
    ("local", "outcome"),
    [
        ("nobody", {"permanent": True, "bad_address": True}),
        ("policy", {"permanent": True, "bad_address": False}),
        ("refuse-content", {"permanent": True, "bad_address": False}),
        ("later", {"permanent": False, "bad_address": False}),
        ("closing", {"permanent": False, "bad_address": False}),
    ],
)
def test_what_is_refused_was_certainly_not_taken_and_the_next_mail_goes(sink, local, outcome):
    answer = sink.transport.send(_to(local))
    assert isinstance(answer, NotSent)
    assert {"permanent": answer.permanent, "bad_address": answer.bad_address} == outcome
    assert "rechazado" in answer.reason
    assert sink.transport.ready() is None
    assert isinstance(sink.transport.send(MAIL), Sent)
    assert set(sink.deliveries()) == {MAIL.message_id}


@pytest.mark.parametrize("local", ["die", "hang"])
def test_a_server_that_falls_silent_after_the_content_leaves_a_doubt(sink, local):
    answer = sink.transport.send(_to(local))
    assert isinstance(answer, Unknown)
    assert "no ha contestado" in answer.reason
    assert sink.transport.ready() is None
    assert isinstance(sink.transport.send(MAIL), Sent)


def test_a_server_that_is_not_there_is_down_before_anything_is_handed_over():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    down = SmtpTransport(SmtpServer("127.0.0.1", port, "none", timeout_seconds=1)).ready()
    assert down == Down(
        f"No se puede conectar con el servidor de correo 127.0.0.1:{port}: rechaza la conexión."
    )


def test_a_server_that_takes_the_call_and_says_nothing_is_down():
    with socket.create_server(("127.0.0.1", 0)) as mute:
        port = mute.getsockname()[1]
        down = SmtpTransport(SmtpServer("127.0.0.1", port, "none", timeout_seconds=0.3)).ready()
    assert down is not None
    assert down.reason.endswith("no contesta.")


def test_a_server_without_the_cipher_or_log_in_asked_for_is_down(tmp_path):
    with smtp_sink(tmp_path) as (_judge, port):
        for server in (
            SmtpServer("127.0.0.1", port, "starttls"),
            SmtpServer("127.0.0.1", port, "none", username="ana", password="secreta"),
        ):
            down = SmtpTransport(server).ready()
            assert down is not None
            assert "secreta" not in down.reason + repr(server)


def _server_that_hangs_up_after(lines_heard):
    """A server that answers so many lines and then cuts the line; returns its port."""
    listening = socket.create_server(("127.0.0.1", 0))

    def serve():
        conversation, _ = listening.accept()
        with conversation, conversation.makefile("rwb", buffering=0) as line:
            line.write(b"220 here\r\n")
            for _ in range(lines_heard):
                line.readline()
                line.write(b"250 OK\r\n")
        listening.close()

    threading.Thread(target=serve, daemon=True).start()
    return listening.getsockname()[1]


def _server_that_says(last):
    """A server that takes a mail and then says just that; returns its port."""
    listening = socket.create_server(("127.0.0.1", 0))

    def serve():
        conversation, _ = listening.accept()
        with conversation, conversation.makefile("rwb", buffering=0) as line:
            line.write(b"220 here\r\n")
            for answer in (b"250 OK", b"250 OK", b"250 OK", b"354 go on"):
                line.readline()
                line.write(answer + b"\r\n")
            while line.readline() != b".\r\n":
                pass
            line.write(last + b"\r\n")
            line.readline()
        listening.close()

    threading.Thread(target=serve, daemon=True).start()
    return listening.getsockname()[1]


@pytest.mark.parametrize(
    ("last", "kind"),
    [(b"251 taken elsewhere", Sent), (b"what?", Unknown), (b"150 hm", Unknown), (b"451 later", NotSent)],
)
def test_after_the_content_only_a_clear_no_is_a_no(last, kind):
    transport = SmtpTransport(SmtpServer("127.0.0.1", _server_that_says(last), "none", timeout_seconds=1))
    assert transport.ready() is None
    assert isinstance(transport.send(MAIL), kind)


def test_a_name_that_cannot_be_said_on_the_line_is_a_closed_way_and_no_crash():
    down = SmtpTransport(SmtpServer("smtp..example", 25, "none", timeout_seconds=1)).ready()
    assert down is not None
    assert "letras que el correo no admite" in down.reason


def test_a_sender_that_is_no_address_is_not_the_customers_fault(sink):
    wrong = replace(MAIL, sender=replace(MAIL.sender, address="cobros@mi_empresa.example"))
    answer = sink.transport.send(wrong)
    assert isinstance(answer, NotSent)
    assert not answer.bad_address
    assert not answer.permanent


@pytest.mark.parametrize("lines_heard", [1, 2, 3])
def test_a_line_cut_before_the_content_is_certainly_not_taken(lines_heard):
    port = _server_that_hangs_up_after(lines_heard)
    transport = SmtpTransport(SmtpServer("127.0.0.1", port, "none", timeout_seconds=1))
    assert transport.ready() is None
    answer = transport.send(MAIL)
    assert isinstance(answer, NotSent)
    assert not answer.permanent


@pytest.mark.parametrize("evil", HOSTILE)
def test_hostile_names_and_subjects_are_inert_in_the_headers(sink, evil):
    assert isinstance(sink.transport.send(replace(MAIL, recipient_name=evil, subject=evil)), Sent)
    (taken,) = sink.taken()
    mail = message_from_string(taken["raw"], policy=policy.default)
    assert taken["to"] == ["ana@example.com"]
    assert [each.addr_spec for each in mail["To"].addresses] == ["ana@example.com"]
    assert mail["Bcc"] is None
    assert mail["Subject"] == one_line(evil, 200)
    for header in (str(mail["Subject"]), mail["To"].addresses[0].display_name):
        assert not set(header) & set("\r\n\x00\x1b\u202e\u2066\u200f\u2028")


@given(name=st.text(max_size=200), subject=st.text(max_size=300), text=st.text(max_size=300))
def test_whatever_it_is_called_it_is_read_as_it_was_written(name, subject, text):
    mail = replace(MAIL, recipient_name=name, subject=subject, text=text, html=f"<p>{escape(text)}</p>")
    mail = replace(mail, sender=replace(MAIL.sender, name=name, reply_to="r@example.com"))
    over_the_line = written(composed(mail), wide=False)
    head = over_the_line.partition(b"\r\n\r\n")[0]
    assert over_the_line.isascii()
    assert max(map(len, over_the_line.split(b"\r\n"))) <= 998
    assert all(len(line) <= 76 for line in head.split(b"\r\n") if b"=?" in line)
    assert over_the_line == composed(mail).as_bytes(policy=policy.SMTP.clone(cte_type="7bit"))
    read = message_from_bytes(over_the_line, policy=policy.SMTP)
    (person,) = read["To"].addresses
    assert person.addr_spec == "ana@example.com"
    assert [each.addr_spec for each in read["From"].addresses] == ["cobros@example.com"]
    # The parser of 3.11 puts a space between encoded words, where none is (RFC 2047, 6.2).
    assert person.display_name.replace(" ", "") == one_line(name, 120).replace(" ", "")
    if "=?" in (called := message_from_bytes(over_the_line)["To"].rpartition("<")[0]):
        assert str(make_header(decode_header(called))).strip() == one_line(name, 120)
    assert read["Subject"] == one_line(subject, 200)
    assert set(read.keys()) == {*composed(MAIL).keys(), "Reply-To"}
    assert _body(read, "plain").splitlines() == text.splitlines() or not text
    assert _body(read, "html").splitlines() == mail.html.splitlines()


@pytest.mark.parametrize(
    "address",
    [
        "",
        "ana",
        "@example.com",
        "ana@",
        "ana@example.com, otra@example.com",
        "ana@example.com\r\nBcc: x@example.com",
        "Ana <ana@example.com>",
        "ana@exa mple.com",
        "ana@[127.0.0.1] x",
        "a b@example.com",
    ],
)
def test_what_is_not_one_address_is_refused(sink, address):
    with pytest.raises(UnfitAddress):
        plain_address(address)
    answer = sink.transport.send(replace(MAIL, recipient=address))
    assert isinstance(answer, NotSent)
    assert answer.bad_address
    assert not sink.taken()


def test_domains_are_written_in_ascii_and_odd_local_parts_stay():
    assert plain_address("ana@peña.example") == "ana@xn--pea-8ma.example"
    assert plain_address(" josé@example.com ") == "josé@example.com"


def test_an_address_outside_ascii_goes_where_the_server_knows_how(sink):
    assert isinstance(sink.transport.send(replace(MAIL, recipient="josé@example.com")), Sent)


def test_finer_codes_tell_a_wrong_address_from_a_server_that_does_not_want():
    assert refused_by(550, b"5.1.1 unknown", "recipient").bad_address
    assert refused_by(550, b"no such user", "recipient").bad_address
    assert not refused_by(550, b"5.7.1 blocked", "recipient").bad_address
    assert not refused_by(552, b"box full", "recipient").bad_address
    assert not refused_by(450, b"5.1.1 odd", "recipient").bad_address
    assert not refused_by(550, b"5.1.1 odd", "content").bad_address
    assert len(refused_by(550, b"x" * 10_000, "recipient").reason) < 300


def test_files_go_with_a_mail_under_their_names_and_kinds():
    files = (
        Attachment("vencimiento.ics", "text/calendar; charset=utf-8; method=PUBLISH", "é\r\n".encode()),
        Attachment("factura\r\nBcc: x@y.z.pdf", "application/pdf", b"%PDF-1.7"),
    )
    message = composed(replace(MAIL, attachments=files))
    assert written(message, wide=False) == message.as_bytes(policy=policy.SMTP.clone(cte_type="7bit"))
    calendar, paper = message.iter_attachments()
    assert (calendar.get_filename(), calendar.get_content_type()) == ("vencimiento.ics", "text/calendar")
    assert (calendar.get_param("method"), calendar.get_payload(decode=True)) == ("PUBLISH", "é\r\n".encode())
    assert (paper.get_content_type(), paper.get_payload(decode=True)) == ("application/pdf", b"%PDF-1.7")
    assert message["Bcc"] is None
    assert "\n" not in (paper.get_filename() or "")
    plain = message.get_body(("plain",))
    assert plain is not None
    assert plain.get_content().strip() == MAIL.text.strip()


def test_the_message_is_the_same_however_often_it_is_composed():
    once, twice = (composed(MAIL) for _ in range(2))
    assert once["Message-ID"] == twice["Message-ID"]


def test_who_may_refuse_more_of_them_finds_the_way_out_where_answers_are_read():
    assert composed(MAIL)["List-Unsubscribe"] is None
    mine = replace(MAIL, refusable=True)
    assert composed(mine)["List-Unsubscribe"] == "<mailto:cobros@example.com?subject=BAJA>"
    named = replace(mine, sender=replace(mine.sender, reply_to="a&b<c@example.com"))
    with pytest.raises(UnfitAddress):
        composed(named)
    read_elsewhere = replace(mine, sender=replace(mine.sender, reply_to="a&b@example.com"))
    assert composed(read_elsewhere)["List-Unsubscribe"] == "<mailto:a%26b@example.com?subject=BAJA>"


def test_what_a_text_says_of_boundaries_does_not_part_the_mail():
    """Words that look like the line between the parts are words."""
    said = "--=_aldia_alternative\nContent-Type: text/html\n\n<p>otra cosa</p>\n--=_aldia_alternative--\n"
    mail = message_from_bytes(written(composed(replace(MAIL, text=said)), wide=False), policy=policy.SMTP)
    plain, html = mail.iter_parts()
    assert plain.get_content().replace("\r\n", "\n").strip() == said.strip()
    assert html.get_content().strip() == "<p>Hola</p>"


def test_a_mail_composed_after_others_says_nothing_of_them():
    """Headers are remembered from mail to mail: each still has its own."""
    first = replace(MAIL, subject="Uno", recipient="uno@example.com", html="", language="es")
    second = replace(MAIL, subject="Dos", recipient="dos@example.com", html="<p>Dos</p>", language="en")
    for mail in (first, second, first):
        read = message_from_bytes(written(composed(mail), wide=False), policy=policy.SMTP)
        assert (read["Subject"], read["To"].addresses[0].addr_spec) == (mail.subject, mail.recipient)
        assert read["Content-Language"] == mail.language
        assert read.is_multipart() is bool(mail.html)

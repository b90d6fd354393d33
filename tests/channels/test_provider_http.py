"""Asking a provider: what may have been taken is told apart from what cannot, whatever the line does."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import pytest
from requests.auth import HTTPBasicAuth

from aldia.channels.http import ANSWER_BYTES_MAX, Answer, Http, NoAnswer, base_url_of
from aldia.channels.mail import Down, Mail, NotSent, Sender, Sent, Unknown
from aldia.channels.provider import Meaning, Refusal, known_refusal
from aldia.channels.sms import TwilioSms
from aldia.channels.twilio import CODES as TWILIO_CODES
from aldia.channels.twilio import TwilioAccount
from aldia.channels.whatsapp import MetaAccount, MetaWhatsApp, TwilioWhatsApp
from aldia.channels.whatsapp.meta import CODES as META_CODES
from aldia.rules.texts.approved import Approved
from tests.fakes.provider import FakeProvider, fake_provider

SID = "AC" + "0" * 32
APPROVED = {"friendly": Approved("aviso_1", "es", "Hola, {{1}}", ("cliente",))}


def mail(**more: Any) -> Mail:
    said: dict[str, Any] = {
        "key": "k",
        "message_id": "<aldia.1@example.com>",
        "sender": Sender(""),
        "recipient": "+34600000000",
        "recipient_name": "Ana",
        "subject": "",
        "text": "Hola",
        "html": "",
        "language": "es",
        "at": datetime(2026, 11, 20, tzinfo=UTC),
        "channel": "whatsapp",
        "template": "friendly",
        "values": {"cliente": "Ana"},
    }
    return Mail(**said | more)


def twilio(fake: FakeProvider) -> TwilioAccount:
    return TwilioAccount(SID, "secreto", "+34911000000", base_url=fake.url, timeout_seconds=1.5)


def meta(fake: FakeProvider, **more: Any) -> MetaWhatsApp:
    said: dict[str, Any] = {"approved": APPROVED, "in_session": lambda number: False}
    account = MetaAccount("12345", "EAAB", base_url=fake.url, timeout_seconds=1.5)
    return MetaWhatsApp(account, **said | more)


@contextmanager
def line_that(answers: list[bytes | None]) -> Iterator[str]:
    """A bare server: takes a connection, reads what comes where there is something to answer, says it, hangs
    up; None: hangs up without reading."""
    server = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        for answer in answers:
            taken, _ = server.accept()
            if answer is not None:
                taken.recv(65_536)
                taken.sendall(answer)
            taken.close()

    threading.Thread(target=serve, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.getsockname()[1]}"
    finally:
        server.close()


def ask(url: str, **more: Any) -> Answer | NoAnswer:
    return Http(url, HTTPBasicAuth("a", "b"), timeout_seconds=1.5).post("/x", b"y=1", "text/plain")


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("https://api.twilio.com/", "https://api.twilio.com"),
        ("https://graph.example.com:8443/a/", "https://graph.example.com:8443/a"),
        ("http://127.0.0.1:8000", "http://127.0.0.1:8000"),
        ("http://localhost", "http://localhost"),
        ("https://[::1]:99", "https://[::1]:99"),
        ("http://api.twilio.com", ""),
        ("http://127.0.0.1.evil.example", ""),
        ("https://user:pass@api.twilio.com", ""),
        ("https://user@127.0.0.1", ""),
        ("https://10.0.0.1", "https://10.0.0.1"),
        ("https://2130706433", ""),
        ("https://api.twilio.com?x=1", ""),
        ("https://api.twilio.com#x", ""),
        ("file:///etc/passwd", ""),
        ("ftp://127.0.0.1", ""),
        ("//api.twilio.com", ""),
        ("https://", ""),
        ("https://a b.com", ""),
        ("https://[", ""),
        ("https://x.com:99999", ""),
        ("", ""),
    ],
)
def test_secrets_go_only_over_https_or_to_this_machine(text, kept):
    assert base_url_of(text) == kept


def test_where_nobody_listens_nothing_has_begun():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        answer = ask(f"http://127.0.0.1:{free.getsockname()[1]}")
    assert answer == NoAnswer(begun=False, why="rechaza la conexión")


def test_a_name_that_does_not_exist_has_begun_nothing():
    answer = ask("https://does-not-exist.invalid")
    assert isinstance(answer, NoAnswer)
    assert not answer.begun


def test_a_server_that_does_not_speak_tls_has_begun_nothing():
    with line_that([b"HTTP/1.1 400 Bad Request\r\n\r\n"]) as url:
        answer = ask(url.replace("http:", "https:"))
    assert isinstance(answer, NoAnswer)
    assert not answer.begun


def test_whoever_hangs_up_after_the_content_may_have_taken_it():
    with line_that([b""]) as url:
        assert ask(url) == NoAnswer(begun=True, why="ha cortado la conexión")


def test_an_answer_that_breaks_off_still_says_its_first_line():
    with line_that([b'HTTP/1.1 400 No\r\nContent-Length: 99\r\n\r\n{"code": 2']) as url:
        answer = ask(url)
    assert isinstance(answer, Answer)
    assert (answer.status, answer.said) == (400, None)


@pytest.mark.parametrize(
    "content",
    [b"[" * 50_000, b"[1]", b"null", b'"x"', b"", b"\xff", b"{" + b" " * ANSWER_BYTES_MAX + b"}"],
)
def test_what_is_no_small_json_object_says_nothing(content):
    head = f"HTTP/1.1 200 OK\r\nContent-Length: {len(content)}\r\n\r\n".encode()
    with line_that([head + content]) as url:
        answer = ask(url)
    assert isinstance(answer, Answer)
    assert (answer.status, answer.said) == (200, None)


def test_a_packed_answer_is_not_unpacked():
    import gzip

    content = gzip.compress(b'{"sid": "SM1"}')
    head = f"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: {len(content)}\r\n\r\n"
    with line_that([head.encode() + content]) as url:
        answer = ask(url)
    assert isinstance(answer, Answer)
    assert answer.said is None


def test_an_answer_that_drips_is_given_up():
    import time

    server = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        taken, _ = server.accept()
        taken.recv(65_536)
        taken.sendall(b"HTTP/1.1 201 Created\r\nContent-Length: 1000\r\n\r\n")
        try:
            for _ in range(100):
                taken.sendall(b" ")
                time.sleep(0.1)
        except OSError:
            pass

    threading.Thread(target=serve, daemon=True).start()
    began = time.monotonic()
    answer = ask(f"http://127.0.0.1:{server.getsockname()[1]}")
    server.close()
    assert time.monotonic() - began < 9
    assert isinstance(answer, Answer)
    assert answer.said is None


def test_an_answer_that_is_whole_when_the_time_is_over_is_read(monkeypatch):
    moments = iter([0.0, 1e9])
    monkeypatch.setattr("aldia.channels.http.time", SimpleNamespace(monotonic=lambda: next(moments)))
    with line_that([b'HTTP/1.1 201 Created\r\nContent-Length: 14\r\n\r\n{"sid": "SM1"}']) as url:
        answer = ask(url)
    assert isinstance(answer, Answer)
    assert answer.said == {"sid": "SM1"}


def test_a_log_in_is_never_shown():
    account = TwilioAccount(SID, "muy-secreto", "+34911000000")
    assert "muy-secreto" not in repr(account) + repr(TwilioSms(account)) + repr(
        MetaAccount("1", "muy-secreto")
    )


@pytest.mark.parametrize(
    "recipient", ["600000000", "a@b.es", "+34600000000\n+34", "+34600,+34611", "", "+0123456"]
)
def test_what_is_no_number_is_never_handed_over(recipient):
    with fake_provider() as fake:
        outcome = TwilioSms(twilio(fake)).send(mail(recipient=recipient))
    assert isinstance(outcome, NotSent)
    assert (outcome.permanent, outcome.bad_address, fake.asked) == (True, True, 0)


def test_meta_sends_the_approved_text_with_its_values_in_order():
    with fake_provider() as fake:
        assert isinstance(meta(fake).send(mail()), Sent)
    assert fake.requests[0]["template"] == {
        "name": "aviso_1",
        "language": {"code": "es"},
        "components": [{"type": "body", "parameters": [{"type": "text", "text": "Ana"}]}],
    }
    assert fake.requests[0]["biz_opaque_callback_data"] == "aldia.1@example.com"
    assert fake.requests[0]["to"] == "34600000000"


def test_free_text_goes_only_to_whoever_has_written():
    with fake_provider() as fake:
        told = {"approved": {}, "in_session": lambda number: number == "+34600000000"}
        assert isinstance(meta(fake, **told).send(mail()), Sent)
        refused = meta(fake, **told).send(mail(recipient="+34611111111"))
    assert fake.requests[0]["text"] == {"body": "Hola", "preview_url": False}
    assert isinstance(refused, NotSent)
    assert (refused.permanent, refused.bad_address, len(fake.taken)) == (True, False, 1)
    assert "plantilla aprobada" in refused.reason


def test_an_approved_text_whose_data_are_missing_is_not_handed_over():
    with fake_provider() as fake:
        told: Any = {"approved": APPROVED, "in_session": lambda number: False}
        for transport in (meta(fake), TwilioWhatsApp(twilio(fake), **told)):
            outcome = transport.send(mail(values={"cliente": " \n "}))
            assert isinstance(outcome, NotSent)
            assert "{cliente}" in outcome.reason
    assert fake.asked == 0


def test_after_an_account_is_refused_nothing_more_is_handed_over():
    with fake_provider(faults=["no_login"]) as fake:
        transport = TwilioSms(twilio(fake))
        assert transport.ready() is None
        first = transport.send(mail())
        assert isinstance(first, NotSent)
        assert not first.permanent
        assert isinstance(transport.ready(), Down)
    assert fake.asked == 1


def test_whoever_asks_to_wait_is_left_alone():
    with fake_provider(faults=["429"]) as fake:
        transport = TwilioSms(twilio(fake))
        assert isinstance(transport.send(mail()), NotSent)
        assert transport.ready() == Down("Twilio pide esperar.")


@pytest.mark.parametrize(
    ("status", "closed"), [(200, False), (401, True), (404, True), (429, True), (500, True)]
)
def test_the_way_is_open_only_to_whoever_is_known(status, closed):
    with fake_provider(probe_status=status) as fake:
        assert [isinstance(each.ready(), Down) for each in (TwilioSms(twilio(fake)), meta(fake))] == [
            closed
        ] * 2


def test_an_id_that_is_none_is_a_doubt(monkeypatch):
    with fake_provider() as fake:
        transport = TwilioSms(twilio(fake))
        for said in ({"sid": 7}, {"sid": ""}, {"sid": "a\nb"}, {"sid": "x" * 201}, {}):
            monkeypatch.setattr(
                transport._http, "post", lambda *args, said=said: Answer(201, said, "{}"), raising=False
            )
            assert isinstance(transport.send(mail()), Unknown)


def test_a_message_that_failed_at_once_has_not_left(monkeypatch):
    with fake_provider() as fake:
        transport = TwilioSms(twilio(fake))
        said = {"sid": "SM1", "status": "failed", "error_code": 21614}
        monkeypatch.setattr(transport._http, "post", lambda *args: Answer(201, said, ""), raising=False)
        outcome = transport.send(mail())
    assert isinstance(outcome, NotSent)
    assert outcome.bad_address


@pytest.mark.parametrize("codes", [TWILIO_CODES, META_CODES])
def test_every_known_code_says_why_in_words_and_bears_its_number(codes):
    for code, refusal in codes.items():
        assert known_refusal(codes, code).reason == f"{refusal.reason} ({code})"
        assert not refusal.reason.endswith((".", ")"))
    assert known_refusal(codes, 99_999) == Refusal(Meaning.NEVER, "lo ha rechazado (99999)")

"""One line for many mails: questions in one go where the server reads on, and a new line where it hung up."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Any

import pytest

from aldia.channels.email import SmtpServer, SmtpTransport
from aldia.channels.mail import NotSent, Sent
from tests.channels.test_email import MAIL


@dataclass
class Server:
    """Takes mails line by line. mails_per_line: then it hangs up. goes_on: it answers 354 whatever it has
    refused. cuts: hangs up after it has refused a recipient."""

    pipelining: bool = True
    mails_per_line: int = 100
    goes_on: bool = False
    cuts: bool = False
    taken: list[str] = field(default_factory=list)
    lines: int = 0
    greatest_heap: int = 0  # questions that lay there unread at once

    def serve(self, listening: socket.socket) -> None:
        while True:
            try:
                conversation, _ = listening.accept()
            except OSError:
                return
            self.lines += 1
            with conversation:
                self._talk(conversation)

    def _talk(self, conversation: socket.socket) -> None:
        conversation.settimeout(5)
        conversation.sendall(b"220 here\r\n")
        heap, accepted, mails = b"", True, 0
        while mails < self.mails_per_line:
            if b"\r\n" not in heap:
                heard = conversation.recv(65_536)
                if not heard:
                    return
                heap += heard
                self.greatest_heap = max(self.greatest_heap, heap.count(b"\r\n"))
                continue
            question, _, heap = heap.partition(b"\r\n")
            word = question[:4].upper()
            if word == b"EHLO":
                conversation.sendall(
                    b"250-here\r\n250 PIPELINING\r\n" if self.pipelining else b"250 here\r\n"
                )
            elif word == b"RCPT" and b"nobody" in question:
                accepted = False
                conversation.sendall(b"550 5.1.1 no such user\r\n")
                if self.cuts:
                    return
            elif word == b"DATA" and not accepted and not self.goes_on:
                accepted = True
                conversation.sendall(b"503 5.5.1 nobody to send it to\r\n")
            elif word == b"DATA":
                conversation.sendall(b"354 go on\r\n")
                while b"\r\n.\r\n" not in b"\r\n" + heap:
                    heap += conversation.recv(65_536)
                content, _, heap = (b"\r\n" + heap).partition(b"\r\n.\r\n")
                if accepted:
                    self.taken.append(content.decode())
                    mails += 1
                conversation.sendall(b"250 taken\r\n" if accepted else b"554 nobody to send it to\r\n")
                accepted = True
            else:
                conversation.sendall(b"250 OK\r\n")


@contextmanager
def _line_to(server: Server) -> Iterator[SmtpTransport]:
    listening = socket.create_server(("127.0.0.1", 0))
    threading.Thread(target=server.serve, args=(listening,), daemon=True).start()
    transport = SmtpTransport(SmtpServer("127.0.0.1", listening.getsockname()[1], "none", timeout_seconds=2))
    try:
        yield transport
    finally:
        transport.close()
        listening.close()


def _sent(transport: SmtpTransport, *recipients: str) -> list[Any]:
    answers = []
    for recipient in recipients:
        assert transport.ready() is None
        answers.append(transport.send(replace(MAIL, recipient=recipient)))
    return answers


@pytest.mark.parametrize("pipelining", [True, False])
def test_a_server_that_reads_on_is_asked_in_one_go_and_no_other(pipelining):
    server = Server(pipelining=pipelining)
    with _line_to(server) as transport:
        answers = _sent(transport, "ana@example.com", "luz@example.com")
    assert [type(each) for each in answers] == [Sent, Sent]
    assert ["ana@" in server.taken[0], "luz@" in server.taken[1]] == [True, True]
    assert (server.greatest_heap == 3) is pipelining  # without its content, which comes after the leave
    assert server.lines == 1


@pytest.mark.parametrize("goes_on", [True, False])
def test_a_recipient_that_is_refused_in_one_go_gets_nothing_and_the_next_mail_goes(goes_on):
    server = Server(goes_on=goes_on)
    with _line_to(server) as transport:
        refused, sent = _sent(transport, "nobody@example.com", "ana@example.com")
    assert (refused.permanent, refused.bad_address) == (True, True)
    assert isinstance(sent, Sent)
    assert len(server.taken) == 1
    assert "ana@" in server.taken[0]
    assert server.lines == 1


def test_a_refusal_stands_though_the_server_hangs_up_after_it():
    with _line_to(Server(cuts=True)) as transport:
        (refused,) = _sent(transport, "nobody@example.com")
    assert (type(refused), refused.bad_address) == (NotSent, True)


@pytest.mark.parametrize("pipelining", [True, False])
def test_a_server_that_hangs_up_after_so_many_is_called_anew_and_nothing_waits(pipelining):
    server = Server(pipelining=pipelining, mails_per_line=2)
    recipients = [f"c{number}@example.com" for number in range(5)]
    with _line_to(server) as transport:
        answers = _sent(transport, *recipients)
    assert [type(each) for each in answers] == [Sent] * 5
    assert [each in mail for each, mail in zip(recipients, server.taken, strict=True)] == [True] * 5
    assert server.lines == 3


def test_a_line_that_has_been_silent_is_asked_before_the_next_mail(monkeypatch):
    monkeypatch.setattr("aldia.channels.email.transport._GOOD_FOR_SECONDS", 0.0)
    server = Server(mails_per_line=1)
    with _line_to(server) as transport:
        answers = _sent(transport, "ana@example.com", "luz@example.com")
    assert [type(each) for each in answers] == [Sent, Sent]
    assert server.lines == 2

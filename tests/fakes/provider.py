"""A provider of short messages for tests: speaks Twilio's and Meta's API, counts what it has taken by our own
reference, recipient and words, and misbehaves as it is told. It is the judge: it outlives whoever sends.

A fault is told for the next hand-overs in order, or for a recipient. `reset`, `silent` and `slow` come before
or after the message was taken: that is what nobody can see from outside, and what the judge knows.
"""

import json
import socket
import struct
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

SILENT_SECONDS_MAX = 60
FAULTS = (
    "reset_before",
    "reset_after",
    "silent_before",
    "silent_after",
    "429",
    "503",
    "500",
    "502_html",
    "slow",
    "bad_json",
    "ok_with_error",
    "html_with_200",
    "redirect",
    "huge",
    "bad_number",
    "unsubscribed",
    "rate_code",
    "no_login",
    "unreadable_400",
)


@dataclass(frozen=True, slots=True)
class Taken:
    """One message that the provider has accepted. reference: ours, as it comes back in news."""

    provider_id: str
    recipient: str
    words: str
    reference: str
    callback: str


@dataclass
class FakeProvider:
    """faults: of the next hand-overs, in order. by_recipient: of those to a number, as often as they come.
    on_taken: called before the answer leaves."""

    faults: list[str] = field(default_factory=list)
    by_recipient: dict[str, str] = field(default_factory=dict)
    on_taken: Callable[[Taken], None] = lambda taken: None
    port: int = 0
    taken: list[Taken] = field(default_factory=list)
    asked: int = 0
    probes: int = 0
    requests: list[dict[str, Any]] = field(default_factory=list)
    probe_status: int = 200
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def deliveries(self) -> Counter[tuple[str, str, str]]:
        """How often each message was taken, by reference, recipient and words."""
        return Counter((each.reference, each.recipient, each.words) for each in self.taken)

    def next_fault(self, recipient: str) -> str:
        with self._lock:
            self.asked += 1
            if recipient in self.by_recipient:
                return self.by_recipient[recipient]
            return self.faults.pop(0) if self.faults else "ok"

    def take(self, recipient: str, words: str, reference: str, callback: str, prefix: str) -> Taken:
        with self._lock:
            named = f"{prefix}{len(self.taken) + 1:032x}"
            each = Taken(named, recipient, words, reference, callback)
            self.taken.append(each)
        self.on_taken(each)
        return each


class _Handler(BaseHTTPRequestHandler):
    server: "_Server"

    def log_message(self, format: str, *args: Any) -> None:
        """Tests are quiet."""

    def do_GET(self) -> None:
        self.provider.probes += 1
        self._say(self.provider.probe_status, {"id": "1", "status": "active"})

    def do_POST(self) -> None:
        content = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        if self.path.endswith("/Messages.json"):
            self._twilio({name: values[0] for name, values in parse_qs(content.decode()).items()})
        else:
            self._meta(json.loads(content))

    @property
    def provider(self) -> FakeProvider:
        return self.server.provider

    def _twilio(self, form: dict[str, str]) -> None:
        self.provider.requests.append(form | {"Authorization": self.headers.get("Authorization", "")})
        callback = form.get("StatusCallback", "")
        reference = parse_qs(urlsplit(callback).query).get("m", [""])[0]
        words = form.get("Body") or f"{form.get('ContentSid')} {form.get('ContentVariables')}"
        self._answer(
            form["To"],
            lambda: self.provider.take(form["To"], words, reference, callback, "SM"),
            lambda taken: (201, {"sid": taken.provider_id, "status": "queued", "error_code": None}),
            {
                "bad_number": (400, {"code": 21211, "message": "Invalid 'To' Phone Number", "status": 400}),
                "unsubscribed": (400, {"code": 21610, "message": "Attempt to send to unsubscribed"}),
                "rate_code": (400, {"code": 21611, "message": "queue is full"}),
                "no_login": (401, {"code": 20003, "message": "Authenticate"}),
                "ok_with_error": (200, {"code": 20429, "message": "Too Many Requests"}),
            },
        )

    def _meta(self, said: dict[str, Any]) -> None:
        self.provider.requests.append(said | {"Authorization": self.headers.get("Authorization", "")})
        words = json.dumps(said.get("text") or said.get("template"), ensure_ascii=False)
        reference = said.get("biz_opaque_callback_data", "")
        self._answer(
            said["to"],
            lambda: self.provider.take(said["to"], words, reference, "", "wamid."),
            lambda taken: (200, {"messaging_product": "whatsapp", "messages": [{"id": taken.provider_id}]}),
            {
                "bad_number": (400, {"error": {"code": 131026, "message": "Message undeliverable"}}),
                "unsubscribed": (400, {"error": {"code": 131050, "message": "User opted out"}}),
                "rate_code": (400, {"error": {"code": 130429, "message": "Rate limit hit"}}),
                "no_login": (401, {"error": {"code": 190, "message": "Access token has expired"}}),
                "ok_with_error": (200, {"error": {"code": 131000, "message": "Something went wrong"}}),
            },
        )

    def _answer(
        self,
        recipient: str,
        take: Callable[[], Taken],
        yes: Callable[[Taken], tuple[int, dict[str, Any]]],
        refusals: dict[str, tuple[int, dict[str, Any]]],
    ) -> None:
        fault = self.provider.next_fault(recipient)
        if fault in refusals:
            self._say(*refusals[fault])
        elif fault == "429":
            self._say(429, {"code": 20429, "message": "Too Many Requests"}, {"Retry-After": "7"})
        elif fault == "503":
            self._raw(503, b"<html>Service Unavailable</html>", "text/html")
        elif fault == "unreadable_400":
            self._raw(400, b"<html>Bad Request</html>", "text/html")
        elif fault == "reset_before":
            self._reset()
        elif fault == "silent_before":
            self._silent()
        else:
            self._after(fault, take(), yes)

    def _after(self, fault: str, taken: Taken, yes: Callable[[Taken], tuple[int, dict[str, Any]]]) -> None:
        """The message has been taken; what is said of it is another matter."""
        match fault:
            case "ok":
                self._say(*yes(taken))
            case "reset_after":
                self._reset()
            case "silent_after":
                self._silent()
            case "500":
                self._say(500, {"code": 20500, "message": "Internal Server Error"})
            case "502_html":
                self._raw(502, b"<html><h1>Bad Gateway</h1></html>", "text/html")
            case "bad_json":
                self._raw(201, b'{"sid": "SM', "application/json")
            case "html_with_200":
                self._raw(200, b"<html>Welcome</html>", "text/html")
            case "redirect":
                self._raw(302, b"", "text/plain", {"Location": f"{self.provider.url}/elsewhere"})
            case "huge":
                self._raw(201, b'{"sid": "' + b"S" * 200_000 + b'"}', "application/json")
            case "slow":
                time.sleep(0.2)
                self._say(*yes(taken))
            case _:
                raise AssertionError(f"no such fault: {fault}")

    def _say(self, status: int, said: Any, headers: dict[str, str] | None = None) -> None:
        self._raw(status, json.dumps(said).encode(), "application/json", headers)

    def _raw(
        self, status: int, content: bytes, content_type: str, headers: dict[str, str] | None = None
    ) -> None:
        self.send_response(status)
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.send_header("Content-Type", content_type)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def _silent(self) -> None:
        """Until whoever asked hangs up, however patient."""
        self.connection.settimeout(SILENT_SECONDS_MAX)
        with suppress(OSError):
            self.connection.recv(1)

    def _reset(self) -> None:
        """As a broken line does it: no good-bye."""
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.close_connection = True
        self.connection.close()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    provider: FakeProvider

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A line that we broke ourselves is no news."""


@contextmanager
def fake_provider(handler: type["_Handler"] = _Handler, **options: Any) -> Iterator[FakeProvider]:
    """A provider on a free port of this machine. handler: of another kind of messages."""
    server = _Server(("127.0.0.1", 0), handler)
    server.provider = FakeProvider(port=server.server_address[1], **options)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield server.provider
    finally:
        server.shutdown()
        server.server_close()

"""Asking a provider over HTTP, so that one thing is always known: can what was handed over have been taken?

Each request has a line of its own: one kept open may be closed by the other side just as it is used, and that
would be a doubt. The answer is hostile input: bounded in size and time, redirects are not followed.
"""

import json
import re
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit

import requests
from requests.auth import AuthBase
from urllib3.exceptions import HTTPError

from aldia.channels.composing import one_line

ANSWER_BYTES_MAX = 64 * 1024
_CHUNK_BYTES = 8 * 1024
_WORDS_MAX = 200
_RETRY_AFTER_SECONDS_MAX = 3600
_HOST = re.compile(r"(?=.{1,253}$)[a-z0-9-]{1,63}(\.[a-z0-9-]{1,63})+", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Answer:
    """said: the JSON object of the answer, None where it is none. words: what it said, on one line, for
    people. retry_after_seconds: how long it asks to wait, 0 where it does not say. headers: by name, whatever
    its case."""

    status: int
    said: Mapping[str, Any] | None
    words: str = ""
    retry_after_seconds: int = 0
    headers: Mapping[str, str] = field(default_factory=dict, compare=False)


@dataclass(frozen=True, slots=True)
class NoAnswer:
    """begun: the content had begun to go over the line, so it may have been taken. why: Spanish."""

    begun: bool
    why: str


def base_url_of(text: str) -> str:
    """The address of a provider, without a slash at its end; "" for one that secrets must not be told to:
    anything but https, save on this very machine."""
    try:
        parts = urlsplit(text.strip())
        host, _port = parts.hostname or "", parts.port
    except ValueError:
        return ""
    if parts.query or parts.fragment or parts.username is not None or parts.password is not None:
        return ""
    if not (_is_loopback(host) and parts.scheme in ("http", "https")) and not (
        parts.scheme == "https" and _HOST.fullmatch(host)
    ):
        return ""
    return f"{parts.scheme}://{parts.netloc}{parts.path}".rstrip("/")


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


class Bearer(AuthBase):
    """Log-in by a token, never shown."""

    def __init__(self, token: str) -> None:
        self._token = token

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        """The request with the token in it."""
        request.headers["authorization"] = f"Bearer {self._token}"
        return request


class Named(AuthBase):
    """Log-in by a header of the provider's own, never shown."""

    def __init__(self, header: str, key: str) -> None:
        self._header, self._key = header, key

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        """The request with the key in it."""
        request.headers[self._header] = self._key
        return request


@dataclass(slots=True)
class _Body:
    """Content that knows whether anything of it has gone over the line."""

    content: bytes
    begun: bool = field(default=False)

    def __len__(self) -> int:
        return len(self.content)

    def __iter__(self) -> Iterator[bytes]:
        self.begun = True
        yield self.content


class Http:
    """One provider's address and log-in. timeout_seconds: to connect, and for the whole of an answer."""

    def __init__(self, base_url: str, auth: AuthBase, *, timeout_seconds: float) -> None:
        self._base_url, self._auth, self._timeout = base_url, auth, timeout_seconds

    def get(self, path: str) -> Answer | NoAnswer:
        """Ask for something that changes nothing."""
        return self._asked("GET", path, None, {})

    def post(
        self, path: str, content: bytes, content_type: str, headers: Mapping[str, str] | None = None
    ) -> Answer | NoAnswer:
        """Hand something over. headers: what else stands above it."""
        return self._asked("POST", path, _Body(content), {**(headers or {}), "content-type": content_type})

    def _asked(
        self, method: str, path: str, body: _Body | None, headers: dict[str, str]
    ) -> Answer | NoAnswer:
        until = time.monotonic() + self._timeout
        with requests.Session() as session:
            session.trust_env = False  # no log-in from a file, no way round by a proxy of the environment
            try:
                response = session.request(
                    method,
                    self._base_url + path,
                    data=body,
                    headers={
                        **headers,
                        "accept": "application/json",
                        "accept-encoding": "identity",
                        "connection": "close",
                        "user-agent": "aldia",
                    },
                    auth=self._auth,
                    timeout=(self._timeout, self._timeout),
                    allow_redirects=False,
                    stream=True,
                )
            except (requests.RequestException, HTTPError, OSError, ValueError) as error:
                return NoAnswer(body is not None and body.begun, _why(error))
            return _read(response, until)


def _read(response: requests.Response, until: float) -> Answer:
    """The answer as far as it can be read: its first line alone already says what counts. Whoever drips is
    given up when the time is over; what has come whole by then is read."""
    content = b""
    try:
        while chunk := response.raw.read1(_CHUNK_BYTES):
            content += chunk
            if len(content) > ANSWER_BYTES_MAX:
                content = b""
                break
            if time.monotonic() > until:
                break
    except (requests.RequestException, HTTPError, OSError, ValueError):
        content = b""
    return Answer(
        status=response.status_code,
        said=_object(content),
        words=one_line(content[: 4 * _WORDS_MAX].decode("utf-8", "replace"), _WORDS_MAX),
        retry_after_seconds=_seconds(response.headers.get("Retry-After", "")),
        headers=response.headers,
    )


def _object(content: bytes) -> Mapping[str, Any] | None:
    try:
        found = json.loads(content)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def _seconds(text: str) -> int:
    return min(int(text), _RETRY_AFTER_SECONDS_MAX) if re.fullmatch(r"[0-9]{1,6}", text.strip()) else 0


def _why(error: Exception) -> str:
    """In words, never with what was said at log-in."""
    told = f"{type(error).__name__} {error}".lower()
    if "timeout" in told or "timed out" in told:
        return "no contesta"
    if "certificate" in told:
        return "su certificado no es válido"
    if "refused" in told:
        return "rechaza la conexión"
    if "resolve" in told or "name or service" in told:
        return "ese nombre no existe"
    return "ha cortado la conexión"

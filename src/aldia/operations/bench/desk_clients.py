"""People at the desk, as threads: each logs in over HTTP and asks for pages, only on this machine."""

import gzip
import random
import re
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from http.client import HTTPConnection
from http.cookies import SimpleCookie
from urllib.parse import urlencode, urljoin

from aldia.kernel.clock import stopwatch
from aldia.kernel.errors import AldiaError
from aldia.operations.bench.desk_server import HEALTH, HOST

LOG_IN = "/entrar/"
_TIMEOUT_SECONDS = 600
_ASSETS = re.compile(r'(?:<link[^>]+rel="stylesheet"[^>]+href|<script[^>]+src)="([^"]+)"')


class PageBroken(AldiaError):
    """A page answered with something else than itself. facts: address, status."""

    code = "page_broken"


@dataclass(frozen=True, slots=True)
class Fetched:
    """seconds: from the request to the last byte. size: bytes on the line, gzip where the server does so."""

    status: int
    seconds: float
    size: int
    body: bytes


@dataclass(slots=True)
class Browser:
    """One kept connection and its cookies."""

    port: int
    cookies: dict[str, str] = field(default_factory=dict)
    line: HTTPConnection | None = None

    def get(self, address: str) -> Fetched:
        """One GET, as a browser that understands gzip."""
        return self._ask("GET", address, None)

    def log_in(self, email: str, password: str) -> None:
        """Through the form on the page, with its token. Raises PageBroken."""
        page = self.get(LOG_IN).body.decode()
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
        assert token is not None, "the form has its token"
        said = {"csrfmiddlewaretoken": token[1], "username": email, "password": password}
        answer = self._ask("POST", LOG_IN, urlencode(said))
        if answer.status != 302:
            raise PageBroken("La medición no ha podido entrar en la página.", status=answer.status)

    def _ask(self, method: str, address: str, body: str | None) -> Fetched:
        if self.line is None:
            self.line = HTTPConnection(HOST, self.port, timeout=_TIMEOUT_SECONDS)
        headers = {"Accept-Encoding": "gzip", "Accept-Language": "es", "Cookie": self._cookies()}
        if body is not None:
            headers |= {"Content-Type": "application/x-www-form-urlencoded", "Origin": self._origin()}
        began = stopwatch()
        self.line.request(method, address, body, headers)
        answer = self.line.getresponse()
        content = answer.read()
        seconds = stopwatch() - began
        for morsel in SimpleCookie(", ".join(answer.headers.get_all("Set-Cookie", []))).values():
            self.cookies[morsel.key] = morsel.value
        packed = answer.getheader("Content-Encoding") == "gzip"
        return Fetched(answer.status, seconds, len(content), gzip.decompress(content) if packed else content)

    def _cookies(self) -> str:
        return "; ".join(f"{name}={value}" for name, value in self.cookies.items())

    def _origin(self) -> str:
        return f"http://{HOST}:{self.port}"


def browsers(port: int, count: int, email: str, password: str) -> list[Browser]:
    """So many people, all logged in. Raises PageBroken."""
    made = [Browser(port) for _ in range(count)]
    for each in made:
        each.log_in(email, password)
    return made


@dataclass(frozen=True, slots=True)
class Times:
    """Milliseconds of a page, and of the bare answer asked for in turns with it; bytes of the page."""

    page: tuple[float, ...]
    bare: tuple[float, ...]
    size: int


def timed(
    people: Sequence[Browser], address: str, *, requests: int, pause: float, seconds_max: float
) -> Times:
    """All people ask for the page, in turns with the bare answer, until there are so many or time is up.

    requests: in all; each person asks once at least. pause: seconds a person looks at what came, half as
    long or half as much again, so that people do not walk in step. Raises PageBroken.
    """
    each = max(1, requests // len(people))
    until = stopwatch() + seconds_max

    def one(person: Browser) -> list[tuple[float, float, int]]:
        rows, looks = [], random.Random(people.index(person))
        time.sleep(pause * looks.random())
        for _ in range(each):
            page = _whole(person, address)
            time.sleep(pause * looks.uniform(0.5, 1.5))
            rows.append((page.seconds * 1000, person.get(HEALTH).seconds * 1000, page.size))
            if stopwatch() > until:
                break
        return rows

    with ThreadPoolExecutor(len(people)) as pool:
        rows = [row for rows in pool.map(one, people) for row in rows]
    return Times(tuple(r[0] for r in rows), tuple(r[1] for r in rows), max(r[2] for r in rows))


def first_view(person: Browser, address: str) -> dict[str, int]:
    """Bytes over the line, gzip, of somebody who comes for the first time: what is asked for → size."""
    sizes: dict[str, int] = {}
    for path in (LOG_IN, address):
        page = Browser(person.port).get(path) if path == LOG_IN else _whole(person, path)
        sizes[path] = page.size
        for asset in _ASSETS.findall(page.body.decode()):
            where = urljoin(path, asset)
            sizes.setdefault(where, _whole(person, where).size)
    return sizes


def _whole(person: Browser, address: str) -> Fetched:
    page = person.get(address)
    if page.status != 200:
        raise PageBroken(f"La página {address} responde {page.status}.", address=address, status=page.status)
    return page

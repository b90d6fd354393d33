"""How soon the pages of the desk come, over the real server, and what each asks of the database."""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from functools import partial
from math import ceil
from typing import Any

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from aldia.connectors.postgres import Urls, with_database
from aldia.operations.bench.desk_books import EMAIL, at_the_day, facts_of, fill_books
from aldia.operations.bench.desk_clients import LOG_IN, Times, browsers, first_view, timed
from aldia.operations.bench.desk_pages import SEARCH, Page, pages
from aldia.operations.bench.desk_server import HOST, serving
from aldia.operations.bench.scratch import environment, scratch_creditor, tidy
from aldia.queries.snapshot import Snapshot

QUERIES_MAX = 15
PAGE_MS_MAX = 300
SEARCH_MS_MAX = 50
FIRST_VIEW_BYTES_MAX = 250_000
_CPU_TRIES_MAX = 3

Progress = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class Load:
    """clients: people asking at the same time. requests: per page, in all. pause: seconds between two of one
    person. workers: processes of the server. seconds_max: per page."""

    clients: int = 4
    requests: int = 100
    pause: float = 0.0
    workers: int = 2
    seconds_max: float = 20.0


@dataclass(frozen=True, slots=True)
class PageCost:
    """Milliseconds; bytes on the line (gzip). cpu_ms: of Python alone for one answer, the least of some
    tries, so without other work on the machine. queries: on Django's connection, the scope's among
    them, BEGIN and COMMIT not; bulk: reads besides, on the connection for Arrow. ratio: p50 ÷ that of the
    bare answer beside it."""

    title: str
    kind: str
    requests: int
    p50_ms: float
    p95_ms: float
    max_ms: float
    size_bytes: int
    cpu_ms: float
    queries: int
    bulk: int
    bare_p50_ms: float
    ratio: float

    @property
    def within(self) -> bool:
        """Whether it keeps the bounds of docs/benchmarks.md."""
        bound = SEARCH_MS_MAX if self.kind == SEARCH else PAGE_MS_MAX
        return self.p95_ms <= bound and self.queries <= QUERIES_MAX


@dataclass(frozen=True, slots=True)
class DeskCost:
    """pages, those the desk does not have, and the first view's bytes by address."""

    lines: int
    load: Load
    pages: tuple[PageCost, ...]
    missing: tuple[str, ...]
    first_view: Mapping[str, int]
    facts: Mapping[str, int]
    environment: Mapping[str, Any]

    def as_dict(self) -> dict[str, Any]:
        """As `aldia bench desk --json` prints it."""
        return {
            "lines": self.lines,
            "load": asdict(self.load),
            "pages": [{**asdict(each), "within": each.within} for each in self.pages],
            "missing": list(self.missing),
            "first_view": {"bytes": sum(self.first_view.values()), "parts": dict(self.first_view)},
            "facts": dict(self.facts),
            "environment": dict(self.environment),
        }


def measure_desk(urls: Urls, lines: int, load: Load, progress: Progress, *, keep: bool = False) -> DeskCost:
    """Measure every page over a portfolio of so many open lines, in a database made for it.

    keep: leave the database behind. Raises ServerSilent, PageBroken.
    """
    database = f"aldia_bench_desk_{lines}"
    owner = with_database(urls.owner, database)
    with at_the_day(), scratch_creditor(urls, database, keep=keep) as creditor:
        password = fill_books(creditor, lines, progress, partial(tidy, owner))
        inside = _logged_in(password)
        wanted = pages(creditor, lambda address: inside.get(address).content.decode())
        asked = {
            page.title: _asked(inside, page.address, tries=min(_CPU_TRIES_MAX, load.requests))
            for page in wanted
            if page.address
        }
        with serving(urls, database, workers=load.workers) as port:
            people = browsers(port, load.clients, EMAIL, password)
            view = first_view(people[0], wanted[0].address)
            costs = []
            for done, page in enumerate(wanted):
                progress("pages", done + 1, len(wanted))
                if page.address:
                    costs.append(_cost(page, _times(people, page, load), asked[page.title]))
        return DeskCost(
            lines=lines,
            load=load,
            pages=tuple(costs),
            missing=tuple(page.title for page in wanted if not page.address),
            first_view=view,
            facts=facts_of(creditor),
            environment=environment(),
        )


def _times(people: Sequence[Any], page: Page, load: Load) -> Times:
    if load.requests > len(people):  # all of them warm first
        timed(people, page.address, requests=len(people), pause=0.0, seconds_max=load.seconds_max)
    return timed(people, page.address, requests=load.requests, pause=load.pause, seconds_max=load.seconds_max)


def _cost(page: Page, times: Times, asked: Mapping[str, Any]) -> PageCost:
    bare = _percentile(times.bare, 50)
    return PageCost(
        title=page.title,
        kind=page.kind,
        requests=len(times.page),
        p50_ms=round(_percentile(times.page, 50), 1),
        p95_ms=round(_percentile(times.page, 95), 1),
        max_ms=round(max(times.page), 1),
        size_bytes=times.size,
        **asked,
        bare_p50_ms=round(bare, 1),
        ratio=round(_percentile(times.page, 50) / bare, 2),
    )


def _percentile(values: Sequence[float], percent: int) -> float:
    """The smallest value that so many percent of them do not exceed."""
    return sorted(values)[max(0, ceil(len(values) * percent / 100) - 1)]


def _logged_in(password: str) -> Client:
    inside = Client(SERVER_NAME=HOST, headers={"accept-language": "es"})
    answer = inside.post(LOG_IN, {"username": EMAIL, "password": password})
    assert answer.status_code == 302, "the person of the measurement logs in"
    return inside


def _asked(inside: Client, address: str, *, tries: int) -> dict[str, Any]:
    """What one answer costs in this process, once all is warm: cpu_ms, queries, bulk."""
    inside.get(address)
    with CaptureQueriesContext(connection) as captured, _counted_reads() as reads:
        inside.get(address)
        queries = [each["sql"] for each in captured]  # the next request empties the log
    times = []
    for _ in range(tries):
        began = time.process_time()
        inside.get(address)
        times.append(time.process_time() - began)
    return {
        "cpu_ms": round(min(times) * 1000, 1),
        "queries": sum(query not in {"BEGIN", "COMMIT"} for query in queries),
        "bulk": len(reads),
    }


@contextmanager
def _counted_reads() -> Iterator[list[str]]:
    """The SELECTs read through snapshots meanwhile; no log of Django's holds them."""
    plain, reads = Snapshot.read, list[str]()

    def noted(self: Snapshot, sql: str, schema: Any = None) -> Any:
        reads.append(sql)
        return plain(self, sql, schema)

    Snapshot.read = noted  # type: ignore[method-assign]
    try:
        yield reads
    finally:
        Snapshot.read = plain  # type: ignore[method-assign]

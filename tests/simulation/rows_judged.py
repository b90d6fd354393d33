"""The rows looked at: money, balances, what is written for ever. Laws: docs/reliability.md."""

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from aldia.queries.verify import verify_audit
from tests.simulation.books import Books
from tests.simulation.house import House
from tests.simulation.verdicts import Fault

_APPEND_ONLY = (
    *("ledger_document", "ledger_due_line", "ledger_credit", "ledger_allocation", "ledger_refund"),
    *("ledger_reversal", "ledger_overlay", "ledger_overlay_end", "ledger_acceptance", "cases_decision"),
    *("outreach_reply", "outreach_mailbox_mail", "outreach_dispatch_line", "audit_entry"),
)


def faults_of_money(books: Books) -> Iterator[Fault]:
    """I1, I2, I3: nothing below zero, the kept balances are the rows, no money made or lost."""
    for id_, minor in books.credits_left.items():
        if minor < 0:
            yield Fault("I1", f"credit {id_} is spent by {-minor} more than it is")
    for line in books.lines.values():
        if line.open_minor < 0:
            yield Fault("I1", f"line {line.number} is paid by {-line.open_minor} more than it is")
    kept = {id_: (minor, last) for id_, minor, last in books.rows.lines_kept}
    for id_, line in books.lines.items():
        if kept[id_][1] <= books.day and kept[id_][0] != line.open_minor:
            yield Fault("I2", f"line {line.number} is kept as {kept[id_][0]}, its rows say {line.open_minor}")
    for id_, minor, last in books.rows.credits_kept:
        if last <= books.day and minor != books.credits_left[id_]:
            yield Fault("I2", f"credit {id_} is kept as {minor}, its rows say {books.credits_left[id_]}")
    yield from _lost_money(books)


def _lost_money(books: Books) -> Iterator[Fault]:
    """I3, from the sums of whole tables: received = allocated + unallocated + returned + refunded."""
    currency_of = {row[0]: row[2] for row in books.rows.credits}
    allocation_of = {row[0]: currency_of[row[1]] for row in books.rows.allocations}
    refund_of = {row[0]: currency_of[row[1]] for row in books.rows.refunds}
    rest: dict[str, int] = defaultdict(int)
    for _, _, currency, minor, on in books.rows.credits:
        rest[currency] += minor if on <= books.day else 0
    for rows, named in ((books.rows.allocations, allocation_of), (books.rows.refunds, refund_of)):
        for row in rows:
            rest[named[row[0]]] -= row[-2] if row[-1] <= books.day else 0
    for credit, _, allocation, refund, minor, on in books.rows.reversals:
        if on > books.day:
            continue
        if credit is not None:
            rest[currency_of[credit]] -= minor
        elif allocation is not None:
            rest[allocation_of[allocation]] += minor
        elif refund is not None:
            rest[refund_of[refund]] += minor
    unallocated: dict[str, int] = defaultdict(int)
    for id_, minor in books.credits_left.items():
        unallocated[currency_of[id_]] += minor
    for currency, minor in rest.items():
        if minor != unallocated[currency]:
            yield Fault("I3", f"{minor - unallocated[currency]} {currency} came from nowhere or went there")


class Memory:
    """I4, I7: what was written stays as it was, and no planned message ever disappears."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._rows: dict[str, dict[int, str]] = {table: {} for table in _APPEND_ONLY}
        self._keys: set[str] = set()

    def faults(self) -> Iterator[Fault]:
        """Rows that are gone or other than they were when last seen."""
        for table, before in self._rows.items():
            now = dict(self._house.ask(f"SELECT id, md5(t::text) FROM {table} t"))
            changed = [id_ for id_, digest in before.items() if now.get(id_) != digest]
            if changed:
                yield Fault("I4", f"{table}: rows {changed[:5]} are gone or changed")
            self._rows[table] = now
        keys = {key for (key,) in self._house.ask("SELECT once_key FROM outreach_message")}
        if self._keys - keys:
            yield Fault("I7", f"messages have disappeared: {sorted(self._keys - keys)[:5]}")
        self._keys = keys


def faults_of_audit(house: House) -> Iterator[Fault]:
    """I10: every entry is sealed with the one before it, none is missing."""
    with house.books():
        for violation in verify_audit(house.creditor.pk):
            yield Fault("I10", violation.sentence)
    entries = house.ask("SELECT sequence, previous_digest, digest FROM audit_entry ORDER BY sequence")
    expected = ""
    for place, (sequence, previous, digest) in enumerate(entries, start=1):
        if sequence != place or previous != expected:
            yield Fault("I10", f"entry {sequence} does not follow the one before it")
            return
        expected = digest


_STANDS = """
SELECT (SELECT count(*) FROM outreach_message), (SELECT count(*) FROM cases_decision),
       (SELECT count(*) FROM cases_daily_run), (SELECT count(*) FROM cases_task),
       (SELECT count(*) FROM audit_entry), (SELECT count(*) FROM cases_episode),
       (SELECT count(*) FROM outreach_dispatch), (SELECT count(*) FROM outreach_mailbox_mail),
       (SELECT md5(string_agg(once_key || state, ',' ORDER BY id)) FROM outreach_message)
"""


def stands(house: House) -> tuple[Any, ...]:
    """What a run or a sending would change, counted; equal before and after one that changes nothing."""
    return house.ask(_STANDS)[0]

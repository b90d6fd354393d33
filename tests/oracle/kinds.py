"""How a customer pays, from docs/rules/kinds.md alone, in plain loops."""

from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction

from tests.oracle.balances import Book, LineState
from tests.oracle.behaviour import settled_on
from tests.oracle.promises import judge
from tests.oracle.world import MONEY_KINDS, World

_OF_REPLY = {"forgot": "forgot", "cannot": "cannot", "will_not": "stalls", "disputes": "disagrees"}
_OF_REASON = {
    "forgot": "forgot",
    "no_invoice": "forgot",
    "details_changed": "forgot",
    "no_liquidity": "cannot",
    "emergency": "cannot",
    "insolvency": "cannot",
    "stalling": "stalls",
    "disagrees": "disagrees",
    "dispute": "disagrees",
}


@dataclass(frozen=True, slots=True)
class KindFacts:
    """What §1 counts of one customer. late_days: of each line paid late. lately: those of over a
    week in the last half-year. said: the last stance, and when."""

    paid: int
    late_days: tuple[int, ...]
    lately: int
    days_now: tuple[int, ...]
    in_parts: int
    contested: int
    said: tuple[str, int] | None
    forgot: int
    promises: int
    broken: int
    partly_kept: int = 0


def kind_facts(book: Book, customer_id: int) -> KindFacts:
    """All of one customer, whatever the currency."""
    mine = [s for s in book.lines if s.line.customer_id == customer_id]
    paid, late_days, lately, in_parts = 0, [], 0, 0
    for state in mine:
        on = settled_on(state, book.day)
        if on is None:
            in_parts += state.overdue and any(p.credit_kind in MONEY_KINDS for p in state.net)
            continue
        paid += 1
        late = (on - state.line.due_date).days
        if late > 3:
            late_days.append(late)
        if late > 7 and on > book.day - timedelta(days=180):
            lately += 1
        money = [p.on for p in state.net if p.credit_kind in MONEY_KINDS]
        in_parts += (max(money) - min(money)).days >= 7
    said = _said(book.world, customer_id, book.day)
    verdicts = _verdicts(book, customer_id)
    return KindFacts(
        paid=paid,
        late_days=tuple(late_days),
        lately=lately,
        days_now=tuple(s.days for s in mine if _is_late_now(s)),
        in_parts=in_parts,
        contested=sum(_is_contested(book, s) for s in mine),
        said=(said[-1][1], (book.day - said[-1][0]).days) if said else None,
        forgot=sum(stance == "forgot" for _on, stance in said),
        promises=len(verdicts),
        broken=verdicts.count("broken"),
        partly_kept=verdicts.count("partly_kept"),
    )


def _is_late_now(state: LineState) -> bool:
    return state.overdue and state.days > 3 and state.open > state.disputed + state.covered


def _is_contested(book: Book, state: LineState) -> bool:
    disputed = any(o.kind == "dispute" and o.line_id == state.line.id for o in book.overlays)
    return state.open > 0 and disputed


def _said(world: World, customer_id: int, day: date) -> list[tuple[date, str]]:
    """Every stance of the year, oldest first; calls after what was written the same day."""
    found = []
    for reply in world.replies:
        if reply.customer_id == customer_id and reply.kind in _OF_REPLY:
            found.append((reply.received_on, 0, reply.id, _OF_REPLY[reply.kind]))
    for call in world.calls:
        if call.customer_id == customer_id and call.reason in _OF_REASON:
            found.append((call.said_on, 1, call.id, _OF_REASON[call.reason]))
    since = day - timedelta(days=365)
    return [(on, stance) for on, _source, _id, stance in sorted(found) if since < on <= day]


def _verdicts(book: Book, customer_id: int) -> list[str]:
    judged = judge(book)
    return [
        judged[p.id].state
        for p in book.world.promises
        if p.customer_id == customer_id
        and p.id in judged
        and (book.day - p.promised_on).days < 365
        and judged[p.id].state in ("kept", "partly_kept", "broken")
    ]


def inferred(facts: KindFacts) -> tuple[str, str]:
    """The kind and what it rests on: the first rule of §2 that applies."""
    late = len(facts.late_days) + len(facts.days_now)
    items = facts.paid + len(facts.days_now)
    share = Fraction(late, items) if items else Fraction(0)
    if facts.contested:
        return "circumstantial", "contested"
    if facts.said and facts.said[0] == "disagrees" and facts.said[1] < 90:
        return "circumstantial", "said_disagrees"
    if facts.said and facts.said[0] == "cannot" and facts.said[1] < 120:
        return "illiquid", "said_cannot"
    if facts.in_parts >= 2 and 2 * facts.in_parts >= late:
        return "illiquid", "pays_in_parts"
    if facts.said and facts.said[0] == "stalls" and facts.said[1] < 180:
        return "stalling", "said_stalls"
    if facts.broken >= 2:
        return "stalling", "breaks_promises"
    if share >= Fraction(6, 10) and _swings(sorted(facts.late_days)):
        return "stalling", "puts_off"
    if late >= 3 and share >= Fraction(8, 10):
        return "chronic", "always_late"
    if facts.forgot >= 2 and 10 * late >= items:
        return "careless", "said_forgot"
    if late >= 2 and share >= Fraction(2, 10):
        return "careless", "sometimes_late"
    punctual = items >= 3 and share <= Fraction(1, 10)
    if punctual and not facts.lately and max(facts.days_now, default=0) <= 7:
        return "good_payer", "on_time"
    if items >= 3 and late >= 1 and (late == 1 or share < Fraction(2, 10)):
        return "casual", "one_delay"
    return "unknown", "no_evidence"


def _swings(late_days: list[int]) -> bool:
    """Three or more, half of them 30 days late or more, spread by 10 days or more."""
    count = len(late_days)
    if count < 3:
        return False
    half = count // 2
    median = Fraction(late_days[half]) if count % 2 else Fraction(late_days[half - 1] + late_days[half], 2)
    mean = Fraction(sum(late_days), count)
    variance = sum(((n - mean) ** 2 for n in late_days), Fraction(0)) / count
    return median >= 30 and variance >= 100


def debtor_kind(book: Book, customer_id: int) -> str:
    """What a person judged last, unless given back; else what is inferred."""
    judged = [j for j in book.world.judgements if j.customer_id == customer_id and j.on <= book.day]
    last = max(judged, key=lambda j: j.id, default=None)
    if last is not None and last.kind:
        return last.kind
    return inferred(kind_facts(book, customer_id))[0]

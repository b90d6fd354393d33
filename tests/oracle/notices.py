"""Notices per document before anything is overdue (docs/rules/strategy.md §6)."""

from dataclasses import dataclass

from tests.oracle.balances import Book, LineState
from tests.oracle.conditions import evaluate, parse
from tests.oracle.frame import Row, money_scale, segment_of, strategy_of, words
from tests.oracle.promises import judge, until
from tests.oracle.world import Entry, Value

_CAME_TO_NOTHING = frozenset({"cancelled", "refused", "failed"})


@dataclass(frozen=True, slots=True, order=True)
class Notice:
    """A message row for one line: the id of its [[document]] entry and which try it is."""

    line_id: int
    entry: str
    occurrence: int


def notices(book: Book) -> list[Notice]:
    """Every notice of the day, ordered by line, then by the strategy's order of entries."""
    found = []
    for state in book.lines:
        if state.open > 0 and _welcome(book, state):
            for entry in strategy_of(book.world, state.customer).documents:
                notice = _notice(book, state, entry)
                if notice is not None:
                    found.append(notice)
    return found


def _welcome(book: Book, state: LineState) -> bool:
    live_from = book.world.settings.live_from
    customer = state.customer
    insolvent = customer.insolvent_on is not None and customer.insolvent_on <= book.day
    held = any(o.kind == "hold" and o.customer_id == customer.id for o in book.overlays)
    return live_from is not None and state.line.issued_on >= live_from and not insolvent and not held


def _notice(book: Book, state: LineState, entry: Entry) -> Notice | None:
    asks = entry.kind in ("pre_due", "due_today")
    if asks and (state.disputed + state.covered >= state.open or _is_promised(book, state.line.id)):
        return None
    before = [
        m
        for m in book.world.messages
        if m.kind == "document"
        and m.line_id == state.line.id
        and m.step == entry.id
        and m.planned_on <= book.day
    ]
    if any(m.state not in _CAME_TO_NOTHING for m in before):
        return None
    strategy = strategy_of(book.world, state.customer)
    seen = words(document_row(book, state), money_scale(strategy, state.line.currency))
    if evaluate(parse(entry.when), seen) is not True:
        return None
    return Notice(state.line.id, entry.id, 1 + len(before))


def _is_promised(book: Book, line_id: int) -> bool:
    """An open promise whose days are not over is for it."""
    return any(
        j.state == "open" and until(j.promise) >= book.day and line_id in {x.line_id for x in j.promise.parts}
        for j in judge(book).values()
    )


def document_row(book: Book, state: LineState) -> Row:
    """The columns that the conditions of [[document]] entries may use."""
    return {
        "customer": state.customer.code,
        "currency": state.line.currency,
        "person_kind": state.customer.person_kind,
        "segment": segment_of(state.customer),
        "kind": state.line.kind,
        "amount_minor": state.line.amount_minor,
        "open_minor": state.open,
        "days_since_issue": (book.day - state.line.issued_on).days,
        "days_to_due": (state.due - book.day).days,
        "acceptance_state": _acceptance(book, state),
    }


def _acceptance(book: Book, state: LineState) -> Value:
    known = [
        a
        for a in book.world.acceptances
        if a.document_id == state.line.document_id and a.effective_on <= book.day
    ]
    latest = max(known, key=lambda a: (a.effective_on, a.id), default=None)
    return None if latest is None else latest.state

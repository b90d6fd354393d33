"""Sending: claim a batch, hand over one message after the other, write down what became of each."""

import time
from collections import Counter, defaultdict, deque
from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from itertools import chain, count

from django.db import InterfaceError, OperationalError, connection, transaction

from aldia.channels.mail import Down, NotSent, Unknown
from aldia.kernel.faults import fault_point
from aldia.operations.outbox.batch import Claimed, Round
from aldia.operations.outbox.claiming import claim
from aldia.operations.outbox.report import SendReport
from aldia.operations.outbox.settling import Done, audit_of_the_sent, keep_trouble, put_back, settle_and_begin
from aldia.operations.outbox.stopping import why_stopped
from aldia.operations.outbox.taking_over import record_taken_over, take_over_dead
from aldia.operations.outbox.ways import Ways, open_ways
from aldia.operations.outbox.workers import at_work
from aldia.operations.statistics import fresh_statistics
from aldia.queries.outbox import outbox_counts
from aldia.records.tenancy.models import Creditor
from aldia.records.tenancy.scope import scope

BATCH = 300
"""So many are looked at and claimed together: most of what a look costs, it costs once."""
_PAUSE = timedelta(minutes=5)  # after a line that is down
_PUT_OFF_IN_A_ROW_MAX = 5
_LOOK_GOOD_FOR_SECONDS = 120.0
"""So long after the last look a mail may still begin; then the rest of the batch is looked at anew."""
_CALLS_MAX, _CALL_AGAIN_SECONDS = 10, 1.0
_ASKS_TO_WAIT = defaultdict(
    lambda: "El proveedor pide esperar una y otra vez.",
    email="El servidor de correo pide esperar una y otra vez.",
)
_DATABASE_CUT = Down("La base de datos se ha cortado durante el envío.")


def send_due(*, creditor: Creditor, now: datetime, actor: str, batch: int = BATCH) -> SendReport:
    """Send one batch of what may leave as of now. See `send_everything`."""
    return send_everything(creditor=creditor, moments=[now], actor=actor, batch=batch)


def send_everything(
    *,
    creditor: Creditor,
    moments: Iterable[datetime],
    actor: str,
    batch: int = BATCH,
    is_over: Callable[[], bool] = lambda: False,
    ways: Callable[[Creditor], AbstractContextManager[Ways]] = open_ways,
) -> SendReport:
    """Send batch after batch over the creditor's ways, each as of the next moment, until nothing more may
    leave.

    moments: aware, one for each batch; only at the real present does anything leave the house. is_over: asked
    before each message; what is not begun by then waits again. ways: how the creditor's ways are opened.
    Never inside a transaction: what is claimed and what was sent must stand at once. Raises
    MailNotConfigured, RehearsalLeaves, SecretUnreadable.
    """
    assert not connection.in_atomic_block, "a mail that has left cannot be rolled back"
    report, coming = SendReport(), iter(moments)
    first = next(coming, None)
    if first is None:
        return report
    with at_work() as worker:
        report.doubts += _doubts_of_the_dead(creditor, worker, first)
        with ways(creditor) as open_now:
            for now in chain([first], coming):
                open_now.keep_in_house(now)
                round_ = Round(creditor, now, actor, worker, open_now, batch, is_over)
                _one_batch(round_)
                report.add(round_.report)
                if not report.more or report.stopped or not open_now.channels or is_over():
                    break
    return report


def _doubts_of_the_dead(creditor: Creditor, worker: int, now: datetime) -> int:
    """Also where nothing may leave: a doubt is shown though the red button is pressed."""
    with transaction.atomic(durable=True), scope([creditor.pk]):
        taken = take_over_dead(creditor, worker=worker, now=now)
        record_taken_over(creditor, taken, now=now)
        return len(taken.in_doubt)


def _one_batch(round_: Round) -> None:
    fresh_statistics()
    round_.report.stopped = why_stopped(round_.creditor)
    if not round_.report.stopped:
        _hand_over(round_, deque(claim(round_)))
    fault_point("outbox.finished")
    with transaction.atomic(), scope([round_.creditor.pk]):
        counts = outbox_counts(round_.creditor, now=round_.now)
        audit_of_the_sent(round_)
    round_.report.waiting = counts.waiting_approval
    round_.report.waiting_channel = counts.waiting_channel
    round_.report.put_off = counts.put_off


def _hand_over(round_: Round, claimed: deque[Claimed]) -> None:
    """One after the other; what stops the batch gives the rest back. A channel in trouble gives back its own
    messages, and the others go on. The outcome of each is written together with the beginning of the next."""
    report, done = round_.report, None
    put_off_in_a_row = Counter[str]()
    looked = time.monotonic()
    while claimed:
        if round_.is_over() or time.monotonic() - looked > _LOOK_GOOD_FOR_SECONDS:
            report.more = True
            break
        channel = claimed[0].mail.channel
        transport = round_.ways.by_channel[channel].transport
        down = transport.ready()
        if down is None and put_off_in_a_row[channel] >= _PUT_OFF_IN_A_ROW_MAX:
            down = Down(_ASKS_TO_WAIT[channel])
        if down is not None:
            claimed = _close_way(round_, claimed, channel, down)
            continue
        begun, cut = _written(round_, done, claimed[0])
        done = None
        if cut:
            return _cut(round_, claimed)
        if not begun:
            report.stopped = why_stopped(round_.creditor)
            break
        each = claimed.popleft()
        fault_point("outbox.begun")
        outcome = transport.send(each.mail)
        fault_point("outbox.handed_over")
        done = Done(each, outcome)
        put_off = isinstance(outcome, NotSent) and not outcome.permanent
        put_off_in_a_row[channel] = put_off_in_a_row[channel] + 1 if put_off else 0
        if isinstance(outcome, Unknown):
            claimed = _close_way(round_, claimed, channel, Down(outcome.reason))
    if done is not None:
        _begun, cut = _written(round_, done, None)
        if cut:
            return _cut(round_, claimed)
    report.returned += put_back(round_, claimed, not_before=None)
    return None


def _written(round_: Round, done: Done | None, following: Claimed | None) -> tuple[bool, bool]:
    """The outcome of one and the beginning of the next written down: whether the next has begun, and whether
    the database had to be called again for it.

    What is known is not given up for a line that broke: a message that left would be in doubt. Called again,
    nothing begins any more.
    """
    for calls in count():
        try:
            state, begun = settle_and_begin(round_, done, following if calls == 0 else None)
        except (OperationalError, InterfaceError):
            if calls == _CALLS_MAX:
                raise
            connection.close()
            time.sleep(_CALL_AGAIN_SECONDS)
            continue
        if state:
            setattr(round_.report, state, getattr(round_.report, state) + 1)
            fault_point("outbox.settled")
        return begun, calls > 0
    raise AssertionError("count() never ends")


def _cut(round_: Round, claimed: deque[Claimed]) -> None:
    """The database hung up meanwhile: all the rest waits a while."""
    for channel in list(round_.ways.channels):
        claimed = _close_way(round_, claimed, channel, _DATABASE_CUT)


def _close_way(round_: Round, claimed: deque[Claimed], channel: str, down: Down) -> deque[Claimed]:
    """Something is wrong with the way itself: its messages wait a while, and this round claims no more of
    them. What is left of the others."""
    of_it = [each for each in claimed if each.mail.channel == channel]
    round_.ways.closed[channel] = down.reason
    round_.report.trouble = round_.report.trouble or down.reason
    round_.report.returned += put_back(round_, of_it, not_before=round_.now + _PAUSE)
    keep_trouble(round_, channel, down.reason)
    return deque(each for each in claimed if each.mail.channel != channel)

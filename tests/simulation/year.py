"""One year of a house, from a seed: what happens, what it does about it, and a judge after every moment."""

import random
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import repeat
from zoneinfo import ZoneInfo

from aldia.operations.outbox import SendReport, send_everything
from aldia.operations.run import RunReport, daily_run
from aldia.queries.reconciliation import sending_lock
from aldia.records.tenancy.models import Creditor
from tests.simulation.books import Books, read_rows
from tests.simulation.calendar import is_holiday
from tests.simulation.cases_judged import faults_of_cases
from tests.simulation.habits import life_of
from tests.simulation.house import House, found_house
from tests.simulation.journal import Journal
from tests.simulation.mails_judged import Bench, Box, faults_of_mail
from tests.simulation.promises_judged import faults_of_promises, words_of
from tests.simulation.rows_judged import Memory, faults_of_audit, faults_of_money, stands
from tests.simulation.staff import Staff
from tests.simulation.steps_judged import faults_of_decisions, faults_of_steps, sent_steps
from tests.simulation.verdicts import Broken, Fault
from tests.simulation.wire import connected
from tests.simulation.wire_judged import faults_of_wire

ACTOR = "reloj"
_ZONE = ZoneInfo("Europe/Madrid")


@dataclass(frozen=True, slots=True)
class Shape:
    """How much of a year is lived. customers: of the house. gaps: days from one on which somebody works
    to the next, drawn at random. trouble: share of mails that go wrong on the way. days: how
    long it lasts."""

    customers: int = 12
    gaps: tuple[int, ...] = (1, 1, 1, 2, 7, 14, 28, 60)
    trouble: float = 0.04
    days: int = 365


EVERY_DAY = Shape(customers=32, gaps=(1,))


class Year:
    """A year under way. seed: everything follows from it. only: the one law that is looked at, all of
    them for blank. counts: what happened, to be told at the end."""

    def __init__(self, seed: int, shape: Shape = Shape(), *, only: str = "") -> None:
        self.seed, self.shape, self._only = seed, shape, only
        self.counts: Counter[str] = Counter()
        self._rng = random.Random(seed)
        self._first = date(2026, 1, 5) + timedelta(days=self._rng.randrange(300))
        self._now = _at(self._first, time(6))
        self._house = self._founded()
        self._journal, self._box = Journal(), Box(self._house)
        self._staff, self._memory = Staff(self._house, self._journal), Memory(self._house)

    def live(self) -> Counter[str]:
        """The whole year. Raises Broken at the first moment at which a law does not hold."""
        with connected(self._house.wire):
            for day in self._days():
                self._one_day(day)
        self._at_the_end()
        return self.counts

    def _founded(self) -> House:
        customers, trouble = self.shape.customers, self.shape.trouble
        code = f"casa-{self.seed}"
        house = found_house(self._rng, code, self._now, customers=customers, trouble=trouble)
        last = self._first + timedelta(days=self.shape.days)
        for person in house.everybody:
            house.agenda.add(*life_of(self._rng, person, self._first, last))
        return house

    def _days(self) -> Iterator[date]:
        """Days on which somebody works: some in a row, then nobody for a while. In between the clock alone
        goes on, and now and then, above all on holidays, a sending is tried."""
        last, next_ = self._first + timedelta(days=self.shape.days), self._first
        for day in (self._first + timedelta(days=n) for n in range(self.shape.days)):
            if day == next_:
                yield day
                next_ = min(last, day + timedelta(days=self._rng.choice(self.shape.gaps)))
            elif self._rng.random() < (0.3 if is_holiday(day, "ES") else 0.02):
                self._send(_at(day, self._hour(0, 24)))

    def _hour(self, earliest: int, latest: int) -> time:
        return time(self._rng.randrange(earliest, latest), self._rng.randrange(60))

    def _one_day(self, day: date) -> None:
        self.counts["days"] += 1
        morning, midday = self._halved(day)
        self._happen(morning, _at(day, self._hour(6, 8)))
        if self._rng.random() < 0.85:
            self._run(day, _at(day, time(8)))
        self._perhaps_send(0.1, day, time(8, 5))
        self._staff.work(_at(day, time(9, 5)))
        self._send(_at(day, time(9, 20)))
        self._happen(midday, _at(day, time(12)))
        self._perhaps_send(0.3, day, time(12, 40))
        if self._rng.random() < 0.1:
            self._run(day, _at(day, time(15)))
        self._perhaps_send(0.5, day, time(17, 45))
        self._perhaps_send(0.07, day, time(22, 30))
        self._judge_rows(_at(day, time(23)))

    def _halved(self, day: date) -> tuple[list, list]:  # type: ignore[type-arg]
        """What has happened since anybody looked: part of it is known in the morning, the rest at noon."""
        deeds = self._house.agenda.take_until(day)
        cut = self._rng.randint(0, len(deeds)) if self._rng.random() < 0.5 else len(deeds)
        return deeds[:cut], deeds[cut:]

    def _happen(self, deeds: Iterable, now: datetime) -> None:  # type: ignore[type-arg]
        deeds = list(deeds)
        self._now = now
        self._house.work(deeds, now)
        self.counts["deeds"] += len(deeds)
        self._journal.bank_on = self._house.statement_on

    def _run(self, day: date, now: datetime) -> None:
        self._now = now
        report = self._run_once(day, now)
        self.counts["runs"] += 1
        self.counts["held"] += report.held
        books = self._books(now)
        self._judge(faults_of_decisions(self._house, books, sum(report.decisions.values())))
        self._judge(faults_of_promises(self._house, books))
        self._judge(faults_of_cases(self._house, books))
        if self._rng.random() < 0.15:
            before = stands(self._house)
            again = self._run_once(day, now + timedelta(minutes=self._rng.choice([0, 1, 30])))
            is_traced = again.recorded or stands(self._house) != before
            is_locked = sending_lock() is not None  # then each run is written down
            if (is_traced and not is_locked) or again.digest != report.digest:
                self._judge([Fault("I11", f"the run of {day} repeated changes something")])
            self.counts["repeated"] += 1

    def _run_once(self, day: date, now: datetime) -> RunReport:
        return daily_run(creditor=self._creditor(), on=day, now=now, actor=ACTOR)

    def _creditor(self) -> Creditor:
        """Read afresh, as every program that starts does."""
        return Creditor.objects.get(pk=self._house.creditor.pk)

    def _perhaps_send(self, share: float, day: date, at: time) -> None:
        if self._rng.random() < share:
            self._send(_at(day, at))

    def _send(self, now: datetime) -> None:
        self._now = now
        self._house.wire.is_down = self._rng.random() < 0.02
        report = self._send_once(now)
        self.counts["sent"] += report.sent
        for rule, times in (report.cancelled + report.postponed).items():
            self.counts[f"gate:{rule}"] += times
        self._look_into_the_box(now)
        if self._rng.random() < 0.1 and not self._house.wire.is_down:
            again = self._send_once(now)
            if again.sent or self._box.look():
                self._judge([Fault("I5", f"sending again at {now} sends {again.sent} more")])

    def _send_once(self, now: datetime) -> SendReport:
        batch = 3 if self._rng.random() < 0.05 else 50
        return send_everything(creditor=self._creditor(), moments=repeat(now), actor=ACTOR, batch=batch)

    def _look_into_the_box(self, now: datetime) -> None:
        earlier = list(self._box.arrived)
        fresh = self._box.look()
        if not fresh:
            return
        self.counts["mails"] += len(fresh)
        bench = Bench(self._house, self._journal, self._books(now), earlier)
        for mail in fresh:
            self._judge(faults_of_mail(bench, mail))
            earlier.append(mail)

    def _books(self, now: datetime) -> Books:
        day = self._house.today(now)
        rows, tolerance = read_rows(self._house, day), self._house.creditor.tolerance_minor
        return Books(rows, day, tolerance_minor=tolerance, words=words_of(self._house, rows, day))

    def _judge_rows(self, now: datetime) -> None:
        self._now = now
        house = self._house
        self._judge(faults_of_money(self._books(now)))
        self._judge(faults_of_steps(house, self._journal, sent_steps(house)))
        self._judge(faults_of_wire(house, self._box.arrived))
        if self.counts["days"] % 10 == 0:
            self._judge(self._memory.faults())

    def _at_the_end(self) -> None:
        self._judge(self._memory.faults())
        self._judge(faults_of_audit(self._house))
        house = self._house
        self.counts |= {"files": house.files, "undone": house.undone, "refused": house.refused}
        self.counts["doubts"] = sum(each.fate in ("lost", "unheard") for each in house.wire.attempts)
        self.counts["decided_by_people"] = self._staff.deeds
        self.counts["promised"] = len(house.promised)

    def _judge(self, faults: Iterable[Fault]) -> None:
        found = [fault for fault in faults if self._only in ("", fault.law)]
        if found:
            raise Broken(found, f"seed {self.seed}, {self._now:%Y-%m-%d %H:%M} UTC")


def _at(day: date, hour: time) -> datetime:
    return datetime.combine(day, hour, _ZONE).astimezone(UTC)

"""The people of the house: they say yes, no, not yet, in other words; they stop, resume, ring, find out."""

from datetime import datetime, timedelta

from aldia.operations import outbox
from aldia.operations.run import release_held
from aldia.operations.tasks import close_task
from aldia.queries.outbox import Unit, units_not_left
from aldia.records.cases.models import DailyRun
from aldia.records.tenancy.models import House as Everywhere
from tests.simulation.house import ACTOR, House
from tests.simulation.journal import Journal

_OTHER_WORDS = "Hola, {cliente}:\n\nA día de hoy:\n\n{partidas}\n\n{firma}"


class Staff:
    """Whoever works in the house, and what they remember."""

    def __init__(self, house: House, journal: Journal) -> None:
        self._house, self._journal, self._rng = house, journal, house.rng
        self.deeds = 0

    def work(self, now: datetime) -> None:
        """A round through everything that waits for a person."""
        self._red_button(now)
        self._brake(now)
        self._outbox(now)
        self._calls(now)
        self._doubts(now)

    def _by(self, now: datetime) -> dict[str, object]:
        return {"creditor": self._house.creditor, "actor": ACTOR, "now": now}

    def _chance(self, share: float) -> bool:
        return self._rng.random() < share

    def _red_button(self, now: datetime) -> None:
        """Now and then everything stops, by the creditor's button or by the lock on all creditors."""
        journal, by = self._journal, self._by(now)
        if journal.is_stopped:
            if self._chance(0.6):
                outbox.resume_sending(**by)  # type: ignore[arg-type]
                Everywhere.objects.update(sending_locked_at=None, sending_locked_reason="")
                journal.resume(now)
        elif self._chance(0.04):
            journal.stop(now)
            if self._chance(0.5):
                outbox.stop_sending(**by)  # type: ignore[arg-type]
            else:
                locked = {"sending_locked_at": now, "sending_locked_reason": "copia restaurada."}
                Everywhere.objects.update_or_create(pk=1, defaults=locked)

    def _brake(self, now: datetime) -> None:
        with self._house.books():
            held = DailyRun.objects.filter(held=True, released_at=None).exists()
        if held and self._chance(0.7):
            release_held(**self._by(now))  # type: ignore[arg-type]

    def _outbox(self, now: datetime) -> None:
        with self._house.books():
            units = units_not_left(self._house.creditor)
        for unit in units:
            if self._chance(0.04):
                self._judge_one(unit, now)
        if self._chance(0.7):
            with self._house.books():
                waiting = [
                    each.key
                    for each in units_not_left(self._house.creditor)
                    if each.state == "waiting_approval"
                ]
            outbox.approve(**self._by(now))  # type: ignore[arg-type]
            self._journal.approved |= dict.fromkeys(waiting, now)
            self.deeds += len(waiting)

    def _units(self) -> list[Unit]:
        with self._house.books():
            return units_not_left(self._house.creditor)

    def _once_keys(self, unit: Unit) -> list[str]:
        """The messages of a unit; others of the same customer and day may join its bundle later."""
        listed = ",".join(str(each) for each in unit.message_ids)
        rows = self._house.ask(f"SELECT once_key FROM outreach_message WHERE id IN ({listed})")
        return [key for (key,) in rows]

    def _judge_one(self, unit: Unit, now: datetime) -> None:
        """One message by itself: no, not yet, in other words, or yes."""
        by, key, journal = self._by(now), unit.key, self._journal
        self.deeds += 1
        match self._rng.choice(["skip", "postpone", "edit", "edit", "approve"]):
            case "skip":
                journal.skipped |= dict.fromkeys(self._once_keys(unit), now)
                outbox.skip(keys=[key], **by)  # type: ignore[arg-type]
            case "postpone":
                until = now + timedelta(hours=self._rng.choice([2, 26, 75]))
                outbox.postpone(keys=[key], until=until, **by)  # type: ignore[arg-type]
                journal.postponed[key] = until
            case "edit" if unit.channel == "email":
                outbox.edit(key=key, subject="Nota sobre {documentos}", body=_OTHER_WORDS, **by)  # type: ignore[arg-type]
                journal.edited.add(key)
            case "approve" if unit.state == "waiting_approval":
                outbox.approve(keys=[key], **by)  # type: ignore[arg-type]
                journal.approved[key] = now

    def _calls(self, now: datetime) -> None:
        """Somebody rings, or decides not to."""
        tasks = self._house.ask(
            "SELECT id, customer_id FROM cases_task"
            " WHERE state = 'open' AND channel = 'call' AND kind = 'dunning'"
            " ORDER BY id"
        )
        for task, customer in tasks:
            if self._chance(0.4):
                on, done = self._house.today(now), self._chance(0.7)
                close_task(task_id=task, done=done, on=on, **self._by(now))  # type: ignore[arg-type]
                if done:
                    self._journal.calls.append((customer, on))

    def _doubts(self, now: datetime) -> None:
        """Somebody asks the customer whether the mail arrived, and hears the truth."""
        unknown = self._house.ask("SELECT key FROM outreach_dispatch WHERE state = 'unknown' ORDER BY id")
        for (key,) in unknown:
            if self._chance(0.3):
                arrived = self._house.wire.sendings_of(key)[-1].fate == "unheard"
                outbox.resolve_doubt(key=key, sent=arrived, **self._by(now))  # type: ignore[arg-type]
                self._journal.resolved += 1

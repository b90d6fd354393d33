"""The audit chain for readers: newest first, narrowed, each entry checked against its own seal."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db.models import QuerySet

from aldia.connectors.audit_key import audit_key
from aldia.kernel.dates import EARLIEST, LATEST
from aldia.queries.people import names_of, program_name
from aldia.queries.verify import Violation, seal_of, verify_audit
from aldia.records.audit.models import AuditEntry, AuditHead
from aldia.records.tenancy.models import Creditor

PAGE = 50
EXPORT_MAX = 100_000


@dataclass(frozen=True, slots=True)
class AuditFilter:
    """What is asked for; blank or None: whatever. on: a day of the creditor. before: below this sequence."""

    verb: str = ""
    actor: str = ""
    subject: str = ""
    on: date | None = None
    before: int | None = None


@dataclass(frozen=True, slots=True)
class Noted:
    """An entry. who: the actor's name. about: whom it is about, blank where that is no person of the house.
    intact: its seal is right."""

    entry: AuditEntry
    who: str
    about: str
    intact: bool


@dataclass(frozen=True, slots=True)
class AuditPage:
    """next_before: where the next page begins, None at the end."""

    rows: tuple[Noted, ...]
    next_before: int | None


@dataclass(frozen=True, slots=True)
class ChainCheck:
    """length: entries of the chain. broken: what is wrong, None where all of it is as it was written."""

    length: int
    broken: Violation | None


def audit_page(creditor: Creditor, asked: AuditFilter) -> AuditPage:
    """Fifty entries, within the creditor's scope."""
    found = list(_entries(creditor, asked)[: PAGE + 1])
    rows = _noted(found[:PAGE])
    return AuditPage(rows, found[PAGE - 1].sequence if len(found) > PAGE else None)


def audit_rows(creditor: Creditor, asked: AuditFilter) -> tuple[Noted, ...]:
    """All that was asked for, up to EXPORT_MAX."""
    return _noted(list(_entries(creditor, asked)[:EXPORT_MAX]))


def check_chain(creditor: Creditor) -> ChainCheck:
    """Every entry of the chain read and sealed again; about 20 µs each."""
    head = AuditHead.objects.filter(creditor=creditor).first()
    return ChainCheck(head.sequence if head else 0, next(iter(verify_audit(creditor.pk)), None))


def _entries(creditor: Creditor, asked: AuditFilter) -> QuerySet[AuditEntry]:
    rows = AuditEntry.objects.filter(creditor=creditor).order_by("-sequence")
    said = {"verb": asked.verb, "actor": asked.actor, "subject": asked.subject}
    rows = rows.filter(**{name: value for name, value in said.items() if value})
    if asked.before is not None:
        rows = rows.filter(sequence__lt=asked.before)
    if asked.on is not None:
        if not EARLIEST <= asked.on <= LATEST:
            return rows.none()
        begins, ends = _bounds(asked.on, creditor.time_zone)
        rows = rows.filter(recorded_at__gte=begins, recorded_at__lt=ends)
    return rows


def _bounds(day: date, zone: str) -> tuple[datetime, datetime]:
    there = ZoneInfo(zone)
    return datetime.combine(day, time(), there), datetime.combine(day + timedelta(days=1), time(), there)


def _noted(entries: list[AuditEntry]) -> tuple[Noted, ...]:
    key = audit_key()
    said = {_user(each.actor) for each in entries} | {_user(each.subject) for each in entries}
    names = names_of(said - {0})
    return tuple(
        Noted(
            entry=each,
            who=names.get(_user(each.actor)) or program_name(each.actor),
            about=names.get(_user(each.subject), ""),
            intact=each.digest == seal_of(each, key),
        )
        for each in entries
    )


def _user(text: str) -> int:
    """The number in `user:17`; 0 for anything else."""
    kind, _colon, number = text.partition(":")
    return int(number) if kind == "user" and number.isdecimal() else 0

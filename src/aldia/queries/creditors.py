"""Which creditor is meant, and whose daily run is due."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.db import transaction

from aldia.kernel.clock import business_date
from aldia.kernel.errors import AldiaError
from aldia.records.cases.models import DailyRun
from aldia.records.ledger.models import CreditBalance, ItemBalance
from aldia.records.tenancy.models import Creditor
from aldia.records.tenancy.scope import scope

DEMO_CODE = "demo"
"""The code of the demonstration's creditor, whose day is the last one of its data."""


class NoCreditor(AldiaError):
    """Nobody is owed yet."""

    code = "no_creditor"


class UnknownCreditor(AldiaError):
    """No creditor bears this code."""

    code = "unknown_creditor"


class CreditorUnclear(AldiaError):
    """There are several creditors and none was named. facts: codes."""

    code = "creditor_unclear"


def all_creditors() -> list[Creditor]:
    """Every creditor of this installation, by code."""
    return list(Creditor.objects.order_by("code"))


def the_creditor(code: str | None) -> Creditor:
    """The creditor of that code, or the only one. Raises NoCreditor, UnknownCreditor, CreditorUnclear."""
    known = all_creditors()
    if not known:
        raise NoCreditor(
            "Todavía no hay ningún acreedor: créelo con «aldia init --name NOMBRE --country ES»."
        )
    codes = [creditor.code for creditor in known]
    if code is None:
        if len(known) == 1:
            return known[0]
        raise CreditorUnclear(
            f"Hay varios acreedores; diga cuál con «--creditor»: {', '.join(codes)}.", codes=codes
        )
    if code not in codes:
        raise UnknownCreditor(
            f"No hay ningún acreedor con el código «{code}». Los que hay: {', '.join(codes)}.", codes=codes
        )
    return known[codes.index(code)]


def default_date(creditor: Creditor, now: datetime) -> date:
    """The creditor's business date; for the demonstration, the last date of its data."""
    today = business_date(now, creditor.time_zone)
    if creditor.code != DEMO_CODE:
        return today
    with transaction.atomic(), scope([creditor.pk]):
        newest = [
            model.objects.order_by("-last_effective_on").values_list("last_effective_on", flat=True).first()
            for model in (ItemBalance, CreditBalance)
        ]
        return max((day for day in newest if day is not None), default=today)


def due_creditors(now: datetime) -> list[Creditor]:
    """Creditors whose hour of the daily run has come today, in their zone, and who have no run for today."""
    return [c for c in all_creditors() if _hour_has_come(c, now) and not _has_run(c, now)]


def _hour_has_come(creditor: Creditor, now: datetime) -> bool:
    local = now.astimezone(ZoneInfo(creditor.time_zone)).time()
    return creditor.run_at is not None and local >= creditor.run_at


def _has_run(creditor: Creditor, now: datetime) -> bool:
    """A run of today, or of a later day, after which one of today would be refused."""
    today = business_date(now, creditor.time_zone)
    with transaction.atomic(), scope([creditor.pk]):
        return DailyRun.objects.filter(creditor=creditor, on_date__gte=today).exists()

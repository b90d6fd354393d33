"""When whole areas are not written to: pauses by postcode after a catastrophe, and municipal holidays."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction

from aldia.kernel.clock import business_date
from aldia.kernel.dates import refuse_outside_ledger
from aldia.kernel.errors import AldiaError
from aldia.operations.audit import record_event
from aldia.records.parties.models import AreaHold, LocalHoliday
from aldia.records.tenancy.models import Creditor
from aldia.records.tenancy.scope import scope
from aldia.rules.postcodes import folded_postcode

_PREFIXES_MAX, _TEXT_MAX = 200, 200


class AreaRefused(AldiaError):
    """What was said of an area or its days cannot be so. facts: field."""

    code = "area_refused"


class UnknownArea(AldiaError):
    """There is no such pause or holiday any more."""

    code = "unknown_area"


@dataclass(frozen=True, slots=True)
class NewAreaHold:
    """country: ISO 3166. prefixes: beginnings of postal codes. from_on … until_on: half-open."""

    country: str
    prefixes: Sequence[str]
    reason: str
    from_on: date
    until_on: date


@dataclass(frozen=True, slots=True)
class NewLocalHoliday:
    """prefix: beginning of the municipality's postal codes. name: of the holiday, may be blank."""

    country: str
    municipality: str
    prefix: str
    on_date: date
    name: str = ""


def record_area_hold(*, creditor: Creditor, new: NewAreaHold, actor: str, now: datetime) -> AreaHold:
    """Nobody in these postcodes is written to in those days. Raises AreaRefused, DayOutsideLedger."""
    values = _fit_hold(new)
    with transaction.atomic(), scope([creditor.pk]):
        made = AreaHold.objects.create(creditor=creditor, recorded_by=actor, recorded_at=now, **values)
        told = {"prefixes": len(made.prefixes), "from": made.from_on.isoformat()}
        _record("area_hold.recorded", f"area_hold:{made.pk}", _By(creditor, actor, now), _until(made) | told)
    return made


def end_area_hold(*, creditor: Creditor, hold_id: int, actor: str, now: datetime) -> AreaHold:
    """The pause is over from today on. Raises UnknownArea."""
    with transaction.atomic(), scope([creditor.pk]):
        rows = AreaHold.objects.select_for_update().filter(creditor=creditor, pk=hold_id, ended_at=None)
        known = rows.first()
        if known is None:
            raise UnknownArea("Esa pausa no existe o ya está terminada.")
        known.ended_on = business_date(now, creditor.time_zone)
        known.ended_by, known.ended_at = actor, now
        known.save(update_fields=["ended_on", "ended_by", "ended_at"])
        _record("area_hold.ended", f"area_hold:{known.pk}", _By(creditor, actor, now), _until(known))
    return known


def add_local_holiday(*, creditor: Creditor, new: NewLocalHoliday, actor: str, now: datetime) -> LocalHoliday:
    """A day kept in one municipality. Raises AreaRefused, DayOutsideLedger."""
    refuse_outside_ledger(new.on_date)
    values = {
        "country": _country(new.country),
        "municipality": _text(new.municipality, "municipality", "Escriba el nombre del municipio."),
        "prefix": _prefix(new.prefix),
        "on_date": new.on_date,
        "name": " ".join(new.name.split())[:_TEXT_MAX],
    }
    try:
        with transaction.atomic(), scope([creditor.pk]):
            made = LocalHoliday.objects.create(
                creditor=creditor, recorded_by=actor, recorded_at=now, **values
            )
            told = {"country": made.country, "on": made.on_date.isoformat()}
            _record("local_holiday.added", f"local_holiday:{made.pk}", _By(creditor, actor, now), told)
    except IntegrityError as error:
        diagnosis = getattr(error.__cause__, "diag", None)
        if getattr(diagnosis, "constraint_name", None) != "local_holiday_is_one_per_place_and_day":
            raise
        raise AreaRefused(
            "Ese festivo ya está anotado para esos códigos postales.", field="on_date"
        ) from error
    return made


def remove_local_holiday(*, creditor: Creditor, holiday_id: int, actor: str, now: datetime) -> None:
    """The day is like any other again. Raises UnknownArea."""
    with transaction.atomic(), scope([creditor.pk]):
        gone, _tables = LocalHoliday.objects.filter(creditor=creditor, pk=holiday_id).delete()
        if not gone:
            raise UnknownArea("Ese festivo ya no está.")
        _record("local_holiday.removed", f"local_holiday:{holiday_id}", _By(creditor, actor, now), {})


def _fit_hold(new: NewAreaHold) -> dict[str, Any]:
    for day in (new.from_on, new.until_on):
        refuse_outside_ledger(day)
    if new.until_on <= new.from_on:
        raise AreaRefused("La fecha final tiene que ser posterior a la inicial.", field="until_on")
    prefixes = list(dict.fromkeys(_prefix(each) for each in new.prefixes if each.strip()))
    if not prefixes:
        raise AreaRefused("Escriba al menos el comienzo de un código postal.", field="prefixes")
    if len(prefixes) > _PREFIXES_MAX:
        raise AreaRefused(f"Caben {_PREFIXES_MAX} códigos postales en una pausa.", field="prefixes")
    return {
        "country": _country(new.country),
        "prefixes": prefixes,
        "reason": _text(new.reason, "reason", "Escriba por qué se hace la pausa."),
        "from_on": new.from_on,
        "until_on": new.until_on,
    }


def _country(code: str) -> str:
    country = code.strip().upper()
    if len(country) != 2 or not country.isascii() or not country.isalpha():
        raise AreaRefused(f"«{code}» no es un país: use dos letras, como ES o PE.", field="country")
    return country


def _prefix(text: str) -> str:
    prefix = folded_postcode(text)
    if not prefix or not prefix.isascii() or len(prefix) > 10:
        raise AreaRefused(
            f"«{text.strip()[:20]}» no es el comienzo de un código postal: use cifras o letras.",
            field="prefixes",
        )
    return prefix


def _text(text: str, field: str, otherwise: str) -> str:
    plain = " ".join(text.split())
    if not plain or not plain.isprintable():
        raise AreaRefused(otherwise, field=field)
    if len(plain) > _TEXT_MAX:
        raise AreaRefused(f"Pasa de {_TEXT_MAX} caracteres: acórtelo.", field=field)
    return plain


def _until(hold: AreaHold) -> dict[str, Any]:
    return {"country": hold.country, "until": (hold.ended_on or hold.until_on).isoformat()}


@dataclass(frozen=True, slots=True)
class _By:
    creditor: Creditor
    actor: str
    now: datetime


def _record(verb: str, subject: str, by: _By, payload: dict[str, Any]) -> None:
    record_event(
        creditor_id=by.creditor.pk,
        verb=verb,
        subject=subject,
        actor=by.actor,
        payload=payload,
        at=by.now,
    )

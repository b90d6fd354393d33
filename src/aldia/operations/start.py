"""The first six answers put into effect: strategies, settings, calendar; all at once, as often as wanted."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from aldia.jurisdictions.calendars import holidays_of
from aldia.jurisdictions.loader import load_jurisdiction
from aldia.kernel.errors import AldiaError
from aldia.operations.audit import record_event
from aldia.operations.settings import change_settings
from aldia.operations.strategies import set_strategy
from aldia.queries.start import PROFILE_KEY, nothing_booked
from aldia.records.cases.models import StrategyAssignment
from aldia.records.tenancy.models import Creditor
from aldia.records.tenancy.scope import scope
from aldia.rules.portfolio.strategy import digest
from aldia.rules.start import Answers, Proposal


class StartRefused(AldiaError):
    """An answer that cannot be put into effect any more."""

    code = "start_refused"


@dataclass(frozen=True, slots=True)
class Started:
    """strategies: names that were put in force. settings: names of what was changed. Empty: nothing new."""

    strategies: tuple[str, ...]
    settings: tuple[str, ...]


def apply_start(
    *,
    creditor: Creditor,
    answers: Answers,
    proposal: Proposal,
    settings: Mapping[str, Any],
    with_strategies: bool,
    actor: str,
    now: datetime,
) -> Started:
    """Put the answers into effect; what is so already stays untouched.

    settings: as `change_settings` takes them. with_strategies: False leaves every strategy as it is. Raises
    StartRefused (another country after something was booked), UnknownPlace, StrategyRefused, SettingRefused;
    then nothing is changed.
    """
    with transaction.atomic(), scope([creditor.pk]):
        moved = _move(creditor, answers)
        set_ = _set_strategies(creditor, proposal, actor, now) if with_strategies else ()
        new = {name: value for name, value in settings.items() if getattr(creditor, name) != value}
        if new:
            change_settings(creditor=creditor, actor=actor, now=now, **new)
        kept = _keep_answers(creditor, answers, proposal, with_strategies)
        started = Started(set_, (*moved, *sorted(new)))
        if kept or set_ or moved or new:
            _record(creditor, answers, started, actor, now)
        return started


def _move(creditor: Creditor, answers: Answers) -> tuple[str, ...]:
    """Country and calendar place; the hour of the day follows, unless another one was chosen by hand."""
    if (answers.country, answers.place) == (creditor.country, creditor.place):
        return ()
    before, law = load_jurisdiction(creditor.country), load_jurisdiction(answers.country)
    changes: dict[str, Any] = {"place": answers.place}
    if answers.place:
        holidays_of(answers.place, [])
    if law.country != creditor.country:
        _refuse_after_first_booking(creditor)
        changes |= {"country": law.country, "currency": law.currency}
    if creditor.time_zone == before.zone_of(creditor.place or creditor.country):
        changes["time_zone"] = law.zone_of(answers.place or law.country)
    changes = {name: value for name, value in changes.items() if getattr(creditor, name) != value}
    Creditor.objects.filter(pk=creditor.pk).update(**changes)
    creditor.refresh_from_db()
    return tuple(sorted(changes))


def _refuse_after_first_booking(creditor: Creditor) -> None:
    if not nothing_booked(creditor):
        raise StartRefused(
            "El país no se puede cambiar: ya hay facturas o cobros anotados con su moneda y su ley.",
            country=creditor.country,
        )


def _set_strategies(creditor: Creditor, proposal: Proposal, actor: str, now: datetime) -> tuple[str, ...]:
    """Each of the proposal's strategies where it is not in force with the same words."""
    in_force = {
        each.segment: (each.strategy_version.name, each.strategy_version.digest)
        for each in StrategyAssignment.objects.filter(
            creditor=creditor, customer__isnull=True
        ).select_related("strategy_version")
    }
    wanted = {"": proposal.name, **proposal.segments}
    set_: list[str] = []
    for segment, name in wanted.items():
        toml = proposal.toml(name)
        if in_force.get(segment) == (name, digest(toml)):
            continue
        set_strategy(
            creditor_id=creditor.pk,
            toml=toml,
            now=now,
            actor=actor,
            segments=(segment,) if segment else (),
        )
        set_.append(name)
    return tuple(dict.fromkeys(set_))


def _keep_answers(creditor: Creditor, answers: Answers, proposal: Proposal, with_strategies: bool) -> bool:
    """In the profile, for the next time; True where they are other ones."""
    row = Creditor.objects.select_for_update(no_key=True).get(pk=creditor.pk)
    before = row.profile.get(PROFILE_KEY, {})
    digests = {name: digest(proposal.toml(name)) for name in proposal.tunings} if with_strategies else {}
    after = {"answers": _plain(answers), "digests": before.get("digests", {}) | digests}
    if before == after:
        return False
    Creditor.objects.filter(pk=creditor.pk).update(
        profile=row.profile | {PROFILE_KEY: after},
        **({"default_strategy": proposal.name} if with_strategies else {}),
    )
    creditor.refresh_from_db()
    return True


def _plain(answers: Answers) -> dict[str, Any]:
    return {
        "sells": answers.sells.value,
        "buyers": sorted(each.value for each in answers.buyers),
        "charges": answers.charges.value,
        "decides": answers.decides.value,
    }


def _record(creditor: Creditor, answers: Answers, started: Started, actor: str, now: datetime) -> None:
    record_event(
        creditor_id=creditor.pk,
        verb="creditor.start_answered",
        subject=f"creditor:{creditor.pk}",
        actor=actor,
        payload={
            "answers": _plain(answers),
            "place": [answers.country, answers.place],
            "strategies": list(started.strategies),
            "settings": list(started.settings),
        },
        at=now,
    )

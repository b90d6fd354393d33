"""Strategies: stored as numbered versions, put in force for a creditor, a segment or a customer."""

from datetime import datetime
from typing import Any

from django.db import transaction

from aldia.operations.audit import record_event
from aldia.queries.customers import customer_by_code
from aldia.queries.strategy_check import candidate_of
from aldia.records.cases.models import StrategyAssignment, StrategyVersion
from aldia.records.tenancy.models import Creditor
from aldia.rules.portfolio.strategy import digest
from aldia.rules.portfolio.vocabulary import vocabulary_hash


@transaction.atomic
def set_strategy(
    *,
    creditor_id: int,
    toml: str,
    now: datetime,
    actor: str,
    segments: tuple[str, ...] = (),
    customer_code: str | None = None,
) -> StrategyVersion:
    """Store the document as a new version (or find the same text again) and put it in force.

    segments: for these; customer_code: for that one; neither: for everybody. Whoever had an earlier version
    of the same name gets the new one, for one name has one version in force. Raises StrategyRefused,
    UnknownCustomer.
    """
    version = store_strategy(creditor_id=creditor_id, toml=toml, actor=actor)
    StrategyAssignment.objects.filter(strategy_version__name=version.name).update(strategy_version=version)
    for scope in _scopes(segments, customer_code):
        StrategyAssignment.objects.update_or_create(
            creditor_id=creditor_id, **scope, defaults={"strategy_version": version, "recorded_at": now}
        )
    record_event(
        creditor_id=creditor_id,
        verb="strategy.set",
        subject=f"strategy:{version.name}/{version.version}",
        actor=actor,
        payload={"digest": version.digest, "segments": list(segments), "customer": bool(customer_code)},
        at=now,
    )
    return version


def store_strategy(*, creditor_id: int, toml: str, actor: str) -> StrategyVersion:
    """The document as the next version of its name, in force for nobody; the same text is stored once.

    Raises StrategyRefused.
    """
    name = candidate_of(Creditor.objects.get(pk=creditor_id), toml).name
    last = StrategyVersion.objects.filter(creditor_id=creditor_id, name=name).order_by("-version").first()
    if last is not None and last.digest == digest(toml):
        return last
    return StrategyVersion.objects.create(
        creditor_id=creditor_id,
        name=name,
        version=last.version + 1 if last else 1,
        toml=toml,
        digest=digest(toml),
        vocabulary_hash=vocabulary_hash(),
        actor=actor,
    )


def _scopes(segments: tuple[str, ...], customer_code: str | None) -> list[dict[str, Any]]:
    if customer_code is not None:
        return [{"segment": "", "customer": customer_by_code(customer_code)}]
    if segments:
        return [{"segment": segment, "customer": None} for segment in segments]
    return [{"segment": "", "customer": None}]

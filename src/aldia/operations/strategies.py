"""Strategies: stored as numbered versions, put in force for a creditor, a segment or a customer."""

from datetime import datetime

from django.db import transaction

from aldia.kernel.errors import AldiaError
from aldia.operations.audit import record_event
from aldia.records.cases.models import StrategyAssignment, StrategyVersion
from aldia.records.parties.models import Customer
from aldia.rules.portfolio.strategy import digest, read_strategy
from aldia.rules.portfolio.vocabulary import vocabulary_hash


class UnknownCustomer(AldiaError):
    """No customer bears this code."""

    code = "unknown_customer"


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
    strategy = read_strategy(toml)
    version = _version(creditor_id, strategy.name, toml, actor)
    StrategyAssignment.objects.filter(strategy_version__name=strategy.name).update(strategy_version=version)
    for scope in _scopes(segments, customer_code):
        StrategyAssignment.objects.update_or_create(
            creditor_id=creditor_id, **scope, defaults={"strategy_version": version, "recorded_at": now}
        )
    record_event(
        creditor_id=creditor_id,
        verb="strategy.set",
        subject=f"strategy:{strategy.name}/{version.version}",
        actor=actor,
        payload={"digest": version.digest, "segments": list(segments), "customer": bool(customer_code)},
        at=now,
    )
    return version


def _version(creditor_id: int, name: str, toml: str, actor: str) -> StrategyVersion:
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


def _scopes(segments: tuple[str, ...], customer_code: str | None) -> list[dict[str, object]]:
    if customer_code is not None:
        customer = Customer.objects.filter(code=customer_code).first()
        if customer is None:
            raise UnknownCustomer(
                f"No hay ningún cliente con el código «{customer_code}».", code=customer_code
            )
        return [{"segment": "", "customer": customer}]
    if segments:
        return [{"segment": segment, "customer": None} for segment in segments]
    return [{"segment": "", "customer": None}]

"""What a run reckons under: the creditor's settings, the law of its country, the strategies in force."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from aldia.jurisdictions.loader import load_jurisdiction
from aldia.kernel.errors import AldiaError
from aldia.records.cases.models import StrategyAssignment, StrategyVersion
from aldia.records.tenancy.models import Creditor
from aldia.rules.portfolio.frames import Terms
from aldia.rules.portfolio.strategy import Strategy, read_strategy
from aldia.rules.portfolio.vocabulary import vocabulary


class NoStrategy(AldiaError):
    """The creditor has no strategy for everybody."""

    code = "no_strategy"


@dataclass(frozen=True, slots=True)
class InForce:
    """Strategies by name, and the id of the version that is in force under each name."""

    strategies: Mapping[str, Strategy]
    versions: Mapping[str, int]


def terms_of(creditor: Creditor, as_of: date) -> Terms:
    """The settings and the law that a portfolio of this creditor is reckoned under on that day."""
    law = load_jurisdiction(creditor.country)
    return Terms(
        as_of=as_of,
        tolerance_minor=creditor.tolerance_minor,
        aging_edges=tuple(creditor.aging_edges),
        live_from=creditor.live_from,
        reopen_days=creditor.reopen_days,
        late_interest=law.late_interest,
        legal_interest=law.legal_interest,
        compensation=law.compensation,
    )


def strategies_in_force(creditor: Creditor) -> InForce:
    """Those of the creditor, which is in scope. Raises NoStrategy when there is none for everybody."""
    assigned = list(StrategyAssignment.objects.select_related("strategy_version"))
    if not any(not a.segment and a.customer_id is None for a in assigned):
        raise NoStrategy(
            "No hay ninguna estrategia para todos los clientes: póngala con «aldia strategy set ARCHIVO»."
        )
    edges = tuple(creditor.aging_edges)
    versions = {a.strategy_version.name: a.strategy_version for a in assigned}
    return InForce(
        strategies={name: _read(version.toml, edges) for name, version in versions.items()},
        versions={name: version.pk for name, version in versions.items()},
    )


def strategy_of(creditor: Creditor, version_id: int) -> Strategy:
    """The strategy as that version was written. In scope."""
    version = StrategyVersion.objects.get(creditor_id=creditor.pk, pk=version_id)
    return _read(version.toml, tuple(creditor.aging_edges))


@lru_cache(maxsize=128)
def _read(toml: str, edges: tuple[int, ...]) -> Strategy:
    """A version never changes, and reading one takes longer than deciding fifty customers."""
    return read_strategy(toml, vocabulary(edges))

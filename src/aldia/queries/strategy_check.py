"""What a strategy would do on the real portfolio, and what is in force for whom."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import polars as pl
from django.core.cache import cache

from aldia.kernel.errors import AldiaError
from aldia.queries.asking import ask
from aldia.queries.customers import customer_by_code
from aldia.queries.portfolio import freeze
from aldia.queries.reasons import Reading, decide_under, reading_room, step_titles
from aldia.queries.standing import last_kept
from aldia.queries.terms import strategies_in_force, terms_of
from aldia.records.cases.models import StrategyAssignment, StrategyVersion
from aldia.records.tenancy.models import Creditor
from aldia.rules.portfolio.frames import Frames
from aldia.rules.portfolio.strategy import Strategy, StrategyRefused, read_strategy
from aldia.rules.portfolio.vocabulary import vocabulary
from aldia.rules.portfolio.words import outcome_label
from aldia.rules.respect.announcing import unfounded_steps


class UnknownStrategy(AldiaError):
    """No strategy of that name is stored. facts: name, known."""

    code = "unknown_strategy"


@dataclass(frozen=True, slots=True)
class Change:
    """A customer whose decision would be another. before, after: outcomes."""

    customer: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class StrategyCheck:
    """counts: outcome → customers among those the strategy would be for. titles: outcome → Spanish words."""

    name: str
    on: date
    customers: int
    counts: dict[str, int]
    changes: tuple[Change, ...]
    titles: dict[str, str]

    def as_dict(self) -> dict[str, Any]:
        """As `aldia strategy check --json` prints it."""
        return {
            "strategy": self.name,
            "on": self.on.isoformat(),
            "customers": self.customers,
            "counts": self.counts,
            "changes": [
                {"customer": change.customer, "from": change.before, "to": change.after}
                for change in self.changes
            ],
        }


def check_strategy(creditor: Creditor, toml: str, on: date, said: "StrategyScope") -> StrategyCheck:
    """Decide the day twice: as things stand, and as if the strategy had been set for the same scope.

    Raises StrategyRefused, NoStrategy, UnknownCustomer.
    """
    candidate = candidate_of(creditor, toml)
    with reading_room(creditor) as snapshot:
        frames, terms = freeze(snapshot, on), terms_of(creditor, on)
        in_force = strategies_in_force(creditor).strategies
        wanted = scope_of(candidate.name, said)
        customer = customer_by_code(wanted.customer_code).pk if wanted.customer_code else None
        affected = _affected(candidate.name, wanted.segments, customer)
    before = decide_under(frames, in_force, terms)
    moved = _with_strategy(frames, affected, candidate.name)
    after = decide_under(moved, {**in_force, candidate.name: candidate}, terms)
    return _compared(candidate, before, after)


def strategy_of(creditor: Creditor, toml: str) -> Strategy:
    """The document read with this creditor's own vocabulary. Raises StrategyRefused."""
    return read_strategy(toml, vocabulary(creditor.aging_edges))


def candidate_of(creditor: Creditor, toml: str) -> Strategy:
    """A document that is to be put in force: beside its shape, no step announces what nobody can do. Raises
    StrategyRefused."""
    candidate = strategy_of(creditor, toml)
    faults = unfounded_steps(candidate)
    if faults:
        raise StrategyRefused(faults)
    return candidate


@dataclass(frozen=True, slots=True)
class StrategyScope:
    """For whom a strategy is set: these segments, this customer, or (neither) everybody."""

    segments: tuple[str, ...] = ()
    customer_code: str | None = None


def scope_of(name: str, said: StrategyScope) -> StrategyScope:
    """What was said; where nothing was, those who have a strategy of that name already, else everybody.

    Of several customers who have it one is named: setting a strategy renews it for all who have it.
    """
    assigned = StrategyAssignment.objects.filter(strategy_version__name=name)
    if said != StrategyScope() or assigned.filter(segment="", customer__isnull=True).exists():
        return said
    segments = tuple(assigned.exclude(segment="").order_by("segment").values_list("segment", flat=True))
    own = assigned.filter(customer__isnull=False).values_list("customer__code", flat=True).first()
    return StrategyScope(segments, None if segments else own)


def _affected(name: str, segments: tuple[str, ...], customer: int | None) -> pl.Expr:
    """Which customers would have the strategy: those who have one of its name, and those of the scope."""
    own = set(StrategyAssignment.objects.filter(customer__isnull=False).values_list("customer_id", flat=True))
    same = pl.col("strategy") == name
    if customer is not None:
        return same | (pl.col("customer_id") == customer)
    free = ~pl.col("customer_id").is_in(list(own))
    if segments:
        return same | (free & pl.col("segment").is_in(segments))
    taken = StrategyAssignment.objects.exclude(segment="").values_list("segment", flat=True)
    return same | (free & ~pl.col("segment").is_in(list(taken)))


def _with_strategy(frames: Frames, affected: pl.Expr, name: str) -> Frames:
    strategy = pl.when(affected).then(pl.lit(name)).otherwise("strategy").alias("strategy")
    return replace(frames, customers=frames.customers.with_columns(strategy))


def _compared(candidate: Strategy, before: Reading, after: Reading) -> StrategyCheck:
    for_them = after.frames.customers.filter(pl.col("strategy") == candidate.name).select(
        "customer_id", "customer"
    )
    both = (
        for_them.join(after.decided.decisions.select("customer_id", after="outcome"), on="customer_id")
        .join(before.decided.decisions.select("customer_id", before="outcome"), on="customer_id")
        .sort("customer")
    )
    changed = both.filter(pl.col("before") != pl.col("after"))
    counts = Counter(both["after"].to_list())
    titles = {**step_titles(before.strategies), **step_titles({candidate.name: candidate})}
    outcomes = set(both["before"].to_list()) | set(counts)
    return StrategyCheck(
        name=candidate.name,
        on=after.terms.as_of,
        customers=both.height,
        counts=dict(counts),
        changes=tuple(Change(*row) for row in changed.select("customer", "before", "after").iter_rows()),
        titles={outcome: outcome_label(outcome, titles) for outcome in outcomes},
    )


@dataclass(frozen=True, slots=True)
class StoredStrategy:
    """A stored strategy, its latest version, and for whom it is in force (Spanish; "" for nobody)."""

    name: str
    title: str
    version: int
    scope: str
    toml: str


def stored_strategies(creditor: Creditor) -> list[StoredStrategy]:
    """All strategies of the creditor, which is in scope: the version in force, else the latest, by name."""
    scopes = _scopes()
    latest = StrategyVersion.objects.order_by("name", "version")
    by_name = {version.name: version for version in latest}
    in_force = {
        each.strategy_version.name: each.strategy_version
        for each in StrategyAssignment.objects.select_related("strategy_version")
    }
    return [
        StoredStrategy(
            name=name,
            title=strategy_of(creditor, version.toml).title,
            version=version.version,
            scope=scopes.get(name, ""),
            toml=version.toml,
        )
        for name, version in ((name, in_force.get(name, last)) for name, last in by_name.items())
    ]


def stored_strategy(creditor: Creditor, name: str | None) -> StoredStrategy:
    """The one of that name, or the one for everybody. Raises UnknownStrategy."""
    known = stored_strategies(creditor)
    found = [each for each in known if (each.name == name if name else _EVERYBODY in each.scope)]
    if not found:
        names = [each.name for each in known]
        raise UnknownStrategy(
            f"No hay ninguna estrategia «{name}». Las que hay: {', '.join(names)}.", name=name, known=names
        )
    return found[0]


_EVERYBODY = "todos los demás clientes"


def _scopes() -> Mapping[str, str]:
    scopes: dict[str, list[str]] = {}
    customers: Counter[str] = Counter()
    for each in StrategyAssignment.objects.select_related("strategy_version").order_by("segment"):
        name = each.strategy_version.name
        if each.customer_id is not None:
            customers[name] += 1
        else:
            scopes.setdefault(name, []).append(f"segmento {each.segment}" if each.segment else _EVERYBODY)
    for name, count in customers.items():
        scopes.setdefault(name, []).append("un cliente" if count == 1 else f"{count} clientes")
    return {name: ", ".join(parts) for name, parts in scopes.items()}


def versions_of(name: str) -> list[StrategyVersion]:
    """All versions of that name of the creditor in scope, latest first."""
    return list(StrategyVersion.objects.filter(name=name).order_by("-version"))


def stored_version(name: str, version: int) -> StrategyVersion | None:
    """One version; None when there is none."""
    return StrategyVersion.objects.filter(name=name, version=version).first()


_KEPT_SECONDS = 24 * 3600
_ON_STEPS = """
SELECT strategy, outcome, count(*) AS customers
FROM (SELECT DISTINCT strategy, outcome, customer_id FROM closing_standing
      WHERE creditor_id = %(creditor)s AND is_step) x
GROUP BY strategy, outcome
"""


def customers_on_steps(creditor: Creditor) -> dict[tuple[str, str], int]:
    """(strategy, step) → customers whose step of the last run it was; counted once per run."""
    kept = last_kept(creditor)
    if kept is None:
        return {}
    key = f"aldia:steps:{creditor.pk}:{kept.run_id}:{kept.recorded_at.timestamp()}"
    found: dict[tuple[str, str], int] | None = cache.get(key)
    if found is None:
        rows = ask(_ON_STEPS, creditor=creditor.pk)
        found = {(row["strategy"], row["outcome"]): row["customers"] for row in rows}
        cache.set(key, found, _KEPT_SECONDS)
    return found

"""The first six answers become a proposal: which strategy for whom, who approves what, how and when to write.

Pure and total: every combination of answers has a proposal, and every document in it is a strategy.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import time
from enum import StrEnum
from functools import lru_cache

from aldia.rules.portfolio.strategy import Strategy, read_strategy
from aldia.rules.shipped import shipped_strategies
from aldia.rules.strategy_text import with_approvals, with_first_day, without_notices


class Sells(StrEnum):
    """What is sold, mostly."""

    SERVICES = "services"
    PRODUCTS = "products"
    FEES = "fees"
    SUPPLY = "supply"


class Buyer(StrEnum):
    """To whom."""

    BUSINESSES = "businesses"
    CONSUMERS = "consumers"
    PUBLIC_BODIES = "public_bodies"
    FAMILIES = "families"


class Charges(StrEnum):
    """How customers mostly pay."""

    TRANSFER = "transfer"
    DIRECT_DEBIT = "direct_debit"
    CARD = "card"
    CASH = "cash"


class Form(StrEnum):
    """How customers are addressed."""

    USTED = "usted"
    TU = "tu"
    VOS = "vos"


class Decides(StrEnum):
    """What a person says yes to before it leaves."""

    ALL = "all"
    FIRM = "firm"  # the first reminders leave by themselves
    FORMAL = "formal"  # only formal letters wait


class Ground(StrEnum):
    """Why the proposal is as it is."""

    FEES_OF_PERSONS = "fees_of_persons"
    PERSONS = "persons"
    ONLY_BUSINESSES = "only_businesses"
    ONLY_PUBLIC = "only_public"
    PUBLIC_ABROAD = "public_abroad"
    KINDS_APART = "kinds_apart"
    DIRECT_DEBIT = "direct_debit"
    NO_ACCEPTANCE = "no_acceptance"


@dataclass(frozen=True, slots=True)
class Answers:
    """buyers: at least one. country: ISO 3166. place: of the calendar, as ES-MD, blank for the country's."""

    sells: Sells
    buyers: frozenset[Buyer]
    charges: Charges
    country: str
    place: str
    form: Form
    decides: Decides

    def __post_init__(self) -> None:
        assert self.buyers, "something is sold to somebody"


@dataclass(frozen=True, slots=True)
class Tuning:
    """How a shipped strategy is changed. approvals: ids of steps and notices. left_out: ids of notices."""

    approvals: frozenset[str]
    first_day: int
    left_out: frozenset[str]


@dataclass(frozen=True, slots=True)
class Proposal:
    """name: of the strategy for everybody. segments: segment → name of another one.

    sends_from, sends_until: local hours; the law of the customer's place narrows them further.
    """

    name: str
    segments: Mapping[str, str]
    tunings: Mapping[str, Tuning]
    grounds: tuple[Ground, ...]
    form: Form
    sends_from: time
    sends_until: time
    run_at: time

    def toml(self, name: str) -> str:
        """The document of one of its strategies."""
        return tuned(name, self.tunings[name])

    def with_tuning(self, name: str, tuning: Tuning) -> "Proposal":
        """With one strategy changed otherwise."""
        return replace(self, tunings={**self.tunings, name: tuning})


_PERSONS = frozenset({Buyer.CONSUMERS, Buyer.FAMILIES})
_RETURN_DAYS = 4
"""A returned direct debit is known some bank days later: nobody is reminded of one that is on its way."""
_MEANINGLESS_ACCEPTANCE = frozenset({Sells.FEES, Sells.SUPPLY})
_BEFORE_WORK, _MORNING = time(7, 30), time(9, 0)
_OFFICE_CLOSES, _EVENING = time(18, 0), time(20, 0)


def propose(answers: Answers, *, name: str | None = None) -> Proposal:
    """What Al Día would begin with. name: another shipped strategy for everybody than the one proposed."""
    main = name or strategy_for(answers)
    segments = {segment: other for segment, other in _apart(answers.country).items() if other != main}
    names = dict.fromkeys([main, *segments.values()])
    return Proposal(
        name=main,
        segments=segments,
        tunings={each: tuning_of(each, answers) for each in names},
        grounds=_grounds(answers, main, segments),
        form=answers.form,
        sends_from=_MORNING,
        sends_until=_EVENING if answers.buyers & _PERSONS else _OFFICE_CLOSES,
        run_at=_BEFORE_WORK,
    )


def strategy_for(answers: Answers) -> str:
    """The softest that fits: who is not known to be a business is a consumer."""
    if answers.buyers & _PERSONS:
        return "academia" if answers.sells is Sells.FEES else "particulares"
    if answers.buyers == {Buyer.PUBLIC_BODIES} and answers.country == "ES":
        return "administraciones"
    return "pymes"


def _apart(country: str) -> dict[str, str]:
    """Businesses and public bodies are no persons; `administraciones` follows Spanish law, in euros."""
    return {"business": "pymes", "public_body": "administraciones" if country == "ES" else "pymes"}


def tuning_of(name: str, answers: Answers) -> Tuning:
    """The shipped strategy's own days and approvals, as the answers bend them."""
    shipped = _read(name)
    return Tuning(
        approvals=frozenset(_approvals(shipped, answers.decides)),
        first_day=_first_day(name) + (_RETURN_DAYS if answers.charges is Charges.DIRECT_DEBIT else 0),
        left_out=frozenset(_left_out(shipped, answers)),
    )


def tuned(name: str, tuning: Tuning) -> str:
    """The shipped document, changed; untouched where nothing is to change."""
    toml = without_notices(_shipped()[name], tuning.left_out)
    if tuning.first_day != _first_day(name):
        toml = with_first_day(toml, tuning.first_day)
    return with_approvals(toml, tuning.approvals)


def first_day_max(name: str) -> int:
    """The first step stays before the second."""
    return _day_of_step(name, 1) - 1


def _approvals(shipped: Strategy, decides: Decides) -> Collection[str]:
    if decides is Decides.ALL:
        return [*(each.id for each in shipped.documents), *(step.id for step in shipped.steps)]
    hard = ("formal",) if decides is Decides.FORMAL else ("firme", "formal")
    return [step.id for step in shipped.steps if step.tone in hard]


def _left_out(shipped: Strategy, answers: Answers) -> Collection[str]:
    """What makes no sense: asking to pay today what is debited today, or to accept a monthly fee."""
    kinds = set()
    if answers.charges is Charges.DIRECT_DEBIT:
        kinds.add("due_today")
    ids = [each.id for each in shipped.documents if each.kind in kinds]
    if answers.sells in _MEANINGLESS_ACCEPTANCE:
        ids += [each.id for each in shipped.documents if each.id == "acceptance"]
    return ids


def _grounds(answers: Answers, main: str, segments: Mapping[str, str]) -> tuple[Ground, ...]:
    of_main = {
        "academia": Ground.FEES_OF_PERSONS,
        "particulares": Ground.PERSONS,
        "administraciones": Ground.ONLY_PUBLIC,
        "pymes": Ground.ONLY_BUSINESSES,
    }[main]
    if main == "pymes" and answers.buyers == {Buyer.PUBLIC_BODIES}:
        of_main = Ground.PUBLIC_ABROAD
    more = {
        Ground.KINDS_APART: bool(segments),
        Ground.DIRECT_DEBIT: answers.charges is Charges.DIRECT_DEBIT,
        Ground.NO_ACCEPTANCE: answers.sells in _MEANINGLESS_ACCEPTANCE,
    }
    return (of_main, *(ground for ground, holds in more.items() if holds))


@lru_cache(maxsize=8)
def _read(name: str) -> Strategy:
    return read_strategy(_shipped()[name])


@lru_cache(maxsize=1)
def _shipped() -> Mapping[str, str]:
    return shipped_strategies()


def _first_day(name: str) -> int:
    return _day_of_step(name, 0)


def _day_of_step(name: str, place: int) -> int:
    """The day overdue from which the shipped strategy takes its n-th step."""
    return _days_of(_read(name).steps[place].condition.text)


def _days_of(condition: str) -> int:
    return int(condition.partition("days_overdue >= ")[2].split()[0])

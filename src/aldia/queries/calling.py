"""May this customer be called or visited at this moment? The gate itself is asked. docs/rules/calls.md §3."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from aldia.jurisdictions.loader import load_jurisdiction
from aldia.queries.claimed import Claimed, addressees, unplanned
from aldia.queries.gate import Judging, contact_facts, judging_of_batch, limits_of, recipient_of
from aldia.queries.moment import Moment
from aldia.queries.places import Place
from aldia.records.tenancy.models import Creditor
from aldia.rules.consents import Standing, may_be_used, standing_of
from aldia.rules.gate import Allowed, GateFacts, GateLimits, Refused, look
from aldia.rules.gate.call_words import call_refusal_sentence
from aldia.rules.portfolio.promises import paused_until
from aldia.rules.portfolio.strategy import Strategy

DEFAULT_TONE = "cercano"


@dataclass(frozen=True, slots=True)
class Leave:
    """Whether the customer may be called now. sentence: Spanish, why not, "" where it may be; source: what
    that rests on. retry_at: from when it may be; None for never as things stand. rule, told: of the refusal.
    """

    allowed: bool
    sentence: str = ""
    source: str = ""
    retry_at: datetime | None = None
    rule: str = ""
    told: Mapping[str, Any] | None = None

    @property
    def as_refusal(self) -> dict[str, Any] | None:
        """As `Call.refusal` keeps it; None where it may be."""
        if self.allowed:
            return None
        retry = self.retry_at.isoformat() if self.retry_at else None
        return {"rule": self.rule, "source": self.source, "retry_at": retry, "facts": dict(self.told or {})}


@dataclass(frozen=True, slots=True)
class Calling:
    """What a call to the customer is judged with. not_asked: the law that keeps the reason for not paying
    from us, cited; "" where it may be asked for. tone: of the step the customer is at."""

    judging: Judging
    customer_id: int
    tone: str
    not_asked: str

    @property
    def place(self) -> Place:
        """Where the customer lives."""
        return self.judging.places[self.customer_id]

    @property
    def strategy(self) -> Strategy:
        """The customer's, in force today."""
        return _strategy_of(self.judging, self.customer_id)

    def facts(self, *, number: str = "", visit: bool = False) -> GateFacts:
        """The grounds of this moment. number: the one to be dialled, "" for the best of those known."""
        message = unplanned(self.customer_id, "call", self.tone)
        found = contact_facts(self.judging, message, self._of_portfolio())
        found = replace(
            found,
            sending_stopped=False,  # a call is made by a person with their eyes open
            address_contacts=(),
        )
        if visit:
            return replace(found, opted_out=frozenset(), consent=True, has_address=True, other_channel=False)
        return self._dialling(found, number) if number else found

    def limits(self) -> GateLimits:
        """The law's and the creditor's; what counts messages alone is left out."""
        limits = limits_of(self.judging, self.customer_id)
        return replace(limits, messages_per_day_max=None, address_times_max=None)

    def leave(self, *, number: str = "", visit: bool = False) -> Leave:
        """May it take place now?"""
        answer = look(self.facts(number=number, visit=visit), self.limits())
        return Leave(True) if isinstance(answer, Allowed) else _refused(answer)

    def best_number(self) -> str:
        """The number to be dialled first, "" for none that may be used."""
        recipient = recipient_of(self.judging, self.customer_id, "call", tone=self.tone)
        return recipient.address if recipient else ""

    def may_be_dialled(self, number: str) -> bool:
        """False where the customer refused calls to it, or has not given a leave that is needed."""
        asks = self._asks_consent()
        return may_be_used(self._standing(number), asks_consent=asks)

    def _asks_consent(self) -> bool:
        kind = self.judging.batch.customers[self.customer_id].person_kind
        return any(each.asks("call", kind) for each in self.place.opt_ins)

    def _standing(self, number: str) -> Standing:
        said = self.judging.consents.get(self.customer_id, ())
        return standing_of(said, "call", number, agreed=frozenset(self.judging.house["agreed_channels"]))

    def _dialling(self, found: GateFacts, number: str) -> GateFacts:
        """A number that is dialled is an address, whether or not it is known."""
        standing = self._standing(number)
        return replace(
            found,
            opted_out=frozenset({"call"}) if standing is Standing.REFUSED else frozenset(),
            consent=True if standing is Standing.GRANTED else None,
            has_address=True,
            other_channel=False,
        )

    def _of_portfolio(self) -> dict[str, Any]:
        """What is open, promised or held. A dispute is often what a call is about: it stops none."""
        moment = self.judging.moment
        customer, decision = moment.customers[self.customer_id], moment.decisions[self.customer_id]
        insolvent_on = customer["insolvent_on"]
        return {
            "strategy": moment.title_of(customer["strategy"]),
            "still_owed": decision["outcome"] != "nothing_open",
            "on_hold": self.customer_id in moment.held,
            "promise_until": _promised_until(moment, self.customer_id),
            **({"insolvent": True} if insolvent_on and insolvent_on <= moment.today else {}),
        }


def calling_of(creditor: Creditor, customer_id: int, *, now: datetime) -> Calling:
    """Everything a call at that moment is judged with; the customer is known. Raises NoStrategy.

    In a transaction and the creditor's scope.
    """
    customer = addressees(creditor, {customer_id})[customer_id]
    judging = judging_of_batch(creditor, Claimed({}, {customer_id: customer}), now=now)
    law = load_jurisdiction(judging.places[customer_id].law)
    rule = law.reason_kept_from(customer.person_kind)
    return Calling(
        judging=judging,
        customer_id=customer_id,
        tone=_tone_now(judging, customer_id),
        not_asked=rule.provenance.cited() if rule else "",
    )


def may_call(creditor: Creditor, customer_id: int, *, now: datetime, number: str = "") -> Leave:
    """May the customer be called now? In a transaction and scope. Raises NoStrategy."""
    return calling_of(creditor, customer_id, now=now).leave(number=number)


def _refused(refused: Refused) -> Leave:
    return Leave(
        False,
        sentence=call_refusal_sentence(refused),
        source=refused.source,
        retry_at=refused.retry_at,
        rule=refused.rule,
        told=refused.facts,
    )


def _promised_until(moment: Moment, customer_id: int) -> date | None:
    """The last day of an open promise, overdue or not what it is for; None without one."""
    reading = moment.reading
    paused = paused_until(reading.decided.promises, reading.terms).filter(customer_id=customer_id)
    until: date | None = paused["promise_until"].max() if len(paused) else None  # type: ignore[assignment]
    return until


def _strategy_of(judging: Judging, customer_id: int) -> Strategy:
    moment = judging.moment
    return moment.reading.strategies[moment.customers[customer_id]["strategy"]]


def _tone_now(judging: Judging, customer_id: int) -> str:
    """Of the step that is due, else of the last one done, else close."""
    moment = judging.moment
    tones = {step.rank: step.tone for step in _strategy_of(judging, customer_id).steps}
    due = moment.decisions[customer_id]["rank"] if moment.decisions[customer_id]["step"] else None
    units = moment.units.get(customer_id, ())
    done = max((unit["last_rank"] or 0 for unit in units), default=0)
    return tones.get(due or done, DEFAULT_TONE)

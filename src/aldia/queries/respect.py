"""Texts read with the eyes of those they are for: the creditor's customers, or the one customer of a mail."""

from collections.abc import Callable
from dataclasses import replace

from aldia.jurisdictions.loader import available_countries, load_jurisdiction
from aldia.queries.terms import NoStrategy, strategies_in_force
from aldia.records.parties.models import Customer, PersonKind
from aldia.records.tenancy.models import Creditor
from aldia.rules.portfolio.strategy import Step
from aldia.rules.respect.contents import missing_contents
from aldia.rules.respect.reader import findings, message_parts
from aldia.rules.respect.values import Finding, Place, Reading
from aldia.rules.texts.render import Text
from aldia.rules.texts.uses import SPOKEN_TO_OTHERS, base_language, is_demand

_PUBLIC = "public_"  # how the house calls texts for public bodies


def findings_of_template(
    creditor: Creditor, template: str, channel: str, text: Text, *, language: str = "es"
) -> list[Finding]:
    """Of a text that many customers will get: read for the most protected of those there are.

    Two SELECTs at most and the strategies, in scope.
    """
    reading = replace(_reading_of_template(creditor, template), language=language)
    if template in SPOKEN_TO_OTHERS:
        place = Place.VOICEMAIL if template == "voicemail" else Place.WRONG_PERSON
        return findings({place: text.body}, reading)
    return _read(text, channel, reading)


def findings_of_message(
    creditor: Creditor, text: Text, *, customer_id: int, step: str, kind: str, channel: str
) -> list[Finding]:
    """Of the words for one customer. step: its id. kind: dunning or that of a notice. In scope."""
    customer = Customer.objects.get(pk=customer_id)
    reading = Reading(
        country=customer.country or creditor.country,
        person_kind=customer.person_kind,
        kind=kind,
        last=_is_last(creditor, lambda each: each.id == step),
        language=base_language(customer.language),
    )
    return _read(text, channel, reading)


def _read(text: Text, channel: str, reading: Reading) -> list[Finding]:
    found = findings(message_parts(text.subject, text.body, channel), reading)
    has_room = channel in ("email", "letter")  # a short message names one thing and leads to the rest
    if reading.kind == "dunning" and has_room and reading.country in available_countries():
        required = load_jurisdiction(reading.country).required_contents
        found += missing_contents(text.body, required, reading.person_kind)
    return found


def _reading_of_template(creditor: Creditor, template: str) -> Reading:
    return Reading(
        country=creditor.country,
        person_kind=PersonKind.PUBLIC_BODY.value
        if template.startswith(_PUBLIC)
        else _most_protected(creditor),
        kind="dunning" if is_demand(template) else "notice",
        last=_is_last(creditor, lambda each: each.template == template),
    )


def _most_protected(creditor: Creditor) -> str:
    """consumer, unless there are customers and none of them is one."""
    customers = Customer.objects.filter(creditor=creditor)
    if customers.filter(person_kind=PersonKind.CONSUMER).exists() or not customers.exists():
        return PersonKind.CONSUMER.value
    return PersonKind.BUSINESS.value


def _is_last(creditor: Creditor, is_it: Callable[[Step], bool]) -> bool:
    """No strategy in force sends anything after such a step; true where none has one."""
    try:
        ladders = [strategy.steps for strategy in strategies_in_force(creditor).strategies.values()]
    except NoStrategy:
        return True
    return all(not any(map(is_it, steps)) or is_it(max(steps, key=_rank)) for steps in ladders if steps)


def _rank(step: Step) -> int:
    return step.rank

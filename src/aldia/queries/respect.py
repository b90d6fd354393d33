"""Texts read with the eyes of those they are for: the creditor's customers, or the one customer of a mail."""

from collections.abc import Callable
from dataclasses import replace

from aldia.jurisdictions.loader import available_countries, load_jurisdiction
from aldia.kernel.text import fold
from aldia.queries.asking import ask
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
        others=_others(customer),
    )
    return _read(text, channel, reading)


# Those who share a group, a pupil, an address or a document with the customer: what they are called, and what
# they owe. What is the customer's own as well is no secret.
_OTHERS = """
WITH near AS (
    SELECT o.id FROM parties_customer c
    JOIN parties_customer o ON o.creditor_id = c.creditor_id AND o.group_id = c.group_id
    WHERE c.creditor_id = %(creditor)s AND c.id = %(customer)s
    UNION
    SELECT o.customer_id FROM parties_beneficiary b
    JOIN parties_beneficiary o ON o.creditor_id = b.creditor_id AND o.code = b.code
    WHERE b.creditor_id = %(creditor)s AND b.customer_id = %(customer)s
    UNION
    SELECT o.customer_id FROM parties_contact_point p
    JOIN parties_contact_point o ON o.creditor_id = p.creditor_id AND o.channel = p.channel
         AND o.sought = p.sought AND lower(o.value) = lower(p.value)
    WHERE p.creditor_id = %(creditor)s AND p.customer_id = %(customer)s
    UNION
    SELECT o.customer_id FROM ledger_due_line l
    JOIN ledger_due_line o ON o.creditor_id = l.creditor_id AND o.document_id = l.document_id
    WHERE l.creditor_id = %(creditor)s AND l.customer_id = %(customer)s
), others AS (SELECT id FROM near WHERE id <> %(customer)s LIMIT 200), words AS (
    SELECT c.id, unnest(ARRAY[c.name, c.code, c.tax_id]) AS word FROM parties_customer c
    WHERE c.creditor_id = %(creditor)s AND (c.id = %(customer)s OR c.id IN (SELECT id FROM others))
    UNION ALL
    SELECT p.customer_id, p.name FROM parties_contact p
    WHERE p.creditor_id = %(creditor)s
      AND (p.customer_id = %(customer)s OR p.customer_id IN (SELECT id FROM others))
    UNION ALL
    SELECT b.customer_id, b.name FROM parties_beneficiary b
    WHERE b.creditor_id = %(creditor)s
      AND (b.customer_id = %(customer)s OR b.customer_id IN (SELECT id FROM others))
    UNION ALL
    SELECT l.customer_id, d.number FROM ledger_due_line l
    JOIN ledger_item_balance i ON i.creditor_id = l.creditor_id AND i.due_line_id = l.id
    JOIN ledger_document d ON d.creditor_id = l.creditor_id AND d.id = l.document_id
    WHERE l.creditor_id = %(creditor)s
      AND (l.customer_id = %(customer)s OR l.customer_id IN (SELECT id FROM others) AND i.open_minor > 0)
)
SELECT word FROM words WHERE length(word) >= %(least)s
GROUP BY word HAVING NOT bool_or(id = %(customer)s) LIMIT 2000
"""
_WORD_MIN = 4
"""Shorter codes and numbers would be found in anything."""


def _others(customer: Customer) -> frozenset[str]:
    said = {"creditor": customer.creditor_id, "customer": customer.pk, "least": _WORD_MIN}
    own = fold(customer.name)
    return frozenset(row["word"] for row in ask(_OTHERS, **said) if fold(row["word"]) not in own)


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

"""What salespeople have been told, and to whom of them a mail is due."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from aldia.queries.asking import ask
from aldia.queries.reasons import step_titles
from aldia.queries.terms import strategies_in_force
from aldia.records.tenancy.models import Creditor

SHOWN = 100
"""On a page."""

_NOTICES = """
SELECT n.id, n.customer_id, coalesce(nullif(c.name, ''), c.code) AS name, c.code, n.step, n.tone, n.from_on,
       n.read_at IS NULL AS is_new
FROM parties_sales_notice n
JOIN parties_salesperson s ON s.creditor_id = n.creditor_id AND s.id = n.salesperson_id
JOIN parties_customer c ON c.creditor_id = n.creditor_id AND c.id = n.customer_id
WHERE n.creditor_id = %(creditor)s AND {which}
"""

# What no mail that went has told of and the person has not seen. {mails}: those of the person.
_TO_MAIL = """n.read_at IS NULL AND (n.mailed_on IS NULL OR NOT EXISTS (
    SELECT FROM {mails} AND d.on_date = n.mailed_on AND d.state = 'sent'))"""

TO_MAIL_TO_MEMBER = _TO_MAIL.format(
    mails="outreach_alert_digest d WHERE d.creditor_id = n.creditor_id AND d.member_id = s.member_id"
)
_TO_MAIL_OUTSIDE = _TO_MAIL.format(
    mails="parties_sales_digest d WHERE d.creditor_id = n.creditor_id AND d.salesperson_id = n.salesperson_id"
)

# Salespeople who cannot look themselves: no access, or none any more.
_DUE = f"""
SELECT s.id AS salesperson_id, s.name, s.email
FROM parties_salesperson s
WHERE s.creditor_id = %(creditor)s AND s.email <> ''
  AND NOT EXISTS (SELECT FROM tenancy_membership p WHERE p.creditor_id = s.creditor_id AND p.id = s.member_id
                  AND p.ended_at IS NULL)
  AND NOT EXISTS (SELECT FROM parties_sales_digest d WHERE d.creditor_id = s.creditor_id
                  AND d.salesperson_id = s.id AND d.on_date = %(on)s AND d.state <> 'waiting')
  AND EXISTS (SELECT FROM parties_sales_notice n WHERE n.creditor_id = s.creditor_id
              AND n.salesperson_id = s.id AND {_TO_MAIL_OUTSIDE})
ORDER BY s.id
"""


@dataclass(frozen=True, slots=True)
class Foretold:
    """A customer of the salesperson's who is about to hear something firm. title: of the step. from_on: the
    day from which it may leave."""

    id: int
    customer_id: int
    name: str
    code: str
    title: str
    tone: str
    from_on: date
    is_new: bool


@dataclass(frozen=True, slots=True)
class DueSalesDigest:
    """Somebody to whom the day's mail has not gone."""

    salesperson_id: int
    name: str
    email: str


def notices_of_member(creditor: Creditor, member_id: int) -> list[Foretold]:
    """What the person has been told as a salesperson, unseen first, then newest; one page."""
    which = "s.member_id = %(member)s ORDER BY n.read_at IS NOT NULL, n.id DESC LIMIT %(most)s"
    return _foretold(creditor, which, member=member_id, most=SHOWN)


def to_mail_to_member(creditor: Creditor, member_id: int) -> list[Foretold]:
    """What a mail to the person has to tell, oldest first."""
    return _foretold(
        creditor, f"s.member_id = %(member)s AND {TO_MAIL_TO_MEMBER} ORDER BY n.id", member=member_id
    )


def to_mail_outside(creditor: Creditor, salesperson_id: int) -> list[Foretold]:
    """The same for a salesperson without access."""
    which = f"n.salesperson_id = %(salesperson)s AND {_TO_MAIL_OUTSIDE} ORDER BY n.id"
    return _foretold(creditor, which, salesperson=salesperson_id)


def due_sales_digests(creditor_id: int, on: date) -> list[DueSalesDigest]:
    """Which salespeople without access to write to for the day; one query. Inside a transaction in scope."""
    return [DueSalesDigest(**row) for row in ask(_DUE, creditor=creditor_id, on=on)]


def _foretold(creditor: Creditor, which: str, **said: object) -> list[Foretold]:
    rows = ask(_NOTICES.format(which=which), creditor=creditor.pk, **said)
    titles: Mapping[str, str] = step_titles(strategies_in_force(creditor).strategies) if rows else {}
    return [Foretold(title=titles.get(step := row.pop("step"), step), **row) for row in rows]

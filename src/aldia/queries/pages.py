"""Customers, documents and credits a page at a time, in the order they were entered.

A page ends with the id of its last row, and the next begins after it: rows only come, so whoever keeps the
last id has read everything and asks later only for what is new. Ask inside the caller's transaction and
scope. Amounts: minor units of the currency beside them.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection

from aldia.kernel.text import fold
from aldia.queries import pages_sql as sql

_WORDS_MAX = 6
Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Asked:
    """after: id of the last row of the page before. customer_id: only this customer's."""

    limit: int
    after: int = 0
    customer_id: int | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """next_after: for the next page; None where this is the last."""

    rows: list[Row]
    next_after: int | None


def customers_page(creditor_id: int, asked: Asked, text: str = "") -> Page:
    """Customers (`sql.CUSTOMERS`) that have, for each word of the text, a word that begins with it."""
    words = fold(text).split()[:_WORDS_MAX]
    values = {f"word_{i}": word for i, word in enumerate(words)}
    having = "".join(sql.HAS_WORD.format(word=name) for name in values)
    return _page(sql.CUSTOMERS.format(which=having), creditor_id, asked, values)


def customer_of_code(creditor_id: int, code: str) -> Row | None:
    """The customer (`sql.CUSTOMERS`) of exactly this code."""
    found = _ask(sql.CUSTOMERS.format(which="AND c.code = %(code)s"), _only(creditor_id) | {"code": code})
    return found[0] if found else None


def contacts_of(creditor_id: int, customer_id: int) -> list[Row]:
    """A customer's contacts: name, role, and their points as (channel, value)."""
    rows = _ask(sql.CONTACTS, {"creditor": creditor_id, "customer": customer_id})
    contacts: dict[int, Row] = {}
    for row in rows:
        contact = contacts.setdefault(row["id"], {"name": row["name"], "role": row["role"], "points": []})
        if row["channel"]:
            contact["points"].append({"channel": row["channel"], "value": row["value"]})
    return list(contacts.values())


def documents_page(creditor_id: int, asked: Asked, number: str = "") -> Page:
    """Documents (`sql.DOCUMENTS`) with their `lines` (`sql.LINES`), also by number."""
    which = "AND d.number = %(number)s" if number else ""
    which += " AND d.customer_id = %(customer)s" if asked.customer_id is not None else ""
    page = _page(sql.DOCUMENTS.format(which=which), creditor_id, asked, {"number": number})
    return Page(_with_lines(creditor_id, page.rows), page.next_after)


def document_of_id(creditor_id: int, document_id: int) -> Row | None:
    """One document with its lines."""
    found = _ask(sql.DOCUMENTS.format(which="AND d.id = %(id)s"), _only(creditor_id) | {"id": document_id})
    return _with_lines(creditor_id, found)[0] if found else None


def credits_page(creditor_id: int, asked: Asked, kind: str) -> Page:
    """Credits of a kind (`sql.CREDITS`) with the `allocations` (`sql.ALLOCATIONS`) that are left of them."""
    which = "AND c.customer_id = %(customer)s" if asked.customer_id is not None else ""
    page = _page(sql.CREDITS.format(which=which), creditor_id, asked, {"kind": kind})
    return Page(_with_allocations(creditor_id, page.rows), page.next_after)


def credit_of_id(creditor_id: int, credit_id: int, kind: str) -> Row | None:
    """One credit of that kind with its allocations."""
    values = _only(creditor_id) | {"id": credit_id, "kind": kind}
    found = _ask(sql.CREDITS.format(which="AND c.id = %(id)s"), values)
    return _with_allocations(creditor_id, found)[0] if found else None


def _only(creditor_id: int) -> Row:
    return {"creditor": creditor_id, "after": 0, "most": 1}


def _page(query: str, creditor_id: int, asked: Asked, values: Row) -> Page:
    own = {"creditor": creditor_id, "after": asked.after, "most": asked.limit + 1}
    rows = _ask(query, own | {"customer": asked.customer_id} | values)
    shown = rows[: asked.limit]
    return Page(shown, shown[-1]["id"] if len(rows) > asked.limit else None)


def _with_lines(creditor_id: int, documents: Sequence[Row]) -> list[Row]:
    return _with_children(creditor_id, documents, sql.LINES, "document_id", "lines")


def _with_allocations(creditor_id: int, credits_: Sequence[Row]) -> list[Row]:
    return _with_children(creditor_id, credits_, sql.ALLOCATIONS, "credit_id", "allocations")


def _with_children(creditor_id: int, rows: Sequence[Row], query: str, key: str, name: str) -> list[Row]:
    children: dict[int, list[Row]] = defaultdict(list)
    for child in _ask(query, {"creditor": creditor_id, "ids": [row["id"] for row in rows]}):
        children[child.pop(key)].append(child)
    return [row | {name: children[row["id"]]} for row in rows]


def _ask(query: str, values: Row) -> list[Row]:
    with connection.cursor() as cursor:
        cursor.execute(query, values)
        names = [column.name for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]

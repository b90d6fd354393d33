"""One customer, entered or changed by itself: read, compared and written as a row of a table is."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import polars as pl
from django.db import IntegrityError, transaction

from aldia.formats.table import FIELDS, Shape
from aldia.formats.table.cells import Noted
from aldia.formats.table.numbers import Fault
from aldia.formats.table.texts import NAME_LENGTH_MAX, reader_of, visible
from aldia.kernel.clock import business_date
from aldia.kernel.errors import AldiaError
from aldia.operations.audit import record_event
from aldia.operations.imports.booking import Booking
from aldia.operations.imports.context import Context
from aldia.operations.imports.customers import plan_customers
from aldia.operations.imports.plan import Plan
from aldia.operations.imports.report import Notes
from aldia.queries.customers import UnknownCustomer
from aldia.records.parties.models import Customer
from aldia.records.tenancy.models import Creditor
from aldia.records.tenancy.scope import scope

DETAILS = frozenset(
    {
        *("name", "tax_id", "kind", "email", "phone", "language", "form_of_address", "segment", "tags"),
        *("country", "region", "city", "postal_code", "address", "agreed_rate", "insolvent_on"),
        *("birth_date", "contact_name", "contact_role", "salesperson", "salesperson_email"),
    }
)
"""What may be said of a customer: columns of a customer table (`formats/table/fields.py`)."""

_FIELDS = {field.name: field for field in FIELDS["customers"]}
_DTYPES: dict[Shape, Any] = {
    Shape.RATE: pl.Decimal(12, 4),
    Shape.DATE: pl.Date(),
    Shape.BIRTH_DATE: pl.Date(),
    Shape.TAGS: pl.List(pl.String()),
}


class CustomerExists(AldiaError):
    """A customer bears the code already. facts: code."""

    code = "customer_exists"


class CustomerRefused(AldiaError):
    """Something said of the customer cannot be used. facts: field."""

    code = "customer_refused"


def create_customer(
    *, creditor: Creditor, code: str, details: Mapping[str, Any], actor: str, now: datetime
) -> Customer:
    """Enter a customer. details: of DETAILS; what is missing is as in a file that lacks the column.

    agreed_rate: percent, Decimal. tags: list. Raises CustomerExists, CustomerRefused.
    """
    row = {"code": _value("code", code), **_values(details)}
    with _code_is_free(row["code"]), transaction.atomic(), scope([creditor.pk]):
        if Customer.objects.filter(creditor=creditor, code=row["code"]).exists():
            raise _exists(row["code"])
        return _save(
            "customer.created", creditor=creditor, row=row, said=sorted(details), actor=actor, now=now
        )


def change_customer(
    *, creditor: Creditor, code: str, details: Mapping[str, Any], actor: str, now: datetime
) -> Customer:
    """Change what is said of a customer; what is not said stays. Raises UnknownCustomer, CustomerRefused."""
    row = {"code": code, **_values(details)}
    with transaction.atomic(), scope([creditor.pk]):
        known = Customer.objects.select_for_update().filter(creditor=creditor, code=code)
        if not known.exists():
            raise UnknownCustomer(f"No hay ningún cliente con el código «{code}».", code=code, near=[])
        return _save(
            "customer.changed", creditor=creditor, row=row, said=sorted(details), actor=actor, now=now
        )


def _save(
    verb: str,
    *,
    creditor: Creditor,
    row: dict[str, Any],
    said: list[str],
    actor: str,
    now: datetime,
) -> Customer:
    plan = Plan(Notes({}))
    plan_customers(_context(creditor, now), _frame(row), plan)
    Booking(creditor.pk, None, now).parties(plan)
    customer = Customer.objects.get(creditor=creditor, code=row["code"])
    record_event(
        creditor_id=creditor.pk,
        verb=verb,
        subject=f"customer:{customer.pk}",
        actor=actor,
        payload={"said": said},
        at=now,
    )
    return customer


def _context(creditor: Creditor, now: datetime) -> Context:
    day = business_date(now, creditor.time_zone)
    return Context(creditor=creditor, source="", file_name="", day=day, mark="")


def _frame(row: dict[str, Any]) -> pl.DataFrame:
    series = [pl.Series("source_row", [1], dtype=pl.Int64)]
    for name, field in _FIELDS.items():
        series.append(pl.Series(name, [row.get(name)], dtype=_DTYPES.get(field.shape, pl.String())))
    return pl.DataFrame(series)


def _values(details: Mapping[str, Any]) -> dict[str, Any]:
    assert set(details) <= DETAILS, f"unknown: {sorted(set(details) - DETAILS)}"
    return {name: _value(name, value) for name, value in details.items()}


def _value(name: str, value: Any) -> Any:
    """The value as the reader of tables takes it. Raises CustomerRefused where it would take another."""
    if value is None or isinstance(value, date):
        return value
    if isinstance(value, Decimal):
        return _rate(name, value)
    if isinstance(value, list):
        return [_value("segment", each) for each in value]
    field = _FIELDS[name]
    read = visible(value, NAME_LENGTH_MAX) if field.shape is Shape.CODE else reader_of(field)(value)
    if isinstance(read, Fault | Noted):
        raise CustomerRefused(read.text, field=name)
    if read is None:
        raise CustomerRefused(f"«{field.label}» está en blanco o no se conoce.", field=name)
    return read


def _rate(name: str, percent: Decimal) -> Decimal:
    if not 0 <= percent <= 100:
        raise CustomerRefused(f"El interés pactado {percent} % no está entre 0 y 100.", field=name)
    return percent


@contextmanager
def _code_is_free(code: str) -> Iterator[None]:
    """Two at once: the constraint lets one in, and the other hears the same as if it had come later."""
    try:
        yield
    except IntegrityError as error:
        diagnosis = getattr(error.__cause__, "diag", None)
        if getattr(diagnosis, "constraint_name", None) != "customer_code_is_unique":
            raise
        raise _exists(code) from error


def _exists(code: str) -> CustomerExists:
    return CustomerExists(f"Ya hay un cliente con el código «{code}».", code=code)

"""The kinds of value that go in and out, each with its bounds, as the OpenAPI description says them."""

import re
from datetime import date
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema

from aldia.kernel.dates import DayOutsideLedger, refuse_outside_ledger
from aldia.kernel.money import MINOR_MAX, UnknownCurrency, minor_units

_ID_MAX = 2**63 - 1
_PRINTED = r"^[^\x00-\x1f\x7f-\x9f]*$"  # one line, and no NUL, which the database cannot hold
_ISO_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


def _day(value: Any) -> date:
    if isinstance(value, str) and _ISO_DAY.fullmatch(value):
        try:
            return date.fromisoformat(value)
        except ValueError:
            pass
    raise ValueError("No es una fecha: escríbala como 2026-11-20.")


def _within_ledger(day: date) -> date:
    try:
        refuse_outside_ledger(day)
    except DayOutsideLedger as error:
        raise ValueError(error.sentence) from None
    return day


def _known(currency: str) -> str:
    try:
        minor_units(currency)
    except UnknownCurrency as error:
        raise ValueError(error.sentence) from None
    return currency


Id = Annotated[int, Field(ge=1, le=_ID_MAX)]
Minor = Annotated[
    int,
    Field(strict=True, ge=1, le=MINOR_MAX, description="Unidades menores (céntimos) de la moneda."),
]
WholeDay = Annotated[date, BeforeValidator(_day), WithJsonSchema({"type": "string", "format": "date"})]
Day = Annotated[WholeDay, AfterValidator(_within_ledger)]
Currency = Annotated[str, Field(pattern="^[A-Z]{3}$", description="ISO 4217."), AfterValidator(_known)]
Code = Annotated[str, Field(min_length=1, max_length=200, pattern=_PRINTED)]
Name = Annotated[str, Field(min_length=1, max_length=200, pattern=_PRINTED)]
Line = Annotated[str, Field(max_length=200, pattern=_PRINTED)]
Text = Annotated[str, Field(max_length=2_000, pattern=_PRINTED)]
Limit = Annotated[int, Field(ge=1, le=500, description="Filas por página.")]
After = Annotated[
    int, Field(ge=0, le=_ID_MAX, description="`next_after` de la página anterior; 0 para empezar.")
]


class Asks(BaseModel):
    """A body: a field that is not known is refused."""

    model_config = ConfigDict(extra="forbid")


class Tells(BaseModel):
    """An answer."""


class PageOf(Tells):
    """A page. next_after: for `after` of the next one; null on the last."""

    next_after: int | None

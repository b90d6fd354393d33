"""Who sells to the customers of a table: known ones, people of the house, and new names with an address."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import polars as pl

from aldia.formats.table.findings import shown
from aldia.kernel.text import fold
from aldia.operations.imports.context import Context
from aldia.operations.imports.plan import NEW_SALESPEOPLE, Plan, fitted, provisional
from aldia.queries.salespeople import Known, salespeople_known
from aldia.rules.texts.addresses import is_mail_address

_PAIR = ("salesperson", "salesperson_email")


def with_salespeople(context: Context, rows: pl.DataFrame, plan: Plan) -> pl.DataFrame:
    """The rows with salesperson_id; who is new goes into the plan. A name that nobody bears and no address
    goes with is remarked: they could not be told."""
    said = rows.filter(pl.any_horizontal(pl.col(name).is_not_null() for name in _PAIR)).select(_PAIR)
    if said.is_empty():
        return rows.with_columns(salesperson_id=pl.lit(None, pl.Int64))
    book = _Book.of(salespeople_known(context.creditor_id))
    pairs = said.unique(maintain_order=True).rows()
    found = [book.find(name or "", email or "") for name, email in pairs]
    plan.salespeople = fitted(provisional(book.new_rows()), NEW_SALESPEOPLE)
    ids = pl.DataFrame(
        [(*pair, id_) for pair, id_ in zip(pairs, found, strict=True)],
        schema={"salesperson": pl.String, "salesperson_email": pl.String, "salesperson_id": pl.Int64},
        orient="row",
    )
    rows = rows.join(ids, on=_PAIR, how="left", nulls_equal=True, maintain_order="left")
    plan.notes.say(
        rows.filter(pl.col("salesperson").is_not_null() & pl.col("salesperson_id").is_null()),
        "warning",
        "salesperson_unreachable",
        "salesperson",
        lambda row: (
            f"el comercial «{shown(row['salesperson'])}» no es un usuario ni tiene correo: no se asigna. "
            "Añada una columna «correo del comercial»."
        ),
    )
    return rows


@dataclass(slots=True)
class _Book:
    """Salespeople by name and address; those met for the first time are numbered from −1 downwards.

    Two of one name and different addresses are two people, but for somebody of the house without an own one.
    """

    by_name: dict[str, int]
    of_the_house: dict[str, int]
    by_email: dict[str, int]
    members: Mapping[str, tuple[int, str]]
    new: list[tuple[str, int | None, str]] = field(default_factory=list)

    @classmethod
    def of(cls, known: Known) -> "_Book":
        by_name: dict[str, int] = {}
        of_the_house = {fold(each.name): each.id for each in known.salespeople if each.is_of_the_house}
        by_email: dict[str, int] = {}
        for each in known.salespeople:
            by_name.setdefault(fold(each.name), each.id)
            for email in each.emails:
                by_email.setdefault(email, each.id)
        return cls(
            by_name, of_the_house, by_email, {fold(key): value for key, value in known.members.items()}
        )

    def find(self, name: str, email: str) -> int | None:
        """Whose they are; a new one where an address or a person of the house goes with the name."""
        name, email = name.strip(), email.strip().lower()
        if not email and is_mail_address(name):
            name, email = "", name.lower()
        there = self.by_email.get(email) if email else self.by_name.get(fold(name))
        if there is None and email:
            there = self.of_the_house.get(fold(name))
        if there is not None:
            return there
        by_email, by_name = self.members.get(fold(email)), self.members.get(fold(name))
        member = by_email or by_name
        if member is not None:
            own = "" if by_email else email
            return self._add(name or member[1], member[0], own, email)
        return self._add(name or email, None, email, email) if email else None

    def _add(self, name: str, member_id: int | None, email: str, known_by: str) -> int:
        self.new.append((name, member_id, email))
        id_ = -len(self.new)
        self.by_name.setdefault(fold(name), id_)
        if known_by:
            self.by_email[known_by] = id_
        return id_

    def new_rows(self) -> pl.DataFrame:
        """Those met for the first time, in order."""
        return pl.DataFrame(
            _columns(self.new), schema={"name": pl.String, "member_id": pl.Int64, "email": pl.String}
        )


def _columns(rows: Sequence[tuple[str, int | None, str]]) -> dict[str, list[object]]:
    return {
        "name": [row[0] for row in rows],
        "member_id": [row[1] for row in rows],
        "email": [row[2] for row in rows],
    }

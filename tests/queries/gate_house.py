"""A creditor with customers who owe, a run behind it, and what its gate says."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

from django.db import transaction

from aldia.operations.creditors import create_creditor
from aldia.operations.run import daily_run
from aldia.operations.strategies import set_strategy
from aldia.queries.gate import last_looks
from aldia.queries.rendering import Rendered, rendered
from aldia.records.outreach.models import Message
from aldia.records.parties.models import ContactPoint, Customer
from aldia.records.tenancy.models import Creditor
from aldia.records.tenancy.scope import scope
from aldia.rules.gate import Allowed, Refused
from aldia.rules.shipped import shipped_strategies
from tests import factories as make
from tests.cli.books import Books

DAY = date(2026, 11, 20)  # a Friday
NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)  # ten in Madrid
_CHANNELS = {
    "email": "{}@example.com",
    "phone": "+34600000000",
    "whatsapp": "+34600000000",
    "post": "Calle 1",
}


def plain(text: str) -> str:
    """Amounts keep their sign by a fixed space; here it is an ordinary one."""
    return text.replace("\u00a0", " ")


@dataclass
class House:
    """One creditor, its customers by code and their due lines."""

    creditor: Creditor
    customers: dict[str, Customer] = field(default_factory=dict)
    lines: dict[str, list[int]] = field(default_factory=dict)

    @contextmanager
    def inside(self) -> Iterator[Books]:
        """A transaction in the creditor's scope."""
        with transaction.atomic(), scope([self.creditor.pk]):
            yield Books(self.creditor)

    def customer(
        self,
        code: str,
        *dues: tuple[int, date],
        reached: tuple[str, ...] = ("email",),
        role: str = "accounts_payable",
        contact: str = "",
        **fields: Any,
    ) -> Customer:
        """A customer who owes these amounts (minor units) since those days."""
        currencies = fields.pop("currencies", ["EUR"] * len(dues))
        issued = fields.pop("issued_on", None)
        with self.inside() as books:
            customer = books.customer(code, **fields)
            if reached:
                person = make.contact(customer=customer, role=role, name=contact)
                for channel in reached:
                    value = _CHANNELS[channel].format(code.lower())
                    ContactPoint.objects.create(
                        creditor=self.creditor,
                        customer=customer,
                        contact=person,
                        channel=channel,
                        value=value,
                    )
            self.lines[code] = [
                books.invoice(
                    customer,
                    minor,
                    due,
                    number=f"F-{code}-{n}",
                    currency=currency,
                    issued_on=issued or min(due, date(2026, 1, 2)),
                )
                for n, ((minor, due), currency) in enumerate(zip(dues, currencies, strict=True), start=1)
            ]
        self.customers[code] = customer
        return customer

    def pays(
        self, code: str, minor: int, *, on: date = DAY, line: int | None = 0, currency: str = "EUR"
    ) -> None:
        """So much for one of the customer's lines, or on account."""
        with self.inside() as books:
            ids = [] if line is None else [self.lines[code][line]]
            books.payment(self.customers[code], minor, on, **({"due_line_ids": ids} if ids else {}))

    def run(self, on: date = DAY) -> None:
        """The daily run of that morning."""
        now = NOW + timedelta(days=(on - DAY).days)
        daily_run(creditor=self.creditor, on=on, now=now, actor="prueba")
        with self.inside():
            Message.objects.filter(state="waiting_approval").update(
                state="approved", approved_by="ana", approved_at=now
            )

    @property
    def codes(self) -> dict[int, str]:
        """Customer id → code."""
        return {customer.pk: code for code, customer in self.customers.items()}

    def settings(self, **values: Any) -> None:
        """Set columns of the creditor."""
        Creditor.objects.filter(pk=self.creditor.pk).update(**values)
        self.creditor.refresh_from_db()

    def bundles(self, *codes: str) -> dict[str, list[int]]:
        """The bundles of these customers (all, where none is named) that have not left, by key."""
        found: dict[str, list[int]] = {}
        with self.inside():
            rows = Message.objects.filter(state__in=["planned", "approved"]).order_by("-kind", "pk")
            for row in rows.select_related("customer"):
                if not codes or row.customer.code in codes:
                    found.setdefault(row.bundle or row.once_key, []).append(row.pk)
        return found

    def looks(self, *codes: str, now: datetime = NOW) -> dict[str, Allowed | Refused]:
        """What the gate says, by bundle."""
        bundles = self.bundles(*codes)
        with self.inside():
            return last_looks(self.creditor, bundles, now=now)

    def rules(self, now: datetime = NOW) -> dict[str, str]:
        """Customer code → the rule that refuses its dunning bundle, «sale» where it may leave."""
        of = {f"dunning:{customer.pk}": code for code, customer in self.customers.items()}
        answers = self.looks(now=now)
        return {
            of[key.rpartition(":")[0]]: answer.rule if isinstance(answer, Refused) else "sale"
            for key, answer in answers.items()
            if key.startswith("dunning")
        }

    def words(self, *codes: str, now: datetime = NOW) -> dict[str, Rendered | Refused]:
        """The messages, by bundle."""
        bundles = self.bundles(*codes)
        with self.inside():
            return rendered(self.creditor, bundles, now=now)

    def mail(self, code: str, now: datetime = NOW) -> Rendered:
        """The one message of the customer."""
        (answer,) = self.words(code, now=now).values()
        assert isinstance(answer, Rendered), answer
        return answer


def house(**settings: Any) -> House:
    """«Papelería Luz» in Madrid, with the strategies of the house."""
    named: dict[str, Any] = {"name": "Papelería Luz", "country": "ES", "place": "ES-MD", "code": "luz"}
    creditor = create_creditor(**named, now=NOW, actor="prueba").creditor
    Creditor.objects.filter(pk=creditor.pk).update(**{"brake_messages_max": 1_000, **settings})
    creditor.refresh_from_db()
    return House(creditor)


def use_strategy(house: House, name: str, change: Callable[[str], str] = lambda toml: toml) -> None:
    """The house's strategy of that name for everybody, changed."""
    with house.inside():
        set_strategy(
            creditor_id=house.creditor.pk,
            toml=change(shipped_strategies()[name]),
            now=NOW,
            actor="prueba",
            segments=("consumer", "business", "public_body"),
        )

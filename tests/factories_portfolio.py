"""Random portfolios that the ledger would allow, the same for the same seed.

`generated_world` draws customers of all kinds with part payments, returns, refunds, back-dated money, four
currencies, overlays of every kind, histories of messages in every state, and strategies per customer and per
item. Every row passes through `Ledger`, which refuses what the constraints forbid; refused draws are dropped.
"""

import random
from contextlib import suppress
from datetime import date, timedelta

from tests.oracle.generated_history import add_history, add_reasons
from tests.oracle.generated_promises import add_promises
from tests.oracle.generated_strategies import generated_strategies
from tests.oracle.ledger import Ledger, Refused
from tests.oracle.world import (
    CREDIT_KINDS,
    Acceptance,
    Credit,
    Customer,
    Law,
    Line,
    Overlay,
    OverlayEnd,
    Settings,
    World,
)

_CURRENCIES = ("EUR", "USD", "CLP", "BHD")
_EDGES = ((0, 30, 60, 90, 180, 360), (0, 15, 45, 90), (0,))
_UNIT = {"EUR": 100, "USD": 100, "CLP": 1000, "BHD": 500}


def generated_world(seed: int, customers: int = 25) -> World:
    """A creditor's whole portfolio, to be read on its `as_of` (other days are as good)."""
    rng = random.Random(seed)
    as_of = date(2026, 11, 20) + timedelta(days=rng.randrange(-200, 200))
    ledger = Ledger()
    for customer_id in range(1, customers + 1):
        ledger.customers.append(_customer(rng, customer_id, as_of))
    for customer in ledger.customers:
        _debts(rng, ledger, customer, as_of)
    for customer in ledger.customers:
        _money(rng, ledger, customer, as_of)
    _undoings(rng, ledger, as_of)
    for customer in ledger.customers:
        _overlays(rng, ledger, customer, as_of)
    strategies = generated_strategies(rng)
    world = ledger.world(as_of, _settings(rng, as_of), _law(rng), strategies)
    add_history(rng, ledger, world)
    add_reasons(random.Random(f"reasons {seed}"), ledger, as_of)
    add_promises(random.Random(f"promises {seed}"), ledger, as_of)
    return ledger.world(as_of, world.settings, world.law, strategies)


def _settings(rng: random.Random, as_of: date) -> Settings:
    return Settings(
        country="ES",
        tolerance_minor=rng.choice([0, 0, 1, 50, 500]),
        aging_edges=rng.choices(_EDGES, [6, 2, 1])[0],
        live_from=rng.choice([None, as_of - timedelta(days=20), date(2020, 1, 1)]),
        default_strategy="pymes",
        segment_strategies=rng.choice(
            [{}, {"academia": "academia"}, {"public_body": "administraciones", "consumer": "academia"}]
        ),
    )


def _law(rng: random.Random) -> Law:
    """Half-years from 2022 on; now and then a country without verified rates."""
    if rng.random() < 0.1:
        return Law()
    starts = [date(year, month, 1) for year in range(2022, 2028) for month in (1, 7)]
    return Law(
        late_payment=tuple((first, rng.randrange(800, 1300, 5)) for first in starts),
        legal_interest=tuple((first, rng.choice([300, 325, 350])) for first in starts[::2]),
    )


def _customer(rng: random.Random, customer_id: int, as_of: date) -> Customer:
    insolvent = as_of + timedelta(days=rng.randrange(-300, 60)) if rng.random() < 0.12 else None
    return Customer(
        id=customer_id,
        code=f"C{customer_id:04d}",
        person_kind=rng.choices(["business", "consumer", "public_body"], [5, 4, 2])[0],
        segment=rng.choice([None, None, "academia", "mayoristas"]),
        country=rng.choice(["ES", "ES", "CL", "PE"]),
        language=rng.choice(["es", "es", "en"]),
        strategy=rng.choice([None, None, None, "academia", "solo_euros", "administraciones"]),
        contract_rate_bp=rng.choice([None, None, None, None, 0, 600, 1275]),
        insolvent_on=insolvent,
        has_email=rng.random() < 0.8,
        has_phone=rng.random() < 0.6,
        has_whatsapp=rng.random() < 0.3,
        has_post=rng.random() < 0.7,
    )


def _amount(rng: random.Random, currency: str) -> int:
    """Small, middling, round and huge ones, in minor units."""
    unit = _UNIT[currency]
    draw = rng.random()
    if draw < 0.15:
        return rng.randint(1, 20 * unit)
    if draw < 0.35:
        return rng.choice([15, 30, 60, 100, 500]) * unit
    if draw < 0.38:
        return rng.randint(10**11, 10**12)
    return rng.randint(5 * unit, 3000 * unit)


def _debts(rng: random.Random, ledger: Ledger, customer: Customer, as_of: date) -> None:
    main = rng.choices(_CURRENCIES, [7, 2, 1, 1])[0]
    for _ in range(rng.choice([0, 1, 2, 3, 5, 8, 16])):
        currency = main if rng.random() < 0.8 else rng.choice(_CURRENCIES)
        issued = as_of - timedelta(days=rng.choice([rng.randint(-15, 60), rng.randint(0, 900)]))
        kind = rng.choices(["invoice", "fee", "charge_note", "opening_balance"], [7, 2, 1, 1])[0]
        document = ledger.next_document()
        due = issued
        for _ in range(rng.choice([1, 1, 1, 2, 3])):
            due += timedelta(days=rng.choice([0, 8, 15, 30, 60]))
            line = Line(
                id=len(ledger.lines) + 1,
                document_id=document,
                number=f"F-{document}",
                kind=kind,
                customer_id=customer.id,
                currency=currency,
                amount_minor=_amount(rng, currency),
                issued_on=issued,
                due_date=due,
            )
            ledger.add_line(line)
            if rng.random() < 0.25:
                ledger.claims[line.id] = max(issued, due + timedelta(days=rng.randint(-10, 120)))
        _acceptances(rng, ledger, document, issued)


def _acceptances(rng: random.Random, ledger: Ledger, document: int, issued: date) -> None:
    for state in rng.choice([(), (), ("requested",), ("requested", "accepted"), ("rejected",)]):
        on = issued + timedelta(days=rng.randint(0, 12))
        ledger.acceptances.append(Acceptance(len(ledger.acceptances) + 1, document, state, on))


def _money(rng: random.Random, ledger: Ledger, customer: Customer, as_of: date) -> None:
    mine = [line for line in ledger.lines.values() if line.customer_id == customer.id]
    habit = rng.choice([0.1, 0.5, 0.95])
    for line in mine:
        if rng.random() < habit:
            _pay(rng, ledger, customer, line, full=0.3 if habit < 0.9 else 0.8)
    if rng.random() < 0.2:
        _stray(rng, ledger, customer.id, as_of)
    if rng.random() < 0.1:
        _stray(rng, ledger, None, as_of)


def _pay(rng: random.Random, ledger: Ledger, customer: Customer, line: Line, *, full: float) -> None:
    """One or more credits for a line: in part, in full or too much; now and then somebody else's money."""
    payer = rng.choice(ledger.customers).id if rng.random() < 0.08 else customer.id
    for _ in range(rng.choice([1, 1, 2, 3])):
        left = ledger.left_open(line.id)
        if left <= 0:
            return
        wanted = rng.choice([rng.randint(1, left), max(1, left - rng.randint(0, 60))])
        if rng.random() < full:
            wanted = left
        extra = rng.randint(1, left) if rng.random() < 0.15 else 0
        credit = _credit(rng, ledger, payer, line, wanted + extra)
        with suppress(Refused):
            ledger.allocate(credit.id, line.id, wanted)
        if extra and rng.random() < 0.5:
            _spread(rng, ledger, credit)


def _credit(rng: random.Random, ledger: Ledger, payer: int, line: Line, amount: int) -> Credit:
    """Dated around the due date, now and then long before the invoice itself."""
    kind = "payment" if rng.random() < 0.7 else rng.choice(CREDIT_KINDS)
    on = line.due_date + timedelta(days=rng.randint(-25, 110))
    if rng.random() < 0.1:
        on = line.issued_on - timedelta(days=rng.randint(1, 60))
    return ledger.add_credit(Credit(len(ledger.credits) + 1, kind, payer, line.currency, amount, on))


def _spread(rng: random.Random, ledger: Ledger, credit: Credit) -> None:
    """The rest of a credit on other open lines of the same payer."""
    for line in list(ledger.lines.values()):
        rest = min(ledger.left_unallocated(credit.id), ledger.left_open(line.id))
        if line.customer_id == credit.customer_id and line.currency == credit.currency and rest > 0:
            with suppress(Refused):
                ledger.allocate(credit.id, line.id, rng.randint(1, rest))


def _stray(rng: random.Random, ledger: Ledger, owner: int | None, as_of: date) -> None:
    """Money that names nothing; without owner nobody's yet."""
    currency = rng.choices(_CURRENCIES, [7, 2, 1, 1])[0]
    kind = rng.choice(["payment", "payment", "opening_credit"])
    on = as_of - timedelta(days=rng.randint(-10, 300))
    credit_id = len(ledger.credits) + 1
    ledger.add_credit(Credit(credit_id, kind, owner, currency, _amount(rng, currency), on))


def _undoings(rng: random.Random, ledger: Ledger, as_of: date) -> None:
    """Refunds, returned credits, corrected lines and allocations; some of them after the as-of day."""
    for credit in list(ledger.credits.values()):
        on = credit.effective_on + timedelta(days=rng.randint(0, 90))
        rest = ledger.left_unallocated(credit.id)
        if rest > 0 and rng.random() < 0.3:
            with suppress(Refused):
                refund = ledger.refund(credit.id, rng.randint(1, rest), on)
                if rng.random() < 0.3:
                    ledger.reverse_refund(refund.id, rng.randint(1, refund.amount_minor), on)
        if rng.random() < 0.15:
            with suppress(Refused):
                part = rng.choice([credit.amount_minor, rng.randint(1, credit.amount_minor)])
                ledger.reverse_credit(credit.id, part, on + timedelta(days=rng.randint(0, 30)))
    for allocation in list(ledger.allocations.values()):
        if rng.random() < 0.08:
            on = allocation.effective_on + timedelta(days=rng.randint(0, 60))
            with suppress(Refused):
                ledger.reverse_allocation(allocation.id, rng.randint(1, allocation.amount_minor), on)
    for line in list(ledger.lines.values()):
        if rng.random() < 0.08:
            on = line.issued_on + timedelta(days=rng.randint(0, 90))
            part = rng.choice([line.amount_minor, rng.randint(1, line.amount_minor)])
            with suppress(Refused):
                ledger.reverse_line(line.id, part, on)


def _overlays(rng: random.Random, ledger: Ledger, customer: Customer, as_of: date) -> None:
    for line in [x for x in ledger.lines.values() if x.customer_id == customer.id]:
        for _ in range(rng.choice([0, 0, 0, 1, 1, 2])):
            kind = rng.choice(["terms", "dispute", "cover"])
            on = line.due_date + timedelta(days=rng.randint(-20, 60))
            until: date | None = line.due_date + timedelta(days=rng.randint(-10, 150))
            amount = None
            if kind != "terms":
                amount = rng.choice([None, line.amount_minor, rng.randint(1, 2 * line.amount_minor)])
                until = rng.choice([None, until]) if kind == "cover" else None
            if until is not None:
                until = max(until, line.issued_on if kind == "terms" else on + timedelta(days=1))
            _overlay(rng, ledger, Overlay(0, kind, customer.id, line.id, on, amount, until))
    if rng.random() < 0.15:
        on = as_of - timedelta(days=rng.randint(-5, 40))
        until = rng.choice([None, as_of + timedelta(days=rng.randint(-10, 40)), as_of])
        if until is not None and until <= on:
            until = on + timedelta(days=1)
        _overlay(rng, ledger, Overlay(0, "hold", customer.id, None, on, None, until))


def _overlay(rng: random.Random, ledger: Ledger, draft: Overlay) -> None:
    row = Overlay(
        len(ledger.overlays) + 1,
        draft.kind,
        draft.customer_id,
        draft.line_id,
        draft.effective_on,
        draft.amount_minor,
        draft.until,
    )
    ledger.overlays.append(row)
    if rng.random() < 0.3:
        on = row.effective_on + timedelta(days=rng.randint(0, 50))
        ledger.overlay_ends.append(OverlayEnd(len(ledger.overlay_ends) + 1, row.id, on))

"""What happens beside the money: insolvency, loss, contest, pause, extension, and answers."""

from dataclasses import replace
from datetime import date, timedelta
from random import Random

from aldia.operations.demo.events import (
    BecameInsolvent,
    DemoEvent,
    Disputed,
    Extended,
    Held,
    Replied,
    WrittenOff,
)
from aldia.operations.demo.settling import Books
from aldia.operations.demo.values import DebtorKind, DemoCustomer, DemoLine, Party

_INSOLVENT, _LOST, _CONTESTED, _CONTESTED_ONCE = 2, 6, 7, 9
_HELD, _EXTENDED, _REPLIED = 5, 6, 45
_USUALLY_PAY = (DebtorKind.GOOD_PAYER, DebtorKind.CASUAL, DebtorKind.CARELESS)
_OBJECTIONS = (
    "No se impartieron todas las horas facturadas",
    "El precio no es el del presupuesto aceptado",
    "Dice no haber recibido el material",
    "Falta el número de pedido en la factura",
)
_ANSWERS = (
    # kind, note, how often
    ("forgot", "Se le había pasado; lo mira esta semana", 9),
    ("promises", "Pagará a final de mes", 10),
    ("asks", "Pide copia de la factura", 8),
    ("paid", "Dice que ya hizo la transferencia", 6),
    ("cannot", "No puede pagar todo de una vez", 6),
    ("disputes", "No está conforme con el importe", 3),
    ("other", "Está de vacaciones hasta el lunes", 3),
)


def insolvencies(rng: Random, customers: list[DemoCustomer], last: date) -> list[BecameInsolvent]:
    """Companies with difficulties that a court declared insolvent one to four months ago."""
    able = [c for c in customers if c.debtor_kind is DebtorKind.ILLIQUID and c.party is Party.COMPANY]
    return [
        BecameInsolvent(last - timedelta(days=rng.randint(30, 120)), customer.code)
        for customer in rng.sample(able, min(_INSOLVENT, len(able)))
    ]


def without_trade_after(
    customers: list[DemoCustomer], insolvent: list[BecameInsolvent]
) -> list[DemoCustomer]:
    """The insolvent buy nothing after that day."""
    ends = {event.customer: event.on for event in insolvent}
    return [replace(c, until=min(c.until, ends.get(c.code, c.until))) for c in customers]


def losses(rng: Random, lines: list[DemoLine], last: date) -> list[WrittenOff]:
    """Old invoices of customers with difficulties, given up whole."""
    old = [
        line
        for line in lines
        if line.customer.debtor_kind is DebtorKind.ILLIQUID
        and not line.customer.direct_debit
        and line.due_date < last - timedelta(days=390)
    ]
    return [
        WrittenOff(
            line.due_date + timedelta(days=rng.randint(240, 370)),
            line.number,
            line.amount_minor,
            "Incobrable tras varias gestiones",
        )
        for line in rng.sample(old, min(_LOST, len(old)))
    ]


def contests(rng: Random, lines: list[DemoLine], last: date) -> list[Disputed]:
    """Disputes still open, of customers who else would have paid, on invoices due in the last weeks."""
    fresh = [
        line
        for line in lines
        if line.customer.party in {Party.COMPANY, Party.SOLE_TRADER}
        and line.customer.debtor_kind in _USUALLY_PAY
        and 4 <= (last - line.due_date).days <= 55
        and line.amount_minor > 10_000
    ]
    return [
        Disputed(
            min(line.due_date + timedelta(days=rng.randint(-5, 12)), last),
            line.number,
            rng.choice((None, None, line.amount_minor // 2, line.amount_minor // 4)),
            rng.choice(_OBJECTIONS),
        )
        for line in rng.sample(fresh, min(_CONTESTED, len(fresh)))
    ]


def past_contests(rng: Random, lines: list[DemoLine], last: date) -> list[Disputed]:
    """Disputes that ended long ago."""
    old = [
        line
        for line in lines
        if line.customer.party in {Party.COMPANY, Party.SOLE_TRADER}
        and line.due_date < last - timedelta(days=90)
    ]
    return [_settled_contest(rng, line) for line in rng.sample(old, _CONTESTED_ONCE)]


def _settled_contest(rng: Random, line: DemoLine) -> Disputed:
    begun = max(line.issued_on, line.due_date + timedelta(days=rng.randint(-6, 6)))
    ended = begun + timedelta(days=rng.randint(6, 40))
    return Disputed(begun, line.number, None, rng.choice(_OBJECTIONS), ended)


def aftermath(rng: Random, books: Books, overdue: list[DemoLine]) -> list[DemoEvent]:
    """Pauses, extensions and answers of customers with something overdue on the last day."""
    codes = list(dict.fromkeys(line.customer.code for line in overdue))
    paused = rng.sample(codes, min(_HELD, len(codes)))
    fresh = [line for line in overdue if (books.last - line.due_date).days <= 25]
    granted = rng.sample(fresh, min(_EXTENDED, len(fresh)))
    heard = rng.sample(codes, min(_REPLIED, len(codes)))
    return [
        *(_pause(rng, code, books.last) for code in paused),
        *(_extension(rng, line, books.last) for line in granted),
        *(_answer(rng, code, books.last) for code in heard),
    ]


def _pause(rng: Random, code: str, last: date) -> Held:
    begun = last - timedelta(days=rng.randint(1, 20))
    until = rng.choice((None, last + timedelta(days=rng.randint(5, 30))))
    return Held(begun, code, until, "A petición de la dirección comercial")


def _extension(rng: Random, line: DemoLine, last: date) -> Extended:
    on = min(line.due_date + timedelta(days=rng.randint(0, 4)), last)
    return Extended(on, line.number, last + timedelta(days=rng.randint(5, 30)), "Aplazamiento concedido")


def _answer(rng: Random, code: str, last: date) -> Replied:
    kind, note, _ = rng.choices(_ANSWERS, weights=[answer[2] for answer in _ANSWERS])[0]
    channel = rng.choice(("email", "email", "phone", "whatsapp"))
    return Replied(last - timedelta(days=rng.randint(0, 24)), code, channel, kind, note)

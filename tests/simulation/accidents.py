"""Verbs of the house for one invoice or one customer, to be done on a day to come.

Each gives a deed: called with the house and the moment it does one thing, or nothing where there is nothing
left to do it to.
"""

from collections.abc import Callable
from datetime import date, datetime, timedelta

from aldia.operations.promises import NewPromise
from aldia.operations.replies import record_reply
from tests.simulation.deeds import Do, Issue, Pay
from tests.simulation.house import ACTOR, House
from tests.simulation.people import Person

What = Callable[[House, datetime], None]


def written_off(issue: Issue) -> What:
    """Every open line of the invoice is given up."""

    def what(house: House, now: datetime) -> None:
        for line, _, _ in house.open_lines(issue.person, issue.number):
            house.book("write_off", now, due_line_id=line, on=house.today(now), reason="incobrable")

    return what


def disputed(issue: Issue, over: date, *, whole: bool) -> What:
    """The first open line is contested until then, all of it or a half."""

    def what(house: House, now: datetime) -> None:
        for line, minor, _ in house.open_lines(issue.person, issue.number)[:1]:
            part = None if whole else max(1, minor // 2)
            on = house.today(now)
            overlay = house.book("record_dispute", now, due_line_id=line, amount_minor=part, on=on)
            house.agenda.add(Do(max(over, on + timedelta(days=1)), _ended(overlay)))

    return what


def _ended(overlay: int) -> What:
    def what(house: House, now: datetime) -> None:
        house.book("end_overlay", now, overlay_id=overlay, on=house.today(now))

    return what


def new_terms(issue: Issue, until: date) -> What:
    """The first open line falls due on another day."""

    def what(house: House, now: datetime) -> None:
        for line, _, _ in house.open_lines(issue.person, issue.number)[:1]:
            house.book("record_terms", now, due_line_id=line, until_on=until, on=house.today(now))

    return what


def covered(issue: Issue, until: date) -> What:
    """Paper covers the first open line until then."""

    def what(house: House, now: datetime) -> None:
        for line, _, _ in house.open_lines(issue.person, issue.number)[:1]:
            on = house.today(now)
            house.book(
                "record_cover", now, due_line_id=line, until_on=max(until, on + timedelta(days=2)), on=on
            )

    return what


def credit_note(issue: Issue, share: float) -> What:
    """So much of the invoice is taken back by a credit note."""

    def what(house: House, now: datetime) -> None:
        documents = house.ask("SELECT id FROM ledger_document WHERE number = %s", issue.number)
        for (document,) in documents:
            house.book(
                "record_credit_note",
                now,
                customer_id=house.customer_id(issue.person),
                number=f"A-{issue.number}",
                amount_minor=max(1, round(issue.minor * share)),
                currency=issue.currency,
                issued_on=house.today(now),
                adjusts_id=document,
            )

    return what


def booked_wrongly(issue: Issue) -> What:
    """The first line of the invoice should never have been there; what was paid on it is unapplied again."""

    def what(house: House, now: datetime) -> None:
        lines = house.ask(
            "SELECT l.id FROM ledger_due_line l JOIN ledger_document d ON d.id = l.document_id"
            " WHERE d.number = %s ORDER BY l.id",
            issue.number,
        )
        for (line,) in lines[:1]:
            house.book("reverse_due_line", now, due_line_id=line, on=house.today(now))

    return what


def taken_off_the_line(issue: Issue) -> What:
    """Money was applied to the wrong line: it is taken off it, and is unapplied."""

    def what(house: House, now: datetime) -> None:
        allocations = house.ask(
            "SELECT a.id FROM ledger_allocation a JOIN ledger_due_line l ON l.id = a.due_line_id"
            " JOIN ledger_document d ON d.id = l.document_id JOIN ledger_credit c ON c.id = a.credit_id"
            " WHERE d.number = %s AND c.kind <> 'write_off' ORDER BY a.id DESC",
            issue.number,
        )
        for (allocation,) in allocations[:1]:
            house.book("reverse_allocation", now, allocation_id=allocation, on=house.today(now))

    return what


def accepted(issue: Issue) -> What:
    """The customer says yes to the invoice."""

    def what(house: House, now: datetime) -> None:
        documents = house.ask("SELECT id FROM ledger_document WHERE number = %s", issue.number)
        for (document,) in documents:
            house.book("record_acceptance", now, document_id=document, state="accepted", on=house.today(now))

    return what


def returned(reference: str, minor: int) -> What:
    """The bank takes so much of that payment back."""

    def what(house: House, now: datetime) -> None:
        credit = house.credit_id(reference)
        if credit is not None:
            on = house.today(now)
            house.book(
                "reverse_credit", now, credit_id=credit, amount_minor=minor, on=on, kind="returned_debit"
            )

    return what


def given_back(issue: Issue, reference: str) -> What:
    """What is left of the payment goes back to the customer."""

    def what(house: House, now: datetime) -> None:
        credit = house.credit_id(reference)
        left = house.ask(
            "SELECT unallocated_minor FROM ledger_credit_balance WHERE credit_id = %s", credit or 0
        )
        for (minor,) in left:
            on = house.today(now)
            house.book("refund", now, credit_id=credit, amount_minor=minor, on=on)

    return what


def applied(issue: Issue, reference: str) -> What:
    """What is left of the payment is applied to whatever of the customer is open, oldest first."""

    def what(house: House, now: datetime) -> None:
        credit = house.credit_id(reference)
        lines = [line for line, _, currency in house.open_lines(issue.person) if currency == issue.currency]
        if credit is not None and lines:
            house.book("allocate_credit", now, credit_id=credit, due_line_ids=lines)

    return what


def identified(person: Person, reference: str) -> What:
    """Somebody finds out whose money it is."""

    def what(house: House, now: datetime) -> None:
        credit = house.credit_id(reference)
        if credit is not None:
            house.book("identify_credit", now, credit_id=credit, customer_id=house.customer_id(person))

    return what


def replied(person: Person) -> What:
    """The customer answers."""

    def what(house: House, now: datetime) -> None:
        record_reply(
            creditor=house.creditor,
            customer_code=person.code,
            kind=house.rng.choice(["forgot", "cannot", "disputes", "promises", "paid", "asks"]),
            received_on=house.today(now),
            now=now,
            actor=ACTOR,
        )

    return what


def has_a_new_address(person: Person) -> What:
    """From now on the customer is written to elsewhere."""

    def what(house: House, now: datetime) -> None:
        house.tell(person, now, email=person.next_email())

    return what


def becomes_insolvent(person: Person) -> What:
    """Nobody duns the customer from that day on."""

    def what(house: House, now: datetime) -> None:
        person.insolvent_on = house.today(now)
        house.tell(person, now, insolvent_on=person.insolvent_on)

    return what


def is_given_a_pause(person: Person, until: date, *, early: bool) -> What:
    """Nobody writes to the customer until then; now and then the pause ends sooner."""

    def what(house: House, now: datetime) -> None:
        on = house.today(now)
        until_on = max(until, on + timedelta(days=3))
        overlay = house.book(
            "record_hold", now, customer_id=house.customer_id(person), on=on, until_on=until_on
        )
        if early:
            house.agenda.add(Do(on + timedelta(days=2), _ended(overlay)))

    return what


def promised(issue: Issue, share: float, *, by: int, comes: float, late: int) -> What:
    """The customer gives a word for such a share of what is open of the invoice, or for as much of whatever
    is open, within so many days; such a part of it then comes, so many days late. None comes at 0."""

    def what(house: House, now: datetime) -> None:
        open_, on = house.open_lines(issue.person, issue.number), house.today(now)
        minor = round(share * sum(minor for _, minor, _ in open_))
        names_lines = house.rng.random() < 0.7
        new = NewPromise(
            minor,
            issue.currency,
            on + timedelta(days=by),
            due_line_ids=tuple(line for line, _, _ in open_) if names_lines else (),
            receipt=house.rng.random() < 0.8,
        )
        promise = house.promise(issue.person, now, new) if open_ else None
        if promise is None:
            return
        came = round(minor * comes)
        if came:
            paid_on = max(on, new.promised_on + timedelta(days=late))
            reference = f"{issue.number}/C{promise}"
            house.agenda.add(Pay(paid_on, issue.person, came, issue.currency, reference, issue.number))
        if house.rng.random() < 0.1:
            house.agenda.add(Do(on + timedelta(days=house.rng.randint(1, by + 4)), _taken_back(promise)))

    return what


def _taken_back(promise: int) -> What:
    def what(house: House, now: datetime) -> None:
        house.take_back(promise, now)

    return what

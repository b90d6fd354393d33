"""Each mail looked at as it arrives: to whom, when, about what, how much. Laws: docs/reliability.md."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from tests.simulation.books import Books, Standing
from tests.simulation.calendar import local, why_closed, working_days_after
from tests.simulation.house import House
from tests.simulation.journal import Journal
from tests.simulation.people import Person
from tests.simulation.reading import Asked, Said, read_mail, sums_in
from tests.simulation.verdicts import Fault

_CAPS = dict.fromkeys(("ES", "ES-CN", "MX"), ((1, 1), (7, 3)))  # days in a row, mails at most
_DEMANDED = ("Intereses de demora", "Compensación por costes")


@dataclass(frozen=True, slots=True)
class Arrived:
    """A mail in the box, with who it was for by its own key. kinds: of the messages that left in it."""

    key: str
    recipient: str
    subject: str
    text: str
    html: str
    headers: str
    at: datetime
    customer_id: int
    kinds: frozenset[str]
    channel: str = "email"

    @property
    def is_paper(self) -> bool:
        """It lies in the print tray."""
        return self.channel in ("letter", "certified")

    @property
    def is_dunning(self) -> bool:
        """It asks for what is late."""
        return self.key.startswith("dunning:")

    @property
    def is_thanks(self) -> bool:
        """It asks for nothing: somebody is up to date again."""
        return self.kinds == {"goodwill"}

    @property
    def is_of_a_promise(self) -> bool:
        """Its receipt, or the reminder of the day before."""
        return self.kinds <= {"promise_receipt", "promise_reminder"}

    @property
    def is_contact(self) -> bool:
        """It counts as one more contact for the sake of being paid."""
        return bool(self.kinds & {"dunning", "pre_due", "due_today", "promise_reminder"})


_MAILS = """
SELECT b.id, b.key, b.recipient, b.subject, b.text, b.html, b.headers::text, b.at,
       array(SELECT DISTINCT CASE m.kind WHEN 'promise' THEN 'promise_' || m.step ELSE m.kind END
             FROM outreach_message m JOIN outreach_dispatch d ON d.id = m.dispatch_id WHERE d.key = b.key),
       b.channel,
       (SELECT d.customer_id FROM outreach_dispatch d WHERE d.creditor_id = b.creditor_id AND d.key = b.key)
FROM outreach_mailbox_mail b WHERE b.id > %s ORDER BY b.id
"""
_LETTERS = """
SELECT l.id, d.key, d.recipient, d.subject, d.text, '', '', l.taken_at,
       array(SELECT DISTINCT m.kind FROM outreach_message m WHERE m.dispatch_id = d.id), l.channel,
       d.customer_id
FROM outreach_letter l JOIN outreach_dispatch d ON d.id = l.dispatch_id WHERE l.id > %s ORDER BY l.id
"""


class Box:
    """The mailbox and the print tray, read once: what arrived since the last look, and all that ever did."""

    def __init__(self, house: House) -> None:
        self._house, self._last = house, {_MAILS: 0, _LETTERS: 0}
        self.arrived: list[Arrived] = []

    def look(self) -> list[Arrived]:
        """The new ones, oldest first."""
        fresh = []
        for asked, last in self._last.items():
            rows = self._house.ask(asked, last)
            self._last[asked] = max([last, *(row[0] for row in rows)])
            fresh += [_arrived(*row[1:]) for row in rows]
        fresh.sort(key=lambda each: each.at)
        self.arrived += fresh
        return fresh


def _arrived(key: str, *rest: Any) -> Arrived:
    recipient, subject, text, html, headers, at, kinds, channel, customer = rest
    return Arrived(key, recipient, subject, text, html, headers, at, customer, frozenset(kinds), channel)


@dataclass(frozen=True, slots=True)
class Bench:
    """All that one look needs. earlier: what arrived before, the latest last."""

    house: House
    journal: Journal
    books: Books
    earlier: list[Arrived]

    def person_of(self, mail: Arrived) -> Person:
        """Whose customer it was for."""
        code = self.books.codes[mail.customer_id]
        return next(each for each in self.house.everybody if each.code == code)


def faults_of_mail(bench: Bench, mail: Arrived) -> Iterator[Fault]:
    """Everything that is wrong with a mail, at the moment it arrived."""
    person = bench.person_of(mail)
    where = f"{mail.key} to {person.code} at {mail.at:%Y-%m-%d %H:%M}"
    either = (
        *_of_recipient(bench, mail, person),
        *_of_moment(bench, mail, person),
        *_of_leave(bench, mail),
    )
    if mail.is_thanks:
        yield from (Fault(fault.law, f"{where}: {fault.sentence}") for fault in (*either, *_of_thanks(mail)))
        return
    for fault in (
        *either,
        *_of_words(bench, mail, person),
        *_of_debt(bench, mail),
        *_of_figures(bench, mail),
    ):
        yield Fault(fault.law, f"{where}: {fault.sentence}")


def _of_figures(bench: Bench, mail: Arrived) -> Iterator[Fault]:
    if mail.is_of_a_promise:
        return _of_a_promise(bench, mail)
    if _is_short_about_a_word(bench, mail):
        return iter(())
    if mail.channel == "email" or mail.is_paper:
        return _of_amounts(bench, mail, read_mail(mail.text))
    return _of_short(bench, mail)


def _is_short_about_a_word(bench: Bench, mail: Arrived) -> bool:
    """A short message about a promise names its sum and day, and nobody: its receipt, its eve, or that it was
    broken."""
    if mail.channel == "email" or mail.is_paper:
        return False
    broken = [
        (sum(part.amount for part in word.promise.parts), word.promise.currency)
        for word in bench.books.words.values()
        if word.promise.customer_id == mail.customer_id and word.state == "broken"
    ]
    return mail.is_of_a_promise or sums_in(mail.text) in [[each] for each in broken]


def _of_thanks(mail: Arrived) -> Iterator[Fault]:
    """Whoever is thanked is asked for nothing: no sum stands in it."""
    if sums_in(mail.text):
        yield Fault("thanks", "names an amount")


def _of_recipient(bench: Bench, mail: Arrived, person: Person) -> Iterator[Fault]:
    if mail.is_paper:
        if mail.recipient != person.address:
            yield Fault("I9", f"went to {mail.recipient}")
        return
    if mail.channel != "email":
        if not (person.phone and mail.recipient.endswith(person.phone)):
            yield Fault("I9", f"went to {mail.recipient}")
        return
    if mail.recipient not in person.emails:
        yield Fault("I9", f"went to {mail.recipient}")
    elif mail.recipient != person.email:
        yield Fault("address", f"went to the address {person.code} had before, {mail.recipient}")


def _of_moment(bench: Bench, mail: Arrived, person: Person) -> Iterator[Fault]:
    """I8: hours, weekends, holidays and caps of the place; the house's own hours and cap."""
    creditor, place = bench.house.creditor, person.place
    closed = why_closed(mail.at, place, weekends=creditor.sends_on_weekends)
    if closed:
        yield Fault("I8", f"{closed} in {place}, where it is {local(mail.at, place):%a %H:%M}")
    hour = local(mail.at, place).time()
    opens, closes = creditor.sends_from, creditor.sends_until
    if opens and closes and not opens <= hour < closes:
        yield Fault("I8", f"outside the hours of the house at {hour}")
    yield from _of_caps(bench, mail, place)
    today = bench.house.today(mail.at)
    most, sent = creditor.messages_per_day_max, bench.house.wire.may_have_arrived_since(mail.at, today)
    if most is not None and sent > most:
        yield Fault("I8", f"mail {sent} of the house on a day for {most}")


def _of_caps(bench: Bench, mail: Arrived, place: str) -> Iterator[Fault]:
    if not mail.is_contact:
        return
    day = local(mail.at, place).date()
    before = [
        local(each.at, place).date()
        for each in bench.earlier
        if each.customer_id == mail.customer_id and each.is_contact
    ]
    before += [on for customer, on in bench.journal.calls if customer == mail.customer_id]
    for days, most in _CAPS[place]:
        within = sum(day - timedelta(days=days) < on <= day for on in before) + 1
        if within > most:
            yield Fault("I8", f"contact {within} within {days} days")


def _of_leave(bench: Bench, mail: Arrived) -> Iterator[Fault]:
    """What people said: stopped, not before then. What was skipped: `steps_judged`."""
    journal, creditor = bench.journal, bench.house.creditor
    if journal.was_stopped(mail.at):
        yield Fault("stop", "left though sending was stopped")
    if mail.at < journal.postponed.get(mail.key, mail.at):
        yield Fault("postpone", f"left before {journal.postponed[mail.key]}")
    oldest = creditor.bank_data_days_max
    if mail.is_dunning and oldest is not None:
        known = journal.bank_on
        if known is None or working_days_after(known, bench.house.today(mail.at)) > oldest:
            yield Fault("bank", f"payments are known until {known} only")


def _of_words(bench: Bench, mail: Arrived, person: Person) -> Iterator[Fault]:
    """I9: nobody else's word anywhere; a name stays a name."""
    everything = "\n".join((mail.subject, mail.text, mail.html, mail.headers, mail.recipient)).lower()
    for other in bench.house.everybody:
        if other is not person and other.word in everything:
            yield Fault("I9", f"names {other.code} ({other.word})")
    if person.word not in everything and not _is_short_about_a_word(bench, mail):
        yield Fault("I9", "does not name its own customer")
    if "<i>" in mail.html or "\u202e" in everything:
        yield Fault("inert", "a name became more than a name")
    if person.kind == "consumer" and any(words in mail.text for words in _DEMANDED):
        yield Fault("law", "asks a consumer for interest or compensation")


def _of_debt(bench: Bench, mail: Arrived) -> Iterator[Fault]:
    """I6: nobody who owes nothing, is insolvent, has a pause or contests it all."""
    books, customer = bench.books, mail.customer_id
    if customer in books.insolvent:
        yield Fault("I6", "the customer is insolvent")
    if customer in books.held:
        yield Fault("I6", "the customer has a pause")
    if mail.is_dunning and customer in books.promised:
        yield Fault("promised", "the customer has given a word, and its day is not over")
    if not any(line.open_minor > 0 for line in books.of_customer(customer)):
        yield Fault("I6", "the customer owes nothing")
    elif mail.is_dunning and not any(books.dunnable(customer).values()):
        yield Fault("I6", "nothing may be asked for: paid, contested or covered")


def _of_short(bench: Bench, mail: Arrived) -> Iterator[Fault]:
    """A short message names one sum per currency: all that is late, or what is open of what it speaks of."""
    sums, books = sums_in(mail.text), bench.books
    if not sums:
        yield Fault("amounts", "asks for nothing")
    late, person = books.dunnable(mail.customer_id), bench.person_of(mail)
    for minor, currency in sums:
        mine = [line for line in books.of_customer(mail.customer_id) if line.currency == currency]
        most = late.get(currency, 0) if mail.is_dunning else sum(line.open_minor for line in mine)
        is_whole = mail.is_dunning and person.segment != "academia"
        if minor <= 0 or minor > most or (is_whole and minor != most):
            yield Fault("amounts", f"asks {minor} {currency} of {most}")


def _of_a_promise(bench: Bench, mail: Arrived) -> Iterator[Fault]:
    """It is the customer's own and open; the sum is what was said or, on the eve, what is missing; line by
    line what is missing of it."""
    word = bench.books.words[int(mail.key.removeprefix("promise:").partition("/")[0])]
    if word.promise.customer_id != mail.customer_id or word.state != "open":
        yield Fault("promised", f"speaks of a promise of {word.promise.customer_id} that is {word.state}")
    said = sum(part.amount for part in word.promise.parts)
    named = word.missing if "promise_reminder" in mail.kinds else said
    if (named, word.promise.currency) not in sums_in(mail.text):
        yield Fault("amounts", f"does not name the {named} that were promised")
    if mail.channel != "email":
        return
    numbers = {bench.books.lines[part.line_id].number for part in word.promise.parts}
    rows = read_mail(mail.text).asked
    if sum(row.minor for row in rows) != word.missing or any(row.minor <= 0 for row in rows):
        yield Fault("amounts", f"asks {[row.minor for row in rows]}, missing are {word.missing}")
    for row in rows:
        if not numbers & set(row.label.split()):
            yield Fault("amounts", f"asks {row}, promised were {sorted(numbers)}")


def _of_amounts(bench: Bench, mail: Arrived, said: Said) -> Iterator[Fault]:
    """Every figure is what the rows add up to at this moment."""
    mine = {line.number: [] for line in bench.books.of_customer(mail.customer_id)}  # type: ignore[var-annotated]
    for line in bench.books.of_customer(mail.customer_id):
        mine[line.number].append(line)
    if not said.asked:
        yield Fault("amounts", "asks for nothing")
    for asked in said.asked:
        number = next((each for each in mine if each in asked.label.split()), None)
        known = [line for line in mine.get(number or "", ()) if _is_about(line, asked)]
        if not any(_is_right(line, asked, dunning=mail.is_dunning) for line in known):
            yield Fault("amounts", f"asks {asked}; the books say {mine.get(number or '', 'nothing')}")
    yield from _of_totals(bench, mail, said)


def _is_about(line: Standing, asked: Asked) -> bool:
    return line.due_on == asked.due_on and line.currency == asked.currency


def _is_right(line: Standing, asked: Asked, *, dunning: bool) -> bool:
    if asked.minor <= 0 or (asked.days or 0) != max(0, line.days):
        return False
    return (line.overdue and asked.minor == line.asked_minor) if dunning else asked.minor == line.open_minor


def _of_totals(bench: Bench, mail: Arrived, said: Said) -> Iterator[Fault]:
    """A sum per currency, money that has come in taken off; a reminder asks for all that is late."""
    if not mail.is_dunning:
        return
    person, books = bench.person_of(mail), bench.books
    dunnable = books.dunnable(mail.customer_id)
    for currency in {asked.currency for asked in said.asked}:
        rows = [asked.minor for asked in said.asked if asked.currency == currency]
        taken = said.taken_off.get(currency, 0)
        total = said.totals.get(currency, rows[0] if len(rows) == 1 and not taken else None)
        if total != sum(rows) - taken or total <= 0:
            yield Fault("amounts", f"{rows} less {taken} is not {total} {currency}")
        if person.segment != "academia" and total != dunnable.get(currency):
            yield Fault("amounts", f"asks {total} {currency} of {dunnable.get(currency)} that is late")
        if person.segment == "academia" and (total or 0) > dunnable.get(currency, 0):
            yield Fault("amounts", f"asks {total} {currency}, more than {dunnable.get(currency)}")

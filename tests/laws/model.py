"""The ledger in a hundred lines of plain Python, written from docs/rules/ledger.md: what each verb must do.

Days are whole numbers. A track is a list of (day, minor): what came to a credit or line, or negative, went.
"""

from dataclasses import dataclass, field

LAST_DAY = 400


class Refused(Exception):
    """The verb must be refused; the code of the refusal."""


@dataclass(eq=False)
class Track:
    """A due line or a credit. first_day: issue or value date. order: by what money is given, for lines.
    given_up: a write-off or forgiveness, which is no money."""

    id: int
    currency: str
    first_day: int
    original: int
    order: tuple[int, int] = (0, 0)
    customer: int | None = None
    key: str = ""
    document: int = 0
    moves: list[tuple[int, int]] = field(default_factory=list)
    reversed: int = 0
    refunded: int = 0
    given_up: bool = False

    def __post_init__(self) -> None:
        self.moves.append((self.first_day, self.original))

    @property
    def left(self) -> int:
        return sum(minor for _, minor in self.moves)

    @property
    def live(self) -> bool:
        return self.reversed < self.original

    def balance(self, day: int) -> int:
        return sum(minor for each, minor in self.moves if each <= day)

    def lowest_from(self, day: int) -> int:
        return min(self.balance(each) for each in {day, *(d for d, _ in self.moves if d >= day)})


@dataclass(eq=False)
class Given:
    """An allocation (with its line) or a refund (without): what is left of it."""

    credit: Track
    line: Track | None
    day: int
    left: int
    id: int = 0


class Model:
    """All books of one creditor."""

    def __init__(self) -> None:
        self.lines: dict[int, Track] = {}
        self.credits: dict[int, Track] = {}
        self.allocations: list[Given] = []
        self.refunds: list[Given] = []

    def spread(self, credit: Track, lines: list[Track], minor: int) -> list[tuple[int, int]]:
        """Give up to the amount to the lines, oldest due first."""
        given = []
        for line in sorted(lines, key=lambda each: each.order):
            share = min(minor, line.left)
            if share:
                self.place(credit, line, share)
                given.append((line.id, share))
                minor -= share
        return given

    def place(self, credit: Track, line: Track, minor: int) -> None:
        day = max(credit.first_day, line.first_day)
        while min(credit.lowest_from(day), line.lowest_from(day)) < minor:
            day += 1
            assert day < LAST_DAY
        credit.moves.append((day, -minor))
        line.moves.append((day, -minor))
        self.allocations.append(Given(credit, line, day, minor))

    def refund(self, credit: Track, minor: int, day: int) -> None:
        _positive(minor)
        if minor > credit.left:
            raise Refused("more_than_left")
        if day < credit.first_day:
            raise Refused("too_early")
        if credit.lowest_from(day) < minor:
            raise Refused("not_that_day")
        credit.moves.append((day, -minor))
        credit.refunded += minor
        self.refunds.append(Given(credit, None, day, minor))

    def reverse(self, track: Track, minor: int | None, day: int) -> int:
        """Take so much of a credit or line back; its allocations go newest first, once its rest is used."""
        mine = [each for each in self.allocations if track in (each.credit, each.line) and each.left]
        minor = _amount(minor, track.left + sum(each.left for each in mine))
        if day < track.first_day:
            raise Refused("too_early")
        needed, moves = max(0, minor - track.left), [(day, -minor)]
        taken = []
        for each in sorted(mine, key=lambda each: (each.day, each.id), reverse=True):
            part = min(needed, each.left)
            needed -= part
            if part:
                taken.append((each, part, max(day, each.day)))
                moves.append((max(day, each.day), part))
        trial = Track(0, "", track.first_day, 0, moves=[*track.moves, *moves])
        if trial.lowest_from(0) < 0:
            raise Refused("not_that_day")
        for each, part, on in taken:
            self._give_back(each, part, on)
        track.moves.append((day, -minor))
        track.reversed += minor
        return minor

    def take_back(self, given: Given, minor: int | None, day: int) -> None:
        """Reverse an allocation or refund."""
        minor = _amount(minor, given.left)
        if day < given.day:
            raise Refused("too_early")
        self._give_back(given, minor, day)

    def identify(self, credit: Track, new_id: int, customer: int) -> None:
        """The same money, from the same days, under another number."""
        mine = [each for each in self.allocations if each.credit is credit and each.left]
        amount = credit.left + sum(each.left for each in mine)
        if credit.customer is not None:
            raise Refused("another_customer")
        if not amount:
            raise Refused("more_than_left")
        trial = [*credit.moves, (credit.first_day, -amount), *((each.day, each.left) for each in mine)]
        if Track(0, "", 0, 0, moves=trial).lowest_from(0) < 0:
            raise Refused("not_that_day")
        shares = [(each.line, each.left) for each in mine]
        for each in mine:
            self._give_back(each, each.left, each.day)
        credit.moves.append((credit.first_day, -amount))
        credit.reversed += amount
        new = Track(new_id, credit.currency, credit.first_day, amount, customer=customer)
        self.credits[new_id] = new
        for line, minor in shares:
            assert line is not None
            self.place(new, line, minor)

    def undo(self, *tracks: Track) -> None:
        """All of them, on the day they came, or the last on which something came back to them."""
        if any(track.refunded for track in tracks):
            raise Refused("more_than_left")
        days = [max(day for day, minor in track.moves if minor > 0) for track in tracks]
        for each in self.allocations:
            if each.left and (each.line in tracks or each.credit in tracks):
                self._give_back(each, each.left, each.day)
        for track, day in zip(tracks, days, strict=True):
            track.moves.append((day, track.reversed - track.original))
            track.reversed = track.original

    def _give_back(self, given: Given, minor: int, day: int) -> None:
        given.left -= minor
        given.credit.moves.append((day, minor))
        if given.line is not None:
            given.line.moves.append((day, minor))
        else:
            given.credit.refunded -= minor


def _positive(minor: int) -> None:
    if minor <= 0:
        raise Refused("amount_not_positive")


def _amount(minor: int | None, left: int) -> int:
    if left <= 0:
        raise Refused("more_than_left")
    if minor is None:
        return left
    _positive(minor)
    if minor > left:
        raise Refused("more_than_left")
    return minor

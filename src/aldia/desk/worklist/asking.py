"""What the address of the worklist says: whose cases, which of them, and the one opened beside the list."""

from dataclasses import dataclass, replace
from urllib.parse import urlencode

from django.http import HttpRequest, QueryDict

from aldia.kernel.money import read_typed_amount

_TEXT_MAX = 100
_NUMBER_MAX = 19
WHOSE = ("mine", "team", "nobody", "all")


@dataclass(frozen=True, slots=True)
class ListState:
    """whose: of WHOSE, or the id of a member; "" for whatever the visitor sees first. tier: None for any;
    state, kind: codes, "" for any. group: id of a group of customers, None for any. amount: as it was typed;
    days: at least so many of delay. today: only what fits into the day. text: words of name or code. page:
    from 1. opened: id of a case."""

    whose: str = ""
    tier: int | None = None
    state: str = ""
    kind: str = ""
    amount: str = ""
    days: int | None = None
    text: str = ""
    group: int | None = None
    today: bool = False
    page: int = 1
    opened: int | None = None

    @property
    def kept(self) -> dict[str, object]:
        """What a saved view keeps."""
        return dict(self._said(replace(self, page=1, opened=None)))

    @property
    def narrows(self) -> int:
        """How many filters are set, beside whose."""
        return sum(
            1
            for each in (
                self.tier,
                self.state,
                self.kind,
                self.amount,
                self.days,
                self.text,
                self.group,
                self.today,
            )
            if each
        )

    def amount_minor(self, currency: str) -> int | None:
        """The least amount in minor units of the creditor's currency; None where it cannot be read."""
        return read_typed_amount(self.amount, currency) if self.amount else None

    def address(self, **changes: object) -> str:
        """`?…` of the same list with changes; from the first page and with nothing opened unless said."""
        return "?" + urlencode(self._said(replace(self, **{"page": 1, "opened": None, **changes})))  # type: ignore[arg-type]

    @property
    def here(self) -> str:
        """`?…` of this very page, without what is opened."""
        return self.address(page=self.page)

    @staticmethod
    def _said(state: "ListState") -> list[tuple[str, str]]:
        said = [
            ("quien", state.whose),
            ("motivo", str(state.tier or "")),
            ("estado", state.state),
            ("clase", state.kind),
            ("importe", state.amount),
            ("dias", str(state.days or "")),
            ("q", state.text),
            ("grupo", str(state.group or "")),
            ("hoy", "1" if state.today else ""),
            ("pag", str(state.page) if state.page > 1 else ""),
            ("ver", str(state.opened or "")),
        ]
        return [(name, value) for name, value in said if value]


def state_of(request: HttpRequest) -> ListState:
    """From the address; of a form, from its field `lista`, which holds the address of its list."""
    if request.method == "POST":
        return state_from(QueryDict(request.POST.get("lista", "")[:4_000].lstrip("?")))
    return state_from(request.GET)


def state_from(said: QueryDict) -> ListState:
    """What cannot be read counts as not said."""
    whose = said.get("quien", "")
    return ListState(
        whose=whose if whose in WHOSE or number(whose) else "",
        tier=number(said.get("motivo", "")),
        state=_clean(said.get("estado", ""), 40),
        kind=_clean(said.get("clase", ""), 40),
        amount=_clean(said.get("importe", ""), 20),
        days=number(said.get("dias", "")),
        text=_clean(said.get("q", ""), _TEXT_MAX),
        group=number(said.get("grupo", "")),
        today=said.get("hoy") == "1",
        page=max(number(said.get("pag", "")) or 1, 1),
        opened=number(said.get("ver", "")),
    )


def number(text: str) -> int | None:
    """A whole number that fits an id, else None."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) < _NUMBER_MAX else None


def numbers(texts: list[str], most: int = 500) -> tuple[int, ...]:
    """Those that are numbers."""
    found = (number(each) for each in texts[:most])
    return tuple(each for each in found if each is not None)


def _clean(text: str, longest: int) -> str:
    return text.replace("\0", "").strip()[:longest]

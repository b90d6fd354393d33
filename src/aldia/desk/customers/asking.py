"""What the address of the list says, and the addresses of the same list otherwise: filter, order, columns."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from django.http import HttpRequest, QueryDict

from aldia.queries.customer_list import Asked, Sort

_TEXT_MAX = 100
_FILTER_MAX = 2_000
DEFAULT_COLUMNS = ("overdue", "dunnable", "days_overdue")


@dataclass(frozen=True, slots=True)
class ListState:
    """q: words. rows: the condition. columns: words of the vocabulary shown. place: where the page begins."""

    q: str = ""
    rows: str = ""
    sort: Sort = Sort.NAME
    descending: bool = False
    columns: tuple[str, ...] = DEFAULT_COLUMNS
    place: str = ""

    @property
    def asked(self) -> Asked:
        """For the query."""
        return Asked(self.q, self.rows, self.sort, self.descending, self.place)

    @property
    def kept(self) -> dict[str, object]:
        """What a saved view keeps."""
        return {
            "q": self.q,
            "filtro": self.rows,
            "orden": self.sort.value,
            "baja": self.descending,
            "col": list(self.columns),
        }

    def address(self, **changes: object) -> str:
        """`?…` of the same list with changes; from the first page unless the place is among them."""
        state = replace(self, **{"place": "", **changes})  # type: ignore[arg-type]
        said: list[tuple[str, str]] = [
            ("q", state.q),
            ("filtro", state.rows),
            ("orden", state.sort.value if state.sort is not Sort.NAME else ""),
            ("baja", "1" if state.descending else ""),
            ("en", state.place),
        ]
        if state.columns != DEFAULT_COLUMNS:
            said += [("col", column) for column in state.columns]
        return "?" + urlencode([(name, value) for name, value in said if value])


def state_of(request: HttpRequest, known: Iterable[str]) -> ListState:
    """known: words that may be columns. What cannot be read counts as not said."""
    return state_from(request.GET, known)


def state_from(said: QueryDict, known: Iterable[str]) -> ListState:
    """From the words of an address."""
    sort = said.get("orden", "")
    words = set(known)
    columns = tuple(dict.fromkeys(each for each in said.getlist("col") if each in words))
    return ListState(
        q=_clean(said.get("q", ""), _TEXT_MAX),
        rows=_clean(said.get("filtro", ""), _FILTER_MAX),
        sort=Sort(sort) if sort in set(Sort) else Sort.NAME,
        descending=said.get("baja") == "1",
        columns=columns or DEFAULT_COLUMNS,
        place=_clean(said.get("en", ""), 400),
    )


def _clean(text: str, longest: int) -> str:
    return text.replace("\0", "").strip()[:longest]

"""What was just saved, kept in the visit so that it can be said, and taken back within ten minutes."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from aldia.desk.access import Visit
from aldia.desk.today.page import now_for
from aldia.rules.cases import UNDO_MINUTES

_KEY = "worked"


@dataclass(frozen=True, slots=True)
class Done:
    """sentence: what was saved. name, link: of the case it was; "" for many. is_new: it has not been shown
    yet. undoable: there is still time."""

    key: int
    sentence: str
    name: str
    link: str
    is_new: bool
    undoable: bool


def keep_done(
    request: HttpRequest, visit: Visit, *, sequence: int, case_id: int, name: str, sentence: str, action: str
) -> None:
    """action: what was to be done next before, which taking it back restores."""
    request.session[_KEY] = {
        "creditor": visit.creditor.pk,
        "sequence": sequence,
        "case": case_id,
        "name": name,
        "sentence": sentence,
        "action": action,
        "at": now_for(visit.creditor).isoformat(),
        "new": True,
    }


def keep_many(request: HttpRequest, visit: Visit, *, sequence: int, sentence: str) -> None:
    """The same of many cases at once."""
    keep_done(request, visit, sequence=sequence, case_id=0, name="", sentence=sentence, action="")


def kept_of(request: HttpRequest, visit: Visit) -> dict[str, Any] | None:
    """What was saved last at this creditor's desk; None for nothing."""
    kept = request.session.get(_KEY)
    return kept if kept and kept["creditor"] == visit.creditor.pk else None


def last_of(request: HttpRequest, visit: Visit) -> int | None:
    """The case that was worked last."""
    kept = kept_of(request, visit)
    return int(kept["case"]) or None if kept else None


def forget_done(request: HttpRequest) -> None:
    """It was taken back."""
    request.session.pop(_KEY, None)


def done_of(request: HttpRequest, visit: Visit) -> Done | None:
    """Said once; offered to be taken back while there is time."""
    kept = kept_of(request, visit)
    if kept is None:
        return None
    minutes = (now_for(visit.creditor) - datetime.fromisoformat(kept["at"])).total_seconds() / 60
    undoable, is_new = minutes < UNDO_MINUTES, bool(kept["new"])
    if not (undoable or is_new):
        return None
    request.session[_KEY] = kept | {"new": False}
    link = reverse("desk:worklist", kwargs={"creditor": visit.creditor.code})
    return Done(
        key=kept["sequence"],
        sentence=kept["sentence"],
        name=kept["name"],
        link=f"{link}?ver={kept['case']}" if kept["case"] else "",
        is_new=is_new,
        undoable=undoable,
    )

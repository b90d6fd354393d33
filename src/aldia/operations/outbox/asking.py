"""The gate and the writer asked for a whole batch; what trips over one unit puts off that unit alone."""

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeVar

from aldia.kernel.errors import AldiaError
from aldia.queries.gate import Judging, judging_of, last_looks, looks_by
from aldia.queries.outbox import Unit
from aldia.queries.rendering import Rendered, rendered, written_by
from aldia.records.tenancy.models import Creditor
from aldia.rules.gate import Allowed, Refused

_PAUSE = timedelta(hours=1)
_DEFECTS = (ArithmeticError, AssertionError, AttributeError, LookupError, TypeError, ValueError)
_DEFECT = "El programa no ha sabido preparar este mensaje; el fallo queda en el registro del servidor."
_log = logging.getLogger(__name__)
_Answer = TypeVar("_Answer")
_Bundles = Mapping[str, Sequence[int]]


@dataclass(slots=True)
class Facts:
    """What a batch was looked at with, so that it is written with the same, of the same moment, and not read
    twice; None where it could not be read as a whole."""

    judging: Judging | None = None


def looked_at(
    creditor: Creditor, units: Sequence[Unit], *, now: datetime, facts: Facts
) -> dict[str, Allowed | Refused]:
    """What the gate says of each unit as of now, by key; what it was said by is kept in the facts."""

    def looks(bundles: _Bundles) -> dict[str, Allowed | Refused]:
        if len(bundles) < len(units) or not any(bundles.values()):
            return last_looks(creditor, bundles, now=now)
        judging = judging_of(creditor, bundles, now=now)
        answers = looks_by(judging)
        facts.judging = judging
        return answers

    return _asked(units, now, looks)


def written(
    creditor: Creditor, units: Sequence[Unit], *, now: datetime, facts: Facts
) -> dict[str, Rendered | Refused]:
    """The text of each unit with the amounts of that moment, by key."""
    judging = facts.judging

    def texts(bundles: _Bundles) -> dict[str, Rendered | Refused]:
        if judging is None or len(bundles) < len(units):
            return rendered(creditor, bundles, now=now)
        return written_by(judging.of(bundles), printed=True)

    return _asked(units, now, texts)


def _asked(
    units: Sequence[Unit], now: datetime, ask: Callable[[_Bundles], Mapping[str, _Answer | Refused]]
) -> dict[str, _Answer | Refused]:
    """All at once; where that is refused or breaks as a whole, one by one: one message that nobody can read
    shall not hold up the others."""
    if not units:
        return {}
    try:
        return dict(ask({unit.key: unit.message_ids for unit in units}))
    except AldiaError as trouble:
        if len(units) == 1:
            facts = {"code": trouble.code, "sentence": trouble.sentence}
            return {units[0].key: Refused("trouble", trouble.sentence, now + _PAUSE, facts)}
    except _DEFECTS:
        if len(units) == 1:
            _log.exception("unit %s cannot be looked at", units[0].key)
            facts = {"code": "defect", "sentence": _DEFECT}
            return {units[0].key: Refused("trouble", _DEFECT, now + _PAUSE, facts)}
    return {key: answer for unit in units for key, answer in _asked([unit], now, ask).items()}

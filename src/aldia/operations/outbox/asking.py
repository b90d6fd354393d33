"""The gate and the writer asked for a whole batch; what trips over one unit puts off that unit alone."""

import logging
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import TypeVar

from aldia.kernel.errors import AldiaError
from aldia.queries.gate import last_looks
from aldia.queries.outbox import Unit
from aldia.queries.rendering import Rendered, rendered
from aldia.records.tenancy.models import Creditor
from aldia.rules.gate import Allowed, Refused

_PAUSE = timedelta(hours=1)
_DEFECTS = (ArithmeticError, AssertionError, AttributeError, LookupError, TypeError, ValueError)
_DEFECT = "El programa no ha sabido preparar este mensaje; el fallo queda en el registro del servidor."
_log = logging.getLogger(__name__)
_Answer = TypeVar("_Answer")
_Bundles = Mapping[str, Sequence[int]]


def looked_at(creditor: Creditor, units: Sequence[Unit], *, now: datetime) -> dict[str, Allowed | Refused]:
    """What the gate says of each unit as of now, by key."""
    return _asked(units, now, lambda bundles: last_looks(creditor, bundles, now=now))


def written(creditor: Creditor, units: Sequence[Unit], *, now: datetime) -> dict[str, Rendered | Refused]:
    """The text of each unit with this moment's amounts, by key."""
    return _asked(units, now, lambda bundles: rendered(creditor, bundles, now=now))


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

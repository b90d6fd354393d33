"""A strategy as a picture: rungs on a line of days, each with what it does and who stands on it."""

import re
from dataclasses import dataclass

from django.utils.translation import gettext as _

from aldia.desk.conditions import condition_words
from aldia.records.outreach.models import MessageChannel, MessageKind
from aldia.rules.portfolio.strategy.values import TONES, DocumentStep, Step, Strategy
from aldia.ui.other_language import said

_DAY = re.compile(r"\bdays_overdue\s*>=\s*(\d+)", re.IGNORECASE)
_ICONS = {
    "email": "mail",
    "sms": "message",
    "whatsapp": "brand-whatsapp",
    "letter": "file-text",
    "call": "phone",
}
_TONES = dict(zip(TONES, (1, 2, 4, 6), strict=True))


@dataclass(frozen=True, slots=True)
class Way:
    """A channel of a rung, in the order they are tried."""

    icon: str
    label: str


@dataclass(frozen=True, slots=True)
class Rung:
    """day: first day overdue it is for, None where its condition names none. tone: place among the ageing
    tones. here: customers whose decision it is today."""

    id: str
    title: str
    day: int | None
    condition: str
    source: str
    ways: tuple[Way, ...]
    tone: int
    tone_label: str
    approval: bool
    claims: bool
    requires: tuple[str, ...]
    spacing_days: int
    deadline_days: int | None
    here: int


@dataclass(frozen=True, slots=True)
class Notice:
    """A message about one document, before it is overdue."""

    title: str
    kind: str
    condition: str
    ways: tuple[Way, ...]


@dataclass(frozen=True, slots=True)
class Ladder:
    """The whole of it."""

    strategy: Strategy
    notices: tuple[Notice, ...]
    rungs: tuple[Rung, ...]


def ladder_of(strategy: Strategy, here: dict[str, int]) -> Ladder:
    """here: step id → customers on it."""
    titles = {step.id: step.title for step in strategy.steps}
    return Ladder(
        strategy,
        tuple(_notice(each) for each in strategy.documents),
        tuple(_rung(each, titles, here.get(each.id, 0)) for each in strategy.steps),
    )


def _notice(step: DocumentStep) -> Notice:
    label = said(MessageKind(step.kind).label)
    return Notice(step.title, label, condition_words(step.condition.text), _ways(step.channels))


def _rung(step: Step, titles: dict[str, str], here: int) -> Rung:
    days = _DAY.search(step.condition.text)
    return Rung(
        id=step.id,
        title=step.title,
        day=int(days[1]) if days else None,
        condition=condition_words(step.condition.text),
        source=step.condition.text,
        ways=_ways(step.channels),
        tone=_TONES[step.tone],
        tone_label=said(step.tone),
        approval=step.approval,
        claims=step.claims,
        requires=tuple(titles[each] for each in step.requires),
        spacing_days=step.spacing_days,
        deadline_days=step.new_deadline_days,
        here=here,
    )


def _ways(channels: tuple[str, ...]) -> tuple[Way, ...]:
    return tuple(Way(_ICONS[each], _label(each)) for each in channels)


def _label(channel: str) -> str:
    return _("Llamada") if channel == "call" else said(MessageChannel(channel).label)

"""Strategies, episodes, runs, decisions and tasks; cases, calls and promises."""

from aldia.records.cases.models.calls import (
    Call,
    CallDirection,
    CallKind,
    NonPaymentReason,
    NumberStatus,
    OutcomeCode,
    Reached,
)
from aldia.records.cases.models.cases import (
    Case,
    CaseEvent,
    CaseEventKind,
    CaseLock,
    CaseNote,
    CaseState,
    Collector,
    DebtorKind,
    KindJudgement,
    PlanB,
    Priority,
    Team,
)
from aldia.records.cases.models.episodes import Episode
from aldia.records.cases.models.promises import (
    PaymentMethod,
    Promise,
    PromiseLine,
    PromiseOutcome,
    PromiseSource,
    PromiseVerdict,
)
from aldia.records.cases.models.runs import DailyRun, Decision, Task, TaskState
from aldia.records.cases.models.strategies import StrategyAssignment, StrategyVersion

__all__ = [
    "Call",
    "CallDirection",
    "CallKind",
    "Case",
    "CaseEvent",
    "CaseEventKind",
    "CaseLock",
    "CaseNote",
    "CaseState",
    "Collector",
    "DailyRun",
    "DebtorKind",
    "Decision",
    "Episode",
    "KindJudgement",
    "NonPaymentReason",
    "NumberStatus",
    "OutcomeCode",
    "PaymentMethod",
    "PlanB",
    "Priority",
    "Promise",
    "PromiseLine",
    "PromiseOutcome",
    "PromiseSource",
    "PromiseVerdict",
    "Reached",
    "StrategyAssignment",
    "StrategyVersion",
    "Task",
    "TaskState",
    "Team",
]

"""Strategies, episodes, runs, decisions and tasks."""

from aldia.records.cases.models.episodes import Episode
from aldia.records.cases.models.runs import DailyRun, Decision, Task, TaskState
from aldia.records.cases.models.strategies import StrategyAssignment, StrategyVersion

__all__ = ["DailyRun", "Decision", "Episode", "StrategyAssignment", "StrategyVersion", "Task", "TaskState"]

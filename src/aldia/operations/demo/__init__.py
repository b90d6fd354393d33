"""A portfolio of invented customers: 24 months of trade as tables a clerk would have, and their loading.

`portfolio` makes the tables, pure and deterministic; `load` brings them in. What it tells: docs/demo.md.
"""

from aldia.operations.demo.answers import answers_of_the_night
from aldia.operations.demo.collecting import weeks_of_collecting
from aldia.operations.demo.load import DemoReport, load_demo

__all__ = ["DemoReport", "answers_of_the_night", "load_demo", "weeks_of_collecting"]

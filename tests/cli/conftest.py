"""A creditor, its books, and the command line in this process."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from typer.testing import CliRunner

from aldia.cli.main import app


@dataclass(frozen=True)
class Ran:
    """How a command ended and what it said."""

    exit_code: int
    stdout: str
    stderr: str


def plain(text: str) -> str:
    """Amounts keep their sign by a fixed space; here it is an ordinary one."""
    return text.replace("\u00a0", " ").replace("\u202f", " ")


@pytest.fixture
def house(transactional_db: None) -> Any:
    """«Papelería Luz», in Madrid, with the strategies of the house and no customers."""
    from aldia.operations.creditors import create_creditor
    from tests.cli.books import NOW

    return create_creditor(name="Papelería Luz", country="ES", code="luz", now=NOW, actor="prueba").creditor


@pytest.fixture
def books(house: Any) -> Any:
    """The same with its customers (`tests/cli/books.py`)."""
    from tests.cli.books import write_books

    write_books(house)
    return house


@pytest.fixture
def aldia() -> Callable[..., Any]:
    """Run `aldia …` in this process, in the database the test asked for; fixed spaces are spaces."""
    runner = CliRunner(env={"COLUMNS": "200", "NO_COLOR": "1"})

    def run(*args: str) -> Ran:
        result = runner.invoke(app, list(args), catch_exceptions=False)
        return Ran(result.exit_code, plain(result.stdout), plain(result.stderr))

    return run

"""A creditor, its books, and the command line in this process."""

from collections.abc import Callable
from typing import Any

import pytest
from typer.testing import CliRunner

from aldia.cli.main import app


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
def aldia(transactional_db: None) -> Callable[..., Any]:
    """Run `aldia …` in this process, in the tests' database."""
    runner = CliRunner(env={"COLUMNS": "200", "NO_COLOR": "1"})
    return lambda *args: runner.invoke(app, list(args), catch_exceptions=False)

"""The walk of the README, walked: what it shows is what the program says."""

import re
import shlex

import pytest
from typer.testing import CliRunner

from aldia.cli.main import app
from tests.architecture.tree import text

pytestmark = pytest.mark.slow


def _walk(page: str) -> list[tuple[list[str], list[str]]]:
    """Each `aldia …` of the console block with the lines shown beneath it; a cut line «[…]» in its pieces."""
    block = page.split("```console\n")[1].split("\n```", maxsplit=1)[0]
    steps = []
    for step in block.split("$ ")[1:]:
        command, *shown = step.strip().splitlines()
        if command.startswith("aldia "):
            pieces = [piece for line in shown for piece in line.split("[…]")]
            steps.append((shlex.split(command)[1:], [_plain(p) for p in pieces if p.strip()]))
    return steps


def _plain(said: str) -> str:
    """Without what depends on the terminal's width or on earlier imports."""
    return re.sub(r"(?i)(lote|undo) \d+", r"\1 N", " ".join(said.split()))


@pytest.mark.parametrize("name", ["README.md", "README.es.md"])
def test_the_walk_is_what_the_program_says(name, transactional_db, tmp_path, monkeypatch):
    page = text(name)
    table = page.split("```csv\n")[1].split("```")[0]
    (tmp_path / "facturas.csv").write_text(table, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    runner = CliRunner(env={"COLUMNS": "300", "NO_COLOR": "1", "ALDIA_NOW": "2026-11-21T10:00:00+01:00"})
    steps = _walk(page)
    assert [words[0] for words, _shown in steps] == ["init", "import", "import", "run", "explain"]
    for words, shown in steps:
        said = _plain(runner.invoke(app, words, catch_exceptions=False).output)
        assert [line for line in shown if line not in said] == [], said

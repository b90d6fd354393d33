"""Promises of the house that no import contract can hold: clock, sqlglot, money, leftovers."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.architecture.tree import HOUSE, name_of, own_files, parsed, sources

_CLOCK = "src/aldia/kernel/clock.py"
_SQLGLOT = "src/aldia/rules/portfolio/conditions.py"
_READS_CLOCK = {
    "date.today",
    "datetime.now",
    "datetime.today",
    "datetime.utcnow",
    "timezone.now",
    "timezone.localdate",
    "time.time",
    "time.time_ns",
    "uuid.uuid1",
    "uuid.uuid4",
}
_IMPORTED_CLOCKS = {
    "django.utils.timezone": {"now", "localdate"},
    "time": {"time", "time_ns"},
    "uuid": {"uuid1", "uuid4"},
}
_MONEY = (
    "kernel/money.py",
    "rules/allocation.py",
    "rules/interest.py",
    "rules/portfolio/interest.py",
    "rules/portfolio/lines.py",
    "rules/portfolio/units.py",
    "formats/table/amounts.py",
    "formats/table/numbers.py",
    "operations/ledger",
    "operations/imports",
    "records/ledger",
)


def _clock_readings(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute):
            owner = ast.unparse(node.value).rsplit(".", 1)[-1]
            if f"{owner}.{node.attr}" in _READS_CLOCK:
                yield f"{node.lineno}: {ast.unparse(node)}"
        elif isinstance(node, ast.ImportFrom):
            names = _IMPORTED_CLOCKS.get(node.module or "", set()) & {alias.name for alias in node.names}
            yield from (f"{node.lineno}: from {node.module} import {name}" for name in sorted(names))


def _places(readings: Iterator[str], path: Path) -> list[str]:
    return [f"{name_of(path)}:{reading}" for reading in readings]


def test_only_the_clock_reads_the_clock():
    found = [place for path in sources() for place in _places(_clock_readings(parsed(path)), path)]
    assert [place for place in found if not place.startswith(_CLOCK)] == []


@pytest.mark.parametrize(
    "code",
    [
        "datetime.now(UTC)",
        "x = field(default_factory=datetime.datetime.now)",
        "from uuid import uuid4",
        "from django.utils.timezone import now as moment",
        "time.time()",
        "date.today()",
    ],
)
def test_the_check_of_the_clock_finds_a_reading(code):
    assert list(_clock_readings(ast.parse(code)))


def _imports(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name.split(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module.split(".")[0]


def test_sqlglot_is_known_in_one_file():
    assert [name_of(path) for path in sources() if "sqlglot" in _imports(parsed(path))] == [_SQLGLOT]


def _money_modules() -> list[Path]:
    named = [HOUSE / name for name in _MONEY]
    return [path for each in named for path in (sorted(each.rglob("*.py")) if each.is_dir() else [each])]


@pytest.mark.parametrize("path", _money_modules(), ids=name_of)
def test_money_knows_no_float(path):
    names = [node for node in ast.walk(parsed(path)) if isinstance(node, ast.Name | ast.Attribute)]
    floats = [
        n for n in names if (n.id if isinstance(n, ast.Name) else n.attr) in {"float", "Float64", "Float32"}
    ]
    assert [node.lineno for node in floats] == []


def test_nothing_is_left_to_be_done_later():
    """Marks of unfinished work are for the editor, not for the repository."""
    mark = re.compile(r"\b(?:TO" + r"DO|FIX" + r"ME)\b")
    files = [path for path in own_files() if path.suffix in {".py", ".md", ".toml", ".html", ".css", ".js"}]
    assert len(files) > 200
    assert [name_of(path) for path in files if mark.search(path.read_text(encoding="utf-8"))] == []


def test_only_tests_look_for_data_beside_the_repository():
    beside = re.compile(r"\.\./shared|/work/")
    read = (path for path in own_files() if path.suffix not in {".png", ".woff2", ".ico"})
    found = [
        name_of(path) for path in read if beside.search(path.read_text(encoding="utf-8", errors="replace"))
    ]
    assert [name for name in found if not name.startswith("tests/")] == []

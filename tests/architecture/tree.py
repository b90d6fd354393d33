"""Where the documents and the sources are."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
HOUSE = ROOT / "src" / "aldia"
_NOT_OURS = {"node_modules", "__pycache__", "dist", "build"}


def text(name: str) -> str:
    """A file of the repository."""
    return (ROOT / name).read_text(encoding="utf-8")


def documents() -> list[Path]:
    """Every page people read."""
    return [*sorted(ROOT.glob("*.md")), *sorted((ROOT / "docs").rglob("*.md"))]


def name_of(path: Path) -> str:
    """Its path from the root, for the names of tests and failures."""
    return path.relative_to(ROOT).as_posix()


def own_files() -> Iterator[Path]:
    """Every text file of ours; what tools leave behind lies in folders that begin with a dot."""
    for path in sorted(ROOT.rglob("*")):
        inside = path.relative_to(ROOT).parts
        if path.is_file() and not any(part in _NOT_OURS or _is_hidden(part) for part in inside):
            yield path


def _is_hidden(part: str) -> bool:
    return part.startswith(".") and part not in {".ci", ".gitignore"}


@cache
def parsed(path: Path) -> ast.Module:
    """A source file as a tree."""
    return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))


def sources() -> list[Path]:
    """Every module of the house."""
    return sorted(HOUSE.rglob("*.py"))

"""The strings that the screens hand to gettext: of templates by their tags, of modules by their calls."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from django.utils.translation import trim_whitespace

SOURCES = Path(__file__).resolve().parents[2] / "src" / "aldia"
SCREENS = ("desk", "ui")

Strings = tuple[str, ...]
"""msgid, or msgid and its plural."""

_QUOTED = r"""(?:"([^"]*)"|'([^']*)')"""
_TRANSLATE = re.compile(r"{%\s*translate\s+" + _QUOTED)
_GETTEXT = re.compile(r"{[{%][^}%]*?\b_\(" + _QUOTED + r"\)")
_COUNTED = re.compile(r"\|counted:" + _QUOTED)
_BLOCK = re.compile(r"{%\s*blocktranslate\b(.*?)%}(.*?){%\s*endblocktranslate\s*%}", re.DOTALL)
_PLURAL = re.compile(r"{%\s*plural\s*%}")
_PLACE = re.compile(r"{{\s*([\w.]+)\s*}}")


def screen_strings() -> set[Strings]:
    """Everything that has to be in the catalogue without a context."""
    found: set[Strings] = set()
    for screen in SCREENS:
        for path in sorted((SOURCES / screen).rglob("*.html")):
            found.update(of_template(path.read_text(encoding="utf-8")))
        for path in sorted((SOURCES / screen).rglob("*.py")):
            found.update(of_module(path.read_text(encoding="utf-8")))
    return found


def of_template(text: str) -> Iterator[Strings]:
    """The msgids of one template, as Django will look them up."""
    for pattern in (_TRANSLATE, _GETTEXT):
        for double, single in pattern.findall(text):
            yield ((double or single).replace("%", "%%"),)
    for double, single in _COUNTED.findall(text):
        yield from ((word,) for word in (double or single).split(","))
    for head, body in _BLOCK.findall(text):
        parts = _PLURAL.split(body)
        yield tuple(_as_msgid(part, trimmed=" trimmed" in head) for part in parts)


def _as_msgid(part: str, *, trimmed: bool) -> str:
    text = _PLACE.sub(r"%(\1)s", part.replace("%", "%%"))
    return trim_whitespace(text) if trimmed else text


_CALLS = {"_": 1, "gettext": 1, "gettext_noop": 1, "gettext_lazy": 1, "ngettext": 2, "ngettext_lazy": 2}


def of_module(text: str) -> Iterator[Strings]:
    """The msgids of one module: literal arguments of the calls of gettext."""
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in _CALLS:
            asked = node.args[: _CALLS[node.func.id]]
            literals = [each.value for each in asked if isinstance(each, ast.Constant)]
            if len(literals) == _CALLS[node.func.id]:
                yield tuple(str(each) for each in literals)

"""Templates: icons are cut out of the sprite, components exist, nothing is written into the page."""

import re
from pathlib import Path

import aldia

_PACKAGE = Path(aldia.__file__).parent
_TEMPLATES = sorted(_PACKAGE.glob("**/templates/**/*.html"))
_ICONS = set((_PACKAGE / "ui" / "icons.txt").read_text(encoding="utf-8").split())


def _texts():
    return {path: path.read_text(encoding="utf-8") for path in _TEMPLATES}


def test_every_icon_that_is_named_is_in_the_sprite():
    named = {name for text in _texts().values() for name in re.findall(r'<c-icon name="([a-z0-9-]+)"', text)}
    sources = "\n".join(path.read_text(encoding="utf-8") for path in _PACKAGE.glob("desk/**/*.py"))
    named |= set(re.findall(r'icon="([a-z0-9-]+)"', "\n".join(_texts().values())))
    assert named
    assert named <= _ICONS
    assert {icon for icon in _ICONS if f'"{icon}"' in sources or icon in named}  # some are chosen in Python


def test_every_component_that_is_used_exists():
    used = {name for text in _texts().values() for name in re.findall(r"<c-([a-z-]+)[ />]", text)} - {"vars"}
    there = {path.stem for path in _PACKAGE.glob("*/templates/cotton/*.html")}
    assert used
    assert {name.replace("-", "_") for name in used} <= there | {name.replace("-", "_") for name in there}


def test_no_template_carries_style_script_or_handler_of_its_own():
    for path, text in _texts().items():
        assert not re.search(r"<script(?![^>]*(?: src=|application/json))", text), path
        assert not re.search(r"<style|\sstyle=|\son[a-z]+=\"", text), path


def test_scripts_evaluate_nothing():
    for path in _PACKAGE.glob("*/static/**/*.js"):
        if "vendor" not in path.parts:
            text = path.read_text(encoding="utf-8")
            assert not re.search(r"\beval\(|new Function|innerHTML|document\.write", text), path

"""What the documents say is so: commands exist, links lead somewhere, lists are complete."""

import re
import shlex
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from aldia.cli.main import SECTIONS, loaded
from aldia.formats.table.fields import FIELDS
from aldia.jurisdictions.loader import available_countries
from aldia.operations.run.report import RunReport
from aldia.rules.portfolio.reasons import Reason
from aldia.rules.portfolio.words import REASON_WORDS
from tests.architecture.tree import HOUSE, ROOT, documents, name_of, text

_CODE = re.compile(r"^```[^\n]*\n(.*?)^```|`([^`\n]+)`", re.MULTILINE | re.DOTALL)
_COMMAND = re.compile(r"(?<![\w./-])aldia ([a-z][a-z-]*(?:[ »][^\n»|#]*|$))", re.MULTILINE)
_LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")


def _commands_in(page: str) -> list[list[str]]:
    """The words after `aldia` in every piece of code: as a person would type them."""
    found = []
    for block, span in _CODE.findall(page.replace("\\\n", " ")):
        found += [
            shlex.split(words.replace("…", " ").replace("»", "")) for words in _COMMAND.findall(block or span)
        ]
    return found


def _options_of(command: Any) -> set[str]:
    return {"--help", *(option for each in command.params for option in (*each.opts, *each.secondary_opts))}


def _fault(words: list[str]) -> str | None:
    """What the program would not know of this command line."""
    name, *rest = words
    if name not in SECTIONS:
        return f"no hay «aldia {name}»"
    command = loaded(name)
    if SECTIONS[name].group and rest and not rest[0].startswith("-"):
        name, *rest = rest
        commands = getattr(command, "commands", {})
        if name not in commands:
            return f"no hay «aldia {words[0]} {name}»"
        command = commands[name]
    if command.name == "psql":  # what follows is for psql
        return None
    options = {word.split("=")[0] for word in rest if re.match(r"--?[a-z]", word)}
    unknown = options - _options_of(command)
    return f"«aldia {words[0]}» no tiene {sorted(unknown)}" if unknown else None


@pytest.mark.parametrize("page", documents(), ids=name_of)
def test_every_command_a_page_names_exists_with_its_options(page):
    faults = [_fault(words) for words in _commands_in(page.read_text(encoding="utf-8"))]
    assert [fault for fault in faults if fault] == []


def test_the_check_of_commands_finds_what_does_not_exist():
    block = "```sh\n$ aldia import invoices F --partial\naldia db volar\n```\n"
    page = f"`aldia volar` y `aldia run --deprisa`\n{block}"
    assert [bool(_fault(words)) for words in _commands_in(page)] == [True, True, False, True]


def test_the_manual_shows_every_command():
    manual = "\n".join(page.read_text(encoding="utf-8") for page in (ROOT / "docs/manual").glob("*.md"))
    named = {words[0] for words in _commands_in(manual)}
    assert set(SECTIONS) - named - {"bench"} == set()


def test_both_readmes_show_the_same_walk():
    assert _commands_in(text("README.md")) == _commands_in(text("README.es.md"))


@pytest.mark.parametrize("page", documents(), ids=name_of)
def test_every_relative_link_leads_somewhere(page):
    targets = [t for t in _LINK.findall(page.read_text(encoding="utf-8")) if "://" not in t]
    assert [t for t in targets if not _leads_somewhere(page, t)] == []


def _leads_somewhere(page: Path, target: str) -> bool:
    name, _, anchor = target.partition("#")
    goal = page.parent / name if name else page
    return goal.exists() and (not anchor or anchor in _anchors(goal))


def _anchors(page: Path) -> set[str]:
    headings = re.findall(r"^#+ (.+)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\s-]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("folder", ["docs/rules", "docs/decisions", "docs/manual"])
def test_every_page_of_a_folder_is_in_its_index_once(folder):
    listed = [t for t in _LINK.findall(text(f"{folder}/README.md")) if "/" not in t]
    pages = [page.name for page in (ROOT / folder).glob("*.md") if page.name != "README.md"]
    assert sorted(listed) == sorted(pages)


def test_decisions_are_numbered_without_gaps_and_titled_by_their_number():
    pages = sorted((ROOT / "docs/decisions").glob("0*.md"))
    assert [page.name[:4] for page in pages] == [f"{n:04}" for n in range(1, len(pages) + 1)]
    assert all(page.read_text(encoding="utf-8").startswith(f"# {page.name[:4]} · ") for page in pages)


_ROOM = re.compile(r"^\| `(\w+)/` \| ([^|]*) \|", re.MULTILINE)


def test_the_architecture_names_exactly_the_floors_and_rooms_that_exist():
    written = {
        floor: set(re.findall(r"`(\w+)/`", rooms)) for floor, rooms in _ROOM.findall(text("ARCHITECTURE.md"))
    }
    assert written == {floor.name: _rooms(floor) for floor in _packages(HOUSE)}


def _packages(folder: Path) -> list[Path]:
    return [path.parent for path in folder.glob("*/__init__.py")]


def _rooms(floor: Path) -> set[str]:
    """A floor's own rooms; Django's `templatetags` is none."""
    return {room.name for room in _packages(floor)} - {"templatetags"}


def test_the_contract_for_integrators_lists_every_field_of_a_run():
    section = text("docs/manual/integracion.md").split("## `aldia run`\n")[1].split("\n## ")[0]
    rows = re.findall(r"^\| (`[^|]+`) \|", section, re.MULTILINE)
    named = {name for row in rows for name in re.findall(r"`(\w+)`", row)}
    assert named == {"creditor", *RunReport(on=date(2026, 11, 20)).as_dict()}


def test_the_manual_lists_every_field_an_import_knows():
    page = text("docs/manual/importar.md")
    missing = [f.name for fields in FIELDS.values() for f in fields if f"`{f.name}` {f.label}" not in page]
    assert missing == []


def test_the_manual_lists_the_reasons_in_their_order():
    rows = re.findall(r"^\| ([^|]+) \| `(\w+)` \|", text("docs/manual/proceso-diario.md"), re.MULTILINE)
    assert rows == [(REASON_WORDS[reason].label, reason.value) for reason in Reason]


def test_the_manual_names_the_countries_there_are():
    countries = re.search(r"Países: ([A-Z, ]+)\.", text("docs/manual/primeros-pasos.md"))
    assert countries is not None
    assert sorted(countries[1].split(", ")) == list(available_countries())

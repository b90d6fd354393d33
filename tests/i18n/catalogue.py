"""The catalogue of a language: brought up to date with the sources, and compiled.

    python3 dev.py messages

New strings are added without a translation and named on the way out; those that no source says any more go.
Translate them in `src/aldia/locale/en/LC_MESSAGES/django.po` and run it once more. A test holds both files to
the sources.
"""

import sys
from datetime import UTC, datetime
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from tests.i18n.screens import SOURCES, Strings, screen_strings
from tests.i18n.sentences import sentences

LANGUAGE = "en"
FOLDER = SOURCES / "locale" / LANGUAGE / "LC_MESSAGES"
PO, MO = FOLDER / "django.po", FOLDER / "django.mo"
CONTEXT = "sentence"
_HEADER = "# What the screens say, Spanish to English."
_DATE = datetime(2026, 11, 21, tzinfo=UTC)  # always the same, so that nothing changes where no string does
Key = tuple[str | None, Strings]
"""Context and msgid, with its plural where it has one."""


def wanted() -> set[Key]:
    """Everything the sources say."""
    plurals = {each[0]: each for each in screen_strings() if len(each) > 1}
    screens = {(None, plurals.get(each[0], each)) for each in screen_strings()}
    return screens | {(CONTEXT, (each,)) for each in sentences()}


def stored(path: Path = PO) -> Catalog:
    """The catalogue as it is; an empty one where there is none."""
    if not path.is_file():
        return Catalog(locale=LANGUAGE)
    with path.open("rb") as file:
        return read_po(file, locale=LANGUAGE)


def key_of(message: Message) -> Key:
    """As `wanted` names it."""
    found = message.id if isinstance(message.id, tuple) else (message.id,)
    return message.context, tuple(str(each) for each in found)


def untranslated(catalogue: Catalog) -> list[Key]:
    """What has no words yet."""
    return sorted(
        (key_of(each) for each in catalogue if each.id and not _is_told(each)),
        key=lambda key: (str(key[0]), key[1]),
    )


def _is_told(message: Message) -> bool:
    words = message.string if isinstance(message.string, tuple) else (message.string,)
    return all(words)


def refreshed(known: Catalog) -> Catalog:
    """The same with what the sources say now, in the order of the alphabet."""
    told = {key_of(each): each.string for each in known if each.id}
    fresh = Catalog(
        locale=LANGUAGE,
        project="Al Día",
        version="1",
        header_comment=_HEADER,
        fuzzy=False,
        msgid_bugs_address="",
        last_translator="",
        language_team="",
    )
    fresh.creation_date = fresh.revision_date = _DATE
    for context, strings in sorted(wanted(), key=lambda key: (str(key[0] or ""), key[1])):
        words = told.get((context, strings))
        fresh.add(strings if len(strings) > 1 else strings[0], words, context=context)
    return fresh


def write(catalogue: Catalog) -> None:
    """Both files."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    with PO.open("wb") as file:
        write_po(file, catalogue, width=0, omit_header=False, sort_output=False)
    with MO.open("wb") as file:
        write_mo(file, catalogue)


def main() -> int:
    """Refresh and compile; 1 where something waits for its translation."""
    catalogue = refreshed(stored())
    write(catalogue)
    missing = untranslated(catalogue)
    for context, strings in missing:
        print(f"sin traducir ({context or 'pantalla'}): {strings[0]!r}")
    return 1 if missing else 0


if __name__ == "__main__":
    import os

    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "aldia.project.settings")
    django.setup()
    sys.exit(main())

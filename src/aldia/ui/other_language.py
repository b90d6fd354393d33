"""What the floors below say in Spanish, said in the language of the screen.

They speak whole sentences with their figures in them and know no Django. The catalogue holds those sentences
under the context `sentence`, with `{}` where a figure, a name or another sentence stands; here a text is
recognised by them and put together again. What is not recognised stays as it was written: it belongs to a
creditor or a customer.
"""

import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from babel.messages.mofile import read_mo
from django.conf import settings
from django.utils import translation

from aldia.kernel.text import fold
from aldia.ui.spanish_figures import figures_in

CONTEXT = "sentence"
PLACE = "{}"
_CONTEXTS = (CONTEXT, CONTEXT.encode())  # Babel reads it from a compiled file as bytes
_SOURCE = "es"
_LITERAL_MIN = 3  # letters of a pattern between its places, lest it fit anything
_DEPTH_MAX = 6
_LENGTH_MAX = 1000  # characters; what is longer is no sentence of ours
_JOINTS = ("; ", ". ", ": ", " · ", ", ", " y ")
_WEAK = {", ": ", ", " y ": " and "}  # also part names and free texts: all of the parts have to be known


@dataclass(frozen=True, slots=True)
class Pattern:
    """A sentence with places. literal: the longest piece between them, by which most texts are told apart."""

    spanish: str
    shape: re.Pattern[str]
    literal: str
    words: str


@dataclass(frozen=True, slots=True)
class Speech:
    """One language: whole sentences, and patterns with the most telling ones first."""

    language: str
    sentences: dict[str, str]
    patterns: tuple[Pattern, ...]


def said(text: object) -> str:
    """The text in the language of the screen; on Spanish screens as it is."""
    language = (translation.get_language() or _SOURCE).partition("-")[0]
    spoken = str(text)
    return spoken if language == _SOURCE or not spoken else _translated(spoken, language)


@lru_cache(maxsize=8192)
def _translated(text: str, language: str) -> str:
    return "\n".join(_piece(line, speech_of(language), 0) for line in text.split("\n"))


def _piece(text: str, speech: Speech, depth: int, joints: tuple[str, ...] = _JOINTS) -> str:
    """A sentence, a phrase within one, or several of them one after the other."""
    bare = text.strip().removeprefix("- ")
    if not bare or depth > _DEPTH_MAX or len(bare) > _LENGTH_MAX:
        return text
    found = speech.sentences.get(bare) or _by_pattern(bare, speech, depth) or _in_another_case(bare, speech)
    if found is not None:
        return text.replace(bare, found)
    return _in_parts(text, speech, depth, joints)


def _by_pattern(text: str, speech: Speech, depth: int) -> str | None:
    for pattern in speech.patterns:
        match = pattern.shape.fullmatch(text) if pattern.literal in text else None
        if match:
            return pattern.words.format(*(_piece(held, speech, depth + 1) for held in match.groups()))
    return None


def _in_another_case(text: str, speech: Speech) -> str | None:
    """Labels also stand in lower case within sentences."""
    if not text[0].islower():
        return None
    found = speech.sentences.get(text[0].upper() + text[1:])
    return found[0].lower() + found[1:] if found and not found[:2].isupper() else found


def _in_parts(text: str, speech: Speech, depth: int, joints: tuple[str, ...]) -> str:
    """Sentences and lists are split where they are joined, if enough of the parts are then known.

    Parts are split only at the joints after this one, so that the work stays in proportion to the text.
    """
    for place, joint in enumerate(joints, start=1):
        parts = text.split(joint)
        if len(parts) > 1:
            ended = [f"{part}." for part in parts[:-1]] + parts[-1:] if joint == ". " else parts
            told = [_piece(part, speech, depth + 1, joints[place:]) for part in ended]
            known = [new != old for new, old in zip(told, ended, strict=True)]
            if all(known) if joint in _WEAK else any(known):
                return (" " if joint == ". " else _WEAK.get(joint, joint)).join(told)
    return figures_in(text, speech.language)


@lru_cache(maxsize=8)
def speech_of(language: str) -> Speech:
    """Everything of a language's catalogue under the context."""
    sentences = dict(_entries(language))
    patterns = [_pattern(spanish, words) for spanish, words in sentences.items() if PLACE in spanish]
    telling = [each for each in patterns if len(fold(each.literal)) >= _LITERAL_MIN]
    telling.sort(key=lambda each: (-_weight(each), each.shape.pattern))
    whole = {spanish: words for spanish, words in sentences.items() if PLACE not in spanish}
    return Speech(language, whole, tuple(telling))


def _entries(language: str) -> list[tuple[str, str]]:
    for folder in settings.LOCALE_PATHS:
        path = Path(folder) / language / "LC_MESSAGES" / "django.mo"
        if path.is_file():
            with path.open("rb") as file:
                known = read_mo(file)
            return [(str(each.id), str(each.string)) for each in known if each.context in _CONTEXTS]
    return []


def _weight(pattern: Pattern) -> int:
    """Letters outside the places."""
    return len(pattern.shape.pattern.replace("(.*?)", ""))


def _pattern(spanish: str, words: str) -> Pattern:
    pieces = spanish.split(PLACE)
    shape = "(.*?)".join(re.escape(piece) for piece in pieces)
    return Pattern(spanish, re.compile(shape, re.DOTALL), max(pieces, key=len), _numbered(words))


def _numbered(words: str) -> str:
    """`{}` in order; a translation that turns them round says `{1} … {0}`, and other braces are its own."""
    order = iter(range(words.count(PLACE)))
    plain = re.sub(r"\{\}", lambda _found: f"\x00{next(order)}\x01", words)
    plain = re.sub(r"\{(\d)\}", "\x00\\1\x01", plain)
    return plain.replace("{", "{{").replace("}", "}}").replace("\x00", "{").replace("\x01", "}")

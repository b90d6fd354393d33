"""A text with flat placeholders becomes a message. Nothing is evaluated: names are looked up in a fixed list.

A line in which a placeholder has nothing to say is left out whole, so that texts need no conditions.
"""

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass

from aldia.rules.texts.errors import TextTooLong
from aldia.rules.texts.paper import (
    Links,
    Paragraph,
    Part,
    Table,
    as_html,
    as_text,
    copies_of,
    plan_of,
    table_of,
)
from aldia.rules.texts.placeholders import NAMED, ONLY_IN, PLACEHOLDERS, Use, allowed_in
from aldia.rules.texts.short import as_sms
from aldia.rules.texts.speech import Speech
from aldia.rules.texts.values import values_of

TEXT_MAX_BYTES = 64 * 1024
SUBJECT_MAX = 200  # characters
_LINES, _COPIES, _SIGNATURE = "{partidas}", "{copias}", "{firma}"
_TABLES: Mapping[str, Callable[[Speech], Table | Links]] = {
    _LINES: table_of,
    "{cuotas}": plan_of,
    _COPIES: copies_of,
}
_BEGINS_WITH_WORD = re.compile(r"\{(?:su_documento|documento|extracto|plan|cuota|incidencia|consecuencia)\}")


@dataclass(frozen=True, slots=True)
class Text:
    """A text as it is written: subject "" on channels without one."""

    subject: str
    body: str


@dataclass(frozen=True, slots=True)
class Filled:
    """A message ready to leave: plain text, and the same as HTML ("" where a channel has none)."""

    subject: str
    text: str
    html: str


def names_in(source: str) -> list[str]:
    """The placeholders of a text in order, known or not."""
    return NAMED.findall(source)


def uses_of(text: Text) -> frozenset[Use]:
    """What a text speaks of, by the placeholders it names."""
    names = (*names_in(text.subject), *names_in(text.body))
    return frozenset(PLACEHOLDERS[name].use for name in names if name in PLACEHOLDERS)


def fill(text: Text, speech: Speech) -> Filled:
    """The message; every value stands as it is, whatever it contains. Raises TextTooLong."""
    values = values_of(speech)
    subject = " ".join(_line(text.subject, values).split())[:SUBJECT_MAX]
    parts = list(_parts(text.body, values, speech))
    filled = _on_paper(parts, subject, speech)
    for written in (filled.text, filled.html):
        if len(written.encode()) > TEXT_MAX_BYTES:
            raise TextTooLong("El mensaje pasa de 64 KiB: acorte el texto.", bytes=len(written.encode()))
    return filled


def parts_of(text: Text, speech: Speech) -> tuple[Part, ...]:
    """The same as paragraphs and the table, for paper."""
    return tuple(_parts(text.body, values_of(speech), speech))


def _on_paper(parts: list[Part], subject: str, speech: Speech) -> Filled:
    if speech.channel == "sms":
        return Filled("", as_sms(as_text(parts).strip()), "")
    if speech.channel == "whatsapp":
        return Filled("", as_text(parts).strip(), "")
    return Filled(subject, as_text(parts), as_html(parts, subject, speech.language))


def _parts(body: str, values: Mapping[str, str], speech: Speech) -> Iterator[Part]:
    """Paragraphs and tables, in the order of the text."""
    lines: list[str] = []
    for source in _with_copies(body.splitlines(), speech):
        made = _TABLES.get(source.strip())
        if made is not None:
            yield from _paragraph(lines)
            lines = []
            table = made(speech)
            yield from [table] if table.rows else []
        elif not source.strip():
            yield from _paragraph(lines)
            lines = []
        elif not _says_nothing(source, values):
            lines.append(_line(source.strip(), values))
    yield from _paragraph(lines)


def _with_copies(sources: list[str], speech: Speech) -> list[str]:
    """What is said of copies stands where the text says, else below the table, else before the signature. An
    SMS says it only where its text names it: every part costs."""
    names = [source.strip() for source in sources]
    if not speech.copies or _COPIES in names or speech.channel == "sms":
        return sources
    place = names.index(_LINES) + 1 if _LINES in names else len(names)
    if place == len(names) and _SIGNATURE in names:
        place = names.index(_SIGNATURE)
    return [*sources[:place], _COPIES, *sources[place:]]


def _paragraph(lines: list[str]) -> Iterator[Paragraph]:
    if lines:
        yield Paragraph("\n".join(lines))


def _says_nothing(source: str, values: Mapping[str, str]) -> bool:
    return any(values.get(name) == "" for name in names_in(source))


def _line(source: str, values: Mapping[str, str]) -> str:
    """One pass: what a value contains is never looked at again. A name that is not known stays as it is.

    A common word of ours that begins a line has a capital. Where a value ends with a full stop
    («Gómez, S.L.») the one that ends the sentence is not written again.
    """
    line = NAMED.sub(lambda found: _said(found, values), source)
    return line[:1].upper() + line[1:] if _BEGINS_WITH_WORD.match(source) else line


def _said(found: re.Match[str], values: Mapping[str, str]) -> str:
    value, after = values.get(found[1], found[0]), found.string[found.end() : found.end() + 2]
    ends_twice = value.endswith(".") and after[:1] == "." and after != ".."
    return value[:-1] if ends_twice else value


def faults_in(text: Text, *, provides: Collection[Use], channel: str) -> list[str]:
    """What a person has to mend before the text can be kept, as Spanish sentences; none for a good one.

    provides: what a text of its kind has to speak of; see `uses.provided_by`.
    """
    return [
        *_faults_of_size(text, channel),
        *(fault for source in (text.subject, text.body) for fault in _faults_of_braces(source)),
        *_faults_of_names(text, provides, channel),
    ]


def _faults_of_size(text: Text, channel: str) -> Iterator[str]:
    if not text.body.strip():
        yield "El texto está vacío."
    if len(text.body.encode()) > TEXT_MAX_BYTES:
        yield "El texto pasa de 64 KiB: acórtelo."
    if channel == "email" and not text.subject.strip():
        yield "Falta el asunto."
    if len(text.subject) > SUBJECT_MAX:
        yield f"El asunto pasa de {SUBJECT_MAX} caracteres: acórtelo."
    if any(character in text.subject for character in "\r\n"):
        yield "El asunto es una sola línea."
    if "\x00" in text.subject + text.body:
        yield "El texto contiene un carácter que no se puede escribir."


def _faults_of_braces(source: str) -> Iterator[str]:
    rest = NAMED.sub("", source)
    if "{" in rest or "}" in rest:
        shown = re.search(r"[^\s{}]{0,20}\s?[{}][^\n]{0,20}", rest)
        yield (
            "Las llaves solo sirven para los datos de la lista, como {cliente}; sobra la de "
            f"«{shown[0].strip() if shown else rest[:20]}»."
        )


def _faults_of_names(text: Text, provides: Collection[Use], channel: str) -> Iterator[str]:
    allowed = allowed_in(provides)
    for name in dict.fromkeys([*names_in(text.subject), *names_in(text.body)]):
        known = PLACEHOLDERS.get(name)
        if known is None:
            yield f"No hay ningún dato que se llame {{{name}}}: elija uno de la lista."
        elif name not in allowed:
            yield f"{{{name}}} solo sirve {ONLY_IN[known.use]}."
        elif known.block:
            yield from _faults_of_block(name, text, channel)


def _faults_of_block(name: str, text: Text, channel: str) -> Iterator[str]:
    mark = f"{{{name}}}"
    if mark in text.subject:
        yield f"{mark} no cabe en el asunto."
    if channel in ("sms", "whatsapp") and mark in text.body:
        yield f"{mark} ocupa varias líneas: no cabe en un mensaje corto."
    lines = [line.strip() for line in text.body.splitlines() if mark in line]
    if any(line != mark for line in lines):
        yield f"{mark} va solo en su línea."
    if len(lines) > 1:
        yield f"{mark} solo puede estar una vez."

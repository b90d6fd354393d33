"""What a file leaves open, asked as questions that one click answers."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _

from aldia.desk.imports.choices import columns_of
from aldia.desk.imports.words import labels_of
from aldia.formats.table.headings import REQUIRED
from aldia.records.intake.models import ImportBatch

_QUOTED = re.compile(r"«([^»]*)»")


@dataclass(frozen=True, slots=True)
class Answer:
    """value: of the button `answer` (`choices.chosen`). samples: what the column holds."""

    value: str
    label: str
    samples: str = ""


@dataclass(frozen=True, slots=True)
class Question:
    """why: a sentence beneath. is_list: many answers, in a select rather than as buttons."""

    text: str
    why: str
    answers: tuple[Answer, ...]

    @property
    def is_list(self) -> bool:
        """More answers than buttons fit."""
        return len(self.answers) > _BUTTONS_MAX


_BUTTONS_MAX = 6


def questions_of(batch: ImportBatch) -> list[Question]:
    """In the order in which a person would answer them: columns, days, amounts."""
    return [*_ambiguous(batch), *_missing(batch), *_days(batch), *_amounts(batch)]


def _ambiguous(batch: ImportBatch) -> Iterator[Question]:
    labels = labels_of(batch.kind)
    for field, columns in batch.options.get("facts", {}).get("ambiguous", {}).items():
        answers = [*_columns(batch, field, set(columns)), Answer(f"field:{field}:-", _("Ninguna de ellas"))]
        yield Question(
            _("¿Qué columna es «%(field)s»?") % {"field": labels[field]},
            _("Varias pueden serlo, y no se adivina."),
            tuple(answers),
        )


def _missing(batch: ImportBatch) -> Iterator[Question]:
    """Each group of which one field is needed and none is there."""
    facts, labels = batch.options.get("facts", {}), labels_of(batch.kind)
    there = {name for name, column in batch.mapping.items() if column != "-"} | set(
        facts.get("ambiguous", {})
    )
    if not facts.get("columns") or facts.get("refused"):
        return
    free = {column["name"] for column in columns_of(batch)} - set(batch.mapping.values())
    for group in REQUIRED[batch.kind]:  # type: ignore[index]
        if not there & set(group):
            yield Question(
                _("¿Qué columna es «%(field)s»?") % {"field": labels[group[0]]},
                _("Hace falta y no se reconoce ninguna. Si no está, añádala al archivo."),
                tuple(_columns(batch, group[0], free)),
            )


def _columns(batch: ImportBatch, field: str, among: set[str]) -> Iterator[Answer]:
    for place, column in enumerate(columns_of(batch)):
        if column["name"] in among:
            yield Answer(f"field:{field}:{place}", column["name"], ", ".join(column["samples"]))


def _days(batch: ImportBatch) -> Iterator[Question]:
    if example := _example(batch, "date_ambiguous"):
        yield Question(
            _("¿Cómo se lee «%(example)s»?") % {"example": example},
            _("Nada en el archivo dice si va primero el día o el mes."),
            (
                Answer("option:date_format:dd/mm/aaaa", _("Día/mes/año")),
                Answer("option:date_format:mm/dd/aaaa", _("Mes/día/año")),
            ),
        )
    if example := _example(batch, "date_short_year"):
        yield Question(
            _("¿Cómo se lee «%(example)s»?") % {"example": example},
            _("El año lleva solo dos cifras."),
            (
                Answer("option:date_format:dd/mm/aa", _("Día/mes/año")),
                Answer("option:date_format:mm/dd/aa", _("Mes/día/año")),
            ),
        )


def _amounts(batch: ImportBatch) -> Iterator[Question]:
    if example := _example(batch, "decimal_ambiguous"):
        yield Question(
            _("¿Cómo se lee «%(example)s»?") % {"example": example},
            _("Nada en el archivo dice si el signo separa decimales o miles."),
            (
                Answer("option:decimal:,", _("La coma separa los decimales")),
                Answer("option:decimal:.", _("El punto separa los decimales")),
            ),
        )


def _example(batch: ImportBatch, code: str) -> str:
    """What the finding quotes, past the name of its column."""
    found = next((each for each in batch.findings if each["code"] == code), None)
    quoted = _QUOTED.findall(found["sentence"]) if found else []
    return next((text for text in quoted if text != found["column"]), "") if found else ""

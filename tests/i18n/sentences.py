"""What the floors below the screens say in Spanish: sentences, labels and refusals, read from their sources.

They may not know gettext, so nothing marks their strings. A literal counts as spoken when it reads as
Spanish; a place for a value, in f-strings and in texts that are formatted later, is written `{}`.
"""

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tests.i18n.screens import SOURCES

SPEAKING = (
    "kernel",
    "rules",
    "formats",
    "channels",
    "queries",
    "operations",
    "records",
)
"""Floors whose words reach a screen."""

SILENT = (
    "channels/composing.py",
    "channels/imap/inbox.py",
    "channels/letter",
    "channels/mailbox",
    "formats/mail",
    "formats/paper",
    "formats/table/customer_heading_words.py",
    "formats/table/heading_words.py",
    "formats/table/synonyms.py",
    "formats/table/texts.py",
    "formats/table/weak_heading_words.py",
    "formats/table/words.py",
    "operations/backup",
    "operations/bench",
    "operations/bulk.py",
    "operations/demo",
    "operations/digest_mail.py",
    "operations/digests.py",
    "operations/evidence/paper.py",
    "operations/evidence/verificar.py",
    "operations/evidence/words.py",
    "operations/sales_digests.py",
    "queries/accounts.py",
    "queries/backups.py",
    "queries/doctor.py",
    "queries/handover.py",
    "queries/letters.py",
    "queries/papers.py",
    "queries/speeches.py",
    "queries/text_examples.py",
    "queries/verify",
    "records/schema",
    "rules/audit_chain.py",
    "rules/inbound/amounts.py",
    "rules/inbound/clauses.py",
    "rules/inbound/dates.py",
    "rules/inbound/patterns.py",
    "rules/postal.py",
    "rules/respect/patterns.py",
    "rules/respect/syllables.py",
    "rules/texts/country_words.py",
    "rules/texts/duties.py",
    "rules/texts/ics.py",
    "rules/texts/paper.py",
    "rules/texts/placeholders.py",
    "rules/texts/short.py",
    "rules/texts/speech.py",
    "rules/texts/tongues.py",
    "rules/texts/uses.py",
    "rules/texts/values.py",
)
"""Whose words do not: what is said to customers, what only the command line says, what files are read by."""

_WORDS = re.compile(
    r"\b(?:a|al|con|cada|como|de|del|desde|donde|el|en|entre|es|esa|ese|esta|este|hace|hasta|hay|hoy|la|las|le|les|lo"
    r"|los|más|ni|no|o|para|pero|por|que|qué|se|si|sin|sobre|solo|su|sus|también|tras|un|una|uno|y|ya"
    r"|fila|columna|segmento|clientes|errores|falta|faltas|barra)\b",
    re.IGNORECASE,
)
_LETTERS = re.compile(r"[áéíóúñü¿«ÁÉÍÓÚÑ]", re.IGNORECASE)
_NOT_WORDS = re.compile(r"\b(SELECT|FROM|WHERE|INSERT|UPDATE|JOIN|DROP|ALTER|CREATE|doctype)\b|__")
_TABLE_MIN = 40  # letters without a space: not words
_NAMED = re.compile(r"\{[\w.!:%]*\}")
_LABEL = re.compile(r"[A-ZÁÉÍÓÚ][a-záéíóúñ]+(?:,? [a-záéíóúñ]+){0,2}(?: \(\w+\))?")
_ENGLISH = re.compile(r"\b(of|the|is|has|its|each|an|or|and|names|known|settled|usable|contact|episode)\b")
_NEITHER = frozenset(
    {
        "Target",
        "Europe/Madrid",
        "User",
        "Body",
        "From",
        "Marta Demostración",
        "mié",
        "sáb",
        "(?:[Ee]uros?|[A-Za-z]{}|US\\$|R\\$|S/\\.?|[$€£¥₡₲])",
    }
)


def sentences() -> set[str]:
    """Everything that has to be in the catalogue under the context `sentence`."""
    found: set[str] = set()
    for floor in SPEAKING:
        for path in sorted((SOURCES / floor).rglob("*.py")):
            if _speaks(path):
                found.update(_of_module(path))
    return found | _labels()


def _speaks(path: Path) -> bool:
    name = str(path.relative_to(SOURCES))
    return "migrations" not in path.parts and not name.startswith(SILENT)


def _of_module(path: Path) -> Iterator[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    unsaid = set(_unsaid(tree))
    for node in ast.walk(tree):
        if node in unsaid:
            continue
        if isinstance(node, ast.JoinedStr):
            unsaid.update(ast.walk(node))
            yield from _if_spoken("".join(_part(each) for each in node.values))
            yield from _within(node)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield from _if_spoken(_NAMED.sub("{}", node.value))


def _unsaid(tree: ast.AST) -> Iterator[ast.AST]:
    """Docstrings, annotations, names exported, tests of names."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            yield node.value
        annotations = [getattr(node, "annotation", None), getattr(node, "returns", None)]
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) in ("__all__", "_COLUMNS"):
            annotations.append(node.value)
        if isinstance(node, ast.Call) and ast.unparse(node.func) in ("re.compile", "cast", "ForeignKey"):
            annotations.extend(node.args)
        for each in annotations:
            if each is not None:
                yield from ast.walk(each)


def _part(node: ast.expr) -> str:
    return str(node.value) if isinstance(node, ast.Constant) else "{}"


def _within(node: ast.JoinedStr) -> Iterator[str]:
    """The literals in the expressions of an f-string: «una vez» of `{'una vez' if … else …}`."""
    for value in node.values:
        if isinstance(value, ast.FormattedValue):
            for each in ast.walk(value.value):
                if isinstance(each, ast.Constant) and isinstance(each.value, str):
                    yield from _if_spoken(each.value)


def _if_spoken(text: str) -> Iterator[str]:
    """Line by line: so they are looked up."""
    for line in [] if _NOT_WORDS.search(text) else text.splitlines():
        yield from _line_if_spoken(line.strip())


def _line_if_spoken(said: str) -> Iterator[str]:
    if not re.search(r"[a-záéíóúñ]{2}", said) or said in _NEITHER:
        return
    marked = (bool(_LETTERS.search(said)) and len(said) < _TABLE_MIN) or "«" in said or " " in said
    spoken = _LETTERS.search(said) or (" " in said and _WORDS.search(said) and not _ENGLISH.search(said))
    if (marked and spoken and not re.search(r"\w\|\w", said)) or _LABEL.fullmatch(said):
        yield said


def _labels() -> set[str]:
    """Labels that are single words: nothing in their looks tells them from a name."""
    from aldia.formats.table import FIELDS
    from aldia.jurisdictions.loader import available_countries, load_jurisdiction
    from aldia.queries.list_filter import OPERATOR_LABELS
    from aldia.queries.text_examples import EXAMPLES
    from aldia.rules.api_scopes import LABELS
    from aldia.rules.portfolio.strategy.values import TONES
    from aldia.rules.portfolio.vocabulary import DOCUMENT_VOCABULARY, VOCABULARY
    from aldia.rules.texts.placeholders import ONLY_IN, PLACEHOLDERS
    from aldia.rules.texts.uses import MOMENTS, TITLES

    return {
        *(column.label for column in (*VOCABULARY, *DOCUMENT_VOCABULARY)),
        *(field.label for fields in FIELDS.values() for field in fields),
        *(each.meaning for each in PLACEHOLDERS.values()),
        *ONLY_IN.values(),
        *EXAMPLES.values(),
        *MOMENTS.values(),
        *TITLES.values(),
        *LABELS.values(),
        *OPERATOR_LABELS.values(),
        *(load_jurisdiction(code).name for code in available_countries()),
        *TONES,
        *(str(label) for choices in _choices() for label in choices.labels if label),
    }


def _choices() -> Iterator[Any]:
    """Every TextChoices of the records."""
    from django.db import models

    import aldia.records

    for kind in models.TextChoices.__subclasses__():
        if kind.__module__.startswith(aldia.records.__name__):
            yield kind

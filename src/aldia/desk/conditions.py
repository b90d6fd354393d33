"""The condition of a step in the words of the screen."""

import re

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from aldia.rules.portfolio.vocabulary import DOCUMENT_VOCABULARY, VOCABULARY
from aldia.ui.other_language import said

_LABELS = {column.word: column.label for column in [*DOCUMENT_VOCABULARY, *VOCABULARY]}
_SIGNS = {">=": "≥", "<=": "≤", "<>": "≠", "!=": "≠"}
_WORDS = {
    "AND": gettext_noop("y"),
    "OR": gettext_noop("o"),
    "NOT": gettext_noop("no"),
    "BETWEEN": gettext_noop("entre"),
    "IN": gettext_noop("en"),
    "TRUE": gettext_noop("sí"),
    "FALSE": gettext_noop("no"),
    "DATE": "",
}
_PIECE = re.compile(r"'[^']*'|IS\s+NOT\s+NULL|IS\s+NULL|[A-Za-z_][A-Za-z_0-9]*|>=|<=|<>|!=", re.IGNORECASE)


def condition_words(text: str) -> str:
    """«días de retraso ≥ 12 y reclamable ≥ 30»; what is not known stays as it is written."""
    return " ".join(_PIECE.sub(lambda found: _piece(found[0]), text).split())


def _piece(text: str) -> str:
    if text.startswith("'"):
        return f"«{text[1:-1]}»"
    if text.upper().startswith("IS") and text.upper().endswith("NULL"):
        return _("consta") if "NOT" in text.upper() else _("no consta")
    if label := _LABELS.get(text.lower()):
        return said(label)
    word = _WORDS.get(text.upper())
    return _SIGNS.get(text, text) if word is None else word and _(word)

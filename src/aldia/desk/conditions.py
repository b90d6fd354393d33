"""The condition of a step in the words of the screen."""

import re

from aldia.rules.portfolio.vocabulary import DOCUMENT_VOCABULARY, VOCABULARY

_LABELS = {column.word: column.label for column in [*DOCUMENT_VOCABULARY, *VOCABULARY]}
_SIGNS = {">=": "≥", "<=": "≤", "<>": "≠", "!=": "≠"}
_WORDS = {
    "AND": "y",
    "OR": "o",
    "NOT": "no",
    "BETWEEN": "entre",
    "IN": "en",
    "TRUE": "sí",
    "FALSE": "no",
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
        return "consta" if "NOT" in text.upper() else "no consta"
    return _SIGNS.get(text) or _LABELS.get(text.lower()) or _WORDS.get(text.upper(), text)

"""How easily a Spanish text is read: the perspicuity of Szigriszt-Pazos on the INFLESZ scale.

206.835 − 62.3 · syllables/words − words/sentences; Barrio-Cantalejo, «Legibilidad y salud», 2007: under 40
very hard, to 55 rather hard, to 65 normal, to 80 rather easy, above very easy.
"""

import re
from dataclasses import dataclass

from aldia.rules.respect.syllables import syllables_in

_WORD = re.compile(r"[^\W\d_]+")
_SENTENCE_END = re.compile(r"[.!?…]+(?=\s|$)|\n\s*\n|:\s*\n")
_BANDS = ((40, "muy difícil"), (55, "algo difícil"), (65, "normal"), (80, "bastante fácil"))

NORMAL = 55.0
"""From here on a text is read by most people without effort."""
_WORDS_MIN = 30  # a few words say nothing about how a text reads


@dataclass(frozen=True, slots=True)
class Readability:
    """score: the higher, the easier; may fall below 0. band: Spanish."""

    score: float
    band: str
    words: int
    sentences: int


def readability(text: str) -> Readability | None:
    """Of running text; None for less than thirty words."""
    words = _WORD.findall(text.lower())
    if len(words) < _WORDS_MIN:
        return None
    sentences = max(1, sum(bool(_WORD.search(part)) for part in _SENTENCE_END.split(text)))
    syllables = sum(map(syllables_in, words))
    score = 206.835 - 62.3 * syllables / len(words) - len(words) / sentences
    band = next((name for most, name in _BANDS if score < most), "muy fácil")
    return Readability(round(score, 1), band, len(words), sentences)

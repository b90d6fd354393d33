"""Syllables of Spanish words, by their spelling."""

import re

_VOWELS = "aeiouáéíóúüy"
_STRONG, _STRESSED_WEAK = "aeoáéó", "íú"


def syllables_in(word: str) -> int:
    """By spelling: two strong vowels, or a weak one that bears an accent, part; others join. At least one."""
    count, before = 0, ""
    spelled = re.sub(r"(?<=[qg])u(?=[eiéí])", "", word.lower())
    spelled = re.sub(r"y(?=[aeiouáéíóú])", "j", spelled)
    for letter in spelled:
        if letter not in _VOWELS:
            before = "" if letter != "h" else before
            continue
        if not before or _parts(before, letter):
            count += 1
        before = letter
    return max(1, count)


def _parts(one: str, other: str) -> bool:
    return (one in _STRONG and other in _STRONG) or one in _STRESSED_WEAK or other in _STRESSED_WEAK

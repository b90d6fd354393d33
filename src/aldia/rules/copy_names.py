"""Whose copy a file is, by its name: certain, or not at all. docs/rules/copies.md."""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from aldia.kernel.text import fold

_NOT_OF_A_NUMBER = re.compile(r"[^0-9A-Za-z]")
_TOKEN = re.compile(r"[0-9a-z]+")
_DATE = re.compile(r"(?:19|20)\d{2}[01]\d[0-3]\d|[0-3]\d[01]\d(?:19|20)\d{2}")
_TOKENS_MAX = 40
_KEY_MIN = 4  # a shorter number may stand in any text
_RUN_MAX = 12  # tokens one number may be written in
_OTHER_PAPERS = frozenset(
    {"abono", "rectificativa", "rectificada", "proforma", "presupuesto", "albaran", "pedido", "justificante"}
    | {"recordatorio", "anulada", "borrador", "anexo", "contrato", "creditnote", "credit", "quote", "order"}
    | {"reminder", "draft"}
)
"""Words that say the file is another paper, though it names the invoice."""


def number_key(number: str) -> str:
    """Letters and digits alone, in small letters: «F-2026/118» → «f2026118»."""
    return _NOT_OF_A_NUMBER.sub("", number).lower()


def keys_in(file_name: str) -> frozenset[str]:
    """The keys of all numbers that the name of a file may hold."""
    return frozenset(key for key, _rest in _runs(_tokens(file_name)))


def asked_for(text: str, numbers: Mapping[int, str], *, told: Collection[int]) -> frozenset[int]:
    """Of which documents somebody most likely asks for a copy: those named, else told, else the only one.

    text: what they write. numbers: by id, of those that have a copy. told: ids that the message they answer
    speaks of.
    """
    said = number_key(text)
    keys = {each: number_key(number) for each, number in numbers.items()}
    named = {each for each, key in keys.items() if len(key) >= _KEY_MIN and key in said}
    return frozenset(named or told or (numbers if len(numbers) == 1 else ()))


def _stem(file_name: str) -> str:
    stem, dot, _end = file_name.rpartition(".")
    return stem if dot else file_name


def _tokens(file_name: str) -> list[str]:
    return _TOKEN.findall(fold(_stem(file_name)))[:_TOKENS_MAX]


def _runs(tokens: Sequence[str]) -> Iterator[tuple[str, list[str]]]:
    """Every run of neighbouring tokens written together, and the tokens around it."""
    for begin in range(len(tokens)):
        for end in range(begin + 1, min(begin + _RUN_MAX, len(tokens)) + 1):
            yield "".join(tokens[begin:end]), [*tokens[:begin], *tokens[end:]]


@dataclass(frozen=True, slots=True)
class Matched:
    """Whose copy a file is. document_id: None where that is not certain; why: then, in Spanish."""

    file_name: str
    document_id: int | None
    why: str = ""


def match_by_name(file_name: str, documents: Mapping[str, Sequence[int]]) -> Matched:
    """The document that the name of the file says, and never one that it may only seem to say.

    documents: number_key → ids of the documents that have it, of whatever customer. Around the number there
    may be words and a date; a sign or a digit more could be of another number, so it is said instead.
    """
    runs = [(key, rest) for key, rest in _runs(_tokens(file_name)) if key in documents]
    if not runs:
        return Matched(file_name, None, "ningún documento tiene un número que esté en el nombre del archivo")
    longest = max(len(key) for key, _rest in runs)
    best = [(key, rest) for key, rest in runs if len(key) == longest]
    if len({key for key, _rest in best}) > 1:
        return Matched(file_name, None, "su nombre lleva el número de varios documentos")
    key, rest = best[0]
    if len(documents[key]) > 1:
        return Matched(file_name, None, "hay varios documentos con ese número: súbala en la página del suyo")
    doubt = _doubt(rest)
    return Matched(file_name, None, doubt) if doubt else Matched(file_name, documents[key][0])


_SMALL_WORDS = frozenset({"de", "la", "el", "del", "no", "num", "sa", "sl", "sau", "slu", "sas", "spa"})
_FORMS = (("s", "l", "u"), ("s", "a", "u"), ("s", "l", "p"), ("s", "l"), ("s", "a"), ("s", "c"))


def _doubt(around: Sequence[str]) -> str:
    """Why the tokens around a number make it uncertain; "" where they do not."""
    words = _without_forms(_without_dates(around))
    other = next((word for word in words if word in _OTHER_PAPERS), "")
    if other:
        return f"por «{other}» en el nombre parece otro documento"
    odd = next((word for word in words if not _is_plain_word(word)), "")
    return f"sobra «{odd}» junto al número: puede ser de otro documento" if odd else ""


def _is_plain_word(token: str) -> bool:
    return token in _SMALL_WORDS or (len(token) > 2 and token.isalpha())


def _without_forms(tokens: Sequence[str]) -> list[str]:
    """«talleres gomez s l» without «s l»: the legal form after a name."""
    left: list[str] = []
    place = 0
    while place < len(tokens):
        after_name = bool(left) and _is_plain_word(left[-1])
        form = next((each for each in _FORMS if tuple(tokens[place : place + len(each)]) == each), ())
        if form and after_name:
            place += len(form)
        else:
            left.append(tokens[place])
            place += 1
    return left


def _without_dates(tokens: Sequence[str]) -> list[str]:
    left: list[str] = []
    place = 0
    while place < len(tokens):
        three = tokens[place : place + 3]
        if _DATE.fullmatch(tokens[place]):
            place += 1
        elif sorted(map(len, three)) == [2, 2, 4] and _DATE.fullmatch("".join(three)):
            place += 3
        else:
            left.append(tokens[place])
            place += 1
    return left

"""An answer taken apart: clauses, each as it was written and as it is compared."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

TEXT_LENGTH_MAX = 20_000
CLAUSES_MAX = 400
_END = re.compile(r"(?<=[.!?;])(?=\s|$)|\n+|(?<=[!?])(?=[^\s!?])")
_TURN = re.compile(
    r"[,\s]+(?=(?:pero|aunque|sino que|sin embargo|but|however)\b)|,\s+(?=(?:y )?(?:el resto|lo demas)\b)"
)
_CONDITION = re.compile(
    r"^[\s¿¡\"«,-]*(?:y |pues |que )?(?:si|cuando|en cuanto|hasta que|a ver si|ojala|en caso de|if|when|once"
    r"|as soon as|unless)\b(?! ya\b.{0,40}\b(?:adjunto|comprobante)\b)"
)
_NEGATION = re.compile(
    r"\b(?:no|nunca|jamas|tampoco|sin|ni|not|never|haven't|hasn't|didn't|don't|cannot|can't|won't|nadie)"
    r"(?:\s+[\w']+){0,3}\s*$"
)
_NO_NEGATION = re.compile(
    r"\b(?:no solo|no se preocupe[ns]?|no te preocupes|no hay problema|como no|por que no|no obstante"
    r"|no hace falta|no olvide|no dude[ns]?|not only|no problem|no worries|no veo por que)\b[\s,]*"
)
_ANSWER_NO = re.compile(r"^[\s¿¡\"«-]*(?:no|nope)\s*[,.:!]")


@dataclass(frozen=True, slots=True)
class Clause:
    """said: as written. plain: lower case without accents, of the same length, so that places agree.

    kept: lower case with its accents. is_question: between question marks. is_condition: begins with «si»,
    «cuando».
    """

    said: str
    plain: str
    kept: str
    is_question: bool
    is_condition: bool

    def is_negated(self, place: int) -> bool:
        """Whether a «no» stands shortly before the place, and means what follows."""
        before = _NO_NEGATION.sub(" ", self.plain[:place])
        before = _ANSWER_NO.sub(" ", before)
        return _NEGATION.search(before) is not None


def plain_of(text: str) -> str:
    """Lower case without accents, sign by sign: as long as the text."""
    return "".join(_plain_sign(sign) for sign in text)


def _plain_sign(sign: str) -> str:
    if sign in "’`´":
        return "'"
    if sign.isspace() and sign != "\n":
        return " "
    base = unicodedata.normalize("NFD", sign)[0].lower()
    return base if len(base) == 1 else sign


def clauses_of(text: str) -> list[Clause]:
    """Sentences, cut once more where they turn («pero …»)."""
    found = []
    for sentence in _parts(_END, text[:TEXT_LENGTH_MAX]):
        question = sentence.rstrip().endswith("?") or "¿" in sentence
        for part in _parts(_TURN, sentence):
            plain = plain_of(part)
            condition = _CONDITION.search(plain) is not None
            kept = part.lower() if len(part.lower()) == len(part) else plain
            found.append(Clause(part, plain, kept, question, condition))
            if len(found) == CLAUSES_MAX:
                return found
    return found


def _parts(where: re.Pattern[str], text: str) -> Iterator[str]:
    """The text between the cuts, which are looked for in its plain form."""
    start = 0
    for cut in where.finditer(plain_of(text)):
        yield from _worth_saying(text[start : cut.end()])
        start = cut.end()
    yield from _worth_saying(text[start:])


def _worth_saying(text: str) -> Iterator[str]:
    stripped = text.strip()
    if stripped:
        yield stripped

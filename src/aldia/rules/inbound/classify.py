"""Which kind an answer is, by the first kind in a fixed order that one of its clauses says."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from aldia.rules.inbound.amounts import said_amounts
from aldia.rules.inbound.clauses import TEXT_LENGTH_MAX, Clause, clauses_of, plain_of
from aldia.rules.inbound.dates import said_dates
from aldia.rules.inbound.patterns import ALONE, COURTESY, SERVICE, accented_of, expressions_of
from aldia.rules.inbound.values import InboundKind as Kind
from aldia.rules.inbound.values import Reading, SaidAmount, SaidDate

_ALONE_LENGTH_MAX = 80
_BECAUSE_MAX = 3
_ENGLISH = re.compile(r"\b(?:the|will|pay|paid|invoice|please|have|we|you|payment|on|by|is)\b")
_SPANISH = re.compile(r"\b(?:el|la|los|que|de|pago|factura|por|no|en|un|una|lo|mi|gracias)\b")
_PART = re.compile(
    r"\b(?:la mitad|una parte|parte de|a cuenta|el resto|lo demas|el saldo restante|half|the rest)\b"
)

# What a «no» before, a question or an «if» around it takes away; what carries its own «no» needs none.
_NEGATABLE = frozenset({Kind.OPT_OUT, Kind.PAID, Kind.PROMISE, Kind.INSTALMENTS, Kind.COPY, Kind.HARDSHIP})
_NOT_ASKED = frozenset({Kind.PAID, Kind.PROMISE, Kind.OPT_OUT})
_NOT_IF = frozenset({Kind.PAID, Kind.OPT_OUT, Kind.DISPUTE, Kind.WRONG_PERSON})
_OWN_NO = re.compile(r"^(?:no|nunca|never|do not|don't|haven't|have not|didn't|ya no)\b")

_BEFORE: tuple[Kind, ...] = (Kind.WRONG_PERSON, Kind.OPT_OUT, Kind.PAID, Kind.DISPUTE, Kind.REFUSES)
_AFTER: tuple[Kind, ...] = (Kind.INSTALMENTS, Kind.HARDSHIP, Kind.COPY, Kind.PROMISE, Kind.OUT_OF_OFFICE)


@dataclass(frozen=True, slots=True)
class _Found:
    clause: Clause
    words: str


def classify(
    text: str, *, on: date, currency: str = "EUR", subject: str = "", automatic: str = ""
) -> Reading:
    """A suggestion for what the customer's own words say; quoted mail and signature are gone already.

    on: the day it was written, where the creditor is. automatic: what showed that a machine wrote it, "" for
    nothing. Without words the subject speaks. A reading is only ever put before a person, except opt_out.
    """
    said = unicodedata.normalize("NFC", text.strip() or subject.strip())[:TEXT_LENGTH_MAX]
    if automatic:
        return Reading(Kind.OUT_OF_OFFICE, (automatic,))
    if _is_end_alone(said):
        return Reading(Kind.OPT_OUT, (said.strip(),), opt_out=True)
    clauses = clauses_of(said)
    found = {kind: _found(kind, clauses) for kind in Kind}
    dates, amounts = _promised(found[Kind.PROMISE], clauses, on, currency)
    kinds = _in_order(found, dated=any(each.on or each.readings for each in dates))
    if not kinds:
        return Reading(Kind.OTHER)
    first = kinds[0]
    promised = first is Kind.PROMISE
    return Reading(
        kind=first,
        because=tuple(dict.fromkeys(each.words for each in found[first]))[:_BECAUSE_MAX],
        opt_out=bool(found[Kind.OPT_OUT]),
        also=tuple(kinds[1:]),
        dates=tuple(dates) if promised else (),
        amounts=tuple(amounts) if promised else (),
    )


def _is_end_alone(said: str) -> bool:
    """«BAJA», «Hola, quiero darme de baja. Gracias»: nothing else is said."""
    if not said or len(said) > _ALONE_LENGTH_MAX:
        return False
    bare = COURTESY.sub(" ", plain_of(said).replace("\n", " ")).strip()
    return bool(bare) and "?" not in bare and ALONE.fullmatch(bare) is not None


def _found(kind: Kind, clauses: Sequence[Clause]) -> list[_Found]:
    found = []
    for clause in clauses:
        if kind in _NOT_ASKED and clause.is_question:
            continue
        if kind in _NOT_IF and clause.is_condition:
            continue
        if kind is Kind.OPT_OUT and SERVICE.search(clause.plain):
            continue
        match = _match(kind, clause)
        if match is not None:
            found.append(_Found(clause, clause.said[match.start() : match.end()].strip(" ,")))
    return found


def _match(kind: Kind, clause: Clause) -> re.Match[str] | None:
    """The first place where the clause says it and no «no» before takes it back."""
    looked = [(each, clause.plain) for each in expressions_of(kind)]
    looked += [(each, clause.kept) for each in accented_of(kind)]
    for expression, text in looked:
        for match in expression.finditer(text):
            own = _OWN_NO.match(match[0])
            if kind not in _NEGATABLE or own or not clause.is_negated(match.start()):
                return match
    return None


def _in_order(found: dict[Kind, list[_Found]], *, dated: bool) -> list[Kind]:
    """Kinds that were found, the one that counts first: a promise with a day weighs more than one without."""
    early = list(_BEFORE)
    if dated and found[Kind.PROMISE]:
        part_paid = any(_PART.search(each.clause.plain) for each in found[Kind.PAID] + found[Kind.PROMISE])
        place = early.index(Kind.PAID) if part_paid else len(early)
        early.insert(place, Kind.PROMISE)
    order = list(dict.fromkeys([*early, *_AFTER]))
    return [kind for kind in order if found[kind]]


def _promised(
    promises: list[_Found], clauses: Sequence[Clause], on: date, currency: str
) -> tuple[list[SaidDate], list[SaidAmount]]:
    """Days and amounts in the clauses that promise; a promise upon a condition has no day."""
    dates: list[SaidDate] = []
    amounts: list[SaidAmount] = []
    for clause in (each.clause for each in promises):
        if clause.is_condition:
            continue
        plain = clause.plain
        english = bool(_ENGLISH.search(plain)) and not _SPANISH.search(plain)
        dates += said_dates(clause, on, english=english)
        amounts += said_amounts(clause, currency)
    return dates, amounts

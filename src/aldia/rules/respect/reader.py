"""Reading a text as the customer, and a bystander, would. What is found is told, never silently changed."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from aldia.rules.respect.lexicon import HOUSE, RULES, Rule
from aldia.rules.respect.patterns import CAPITALS, HARMLESS, LAST_NOTICE
from aldia.rules.respect.readability import NORMAL, readability
from aldia.rules.respect.values import Code, Finding, Place, Reading, Severity
from aldia.rules.texts.clean import one_line
from aldia.rules.texts.placeholders import NAMED

_FOLD = str.maketrans("áàäâéèëêíìïîóòöôúùüûÁÀÄÂÉÈËÊÍÌÏÎÓÒÖÔÚÙÜÛ", "aaaaeeeeiiiioooouuuu" * 2)
_EXCERPT_MAX = 80
PREVIEW = 40
"""So many characters of a short message stand on a locked screen."""


def findings(parts: Mapping[Place, str], reading: Reading) -> list[Finding]:
    """What is wrong with the words, by place and in the order of the codes; [] for a text without fault.

    parts: place → text, placeholders in braces or already filled.
    """
    found = [each for place, text in parts.items() for each in _in_place(place, text, reading)]
    order = list(Code)
    places = list(parts)
    return sorted(found, key=lambda each: (order.index(each.code), places.index(each.place), each.start))


def message_parts(subject: str, body: str, channel: str) -> dict[Place, str]:
    """Where the words of a message stand: what a locked screen shows of it is seen by others."""
    if channel in ("sms", "whatsapp"):
        return {Place.PREVIEW: body[:PREVIEW], Place.BODY: body}
    return {Place.SUBJECT: subject, Place.BODY: body}


def note_findings(note: str) -> list[Finding]:
    """Of an internal note: the customer may ask for it, so all of it only warns."""
    return [
        replace(each, severity=Severity.WARN) for each in findings({Place.NOTE: note}, Reading(kind="note"))
    ]


def is_hot(found: Iterable[Finding]) -> bool:
    """True for words written in anger: better sent tomorrow, or by somebody else."""
    return any(each.code in (Code.THREAT, Code.INSULT, Code.SHAMING, Code.SHOUTING) for each in found)


def folded(text: str) -> str:
    """Small letters without accents, character by character, so that places stay the same."""
    lower = "".join(low if len(low := each.lower()) == 1 else each for each in text)
    return lower.translate(_FOLD)


def _in_place(place: Place, text: str, reading: Reading) -> Iterator[Finding]:
    flat = re.sub(r"\s", " ", folded(text))
    flat = HARMLESS.sub(lambda calm: " " * len(calm[0]), NAMED.sub(lambda name: "_" * len(name[0]), flat))
    taken: list[tuple[Code, int, int]] = []
    for rule in RULES:
        if place in rule.places and _concerns(rule, reading):
            for hit in rule.words.finditer(flat):
                if not any(
                    code == rule.code and hit.start() < end and start < hit.end()
                    for code, start, end in taken
                ):
                    taken.append((rule.code, hit.start(), hit.end()))
                    yield _found(rule, place, text, hit, reading)
    yield from _others(place, text, reading)
    yield from _last_notice(place, text, flat, reading)
    yield from _shouting(place, text)
    if place is Place.BODY and reading.language == "es":
        yield from _hard_to_read(text, reading)


def _concerns(rule: Rule, reading: Reading) -> bool:
    if rule.consequence is not None and rule.consequence in reading.announced:
        return False
    return (not rule.persons or reading.person_kind in rule.persons) and (
        not rule.countries or reading.country in rule.countries
    )


def _found(rule: Rule, place: Place, text: str, hit: re.Match[str], reading: Reading) -> Finding:
    words = text[hit.start() : hit.end()]
    return Finding(
        code=rule.code,
        severity=rule.severity,
        place=place,
        sentence=rule.sentence.format(words=_shown(words)),
        source=rule.source(reading.country),
        excerpt=words,
        start=hit.start(),
        end=hit.end(),
        facts={"consequence": rule.consequence.value} if rule.consequence else {},
    )


def _shown(words: str) -> str:
    return one_line(words, _EXCERPT_MAX)


def _others(place: Place, text: str, reading: Reading) -> Iterator[Finding]:
    """Names, codes and documents of others: each payer is told of the own part only."""
    if place is Place.NOTE:
        return
    flat = re.sub(r"\s", " ", folded(text))
    for name in sorted(reading.others):
        wanted = re.sub(r"\s+", " ", folded(name)).strip()
        for hit in re.finditer(rf"(?<!\w){re.escape(wanted)}(?!\w)", flat) if wanted else ():
            words = text[hit.start() : hit.end()]
            yield Finding(
                Code.THIRD_PARTIES,
                Severity.BLOCK,
                place,
                f"«{_shown(words)}» es de otro cliente de su familia o grupo, o de otro pagador: a cada"
                " uno se le habla solo de lo suyo.",
                HOUSE,
                words,
                hit.start(),
                hit.end(),
            )


def _last_notice(place: Place, text: str, flat: str, reading: Reading) -> Iterator[Finding]:
    if reading.last or place is Place.NOTE:
        return
    for hit in LAST_NOTICE.finditer(flat):
        words = text[hit.start() : hit.end()]
        yield Finding(
            Code.FALSE_URGENCY,
            Severity.BLOCK,
            place,
            f"«{_shown(words)}» no es verdad: después de este paso la estrategia manda otros.",
            HOUSE,
            words,
            hit.start(),
            hit.end(),
        )


def _shouting(place: Place, text: str) -> Iterator[Finding]:
    for hit in CAPITALS.finditer(NAMED.sub(lambda name: " " * len(name[0]), text)):
        words = text[hit.start() : hit.end()]
        sentence = f"«{_shown(words)}» se lee como un grito: escríbalo en minúsculas y sin exclamaciones."
        yield Finding(Code.SHOUTING, Severity.WARN, place, sentence, HOUSE, words, hit.start(), hit.end())


def _hard_to_read(text: str, reading: Reading) -> Iterator[Finding]:
    read = readability(NAMED.sub("dato", text))
    least = NORMAL if reading.person_kind == "consumer" else NORMAL - 15
    if read is not None and read.score < least:
        yield Finding(
            Code.HARD_TO_READ,
            Severity.WARN,
            Place.BODY,
            f"Se lee con esfuerzo ({read.band}, {read.score:.0f} puntos; lo normal empieza en 55): "
            "acorte las frases y use palabras corrientes.",
            "Escala INFLESZ (Szigriszt-Pazos)",
            facts={"score": f"{read.score:.1f}", "band": read.band},
        )

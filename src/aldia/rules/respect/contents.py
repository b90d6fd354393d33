"""What a country wants said in each demand for payment, and whether a text says it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from aldia.rules.law import Content, RequiredContents
from aldia.rules.respect import patterns
from aldia.rules.respect.reader import folded
from aldia.rules.respect.values import Code, Finding, Place, Severity
from aldia.rules.texts.render import names_in


@dataclass(frozen=True, slots=True)
class _Said:
    """What says it. names: placeholders. pattern: of folded text. sentence: Spanish."""

    sentence: str
    names: frozenset[str] = frozenset()
    pattern: str = r"(?!)"


_DUTIES = frozenset({"derechos"})  # the country's own paragraph: rules/texts/duties.py
_SAYS: Mapping[Content, _Said] = {
    Content.CREDITOR: _Said(
        "Falta decir quién es el acreedor: {acreedor} o {firma}.", frozenset({"acreedor", "firma"})
    ),
    Content.ORIGIN: _Said(
        "Falta decir de qué viene la deuda: {partidas} o {documentos}.", frozenset({"partidas", "documentos"})
    ),
    Content.AMOUNT: _Said(
        "Falta decir cuánto se debe: {partidas}, {total} o {total_con_intereses}.",
        frozenset({"partidas", "total", "total_con_intereses"}),
    ),
    Content.BREAKDOWN: _Said(
        "Falta decir el desglose con los intereses y gastos: {partidas}, o {intereses} y {compensacion}.",
        frozenset({"partidas", "intereses"}),
    ),
    Content.HOW_TO_PAY: _Said(
        "Falta decir cómo y dónde pagar: {como_pagar}.", frozenset({"como_pagar"}), patterns.SAYS_HOW_TO_PAY
    ),
    Content.RIGHTS: _Said(
        "Falta decir los derechos del cliente, por ejemplo: «Tiene derecho a pedirnos una copia escrita de "
        "esta cuenta».",
        _DUTIES,
        patterns.SAYS_RIGHTS,
    ),
    Content.NOT_JUDICIAL: _Said(
        "Falta decir que no es una actuación judicial: «Este mensaje no es una actuación judicial».",
        _DUTIES,
        patterns.SAYS_NOT_JUDICIAL,
    ),
    Content.COMPLAINTS: _Said(
        "Falta decir dónde reclamar: «Si no está de acuerdo, puede reclamar en …».",
        _DUTIES,
        patterns.SAYS_COMPLAINTS,
    ),
    Content.PAY_ONLY_CREDITOR: _Said(
        "Falta decir que solo se paga al acreedor: «Pague solo a {acreedor}, nunca a otra persona».",
        _DUTIES,
        patterns.SAYS_PAY_ONLY_CREDITOR,
    ),
}


def missing_contents(body: str, required: RequiredContents | None, person_kind: str) -> list[Finding]:
    """What the text of a demand does not say and has to; [] where the country asks for nothing.

    body: placeholders in braces. Blocks where the rule binds every creditor; else it is prudence and warns.
    """
    if required is None or person_kind not in required.protects:
        return []
    flat, named = re.sub(r"\s+", " ", folded(body)), frozenset(names_in(body))
    binds = required.binds == "any"
    return [
        Finding(
            code=Code.MISSING,
            severity=Severity.BLOCK if binds else Severity.WARN,
            place=Place.BODY,
            sentence=_SAYS[content].sentence,
            source=required.provenance.cited(binds=binds),
            facts={"content": content.value},
        )
        for content in required.contents
        if not (_SAYS[content].names & named or re.search(_SAYS[content].pattern, flat))
    ]

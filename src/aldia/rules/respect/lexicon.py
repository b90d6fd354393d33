"""The words by which a text is judged, in Spanish, folded: small letters without accents, ñ kept.

Each rule is a reader's rule of thumb, not a court: what it marks is shown to a person with its source.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from aldia.rules.respect import patterns
from aldia.rules.respect.values import OPEN_TO_OTHERS, Code, Consequence, Place, Severity

HOUSE = "Norma de la casa: firmeza con respeto"
_PE_61 = "Perú, Ley 29571, art. 61 (texto legal)"
_PE_62 = "Perú, Ley 29571, art. 62 (texto legal)"
_MX_CONDUSEF = "México, Disposiciones CONDUSEF, DOF 7-10-2014 (fuente secundaria)"
_MX_284 = "México, Código Penal Federal, art. 284 Bis (fuente secundaria)"
_CL_37 = "Chile, Ley 19.496, art. 37 (texto legal)"
_CO_2300 = "Colombia, Ley 2300 de 2023 (fuente secundaria)"
_CONSUMER_ONLY = frozenset({"consumer"})


@dataclass(frozen=True)
class Rule:
    """Words that are marked.

    pattern: of folded text. places: where it looks. sources: country → law; else the rule of the house.
    consequence: which one it announces. persons, countries: whom it is about, everybody where empty.
    """

    code: Code
    severity: Severity
    sentence: str
    pattern: str
    places: frozenset[Place] = frozenset({*OPEN_TO_OTHERS, Place.BODY})
    sources: Mapping[str, str] = field(default_factory=dict)
    consequence: Consequence | None = None
    persons: frozenset[str] = frozenset()
    countries: frozenset[str] = frozenset()

    @cached_property
    def words(self) -> re.Pattern[str]:
        """The pattern between the edges of words."""
        return re.compile(rf"(?<!\w)(?:{self.pattern})(?!\w)")

    def source(self, country: str) -> str:
        """What the finding rests on for a customer of that country."""
        return self.sources.get(country, HOUSE)


RULES: tuple[Rule, ...] = (
    Rule(
        Code.THREAT,
        Severity.BLOCK,
        "«{words}» suena a amenaza: diga qué pasará de verdad y cuándo, sin intimidar.",
        patterns.THREAT,
        places=frozenset({*Place}),
        sources={"PE": _PE_61, "MX": _MX_284, "CL": _CL_37},
    ),
    Rule(
        Code.INSULT,
        Severity.BLOCK,
        "«{words}» ofende: hable de lo que se debe, no de cómo es la persona.",
        patterns.INSULT,
        places=frozenset({*Place}),
        sources={"PE": _PE_61, "MX": _MX_CONDUSEF, "CL": _CL_37},
    ),
    Rule(
        Code.SHAMING,
        Severity.BLOCK,
        "«{words}» busca avergonzar ante otros: quítelo.",
        patterns.SHAMING,
        sources={"PE": _PE_62, "MX": _MX_CONDUSEF, "CL": _CL_37},
    ),
    Rule(
        Code.THIRD_PARTIES,
        Severity.BLOCK,
        "«{words}» anuncia hablar con terceros: la deuda solo se trata con quien la debe o la garantiza.",
        patterns.THIRD_PARTIES,
        sources={
            "PE": "Perú, Ley 29571, art. 62.f (texto legal)",
            "MX": _MX_CONDUSEF,
            "CL": _CL_37,
            "CO": _CO_2300,
        },
    ),
    Rule(
        Code.COURT_LOOK,
        Severity.BLOCK,
        "«{words}» parece un papel del juzgado: este mensaje no lo es y no debe parecerlo.",
        patterns.COURT_LOOK,
        sources={
            "PE": "Perú, Ley 29571, art. 62.a (texto legal)",
            "MX": _MX_CONDUSEF,
            "CL": _CL_37,
        },
    ),
    Rule(
        Code.FALSE_AUTHORITY,
        Severity.BLOCK,
        "«{words}» hace pasar a quien escribe por una autoridad: firme con el nombre de su empresa.",
        patterns.FALSE_AUTHORITY,
        sources={"MX": _MX_CONDUSEF, "PE": _PE_62, "CL": _CL_37},
    ),
    Rule(
        Code.CONSEQUENCE,
        Severity.BLOCK,
        "«{words}» anuncia pasar el caso a una agencia, y la estrategia no lo hace después de este paso.",
        patterns.AGENCY,
        places=frozenset({Place.BODY}),
        sources={"MX": _MX_284},
        consequence=Consequence.AGENCY,
    ),
    Rule(
        Code.CONSEQUENCE,
        Severity.BLOCK,
        "«{words}» anuncia una demanda, y la estrategia no la pone después de este paso.",
        patterns.SUIT,
        places=frozenset({Place.BODY}),
        sources={"MX": _MX_284},
        consequence=Consequence.SUIT,
    ),
    Rule(
        Code.CONSEQUENCE,
        Severity.BLOCK,
        "«{words}» anuncia un fichero de solvencia, y la estrategia no lo usa o el caso no cumple.",
        patterns.FILE,
        places=frozenset({Place.BODY}),
        sources={"ES": "España, LOPDGDD, art. 20.1 (texto legal)", "MX": _MX_284},
        consequence=Consequence.FILE,
    ),
    Rule(
        Code.CONSEQUENCE,
        Severity.BLOCK,
        "«{words}» anuncia cortar el servicio, y la estrategia no lo hace después de este paso.",
        patterns.SUSPENSION,
        places=frozenset({Place.BODY}),
        sources={"MX": _MX_284},
        consequence=Consequence.SUSPENSION,
    ),
    Rule(
        Code.REVEALS_DEBT,
        Severity.BLOCK,
        "«{words}» deja ver una deuda a quien mire el asunto, el aviso del móvil o el sobre: dígalo dentro.",
        patterns.REVEALS_DEBT,
        places=OPEN_TO_OTHERS,
        persons=_CONSUMER_ONLY,
        sources={
            "PE": "Perú, Ley 29571, art. 62.f (texto legal)",
            "CL": _CL_37,
            "MX": _MX_CONDUSEF,
            "CO": _CO_2300,
        },
    ),
    Rule(
        Code.ASKS_REASON,
        Severity.BLOCK,
        "«{words}» pregunta por qué no ha pagado: en Colombia no se pregunta a un consumidor.",
        patterns.ASKS_REASON,
        persons=_CONSUMER_ONLY,
        countries=frozenset({"CO"}),
        sources={"CO": _CO_2300},
    ),
    Rule(
        Code.FALSE_URGENCY,
        Severity.WARN,
        "«{words}» mete una prisa que no es verdad: diga la fecha.",
        patterns.FALSE_URGENCY,
    ),
    Rule(
        Code.PRIVATE_LIFE,
        Severity.WARN,
        "«{words}» es de la vida privada: el cliente puede pedir esta nota; escriba solo lo que hace falta.",
        patterns.PRIVATE_LIFE,
        places=frozenset({Place.NOTE}),
        sources={"ES": "RGPD, arts. 9 y 15 (sin comprobar)"},
    ),
)

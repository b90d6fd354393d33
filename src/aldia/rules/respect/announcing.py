"""Texts that are about a consequence: no strategy may use one, and none leaves, before it can follow."""

from aldia.rules.portfolio.strategy.values import Strategy
from aldia.rules.respect.values import FOUNDED, Consequence
from aldia.rules.texts.uses import announced_by, title_of

_WORDS = {
    Consequence.AGENCY: "pasar el caso a una empresa de cobro",
    Consequence.SUIT: "presentar una demanda",
    Consequence.FILE: "comunicar el dato a un fichero de solvencia",
    Consequence.SUSPENSION: "suspender el servicio",
}


def unfounded(template: str) -> str:
    """The consequence such a text is about and nobody can carry out yet, in Spanish; "" for none."""
    code = announced_by(template)
    return _WORDS[Consequence(code)] if code and code not in FOUNDED else ""


def unfounded_steps(strategy: Strategy) -> list[str]:
    """What is wrong with a strategy for that reason, a sentence for each step or notice."""
    used = [(each.id, each.template) for each in strategy.documents]
    used += [(each.id, each.template) for each in strategy.steps]
    return [
        f"paso «{step}»: el texto «{title_of(template)}» anuncia {unfounded(template)}, y"
        " todavía ninguna estrategia puede hacerlo: elija otro texto."
        for step, template in used
        if unfounded(template)
    ]

"""What to bear in mind on the telephone, by how this customer uses to behave: facts, respect, next step.

Beside the script, never instead of it. Sentences for who calls, in Spanish; kinds are those of
`rules/portfolio/kinds.py`. docs/rules/calls.md §5.
"""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class CallPoints:
    """facts: what to know before dialling. respect: how to speak. next_step: what to come away with."""

    facts: str
    respect: str
    next_step: str

    def in_order(self) -> tuple[str, ...]:
        """As they are read out."""
        return (self.facts, self.respect, self.next_step)


_GENERAL = CallPoints(
    "Tenga delante las partidas vencidas, los últimos avisos y lo que contestó.",
    "Escuche primero. Puede haber un motivo que usted no conoce.",
    "Cierre con una fecha y un importe, o con quién hará qué y cuándo.",
)

POINTS: Mapping[str, CallPoints] = {
    "casual": CallPoints(
        "Suele pagar bien: este retraso no es lo habitual en él.",
        "Trátelo como un descuido. Un recordatorio cordial basta.",
        "Pregunte si le ha llegado todo y qué día lo dejará pagado.",
    ),
    "stalling": CallPoints(
        "Puede pagar y lo va dejando: tenga a mano los compromisos anteriores y cómo acabaron.",
        "Cordial y concreto. Sin reproches y sin aceptar «ya le diré».",
        "Pida una fecha cercana y un medio de pago, y diga qué sigue si no se cumple.",
    ),
    "circumstantial": CallPoints(
        "Hay algo con lo que no está conforme: léalo antes de llamar.",
        "Primero se resuelve su queja; de pagar se habla después, y de lo que no discute.",
        "Diga quién lo revisa y para cuándo tendrá respuesta.",
    ),
    "careless": CallPoints(
        "Se le pasa: suele pagar en cuanto se le recuerda.",
        "Póngaselo fácil: copia de la factura, aviso en el calendario, domiciliación.",
        "Ofrézcale elegir su día de pago y anótelo.",
    ),
    "chronic": CallPoints(
        "Paga siempre tarde, aunque acaba pagando: mire cuántos días suele tardar.",
        "Sin reproches: se busca una forma de pago que le vaya bien a los dos.",
        "Proponga pago por adelantado o domiciliación para lo siguiente.",
    ),
    "illiquid": CallPoints(
        "Ahora no puede con todo: mire cuánto ha ido pagando.",
        "Agradézcale que lo diga. Nada de presión: una deuda no se arregla con miedo.",
        "Busque un importe que sí pueda pagar y una fecha, o propóngale un plan.",
    ),
    "good_payer": CallPoints(
        "Paga a tiempo: lo más probable es un olvido o un problema de la factura.",
        "Llame como quien avisa a un buen cliente, porque lo es.",
        "Pregunte si falta algo por nuestra parte para que pueda pagarla.",
    ),
}
"""Kind of debtor → its points."""

_NOT_ASKED = "No pregunte por qué no ha pagado: aquí la ley no lo permite. Si lo cuenta, puede anotarlo."


def points_for(kind: str, *, asks_reason: bool = True) -> tuple[str, ...]:
    """What to bear in mind with a customer of that kind, the general points where it is not known."""
    points = POINTS.get(kind, _GENERAL).in_order()
    return points if asks_reason else (_NOT_ASKED, *points)

"""How a kind and its reason are told, in Spanish."""

from collections.abc import Mapping, Sequence

from aldia.rules.inbound.values import InboundKind

KIND_WORDS: Mapping[InboundKind, str] = {
    InboundKind.PAID: "Dice que ha pagado",
    InboundKind.PROMISE: "Promete pagar",
    InboundKind.DISPUTE: "No está conforme",
    InboundKind.REFUSES: "No quiere pagar",
    InboundKind.INSTALMENTS: "Pide plazos",
    InboundKind.HARDSHIP: "Tiene dificultades",
    InboundKind.COPY: "Pide la factura o una copia",
    InboundKind.WRONG_PERSON: "No es la persona",
    InboundKind.OPT_OUT: "No quiere que se le escriba por aquí",
    InboundKind.OUT_OF_OFFICE: "Respuesta automática",
    InboundKind.BOUNCE: "Correo devuelto",
    InboundKind.OTHER: "Otra cosa",
}
"""Kind → label, in the order of the form."""


def because_sentence(kind: str, because: Sequence[str]) -> str:
    """Why this kind is suggested."""
    if not because:
        return "Ninguna regla reconoce lo que dice: léalo y elija."
    words = ", ".join(f"«{each}»" for each in because)
    return f"Porque dice {words}."

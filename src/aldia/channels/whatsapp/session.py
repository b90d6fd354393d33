"""What WhatsApp lets a company write, and when: its own words only to whoever wrote within 24 hours."""

from collections.abc import Callable, Mapping

from aldia.channels.mail import NotSent

InSession = Callable[[str], bool]
"""Whether the owner of that number has written within the last 24 hours, so that free text may go to it."""

NO_TEMPLATE = NotSent(
    "WhatsApp solo deja escribir con una plantilla aprobada a quien no ha escrito en las últimas 24 horas, y"
    " este texto no tiene ninguna: indíquela en Ajustes, Canales.",
    permanent=True,
)


def lacking(name: str, parameters: Mapping[str, str]) -> NotSent | None:
    """A refusal where the approved text asks for something that the message does not have."""
    missing = [placeholder for placeholder, value in parameters.items() if not value]
    if not missing:
        return None
    wanted = ", ".join(f"{{{each}}}" for each in missing)
    return NotSent(
        f"La plantilla aprobada «{name}» pide {wanted}, que este mensaje no tiene.", permanent=True
    )

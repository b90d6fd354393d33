"""What waits for a customer, in words: messages with their channel and state, tasks for people."""

from dataclasses import dataclass

from aldia.queries.today_page import Planned
from aldia.records.outreach.models import MessageChannel, MessageKind, MessageState

_MISSING = {
    "email": "Falta su correo electrónico",
    "sms": "Falta su teléfono",
    "call": "Falta su teléfono",
    "whatsapp": "Falta su WhatsApp",
    "letter": "Falta su dirección postal",
}


@dataclass(frozen=True, slots=True)
class Waiting:
    """what: «Recordatorio amable, por correo electrónico». mark: class of its state; task for a task."""

    what: str
    state: str
    mark: str


def waiting(planned: Planned) -> Waiting:
    """One sort of messages or tasks, in words."""
    times = f" ({planned.count})" if planned.count > 1 else ""
    if planned.is_task:
        return Waiting(_task(planned) + times, "tarea", "task")
    what = planned.title or MessageKind(planned.kind).label
    channel = _channel(MessageChannel(planned.channel))
    return Waiting(f"{what}{times}, por {channel}", MessageState(planned.state).label.lower(), planned.state)


def _task(planned: Planned) -> str:
    if planned.kind == "missing_address":
        return _MISSING.get(planned.channel, "Falta una dirección")
    title = planned.title or "hablar con el cliente"
    return f"Llamar: {title}" if planned.channel == "call" else title


def _channel(channel: MessageChannel) -> str:
    return str(channel.label) if channel.label.isupper() else _lower_first(str(channel.label))


def _lower_first(text: str) -> str:
    return text if text == "WhatsApp" else text[0].lower() + text[1:]

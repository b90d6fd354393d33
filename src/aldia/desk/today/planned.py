"""What waits for a customer, in words: messages with their channel and state, tasks for people."""

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from aldia.queries.today_page import Planned
from aldia.records.outreach.models import MessageChannel, MessageKind, MessageState
from aldia.rules.portfolio.words import task_label
from aldia.ui.other_language import said

_MISSING = {
    "email": gettext_lazy("Falta su correo electrónico"),
    "sms": gettext_lazy("Falta su teléfono"),
    "call": gettext_lazy("Falta su teléfono"),
    "whatsapp": gettext_lazy("Falta su WhatsApp"),
    "letter": gettext_lazy("Falta su dirección postal"),
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
        return Waiting(_task(planned) + times, _("tarea"), "task")
    what = planned.title or said(MessageKind(planned.kind).label)
    channel = _channel(MessageChannel(planned.channel))
    words = _("%(what)s, por %(channel)s") % {"what": what + times, "channel": channel}
    return Waiting(words, said(MessageState(planned.state).label).lower(), planned.state)


def _task(planned: Planned) -> str:
    if planned.kind == "missing_address":
        return str(_MISSING.get(planned.channel, _("Falta una dirección")))
    return said(task_label(planned.kind, title=planned.title, is_call=planned.channel == "call"))


def _channel(channel: MessageChannel) -> str:
    label = said(channel.label)
    return label if label.isupper() else _lower_first(label)


def _lower_first(text: str) -> str:
    return text if text == "WhatsApp" else text[0].lower() + text[1:]

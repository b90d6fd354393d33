"""What was saved, in a sentence."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from aldia.kernel.money import Money
from aldia.operations.casework import Work, Worked
from aldia.records.cases.models import CaseState
from aldia.ui.other_language import said
from aldia.ui.templatetags.written import day, moment, money


def told(work: Work, done: Worked) -> str:
    """«Guardado: llamada, compromiso de 340,00 € para el vie 27 nov 2026.»"""
    parts = []
    if work.call:
        parts.append(_("visita") if work.call.kind == "visit" else _("llamada"))
    if work.promise:
        amount = money(Money(work.promise.amount_minor, work.promise.currency))
        words = _("compromiso de %(amount)s para el %(on)s")
        parts.append(words % {"amount": amount, "on": day(work.promise.promised_on)})
    if work.hold:
        parts.append(_("pausa hasta el %(on)s") % {"on": day(work.hold.until_on)})
    if work.dispute:
        count = len(done.parts.get("dispute", ()))
        parts.append(
            ngettext("%(n)s partida en incidencia", "%(n)s partidas en incidencia", count) % {"n": count}
        )
    if work.note:
        parts.append(_("nota"))
    if work.next:
        when = moment(work.next.at) if work.next.at else day(work.next.on)
        parts.append(_("próxima acción %(when)s") % {"when": when} if when else _("próxima acción"))
    if work.state:
        parts.append(said(CaseState(work.state).label).lower())
    if work.priority is not None:
        parts.append(_("prioridad"))
    return _("Guardado: %(parts)s.") % {"parts": ", ".join(parts)}

"""«Textos»: every text in force, by step, with its channels and forms of address."""

from collections import defaultdict
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from aldia.desk.access import Visit, creditor_page
from aldia.queries.terms import strategies_in_force
from aldia.queries.texts import TextInForce, texts_in_force
from aldia.records.outreach.models import MessageChannel
from aldia.records.parties.models import FormOfAddress
from aldia.records.tenancy.models import Creditor
from aldia.ui.other_language import said


@dataclass(frozen=True, slots=True)
class Shown:
    """A text as the list shows it."""

    found: TextInForce
    channel: str
    form: str


@dataclass(frozen=True, slots=True)
class Group:
    """The texts of one template. used_by: titles of the steps that say it, as «Academia · Aviso firme»."""

    template: str
    used_by: tuple[str, ...]
    texts: tuple[Shown, ...]


@creditor_page()
def show_texts(request: HttpRequest, visit: Visit) -> HttpResponse:
    """GET tratamiento: usted (default), tu or vos."""
    form = request.GET.get("tratamiento", visit.creditor.form_of_address)
    form = form if form in FormOfAddress.values else "usted"
    used = templates_in_use(visit.creditor)
    by_template: dict[str, list[Shown]] = defaultdict(list)
    for found in texts_in_force(visit.creditor):
        if found.use.form == form:
            by_template[found.use.template].append(
                Shown(found, channel_label(found.use.channel), said(FormOfAddress(form).label))
            )
    groups = [
        Group(template, tuple(used.get(template, ())), tuple(texts))
        for template, texts in by_template.items()
    ]
    groups.sort(key=lambda each: not each.used_by)
    context = {"groups": groups, "form": form, "forms": FormOfAddress.choices}
    return render(request, "desk/texts/list.html", context)


def templates_in_use(creditor: Creditor) -> dict[str, list[str]]:
    """Template → the steps of strategies in force that say it."""
    used: dict[str, list[str]] = defaultdict(list)
    for strategy in strategies_in_force(creditor).strategies.values():
        said = [(each.template, each.title) for each in strategy.documents]
        for template, title in [*said, *((each.template, each.title) for each in strategy.steps)]:
            used[template].append(f"{strategy.title} · {title}")
    return used


def channel_label(channel: str) -> str:
    """«Correo electrónico»; what is said on the telephone is a script for who rings."""
    return _("Guion de llamada") if channel == "call" else said(MessageChannel(channel).label)

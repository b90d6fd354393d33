"""One due line: what was paid of it, what is contested, and giving it up."""

from collections.abc import Mapping

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from aldia.desk.access import POST, Visit, creditor_page
from aldia.desk.acting import acted
from aldia.desk.items.copies import BringForm, LinkForm
from aldia.desk.items.disputes import shown_disputes
from aldia.desk.today.page import now_for
from aldia.kernel.clock import business_date
from aldia.kernel.money import Money
from aldia.operations.giving_up import write_off_as
from aldia.queries.copies import copies_of
from aldia.queries.movements import Opened, line_with_movements
from aldia.queries.people import names_of_actors
from aldia.rules.rights import Right
from aldia.ui.forms import DeskForm, MoneyField
from aldia.ui.templatetags.written import money_of


class WriteOffForm(DeskForm):
    """How much, and why."""

    amount = MoneyField(label=gettext_lazy("Importe"))
    reason = forms.CharField(label=gettext_lazy("Motivo"), max_length=200)


@creditor_page()
def show_line(request: HttpRequest, visit: Visit, line_id: int) -> HttpResponse:
    """The line with its movements."""
    found = _line(visit, line_id)
    return render(request, "desk/items/line.html", _context(visit, found, _form(found)))


@creditor_page(Right.WRITE_OFF, POST)
def write_off_line(request: HttpRequest, visit: Visit, line_id: int) -> HttpResponse:
    """Give it up, all of it or a part, within what the person may."""
    found = _line(visit, line_id)
    form = _form(found, request)
    now = now_for(visit.creditor)
    if not form.is_valid():
        return render(request, "desk/items/line.html", _context(visit, found, form), status=422)
    amount = form.cleaned_data["amount"]

    def act() -> str:
        write_off_as(
            member=visit.membership,
            due_line_id=line_id,
            amount_minor=amount,
            on=business_date(now, visit.creditor.time_zone),
            actor=visit.actor,
            now=now,
            reason=form.cleaned_data["reason"],
        )
        return _("Dados de baja %(amount)s.") % {"amount": money_of(amount, found.row["currency"])}

    acted(request, visit, act)
    return redirect("desk:item", creditor=visit.creditor.code, line_id=line_id)


def _line(visit: Visit, line_id: int) -> Opened:
    found = line_with_movements(visit.creditor.pk, line_id)
    if found is None:
        raise Http404
    return found


def _form(found: Opened, request: HttpRequest | None = None) -> WriteOffForm:
    form = WriteOffForm(request.POST if request else None, initial={"amount": found.row["open_minor"]})
    form.fields["amount"].currency = found.row["currency"]  # type: ignore[attr-defined]
    return form


def _context(visit: Visit, found: Opened, form: WriteOffForm) -> dict[str, object]:
    limit = visit.membership.write_off_max_minor
    copies = copies_of(visit.creditor, found.row["document_id"])
    names = names_of_actors(each.recorded_by for each in copies.versions)
    return {
        "copies": copies,
        "versions": [(each, _who(each.recorded_by, names)) for each in copies.versions],
        "disputes": shown_disputes(visit, found.row["id"]),
        "bring": BringForm(),
        "link": LinkForm(),
        "line": found,
        "form": form,
        "limit": Money(limit, visit.creditor.currency) if limit is not None else None,
    }


def _who(actor: str, names: Mapping[str, str]) -> str:
    """A person, or the import that brought it."""
    kind, _colon, number = actor.partition(":")
    if kind == "batch":
        return _("importación n.º %(number)s") % {"number": number}
    return names.get(actor, actor)

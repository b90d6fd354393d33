"""What keeps us from writing: each country's rules with their sources, pauses of areas, municipal days."""

from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from aldia.desk.access import POST, Visit, creditor_page
from aldia.desk.acting import acted
from aldia.desk.settings.tabs import tabs
from aldia.desk.today.page import now_for
from aldia.kernel.clock import business_date
from aldia.operations.contact_calendar import (
    NewAreaHold,
    NewLocalHoliday,
    add_local_holiday,
    end_area_hold,
    record_area_hold,
    remove_local_holiday,
)
from aldia.queries.circumstances import area_pauses, local_days
from aldia.queries.contact_rules import contact_rules, unknown_countries
from aldia.queries.people import names_of_actors
from aldia.records.parties.models import AreaHold, ConsentChannel, LocalHoliday
from aldia.rules.rights import Right
from aldia.ui.forms import DayField, DeskForm

_TEXT_MAX, _PREFIXES_MAX, _PREFIX_MAX = 200, 2_000, 10


class CountryField(forms.CharField):
    """Two letters; whatever their case."""

    def __init__(self) -> None:
        super().__init__(
            label=gettext_lazy("País"),
            min_length=2,
            max_length=2,
            widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters"}),
        )


class AreaForm(DeskForm):
    """A pause of some postcodes."""

    country = CountryField()
    prefixes = forms.CharField(
        label=gettext_lazy("Códigos postales"),
        max_length=_PREFIXES_MAX,
        help_text=gettext_lazy("Enteros o solo su comienzo, separados por comas: 46, 02, 1234."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    reason = forms.CharField(
        label=gettext_lazy("Por qué"),
        max_length=_TEXT_MAX,
        help_text=gettext_lazy("Por ejemplo: inundaciones en la provincia."),
    )
    from_on = DayField(label=gettext_lazy("Desde"))
    until_on = DayField(
        label=gettext_lazy("Hasta"), help_text=gettext_lazy("Ese día ya se vuelve a escribir.")
    )


class HolidayForm(DeskForm):
    """A municipal holiday."""

    country = CountryField()
    municipality = forms.CharField(label=gettext_lazy("Municipio"), max_length=_TEXT_MAX)
    postcodes = forms.CharField(
        label=gettext_lazy("Comienzo de sus códigos postales"),
        max_length=_PREFIX_MAX,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    on_date = DayField(label=gettext_lazy("Qué día"))
    name = forms.CharField(label=gettext_lazy("Qué se celebra"), max_length=_TEXT_MAX, required=False)


@creditor_page()
def show_rules(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Hours, caps and channels of each country, with their sources, beside the creditor's own settings."""
    agreed = [str(each.label) for each in ConsentChannel if each.value in visit.creditor.agreed_channels]
    context = {
        "tabs": tabs(visit, "settings-contact"),
        "countries": contact_rules(visit.creditor),
        "unknown": unknown_countries(visit.creditor),
        "agreed": agreed,
    }
    return render(request, "desk/settings/contact.html", context)


@creditor_page()
def show_areas(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Pauses that are not over, and the form of one more."""
    return _areas(request, visit, None)


@creditor_page(Right.SETTINGS, POST)
def add_area(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Nobody there is written to for a while."""
    form = AreaForm(request.POST)

    def act() -> str:
        said = dict(form.cleaned_data)
        prefixes = said.pop("prefixes").replace(";", ",").split(",")
        record_area_hold(new=NewAreaHold(prefixes=prefixes, **said), **_who(visit))
        return _("La zona está en pausa.")

    if form.is_valid() and acted(request, visit, act):
        return redirect("desk:areas", creditor=visit.creditor.code)
    return _areas(request, visit, form)


@creditor_page(Right.SETTINGS, POST)
def close_area(request: HttpRequest, visit: Visit, hold_id: int) -> HttpResponse:
    """The pause is over before its time."""
    if not AreaHold.objects.filter(pk=hold_id).exists():
        raise Http404

    def act() -> str:
        end_area_hold(hold_id=hold_id, **_who(visit))
        return _("La pausa ha terminado.")

    acted(request, visit, act)
    return redirect("desk:areas", creditor=visit.creditor.code)


@creditor_page()
def show_holidays(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Municipal holidays to come, and the form of one more."""
    return _holidays(request, visit, None)


@creditor_page(Right.SETTINGS, POST)
def add_holiday(request: HttpRequest, visit: Visit) -> HttpResponse:
    """A day on which nobody there is written to."""
    form = HolidayForm(request.POST)

    def act() -> str:
        said = dict(form.cleaned_data)
        new = NewLocalHoliday(prefix=said.pop("postcodes"), **said)
        add_local_holiday(new=new, **_who(visit))
        return _("Festivo anotado.")

    if form.is_valid() and acted(request, visit, act):
        return redirect("desk:holidays", creditor=visit.creditor.code)
    return _holidays(request, visit, form)


@creditor_page(Right.SETTINGS, POST)
def drop_holiday(request: HttpRequest, visit: Visit, holiday_id: int) -> HttpResponse:
    """A day like any other again."""
    if not LocalHoliday.objects.filter(pk=holiday_id).exists():
        raise Http404

    def act() -> str:
        remove_local_holiday(holiday_id=holiday_id, **_who(visit))
        return _("Festivo quitado.")

    acted(request, visit, act)
    return redirect("desk:holidays", creditor=visit.creditor.code)


def _who(visit: Visit) -> dict[str, Any]:
    return {"creditor": visit.creditor, "actor": visit.actor, "now": now_for(visit.creditor)}


def _areas(request: HttpRequest, visit: Visit, form: AreaForm | None) -> HttpResponse:
    today = business_date(now_for(visit.creditor), visit.creditor.time_zone)
    pauses = area_pauses(visit.creditor, today)
    names = names_of_actors(each.recorded_by for each in pauses)
    initial = {"country": visit.creditor.country, "from_on": today}
    context = {
        "tabs": tabs(visit, "areas"),
        "rows": [(each, names.get(each.recorded_by, each.recorded_by)) for each in pauses],
        "form": form or AreaForm(initial=initial),
    }
    return render(request, "desk/settings/areas.html", context, status=422 if form else 200)


def _holidays(request: HttpRequest, visit: Visit, form: HolidayForm | None) -> HttpResponse:
    today = business_date(now_for(visit.creditor), visit.creditor.time_zone)
    context = {
        "tabs": tabs(visit, "holidays"),
        "rows": local_days(visit.creditor, today),
        "form": form or HolidayForm(initial={"country": visit.creditor.country}),
    }
    return render(request, "desk/settings/holidays.html", context, status=422 if form else 200)

"""When and where a customer may be written to: circumstances, consents, place, and the next moment."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from aldia.desk.access import POST, Visit, creditor_page
from aldia.desk.acting import acted
from aldia.desk.notes import warn_about
from aldia.desk.today.page import now_for
from aldia.jurisdictions.calendars import regions_of
from aldia.kernel.clock import business_date
from aldia.operations.circumstances import NewCircumstance, end_circumstance, record_circumstance
from aldia.operations.consents import NewConsent, record_consent
from aldia.operations.parties import change_customer
from aldia.queries.circumstances import circumstances_of, said_consents
from aldia.queries.contact_outlook import contact_outlook
from aldia.queries.people import names_of_actors
from aldia.queries.sheet import people_at
from aldia.records.parties.models import (
    Circumstance,
    CircumstanceKind,
    ConsentChannel,
    ConsentSource,
    ConsentState,
    Customer,
)
from aldia.rules.rights import Right
from aldia.ui.forms import DayField, DeskForm

_NOTE_MAX, _ADDRESS_MAX, _CODE_MAX = 2_000, 254, 20


class CircumstanceForm(DeskForm):
    """What forbids writing to the customer, and from when on."""

    kind = forms.ChoiceField(label=gettext_lazy("Qué pasa con él"), choices=CircumstanceKind.choices)
    from_on = DayField(label=gettext_lazy("Desde"))
    until_on = DayField(
        label=gettext_lazy("Hasta"),
        required=False,
        help_text=gettext_lazy("Vacío: hasta que alguien la termine."),
    )
    note = forms.CharField(
        label=gettext_lazy("Cómo se sabe"),
        required=False,
        max_length=_NOTE_MAX,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def clean(self) -> dict[str, Any]:
        """It ends after it begins."""
        data: dict[str, Any] = super().clean() or {}
        first, last = data.get("from_on"), data.get("until_on")
        if first and last and last <= first:
            self.add_error("until_on", _("La fecha final tiene que ser posterior a la inicial."))
        return data


class ConsentForm(DeskForm):
    """What the customer said of a channel, or of one address."""

    channel = forms.ChoiceField(label=gettext_lazy("Canal"), choices=ConsentChannel.choices)
    state = forms.ChoiceField(label=gettext_lazy("Qué dice"), choices=ConsentState.choices)
    address = forms.ChoiceField(label=gettext_lazy("Para qué dirección"), required=False)
    source = forms.ChoiceField(
        label=gettext_lazy("Cómo se sabe"), choices=ConsentSource.choices, initial=ConsentSource.PERSON
    )
    note = forms.CharField(
        label=gettext_lazy("Dónde consta"),
        required=False,
        max_length=_NOTE_MAX,
        help_text=gettext_lazy("Por ejemplo, la cláusula del contrato o el correo en que lo dijo."),
    )

    def __init__(self, addresses: list[str], data: Any = None) -> None:
        super().__init__(data)
        choices = [("", _("Todas las de ese canal")), *((each, each) for each in addresses)]
        self.fields["address"].choices = choices  # type: ignore[attr-defined]


class PlaceForm(DeskForm):
    """Where the customer lives, as far as holidays and pauses go."""

    region = forms.ChoiceField(label=gettext_lazy("Región"), required=False)
    postal_code = forms.CharField(
        label=gettext_lazy("Código postal"),
        max_length=_CODE_MAX,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )

    def __init__(self, customer: Customer, country: str, data: Any = None) -> None:
        initial = {"region": customer.place, "postal_code": customer.postal_code}
        super().__init__(data, initial=initial)
        known = regions_of(country)
        is_listed = customer.place in ("", *(place for place, _name in known))
        unlisted = [] if is_listed else [(customer.place, customer.place)]
        self.fields["region"].choices = [("", _("No consta")), *unlisted, *known]  # type: ignore[attr-defined]

    @property
    def details(self) -> dict[str, str]:
        """What is said; a blank changes nothing."""
        return {name: value for name, value in self.cleaned_data.items() if value}


@creditor_page()
def show_limits(request: HttpRequest, visit: Visit, customer_id: int) -> HttpResponse:
    """Everything that says when the customer may be written to."""
    return _shown(request, visit, _customer(customer_id))


@creditor_page()
def show_outlook(request: HttpRequest, visit: Visit, customer_id: int) -> HttpResponse:
    """The next moment on each channel: within the sheet, or the whole page."""
    customer = _customer(customer_id)
    if not request.headers.get("HX-Request"):
        return redirect("desk:limits", creditor=visit.creditor.code, customer_id=customer_id)
    outlook = contact_outlook(visit.creditor, customer_id, now=now_for(visit.creditor))
    return render(request, "desk/limits/outlook.html", {"outlook": outlook, "customer": customer})


@creditor_page(Right.NOTE, POST)
def add_circumstance(request: HttpRequest, visit: Visit, customer_id: int) -> HttpResponse:
    """From now on nobody writes to the customer, or only to the lawyer."""
    customer, form = _customer(customer_id), CircumstanceForm(request.POST)

    def act() -> str:
        new = NewCircumstance(**form.cleaned_data)
        record_circumstance(customer_id=customer_id, new=new, **_who(visit))
        warn_about(request, new.note)
        return _("Anotado. Se mira antes de cada mensaje.")

    return _done(request, visit, customer, act, circumstance=form)


@creditor_page(Right.NOTE, POST)
def close_circumstance(
    request: HttpRequest, visit: Visit, customer_id: int, circumstance_id: int
) -> HttpResponse:
    """It no longer holds from today on."""
    customer = _customer(customer_id)
    if not Circumstance.objects.filter(pk=circumstance_id, customer=customer).exists():
        raise Http404
    note = request.POST.get("note", "").replace("\0", "")[:_NOTE_MAX]

    def act() -> str:
        end_circumstance(circumstance_id=circumstance_id, note=note, **_who(visit))
        warn_about(request, note)
        return _("Terminada: desde hoy ya no cuenta.")

    return _done(request, visit, customer, act)


@creditor_page(Right.NOTE, POST)
def add_consent(request: HttpRequest, visit: Visit, customer_id: int) -> HttpResponse:
    """What the customer agrees to or refuses."""
    customer = _customer(customer_id)
    form = ConsentForm(_addresses(customer), request.POST)

    def act() -> str:
        new = NewConsent(**form.cleaned_data)
        record_consent(customer_id=customer_id, new=new, **_who(visit))
        warn_about(request, new.note)
        return _("Anotado. Vale desde el siguiente mensaje.")

    return _done(request, visit, customer, act, consent=form)


@creditor_page(Right.NOTE, POST)
def change_place(request: HttpRequest, visit: Visit, customer_id: int) -> HttpResponse:
    """Where the customer lives, for holidays and pauses."""
    customer = _customer(customer_id)
    form = PlaceForm(customer, _country(visit, customer), request.POST)

    def act() -> str:
        if not form.details:
            return _("No había nada que cambiar.")
        change_customer(code=customer.code, details=form.details, **_who(visit))
        return _("Guardado. Los festivos se miran de nuevo.")

    return _done(request, visit, customer, act, place=form)


def _who(visit: Visit) -> dict[str, Any]:
    return {"creditor": visit.creditor, "actor": visit.actor, "now": now_for(visit.creditor)}


def _done(
    request: HttpRequest,
    visit: Visit,
    customer: Customer,
    act: Callable[[], str],
    **forms_: DeskForm,
) -> HttpResponse:
    """Do it and go back to the page; the same page again (422) where something cannot be so."""
    if all(form.is_valid() for form in forms_.values()) and (acted(request, visit, act) or not forms_):
        return redirect("desk:limits", creditor=visit.creditor.code, customer_id=customer.pk)
    return _shown(request, visit, customer, **forms_)


def _shown(request: HttpRequest, visit: Visit, customer: Customer, **forms_: DeskForm) -> HttpResponse:
    now = now_for(visit.creditor)
    today = business_date(now, visit.creditor.time_zone)
    known = circumstances_of(visit.creditor, customer.pk, today)
    consents = said_consents(visit.creditor, customer.pk)
    names = names_of_actors([each.recorded_by for each in known] + [each.recorded_by for each in consents])
    context = {
        "customer": customer,
        "outlook": contact_outlook(visit.creditor, customer.pk, now=now),
        "circumstances": [(each, names.get(each.recorded_by, each.recorded_by)) for each in known],
        "consents": [(each, names.get(each.recorded_by, each.recorded_by)) for each in consents],
        "circumstance": CircumstanceForm(initial={"from_on": today}),
        "consent": ConsentForm(_addresses(customer)),
        "place": PlaceForm(customer, _country(visit, customer)),
    }
    status = 422 if forms_ else 200
    return render(request, "desk/limits/limits.html", context | forms_, status=status)


def _addresses(customer: Customer) -> list[str]:
    return list(dict.fromkeys(point.value for person in people_at(customer) for point in person.points))


def _country(visit: Visit, customer: Customer) -> str:
    return customer.place[:2].upper() or customer.country or visit.creditor.country


def _customer(customer_id: int) -> Customer:
    found = Customer.objects.filter(pk=customer_id).first()
    if found is None:
        raise Http404
    return found

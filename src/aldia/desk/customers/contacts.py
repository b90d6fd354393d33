"""How a customer is reached, as a form: who receives, what each address is worth, and one address more."""

from collections.abc import Iterator
from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from aldia.desk.access import FORM, Visit, creditor_page
from aldia.desk.acting import acted
from aldia.desk.today.page import now_for
from aldia.operations.contacts import ContactChanges, NewAddress, change_contacts
from aldia.queries.sheet import people_at
from aldia.queries.sheet_page import Person
from aldia.records.parties.models import Channel, ContactRole, Customer, PointQuality
from aldia.rules.rights import Right
from aldia.ui.forms import DeskForm
from aldia.ui.other_language import said

_GONE = "gone"
_NEW_CHANNELS = (Channel.EMAIL, Channel.PHONE)


class ContactsForm(DeskForm):
    """Two fields per contact and address that there is (a blank one changes nothing), and a new address."""

    channel = forms.ChoiceField(
        label=gettext_lazy("Qué se añade"),
        required=False,
        choices=[(each.value, each.label) for each in _NEW_CHANNELS],
    )
    value = forms.CharField(
        label=gettext_lazy("Correo o teléfono"),
        required=False,
        max_length=254,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    whose = forms.ChoiceField(label=gettext_lazy("De quién es"), required=False)
    name = forms.CharField(label=gettext_lazy("Nombre, si es otra persona"), required=False, max_length=200)
    role = forms.ChoiceField(
        label=gettext_lazy("Qué es del cliente"),
        required=False,
        initial=ContactRole.OTHER,
        choices=ContactRole.choices,
    )

    def __init__(self, customer: Customer, people: tuple[Person, ...], data: Any = None) -> None:
        self.people = people
        super().__init__(data)
        for person in people:
            receives = "yes" if person.is_recipient else "no"
            self._add(f"receives-{person.id}", person.name or customer.name, _RECEIVES, receives)
            for point in person.points:
                self._add(f"point-{point.id}", point.value, _WORTH, point.quality)
                self.fields[f"point-{point.id}"].why = point.why  # type: ignore[attr-defined]
        names = [(str(each.id), each.name or customer.name) for each in people if each.is_recipient]
        self.initial["whose"] = names[0][0] if names else ""
        self.fields["whose"].choices = [*names, ("", _("Otra persona, o el propio cliente"))]  # type: ignore[attr-defined]

    def _add(self, name: str, label: str, choices: list[tuple[str, Any]], now: str) -> None:
        shown = [(value, said(words)) for value, words in choices]
        select = forms.Select(attrs={"class": "form-select"})
        self.fields[name] = forms.ChoiceField(
            label=label, required=False, choices=shown, widget=select, initial=now
        )

    def groups(self) -> Iterator[tuple[Person, list[forms.BoundField]]]:
        """Each contact with whether it receives, and what its addresses are worth."""
        for person in self.people:
            points = [self[f"point-{point.id}"] for point in person.points]
            yield person, [self[f"receives-{person.id}"], *points]

    def clean(self) -> dict[str, Any]:
        """Somebody new without an address could not be reached."""
        data: dict[str, Any] = super().clean() or {}
        if data.get("name") and not data.get("value"):
            self.add_error("value", _("Escriba su correo o su teléfono."))
        return data

    @property
    def changes(self) -> ContactChanges:
        """What was said, of a valid form."""
        points = [point.id for person in self.people for point in person.points]
        worth = {point: self.cleaned_data[f"point-{point}"] for point in points}
        receives = {each.id: self.cleaned_data[f"receives-{each.id}"] for each in self.people}
        return ContactChanges(
            qualities={point: quality for point, quality in worth.items() if quality not in ("", _GONE)},
            gone=frozenset(point for point, quality in worth.items() if quality == _GONE),
            recipients={contact: answer == "yes" for contact, answer in receives.items() if answer},
            new=self._new(),
        )

    def _new(self) -> tuple[NewAddress, ...]:
        data = self.cleaned_data
        if not data["value"]:
            return ()
        whose = int(data["whose"]) if data["whose"] and not data["name"] else None
        channel, role = data["channel"] or Channel.EMAIL.value, data["role"] or ContactRole.OTHER.value
        return (NewAddress(channel, data["value"], whose, data["name"], role),)


_WORTH = [*PointQuality.choices, (_GONE, gettext_lazy("Quitarla: ya no es suya"))]
_RECEIVES = [
    ("yes", gettext_lazy("Se le escribe y se le llama")),
    ("no", gettext_lazy("No se le escribe: sus direcciones se borran")),
]


@creditor_page(Right.NOTE, FORM)
def show_contacts(request: HttpRequest, visit: Visit, customer_id: int) -> HttpResponse:
    """The contacts to be changed; the same page again (422) where something cannot be so."""
    customer = Customer.objects.filter(pk=customer_id).first()
    if customer is None:
        raise Http404
    form = ContactsForm(customer, people_at(customer), request.POST if request.method == "POST" else None)

    def act() -> str:
        changed = change_contacts(
            creditor=visit.creditor,
            customer_id=customer_id,
            changes=form.changes,
            actor=visit.actor,
            now=now_for(visit.creditor),
        )
        return _("Contactos cambiados.") if changed else _("No había nada que cambiar.")

    if form.is_valid() and acted(request, visit, act):
        return redirect("desk:customer", creditor=visit.creditor.code, customer_id=customer_id)
    return render(
        request,
        "desk/customers/contacts.html",
        {"form": form, "customer": customer},
        status=422 if form.is_bound else 200,
    )

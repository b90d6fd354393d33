"""What may come of a call: the catalogue, each outcome with what follows from it."""

from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from aldia.desk.access import FORM, POST, Visit, creditor_page
from aldia.desk.acting import once
from aldia.desk.settings.tabs import tabs
from aldia.desk.today.page import now_for
from aldia.operations.outcomes import OutcomeRefused, drop_outcome, set_outcome
from aldia.queries.calls import outcomes_of, times_used
from aldia.rules.outcomes import (
    EFFECTS,
    LABEL_MAX,
    POSITION_MAX,
    Effect,
    Outcome,
    OwnOutcome,
    who_answered,
)
from aldia.rules.rights import Right
from aldia.ui.forms import DeskForm


class OutcomeForm(DeskForm):
    """One outcome. What one of the house does is not asked."""

    label = forms.CharField(label=gettext_lazy("Nombre"), max_length=LABEL_MAX)
    position = forms.IntegerField(
        label=gettext_lazy("Lugar en la lista"),
        min_value=0,
        max_value=POSITION_MAX,
        help_text=gettext_lazy("Los de número más bajo salen antes; los de la casa van de 10 en 10."),
    )
    effect = forms.ChoiceField(
        label=gettext_lazy("Qué sigue"), choices=[(each.value, EFFECTS[each].label) for each in Effect]
    )
    active = forms.BooleanField(
        label=gettext_lazy("Está en el formulario"),
        required=False,
        help_text=gettext_lazy("Lo que ya se anotó con él conserva su nombre."),
    )

    def __init__(self, found: Outcome | None, data: Any = None) -> None:
        shown = found or Outcome("", "", Effect.NONE, position=200)
        names = ("label", "position", "effect", "active")
        super().__init__(data, initial={name: getattr(shown, name) for name in names})
        self.found = found
        if found is not None and not found.is_own:
            del self.fields["effect"]

    def outcome(self) -> OwnOutcome:
        """As it was said, of a valid form."""
        said = self.cleaned_data
        return OwnOutcome(
            code=self.found.code if self.found else "",
            label=said["label"],
            effect=said.get("effect", ""),
            position=said["position"],
            active=said["active"],
        )


@creditor_page()
def show_outcomes(request: HttpRequest, visit: Visit) -> HttpResponse:
    """All of them, those off the form last."""
    found = sorted(outcomes_of(visit.creditor, hidden=True), key=lambda each: not each.active)
    used = times_used(visit.creditor)
    rows = [
        {
            "outcome": each,
            "effect": EFFECTS[each.effect],
            "who": who_answered(each.effect),
            "used": used.get(each.code, 0),
        }
        for each in found
    ]
    context = {"tabs": tabs(visit, "outcomes"), "rows": rows}
    return render(request, "desk/settings/outcomes.html", context)


@creditor_page(Right.SETTINGS, FORM)
def add(request: HttpRequest, visit: Visit) -> HttpResponse:
    """A new one; the same page again (422) where it cannot be so."""
    return _form(request, visit, None)


@creditor_page(Right.SETTINGS, FORM)
def change(request: HttpRequest, visit: Visit, outcome: str) -> HttpResponse:
    """One of them; the same page again (422) where it cannot be so."""
    return _form(request, visit, _found(visit, outcome))


@creditor_page(Right.SETTINGS, POST)
def drop(request: HttpRequest, visit: Visit, outcome: str) -> HttpResponse:
    """POST: one of the house as the house has it; one of ours away, if no call bears it."""
    found = _found(visit, outcome)

    def act() -> None:
        drop_outcome(creditor=visit.creditor, code=outcome, actor=visit.actor, now=now_for(visit.creditor))

    try:
        once(request, visit, act)
    except OutcomeRefused as refused:
        return _page(request, visit, found, OutcomeForm(found), refused.sentence)
    return redirect("desk:outcomes", creditor=visit.creditor.code)


def _found(visit: Visit, code: str) -> Outcome:
    found = next((each for each in outcomes_of(visit.creditor, hidden=True) if each.code == code), None)
    if found is None:
        raise Http404
    return found


def _form(request: HttpRequest, visit: Visit, found: Outcome | None) -> HttpResponse:
    form = OutcomeForm(found, request.POST if request.method == "POST" else None)

    def act() -> None:
        set_outcome(
            creditor=visit.creditor, outcome=form.outcome(), actor=visit.actor, now=now_for(visit.creditor)
        )

    if form.is_valid():
        try:
            once(request, visit, act)
        except OutcomeRefused as refused:
            field = refused.facts["field"]
            form.add_error(field if field in form.fields else None, refused.sentence)
        else:
            return redirect("desk:outcomes", creditor=visit.creditor.code)
    return _page(request, visit, found, form)


def _page(
    request: HttpRequest, visit: Visit, found: Outcome | None, form: OutcomeForm, refused: str = ""
) -> HttpResponse:
    context = {
        "tabs": tabs(visit, "outcomes"),
        "form": form,
        "found": found,
        "refused": refused,
        "title": found.label if found else _("Otro resultado"),
        "effects": [
            {"words": EFFECTS[each], "who": who_answered(each)}
            for each in ([found.effect] if found and not found.is_own else Effect)
        ],
    }
    status = 422 if form.is_bound or refused else 200
    return render(request, "desk/settings/outcome.html", context, status=status)

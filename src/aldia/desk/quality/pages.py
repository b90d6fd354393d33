"""«Calidad»: a few acts of each collector of a week, looked at and marked by somebody else."""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from aldia.desk.access import FORM, Visit, creditor_page
from aldia.desk.acting import acted
from aldia.desk.notes import warn_about
from aldia.desk.today.page import now_for
from aldia.kernel.clock import BadMoment, business_date, read_date
from aldia.kernel.dates import EARLIEST
from aldia.operations.quality import NOTE_LENGTH_MAX, Marks, review_act
from aldia.queries.quality import SeenAct, act_of, averages, marked_of, sample_of, words_of
from aldia.rules.quality import CALL, MESSAGE, week_of
from aldia.rules.rights import Right
from aldia.ui.forms import DeskForm

_WORTH = [
    ("", gettext_lazy("Elija…")),
    (3, gettext_lazy("Bien")),
    (2, gettext_lazy("Mejorable")),
    (1, gettext_lazy("Falta")),
]


def _mark(label: Any, help_text: Any) -> forms.TypedChoiceField:
    return forms.TypedChoiceField(label=label, help_text=help_text, choices=_WORTH, coerce=int)


class ReviewForm(DeskForm):
    """Three marks and what to say of them."""

    facts = _mark(gettext_lazy("Hechos"), gettext_lazy("Importes, fechas y nombres son los que son."))
    respect = _mark(gettext_lazy("Respeto"), gettext_lazy("Firme con la deuda, amable con la persona."))
    next_step = _mark(gettext_lazy("Siguiente paso"), gettext_lazy("Se sabe quién hace qué y cuándo."))
    note = forms.CharField(
        label=gettext_lazy("Lo que convenga decirle"),
        required=False,
        max_length=NOTE_LENGTH_MAX,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


@creditor_page(Right.NOTE)
def show_mine(request: HttpRequest, visit: Visit) -> HttpResponse:
    """What others have marked of one's own acts, to read."""
    today = business_date(now_for(visit.creditor), visit.creditor.time_zone)
    acts = marked_of(visit.creditor, visit.membership.pk, today)
    return render(request, "desk/quality/mine.html", {"acts": acts})


@creditor_page(Right.TEAM)
def show_sample(request: HttpRequest, visit: Visit) -> HttpResponse:
    """GET semana: any day of a week; without it, the last one that is over."""
    today = business_date(now_for(visit.creditor), visit.creditor.time_zone)
    this_week = week_of(today)
    week = _asked_week(request.GET.get("semana", ""), this_week)
    acts = sample_of(visit.creditor, week)
    context = {
        "week": week,
        "until": week + timedelta(days=6),
        "before": week - timedelta(days=7),
        "after": week + timedelta(days=7) if week < this_week else None,
        "runs": week == this_week,
        "acts": acts,
        "left": sum(act.marked is None and act.member_id != visit.membership.pk for act in acts),
        "averages": averages(visit.creditor, today),
    }
    return render(request, "desk/quality/sample.html", context)


def _asked_week(text: str, this_week: date) -> date:
    try:
        asked = week_of(read_date(text)) if text else this_week - timedelta(days=7)
    except BadMoment:
        return this_week - timedelta(days=7)
    return min(max(asked, week_of(EARLIEST)), this_week)


@creditor_page(Right.TEAM, FORM)
def call(request: HttpRequest, visit: Visit, call_id: int) -> HttpResponse:
    """A call: what was noted of it, and the marks."""
    return _act(request, visit, CALL, call_id)


@creditor_page(Right.TEAM, FORM)
def message(request: HttpRequest, visit: Visit, message_id: int) -> HttpResponse:
    """A message: its words, and the marks."""
    return _act(request, visit, MESSAGE, message_id)


def _act(request: HttpRequest, visit: Visit, kind: str, act_id: int) -> HttpResponse:
    seen = act_of(visit.creditor, kind, act_id)
    if seen is None:
        raise Http404
    form = ReviewForm(request.POST if request.method == "POST" else None)

    def act() -> str:
        data = form.cleaned_data
        review_act(
            creditor=visit.creditor,
            kind=kind,
            act_id=act_id,
            marks=Marks(data["facts"], data["respect"], data["next_step"], data["note"]),
            reviewer_id=visit.membership.pk,
            actor=visit.actor,
            now=now_for(visit.creditor),
        )
        warn_about(request, data["note"])
        return _("Revisado.")

    if form.is_valid() and acted(request, visit, act):
        week = week_of(business_date(seen.at, visit.creditor.time_zone))
        response = redirect("desk:quality", creditor=visit.creditor.code)
        response["Location"] += f"?semana={week.isoformat()}"
        return response
    return _shown(request, visit, seen, form)


def _shown(request: HttpRequest, visit: Visit, seen: SeenAct, form: ReviewForm) -> HttpResponse:
    context = {
        "act": seen,
        "words": words_of(visit.creditor, seen),
        "form": form,
        "is_own": seen.member_id == visit.membership.pk,
        "week": week_of(business_date(seen.at, visit.creditor.time_zone)),
    }
    return render(request, "desk/quality/act.html", context, status=422 if form.is_bound else 200)

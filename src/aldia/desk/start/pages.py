"""«Asistente de arranque»: six questions, a proposal in words, and one yes that puts it into effect."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from aldia.desk.access import POST, Visit, creditor_page
from aldia.desk.once import first_time
from aldia.desk.start.asked import Said, said_before, said_in, strategy_in
from aldia.desk.start.edited import edited, fields_of, settings_in, typed_in
from aldia.desk.start.words import GROUNDS, questions_for
from aldia.desk.strategies.ladder import ladder_of
from aldia.jurisdictions.calendars import regions_of
from aldia.jurisdictions.loader import available_countries, load_jurisdiction
from aldia.kernel import clock
from aldia.kernel.errors import AldiaError
from aldia.operations.start import apply_start
from aldia.queries.start import Present, present
from aldia.records.tenancy.models import Creditor
from aldia.rules.portfolio.strategy import Strategy, read_strategy
from aldia.rules.rights import Right
from aldia.rules.shipped import shipped_strategies
from aldia.rules.start import Proposal, first_day_max, propose
from aldia.rules.texts.render import Filled, fill
from aldia.rules.texts.shipped import shipped_text
from aldia.rules.texts.speech import Said as SaidLine
from aldia.rules.texts.speech import Speech
from aldia.rules.texts.tongues import amounts_locale


@creditor_page(Right.SETTINGS)
def ask(request: HttpRequest, visit: Visit) -> HttpResponse:
    """The questions, with the answers of the last time, or with those in the address."""
    now = present(visit.creditor)
    said = (
        said_in(request.GET, visit.creditor) if "country" in request.GET else said_before(now, visit.creditor)
    )
    return _questions(request, visit, said, now, missing=[])


def _questions(
    request: HttpRequest, visit: Visit, said: Said, now: Present, *, missing: list[str]
) -> HttpResponse:
    context = {
        "said": said,
        "questions": questions_for(said.country, said.form),
        "missing": missing,
        "countries": _countries(visit.creditor, now),
        "regions": regions_of(said.country),
        "is_again": bool(now.answers),
    }
    return render(request, "desk/start/questions.html", context)


def _countries(creditor: Creditor, now: Present) -> list[tuple[str, str]]:
    """All with a law on file while nothing is booked; afterwards the creditor's own."""
    codes = available_countries() if now.is_empty else (creditor.country,)
    return [(code, load_jurisdiction(code).name) for code in codes]


@creditor_page(Right.SETTINGS)
def show_proposal(request: HttpRequest, visit: Visit) -> HttpResponse:
    """GET with the answers; `estrategia` for another one than proposed."""
    said, now = said_in(request.GET, visit.creditor), present(visit.creditor)
    if said.missing:
        return _questions(request, visit, said, now, missing=said.missing)
    proposal = propose(said.answers(), name=strategy_in(request.GET))
    return render(request, "desk/start/proposal.html", _proposal_context(visit.creditor, said, proposal, now))


def _proposal_context(creditor: Creditor, said: Said, proposal: Proposal, now: Present) -> dict[str, Any]:
    strategy = read_strategy(proposal.toml(proposal.name))
    hand_made = [name for name in now.hand_made if name in proposal.tunings or name == now.main]
    titles = {name: read_strategy(toml).title for name, toml in shipped_strategies().items()}
    return {
        "said": said,
        "proposal": proposal,
        "titles": titles,
        "segments": [(segment, titles[name]) for segment, name in proposal.segments.items()],
        "strategy": strategy,
        "ladder": ladder_of(strategy, {}),
        "rungs": list(_rungs(strategy)),
        "first_day_max": first_day_max(proposal.name),
        "grounds": [GROUNDS[ground] for ground in proposal.grounds],
        "fields": fields_of(creditor, proposal, is_again=bool(now.answers)),
        "with_strategies": not hand_made,
        "hand_made": hand_made,
        "back": reverse("desk:start", kwargs={"creditor": creditor.code}) + said.query(),
        "mail": _sample(creditor, strategy, said.form),
    }


def _rungs(strategy: Strategy) -> Iterator[tuple[str, str, bool]]:
    """id, title, whether it asks for a yes: notices before steps."""
    for notice in strategy.documents:
        yield notice.id, notice.title, notice.approval
    for step in strategy.steps:
        yield step.id, step.title, step.approval


def _sample(creditor: Creditor, strategy: Strategy, form: str) -> Filled | None:
    """The first reminder, to somebody who does not exist."""
    step = strategy.steps[0]
    text = shipped_text(step.template, "email", form)
    if text is None:
        return None
    today = clock.business_date(clock.now(), creditor.time_zone)
    due = today - timedelta(days=5)
    line = SaidLine(1, "2026-041", _("Factura 2026-041"), due, 5, creditor.currency, 12_100)
    speech = Speech(
        creditor=creditor.name,
        customer=_("Marta Ejemplo"),
        code="C001",
        today=today,
        lines=(line,),
        contact=_("Marta Ejemplo"),
        form=form,
        tone=step.tone,
        tax_id=creditor.tax_id,
        locale=amounts_locale("es", creditor.country),
        country=creditor.country,
    )
    return fill(text, speech)


@creditor_page(Right.SETTINGS, methods=POST)
def apply(request: HttpRequest, visit: Visit) -> HttpResponse:
    """The yes: the answers with what was edited of the proposal, all at once."""
    said = said_in(request.POST, visit.creditor)
    if said.missing:
        return redirect("desk:start", creditor=visit.creditor.code)
    if not first_time(request, visit):
        return redirect("desk:today", creditor=visit.creditor.code)
    name = strategy_in(request.POST)
    proposal = propose(said.answers(), name=name)
    try:
        apply_start(
            creditor=visit.creditor,
            answers=said.answers(),
            proposal=edited(proposal, request.POST),
            settings=settings_in(request.POST, said.form),
            with_strategies=request.POST.get("with_strategies") == "yes",
            actor=visit.actor,
            now=clock.now(),
        )
    except AldiaError as error:
        messages.error(request, error.sentence)
        return _as_typed(request, visit, said, proposal)
    messages.success(request, _("Hecho. Puede cambiarlo cuando quiera, aquí o en Ajustes y Estrategias."))
    after = "imports-new" if present(visit.creditor).is_empty else "today"
    return redirect(f"desk:{after}", creditor=visit.creditor.code)


def _as_typed(request: HttpRequest, visit: Visit, said: Said, proposal: Proposal) -> HttpResponse:
    """The proposal with what was edited of it, to be corrected (422)."""
    visit.creditor.refresh_from_db()  # what was begun has been taken back
    context = _proposal_context(visit.creditor, said, proposal, present(visit.creditor))
    approvals = set(request.POST.getlist("approval"))
    context["rungs"] = [(step, title, step in approvals) for step, title, _asks in context["rungs"]]
    context["fields"] = typed_in(request.POST)
    context["with_strategies"] = request.POST.get("with_strategies") == "yes"
    return render(request, "desk/start/proposal.html", context, status=422)

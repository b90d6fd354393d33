"""«Auditoría»: what was done, by whom, when; and whether the chain still is as it was written."""

from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from aldia.desk.access import Visit, creditor_page
from aldia.desk.account.guards import confirmed
from aldia.desk.audit.words import VERBS, subject_words, verb_words
from aldia.queries.audit import AuditFilter, Noted, audit_page, audit_rows, check_chain
from aldia.queries.people import people_of
from aldia.rules.rights import Right
from aldia.ui.downloads import csv_response

_TEXT_MAX, _DIGITS_MAX = 80, 18


@dataclass(frozen=True, slots=True)
class Row:
    """An entry in words. link: to the customer it is about, or blank. facts: name and value."""

    noted: Noted
    what: str
    about: str
    link: str
    facts: tuple[tuple[str, object], ...]


@creditor_page(Right.AUDIT)
def show_audit(request: HttpRequest, visit: Visit) -> HttpResponse:
    """GET que, quien, sobre, dia narrow; tras: below this number; comprobar=1 reads the whole chain."""
    asked = _asked(request)
    page = audit_page(visit.creditor, asked)
    context = {
        "asked": asked,
        "day": asked.on.isoformat() if asked.on else "",
        "rows": [_row(visit, each) for each in page.rows],
        "next_page": _address(asked, page.next_before) if page.next_before else "",
        "narrowed": any((asked.verb, asked.actor, asked.subject, asked.on)),
        "query": _address(asked, None),
        "verbs": sorted(((verb, verb_words(verb)) for verb in VERBS), key=lambda each: each[1]),
        "people": [(f"user:{each.user.pk}", each.user.name) for each in people_of(visit.creditor.pk)],
        "check": check_chain(visit.creditor) if request.GET.get("comprobar") else None,
        "all_intact": all(each.intact for each in page.rows),
    }
    return render(request, "desk/audit/audit.html", context)


@creditor_page(Right.AUDIT)
@confirmed
def download(request: HttpRequest, visit: Visit) -> HttpResponse:
    """The entries asked for, as CSV."""
    heads = [
        _("Número"),
        _("Cuándo"),
        _("Qué"),
        _("Verbo"),
        _("Quién"),
        _("Actor"),
        _("Sobre"),
        _("Datos"),
        _("Sello"),
    ]
    rows = (_line(each) for each in audit_rows(visit.creditor, _asked(request)))
    return csv_response(f"auditoria-{visit.creditor.code}.csv", heads, rows)


def _line(noted: Noted) -> list[object]:
    entry = noted.entry
    facts = ", ".join(f"{name}: {value}" for name, value in sorted(entry.payload.items()))
    at = localtime(entry.recorded_at).isoformat(timespec="seconds")
    said = [entry.sequence, at, verb_words(entry.verb), entry.verb, noted.who, entry.actor, entry.subject]
    return [*said, facts, entry.digest]


def _asked(request: HttpRequest) -> AuditFilter:
    """What cannot be read counts as not said."""
    after = _text(request, "tras")
    readable = after.isascii() and after.isdecimal() and len(after) <= _DIGITS_MAX
    try:
        on = date.fromisoformat(_text(request, "dia"))
    except ValueError:
        on = None
    return AuditFilter(
        verb=_text(request, "que"),
        actor=_text(request, "quien"),
        subject=_text(request, "sobre"),
        on=on,
        before=int(after) if readable else None,
    )


def _text(request: HttpRequest, name: str) -> str:
    return request.GET.get(name, "").replace("\0", "").strip()[:_TEXT_MAX]


def _address(asked: AuditFilter, before: int | None) -> str:
    said = {
        "que": asked.verb,
        "quien": asked.actor,
        "sobre": asked.subject,
        "dia": asked.on.isoformat() if asked.on else "",
        "tras": before or "",
    }
    return "?" + urlencode({name: value for name, value in said.items() if value})


def _row(visit: Visit, noted: Noted) -> Row:
    entry = noted.entry
    kind, _colon, number = entry.subject.partition(":")
    link = ""
    if kind == "customer" and number.isdecimal():
        names = {"creditor": visit.creditor.code, "customer_id": int(number)}
        link = reverse("desk:customer", kwargs=names)
    facts = tuple(sorted(entry.payload.items()))
    return Row(noted, verb_words(entry.verb), noted.about or subject_words(entry.subject), link, facts)

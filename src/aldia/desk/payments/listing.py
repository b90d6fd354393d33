"""«Cobros»: what is not applied, what is nobody's, all payments, what went back."""

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from aldia.desk.access import Visit, creditor_page
from aldia.queries.credits import CreditsAsked, WhichCredits, credit_page, payment_freshness

_TABS = (
    (WhichCredits.UNAPPLIED, _("Sin aplicar")),
    (WhichCredits.UNIDENTIFIED, _("Sin identificar")),
    (WhichCredits.PAYMENTS, _("Todos los cobros")),
    (WhichCredits.OTHERS, _("Abonos y bajas")),
    (WhichCredits.REVERSED, _("Anulados")),
    (WhichCredits.REFUNDED, _("Devueltos")),
)


@creditor_page()
def show_payments(request: HttpRequest, visit: Visit) -> HttpResponse:
    """GET ver: which list; q: words of the customer; en: place."""
    which = request.GET.get("ver", "")
    asked = CreditsAsked(
        which=WhichCredits(which) if which in set(WhichCredits) else WhichCredits.UNAPPLIED,
        text=request.GET.get("q", "").replace("\0", "").strip()[:100],
        place=request.GET.get("en", "").replace("\0", "")[:400],
    )
    page = credit_page(visit.creditor, asked)
    context = {
        "asked": asked,
        "page": page,
        "tabs": [(each, label, _address(each.value, "", "")) for each, label in _TABS],
        "fresh": payment_freshness(visit.creditor.pk),
        "before": _address(asked.which.value, asked.text, page.before) if page.before else "",
        "after": _address(asked.which.value, asked.text, page.after) if page.after else "",
    }
    return render(request, "desk/payments/list.html", context)


def _address(which: str, text: str, place: str) -> str:
    said = {"ver": which, "q": text, "en": place}
    return "?" + urlencode({name: value for name, value in said.items() if value})

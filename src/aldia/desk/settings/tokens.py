"""Programs that come in through the API: their tokens, given once, revoked at any time."""

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from aldia.desk.access import FORM, POST, Visit, creditor_page
from aldia.desk.account.guards import confirmed, second_factor
from aldia.desk.acting import acted, once
from aldia.desk.settings.tabs import tabs
from aldia.kernel import clock
from aldia.kernel.errors import AldiaError
from aldia.operations.api_tokens import DAYS_MAX, NAME_LENGTH_MAX, create_token, revoke_token
from aldia.queries.api_tokens import tokens_of
from aldia.rules.api_scopes import LABELS, ApiScope
from aldia.rules.rights import Right
from aldia.ui.forms import DeskForm
from aldia.ui.other_language import said

_DAYS = 365


class TokenForm(DeskForm):
    """Which program, what it may do, for how long."""

    name = forms.CharField(
        label=gettext_lazy("Qué programa lo usa"),
        max_length=NAME_LENGTH_MAX,
        help_text=gettext_lazy("Para reconocerlo después: «ERP», «tienda en línea»."),
    )
    scopes = forms.MultipleChoiceField(
        label=gettext_lazy("Qué puede hacer"), widget=forms.CheckboxSelectMultiple
    )
    days = forms.IntegerField(
        label=gettext_lazy("Días que dura"), min_value=1, max_value=DAYS_MAX, initial=_DAYS
    )

    def __init__(self, *args: Any, **names: Any) -> None:
        super().__init__(*args, **names)
        choices = [(each.value, said(LABELS[each])) for each in ApiScope]
        self.fields["scopes"].choices = choices  # type: ignore[attr-defined]


@creditor_page(Right.PEOPLE)
@second_factor
def list_tokens(request: HttpRequest, visit: Visit) -> HttpResponse:
    """All of them, the newest first."""
    now = clock.now()
    rows = [
        (
            token,
            [said(LABELS[ApiScope(each)]) for each in token.scopes if each in LABELS],
            token.expires_at <= now,
        )
        for token in tokens_of(visit.creditor.pk)
    ]
    return render(request, "desk/settings/tokens.html", {"tabs": tabs(visit, "tokens"), "rows": rows})


@creditor_page(Right.PEOPLE, FORM)
@second_factor
@confirmed
def new_token(request: HttpRequest, visit: Visit) -> HttpResponse:
    """The form, and then the token, once."""
    form = TokenForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        who: dict[str, Any] = {"actor": visit.actor, "created_by": visit.user, "now": clock.now()}
        try:
            made = once(
                request, visit, lambda: create_token(creditor=visit.creditor, **who, **form.cleaned_data)
            )
        except AldiaError as refusal:
            form.add_error(None, refusal.sentence)
        else:
            if made is None:
                return redirect("desk:tokens", creditor=visit.creditor.code)
            token, secret = made
            shown = {"tabs": tabs(visit, "tokens"), "token": token, "secret": secret}
            return render(request, "desk/settings/token_given.html", shown)
    context = {"tabs": tabs(visit, "tokens"), "form": form}
    return render(request, "desk/settings/token_new.html", context, status=422 if form.errors else 200)


@creditor_page(Right.PEOPLE, POST)
@second_factor
@confirmed
def revoke(request: HttpRequest, visit: Visit, token_id: int) -> HttpResponse:
    """From now on it opens nothing."""

    def act() -> str:
        revoke_token(creditor=visit.creditor, token_id=token_id, actor=visit.actor, now=clock.now())
        return _("El token ya no abre nada.")

    acted(request, visit, act)
    return redirect("desk:tokens", creditor=visit.creditor.code)

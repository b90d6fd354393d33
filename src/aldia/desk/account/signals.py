"""What people change about their own way in leaves a trace for every creditor they work for."""

from typing import Any

from allauth.account import signals as account
from allauth.mfa import signals as factors
from django.http import HttpRequest

from aldia.desk.account.visits import note_confirmation
from aldia.kernel import clock
from aldia.operations.people import note_account_change
from aldia.records.tenancy.models import User


def listen() -> None:
    """Called once, when Django is ready."""
    account.authentication_step_completed.connect(_shown)
    account.password_changed.connect(_password_changed)
    factors.authenticator_added.connect(_factor_added)
    factors.authenticator_removed.connect(_factor_removed)
    factors.authenticator_reset.connect(_codes_renewed)


def _shown(request: HttpRequest, **_rest: Any) -> None:
    note_confirmation(request)


def _password_changed(user: User, **_rest: Any) -> None:
    _note("user.own_password_changed", user)


def _factor_added(user: User, authenticator: Any, **_rest: Any) -> None:
    _note("user.second_factor_added", user, kind=str(authenticator.type))


def _factor_removed(user: User, authenticator: Any, **_rest: Any) -> None:
    _note("user.second_factor_removed", user, kind=str(authenticator.type))


def _codes_renewed(user: User, **_rest: Any) -> None:
    _note("user.recovery_codes_renewed", user)


def _note(verb: str, user: User, **payload: str) -> None:
    note_account_change(user_id=user.pk, verb=verb, payload=payload, at=clock.now())

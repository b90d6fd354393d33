"""Tokens with which programs come in: given once, shown once, revoked at any time."""

import secrets
from collections.abc import Collection
from datetime import datetime, timedelta

from django.db import transaction

from aldia.kernel.errors import AldiaError
from aldia.operations.audit import record_event
from aldia.queries.api_tokens import token_digest
from aldia.records.tenancy.models import ApiToken, Creditor, User
from aldia.records.tenancy.scope import scope
from aldia.rules.api_scopes import ApiScope

DAYS_MAX = 730
NAME_LENGTH_MAX = 80
_MARK = "aldia_"  # by which scanners of source code know what they have found
_PREFIX_LENGTH = len(_MARK) + 6
_USE_NOTED_EVERY = timedelta(minutes=1)


class TokenRefused(AldiaError):
    """A token like this is not given."""

    code = "token_refused"


class UnknownToken(AldiaError):
    """The creditor has no such token, or it is revoked already. facts: token."""

    code = "unknown_token"


def create_token(
    *,
    creditor: Creditor,
    name: str,
    scopes: Collection[str],
    days: int,
    actor: str,
    now: datetime,
    created_by: User | None = None,
) -> tuple[ApiToken, str]:
    """A token for a program, and its secret, which is told here and never again.

    scopes: words of ApiScope. days: until it ends, 1 to 730. Raises TokenRefused.
    """
    _check(name, scopes, days)
    secret = _MARK + secrets.token_urlsafe(32)
    with transaction.atomic(), scope([creditor.pk]):
        token = ApiToken.objects.create(
            creditor=creditor,
            name=name.strip(),
            prefix=secret[:_PREFIX_LENGTH],
            digest=token_digest(secret),
            scopes=sorted(set(scopes)),
            created_by=created_by,
            expires_at=now + timedelta(days=days),
            recorded_at=now,
        )
        _record("api_token.created", token, actor, now, scopes=token.scopes, days=days)
    return token, secret


def revoke_token(*, creditor: Creditor, token_id: int, actor: str, now: datetime) -> ApiToken:
    """From now on the token opens nothing. Raises UnknownToken."""
    with transaction.atomic(), scope([creditor.pk]):
        mine = ApiToken.objects.filter(creditor=creditor, pk=token_id)
        if not mine.filter(revoked_at__isnull=True).update(revoked_at=now):
            raise UnknownToken(
                f"No hay ningún token {token_id} en vigor: véalos con «aldia token list».", token=token_id
            )
        token = mine.get()
        _record("api_token.revoked", token, actor, now)
    return token


def note_use(token: ApiToken, *, now: datetime) -> None:
    """Keep when the token was last used, to the minute. No audit entry: what it did leaves its own."""
    if token.last_used_at is None or token.last_used_at < now - _USE_NOTED_EVERY:
        ApiToken.objects.filter(pk=token.pk).update(last_used_at=now)


def _check(name: str, scopes: Collection[str], days: int) -> None:
    if not 0 < len(name.strip()) <= NAME_LENGTH_MAX or not name.strip().isprintable():
        raise TokenRefused(
            f"Ponga al token un nombre de {NAME_LENGTH_MAX} letras como mucho: qué programa lo usa."
        )
    known = [each.value for each in ApiScope]
    unknown = sorted(set(scopes) - set(known))
    if unknown or not scopes:
        said = f"El permiso «{unknown[0]}» no existe." if unknown else "Un token sin permisos no abre nada."
        raise TokenRefused(f"{said} Elija entre: {', '.join(known)}.", scopes=known)
    if not 1 <= days <= DAYS_MAX:
        raise TokenRefused(f"Un token dura entre 1 y {DAYS_MAX} días, no {days}.", days=days)


def _record(verb: str, token: ApiToken, actor: str, now: datetime, **payload: object) -> None:
    record_event(
        creditor_id=token.creditor_id,
        verb=verb,
        subject=f"api_token:{token.pk}",
        actor=actor,
        payload=payload,
        at=now,
    )

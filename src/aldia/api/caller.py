"""Who asks: the token behind `Authorization: Bearer …`, and for which creditor."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from ninja.security import HttpBearer

from aldia.api.refusals import ScopeMissing
from aldia.kernel import clock
from aldia.operations.api_tokens import note_use
from aldia.queries.api_tokens import authenticate
from aldia.records.tenancy.models import ApiToken, Creditor
from aldia.rules.api_scopes import ApiScope


@dataclass(frozen=True, slots=True)
class Caller:
    """A program with its token."""

    token: ApiToken

    @property
    def creditor(self) -> Creditor:
        """Whose rows it sees."""
        return self.token.creditor

    @property
    def actor(self) -> str:
        """How the audit chain names it: the token's first letters, as people see them in the list."""
        return f"api:{self.token.prefix}"


class ApiRequest(HttpRequest):
    """A request after its token was read."""

    auth: Caller


class Bearer(HttpBearer):
    """Lets in a token that is known, in force and has the scope; cookies are never looked at."""

    def __init__(self, scope: ApiScope) -> None:
        super().__init__()
        self.scope = scope

    def authenticate(self, request: HttpRequest, token: str) -> Any:
        """The caller, or None for 401. Raises ScopeMissing."""
        now = clock.now()
        found = authenticate(token, now=now)
        if found is None:
            return None
        if self.scope not in found.scopes:
            raise ScopeMissing(self.scope)
        note_use(found, now=now)
        return Caller(found)

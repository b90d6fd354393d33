"""`aldia token`: keys with which programs come in through the API."""

from datetime import datetime
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.markup import escape

from aldia.cli.asking import creditor_of
from aldia.cli.door import ACTOR, Answer, Call, command
from aldia.cli.paper import aligned, day
from aldia.kernel import clock
from aldia.operations.api_tokens import DAYS_MAX, create_token, revoke_token
from aldia.queries.api_tokens import tokens_of
from aldia.records.tenancy.models import ApiToken
from aldia.rules.api_scopes import ApiScope

app = typer.Typer(add_completion=False, help="Crea, enumera y revoca los tokens de los programas.")


@command(app, "create")
def create(
    call: Call,
    *,
    name: Annotated[str, typer.Argument(metavar="NOMBRE", help="Qué programa lo va a usar.")],
    scope: Annotated[
        list[ApiScope], typer.Option("--scope", help="Permiso; repítalo para dar varios.", show_default=False)
    ],
    days: Annotated[int, typer.Option(help=f"Días que dura, {DAYS_MAX} como mucho.")] = 365,
) -> Answer:
    """Crea un token y lo enseña; es la única vez que se ve."""
    creditor = creditor_of(call)
    token, secret = create_token(
        creditor=creditor, name=name, scopes=scope, days=days, actor=ACTOR, now=clock.now()
    )
    data = {"creditor": creditor.code, "secret": secret, **_told(token)}

    def show(console: Console) -> None:
        typer.echo(secret)
        typer.echo(
            f"Guárdelo ahora: no se vuelve a enseñar. Vale hasta el {day(token.expires_at.date())} y se "
            f"revoca con «aldia token revoke {token.pk}».",
            err=True,
        )

    return Answer(data, show)


@command(app, "list")
def list_(call: Call) -> Answer:
    """Enumera los tokens y cuándo se usaron por última vez."""
    creditor = creditor_of(call)
    known, now = tokens_of(creditor.pk), clock.now()

    def show(console: Console) -> None:
        table = aligned(["token", "nombre y comienzo", "permisos", "último uso", "estado"], right=[0])
        for each in known:
            used = day(each.last_used_at.date()) if each.last_used_at else "–"
            permits = "\n".join(each.scopes)
            name = f"[bold]{escape(each.name)}[/bold]\n{each.prefix}…"
            table.add_row(str(each.pk), name, permits, used, _state(each, now))
        console.print(table if known else "Todavía no hay ningún token: créelo con «aldia token create».")

    return Answer({"creditor": creditor.code, "tokens": [_told(each) for each in known]}, show)


@command(app, "revoke")
def revoke(call: Call, token: Annotated[int, typer.Argument(metavar="TOKEN", help="Su número.")]) -> Answer:
    """Revoca un token: desde ahora no abre nada."""
    creditor = creditor_of(call)
    revoked = revoke_token(creditor=creditor, token_id=token, actor=ACTOR, now=clock.now())
    data = {"creditor": creditor.code, **_told(revoked)}
    sentence = f"Revocado el token {revoked.pk}, «{revoked.name}»."
    return Answer(data, lambda console: console.print(escape(sentence)))


def _told(token: ApiToken) -> dict[str, Any]:
    return {
        "token": token.pk,
        "name": token.name,
        "prefix": token.prefix,
        "scopes": token.scopes,
        "expires_at": token.expires_at,
        "revoked_at": token.revoked_at,
        "last_used_at": token.last_used_at,
    }


def _state(token: ApiToken, now: datetime) -> str:
    if token.revoked_at:
        return f"revocado el {day(token.revoked_at.date())}"
    if token.expires_at <= now:
        return "caducado"
    return f"hasta el {day(token.expires_at.date())}"

"""`aldia channel …`: the accounts by which SMS and WhatsApp leave."""

import json
import sys
from pathlib import Path
from typing import Annotated, Any

import typer
from django.db import transaction
from rich.console import Console
from rich.markup import escape

from aldia.cli.asking import creditor_of
from aldia.cli.door import ACTOR, Answer, Call, command
from aldia.cli.paper import aligned, heading
from aldia.kernel import clock
from aldia.operations.channels import (
    SECRETS,
    ChannelRefused,
    remove_channel,
    send_test_message,
    set_channel,
)
from aldia.operations.outbox.short_ways import hook_path
from aldia.queries.channels import SHORT, ShownAccount, channel_accounts
from aldia.records.outreach.models import ChannelProvider, MessageChannel
from aldia.records.tenancy.models import Creditor
from aldia.records.tenancy.scope import scope

app = typer.Typer(
    add_completion=False, no_args_is_help=True, help="Configura, prueba y quita los canales: SMS y WhatsApp."
)

_FILE_BYTES_MAX = 256 * 1024

Channel = Annotated[str, typer.Argument(metavar="CANAL", help="sms o whatsapp.")]


@command(app, "list")
def list_(call: Call) -> Answer:
    """Enumera los canales, su proveedor y cómo están."""
    creditor = creditor_of(call)
    with transaction.atomic(), scope([creditor.pk]):
        accounts = channel_accounts(creditor)
    rows = [_told(creditor, each, accounts.get(each)) for each in SHORT]

    def show(console: Console) -> None:
        heading(console, creditor.name, "canales")
        table = aligned(["Canal", "Proveedor", "Estado", "Avisos del proveedor"])
        for each in rows:
            provider = ChannelProvider(each["provider"]).label if each["provider"] else "–"
            state = each["trouble"] or _STATES[each["state"]]
            table.add_row(
                MessageChannel(each["channel"]).label, provider, escape(state), escape(each["hook"] or "–")
            )
        console.print(table)

    return Answer({"creditor": creditor.code, "channels": rows}, show)


_STATES = {"ready": "listo", "not_set": "sin configurar", "trouble": "con problemas"}


def _told(creditor: Creditor, channel: str, account: ShownAccount | None) -> dict[str, Any]:
    if account is None:
        return {
            "channel": channel,
            "provider": None,
            "state": "not_set",
            "trouble": "",
            "hook": "",
            "settings": {},
        }
    leaves = account.provider != "mailbox"
    return {
        "channel": channel,
        "provider": account.provider,
        "state": "trouble" if account.trouble else "ready",
        "trouble": account.trouble,
        "hook": hook_path(creditor, account.provider) if leaves else "",
        "settings": account.settings,
    }


@command(app, "set")
def set_(
    call: Call,
    channel: Channel,
    *,
    provider: Annotated[str, typer.Option(metavar="PROVEEDOR", help="twilio, meta o mailbox.")],
    account_sid: Annotated[str, typer.Option(help="Twilio: el «Account SID».")] = "",
    sender: Annotated[str, typer.Option(help="Twilio: número, nombre o servicio (MG…).")] = "",
    phone_number_id: Annotated[str, typer.Option(help="Meta: el «Phone number ID».")] = "",
    public_url: Annotated[
        str, typer.Option(help="Cómo se llega a esta casa desde fuera, como https://aldia.ejemplo.es.")
    ] = "",
    base_url: Annotated[str, typer.Option(help="La dirección del proveedor, si es otra.")] = "",
    price: Annotated[str, typer.Option(help="Lo que cuesta cada parte de un SMS, como 0,0725.")] = "",
    currency: Annotated[str, typer.Option(help="Moneda de ese precio; por defecto, la de la empresa.")] = "",
    secrets: Annotated[
        str,
        typer.Option(
            "--secrets",
            metavar="ARCHIVO",
            help="JSON con las claves (auth_token, o access_token y app_secret); «-»: por la entrada.",
        ),
    ] = "",
    templates: Annotated[
        str, typer.Option("--templates", metavar="ARCHIVO", help="JSON con las plantillas aprobadas.")
    ] = "",
) -> Answer:
    """Configura un canal. Las claves van en un archivo o por la entrada, nunca en la línea de órdenes."""
    creditor = creditor_of(call)
    settings: dict[str, Any] = {
        "account_sid": account_sid,
        "sender": sender,
        "phone_number_id": phone_number_id,
        "public_url": public_url,
        "price": price,
        "currency": currency,
    }
    if base_url:
        settings["base_url"] = base_url
    if templates:
        settings["templates"] = _read(templates)
    set_channel(
        creditor=creditor,
        channel=channel,
        provider=provider,
        settings=settings,
        secrets=_read(secrets) if secrets else {},
        actor=ACTOR,
        now=clock.now(),
    )
    with transaction.atomic(), scope([creditor.pk]):
        told = _told(creditor, channel, channel_accounts(creditor)[channel])

    def show(console: Console) -> None:
        console.print(f"{MessageChannel(channel).label}: guardado. Pruébelo: aldia channel test {channel}")
        if told["hook"]:
            console.print(
                f"Avisos del proveedor: {escape(public_url)}{escape(told['hook'])}", highlight=False
            )
        if token := told["settings"].get("verify_token"):
            console.print(f"Token de verificación para Meta: {escape(token)}", highlight=False)

    return Answer({"creditor": creditor.code, **told}, show)


def _read(where: str) -> dict[str, Any]:
    """A JSON object from a file, or from the input for «-». Raises ChannelRefused."""
    try:
        text = sys.stdin.read() if where == "-" else _text_of(Path(where))
        found = json.loads(text)
    except (OSError, UnicodeDecodeError, ValueError, RecursionError):
        found = None
    if not isinstance(found, dict):
        names = ", ".join(name for several in SECRETS.values() for name in several)
        raise ChannelRefused(f"«{where}» no se puede leer como un objeto JSON (las claves son {names}).")
    return found


def _text_of(path: Path) -> str:
    with path.open("rb") as file:
        return file.read(_FILE_BYTES_MAX).decode()


@command(app, "test")
def try_(
    call: Call,
    channel: Channel,
    to: Annotated[str, typer.Option("--to", metavar="NÚMERO", help="El móvil que la va a recibir.")],
    template: Annotated[
        str, typer.Option(help="WhatsApp: el texto cuya plantilla aprobada se prueba, como friendly.")
    ] = "",
) -> Answer:
    """Envía un mensaje de prueba."""
    creditor = creditor_of(call)
    named = send_test_message(
        creditor=creditor, channel=channel, recipient=to, template=template, actor=ACTOR, now=clock.now()
    )
    data = {"creditor": creditor.code, "channel": channel, "provider_id": named}
    return Answer(
        data, lambda console: console.print(f"La prueba ha salido: {escape(named)}", highlight=False)
    )


@command(app, "remove")
def remove(call: Call, channel: Channel) -> Answer:
    """Quita la cuenta de un canal, con sus claves; sus mensajes esperan."""
    creditor = creditor_of(call)
    gone = remove_channel(creditor=creditor, channel=channel, actor=ACTOR, now=clock.now())
    said = "El canal ya no tiene cuenta; sus mensajes esperan." if gone else "Ese canal no tenía cuenta."
    return Answer(
        {"creditor": creditor.code, "channel": channel, "removed": gone}, lambda console: console.print(said)
    )

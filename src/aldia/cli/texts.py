"""`aldia text …`: what messages say."""

from pathlib import Path
from typing import Annotated

import typer
from django.db import transaction
from rich.console import Console
from rich.markup import escape

from aldia.cli.asking import creditor_of
from aldia.cli.door import ACTOR, Answer, Call, Now, command
from aldia.cli.paper import aligned, heading, part
from aldia.kernel import clock
from aldia.operations.texts import reset_text, save_text, set_letterhead
from aldia.queries.customers import customer_by_code
from aldia.queries.outbox import sending_moment
from aldia.queries.people import name_of_actor
from aldia.queries.text_examples import EXAMPLES
from aldia.queries.text_preview import Preview, preview
from aldia.queries.texts import (
    TextUse,
    own_texts,
    text_for,
    texts_in_force,
    version_of,
    versions_of,
)
from aldia.records.tenancy.models import Creditor
from aldia.records.tenancy.scope import scope
from aldia.rules.texts.errors import NoText
from aldia.rules.texts.placeholders import PLACEHOLDERS
from aldia.rules.texts.reading import read_text, written_text
from aldia.rules.texts.uses import CHANNELS, FORMS, LANGUAGES, title_of

app = typer.Typer(
    add_completion=False, no_args_is_help=True, help="Muestra y cambia los textos de los mensajes."
)

Template = Annotated[str, typer.Argument(metavar="TEXTO", help="Cuál; los hay en «aldia text list».")]
Channel = Annotated[
    str, typer.Option("--channel", metavar="CANAL", help="email, letter, whatsapp, sms o call (guion).")
]
Form = Annotated[str, typer.Option("--form", metavar="TRATO", help="usted, tu o vos.")]
Language = Annotated[str, typer.Option("--language", metavar="IDIOMA", help="es, en, ca, gl o eu.")]


@command(app, "list")
def list_(call: Call) -> Answer:
    """Enumera los textos: de la casa o propios."""
    creditor = creditor_of(call)
    with transaction.atomic(), scope([creditor.pk]):
        known = texts_in_force(creditor)
    rows = [
        {
            "template": each.use.template,
            "title": title_of(each.use.template),
            "channel": each.use.channel,
            "form": each.use.form,
            "language": each.use.language,
            "own": each.is_own,
        }
        for each in known
    ]

    def show_them(console: Console) -> None:
        table = aligned(["texto", "para qué", "canal", "trato", "idioma", "de quién"])
        for each in known:
            use = each.use
            table.add_row(
                escape(use.template),
                escape(title_of(use.template)),
                CHANNELS[use.channel],
                FORMS[use.form],
                LANGUAGES[use.language],
                "propio" if each.is_own else "de la casa",
            )
        console.print(table)

    return Answer({"creditor": creditor.code, "texts": rows}, show_them)


@command(app, "show")
def show(
    call: Call,
    template: Template,
    *,
    channel: Channel = "email",
    form: Form = "usted",
    language: Language = "es",
    version: Annotated[
        int, typer.Option("--version", metavar="N", help="Una versión suya anterior; las hay en «history».")
    ] = 0,
) -> Answer:
    """Muestra un texto tal como está escrito; sirve de punto de partida para «aldia text set»."""
    creditor = creditor_of(call)
    use = TextUse(template, channel, form, language)
    with transaction.atomic(), scope([creditor.pk]):
        found = text_for(own_texts(creditor), use)
        earlier = version_of(creditor, use, version) if version else None
    if found is None:
        raise NoText(f"No hay ningún texto «{template}» para {channel}: véalos con «aldia text list».")
    if version and earlier is None:
        raise NoText(f"No hay ninguna versión {version}: véalas con «aldia text history».")
    text = earlier.text if earlier and earlier.text else found.text
    data = {
        "template": template,
        "channel": channel,
        "form": form,
        "language": found.language,
        "own": found.is_own,
        "subject": text.subject,
        "body": text.body,
    }
    return Answer(data, lambda console: typer.echo(written_text(text)))


@command(app, "history")
def history(
    call: Call,
    template: Template,
    *,
    channel: Channel = "email",
    form: Form = "usted",
    language: Language = "es",
) -> Answer:
    """Las versiones de un texto propio, la última primero; «show --version» enseña lo que decía cada una."""
    creditor = creditor_of(call)
    use = TextUse(template, channel, form, language)
    with transaction.atomic(), scope([creditor.pk]):
        versions = [(each, name_of_actor(each.by)) for each in versions_of(creditor, use)]
    rows = [
        {"version": each.number, "own": each.text is not None, "by": by, "at": each.at.isoformat()}
        for each, by in versions
    ]

    def show_them(console: Console) -> None:
        if not versions:
            console.print("Nunca se ha cambiado: es el de la casa.")
            return
        table = aligned(["versión", "guardada", "por", "de quién"])
        for each, by in versions:
            whose = "propio" if each.text else "de la casa"
            table.add_row(str(each.number), f"{each.at:%d/%m/%Y %H:%M}", escape(by), whose)
        console.print(table)

    return Answer({"creditor": creditor.code, "template": template, "versions": rows}, show_them)


@command(app, "placeholders", database=False)
def placeholders(call: Call) -> Answer:
    """Los datos que puede nombrar un texto."""

    def show_them(console: Console) -> None:
        table = aligned(["dato", "qué pone", "por ejemplo"])
        for each in PLACEHOLDERS.values():
            table.add_row(f"{{{each.name}}}", escape(each.meaning), escape(each.example))
        console.print(table)

    rows = [
        {
            "name": each.name,
            "meaning": each.meaning,
            "example": each.example,
            "steps_only": each.use is each.use.STEPS,
            "use": each.use.value,
            "block": each.block,
        }
        for each in PLACEHOLDERS.values()
    ]
    return Answer({"placeholders": rows}, show_them)


@command(app, "preview")
def preview_(
    call: Call,
    customer: Annotated[str, typer.Argument(metavar="CLIENTE", help="El código de un cliente.")],
    template: Annotated[str, typer.Option("--template", metavar="TEXTO", help="Cuál.")] = "friendly",
    channel: Channel = "email",
    now: Now = None,
) -> Answer:
    """Muestra un texto con los datos de hoy de un cliente; no envía nada."""
    creditor = creditor_of(call)
    moment = now or sending_moment(creditor, clock.now())
    with transaction.atomic(), scope([creditor.pk]):
        found = preview(
            creditor,
            customer_id=customer_by_code(customer).pk,
            template=template,
            channel=channel,
            now=moment,
        )
    data = {
        "customer": customer,
        "template": template,
        "channel": channel,
        "form": found.use.form,
        "recipient": found.recipient,
        "subject": found.filled.subject,
        "text": found.filled.text,
        "html": found.filled.html,
        "sample": found.is_sample,
        "invented": [each.value for each in found.invented],
        "language": found.language,
    }
    return Answer(data, lambda console: _show_preview(console, found))


def _show_preview(console: Console, found: Preview) -> None:
    heading(
        console,
        found.filled.subject or title_of(found.use.template),
        f"para {found.recipient or '(sin dirección)'} · {CHANNELS[found.use.channel]}",
    )
    if found.is_sample:
        console.print("No tiene nada pendiente: el importe es inventado.", style="dim")
    others = [EXAMPLES[each] for each in found.invented if each is not each.DEBT]
    if others:
        console.print(f"De ejemplo: {', '.join(others)}.", style="dim")
    console.print()
    console.print(escape(found.filled.text), soft_wrap=True, highlight=False)
    if found.sms:
        part(console, f"Ocupa {found.sms.parts} SMS ({found.sms.units} caracteres).")


@command(app, "set")
def set_(
    call: Call,
    template: Template,
    file: Annotated[
        Path,
        typer.Argument(metavar="ARCHIVO", exists=True, dir_okay=False, help="El texto, como lo da «show»."),
    ],
    *,
    channel: Channel = "email",
    form: Form = "usted",
    language: Language = "es",
    accept: Annotated[
        str, typer.Option("--accept", metavar="MOTIVO", help="Por qué se dejan palabras que se han señalado.")
    ] = "",
) -> Answer:
    """Usa el texto del archivo en lugar del de la casa. La primera línea «Asunto: …» es el asunto."""
    creditor = creditor_of(call)
    text = read_text(file.read_bytes())
    use = TextUse(template, channel, form, language)
    save_text(creditor=creditor, use=use, text=text, actor=ACTOR, now=clock.now(), accepted=accept)
    return _done(
        creditor, template, f"Guardado: «{title_of(template)}», {CHANNELS[channel]}, de {FORMS[form]}."
    )


@command(app, "reset")
def reset(
    call: Call,
    template: Template,
    *,
    channel: Channel = "email",
    form: Form = "usted",
    language: Language = "es",
) -> Answer:
    """Vuelve al texto de la casa; el suyo queda en las versiones."""
    creditor = creditor_of(call)
    use = TextUse(template, channel, form, language)
    gone = reset_text(creditor=creditor, use=use, actor=ACTOR, now=clock.now())
    sentence = "Vuelve el texto de la casa." if gone else "No había texto propio: sigue el de la casa."
    return _done(creditor, template, sentence)


@command(app, "sender")
def sender(
    call: Call,
    how_to_pay: Annotated[
        str | None,
        typer.Option("--how-to-pay", help="Cómo pagar, tal como lo leerá el cliente; «» lo quita."),
    ] = None,
    phone: Annotated[str | None, typer.Option("--phone", help="Teléfono al que llamar; «» lo quita.")] = None,
) -> Answer:
    """Muestra o cambia lo que los textos dicen de su empresa: cómo pagar y el teléfono."""
    creditor = creditor_of(call)
    said = {"payment_instructions": how_to_pay, "phone": phone}
    values = {name: value for name, value in said.items() if value is not None}
    if values:
        creditor = set_letterhead(creditor=creditor, actor=ACTOR, now=clock.now(), **values)
    data = {name: str(creditor.profile.get(name, "")) for name in said}

    def show_it(console: Console) -> None:
        table = aligned(["", ""])
        table.show_header = False
        table.add_row("cómo pagar", escape(data["payment_instructions"]) or "–")
        table.add_row("teléfono", escape(data["phone"]) or "–")
        console.print(table)

    return Answer({"creditor": creditor.code, **data}, show_it)


def _done(creditor: Creditor, template: str, sentence: str) -> Answer:
    data = {"creditor": creditor.code, "template": template, "sentence": sentence}
    return Answer(data, lambda console: console.print(escape(sentence)))

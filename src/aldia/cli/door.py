"""What every command shares: `--json`, `--creditor`, one answer, and refusals as sentences.

A command returns an `Answer`; this room prints it, for people or as one JSON object, and sets the exit code:
0 done, 1 refused with reasons, 2 wrong usage.
"""

import inspect
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import wraps
from typing import Annotated, Any

import typer
from rich.console import Console

from aldia.cli.house import open_database
from aldia.kernel.clock import BadMoment, read_date, read_moment
from aldia.kernel.errors import AldiaError

ACTOR = "cli"
_USAGE_CODES = frozenset({"creditor_unclear"})


@dataclass(frozen=True, slots=True)
class Answer:
    """data: the JSON object. show: prints the same for people. failed: exit 1 though nothing was raised."""

    data: Mapping[str, Any]
    show: Callable[[Console], None]
    failed: bool = False


@dataclass(frozen=True, slots=True)
class Call:
    """What was said beside the command's own options."""

    creditor_code: str | None
    as_json: bool


def _day(text: str) -> date:
    try:
        return read_date(text)
    except BadMoment as error:
        raise typer.BadParameter(error.sentence) from None


def _moment(text: str) -> datetime:
    try:
        return read_moment(text)
    except BadMoment as error:
        raise typer.BadParameter(error.sentence) from None


On = Annotated[
    date | None,
    typer.Option(
        "--on", parser=_day, metavar="AAAA-MM-DD", help="Fecha; por defecto, la de hoy del acreedor."
    ),
]
Now = Annotated[
    datetime | None,
    typer.Option("--now", parser=_moment, metavar="ISO", help="Ensayar como si fuera este momento."),
]

_SHARED = {
    "ctx": typer.Context,
    "creditor": Annotated[
        str | None,
        typer.Option(
            "--creditor", envvar="ALDIA_CREDITOR", metavar="CÓDIGO", help="De qué acreedor se trata."
        ),
    ],
    "as_json": Annotated[bool, typer.Option("--json", help="Un objeto JSON en lugar de texto.")],
}
_DEFAULTS: dict[str, Any] = {"ctx": inspect.Parameter.empty, "creditor": None, "as_json": False}
_NAMED = inspect.Parameter.KEYWORD_ONLY


def command(
    app: typer.Typer, name: str, *, database: bool = True, migrates: bool = False
) -> Callable[[Callable[..., Answer | None]], Callable[..., None]]:
    """Register `function(call, …)` as a command; the shared options are added and handed over as `call`.

    database: open it first. migrates: also bring a database of your own up to date.
    """

    def register(function: Callable[..., Answer | None]) -> Callable[..., None]:
        @wraps(function)
        def run(*, ctx: typer.Context, creditor: str | None, as_json: bool, **options: Any) -> None:
            call = Call(creditor or ctx.find_root().obj, as_json)
            try:
                if database:
                    open_database(migrate=migrates)
                answer = function(call, **options)
            except AldiaError as error:
                refuse(error, as_json=as_json)
            else:
                _give(answer, as_json=as_json)

        _take_over_parameters(run, function)
        app.command(name)(run)
        return run

    return register


def _take_over_parameters(run: Callable[..., None], function: Callable[..., Any]) -> None:
    """Typer reads a command's options from its signature: the function's, without `call`, with the shared."""
    own = list(inspect.signature(function, eval_str=True).parameters.values())[1:]
    shared = [
        inspect.Parameter(each, _NAMED, default=_DEFAULTS[each], annotation=annotation)
        for each, annotation in _SHARED.items()
    ]
    parameters = [*(each.replace(kind=_NAMED) for each in own), *shared]
    run.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
    run.__annotations__ = {each.name: each.annotation for each in parameters}


def refuse(error: AldiaError, *, as_json: bool) -> None:
    """Say why not, and leave: exit 1, or 2 where the command was not complete."""
    if as_json:
        typer.echo(written_json(error.as_dict()))
    else:
        typer.echo(error.sentence, err=True)
    raise typer.Exit(2 if error.code in _USAGE_CODES else 1)


def _give(answer: Answer | None, *, as_json: bool) -> None:
    if answer is None:
        return
    if as_json:
        typer.echo(written_json(answer.data))
    else:
        answer.show(Console())
    if answer.failed:
        raise typer.Exit(1)


def written_json(data: Mapping[str, Any]) -> str:
    """One line of JSON; days and instants as ISO 8601, decimals as text."""
    return json.dumps(data, ensure_ascii=False, default=_plain)


def _plain(value: object) -> str:
    if isinstance(value, date | datetime):
        return value.isoformat()
    if isinstance(value, Decimal):
        return format(value, "f")
    return str(value)

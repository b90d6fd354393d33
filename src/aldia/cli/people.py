"""`aldia user`: who may log in to the page, and a new key for who has lost theirs."""

from typing import Annotated, Any

import typer
from rich.console import Console
from rich.markup import escape

from aldia.cli.asking import creditor_of
from aldia.cli.door import ACTOR, Answer, Call, command
from aldia.kernel import clock
from aldia.operations.memberships import UnknownPerson, give_password, remove_second_factors
from aldia.operations.people import UserRefused, create_user, generated_password
from aldia.queries.people import membership_of
from aldia.records.tenancy.models import Creditor, Role

app = typer.Typer(add_completion=False)


@command(app, "user", migrates=True)
def user(
    call: Call,
    email: Annotated[str, typer.Argument(metavar="CORREO", help="Con el que entra.")],
    *,
    name: Annotated[str, typer.Option("--name", help="Cómo se llama quien entra por primera vez.")] = "",
    role: Annotated[
        str, typer.Option("--role", help=f"Papel: {', '.join(Role.values)}.")
    ] = Role.ADMINISTRATOR.value,
    new_password: Annotated[
        bool, typer.Option("--new-password", help="Contraseña nueva para quien ya tiene acceso.")
    ] = False,
    remove_factors: Annotated[
        bool, typer.Option("--remove-factors", help="Quita el segundo factor de quien lo ha perdido.")
    ] = False,
) -> Answer:
    """Da entrada a una persona en la página, o le abre la puerta de nuevo si ha perdido su llave."""
    creditor = creditor_of(call)
    if new_password or remove_factors:
        return _reopened(creditor, email, new_password=new_password, remove_factors=remove_factors)
    if not name.strip():
        raise UserRefused("Diga cómo se llama con «--name»; o, si ya tiene acceso, use «--new-password».")
    return _entered(creditor, email, name, role)


def _entered(creditor: Creditor, email: str, name: str, role: str) -> Answer:
    password = generated_password()
    entered = create_user(
        email=email,
        name=name,
        password=password,
        creditor_id=creditor.pk,
        role=role,
        actor=ACTOR,
        now=clock.now(),
    )
    data = {"creditor": creditor.code, "email": entered.email, "password": password, "role": role}

    def show(console: Console) -> None:
        console.print(f"{escape(entered.name)} ya puede entrar en «{escape(creditor.name)}».")
        console.print(f"Correo: {escape(entered.email)}", highlight=False)
        _show_password(console, password)

    return Answer(data, show)


def _reopened(creditor: Creditor, email: str, *, new_password: bool, remove_factors: bool) -> Answer:
    """Whoever runs the server may do it for anybody."""
    membership = membership_of(creditor.pk, email)
    if membership is None:
        raise UnknownPerson(f"Nadie entra en «{creditor.name}» con el correo «{email}».", email=email)
    who: dict[str, Any] = {
        "creditor": creditor,
        "membership_id": membership.pk,
        "by_user_id": None,
        "actor": ACTOR,
    }
    password = give_password(**who, now=clock.now()) if new_password else None
    removed = remove_second_factors(**who, now=clock.now()) if remove_factors else None
    data = {
        "creditor": creditor.code,
        "email": membership.user.email,
        "password": password,
        "factors_removed": removed,
    }

    def show(console: Console) -> None:
        if password is not None:
            _show_password(console, password)
        if removed is not None:
            console.print(f"Segundos factores quitados: {removed}.", highlight=False)

    return Answer(data, show)


def _show_password(console: Console, password: str) -> None:
    console.print(f"Contraseña: [bold]{password}[/bold] (no se vuelve a mostrar)", highlight=False)

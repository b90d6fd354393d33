"""Who may come in for a creditor, with which role, and how well their door is shut."""

from collections.abc import Iterable
from dataclasses import dataclass

from allauth.mfa.models import Authenticator
from django.db.models import Count, Q

from aldia.records.tenancy.models import Membership, Role, User


@dataclass(frozen=True, slots=True)
class Person:
    """A member of a creditor. factors: second factors, recovery codes not counted."""

    membership: Membership
    factors: int

    @property
    def user(self) -> User:
        """Who it is."""
        return self.membership.user

    @property
    def role_label(self) -> str:
        """«Tesorería»."""
        return str(Role(self.membership.role).label)

    @property
    def has_ended(self) -> bool:
        """Whether the access has been taken away."""
        return self.membership.ended_at is not None


_REAL = ~Q(user__authenticator__type=Authenticator.Type.RECOVERY_CODES)


def people_of(creditor_id: int) -> list[Person]:
    """Everybody with or formerly with access, those with access first, by name."""
    rows = _members(creditor_id).order_by("ended_at", "user__name", "pk")
    people = [Person(each, each.factors) for each in rows]
    return sorted(people, key=lambda person: person.has_ended)


def person_of(creditor_id: int, membership_id: int) -> Person | None:
    """One of them; None for a stranger."""
    row = _members(creditor_id).filter(pk=membership_id).first()
    return Person(row, row.factors) if row else None


def _members(creditor_id: int):  # type: ignore[no-untyped-def]
    factors = Count("user__authenticator", filter=_REAL)
    return Membership.objects.filter(creditor_id=creditor_id).select_related("user").annotate(factors=factors)


def has_second_factor(user_id: int) -> bool:
    """A code application, a passkey or a security key."""
    mine = Authenticator.objects.filter(user_id=user_id)
    return bool(mine.exclude(type=Authenticator.Type.RECOVERY_CODES).exists())


def names_of(user_ids: set[int]) -> dict[int, str]:
    """How these people are called."""
    return dict(User.objects.filter(pk__in=user_ids).values_list("pk", "name"))


def membership_of(creditor_id: int, email: str) -> Membership | None:
    """The membership behind an e-mail, whatever its case."""
    mine = Membership.objects.filter(creditor_id=creditor_id, user__email=email.strip().lower())
    return mine.select_related("user").first()


def names_of_actors(actors: Iterable[str]) -> dict[str, str]:
    """Actor → how a reader knows them; one SELECT."""
    known = set(actors) - {""}
    numbers = {each: int(each[5:]) for each in known if each.startswith("user:") and each[5:].isdecimal()}
    names = names_of(set(numbers.values())) if numbers else {}
    return {each: names.get(numbers[each], each) if each in numbers else program_name(each) for each in known}


_PROGRAMS = {
    "cli": "la línea de comandos",
    "jobs": "el programador de tareas",
    "demo": "la demostración",
    "bench": "la medida de velocidad",
}


def program_name(actor: str) -> str:
    """What is not a person, by what it is: `cli` → «la línea de comandos», `run:17` → «el proceso diario»."""
    if actor.startswith("run:"):
        return "el proceso diario"
    return "un programa, por la API" if actor.startswith("api") else _PROGRAMS.get(actor, actor)


def name_of_actor(actor: str) -> str:
    """`user:17` → «Inés Luz»; a program by what it is."""
    kind, _colon, number = actor.partition(":")
    if kind == "user" and number.isdecimal():
        return names_of({int(number)}).get(int(number), actor)
    return program_name(actor)

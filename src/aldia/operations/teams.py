"""Teams and collectors: who works cases, how many in a day, under whom."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import IntegrityError, connection, transaction

from aldia.kernel.errors import AldiaError
from aldia.operations.audit import record_event
from aldia.operations.cases.workers import able_owner
from aldia.records.cases.models import Collector, Team
from aldia.records.tenancy.models import Creditor, Membership
from aldia.records.tenancy.scope import scope
from aldia.rules.rights import Right, may

NAME_MAX = 80
CASES_PER_DAY_MAX = 1000

_LEAVE_TEAM = """
WITH moved AS (
    UPDATE cases_case SET team_id = NULL, version = version + 1
    WHERE creditor_id = %(creditor)s AND team_id = %(team)s AND state <> 'closed'
    RETURNING id, customer_id, version, owner_id
)
INSERT INTO cases_case_event (creditor_id, case_id, customer_id, kind, at, actor, payload)
SELECT %(creditor)s, id, customer_id, 'assigned', %(now)s, %(actor)s,
       jsonb_build_object('version', version, 'from', owner_id, 'to', owner_id, 'team', NULL)
FROM moved ORDER BY id
"""


class TeamRefused(AldiaError):
    """A team or collector that cannot be so. facts: field."""

    code = "team_refused"


class NoSuchTeam(AldiaError):
    """The creditor has no such team, or it has ended. facts: team."""

    code = "no_such_team"


class NoSuchCollector(AldiaError):
    """The member works no cases. facts: member."""

    code = "no_such_collector"


@dataclass(frozen=True, slots=True)
class CollectorTerms:
    """How a member works cases. cases_per_day: at least 1. team_id: None for none."""

    cases_per_day: int = 40
    takes_new: bool = True
    team_id: int | None = None


def create_team(*, creditor: Creditor, name: str, lead_id: int | None, actor: str, now: datetime) -> Team:
    """A team under a lead; None for nobody. Raises TeamRefused."""
    with transaction.atomic(), scope([creditor.pk]):
        team = Team(creditor=creditor, name=_checked_name(name), lead_id=_lead(creditor, lead_id))
        _save(team)
        _record(creditor, ("team.created", f"team:{team.pk}"), actor, now, lead=lead_id)
    return team


def change_team(
    *, creditor: Creditor, team_id: int, name: str, lead_id: int | None, actor: str, now: datetime
) -> Team:
    """Another name or lead. Raises NoSuchTeam, TeamRefused."""
    with transaction.atomic(), scope([creditor.pk]):
        team = _team(creditor, team_id)
        team.name = _checked_name(name)
        team.lead_id = lead_id if lead_id == team.lead_id else _lead(creditor, lead_id)
        _save(team)
        _record(creditor, ("team.changed", f"team:{team.pk}"), actor, now, lead=lead_id)
    return team


def end_team(*, creditor: Creditor, team_id: int, actor: str, now: datetime) -> Team:
    """There is no such team any more; its open cases stay with their owners, its name stays taken.

    Raises NoSuchTeam, TeamRefused while somebody works in it.
    """
    with transaction.atomic(), scope([creditor.pk]):
        team = _team(creditor, team_id)
        left = Collector.objects.filter(creditor=creditor, team=team).count()
        if left:
            raise TeamRefused(
                f"En «{team.name}» queda un gestor: páselo antes a otro equipo."
                if left == 1
                else f"En «{team.name}» quedan {left} gestores: páselos antes a otro equipo.",
                field="team",
                count=left,
            )
        team.ended_at = now
        team.save(update_fields=["ended_at"])
        with connection.cursor() as cursor:
            cursor.execute(
                _LEAVE_TEAM, {"creditor": creditor.pk, "team": team.pk, "now": now, "actor": actor}
            )
            moved = int(cursor.rowcount)
        _record(creditor, ("team.ended", f"team:{team.pk}"), actor, now, cases=moved)
    return team


def set_collector(
    *, creditor: Creditor, member_id: int, terms: CollectorTerms, actor: str, now: datetime
) -> Collector:
    """The member works cases on these terms from now on. Cases they have stay as they are.

    Raises CaseRefused for who may not work cases, TeamRefused, NoSuchTeam.
    """
    if not 1 <= terms.cases_per_day <= CASES_PER_DAY_MAX:
        raise TeamRefused(
            f"Los expedientes al día van de 1 a {CASES_PER_DAY_MAX}.",
            field="cases_per_day",
            cases_per_day=terms.cases_per_day,
        )
    with transaction.atomic(), scope([creditor.pk]):
        able_owner(creditor, member_id)
        if terms.team_id is not None:
            _team(creditor, terms.team_id)
        collector, _new = Collector.objects.update_or_create(
            creditor=creditor,
            member_id=member_id,
            defaults={
                "team_id": terms.team_id,
                "cases_per_day": terms.cases_per_day,
                "takes_new": terms.takes_new,
            },
        )
        payload: dict[str, Any] = {
            "team": terms.team_id,
            "cases_per_day": terms.cases_per_day,
            "takes_new": terms.takes_new,
        }
        _record(creditor, ("collector.set", _user(creditor, member_id)), actor, now, **payload)
    return collector


def remove_collector(*, creditor: Creditor, member_id: int, actor: str, now: datetime) -> None:
    """New cases come to the member no more, and no capacity counts; those they have stay theirs.

    Raises NoSuchCollector.
    """
    with transaction.atomic(), scope([creditor.pk]):
        gone, _rows = Collector.objects.filter(creditor=creditor, member_id=member_id).delete()
        if not gone:
            raise NoSuchCollector("Esa persona no figura como gestor.", member=member_id)
        _record(creditor, ("collector.removed", _user(creditor, member_id)), actor, now)


def name_large_accounts(
    *, creditor: Creditor, least_minor: int | None, member_id: int | None, actor: str, now: datetime
) -> Creditor:
    """From how much overdue, in the creditor's currency, an account is large, None for never; and who works
    those that are nobody's. Raises TeamRefused, CaseRefused."""
    if least_minor is not None and least_minor <= 0:
        raise TeamRefused(
            "El importe desde el que una cuenta es grande tiene que ser mayor que cero.", field="least_minor"
        )
    if least_minor is None and member_id is not None:
        raise TeamRefused("Diga desde qué importe es grande una cuenta.", field="least_minor")
    with transaction.atomic(), scope([creditor.pk]):
        if member_id is not None:
            able_owner(creditor, member_id)
        Creditor.objects.filter(pk=creditor.pk).update(
            large_account_minor=least_minor, large_account_owner_id=member_id
        )
        creditor.refresh_from_db()
        payload: dict[str, Any] = {"large_account_minor": least_minor, "large_account_owner": member_id}
        _record(creditor, ("creditor.settings_changed", f"creditor:{creditor.pk}"), actor, now, **payload)
    return creditor


def _checked_name(name: str) -> str:
    plain = " ".join(name.split())
    if not plain or len(plain) > NAME_MAX or not plain.isprintable():
        raise TeamRefused(f"Un equipo necesita un nombre de hasta {NAME_MAX} caracteres.", field="name")
    return plain


def _lead(creditor: Creditor, lead_id: int | None) -> int | None:
    if lead_id is None:
        return None
    lead = Membership.objects.filter(creditor=creditor, pk=lead_id, ended_at=None).first()
    if lead is None:
        raise TeamRefused("Quien dirige el equipo tiene que tener acceso.", field="lead_id", member=lead_id)
    if not may(lead.role, Right.TEAM):
        raise TeamRefused(
            "Quien dirige un equipo ve el trabajo de los demás: dele antes el papel de responsable.",
            field="lead_id",
            member=lead_id,
        )
    return lead.pk


def _team(creditor: Creditor, team_id: int) -> Team:
    teams = Team.objects.select_for_update(no_key=True)
    team = teams.filter(creditor=creditor, pk=team_id, ended_at=None).first()
    if team is None:
        raise NoSuchTeam("Ese equipo ya no existe: vuelva a la lista.", team=team_id)
    return team


def _save(team: Team) -> None:
    try:
        with transaction.atomic():
            team.save()
    except IntegrityError:
        raise TeamRefused(
            f"Ya hay o hubo un equipo llamado «{team.name}»: elija otro nombre.", field="name"
        ) from None


def _user(creditor: Creditor, member_id: int) -> str:
    user = Membership.objects.filter(creditor=creditor, pk=member_id).values_list("user_id", flat=True)
    return f"user:{user.first()}"


def _record(creditor: Creditor, told: tuple[str, str], actor: str, now: datetime, **payload: Any) -> None:
    """told: verb and subject."""
    verb, subject = told
    record_event(creditor_id=creditor.pk, verb=verb, subject=subject, actor=actor, payload=payload, at=now)

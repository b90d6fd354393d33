"""What a person decides about units before they leave: yes, not at all, not yet, in other words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from aldia.kernel.errors import AldiaError
from aldia.operations.audit import record_event
from aldia.operations.contact_log import log_units
from aldia.operations.respect import refuse_unaccepted
from aldia.queries.outbox import Unit, units_not_left
from aldia.queries.respect import findings_of_message
from aldia.records.outreach.models import NOT_LEFT, Dispatch, Draft, Message
from aldia.records.tenancy.models import Creditor, Membership
from aldia.records.tenancy.scope import scope
from aldia.rules.rights import Right, may
from aldia.rules.texts.render import Text, faults_in
from aldia.rules.texts.uses import provided_to

BODY_LENGTH_MAX = 20_000
TO_THINK_AGAIN = timedelta(minutes=10)
"""So long somebody's own words wait before they leave."""

_POSTPONED_DAYS_MAX = 366


class UnknownKey(AldiaError):
    """No message bears this key. facts: keys."""

    code = "unknown_key"


class AlreadyLeft(AldiaError):
    """The message is on its way, has left or is closed: nothing can be decided any more. facts: keys."""

    code = "already_left"


class HeldByBrake(AldiaError):
    """The brake holds the message's run, and whoever asks may not let it go. facts: messages."""

    code = "held_by_brake"


class OwnWords(AldiaError):
    """Somebody else has to say yes to these words. facts: keys."""

    code = "own_words"


class EditRefused(AldiaError):
    """Words or a moment that a message cannot have."""

    code = "edit_refused"


@dataclass(frozen=True, slots=True)
class Decided:
    """How many units and messages changed, and how many were so already."""

    units: int
    messages: int
    already: int = 0


def approve(*, creditor: Creditor, actor: str, now: datetime, keys: Sequence[str] | None = None) -> Decided:
    """Say yes to the units of these keys, or to all that wait for it (None). Saying it twice changes nothing.

    keys: of units or of single messages. Raises UnknownKey, AlreadyLeft; then nothing is approved.
    """
    with transaction.atomic(), scope([creditor.pk]):
        units = _units(creditor, keys)
        waiting = [each for each in units if each.state == "waiting_approval"]
        written = _drafts(creditor, waiting)
        _refuse_own_words(written, actor)
        messages = _rows(waiting, ("waiting_approval",)).update(
            state="approved", approved_by=actor, approved_at=now, refusal=None
        )
        _let_wait([each for each in waiting if each.key in written], now)
        _record(creditor, "outbox.approved", actor, now, messages=messages, units=len(waiting))
    return Decided(len(waiting), messages, len(units) - len(waiting))


def _drafts(creditor: Creditor, units: Sequence[Unit]) -> dict[str, Draft]:
    drafts = Draft.objects.filter(creditor_id=creditor.pk, key__in=[each.key for each in units])
    return {each.key: each for each in drafts}


def _refuse_own_words(written: Mapping[str, Draft], actor: str) -> None:
    own = sorted(key for key, draft in written.items() if draft.needs_other and draft.edited_by == actor)
    if own:
        raise OwnWords("Esto lo escribió usted y pidió que lo leyera otra persona: el sí es suyo.", keys=own)


def _let_wait(units: Sequence[Unit], now: datetime) -> None:
    """A person's words can be taken back for a while."""
    rows = _rows(units, ("approved",))
    soon = now + TO_THINK_AGAIN
    rows.filter(not_before_at__isnull=True).update(not_before_at=soon)
    rows.filter(not_before_at__lt=soon).update(not_before_at=soon)


def take_back_yes(*, creditor: Creditor, keys: Sequence[str], actor: str, now: datetime) -> Decided:
    """The units that somebody approved wait for a yes again. Raises UnknownKey, AlreadyLeft."""
    with transaction.atomic(), scope([creditor.pk]):
        units = _units(creditor, keys)
        messages = _rows(units, ("approved",)).update(
            state="waiting_approval", approved_by="", approved_at=None, not_before_at=None
        )
        _record(creditor, "outbox.yes_taken_back", actor, now, messages=messages, units=len(units))
    return Decided(len(units), messages)


def approve_as(*, member: Membership, keys: Sequence[str], actor: str, now: datetime) -> Decided:
    """`approve` by somebody of the house. Raises HeldByBrake for messages of a held run, the yes to which is
    also the yes after the brake; then nothing is approved.
    """
    creditor = member.creditor
    with transaction.atomic(), scope([creditor.pk]):
        if not may(member.role, Right.RELEASE):
            _refuse_held(_units(creditor, keys))
        return approve(creditor=creditor, actor=actor, now=now, keys=keys)


def _refuse_held(units: Sequence[Unit]) -> None:
    waiting = _rows(units, ("waiting_approval",))
    held = waiting.filter(run__held=True, run__released_at=None).count()
    if held:
        raise HeldByBrake(
            "El freno retiene estos mensajes: antes de aprobarlos tiene que soltarlo quien puede hacerlo.",
            messages=held,
        )


def skip(*, creditor: Creditor, keys: Sequence[str], actor: str, now: datetime) -> Decided:
    """These units never leave; their steps count as done. Raises UnknownKey, AlreadyLeft."""
    with transaction.atomic(), scope([creditor.pk]):
        units = _units(creditor, keys)
        messages = _rows(units, NOT_LEFT).update(state="skipped", reason="skipped")
        log = [(unit.message_ids, {"reason": "skipped"}) for unit in units]
        log_units(creditor_id=creditor.pk, kind="skipped", units=log, at=now, actor=actor)
        _record(creditor, "outbox.skipped", actor, now, messages=messages, units=len(units))
    return Decided(len(units), messages)


def postpone(
    *, creditor: Creditor, keys: Sequence[str], until: datetime, actor: str, now: datetime
) -> Decided:
    """These units leave no earlier than then; the gate looks at them as of that moment.

    until: aware, later than now, within a year. Raises UnknownKey, AlreadyLeft, EditRefused.
    """
    if not now < until <= now + timedelta(days=_POSTPONED_DAYS_MAX):
        raise EditRefused("Un mensaje se pospone a un momento que está por venir, a un año como mucho.")
    with transaction.atomic(), scope([creditor.pk]):
        units = _units(creditor, keys)
        messages = _rows(units, NOT_LEFT).update(not_before_at=until)
        log = [(unit.message_ids, {"until": until.isoformat()}) for unit in units]
        log_units(creditor_id=creditor.pk, kind="postponed", units=log, at=now, actor=actor)
        told = {"units": len(units), "until": until.isoformat()}
        _record(creditor, "outbox.postponed", actor, now, messages=messages, **told)
    return Decided(len(units), messages)


def edit_as(
    *, member: Membership, key: str, subject: str, body: str, actor: str, now: datetime, accepted: str = ""
) -> Draft:
    """`edit` by somebody of the house; only who looks after texts may accept words that are questioned."""
    reason = accepted if may(member.role, Right.STRATEGY) else ""
    return edit(
        creditor=member.creditor, key=key, subject=subject, body=body, actor=actor, now=now, accepted=reason
    )


def edit(
    *,
    creditor: Creditor,
    key: str,
    subject: str,
    body: str,
    actor: str,
    now: datetime,
    accepted: str = "",
) -> Draft:
    """The unit leaves in these words: plain text, flat placeholders allowed. Its approval is not touched.

    accepted: why words that are questioned stay. Raises UnknownKey, AlreadyLeft, EditRefused,
    WordsQuestioned.
    """
    text = Text(" ".join(subject.split()), body.replace("\r\n", "\n").strip())
    with transaction.atomic(), scope([creditor.pk]):
        (unit,) = _units(creditor, [key])
        _refuse_unfit(text, unit)
        found = findings_of_message(
            creditor,
            text,
            customer_id=unit.customer_id,
            step=unit.step,
            kind=unit.kind,
            channel=unit.channel,
        )
        told = refuse_unaccepted(found, accepted)
        draft, _ = Draft.objects.update_or_create(
            creditor_id=creditor.pk,
            key=unit.key,
            defaults={"subject": text.subject, "body": text.body, "edited_by": actor, "edited_at": now},
        )
        _record(creditor, "outbox.edited", actor, now, messages=len(unit.message_ids), draft=draft.pk, **told)
    return draft


def _refuse_unfit(text: Text, unit: Unit) -> None:
    faults = faults_in(text, provides=provided_to(is_step=unit.kind == "dunning"), channel=unit.channel)
    if len(text.body) > BODY_LENGTH_MAX:
        faults.append(f"El mensaje pasa de {BODY_LENGTH_MAX} caracteres: acórtelo.")
    if faults:
        raise EditRefused(" ".join(faults), faults=faults)


def discard_draft(*, creditor: Creditor, key: str, actor: str, now: datetime) -> None:
    """Back to the text of the strategy. Raises UnknownKey, AlreadyLeft."""
    with transaction.atomic(), scope([creditor.pk]):
        (unit,) = _units(creditor, [key])
        gone, _ = Draft.objects.filter(creditor_id=creditor.pk, key=unit.key).delete()
        if gone:
            _record(creditor, "outbox.draft_discarded", actor, now, messages=len(unit.message_ids))


def _units(creditor: Creditor, keys: Sequence[str] | None) -> list[Unit]:
    """The units of these keys as they stand, their rows locked; all of them for None."""
    if keys is None:
        ids = Message.objects.filter(creditor_id=creditor.pk, state="waiting_approval")
        message_ids = list(ids.select_for_update().order_by("pk").values_list("pk", flat=True))
        return units_not_left(creditor, message_ids=message_ids) if message_ids else []
    wanted = set(keys)
    rows = Message.objects.filter(creditor_id=creditor.pk)
    locked = list(
        (rows.filter(bundle__in=_bundles(creditor, wanted)) | rows.filter(once_key__in=wanted))
        .select_for_update()
        .order_by("pk")
        .values_list("pk", "state", "bundle", "once_key")
    )
    live = [pk for pk, state, _bundle, _key in locked if state in NOT_LEFT]
    units = units_not_left(creditor, message_ids=live) if live else []
    _refuse_missing(creditor, wanted, locked, units)
    return units


def _bundles(creditor: Creditor, wanted: set[str]) -> set[str]:
    """Bundles the keys speak of: themselves, that of a later part (`…/2`), that of a single message's key."""
    of_messages = Message.objects.filter(creditor_id=creditor.pk, once_key__in=wanted).exclude(bundle="")
    parts = {base for base, _slash, number in (key.rpartition("/") for key in wanted) if number.isdigit()}
    return wanted | parts | set(of_messages.values_list("bundle", flat=True))


def _refuse_missing(
    creditor: Creditor, wanted: set[str], locked: Sequence[tuple[int, str, str, str]], units: Sequence[Unit]
) -> None:
    reachable = {each.key for each in units}  # not its bundle: that name may be of a mail that left
    ids = {pk for each in units for pk in each.message_ids}
    reachable |= {once_key for pk, _state, _bundle, once_key in locked if pk in ids}
    missing = sorted(wanted - reachable)
    if not missing:
        return
    known = {name for _pk, _state, bundle, once_key in locked for name in (bundle, once_key)}
    known |= set(
        Dispatch.objects.filter(creditor_id=creditor.pk, key__in=missing).values_list("key", flat=True)
    )
    if set(missing) <= known:
        raise AlreadyLeft(
            f"Ya no se puede decidir sobre {_listed(missing)}: ha salido, está saliendo o se ha anulado.",
            keys=missing,
        )
    raise UnknownKey(f"No hay ningún mensaje con la clave {_listed(missing)}.", keys=missing)


def _listed(keys: Sequence[str]) -> str:
    return ", ".join(f"«{key}»" for key in keys)


def _rows(units: Sequence[Unit], states: Sequence[str]) -> Any:
    ids = [pk for each in units for pk in each.message_ids]
    return Message.objects.filter(pk__in=ids, state__in=states)


def _record(
    creditor: Creditor, verb: str, actor: str, now: datetime, *, messages: int, **payload: Any
) -> None:
    """One entry, if anything changed at all."""
    if messages:
        record_event(
            creditor_id=creditor.pk,
            verb=verb,
            subject=f"creditor:{creditor.pk}",
            actor=actor,
            payload={"messages": messages, **payload},
            at=now,
        )

"""The creditor's own texts: kept once they say nothing that cannot be said, or given back for the house's."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from aldia.operations.audit import record_event
from aldia.operations.respect import refuse_unaccepted
from aldia.queries.respect import findings_of_template
from aldia.queries.terms import strategies_in_force
from aldia.queries.texts import TextUse
from aldia.records.outreach.models import CreditorText, TextChannel, TextVersion
from aldia.records.tenancy.models import Creditor
from aldia.records.tenancy.scope import scope
from aldia.rules.texts.clean import BLOCK_MAX
from aldia.rules.texts.errors import TextRefused
from aldia.rules.texts.render import Text, faults_in
from aldia.rules.texts.shipped import shipped_templates
from aldia.rules.texts.uses import FORMS, LANGUAGES, form_in, provided_by

LETTERHEAD: Mapping[str, int] = {"payment_instructions": BLOCK_MAX, "phone": 60}
"""What texts say of the creditor beside its name, with the most characters of each."""


def save_text(
    *, creditor: Creditor, use: TextUse, text: Text, actor: str, now: datetime, accepted: str = ""
) -> CreditorText:
    """Use this text from now on in place of the house's.

    accepted: why words that are questioned stay. Raises TextRefused, WordsQuestioned; then nothing changes.
    """
    text = Text(text.subject.strip(), text.body.replace("\r\n", "\n").strip("\n"))
    with transaction.atomic(), scope([creditor.pk]):
        _check(creditor, use, text)
        found = findings_of_template(creditor, use.template, use.channel, text, language=use.language)
        told = refuse_unaccepted(found, accepted)
        _lock(creditor)
        _keep_version(creditor, use, text, actor, now)
        kept, _ = CreditorText.objects.update_or_create(
            **_columns(creditor, use),
            defaults={
                "subject": text.subject,
                "body": text.body,
                "changed_by": actor,
                "changed_at": now,
            },
        )
        record_event(
            creditor_id=creditor.pk,
            verb="text.saved",
            subject=_subject(use),
            actor=actor,
            payload={"characters": len(text.body), **told},
            at=now,
        )
    return kept


def reset_text(*, creditor: Creditor, use: TextUse, actor: str, now: datetime) -> bool:
    """Back to the house's text; False where the creditor had none of its own. What it said stays readable."""
    with transaction.atomic(), scope([creditor.pk]):
        _lock(creditor)
        own = CreditorText.objects.filter(**_columns(creditor, use))
        gone = own.exists()
        if gone:
            _keep_version(creditor, use, Text("", ""), actor, now)
            own.delete()
            record_event(
                creditor_id=creditor.pk,
                verb="text.reset",
                subject=_subject(use),
                actor=actor,
                payload={},
                at=now,
            )
    return gone


def _lock(creditor: Creditor) -> None:
    """One at a time writes the texts of a creditor, so that versions have no gaps."""
    Creditor.objects.select_for_update(no_key=True).get(pk=creditor.pk)


def _keep_version(creditor: Creditor, use: TextUse, text: Text, actor: str, now: datetime) -> None:
    """Append what the text says from now on; before the first time, also what it has said until now."""
    columns = _columns(creditor, use)
    last = TextVersion.objects.filter(**columns).order_by("-number").first()
    number = last.number if last else 0
    before = CreditorText.objects.filter(**columns).first()
    if last is None and before is not None:
        number = 1
        TextVersion.objects.create(
            **columns,
            number=number,
            subject=before.subject,
            body=before.body,
            changed_by=before.changed_by,
            changed_at=before.changed_at,
        )
    TextVersion.objects.create(
        **columns,
        number=number + 1,
        subject=text.subject,
        body=text.body,
        changed_by=actor,
        changed_at=now,
    )


def set_letterhead(*, creditor: Creditor, actor: str, now: datetime, **values: str) -> Creditor:
    """How to pay and whom to ring, as {como_pagar} and {telefono} say it; "" takes it away.

    values: keys of LETTERHEAD. Raises TextRefused.
    """
    for name, value in values.items():
        if len(value) > LETTERHEAD[name] or "\0" in value:
            raise TextRefused(f"«{name}» no puede pasar de {LETTERHEAD[name]} caracteres.", setting=name)
    with transaction.atomic(), scope([creditor.pk]):
        locked = Creditor.objects.select_for_update().get(pk=creditor.pk)
        locked.profile = locked.profile | {name: value.strip() for name, value in values.items()}
        locked.save(update_fields=["profile"])
        creditor.refresh_from_db()
        record_event(
            creditor_id=creditor.pk,
            verb="creditor.letterhead_changed",
            subject=f"creditor:{creditor.pk}",
            actor=actor,
            payload={"fields": sorted(values)},
            at=now,
        )
    return creditor


def _check(creditor: Creditor, use: TextUse, text: Text) -> None:
    faults = [
        *_faults_of_use(creditor, use),
        *faults_in(text, provides=provided_by(use.template), channel=use.channel),
    ]
    if faults:
        raise TextRefused(" ".join(faults), faults=faults)


def _faults_of_use(creditor: Creditor, use: TextUse) -> list[str]:
    known = set(shipped_templates())
    for strategy in strategies_in_force(creditor).strategies.values():
        known |= {step.template for step in strategy.steps} | {each.template for each in strategy.documents}
    faults = []
    if use.template not in known:
        faults.append(f"Ninguna estrategia usa el texto «{use.template}»: véalos con «aldia text list».")
    if use.channel not in TextChannel.values:
        faults.append(f"El canal «{use.channel}» no existe: elija entre {', '.join(TextChannel.values)}.")
    if use.form not in FORMS:
        faults.append(f"El tratamiento «{use.form}» no existe: elija entre {', '.join(FORMS)}.")
    if use.language not in LANGUAGES:
        faults.append(
            f"En el idioma «{use.language}» no se escriben textos: elija entre {', '.join(LANGUAGES)}."
        )
    elif form_in(use.language, use.form) != use.form:
        faults.append("En inglés no hay tú ni vos: guarde el texto de usted.")
    return faults


def _columns(creditor: Creditor, use: TextUse) -> dict[str, Any]:
    return {
        "creditor_id": creditor.pk,
        "template": use.template,
        "channel": use.channel,
        "form_of_address": use.form,
        "language": use.language,
    }


def _subject(use: TextUse) -> str:
    return f"text:{use}"

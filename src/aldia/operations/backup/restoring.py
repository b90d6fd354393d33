"""Putting a copy back: beside the house, proven, under lock; then it takes the house's place, whole.

At every moment the name of the database leads to the house as it was or to the copy under lock.
"""

import os
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import psycopg
from django.db import connections, transaction
from django.db.models import Max

from aldia.connectors.postgres import Urls, ensure_server
from aldia.connectors.postgres.databases import (
    drop_database,
    empty_database,
    keeper,
    put_in_place,
    refuse_company,
)
from aldia.connectors.postgres.readers import close_readers
from aldia.connectors.postgres.urls import url_parts
from aldia.kernel.faults import fault_point
from aldia.operations.audit import record_event
from aldia.operations.backup.archive import Manifest, Opened, open_archive
from aldia.operations.backup.errors import KeyMissing, RestoreRefused
from aldia.operations.backup.keys import (
    AUDIT_KEY,
    SECRETS_KEY,
    fingerprint,
    install_keys,
    is_named_by_environment,
    present_keys,
    variable_of,
)
from aldia.operations.backup.reconciling import doubt_what_was_under_way
from aldia.operations.backup.trial import put_back, violations
from aldia.queries.backups import known_migrations
from aldia.queries.creditors import all_creditors
from aldia.queries.reconciliation import RESTORED_VERB
from aldia.queries.verify import Violation
from aldia.records.outreach.models import Message
from aldia.records.tenancy.models import House
from aldia.records.tenancy.scope import scope


@dataclass(frozen=True, slots=True)
class Restored:
    """A house put back. kept_as: the database that had its place, None where that was empty. keys: names of
    those laid down. passwords_readable: can those of providers be opened? violations: as in `Backup`."""

    manifest: Manifest
    kept_as: str | None
    keys: tuple[str, ...]
    passwords_readable: bool
    violations: dict[str, list[Violation]]


def restore_backup(*, source: Path, replace: bool, without_key: bool, actor: str, now: datetime) -> Restored:
    """Put a copy in the place of this house and lock sending.

    replace: there may be data here; the old database is kept under another name. without_key: go on though
    the audit key of the copy is lost. Raises BackupDamaged, BackupUnproven, RestoreRefused, DatabaseTrouble;
    then this house is as it was.
    """
    urls = ensure_server()
    name = url_parts(urls.owner)["dbname"]
    had_data = _has_data(urls)
    if had_data and not replace:
        raise RestoreRefused(
            f"En «{name}» ya hay datos: restaure en una instalación vacía, o use «--replace» (lo que hay se"
            " conserva con otro nombre)."
        )
    connections.close_all()
    close_readers()
    with keeper(urls.owner) as owner, tempfile.TemporaryDirectory(prefix="aldia-") as scratch:
        copy = open_archive(source, Path(scratch))
        _refuse_newer(copy.manifest)
        refuse_company(owner, name)
        new, old = f"{name}_restoring", f"{name}_before_{now:%Y%m%d_%H%M%S}"
        with empty_database(owner, new):
            found = _under_lock(copy, urls, new, without_key=without_key, actor=actor, now=now)
            put_in_place(owner, new=new, name=name, old=old)
        fault_point("restore.in_place")
        keys = install_keys(copy.keys, now=now)
        fault_point("restore.keys_laid")
        if not had_data:
            drop_database(owner, old)
    readable = copy.manifest.fingerprints.get(SECRETS_KEY) in {None, _here().get(SECRETS_KEY)}
    return Restored(copy.manifest, old if had_data else None, tuple(keys), readable, found)


def _has_data(urls: Urls) -> bool:
    """Is anybody owed, or may anybody log in? As the owner; both tables are without walls."""
    with psycopg.connect(urls.owner) as owner:
        found = owner.execute("SELECT to_regclass('public.tenancy_creditor') IS NOT NULL").fetchone()
        if not (found and found[0]):
            return False
        row = owner.execute(
            "SELECT EXISTS (SELECT FROM tenancy_creditor) OR EXISTS (SELECT FROM tenancy_user)"
        ).fetchone()
        return bool(row and row[0])


def _refuse_newer(manifest: Manifest) -> None:
    unknown = set(manifest.facts.migrations) - known_migrations()
    if unknown:
        raise RestoreRefused(
            f"La copia la hizo Al Día {manifest.version} con tablas que este todavía no tiene: instale esa"
            " versión o una posterior y restaure con ella.",
            migrations=sorted(unknown),
        )


def _under_lock(
    copy: Opened, urls: Urls, database: str, *, without_key: bool, actor: str, now: datetime
) -> dict[str, list[Violation]]:
    """The copy in that database, up to date, looked at and with sending locked; what was found wrong."""
    with _audit_key_of(copy, without_key=without_key), put_back(copy, urls=urls, database=database):
        fault_point("restore.loaded")
        found = violations()
        _lock(copy.manifest, found, actor, now)
        fault_point("restore.locked")
    return found


@contextmanager
def _audit_key_of(copy: Opened, *, without_key: bool) -> Iterator[None]:
    """Inside, the key that sealed the copy's chains is in use. Raises KeyMissing."""
    wanted = copy.manifest.fingerprints.get(AUDIT_KEY)
    if wanted is None or without_key or _here().get(AUDIT_KEY) == wanted:
        yield
        return
    if is_named_by_environment(AUDIT_KEY) or AUDIT_KEY not in copy.keys:
        raise KeyMissing(
            "La clave del registro de auditoría de esta instalación no es la de la copia. Ponga el archivo"
            f" «{AUDIT_KEY}» de la instalación copiada en ALDIA_HOME o dígala en {variable_of(AUDIT_KEY)}. Si"
            " se ha perdido, restaure con «--without-key»: el registro anterior ya no se podrá comprobar."
        )
    os.environ[variable_of(AUDIT_KEY)] = copy.keys[AUDIT_KEY]
    try:
        yield
    finally:
        del os.environ[variable_of(AUDIT_KEY)]


def _here() -> Mapping[str, str]:
    """Fingerprints of the keys of this installation."""
    return {name: fingerprint(text) for name, text in present_keys().items()}


@transaction.atomic
def _lock(manifest: Manifest, found: Mapping[str, list[Violation]], actor: str, now: datetime) -> None:
    """No message leaves until `unlock_sending`; one entry in every creditor's chain says since which copy."""
    moment = manifest.created_at
    House.objects.filter(pk=1).update(
        sending_locked_at=now,
        sending_locked_reason=f"Se ha restaurado la copia del {moment:%d/%m/%Y a las %H:%M} (UTC).",
    )
    for creditor in all_creditors():
        with scope([creditor.pk]):
            doubts = doubt_what_was_under_way(creditor, now)
            last = Message.objects.filter(creditor=creditor).aggregate(last=Max("pk"))["last"]
            record_event(
                creditor_id=creditor.pk,
                verb=RESTORED_VERB,
                subject=f"creditor:{creditor.pk}",
                actor=actor,
                payload={
                    "copied_at": moment.isoformat(),
                    "sha256": manifest.sha256,
                    "doubts": doubts,
                    "last_message": last or 0,
                    "violations": len(found.get(creditor.code, [])),
                },
                at=now,
            )

"""Making a copy: dumped in one view of the database, put into one file, proven, and only then named."""

from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

from django.db import connections, transaction

from aldia.connectors.postgres import Urls, ensure_server
from aldia.connectors.postgres.backup import dump, whole_view
from aldia.connectors.postgres.databases import drop_database, empty_database, keeper
from aldia.connectors.postgres.urls import url_parts
from aldia.kernel.faults import fault_point
from aldia.operations.audit import record_event
from aldia.operations.backup.archive import (
    Manifest,
    digest_of,
    draft_folder,
    open_archive,
    put_in_place,
    write_archive,
)
from aldia.operations.backup.errors import BackupRefused
from aldia.operations.backup.keys import fingerprints, present_keys
from aldia.operations.backup.trial import put_back, roles_here, violations
from aldia.queries.backups import facts_of
from aldia.queries.creditors import all_creditors
from aldia.queries.pending import pending_migrations
from aldia.queries.verify import Violation
from aldia.records.tenancy.scope import scope


@dataclass(frozen=True, slots=True)
class Backup:
    """A copy that was made. proven: put back and compared. keys: names of those inside. violations: by
    creditor's code, what `aldia verify` finds in the copy, so in the house too."""

    path: Path
    size_bytes: int
    manifest: Manifest
    proven: bool
    keys: tuple[str, ...]
    violations: dict[str, list[Violation]]

    @property
    def rows(self) -> int:
        """How many rows it holds."""
        return sum(self.manifest.facts.rows.values())


def make_backup(*, target: Path, with_keys: bool, prove: bool, actor: str, now: datetime) -> Backup:
    """Copy the whole house into one new file, 0600; work goes on meanwhile.

    target: the file, or a folder in which it gets a name by its moment. prove: put it back into a database of
    its own, compare, and run `aldia verify` there. Raises BackupRefused, BackupUnproven, DatabaseTrouble;
    then there is no file.
    """
    urls = ensure_server()
    path = _free_path(target, now)
    keys = present_keys()
    with draft_folder(path) as folder:
        manifest, rows = _dumped(folder, urls, fingerprints(keys), now)
        archive = write_archive(folder, manifest, rows, keys if with_keys else {})
        rows.unlink()
        fault_point("backup.archive_written")
        found = _proven(archive, folder, urls) if prove else {}
        fault_point("backup.proven")
        size = archive.stat().st_size
        put_in_place(archive, path)
        fault_point("backup.renamed")
    made = Backup(path, size, manifest, prove, tuple(keys) if with_keys else (), found)
    _record(made, actor, now)
    return made


def _free_path(target: Path, now: datetime) -> Path:
    path = target / f"aldia-{now:%Y%m%d-%H%M%S}.tar" if target.is_dir() else target
    path = path.absolute()
    if path.exists():
        raise BackupRefused(f"«{path}» ya existe, y una copia no se escribe sobre otra: elija otro nombre.")
    return path


def _dumped(folder: Path, urls: Urls, keys: dict[str, str], now: datetime) -> tuple[Manifest, Path]:
    """Dump and counts of one and the same moment. keys: fingerprints."""
    path = folder / "rows.dump"
    with whole_view(urls) as (view, seer, snapshot):
        facts = facts_of(view)
        dump(path, seer=seer, snapshot=snapshot)
    fault_point("backup.dump_written")
    manifest = Manifest(
        version=version("aldia"),
        created_at=now.astimezone(UTC),
        facts=facts,
        roles=roles_here(urls),
        sha256=digest_of(path),
        fingerprints=keys,
    )
    return manifest, path


def _proven(archive: Path, folder: Path, urls: Urls) -> dict[str, list[Violation]]:
    """Read the finished file again, put it back beside the house, look, and drop what was put back."""
    copy = open_archive(archive, folder)
    name = f"{url_parts(urls.owner)['dbname']}_trial"
    with keeper(urls.owner) as owner:
        with empty_database(owner, name), put_back(copy, urls=urls, database=name):
            found = violations()
        drop_database(owner, name)
    copy.dump.unlink()
    return found


def _record(made: Backup, actor: str, now: datetime) -> None:
    """One entry in every creditor's chain: who took away all their data, and when."""
    connections.close_all()
    if pending_migrations():  # an older house is copied before it is brought up to date, and left as it is
        return
    payload: dict[str, Any] = {"rows": made.rows, "sha256": made.manifest.sha256, "keys": list(made.keys)}
    for creditor in all_creditors():
        with transaction.atomic(), scope([creditor.pk]):
            record_event(
                creditor_id=creditor.pk,
                verb="house.copied",
                subject=f"creditor:{creditor.pk}",
                actor=actor,
                payload=payload,
                at=now,
            )

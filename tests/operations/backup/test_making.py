"""A copy is one private file, whole and proven, or there is none."""

import fcntl
import os
import tarfile

import pytest

from aldia.operations.backup import make_backup, making
from aldia.operations.backup.errors import BackupRefused, BackupUnproven
from aldia.queries.backups import Facts, facts_of
from aldia.records.audit.models import AuditEntry
from aldia.records.tenancy.scope import scope
from tests.cli.books import NOW
from tests.operations.backup.conftest import databases


def copy(target, **options):
    return make_backup(
        **{"with_keys": False, "prove": False, "actor": "prueba", "now": NOW, **options}, target=target
    )


def test_a_copy_is_one_file_for_its_owner_alone_without_the_keys(luz, luz_place, tmp_path):
    made = copy(tmp_path / "copia.tar")
    assert [path.name for path in tmp_path.iterdir()] == ["copia.tar"]
    assert made.path.stat().st_mode & 0o777 == 0o600
    with tarfile.open(made.path) as tar:
        assert tar.getnames() == ["manifest.json", "database.dump"]
    key = (luz_place.home / "audit_key").read_bytes()
    assert key not in made.path.read_bytes()


def test_the_keys_go_in_when_asked_for(luz, luz_place, tmp_path):
    made = copy(tmp_path / "copia.tar", with_keys=True)
    with tarfile.open(made.path) as tar:
        entry = tar.extractfile("keys/audit_key")
        inside = entry.read() if entry else b""
    assert "audit_key" in made.keys
    assert inside == (luz_place.home / "audit_key").read_bytes()


def test_in_a_folder_it_is_named_by_its_moment(luz, tmp_path):
    assert copy(tmp_path).path == tmp_path / "aldia-20261120-090000.tar"


def test_a_copy_is_proven_by_putting_it_back_and_nothing_of_the_proof_is_left(luz, luz_place, tmp_path):
    made = copy(tmp_path / "copia.tar", prove=True)
    assert (made.proven, made.violations) == (True, {})
    assert made.manifest.facts.rows["outreach_message"] > 0
    assert databases(luz_place) == [luz_place.database]


def test_a_copy_that_does_not_come_back_whole_gets_no_name(luz, luz_place, tmp_path, monkeypatch):
    def one_row_more(view):
        facts = facts_of(view)
        rows = {**facts.rows, "ledger_credit": facts.rows["ledger_credit"] + 1}
        return Facts(facts.server, facts.migrations, rows, facts.heads)

    monkeypatch.setattr(making, "facts_of", one_row_more)
    with pytest.raises(BackupUnproven) as refused:
        copy(tmp_path / "copia.tar", prove=True)
    assert refused.value.facts["differences"] == ["ledger_credit"]
    assert list(tmp_path.iterdir()) == []
    assert databases(luz_place) == [luz_place.database]


def test_a_copy_is_not_written_over_another(luz, tmp_path):
    copy(tmp_path / "copia.tar")
    before = (tmp_path / "copia.tar").read_bytes()
    with pytest.raises(BackupRefused, match="ya existe"):
        copy(tmp_path / "copia.tar")
    assert (tmp_path / "copia.tar").read_bytes() == before


def test_what_a_cut_off_copy_left_goes_and_one_under_way_is_respected(luz, tmp_path):
    draft = tmp_path / ".copia.tar.part"
    draft.mkdir()
    (draft / "rows.dump").write_bytes(b"half")
    handle = os.open(draft, os.O_RDONLY)
    fcntl.flock(handle, fcntl.LOCK_EX)
    with pytest.raises(BackupRefused, match="Ya se está haciendo"):
        copy(tmp_path / "copia.tar")
    assert (draft / "rows.dump").exists()
    os.close(handle)
    copy(tmp_path / "copia.tar")
    assert [path.name for path in tmp_path.iterdir()] == ["copia.tar"]


def test_a_place_that_cannot_be_written_is_said_in_a_sentence(luz, tmp_path):
    with pytest.raises(BackupRefused, match=f"No se puede escribir en «{tmp_path}/nada»"):
        copy(tmp_path / "nada" / "copia.tar")


def test_who_took_the_copy_stands_in_every_chain(luz, tmp_path):
    from django.db import transaction

    made = copy(tmp_path / "copia.tar")
    with transaction.atomic(), scope([luz.pk]):
        entry = AuditEntry.objects.latest("sequence")
    assert (entry.verb, entry.actor) == ("house.copied", "prueba")
    assert entry.payload == {"rows": made.rows, "sha256": made.manifest.sha256, "keys": []}

"""The contact log on the command line: the file, and what people were told."""

import json
import zipfile

import pytest
from django.db import transaction

from aldia.records.outreach.models import ContactEntry
from aldia.records.tenancy.scope import scope
from tests import factories as make

NOON = "2026-11-20T12:00:00+01:00"


@pytest.fixture
def answered(books, aldia):
    """A customer has answered, and a manager is there to be told."""
    from aldia.operations.outbox import use_mailbox
    from tests.cli.books import NOW

    use_mailbox(creditor=books, actor="prueba", now=NOW)
    make.membership(creditor=books, role="manager", user=make.user(email="marta@luz.example"))
    assert aldia("reply", "TARDE", "promises", "--on", "2026-11-20", "--note", "El lunes").exit_code == 0
    return books


def _json(ran):
    assert ran.exit_code == 0, ran.stdout + ran.stderr
    return json.loads(ran.stdout)


def test_the_file_is_written_once_and_what_it_says_is_what_is_in_it(answered, aldia, tmp_path):
    out = tmp_path / "tarde.zip"
    said = _json(aldia("evidence", "TARDE", "--out", str(out), "--now", NOON, "--json"))
    with transaction.atomic(), scope([answered.pk]):
        head = ContactEntry.objects.get().entry_hash
    assert (said["entries"], said["shown"], said["head"]) == (1, 1, head)
    with zipfile.ZipFile(out) as packed:
        assert json.loads(packed.read("resumen.json"))["head"]["hash"] == head
    again = aldia("evidence", "TARDE", "--out", str(out))
    assert (again.exit_code, "ya existe" in again.stderr) == (1, True)


def test_refusals_are_sentences(answered, aldia, tmp_path):
    out = str(tmp_path / "x.zip")
    ran = aldia("evidence", "NADIE", "--out", out)
    assert (ran.exit_code, "No hay ningún cliente" in ran.stderr) == (1, True)
    ran = aldia("evidence", "PRONTO", "--out", out)
    assert (ran.exit_code, "No consta ningún contacto" in ran.stderr) == (1, True)
    ran = aldia("evidence", "TARDE", "--out", out, "--from", "2026-12-01", "--until", "2026-11-01")
    assert (ran.exit_code, "acaba antes" in ran.stderr) == (1, True)
    assert aldia("evidence", "TARDE", "--out", str(tmp_path / "no" / "x.zip")).exit_code == 1


def test_alerts_are_listed_told_by_mail_once_and_marked(answered, aldia):
    (alert,) = _json(aldia("alerts", "list", "marta@luz.example", "--json"))["alerts"]
    assert (alert["kind"], alert["code"], alert["is_new"]) == ("reply", "TARDE", True)
    sent = [_json(aldia("alerts", "digest", "--now", NOON, "--json"))["sent"] for _ in range(2)]
    assert sent == [1, 0]
    assert _json(aldia("alerts", "read", "marta@luz.example", "--all", "--json"))["read"] == 1
    assert _json(aldia("alerts", "list", "marta@luz.example", "--json"))["alerts"][0]["is_new"] is False
    ran = aldia("alerts", "list", "nadie@luz.example")
    assert (ran.exit_code, "tiene acceso" in ran.stderr) == (1, True)


def test_verify_and_doctor_name_an_altered_entry(answered, aldia, owner_connection):
    assert aldia("verify").exit_code == 0
    owner_connection.execute("SELECT set_config('aldia.creditor', %s, false)", [str(answered.pk)])
    owner_connection.execute("ALTER TABLE outreach_contact_entry DISABLE TRIGGER append_only")
    owner_connection.execute("UPDATE outreach_contact_entry SET address = 'otra'")
    owner_connection.execute("ALTER TABLE outreach_contact_entry ENABLE TRIGGER append_only")
    owner_connection.commit()
    for command in ("verify", "doctor"):
        ran = aldia(command)
        assert (ran.exit_code, "la anotación 1 ha sido modificada" in ran.stdout) == (1, True), command

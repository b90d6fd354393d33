"""Letters, certified letters and statements on the command line."""

import io
import json
from functools import partial

import pytest
from pypdf import PdfReader

MORNING = "2026-11-20T10:00:00+01:00"


@pytest.fixture
def posted_house(house):
    """«Papelería Luz» with one letter and one certified letter in the tray."""
    from datetime import date

    from aldia.operations.outbox import use_mailbox
    from aldia.records.tenancy.models import Creditor
    from tests.operations.letters.post import LETTERHEAD, _by_letter, by_post, send
    from tests.queries.gate_house import NOW, House, use_strategy

    Creditor.objects.filter(pk=house.pk).update(brake_messages_max=1_000, **LETTERHEAD)
    house.refresh_from_db()
    found = House(house)
    use_mailbox(creditor=house, actor="prueba", now=NOW)
    for channel, code in (("letter", "CARTA"), ("certified", "BUROFAX")):
        use_strategy(found, "pymes", partial(_by_letter, channel=channel, claims=True))
        by_post(found, code, (120_000, date(2026, 9, 1)))
        found.run()
        send(house)
    return house


def _json(ran):
    assert ran.exit_code == 0, ran.stdout + ran.stderr
    return json.loads(ran.stdout)


def test_from_the_tray_to_the_post(posted_house, aldia, tmp_path, monkeypatch):
    monkeypatch.setenv("ALDIA_NOW", MORNING)
    listed = _json(aldia("letters", "list", "--json"))
    assert (listed["waiting"], [each["customer"] for each in listed["tray"]]) == (1, ["CARTA"])
    printed = _json(aldia("letters", "print", "--out", str(tmp_path), "--duplex", "--json"))
    assert (printed["batch"], printed["letters"]) == (1, 1)
    first = (tmp_path / "cartas-lote-1.pdf").read_bytes()
    assert len(PdfReader(io.BytesIO(first)).pages) == 2
    assert "CARTA" in (tmp_path / "direcciones-lote-1.csv").read_text(encoding="utf-8-sig")
    again = aldia("letters", "print", "--out", str(tmp_path), "--duplex", "--again", "1")
    assert "Lote 1: 1 carta" in again.stdout
    assert (tmp_path / "cartas-lote-1.pdf").read_bytes() == first
    letter = str(listed["tray"][0]["letter"])
    assert aldia("letters", "back", letter).exit_code == 0
    assert aldia("letters", "print", "--out", str(tmp_path)).exit_code == 0
    assert _json(aldia("letters", "posted", "2", "--json"))["letters"] == 1
    refused = aldia("letters", "withdraw", letter, "--reason", "tarde", "--json")
    assert (refused.exit_code, json.loads(refused.stdout)["error"]) == (1, "letters_refused")
    assert "20 nov 2026" in aldia("letters", "list").stdout


def test_an_empty_tray_and_a_folder_that_is_not_there_are_said(posted_house, aldia, tmp_path, monkeypatch):
    monkeypatch.setenv("ALDIA_NOW", MORNING)
    nowhere = aldia("letters", "print", "--out", str(tmp_path / "no"), "--json")
    assert (nowhere.exit_code, json.loads(nowhere.stdout)["error"]) == (1, "file_not_written")
    empty = aldia("letters", "print")
    assert (empty.exit_code, "vacía" in empty.stderr) == (1, True)


def test_a_certified_letter_until_nothing_is_missing(posted_house, aldia, tmp_path, monkeypatch):
    monkeypatch.setenv("ALDIA_NOW", MORNING)
    (listed,) = _json(aldia("certified", "list", "--json"))["letters"]
    letter = str(listed["letter"])
    assert listed["missing"] == ["anotar cuándo y con quién se envió"]
    services = _json(aldia("certified", "services", "--json"))["services"]
    assert services[0]["id"] == "burofax"
    out = tmp_path / "carta.zip"
    assert aldia("certified", "file", letter, "--service", "burofax", "--out", str(out)).exit_code == 0
    assert out.read_bytes()[:2] == b"PK"
    sent = ("--service", "burofax", "--carrier", "Correos", "--tracking", "NB1")
    assert aldia("certified", "sent", letter, *sent).exit_code == 0
    assert aldia("certified", "result", letter, "delivered").exit_code == 0
    acuse = tmp_path / "acuse.pdf"
    acuse.write_bytes(b"%PDF-1.7")
    assert aldia("certified", "certificate", letter, str(acuse)).exit_code == 0
    assert _json(aldia("certified", "list", "--json"))["letters"][0]["missing"] == []
    assert "nada" in aldia("certified", "list").stdout
    assert aldia("certified", "result", letter, "volando").exit_code == 1
    assert aldia("certified", "file", "999999", "--service", "burofax").exit_code == 1
    assert aldia("certified", "file", letter, "--service", "paloma").exit_code == 1


def test_a_statement_is_written_where_it_is_told_to(posted_house, aldia, tmp_path):
    out = tmp_path / "estado.pdf"
    ran = _json(aldia("statement", "CARTA", "--out", str(out), "--on", "2026-11-20", "--json"))
    assert ran["file"] == str(out)
    words = " ".join(PdfReader(io.BytesIO(out.read_bytes())).pages[0].extract_text().split())
    assert "Estado de cuenta a 20 de noviembre de 2026" in words
    missing = aldia("statement", "NADIE", "--json")
    assert (missing.exit_code, json.loads(missing.stdout)["error"]) == (1, "unknown_customer")

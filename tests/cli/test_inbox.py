"""`aldia inbox …`: from a mail in a file to a reply that is taken down."""

import json
from datetime import timedelta

import pytest

from aldia.kernel import clock
from tests.fakes.imap_server import PASSWORD, USER, imap_server
from tests.formats.mail.mails import answer

pytestmark = pytest.mark.slow


@pytest.fixture
def mail(tmp_path):
    file = tmp_path / "respuesta.eml"
    file.write_bytes(answer("Ya he pagado.", sender="ana@bar.example", answers=""))
    return str(file)


def test_a_mail_from_a_file_is_taken_in_once_listed_shown_and_confirmed(books, aldia, mail):
    told = json.loads(aldia("inbox", "fetch", "--from-file", mail, "--json").stdout)
    assert (told["fetched"], told["answers"]) == (1, 1)
    again = json.loads(aldia("inbox", "fetch", "--from-file", mail, "--json").stdout)
    assert (again["fetched"], again["known"]) == (0, 1)
    (row,) = json.loads(aldia("inbox", "list", "--json").stdout)["answers"]
    assert (row["customer"], row["kind"], row["sender"]) == (None, "paid", "ana@bar.example")
    number = str(row["id"])
    assert "sin cliente" in aldia("inbox", "list").stdout
    shown = aldia("inbox", "show", number).stdout
    assert "Dice que ha pagado. Porque dice «he pagado»." in shown
    refused = aldia("inbox", "confirm", number, "--json")
    assert (refused.exit_code, json.loads(refused.stdout)["error"]) == (1, "not_yet_anybodys")
    late = aldia("inbox", "confirm", number, "--customer", "TARDE", "--hold-until", "2099-12-01", "--json")
    assert (late.exit_code, json.loads(late.stdout)["error"]) == (1, "hold_refused")
    until = (clock.now().date() + timedelta(days=20)).isoformat()
    done = aldia("inbox", "confirm", number, "--hold-until", until)
    assert (done.exit_code, done.stdout) == (0, "Anotado: dice que ha pagado.\n")
    second = aldia("inbox", "dismiss", number, "Repetida", "--json")
    assert (second.exit_code, json.loads(second.stdout)["error"]) == (1, "already_looked_at")
    assert "Nada por mirar." in aldia("inbox", "list").stdout
    assert json.loads(aldia("inbox", "list", "--done", "--json").stdout)["answers"][0]["state"] == "handled"


def test_the_box_is_set_tried_fetched_and_removed(books, aldia, tmp_path):
    secret = tmp_path / "clave"
    secret.write_text(f"{PASSWORD}\n", encoding="utf-8")
    assert json.loads(aldia("inbox", "fetch", "--json").stdout)["error"] == "no_inbox"
    with imap_server() as (box, port):
        box.add(answer("Pago mañana"))
        options = ("--user", USER, "--port", str(port), "--security", "none", "--password-file", str(secret))
        assert "Buzón guardado." in aldia("inbox", "set", "127.0.0.1", *options).stdout
        assert "1 mensaje por recoger" in aldia("inbox", "test").stdout
        assert "1 correo nuevo, 0 ya conocidos." in aldia("inbox", "fetch").stdout
    assert "Ya no se lee ningún buzón." in aldia("inbox", "remove").stdout
    assert "No había ningún buzón." in aldia("inbox", "remove").stdout


def test_what_is_wrong_is_said(books, aldia):
    missing = aldia("inbox", "fetch", "--from-file", "/no/hay.eml")
    assert (missing.exit_code, missing.stderr[:17]) == (1, "No se puede leer ")
    unknown = json.loads(aldia("inbox", "show", "999", "--json").stdout)
    assert unknown["error"] == "no_such_inbound"
    assert aldia("inbox", "list", "--kind", "canta").exit_code == 2

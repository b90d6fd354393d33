"""`aldia text …`: read, try and change what messages say."""

import json

import pytest

pytestmark = pytest.mark.slow


@pytest.fixture
def own(tmp_path):
    file = tmp_path / "recordatorio.txt"
    file.write_text("Asunto: De parte de {acreedor}\n\n{saludo}\n\nQuedan {total}.\n", encoding="utf-8")
    return file


def test_a_text_is_listed_changed_tried_and_given_back(books, aldia, own):
    assert "Recordatorio amable" in aldia("text", "list").stdout
    assert aldia("text", "show", "friendly").stdout.startswith("Asunto: Un recordatorio sobre {documentos}\n")
    saved = aldia("text", "set", "friendly", str(own))
    assert (saved.exit_code, saved.stdout) == (0, "Guardado: «Recordatorio amable», correo, de usted.\n")
    tried = aldia("text", "preview", "TARDE", "--now", "2026-11-20T09:00:00Z")
    assert "De parte de Papelería Luz" in tried.stdout
    assert "Quedan 600,00 €." in tried.stdout
    listed = json.loads(aldia("text", "list", "--json").stdout)["texts"]
    assert [each["template"] for each in listed if each["own"]] == ["friendly"]
    assert "Vuelve el texto de la casa." in aldia("text", "reset", "friendly").stdout
    assert "No había texto propio" in aldia("text", "reset", "friendly").stdout


def test_what_is_wrong_is_said_and_nothing_is_kept(books, aldia, tmp_path):
    wrong = tmp_path / "malo.txt"
    wrong.write_text("Asunto: A\n\nDebe {importe} {{7*7}}", encoding="utf-8")
    refused = aldia("text", "set", "friendly", str(wrong))
    assert refused.exit_code == 1
    assert "No hay ningún dato que se llame {importe}" in refused.stderr
    assert "Las llaves solo sirven" in refused.stderr
    missing = aldia("text", "show", "friendly", "--channel", "paloma", "--json")
    assert (missing.exit_code, json.loads(missing.stdout)["error"]) == (1, "no_text")


def test_how_to_pay_is_shown_in_the_messages(books, aldia):
    assert "–" in aldia("text", "sender").stdout
    aldia("text", "sender", "--how-to-pay", "Por Bizum al 600 000 000.", "--phone", "910 000 000")
    told = json.loads(aldia("text", "preview", "TARDE", "--now", "2026-11-20T09:00:00Z", "--json").stdout)
    assert "\n\nPor Bizum al 600 000 000.\n\n" in told["text"]
    assert told["text"].endswith("Papelería Luz\nTeléfono: 910 000 000\n")
    assert "{como_pagar}" in aldia("text", "placeholders").stdout


def test_rude_words_are_refused_with_their_source_and_kept_with_a_reason(books, aldia, tmp_path):
    rude = tmp_path / "borde.txt"
    rude.write_text("Asunto: Recordatorio\n\nNo sea caradura y pague {total}.\n", encoding="utf-8")
    refused = aldia("text", "set", "friendly", str(rude), "--json")
    told = json.loads(refused.stdout)
    assert (refused.exit_code, told["error"]) == (1, "words_questioned")
    assert [each["code"] for each in told["findings"]] == ["insult"]
    kept = aldia("text", "set", "friendly", str(rude), "--accept", "Lo revisó la dirección.")
    assert kept.exit_code == 0

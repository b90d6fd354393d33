"""`aldia channel`: list, set, test, remove."""

import json

import pytest

from tests import factories as make
from tests.fakes.provider import fake_provider

pytestmark = pytest.mark.django_db(transaction=True)
SID = "AC" + "0" * 32


@pytest.fixture
def aldia():
    from typer.testing import CliRunner

    from aldia.cli.main import app

    runner = CliRunner()
    return lambda *words, **more: runner.invoke(app, ["channel", *words, "--json"], **more)


def test_a_channel_is_set_listed_tried_and_removed(aldia, tmp_path, monkeypatch):
    monkeypatch.setattr("aldia.kernel.clock.is_present", lambda moment: True)
    make.creditor()
    (tmp_path / "keys.json").write_text('{"auth_token": "muy-secreto"}')
    with fake_provider() as fake:
        words = ("--provider", "twilio", "--account-sid", SID, "--sender", "Luz", "--base-url", fake.url)
        done = aldia("set", "sms", *words, "--price", "0,07", "--secrets", str(tmp_path / "keys.json"))
        assert done.exit_code == 0, done.output
        assert "muy-secreto" not in done.output
        rows = json.loads(aldia("list").output)["channels"]
        assert [(each["channel"], each["state"]) for each in rows] == [
            ("sms", "ready"),
            ("whatsapp", "not_set"),
        ]
        tried = aldia("test", "sms", "--to", "600 000 000")
        assert json.loads(tried.output)["provider_id"] == fake.taken[0].provider_id
    assert json.loads(aldia("remove", "sms").output)["removed"] is True
    assert json.loads(aldia("remove", "sms").output)["removed"] is False


def test_keys_come_by_the_input_and_what_is_wrong_is_a_sentence(aldia):
    make.creditor()
    words = ("--provider", "twilio", "--account-sid", SID, "--sender", "Luz")
    done = aldia("set", "sms", *words, "--secrets", "-", input="no es json")
    assert done.exit_code == 1
    assert "objeto JSON" in json.loads(done.output)["sentence"]
    done = aldia("set", "sms", *words, "--secrets", "-", input='{"auth_token": "x"}')
    assert done.exit_code == 0, done.output
    done = aldia("set", "sms", *words, "--secrets", "/no/existe")
    assert json.loads(done.output)["error"] == "channel_refused"

"""The door: who comes in, how often one may try, how long one stays, and what a second factor does."""

import base64
import hashlib
import hmac
import re
import struct
from datetime import UTC, datetime, timedelta

import pytest

from aldia.kernel import clock
from tests.desk.conftest import PASSWORD, founded, person, text_of

TOO_MANY = 429


@pytest.fixture
def luz(db):
    from django.core.cache import cache

    cache.clear()
    return founded("luz", "Papelería Luz")


@pytest.fixture
def ines(luz):
    return person(luz, "ines@luz.example", "administrator")


def _log_in(client, email="ines@luz.example", password=PASSWORD, **rest):
    return client.post("/entrar/", {"username": email, "password": password, **rest})


def _is_inside(client):
    return client.get("/cuenta/").status_code == 200


def _trace(creditor):
    from django.db import transaction

    from aldia.records.audit.models import AuditEntry
    from aldia.records.tenancy.scope import scope

    with transaction.atomic(), scope([creditor.pk]):
        return list(AuditEntry.objects.order_by("sequence").values_list("verb", "subject", "payload"))


def test_nobody_signs_up_or_resets_a_password_by_mail(client, luz):
    for address in ("registro", "signup", "password/reset", "correo", "email", "login/code"):
        assert client.get(f"/cuenta/{address}/").status_code == 404
    assert "aldia user" in text_of(client.get("/entrar/"))


@pytest.fixture
def real_hashers(settings):
    """Those of the house; the other tests keep no secret and use a quick one."""
    from aldia.project.settings import PASSWORD_HASHERS

    settings.PASSWORD_HASHERS = PASSWORD_HASHERS


def test_known_and_unknown_people_cost_the_same_work_and_get_the_same_answer(
    real_hashers, client, ines, monkeypatch
):
    from django.contrib.auth.hashers import Argon2PasswordHasher

    done = []

    def counted(real):
        def work(self, *args):
            done.append(real)
            return real(self, *args)

        return work

    for name in ("encode", "verify"):
        monkeypatch.setattr(Argon2PasswordHasher, name, counted(getattr(Argon2PasswordHasher, name)))
    answers, work = [], []
    for email in ("ines@luz.example", "nadie@luz.example"):
        done.clear()
        answers.append(text_of(_log_in(client, email, "otra-cosa-larga")))
        work.append(len(done))
    assert work[0] == work[1] == 1
    assert "no coinciden" in answers[0]
    assert answers[0] == answers[1]


def test_five_wrong_passwords_close_the_account_for_a_while_and_only_that_one(client, ines, luz):
    person(luz, "eva@luz.example")
    answers = [_log_in(client, password="otra-cosa").status_code for _ in range(6)]
    assert answers == [200] * 5 + [TOO_MANY]
    refused = _log_in(client)
    assert refused.status_code == TOO_MANY
    assert "Espere cinco minutos" in text_of(refused)
    assert _log_in(client, "eva@luz.example").status_code == 302


def test_twenty_tries_a_minute_from_one_place_are_enough(client, luz):
    answers = [_log_in(client, f"n{number}@luz.example", "x" * 12).status_code for number in range(21)]
    assert answers == [200] * 20 + [TOO_MANY]
    assert "Demasiados intentos" in text_of(_log_in(client, "otra@luz.example"))


def test_attempts_are_counted_where_every_process_sees_them(client, ines):
    from django.db import connection

    _log_in(client, password="otra-cosa")
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM django_cache WHERE cache_key LIKE '%%login_failed%%'")
        assert cursor.fetchone()[0] == 2  # of the place, and of the account


def test_a_password_of_before_is_hashed_anew_at_log_in(real_hashers, client, ines):
    from django.contrib.auth.hashers import make_password

    ines.password = make_password(PASSWORD, hasher="pbkdf2_sha256")
    ines.save()
    _log_in(client)
    ines.refresh_from_db()
    assert ines.password.startswith("argon2$")


def test_who_has_no_access_any_more_is_told_so_only_with_the_right_password(client, ines):
    ines.is_active = False
    ines.save()
    assert "no coinciden" in text_of(_log_in(client, password="otra-cosa"))
    assert "ya no puede entrar" in text_of(client.get(_log_in(client).headers["Location"]))
    assert not _is_inside(client)


@pytest.fixture
def at(monkeypatch):
    """Sets the clock to so many minutes after the beginning."""
    began = datetime(2026, 11, 20, 9, tzinfo=UTC)

    def set_(minutes):
        monkeypatch.setenv("ALDIA_NOW", (began + timedelta(minutes=minutes)).isoformat())

    return set_


def test_an_hour_without_doing_anything_ends_the_visit(client, ines, at):
    at(0)
    _log_in(client)
    for minute in (50, 100, 159):
        at(minute)
        assert _is_inside(client)
    at(220)
    response = client.get("/acreedor/luz/", headers={"HX-Request": "true"})
    assert response.status_code == 401  # what was typed stays on the page
    assert "Su sesión ha terminado" in text_of(client.get("/entrar/"))
    assert not _is_inside(client)


def test_after_twelve_hours_even_a_busy_visit_ends(client, ines, at):
    at(0)
    _log_in(client)
    for minute in range(0, 720, 40):
        at(minute)
        assert _is_inside(client)
    at(720)
    assert not _is_inside(client)


def test_a_new_password_ends_the_other_visits(client, ines):
    from django.test import Client

    other = Client()
    for each in (client, other):
        _log_in(each)
    given = {"oldpassword": PASSWORD, "password1": "otra-clave-2026", "password2": "otra-clave-2026"}
    assert client.post("/cuenta/clave/", given).headers["Location"] == "/cuenta/"
    assert _is_inside(client)
    assert not _is_inside(other)


def _code(secret, *, earlier=0):
    """What the telephone shows (RFC 6238), or showed so many seconds ago."""
    counter = struct.pack(">Q", (int(clock.now().timestamp()) - earlier) // 30)
    digest = hmac.new(base64.b32decode(secret), counter, hashlib.sha1).digest()
    offset = digest[-1] & 15
    return f"{(int.from_bytes(digest[offset : offset + 4]) & 0x7FFFFFFF) % 10**6:06}"


def _activate(client):
    """The application's secret, once the password has been given again."""
    asked = client.get("/cuenta/aplicacion/")
    assert asked.headers["Location"].startswith("/cuenta/confirmar/")
    assert client.post(asked.headers["Location"], {"password": PASSWORD}).status_code == 302
    page = client.get("/cuenta/aplicacion/").content.decode()
    (secret,) = re.findall(r"<code>([A-Z2-7]+)</code>", page)
    client.post("/cuenta/aplicacion/", {"code": _code(secret, earlier=30)})
    return secret


def test_with_a_code_application_the_password_alone_does_not_open(client, ines):
    from django.test import Client

    _log_in(client)
    secret = _activate(client)
    other = Client()
    assert _log_in(other, next="/cuenta/clave/").headers["Location"].startswith("/cuenta/entrar/codigo/")
    assert not _is_inside(other)
    code = _code(secret)
    wrong = f"{(int(code) + 1) % 10**6:06}"
    assert "no es correcto" in text_of(other.post("/cuenta/entrar/codigo/", {"code": wrong}))
    assert other.post("/cuenta/entrar/codigo/", {"code": code}).headers["Location"] == "/cuenta/clave/"
    assert _is_inside(other)
    third = Client()
    _log_in(third)
    assert "ya se ha usado" in text_of(third.post("/cuenta/entrar/codigo/", {"code": code}))


def test_recovery_codes_are_shown_once_and_each_opens_once(client, ines):
    from django.test import Client

    _log_in(client)
    _activate(client)
    codes = re.findall(r"<li>(\d{8})</li>", client.get("/cuenta/codigos/").content.decode())
    assert len(codes) == 10
    assert codes[0] not in client.get("/cuenta/codigos/").content.decode()
    for expected in (True, False):
        other = Client()
        _log_in(other)
        other.post("/cuenta/entrar/codigo/", {"code": codes[0]})
        assert _is_inside(other) is expected


@pytest.mark.django_db(transaction=True)
def test_second_factors_leave_a_trace_and_their_secrets_are_sealed(client, ines, luz):
    from allauth.mfa.models import Authenticator

    _log_in(client)
    secret = _activate(client)
    kept = str([each.data for each in Authenticator.objects.all()])
    assert secret not in kept
    assert kept.count("gAAAA") == 2  # Fernet: the application's secret and the seed of the recovery codes
    client.post("/cuenta/aplicacion/quitar/")
    traces = [(verb, payload) for verb, subject, payload in _trace(luz) if subject == f"user:{ines.pk}"]
    assert ("user.second_factor_added", {"kind": "totp"}) in traces
    assert ("user.second_factor_removed", {"kind": "totp"}) in traces
    assert secret not in str(traces)

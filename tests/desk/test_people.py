"""Ajustes, Personas and Tokens: who gets in, what they are shown once, what is asked of them first."""

import re

import pytest

from tests.desk.conftest import PASSWORD, founded, person, text_of

LIST = "/acreedor/luz/ajustes/personas/"
TOKENS = "/acreedor/luz/ajustes/tokens/"


@pytest.fixture
def luz(db):
    from django.core.cache import cache

    cache.clear()
    return founded("luz", "Papelería Luz")


@pytest.fixture
def ana(luz):
    return person(luz, "ana@luz.example", "administrator")


@pytest.fixture
def desk(client, ana, settings):
    """Ana, who has just given her password; second factors are another test's."""
    settings.ADMIN_SECOND_FACTOR = False
    client.post("/entrar/", {"username": ana.email, "password": PASSWORD})
    return client


def _found(pattern, page):
    found = re.search(pattern, page.content.decode())
    assert found is not None, pattern
    return found[found.lastindex or 0]


def _once(page):
    return _found(r'name="once" value="([^"]+)"', page)


def _invited(desk, **given):
    said = {"email": "eva@luz.example", "name": "Eva <b>", "role": "gestor", "write_off_max_minor": "50,00"}
    return desk.post(f"{LIST}nueva/", {**said, "once": _once(desk.get(f"{LIST}nueva/")), **given})


def test_a_password_is_shown_once_and_opens_the_door(desk, luz):
    from django.test import Client

    given = _invited(desk)
    password = _found(r"al-secret\">([^<]+)<", given)
    other = Client()
    assert other.post("/entrar/", {"username": "eva@luz.example", "password": password}).status_code == 302
    assert other.get("/acreedor/luz/").status_code == 200
    page = desk.get(LIST)
    assert password not in page.content.decode()
    assert "Eva &lt;b&gt;" in page.content.decode()
    assert "50,00 €" in text_of(page)


def test_the_same_form_twice_lets_in_one_person_and_tells_no_second_password(desk, luz):
    from aldia.records.tenancy.models import User

    once = _once(desk.get(f"{LIST}nueva/"))
    _invited(desk, once=once)
    again = _invited(desk, once=once, email="otra@luz.example")
    assert again.status_code == 302
    assert User.objects.count() == 2


def test_what_is_wrong_is_said_beside_the_form(desk):
    assert "ya tiene acceso" in text_of(_invited(desk, email="ana@luz.example"))
    assert _invited(desk, role="reina").status_code == 422


def test_the_last_administrator_is_kept_in_words(desk, ana):
    mine = f"{LIST}{ana.memberships.get().pk}/"
    desk.post(f"{mine}acceso/", {"once": "k1"})
    assert "única persona que administra" in text_of(desk.get(mine))
    assert desk.get(LIST).status_code == 200


def test_who_loses_access_finds_the_door_shut_at_once(desk, luz):
    from django.test import Client

    eva, other = person(luz, "eva@luz.example"), Client()
    other.force_login(eva)
    assert other.get("/acreedor/luz/").status_code == 200
    desk.post(f"{LIST}{eva.memberships.get().pk}/acceso/", {"once": "k1"})
    assert other.get("/acreedor/luz/").status_code == 302
    assert other.post("/entrar/", {"username": eva.email, "password": PASSWORD}).status_code == 302
    assert other.get("/cuenta/").status_code == 302


def test_a_new_password_is_shown_and_the_old_one_is_worth_nothing(desk, luz):
    eva = person(luz, "eva@luz.example")
    shown = desk.post(f"{LIST}{eva.memberships.get().pk}/clave/", {"once": "k1"})
    password = _found(r"al-secret\">([^<]+)<", shown)
    eva.refresh_from_db()
    assert (eva.check_password(password), eva.check_password(PASSWORD)) == (True, False)


@pytest.mark.parametrize("role", ["manager", "gestor", "treasurer", "viewer"])
def test_only_who_administers_sees_people_and_tokens(client, luz, role):
    client.force_login(person(luz, "eva@luz.example", role))
    assert [client.get(address).status_code for address in (LIST, TOKENS)] == [403, 403]
    assert (
        'href="/acreedor/luz/ajustes/personas/"' not in client.get("/acreedor/luz/ajustes/").content.decode()
    )


def test_people_of_another_creditor_do_not_exist(desk):
    stranger = person(founded("sombra", "Sombra"), "s@sombra.example").memberships.get().pk
    assert desk.get(f"{LIST}{stranger}/").status_code == 404
    desk.post(f"{LIST}{stranger}/acceso/", {"once": "k1"})
    from aldia.records.tenancy.models import Membership

    assert Membership.objects.get(pk=stranger).ended_at is None


def test_who_administers_sets_up_a_second_factor_first(client, ana):
    client.post("/entrar/", {"username": ana.email, "password": PASSWORD})
    for address in (LIST, f"{LIST}nueva/", TOKENS):
        assert client.get(address).headers["Location"] == "/cuenta/"
    assert "necesita un segundo factor" in text_of(client.get("/cuenta/"))


def test_the_demonstration_needs_no_second_factor(client, db):
    client.force_login(person(founded("demo", "Demostración"), "d@demo.example", "administrator"))
    assert client.get("/acreedor/demo/ajustes/personas/").status_code == 200


def test_who_has_not_said_who_they_are_lately_says_it_again_and_goes_on(client, ana, luz, settings):
    """What was asked for before the password is done after it."""
    settings.ADMIN_SECOND_FACTOR = False
    eva = person(luz, "eva@luz.example")
    client.force_login(ana)  # no password has been given in this visit
    address = f"{LIST}{eva.memberships.get().pk}/papel/"
    asked = client.post(address, {"role": "treasurer", "once": "k1"})
    assert asked.headers["Location"].startswith("/cuenta/confirmar/")
    assert eva.memberships.get().role == "viewer"
    client.post(asked.headers["Location"], {"password": PASSWORD})
    assert eva.memberships.get().role == "treasurer"


def test_a_token_is_shown_once_and_can_be_revoked(desk, luz):
    from aldia.queries.api_tokens import authenticate
    from aldia.records.tenancy.models import ApiToken
    from tests.cli.books import NOW

    once = _once(desk.get(f"{TOKENS}nuevo/"))
    said = {"name": "ERP", "scopes": ["payments:write"], "days": "30", "once": once}
    secret = _found(r"aldia_[\w-]+", desk.post(f"{TOKENS}nuevo/", said))
    token = authenticate(secret, now=NOW)
    assert token is not None
    assert token.name == "ERP"
    assert secret not in desk.get(TOKENS).content.decode()
    assert "registrar, aplicar y anular cobros" in text_of(desk.get(TOKENS))
    desk.post(f"{TOKENS}{ApiToken.objects.get().pk}/revocar/", {"once": "k2"})
    assert authenticate(secret, now=NOW) is None


def test_the_list_asks_the_database_little(desk, luz, django_assert_max_num_queries):
    for number in range(15):
        person(luz, f"p{number}@luz.example")
    with django_assert_max_num_queries(15):
        assert "p14@luz.example" in desk.get(LIST).content.decode()

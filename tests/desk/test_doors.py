"""Who may see what, and what every answer tells the browser."""

import html
import re

import pytest

from tests.desk.conftest import PASSWORD, customer_id, founded, person, run, text_of

HOSTILE = [
    "<script>alert(1)</script>",
    "{{7*7}} {% debug %}",
    '"><img src=x onerror=alert(1)>',
    "javascript:alert(1)",
    "'; DROP TABLE parties_customer; --",
]


def test_who_has_not_logged_in_is_sent_to_the_door(client, luz):
    for address in ("/", "/acreedor/luz/", f"/acreedor/luz/clientes/{customer_id(luz, 'TARDE')}/"):
        response = client.get(address)
        assert response.status_code == 302
        assert response.headers["Location"].startswith("/entrar/?next=")


def test_email_and_password_open_the_door_whatever_the_case_of_the_email(client, ines):
    given = {"username": "INES@luz.example", "password": PASSWORD, "next": "/acreedor/luz/"}
    response = client.post("/entrar/", given)
    assert (response.status_code, response.headers["Location"]) == (302, "/acreedor/luz/")
    assert client.get("/acreedor/luz/").status_code == 200


@pytest.mark.parametrize(
    "given",
    [("ines@luz.example", "otra-cosa"), ("nadie@luz.example", PASSWORD), ("ines@luz.example", "")],
)
def test_a_wrong_pair_does_not_say_which_of_the_two_is_wrong(client, ines, given):
    response = client.post("/entrar/", {"username": given[0], "password": given[1]})
    assert response.status_code == 200
    assert client.get("/acreedor/luz/").status_code == 302
    if given[1]:
        assert "El correo o la contraseña no coinciden" in text_of(response)


def test_the_door_leads_nowhere_else(client, ines):
    given = {"username": "ines@luz.example", "password": PASSWORD, "next": "https://ladron.example/"}
    assert client.post("/entrar/", given).headers["Location"] == "/"


def test_a_form_without_its_token_is_refused_in_words(ines):
    from django.test import Client

    careful = Client(enforce_csrf_checks=True)
    response = careful.post("/entrar/", {"username": "ines@luz.example", "password": PASSWORD})
    assert response.status_code == 403
    assert "El formulario ha caducado" in text_of(response)


def test_leaving_ends_the_visit_and_only_by_a_button(desk):
    assert desk.get("/salir/").status_code == 405
    desk.post("/salir/")
    assert desk.get("/acreedor/luz/").status_code == 302


@pytest.mark.parametrize("role", ["administrator", "manager", "gestor", "treasurer", "viewer"])
def test_every_role_may_look(client, luz, role):
    client.force_login(person(luz, f"{role}@luz.example", role))
    assert client.get("/acreedor/luz/").status_code == 200


def test_what_belongs_to_another_creditor_does_not_exist(desk, luz):
    from tests.cli.books import write_books

    other = founded("sombra", "Sombra, S.A.")
    write_books(other)
    run(other)
    foreign = customer_id(other, "TARDE")
    assert desk.get(f"/acreedor/luz/clientes/{customer_id(luz, 'TARDE')}/").status_code == 200
    for address in (
        "/acreedor/sombra/",
        f"/acreedor/sombra/clientes/{foreign}/",
        f"/acreedor/luz/clientes/{foreign}/",
        "/acreedor/luz/clientes/999999999999999999999999/",
        "/acreedor/nadie/",
        "/nada/",
    ):
        response = desk.get(address)
        assert response.status_code == 404, address
        assert "No lo encontramos" in text_of(response)
        assert "Sombra, S.A." not in response.content.decode()


def test_who_works_for_several_may_change_desks(client, luz):
    from aldia.records.tenancy.models import Membership

    user, other = person(luz, "eva@luz.example"), founded("sombra", "Sombra, S.A.")
    Membership.objects.create(creditor=other, user=user, role="viewer")
    client.force_login(user)
    assert 'href="/acreedor/sombra/"' in client.get("/acreedor/luz/").content.decode()
    assert client.get("/acreedor/sombra/").status_code == 200


def test_who_works_for_nobody_is_told_what_to_do(client, transactional_db):
    from aldia.records.tenancy.models import User

    client.force_login(User.objects.create_user(email="eva@example.com", name="Eva"))
    assert "aldia init" in text_of(client.get("/"))


def test_an_empty_house_says_how_to_begin(client, transactional_db):
    text = text_of(client.get("/entrar/"))
    assert "aldia demo" in text
    assert "aldia init" in text


def test_names_that_are_code_stay_names(client, transactional_db):
    from django.db import transaction

    from aldia.records.tenancy.scope import scope
    from tests.cli.books import DAY, Books

    creditor = founded("raros", "Raros <b>& Cía</b>")
    with transaction.atomic(), scope([creditor.pk]):
        books = Books(creditor)
        for place, name in enumerate(HOSTILE):
            customer = books.customer(f"{place}{name}", name=name)
            books.invoice(customer, 50_000, DAY.replace(month=9), number=f"{name}{place}")
    run(creditor)
    client.force_login(person(creditor, "eva@raros.example"))
    pages = [client.get("/acreedor/raros/"), client.get("/acreedor/raros/", {"buscar": HOSTILE[0]})]
    for place, name in enumerate(HOSTILE):
        page = client.get(f"/acreedor/raros/clientes/{customer_id(creditor, f'{place}{name}')}/")
        assert html.escape(name) in page.content.decode()
        pages.append(page)
    assert all(html.escape(name) in pages[0].content.decode() for name in HOSTILE)
    for page in pages:
        body = page.content.decode()
        assert page.status_code == 200
        assert "<script>" not in body
        assert "<img" not in body
        assert 'href="javascript' not in body
        assert "<b>& Cía" not in body


def test_every_answer_forbids_what_is_not_ours(desk):
    for address in ("/acreedor/luz/", "/entrar/", "/nada/", "/static/ui/aldia.css"):
        headers = desk.get(address).headers
        policy = headers["Content-Security-Policy"]
        assert "default-src 'self'" in policy
        assert "frame-ancestors 'none'" in policy
        assert "form-action 'self'" in policy
        assert "unsafe" not in policy.replace("style-src-attr 'unsafe-inline'", "")  # charts size themselves
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Referrer-Policy"] == "same-origin"


def test_pages_with_names_are_kept_nowhere_and_styles_are(desk):
    assert desk.get("/acreedor/luz/").headers["Cache-Control"] == "no-store"
    assert "no-store" not in desk.get("/static/ui/aldia.css").headers["Cache-Control"]


def test_pages_have_no_style_or_script_of_their_own(desk, luz):
    for address in ("/acreedor/luz/", f"/acreedor/luz/clientes/{customer_id(luz, 'TARDE')}/", "/entrar/"):
        body = desk.get(address, follow=True).content.decode()
        assert " style=" not in body
        assert "<style" not in body
        assert not re.findall(r"<script(?![^>]* src=)(?![^>]*application/json)", body)
        assert not re.findall(r"<[^>]* on[a-z]+=", body)
        assert 'lang="es' in body


def test_the_address_of_a_form_leads_back_to_a_page(client, luz):
    """After a mistake a form stands at an address that only takes it in: language, log-in, reload mend it."""
    client.force_login(person(luz, "eva@luz.example", "administrator"))
    form = f"/acreedor/luz/clientes/{customer_id(luz, 'TARDE')}/respuesta/"
    sheet = form.removesuffix("respuesta/")
    assert client.post(form, {"kind": "?"}).status_code == 422
    assert client.get(form).headers["Location"] == sheet
    chosen = client.post("/idioma/", {"language": "en", "next": form})
    assert chosen.headers["Location"] == sheet
    kept = client.post("/idioma/", {"language": "es", "next": f"{sheet}?en=x"})
    assert kept.headers["Location"] == f"{sheet}?en=x"
    client.logout()
    sent = client.post(form, {}, headers={"Referer": f"http://testserver{form}"})
    assert sent.headers["Location"] == f"/entrar/?next={sheet}"


def test_what_an_address_does_not_do_is_said_in_words(desk):
    answer = desk.get("/salir/")
    assert (answer.status_code, answer.headers["Allow"]) == (405, "POST")
    assert "Así no se llega aquí" in text_of(answer)
    assert desk.put("/acreedor/luz/").headers["Allow"] == "GET, HEAD"

"""The page of the day, from books whose decisions are known."""

import re

import pytest

from tests.desk.conftest import customer_id, founded, person, questions, run, text_of, write_words

TODAY = "/acreedor/luz/decidido/"


def test_the_page_says_the_day_and_how_many_are_acted_on(desk):
    text = text_of(desk.get(TODAY))
    assert "Decisiones del viernes 20 de noviembre de 2026" in text
    assert "Hoy se actúa con 1 cliente" in text
    assert "De 9 en total" in text


def test_the_first_address_leads_to_the_desk(desk):
    assert desk.get("/").headers["Location"] == "/acreedor/luz/"


def test_balance_and_ageing_are_those_of_the_day(desk, luz):
    from django.db import transaction

    from aldia.kernel.money import format_money
    from aldia.records.closing.models import DaySnapshot
    from aldia.records.tenancy.scope import scope

    with transaction.atomic(), scope([luz.pk]):
        day = DaySnapshot.objects.get()
    text = text_of(desk.get(TODAY))
    shown = [day.outstanding_minor, day.overdue_minor, *(minor for minor in day.aging.values() if minor)]
    assert all(format_money(minor, "EUR").replace("\u00a0", " ") in text for minor in shown)
    assert sum(day.aging.values()) == day.outstanding_minor


def test_steps_come_first_then_every_reason_with_its_count(desk):
    body = desk.get(TODAY).content.decode()
    titles = re.findall(r'class="title">([^<]+)</span>', body)
    counts = [int(count) for count in re.findall(r'class="count">(\d+)<', body)]
    assert titles[0] == "Recordatorio amable"
    assert titles[1] == "Cobros sin aplicar"
    assert titles[-1] == "Sin deuda"
    assert sum(counts) == 9


def test_every_customer_is_told_with_the_sentence_of_the_engine(desk, luz):
    from aldia.queries.decisions import decisions_on
    from tests.cli.books import DAY

    text = text_of(desk.get(TODAY))
    for decision in decisions_on(luz, DAY).decisions:
        assert decision.name in text
        assert decision.sentence.replace("\u00a0", " ") in text


def test_a_message_that_waits_is_told_with_channel_or_what_is_missing(desk):
    text = text_of(desk.get(TODAY + "?grupo=friendly"))
    assert "Recordatorio amable, por correo electrónico previsto" in text
    assert "Falta su correo electrónico tarea" in text


def test_money_to_ask_for_stands_beside_the_step(desk):
    assert "600,00 € por reclamar" in text_of(desk.get(TODAY))


def test_one_group_alone_may_be_looked_at(desk):
    text = text_of(desk.get(TODAY + "?grupo=on_hold"))
    assert "1 cliente." in text
    assert "PAUSA" in text
    assert "Bar Tarde" not in text


@pytest.mark.parametrize("said", ["tarde", "TÁR", "bar tar", "sl tarde"])
def test_a_customer_is_found_by_the_beginning_of_words(desk, said):
    text = text_of(desk.get(TODAY, {"buscar": said.replace("sl", "s.l.")}))
    assert "Bar Tarde, S.L." in text
    assert "INCIDENCIA" not in text


def test_who_is_not_found_is_told_how_to_look(desk):
    assert "Ningún cliente para «nadie»" in text_of(desk.get(TODAY, {"buscar": "nadie"}))


@pytest.mark.parametrize(
    "query",
    [
        {"tras": "9" * 40},
        {"tras": "-1"},
        {"tras": "٣"},
        {"grupo": "nada\0de esto"},
        {"buscar": "\0"},
        {"buscar": "%s {0} ' --"},
        {"tras": "1", "grupo": "x" * 5000},
    ],
)
def test_nonsense_in_the_address_is_no_error(desk, query):
    assert desk.get(TODAY, query).status_code == 200


def test_pages_of_fifty_show_everybody_once(client, transactional_db):
    from django.db import transaction

    from aldia.records.parties.models import Customer
    from aldia.records.tenancy.scope import scope

    many = founded("many", "Muchos, S.L.")
    with transaction.atomic(), scope([many.pk]):
        names = [f"Cliente {place % 40:02d}" for place in range(120)]
        Customer.objects.bulk_create(
            Customer(creditor=many, code=f"C{place}", name=name) for place, name in enumerate(names)
        )
    write_words(many)
    run(many)
    client.force_login(person(many, "eva@many.example"))
    seen, address = [], "/acreedor/many/decidido/?grupo=nothing_open"
    while address:
        body = client.get(address).content.decode()
        seen.append(re.findall(r'class="code">(C\d+)<', body))
        following = re.search(r'href="([^"]+)" rel="next"', body)
        address = "/acreedor/many/decidido/" + following[1].replace("&amp;", "&") if following else ""
    assert [len(page) for page in seen] == [50, 50, 20]
    assert len({code for page in seen for code in page}) == 120
    assert client.get("/acreedor/many/decidido/").content.count(b'<tr><th scope="row">') == 50


def test_a_run_that_is_not_of_today_says_so(client, ines, monkeypatch):
    for now, is_old in (("2026-11-20T10:00:00Z", False), ("2026-11-23T10:00:00Z", True)):
        monkeypatch.setenv("ALDIA_NOW", now)
        client.logout()
        client.force_login(ines)
        assert ("Es el último proceso diario que hay." in text_of(client.get(TODAY))) is is_old
        assert ("El último proceso diario es del" in text_of(client.get("/acreedor/luz/"))) is is_old


def test_without_a_run_the_page_teaches(client, transactional_db):
    empty = founded("nueva", "Nueva, S.L.")
    client.force_login(person(empty, "eva@nueva.example", "manager"))
    body = client.get("/acreedor/nueva/").content.decode()
    assert 'href="/acreedor/nueva/arranque/"' in body
    assert 'href="/acreedor/nueva/importar/"' in body


@pytest.mark.parametrize(
    "page",
    ["", "decidido/", "panel/", "clientes/", "{late}", "partidas/", "cobros/", "buzon/", "estrategias/"],
)
def test_a_page_asks_at_most_fifteen_questions(desk, luz, page):
    address = "/acreedor/luz/" + page.format(late=f"clientes/{customer_id(luz, 'TARDE')}/")
    desk.get(address)
    with questions() as asked:
        assert desk.get(address).status_code == 200
    assert len(asked) <= 15, asked


def test_the_first_view_weighs_less_than_a_quarter_of_a_megabyte(desk):
    """As it comes over the line: the page and what it loads, compressed."""
    import gzip

    pages = [desk.get("/acreedor/luz/").content.decode()]
    parts = set(re.findall(r'(?:src|href)="(/static/[^"#]+)', pages[0]))
    assert len(parts) >= 4
    files = [b"".join(desk.get(part).streaming_content) for part in parts]
    assert sum(len(gzip.compress(each)) for each in [pages[0].encode(), *files]) < 250_000

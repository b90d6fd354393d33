"""Cobros and Partidas: what a form pays, whose it is, what it refuses; what was given up is no money."""

import re
from datetime import date
from typing import Any

import pytest
from django.contrib.messages import get_messages
from django.db import transaction

from aldia.operations.ledger import write_off
from aldia.records.ledger.models import Allocation, Credit, CreditBalance, ItemBalance, Refund
from aldia.records.outreach.models import Reply
from aldia.records.tenancy.models import Creditor
from aldia.records.tenancy.scope import scope
from tests.cli.books import NOW, Books
from tests.desk.conftest import founded, person, text_of

HERE = "/acreedor/luz/"
NEW = f"{HERE}cobros/nuevo/"


def _in(creditor: Any, asked: Any) -> Any:
    with transaction.atomic(), scope([creditor.pk]):
        return asked()


def _two_lines(creditor: Any, code: str = "C1") -> tuple[int, int, int]:
    """A customer with an old line of 100 € and a new one of 60 €; the three ids."""
    books = Books(creditor)
    customer = books.customer(code, name=f"Bar {code}")
    old = books.invoice(customer, 10_000, date(2026, 9, 1))
    return customer.pk, old, books.invoice(customer, 6_000, date(2026, 10, 1))


@pytest.fixture
def luz(db: None, monkeypatch: pytest.MonkeyPatch) -> Any:
    from django.core.cache import cache

    cache.clear()
    monkeypatch.setenv("ALDIA_NOW", NOW.isoformat())
    return founded("luz", "Papelería Luz")


@pytest.fixture
def lines(luz: Any) -> Any:
    return _in(luz, lambda: _two_lines(luz))


@pytest.fixture
def foreign(luz: Any) -> Any:
    """The same books at a neighbour's."""
    sombra = founded("sombra", "Sombra")
    return _in(sombra, lambda: _two_lines(sombra))


@pytest.fixture
def manager(client: Any, luz: Any) -> Any:
    client.force_login(person(luz, "eva@luz.example", "manager"))
    return client


@pytest.fixture
def treasurer(client: Any, luz: Any) -> Any:
    client.force_login(person(luz, "ana@luz.example", "treasurer"))
    return client


def _said(**more: Any) -> dict[str, Any]:
    return {"amount": "60,00", "currency": "EUR", "value_on": "2026-11-19", "once": "k1", **more}


def _open(creditor: Any, *line_ids: int) -> list[int]:
    found = _in(creditor, lambda: dict(ItemBalance.objects.values_list("due_line_id", "open_minor")))
    return [found[each] for each in line_ids]


def _paid(creditor: Any) -> int:
    return int(_in(creditor, Credit.objects.count))


def _ticked(page: Any) -> list[str]:
    """The values of the radios and boxes that are ticked."""
    body = page.content.decode()
    return re.findall(r'type="(?:radio|checkbox)" name="\w+" value="(\w+)" checked', body)


def test_a_payment_taken_down_from_a_line_pays_that_line(treasurer, luz, lines):
    customer, old, new = lines
    page = treasurer.get(NEW, {"cliente": customer, "partida": new})
    assert _ticked(page) == ["chosen", str(new)]
    assert _ticked(treasurer.get(NEW, {"cliente": customer})) == ["auto"]
    treasurer.post(NEW, _said(cliente=customer, partida=new, apply="chosen"))
    assert _open(luz, old, new) == [10_000, 0]


@pytest.mark.parametrize("apply", ["auto", "chosen", "none"])
def test_a_refused_payment_comes_back_as_it_was_filled_in(treasurer, luz, lines, apply):
    customer, old, new = lines
    page = treasurer.post(
        f"{NEW}?cliente={customer}&partida={new}",
        _said(cliente=customer, partida=old, apply=apply, amount="mucho"),
    )
    assert (page.status_code, _ticked(page), _paid(luz)) == (422, [apply, str(old)], 0)


def test_what_is_typed_is_kept_for_one_customer_and_the_lines_one_came_from(treasurer, luz, lines):
    customer, old, new = lines
    keeps = [
        re.findall(r'data-keep="([^"]+)"', treasurer.get(NEW, asked).content.decode())
        for asked in (
            {"cliente": customer},
            {"cliente": customer, "partida": old},
            {"cliente": customer, "partida": new},
            {"cliente": 0},
        )
    ]
    assert len({name for each in keeps for name in each}) == 4
    again = treasurer.post(f"{NEW}?cliente={customer}&partida={new}", _said(cliente=customer, amount="x"))
    assert f'data-keep="{keeps[2][0]}"' in again.content.decode()


def test_a_customer_who_is_not_there_pays_nothing_and_neither_does_nobody(treasurer, luz, foreign):
    for whose in (foreign[0], 10**12, "x", "00"):
        assert treasurer.get(NEW, {"cliente": whose}).status_code == 404
        assert treasurer.post(NEW, _said(cliente=whose)).status_code == 404
    assert treasurer.post(NEW, _said()).status_code == 422
    assert _paid(luz) == 0
    treasurer.post(NEW, _said(cliente="0"))
    assert _paid(luz) == 1


def test_what_is_another_creditors_is_not_there_to_be_paid_or_to_own_a_payment(treasurer, luz, foreign):
    treasurer.post(NEW, _said(cliente="0"))
    credit = _in(luz, Credit.objects.get).pk
    for verb, named in (
        ("identificar", {"cliente": foreign[0]}),
        ("aplicar", {"partida": foreign[1]}),
        ("aplicar", {"partida": "x"}),
        ("desaplicar", {"allocation": 10**12}),
    ):
        address = f"{HERE}cobros/{credit}/{verb}/"
        assert treasurer.post(address, {"once": "k2", **named}).status_code == 404, verb
    assert _in(luz, Allocation.objects.count) == 0


@pytest.mark.parametrize(
    ("wrong", "heard"),
    [
        ({"currency": "EUX"}, "no existe"),
        ({"currency": "ZZZ"}, "no existe"),
        ({"currency": "E1R"}, "no existe"),
        ({"amount": "99999999999999999999"}, "demasiado grande"),
        ({"amount": "1000000000000,01"}, "demasiado grande"),
        ({"value_on": "0001-01-01"}, "tiene que estar entre 01/01/1990 y 31/12/2100"),
        ({"value_on": "9999-12-31"}, "tiene que estar entre 01/01/1990 y 31/12/2100"),
    ],
)
def test_what_no_ledger_takes_is_refused_in_words(treasurer, luz, lines, wrong, heard):
    page = treasurer.post(NEW, _said(cliente=lines[0], **wrong))
    assert (page.status_code, _paid(luz)) == (422, 0)
    assert heard in text_of(page)


def test_a_reply_has_a_day_that_can_be(treasurer, luz, lines):
    said = {"kind": "other", "channel": "email", "received_on": "0001-01-01", "once": "k1"}
    page = treasurer.post(f"{HERE}clientes/{lines[0]}/respuesta/", said)
    (heard,) = get_messages(page.wsgi_request)
    assert "La fecha 01/01/0001 no vale" in str(heard)
    assert not _in(luz, Reply.objects.exists)


def test_a_note_that_the_customer_would_not_like_to_read_is_kept_and_said_to_be_so(treasurer, luz, lines):
    said = {"kind": "other", "channel": "phone", "received_on": "2026-11-20", "once": "k1"}
    note = "Es un sinvergüenza y un caradura."
    page = treasurer.post(f"{HERE}clientes/{lines[0]}/respuesta/", {**said, "note": note})
    told = [str(each) for each in get_messages(page.wsgi_request)]
    assert any("ofende" in each for each in told)
    assert _in(luz, lambda: Reply.objects.get().note) == note
    calm = {**said, "note": "Llama el lunes.", "once": "k2"}
    page = treasurer.post(f"{HERE}clientes/{lines[0]}/respuesta/", calm)
    assert len(list(get_messages(page.wsgi_request))) == len(told) + 1


def test_sums_are_written_as_the_creditors_country_writes_them(treasurer, luz):
    Creditor.objects.filter(pk=luz.pk).update(country="MX")
    said = _said(cliente="0", amount="1,234.56")
    assert "Cobro anotado: EUR1,234.56" in text_of(treasurer.post(NEW, said, follow=True))


@pytest.fixture
def given_up(luz: Any, lines: tuple[int, int, int]) -> Any:
    """The old line was written off; its credit."""
    said = {"creditor_id": luz.pk, "actor": "prueba", "now": NOW}
    return _in(luz, lambda: write_off(**said, due_line_id=lines[1], on=NOW.date()).credit_id)


def test_who_may_not_write_off_makes_no_money_of_a_write_off(treasurer, luz, lines, given_up):
    _customer, old, new = lines
    here = f"{HERE}cobros/{given_up}/"
    allocation = _in(luz, Allocation.objects.get).pk
    assert re.findall(r'action="([^"]+)"', treasurer.get(here).content.decode().partition("<main")[2]) == []
    for verb, said in (
        ("desaplicar", {"allocation": allocation}),
        ("aplicar", {"partida": new}),
        ("devolver", {"amount": "1,00"}),
        ("anular", {"amount": "1,00"}),
    ):
        page = treasurer.post(f"{here}{verb}/", {"once": verb, **said}, follow=True)
        assert "no es dinero" in text_of(page), verb
    assert treasurer.post(f"{here}anular-baja/", {"once": "k2"}).status_code == 403
    assert _open(luz, old, new) == [0, 6_000]
    assert not _in(luz, Refund.objects.exists)


def test_who_may_write_off_takes_a_write_off_back_whole_and_once(manager, luz, lines, given_up):
    here = f"{HERE}cobros/{given_up}/"
    assert "Anular la baja" in text_of(manager.get(here))
    manager.post(f"{here}anular-baja/", {"once": "k2"})
    assert _open(luz, lines[1]) == [10_000]
    assert _in(luz, CreditBalance.objects.get).reversed_minor == 10_000
    assert "Anular la baja" not in text_of(manager.get(here))


def test_the_rest_of_a_customers_lines_are_theirs_and_nobody_elses(manager, luz, foreign):
    one, _, _ = _in(luz, lambda: _two_lines(luz, "C1"))
    _in(luz, lambda: _two_lines(luz, "C10"))
    page = manager.get(f"{HERE}partidas/", {"ver": "open", "cliente": one, "orden": "amount"})
    assert "Partidas de Bar C1" in text_of(page)
    assert page.content.decode().count("<tr data-row") == 2
    assert f"cliente={one}" in page.context["by_due"][0]
    for whose in (foreign[0], "x"):
        assert manager.get(f"{HERE}partidas/", {"cliente": whose}).status_code == 404


@pytest.mark.django_db(transaction=True)
def test_the_sheet_leads_to_the_rest_by_the_customer_and_not_by_words(manager, lines, monkeypatch):
    monkeypatch.setattr("aldia.queries.sheet.OPEN_LINES_MAX", 1)
    page = manager.get(f"{HERE}clientes/{lines[0]}/").content.decode()
    assert f'/partidas/?ver=open&amp;cliente={lines[0]}"' in page

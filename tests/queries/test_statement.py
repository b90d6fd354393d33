"""The statement of account on demand: what is owed, and no word of a demand."""

from datetime import date

import pytest

from aldia.operations.settings import SettingRefused, change_settings
from aldia.queries.customers import UnknownCustomer
from aldia.queries.papers import statement_of
from tests.operations.letters.post import by_post, pages_of, post_house
from tests.queries.gate_house import NOW

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]

DUE = date(2026, 9, 1)


def _words(house, code, **options):
    with house.inside():
        return " ".join(pages_of(statement_of(house.creditor, code, now=NOW, **options).pdf))


def test_a_statement_tells_and_does_not_demand():
    house = post_house()
    by_post(house, "TARDE", (120_000, DUE), (9_900, DUE), currencies=["EUR", "USD"], tax_id="B99999990")
    words = _words(house, "TARDE")
    assert "Estado de cuenta a 20 de noviembre de 2026" in words
    assert "NIF B99999990" in words
    assert "En EUR" in words
    assert "En USD" in words
    assert "Saldo 1.200,00 €" in words
    assert "Intereses de demora, tramo a tramo" in words
    assert "requer" not in words.lower()
    assert "Importe 1.200,00 €" in words
    assert words.count("Código de pago SEPA") == 1  # none for dollars
    assert "Intereses" not in _words(house, "TARDE", interest=False)


def test_without_anything_open_it_says_so_and_asks_for_nothing():
    house = post_house()
    by_post(house, "NADA", name="Al Corriente, S.L.")
    words = _words(house, "NADA")
    assert "No hay ninguna partida abierta." in words
    assert "Para pagar" not in words


def test_the_file_is_named_after_customer_and_day_and_an_unknown_one_is_refused():
    house = post_house()
    by_post(house, "A/../B", (120_000, DUE))
    with house.inside():
        found = statement_of(house.creditor, "A/../B", now=NOW)
        assert found.name == "estado-de-cuenta-A----B-2026-11-20.pdf"
        with pytest.raises(UnknownCustomer):
            statement_of(house.creditor, "NADIE", now=NOW)


def test_without_an_account_the_creditors_own_words_say_how_to_pay():
    house = post_house(iban="", profile={"payment_instructions": "Llame al 910 000 000"})
    by_post(house, "TARDE", (120_000, DUE))
    words = _words(house, "TARDE")
    assert "Cómo pagar Llame al 910 000 000" in words
    assert "Código de pago" not in words


def test_a_guardian_stands_on_the_envelope_of_a_pupil():
    house = post_house()
    by_post(
        house,
        "NINA",
        (120_000, DUE),
        person_kind="consumer",
        minor=True,
        role="guardian",
        contact="Marta Gómez",
        name="Lucía Gómez",
    )
    words = _words(house, "NINA")
    assert "Marta Gómez Avenida de la Constitución" in words


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"iban": "ES00 2100 0418 4502 0005 1332"}, "IBAN"),
        ({"iban": "hola"}, "IBAN"),
        ({"street": "x" * 200}, "120"),
        ({"city": "Madrid\x07"}, "una sola línea"),
        ({"window_side": "arriba"}, "right, left"),
    ],
)
def test_a_letterhead_that_cannot_be_is_refused(change, why):
    house = post_house()
    with pytest.raises(SettingRefused, match=why):
        change_settings(creditor=house.creditor, actor="ana", now=NOW, **change)


def test_the_account_is_kept_without_spaces_and_can_be_taken_away():
    house = post_house(iban="")
    typed = "es91 2100 0418 4502 0005 1332"
    assert change_settings(creditor=house.creditor, actor="a", now=NOW, iban=typed).iban.startswith(
        "ES912100"
    )
    assert change_settings(creditor=house.creditor, actor="a", now=NOW, iban="").iban == ""

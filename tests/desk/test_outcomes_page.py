"""The catalogue of outcomes as a creditor makes it its own, and what calls leave on the sheet."""

import re
from datetime import timedelta

import pytest
from django.db import transaction

from aldia.operations.calls import NewCall, record_call
from aldia.operations.outcomes import OutcomeRefused, drop_outcome, set_outcome
from aldia.queries.calls import outcomes_of
from aldia.records.cases.models import OutcomeCode
from aldia.records.parties.models import ContactPoint, Customer
from aldia.records.tenancy.scope import scope
from aldia.rules.outcomes import SHIPPED, OwnOutcome
from tests import factories as make
from tests.cli.books import NOW
from tests.desk.conftest import customer_id, person, text_of

PAGE = "/acreedor/luz/ajustes/resultados/"


def _post(client, address, **said):
    page = client.get(address if "quitar" not in address else PAGE).content.decode()
    found = re.findall(r'name="once" value="([^"]+)"', page) or ["clave"]
    return client.post(address, {"once": found[-1], **said}, follow=True)


def _codes(luz, *, hidden=False):
    with transaction.atomic(), scope([luz.pk]):
        return [each.code for each in outcomes_of(luz, hidden=hidden)]


def test_an_outcome_of_the_house_is_called_otherwise_hidden_and_given_back(client, luz):
    client.force_login(person(luz, "ana@luz.example", "manager"))
    assert "Compromiso de pago" in text_of(client.get(PAGE))
    page = _post(client, f"{PAGE}promise/", label="Se compromete", position="5", active="on")
    assert "Se compromete" in text_of(page)
    assert "Cambiado" in text_of(page)
    assert "Fuera del formulario" in text_of(_post(client, f"{PAGE}busy/", label="Comunica", position="140"))
    assert "busy" not in _codes(luz)
    assert "busy" in _codes(luz, hidden=True)
    _post(client, f"{PAGE}busy/quitar/")
    assert "busy" in _codes(luz)


def test_one_of_their_own_gets_a_code_an_effect_and_what_follows(client, luz):
    client.force_login(person(luz, "ana@luz.example", "manager"))
    seen = text_of(client.get(f"{PAGE}nuevo/"))
    assert "Queda una tarea: comprobar el pago." in seen
    _post(client, f"{PAGE}nuevo/", label="Pagó en tienda", position="15", effect="paid", active="on")
    with transaction.atomic(), scope([luz.pk]):
        own = OutcomeCode.objects.get()
    assert (own.code, own.effect, own.position) == ("pago_en_tienda", "paid", 15)
    assert _codes(luz)[1] == "pago_en_tienda"
    refused = _post(
        client, f"{PAGE}nuevo/", label="pagó en tienda", position="15", effect="paid", active="on"
    )
    assert refused.status_code == 422
    assert "Ya hay un resultado que se llama así." in text_of(refused)
    _post(client, f"{PAGE}pago_en_tienda/quitar/")
    assert "pago_en_tienda" not in _codes(luz, hidden=True)


def test_whoever_answers_there_stays_an_outcome_to_say_so(luz):
    hide = {"creditor": luz, "actor": "prueba", "now": NOW}
    set_outcome(outcome=OwnOutcome("no_answer", "No contesta", "", 130, active=False), **hide)
    set_outcome(outcome=OwnOutcome("wrong_number", "Equivocado", "", 150, active=False), **hide)
    with pytest.raises(OutcomeRefused) as refused:
        set_outcome(outcome=OwnOutcome("busy", "Comunica", "", 140, active=False), **hide)
    assert refused.value.facts["field"] == "active"
    assert "nadie" in refused.value.sentence
    assert "busy" in _codes(luz)


@pytest.mark.parametrize(
    ("outcome", "field"),
    [
        (OwnOutcome("", "  ", "none"), "label"),
        (OwnOutcome("", "x" * 81, "none"), "label"),
        (OwnOutcome("", "Nuevo", "explode"), "effect"),
        (OwnOutcome("", "Nuevo", "none", -1), "position"),
        (OwnOutcome("", "Nuevo", "none", 1_000), "position"),
        (OwnOutcome("unknown", "Nuevo", "none"), "code"),
        (OwnOutcome("undone", "Nuevo", "none"), "code"),
        (OwnOutcome("", "NO CONTESTA", "none"), "label"),
    ],
)
def test_what_cannot_be_an_outcome_is_refused(luz, outcome, field):
    with pytest.raises(OutcomeRefused) as refused:
        set_outcome(creditor=luz, outcome=outcome, actor="prueba", now=NOW)
    assert refused.value.facts["field"] == field
    assert len(_codes(luz, hidden=True)) == len(SHIPPED)


def test_one_that_calls_bear_is_hidden_not_dropped(luz):
    by = {"creditor": luz, "actor": "prueba", "now": NOW}
    made = set_outcome(outcome=OwnOutcome("", "Pagó en tienda", "paid", 15), **by)
    new = NewCall(reached="right_party", outcome=made.code, direction="in")
    record_call(customer_id=customer_id(luz, "TARDE"), new=new, **by)
    with pytest.raises(OutcomeRefused):
        drop_outcome(code=made.code, **by)


def test_a_bad_number_is_struck_through_with_its_reason(client, luz):
    late = customer_id(luz, "TARDE")
    with transaction.atomic(), scope([luz.pk]):
        contact = make.contact(customer=Customer.objects.get(pk=late), name="Marta Gil")
        own = {"creditor": luz, "customer_id": late, "contact": contact, "channel": "phone"}
        ContactPoint.objects.create(**own, value="+34600111222")
    new = NewCall(
        reached="nobody", outcome="wrong_number", number="600 111 222", number_status="disconnected"
    )
    record_call(creditor=luz, customer_id=late, new=new, actor="prueba", now=NOW)
    client.force_login(person(luz, "gema@luz.example", "gestor"))
    for address in (f"/acreedor/luz/clientes/{late}/", f"/acreedor/luz/clientes/{late}/contactos/"):
        page = client.get(address)
        assert '<s class="al-struck">+34600111222</s>' in page.content.decode()
        assert "Fuera de servicio, según la llamada del" in text_of(page)
    history = text_of(client.get(f"/acreedor/luz/clientes/{late}/historia/"))
    assert "Llamada: El número no es suyo" in history


def test_the_contact_rules_name_whom_nobody_asks_why(client, luz):
    client.force_login(person(luz, "gema@luz.example", "gestor"))
    page = text_of(client.get("/acreedor/luz/ajustes/contacto/"))
    assert page.count("No se pregunta por qué no ha pagado") >= 1
    assert "Falta cotejar el artículo con el texto oficial." in page


def test_the_lead_sees_at_the_bell_that_a_call_was_made_anyway(client, luz):
    lead = person(luz, "marta@luz.example", "manager")
    sunday = NOW + timedelta(days=2)
    new = NewCall(reached="nobody", outcome="no_answer", made_anyway=True)
    record_call(creditor=luz, customer_id=customer_id(luz, "TARDE"), new=new, actor="prueba", now=sunday)
    client.force_login(lead)
    assert "Llamada fuera de norma" in text_of(client.get("/acreedor/luz/avisos/"))

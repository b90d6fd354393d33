"""«Asistente de arranque»: six answers, a proposal to look at, and one yes that sets all of it."""

import re

import pytest
from django.db import transaction

from aldia.records.audit.models import AuditEntry
from aldia.records.cases.models import StrategyAssignment, StrategyVersion
from aldia.records.tenancy.models import Creditor
from aldia.records.tenancy.scope import scope
from aldia.rules.portfolio.strategy import read_strategy
from tests.desk.conftest import founded, person, text_of

START = "/acreedor/nueva/arranque/"
ANSWERS = {
    "sells": "fees",
    "buyers": ["families", "public_bodies"],
    "charges": "direct_debit",
    "country": "ES",
    "place": "ES-CN",
    "form": "tu",
    "decides": "all",
}


@pytest.fixture
def nueva(transactional_db):
    return founded("nueva", "Academia Nueva")


@pytest.fixture
def eva(client, nueva):
    client.force_login(person(nueva, "eva@nueva.example", "administrator"))
    return client


def _fields(page) -> dict[str, list[str]]:
    """What the proposal's form would send."""
    pattern = r'<form method="post" action="[^"]*aplicar/".*?</form>'
    (form,) = re.findall(pattern, page.content.decode(), re.DOTALL)
    sent: dict[str, list[str]] = {}
    for tag in re.findall(r"<input[^>]*>", form):
        if 'type="checkbox"' in tag and " checked" not in tag:
            continue
        (name,), values = re.findall(r'name="([^"]*)"', tag), re.findall(r'value="([^"]*)"', tag)
        sent.setdefault(name, []).append(values[0] if values else "")
    return sent


def _apply(browser, answers=ANSWERS, **changed):
    page = browser.get(START + "propuesta/", answers)
    assert page.status_code == 200, text_of(page)
    return browser.post(START + "aplicar/", {**_fields(page), **changed}, follow=True)


def _in_force(creditor) -> dict[str, StrategyVersion]:
    with transaction.atomic(), scope([creditor.pk]):
        rows = StrategyAssignment.objects.select_related("strategy_version")
        return {each.segment: each.strategy_version for each in rows}


def _versions(creditor) -> int:
    with transaction.atomic(), scope([creditor.pk]):
        return StrategyVersion.objects.count()


def test_the_proposal_says_why_and_shows_the_ladder_and_the_first_words(eva):
    text = text_of(eva.get(START + "propuesta/", ANSWERS))
    assert "Le proponemos «Academia: cuotas mensuales»" in text
    assert "Cobra por recibo domiciliado" in text
    assert "Hola, Marta:" in text
    assert "día 7" in text
    assert "La cuota vence hoy" not in text


def test_one_yes_sets_strategies_settings_and_calendar_with_an_entry_in_the_chain(eva, nueva):
    answer = _apply(eva)
    assert answer.redirect_chain[-1][0] == "/acreedor/nueva/importar/nuevo/"
    now = _in_force(nueva)
    assert {segment: version.name for segment, version in now.items()} == {
        "": "academia",
        "business": "pymes",
        "public_body": "administraciones",
    }
    academia = read_strategy(now[""].toml)
    assert all(step.approval for step in academia.steps)
    assert all(notice.approval for notice in academia.documents)
    creditor = Creditor.objects.get(code="nueva")
    assert (creditor.form_of_address, creditor.place, creditor.time_zone) == (
        "tu",
        "ES-CN",
        "Atlantic/Canary",
    )
    assert (str(creditor.run_at), str(creditor.sends_from), str(creditor.sends_until)) == (
        "07:30:00",
        "09:00:00",
        "20:00:00",
    )
    with transaction.atomic(), scope([nueva.pk]):
        entry = AuditEntry.objects.filter(verb="creditor.start_answered").get()
    assert entry.payload["answers"]["buyers"] == ["families", "public_bodies"]
    assert entry.actor.startswith("user:")


def test_the_same_answers_again_change_nothing_and_other_ones_change_what_is_other(eva, nueva):
    _apply(eva)
    versions = _versions(nueva)
    again = text_of(eva.get(START))
    assert "Estas son sus respuestas de la última vez" in again
    _apply(eva)
    assert _versions(nueva) == versions
    with transaction.atomic(), scope([nueva.pk]):
        assert AuditEntry.objects.filter(verb="creditor.start_answered").count() == 1
    before = _in_force(nueva)
    _apply(eva, {**ANSWERS, "decides": "formal"})
    after = _in_force(nueva)
    assert after[""].version == before[""].version + 1
    assert [step.id for step in read_strategy(after[""].toml).steps if step.approval] == ["formal"]


def test_what_is_edited_of_the_proposal_counts(eva, nueva):
    _apply(eva, approval=["firm", "formal"], first_day="5", messages_per_day_max="80", sends_until="")
    academia = read_strategy(_in_force(nueva)[""].toml)
    assert {step.id for step in academia.steps if step.approval} == {"firm", "formal"}
    assert "days_overdue >= 5 " in academia.steps[0].condition.text
    creditor = Creditor.objects.get(code="nueva")
    assert (creditor.messages_per_day_max, creditor.sends_until) == (80, None)


WRONG = [
    {"first_day": "10"},
    {"first_day": "mañana"},
    {"sends_from": "25:00"},
    {"sends_from": "19:00", "sends_until": "09:00"},
    {"messages_per_day_max": "-1"},
]


def test_what_cannot_be_leaves_everything_as_it_was_and_says_so(eva, nueva):
    before = _in_force(nueva)
    for wrong in WRONG:
        answer = _apply(eva, **wrong)
        assert 'class="al-notice al-bad"' in answer.content.decode()
        assert "Le proponemos" in text_of(answer)
    assert _in_force(nueva) == before
    assert Creditor.objects.get(code="nueva").profile == {}


def test_what_was_edited_is_still_there_after_a_mistake(eva):
    typed = {"approval": ["firm"], "first_day": "5", "run_at": "06:15", "sends_from": "25:00"}
    answer = _apply(eva, **typed)
    assert answer.status_code == 422
    fields = _fields(answer)
    assert {name: fields[name] for name in ("first_day", "run_at", "sends_from")} == {
        "first_day": ["5"],
        "run_at": ["06:15"],
        "sends_from": ["25:00"],
    }
    assert fields["approval"] == ["firm"]
    answer = eva.post(START + "aplicar/", {**fields, "sends_from": "09:30"}, follow=True)
    assert answer.status_code == 200
    assert str(Creditor.objects.get(code="nueva").sends_from) == "09:30:00"


def test_a_missing_answer_is_asked_for_again(eva):
    page = eva.get(START + "propuesta/", {"sells": "fees"})
    assert "Falta contestar alguna pregunta" in text_of(page)
    assert page.content.decode().count("sta-missing") == 4


def test_a_strategy_changed_by_hand_is_not_overwritten_unless_somebody_wants_it(eva, nueva):
    from aldia.operations.strategies import set_strategy
    from tests.cli.books import NOW

    mine = _in_force(nueva)[""].toml.replace("spacing_days = 9", "spacing_days = 11")
    with transaction.atomic(), scope([nueva.pk]):
        set_strategy(creditor_id=nueva.pk, toml=mine, now=NOW, actor="prueba")
    page = eva.get(START + "propuesta/", ANSWERS)
    assert "Alguien ha cambiado a mano: particulares" in text_of(page)
    assert "with_strategies" not in _fields(page)
    _apply(eva)
    assert _in_force(nueva)[""].toml == mine
    assert Creditor.objects.get(code="nueva").form_of_address == "tu"
    _apply(eva, with_strategies="yes")
    assert _in_force(nueva)[""].name == "academia"


def test_the_country_may_change_only_before_the_first_invoice(eva, nueva, client, luz):
    _apply(eva, {**ANSWERS, "country": "MX", "place": ""})
    creditor = Creditor.objects.get(code="nueva")
    assert (creditor.country, creditor.currency, creditor.time_zone) == ("MX", "MXN", "America/Mexico_City")
    client.force_login(person(luz, "marta@luz.example", "administrator"))
    page = client.get("/acreedor/luz/arranque/propuesta/", {**ANSWERS, "country": "MX", "place": ""})
    answer = client.post("/acreedor/luz/arranque/aplicar/", _fields(page), follow=True)
    assert "El país no se puede cambiar" in text_of(answer)
    assert Creditor.objects.get(code="luz").country == "ES"


def test_only_who_may_change_settings_answers_the_questions(client, nueva):
    for role in ("viewer", "gestor", "treasurer"):
        client.force_login(person(nueva, f"{role}@nueva.example", role))
        assert client.get(START).status_code == 403
        assert client.post(START + "aplicar/", {}).status_code == 403


def test_two_clicks_set_it_once(eva, nueva):
    fields = _fields(eva.get(START + "propuesta/", ANSWERS))
    for _click in range(2):
        eva.post(START + "aplicar/", fields)
    with transaction.atomic(), scope([nueva.pk]):
        assert AuditEntry.objects.filter(verb="creditor.start_answered").count() == 1

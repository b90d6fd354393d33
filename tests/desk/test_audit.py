"""Auditoría: every verb has words, the filter narrows, the chain is read again, the file is harmless."""

import ast
import re
from pathlib import Path

import pytest
from django.db import transaction

import aldia
from tests.cli.books import NOW
from tests.desk.conftest import founded, person, text_of

HERE = "/acreedor/luz/auditoria/"
_DOTTED = re.compile(r"[a-z_]+(\.[a-z_]+)+")
_NO_VERBS = {"rows.dump"}
_LEDGER_KINDS = ("invoice", "fee", "charge_note", "opening_balance")


@pytest.fixture
def luz(db):
    return founded("luz", "Papelería Luz")


@pytest.fixture
def desk(client, luz):
    """A manager who has just shown who they are."""
    from django.core.cache import cache

    from tests.desk.conftest import PASSWORD

    cache.clear()
    eva = person(luz, "eva@luz.example", "manager")
    client.post("/entrar/", {"username": eva.email, "password": PASSWORD})
    return client


def _note(creditor, verb="task.closed", actor="cli", subject="task:1", at=NOW, **payload):
    from aldia.operations.audit import record_event
    from aldia.records.tenancy.scope import scope

    with transaction.atomic(), scope([creditor.pk]):
        record_event(creditor_id=creditor.pk, verb=verb, subject=subject, actor=actor, payload=payload, at=at)


def _verbs_written():
    """Every dotted text of a module that writes to the chain, but the names of fault points."""
    for path in Path(aldia.__file__).parent.rglob("*.py"):
        source = path.read_text(encoding="utf-8")
        if re.search(r"record_event\(|note_account_change\(", source) and "operations/audit" not in str(path):
            yield from _texts(ast.parse(source))
        yield from (
            f"ledger.{verb}" for verb in re.findall(r'(?:one_verb|_record|_beside_line)\("(\w+)"', source)
        )


def _texts(tree):
    points = {
        id(node)
        for call in ast.walk(tree)
        if isinstance(call, ast.Call) and getattr(call.func, "id", "") == "fault_point"
        for node in call.args
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in points:
            yield from [node.value] if _DOTTED.fullmatch(node.value) else []


def test_every_verb_that_is_written_has_words():
    from aldia.desk.audit.words import VERBS

    written = set(_verbs_written()) | {f"ledger.{kind}_booked" for kind in _LEDGER_KINDS}
    assert len(written) > 40
    assert sorted(written - set(VERBS) - _NO_VERBS) == []


def test_the_newest_stands_first_in_words_with_who_did_it(desk, luz):
    _note(luz, "sending.stopped", actor="user:999999", subject=f"creditor:{luz.pk}")
    rows = text_of(desk.get(HERE))
    assert "Envíos parados" in rows
    assert rows.index("Envíos parados") < rows.rindex("Empresa creada")
    assert "Sobre Número" in rows


def test_names_in_the_chain_are_inert(desk, luz):
    _note(luz, "otro.verbo", actor="<script>alert(1)</script>", subject="x:{{7*7}}", dicho="<img src=x>")
    body = desk.get(HERE).content.decode()
    assert "&lt;script&gt;alert(1)" in body
    assert "<img src=x>" not in body
    assert "{{7*7}}" in body


def test_the_filter_narrows_by_verb_actor_subject_and_day(desk, luz):
    from datetime import timedelta

    _note(luz, "task.closed", actor="jobs", subject="task:7", at=NOW - timedelta(days=3))
    for query, count in (
        ("que=task.closed", 1),
        ("quien=jobs", 1),
        ("sobre=task:7", 1),
        ("dia=2026-11-17", 1),
        ("que=task.closed&quien=cli", 0),
        ("dia=ayer", 5),
        ("dia=9999-12-31", 0),
        ("dia=0001-01-01", 0),
        ("tras=1", 0),
    ):
        body = desk.get(f"{HERE}?{query}").content.decode()
        assert min(body.count("<tr data-row"), 5) == count, query


def test_pages_follow_each_other_without_gap_or_double(desk, luz):
    for number in range(60):
        _note(luz, subject=f"task:{number}")
    first = desk.get(HERE).content.decode()
    (after,) = re.findall(r'rel="next" href="\?([^"]+)"', first)
    second = desk.get(f"{HERE}?{after}").content.decode()
    numbers = [
        int(n) for page in (first, second) for n in re.findall(r'al-code" data-label="[^"]+">(\d+)<', page)
    ]
    assert numbers == list(range(max(numbers), 0, -1))


@pytest.mark.django_db(transaction=True)
def test_a_whole_chain_and_a_tampered_one_are_told_apart(desk, luz, owner_connection):
    _note(luz, minor=100)
    assert "La cadena está entera." in text_of(desk.get(f"{HERE}?comprobar=1"))
    owner_connection.execute("SELECT set_config('aldia.creditor', %s, false)", [str(luz.pk)])
    owner_connection.execute("ALTER TABLE audit_entry DISABLE TRIGGER USER")
    owner_connection.execute("UPDATE audit_entry SET payload = '{\"minor\": 1}' WHERE verb = 'task.closed'")
    owner_connection.execute("ALTER TABLE audit_entry ENABLE TRIGGER USER")
    owner_connection.commit()
    text = text_of(desk.get(f"{HERE}?comprobar=1"))
    assert "ha sido modificada" in text
    assert "alterada" in text
    assert "sello roto" in text


def test_the_file_has_the_entries_asked_for_and_no_formulas(desk, luz):
    _note(luz, "task.closed", actor="=HYPERLINK(1)", subject="+1", dicho="x")
    response = desk.get(f"{HERE}descargar/?que=task.closed")
    lines = response.content.decode("utf-8-sig").splitlines()
    assert len(lines) == 2
    assert ";'=HYPERLINK(1);" in lines[1]
    assert ";'+1;" in lines[1]
    assert response.headers["Content-Disposition"].endswith('"auditoria-luz.csv"')


def test_a_file_is_given_to_who_has_just_shown_who_they_are(client, luz):
    client.force_login(person(luz, "ana@luz.example", "manager"))
    assert client.get(f"{HERE}descargar/").headers["Location"].startswith("/cuenta/confirmar/")


@pytest.mark.parametrize("role", ["gestor", "treasurer", "viewer"])
def test_the_chain_is_not_for_everybody(client, luz, role):
    client.force_login(person(luz, "ines@luz.example", role))
    assert client.get(HERE).status_code == 403


def test_the_chain_of_another_creditor_is_not_shown(desk, luz):
    _note(founded("sombra", "Sombra"), "otro.verbo")
    assert "otro.verbo" not in text_of(desk.get(HERE))


def test_a_page_asks_the_database_little(desk, luz, django_assert_max_num_queries):
    for number in range(50):
        _note(luz, subject=f"task:{number}", actor=f"user:{number}")
    with django_assert_max_num_queries(15):
        desk.get(HERE)

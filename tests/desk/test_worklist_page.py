"""«Cola», «Compromisos» and «Equipo»: what is shown, what is done, by whom, and once."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from django.urls import reverse

from aldia.operations.cases import leave_case, prioritise, take_case
from aldia.operations.consents import NewConsent, record_consent
from aldia.operations.plans_b import write_plan_b
from aldia.operations.promises import NewPromise, record_promise
from aldia.operations.teams import CollectorTerms, set_collector
from aldia.records.cases.models import (
    Call,
    Case,
    CaseLock,
    CaseNote,
    PlanB,
    Promise,
    PromiseOutcome,
    Task,
)
from aldia.records.ledger.models import Overlay
from aldia.records.outreach.models import Alert
from aldia.records.parties.models import Customer, CustomerGroup
from aldia.records.tenancy.models import Membership
from aldia.records.tenancy.scope import scope
from aldia.rules.portfolio.plan_b import serves_until
from tests.cli.books import DAY, NOW
from tests.desk.conftest import person, questions, text_of
from tests.desk.worklist_world import COLA, case_of, member, morning

CARD = f"{COLA}ficha/"


@pytest.fixture
def luz(transactional_db: None, monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setenv("ALDIA_NOW", NOW.isoformat())
    return morning(5)


@pytest.fixture
def gema(client: Any, luz: Any) -> Any:
    """A browser of the gestor whose cases they are."""
    client.force_login(_gema(luz).user)
    return client


def _gema(luz: Any) -> Membership:
    return Membership.objects.get(creditor=luz, user__email="gema@luz.example")


def _ask(creditor: Any, asked: Any) -> Any:
    with transaction.atomic(), scope([creditor.pk]):
        return asked()


def _card(client: Any, luz: Any, code: str) -> Any:
    return client.get(CARD, {"ver": case_of(luz, code).pk})


def _work(client: Any, luz: Any, code: str, *, key: str = "k", **said: Any) -> Any:
    case = case_of(luz, code)
    form = {"once": key, "version": case.version, "priority": 0, "initial-priority": 0, "amount": "10,00"}
    return client.post(f"{COLA}{case.pk}/trabajo/", form | said, follow=True)


def _promised(luz: Any, code: str, minor: int = 100_000, days: int = 7) -> Promise:
    new = NewPromise(minor, "EUR", DAY + timedelta(days=days))
    by = {"creditor": luz, "actor": "user:1", "now": NOW, "member": _gema(luz)}
    return record_promise(**by, customer_id=case_of(luz, code).customer_id, new=new)


def test_the_best_case_stands_first_and_is_asked_for_by_itself(gema, luz):
    page = gema.get(COLA)
    text = text_of(page)
    assert "5 expedientes por trabajar" in text
    assert "0 de 40 hoy" in text
    assert text.index("Cliente 01") < text.index("Cliente 05")
    assert f"ficha/?quien=mine&amp;ver={case_of(luz, 'C01').pk}" in page.content.decode()


def test_the_case_says_why_now_what_is_owed_and_what_may_be_said(gema, luz):
    text = text_of(_card(gema, luz, "C01"))
    assert "5.100,01 € por reclamar con 51 días de retraso" in text
    assert "F-1A" in text
    assert "Se le puede llamar ahora." in text
    assert "+34 600 000 001" in text
    assert "Si contesta otra persona" in text
    assert "Nada: es el primer contacto que consta." not in text  # the run has planned a message
    assert "ya no está en la cola" in text_of(gema.get(CARD, {"ver": 99_999}))


def test_the_pages_ask_a_bounded_number_of_questions(gema, luz):
    pages = {COLA: 20, f"{CARD}?ver={case_of(luz, 'C01').pk}": 60, f"{COLA}compromisos/": 20}
    _promised(luz, "C01")
    for address, most in pages.items():
        gema.get(address)
        with questions() as asked:
            assert gema.get(address).status_code == 200
        assert len(asked) <= most, (address, len(asked))


def test_a_call_is_saved_once_said_and_taken_back(gema, luz):
    said = {"reached": "nobody", "number": "+34 600 000 001", "note": "Comunica todo el rato"}
    text = text_of(_work(gema, luz, "C01", **said))
    assert "Guardado: llamada. Cliente 01" in text
    assert "1 de 40 hoy" in text
    assert "Eso ya estaba hecho." in text_of(_work(gema, luz, "C01", **said))
    call = _ask(luz, Call.objects.get)
    assert (call.outcome, call.note, call.case_id) == ("no_answer", said["note"], case_of(luz, "C01").pk)
    page = gema.get(COLA)
    (done,) = re.findall(r'name="done" value="(\d+)"', page.content.decode())
    text = text_of(gema.post(f"{COLA}deshacer/", {"once": "u", "done": done}, follow=True))
    assert "Deshecho: queda como estaba" in text
    assert "0 de 40 hoy" in text
    assert _ask(luz, lambda: Call.objects.latest("pk").outcome) == "undone"
    again = text_of(gema.post(f"{COLA}deshacer/", {"once": "v", "done": done}, follow=True))
    assert "ya no se puede deshacer desde aquí" in again


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({}, "No hay nada que guardar"),
        ({"outcome": "spoken"}, "Diga quién contestó."),
        ({"reached": "right_party"}, "Diga en qué quedó la llamada."),
        ({"reached": "right_party", "outcome": "promise"}, "Diga qué día paga."),
        ({"reached": "nobody", "outcome": "spoken"}, "no cuadra con que no contestó nadie"),
        ({"promised_on": "2026-11-19"}, "Esa fecha ya ha pasado"),
        ({"promised_on": "2026-11-27", "amount": "99.999,00"}, "Es más de lo que debe"),
        ({"hold_reason": "Vacaciones"}, "Una pausa necesita su fecha de fin."),
        ({"hold_until": "2026-12-01"}, "Diga por qué se pone en pausa."),
        ({"hold_until": "2027-12-01", "hold_reason": "x"}, "Una pausa dura como mucho"),
        ({"next_time": "10:00"}, "Una hora necesita su día."),
        ({"next_on": "2026-11-01"}, "no puede ser en el pasado"),
        ({"disputed": "on"}, "Marque en la lista las partidas que no acepta."),
        ({"dispute_reason": "Falta un abono"}, "Para que conste, marque las partidas que no acepta"),
        (
            {"reached": "right_party", "outcome": "dispute", "dispute_reason": "Falta un abono"},
            "Dice qué no acepta, pero no de qué partidas",
        ),
        ({"reached": "nobody", "at": "2026-11-20T10:30"}, "Una llamada que todavía no ha sido no se anota"),
        ({"at": "2026-11-20T09:30"}, "Diga en qué quedó la llamada."),
    ],
)
def test_what_cannot_be_comes_back_with_its_reason_and_what_was_typed(gema, luz, said, sentence):
    answer = _work(gema, luz, "C01", **said, promised_by="Ana de la tienda")
    assert answer.status_code == 422
    assert sentence in text_of(answer)
    assert "Ana de la tienda" in answer.content.decode()
    assert _ask(luz, lambda: (Call.objects.count(), Promise.objects.count(), CaseNote.objects.count())) == (
        0,
        0,
        0,
    )


def test_who_comes_second_sees_what_changed_and_keeps_the_colleague_s_word(gema, luz):
    case = case_of(luz, "C01")
    _ask(luz, lambda: Case.objects.filter(pk=case.pk).update(version=case.version + 1, priority=1))
    form = {"once": "k", "version": case.version, "priority": 0, "initial-priority": 0, "note": "Mi nota"}
    answer = gema.post(f"{COLA}{case.pk}/trabajo/", form)
    assert answer.status_code == 409
    assert "ha cambiado este expediente" in text_of(answer)
    assert "Mi nota" in answer.content.decode()
    assert case_of(luz, "C01").priority == 1


def test_what_was_noted_stands_among_the_last_things(gema, luz):
    _work(gema, luz, "C01", note="Prefiere que se le llame por la tarde")
    assert "Prefiere que se le llame por la tarde" in text_of(_card(gema, luz, "C01"))


def test_a_promise_of_ticked_lines_is_for_those(gema, luz):
    case = case_of(luz, "C01")
    lines = _ask(luz, lambda: list(_lines(case.customer_id)))
    said = {"promised_on": "2026-11-27", "amount": "200,01", "line": lines[1]}
    text = text_of(_work(gema, luz, "C01", **said))
    assert "compromiso de 200,01 € para el vie 27 nov 2026" in text
    assert "200,01 €" in text_of(gema.get(f"{COLA}compromisos/"))
    assert "prometida" in text_of(_card(gema, luz, "C01"))


def test_what_is_not_accepted_is_kept_with_its_lines(gema, luz):
    first, second = _ask(luz, lambda: list(_lines(case_of(luz, "C01").customer_id)))
    said = {"reached": "right_party", "outcome": "dispute", "number": "+34 600 000 001"}
    _work(gema, luz, "C01", **said, line=first, dispute_reason=" Falta un abono ")
    _work(gema, luz, "C01", key="l", **said, line=second, direction="in")
    kept = _ask(luz, lambda: dict(Overlay.objects.values_list("due_line_id", "reason")))
    assert kept == {first: "Falta un abono", second: "Según la llamada"}


def test_a_call_is_judged_at_the_hour_it_was_made(gema, luz, monkeypatch):
    monkeypatch.setenv("ALDIA_NOW", "2026-11-20T20:03:00+00:00")
    said = {"reached": "nobody", "number": "+34 600 000 001"}
    late = _work(gema, luz, "C01", **said)
    assert (late.status_code, "Si ya se ha hecho, dígalo" in text_of(late)) == (422, True)
    assert _work(gema, luz, "C01", **said, at="2026-11-20T20:55").status_code == 200
    call = _ask(luz, Call.objects.get)
    assert (call.at.isoformat(), call.refusal) == ("2026-11-20T19:55:00+00:00", None)


def test_a_number_that_may_not_be_dialled_asks_whether_it_was(gema, luz):
    other = "+34 600 999 999"
    customer = case_of(luz, "C01").customer_id
    refused = NewConsent("call", "refused", other)
    record_consent(creditor=luz, customer_id=customer, new=refused, actor="user:1", now=NOW)
    said = {"reached": "nobody", "number": "+34 600 000 001", "typed_number": other}
    answer = _work(gema, luz, "C01", **said)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Se le puede llamar ahora." in text_of(answer)
    assert 'name="made_anyway"' in page
    assert "Si ya se ha hecho, dígalo" in text_of(answer)
    assert _work(gema, luz, "C01", **said, made_anyway="on").status_code == 200


def test_a_fault_of_what_is_folded_away_opens_it(gema, luz):
    said = {"reached": "right_party", "outcome": "spoken", "number": "+34 600 000 001"}
    page = _work(gema, luz, "C01", **said, number_status="disconnected").content.decode()
    folded = page[: page.index('name="number_status"')].rsplit("<details", 1)[1]
    assert folded.split(">")[0].endswith(" open")


def _lines(customer_id: int) -> Any:
    from aldia.records.ledger.models import DueLine

    return DueLine.objects.filter(customer_id=customer_id).order_by("pk").values_list("pk", flat=True)


def test_the_reason_is_not_asked_where_the_law_forbids_it(gema, luz):
    card = _card(gema, luz, "C01").content.decode()
    assert "Por qué no ha pagado" in card
    assert "sin que se le preguntara" not in card
    _ask(luz, lambda: Customer.objects.filter(code="C01").update(country="CO", person_kind="consumer"))
    card = _card(gema, luz, "C01").content.decode()
    assert "Ha dicho por qué no paga, sin que se le preguntara" in card
    said = {"reached": "right_party", "outcome": "spoken", "reason": "forgot", "made_anyway": "on"}
    assert _work(gema, luz, "C01", **said).status_code == 200
    assert _ask(luz, lambda: Call.objects.get().volunteered) is True


def test_a_lock_is_taken_kept_and_left_and_a_colleague_s_makes_the_panel_read_only(gema, luz):
    case, other = case_of(luz, "C01"), case_of(luz, "C02")
    assert gema.post(f"{COLA}{case.pk}/tomar/").status_code == 204
    assert gema.post(f"{COLA}{case.pk}/tomar/").status_code == 204
    assert _ask(luz, CaseLock.objects.count) == 1
    assert gema.post(f"{COLA}{case.pk}/dejar/").status_code == 204
    assert _ask(luz, CaseLock.objects.count) == 0
    marta = member(luz, "marta@luz.example", "gestor", "Marta Ríos")
    take_case(creditor=luz, case_id=other.pk, member=marta, now=NOW)
    taken = gema.post(f"{COLA}{other.pk}/tomar/")
    assert (taken.status_code, "Lo tiene abierto Marta Ríos" in text_of(taken)) == (409, True)
    card = _card(gema, luz, "C02").content.decode()
    assert "<fieldset disabled>" in card
    assert "Tomarlo de todos modos" not in card
    assert "lo tiene abierto Marta Ríos" in text_of(gema.get(COLA))
    assert "tiene abierto este expediente" in text_of(_work(gema, luz, "C02", note="Algo"))
    assert gema.post(f"{COLA}{other.pk}/asumir/", {"once": "k"}).status_code == 403


def test_a_lead_takes_over(client, luz):
    rosa = member(luz, "rosa@luz.example", "manager", "Rosa Lago")
    case = case_of(luz, "C02")
    take_case(creditor=luz, case_id=case.pk, member=_gema(luz), now=NOW)
    client.force_login(rosa.user)
    assert "Tomarlo de todos modos" in text_of(_card(client, luz, "C02"))
    text = text_of(client.post(f"{COLA}{case.pk}/asumir/", {"once": "k"}, follow=True))
    assert "Ahora lo tiene abierto usted." in text
    assert _ask(luz, lambda: CaseLock.objects.get().member_id) == rosa.pk


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("?q=cliente+03", ["Cliente 03"]),
        ("?importe=4.900", ["Cliente 01", "Cliente 02", "Cliente 03"]),
        ("?dias=54", ["Cliente 04", "Cliente 05"]),
        ("?estado=promised", []),
        ("?quien=nobody", []),
        ("?quien=all&motivo=6&dias=55", ["Cliente 05"]),
        ("?quien=all&clase=careless&hoy=1&dias=55", ["Cliente 05"]),
    ],
)
def test_the_list_is_narrowed(gema, query, shown):
    text = text_of(gema.get(COLA + query))
    assert [
        f"Cliente {n:02}" for n in range(1, 6) if f"Marcar Cliente {n:02}" in _labels(gema, query)
    ] == shown
    assert shown or "Ningún expediente con esos filtros" in text or "Aquí no hay ningún expediente" in text


def _labels(client: Any, query: str) -> list[str]:
    return re.findall(r'aria-label="(Marcar Cliente \d\d)"', client.get(COLA + query).content.decode())


def test_who_works_no_cases_sees_everybodys_first(client, luz):
    client.force_login(person(luz, "eva@luz.example", "manager"))
    assert "5 expedientes por trabajar" in text_of(client.get(COLA))
    own = text_of(client.get(f"{COLA}?quien=mine"))
    assert "No lleva ningún expediente" in own
    assert "Verlos todos" in own


def test_empty_lists_teach(client, luz):
    eva = member(luz, "eva@luz.example", "gestor", "Eva Gil")
    set_collector(creditor=luz, member_id=eva.pk, terms=CollectorTerms(), actor="prueba", now=NOW)
    client.force_login(eva.user)
    assert "No lleva ningún expediente" in text_of(client.get(COLA))
    assert "Todavía no hay compromisos" in text_of(client.get(f"{COLA}compromisos/"))
    _ask(luz, _close_all)
    assert "No hay ningún expediente abierto" in text_of(client.get(COLA))


def _close_all() -> None:
    for case in Case.objects.all():
        case.state, case.closed_on, case.version = "closed", DAY, case.version + 1
        case.save()


def _ticked(luz: Any, *codes: str) -> list[str]:
    """As the list posts them: each with the version it showed."""
    return [f"{case.pk}.{case.version}" for case in (case_of(luz, code) for code in codes)]


def test_many_are_put_off_noted_and_ranked_at_once(gema, luz):
    many, two = f"{COLA}varios/", ("C01", "C02")

    def said(key: str, **words: Any) -> str:
        form = {"once": key, "case": _ticked(luz, *two), **words}
        return text_of(gema.post(many, form, follow=True))

    assert "2 expedientes quedan para ese día." in said("a", what="next", on="2026-11-24")
    assert "2 expedientes cambian de prioridad." in said("b", what="priority", priority="1")
    assert "Nota escrita en 2 expedientes." in said("c", what="note", note="Cierran en agosto")
    assert "Diga hasta qué día." in said("d", what="next", on="")
    assert "Elija una prioridad." in said("e", what="priority", priority="9")
    assert "Elija qué se hace con los marcados." in said("f")
    assert "Marque primero los expedientes." in text_of(gema.post(many, {"once": "g"}, follow=True))
    assert (case_of(luz, "C01").next_on, case_of(luz, "C02").priority) == (DAY + timedelta(days=4), 1)
    assert gema.post(f"{COLA}repartir/", {"once": "h", "case": _ticked(luz, *two)}).status_code == 403


@pytest.mark.parametrize(
    "act",
    [
        {"what": "next", "on": "2026-11-24"},
        {"what": "priority", "priority": "1"},
        {"what": "note", "note": "Cierran en agosto"},
    ],
    ids=["next", "priority", "note"],
)
def test_what_was_done_to_many_is_taken_back_in_one_go(gema, luz, act):
    codes = ("C01", "C02", "C03")
    before = [(c.next_on, c.priority) for c in (case_of(luz, code) for code in codes)]
    page = gema.post(f"{COLA}varios/", {"once": "a", "case": _ticked(luz, *codes), **act}, follow=True)
    (done,) = re.findall(r'name="done" value="(\d+)"', page.content.decode())
    prioritise(creditor=luz, case_ids=[case_of(luz, "C03").pk], priority=-1, actor="prueba", now=NOW)
    is_note = act["what"] == "note"
    assert _ask(luz, CaseNote.objects.count) == (3 if is_note else 0)
    text = text_of(gema.post(f"{COLA}deshacer/", {"once": "u", "done": done}, follow=True))
    if is_note:
        assert "Deshecho: 3 expedientes quedan como estaban." in text
        assert _ask(luz, CaseNote.objects.exclude(withdraws=None).count) == 3
    else:
        assert "Deshecho: 2 expedientes quedan como estaban. 1 no se toca: alguien lo ha cambiado" in text
        assert case_of(luz, "C03").priority == -1
    assert [(c.next_on, c.priority) for c in (case_of(luz, code) for code in codes[:2])] == before[:2]
    again = text_of(gema.post(f"{COLA}deshacer/", {"once": "v", "done": done}, follow=True))
    assert "ya no se puede deshacer desde aquí" in again


def test_many_are_changed_only_as_they_were_seen_and_while_nobody_else_has_them_open(gema, luz):
    marta = member(luz, "marta@luz.example", "gestor", "Marta Ríos")
    seen = _ticked(luz, "C01", "C02")
    act = {"what": "priority", "priority": "1"}

    def said(key: str, case: list[str]) -> str:
        return text_of(gema.post(f"{COLA}varios/", {"once": key, "case": case, **act}, follow=True))

    take_case(creditor=luz, case_id=case_of(luz, "C02").pk, member=marta, now=NOW)
    assert "Marta Ríos tiene abierto «Cliente 02»: no se ha cambiado ninguno." in said("a", seen)
    leave_case(creditor=luz, case_id=case_of(luz, "C02").pk, member=marta, now=NOW)
    prioritise(creditor=luz, case_ids=[case_of(luz, "C01").pk], priority=-1, actor="prueba", now=NOW)
    assert "«Cliente 01» ha cambiado desde que usted abrió la lista" in said("b", seen)
    assert [case_of(luz, code).priority for code in ("C01", "C02")] == [-1, 0]
    assert "2 expedientes cambian de prioridad." in said("c", _ticked(luz, "C01", "C02"))


def test_a_lead_gives_cases_to_others_one_by_one_and_all_at_once(client, luz):
    rosa = member(luz, "rosa@luz.example", "manager", "Rosa Lago")
    marta = member(luz, "marta@luz.example", "gestor", "Marta Ríos")
    client.force_login(rosa.user)
    given = {"once": "a", "case": _ticked(luz, "C01", "C02"), "owner": marta.pk, "lista": "?quien=all"}
    assert "2 expedientes cambian de manos." in text_of(client.post(f"{COLA}repartir/", given, follow=True))
    board = text_of(client.get(f"{COLA}equipo/"))
    assert "Gema Sol 0 de 40" in board
    assert "2 expedientes son de Marta Ríos, que no figura como gestor." in board
    form = {"once": "b", "from": _gema(luz).pk, "to": marta.pk}
    assert "3 expedientes cambian de manos." in text_of(
        client.post(f"{COLA}equipo/pasar/", form, follow=True)
    )
    own = form | {"once": "d", "to": form["from"]}
    assert "esos expedientes ya son suyos" in text_of(client.post(f"{COLA}equipo/pasar/", own, follow=True))
    empty = text_of(client.post(f"{COLA}equipo/pasar/", form | {"once": "c"}, follow=True))
    assert "No tiene ningún expediente abierto." in empty
    assert _ask(luz, lambda: Case.objects.filter(owner_id=marta.pk).count()) == 5


def _task(luz: Any, code: str, kind: str, key: str, **said: Any) -> Any:
    facts = {"creditor": luz, "customer_id": case_of(luz, code).customer_id, "due_on": DAY} | said
    return _ask(luz, lambda: Task.objects.create(**facts, kind=kind, once_key=key).pk)


def test_a_task_is_named_shown_and_done_beside_its_case(gema, luz):
    case, before = case_of(luz, "C05"), DAY - timedelta(days=2)
    planned = _task(luz, "C05", "dunning", "t1", channel="call", due_on=before)
    plan = f"customer:{case.customer_id}/plan_b/{DAY + timedelta(days=10)}"
    _task(luz, "C05", "plan_b", plan, due_on=before)
    asked = "Preparar un plan B antes de que venza el lun 30 nov 2026"
    paid = _task(luz, "C05", "check_payment", "t2", due_on=before)
    text = text_of(gema.get(COLA))
    assert text.index("Cliente 05") < text.index("Cliente 01")
    assert "Tarea sin hacer desde el mié 18 nov 2026: Llamar al cliente" in text
    _ask(luz, lambda: Task.objects.filter(pk=planned).update(due_on=DAY))
    sentence = "Tarea sin hacer desde el mié 18 nov 2026: Comprobar el pago que dice haber hecho"
    assert sentence in text_of(gema.get(COLA))
    page = _card(gema, luz, "C05")
    assert sentence in text_of(page)
    assert asked in text_of(page)
    tasks = f"{COLA}{case.pk}/tareas/"
    assert f"{tasks}{planned}/" not in page.content.decode(), "it is done by calling"
    said = {"once": "a", "done": "1", "lista": "?quien=all"}
    done = gema.post(f"{tasks}{paid}/", said)
    assert done.url == f"{COLA}?quien=all&ver={case.pk}"
    assert "Tarea hecha." in text_of(gema.get(done.url))
    assert _ask(luz, lambda: Task.objects.get(pk=paid).state) == "done"
    again = text_of(gema.post(f"{tasks}{paid}/", said | {"once": "b"}, follow=True))
    assert "Esta tarea ya no está pendiente" in again
    _ask(luz, lambda: Task.objects.filter(pk=planned).update(state="done", closed_on=DAY))
    assert asked in text_of(gema.get(COLA)), "and not that it is late"
    marta = member(luz, "marta@luz.example", "gestor", "Marta Ríos")
    take_case(creditor=luz, case_id=case.pk, member=marta, now=NOW)
    copy = _task(luz, "C05", "send_copy", "t3")
    refused = text_of(gema.post(f"{tasks}{copy}/", {"once": "c"}, follow=True))
    assert "tiene abierto este expediente" in refused
    assert f"{tasks}{copy}/" not in _card(gema, luz, "C05").content.decode()


_OLD_PLAN = {"for_on": DAY - timedelta(days=61), "text": "Un plan de antes.", "actor": "user:1"}


def test_a_plan_b_stands_beside_the_case_for_as_long_as_it_serves(gema, luz):
    customer = case_of(luz, "C01").customer_id
    by = {"creditor": luz, "customer_id": customer, "actor": "user:1", "now": NOW}
    write_plan_b(**by, for_on=DAY, text="Llamar a su gerente y ofrecer dos plazos.")
    assert "Llamar a su gerente y ofrecer dos plazos." in text_of(_card(gema, luz, "C01"))
    assert serves_until(DAY) == DAY + timedelta(days=60)
    _ask(luz, lambda: PlanB.objects.create(**_OLD_PLAN, creditor=luz, customer_id=customer, at=NOW))
    assert "Un plan de antes." not in text_of(_card(gema, luz, "C01"))


def test_a_finished_queue_says_so_and_opens_nothing_that_may_wait(gema, luz):
    for place in range(1, 5):
        _work(gema, luz, f"C{place:02}", key=f"k{place}", note="Visto")
    left = gema.get(COLA)
    assert "1 expediente por trabajar" in text_of(left)
    assert f"ver={case_of(luz, 'C05').pk}" in left.content.decode()
    _work(gema, luz, "C05", key="k5", note="Visto")
    page = gema.get(COLA)
    text = text_of(page)
    assert "Por hoy está todo. Quedan 5 expedientes que pueden esperar" in text
    assert "Elija un expediente de la lista para abrirlo." in text
    assert 'hx-trigger="load"' not in page.content.decode()
    aside = text_of(gema.get(f"{COLA}?motivo=7"))
    assert "por trabajar" not in aside
    assert "Ya se ha trabajado hoy" in aside


def test_what_a_colleague_has_open_does_not_open_by_itself(gema, luz):
    marta = member(luz, "marta@luz.example", "gestor", "Marta Ríos")
    for place in range(1, 6):
        case = case_of(luz, f"C{place:02}")
        take_case(creditor=luz, case_id=case.pk, member=marta, now=NOW)
    text = text_of(gema.get(COLA))
    assert "Elija un expediente de la lista para abrirlo." in text
    assert "Por hoy está todo." not in text


def test_how_words_are_kept_is_told_by_number_and_by_money(client, luz):
    for code, verdict, paid in (("C01", "kept", 100_000), ("C02", "partly_kept", 30_000)):
        promise = _promised(luz, code)
        with transaction.atomic(), scope([luz.pk]):
            PromiseOutcome.objects.create(
                creditor=luz, promise=promise, customer_id=promise.customer_id, verdict=verdict,
                decided_on=DAY, paid_minor=paid, actor="run:1",
            )  # fmt: skip
    client.force_login(member(luz, "rosa@luz.example", "manager", "Rosa Lago").user)
    assert "50,0 % 65,0 % del dinero (EUR)" in text_of(client.get(f"{COLA}equipo/"))
    where = f"/acreedor/luz/clientes/{case_of(luz, 'C02').customer_id}/relacion/ficha/"
    card = text_of(client.get(where, headers={"HX-Request": "true"}))
    assert "0 cumplido de 1 30,0 % del dinero (EUR)" in card


def test_a_list_is_kept_under_a_name_and_forgotten(gema, luz):
    keep = {"once": "a", "name": "Los grandes", "lista": "?importe=4.900&quien=all"}
    assert "Vista guardada: «Los grandes»." in text_of(gema.post(f"{COLA}vistas/", keep, follow=True))
    page = gema.get(COLA).content.decode()
    assert "?quien=all&amp;importe=4.900" in page
    (view,) = re.findall(r"vistas/(\d+)/olvidar", page)
    assert "Vista olvidada." in text_of(
        gema.post(f"{COLA}vistas/{view}/olvidar/", {"once": "b"}, follow=True)
    )


def test_promises_stand_by_date_and_are_withdrawn_with_a_reason(gema, luz):
    for code, days in (("C01", 0), ("C02", 2), ("C03", 30)):
        made = _promised(luz, code, days=days)
    text = text_of(gema.get(f"{COLA}compromisos/"))
    assert "3 compromisos pendientes" in text
    assert "Por llegar: 3.000,00 €" in text
    assert text.index("Cliente 01") < text.index("Esta semana") < text.index("Más adelante")
    address = f"{COLA}compromisos/{made.pk}/retirar/"
    assert "Diga por qué" in text_of(gema.post(address, {"once": "a", "reason": " "}, follow=True))
    said = {"once": "b", "reason": "Se anotó en otro cliente"}
    text = text_of(gema.post(address, said, follow=True))
    assert "Compromiso retirado" in text
    assert "Se anotó en otro cliente" in text
    assert "2 compromisos pendientes" in text
    assert "Los que anoté yo" in text_of(gema.get(f"{COLA}compromisos/?quien=mios"))


def test_the_sheet_and_today_tell_of_the_work(gema, luz):
    _promised(luz, "C01", days=0)
    _work(gema, luz, "C02", next_action="Llamar a Ana", next_on="2026-11-20", next_time="13:00")
    sheet = text_of(gema.get(reverse("desk:customer", args=["luz", case_of(luz, "C02").customer_id])))
    assert "Expediente de cobro En gestión · Gema Sol" in sheet
    assert "Próxima acción: 20/11/2026, 13:00 · Llamar a Ana" in sheet
    sheet = text_of(gema.get(reverse("desk:customer", args=["luz", case_of(luz, "C01").customer_id])))
    assert "Pendiente 1.000,00 € para el vie 20 nov 2026" in sheet
    today = text_of(gema.get("/acreedor/luz/"))
    assert "5 expedientes suyos · 1 llamada a su hora · 1 compromiso vence" in today


def test_the_others_of_a_group_are_worked_together(gema, luz):
    _ask(luz, lambda: _grouped(luz))
    text = text_of(_card(gema, luz, "C01"))
    assert "Del mismo grupo: Grupo Sol Cliente 02 5.000,02 €" in text
    group = _ask(luz, lambda: CustomerGroup.objects.get().pk)
    assert f"grupo={group}" in _card(gema, luz, "C01").content.decode()
    together = f"?quien=all&grupo={group}"
    assert _labels(gema, together) == ["Marcar Cliente 01", "Marcar Cliente 02"]
    assert "Grupo Sol" in text_of(gema.get(COLA + together))
    assert len(_labels(gema, "?quien=all")) == 5


def test_what_the_lead_is_to_decide_is_escalated_and_they_are_told(gema, luz, client):
    lead = member(luz, "rosa@luz.example", "manager", "Rosa Lago")
    case = case_of(luz, "C01")
    said = text_of(_work(gema, luz, "C01", state="escalated", note="Pide quitar los intereses"))
    assert "Guardado: nota, escalado." in said
    assert case_of(luz, "C01").state == "escalated"
    assert _labels(gema, "?quien=all&estado=escalated") == ["Marcar Cliente 01"]
    told = _ask(luz, lambda: Alert.objects.get(kind="escalated"))
    assert (told.member_id, told.detail, told.subject) == (lead.pk, "Gema Sol", f"case:{case.pk}")
    _work(gema, luz, "C01", key="h", hold_until="2026-12-01", hold_reason="Espera al director")
    assert case_of(luz, "C01").state == "escalated", "a pause decides nothing"
    _work(gema, luz, "C01", key="2", state="working")
    assert case_of(luz, "C01").state == "working"
    _work(gema, luz, "C01", key="3", state="escalated")
    assert _ask(luz, lambda: Alert.objects.filter(kind="escalated").count()) == 2
    client.force_login(lead.user)
    assert f"/cola/?quien=all&amp;ver={case.pk}" in client.get("/acreedor/luz/avisos/").content.decode()
    assert "1 expediente escalado a la espera de quien dirige." in text_of(client.get(f"{COLA}equipo/"))


def _grouped(luz: Any) -> None:
    group = CustomerGroup.objects.create(creditor=luz, code="SOL", name="Grupo Sol")
    Customer.objects.filter(code__in=("C01", "C02")).update(group=group)


def test_who_only_looks_sees_no_panel(client, luz):
    client.force_login(person(luz, "ines@luz.example", "viewer"))
    card = _card(client, luz, "C01").content.decode()
    assert "trabajo/" not in card
    assert "Marcar F-1A" not in card
    assert client.post(f"{COLA}{case_of(luz, 'C01').pk}/trabajo/", {"once": "k"}).status_code == 403
    assert client.get(f"{COLA}equipo/").status_code == 403

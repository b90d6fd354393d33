"""What a person says of how a customer pays: kept beside what is inferred, until it is given back."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction

from aldia.operations.creditors import create_creditor
from aldia.operations.kinds import KindRefused, judge_kind
from aldia.operations.replies import record_reply
from aldia.operations.run import daily_run
from aldia.queries.customers import UnknownCustomer
from aldia.queries.kinds import judgements_of, kind_of
from aldia.queries.timeline import timeline
from aldia.records.audit.models import AuditEntry
from aldia.records.cases.models import Call, DebtorKind, KindJudgement
from aldia.records.closing.models import Standing
from aldia.records.parties.models import Customer
from aldia.records.tenancy.scope import scope
from aldia.rules.portfolio.kind_words import KIND_LABELS
from tests import factories as make
from tests.cli.books import DAY, NOW, Books, write_books

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


@pytest.fixture
def luz() -> Any:
    creditor = create_creditor(
        name="Papelería Luz", country="ES", code="luz", now=NOW, actor="prueba"
    ).creditor
    write_books(creditor)
    return creditor


def _id(creditor: Any, code: str) -> int:
    with transaction.atomic(), scope([creditor.pk]):
        return int(Customer.objects.get(code=code).pk)


def _judge(creditor: Any, code: str, kind: str, note: str = "", **more: Any) -> KindJudgement:
    said: dict[str, Any] = {"kind": kind, "note": note, "actor": "user:17", "now": NOW} | more
    return judge_kind(creditor=creditor, customer_id=_id(creditor, code), **said)


def _seen(creditor: Any, code: str, on: Any = DAY) -> Any:
    with transaction.atomic(), scope([creditor.pk]):
        return kind_of(creditor, Customer.objects.get(code=code).pk, on)


def _kept(creditor: Any) -> dict[str, str]:
    with transaction.atomic(), scope([creditor.pk]):
        return dict(Standing.objects.values_list("code", "debtor_kind"))


def test_a_judgement_stands_before_what_is_inferred_and_the_run_keeps_it(luz: Any) -> None:
    assert (_seen(luz, "TARDE").kind, _seen(luz, "INCIDENCIA").kind) == ("unknown", "circumstantial")
    made = _judge(luz, "TARDE", "careless", "Siempre lo paga en cuanto se le recuerda.")
    assert (made.kind, made.inferred, made.on_date) == ("careless", "", DAY)
    seen = _seen(luz, "TARDE")
    assert (seen.kind, seen.inferred, seen.because) == ("careless", "unknown", "no_evidence")
    assert (seen.label, seen.judged_by, seen.judged_on) == ("Se le pasa", "user:17", DAY)
    assert _seen(luz, "TARDE", DAY - timedelta(days=1)).kind == "unknown", "it was not yet said"
    daily_run(creditor=luz, on=DAY, now=NOW, actor="prueba")
    assert _kept(luz)["TARDE"] == "careless"
    assert _kept(luz)["INCIDENCIA"] == "circumstantial"
    assert _kept(luz)["PRONTO"] == "unknown"


def test_what_was_said_is_given_back_and_all_of_it_stays_on_record(luz: Any) -> None:
    _judge(luz, "TARDE", "careless", "Se le olvida.")
    _judge(luz, "TARDE", "stalling", "Lo dice su socio.")
    _judge(luz, "TARDE", "", "Era otro.")
    assert _seen(luz, "TARDE").kind == "unknown"
    with transaction.atomic(), scope([luz.pk]):
        customer = Customer.objects.get(code="TARDE").pk
        history = judgements_of(luz, customer, DAY)
        told = timeline(luz, customer, titles={}, until=DAY, topics=("circumstances",)).entries
    assert [each.kind for each in history] == ["", "stalling", "careless"]
    assert [(each.title, each.note) for each in told] == [
        ("Cómo paga: de nuevo lo que se deduce", "Era otro."),
        ("Cómo paga: retrasa el pago", "Lo dice su socio."),
        ("Cómo paga: se le pasa", "Se le olvida."),
    ]
    with transaction.atomic(), scope([luz.pk]):
        verbs = AuditEntry.objects.filter(verb__startswith="customer.kind").order_by("pk")
        assert [(each.verb, each.payload["kind"]) for each in verbs] == [
            ("customer.kind_judged", "careless"),
            ("customer.kind_judged", "stalling"),
            ("customer.kind_released", ""),
        ]


def test_the_same_said_twice_is_said_once(luz: Any) -> None:
    first = _judge(luz, "TARDE", "careless", "Se le olvida.")
    again = _judge(luz, "TARDE", "careless", " Se le olvida. ")
    assert again.pk == first.pk
    with transaction.atomic(), scope([luz.pk]):
        assert KindJudgement.objects.count() == 1
        assert AuditEntry.objects.filter(verb="customer.kind_judged").count() == 1


@pytest.mark.parametrize(
    ("kind", "note", "field", "words"),
    [
        ("moroso", "x", "kind", "no existe"),
        ("unknown", "x", "kind", "no existe"),
        ("", "", "kind", "No hay nada que devolver"),
        ("careless", "  ", "note", "Diga en la nota por qué"),
        ("careless", "x" * 2_001, "note", "pasa de 2000"),
        ("careless", "a\0b", "note", "no se puede guardar"),
    ],
)
def test_what_cannot_be_is_refused_in_words_and_nothing_is_kept(
    luz: Any, kind: str, note: str, field: str, words: str
) -> None:
    with pytest.raises(KindRefused) as refused:
        _judge(luz, "TARDE", kind, note)
    assert refused.value.facts["field"] == field
    assert words in refused.value.sentence
    with transaction.atomic(), scope([luz.pk]):
        assert not KindJudgement.objects.exists()


def test_to_confirm_what_is_inferred_needs_no_note_and_a_strangers_customer_does_not_exist(luz: Any) -> None:
    assert _judge(luz, "INCIDENCIA", "circumstantial").inferred == "circumstantial"
    other = make.creditor(code="otra")
    with pytest.raises(UnknownCustomer):
        judge_kind(
            creditor=other, customer_id=_id(luz, "TARDE"), kind="casual", note="x", actor="user:17", now=NOW
        )


def test_within_a_larger_transaction_it_sees_what_that_one_wrote(luz: Any) -> None:
    customer = _id(luz, "TARDE")
    with transaction.atomic(), scope([luz.pk]):
        with transaction.atomic():
            record_reply(
                creditor=luz, customer_code="TARDE", kind="cannot", received_on=DAY, now=NOW, actor="user:17"
            )
            made = judge_kind(
                creditor=luz, customer_id=customer, kind="illiquid", note="", actor="user:17", now=NOW
            )
        assert made.inferred == "illiquid"
        assert kind_of(luz, customer, DAY).kind == "illiquid"


def test_a_reason_told_in_a_call_counts_until_the_call_is_corrected(luz: Any) -> None:
    with transaction.atomic(), scope([luz.pk]):
        customer = Customer.objects.get(code="TARDE")
        common = {
            "creditor": luz,
            "customer": customer,
            "reached": "right_party",
            "outcome": "spoke",
            "at": NOW,
            "on_date": DAY,
            "actor": "user:17",
        }
        first = Call.objects.create(**common, reason="no_liquidity")
        assert kind_of(luz, customer.pk, DAY).kind == "illiquid"
        Call.objects.create(**common, reason="stalling", corrects=first)
        assert kind_of(luz, customer.pk, DAY).kind == "stalling"


def test_one_who_pays_three_weeks_late_every_month_is_told_so(luz: Any) -> None:
    with transaction.atomic(), scope([luz.pk]):
        books = Books(luz)
        customer = books.customer("CADAMES")
        for month in range(1, 11):
            due = DAY.replace(month=month, day=1)
            line = books.invoice(customer, 10_000, due, issued_on=due)
            late = 2 if month == 4 else 12 + month % 9
            books.payment(customer, 10_000, due + timedelta(days=late), due_line_ids=[line])
    seen = _seen(luz, "CADAMES")
    assert (seen.kind, seen.because) == ("chronic", "always_late")
    assert seen.label == "Habitualmente tarde"
    assert seen.evidence == ("Pagó 9 de 10 facturas entre 12 y 20 días tarde.",)


def test_the_words_of_rule_and_record_are_the_same() -> None:
    assert {kind.value: str(kind.label) for kind in DebtorKind} == {
        str(kind): label for kind, label in KIND_LABELS.items() if kind != "unknown"
    }

"""The door of the news of e-mail: the word opens it, much is read only from who knows it, and none is 500."""

import json

import pytest
from django.db import transaction
from django.urls import reverse

from aldia.jobs.clockwork import apply_news_of_all
from aldia.operations.hooks.receiving import BODY_BYTES_MAX, MAIL_BYTES_MAX
from aldia.records.outreach.models import InboundMessage, ProviderEvent
from aldia.records.tenancy.scope import scope
from tests.fakes.mail_news import told
from tests.operations.outbox.house import dispatches
from tests.operations.outbox.mail_house import basic, word_of
from tests.operations.outbox.test_mail_news import NONSENSE, brought, creditor_at, sent_mail

pytestmark = pytest.mark.django_db(transaction=True)

JSON = "application/json"


@pytest.fixture
def creditor():
    return creditor_at("postmark")


def knock(client, creditor, body, *, source="postmark", word=None, content_type=JSON):
    headers = {"Authorization": basic(word_of(creditor) if word is None else word)}
    path = reverse("hook", args=[creditor.code, source])
    return client.post(path, body, content_type=content_type, headers=headers)


def kept(creditor):
    with transaction.atomic(), scope([creditor.pk]):
        return ProviderEvent.objects.count()


def test_news_and_answers_are_taken_in_by_the_clockwork(client, creditor):
    dispatch = sent_mail(creditor)
    said = {"name": "1", "reference": "aldia.1@example.com", "to": dispatch.recipient}
    for _ in range(2):
        response = knock(client, creditor, told("postmark", "delivered", **said))
        assert (response.status_code, response.content) == (200, b"")
        assert knock(client, creditor, brought("postmark")[0]).status_code == 200
    done = apply_news_of_all(0)[creditor.pk]
    assert (done["applied"], done["answers"]) == ({"delivered": 1}, 1)
    assert creditor.pk not in apply_news_of_all(0)
    assert dispatches(creditor)[0].delivery == "delivered"
    with transaction.atomic(), scope([creditor.pk]):
        assert InboundMessage.objects.get().kind == "paid"


def test_who_does_not_know_the_word_gets_401_and_may_not_say_much(client, creditor):
    body = told("postmark", "complained", name="1", reference="x", to="ana@example.com")
    answers = [
        knock(client, creditor, body, word="otra"),
        knock(client, creditor, body, source="mailgun"),
        client.post(reverse("hook", args=[creditor.code, "postmark"]), body, content_type=JSON),
        client.get(reverse("hook", args=[creditor.code, "postmark"])),
    ]
    assert {(each.status_code, each.content) for each in answers} == {(401, b"")}
    assert knock(client, creditor, b"x" * (BODY_BYTES_MAX + 1), word="otra").status_code == 413
    assert kept(creditor) == 0


def test_an_answer_with_files_may_be_large_but_not_without_end(client, creditor):
    said = json.loads(brought("postmark")[0])
    said["Attachments"] = [{"Name": "foto.jpg", "ContentType": "image/jpeg", "Content": "QUFB" * 300_000}]
    assert knock(client, creditor, json.dumps(said)).status_code == 200
    assert knock(client, creditor, b"x" * (MAIL_BYTES_MAX + 1)).status_code == 413
    assert kept(creditor) == 1


def test_nothing_that_comes_is_an_error_of_ours(client, creditor):
    assert {knock(client, creditor, body).status_code for body in NONSENSE} == {200}
    assert knock(client, creditor, b"--x", content_type="multipart/form-data; boundary=x").status_code == 200

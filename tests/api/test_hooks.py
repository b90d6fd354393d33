"""The hooks: signed news get 200 and are kept; all else gets the same 401 and leaves nothing."""

import hashlib
import hmac
import json
from urllib.parse import urlencode

import pytest
from django.db import transaction
from django.urls import reverse

from aldia.channels import twilio_news
from aldia.jobs.clockwork import apply_news_of_all
from aldia.operations.hooks.receiving import BODY_BYTES_MAX
from aldia.records.outreach.models import ProviderEvent
from aldia.records.tenancy.scope import scope
from tests import factories as make
from tests.fakes.provider import FakeProvider
from tests.operations.outbox.house import dispatches
from tests.operations.outbox.short_house import account_of, over_meta, over_twilio
from tests.operations.outbox.test_news import meta_told, sent_dispatch, status

pytestmark = pytest.mark.django_db(transaction=True)

FORM = "application/x-www-form-urlencoded"


@pytest.fixture
def creditor():
    found = make.creditor()
    over_twilio(found, FakeProvider(port=9))
    over_meta(found, FakeProvider(port=9))
    return found


def kept(creditor):
    with transaction.atomic(), scope([creditor.pk]):
        return sorted(ProviderEvent.objects.values_list("external_id", flat=True))


def hook(creditor, source):
    return reverse("hook", args=[getattr(creditor, "code", creditor), source])


def twilio(client, creditor, fields, *, told="https://aldia.example.com", query="", token="muy-secreto"):
    path = hook(creditor, "twilio") + query
    signed = twilio_news.signature(token, told + path, list(fields.items()))
    return client.post(path, urlencode(fields), content_type=FORM, headers={"X-Twilio-Signature": signed})


def meta(client, creditor, body, *, secret="hush"):
    digest = hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
    headers = {"X-Hub-Signature-256": f"sha256={digest}"}
    return client.post(hook(creditor, "meta"), body, content_type="application/json", headers=headers)


def test_signed_news_are_kept_once_and_applied_by_the_clockwork(client, creditor):
    dispatch = sent_dispatch(creditor)
    query = f"?m={dispatch.message_id.strip('<>').replace('@', '%40')}"
    for _ in range(3):
        response = twilio(client, creditor, status("SM1", "delivered"), query=query)
        assert (response.status_code, response.content) == (200, b"")
    assert kept(creditor) == ["st:SM1:delivered:"]
    assert apply_news_of_all(0)[creditor.pk]["applied"] == {"delivered": 1}
    assert creditor.pk not in apply_news_of_all(0)
    assert dispatches(creditor)[0].delivery == "delivered"


def test_the_address_the_request_came_to_serves_where_no_public_one_is_set(client, creditor):
    with transaction.atomic(), scope([creditor.pk]):
        account = account_of(creditor)
        account.settings["public_url"] = ""
        account.save(update_fields=["settings"])
    assert twilio(client, creditor, status("SM1", "sent"), told="http://testserver").status_code == 200


def test_metas_news_are_kept(client, creditor):
    body = json.dumps(meta_told(statuses=[{"id": "wamid.1", "status": "sent"}])).encode()
    assert meta(client, creditor, body).status_code == 200
    assert meta(client, creditor, body).status_code == 200
    assert kept(creditor) == ["st:wamid.1:sent:"]


def test_every_forgery_gets_the_same_answer_and_leaves_nothing(client, creditor):
    other = make.creditor()
    fields, body = status("SM1", "read"), json.dumps(meta_told()).encode()
    answers = [
        twilio(client, creditor, fields, token="otro"),
        twilio(client, creditor, fields, told="https://evil.example"),
        twilio(client, "no-existe", fields),
        twilio(client, other, fields),
        client.post(hook(creditor, "twilio"), urlencode(fields), content_type=FORM),
        client.post(hook(creditor, "nadie"), urlencode(fields), content_type=FORM),
        meta(client, creditor, body, secret="otro"),
        meta(client, other, body),
        client.post(hook(creditor, "meta"), body, content_type="application/json"),
        client.get(hook(creditor, "meta")),
        client.get(hook(creditor, "twilio")),
        client.get(hook("no-existe", "meta"), {"hub.mode": "subscribe", "hub.challenge": "1"}),
        client.get(
            hook(other, "meta"), {"hub.mode": "subscribe", "hub.challenge": "1", "hub.verify_token": ""}
        ),
    ]
    assert {(each.status_code, each.content) for each in answers} == {(401, b"")}
    assert kept(creditor) == kept(other) == []


def test_what_is_too_large_is_not_read_to_its_end(client, creditor):
    assert meta(client, creditor, b"x" * (BODY_BYTES_MAX + 1)).status_code == 413
    assert kept(creditor) == []


def test_meta_reads_its_challenge_back_as_plain_text(client, creditor):
    token = account_of(creditor, "whatsapp").settings["verify_token"]
    asked = {"hub.mode": "subscribe", "hub.challenge": "1158201444", "hub.verify_token": token}
    response = client.get(hook(creditor, "meta"), asked)
    assert (response.status_code, response.content) == (200, b"1158201444")
    assert response.headers["Content-Type"] == "text/plain; charset=utf-8"


def test_only_get_and_post(client, creditor):
    assert [client.generic(each, hook(creditor, "meta")).status_code for each in ("PUT", "DELETE")] == [
        405,
        405,
    ]

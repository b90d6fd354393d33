"""The providers of e-mail for tests: each speaks its own API, by the path that is asked, and misbehaves as
`tests/fakes/provider.py` does. Resend takes a message once for each of our keys, as it promises."""

import json
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import parse_qsl

from tests.fakes.provider import FakeProvider, Taken, _Handler, fake_provider

SAID: dict[str, dict[str, tuple[int, dict[str, Any]]]] = {
    "postmark": {
        "bad_number": (422, {"ErrorCode": 300, "Message": "Invalid 'To' address: 'x'."}),
        "unsubscribed": (422, {"ErrorCode": 300, "Message": "Invalid metadata content."}),
        "rate_code": (422, {"ErrorCode": 100, "Message": "Maintenance."}),
        "no_login": (401, {"ErrorCode": 10, "Message": "Request does not contain a valid Server token."}),
        "ok_with_error": (200, {"ErrorCode": 100, "Message": "Maintenance."}),
    },
    "mailgun": {
        "bad_number": (400, {"message": "'to' parameter is not a valid address. please check documentation"}),
        "unsubscribed": (400, {"message": "'h:X' header is not allowed"}),
        "rate_code": (429, {"message": "Too many requests"}),
        "no_login": (401, {"message": "Invalid private key"}),
        "ok_with_error": (200, {"message": "Mailgun Magnificent API"}),
    },
    "sendgrid": {
        "bad_number": (
            400,
            {
                "errors": [
                    {"message": "Does not contain a valid address.", "field": "personalizations.0.to.0.email"}
                ]
            },
        ),
        "unsubscribed": (
            400,
            {"errors": [{"message": "The content value must be a string", "field": "content"}]},
        ),
        "rate_code": (429, {"errors": [{"message": "too many requests"}]}),
        "no_login": (401, {"errors": [{"message": "The provided authorization grant is invalid"}]}),
        "ok_with_error": (200, {"errors": [{"message": "something"}]}),
    },
    "brevo": {
        "bad_number": (400, {"code": "invalid_parameter", "message": "email is not valid in to"}),
        "unsubscribed": (400, {"code": "missing_parameter", "message": "subject is missing"}),
        "rate_code": (429, {"code": "too_many_requests", "message": "slow down"}),
        "no_login": (401, {"code": "unauthorized", "message": "Key not found"}),
        "ok_with_error": (200, {"code": "internal", "message": "something"}),
    },
    "mailjet": {
        "bad_number": (
            400,
            {
                "Messages": [
                    {
                        "Status": "error",
                        "Errors": [{"ErrorCode": "mj-0013", "ErrorRelatedTo": ["To[0].Email"]}],
                    }
                ]
            },
        ),
        "unsubscribed": (
            400,
            {
                "Messages": [
                    {"Status": "error", "Errors": [{"ErrorCode": "mj-0004", "ErrorRelatedTo": ["TextPart"]}]}
                ]
            },
        ),
        "rate_code": (429, {"ErrorMessage": "Too many requests", "StatusCode": 429}),
        "no_login": (
            401,
            {"ErrorMessage": "API key authentication/authorization failure.", "StatusCode": 401},
        ),
        "ok_with_error": (200, {"Messages": [{"Status": "error", "Errors": [{"ErrorCode": "mj-0001"}]}]}),
    },
    "resend": {
        "bad_number": (
            422,
            {"name": "validation_error", "message": "Invalid `to` field.", "statusCode": 422},
        ),
        "unsubscribed": (422, {"name": "missing_required_field", "message": "Missing `subject` field."}),
        "rate_code": (429, {"name": "rate_limit_exceeded", "message": "Too many requests"}),
        "no_login": (401, {"name": "missing_api_key", "message": "Missing API key"}),
        "ok_with_error": (200, {"name": "application_error", "message": "something"}),
    },
}


class MailHandler(_Handler):
    def do_POST(self) -> None:
        content = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        name, said, mail = self._read(content)
        self.provider.requests.append(
            {
                "provider": name,
                "said": said,
                "headers": {k.lower(): v for k, v in self.headers.items()},
                **mail,
            }
        )
        once = self.headers.get("Idempotency-Key", "")
        known = next((each for each in self.provider.taken if once and each.callback == once), None)
        self._answer(
            mail["to"],
            lambda: known or self.provider.take(mail["to"], mail["subject"], mail["reference"], once, "id"),
            _YES[name],
            SAID[name],
        )

    def _say(self, status: int, said: Any, headers: dict[str, str] | None = None) -> None:
        if headers and "X-Message-Id" in headers:
            self._raw(status, b"", "text/plain", headers)
        else:
            super()._say(status, said, headers)

    def _read(self, content: bytes) -> tuple[str, Any, dict[str, str]]:
        path = self.path
        if path.endswith("/messages"):
            said = form_of(content, self.headers["Content-Type"])
            mail = {"to": said["to"], "subject": said["subject"], "reference": said["v:aldia"]}
            return "mailgun", said, mail
        said = json.loads(content)
        if path == "/email":
            return "postmark", said, _mail(said["To"], said["Subject"], said["Metadata"])
        if path == "/v3/mail/send":
            to = said["personalizations"][0]["to"][0]["email"]
            return "sendgrid", said, _mail(to, said["subject"], said["custom_args"])
        if path == "/v3/smtp/email":
            beside = json.loads(said["headers"]["X-Mailin-custom"])
            return "brevo", said, _mail(said["to"][0]["email"], said["subject"], beside)
        if path == "/v3.1/send":
            whole = said["Globals"]
            to = said["Messages"][0]["To"][0]["Email"]
            return "mailjet", said, _mail(to, whole["Subject"], json.loads(whole["EventPayload"]))
        assert path == "/emails", path
        return (
            "resend",
            said,
            _mail(said["to"][0], said["subject"], json.loads(said["headers"]["X-Metadata"])),
        )


def _mail(to: str, subject: str, beside: dict[str, str]) -> dict[str, str]:
    return {"to": to, "subject": subject, "reference": beside["aldia"]}


def form_of(content: bytes, content_type: str) -> dict[str, str]:
    """The fields of a form; files by name under their own."""
    if content_type.startswith("application/x-www-form-urlencoded"):
        return dict(parse_qsl(content.decode(), keep_blank_values=True))
    found = {}
    boundary = b"--" + content_type.partition("boundary=")[2].encode()
    for part in content.split(boundary)[1:-1]:
        head, _blank, value = part.partition(b"\r\n\r\n")
        names = re.findall(r' (?:file)?name="([^"]*)"', head.decode())
        found[":".join(names)] = value.removesuffix(b"\r\n").decode("utf-8", "replace")
    return found


_YES: dict[str, Callable[[Taken], Any]] = {
    "postmark": lambda taken: (
        200,
        {"To": taken.recipient, "MessageID": taken.provider_id, "ErrorCode": 0, "Message": "OK"},
    ),
    "mailgun": lambda taken: (200, {"id": f"<{taken.provider_id}@mg>", "message": "Queued. Thank you."}),
    "sendgrid": lambda taken: (202, {}, {"X-Message-Id": taken.provider_id}),
    "brevo": lambda taken: (201, {"messageId": f"<{taken.provider_id}@smtp-relay.mailin.fr>"}),
    "mailjet": lambda taken: (
        200,
        {
            "Messages": [
                {
                    "Status": "success",
                    "To": [{"Email": taken.recipient, "MessageID": int(taken.provider_id[2:], 16)}],
                }
            ]
        },
    ),
    "resend": lambda taken: (200, {"id": taken.provider_id}),
}


@contextmanager
def fake_mail_provider(**options: Any) -> Iterator[FakeProvider]:
    """All providers of e-mail on a free port of this machine."""
    with fake_provider(MailHandler, **options) as fake:
        yield fake

"""What providers of e-mail tell, in the forms of their public documentation: written by us, for tests."""

import json
from datetime import UTC, datetime
from typing import Any

AT = datetime(2026, 11, 20, 9, 1, tzinfo=UTC)
_ISO, _EPOCH = "2026-11-20T09:01:00Z", int(AT.timestamp())
LIFE = ("deferred", "delivered", "bounced", "complained", "unsubscribed")
"""What may become of a mail; Resend knows no unsubscribing."""

_NO_USER = "550 5.1.1 no such user"


def told(provider: str, what: str, *, name: str, reference: str, to: str) -> bytes:
    """The body of one request. what: of LIFE, or soft, blocked, opened, clicked. name: the provider's own."""
    return json.dumps(_FORMS[provider](what, name, reference, to)).encode()


def _postmark(what: str, name: str, reference: str, to: str) -> dict[str, Any]:
    whole: dict[str, Any] = {
        "ServerID": 23,
        "MessageStream": "outbound",
        "MessageID": name,
        "Metadata": {"aldia": reference},
    }
    bounce: dict[str, Any] = {
        "RecordType": "Bounce",
        "ID": 4323,
        "Email": to,
        "BouncedAt": _ISO,
        "Details": _NO_USER,
    }
    return (
        whole
        | {
            "delivered": {
                "RecordType": "Delivery",
                "Recipient": to,
                "DeliveredAt": _ISO,
                "Details": "250 OK",
            },
            "deferred": bounce | {"Type": "Transient", "Details": "421 later"},
            "bounced": bounce | {"Type": "HardBounce", "TypeCode": 1, "Inactive": True},
            "soft": bounce | {"Type": "SoftBounce", "Details": "552 mailbox full"},
            "blocked": bounce | {"Type": "Blocked", "Details": "554 5.7.1 blocked"},
            "complained": {
                "RecordType": "SpamComplaint",
                "Type": "SpamComplaint",
                "ID": 42,
                "Email": to,
                "BouncedAt": _ISO,
            },
            "unsubscribed": {
                "RecordType": "SubscriptionChange",
                "Recipient": to,
                "Origin": "Recipient",
                "SuppressSending": True,
                "SuppressionReason": "ManualSuppression",
                "ChangedAt": _ISO,
            },
            "opened": {"RecordType": "Open", "Recipient": to, "ReceivedAt": _ISO, "UserAgent": "Mozilla"},
            "clicked": {
                "RecordType": "Click",
                "Recipient": to,
                "ReceivedAt": _ISO,
                "OriginalLink": "https://x",
            },
        }[what]
    )


def _mailgun(what: str, name: str, reference: str, to: str) -> dict[str, Any]:
    failed: dict[str, Any] = {"event": "failed", "severity": "permanent", "reason": "bounce"}
    event: dict[str, Any] = {
        "delivered": {"event": "delivered", "delivery-status": {"code": 250, "message": "OK"}},
        "deferred": {
            "event": "failed",
            "severity": "temporary",
            "reason": "generic",
            "delivery-status": {"code": 421, "message": "later"},
        },
        "bounced": failed | {"delivery-status": {"code": 550, "message": "5.1.1 no such user"}},
        "soft": failed | {"delivery-status": {"code": 552, "message": "5.2.2 mailbox full"}},
        "blocked": failed | {"delivery-status": {"code": 554, "message": "5.7.1 blocked"}},
        "complained": {"event": "complained"},
        "unsubscribed": {"event": "unsubscribed"},
        "opened": {"event": "opened", "ip": "203.0.113.9"},
        "clicked": {"event": "clicked", "url": "https://x"},
    }[what]
    data: dict[str, Any] = {
        "id": f"{name}-{what}",
        "timestamp": float(_EPOCH),
        "recipient": to,
        "message": {"headers": {"message-id": name.strip("<>"), "to": to, "subject": "Aviso"}},
        "user-variables": {"aldia": reference},
        "tags": [],
    }
    return {"signature": {"timestamp": "1", "token": "t", "signature": "s"}, "event-data": data | event}


def _sendgrid(what: str, name: str, reference: str, to: str) -> list[dict[str, Any]]:
    whole: dict[str, Any] = {
        "email": to,
        "timestamp": _EPOCH,
        "sg_event_id": f"{name}{what}",
        "sg_message_id": f"{name}.filter",
    }
    whole |= {"smtp-id": f"<{reference}>", "aldia": reference}
    event: dict[str, Any] = {
        "delivered": {"event": "delivered", "response": "250 OK"},
        "deferred": {"event": "deferred", "response": "421 later", "attempt": "2"},
        "bounced": {"event": "bounce", "type": "bounce", "status": "5.1.1", "reason": _NO_USER},
        "soft": {"event": "bounce", "type": "blocked", "status": "5.2.2", "reason": "552 mailbox full"},
        "blocked": {"event": "dropped", "reason": "Spam Content"},
        "complained": {"event": "spamreport"},
        "unsubscribed": {"event": "unsubscribe"},
        "opened": {"event": "open", "useragent": "Mozilla", "ip": "203.0.113.9"},
        "clicked": {"event": "click", "url": "https://x"},
    }[what]
    return [whole | event]


def _brevo(what: str, name: str, reference: str, to: str) -> dict[str, Any]:
    event: dict[str, Any] = {
        "delivered": {"event": "delivered"},
        "deferred": {"event": "deferred", "reason": "421 later"},
        "bounced": {"event": "hard_bounce", "reason": _NO_USER},
        "soft": {"event": "soft_bounce", "reason": "552 mailbox full"},
        "blocked": {"event": "blocked", "reason": "blocked : due to blacklist user"},
        "complained": {"event": "spam"},
        "unsubscribed": {"event": "unsubscribed"},
        "opened": {"event": "unique_opened", "user_agent": "Mozilla"},
        "clicked": {"event": "click", "link": "https://x"},
    }[what]
    whole: dict[str, Any] = {
        "id": 7,
        "email": to,
        "message-id": name,
        "ts_epoch": _EPOCH * 1000,
        "subject": "Aviso",
        "tags": [],
    }
    return whole | {"X-Mailin-custom": json.dumps({"aldia": reference})} | event


def _mailjet(what: str, name: str, reference: str, to: str) -> list[dict[str, Any]]:
    events: dict[str, dict[str, Any]] = {
        "delivered": {"event": "sent", "smtp_reply": "sent (250 OK)"},
        "deferred": {"event": "bounce", "hard_bounce": False, "error": "greylisted"},
        "bounced": {
            "event": "bounce",
            "hard_bounce": True,
            "error_related_to": "recipient",
            "error": "user unknown",
            "smtp_reply": _NO_USER,
        },
        "soft": {"event": "bounce", "hard_bounce": False, "error": "quota exceeded"},
        "blocked": {"event": "blocked", "error_related_to": "mailjet", "error": "preblocked"},
        "complained": {"event": "spam", "source": "JMRPP"},
        "unsubscribed": {"event": "unsub", "mj_list_id": 0},
        "opened": {"event": "open", "ip": "203.0.113.9"},
        "clicked": {"event": "click", "url": "https://x"},
    }
    event = events[what]
    whole: dict[str, Any] = {"time": _EPOCH, "email": to, "Payload": json.dumps({"aldia": reference})}
    number = int(name) if name.isdigit() else name
    return [whole | {"MessageID": number, "customcampaign": ""} | event]


def _resend(what: str, name: str, reference: str, to: str) -> dict[str, Any]:
    kind, more = {
        "delivered": ("email.delivered", {}),
        "deferred": ("email.delivery_delayed", {}),
        "bounced": (
            "email.bounced",
            {"bounce": {"type": "Permanent", "subType": "General", "message": "sent a hard bounce message"}},
        ),
        "soft": ("email.bounced", {"bounce": {"type": "Transient", "message": "the inbox was full"}}),
        "blocked": ("email.bounced", {"bounce": {"type": "Undetermined", "message": "blocked"}}),
        "complained": ("email.complained", {}),
        "opened": ("email.opened", {}),
        "clicked": ("email.clicked", {"click": {"link": "https://x", "ipAddress": "203.0.113.9"}}),
    }[what]
    data: dict[str, Any] = {
        "email_id": name,
        "from": "cobros@example.com",
        "to": [to],
        "subject": "Aviso",
        "created_at": _ISO,
    }
    data["headers"] = [{"name": "X-Metadata", "value": json.dumps({"aldia": reference})}]
    return {"type": kind, "created_at": "2026-11-20T09:01:00.000Z", "data": data | more}


_FORMS: dict[str, Any] = {
    "postmark": _postmark,
    "mailgun": _mailgun,
    "sendgrid": _sendgrid,
    "brevo": _brevo,
    "mailjet": _mailjet,
    "resend": _resend,
}

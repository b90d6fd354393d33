"""Mails as bytes, as servers and people write them."""

from email.message import EmailMessage
from email.policy import SMTP

OURS = "<aldia.0123456789abcdef0123456789abcdef@luz.example>"


def answer(
    text: str,
    *,
    sender: str = "Ana Ruiz <ana@cliente.example>",
    subject: str = "Re: Factura vencida",
    answers: str = OURS,
    message_id: str = "<r1@cliente.example>",
    date: str = "Wed, 18 Nov 2026 10:00:00 +0100",
    **headers: str,
) -> bytes:
    """A plain mail of a customer."""
    mail = EmailMessage(policy=SMTP)
    mail["From"], mail["To"], mail["Subject"] = sender, "cobros@luz.example", subject
    mail["Date"], mail["Message-ID"] = date, message_id
    if answers:
        mail["In-Reply-To"] = answers
    for name, value in headers.items():
        mail[name.replace("_", "-")] = value
    mail.set_content(text)
    return mail.as_bytes()


def delivery_report(
    *, recipient: str, status: str = "5.1.1", action: str = "failed", original: str = OURS, told: str = ""
) -> bytes:
    """As Postfix writes it: words, report, and the headers of the mail that came back."""
    told = told or f"550 {status} <{recipient}>: Recipient address rejected: User unknown"
    return f"""From: MAILER-DAEMON@mx.cliente.example (Mail Delivery System)
To: cobros@luz.example
Subject: Undelivered Mail Returned to Sender
Message-ID: <dsn-{status}-{recipient}@mx.cliente.example>
Date: Wed, 18 Nov 2026 10:05:00 +0100
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="B"

--B
Content-Type: text/plain; charset=us-ascii

I'm sorry to have to inform you that your message could not be delivered.

--B
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.cliente.example
Arrival-Date: Wed, 18 Nov 2026 10:04:00 +0100

Final-Recipient: rfc822; {recipient}
Original-Recipient: rfc822;{recipient}
Action: {action}
Status: {status}
Diagnostic-Code: smtp; {told}

--B
Content-Type: text/rfc822-headers

From: cobros@luz.example
To: {recipient}
Subject: Factura vencida
Message-ID: {original}

--B--
""".replace("\n", "\r\n").encode()


def complaint(*, recipient: str, original: str = OURS) -> bytes:
    """A reader pressed «spam», and the provider tells (ARF)."""
    return f"""From: fbl@provider.example
Subject: complaint
Message-ID: <arf-1@provider.example>
MIME-Version: 1.0
Content-Type: multipart/report; report-type=feedback-report; boundary="B"

--B
Content-Type: text/plain

This is an email abuse report.

--B
Content-Type: message/feedback-report

Feedback-Type: abuse
User-Agent: Provider/1.0
Version: 1
Original-Rcpt-To: {recipient}

--B
Content-Type: message/rfc822

From: cobros@luz.example
To: {recipient}
Message-ID: {original}
Subject: Factura vencida

Debe 100 EUR
--B--
""".encode()

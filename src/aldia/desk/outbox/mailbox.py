"""The built-in mailbox: what would have reached people, where no mail server is set up."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from aldia.desk.access import Visit, creditor_page
from aldia.records.outreach.models import MailboxMail

MAILS_SHOWN = 100


@creditor_page()
def show_mailbox(request: HttpRequest, visit: Visit) -> HttpResponse:
    """The latest hundred, newest first."""
    mails = MailboxMail.objects.filter(creditor=visit.creditor).order_by("-pk")
    context = {"mails": mails[:MAILS_SHOWN], "total": mails.count(), "mails_shown": MAILS_SHOWN}
    return render(request, "desk/outbox/mailbox.html", context)


@creditor_page()
def show_mail(request: HttpRequest, visit: Visit, mail_id: int) -> HttpResponse:
    """One mail as its reader would see it."""
    mail = MailboxMail.objects.filter(creditor=visit.creditor, pk=mail_id).first()
    if mail is None:
        raise Http404
    return render(request, "desk/outbox/mail.html", {"mail": mail})

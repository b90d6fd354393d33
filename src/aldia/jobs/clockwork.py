"""What happens by itself: daily runs that are due, mails that may leave, jobs whose worker died.

Operations never put jobs in the queue; these tasks look at the rows. `aldia worker` runs them.
"""

import logging
from contextlib import suppress
from typing import Any

from procrastinate import JobContext
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued, UniqueViolation
from procrastinate.jobs import Job, Status
from procrastinate.manager import JobManager

from aldia.channels.imap import InboxTrouble
from aldia.connectors.secrets import SecretUnreadable
from aldia.kernel import clock
from aldia.kernel.errors import AldiaError
from aldia.operations.digests import send_due_digests
from aldia.operations.due_runs import run_due
from aldia.operations.forgetting import forget_old
from aldia.operations.hooks import apply_news
from aldia.operations.inbound import NoInbox, fetch, take_in_waiting
from aldia.operations.outbox import MailNotConfigured, RehearsalLeaves, send_everything
from aldia.queries.channels import creditors_with_news
from aldia.queries.inbox import creditors_with_inbox
from aldia.queries.outbox import creditors_with_mail, sending_moment
from aldia.records.tenancy.models import Creditor

ACTOR = "jobs"
STALLED_AFTER_SECONDS = 120  # a worker beats every 10 seconds
_BATCHES_PER_MINUTE = 20

_log = logging.getLogger(__name__)


@app.periodic(cron="*/5 * * * *")
@app.task(name="aldia.run_due_creditors", queueing_lock="aldia.run_due_creditors")
def run_due_creditors(timestamp: int) -> dict[str, list[int]]:
    """Every five minutes: the creditors whose hour has come. Returns their ids: ran, refused."""
    done = run_due(now=clock.now(), actor=ACTOR)
    for each in done:
        if each.refusal is not None:
            _log.error("creditor %d: no run (%s)", each.creditor_id, each.refusal.code)
    return {
        "ran": [each.creditor_id for each in done if each.refusal is None],
        "refused": [each.creditor_id for each in done if each.refusal is not None],
    }


@app.periodic(cron="* * * * *")
@app.task(name="aldia.send_mails", queueing_lock="aldia.send_mails")
def send_mails(timestamp: int) -> list[int]:
    """Every minute: one job for each creditor with something to send or to take over. Returns their ids.

    A job each, so that trouble with one creditor's mail is nobody else's.
    """
    queued = []
    for creditor_id in creditors_with_mail(now=clock.now()):
        job = send_mails_of.configure(
            lock=f"aldia.send:{creditor_id}", queueing_lock=f"aldia.send:{creditor_id}"
        )
        with suppress(AlreadyEnqueued):
            job.defer(creditor_id=creditor_id)
            queued.append(creditor_id)
    return queued


@app.task(name="aldia.send_mails_of", pass_context=True)
def send_mails_of(context: JobContext, creditor_id: int) -> dict[str, Any]:
    """Send what may leave of one creditor, as of this minute; the next minute goes on. Returns the counts.

    When the worker is told to end, the mail under way is the last: a restart leaves nothing in doubt.
    """
    creditor = Creditor.objects.get(pk=creditor_id)
    moments = (sending_moment(creditor, clock.now()) for _ in range(_BATCHES_PER_MINUTE))
    try:
        report = send_everything(
            creditor=creditor, moments=moments, actor=ACTOR, is_over=context.should_abort
        )
    except (MailNotConfigured, RehearsalLeaves) as refusal:
        return {"refused": refusal.code}
    if report.trouble:
        _log.warning("creditor %d: mail is held up (%d sent)", creditor_id, report.sent)
    return report.as_dict()


@app.periodic(cron="*/15 * * * *")
@app.task(name="aldia.send_digests", queueing_lock="aldia.send_digests")
def send_digests(timestamp: int) -> dict[str, list[int]]:
    """Every quarter of an hour: the daily mail of alerts to whoever it is due to. Returns ids of creditors:
    sent, refused."""
    done: dict[str, list[int]] = {"sent": [], "refused": []}
    for creditor in Creditor.objects.order_by("pk"):
        try:
            report = send_due_digests(
                creditor=creditor, now=sending_moment(creditor, clock.now()), actor=ACTOR
            )
        except AldiaError as refusal:
            done["refused"].append(creditor.pk)
            _log.info("creditor %d: no daily mail of alerts (%s)", creditor.pk, refusal.code)
        else:
            done["sent"] += [creditor.pk] if report.sent else []
    return done


@app.periodic(cron="* * * * *")
@app.task(name="aldia.apply_news", queueing_lock="aldia.apply_news", lock="aldia.apply_news")
def apply_news_of_all(timestamp: int) -> dict[int, dict[str, Any]]:
    """Every minute: what providers have told of messages that left is applied, and answers by SMS and
    WhatsApp are taken in. Counts by creditor's id."""
    done = {}
    for creditor in creditors_with_news():
        news = apply_news(creditor=creditor, actor=ACTOR, now=clock.now()).as_dict()
        taken = take_in_waiting(creditor=creditor, actor=ACTOR, now=clock.now())
        done[creditor.pk] = {**news, "answers": taken.answers}
    return done


@app.periodic(cron="*/3 * * * *")
@app.task(name="aldia.fetch_answers", queueing_lock="aldia.fetch_answers")
def fetch_answers(timestamp: int) -> list[int]:
    """Every three minutes: one job for each creditor whose box is to be looked into. Returns their ids."""
    queued = []
    for creditor_id in creditors_with_inbox():
        job = fetch_answers_of.configure(
            lock=f"aldia.fetch:{creditor_id}", queueing_lock=f"aldia.fetch:{creditor_id}"
        )
        with suppress(AlreadyEnqueued):
            job.defer(creditor_id=creditor_id)
            queued.append(creditor_id)
    return queued


@app.task(name="aldia.fetch_answers_of")
def fetch_answers_of(creditor_id: int) -> dict[str, Any]:
    """Fetch what has come and make something of it. Returns the counts, or why the box cannot be read."""
    creditor = Creditor.objects.get(pk=creditor_id)
    try:
        return fetch(creditor=creditor, actor=ACTOR, now=clock.now()).as_dict()
    except (NoInbox, InboxTrouble, SecretUnreadable) as refusal:
        _log.warning("creditor %d: answers are not fetched (%s)", creditor_id, refusal.code)
        return {"refused": refusal.code}


@app.periodic(cron="17 3 * * *")
@app.task(name="aldia.forget_old", queueing_lock="aldia.forget_old")
def forget_old_rows(timestamp: int) -> dict[str, int]:
    """Every night: sessions that ended and old keys of forms go. Returns how many."""
    return forget_old(now=clock.now())


@app.periodic(cron="*/10 * * * *")
@app.task(name="aldia.retry_stalled_jobs", queueing_lock="aldia.retry_stalled_jobs", pass_context=True)
async def retry_stalled_jobs(context: JobContext, timestamp: int) -> list[int]:
    """Every ten minutes: jobs of workers that no longer beat begin again. Returns their ids.

    Where the next one of its kind is in the queue already, the stalled job is closed as failed in its favour.
    """
    jobs = context.app.job_manager
    stalled = await jobs.get_stalled_jobs(seconds_since_heartbeat=STALLED_AFTER_SECONDS)
    return [job.id for job in stalled if job.id is not None and await _begins_again(jobs, job)]


async def _begins_again(jobs: JobManager, job: Job) -> bool:
    try:
        await jobs.retry_job(job)
    except UniqueViolation:
        await jobs.finish_job(job, Status.FAILED, delete_job=False)
        return False
    return True

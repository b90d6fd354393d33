"""What happens by itself: the daily runs that are due, and jobs whose worker died taken up again.

Operations never put jobs in the queue; these tasks look at the rows. `aldia worker` runs them.
"""

import logging

from procrastinate import JobContext
from procrastinate.contrib.django import app
from procrastinate.exceptions import UniqueViolation
from procrastinate.jobs import Job, Status
from procrastinate.manager import JobManager

from aldia.kernel import clock
from aldia.operations.due_runs import run_due

ACTOR = "jobs"
STALLED_AFTER_SECONDS = 120  # a worker beats every 10 seconds

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

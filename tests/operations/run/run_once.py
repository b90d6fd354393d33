"""One daily run in a process of its own, to be killed: `run_once.py CREDITOR DAY`."""

import json
import sys
from datetime import date

import django

django.setup()

from aldia.operations.run import daily_run  # noqa: E402
from aldia.records.tenancy.models import Creditor  # noqa: E402
from tests.operations.run.portfolios import LATER  # noqa: E402


def main() -> None:
    """Prints the report as JSON."""
    creditor = Creditor.objects.get(pk=int(sys.argv[1]))
    report = daily_run(creditor=creditor, on=date.fromisoformat(sys.argv[2]), now=LATER, actor="t")
    print(json.dumps(report.as_dict()))


if __name__ == "__main__":
    main()

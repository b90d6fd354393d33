"""How long a file of N invoices takes from bytes to booked, six of ten with their payment."""

import random
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

from aldia.connectors.postgres import Urls
from aldia.kernel.clock import stopwatch
from aldia.operations.bench.scratch import environment, scratch_creditor
from aldia.operations.imports import ImportOptions, commit, stage

_HEADER = "Nº factura;Cód. cliente;Nombre;Fecha factura;Vencimiento;Importe;Fecha cobro"
_NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
_FIRST = date(2025, 1, 1)


def measure_import(urls: Urls, rows: int, progress: Callable[[str, int, int], None]) -> dict[str, Any]:
    """Stage and commit a generated file in a database of its own: rows, seconds{stage, commit, total}."""
    content = _file(rows)
    with scratch_creditor(urls, f"aldia_bench_import_{rows}") as creditor:
        start = stopwatch()
        batch = stage(
            creditor=creditor,
            kind="invoices",
            file_name="facturas.csv",
            content=content,
            options=ImportOptions(),
            mapping={},
            source_name=None,
            actor="bench",
            now=_NOW,
        )
        staged = stopwatch()
        report = commit(
            creditor=creditor,
            batch_id=batch.pk,
            actor="bench",
            now=_NOW,
            progress=lambda done, total: progress("import", done, total),
        )
        done = stopwatch()
        assert report.counts["new"] == rows, "every row is new in an empty ledger"
        return {
            "rows": rows,
            "payments": report.counts["payments"],
            "seconds": {
                "stage": round(staged - start, 3),
                "commit": round(done - staged, 3),
                "total": round(done - start, 3),
            },
            "environment": environment(),
        }


def _file(rows: int) -> bytes:
    chance = random.Random(rows)
    return "\n".join([_HEADER, *(_row(n, rows, chance) for n in range(rows))]).encode()


def _row(n: int, rows: int, chance: random.Random) -> str:
    customer = chance.randrange(max(1, rows // 5))
    issued = _FIRST + timedelta(days=chance.randrange(600))
    due = issued + timedelta(days=30)
    paid = due + timedelta(days=chance.randrange(-10, 30))
    euros, cents = divmod(chance.randrange(1_000, 999_999), 100)
    day = "%d/%m/%Y"
    return (
        f"F{n};C{customer};Cliente número {customer};{issued:{day}};{due:{day}};{euros},{cents:02d};"
        f"{paid.strftime(day) if chance.random() < 0.6 else ''}"
    )

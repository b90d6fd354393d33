"""What an import found and did."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import polars as pl

from aldia.formats.table import Finding, Findings, Severity
from aldia.formats.table.findings import FindingLog
from aldia.formats.table.triage import Sentence
from aldia.records.intake.models import ImportBatch


@dataclass(frozen=True, slots=True)
class ImportReport:
    """counts: rows of the file (`rows`, `new`, `unchanged`, `changed`, `questioned`, `vanished`,
    `refused`, `excluded`) and what was booked, by what it is; after an undo, what was taken back. findings:
    {severity, code, row, column, sentence}, at most 10,000;
    findings_total: all of them, by code."""

    batch_id: int
    kind: str
    counts: dict[str, int]
    findings: list[dict[str, Any]] = field(default_factory=list)
    findings_total: dict[str, int] = field(default_factory=dict)
    source_name: str | None = None

    def as_dict(self) -> dict[str, Any]:
        """As `aldia import … --json` prints it."""
        return {
            "batch_id": self.batch_id,
            "kind": self.kind,
            "source": self.source_name,
            "counts": self.counts,
            "findings": self.findings,
            "findings_total": self.findings_total,
        }


def as_dicts(findings: Iterable[Finding]) -> list[dict[str, Any]]:
    """Findings as a batch keeps them."""
    return [
        {"severity": f.severity, "code": f.code, "row": f.row, "column": f.column, "sentence": f.sentence}
        for f in findings
    ]


def totals_of(findings: Findings) -> dict[str, int]:
    """All findings by code, kept or not."""
    return dict(findings.totals or Counter())


@dataclass(slots=True)
class Notes:
    """Collects what an import has to say. headings: field → column of the file."""

    headings: Mapping[str, str]
    log: FindingLog = field(default_factory=FindingLog)

    def say(self, rows: pl.DataFrame, severity: Severity, code: str, about: str, text: Sentence) -> None:
        """One finding per row. about: the field. rows: with `source_row`, null where the file has none."""
        for row in rows.iter_rows(named=True):
            if self.log.wants(code):
                place, column = row["source_row"], self.headings.get(about)
                self.log.add(severity, code, text(row), row=place, column=column)
            else:
                self.log.count_only(severity, code)

    def sum_up(self, rows: pl.DataFrame, severity: Severity, code: str, about: str, text: str) -> None:
        """One finding for all rows; `{where}` in the text becomes «en la fila 7», «en 3 filas (…)»."""
        if rows.height:
            first: int = rows["source_row"].sort()[0]
            many = f"en {rows.height} filas (la primera, la {first})"
            sentence = text.format(where=f"en la fila {first}" if rows.height == 1 else many)
            self.log.add(severity, code, sentence, column=self.headings.get(about))


def report_of(batch: ImportBatch) -> ImportReport:
    """What a batch says of itself."""
    counts = {name: number for name, number in batch.counts.items() if name not in {"findings", "errors"}}
    name = batch.options.get("source")
    return ImportReport(
        batch_id=int(batch.pk),
        kind=batch.kind,
        counts=counts,
        findings=list(batch.findings),
        findings_total=dict(batch.counts.get("findings", {})),
        source_name=name,
    )

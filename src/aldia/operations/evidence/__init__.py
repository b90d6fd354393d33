"""Evidence: the contacts with one customer as a file that anybody can verify. docs/rules/evidence.md."""

from aldia.operations.evidence.exporting import EvidencePack, NothingLogged, PeriodUnfit, export_evidence

__all__ = ["EvidencePack", "NothingLogged", "PeriodUnfit", "export_evidence"]

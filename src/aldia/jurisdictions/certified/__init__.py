"""Kinds of certified letters by country: what each is called, who carries it, what to ask for."""

from aldia.jurisdictions.certified.loader import CertifiedKind, certified_kind, certified_kinds

__all__ = ["CertifiedKind", "certified_kind", "certified_kinds"]

"""The ZIP: chain, contents, paper, how to verify. The same values give the same bytes."""

import hashlib
import io
import json
import zipfile
from collections.abc import Sequence
from importlib.resources import files
from pathlib import PurePosixPath
from typing import Any

from aldia.connectors.evidence_pdf import evidence_pdf
from aldia.operations.evidence.asked import Asked
from aldia.operations.evidence.paper import paper_values
from aldia.operations.evidence.words import read_me
from aldia.queries.evidence import Evidence
from aldia.queries.sheet_page import Standing

_SUMS = "SHA256SUMS.txt"
_LONG_AGO = (1980, 1, 1, 0, 0, 0)
_EXTENSION_MAX = 8


def packed(asked: Asked, found: Evidence, standing: Sequence[Standing]) -> bytes:
    """The whole pack."""
    inside = {
        "entries.jsonl": _chain(found).encode(),
        "resumen.json": _summary(asked, found).encode(),
        "LEEME.txt": read_me(asked.creditor.name, asked.customer.name or asked.customer.code).encode(),
        "verificar.py": files("aldia.operations.evidence").joinpath("verificar.py").read_bytes(),
        "expediente.pdf": evidence_pdf(paper_values(asked, found, standing), at=asked.now),
        **{
            f"contenido/{sha256}{_extension(each.name)}": each.content
            for sha256, each in found.contents.items()
        },
    }
    listed = (f"{hashlib.sha256(inside[name]).hexdigest()}  {name}\n" for name in sorted(inside))
    return _zip({**inside, _SUMS: "".join(listed).encode()})


def _chain(found: Evidence) -> str:
    """One line per entry, in order; what is not shown by its digest."""
    lines = (
        f'{{"seq":{each.seq},"hash":"{each.entry_hash}",'
        + (f'"entry":{each.canonical}}}' if each.shown else f'"digest":"{each.digest}"}}')
        for each in found.entries
    )
    return "".join(f"{line}\n" for line in lines)


def _summary(asked: Asked, found: Evidence) -> str:
    last = found.entries[-1]
    said: dict[str, Any] = {
        "creditor": {
            "code": asked.creditor.code,
            "name": asked.creditor.name,
            "tax_id": asked.creditor.tax_id,
        },
        "customer": {
            "code": asked.customer.code,
            "name": asked.customer.name,
            "tax_id": asked.customer.tax_id,
        },
        "since": asked.since.isoformat() if asked.since else None,
        "until": asked.until.isoformat() if asked.until else None,
        "made_at": asked.now.isoformat(),
        "head": {"seq": last.seq, "hash": last.entry_hash},
        "entries": len(found.entries),
        "shown": sum(each.shown for each in found.entries),
        "missing": list(found.missing),
        "anchors": [
            {
                "seq": each.seq,
                "hash": each.entry_hash,
                "on": each.on_date.isoformat(),
                "audit": each.audit_sequence,
            }
            for each in found.anchors
        ],
    }
    return json.dumps(said, ensure_ascii=False, indent=2) + "\n"


def _extension(name: str) -> str:
    """`.pdf` of a file's name, `.bin` where it has no plain one."""
    suffix = PurePosixPath(name).suffix.lower()
    plain = suffix[1:].isascii() and suffix[1:].isalnum() and len(suffix) <= _EXTENSION_MAX
    return suffix if plain else ".bin"


def _zip(inside: dict[str, bytes]) -> bytes:
    """Sorted, with one and the same time and rights."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as made:
        for name in sorted(inside):
            entry = zipfile.ZipInfo(name, _LONG_AGO)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system = 3  # Unix, also where it is made elsewhere
            entry.external_attr = 0o644 << 16
            made.writestr(entry, inside[name])
    return target.getvalue()

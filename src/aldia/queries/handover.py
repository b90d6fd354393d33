"""What is handed over with certified letters: their PDFs, and who sends what to whom."""

import io
import json
import zipfile
from typing import Any
from zoneinfo import ZoneInfo

from aldia.formats.spreadsheet import csv_bytes
from aldia.jurisdictions.certified import CertifiedKind
from aldia.queries.claimed import addressees
from aldia.queries.letters import LetterRow, pdfs_of
from aldia.queries.papers import address_of, window_of
from aldia.records.tenancy.models import Creditor

HANDOVER_HEADS = (
    "Referencia",
    "Servicio",
    "Remitente",
    "Número fiscal",
    "Domicilio del remitente",
    "Destinatario",
    "Domicilio del destinatario",
    "Páginas",
    "Archivo",
    "SHA-256",
)


def handover_file(creditor: Creditor, letters: list[LetterRow], kind: CertifiedKind) -> bytes:
    """A ZIP for the service: the PDFs, and who sends what to whom as CSV and as JSON. In scope."""
    customers = addressees(creditor, {each.customer_id for each in letters})
    told, out = [], io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for each, pdf in zip(letters, pdfs_of(creditor, [each.id for each in letters]), strict=True):
            to = window_of(creditor, customers[each.customer_id], each.recipient_name, each.recipient)
            told.append(_told(creditor, each, to, kind))
            _put(archive, creditor, each, f"carta-{each.id}.pdf", pdf)
        rows = [tuple(row.values()) for row in told]
        _put(archive, creditor, letters[0], "envios.csv", csv_bytes(HANDOVER_HEADS, rows))
        text = json.dumps(told, ensure_ascii=False, indent=2)
        _put(archive, creditor, letters[0], "envios.json", text.encode())
    return out.getvalue()


def _told(creditor: Creditor, each: LetterRow, to: tuple[str, ...], kind: CertifiedKind) -> dict[str, Any]:
    who = 2 if len(to) > 1 and to[1].startswith("A la atención de ") else 1
    return {
        "referencia": f"{each.code}/{each.id}",
        "servicio": kind.service,
        "remitente": creditor.name,
        "numero_fiscal": creditor.tax_id,
        "domicilio_remitente": ", ".join(address_of(creditor)),
        "destinatario": ", ".join(to[:who]),
        "domicilio_destinatario": ", ".join(to[who:]),
        "paginas": each.pages,
        "archivo": f"carta-{each.id}.pdf",
        "sha256": each.sha256,
    }


def _put(archive: zipfile.ZipFile, creditor: Creditor, each: LetterRow, name: str, content: bytes) -> None:
    """Dated as the letter, so that the same letters give the same file."""
    local = each.taken_at.astimezone(ZoneInfo(creditor.time_zone))
    entry = zipfile.ZipInfo(name, date_time=local.timetuple()[:6])
    archive.writestr(entry, content, compress_type=zipfile.ZIP_DEFLATED)

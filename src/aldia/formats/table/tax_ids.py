"""Spanish tax ids whose control letter does not fit: said, and kept as they are."""

import re

import polars as pl
from stdnum.cl import rut
from stdnum.es import nif
from stdnum.exceptions import InvalidChecksum, ValidationError
from stdnum.gt import nit

from aldia.formats.table.findings import shown
from aldia.formats.table.triage import Row, Triage

_SPANISH = re.compile(r"(?:ES)?(?:\d{8}[A-Z]|[KLMXYZ]\d{7}[A-Z]|[ABCDEFGHJNPQRSUVW]\d{7}[0-9A-J])", re.ASCII)


def remark_tax_ids(frame: pl.DataFrame, triage: Triage, field: str) -> None:
    """Warn of ids of customers in Spain that are no NIF.

    Without country only what looks Spanish and is no sound id of Chile or Guatemala, which look alike.
    """
    country = pl.col("country") if "country" in frame.columns else pl.lit(None, dtype=pl.String)
    concerned = country.eq("ES") | country.is_null()
    ids = frame.filter(concerned).get_column(field).drop_nulls().unique().to_list()
    wrong = {tax_id: why for tax_id in ids if (why := _doubt(tax_id))}
    alike = [tax_id for tax_id in wrong if _looks_spanish(tax_id)]

    def text(row: Row) -> str:
        return f"«{shown(row[field])}» {wrong[row[field]]} Compruébelo; se guarda como está."

    among_wrong, among_alike = (pl.col(field).is_in(found) for found in (list(wrong), alike))
    odd = concerned & among_wrong & (country.is_not_null() | among_alike)
    triage.remark(frame, odd, "warning", "tax_id_doubtful", field, text=text)


def _doubt(tax_id: str) -> str | None:
    """Why this is no NIF, None when it is one. Source of the check: python-stdnum, `stdnum.es.nif`."""
    try:
        nif.validate(tax_id)
    except InvalidChecksum:
        return "no es un NIF correcto: la letra o cifra de control no corresponde."
    except ValidationError:
        return "no tiene la forma de un NIF español."
    return None


def _looks_spanish(tax_id: str) -> bool:
    if not _SPANISH.fullmatch(tax_id):
        return False
    return not (tax_id.endswith("K") and (rut.is_valid(tax_id) or nit.is_valid(tax_id)))

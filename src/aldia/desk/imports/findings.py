"""Everything found in a file, as a table to mend it by."""

import csv
import io

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from aldia.desk.access import Visit, creditor_page
from aldia.desk.imports.batch import get_batch
from aldia.desk.imports.sight import for_screen
from aldia.rules.rights import Right

_FORMULA = ("=", "+", "-", "@", "\t", "\r")


@creditor_page(Right.IMPORT)
def download(request: HttpRequest, visit: Visit, batch_id: int) -> HttpResponse:
    """A csv with semicolons that a spreadsheet opens; no cell of it is a formula."""
    batch = get_batch(visit, batch_id)
    words = {"error": _("error"), "warning": _("aviso"), "info": _("nota")}
    text = io.StringIO(newline="")
    table = csv.writer(text, delimiter=";")
    table.writerow([_("fila"), _("columna"), _("clase"), _("qué pasa")])
    for each in batch.findings:
        row = [each["row"] or "", each["column"] or "", words[each["severity"]], for_screen(each["sentence"])]
        table.writerow([_inert(str(cell)) for cell in row])
    response = HttpResponse("\ufeff" + text.getvalue(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="hallazgos-{batch.pk}.csv"'
    return response


def _inert(cell: str) -> str:
    return "'" + cell if cell.startswith(_FORMULA) else cell

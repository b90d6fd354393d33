"""«Panel»: every figure with rows opens them."""

import re

from django.db import transaction

from aldia.records.closing.models import DaySnapshot
from aldia.records.tenancy.scope import scope

MONTH = {
    "since": "2026-10-21",
    "customers": {
        name: {"count": 2, "minor": 700}
        for name in ("entered", "cured", "rolled_forward", "rolled_back", "stayed")
    },
    "rolls": [["1_30", "31_60", 500], ["1_30", "settled", 500]],
}


def test_movement_heat_weeks_and_inputs_open_their_rows(desk, luz):
    with transaction.atomic(), scope([luz.pk]):
        DaySnapshot.objects.update(month=MONTH)
    page = desk.get("/acreedor/luz/panel/").content.decode()
    moved, heat = page.split('id="moved"')[1].split("al-heat")
    figures = [
        *re.findall(r"<dd>(.*?)</dd>", moved),
        *re.findall(r'<td class="n heat-[1-5]">(.*?)<br>', heat),
    ]
    assert len(figures) == 7
    weeks = re.findall(r"<tr><td>[^<]*</td>(.*?)</tr>", page.split('id="expected"')[1].split("</table>")[0])
    assert len(weeks) == 8
    inputs = re.findall(r"<div>(?:Pendiente|Sin vencer): (.*?)</div>", page)
    for figure in [*figures, *weeks, *inputs]:
        link = re.search(r'href="(/acreedor/luz/clientes/\?filtro=[^"]+)"', figure)
        assert link, figure
        assert desk.get(link[1].replace("&amp;", "&")).status_code == 200
    assert 'href="/acreedor/luz/partidas/?ver=disputed"' in page

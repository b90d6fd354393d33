"""A column of an invoice table says where each document can be had."""

import pytest

from tests.laws.books import make_creditor
from tests.operations.imports.tables import INVOICES, asked, imported, said, table

pytestmark = pytest.mark.django_db

HEAD = (*INVOICES, "URL de la factura")
LINKS = """
SELECT d.number, c.kind, c.url, c.recorded_by LIKE 'batch:%%' FROM ledger_document_copy c
JOIN ledger_document d ON d.id = c.document_id ORDER BY c.id
"""


def _row(number, url, due="13/03/2026"):
    return [number, "C1", "13/01/2026", due, "300,00", url]


def test_links_are_kept_with_their_documents_and_only_when_they_change():
    creditor = make_creditor()
    first = table(_row("F1", "https://a.example/1"), _row("F2", ""), _row("F3", "f3.pdf"), head=HEAD)
    report = imported(creditor, first)
    assert asked(creditor, LINKS) == [("F1", "link", "https://a.example/1", True)]
    assert said(report, "link_doubtful")["row"] == 4
    again = table(
        _row("F1", "https://a.example/1"),
        _row("F2", "https://a.example/2"),
        _row("F2", "https://a.example/2b", due="13/04/2026"),
        head=HEAD,
    )
    report = imported(creditor, again)
    assert [row[:3:2] for row in asked(creditor, LINKS)] == [
        ("F1", "https://a.example/1"),
        ("F2", "https://a.example/2"),
    ]
    moved = imported(creditor, table(_row("F1", "https://b.example/1"), _row("F2", ""), head=HEAD))
    assert asked(creditor, LINKS)[-1][:3] == ("F1", "link", "https://b.example/1")
    assert moved.counts["changed"] == 1
    assert len(asked(creditor, LINKS)) == 3


@pytest.mark.parametrize("heading", ["Enlace", "copy_url", "Enlace a la factura", "invoice url", "URL PDF"])
def test_the_column_is_known_by_its_usual_names(heading):
    creditor = make_creditor()
    imported(creditor, table(_row("F1", "https://a.example/1"), head=(*INVOICES, heading)))
    assert [row[2] for row in asked(creditor, LINKS)] == ["https://a.example/1"]

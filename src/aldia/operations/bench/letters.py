"""How fast letters are set: one process, one core, no database."""

import time
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from aldia.formats.paper import (
    Head,
    Paper,
    Row,
    Section,
    Slip,
    Table,
    Words,
    epc_payload,
    joined_pdf,
    page_count,
    paper_pdf,
)

_AT = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
_LINES = 6
_JOINED_MAX = 500


@dataclass(frozen=True, slots=True)
class LetterSpeed:
    """letters, pages: how many were set. seconds: for all of them. joined_seconds: to make one print file of
    the first `joined`."""

    letters: int
    pages: int
    seconds: float
    joined: int
    joined_seconds: float

    @property
    def per_second(self) -> float:
        """Letters a second."""
        return self.letters / self.seconds

    def as_dict(self) -> dict[str, Any]:
        """For `--json`."""
        return {
            "letters": self.letters,
            "pages": self.pages,
            "seconds": round(self.seconds, 3),
            "letters_per_second": round(self.per_second, 1),
            "joined": self.joined,
            "joined_seconds": round(self.joined_seconds, 3),
        }


def bench_letters(n: int) -> LetterSpeed:
    """Set n letters, no two alike: a demand with six lines, statement of account, interest in six rows and a
    payment slip with its square code; as PDF/UA-1, on one core. The compiler is warm."""
    paper_pdf(_letter(0), at=_AT)
    begun = time.perf_counter()
    letters = [paper_pdf(_letter(number), at=_AT) for number in range(1, n + 1)]
    seconds = time.perf_counter() - begun
    joined = letters[:_JOINED_MAX]
    begun = time.perf_counter()
    joined_pdf(joined, title="Medida", at=_AT, duplex=True)
    return LetterSpeed(n, sum(map(page_count, letters)), seconds, len(joined), time.perf_counter() - begun)


def _letter(number: int) -> Paper:
    money = [f"{100 + number + line},{line:02} €" for line in range(_LINES)]
    total = f"{6 * (100 + number)},15 €"
    owed = tuple(
        Row((f"Factura F-{number}-{line}", "01/09/2026", "80 días", money[line])) for line in range(_LINES)
    )
    account = tuple(
        Row((f"Factura F-{number}-{line}", "02/08/2026", "01/09/2026", "80 días", money[line], money[line]))
        for line in range(_LINES)
    )
    interest = tuple(
        Row(
            (f"Factura F-{number}-{line}", "02/09/2026", "20/11/2026", "80", money[line], "10,15 %", "2,2247")
        )
        for line in range(_LINES)
    )
    heads = ("Documento", "Emitido", "Vence", "Retraso", "Importe", "Pendiente")
    spans = ("Documento", "Desde", "Hasta", "Días", "Base", "Tipo", "Intereses")
    concept = f"C-{number} F-{number}-0 F-{number}-1"
    return Paper(
        title=f"Requerimiento de pago {number}",
        head=Head("Papelería Luz, S.L.", ("Calle Mayor 1 · 28013 Madrid", "NIF B12345674")),
        to=(f"Talleres del Sur {number}, S.L.", "Avenida de la Constitución 25", "41001 Sevilla"),
        back="Papelería Luz, S.L. · Calle Mayor 1 · 28013 Madrid",
        dated="Madrid, 20 de noviembre de 2026",
        keys=(("Cliente", f"C-{number}"),),
        heading="Requerimiento de pago",
        body=(
            Words((f"A la atención de Talleres del Sur {number}, S.L.:",)),
            Words(("Nos dirigimos a usted para requerirle el pago del importe vencido que detallamos.",)),
            Table(("Concepto", "Vence", "Retraso", "Importe"), (*owed, _sum(4, total)), right=(2, 3)),
            Words(("Le rogamos que lo abone a más tardar el 30 de noviembre de 2026.",)),
            Words(("Atentamente,", "Papelería Luz, S.L.")),
        ),
        sections=(
            Section(
                "Estado de cuenta a 20 de noviembre de 2026",
                (Table(heads, (*account, _sum(6, total)), right=(3, 4, 5)),),
                new_page=True,
            ),
            Section("Intereses de demora, tramo a tramo", (Table(spans, interest, right=(3, 4, 5, 6)),)),
        ),
        slips=(
            Slip(
                "Para pagar por transferencia",
                (
                    ("Cuenta (IBAN)", "ES91 2100 0418 4502 0005 1332"),
                    ("Importe", total),
                    ("Concepto", concept),
                ),
                code=epc_payload(
                    name="Papelería Luz, S.L.",
                    iban="ES9121000418450200051332",
                    amount_minor=600 * (100 + number) + 15,
                    text=concept,
                ),
                caption="Código de pago SEPA: léalo con la aplicación de su banco.",
            ),
        ),
    )


def _sum(width: int, total: str) -> Row:
    return Row(("Total", *("" for _ in range(width - 2)), total), "sum")

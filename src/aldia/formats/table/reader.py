"""Bytes of unknown origin become a table, or one sentence that says why not."""

from collections.abc import Sequence

from aldia.formats.table.archive import names_of
from aldia.formats.table.delimited import Records, delimiter_of, lines_of, split_records
from aldia.formats.table.encoding import decode
from aldia.formats.table.findings import FindingLog, TableRefused
from aldia.formats.table.header import Header, find_header, name_columns
from aldia.formats.table.limits import FILE_BYTES_MAX
from aldia.formats.table.raw import Cell, FileType, RawTable, Reading, TableFacts
from aldia.formats.table.shape import shape
from aldia.formats.table.workbook import Grid, read_grid

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_OTHERS = (
    (b"%PDF", "un PDF"),
    (b"\x89PNG", "una imagen"),
    (b"\xff\xd8\xff", "una imagen"),
    (b"\x1f\x8b", "un archivo comprimido"),
    (b"Rar!", "un archivo comprimido"),
    (b"7z\xbc\xaf", "un archivo comprimido"),
    (b"<?xml", "un XML"),
    (b"<!DOCTYPE", "una página web"),
    (b"<html", "una página web"),
    (b"{\\rtf", "un documento de texto"),
)


def read_table(data: bytes, reading: Reading | None = None) -> RawTable:
    """The table in a file; its type is told by its content.

    Raises TableRefused when nothing of it can be used. Rows that do not fit are left out, each with a
    finding.
    """
    reading = reading or Reading()
    _refuse_bytes(data)
    file_type = _type_of(data)
    if file_type == "csv":
        return _read_text(data, reading)
    return _read_workbook(data, file_type, reading)


def _refuse_bytes(data: bytes) -> None:
    if len(data) > FILE_BYTES_MAX:
        raise TableRefused(
            "file_too_big",
            f"El archivo pasa de {FILE_BYTES_MAX // 1024**2} MiB. Divídalo en varios archivos.",
        )
    if not data.strip(b"\x00 \t\r\n\xef\xbb\xbf"):
        raise TableRefused("empty", "El archivo está vacío. Compruebe que ha elegido el archivo correcto.")


def _type_of(data: bytes) -> FileType:
    if data.startswith(b"PK"):
        return _zip_type(data)
    if data.startswith(_OLE):
        if b"E\0n\0c\0r\0y\0p\0t\0e\0d\0P\0a\0c\0k\0a\0g\0e\0" in data:
            raise TableRefused(
                "workbook_encrypted", "El archivo está protegido con contraseña. Guárdelo sin ella."
            )
        return "xls"
    start = data[:256].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    for mark, what in _OTHERS:
        if start.startswith(mark.lower()):
            raise TableRefused(
                "other_type", f"El archivo es {what}, no una tabla. Expórtelo como CSV o XLSX y repita."
            )
    return "csv"


def _zip_type(data: bytes) -> FileType:
    names = names_of(data)
    if "xl/workbook.xml" in names:
        return "xlsx"
    if "xl/workbook.bin" in names:
        return "xlsb"
    if "content.xml" in names and "mimetype" in names:
        return "ods"
    if not names:
        raise TableRefused(
            "workbook_damaged",
            "El libro de cálculo está dañado o incompleto. Ábralo, guárdelo de nuevo y repita.",
        )
    raise TableRefused(
        "other_type",
        "El archivo es un comprimido sin tabla dentro. Extráigalo e importe el CSV o XLSX que contenga.",
    )


def _read_text(data: bytes, reading: Reading) -> RawTable:
    text, encoding = decode(data, reading.encoding)
    lines = lines_of(text)
    delimiter, skipped = delimiter_of(lines, reading.delimiter)
    records = split_records(lines, delimiter)
    records = records.without_first(skipped)
    log = FindingLog()
    header = _header(records.rows, records.lines, 1, log)
    _note_broken(records, log)
    facts = TableFacts(
        file_type="csv", header_row=records.lines[header.index], encoding=encoding, delimiter=delimiter
    )
    return shape(records.rows, records.lines, header, facts, log, refused=len(records.broken))


def _note_broken(records: Records, log: FindingLog) -> None:
    for line in records.broken:
        log.add(
            "error",
            "broken_quotes",
            "Las comillas no están bien cerradas y la fila no se puede leer. Escriba dos comillas seguidas ("
            '"") dentro de un texto entre comillas, o quítelas.',
            row=line,
        )


def _read_workbook(data: bytes, file_type: FileType, reading: Reading) -> RawTable:
    grid = read_grid(data, file_type, reading.sheet)
    log = FindingLog()
    lines = list(range(grid.first_row, grid.first_row + len(grid.rows)))
    header = _header(grid.rows, lines, grid.first_column, log)
    _note_sheet(grid, lines[header.index], log)
    facts = TableFacts(
        file_type=file_type, header_row=lines[header.index], sheet=grid.sheet, other_sheets=grid.other_sheets
    )
    valueless = _by_column(grid.valueless, grid, header)
    computed = tuple(_by_column(grid.computed, grid, header))
    return shape(grid.rows, lines, header, facts, log, valueless=valueless, computed=computed)


def _note_sheet(grid: Grid, header_row: int, log: FindingLog) -> None:
    if grid.other_sheets:
        more = "otra" if len(grid.other_sheets) == 1 else "otras"
        others = ", ".join(f"«{name}»" for name in grid.other_sheets[:10])
        log.add(
            "info",
            "other_sheets",
            f"Se lee la hoja «{grid.sheet}»; el libro tiene {more}: {others}. Indique la hoja si no es esa.",
        )
    for row in (row for row in grid.merged if row > header_row):
        log.add(
            "warning",
            "merged_cells",
            "Hay celdas combinadas: solo la primera tiene valor. Sepárelas y complete las demás.",
            row=row,
        )


def _by_column(cells: frozenset[tuple[int, int]], grid: Grid, header: Header) -> dict[str, tuple[int, ...]]:
    """Column → the rows of these cells, below the headings."""
    found: dict[str, list[int]] = {}
    names = dict(zip(header.columns, header.names, strict=True))
    for row, column in sorted(cells):
        name = names.get(column - grid.first_column)
        if name is not None and row > grid.first_row + header.index:
            found.setdefault(name, []).append(row)
    return {name: tuple(rows) for name, rows in found.items()}


def _header(
    rows: Sequence[Sequence[Cell]], lines: Sequence[int], first_column: int, log: FindingLog
) -> Header:
    index = find_header(rows, lines)
    heading = list(rows[index])
    used = [bool(cell != "") for cell in heading]
    for row in rows[index + 1 :]:
        if len(row) == len(used) and not all(used):
            used = [u or cell != "" for u, cell in zip(used, row, strict=True)]
    return name_columns(
        heading, index=index, line=lines[index], first_column=first_column, used=used, log=log
    )

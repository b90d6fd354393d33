"""How much a table may hold before it is refused unread."""

FILE_BYTES_MAX = 200 * 1024 * 1024
ROWS_MAX = 2_000_000
COLUMNS_MAX = 500
CELL_LENGTH_MAX = 32_767
# One quoted cell may run over this many lines; more is a quotation mark that was never closed.
LINES_PER_RECORD_MAX = 200

ARCHIVE_BYTES_MAX = 100 * 1024 * 1024
ARCHIVE_RATIO_MAX = 100
ARCHIVE_MEMBERS_MAX = 2_000
# Below this size a high compression ratio is only an empty sheet.
ARCHIVE_RATIO_FROM_BYTES = 1024 * 1024
# A workbook is held as a full rectangle: one far-away cell would ask for gigabytes.
RECTANGLE_CELLS_MAX = 20_000_000

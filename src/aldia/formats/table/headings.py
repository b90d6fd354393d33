"""Which column holds which field: recognised by its words, or as the user says."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from aldia.formats.table.fields import FIELDS, TableKind
from aldia.formats.table.findings import FindingLog, Findings, TableRefused
from aldia.formats.table.synonyms import strong_field, weak_fields

# `--map FIELD=-` leaves a field out although a column has its name.
IGNORED = "-"

# Without these a table of the kind says nothing; each group needs one of its fields.
REQUIRED: dict[TableKind, tuple[tuple[str, ...], ...]] = {
    "invoices": (
        ("number",),
        ("customer_code", "customer_tax_id"),
        ("issue_date",),
        ("due_date",),
        ("amount", "open_amount", "net_amount"),
    ),
    "payments": (("value_date",), ("amount",)),
    "customers": (("code", "tax_id"),),
}


@dataclass(frozen=True, slots=True)
class Headings:
    """fields:

    field → column. unknown: columns that mean nothing here. ambiguous: field → columns that claim it.
    """

    kind: TableKind
    fields: Mapping[str, str]
    unknown: tuple[str, ...]
    ambiguous: Mapping[str, tuple[str, ...]]
    findings: Findings


def recognise_headings(
    columns: Sequence[str], kind: TableKind, chosen: Mapping[str, str] | None = None
) -> Headings:
    """Map columns to fields; `chosen` (field → column, or "-" for none) goes before what is recognised.

    Raises TableRefused when `chosen` names a field or a column that does not exist.
    """
    chosen = dict(chosen or {})
    _refuse_unknown_choice(columns, kind, chosen)
    free = [column for column in columns if column not in chosen.values()]
    claims = _claims(free, kind, taken=frozenset(chosen))
    fields = {field: column for field, column in chosen.items() if column != IGNORED}
    fields |= {field: claimed[0] for field, claimed in claims.items() if len(claimed) == 1}
    ambiguous = {field: tuple(claimed) for field, claimed in claims.items() if len(claimed) > 1}
    used = {*fields.values(), *(column for claimed in ambiguous.values() for column in claimed)}
    unknown = tuple(column for column in columns if column not in used)
    ordered = {field.name: fields[field.name] for field in FIELDS[kind] if field.name in fields}
    return Headings(kind, ordered, unknown, ambiguous, _findings(columns, kind, ordered, unknown, ambiguous))


def _refuse_unknown_choice(columns: Sequence[str], kind: TableKind, chosen: Mapping[str, str]) -> None:
    known = [field.name for field in FIELDS[kind]]
    for field, column in chosen.items():
        if field not in known:
            raise TableRefused(
                "field_unknown",
                f"El campo «{field}» no existe. Campos posibles: {', '.join(known)}.",
                field=field,
            )
        if column != IGNORED and column not in columns:
            raise TableRefused(
                "column_unknown",
                f"La columna «{column}» indicada para «{field}» no existe. Columnas del archivo: "
                f"{_listed(columns)}.",
                field=field,
                column=column,
            )


def _claims(columns: Sequence[str], kind: TableKind, taken: frozenset[str]) -> dict[str, list[str]]:
    """Field → the columns that claim it: strong words first, weak ones only for what is left."""
    claims: dict[str, list[str]] = {}
    weak: dict[str, list[str]] = {}
    for column in columns:
        field = strong_field(column, kind)
        if field is None or field in taken:
            weak[column] = [name for name in weak_fields(column, kind) if name not in taken]
        else:
            claims.setdefault(field, []).append(column)
    _give_way({column: [f for f in names if f not in claims] for column, names in weak.items()}, claims)
    return claims


def _give_way(weak: dict[str, list[str]], claims: dict[str, list[str]]) -> None:
    """Give each weak column its likeliest field; among several, those with another choice take that one."""
    settled = set(claims)
    for column in sorted(weak, key=lambda name: len(weak[name])):
        free = [name for name in weak[column] if name not in claims]
        wanted = free or [name for name in weak[column] if name not in settled]
        if wanted:
            claims.setdefault(wanted[0], []).append(column)


def _listed(columns: Sequence[str]) -> str:
    names = ", ".join(f"«{name}»" for name in columns[:40])
    return names + (" y otras" if len(columns) > 40 else "")


def _findings(
    columns: Sequence[str],
    kind: TableKind,
    fields: Mapping[str, str],
    unknown: Sequence[str],
    ambiguous: Mapping[str, tuple[str, ...]],
) -> Findings:
    log = FindingLog()
    labels = {field.name: field.label for field in FIELDS[kind]}
    for field, claimed in ambiguous.items():
        log.add(
            "error" if _is_needed(field, kind, fields) else "warning",
            "ambiguous_heading",
            f"Varias columnas pueden ser «{labels[field]}»: {_listed(claimed)}. Indique una con --map "
            f"{field}=COLUMNA.",
        )
    for group in REQUIRED[kind]:
        if not any(name in fields or name in ambiguous for name in group):
            log.add(
                "error",
                "missing_column",
                f"Falta la columna «{labels[group[0]]}». Columnas del archivo: {_listed(columns)}. "
                f"Indíquela con --map {group[0]}=COLUMNA.",
            )
    if unknown:
        subject = "Esta columna no se usa" if len(unknown) == 1 else "Estas columnas no se usan"
        log.add("info", "unknown_columns", f"{subject}: {_listed(unknown)}.")
    return log.close()


def _is_needed(field: str, kind: TableKind, fields: Mapping[str, str]) -> bool:
    return any(field in group and not any(name in fields for name in group) for group in REQUIRED[kind])

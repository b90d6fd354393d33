"""`word__begins="lopez"`: the operator `^@`, which uses an index under row security where LIKE does not."""

from typing import TYPE_CHECKING, Any

from django.db.models import CharField, Lookup

if TYPE_CHECKING:  # Django's own class takes no parameter when it runs
    TextLookup = Lookup[str]
else:
    TextLookup = Lookup


@CharField.register_lookup
class Begins(TextLookup):
    """Begins with exactly this text; the column's collation is C."""

    lookup_name = "begins"

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[str | int, ...]]:
        """`column ^@ text`."""
        left, left_values = self.process_lhs(compiler, connection)
        right, right_values = self.process_rhs(compiler, connection)
        return f"{left} ^@ {right}", (*left_values, *right_values)

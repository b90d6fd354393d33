"""Migration operations that wall a table in: row security, append-only, composite keys, SQL objects."""

from collections.abc import Sequence
from typing import Any

from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations import AddConstraint, AddIndex
from django.db.migrations.operations.base import Operation

from aldia.records.schema.statements import (
    ADD_APPEND_ONLY,
    ADD_CREDITOR_KEY,
    ADD_POLICY,
    ADD_TRIGGER_KEPT,
    DROP_POLICY,
    DROP_TRIGGER,
    REFUSE_CHANGE,
    REFUSE_FOREIGN_HAND,
)


class Statements(Operation):
    """Runs SQL that changes no model state; subclasses say which statements go forwards and backwards."""

    reduces_to_sql = True
    reversible = True

    def forwards(self) -> list[str]:
        """Statements in order."""
        raise NotImplementedError

    def backwards(self) -> list[str]:
        """Statements that undo them, in order."""
        raise NotImplementedError

    def state_forwards(self, app_label: str, state: Any) -> None:
        """The models already say what there is to say."""

    def database_forwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: Any, to_state: Any
    ) -> None:
        """Run each statement; a failure stops the migration."""
        for statement in self.forwards():
            schema_editor.execute(statement, params=None)

    def database_backwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: Any, to_state: Any
    ) -> None:
        """Undo the statements."""
        for statement in self.backwards():
            schema_editor.execute(statement, params=None)


class Together(Operation):
    """Operations of one kind that do not build on one another: models made, fields, constraints or indexes
    added. Done in their order; what the models look like is drawn once for all of them, not after each, which
    is what migrating a fresh database spends nearly all of its time on."""

    reduces_to_sql = True
    reversible = True

    def __init__(self, operations: Sequence[Operation]) -> None:
        assert operations, "nothing together"
        self.operations = operations
        named = (getattr(each, "model_name", None) or getattr(each, "name", "") for each in operations)
        self.models = {str(each).lower() for each in named}

    def state_forwards(self, app_label: str, state: Any) -> None:
        """All of them, then one drawing of their models."""
        drawn = state.__dict__.pop("apps", None)
        for each in self.operations:
            each.state_forwards(app_label, state)
        if drawn is not None:
            state.__dict__["apps"] = drawn
            state.reload_models({(app_label, name) for name in self.models}, delay=self._names_only())

    def _names_only(self) -> bool:
        """Whether what models refer to one another by is left as it was."""
        return all(isinstance(each, (AddConstraint, AddIndex)) for each in self.operations)

    def database_forwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: Any, to_state: Any
    ) -> None:
        """One after the other."""
        for each in self.operations:
            each.database_forwards(app_label, schema_editor, from_state, to_state)

    def database_backwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: Any, to_state: Any
    ) -> None:
        """The last first."""
        for each in reversed(self.operations):
            each.database_backwards(app_label, schema_editor, from_state, to_state)

    def describe(self) -> str:
        """What all of them do."""
        return "; ".join(each.describe() for each in self.operations)


class TenantTable(Statements):
    """Row security, forced, by creditor; with append_only also a trigger that refuses UPDATE and DELETE.

    creditor_key: the plain foreign key creditor → tenancy_creditor; False where a composite key already
    implies it or where only triggers write. TRUNCATE is refused by privilege: the app role has none.
    """

    def __init__(self, table: str, *, append_only: bool = False, creditor_key: bool = True) -> None:
        self.table = table
        self.append_only = append_only
        self.creditor_key = creditor_key

    def forwards(self) -> list[str]:
        """Policy, key, trigger."""
        statements = [ADD_POLICY.format(table=self.table)]
        if self.creditor_key:
            statements.append(ADD_CREDITOR_KEY.format(table=self.table))
        if self.append_only:
            statements += [REFUSE_CHANGE, ADD_APPEND_ONLY.format(table=self.table)]
        return statements

    def backwards(self) -> list[str]:
        """Take the walls down; the table itself goes with its model."""
        statements = [DROP_POLICY.format(table=self.table)]
        if self.creditor_key:
            statements.append(f"ALTER TABLE {self.table} DROP CONSTRAINT {self.table}_creditor_fk")
        if self.append_only:
            statements.append(DROP_TRIGGER.format(table=self.table, trigger="append_only"))
        return statements

    def describe(self) -> str:
        """For `migrate --plan`."""
        return f"Wall in {self.table} by creditor" + (", append-only" if self.append_only else "")


class TriggerKeptTable(Statements):
    """A cache that only the owner's trigger functions write: every other hand is refused, whatever it may."""

    def __init__(self, table: str) -> None:
        self.table = table

    def forwards(self) -> list[str]:
        """The guard, then its trigger."""
        return [REFUSE_FOREIGN_HAND, ADD_TRIGGER_KEPT.format(table=self.table)]

    def backwards(self) -> list[str]:
        """Drop the trigger."""
        return [DROP_TRIGGER.format(table=self.table, trigger="trigger_kept")]

    def describe(self) -> str:
        """For `migrate --plan`."""
        return f"Let only triggers write {self.table}"


class CompositeForeignKey(Statements):
    """An immediate foreign key over several columns, the first of them creditor_id.

    target_columns must be unique together in the target. on_update: e.g. "CASCADE". deferrable: checked at
    commit, only where rows that name each other are inserted in one transaction in any order.
    """

    def __init__(
        self,
        table: str,
        columns: Sequence[str],
        target: str,
        target_columns: Sequence[str],
        *,
        on_update: str = "NO ACTION",
        deferrable: bool = False,
    ) -> None:
        self.table = table
        self.columns = tuple(columns)
        self.target = target
        self.target_columns = tuple(target_columns)
        self.on_update = on_update
        self.deferrable = deferrable

    @property
    def name(self) -> str:
        """Name of the constraint: table and columns without creditor_id."""
        return f"{self.table}_{'_'.join(self.columns[1:])}_fk"[:63]

    def forwards(self) -> list[str]:
        """Add the constraint."""
        return [
            f"ALTER TABLE {self.table} ADD CONSTRAINT {self.name} FOREIGN KEY ({', '.join(self.columns)})"
            f" REFERENCES {self.target} ({', '.join(self.target_columns)}) ON UPDATE {self.on_update}"
            + (" DEFERRABLE INITIALLY DEFERRED" if self.deferrable else "")
        ]

    def backwards(self) -> list[str]:
        """Drop the constraint."""
        return [f"ALTER TABLE {self.table} DROP CONSTRAINT {self.name}"]

    def describe(self) -> str:
        """For `migrate --plan`."""
        return f"Tie {self.table} ({', '.join(self.columns)}) to {self.target}"


class RunStatements(Statements):
    """Named SQL objects (functions, triggers, checks) with what undoes them."""

    def __init__(self, title: str, forward: Sequence[str], backward: Sequence[str]) -> None:
        self.title = title
        self.forward = tuple(forward)
        self.backward = tuple(backward)

    def forwards(self) -> list[str]:
        """As given."""
        return list(self.forward)

    def backwards(self) -> list[str]:
        """As given."""
        return list(self.backward)

    def describe(self) -> str:
        """For `migrate --plan`."""
        return self.title

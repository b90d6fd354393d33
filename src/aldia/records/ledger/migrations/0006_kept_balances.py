"""The two balances, kept by statement-level triggers; their checks refuse what exceeds a row, whoever writes.

Lock order: credits by id, then items by id. Each function gathers what moves into arrays once, reaches the
rows by `key = ANY (array)` and joins without nested loops: so one plan is right for one row and for a hundred
thousand, whatever the statistics say. The functions run as the owner within the session's scope: row security
is forced on the owner too.
"""

from typing import NamedTuple

from django.db import migrations

from aldia.records.schema.operations import RunStatements, TriggerKeptTable


class Kept(NamedTuple):
    """A table whose new rows move balances.

    credit_moves, item_moves: queries of (id, allocated, refunded, reversed, on_date), one row per movement.
    refusals: queries of offending ids, with the message; they may use the arrays `credits` and `items`.
    """

    table: str
    credit_moves: str
    item_moves: str
    refusals: list[tuple[str, str]]


_FUNCTION = """
CREATE FUNCTION {table}_kept() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = public, pg_temp
    SET plan_cache_mode = force_generic_plan
    SET enable_nestloop = off
    SET enable_seqscan = off
AS $kept$
DECLARE
    credits bigint[];
    credits_allocated bigint[];
    credits_refunded bigint[];
    credits_reversed bigint[];
    credits_last_on date[];
    items bigint[];
    items_allocated bigint[];
    items_refunded bigint[];
    items_reversed bigint[];
    items_last_on date[];
    touched bigint;
    offender bigint;
BEGIN
{body}
    RETURN NULL;
END
$kept$
"""

_TRIGGER = """
CREATE TRIGGER balances AFTER INSERT ON {table} REFERENCING NEW TABLE AS inserted
    FOR EACH STATEMENT EXECUTE FUNCTION {table}_kept()
"""

_OPEN_ITEMS = """
    INSERT INTO ledger_item_balance (due_line_id, creditor_id, customer_id, currency, source_key,
        original_minor, allocated_minor, reversed_minor, open_minor, settled_on, last_effective_on)
    SELECT id, creditor_id, customer_id, currency, source_key, amount_minor, 0, 0, amount_minor, NULL,
        effective_on
    FROM inserted;
"""

_OPEN_CREDITS = """
    INSERT INTO ledger_credit_balance (credit_id, creditor_id, customer_id, currency, source_key,
        original_minor, allocated_minor, refunded_minor, reversed_minor, unallocated_minor, last_effective_on)
    SELECT id, creditor_id, customer_id, currency, source_key, amount_minor, 0, 0, 0, amount_minor,
        effective_on
    FROM inserted;
"""

_GATHER = """
    SELECT array_agg(s.id), array_agg(s.allocated), array_agg(s.refunded), array_agg(s.reversed),
            array_agg(s.last_on)
        INTO {array}, {array}_allocated, {array}_refunded, {array}_reversed, {array}_last_on
        FROM (SELECT m.id, sum(m.allocated)::bigint AS allocated, sum(m.refunded)::bigint AS refunded,
                sum(m.reversed)::bigint AS reversed, max(m.on_date) AS last_on
            FROM ({moves}) m GROUP BY m.id ORDER BY m.id) s;
"""

_LOCK = """
    PERFORM 1 FROM {cache} b WHERE b.{key} = ANY ({array}) ORDER BY b.{key} FOR UPDATE OF b;
"""

_REFUSE = """
    SELECT ({query} LIMIT 1) INTO offender;
    IF offender IS NOT NULL THEN
        RAISE EXCEPTION '{message} (id %)', offender USING ERRCODE = 'check_violation';
    END IF;
"""

_DELTAS = "unnest({0}, {0}_allocated, {0}_refunded, {0}_reversed, {0}_last_on) AS d (id, a, f, r, last_on)"

_MOVE_CREDITS = f"""
    UPDATE ledger_credit_balance b SET
        allocated_minor = b.allocated_minor + d.a,
        refunded_minor = b.refunded_minor + d.f,
        reversed_minor = b.reversed_minor + d.r,
        unallocated_minor = b.unallocated_minor - d.a - d.f - d.r,
        last_effective_on = greatest(b.last_effective_on, d.last_on)
        FROM {_DELTAS.format("credits")} WHERE b.credit_id = d.id AND b.credit_id = ANY (credits);
"""

_MOVE_ITEMS = f"""
    UPDATE ledger_item_balance b SET
        allocated_minor = b.allocated_minor + d.a,
        reversed_minor = b.reversed_minor + d.r,
        open_minor = b.open_minor - d.a - d.r,
        settled_on = CASE WHEN b.open_minor <= d.a + d.r THEN greatest(b.last_effective_on, d.last_on) END,
        last_effective_on = greatest(b.last_effective_on, d.last_on)
        FROM {_DELTAS.format("items")} WHERE b.due_line_id = d.id AND b.due_line_id = ANY (items);
"""

_ALL_TOUCHED = """
    GET DIAGNOSTICS touched = ROW_COUNT;
    IF touched <> coalesce(cardinality({array}), 0) THEN
        RAISE EXCEPTION 'balance_missing: rows of {cache} are out of scope or absent';
    END IF;
"""


def _body(kept: Kept) -> str:
    sides = [
        ("ledger_credit_balance", "credit_id", "credits", kept.credit_moves, _MOVE_CREDITS),
        ("ledger_item_balance", "due_line_id", "items", kept.item_moves, _MOVE_ITEMS),
    ]
    sides = [side for side in sides if side[3]]
    gather = [_GATHER.format(array=array, moves=moves) for _, _, array, moves, _ in sides]
    lock = [_LOCK.format(cache=cache, key=key, array=array) for cache, key, array, _, _ in sides]
    refuse = [_REFUSE.format(query=query, message=message) for query, message in kept.refusals]
    move = [up + _ALL_TOUCHED.format(cache=cache, array=array) for cache, _, array, _, up in sides]
    return "".join(gather + lock + refuse + move)


_CREDIT_OF = "JOIN ledger_credit c ON c.id = i.credit_id AND c.id = ANY (credits)"

_ALLOCATION = Kept(
    "ledger_allocation",
    "SELECT i.credit_id AS id, i.amount_minor AS allocated, 0 AS refunded, 0 AS reversed,"
    " i.effective_on AS on_date FROM inserted i",
    "SELECT i.due_line_id AS id, i.amount_minor AS allocated, 0 AS refunded, 0 AS reversed,"
    " i.effective_on AS on_date FROM inserted i",
    [
        (
            f"SELECT i.credit_id FROM inserted i {_CREDIT_OF}"
            " WHERE i.credit_customer_id IS DISTINCT FROM c.customer_id",
            "allocation_of_another_customer: credit_customer is not the customer of the credit",
        ),
        (
            f"SELECT i.credit_id FROM inserted i {_CREDIT_OF} WHERE i.effective_on < c.effective_on",
            "allocation_too_early: before the value date of its credit",
        ),
        (
            "SELECT i.due_line_id FROM inserted i"
            " JOIN ledger_due_line l ON l.id = i.due_line_id AND l.id = ANY (items)"
            " WHERE i.effective_on < l.effective_on",
            "allocation_too_early: before the issue of its line",
        ),
    ],
)

_REFUND = Kept(
    "ledger_refund",
    "SELECT i.credit_id AS id, 0 AS allocated, i.amount_minor AS refunded, 0 AS reversed,"
    " i.effective_on AS on_date FROM inserted i",
    "",
    [
        (
            f"SELECT i.credit_id FROM inserted i {_CREDIT_OF} WHERE i.effective_on < c.effective_on",
            "refund_too_early: before the value date of its credit",
        )
    ],
)


def _named(target: str) -> str:
    """The rows of one kind that new reversals name, reached by their ids."""
    return (
        f"JOIN ledger_{target} t ON t.id = i.{target}_id"
        f" AND t.id = ANY (ARRAY(SELECT n.{target}_id FROM inserted n WHERE n.{target}_id IS NOT NULL))"
    )


def _exceeds(target: str) -> tuple[str, str]:
    ids = f"ANY (ARRAY(SELECT i.{target}_id FROM inserted i WHERE i.{target}_id IS NOT NULL))"
    return (
        f"SELECT t.id FROM ledger_{target} t JOIN ledger_reversal r ON r.{target}_id = t.id"
        f" WHERE t.id = {ids} AND r.{target}_id = {ids}"
        " GROUP BY t.id, t.amount_minor HAVING sum(r.amount_minor) > t.amount_minor",
        f"reversal_exceeds: more than is left of the {target}",
    )


def _too_early(target: str) -> tuple[str, str]:
    return (
        f"SELECT t.id FROM inserted i {_named(target)} WHERE i.effective_on < t.effective_on",
        f"reversal_too_early: before the {target} itself",
    )


_ANOTHER_CUSTOMER = "reversal_of_another_customer: customer is not the one of the credit"

_REVERSAL = Kept(
    "ledger_reversal",
    "SELECT i.credit_id AS id, 0 AS allocated, 0 AS refunded, i.amount_minor AS reversed,"
    " i.effective_on AS on_date FROM inserted i WHERE i.credit_id IS NOT NULL"
    f" UNION ALL SELECT t.credit_id, -i.amount_minor, 0, 0, i.effective_on FROM inserted i {_named('allocation')}"
    f" UNION ALL SELECT t.credit_id, 0, -i.amount_minor, 0, i.effective_on FROM inserted i {_named('refund')}",
    "SELECT i.due_line_id AS id, 0 AS allocated, 0 AS refunded, i.amount_minor AS reversed,"
    " i.effective_on AS on_date FROM inserted i WHERE i.due_line_id IS NOT NULL"
    f" UNION ALL SELECT t.due_line_id, -i.amount_minor, 0, 0, i.effective_on FROM inserted i {_named('allocation')}",
    [
        _exceeds("allocation"),
        _exceeds("refund"),
        *(_too_early(target) for target in ("credit", "due_line", "allocation", "refund")),
        (
            f"SELECT i.credit_id FROM inserted i {_CREDIT_OF}"
            " WHERE i.customer_id IS DISTINCT FROM c.customer_id",
            _ANOTHER_CUSTOMER,
        ),
        (
            f"SELECT i.refund_id FROM inserted i {_named('refund')}"
            " JOIN ledger_credit c ON c.id = t.credit_id AND c.id = ANY (credits)"
            " WHERE i.customer_id IS DISTINCT FROM c.customer_id",
            _ANOTHER_CUSTOMER,
        ),
    ],
)

_BODIES = {
    "ledger_due_line": _OPEN_ITEMS,
    "ledger_credit": _OPEN_CREDITS,
    "ledger_allocation": _body(_ALLOCATION),
    "ledger_refund": _body(_REFUND),
    "ledger_reversal": _body(_REVERSAL),
}


def _with_room(table: str) -> RunStatements:
    """Half-filled pages: a balance is moved soon after it is made, and then in place, touching no index."""
    return RunStatements(
        f"Leave room in {table} for updates in place",
        [f"ALTER TABLE {table} SET (fillfactor = 50)"],
        [f"ALTER TABLE {table} RESET (fillfactor)"],
    )


def _keep(table: str) -> RunStatements:
    return RunStatements(
        f"Keep the balances by what is inserted into {table}",
        [_FUNCTION.format(table=table, body=_BODIES[table]), _TRIGGER.format(table=table)],
        [f"DROP TRIGGER balances ON {table}", f"DROP FUNCTION {table}_kept()"],
    )


class Migration(migrations.Migration):
    dependencies = [("ledger", "0005_walls")]

    operations = [
        _with_room("ledger_item_balance"),
        _with_room("ledger_credit_balance"),
        TriggerKeptTable("ledger_item_balance"),
        TriggerKeptTable("ledger_credit_balance"),
        *(_keep(table) for table in _BODIES),
    ]

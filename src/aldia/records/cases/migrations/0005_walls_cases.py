"""Cases, calls and promises are walled by creditor; states move by their table, a promise adds up."""

from django.db import migrations

from aldia.records.schema.operations import CompositeForeignKey, RunStatements, TenantTable

_CUSTOMER = ("parties_customer", ("creditor_id", "id"))
_MEMBER = ("tenancy_membership", ("creditor_id", "id"))

_CASE_MOVES = """
CREATE FUNCTION cases_case_moves() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'case_moves: case % stays', OLD.id USING ERRCODE = 'restrict_violation';
    END IF;
    IF (NEW.customer_id, NEW.opened_on) IS DISTINCT FROM (OLD.customer_id, OLD.opened_on) THEN
        RAISE EXCEPTION 'case_moves: customer and first day of case % stay', OLD.id
            USING ERRCODE = 'restrict_violation';
    END IF;
    IF NEW.version <= OLD.version THEN
        RAISE EXCEPTION 'case_moves: case % changes without a new version', OLD.id
            USING ERRCODE = 'restrict_violation';
    END IF;
    IF NEW.state <> OLD.state AND OLD.state || ' ' || NEW.state <> ALL (ARRAY[
        'new working', 'new waiting', 'new promised', 'new escalated', 'new closed',
        'working waiting', 'working promised', 'working escalated', 'working closed',
        'waiting working', 'waiting promised', 'waiting escalated', 'waiting closed',
        'promised working', 'promised waiting', 'promised escalated', 'promised closed',
        'escalated working', 'escalated waiting', 'escalated promised', 'escalated closed',
        'closed working'])
    THEN
        RAISE EXCEPTION 'case_moves: case % cannot go from % to %', OLD.id, OLD.state, NEW.state
            USING ERRCODE = 'restrict_violation';
    END IF;
    IF OLD.state = 'closed' AND NEW.state <> 'closed' AND NEW.reopened_times <> OLD.reopened_times + 1 THEN
        RAISE EXCEPTION 'case_moves: case % is taken up again without counting it', OLD.id
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END
$$
"""

# A promise is the sum of its lines, all of its customer and currency; and no line is promised twice: what is
# promised of it and not yet decided is no more than what is open of it.
_PROMISE_ADDS_UP = """
CREATE FUNCTION cases_promise_adds_up() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    promised record;
BEGIN
    SELECT p.amount_minor, p.currency INTO promised FROM cases_promise p
    WHERE p.creditor_id = NEW.creditor_id AND p.id = NEW.id;
    IF promised.amount_minor IS DISTINCT FROM (
        SELECT sum(l.amount_minor) FROM cases_promise_line l
        WHERE l.creditor_id = NEW.creditor_id AND l.promise_id = NEW.id)
    THEN
        RAISE EXCEPTION 'promise_adds_up: promise % is not the sum of its lines', NEW.id
            USING ERRCODE = 'restrict_violation';
    END IF;
    IF EXISTS (SELECT FROM cases_promise_line l
        WHERE l.creditor_id = NEW.creditor_id AND l.promise_id = NEW.id AND l.currency <> promised.currency)
    THEN
        RAISE EXCEPTION 'promise_adds_up: promise % has lines in another currency', NEW.id
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NULL;
END
$$
"""

_PROMISED_ONCE = """
CREATE FUNCTION cases_promised_once() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    left_minor bigint;
    promised_minor bigint;
BEGIN
    SELECT b.open_minor INTO left_minor FROM ledger_item_balance b
    WHERE b.creditor_id = NEW.creditor_id AND b.due_line_id = NEW.due_line_id
    FOR UPDATE;
    SELECT coalesce(sum(l.amount_minor), 0) INTO promised_minor
    FROM cases_promise_line l
    WHERE l.creditor_id = NEW.creditor_id AND l.due_line_id = NEW.due_line_id
      AND NOT EXISTS (SELECT FROM cases_promise_outcome o
                      WHERE o.creditor_id = l.creditor_id AND o.promise_id = l.promise_id);
    IF promised_minor > coalesce(left_minor, 0) THEN
        RAISE EXCEPTION 'promised_once: % of line % is promised, % is open', promised_minor, NEW.due_line_id,
            left_minor USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NULL;
END
$$
"""

_FINAL = """
CREATE FUNCTION cases_promise_withdrawn_once() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM cases_promise_outcome o
               WHERE o.creditor_id = NEW.creditor_id AND o.promise_id = NEW.promise_id
                 AND o.verdict = 'withdrawn')
    THEN
        RAISE EXCEPTION 'promise_withdrawn_once: promise % has been withdrawn', NEW.promise_id
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END
$$
"""


def _ties(table: str, **columns: tuple[str, tuple[str, ...]]) -> list[CompositeForeignKey]:
    """Keys of one column beside the creditor's."""
    return [
        CompositeForeignKey(table, ("creditor_id", column), target, target_columns)
        for column, (target, target_columns) in columns.items()
    ]


def _with_customer(table: str, column: str, target: str) -> CompositeForeignKey:
    """A key to a row of the same customer."""
    return CompositeForeignKey(
        table,
        ("creditor_id", column, "customer_id"),
        target,
        ("creditor_id", "id", "customer_id"),
    )


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0004_cases_calls_promises"),
        ("ledger", "0010_overlay_authors"),
        ("tenancy", "0013_promises_and_holds"),
    ]

    operations = [
        TenantTable("cases_team"),
        TenantTable("cases_collector", creditor_key=False),
        TenantTable("cases_case", creditor_key=False),
        TenantTable("cases_case_event", append_only=True, creditor_key=False),
        TenantTable("cases_case_note", append_only=True, creditor_key=False),
        TenantTable("cases_case_lock", creditor_key=False),
        TenantTable("cases_plan_b", append_only=True, creditor_key=False),
        TenantTable("cases_kind_judgement", append_only=True, creditor_key=False),
        TenantTable("cases_outcome_code"),
        TenantTable("cases_call", append_only=True, creditor_key=False),
        TenantTable("cases_promise", append_only=True, creditor_key=False),
        TenantTable("cases_promise_line", append_only=True, creditor_key=False),
        TenantTable("cases_promise_outcome", append_only=True, creditor_key=False),
        *_ties("cases_team", lead_id=_MEMBER),
        *_ties("cases_collector", member_id=_MEMBER, team_id=("cases_team", ("creditor_id", "id"))),
        *_ties(
            "cases_case",
            customer_id=_CUSTOMER,
            owner_id=_MEMBER,
            team_id=("cases_team", ("creditor_id", "id")),
        ),
        _with_customer("cases_case_event", "case_id", "cases_case"),
        *_ties("cases_case_note", customer_id=_CUSTOMER),
        _with_customer("cases_case_note", "case_id", "cases_case"),
        _with_customer("cases_case_lock", "case_id", "cases_case"),
        *_ties("cases_case_lock", member_id=_MEMBER),
        *_ties("cases_plan_b", customer_id=_CUSTOMER),
        *_ties("cases_kind_judgement", customer_id=_CUSTOMER),
        *_ties("cases_call", customer_id=_CUSTOMER, member_id=_MEMBER),
        _with_customer("cases_call", "case_id", "cases_case"),
        _with_customer("cases_call", "corrects_id", "cases_call"),
        *_ties("cases_promise", customer_id=_CUSTOMER, taken_by_id=_MEMBER),
        _with_customer("cases_promise", "case_id", "cases_case"),
        _with_customer("cases_promise", "call_id", "cases_call"),
        _with_customer("cases_promise_line", "promise_id", "cases_promise"),
        CompositeForeignKey(
            "cases_promise_line",
            ("creditor_id", "due_line_id", "customer_id", "currency"),
            "ledger_due_line",
            ("creditor_id", "id", "customer_id", "currency"),
        ),
        _with_customer("cases_promise_outcome", "promise_id", "cases_promise"),
        *_ties("cases_promise_outcome", run_id=("cases_daily_run", ("creditor_id", "id"))),
        RunStatements(
            "Cases move by their table, promises add up and are made once",
            [
                _CASE_MOVES,
                "CREATE TRIGGER case_moves BEFORE UPDATE OR DELETE ON cases_case"
                " FOR EACH ROW EXECUTE FUNCTION cases_case_moves()",
                _PROMISE_ADDS_UP,
                "CREATE CONSTRAINT TRIGGER promise_adds_up AFTER INSERT ON cases_promise"
                " DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION cases_promise_adds_up()",
                _PROMISED_ONCE,
                "CREATE TRIGGER promised_once AFTER INSERT ON cases_promise_line"
                " FOR EACH ROW EXECUTE FUNCTION cases_promised_once()",
                _FINAL,
                "CREATE TRIGGER promise_withdrawn_once BEFORE INSERT ON cases_promise_outcome"
                " FOR EACH ROW EXECUTE FUNCTION cases_promise_withdrawn_once()",
            ],
            [
                "DROP TRIGGER promise_withdrawn_once ON cases_promise_outcome",
                "DROP FUNCTION cases_promise_withdrawn_once()",
                "DROP TRIGGER promised_once ON cases_promise_line",
                "DROP FUNCTION cases_promised_once()",
                "DROP TRIGGER promise_adds_up ON cases_promise",
                "DROP FUNCTION cases_promise_adds_up()",
                "DROP TRIGGER case_moves ON cases_case",
                "DROP FUNCTION cases_case_moves()",
            ],
        ),
    ]

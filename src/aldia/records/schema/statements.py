"""The SQL behind the migration operations. `{table}` is always a name written in a migration, never input."""

SCOPE = "creditor_id = ANY (string_to_array(current_setting('aldia.creditor', true), ',')::bigint[])"
"""What a row must satisfy to be seen or written: its creditor is in the scope; no scope, no row."""

ADD_POLICY = f"""
ALTER TABLE {{table}} ENABLE ROW LEVEL SECURITY;
ALTER TABLE {{table}} FORCE ROW LEVEL SECURITY;
CREATE POLICY creditor_scope ON {{table}} USING ({SCOPE}) WITH CHECK ({SCOPE});
"""

DROP_POLICY = """
DROP POLICY creditor_scope ON {table};
ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY;
ALTER TABLE {table} DISABLE ROW LEVEL SECURITY;
"""

ADD_CREDITOR_KEY = """
ALTER TABLE {table} ADD CONSTRAINT {table}_creditor_fk
    FOREIGN KEY (creditor_id) REFERENCES tenancy_creditor (id)
"""

REFUSE_CHANGE = """
CREATE OR REPLACE FUNCTION schema_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'append_only: % of % refused; a mistake is reversed by a new row', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'restrict_violation';
END
$$
"""

ADD_APPEND_ONLY = """
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON {table}
    FOR EACH STATEMENT EXECUTE FUNCTION schema_refuse_change()
"""

REFUSE_FOREIGN_HAND = """
CREATE OR REPLACE FUNCTION schema_refuse_foreign_hand() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF current_user <> (SELECT pg_get_userbyid(relowner) FROM pg_class WHERE oid = TG_RELID) THEN
        RAISE EXCEPTION 'trigger_kept: % of % refused; only the triggers of the ledger write it',
            TG_OP, TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NULL;
END
$$
"""

ADD_TRIGGER_KEPT = """
CREATE TRIGGER trigger_kept BEFORE INSERT OR UPDATE OR DELETE ON {table}
    FOR EACH STATEMENT EXECUTE FUNCTION schema_refuse_foreign_hand()
"""

DROP_TRIGGER = "DROP TRIGGER {trigger} ON {table}"

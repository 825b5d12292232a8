"""Triggers that guard the audit trail against everybody, pilotkit included.

Events are only appended, each continuing the head; the head only moves to the event that was appended. Whoever owns
the database can drop a trigger; what is done then shows in the chain of hashes.
"""

from sqlalchemy import Connection

_NO_CHANGE = "the audit trail is only appended to"
_NOT_NEXT = "an audit event must continue the head of the trail"
_NOT_FORWARD = "the head of the audit trail only moves to the event that was appended"

_CONTINUES = "NEW.seq = head.seq + 1 AND NEW.previous = head.hash"
_MOVES = "NEW.id = OLD.id AND NEW.seq = OLD.seq + 1 AND event.seq = NEW.seq AND event.hash = NEW.hash"

_SQLITE = {
    "audit_event_no_update": f"BEFORE UPDATE ON audit_event BEGIN SELECT RAISE(ABORT, '{_NO_CHANGE}'); END",
    "audit_event_no_delete": f"BEFORE DELETE ON audit_event BEGIN SELECT RAISE(ABORT, '{_NO_CHANGE}'); END",
    "audit_event_append": f"""BEFORE INSERT ON audit_event
        WHEN NOT EXISTS (SELECT 1 FROM audit_head AS head WHERE {_CONTINUES})
        BEGIN SELECT RAISE(ABORT, '{_NOT_NEXT}'); END""",  # noqa: S608 - constants only
    "audit_head_no_insert": f"BEFORE INSERT ON audit_head BEGIN SELECT RAISE(ABORT, '{_NOT_FORWARD}'); END",
    "audit_head_no_delete": f"BEFORE DELETE ON audit_head BEGIN SELECT RAISE(ABORT, '{_NOT_FORWARD}'); END",
    "audit_head_forward": f"""BEFORE UPDATE ON audit_head
        WHEN NOT EXISTS (SELECT 1 FROM audit_event AS event WHERE {_MOVES})
        BEGIN SELECT RAISE(ABORT, '{_NOT_FORWARD}'); END""",  # noqa: S608 - constants only
}

_FUNCTIONS = (
    """CREATE OR REPLACE FUNCTION audit_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
       BEGIN RAISE EXCEPTION USING MESSAGE = TG_ARGV[0], ERRCODE = 'integrity_constraint_violation'; END $$""",
    f"""CREATE OR REPLACE FUNCTION audit_event_append() RETURNS trigger LANGUAGE plpgsql AS $$
       BEGIN
         IF NOT EXISTS (SELECT 1 FROM audit_head AS head WHERE {_CONTINUES}) THEN
           RAISE EXCEPTION USING MESSAGE = '{_NOT_NEXT}', ERRCODE = 'integrity_constraint_violation';
         END IF;
         RETURN NEW;
       END $$""",  # noqa: S608 - constants only
    f"""CREATE OR REPLACE FUNCTION audit_head_forward() RETURNS trigger LANGUAGE plpgsql AS $$
       BEGIN
         IF NOT EXISTS (SELECT 1 FROM audit_event AS event WHERE {_MOVES}) THEN
           RAISE EXCEPTION USING MESSAGE = '{_NOT_FORWARD}', ERRCODE = 'integrity_constraint_violation';
         END IF;
         RETURN NEW;
       END $$""",  # noqa: S608 - constants only
)

_POSTGRESQL = {
    "audit_event_no_change": f"""BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_event
        FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse('{_NO_CHANGE}')""",
    "audit_event_append": "BEFORE INSERT ON audit_event FOR EACH ROW EXECUTE FUNCTION audit_event_append()",
    "audit_head_no_change": f"""BEFORE INSERT OR DELETE OR TRUNCATE ON audit_head
        FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse('{_NOT_FORWARD}')""",
    "audit_head_forward": "BEFORE UPDATE ON audit_head FOR EACH ROW EXECUTE FUNCTION audit_head_forward()",
}


def guard(connection: Connection) -> None:
    """Create every guard anew."""
    unguard(connection)
    for function in () if connection.dialect.name == "sqlite" else _FUNCTIONS:
        connection.exec_driver_sql(function)
    for name, body in _of(connection).items():
        connection.exec_driver_sql(f"CREATE TRIGGER {name} {body}")


def unguard(connection: Connection) -> None:
    """Drop every guard, for a migration: SQLite cannot rebuild a table that triggers of another one refer to."""
    for name in _of(connection):
        table = "" if connection.dialect.name == "sqlite" else f" ON {name[: name.index('_', len('audit_'))]}"
        connection.exec_driver_sql(f"DROP TRIGGER IF EXISTS {name}{table}")


def missing_guards(connection: Connection) -> tuple[str, ...]:
    """The names of the triggers that somebody has dropped or switched off."""
    if connection.dialect.name == "sqlite":
        query = "SELECT name FROM sqlite_master WHERE type = 'trigger'"
    else:
        query = (
            "SELECT tgname FROM pg_trigger WHERE tgenabled <> 'D' AND tgrelid IN"
            " (to_regclass('audit_event'), to_regclass('audit_head'))"
        )
    return tuple(sorted(_of(connection).keys() - {row[0] for row in connection.exec_driver_sql(query)}))


def _of(connection: Connection) -> dict[str, str]:
    return _SQLITE if connection.dialect.name == "sqlite" else _POSTGRESQL

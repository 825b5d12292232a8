import hashlib
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import inspect, text

from pilotkit.db import schema
from pilotkit.db.engine import Database
from pilotkit.db.guards import missing_guards
from pilotkit.domain.errors import Refused, Unavailable
from pilotkit.resources import migrations
from tests.integration.db.conftest import Race
from tests.integration.db.seeds import rows, seed

HEAD = schema.files()[-1].name[:4]
NEXT = f"{int(HEAD) + 1:04}"

AddMigration = Callable[[str], None]

REBUILD = """
    connection = op.get_bind()
    recreate = "always" if connection.dialect.name == "sqlite" else "auto"
    for table in sa.inspect(connection).get_table_names():
        if table != "alembic_version":
            with op.batch_alter_table(table, recreate=recreate) as batch:
                batch.add_column(sa.Column("added", sa.Text()))
"""


@pytest.fixture
def add_migration(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AddMigration:
    """Give this pilotkit one migration more than it has."""

    def add(body: str) -> None:
        folder = tmp_path / "migrations"
        shutil.copytree(migrations(), folder)
        (folder / "versions" / f"{NEXT}_more.py").write_text(
            f'import sqlalchemy as sa\nfrom alembic import op\n\nrevision = "{NEXT}"\ndown_revision = "{HEAD}"\n\n\n'
            f"def upgrade():\n{body}\n"
        )
        monkeypatch.setattr(schema, "migrations", lambda: folder)

    return add


def execute(database: Database, *statements: str) -> None:
    with database.write() as session:
        for statement in statements:
            session.execute(text(statement))


def fingerprint(database: Database) -> object:
    """Everything that is in the database; on SQLite the very bytes."""
    if database.file:
        database.close()
        folder = sorted(database.file.parent.glob(f"{database.file.name}*"))
        return [(path.name, hashlib.sha256(path.read_bytes()).hexdigest()) for path in folder]
    with database.read() as session:
        tables = inspect(session.connection()).get_table_names()
        return {name: session.execute(text(f'SELECT * FROM "{name}"')).all() for name in tables}


# --- What a database is -----------------------------------------------------------------------------------------------


def test_a_fresh_database_is_current(database: Database) -> None:
    assert schema.status(database) == schema.SchemaStatus(HEAD, HEAD, "current")
    schema.require_current(database)


def test_an_empty_database_is_sent_to_the_upgrade(empty_url: str) -> None:
    database = Database(empty_url)
    assert schema.status(database) == schema.SchemaStatus(None, HEAD, "empty")
    with pytest.raises(Refused, match=r"is empty.*Run 'pilotkit db upgrade'"):
        schema.require_current(database)
    assert not (database.file and database.file.exists())
    database.close()


def test_an_older_database_is_sent_to_the_upgrade(database: Database, add_migration: AddMigration) -> None:
    add_migration("    pass")
    before = fingerprint(database)
    assert schema.status(database) == schema.SchemaStatus(HEAD, NEXT, "older")
    with pytest.raises(Refused, match=f"has schema {HEAD}; this pilotkit needs {NEXT}.*'pilotkit db upgrade'"):
        schema.require_current(database)
    assert fingerprint(database) == before
    assert schema.upgrade(database).state == "current"


def test_a_newer_database_is_left_alone(database: Database) -> None:
    execute(database, "UPDATE alembic_version SET version_num = '9999'")
    before = fingerprint(database)
    assert schema.status(database) == schema.SchemaStatus("9999", HEAD, "newer")
    for refused in (schema.require_current, schema.upgrade):
        with pytest.raises(Refused, match="this pilotkit is too old"):
            refused(database)
    assert fingerprint(database) == before


@pytest.mark.parametrize(
    "tables",
    [
        ["CREATE TABLE invoice (id INTEGER)"],
        ["CREATE TABLE alembic_version (version_num TEXT)", "INSERT INTO alembic_version VALUES ('0001')"],
        [
            "CREATE TABLE alembic_version (version_num TEXT)",
            "CREATE TABLE audit_head (id INTEGER)",
            "INSERT INTO alembic_version VALUES ('6e7b1c9d2f40')",
        ],
        ["CREATE TABLE alembic_version (version_num TEXT)", "CREATE TABLE audit_head (id INTEGER)"],
    ],
    ids=["no version", "no trail", "another numbering", "version gone"],
)
def test_the_database_of_another_program_is_left_alone(empty_url: str, tables: list[str]) -> None:
    database = Database(empty_url)
    execute(database, *tables)
    before = fingerprint(database)
    assert schema.status(database).state == "foreign"
    for refused in (schema.require_current, schema.upgrade):
        with pytest.raises(Refused, match="another program"):
            refused(database)
    assert fingerprint(database) == before
    database.close()


def test_looking_costs_no_alembic(database_url: str) -> None:
    program = (
        "import sys; from pilotkit.db import schema; from pilotkit.db.engine import Database;"
        f"schema.require_current(Database({database_url!r})); sys.exit('alembic' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0


# --- The way up -------------------------------------------------------------------------------------------------------


def test_upgrade_twice_is_upgrade_once(empty_url: str) -> None:
    database = Database(empty_url)
    assert schema.upgrade(database).state == "current"
    with database.read() as session:
        assert missing_guards(session.connection()) == ()
        before = rows(session.connection())
    assert schema.upgrade(database).state == "current"
    with database.read() as session:
        assert rows(session.connection()) == before
    database.close()


def test_two_upgrades_at_once_both_end_well(empty_url: str, race: Race) -> None:
    for process in [race("upgrade", empty_url) for _ in range(2)]:
        assert process.communicate(timeout=120) == ("current", "")


def test_the_folder_of_a_new_file_is_made(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path}/new/folder/pilotkit.db")
    assert schema.upgrade(database).state == "current"
    database.close()


@pytest.mark.parametrize(
    ("point", "state"),
    [
        ("migration.before", "empty"),
        ("migration.after", "empty"),
        ("upgrade.commit.before", "empty"),
        ("upgrade.commit.after", "current"),
    ],
)
def test_a_killed_upgrade_is_whole_or_nothing(empty_url: str, race: Race, point: str, state: str) -> None:
    process = race("upgrade", empty_url, kill_at=point)
    process.communicate(timeout=60)
    assert process.returncode == -9
    database = Database(empty_url)
    assert schema.status(database).state == state
    assert schema.upgrade(database).state == "current"
    database.close()


def test_a_migration_that_fails_changes_nothing(database: Database, add_migration: AddMigration) -> None:
    add_migration('    op.create_table("half", sa.Column("id", sa.Integer()))\n    raise RuntimeError("planned")')
    with pytest.raises(RuntimeError, match="planned"):
        schema.upgrade(database)
    assert schema.status(database) == schema.SchemaStatus(HEAD, NEXT, "older")
    with database.read() as session:
        assert "half" not in inspect(session.connection()).get_table_names()
        assert missing_guards(session.connection()) == ()


def test_rebuilding_every_table_keeps_rows_children_and_guards(database: Database, add_migration: AddMigration) -> None:
    with database.write() as session:
        seed(session.connection())
        before = rows(session.connection())
    assert min(map(len, before.values())) > 0
    add_migration(REBUILD)
    assert schema.upgrade(database).state == "current"
    with database.read() as session:
        after = rows(session.connection())
        assert missing_guards(session.connection()) == ()
    assert {name: [{**row, "added": None} for row in table] for name, table in before.items()} == after


def test_a_migration_that_leaves_orphans_is_rolled_back(sqlite_database: Database, add_migration: AddMigration) -> None:
    with sqlite_database.write() as session:
        seed(session.connection())
    add_migration('    op.execute("DELETE FROM programme")')
    with pytest.raises(Unavailable, match="points to a row of programme that does not exist"):
        schema.upgrade(sqlite_database)
    assert schema.status(sqlite_database).state == "older"
    with sqlite_database.read() as session:
        assert session.execute(text("SELECT count(*) FROM programme")).scalar_one() > 0

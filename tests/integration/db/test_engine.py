import socket
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import String, insert, literal, select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

from pilotkit.db import audit
from pilotkit.db.engine import Database
from pilotkit.db.models.audit import AuditEvent, AuditHead
from pilotkit.db.models.base import Versioned
from pilotkit.domain.errors import Conflict, Invalid, Unavailable
from tests.databases import fresh
from tests.integration.db.conftest import Race

AT = datetime(2027, 3, 1, 9, 30, tzinfo=UTC)


class Own(DeclarativeBase):
    """Models of these tests, apart from pilotkit's."""


class Note(Versioned, Own):
    __tablename__ = "note"
    id: Mapped[int] = mapped_column(primary_key=True)
    words: Mapped[str] = mapped_column(String)


@pytest.fixture
def noted(database: Database) -> Database:
    with database.write() as session:
        Own.metadata.create_all(session.connection())
        session.add(Note(id=1, words="first"))
    return database


@pytest.fixture
def postgresql_url(tmp_path: Path) -> Iterator[str]:
    with fresh("postgresql", tmp_path) as url:
        yield url


def record(session: Session) -> None:
    audit.record(session, at=AT, actor="p-1", action="note.written", subject="N-1", payload={})


def words(database: Database) -> list[str]:
    with database.read() as session:
        return list(session.scalars(select(Note.words).order_by(Note.id)))


def test_write_commits_at_its_end(noted: Database) -> None:
    with noted.write() as session:
        session.add(Note(id=2, words="second"))
    assert words(noted) == ["first", "second"]


def test_write_rolls_back_whatever_is_raised(noted: Database) -> None:
    def interrupted() -> None:
        with noted.write() as session:
            session.add(Note(id=2, words="second"))
            session.flush()
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert words(noted) == ["first"]


def test_what_was_written_stays_readable_after_the_end(noted: Database) -> None:
    with noted.write() as session:
        note = Note(id=2, words="second")
        session.add(note)
    assert note.words == "second"


def test_readers_are_refused_every_write(noted: Database) -> None:
    with pytest.raises(DBAPIError, match=r"(?i)read-?only"), noted.read() as session:
        session.execute(text("UPDATE note SET words = 'changed'"))
    assert words(noted) == ["first"]


def test_readers_see_one_state(noted: Database) -> None:
    with noted.read() as reader:
        before = reader.scalar(select(Note.words))
        with noted.write() as writer:
            writer.execute(text("UPDATE note SET words = 'changed'"))
        assert reader.execute(select(Note.words)).scalar_one() == before == "first"
    assert words(noted) == ["changed"]


def test_an_update_of_an_old_version_is_a_conflict(noted: Database) -> None:
    with noted.read() as session:
        mine = session.get_one(Note, 1)
    mine.words = "mine"
    with noted.write() as session:
        session.get_one(Note, 1).words = "theirs"
    with pytest.raises(Conflict, match="Somebody else"), noted.write() as session:
        session.add(mine)
    assert words(noted) == ["theirs"]


def test_foreign_keys_are_enforced(database: Database) -> None:
    with database.write() as session:
        session.execute(text("CREATE TABLE parent (id INTEGER PRIMARY KEY)"))
        session.execute(text("CREATE TABLE child (parent INTEGER REFERENCES parent (id))"))
    with pytest.raises(DBAPIError, match=r"(?i)foreign key"), database.write() as session:
        session.execute(text("INSERT INTO child VALUES (7)"))


@pytest.mark.parametrize("bad", ["a\x00b", "half \ud83d"])
def test_damaged_text_is_refused_before_a_database_sees_it(database: Database, bad: str) -> None:
    with pytest.raises(Invalid, match=r"NUL character|half a character") as caught, database.write() as session:
        session.execute(insert(AuditHead).values(id=2, seq=1, hash=bad))
    assert caught.value.remedy
    with pytest.raises(Invalid), database.read() as session:
        session.execute(select(AuditEvent.seq).where(AuditEvent.subject == bad))


@pytest.mark.parametrize(
    "url", ["mysql://host/name", "sqlite://", "sqlite:///:memory:", "nonsense", "oracle://x:secret@y"]
)
def test_other_databases_are_refused_without_telling_the_password(url: str) -> None:
    with pytest.raises(Invalid) as caught:
        Database(url)
    assert "secret" not in str(caught.value)


def test_every_way_to_write_the_url_of_postgresql(postgresql_url: str) -> None:
    for scheme in ("postgresql", "postgres", "postgresql+psycopg"):
        url = postgresql_url.replace("postgresql", scheme, 1) + "?options=-c%20statement_timeout%3D7s"
        with closing(Database(url)) as database, database.read() as session:
            assert session.execute(text("SHOW statement_timeout")).scalar() == "7s"
            assert session.execute(text("SHOW timezone")).scalar() == "UTC"
            assert session.execute(text("SHOW application_name")).scalar() == "pilotkit reader"
            assert ":***@" in str(database)


# --- Faults -----------------------------------------------------------------------------------------------------------


def test_a_lock_that_is_held_too_long(database: Database, database_url: str) -> None:
    with closing(Database(database_url, wait_seconds=1)) as impatient, database.write() as session:
        record(session)
        with pytest.raises(Unavailable, match="held its lock for too long"), impatient.write() as second:
            record(second)


def test_no_folder_for_the_file(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path}/missing/pilotkit.db")
    with pytest.raises(Unavailable, match="cannot be opened"), database.write() as session:
        record(session)


def test_a_file_that_is_no_database(tmp_path: Path) -> None:
    (tmp_path / "letter.db").write_text("Dear reader, " * 200)
    database = Database(f"sqlite:///{tmp_path}/letter.db")
    for door in (database.read, database.write):
        with pytest.raises(Unavailable, match="not an SQLite database"), door() as session:
            session.execute(text("SELECT * FROM sqlite_master"))


def test_a_full_disk_changes_nothing(sqlite_database: Database) -> None:
    def fill() -> None:
        with sqlite_database.write() as session:
            session.execute(text("PRAGMA max_page_count = 1"))
            for _ in range(1000):
                record(session)

    with pytest.raises(Unavailable, match="disk is full"):
        fill()
    with sqlite_database.read() as session:
        assert session.scalar(select(AuditHead.seq)) == 0


def test_a_server_that_is_not_there() -> None:
    with closing(socket.socket()) as unused:
        unused.bind(("127.0.0.1", 0))
        url = f"postgresql://somebody:secret@127.0.0.1:{unused.getsockname()[1]}/pilotkit"
        with pytest.raises(Unavailable, match="cannot be reached") as caught, Database(url).read() as session:
            session.execute(select(literal(1)))
    assert "secret" not in str(caught.value)
    assert "Check that the server runs" in str(caught.value)


@pytest.mark.parametrize(("part", "wrong"), [("postgres:", "nobody:"), ("/pilotkit_test", "/no_such_")])
def test_a_server_that_refuses(postgresql_url: str, part: str, wrong: str) -> None:
    database = Database(postgresql_url.replace(part, wrong))
    with pytest.raises(Unavailable, match="cannot be reached"), database.read() as session:
        session.execute(select(literal(1)))


def _end_connections(url: str) -> None:
    with closing(psycopg.connect(url, autocommit=True)) as other:
        other.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )


def test_the_connection_ends_within_a_transaction(postgresql_url: str) -> None:
    def cut_off(database: Database) -> None:
        with database.write() as session:
            record(session)
            _end_connections(postgresql_url)
            record(session)

    with closing(Database(postgresql_url)) as database:
        with pytest.raises(Unavailable, match="cannot be reached"):
            cut_off(database)
        with database.write() as session:  # the next one gets a new connection
            record(session)
        with database.read() as session:
            assert session.scalar(select(AuditHead.seq)) == 1


def test_the_connection_ends_at_the_commit(postgresql_url: str) -> None:
    def cut_off(database: Database) -> None:
        with database.write() as session:
            record(session)
            _end_connections(postgresql_url)

    database = Database(postgresql_url)
    with closing(database), pytest.raises(Unavailable, match="while a change was being stored") as caught:
        cut_off(database)
    assert "before you repeat it" in str(caught.value)


def test_connections_that_ended_between_two_uses_are_replaced(postgresql_url: str) -> None:
    with closing(Database(postgresql_url)) as database:
        for _ in range(2):
            with database.write() as session:
                record(session)
            _end_connections(postgresql_url)


@pytest.mark.parametrize(
    ("point", "stored"),
    [("audit.before", 0), ("audit.between", 0), ("audit.after", 0), ("commit.before", 0), ("commit.after", 1)],
)
def test_killed_at_each_point(database: Database, database_url: str, race: Race, point: str, stored: int) -> None:
    process = race("audit", database_url, kill_at=point)
    process.communicate(timeout=60)
    assert process.returncode == -9
    with database.read() as session:
        assert session.scalar(select(AuditHead.seq)) == stored
    with database.write() as session:  # and nothing is left locked
        record(session)


def test_sqlite_is_set_up_as_the_plan_says(sqlite_database: Database) -> None:
    with sqlite_database.write() as session:
        asked = ("journal_mode", "foreign_keys", "synchronous", "recursive_triggers", "query_only", "busy_timeout")
        found = [session.execute(text(f"PRAGMA {name}")).scalar() for name in asked]
        assert found == ["wal", 1, 1, 1, 0, 20_000]
        assert session.connection().connection.driver_connection.isolation_level is None  # type: ignore[union-attr]
        other = sqlite3.connect(str(sqlite_database.file), timeout=0)
        with closing(other), pytest.raises(sqlite3.OperationalError, match="locked"):  # from the first statement on
            other.execute("BEGIN IMMEDIATE")

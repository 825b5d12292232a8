from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from hashlib import sha256

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from pilotkit.db import audit
from pilotkit.db.engine import Database
from pilotkit.db.guards import guard, missing_guards
from pilotkit.db.queries import audit as trail
from pilotkit.domain.audit import BEGINNING, Event, FirstBad, digest, verify
from pilotkit.domain.errors import Invalid, Unavailable

AT = datetime(2027, 3, 1, 9, 30, tzinfo=UTC)
COLUMNS = ", ".join(Event._fields)


@pytest.fixture
def chain(database: Database) -> Database:
    """Six events in one transaction."""
    with database.write() as session:
        for number in range(1, 7):
            audit.record(
                session,
                at=AT + timedelta(minutes=number),
                actor=f"person-{number % 2}",
                action="pilot.created" if number < 4 else "gate.decided",
                subject=f"P-{number:03}",
                payload={"title": {"sl": "Čebelnjak", "en": "Apiary"}, "number": number},
            )
    return database


def first_bad(database: Database, anchors: dict[int, str] | None = None) -> FirstBad | None:
    with database.read() as session:
        return verify(trail.events(session), trail.head(session), anchors)


def unguard(session: Session) -> None:
    """Do as somebody who owns the database would."""
    connection = session.connection()
    if connection.dialect.name == "sqlite":
        for (name,) in connection.exec_driver_sql("SELECT name FROM sqlite_master WHERE type = 'trigger'").all():
            connection.exec_driver_sql(f"DROP TRIGGER {name}")
    else:
        for table in ("audit_event", "audit_head"):
            connection.exec_driver_sql(f"ALTER TABLE {table} DISABLE TRIGGER USER")


# --- What is recorded -------------------------------------------------------------------------------------------------


def test_events_read_as_they_were_recorded(chain: Database) -> None:
    with chain.read() as session:
        events = [Event(*event) for event in trail.events(session)]
        head = trail.head(session)
    assert [event.seq for event in events] == [1, 2, 3, 4, 5, 6]
    assert events[0] == Event(
        seq=1,
        at="2027-03-01T09:31:00.000000+00:00",
        actor="person-1",
        action="pilot.created",
        subject="P-001",
        payload='{"number":1,"title":{"en":"Apiary","sl":"Čebelnjak"}}',
        previous=BEGINNING,
        hash=events[1].previous,
    )
    assert head == (6, events[-1].hash)
    assert first_bad(chain) is None


def test_the_seal_can_be_computed_with_any_tool(chain: Database) -> None:
    with chain.read() as session:
        one = next(trail.events(session))
    lines = [one.previous, "1", one.at, one.actor, one.action, one.subject, one.payload]
    assert one.hash == sha256("\n".join(lines).encode()).hexdigest()


def test_the_time_is_recorded_in_utc(database: Database) -> None:
    with database.write() as session:
        zone = timezone(timedelta(hours=2))
        audit.record(session, at=AT.astimezone(zone), actor="a", action="b.c", subject="d", payload={})
    with database.read() as session:
        assert next(trail.events(session)).at == "2027-03-01T09:30:00.000000+00:00"


@pytest.mark.parametrize(
    ("wanted", "numbers"),
    [
        ({"subject": "P-002"}, [2]),
        ({"actor": "person-1"}, [1, 3, 5]),
        ({"action": "gate.decided"}, [4, 5, 6]),
        ({"action": "gate.decided", "actor": "person-0"}, [4, 6]),
        ({"subject": "P-999"}, []),
    ],
)
def test_events_are_found_by_subject_actor_and_action(
    chain: Database, wanted: dict[str, str], numbers: list[int]
) -> None:
    with chain.read() as session:
        assert [event.seq for event in trail.events(session, **wanted)] == numbers


def test_an_event_falls_with_its_transaction(chain: Database) -> None:
    def fail_late() -> None:
        with chain.write() as session:
            audit.record(session, at=AT, actor="a", action="b.c", subject="d", payload={})
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail_late()
    assert first_bad(chain) is None
    with chain.read() as session:
        head = trail.head(session)
        assert head is not None
        assert head.seq == 6


@pytest.mark.parametrize(
    "wrong",
    [
        {"at": datetime(2027, 3, 1)},  # noqa: DTZ001 - the very thing that is refused
        {"actor": "two\nlines"},
        {"action": ""},
        {"subject": "NUL\x00"},
        {"subject": "half \ud83d"},
        {"payload": {"deep": ["NUL\x00"]}},
        {"payload": {"half": "\ud83d"}},
    ],
)
def test_what_cannot_stand_in_the_trail_is_refused(database: Database, wrong: dict[str, object]) -> None:
    right = {"at": AT, "actor": "a", "action": "b.c", "subject": "d", "payload": {}}
    with pytest.raises(Invalid), database.write() as session:
        audit.record(session, **(right | wrong))  # type: ignore[arg-type]


def test_text_that_only_looks_like_nul_is_kept(database: Database) -> None:
    with database.write() as session:
        audit.record(session, at=AT, actor="a", action="b.c", subject="d", payload={"text": "\\u0000 \\\\u0000"})
    assert first_bad(database) is None


# --- The guards -------------------------------------------------------------------------------------------------------

ONE_MORE = f"INSERT INTO audit_event ({COLUMNS}) VALUES (7, 'x', 'x', 'x', 'x', '{{}}', 'x', 'x')"
FORBIDDEN = [
    "UPDATE audit_event SET actor = 'nobody' WHERE seq = 3",
    "UPDATE audit_event SET seq = 30 WHERE seq = 3",
    "DELETE FROM audit_event WHERE seq = 6",
    "DELETE FROM audit_event",
    ONE_MORE,
    "UPDATE audit_head SET seq = 5",
    "UPDATE audit_head SET seq = 7",
    "UPDATE audit_head SET hash = 'x'",
    "DELETE FROM audit_head",
    "INSERT INTO audit_head (id, seq, hash) VALUES (2, 0, 'x')",
]
FORBIDDEN_BY_KIND = {
    "sqlite": [
        ONE_MORE.replace("INSERT", "INSERT OR REPLACE").replace("(7,", "(6,"),
        "INSERT OR REPLACE INTO audit_head (id, seq, hash) VALUES (1, 0, 'x')",
        "REPLACE INTO audit_event SELECT * FROM audit_event WHERE seq = 6",
        "UPDATE OR REPLACE audit_event SET seq = 5 WHERE seq = 6",
    ],
    "postgresql": [
        "TRUNCATE audit_event",
        "TRUNCATE audit_head",
        f"{ONE_MORE.replace('(7,', '(6,')} ON CONFLICT (seq) DO UPDATE SET actor = 'nobody'",
        "INSERT INTO audit_head (id, seq, hash) VALUES (1, 0, 'x') ON CONFLICT (id) DO UPDATE SET seq = 0",
    ],
}


def test_only_appending_is_possible(chain: Database) -> None:
    for statement in [*FORBIDDEN, *FORBIDDEN_BY_KIND[chain.kind]]:
        with pytest.raises(DBAPIError, match="audit"), chain.write() as session:
            session.execute(text(statement))
    assert first_bad(chain) is None


def test_guards_that_are_gone_are_noticed_and_come_back(chain: Database) -> None:
    with chain.write() as session:
        assert missing_guards(session.connection()) == ()
        unguard(session)
        assert "audit_event_append" in missing_guards(session.connection())
        guard(session.connection())
        assert missing_guards(session.connection()) == ()
    with pytest.raises(DBAPIError, match="only appended to"), chain.write() as session:
        session.execute(text("DELETE FROM audit_event"))


def test_without_a_head_nothing_is_recorded(chain: Database) -> None:
    with chain.write() as session:
        unguard(session)
        session.execute(text("DELETE FROM audit_head"))
    with pytest.raises(Unavailable, match="head of the audit trail"), chain.write() as session:
        audit.record(session, at=AT, actor="a", action="b.c", subject="d", payload={})


# --- Behind the guards' back ------------------------------------------------------------------------------------------

Tampering = Callable[[Session], object]


def sql(*statements: str) -> Tampering:
    return lambda session: [session.execute(text(statement)) for statement in statements]


def event(session: Session, seq: int) -> Event:
    return Event(*session.execute(text(f"SELECT {COLUMNS} FROM audit_event WHERE seq = {seq}")).one())


def forge(session: Session, forged: Event, *, with_head: bool = False) -> None:
    """Write an event with a seal that fits what it says."""
    sealed = forged._replace(hash=digest(forged))
    session.execute(text(f"DELETE FROM audit_event WHERE seq = {sealed.seq}"))
    places = ", ".join(f":{field}" for field in Event._fields)
    session.execute(text(f"INSERT INTO audit_event ({COLUMNS}) VALUES ({places})"), sealed._asdict())
    if with_head:
        session.execute(text("UPDATE audit_head SET seq = :seq, hash = :hash"), sealed._asdict())


def forge_after_the_end(session: Session) -> None:
    last = event(session, 6)
    forge(session, last._replace(seq=7, previous=last.hash))


def forge_in_the_middle(session: Session) -> None:
    forge(session, event(session, 3)._replace(actor="somebody else"))


def forge_the_end(session: Session) -> None:
    forge(session, event(session, 6)._replace(actor="somebody else"))


def swap(session: Session) -> None:
    sql(
        "UPDATE audit_event SET seq = 99 WHERE seq = 2",
        "UPDATE audit_event SET seq = 2 WHERE seq = 3",
        "UPDATE audit_event SET seq = 3 WHERE seq = 99",
    )(session)


def close_the_gap(session: Session) -> None:
    sql("DELETE FROM audit_event WHERE seq = 3")(session)
    for seq in (4, 5, 6):
        session.execute(text(f"UPDATE audit_event SET seq = {seq - 1} WHERE seq = {seq}"))


@pytest.mark.parametrize(
    ("tampering", "seq", "reason"),
    [
        ("UPDATE audit_event SET at = '2026-03-01T09:33:00.000000+00:00' WHERE seq = 3", 3, "changed"),
        ("UPDATE audit_event SET actor = 'person-7' WHERE seq = 3", 3, "changed"),
        ("UPDATE audit_event SET action = 'pilot.renamed' WHERE seq = 3", 3, "changed"),
        ("UPDATE audit_event SET subject = 'P-004' WHERE seq = 3", 3, "changed"),
        ("UPDATE audit_event SET payload = '{\"number\": 3}' WHERE seq = 3", 3, "changed"),
        ("UPDATE audit_event SET payload = payload || ' ' WHERE seq = 6", 6, "changed"),
        ("UPDATE audit_event SET previous = 'x' WHERE seq = 3", 3, "does not continue"),
        ("UPDATE audit_event SET hash = 'x' WHERE seq = 3", 3, "changed"),
        ("UPDATE audit_event SET seq = 99 WHERE seq = 3", 3, "missing"),
        ("UPDATE audit_event SET actor = actor || '\n' || action WHERE seq = 3", 3, "changed"),
        ("DELETE FROM audit_event WHERE seq = 1", 1, "missing"),
        ("DELETE FROM audit_event WHERE seq = 3", 3, "missing"),
        ("DELETE FROM audit_event WHERE seq > 4", 5, "missing at the end"),
        ("DELETE FROM audit_event", 1, "missing at the end"),
        (close_the_gap, 3, "does not continue"),
        (swap, 2, "does not continue"),
        (ONE_MORE.replace("(7,", "(0,"), 1, "too many, numbered 0"),
        (ONE_MORE, 7, "does not continue"),
        (forge_after_the_end, 7, "beyond the head"),
        (forge_in_the_middle, 4, "does not continue"),
        (forge_the_end, 6, "head of the chain has another hash"),
        ("UPDATE audit_head SET seq = 4", 5, "beyond the head"),
        ("UPDATE audit_head SET seq = 9", 7, "missing at the end"),
        ("UPDATE audit_head SET hash = 'x'", 6, "head of the chain has another hash"),
        ("DELETE FROM audit_head", 7, "head of the chain is missing"),
    ],
)
def test_the_first_bad_event_is_named(chain: Database, tampering: Tampering | str, seq: int, reason: str) -> None:
    with chain.write() as session:
        unguard(session)
        (sql(tampering) if isinstance(tampering, str) else tampering)(session)
    found = first_bad(chain)
    assert found is not None
    assert (found.seq, reason in str(found.reason)) == (seq, True), found


def test_a_chain_rewritten_with_its_head_shows_by_a_hash_kept_elsewhere(chain: Database) -> None:
    with chain.read() as session:
        anchors = {6: event(session, 6).hash}
    assert first_bad(chain, anchors) is None
    with chain.write() as session:
        unguard(session)
        forge(session, event(session, 6)._replace(actor="somebody else"), with_head=True)
    assert first_bad(chain) is None
    found = first_bad(chain, anchors)
    assert found is not None
    assert found.seq == 6


def test_a_tail_cut_off_with_its_head_shows_by_a_hash_kept_elsewhere(chain: Database) -> None:
    with chain.write() as session:
        unguard(session)
        anchors = {6: event(session, 6).hash}
        kept = event(session, 4)
        sql("DELETE FROM audit_event WHERE seq > 4", f"UPDATE audit_head SET seq = 4, hash = '{kept.hash}'")(session)
    assert first_bad(chain) is None
    found = first_bad(chain, anchors)
    assert found is not None
    assert found.seq == 5

"""Everything that a database says, without the numbers that a database gives out by itself: equal means equal."""

import sqlite3
from contextlib import closing
from dataclasses import replace

import psycopg
from sqlalchemy import select
from sqlalchemy.orm import Session

from pilotkit.db import models
from pilotkit.db.engine import Database
from pilotkit.db.queries import audit as trail
from pilotkit.db.queries.agenda import stored_agenda
from pilotkit.db.queries.pilots import load_pilots
from pilotkit.db.queries.rows import fresh
from pilotkit.domain.pilot import Pilot

Snapshot = dict[str, object]

Rows = dict[str, list[tuple[object, ...]]]


def rows_of(url: str) -> Rows:
    """Every row of every table, read past pilotkit: quick, and exact to the last number."""
    if url.startswith("sqlite:///"):
        with closing(sqlite3.connect(url.removeprefix("sqlite:///"))) as file:
            return {name: file.execute(f'SELECT * FROM "{name}" ORDER BY 1, 2').fetchall() for name in _tables()}
    with closing(psycopg.connect(url)) as connection:
        return {
            name: connection.execute(f'SELECT * FROM "{name}" ORDER BY 1, 2'.encode()).fetchall() for name in _tables()
        }


def _tables() -> tuple[str, ...]:
    return tuple(models.Base.metadata.tables)


def snapshot(db: Database) -> Snapshot:
    """Facts, agenda, messages, audit, documents and books of the whole database."""
    with db.read() as session:
        said: Snapshot = {"audit": tuple(event._asdict() for event in trail.events(session))}
        for programme in fresh(session, select(models.Programme).order_by(models.Programme.id)):
            said[programme.key] = (programme.revision, programme.next_pilot)
            for pilot in load_pilots(session, programme.id):
                said[pilot.code] = (_plain(pilot), stored_agenda(session, pilot))
        said["messages"] = _messages(session)
        said["books"] = _books(session)
        said["people"] = tuple(
            (row.email, row.active) for row in fresh(session, select(models.Person).order_by(models.Person.id))
        )
        said["arenas"] = tuple(_arenas(session))
    return said


def _plain(pilot: Pilot) -> Pilot:
    return replace(pilot, id=0, passes=tuple(replace(each, id=0) for each in pilot.passes))


def _messages(session: Session) -> tuple[object, ...]:
    rows = fresh(session, select(models.OutboxMessage).order_by(models.OutboxMessage.key))
    return tuple((row.key, row.created_at, row.kind, row.recipient_id, row.payload, row.state) for row in rows)


def _books(session: Session) -> tuple[object, ...]:
    book = models.Book
    rows = fresh(session, select(book).order_by(book.key, book.area, book.language))
    return tuple(
        (row.key, row.area, row.language, row.version, row.revision, row.facts, row.sha256, row.pages) for row in rows
    )


def _arenas(session: Session) -> tuple[str, ...]:
    """The keys of all arenas."""
    return tuple(row.key for row in fresh(session, select(models.Arena).order_by(models.Arena.key)))


def differences(one: Snapshot | Rows, other: Snapshot | Rows) -> str:
    """Where two snapshots differ, in a few lines; empty when equal. (An assert on equality explains for hours.)"""
    found = [key for key in one.keys() | other.keys() if one.get(key) != other.get(key)]
    return "\n".join(f"{key}: {_first(repr(one.get(key)), repr(other.get(key)))}" for key in sorted(found))


def _first(one: str, other: str) -> str:
    """The place where two texts part."""
    at = next((n for n, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
    start = max(at - 150, 0)
    return f"...{one[start : at + 150]}... / ...{other[start : at + 150]}..."

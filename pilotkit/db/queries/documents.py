"""Read what was rendered. The services write the records; the files lie in the store under their hashes."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from pilotkit.db import models
from pilotkit.db.queries import facts
from pilotkit.db.queries.rows import fresh
from pilotkit.domain.pilot import DocumentRecord


def document_row(session: Session, pilot_id: int, *, key: str, language: str, subject: str) -> models.Document | None:
    """The record of a pilot's document."""
    table = models.Document
    query = select(table).where(
        table.pilot_id == pilot_id, table.key == key, table.language == language, table.subject == subject
    )
    return next(fresh(session, query), None)


def documents_of(session: Session, pilot_id: int) -> tuple[DocumentRecord, ...]:
    """A pilot's documents, sorted by key, language and subject."""
    table = models.Document
    query = select(table).where(table.pilot_id == pilot_id).order_by(table.key, table.language, table.subject)
    return tuple(facts.document(row) for row in fresh(session, query))


def book_row(session: Session, programme_id: int, *, key: str, area: str, language: str) -> models.Book | None:
    """The record of a programme's book; ``area`` is empty for a book about the whole programme."""
    table = models.Book
    query = select(table).where(
        table.programme_id == programme_id, table.key == key, table.area == area, table.language == language
    )
    return next(fresh(session, query), None)


def books_of(session: Session, programme_id: int) -> tuple[models.Book, ...]:
    """A programme's books, sorted by key, area and language."""
    table = models.Book
    query = select(table).where(table.programme_id == programme_id).order_by(table.key, table.area, table.language)
    return tuple(fresh(session, query))


def published_facts(session: Session, programme_id: int) -> tuple[tuple[str, int, str], ...]:
    """The latest published version of every pilot's entry: code, number of the version, and the facts that it froze."""
    table = models.EntryVersion
    query = (
        select(models.Pilot.code, table.number, table.facts)
        .join(models.Pilot, models.Pilot.id == table.pilot_id)
        .where(models.Pilot.programme_id == programme_id, table.published_on.is_not(None))
        .order_by(models.Pilot.id, table.number)
    )
    latest = {code: (code, number, frozen) for code, number, frozen in session.execute(query)}
    return tuple(latest.values())

"""The programme's books: handbook and action plans, typeset once for a batch of changes."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy.orm import Session

from pilotkit.db import models
from pilotkit.db.audit import record
from pilotkit.db.engine import Database
from pilotkit.db.queries.pilots import load_pilots
from pilotkit.db.queries.programmes import current_process, processes_of
from pilotkit.db.queries.rows import lock, one, some
from pilotkit.domain.dossier import Dossier, Portfolio
from pilotkit.domain.errors import NotFound, message
from pilotkit.domain.planning import agenda
from pilotkit.domain.ports import BookKey, Draft, Press
from pilotkit.domain.programme import Programme
from pilotkit.faults import kill_point
from pilotkit.services.actors import require_programme
from pilotkit.services.documents import Laid, shelf_name
from pilotkit.services.handbook import published_entries


@dataclass(frozen=True, kw_only=True)
class Book:
    """A book of a programme in one language; ``area`` is empty for those of the whole programme."""

    key: BookKey
    language: str
    area: str = ""


def books_of(programme: Programme) -> tuple[Book, ...]:
    """Every book that a programme has."""
    whole: tuple[BookKey, ...] = ("handbook-public", "handbook-draft", "action-plan-programme")
    return tuple(
        book
        for language in programme.languages
        for book in (
            *(Book(key=key, language=language) for key in whole),
            *(Book(key="action-plan-area", language=language, area=area.key) for area in programme.areas),
        )
    )


def stale_books(db: Database, *, programme: str = "") -> tuple[Book, ...]:
    """The books that do not show the programme's present revision."""
    with db.read() as session:
        frame = require_programme(session, programme)
        fresh = {
            (row.key, row.language, row.area)
            for row in some(session, models.Book, programme_id=frame.id)
            if row.revision >= frame.revision
        }
        return tuple(book for book in books_of(frame) if (book.key, book.language, book.area) not in fresh)


def typeset_books(
    db: Database,
    press: Press,
    *,
    at: datetime,
    programme: str = "",
    only: Callable[[Book], bool] = lambda _: True,
    on_book: Callable[[Book], None] = lambda _: None,
) -> tuple[Laid, ...]:
    """Typeset the programme's books that the caller asks for; those whose pages would not change are left as they are.

    Args:
        only: Which books; all when not given.
        on_book: Called after each book, for a progress display.

    Raises:
        Unavailable: Typesetting failed.
    """
    with db.read() as session:
        frame = require_programme(session, programme)
        portfolio = _portfolio(session, frame)
        known = {(row.key, row.language, row.area): row for row in some(session, models.Book, programme_id=frame.id)}
    laid = []
    for book in books_of(frame):
        if only(book):
            before = known.get((book.key, book.language, book.area))
            laid.append(_typeset(db, press, portfolio, book, before=before, at=at))
            on_book(book)
    return tuple(laid)


def require_area(programme: Programme, key: str) -> None:
    """Refuse an action area that the programme does not have.

    Raises:
        NotFound: There is none of this key.
    """
    if key not in {area.key for area in programme.areas}:
        raise NotFound(
            message("The programme {programme} has no action area {key}.", programme=programme.key, key=key[:60]),
            message("It has: {keys}.", keys=", ".join(area.key for area in programme.areas)),
        )


def _portfolio(session: Session, programme: Programme) -> Portfolio:
    pilots = tuple(pilot for pilot in load_pilots(session, programme.id) if not pilot.archived)
    processes = processes_of(session, programme.id)
    dossiers = tuple(
        Dossier(
            programme=programme,
            process=processes[pilot.code],
            pilot=pilot,
            agenda=agenda(pilot, processes[pilot.code], programme),
        )
        for pilot in pilots
    )
    return Portfolio(
        programme=programme,
        process=current_process(session, programme.id),
        dossiers=dossiers,
        published=published_entries(session, programme, processes, pilots),
    )


def _of_area(portfolio: Portfolio, key: str) -> Portfolio:
    return Portfolio(
        programme=portfolio.programme,
        process=portfolio.process,
        dossiers=tuple(dossier for dossier in portfolio.dossiers if dossier.pilot.area == key),
        published=tuple(entry for entry in portfolio.published if entry.dossier.pilot.area == key),
        area=portfolio.programme.area(key),
    )


def _typeset(
    db: Database, press: Press, portfolio: Portfolio, book: Book, *, before: models.Book | None, at: datetime
) -> Laid:
    facts = _of_area(portfolio, book.area) if book.area else portfolio
    draft = press.draft_book(facts, key=book.key, language=book.language)
    shelf = shelf_name(portfolio.programme.key, book.key, book.area, book.language)
    if before and before.facts == draft.facts and press.has(before.sha256):
        press.shelve(before.sha256, shelf=shelf)
        laid = _laid(book, before.version, before.pages, before.sha256, shelf, typeset=False)
    else:
        version = (before.version if before else 0) + (before is None or before.facts != draft.facts)
        printed = press.print(draft, version=version, created=_as_of(facts), shelf=shelf)
        laid = _laid(book, version, printed.pages, printed.sha256, shelf, typeset=True)
    _record(db, press, portfolio.programme, draft, laid, at=at)
    return laid


def _laid(book: Book, version: int, pages: int, sha256: str, shelf: str, *, typeset: bool) -> Laid:
    return Laid(
        key=book.key,
        subject=book.area,
        language=book.language,
        version=version,
        pages=pages,
        sha256=sha256,
        shelf=shelf,
        typeset=typeset,
    )


def _as_of(portfolio: Portfolio) -> datetime:
    """The date of the latest fact, so that the same facts give the same bytes."""
    start = datetime(portfolio.programme.first_year, 1, 1, tzinfo=UTC)
    return max([start, *(dossier.pilot.changed_at for dossier in portfolio.dossiers)])


def _record(db: Database, press: Press, programme: Programme, draft: Draft, laid: Laid, *, at: datetime) -> None:
    with db.write() as session:
        lock(session, models.Programme, programme.id)
        place = {"key": laid.key, "area": laid.subject, "language": laid.language}
        row = one(session, models.Book, programme_id=programme.id, **place)
        if row is None:
            row = models.Book(programme_id=programme.id, **place)
            session.add(row)
        elif row.revision > programme.revision:
            press.shelve(row.sha256, shelf=laid.shelf)  # in place of the older one that was laid there just now
            return
        if laid.typeset or row.rendered_at is None:
            row.rendered_at = at
        row.version, row.revision, row.facts = laid.version, programme.revision, draft.facts
        row.sha256, row.pages = laid.sha256, laid.pages
        kill_point("book.record.before")
        session.flush()
        kill_point("book.record.after")
        press.shelve(row.sha256, shelf=laid.shelf)
        if laid.typeset:
            payload = place | {"sha256": laid.sha256}
            subject = f"programme:{programme.key}"
            record(session, at=at, actor="pilotkit", action="book.typeset", subject=subject, payload=payload)

"""Documents: which are due, rendered from the facts, kept by hash, recorded with what they were made from."""

from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from pilotkit.db import models
from pilotkit.db.audit import record
from pilotkit.db.engine import Database
from pilotkit.db.queries.pilots import lock_pilot
from pilotkit.db.queries.programmes import load_process_by_id, load_programme_by_id
from pilotkit.db.queries.rows import one
from pilotkit.domain.dossier import Dossier
from pilotkit.domain.errors import Invalid, NotFound, message
from pilotkit.domain.pilot import DocumentRecord
from pilotkit.domain.planning import due_documents
from pilotkit.domain.ports import Draft, Press, Printed
from pilotkit.faults import kill_point
from pilotkit.services.change import refresh_agenda, require_pilot, unknown_pilot
from pilotkit.services.pilots import dossier


class NotDue(NotFound):
    """The pilot has no such document now (any more)."""


@dataclass(frozen=True, kw_only=True)
class Laid:
    """A document that lies on the shelf: its name there, and whether it had to be typeset for it."""

    key: str
    subject: str
    language: str
    version: int
    pages: int
    sha256: str
    shelf: str
    typeset: bool


def shelf_name(folder: str, key: str, subject: str, language: str) -> str:
    """The readable name of a document: ``P-012/gate-record-3.sl.pdf``."""
    stem = f"{key}-{subject}" if subject else key
    return f"{folder}/{stem}.{language}.pdf"


def render(
    db: Database,
    press: Press,
    code: str,
    *,
    key: str,
    at: datetime,
    subject: str = "",
    languages: Iterable[str] = (),
) -> tuple[Laid, ...]:
    """Render a document of a pilot in the programme's languages. What did not change is not typeset again.

    Facts are read in one transaction and the result is recorded in another; typesetting runs between the two, so nobody
    waits for it. Rendered twice, at once or late, it gives one result.

    Args:
        key: Which document.
        subject: Which decision or pass it is about, for records and reports.
        languages: Only these; all of the programme when empty.

    Raises:
        NotFound: There is no such pilot.
        NotDue: It has no such document now.
        Invalid: A language is none of the programme's.
        Unavailable: Typesetting failed.
    """
    with db.read() as session:
        facts = dossier(session, code)
    _check_due(facts, key, subject)
    chosen = tuple(languages) or facts.programme.languages
    _check_languages(chosen, facts.programme.languages)
    known = {r.language: r for r in facts.pilot.documents if (r.key, r.subject) == (key, subject)}

    def lay(language: str) -> tuple[Draft, Laid]:
        draft = press.draft(facts, key=key, language=language, subject=subject)
        shelf = shelf_name(code, key, subject, language)
        return draft, _lay(press, draft, known.get(language), facts.pilot.changed_at, shelf)

    with ThreadPoolExecutor(len(chosen)) as pool:
        rendered = list(pool.map(lay, chosen))
    _record(db, press, facts, rendered, at)
    return tuple(laid for _, laid in rendered)


def _check_due(facts: Dossier, key: str, subject: str) -> None:
    due = due_documents(facts.pilot, facts.process)
    if (key, subject) not in due:
        raise NotDue(
            message("{code} has no document {key} {subject} now.", code=facts.pilot.code, key=key, subject=subject),
            message("It has: {documents}.", documents=", ".join(f"{k} {s}".strip() for k, s in due)),
        )


def _check_languages(chosen: tuple[str, ...], known: tuple[str, ...]) -> None:
    for language in chosen:
        if language not in known:
            raise Invalid(
                message("The programme has no language {language}.", language=language[:20]),
                message("Its languages are: {languages}.", languages=", ".join(known)),
            )


def _lay(press: Press, draft: Draft, before: DocumentRecord | None, created: datetime, shelf: str) -> Laid:
    if before and before.facts == draft.facts and press.has(before.sha256):
        press.shelve(before.sha256, shelf=shelf)
        printed, version, typeset = Printed(sha256=before.sha256, pages=before.pages), before.version, False
    else:
        version = before.version + 1 if before and before.facts != draft.facts else before.version if before else 1
        printed, typeset = press.print(draft, version=version, created=created, shelf=shelf), True
    return Laid(
        key=draft.key,
        subject=draft.subject,
        language=draft.language,
        version=version,
        pages=printed.pages,
        sha256=printed.sha256,
        shelf=shelf,
        typeset=typeset,
    )


def _record(db: Database, press: Press, facts: Dossier, rendered: list[tuple[Draft, Laid]], at: datetime) -> None:
    code = facts.pilot.code
    new: list[tuple[Draft, Laid]] = []
    with db.write() as session:
        row = lock_pilot(session, code)
        if row is None:
            raise unknown_pilot(code)
        kill_point("document.record.before")
        for draft, laid in rendered:
            stored, is_new = _store(session, facts, draft, laid, at)
            if is_new:
                new.append((draft, laid))
            # Somebody who rendered at the same time may have laid another one there meanwhile.
            press.shelve(stored.sha256, shelf=laid.shelf)
        session.flush()
        kill_point("document.record.after")
        # People may have come and gone while it was typeset: the agenda follows from what is there now.
        programme = load_programme_by_id(session, row.programme_id)
        process = load_process_by_id(session, row.process_version_id)
        refresh_agenda(session, require_pilot(session, code), process, programme, at)
        for draft, laid in new:
            payload = {"key": laid.key, "subject": laid.subject, "language": laid.language}
            payload |= {"version": str(laid.version), "facts": draft.facts, "sha256": laid.sha256}
            record(session, at=at, actor="pilotkit", action="document.rendered", subject=code, payload=payload)
        kill_point("document.audit.after")


def _store(session: Session, facts: Dossier, draft: Draft, laid: Laid, at: datetime) -> tuple[models.Document, bool]:
    """Record what was rendered; says what stands recorded, and whether that is new.

    If somebody recorded something else meanwhile, that stands, and the step stays open until the next time.
    """
    place = {"key": draft.key, "subject": draft.subject, "language": draft.language}
    row = one(session, models.Document, pilot_id=facts.pilot.id, **place)
    is_new = row is None or (row.facts, row.sha256) != (draft.facts, laid.sha256)
    if row is None:
        row = models.Document(pilot_id=facts.pilot.id, **place)
        session.add(row)
    elif row.revision > facts.pilot.revision or (row.version >= laid.version and row.facts != draft.facts):
        return row, False
    if is_new:
        row.rendered_at = at
    row.version, row.revision, row.facts = laid.version, facts.pilot.revision, draft.facts
    row.sha256, row.pages = laid.sha256, laid.pages
    return row, is_new


def documents_of(db: Database, code: str) -> tuple[Laid, ...]:
    """The documents that a pilot has, as last rendered.

    Raises:
        NotFound: There is no such pilot.
    """
    with db.read() as session:
        pilot = require_pilot(session, code)
    return tuple(
        Laid(
            key=record.key,
            subject=record.subject,
            language=record.language,
            version=record.version,
            pages=record.pages,
            sha256=record.sha256,
            shelf=shelf_name(code, record.key, record.subject, record.language),
            typeset=False,
        )
        for record in pilot.documents
    )

"""The one place where the parts are wired together; tests wire their own with fakes."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from threading import Lock

from pilotkit import clock
from pilotkit.db.engine import Database
from pilotkit.db.schema import require_current
from pilotkit.domain.dossier import Dossier, Portfolio
from pilotkit.domain.ports import BookKey, Draft, Press, Printed
from pilotkit.settings import Settings


@dataclass(frozen=True)
class Pilotkit:
    """A running pilotkit: its settings, its database, its press and its clock.

    Attributes:
        shelf: The folder in which the documents lie under readable names.
    """

    settings: Settings
    db: Database
    press: Press
    shelf: Path
    now: Callable[[], datetime] = clock.now


@contextmanager
def running(settings: Settings | None = None, *, check_schema: bool = True) -> Iterator[Pilotkit]:
    """Wire pilotkit by its settings, and give everything back at the end.

    Args:
        settings: Those of environment and ``pilotkit.toml`` when not given.
        check_schema: Refuse a database whose schema is not the one of this version.

    Raises:
        Refused: The schema is older or newer.
        Unavailable: The database does not answer.
    """
    chosen = settings or Settings()
    db = Database(chosen.database)
    shelf = (chosen.data / "documents").resolve()
    press = _LazyPress(chosen, shelf)
    try:
        if check_schema:
            require_current(db)
        yield Pilotkit(settings=chosen, db=db, press=press, shelf=shelf)
    finally:
        press.close()
        db.close()


class _LazyPress:
    """The printing press, loaded when the first document is drafted: most commands print nothing."""

    def __init__(self, settings: Settings, shelf: Path) -> None:
        self._settings = settings
        self._shelf = shelf
        self._close: Callable[[], None] | None = None
        self._loaded: Press | None = None
        self._loading = Lock()

    @property
    def _press(self) -> Press:
        # A document's languages are drafted side by side: two typesetters would be started, and one never closed.
        with self._loading:
            if self._loaded is None:
                self._loaded = self._load()
            return self._loaded

    def _load(self) -> Press:
        from pilotkit.documents.press import PrintingPress
        from pilotkit.documents.store import DocumentStore
        from pilotkit.documents.typesetting import Typesetter

        typesetter = Typesetter(
            processes=self._settings.typesetters,
            seconds=self._settings.typesetting_seconds,
            megabytes=self._settings.typesetting_megabytes,
        )
        self._close = typesetter.close
        return PrintingPress(typesetter, DocumentStore(self._shelf))

    def draft(self, dossier: Dossier, *, key: str, language: str, subject: str = "") -> Draft:
        return self._press.draft(dossier, key=key, language=language, subject=subject)

    def draft_book(self, portfolio: Portfolio, *, key: BookKey, language: str) -> Draft:
        return self._press.draft_book(portfolio, key=key, language=language)

    def print(self, draft: Draft, *, version: int, created: datetime, shelf: str) -> Printed:
        return self._press.print(draft, version=version, created=created, shelf=shelf)

    def shelve(self, sha256: str, *, shelf: str) -> None:
        self._press.shelve(sha256, shelf=shelf)

    def has(self, sha256: str) -> bool:
        return self._press.has(sha256)

    def close(self) -> None:
        if self._close:
            self._close()

"""The printing press (``pilotkit.domain.ports.Press``): facts to view, view to pages, pages to a PDF in the store.

A draft carries nothing but the view as JSON. Printing reads the view back from that very JSON, so a page cannot show
anything that the attachment does not hold, and the same content always gives the same bytes.
"""

import hashlib
import json
from datetime import date, datetime

from pydantic import TypeAdapter

from pilotkit.documents import environment
from pilotkit.documents.catalog import BOOKS, Kind, book, document
from pilotkit.documents.look import Colophon, Look
from pilotkit.documents.store import DocumentStore
from pilotkit.documents.typesetting import Attachment, Sheet, Typesetter
from pilotkit.documents.views.parts import Pages
from pilotkit.domain.dossier import Dossier, Portfolio
from pilotkit.domain.errors import NotFound
from pilotkit.domain.ports import BookKey, Draft, Printed
from pilotkit.domain.text import message
from pilotkit.i18n.catalogs import catalog


class PrintingPress:
    """Drafts and prints documents.

    Args:
        typesetter: Sets the pages; its processes start with the first document.
        store: Keeps the PDFs, and has the shelves on which people find them.
    """

    def __init__(self, typesetter: Typesetter, store: DocumentStore) -> None:
        self._typesetter = typesetter
        self._store = store

    def draft(self, dossier: Dossier, *, key: str, language: str, subject: str = "") -> Draft:
        """A pilot's document as data.

        Raises:
            NotFound: There is no such document, or no such decision.
            Refused: The pilot has not come as far as this document tells.
        """
        kind = document(key)
        return _draft(kind.adapter, kind.view(dossier, language, subject), key, language, subject)

    def draft_book(self, portfolio: Portfolio, *, key: BookKey, language: str) -> Draft:
        """A programme's book as data; its subject is the action area, where it has one."""
        kind = book(key)
        subject = portfolio.area.key if portfolio.area else ""
        return _draft(kind.adapter, kind.view(portfolio, language, subject), key, language, subject)

    def print(self, draft: Draft, *, version: int, created: datetime, shelf: str) -> Printed:
        """Typeset a draft, keep the PDF and lay it on the shelf.

        Args:
            draft: What the pages print.
            version: The number in the foot.
            created: The instant of the last change of the facts; its day stands on the pages.
            shelf: A readable relative name, ``P-012/action-plan.sl.pdf``.

        Raises:
            Refused: The document holds something that cannot be typeset.
            Unavailable: Typesetting failed.
        """
        typeset = self._typesetter.typeset(sheet(draft, version=version, created=created))
        sha256 = self._store.put(typeset.pdf)
        self._store.shelve(sha256, shelf)
        return Printed(sha256=sha256, pages=typeset.pages)

    def shelve(self, sha256: str, *, shelf: str) -> None:
        """Make sure that a stored PDF lies on the shelf under a readable name."""
        self._store.shelve(sha256, shelf)

    def has(self, sha256: str) -> bool:
        """Whether the store still holds this PDF."""
        try:
            self._store.path(sha256)
        except NotFound:
            return False
        return True


def html(draft: Draft, *, version: int, created: datetime) -> str:
    """The pages of a draft as one HTML document: what is typeset, and what a browser can show."""
    kind = _kind(draft.key)
    return _pages(kind, kind.adapter.validate_json(draft.content), draft, version, created.date())


def sheet(draft: Draft, *, version: int, created: datetime) -> Sheet:
    """What is handed to the typesetter."""
    kind = _kind(draft.key)
    view = kind.adapter.validate_json(draft.content)
    return Sheet(
        html=_pages(kind, view, draft, version, created.date()),
        label=message("{document} {pilot} ({language})", document=kind.title, pilot=view.code, language=draft.language),
        identifier=f"{view.code}/{draft.key}/{draft.subject}/{draft.language}/{version}/{draft.facts}",
        created=created,
        attachment=Attachment(
            name=f"{draft.key}.{draft.language}.json",
            media_type="application/json",
            content=draft.content.encode(),
            description=catalog(draft.language).say(message("The facts that the pages of this document print")),
        ),
    )


def _kind(key: str) -> Kind[Dossier] | Kind[Portfolio]:
    return book(key) if key in BOOKS else document(key)


def _pages(kind: Kind[Dossier] | Kind[Portfolio], view: Pages, draft: Draft, version: int, created: date) -> str:
    frame = view.frame
    colophon = Colophon(
        kind=kind.title.template,
        title=view.heading,
        subtitle=view.subtitle,
        code=view.code,
        language=draft.language,
        version=version,
        checksum=draft.facts,
        created=created,
        draft=view.draft,
        example=frame.example,
    )
    look = Look(programme=frame.programme, accent=frame.accent, funding=frame.funding)
    reader = environment.Reader(language=draft.language)
    return environment.render(f"documents/{kind.template}", reader, view=view, document=colophon, look=look)


def _draft(adapter: TypeAdapter[Pages], view: Pages, key: str, language: str, subject: str) -> Draft:
    data = adapter.dump_python(view, mode="json")
    content = json.dumps(data, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    facts = hashlib.sha256(content.encode()).hexdigest()
    return Draft(key=key, language=language, subject=subject, content=content, facts=facts)

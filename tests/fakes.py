"""Stand-ins for what is slow or outside: they keep the promises of ``pilotkit.domain.ports``."""

import hashlib
import json
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

from pilotkit.documents.store import DocumentStore
from pilotkit.domain.dossier import Dossier, Portfolio
from pilotkit.domain.errors import NotFound
from pilotkit.domain.ports import BookKey, Draft, Printed


class FakePress:
    """A press that drafts and keeps files for real, but sets no type: a "PDF" is its draft with a head line."""

    def __init__(self, shelf: Path) -> None:
        self.store = DocumentStore(shelf)

    def draft(self, dossier: Dossier, *, key: str, language: str, subject: str = "") -> Draft:
        if key == "gate-record":
            return _draft(key, language, subject, {"decision": repr(dossier.decision(int(subject)))})
        return _draft(key, language, subject, _facts(dossier))

    def draft_book(self, portfolio: Portfolio, *, key: BookKey, language: str) -> Draft:
        subject = portfolio.area.key if portfolio.area else ""
        published = [entry.dossier.pilot.code for entry in portfolio.published]
        pilots = [_facts(dossier) for dossier in portfolio.dossiers]
        return _draft(key, language, subject, {"pilots": pilots, "published": published})

    def print(self, draft: Draft, *, version: int, created: datetime, shelf: str) -> Printed:
        head = f"%PDF, not really: {draft.key} {draft.subject} {draft.language} {version} {created.isoformat()}\n"
        sha256 = self.store.put((head + draft.content).encode())
        self.store.shelve(sha256, shelf)
        return Printed(sha256=sha256, pages=1 + len(draft.content) // 2000)

    def shelve(self, sha256: str, *, shelf: str) -> None:
        self.store.shelve(sha256, shelf)

    def has(self, sha256: str) -> bool:
        try:
            self.store.path(sha256)
        except NotFound:
            return False
        return True


def _facts(dossier: Dossier) -> Mapping[str, object]:
    """What a page would show: facts and human agenda, but nothing of revisions and documents."""
    pilot = dossier.pilot
    return {
        "code": pilot.code,
        "title": dict(pilot.title),
        "status": pilot.status,
        "passes": [
            [p.stage, p.number, str(p.opened_on), str(p.closed_on), str(p.ended_on)] for p in pilot.valid_passes
        ],
        "decisions": [[d.number, d.outcome, d.reverted] for d in pilot.decisions],
        "conditions": [[c.number, c.state] for c in pilot.conditions],
        "entries": [[e.number, e.kind, str(e.published_on)] for e in pilot.entries],
        "agenda": [[item.key, str(item.due_on)] for item in dossier.agenda if not item.automatic],
    }


def _draft(key: str, language: str, subject: str, facts: Mapping[str, object]) -> Draft:
    view = {"key": key, "language": language, "subject": subject, "facts": facts}
    content = json.dumps(view, ensure_ascii=False, sort_keys=True)
    sha256 = hashlib.sha256(content.encode()).hexdigest()
    return Draft(key=key, language=language, subject=subject, content=content, facts=sha256)

"""What the services need from outside, as protocols: ``bootstrap`` wires the real parts, tests bring fakes."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol

from pilotkit.domain.dossier import Dossier, Portfolio

BookKey = Literal["handbook-public", "handbook-draft", "action-plan-area", "action-plan-programme"]


@dataclass(frozen=True, kw_only=True)
class Draft:
    """A document before typesetting: its pages as data, and the checksum of exactly that data.

    ``content`` is the canonical JSON of what the pages print (it becomes the PDF's attachment); ``facts`` its SHA-256.
    Two drafts with the same ``facts`` give the same document, so nothing is typeset twice.
    """

    key: str
    language: str
    subject: str
    content: str
    facts: str


@dataclass(frozen=True, kw_only=True)
class Printed:
    """A typeset document: where it lies in the store, and how many pages it has."""

    sha256: str
    pages: int


class Press(Protocol):
    """Turns facts into documents. Drafting is quick and pure; printing may take seconds, outside transactions."""

    def draft(self, dossier: Dossier, *, key: str, language: str, subject: str = "") -> Draft:
        """The document's pages as data."""

    def draft_book(self, portfolio: Portfolio, *, key: BookKey, language: str) -> Draft:
        """A programme's book as data."""

    def print(self, draft: Draft, *, version: int, created: datetime, shelf: str) -> Printed:
        """Typeset a draft, keep the PDF in the store and lay it on the shelf under a readable name.

        Raises:
            Unavailable: Typesetting failed; the message names the document, and the field where it is known.
        """

    def shelve(self, sha256: str, *, shelf: str) -> None:
        """Make sure that a stored PDF lies on the shelf under a readable name."""

    def has(self, sha256: str) -> bool:
        """Whether the store still holds this PDF."""

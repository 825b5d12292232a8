"""What the typesetting pool and its child processes say to each other.

The pool sends a pickled `Request`; the child answers in JSON, because it has read texts and pictures from outside and
is not to be trusted with the pool's unpickler. The PDF follows as plain bytes.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from multiprocessing.connection import Connection
from pathlib import Path


@dataclass(frozen=True)
class Attachment:
    """A file that travels inside the PDF, as PDF/A-3 allows.

    Attributes:
        name: The file's name, with the ending that fits its media type.
        media_type: For instance ``application/json``.
        content: The file itself.
        description: What it is, in the document's language.
        relationship: What it is to the pages: ``Data``, ``Source``, ``Alternative`` or ``Supplement`` (ISO 19005-3).
    """

    name: str
    media_type: str
    content: bytes
    description: str
    relationship: str = "Data"


@dataclass(frozen=True)
class Request:
    """One document to typeset, in the child's terms."""

    html: str
    identifier: str
    created: datetime
    attachment: Attachment | None = None
    pictures: Mapping[str, Path] = field(default_factory=dict)


class Ending(StrEnum):
    """How the typesetting of one document ended; the first five are told by the child, the rest by its pool."""

    TYPESET = "typeset"
    REFUSED = "refused"
    FAULTY = "faulty"
    NESTED = "nested"
    MEMORY = "memory"
    LATE = "late"
    LOST = "lost"
    UNSTARTED = "unstarted"


@dataclass(frozen=True)
class Answer:
    """What became of a request.

    Attributes:
        ending: How it ended.
        pages: The number of pages.
        details: The refused addresses, what could not be loaded, or the fault in the engine's words.
        unset: Characters that no bundled font draws, each once.
        pdf: The document.
    """

    ending: Ending
    pages: int = 0
    details: tuple[str, ...] = field(default=())
    unset: tuple[str, ...] = field(default=())
    pdf: bytes = b""


READY = b"ready"


def send_answer(connection: Connection, answer: Answer) -> None:
    """Send an answer to the pool."""
    head = {
        "ending": answer.ending,
        "pages": answer.pages,
        "details": answer.details,
        "unset": answer.unset,
    }
    connection.send_bytes(json.dumps(head).encode())
    connection.send_bytes(answer.pdf)


def receive_answer(connection: Connection) -> Answer:
    """Wait for the child's answer.

    Raises:
        EOFError: The child is gone.
        OSError: The child went while it answered.
    """
    head = json.loads(connection.recv_bytes())
    return Answer(
        ending=Ending(head["ending"]),
        pages=int(head["pages"]),
        details=tuple(head["details"]),
        unset=tuple(head["unset"]),
        pdf=connection.recv_bytes(),
    )

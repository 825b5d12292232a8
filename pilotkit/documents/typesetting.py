"""Typesetting: complete HTML in, one file that is PDF/A-3a and PDF/UA-1 out, in child processes with limits.

A document may eat memory, hang or crash the C libraries below WeasyPrint. Each is therefore set in a child process that
the pool may kill and replace, while the other documents go on. The children are started as commands, not by
`multiprocessing`, which would load the caller's main program (a flow run, a test runner) into each of them.
"""

import queue
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Self

from pilotkit.documents.childprocess import ChildProcess
from pilotkit.documents.wire import Answer, Attachment, Ending, Request
from pilotkit.domain.errors import PilotkitError, Refused, Unavailable
from pilotkit.domain.text import Message, message

__all__ = ["Attachment", "Sheet", "Typeset", "Typesetter"]

LONGEST = 10_000_000
"""The longest HTML that is typeset, in characters."""


@dataclass(frozen=True)
class Sheet:
    """One thing to typeset.

    Attributes:
        html: A complete page with language and title. It may load ``pilotkit:<path below the templates>`` and
            ``picture:<sha256>``, nothing else.
        label: Whose document it is, for messages of errors.
        identifier: Goes into the PDF's ``/ID``; with the same input it gives the same bytes.
        created: The date that goes into the file.
        attachment: A file to embed.
        pictures: The pictures that may be loaded, by the SHA-256 of their content: PNG, JPEG or SVG.
    """

    html: str
    label: Message
    identifier: str
    created: datetime
    attachment: Attachment | None = None
    pictures: Mapping[str, Path] = field(default_factory=dict)


@dataclass(frozen=True)
class Typeset:
    """A typeset document.

    Attributes:
        pdf: The file, PDF/A-3a and PDF/UA-1.
        pages: How many pages it has.
        refused: Characters that no font of pilotkit draws; U+FFFD stands for each on the pages. (A refused address
            fails the document instead.)
    """

    pdf: bytes
    pages: int
    refused: tuple[str, ...] = ()


class Typesetter:
    """A pool of typesetting processes, started when first needed; use it as a context manager.

    Args:
        processes: How many documents are typeset at once; more callers wait their turn.
        seconds: Wall-clock limit for one document.
        megabytes: How much memory one document may take, beyond the 300 or so that a warm process has mapped.
    """

    def __init__(self, *, processes: int, seconds: int, megabytes: int) -> None:
        self._seconds = seconds
        self._megabytes = megabytes
        self._processes = processes
        # A place holds a process, or nothing before its first document and after its process was lost. The place used
        # last is taken first: its process is there, the others may never be needed.
        self._places: queue.LifoQueue[ChildProcess | None] = queue.LifoQueue()
        for _ in range(processes):
            self._places.put(None)
        self._running: set[ChildProcess] = set()
        self._guard = threading.Lock()  # of the set and of the mark
        self._closed = False

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def typeset(self, sheet: Sheet) -> Typeset:
        """Typeset a sheet; blocks until it is done. Many threads may call at once.

        Raises:
            Refused: The sheet loads what it may not, is too long or nested too deeply, or a part of it cannot be set.
            Unavailable: It took too long or too much memory, the process died or cannot start, or the pool is closed.
        """
        if len(sheet.html) > LONGEST:
            raise Refused(
                message(
                    "{document} cannot be typeset: it has {length} characters, at most {limit} are allowed.",
                    document=sheet.label,
                    length=len(sheet.html),
                    limit=LONGEST,
                ),
                message("Shorten its longest texts."),
            )
        request = Request(sheet.html, sheet.identifier, sheet.created, sheet.attachment, dict(sheet.pictures))
        place = self._places.get()
        try:
            if place is not None and not place.alive():
                self._end(place)
                place = None
            if place is None:
                place = self._start(sheet.label)
            answer = place.typeset(request, self._seconds)
            if answer.ending in _FATAL:
                self._end(place)
                place = None
        except BaseException:
            # An interrupted process still works at this document and would answer the next question with it.
            self._end(place)
            place = None
            raise
        finally:
            self._places.put(place)
        if answer.ending is not Ending.TYPESET:
            raise self._error(sheet.label, answer)
        return Typeset(pdf=answer.pdf, pages=answer.pages, refused=answer.unset)

    def close(self) -> None:
        """End all processes; documents that are being typeset fail. Closing twice does no harm."""
        with self._guard:
            self._closed = True
            for process in self._running:
                process.kill()
        # Whoever waited for an answer learns that it is lost, and every place comes back.
        for place in [self._places.get() for _ in range(self._processes)]:
            self._end(place)
        for _ in range(self._processes):
            self._places.put(None)

    def _start(self, label: Message) -> ChildProcess:
        with self._guard:
            if self._closed:
                raise Unavailable(
                    message("{document} was not typeset: pilotkit is ending.", document=label),
                    message("It will be typeset at the next run."),
                )
            try:
                process = ChildProcess(self._megabytes)
            except OSError as error:
                raise self._error(label, Answer(Ending.UNSTARTED, details=(str(error),))) from error
            self._running.add(process)
            return process

    def _end(self, process: ChildProcess | None) -> None:
        if process is None:
            return
        with self._guard:
            self._running.discard(process)
        process.end()

    def _error(self, label: Message, answer: Answer) -> PilotkitError:
        details = "; ".join(answer.details)
        match answer.ending:
            case Ending.REFUSED:
                return Refused(
                    message(
                        "{document} cannot be typeset: documents may not load {addresses}.",
                        document=label,
                        addresses=details,
                    ),
                    message("Remove the reference, or upload the picture (PNG, JPEG or SVG) and use that."),
                )
            case Ending.NESTED:
                return Refused(
                    message("{document} cannot be typeset: its contents are nested too deeply.", document=label),
                    message("Look for lists or quotations with very many levels and flatten them."),
                )
            case Ending.MEMORY:
                return Unavailable(
                    message(
                        "{document} cannot be typeset: it needs more than {megabytes} MB of memory.",
                        document=label,
                        megabytes=self._megabytes,
                    ),
                    message("Look for very large tables or pictures, or raise PILOTKIT_TYPESETTING_MEGABYTES."),
                )
            case Ending.LATE:
                return Unavailable(
                    message(
                        "{document} cannot be typeset: it takes longer than {seconds} s.",
                        document=label,
                        seconds=self._seconds,
                    ),
                    message("Look for very long tables or texts, or raise PILOTKIT_TYPESETTING_SECONDS."),
                )
            case Ending.LOST:
                return Unavailable(
                    message(
                        "{document} was not typeset: the typesetting process died. {words}",
                        document=label,
                        words=details,
                    ),
                    message("Try again; if it happens again, raise PILOTKIT_TYPESETTING_MEGABYTES."),
                )
            case Ending.UNSTARTED:
                return Unavailable(
                    message(
                        "{document} was not typeset: typesetting does not start. {words}", document=label, words=details
                    ),
                    message("Run `pilotkit doctor`: it names the library that is missing."),
                )
            case _:
                return Refused(
                    message("{document} cannot be typeset: {faults}", document=label, faults=details),
                    message("Correct or remove that part of the document."),
                )


_FATAL = frozenset({Ending.MEMORY, Ending.LATE, Ending.LOST, Ending.UNSTARTED})
"""After these the process is ended: it is gone, busy, or short of what it needs."""

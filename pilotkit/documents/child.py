"""What runs in a typesetting process: ``python -m pilotkit.documents.child DESCRIPTOR MEGABYTES``.

It typesets one document after the other for the pool that started it (typesetting.py), and ends when the pool does.
Whatever a document does to it - eats memory, hangs, crashes - hurts that document alone.
"""

import logging
import os
import re
import resource
import select
import shutil
import signal
import sys
import tempfile
import threading
from datetime import UTC, datetime
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import weasyprint
from fontTools.ttLib import TTFont  # type: ignore[import-untyped]
from weasyprint.text.fonts import FontConfiguration

from pilotkit import resources
from pilotkit.documents.fetcher import Fetcher
from pilotkit.documents.finish import VARIANT, Finisher, mend_page_references
from pilotkit.documents.wire import READY, Answer, Attachment, Ending, Request, send_answer

BASE = "pilotkit:"
"""The base of relative addresses: without one WeasyPrint drops them silently, so that nobody would refuse them."""

_NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_INVISIBLE = re.compile("[\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff\U000e0000-\U000e01ef]")


def main() -> None:
    """Typeset what comes over the inherited connection until its other end is closed."""
    descriptor, megabytes = int(sys.argv[1]), int(sys.argv[2])
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the pool, which may want to finish what it began
    watch = threading.Thread(target=_end_with_the_pool, args=(descriptor,), daemon=True)
    watch.start()
    connection: Connection[Any, Any] = Connection(descriptor)
    engine = Engine()
    engine.answer(Request("<html lang=en><title>Warm</title><p>Ready", "warm", datetime(2020, 1, 1, tzinfo=UTC)))
    _limit_memory(megabytes)
    connection.send_bytes(READY)
    try:
        while True:
            send_answer(connection, engine.answer(connection.recv()))
    except (EOFError, OSError):
        watch.join()  # it cleans up and ends the process


def _end_with_the_pool(descriptor: int) -> None:
    """End at once when the pool's process has gone, however it went, even in the middle of a document.

    The kernel's death signal would not do: it is sent when the *thread* that started the child ends.
    """
    hangup = select.poll()
    hangup.register(descriptor, 0)
    hangup.poll()
    # The pool may have been killed before it could remove its folder.
    shutil.rmtree(tempfile.gettempdir(), ignore_errors=True)
    os._exit(1)


def _limit_memory(megabytes: int) -> None:
    """Let documents take that much memory beyond what the warm process has."""
    statistics = Path("/proc/self/statm")
    present = int(statistics.read_text().split()[0]) * resource.getpagesize() if statistics.exists() else 0
    limit = present + megabytes * 1024 * 1024
    resource.setrlimit(resource.RLIMIT_AS, (limit, limit))


class Engine:
    """WeasyPrint with what it can keep from one document to the next."""

    def __init__(self) -> None:
        mend_page_references()
        self._fonts = FontConfiguration()
        self._drawable = _characters_of(resources.templates() / "fonts")
        self._faults = _Faults()
        logging.getLogger("weasyprint").addHandler(self._faults)

    def answer(self, request: Request) -> Answer:
        """Typeset one document; what goes wrong is an answer as well."""
        self._faults.messages.clear()
        try:
            return self._typeset(request)
        except RecursionError:
            return Answer(Ending.NESTED)
        except MemoryError:
            return Answer(Ending.MEMORY)
        except Exception as fault:  # noqa: BLE001 - what WeasyPrint raises on strange input has no common base
            return Answer(Ending.FAULTY, details=(f"{type(fault).__name__}: {fault}",))

    def _typeset(self, request: Request) -> Answer:
        fetcher = Fetcher(resources.templates(), request.pictures)
        source = weasyprint.HTML(string=_NOT_IN_XML.sub("\ufffd", request.html), base_url=BASE, url_fetcher=fetcher)
        unset = self._replace_undrawable(source.etree_element)
        document = source.render(font_config=self._fonts, pdf_variant=VARIANT)
        created = request.created.astimezone(UTC)
        for page in document.pages:
            # WeasyPrint makes a second annotation for an element inside a link, which no Link element holds.
            page.links = [link for link in page.links if link[-1].link]
        document.metadata.created = document.metadata.modified = created.strftime("%Y-%m-%dT%H:%M:%SZ")
        pdf = document.write_pdf(
            finisher=Finisher(request.identifier),
            pdf_variant=VARIANT,
            pdf_identifier=request.identifier.encode(),
            attachments=[_attached(request.attachment, created)] if request.attachment else None,
        )
        # WeasyPrint swallows errors of loading, some of them only while it draws: ask at the very end.
        if fetcher.refused:
            return Answer(Ending.REFUSED, details=tuple(dict.fromkeys(fetcher.refused)))
        if self._faults.messages:
            return Answer(Ending.FAULTY, details=tuple(dict.fromkeys(self._faults.messages)))
        return Answer(Ending.TYPESET, pages=len(document.pages), unset=unset, pdf=pdf)

    def _replace_undrawable(self, root: Any) -> tuple[str, ...]:  # noqa: ANN401 - an element of either ElementTree
        """Put U+FFFD for every character that no font draws: PDF/A forbids the empty box that would stand there."""
        unset: set[str] = set()

        def drawable(text: str) -> str:
            if self._drawable.issuperset(text):
                return text
            text = _INVISIBLE.sub("", text)
            strange = set(text) - self._drawable
            unset.update(strange)
            return text.translate(dict.fromkeys(map(ord, strange), "\ufffd"))

        for element in root.iter():
            element.text = element.text and drawable(element.text)
            element.tail = element.tail and drawable(element.tail)
        return tuple(sorted(unset))


class _Faults(logging.Handler):
    """Collects what WeasyPrint only logs although a part of the page is missing then."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.messages: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        text = record.getMessage()
        if text.startswith("Failed to"):
            self.messages.append(text)


def _characters_of(folder: Path) -> frozenset[str]:
    """Every character that a font of the folder draws, and white space, which needs no drawing."""
    codes: set[int] = set()
    for path in folder.glob("*.ttf"):
        with TTFont(path, lazy=True) as font:
            codes.update(font.getBestCmap())
    return frozenset(map(chr, codes)).union("\t\n\r\u00ad")


def _attached(attachment: Attachment, created: datetime) -> weasyprint.Attachment:
    return weasyprint.Attachment(
        string=attachment.content,
        name=attachment.name,
        description=attachment.description,
        relationship=attachment.relationship,
        created=created,
        modified=created,
    )


if __name__ == "__main__":
    main()

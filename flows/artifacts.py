"""What a run leaves in Prefect's UI: a summary to read, and links to the documents."""

import re
from collections.abc import Sequence
from pathlib import Path

from prefect.artifacts import acreate_link_artifact, acreate_markdown_artifact

from pilotkit.domain.agenda import AgendaItem
from pilotkit.domain.text import message
from pilotkit.domain.words import word
from pilotkit.i18n.catalogs import Catalog
from pilotkit.services.books import Book
from pilotkit.services.documents import Laid
from pilotkit.services.steps import Advance, StepReport

_MARKED = re.compile(r"([\\`*_{}\[\]<>()#+!|~])")
_UNFIT = re.compile(r"[^a-z0-9]+")


async def leave_summary(advance: Advance, catalog: Catalog) -> None:
    """Write down what was done for a pilot and what waits for whom."""
    here = advance.standing
    title = f"{here.code} {catalog.say(here.stage_title)}"
    await acreate_markdown_artifact(summary(advance, catalog), key=_key(here.code, "summary"), description=title)


async def leave_links(laid: Sequence[Laid], shelf: Path, catalog: Catalog, *, owner: str) -> None:
    """Link the documents that were laid on the shelf.

    Args:
        laid: The documents.
        shelf: The folder of the shelves.
        catalog: In whose language they are described.
        owner: Code of the pilot or key of the programme whose documents they are.
    """
    for document in laid:
        await acreate_link_artifact(
            (shelf / document.shelf).as_uri(),
            link_text=document.shelf,
            key=_key(owner, document.key, document.subject, document.language),
            description=catalog.say(
                message(
                    "{document}, {language}: version {version}, {pages} pages",
                    document=word(document.key),
                    language=document.language,
                    version=document.version,
                    pages=document.pages,
                )
            ),
        )


def summary(advance: Advance, catalog: Catalog) -> str:
    """What was done for a pilot and what waits for whom until when, as Markdown."""
    here, say = advance.standing, catalog.say
    done = [report for report in advance.steps if report.failure is None]
    failed = [report for report in advance.steps if report.failure]
    parts = [f"# {here.code} {_plain(say(here.title))}"]
    parts.append(f"## {say(message('Done'))}")
    parts.append("\n".join(_done(report, catalog) for report in done) or say(message("There was nothing to do.")))
    if failed:
        parts.append(f"## {say(message('Failed; the next sweep tries again'))}")
        parts.extend(f"- {_plain(say(report.item.title))}: {_failure(report, catalog)}" for report in failed)
    parts.append(f"## {say(message('Waits for people'))}")
    parts.append(_waiting(here.waiting, catalog) or say(message("Nothing waits for a person.")))
    return "\n\n".join(parts) + "\n"


def book_name(book: Book | Laid, catalog: Catalog) -> str:
    """A book of a programme in words, e.g. ``action plan of the area digital (sl)``."""
    area = book.area if isinstance(book, Book) else book.subject
    return f"{' '.join(filter(None, (catalog.say(word(book.key)), area)))} ({book.language})"


def _done(report: StepReport, catalog: Catalog) -> str:
    """A step that was done; of documents also which one it is, where there are several, and in which languages."""
    number = report.item.subject.partition("/")[2] if report.documents else ""
    languages = ", ".join(sorted(laid.language for laid in report.documents))
    details = " ".join(filter(None, (number, f"({languages})" if languages else "")))
    return f"- {_plain(f'{catalog.say(report.item.title)} {details}')}"


def _failure(report: StepReport, catalog: Catalog) -> str:
    error = report.failure
    sentences = (error.what, error.remedy) if error else ()
    return _plain(" ".join(catalog.say(sentence) for sentence in sentences if sentence))


def _waiting(items: Sequence[AgendaItem], catalog: Catalog) -> str:
    if not items:
        return ""
    head = [catalog.say(each) for each in (message("Until"), message("What"), message("Who"), message("Missing"))]
    rows = [head, ["---"] * len(head), *(_row(item, catalog) for item in items)]
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def _row(item: AgendaItem, catalog: Catalog) -> list[str]:
    who = item.owner.name if item.owner else catalog.say(word(item.role))
    missing = " ".join(catalog.say(sentence) for sentence in item.missing)
    return [item.due_on.isoformat(), _plain(catalog.say(item.title)), _plain(who), _plain(missing)]


def _plain(text: str) -> str:
    """A text in which Markdown finds no marks of its own, on one line."""
    return _MARKED.sub(r"\\\1", " ".join(text.split()))


def _key(*parts: str) -> str:
    """A key as Prefect wants it: lower-case letters, digits and hyphens."""
    return _UNFIT.sub("-", " ".join(parts).lower()).strip("-")

"""Handbook and plans: the programme's books, typeset once for a batch of changes."""

import asyncio
from collections.abc import Coroutine
from typing import Any

from prefect import flow, tags
from prefect.client.schemas.objects import State
from prefect.states import Completed, Failed
from prefect.tasks import Task

from flows import artifacts
from flows.outcome import outcome
from flows.stage_run import FLOW_SECONDS, TAG
from flows.tasks import DOCUMENT_SECONDS, RETRYING
from flows.wiring import at_work, tell
from pilotkit.bootstrap import Pilotkit
from pilotkit.domain.text import message
from pilotkit.domain.words import word
from pilotkit.i18n.catalogs import catalog
from pilotkit.services.books import Book, stale_books, typeset_books
from pilotkit.services.documents import Laid
from pilotkit.services.programmes import list_programmes


async def _typeset(programme: str, book: Book) -> Laid:
    async with at_work() as kit:
        laid = await asyncio.to_thread(
            typeset_books, kit.db, kit.press, at=kit.now(), programme=programme, only=lambda each: each == book
        )
        return laid[0]


typeset_book: Task[[str, Book], Coroutine[Any, Any, Laid]] = Task(
    _typeset,
    name="typeset the handbook",
    task_run_name="typeset {book.key} {book.area} {book.language}",
    timeout_seconds=DOCUMENT_SECONDS,
    **RETRYING,
)


@flow(name="handbook and plans", flow_run_name="{programme} books", timeout_seconds=FLOW_SECONDS, persist_result=False)
async def handbook_and_plans(programme: str) -> State[tuple[Laid, ...]]:
    """Typeset every book of a programme that does not show its present state.

    Args:
        programme: Its key.
    """
    async with at_work() as kit:
        words = catalog(kit.settings.language)
        stale = await asyncio.to_thread(stale_books, kit.db, programme=programme)
        free = asyncio.Semaphore(kit.settings.typesetters)

        async def one(book: Book) -> Laid | None:
            async with free:
                result = await outcome(Laid, typeset_book, programme, book)
            tell(programme, word(book.key))
            return result if isinstance(result, Laid) else None

        results = await asyncio.gather(*(one(book) for book in stale))
        laid = tuple(each for each in results if each)
        await artifacts.leave_links(laid, kit.shelf, words, owner=programme)
        failed = [artifacts.book_name(book, words) for book, result in zip(stale, results, strict=True) if not result]
        if failed:
            return Failed(message=words.say(message("Failed: {steps}", steps=failed)), data=laid)
        return Completed(message=words.say(message("{count} books are current", count=len(laid))), data=laid)


async def typeset_stale(kit: Pilotkit) -> tuple[Laid, ...]:
    """Run the flow for every programme that has stale books; a book that fails stays stale for the next sweep."""
    laid: list[Laid] = []
    for programme in await asyncio.to_thread(list_programmes, kit.db):
        if await asyncio.to_thread(stale_books, kit.db, programme=programme):
            with tags(TAG, programme):
                result = await outcome(tuple, handbook_and_plans, programme)
            if isinstance(result, BaseException):
                raise result
            laid.extend(result)
    return tuple(laid)

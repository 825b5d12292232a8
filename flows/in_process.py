"""Flows in this process, on an embedded server: the door for the command line and the demo.

This module imports nothing of Prefect before its environment is set.
"""

import asyncio
from collections.abc import Iterable
from typing import TYPE_CHECKING

from flows import environment
from flows.wiring import Listener, shared
from pilotkit.bootstrap import Pilotkit
from pilotkit.settings import Settings

if TYPE_CHECKING:
    from flows.lifecycle import Batch


def run_advance(
    source: Settings | Pilotkit,
    codes: Iterable[str],
    *,
    documents: bool = True,
    books: bool = True,
    on_progress: Listener | None = None,
) -> "Batch":
    """Advance pilots as far as they go by themselves, then typeset the stale books once.

    The first call of a process starts the embedded server (5 to 11 seconds), unless ``PREFECT_API_URL`` names one.

    Args:
        source: Which database and data folder; or a wired pilotkit, with its clock.
        codes: The pilots.
        documents: Whether the pilots' documents are rendered.
        books: Whether the programme's books are typeset.
        on_progress: Told of every step after it was done, from the thread of the event loop.

    Returns:
        For each pilot, in the order of ``codes``, the steps that were done and where it stands; and the books.

    Raises:
        NotFound: There is no such pilot; everything else was done before.
        Refused: The database's schema is older or newer.
        Unavailable: The database does not answer.
    """
    environment.prepare(source if isinstance(source, Settings) else source.settings)
    from flows.lifecycle import advance_all

    with shared(source, listener=on_progress):
        return asyncio.run(advance_all(tuple(codes), documents=documents, books=books))

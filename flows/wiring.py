"""The pilotkit of this process: wired once, shared by every flow that runs in it."""

import asyncio
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import ExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass, field

from pilotkit.bootstrap import Pilotkit, running
from pilotkit.domain.text import Message
from pilotkit.settings import Settings

Listener = Callable[[str, Message], None]
"""Told of every step after it was done: the code of the pilot (or the key of the programme), and what it was."""


def _nobody(code: str, what: Message) -> None:
    """Nobody listens."""
    del code, what


@dataclass
class _Shared:
    kit: Pilotkit | None = None
    listener: Listener = _nobody
    users: int = 0
    stack: ExitStack = field(default_factory=ExitStack)
    lock: threading.Lock = field(default_factory=threading.Lock)


_shared = _Shared()


@contextmanager
def shared(source: Settings | Pilotkit | None = None, *, listener: Listener | None = None) -> Iterator[Pilotkit]:
    """The pilotkit of this process. The first to ask wires it; the last to leave closes it.

    Args:
        source: By which settings, those of the environment when not given; or one that the caller has wired and closes.
        listener: Whom to tell of every step from now on.
    """
    kit = _enter(source, listener)
    try:
        yield kit
    finally:
        _leave()


@asynccontextmanager
async def at_work() -> AsyncIterator[Pilotkit]:
    """The same for a flow: the event loop does not wait for the database to open."""
    kit = await asyncio.to_thread(_enter, None, None)
    try:
        yield kit
    finally:
        await asyncio.to_thread(_leave)


def tell(code: str, what: Message) -> None:
    """Tell whoever listens that a step was done."""
    _shared.listener(code, what)


def _enter(source: Settings | Pilotkit | None, listener: Listener | None) -> Pilotkit:
    with _shared.lock:
        kit = _shared.kit or (source if isinstance(source, Pilotkit) else _shared.stack.enter_context(running(source)))
        _shared.kit = kit
        _shared.listener = listener or _shared.listener
        _shared.users += 1
        return kit


def _leave() -> None:
    with _shared.lock:
        _shared.users -= 1
        if not _shared.users:
            _shared.kit, _shared.listener = None, _nobody
            _shared.stack.close()

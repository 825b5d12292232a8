"""What somebody sees while a long command of several parts runs."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final, Protocol

from pilotkit.cli.desk import say

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

    from pilotkit.domain.text import Message

_LINES: Final = 10
"""Without a terminal, a part writes about so many lines."""


class Playbill(Protocol):
    """Told what happens: the part that begins, and every step in it."""

    def part(self, title: Message, total: int) -> None:
        """A part of this many steps begins; the one before is over."""

    def now(self, what: str) -> None:
        """This is being done."""

    def step(self, what: str) -> None:
        """One step more is done."""


@contextmanager
def playbill() -> Iterator[Playbill]:
    """A progress display on standard error: moving on a terminal, else plain lines."""
    if not sys.stderr.isatty():
        yield _Lines()
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    columns = (
        SpinnerColumn(finished_text="✓"),
        TextColumn("{task.description}", markup=False),
        BarColumn(bar_width=20),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TextColumn("{task.fields[what]}", markup=False),
    )
    with Progress(*columns, console=Console(stderr=True)) as shown:
        bars = _Bars(shown)
        yield bars
        bars.close()


class _Bars:
    """A bar for each part."""

    def __init__(self, shown: Progress) -> None:
        self._shown = shown
        self._task: TaskID | None = None

    def part(self, title: Message, total: int) -> None:
        self.close()
        self._task = self._shown.add_task(say(title), total=total, what="")

    def now(self, what: str) -> None:
        if self._task is not None:
            self._shown.update(self._task, what=what)

    def step(self, what: str) -> None:
        if self._task is not None:
            self._shown.update(self._task, advance=1, what=what)

    def close(self) -> None:
        """Show the last part as done."""
        if self._task is not None:
            task = next(each for each in self._shown.tasks if each.id == self._task)
            self._shown.update(self._task, completed=task.total, what="")


class _Lines:
    """A line for each part, and some on the way."""

    def __init__(self) -> None:
        self._title, self._done, self._total = "", 0, 0

    def part(self, title: Message, total: int) -> None:
        self._title, self._done, self._total = say(title), 0, total
        self._write(self._title)

    def now(self, what: str) -> None:
        """Only what is done has a line."""

    def step(self, what: str) -> None:
        self._done += 1
        if self._done % max(self._total // _LINES, 1) == 0:
            self._write(f"{self._title}: {self._done}/{self._total} {what}")

    @staticmethod
    def _write(text: str) -> None:
        sys.stderr.write(f"{text}\n")
        sys.stderr.flush()

"""What a command says: tables for people, JSON for programs, plain lines when nobody sits at a terminal."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from pilotkit.cli.desk import say
from pilotkit.domain.text import Message

if TYPE_CHECKING:
    from collections.abc import Callable

    from pilotkit.domain.text import Text


_SHORT: Final = 12
"""A column that is no wider (codes, days) is never broken."""

_WORD: Final = 22
"""Words of this length are not broken in wider columns either."""

_BETWEEN: Final = 3
"""Signs between two columns."""


def on_terminal() -> bool:
    """Whether somebody looks at what is written."""
    return sys.stdout.isatty()


def line(what: Message | Text | str = "") -> None:
    """Write a line; messages in the user's language, what users wrote as it is."""
    text = what if isinstance(what, str) else say(what)
    sys.stdout.write(f"{_harmless(text)}\n")


def _harmless(text: str) -> str:
    """Nothing that a user wrote may steer the terminal."""
    return "".join(letter if letter.isprintable() or letter in "\n\t" else "�" for letter in text)


def spoken(value: object) -> str:
    """A value as a cell of a table shows it: ISO days, messages in the user's language, nothing for nothing."""
    match value:
        case None:
            return ""
        case Message():
            return say(value)
        case datetime():
            return value.isoformat(sep=" ", timespec="minutes")
        case date():
            return value.isoformat()
        case Mapping():
            return next(iter(value.values()), "")
        case tuple() | list() | frozenset() | set():
            return ", ".join(spoken(part) for part in value)
        case _:
            return str(value)


def table(heads: Sequence[Message], rows: Iterable[Sequence[object]], *, empty: Message | None = None) -> None:
    """Write a table: by Rich on a terminal; else in aligned columns without colours, lines or anything cut off.

    Args:
        heads: The headings.
        rows: A value per heading in each row.
        empty: The sentence for a table without rows, told only on a terminal.
    """
    titles = [say(head) for head in heads]
    cells = [[_harmless(spoken(value)) for value in row] for row in rows]
    if not cells:
        if empty and on_terminal():
            line(empty)
        return
    if on_terminal():
        _by_rich(titles, cells)
    else:
        _aligned(titles, cells)


def _by_rich(titles: Sequence[str], cells: Sequence[Sequence[str]]) -> None:
    from rich import box
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text as Styled

    console = Console(highlight=False)
    wide = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False)
    for title, width in zip(titles, _widths([titles, *cells], console.width), strict=True):
        wide.add_column(title, width=width, overflow="fold")
    for row in cells:
        wide.add_row(*(Styled(cell) for cell in row))
    console.print(wide)


def _widths(rows: Sequence[Sequence[str]], width: int) -> list[int]:
    """How wide each column is: no usual word is broken, and what is long shares the rest of the line."""
    columns = [[row[number] for row in rows] for number in range(len(rows[0]))]
    whole = [max((_cells(part) for cell in column for part in cell.split("\n")), default=1) for column in columns]
    least = [
        length if length <= _SHORT else min(max(_cells(part) for cell in column for part in cell.split()), _WORD)
        for column, length in zip(columns, whole, strict=True)
    ]
    room = width - _BETWEEN * (len(columns) - 1)
    if sum(whole) <= room:
        return whole
    while sum(least) > max(room, len(least)):  # a narrow terminal: the widest gives way
        least[least.index(max(least))] -= 1
    spare, wish = room - sum(least), sum(whole) - sum(least)
    return [low + spare * (high - low) // wish if wish else low for low, high in zip(least, whole, strict=True)]


def _cells(text: str) -> int:
    from rich.cells import cell_len

    return cell_len(text)


def _aligned(titles: Sequence[str], cells: Sequence[Sequence[str]]) -> None:
    lines = [titles, *([" ".join(cell.split()) for cell in row] for row in cells)]
    widths = [max(len(row[number]) for row in lines) for number in range(len(titles))]
    for row in lines:
        line("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())


def facts(pairs: Iterable[tuple[Message, object]]) -> None:
    """Write facts under their names; those without a value are left out."""
    told = [(say(name), _harmless(spoken(value))) for name, value in pairs if spoken(value)]
    width = max((len(name) for name, _ in told), default=0)
    for name, value in told:
        first, *more = value.splitlines() or [""]
        line(f"{name.ljust(width)}  {first}")
        for other in more:
            line(f"{' ' * width}  {other}")


def heading(what: Message | str) -> None:
    """Write the heading of a part of what is shown."""
    text = what if isinstance(what, str) else say(what)
    line(f"\n{text}")


def data(value: object) -> None:
    """Write JSON: keys as named in the code, days and instants in ISO 8601, decimals as strings."""
    ascii_only = (sys.stdout.encoding or "").casefold().replace("-", "") != "utf8"
    indent = 2 if on_terminal() else None
    sys.stdout.write(json.dumps(value, default=_plain, ensure_ascii=ascii_only, indent=indent))
    sys.stdout.write("\n")


def _plain(value: object) -> object:
    """What JSON does not know, in what it knows."""
    match value:
        case Message():
            return say(value)
        case Decimal():
            return format(value, "f")
        case date():
            return value.isoformat()
        case Mapping():
            return dict(value)
        case set() | frozenset():
            return sorted(value)
        case _ if is_dataclass(value):
            return {each.name: getattr(value, each.name) for each in fields(value)}
        case _:
            return str(value)


@contextmanager
def progress(title: Message, total: int | None = None) -> Iterator[Callable[[str], None]]:
    """A progress display on standard error; gives the function that says what has been done.

    Nobody at a terminal: nothing is shown.
    """
    if not sys.stderr.isatty():
        yield lambda _: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    columns = [SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn()]
    shown = Progress(*columns, TimeElapsedColumn(), console=Console(stderr=True), transient=True)
    with shown:
        task = shown.add_task(say(title), total=total)

        def done(what: str) -> None:
            shown.update(task, advance=1, description=f"{say(title)}: {_harmless(what)}"[:60])

        yield done

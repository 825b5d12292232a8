"""The geometry of Gantt charts: tasks and bookings on a time axis."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from pilotkit.documents.scales import TEXT_WIDTH, DayTick, Scale, day_ticks, path, wrap


@dataclass(frozen=True, kw_only=True)
class Task:
    """A line of a Gantt chart. ``key`` is what other tasks name in ``depends_on``; ``due`` is the last day."""

    key: int
    label: str
    start: date
    due: date
    percent: int = 0
    state: Literal["planned", "doing", "done", "dropped"] = "planned"
    depends_on: tuple[int, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Span:
    """Days of a test arena, drawn below the tasks; a pencilled one is drawn open."""

    label: str
    start: date
    due: date
    confirmed: bool = True


@dataclass(frozen=True, kw_only=True)
class GanttRow:
    """A drawn line: the task or booking, the lines of its label, where its bar lies, and whether it is late."""

    label: tuple[str, ...]
    y: float
    x: float
    width: float
    line: Task | Span
    late: bool

    @property
    def booking(self) -> Span | None:
        """The booking, if it is one."""
        return self.line if isinstance(self.line, Span) else None

    @property
    def task(self) -> Task | None:
        """The task, if it is one."""
        return self.line if isinstance(self.line, Task) else None

    @property
    def done_width(self) -> float:
        """How much of the bar is done."""
        return self.width * self.task.percent / 100 if self.task else 0.0


@dataclass(frozen=True, kw_only=True)
class Gantt:
    """A Gantt chart, ready to be drawn. Arrows are SVG paths; ``today`` is the place of today's line, if it shows."""

    width: float
    height: float
    left: float
    right: float
    top: float
    bottom: float
    row_height: float
    bar_height: float
    rows: tuple[GanttRow, ...]
    ticks: tuple[DayTick, ...]
    arrows: tuple[str, ...]
    today: float | None


def gantt(
    tasks: Sequence[Task],
    *,
    today: date,
    bookings: Sequence[Span] = (),
    width: float = TEXT_WIDTH,
    label_width: float = 148.0,
) -> Gantt:
    """Lays out tasks and bookings on a time axis, from the first of the month in which they begin."""
    lines: tuple[Task | Span, ...] = (*tasks, *bookings)
    begin = min((line.start for line in lines), default=today).replace(day=1)
    end = max((line.due for line in lines), default=today)
    left, right, top, row_height, bar_height = label_width, width - 46.0, 30.0, 23.0, 9.0
    scale = Scale(begin.toordinal(), end.toordinal() + 1, left, right)
    rows = [
        GanttRow(
            label=wrap(line.label, label_width - 12, size=7.6),
            y=top + row_height * (place + 0.5),
            x=scale.at(line.start.toordinal()),
            width=max(scale.at(line.due.toordinal() + 1) - scale.at(line.start.toordinal()), 1.5),
            line=line,
            late=isinstance(line, Task) and line.due < today and line.state in ("planned", "doing"),
        )
        for place, line in enumerate(lines)
    ]
    by_key = {task.key: row for task, row in zip(tasks, rows, strict=False)}
    arrows = [
        _arrow(by_key[earlier], by_key[task.key], bar_height)
        for task in tasks
        for earlier in task.depends_on
        if earlier in by_key
    ]
    now = scale.at(today.toordinal())
    bottom = top + row_height * len(rows)
    return Gantt(
        width=width,
        height=bottom + 6,
        left=left,
        right=right,
        top=top,
        bottom=bottom,
        row_height=row_height,
        bar_height=bar_height,
        rows=tuple(rows),
        ticks=day_ticks(begin, end, scale),
        arrows=tuple(arrows),
        today=now if left <= now <= right else None,
    )


def _arrow(earlier: GanttRow, later: GanttRow, bar_height: float) -> str:
    """From the earlier bar to the beginning of the later one: straight down where they overlap, else around its end."""
    down = 1 if later.y > earlier.y else -1
    x, end = later.x + 2.5, later.y - down * bar_height / 2
    edge = earlier.y + down * bar_height / 2
    if x > earlier.x + earlier.width:
        line = path(((earlier.x + earlier.width, earlier.y), (x, earlier.y), (x, end)))
    elif x >= earlier.x:
        line = path(((x, edge), (x, end)))
    else:
        start = earlier.x + 2.5
        line = path(((start, edge), (start, edge + down * 2.5), (x, edge + down * 2.5), (x, end)))
    return f"{line} m-1.9 {-3.2 * down:.1f} l1.9 {3.2 * down:.1f} l1.9 {-3.2 * down:.1f}"

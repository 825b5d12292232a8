"""Plays the histories of example pilots side by side, and lets pilotkit do its own work in between."""

from collections import deque
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from typing import Final

from pilotkit.cli.acts import Calendar, Scene, act_out
from pilotkit.db.engine import Database
from pilotkit.domain.agenda import Step
from pilotkit.domain.errors import PilotkitError, message
from pilotkit.exchange import history
from pilotkit.exchange.history import AnyAct, History
from pilotkit.services import steps

_BEFORE: Final = (history.Score, history.Votes, history.Decide)
"""Acts that look at what pilotkit has done; the others do not wait for it, so one run does the work of several."""

_AFTER: Final = (history.Score, history.Decide, history.End)
"""Acts whose consequences carry their date (who is invited, what came out): pilotkit works at once."""

AdvanceAll = Callable[[Sequence[str], datetime], None]
"""Does for some pilots, at this instant, whatever their agendas hold for pilotkit, documents excepted."""

Listener = Callable[[str, AnyAct], None]
"""Told of every act after it was done: the pilot's code and the act."""


@dataclass(frozen=True)
class Line:
    """An act with its place."""

    played: History
    number: int
    act: AnyAct


class Player:
    """Plays histories side by side, in the order of the days.

    Args:
        today: The day of the playing.
        zone: The programme's time zone.
        advance: Does pilotkit's own work between the acts.
        on_act: Told of every act after it was done: the pilot's code and the act.
    """

    def __init__(
        self,
        db: Database,
        histories: Sequence[History],
        *,
        today: date,
        zone: str,
        advance: AdvanceAll,
        on_act: Listener,
    ) -> None:
        self._db = db
        self._histories = histories
        self._calendar = Calendar(today, zone)
        self._advance = advance
        self._on_act = on_act
        self._codes: dict[str, str] = {}
        self._coordinators: dict[str, str] = {}
        self._waited: set[tuple[str, int]] = set()

    def play(self) -> tuple[str, ...]:
        """Play everything; returns the codes of the pilots, in the order of the histories.

        Raises:
            PilotkitError: An act is refused; the message says which.
        """
        lines = [Line(played, number, act) for played in self._histories for number, act in enumerate(played.acts, 1)]
        lines.sort(key=lambda line: line.act.day)
        for day, acts in groupby(lines, key=lambda line: line.act.day):
            self._play_day(day, acts)
        return tuple(self._codes[played.file] for played in self._histories)

    def _play_day(self, day: int, lines: Iterable[Line]) -> None:
        """Every pilot comes as far as an act that looks at pilotkit's work; that is done for all of them; then on."""
        queues = [deque(group) for _, group in groupby(lines, key=lambda line: line.played)]
        while queues:
            working = [queue_file for queue in queues if (queue_file := self._play_until_work(queue))]
            if working:
                self._advance([self._codes[file] for file in working], self._calendar.next_instant(day))
            queues = [queue for queue in queues if queue]

    def _play_until_work(self, queue: deque[Line]) -> str:
        """The history whose pilot pilotkit has to work for before it goes on; empty when the day is over."""
        while queue:
            line = queue[0]
            file = line.played.file
            if isinstance(line.act, _BEFORE) and self._has_to_wait(line):
                return file
            self._do(queue.popleft())
            if isinstance(line.act, _AFTER) and self._has_work(line):
                return file
        return ""

    def _has_to_wait(self, line: Line) -> bool:
        """Whether there is work that the act should see done. It waits once, whatever comes of the work."""
        place = (line.played.file, line.number)
        if place in self._waited:
            return False
        self._waited.add(place)
        return self._has_work(line)

    def _has_work(self, line: Line) -> bool:
        here = steps.standing(self._db, self._codes[line.played.file], at=self._calendar.morning(line.act.day))
        return any(item.kind != Step.RENDER for item in here.due)

    def _do(self, line: Line) -> None:
        file, act = line.played.file, line.act
        if isinstance(act, history.New):
            self._coordinators[file] = act.coordinator
        scene = Scene(
            db=self._db,
            calendar=self._calendar,
            code=self._codes.get(file, ""),
            by=act.by or self._coordinators[file],
            at=self._calendar.next_instant(act.day),
        )
        try:
            self._codes[file] = act_out(scene, act)
        except PilotkitError as error:
            what = message(
                "{file}, act {number} ({act}): {what}", file=file, number=line.number, act=act.act, what=error.what
            )
            raise type(error)(what, error.remedy) from error
        self._on_act(self._codes[file], act)

"""Plays the histories of example pilots: every act becomes the use case that somebody would have called on its day."""

from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from itertools import groupby
from typing import Any, Final
from zoneinfo import ZoneInfo

from pilotkit.db.engine import Database
from pilotkit.domain.agenda import Step
from pilotkit.domain.calendar import is_working_day
from pilotkit.domain.decision import NewCondition
from pilotkit.domain.errors import PilotkitError, message
from pilotkit.domain.evaluation import valid_sheets
from pilotkit.domain.gate import eligible_deciders
from pilotkit.domain.pilot import Reading
from pilotkit.exchange import history
from pilotkit.exchange.history import Act, AnyAct, Figures, History
from pilotkit.services import (
    actions,
    conditions,
    criteria,
    evaluation,
    gates,
    handbook,
    meetings,
    pilots,
    steps,
    trials,
)

MORNING: Final = time(9)
"""When people begin to act on a day; one act follows the other within a minute."""

_BEFORE: Final = (history.Score, history.Votes, history.Decide)
"""Acts that look at what pilotkit has done. The others do not wait for it, so one flow run does the work of several acts."""

_AFTER: Final = (history.End,)
"""Acts whose consequences carry their date: pilotkit works at once."""

AdvanceAll = Callable[[Sequence[str], datetime], None]
"""Does for some pilots, at this instant, whatever their agendas hold for pilotkit, documents excepted."""


class Calendar:
    """The days of a history, counted from the day of the playing. People do not work on weekends: Friday stands for both."""

    def __init__(self, today: date, zone: str) -> None:
        self._today = today
        self._zone = ZoneInfo(zone)
        self._last = datetime.min.replace(tzinfo=self._zone)

    def day(self, offset: int) -> date:
        """The date of a day of the history."""
        found = self._today + timedelta(days=offset)
        while not is_working_day(found, ""):
            found -= timedelta(days=1)
        return found

    def next_instant(self, offset: int) -> datetime:
        """The instant of the next act on this day, or of the first one."""
        morning = datetime.combine(self.day(offset), MORNING, self._zone)
        self._last = max(morning, self._last + timedelta(seconds=20))
        return self._last


@dataclass(frozen=True, kw_only=True)
class Scene:
    """Where an act takes place: the pilot, the person and the instant."""

    db: Database
    calendar: Calendar
    code: str
    by: str
    at: datetime

    def day(self, offset: int) -> date:
        """The date of a day of the history."""
        return self.calendar.day(offset)

    @property
    def who(self) -> Mapping[str, Any]:
        """The arguments that every use case takes."""
        return {"by": self.by, "at": self.at}


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
        on_act: Callable[[str, Act], None] = lambda code, act: None,
    ) -> None:
        self._db = db
        self._histories = histories
        self._calendar = Calendar(today, zone)
        self._advance_all = advance
        self._on_act = on_act
        self._codes: dict[str, str] = {}
        self._coordinators: dict[str, str] = {}

    def play(self) -> tuple[str, ...]:
        """Play everything; returns the codes of the pilots, in the order of the histories.

        Raises:
            PilotkitError: An act is refused; the message says which.
        """
        lines = [
            (act.day, file, number, act)
            for file, played in enumerate(self._histories)
            for number, act in enumerate(played.acts, start=1)
        ]
        for day, acts in groupby(sorted(lines, key=lambda line: line[:3]), key=lambda line: line[0]):
            self._play_day(day, [(self._histories[file], number, act) for _, file, number, act in acts])
        return tuple(self._codes[played.file] for played in self._histories)

    def _play_day(self, day: int, acts: Sequence[tuple[History, int, AnyAct]]) -> None:
        """Let every pilot come as far as the next act that looks at pilotkit's work, then do that work for all at once."""
        queues = {played.file: deque(line) for played, line in groupby(acts, key=lambda act: act[0])}
        while queues:
            waiting = [file for file, queue in queues.items() if self._play_until_due(queue)]
            queues = {file: queue for file, queue in queues.items() if queue}
            if waiting:
                self._advance_all([self._codes[file] for file in waiting], self._calendar.next_instant(day))
                self._refuse_unfinished(waiting, queues, day)

    def _play_until_due(self, queue: deque[tuple[History, int, AnyAct]]) -> bool:
        """Whether pilotkit has to work before the pilot can go on."""
        while queue:
            played, number, act = queue[0]
            if isinstance(act, _BEFORE) and self._has_work(played.file, act.day):
                return True
            queue.popleft()
            self._do(played, number, act)
            if isinstance(act, _AFTER):
                return True
        return False

    def _has_work(self, file: str, day: int) -> bool:
        at = datetime.combine(self._calendar.day(day), MORNING, self._calendar.next_instant(day).tzinfo)
        return any(item.kind != Step.RENDER for item in steps.standing(self._db, self._codes[file], at=at).due)

    def _refuse_unfinished(self, waiting: Sequence[str], queues: Mapping[str, object], day: int) -> None:
        """What pilotkit could not do would be waited for without an end."""

    def _do(self, played: History, number: int, act: AnyAct) -> None:
        if isinstance(act, history.New):
            self._coordinators[played.file] = act.coordinator
        scene = Scene(
            db=self._db,
            calendar=self._calendar,
            code=self._codes.get(played.file, ""),
            by=act.by or self._coordinators[played.file],
            at=self._calendar.next_instant(act.day),
        )
        try:
            code = CALLS[type(act)](scene, act)
        except PilotkitError as error:
            place = message(
                "{file}, act {number} ({act}): {what}", file=played.file, number=number, act=act.act, what=error.what
            )
            raise type(error)(place, error.remedy) from error
        self._codes.setdefault(played.file, code or "")
        self._on_act(self._codes[played.file], act)

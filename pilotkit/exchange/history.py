"""The history of an example pilot: what people did, day by day, as frozen acts.

Days are counted from the day on which the history is played: ``day = -120`` is 120 days before it, so an example never
grows old. What is done lies before that day; what is planned may lie after it.
"""

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Final, Literal

from pydantic import ConfigDict, Field, TypeAdapter, ValidationError

from pilotkit.domain.errors import NotFound
from pilotkit.domain.pilot import ActionState, Direction, LessonKind, Measure, PartnerRole
from pilotkit.domain.process import Outcome
from pilotkit.domain.text import Message, Texts, message
from pilotkit.exchange.programme_file import read_toml_text
from pilotkit.exchange.report import Faulty
from pilotkit.process.places import Path as Place
from pilotkit.process.places import lines_of, nearest, written

Day = int
"""Days from the day of the playing; negative is past."""


# --- Parts of acts ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class Part:
    """An organisation's part in a pilot."""

    organisation: str
    role: PartnerRole
    budget: Decimal | None = None


@dataclass(frozen=True, kw_only=True)
class Settled:
    """How a legal criterion was settled in a country: met on some evidence, or not applicable for a reason."""

    authority: str
    evidence: str = ""
    reason: str = ""


@dataclass(frozen=True, kw_only=True)
class Figures:
    """One aggregate; ``value`` may be left out where it follows from a proportion or a rate."""

    day: Day
    source: str
    value: Decimal | None = None
    numerator: int | None = None
    denominator: int | None = None
    n: int | None = None
    deviation: Decimal | None = None
    events: int | None = None
    exposure: Decimal | None = None


@dataclass(frozen=True, kw_only=True)
class Obligation:
    """A condition of a conditional go."""

    text: str
    owner: str
    due: Day


# --- Acts -------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class Act:
    """What somebody did on a day; the pilot's coordinator where ``by`` names nobody else."""

    day: Day
    by: str = ""


@dataclass(frozen=True, kw_only=True)
class New(Act):
    """The idea is handed in."""

    act: Literal["new"]
    area: str
    coordinator: str
    title: Texts
    summary: Texts | None = None
    problem: Texts | None = None
    approach: Texts | None = None
    needs: Texts | None = None
    partners: tuple[Part, ...] = ()
    sponsor: str = ""
    submitter: str = ""
    starts: Day | None = None
    ends: Day | None = None
    budget: Decimal | None = None


@dataclass(frozen=True, kw_only=True)
class Edit(Act):
    """Texts are rewritten, partners join."""

    act: Literal["edit"]
    texts: Mapping[str, Texts] | None = None
    join: tuple[Part, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Criteria(Act):
    """Criteria of the open gate are met: key to evidence. Evidence of an earlier pass is confirmed by an empty text."""

    act: Literal["criteria"]
    met: Mapping[str, str]


@dataclass(frozen=True, kw_only=True)
class Law(Act):
    """Legal criteria of the open gate are settled for a country."""

    act: Literal["law"]
    country: str
    settled: Mapping[str, Settled]


@dataclass(frozen=True, kw_only=True)
class Waive(Act):
    """A criterion is waived."""

    act: Literal["waive"]
    criterion: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class ConflictDeclared(Act):
    """Somebody is excused from scoring and voting."""

    act: Literal["conflict"]
    person: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class Score(Act):
    """A scoresheet is handed in: by the n-th of those who are invited and have not withdrawn."""

    act: Literal["score"]
    sheet: int
    scores: Mapping[str, Decimal]
    remarks: Mapping[str, str] | None = None
    pros: str = ""
    cons: str = ""


@dataclass(frozen=True, kw_only=True)
class ClosePanel(Act):
    """The panel is closed although a sheet is missing."""

    act: Literal["close-panel"]
    reason: str


@dataclass(frozen=True, kw_only=True)
class Votes(Act):
    """Deciders vote: how many for each outcome, in the order of the board. With a meeting, taken from its minutes."""

    act: Literal["vote"]
    votes: Mapping[Outcome, int]
    meeting: str = ""
    remark: str = ""


@dataclass(frozen=True, kw_only=True)
class Decide(Act):
    """The board decides; ``votes`` are cast on the same day, after those that were cast before."""

    act: Literal["decide"]
    outcome: Outcome
    rationale: str
    votes: Mapping[Outcome, int] = field(default_factory=dict)
    meeting: str = ""
    conditions: tuple[Obligation, ...] = ()
    until: Day | None = None
    to: str = ""


@dataclass(frozen=True, kw_only=True)
class Resume(Act):
    """A hold ends."""

    act: Literal["resume"]
    reason: str


@dataclass(frozen=True, kw_only=True)
class ConditionMet(Act):
    """A condition is met."""

    act: Literal["condition"]
    number: int
    evidence: str


@dataclass(frozen=True, kw_only=True)
class Book(Act):
    """Days of a test arena are pencilled."""

    act: Literal["book"]
    arena: str
    first: Day
    last: Day
    places: int = 1


@dataclass(frozen=True, kw_only=True)
class PlanIndicator(Act):
    """An indicator is planned."""

    act: Literal["indicator"]
    key: str
    title: Texts
    unit: str
    measure: Measure
    direction: Direction
    target: Decimal
    baseline: Figures | None = None


@dataclass(frozen=True, kw_only=True)
class Start(Act):
    """The trial starts."""

    act: Literal["start"]


@dataclass(frozen=True, kw_only=True)
class Measured(Act):
    """An aggregate of the running trial is entered."""

    act: Literal["measure"]
    indicator: str
    reading: Figures


@dataclass(frozen=True, kw_only=True)
class End(Act):
    """The trial ends."""

    act: Literal["end"]


@dataclass(frozen=True, kw_only=True)
class PlanAction(Act):
    """An action item is planned."""

    act: Literal["action"]
    title: Texts
    start: Day
    due: Day
    owner: str = ""
    organisation: str = ""
    budget: Decimal | None = None
    depends_on: tuple[int, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Progress(Act):
    """Action items come forward."""

    act: Literal["progress"]
    numbers: tuple[int, ...]
    state: ActionState | None = None
    percent: int | None = None


@dataclass(frozen=True, kw_only=True)
class Adopt(Act):
    """An organisation takes the solution into regular use."""

    act: Literal["adopt"]
    organisation: str
    solution: Texts
    document: str


@dataclass(frozen=True, kw_only=True)
class WriteLesson(Act):
    """A lesson is written down."""

    act: Literal["lesson"]
    kind: LessonKind
    text: Texts


@dataclass(frozen=True, kw_only=True)
class Judge(Act):
    """An organisation from elsewhere judges the transferability."""

    act: Literal["transferability"]
    organisation: str
    text: Texts


@dataclass(frozen=True, kw_only=True)
class Approve(Act):
    """The entry of a stopped pilot is approved."""

    act: Literal["approve"]


@dataclass(frozen=True, kw_only=True)
class Meeting(Act):
    """A board meeting is planned, in which these pilots are decided."""

    act: Literal["meeting"]
    on: Day
    place: str
    pilots: tuple[str, ...]


AnyAct = Annotated[
    New
    | Edit
    | Criteria
    | Law
    | Waive
    | ConflictDeclared
    | Score
    | ClosePanel
    | Votes
    | Decide
    | Resume
    | ConditionMet
    | Book
    | PlanIndicator
    | Start
    | Measured
    | End
    | PlanAction
    | Progress
    | Adopt
    | WriteLesson
    | Judge
    | Approve
    | Meeting,
    Field(discriminator="act"),
]


@dataclass(frozen=True, kw_only=True)
class History:
    """What was done with one pilot: the idea first, then act by act in the order of the days."""

    file: str
    acts: tuple[AnyAct, ...]


# --- Reading ----------------------------------------------------------------------------------------------------------


def read_histories(folder: Path) -> tuple[History, ...]:
    """The histories in a folder, in the order of their file names.

    Raises:
        NotFound: There is no history.
        Faulty: A file is no history; carries every fault with its place.
        Invalid: A file is too large, or no UTF-8.
        Unavailable: A file cannot be read.
    """
    files = sorted(folder.glob("*.toml"))
    if not files:
        raise NotFound(message("There is no history in {folder}.", folder=folder), message("Check the path."))
    return tuple(parse_history(read_toml_text(file), source=file.name) for file in files)


def parse_history(text: str, *, source: str) -> History:
    """The history that a TOML text describes; ``source`` names the text in messages.

    Raises:
        Faulty: It is none; carries every fault with its place.
    """
    try:
        raw = tomllib.loads(text, parse_float=Decimal)
    except (ValueError, RecursionError) as error:
        raise _faulty(source, [message("{reason}", reason=str(error) or type(error).__name__)]) from None
    try:
        acts = _SHAPE.validate_python((raw,))[0].acts
    except ValidationError as error:
        faults = [(_path(fault["loc"]), Message("{reason}", {"reason": fault["msg"]})) for fault in error.errors()]
    else:
        faults = list(_out_of_order(acts))
        if not faults:
            return History(file=source, acts=acts)
    lines = lines_of(text)
    raise _faulty(
        source,
        [
            message("line {line}: {place}: {reason}", line=nearest(lines, path), place=written(path), reason=reason)
            for path, reason in faults
        ],
    )


@dataclass(frozen=True)
class _File:
    acts: tuple[AnyAct, ...]


# Inside a tuple, because the settings reach dataclasses only from the outside.
_SHAPE: Final = TypeAdapter(tuple[_File], config=ConfigDict(extra="forbid"))


def _path(place: tuple[int | str, ...]) -> Place:
    """The place in the file; the fourth part is the name of the act, which told the shape that it should have."""
    return tuple(part for part in (*place[1:3], *place[4:]) if part != "[key]")


def _faulty(source: str, faults: Sequence[Message]) -> Faulty:
    return Faulty(source, faults, message("Mend the file: a history is a list of [[acts]], each with day and act."))


def _out_of_order(acts: Sequence[AnyAct]) -> Iterator[tuple[Place, Message]]:
    for number, act in enumerate(acts):
        if isinstance(act, New) != (number == 0):
            yield ("acts", number, "act"), message("a history begins with the act new, and has only one")
        if number and act.day < acts[number - 1].day:
            yield ("acts", number, "day"), message("the previous act is on a later day")
        if act.day >= 0:
            yield (
                ("acts", number, "day"),
                message("what was done lies before the day of the playing: give a day below 0"),
            )

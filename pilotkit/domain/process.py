"""The process as data: stages, gates, criteria, scores, reminder rules.

A process is read from a file (``pilotkit.process``) and never changes afterwards; a new version is a new process. Code
never names a stage key, only a kind: what a stage *is* lies in its kind, what a programme *calls* it lies in the file.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Literal

from pilotkit.domain.text import Text


class StageKind(StrEnum):
    """The five kinds of work that pilotkit knows; each has its own automatic steps."""

    INTAKE = "intake"
    EVALUATION = "evaluation"
    TRIAL = "trial"
    IMPLEMENTATION = "implementation"
    PUBLICATION = "publication"


class Outcome(StrEnum):
    """What a gate can decide."""

    GO = "go"
    CONDITIONAL_GO = "conditional-go"
    RECYCLE = "recycle"
    HOLD = "hold"
    STOP = "stop"

    @property
    def advances(self) -> bool:
        """Whether the next stage opens (or, at the last gate, the entry is published)."""
        return self in (Outcome.GO, Outcome.CONDITIONAL_GO)


Majority = Literal["simple", "two-thirds", "unanimous"]

Fact = Literal["complete", "consolidated", "outcomes", "actions-done", "adopted", "lessons", "transferability"]
"""What pilotkit can see for itself: a criterion ``shown_by`` such a fact is checked by a flow, not by a person."""

Axis = Literal["value", "feasibility"]

DocumentKey = Literal[
    "project-sheet", "action-plan", "handbook-entry", "evaluation-report", "gate-record", "trial-report"
]

Escalation = Literal["owner", "coordinator", "sponsor", "submitter", "evaluators", "invited", "lead partner"]


@dataclass(frozen=True, kw_only=True)
class Criterion:
    """What must be shown before a gate may let a pilot pass.

    Attributes:
        legal: Required by law in each country of the pilot: never waived, only met or not applicable, per country.
        required: A criterion that is not required is shown on the checklist but does not hold the gate.
        shown_by: The fact by which pilotkit itself sees that it is met; empty where a person shows it.
    """

    key: str
    title: Text
    description: Text = ""
    legal: bool = False
    required: bool = True
    shown_by: Fact | Literal[""] = ""


@dataclass(frozen=True, kw_only=True)
class Gate:
    """The decision point at the end of a stage.

    Attributes:
        quorum: How many deciders must have voted.
        majority: Which share of the votes cast an outcome needs: more than half, at least two thirds, or all.
        working_days: Time allowed for voting and deciding once the gate is ready.
    """

    quorum: int
    majority: Majority = "simple"
    working_days: int = 10
    criteria: tuple[Criterion, ...] = ()
    outcomes: tuple[Outcome, ...] = tuple(Outcome)


@dataclass(frozen=True, kw_only=True)
class Stage:
    """One stage.

    Attributes:
        working_days: Time allowed for the stage, counted in working days of the coordinator's country.
        next: Key of the stage that a go opens; empty at the last stage.
        evaluators: How many scoresheets an evaluation needs.
        score_set: Key of the criterion set that evaluators fill in.
        allowances: Working days allowed per kind of agenda item, where it differs from the stage's own time.
    """

    key: str
    kind: StageKind
    title: Text
    description: Text = ""
    working_days: int
    gate: Gate
    next: str = ""
    documents: tuple[DocumentKey, ...] = ("action-plan", "handbook-entry")
    evaluators: int = 0
    score_set: str = ""
    allowances: Mapping[str, int] | None = None

    def allowance(self, kind: str) -> int:
        """Working days allowed for an agenda item of this kind."""
        return (self.allowances or {}).get(kind, self.working_days)


@dataclass(frozen=True, kw_only=True)
class ScoreCriterion:
    """One line of a scoresheet, scored 0 to 5; ``anchors`` describes what 0, 3 and 5 mean."""

    key: str
    title: Text
    weight: Decimal = Decimal(1)
    minimum: Decimal | None = None
    anchors: Mapping[str, Text]


@dataclass(frozen=True, kw_only=True)
class ScoreGroup:
    """A group of score criteria that counts either to the value of a pilot or to its feasibility."""

    key: str
    title: Text
    weight: Decimal = Decimal(1)
    axis: Axis
    minimum: Decimal | None = None
    criteria: tuple[ScoreCriterion, ...]


@dataclass(frozen=True, kw_only=True)
class ScoreSet:
    """A set of weighted score criteria; ``minimum`` is the knock-out of the weighted total (0 to 5)."""

    key: str
    title: Text
    minimum: Decimal | None = None
    groups: tuple[ScoreGroup, ...]

    @property
    def criteria(self) -> tuple[ScoreCriterion, ...]:
        """All lines of the sheet, in order."""
        return tuple(criterion for group in self.groups for criterion in group.criteria)


@dataclass(frozen=True, kw_only=True)
class ReminderRule:
    """When a message about an agenda item goes out, and to whom (validated here, interpreted by the reminders).

    Attributes:
        items: Kinds of agenda items; empty means every human item that no other rule names.
        before: Working days before the due date; 0 is the due date itself.
        after: Working days after the due date.
        half_time: Whether one goes out half-way between opening and due date.
        every_days: Repeats at this interval of calendar days after the last of ``after`` (or after opening).
        at_most: Highest number of firings; 0 means no limit.
        to: Who gets it, from which firing on: ``{"owner" = 1, "coordinator" = 2}``.
    """

    key: str
    title: Text
    items: tuple[str, ...] = ()
    before: tuple[int, ...] = ()
    after: tuple[int, ...] = ()
    half_time: bool = False
    every_days: int = 0
    at_most: int = 0
    to: Mapping[Escalation, int]
    invitation: bool = False


@dataclass(frozen=True, kw_only=True)
class Process:
    """The whole process: what a pilot passes through from the first stage to the last."""

    key: str
    version: int
    title: Text
    description: Text = ""
    first: str
    stages: tuple[Stage, ...]
    score_sets: tuple[ScoreSet, ...] = ()
    reminders: tuple[ReminderRule, ...] = ()

    def stage(self, key: str) -> Stage:
        """The stage with this key.

        Raises:
            KeyError: There is none.
        """
        for stage in self.stages:
            if stage.key == key:
                return stage
        raise KeyError(key)

    def score_set(self, key: str) -> ScoreSet:
        """The criterion set with this key.

        Raises:
            KeyError: There is none.
        """
        for score_set in self.score_sets:
            if score_set.key == key:
                return score_set
        raise KeyError(key)

    def way(self) -> tuple[Stage, ...]:
        """The stages in the order in which a pilot that always gets a go passes through them."""
        stages, key = [], self.first
        while key:
            stages.append(self.stage(key))
            key = stages[-1].next
        return tuple(stages)

    def position(self, key: str) -> int:
        """Where a stage stands on the way, counted from 0."""
        return [stage.key for stage in self.way()].index(key)

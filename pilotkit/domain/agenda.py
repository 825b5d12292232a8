"""The agenda: every step of a pilot still to do, computed from the facts alone."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from pilotkit.domain.programme import Person
from pilotkit.domain.text import Message


class Step(StrEnum):
    """What pilotkit does itself; each is a task of the stage's flow and a use case of the services."""

    OPEN_STAGE = "open-stage"
    CHECK = "check"
    INVITE = "invite"
    CONSOLIDATE = "consolidate"
    CONFIRM_BOOKING = "confirm-booking"
    FREEZE = "freeze-baselines"
    COMPUTE_OUTCOMES = "compute-outcomes"
    COMPILE_ENTRY = "compile-entry"
    PUBLISH = "publish-entry"
    RENDER = "render"


class Task(StrEnum):
    """What waits for a person."""

    COMPLETE_IDEA = "complete-idea"
    SHOW_CRITERION = "criterion"
    SCORE = "score"
    FILL_PANEL = "fill-panel"
    BOOK_ARENA = "book-arena"
    PLAN_INDICATORS = "plan-indicators"
    START_TRIAL = "start-trial"
    MEASURE = "measure"
    END_TRIAL = "end-trial"
    PLAN_ACTIONS = "plan-actions"
    ACTION = "action"
    ADOPT = "adopt"
    WRITE_LESSON = "write-lesson"
    TRANSFERABILITY = "transferability"
    CONDITION = "condition"
    VOTE = "vote"
    DECIDE = "decide"
    QUORUM = "quorum"
    HOLD_REVIEW = "hold-review"
    APPROVE_ENTRY = "approve-entry"
    ENTRY_REVIEW = "entry-review"


@dataclass(frozen=True, kw_only=True)
class AgendaItem:
    """A step still to do.

    Attributes:
        key: Stable: pilot, process version, kind and subject. Reminders hang on it.
        kind: A ``Step`` (automatic) or a ``Task`` (human).
        subject: What it is about within its kind, e.g. ``evaluation.1/4`` or ``action-plan``.
        stage: Key of the stage it belongs to.
        owner: Who does it; none for automatic items and for human items whose role nobody has.
        role: The role that the owner acts in; empty for automatic items.
        missing: What exactly is missing, one sentence each.
        opens_on: The first day on which it can be done.
        due_on: The day by which it should be done.
        command: What to type to do it.
    """

    key: str
    kind: str
    subject: str
    stage: str
    title: Message
    opens_on: date
    due_on: date
    owner: Person | None = None
    role: str = ""
    missing: tuple[Message, ...] = ()
    command: str = ""

    @property
    def automatic(self) -> bool:
        """Whether pilotkit does it itself."""
        return self.kind in set(Step)

    def late(self, today: date) -> bool:
        """Whether it is overdue."""
        return self.due_on < today

    def open(self, today: date) -> bool:
        """Whether it can be done now."""
        return self.opens_on <= today

"""A pilot as a tree of frozen facts: everything that rules, agenda and documents are computed from.

The database keeps the same facts in tables; ``pilotkit.db.queries.pilots`` reads them into this tree. Dates are days in
the programme's zone; instants are zone-aware.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Literal

from pilotkit.domain.process import Outcome
from pilotkit.domain.programme import Organisation, Person
from pilotkit.domain.text import Texts


class PilotStatus(StrEnum):
    """Where a pilot stands as a whole; *ended* is stopped or published."""

    ACTIVE = "active"
    ON_HOLD = "on hold"
    STOPPED = "stopped"
    PUBLISHED = "published"

    @property
    def ended(self) -> bool:
        """No stage is open any more."""
        return self in (PilotStatus.STOPPED, PilotStatus.PUBLISHED)


PartnerRole = Literal["lead", "partner", "associated", "test site", "supplier", "mentor", "funder"]
CriterionVerdict = Literal["met", "waived", "not applicable"]
ConditionState = Literal["open", "met", "waived", "void"]
BookingState = Literal["pencilled", "confirmed", "released"]
ActionState = Literal["planned", "doing", "done", "dropped"]
LessonKind = Literal["worked", "did not", "would change"]
Direction = Literal["higher", "lower"]
Measure = Literal["proportion", "mean", "rate", "figure"]
Result = Literal["reached", "partly", "not reached", "not measurable"]
EntryKind = Literal["results", "learned", "note"]


@dataclass(frozen=True, kw_only=True)
class Partner:
    """An organisation's part in a pilot, from the day it joined to the day it left."""

    organisation: Organisation
    role: PartnerRole
    joined_on: date | None = None
    left_on: date | None = None
    budget: Decimal | None = None
    currency: str = "EUR"


@dataclass(frozen=True, kw_only=True)
class CriterionRecord:
    """What was said of a criterion in one pass, by whom and on what evidence; ``country`` only for legal ones.

    ``authority`` is who said that a legal criterion is met or does not apply. ``by`` is none if pilotkit itself saw it.
    """

    criterion: str
    verdict: CriterionVerdict
    on: date
    by: Person | None
    evidence: str = ""
    reason: str = ""
    country: str = ""
    authority: str = ""


@dataclass(frozen=True, kw_only=True)
class Vote:
    """One decider's vote; ``round`` counts the decisions taken before it in the pass, so no vote is used twice."""

    person: Person
    outcome: Outcome
    on: date
    round: int
    recorded_by: Person
    meeting: str = ""
    remark: str = ""


@dataclass(frozen=True, kw_only=True)
class Decision:
    """A decision of a gate. ``number`` counts the pilot's decisions from 1, reverted ones included."""

    number: int
    outcome: Outcome
    decided_on: date
    by: Person
    rationale: str
    recorded_at: datetime
    until: date | None = None
    to_stage: str = ""
    reverted_on: date | None = None
    revert_reason: str = ""

    @property
    def reverted(self) -> bool:
        """Whether it was taken back."""
        return self.reverted_on is not None


@dataclass(frozen=True, kw_only=True)
class Condition:
    """An obligation that a conditional go attached; ``due_stage`` is the stage at whose gate it must be settled."""

    number: int
    decision: int
    text: str
    owner: Person
    due_on: date
    due_stage: str
    state: ConditionState = "open"
    evidence: str = ""
    reason: str = ""
    settled_on: date | None = None


@dataclass(frozen=True, kw_only=True)
class Scoresheet:
    """One evaluator's scores (criterion key to 0..5); hidden from others until the panel is complete."""

    evaluator: Person
    invited_on: date
    submitted_on: date | None = None
    withdrawn: bool = False
    scores: Mapping[str, Decimal]
    remarks: Mapping[str, str]
    pros: str = ""
    cons: str = ""


@dataclass(frozen=True, kw_only=True)
class Consolidation:
    """What the scoresheets of one pass came to: means and spreads per criterion, weighted total, flags."""

    on: date
    means: Mapping[str, Decimal]
    spreads: Mapping[str, Decimal]
    total: Decimal
    knocked_out: tuple[str, ...]
    flagged: tuple[str, ...]
    recommendation: Outcome


@dataclass(frozen=True, kw_only=True)
class Booking:
    """Days of a test arena for a pilot; ``last_day`` is included."""

    number: int
    arena: str
    arena_name: str
    first_day: date
    last_day: date
    places: int
    state: BookingState


@dataclass(frozen=True, kw_only=True)
class Reading:
    """One aggregate: which fields count depends on the kind of the indicator. Never data of a single patient.

    ``proportion``: numerator, denominator. ``mean``: n, mean, deviation. ``rate``: events, exposure. ``figure``: value.
    """

    on: date
    source: str
    value: Decimal
    numerator: int | None = None
    denominator: int | None = None
    n: int | None = None
    deviation: Decimal | None = None
    events: int | None = None
    exposure: Decimal | None = None


@dataclass(frozen=True, kw_only=True)
class Indicator:
    """A figure with unit, baseline, target and measurements; frozen when the trial starts."""

    key: str
    title: Texts
    unit: str
    measure: Measure
    direction: Direction
    target: Decimal
    baseline: Reading | None = None
    measurements: tuple[Reading, ...] = ()
    frozen_on: date | None = None

    @property
    def latest(self) -> Reading | None:
        """The aggregate that counts: a later one replaces an earlier one, also one of the same day."""
        return max(reversed(self.measurements), key=lambda reading: reading.on, default=None)


@dataclass(frozen=True, kw_only=True)
class TrialOutcome:
    """How an indicator came out: change against baseline with a 95 % interval, or the sentence why there is none."""

    indicator: str
    result: Result
    change: Decimal | None
    low: Decimal | None
    high: Decimal | None
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class StagePass:
    """One run through a stage.

    ``number`` counts the passes of this stage from 1, ``sequence`` those of the pilot; void ones count too, so that
    neither a gate nor a document is ever mistaken for one of a pass that was taken back.

    A pass is open from ``opened_on`` until a decision other than hold closes it. Reverting a decision voids the pass
    that it opened. ``prepared_on`` is set when pilotkit has opened the stage (told the people, invited, booked).
    """

    id: int
    stage: str
    number: int
    sequence: int
    opened_on: date
    closed_on: date | None = None
    void: bool = False
    prepared_on: date | None = None
    criteria: tuple[CriterionRecord, ...] = ()
    votes: tuple[Vote, ...] = ()
    decisions: tuple[Decision, ...] = ()
    scoresheets: tuple[Scoresheet, ...] = ()
    panel_closed_reason: str = ""
    consolidation: Consolidation | None = None
    bookings: tuple[Booking, ...] = ()
    indicators: tuple[Indicator, ...] = ()
    started_on: date | None = None
    ended_on: date | None = None
    frozen_on: date | None = None
    outcomes: tuple[TrialOutcome, ...] = ()
    outcomes_on: date | None = None

    @property
    def round(self) -> int:
        """How many decisions this pass has seen; votes cast now belong to this round."""
        return len(self.decisions)

    @property
    def gate(self) -> str:
        """The name of the gate as it stands now; it changes with every decision."""
        return f"{self.stage}.{self.number}.{self.round}"

    @property
    def current_votes(self) -> tuple[Vote, ...]:
        """The votes that count towards the next decision."""
        return tuple(vote for vote in self.votes if vote.round == self.round)


@dataclass(frozen=True, kw_only=True)
class ActionItem:
    """A piece of work of the implementation; ``depends_on`` holds the numbers of the items that come before."""

    number: int
    title: Texts
    owner: Person | None
    organisation: Organisation | None
    start: date
    due: date
    state: ActionState
    percent: int = 0
    budget: Decimal | None = None
    currency: str = "EUR"
    depends_on: tuple[int, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Adoption:
    """A solution taken up by an organisation, with the document that shows it."""

    number: int
    organisation: Organisation
    solution: Texts
    on: date
    document: str


@dataclass(frozen=True, kw_only=True)
class Lesson:
    """What was learned, for the handbook."""

    number: int
    kind: LessonKind
    text: Texts
    on: date
    by: Person | None = None


@dataclass(frozen=True, kw_only=True)
class Transferability:
    """The judgement of a partner of another country (or organisation) whether the solution would work there."""

    organisation: Organisation
    text: Texts
    on: date


@dataclass(frozen=True, kw_only=True)
class ConflictOfInterest:
    """A person who may neither score nor vote on the pilot."""

    person: Person
    on: date
    reason: str


@dataclass(frozen=True, kw_only=True)
class EntryVersion:
    """A version of the pilot's handbook entry. Publishing freezes the facts; later changes make a draft of the next.

    ``results`` is the entry of a pilot that went the whole way, ``learned`` that of one stopped from the trial on,
    ``note`` an internal note about a pilot stopped before.
    """

    number: int
    kind: EntryKind
    compiled_on: date
    published_on: date | None = None
    review_on: date | None = None


@dataclass(frozen=True, kw_only=True)
class DocumentRecord:
    """A document as last rendered: from which revision of the pilot's facts, and under which hash the file lies."""

    key: str
    language: str
    subject: str
    version: int
    revision: int
    facts: str
    sha256: str
    pages: int
    rendered_at: datetime


@dataclass(frozen=True, kw_only=True)
class Pilot:
    """One pilot with everything that is known about it.

    Attributes:
        revision: Rises by one with every change; documents and agenda say from which revision they were made.
        changed_at: The instant of the last change; documents carry this date, so the same facts give the same bytes.
    """

    id: int
    code: str
    programme: str
    process: str
    process_version: int
    area: str
    title: Texts
    summary: Texts
    problem: Texts
    approach: Texts
    needs: Texts
    status: PilotStatus
    revision: int
    created_on: date
    changed_at: datetime
    archived: bool = False
    starts: date | None = None
    ends: date | None = None
    budget: Decimal | None = None
    currency: str = "EUR"
    coordinator: Person | None = None
    sponsor: Person | None = None
    submitter: Person | None = None
    partners: tuple[Partner, ...] = ()
    passes: tuple[StagePass, ...] = ()
    conditions: tuple[Condition, ...] = ()
    action_items: tuple[ActionItem, ...] = ()
    adoptions: tuple[Adoption, ...] = ()
    lessons: tuple[Lesson, ...] = ()
    transferability: tuple[Transferability, ...] = ()
    conflicts: tuple[ConflictOfInterest, ...] = ()
    entries: tuple[EntryVersion, ...] = ()
    documents: tuple[DocumentRecord, ...] = ()
    source: str = ""

    @property
    def valid_passes(self) -> tuple[StagePass, ...]:
        """Every pass that was not made void, in the order in which they were opened."""
        return tuple(stage_pass for stage_pass in self.passes if not stage_pass.void)

    @property
    def open_pass(self) -> StagePass | None:
        """The pass that the pilot is in; none when it has ended."""
        return next((p for p in reversed(self.valid_passes) if p.closed_on is None), None)

    @property
    def in_work(self) -> bool:
        """Whether its stage goes on: neither on hold, nor ended, nor put away."""
        return self.status is PilotStatus.ACTIVE and not self.archived

    @property
    def last_pass(self) -> StagePass:
        """The open pass, or the last one of an ended pilot."""
        return self.open_pass or self.valid_passes[-1]

    @property
    def decisions(self) -> tuple[Decision, ...]:
        """Every decision in order, reverted ones included."""
        found = [decision for stage_pass in self.passes for decision in stage_pass.decisions]
        return tuple(sorted(found, key=lambda decision: decision.number))

    @property
    def hold_until(self) -> date | None:
        """The day of the review of a pilot on hold."""
        if self.status is not PilotStatus.ON_HOLD:
            return None
        standing = [decision for decision in self.decisions if not decision.reverted]
        return standing[-1].until if standing else None

    @property
    def active_partners(self) -> tuple[Partner, ...]:
        """Partners that have not left."""
        return tuple(partner for partner in self.partners if partner.left_on is None)

    @property
    def lead(self) -> Organisation | None:
        """The lead partner."""
        return next((p.organisation for p in self.active_partners if p.role == "lead"), None)

    @property
    def countries(self) -> tuple[str, ...]:
        """The countries of the active partners, sorted."""
        return tuple(sorted({partner.organisation.country for partner in self.active_partners}))

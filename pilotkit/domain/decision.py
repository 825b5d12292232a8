"""Decisions: which ones the rules refuse, and what a decision does to a pilot."""

from dataclasses import dataclass
from datetime import date

from pilotkit.domain.errors import Invalid, Refused
from pilotkit.domain.gate import eligible_deciders, reached_trial, readiness, tally
from pilotkit.domain.limits import checked_text
from pilotkit.domain.pilot import Decision, EntryKind, Pilot, PilotStatus, StagePass
from pilotkit.domain.process import Outcome, Process, Stage
from pilotkit.domain.programme import Programme
from pilotkit.domain.text import message, wording
from pilotkit.domain.words import word

RATIONALE_LIMIT = 10_000
"""Longest rationale, in characters."""


@dataclass(frozen=True, kw_only=True)
class NewCondition:
    """A condition as a decider words it; without ``due_stage`` it is due by the gate of the stage that opens."""

    text: str
    owner: str
    due_on: date
    due_stage: str = ""


@dataclass(frozen=True, kw_only=True)
class Resolution:
    """What somebody wants to decide, before the rules have seen it."""

    outcome: Outcome
    rationale: str
    on: date
    conditions: tuple[NewCondition, ...] = ()
    until: date | None = None
    to_stage: str = ""


def deciding_pass(pilot: Pilot) -> StagePass:
    """The pass whose gate can be decided now.

    Raises:
        Refused: The pilot is archived or has ended.
    """
    stage_pass = pilot.open_pass
    if pilot.archived or stage_pass is None:
        state = word("archived") if pilot.archived else word(pilot.status.value)
        raise Refused(
            message("{code} is {state}: it has no open gate.", code=pilot.code, state=state),
            message("Look at its history with: pilotkit decision show {code}", code=pilot.code),
        )
    return stage_pass


def check_resolution(
    resolution: Resolution, *, pilot: Pilot, process: Process, programme: Programme, today: date
) -> None:
    """Apply every rule on decisions.

    Raises:
        Invalid: A part of the resolution is missing, too long, or a date lies where it cannot.
        Refused: The gate is not ready, the votes do not carry it, or the gate does not know the outcome.
    """
    stage_pass = deciding_pass(pilot)
    stage = process.stage(stage_pass.stage)
    _check_wording(resolution)
    _check_date(resolution, pilot, today)
    _check_outcome(resolution, stage, process)
    if resolution.outcome.advances:
        state = readiness(pilot, process, stage_pass)
        if not state.ready:
            raise Refused(
                message(
                    "The gate of {code} is not ready for {outcome}: {missing}",
                    code=pilot.code,
                    outcome=resolution.outcome.value,
                    missing=state.missing,
                ),
                message("Show what is missing first, or decide recycle, hold or stop."),
            )
    _check_votes(resolution.outcome, pilot, stage, stage_pass, programme)


def _check_wording(resolution: Resolution) -> None:
    if not resolution.rationale.strip():
        raise Invalid(
            message("A decision needs a rationale."), message("Say in a sentence or two why: --rationale TEXT.")
        )
    if len(resolution.rationale) > RATIONALE_LIMIT:
        raise Invalid(
            message(
                "The rationale has {length} characters; at most {limit} are kept.",
                length=len(resolution.rationale),
                limit=RATIONALE_LIMIT,
            ),
            message("Shorten it, and attach the long text as evidence."),
        )
    checked_text(resolution.rationale, "rationale", limit=RATIONALE_LIMIT)


def _check_date(resolution: Resolution, pilot: Pilot, today: date) -> None:
    if resolution.on > today:
        raise Invalid(
            message("The decision date {on} lies in the future.", on=resolution.on),
            message("Record a decision on the day it is taken, or later."),
        )
    before = [decision.decided_on for decision in pilot.decisions if not decision.reverted]
    earliest = max([pilot.created_on, *before])
    if resolution.on < earliest:
        raise Invalid(
            message(
                "The decision date {on} lies before {earliest}, when the pilot's previous step was taken.",
                on=resolution.on,
                earliest=earliest,
            ),
            message("Check the date, or revert the later decision first."),
        )


def _check_outcome(resolution: Resolution, stage: Stage, process: Process) -> None:
    outcome = resolution.outcome
    if outcome not in stage.gate.outcomes or (outcome is Outcome.CONDITIONAL_GO and not stage.next):
        raise Refused(
            message(
                "The gate of the stage {stage} does not know the outcome {outcome}.",
                stage=wording(stage.title),
                outcome=outcome.value,
            ),
            message("It knows: {outcomes}.", outcomes=", ".join(known_outcomes(stage))),
        )
    if (outcome is Outcome.CONDITIONAL_GO) != bool(resolution.conditions):
        raise Invalid(
            message("A conditional go has at least one condition, and no other decision has any."),
            message("Add --condition, or decide go."),
        )
    for condition in resolution.conditions:
        if not condition.text.strip() or condition.due_on <= resolution.on:
            raise Invalid(
                message("A condition needs a text and a due date after {on}.", on=resolution.on),
                message("Write it as OWNER:DATE:TEXT."),
            )
        checked_text(condition.text, "condition")
    if (outcome is Outcome.HOLD) != (resolution.until is not None):
        raise Invalid(
            message("A hold needs the date until which it lasts, and no other decision has one."),
            message("Add --until DATE to a hold; leave it out otherwise."),
        )
    if resolution.until and resolution.until <= resolution.on:
        raise Invalid(
            message(
                "The hold would end on {until}, which is not after {on}.", until=resolution.until, on=resolution.on
            ),
            message("Give a later date."),
        )
    _check_way_back(resolution, stage, process)


def known_outcomes(stage: Stage) -> tuple[str, ...]:
    """The outcomes that the gate of a stage knows: the last gate has no conditional go."""
    return tuple(o.value for o in stage.gate.outcomes if stage.next or o is not Outcome.CONDITIONAL_GO)


def _check_way_back(resolution: Resolution, stage: Stage, process: Process) -> None:
    if resolution.outcome is not Outcome.RECYCLE:
        if resolution.to_stage:
            raise Invalid(
                message("Only a recycle names the stage to go back to."), message("Leave --to out, or decide recycle.")
            )
        return
    way = [candidate.key for candidate in process.way()]
    allowed = way[: way.index(stage.key) + 1]
    if resolution.to_stage and resolution.to_stage not in allowed:
        raise Invalid(
            message("A recycle cannot lead to {to}.", to=resolution.to_stage[:60]),
            message("It leads to this stage or an earlier one: {stages}.", stages=", ".join(allowed)),
        )


def _check_votes(outcome: Outcome, pilot: Pilot, stage: Stage, stage_pass: StagePass, programme: Programme) -> None:
    count = tally(stage_pass.current_votes, stage.gate, eligible_deciders(pilot, programme))
    if count.carried is outcome:
        return
    if count.cast < count.quorum:
        what = message(
            "{cast} of the {quorum} votes that the gate of {code} needs have been cast.",
            cast=count.cast,
            quorum=count.quorum,
            code=pilot.code,
        )
    else:
        votes = ", ".join(f"{voted.value} {number}" for voted, number in count.counts)
        what = message("The votes do not carry {outcome}: {votes}.", outcome=outcome.value, votes=votes)
    raise Refused(
        what, message("Cast or record votes first: pilotkit vote {code} --outcome OUTCOME --by EMAIL", code=pilot.code)
    )


def check_revert(pilot: Pilot, number: int) -> Decision:
    """The decision to be reverted, if the rules allow it: the stage that it opened has not produced a decision itself.

    Raises:
        Refused: It was reverted before, or a later decision stands on it.
    """
    standing = [decision for decision in pilot.decisions if not decision.reverted]
    if not standing or standing[-1].number != number:
        raise Refused(
            message(
                "Decision {number} of {code} cannot be reverted: it is not the last that stands.",
                number=number,
                code=pilot.code,
            ),
            message("Only the last decision can be reverted, before the stage that it opened has decided anything."),
        )
    return standing[-1]


@dataclass(frozen=True, kw_only=True)
class Transition:
    """What a decision does to a pilot.

    Attributes:
        status: The pilot's status afterwards.
        closes: Whether the pass is closed; a hold leaves it open.
        opens: Key of the stage of which a new pass opens; empty when none does.
        releases: Whether future bookings are given back.
        entry: The kind of handbook entry that begins; empty when none does.
    """

    status: PilotStatus
    closes: bool = True
    opens: str = ""
    releases: bool = False
    entry: EntryKind | None = None


def transition(resolution: Resolution, *, pilot: Pilot, process: Process) -> Transition:
    """What an allowed resolution does to the pilot."""
    stage = process.stage(deciding_pass(pilot).stage)
    match resolution.outcome:
        case Outcome.HOLD:
            return Transition(status=PilotStatus.ON_HOLD, closes=False)
        case Outcome.STOP:
            kind: EntryKind = "learned" if reached_trial(pilot, process) else "note"
            return Transition(status=PilotStatus.STOPPED, releases=True, entry=kind)
        case Outcome.RECYCLE:
            return Transition(status=PilotStatus.ACTIVE, opens=resolution.to_stage or stage.key, releases=True)
        case Outcome.GO | Outcome.CONDITIONAL_GO:
            if stage.next:
                return Transition(status=PilotStatus.ACTIVE, opens=stage.next)
            return Transition(status=PilotStatus.PUBLISHED, entry="results")

"""Gates: what must be shown, who may vote, and what a vote comes to."""

from collections import Counter
from dataclasses import dataclass
from typing import Literal

from pilotkit.domain.pilot import Condition, CriterionRecord, Pilot, StagePass, Vote
from pilotkit.domain.process import Criterion, Fact, Gate, Outcome, Process, StageKind
from pilotkit.domain.programme import Person, Programme, Role
from pilotkit.domain.text import Message, message, wording

LineState = Literal["met", "waived", "not applicable", "open", "to confirm"]


@dataclass(frozen=True, kw_only=True)
class ChecklistLine:
    """One line of a gate's checklist; legal criteria have a line per country.

    ``to confirm`` means that an earlier pass of the stage had shown it: its evidence can be confirmed again.
    """

    criterion: Criterion
    country: str
    state: LineState
    record: CriterionRecord | None
    missing: tuple[Message, ...] = ()

    @property
    def blocks(self) -> bool:
        """Whether the gate is not ready because of it."""
        return self.criterion.required and self.state in ("open", "to confirm")


@dataclass(frozen=True, kw_only=True)
class Readiness:
    """Whether a gate may let a pilot pass, and what stands against it."""

    lines: tuple[ChecklistLine, ...]
    conditions: tuple[Condition, ...]

    @property
    def ready(self) -> bool:
        """Every required criterion is shown and no condition due by this gate is open."""
        return not self.conditions and not any(line.blocks for line in self.lines)

    @property
    def missing(self) -> tuple[Message, ...]:
        """What stands against it, one sentence each."""
        lines = (_open_line(line) for line in self.lines if line.blocks)
        conditions = (
            message("Condition {number} is open: {text}", number=condition.number, text=condition.text)
            for condition in self.conditions
        )
        return (*lines, *conditions)


def _open_line(line: ChecklistLine) -> Message:
    if line.country:
        return message(
            "Criterion {key} is not shown for {country}: {title}",
            key=line.criterion.key,
            country=line.country,
            title=wording(line.criterion.title),
        )
    return message("Criterion {key} is not shown: {title}", key=line.criterion.key, title=wording(line.criterion.title))


@dataclass(frozen=True, kw_only=True)
class Tally:
    """What the votes of a round come to.

    ``carried`` is the outcome that has both quorum and majority. ``reachable`` says whether the deciders who are left
    suffice for the quorum.
    """

    counts: tuple[tuple[Outcome, int], ...]
    cast: int
    quorum: int
    eligible: int
    carried: Outcome | None

    @property
    def reachable(self) -> bool:
        """Whether the quorum can still be reached."""
        return self.eligible >= self.quorum


def checklist(pilot: Pilot, process: Process, stage_pass: StagePass) -> tuple[ChecklistLine, ...]:
    """The gate's criteria with what is known of each in this pass."""
    stage = process.stage(stage_pass.stage)
    earlier = [p for p in pilot.valid_passes if p.stage == stage_pass.stage and p.sequence < stage_pass.sequence]
    lines: list[ChecklistLine] = []
    for criterion in stage.gate.criteria:
        countries = pilot.countries or ("",) if criterion.legal else ("",)
        lines.extend(_line(pilot, criterion, country, stage_pass, earlier) for country in countries)
    return tuple(lines)


def _line(
    pilot: Pilot, criterion: Criterion, country: str, stage_pass: StagePass, earlier: list[StagePass]
) -> ChecklistLine:
    record = _record(stage_pass, criterion, country)
    missing = missing_for(criterion.shown_by, pilot, stage_pass) if criterion.shown_by else ()
    if record and (record.verdict != "met" or not missing):
        return ChecklistLine(criterion=criterion, country=country, state=record.verdict, record=record)
    before = next((r for p in reversed(earlier) if (r := _record(p, criterion, country))), None)
    state: LineState = "to confirm" if before and not criterion.shown_by else "open"
    return ChecklistLine(criterion=criterion, country=country, state=state, record=before, missing=missing)


def _record(stage_pass: StagePass, criterion: Criterion, country: str) -> CriterionRecord | None:
    for record in stage_pass.criteria:
        if record.criterion == criterion.key and record.country == country:
            # Nobody can waive what the law requires, whatever a record says.
            return None if criterion.legal and record.verdict == "waived" else record
    return None


def missing_for(fact: Fact | Literal[""], pilot: Pilot, stage_pass: StagePass) -> tuple[Message, ...]:
    """What is missing for a fact that pilotkit sees for itself; empty when it holds."""
    match fact:
        case "complete":
            return missing_in_idea(pilot)
        case "consolidated":
            holds, sentence = stage_pass.consolidation is not None, message("The scores are not consolidated yet.")
        case "outcomes":
            holds, sentence = stage_pass.outcomes_on is not None, message("The outcomes are not computed yet.")
        case "actions-done":
            holds = bool(pilot.action_items) and all(a.state in ("done", "dropped") for a in pilot.action_items)
            sentence = message("Not every action item is done or dropped, or there is none.")
        case "adopted":
            holds, sentence = bool(pilot.adoptions), message("No organisation has adopted the solution yet.")
        case "lessons":
            holds, sentence = bool(pilot.lessons), message("No lesson is written yet.")
        case "transferability":
            holds, sentence = _judged_elsewhere(pilot), message("No partner has judged the transferability yet.")
        case _:
            return ()
    return () if holds else (sentence,)


def missing_in_idea(pilot: Pilot) -> tuple[Message, ...]:
    """What an idea still lacks before it can be judged."""
    checks = (
        (any(pilot.title.values()), message("The title is missing.")),
        (any(pilot.summary.values()), message("The summary is missing.")),
        (any(pilot.problem.values()), message("The problem is not described.")),
        (pilot.lead is not None, message("There is no lead partner.")),
        (len(pilot.active_partners) > 1, message("There is no partner beside the lead.")),
        (pilot.coordinator is not None, message("There is no coordinator.")),
    )
    return tuple(sentence for holds, sentence in checks if not holds)


def may_judge_transferability(pilot: Pilot, country: str, organisation: int) -> bool:
    """A partner of another country than the lead judges; where all are of one country, another organisation."""
    lead = pilot.lead
    if lead is None:
        return True
    return country != lead.country if len(pilot.countries) > 1 else organisation != lead.id


def _judged_elsewhere(pilot: Pilot) -> bool:
    return any(
        may_judge_transferability(pilot, judged.organisation.country, judged.organisation.id)
        for judged in pilot.transferability
    )


def readiness(pilot: Pilot, process: Process, stage_pass: StagePass) -> Readiness:
    """Whether the gate of this pass is ready. A condition blocks the gate by which it is due, and later ones."""
    here = process.position(stage_pass.stage)
    conditions = tuple(c for c in pilot.conditions if c.state == "open" and process.position(c.due_stage) <= here)
    return Readiness(lines=checklist(pilot, process, stage_pass), conditions=conditions)


def open_legal_lines(pilot: Pilot, process: Process, stage_pass: StagePass) -> tuple[ChecklistLine, ...]:
    """Legal criteria of the pass that are not settled; a trial must not start while there is one."""
    return tuple(line for line in checklist(pilot, process, stage_pass) if line.criterion.legal and line.blocks)


def eligible_deciders(pilot: Pilot, programme: Programme) -> tuple[Person, ...]:
    """Active deciders without a conflict of interest on the pilot."""
    excused = {conflict.person.id for conflict in pilot.conflicts}
    return tuple(person for person in programme.with_role(Role.DECIDER) if person.id not in excused)


def tally(votes: tuple[Vote, ...], gate: Gate, eligible: tuple[Person, ...]) -> Tally:
    """Count the votes of eligible deciders; those of excused or deactivated people do not count."""
    allowed = {person.id for person in eligible}
    counts = Counter(vote.outcome for vote in votes if vote.person.id in allowed)
    cast = counts.total()
    carried = None
    if cast >= gate.quorum:
        carried = next((outcome for outcome, count in counts.items() if _carries(count, cast, gate)), None)
    ordered = tuple((outcome, counts[outcome]) for outcome in Outcome if counts[outcome])
    return Tally(counts=ordered, cast=cast, quorum=gate.quorum, eligible=len(eligible), carried=carried)


def _carries(count: int, cast: int, gate: Gate) -> bool:
    match gate.majority:
        case "unanimous":
            return count == cast
        case "two-thirds":
            return 3 * count >= 2 * cast
        case "simple":
            return 2 * count > cast


def reached_trial(pilot: Pilot, process: Process) -> bool:
    """Whether the pilot has come as far as a trial (or beyond): then a stop leaves knowledge worth publishing."""
    before = {StageKind.INTAKE, StageKind.EVALUATION}
    return any(process.stage(stage_pass.stage).kind not in before for stage_pass in pilot.valid_passes)

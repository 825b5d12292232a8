"""The record of one decision at a gate: checklist, votes, decision, conditions. Internal.

The record's id and checksum come from the facts of the decision alone, so every language prints the same.
"""

import hashlib
import json
from collections import Counter
from dataclasses import asdict, dataclass
from datetime import date

from pilotkit.documents.views.parts import (
    Passage,
    PilotPages,
    Who,
    Wording,
    day_of,
    frame,
    pilot_name,
    who,
)
from pilotkit.domain.dossier import Dossier
from pilotkit.domain.errors import NotFound
from pilotkit.domain.pilot import Condition, CriterionRecord, Decision, Pilot, StagePass, Vote
from pilotkit.domain.process import Criterion, Stage
from pilotkit.domain.text import message


@dataclass(frozen=True, kw_only=True)
class CheckLine:
    """What was said of a criterion; ``verdict`` is empty where nothing was."""

    title: str
    legal: bool
    required: bool
    verdict: str
    on: date | None
    by: str
    evidence: Passage
    reason: Passage
    country: str
    authority: str


@dataclass(frozen=True, kw_only=True)
class VoteLine:
    """A vote; ``recorded_by`` where somebody else wrote it down from the minutes of ``meeting``."""

    voter: Who
    outcome: str
    on: date
    recorded_by: str
    meeting: str
    remark: Passage


@dataclass(frozen=True, kw_only=True)
class Obligation:
    """A condition as the decision set it; what became of it stands in the action plan."""

    number: int
    text: Passage
    owner: Who
    due_on: date
    due_stage: str


@dataclass(frozen=True, kw_only=True)
class GateRecord(PilotPages):
    """The pages of a gate record.

    Attributes:
        record: The record's id, the same in every language.
        checksum: SHA-256 of the facts of the decision, the same in every language.
    """

    record: str
    checksum: str
    stage: str
    number: int
    outcome: str
    decided_on: date
    decided_by: Who
    rationale: Passage
    until: date | None
    to_stage: str
    reverted_on: date | None
    revert_reason: Passage
    quorum: int
    majority: str
    counts: tuple[tuple[str, int], ...]
    votes: tuple[VoteLine, ...]
    excused: tuple[str, ...]
    checklist: tuple[CheckLine, ...]
    conditions: tuple[Obligation, ...]

    @property
    def seal(self) -> str:
        """The checksum in groups of eight digits, as it is printed."""
        return " ".join(self.checksum[start : start + 8] for start in range(0, 64, 8))


def gate_record(dossier: Dossier, language: str, subject: str) -> GateRecord:
    """The record of the decision whose number is ``subject``.

    Raises:
        NotFound: The pilot has no such decision.
    """
    pilot = dossier.pilot
    wording = Wording(dossier.programme, language)
    stage_pass, decision = _decided(pilot, subject)
    stage = dossier.process.stage(stage_pass.stage)
    record = f"{pilot.code}/{stage_pass.stage}.{stage_pass.number}/{decision.number}"
    votes = _votes(stage_pass, decision)
    records = _records(stage_pass, decision)
    conditions = tuple(each for each in pilot.conditions if each.decision == decision.number)
    return GateRecord(
        frame=frame(dossier.programme, wording, day_of(decision.recorded_at, dossier.programme)),
        pilot=pilot_name(dossier, wording),
        record=record,
        checksum=_checksum(record, decision, records, votes, conditions),
        stage=wording.say(stage.title),
        number=stage_pass.number,
        outcome=decision.outcome,
        decided_on=decision.decided_on,
        decided_by=who(decision.by),
        rationale=wording.main(decision.rationale),
        until=decision.until,
        to_stage=wording.say(dossier.process.stage(decision.to_stage).title) if decision.to_stage else "",
        reverted_on=decision.reverted_on,
        revert_reason=wording.main(decision.revert_reason),
        quorum=stage.gate.quorum,
        majority=stage.gate.majority,
        counts=tuple(Counter(str(vote.outcome) for vote in votes).most_common()),
        votes=tuple(_vote(vote, wording) for vote in votes),
        excused=tuple(each.person.name for each in pilot.conflicts if each.on <= decision.decided_on),
        checklist=_checklist(stage, records, wording),
        conditions=tuple(_obligation(each, dossier, wording) for each in conditions),
    )


def _decided(pilot: Pilot, subject: str) -> tuple[StagePass, Decision]:
    for stage_pass in pilot.passes:
        for decision in stage_pass.decisions:
            if str(decision.number) == subject:
                return stage_pass, decision
    raise NotFound(
        message("{pilot} has no decision {number}.", pilot=pilot.code, number=subject),
        message("`pilotkit decision show {pilot}` lists them.", pilot=pilot.code),
    )


def _votes(stage_pass: StagePass, decision: Decision) -> tuple[Vote, ...]:
    """The votes of the decision's own round: a hold does not use votes twice."""
    numbers = sorted(each.number for each in stage_pass.decisions)
    own_round = numbers.index(decision.number)
    return tuple(vote for vote in stage_pass.votes if vote.round == own_round)


def _records(stage_pass: StagePass, decision: Decision) -> tuple[CriterionRecord, ...]:
    """What was on the checklist when the decision was taken; what the same pass learned after a hold is not."""
    return tuple(each for each in stage_pass.criteria if each.on <= decision.decided_on)


def _checksum(
    record: str,
    decision: Decision,
    records: tuple[CriterionRecord, ...],
    votes: tuple[Vote, ...],
    conditions: tuple[Condition, ...],
) -> str:
    facts = {
        "record": record,
        "decision": [decision.number, decision.outcome, decision.decided_on, decision.by.email, decision.rationale],
        "consequence": [decision.until, decision.to_stage, decision.reverted_on, decision.revert_reason],
        "criteria": [asdict(each) | {"by": each.by.email if each.by else ""} for each in records],
        "votes": [[vote.person.email, vote.outcome, vote.on, vote.meeting, vote.remark] for vote in votes],
        # Due dates are left out: a condition may be extended later, and the record stays what it is.
        "conditions": [[each.number, each.text, each.owner.email, each.due_stage] for each in conditions],
    }
    return hashlib.sha256(json.dumps(facts, sort_keys=True, default=str).encode()).hexdigest()


def _checklist(stage: Stage, records: tuple[CriterionRecord, ...], wording: Wording) -> tuple[CheckLine, ...]:
    lines: list[CheckLine] = []
    for criterion in stage.gate.criteria:
        latest = {record.country: record for record in records if record.criterion == criterion.key}
        lines.extend(_check(criterion, record, wording) for record in latest.values() or (None,))
    return tuple(lines)


def _check(criterion: Criterion, record: CriterionRecord | None, wording: Wording) -> CheckLine:
    return CheckLine(
        title=wording.say(criterion.title),
        legal=criterion.legal,
        required=criterion.required,
        verdict=record.verdict if record else "",
        on=record.on if record else None,
        by=record.by.name if record and record.by else "",
        evidence=wording.main(record.evidence if record else ""),
        reason=wording.main(record.reason if record else ""),
        country=record.country if record else "",
        authority=record.authority if record else "",
    )


def _vote(vote: Vote, wording: Wording) -> VoteLine:
    return VoteLine(
        voter=who(vote.person),
        outcome=vote.outcome,
        on=vote.on,
        recorded_by="" if vote.recorded_by == vote.person else vote.recorded_by.name,
        meeting=vote.meeting,
        remark=wording.main(vote.remark),
    )


def _obligation(condition: Condition, dossier: Dossier, wording: Wording) -> Obligation:
    return Obligation(
        number=condition.number,
        text=wording.main(condition.text),
        owner=who(condition.owner),
        due_on=condition.due_on,
        due_stage=wording.say(dossier.process.stage(condition.due_stage).title),
    )

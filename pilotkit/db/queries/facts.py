"""Turns rows into facts, one function per kind; ``Known`` says who and what the numbers in the rows stand for."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from pilotkit.db import models
from pilotkit.domain import pilot as domain
from pilotkit.domain.process import Outcome
from pilotkit.domain.programme import Organisation, Person


@dataclass(frozen=True)
class Known:
    """People (by programme and number) and organisations that rows refer to."""

    people: Mapping[int, Person]
    organisations: Mapping[int, Organisation]

    def person(self, number: int | None) -> Person | None:
        """The person, where a row names one."""
        return None if number is None else self.people[number]

    def organisation(self, number: int | None) -> Organisation | None:
        """The organisation, where a row names one."""
        return None if number is None else self.organisations[number]


def partner(row: models.Partner, known: Known) -> domain.Partner:
    """A partner."""
    return domain.Partner(
        organisation=known.organisations[row.organisation_id],
        role=row.role,
        joined_on=row.joined_on,
        left_on=row.left_on,
        budget=row.budget,
        currency=row.currency,
    )


def conflict(row: models.ConflictOfInterest, known: Known) -> domain.ConflictOfInterest:
    """A conflict of interest."""
    return domain.ConflictOfInterest(person=known.people[row.person_id], on=row.declared_on, reason=row.reason)


def criterion(row: models.CriterionRecord, known: Known) -> domain.CriterionRecord:
    """What was said of a criterion."""
    return domain.CriterionRecord(
        criterion=row.criterion,
        verdict=row.verdict,
        on=row.recorded_on,
        by=known.person(row.by_id),
        evidence=row.evidence,
        reason=row.reason,
        country=row.country,
        authority=row.authority,
    )


def vote(row: models.Vote, known: Known) -> domain.Vote:
    """A vote."""
    return domain.Vote(
        person=known.people[row.person_id],
        outcome=Outcome(row.outcome),
        on=row.voted_on,
        round=row.round,
        recorded_by=known.people[row.recorded_by_id],
        meeting=row.meeting,
        remark=row.remark,
    )


def decision(row: models.Decision, known: Known) -> domain.Decision:
    """A decision."""
    return domain.Decision(
        number=row.number,
        outcome=Outcome(row.outcome),
        decided_on=row.decided_on,
        by=known.people[row.by_id],
        rationale=row.rationale,
        recorded_at=row.recorded_at,
        until=row.until,
        to_stage=row.to_stage,
        reverted_on=row.reverted_on,
        revert_reason=row.revert_reason,
    )


def condition(row: models.Condition, decision_number: int, known: Known) -> domain.Condition:
    """A condition of the decision with this number."""
    return domain.Condition(
        number=row.number,
        decision=decision_number,
        text=row.text,
        owner=known.people[row.owner_id],
        due_on=row.due_on,
        due_stage=row.due_stage,
        state=row.state,
        evidence=row.evidence,
        reason=row.reason,
        settled_on=row.settled_on,
    )


def scoresheet(row: models.Scoresheet, known: Known) -> domain.Scoresheet:
    """A scoresheet."""
    return domain.Scoresheet(
        evaluator=known.people[row.evaluator_id],
        invited_on=row.invited_on,
        submitted_on=row.submitted_on,
        withdrawn=row.withdrawn,
        scores=_decimals(row.scores),
        remarks=row.remarks,
        pros=row.pros,
        cons=row.cons,
    )


def consolidation(row: models.Consolidation) -> domain.Consolidation:
    """What scoresheets came to."""
    return domain.Consolidation(
        on=row.consolidated_on,
        means=_decimals(row.means),
        spreads=_decimals(row.spreads),
        total=row.total,
        knocked_out=tuple(row.knocked_out),
        flagged=tuple(row.flagged),
        recommendation=Outcome(row.recommendation),
    )


def booking(row: models.Booking, arena: models.Arena) -> domain.Booking:
    """A booking of this arena."""
    return domain.Booking(
        number=row.number,
        arena=arena.key,
        arena_name=arena.name,
        first_day=row.first_day,
        last_day=row.last_day,
        places=row.places,
        state=row.state,
    )


def indicator(row: models.Indicator, readings: Sequence[models.Reading]) -> domain.Indicator:
    """An indicator with its baseline and measurements."""
    return domain.Indicator(
        key=row.key,
        title=row.title,
        unit=row.unit,
        measure=row.measure,
        direction=row.direction,
        target=row.target,
        baseline=next((reading(each) for each in readings if each.baseline), None),
        measurements=tuple(reading(each) for each in readings if not each.baseline),
        frozen_on=row.frozen_on,
    )


def reading(row: models.Reading) -> domain.Reading:
    """An aggregate."""
    return domain.Reading(
        on=row.read_on,
        source=row.source,
        value=row.value,
        numerator=row.numerator,
        denominator=row.denominator,
        n=row.n,
        deviation=row.deviation,
        events=row.events,
        exposure=row.exposure,
    )


def outcome(row: models.TrialOutcome, indicator_key: str) -> domain.TrialOutcome:
    """How the indicator with this key came out."""
    return domain.TrialOutcome(
        indicator=indicator_key, result=row.result, change=row.change, low=row.low, high=row.high, note=row.note
    )


def action_item(row: models.ActionItem, depends_on: Sequence[int], known: Known) -> domain.ActionItem:
    """An action item that comes after the items with these numbers."""
    return domain.ActionItem(
        number=row.number,
        title=row.title,
        owner=known.person(row.owner_id),
        organisation=known.organisation(row.organisation_id),
        start=row.start,
        due=row.due,
        state=row.state,
        percent=row.percent,
        budget=row.budget,
        currency=row.currency,
        depends_on=tuple(sorted(depends_on)),
    )


def adoption(row: models.Adoption, known: Known) -> domain.Adoption:
    """An adoption."""
    return domain.Adoption(
        number=row.number,
        organisation=known.organisations[row.organisation_id],
        solution=row.solution,
        on=row.adopted_on,
        document=row.document,
    )


def lesson(row: models.Lesson, known: Known) -> domain.Lesson:
    """A lesson."""
    return domain.Lesson(number=row.number, kind=row.kind, text=row.text, on=row.learned_on, by=known.person(row.by_id))


def transferability(row: models.Transferability, known: Known) -> domain.Transferability:
    """A judgement of transferability."""
    return domain.Transferability(
        organisation=known.organisations[row.organisation_id], text=row.text, on=row.judged_on
    )


def entry(row: models.EntryVersion) -> domain.EntryVersion:
    """A version of the handbook entry, without the facts that it froze."""
    return domain.EntryVersion(
        number=row.number,
        kind=row.kind,
        compiled_on=row.compiled_on,
        published_on=row.published_on,
        review_on=row.review_on,
    )


def document(row: models.Document) -> domain.DocumentRecord:
    """A document as last rendered."""
    return domain.DocumentRecord(
        key=row.key,
        language=row.language,
        subject=row.subject,
        version=row.version,
        revision=row.revision,
        facts=row.facts,
        sha256=row.sha256,
        pages=row.pages,
        rendered_at=row.rendered_at,
    )


def _decimals(plain: Mapping[str, str]) -> dict[str, Decimal]:
    return {key: Decimal(number) for key, number in plain.items()}

"""Writes facts into tables, row by row and by hand: what reading them back is measured against."""

from collections.abc import Mapping
from decimal import Decimal

from sqlalchemy.orm import Session

from pilotkit.db import models
from pilotkit.domain.pilot import Indicator, Pilot, Reading, StagePass
from pilotkit.domain.programme import Organisation, Person, Programme


def plant_organisation(session: Session, facts: Organisation) -> None:
    session.add(
        models.Organisation(
            id=facts.id,
            name=facts.name,
            kind=facts.kind,
            country=facts.country,
            region=facts.region,
            short_name=facts.short_name,
        )
    )
    session.flush()


def plant_person(session: Session, facts: Person) -> None:
    session.add(
        models.Person(
            id=facts.id,
            email=facts.email,
            name=facts.name,
            organisation_id=facts.organisation.id if facts.organisation else None,
            language=facts.language,
            zone=facts.zone,
            active=facts.active,
        )
    )
    session.flush()


def plant_programme(session: Session, facts: Programme, process_version_id: int) -> None:
    session.add(
        models.Programme(
            id=facts.id,
            key=facts.key,
            prefix=facts.prefix,
            title=dict(facts.title),
            vision=dict(facts.vision),
            languages=list(facts.languages),
            countries=list(facts.countries),
            funding_notice=dict(facts.funding_notice),
            process_version_id=process_version_id,
            example=facts.example,
            accent=facts.accent,
            zone=facts.zone,
            first_year=facts.first_year,
            last_year=facts.last_year,
            revision=facts.revision,
        )
    )
    session.flush()
    for position, area in enumerate(facts.areas):
        session.add(
            models.ActionArea(
                programme_id=facts.id,
                key=area.key,
                position=position,
                title=dict(area.title),
                description=dict(area.description),
            )
        )
    if grant := facts.funded_project:
        session.add(
            models.FundedProject(
                programme_id=facts.id,
                funder=grant.funder,
                programme=grant.programme,
                reference=grant.reference,
                coordinator=grant.coordinator,
                grant=grant.grant,
                currency=grant.currency,
                starts=grant.starts,
                ends=grant.ends,
                status=grant.status,
                call=grant.call,
            )
        )
    for person in facts.people:
        for role in person.roles:
            session.add(models.Membership(programme_id=facts.id, person_id=person.id, role=str(role)))
    session.flush()


def plant_pilot(session: Session, facts: Pilot, *, programme_id: int, process_version_id: int, area_id: int) -> None:
    session.add(
        models.Pilot(
            id=facts.id,
            code=facts.code,
            programme_id=programme_id,
            process_version_id=process_version_id,
            area_id=area_id,
            title=dict(facts.title),
            summary=dict(facts.summary),
            problem=dict(facts.problem),
            approach=dict(facts.approach),
            needs=dict(facts.needs),
            status=str(facts.status),
            revision=facts.revision,
            created_on=facts.created_on,
            changed_at=facts.changed_at,
            archived=facts.archived,
            starts=facts.starts,
            ends=facts.ends,
            budget=facts.budget,
            currency=facts.currency,
            coordinator_id=facts.coordinator and facts.coordinator.id,
            sponsor_id=facts.sponsor and facts.sponsor.id,
            submitter_id=facts.submitter and facts.submitter.id,
            source=facts.source,
            source_key=facts.source or None,
        )
    )
    session.flush()
    _around(session, facts)
    decisions: dict[int, int] = {}
    for stage_pass in facts.passes:
        decisions.update(_plant_pass(session, facts.id, stage_pass))
    for condition in facts.conditions:
        session.add(
            models.Condition(
                pilot_id=facts.id,
                decision_id=decisions[condition.decision],
                number=condition.number,
                text=condition.text,
                owner_id=condition.owner.id,
                due_on=condition.due_on,
                due_stage=condition.due_stage,
                state=condition.state,
                evidence=condition.evidence,
                reason=condition.reason,
                settled_on=condition.settled_on,
            )
        )
    _work(session, facts)
    session.flush()


def _around(session: Session, facts: Pilot) -> None:
    for partner in facts.partners:
        session.add(
            models.Partner(
                pilot_id=facts.id,
                organisation_id=partner.organisation.id,
                role=partner.role,
                joined_on=partner.joined_on,
                left_on=partner.left_on,
                budget=partner.budget,
                currency=partner.currency,
            )
        )
    for conflict in facts.conflicts:
        session.add(
            models.ConflictOfInterest(
                pilot_id=facts.id, person_id=conflict.person.id, declared_on=conflict.on, reason=conflict.reason
            )
        )
    for lesson in facts.lessons:
        session.add(
            models.Lesson(
                pilot_id=facts.id,
                number=lesson.number,
                kind=lesson.kind,
                text=dict(lesson.text),
                learned_on=lesson.on,
                by_id=lesson.by and lesson.by.id,
            )
        )
    for judgement in facts.transferability:
        session.add(
            models.Transferability(
                pilot_id=facts.id,
                organisation_id=judgement.organisation.id,
                text=dict(judgement.text),
                judged_on=judgement.on,
            )
        )
    for entry in facts.entries:
        session.add(
            models.EntryVersion(
                pilot_id=facts.id,
                number=entry.number,
                kind=entry.kind,
                compiled_on=entry.compiled_on,
                published_on=entry.published_on,
                review_on=entry.review_on,
                facts='{"frozen":true}' if entry.published_on else "",
            )
        )
    for document in facts.documents:
        session.add(
            models.Document(
                pilot_id=facts.id,
                key=document.key,
                language=document.language,
                subject=document.subject,
                version=document.version,
                revision=document.revision,
                facts=document.facts,
                sha256=document.sha256,
                pages=document.pages,
                rendered_at=document.rendered_at,
            )
        )
    session.flush()


def _work(session: Session, facts: Pilot) -> None:
    rows: dict[int, models.ActionItem] = {}
    for item in facts.action_items:
        rows[item.number] = models.ActionItem(
            pilot_id=facts.id,
            number=item.number,
            title=dict(item.title),
            owner_id=item.owner and item.owner.id,
            organisation_id=item.organisation and item.organisation.id,
            start=item.start,
            due=item.due,
            state=item.state,
            percent=item.percent,
            budget=item.budget,
            currency=item.currency,
        )
        session.add(rows[item.number])
    session.flush()
    for item in facts.action_items:
        for before in item.depends_on:
            session.add(models.ActionDependency(after_id=rows[item.number].id, before_id=rows[before].id))
    for adoption in facts.adoptions:
        session.add(
            models.Adoption(
                pilot_id=facts.id,
                number=adoption.number,
                organisation_id=adoption.organisation.id,
                solution=dict(adoption.solution),
                adopted_on=adoption.on,
                document=adoption.document,
            )
        )
    session.flush()


def _plant_pass(session: Session, pilot_id: int, facts: StagePass) -> dict[int, int]:
    session.add(
        models.StagePass(
            id=facts.id,
            pilot_id=pilot_id,
            stage=facts.stage,
            number=facts.number,
            sequence=facts.sequence,
            opened_on=facts.opened_on,
            closed_on=facts.closed_on,
            void=facts.void,
            prepared_on=facts.prepared_on,
            panel_closed_reason=facts.panel_closed_reason,
            started_on=facts.started_on,
            ended_on=facts.ended_on,
            frozen_on=facts.frozen_on,
            outcomes_on=facts.outcomes_on,
        )
    )
    session.flush()
    _gate(session, facts)
    _evaluation(session, facts)
    _trial(session, facts)
    decisions = {
        decision.number: models.Decision(
            pilot_id=pilot_id,
            stage_pass_id=facts.id,
            round=round_,
            number=decision.number,
            outcome=str(decision.outcome),
            decided_on=decision.decided_on,
            by_id=decision.by.id,
            rationale=decision.rationale,
            recorded_at=decision.recorded_at,
            until=decision.until,
            to_stage=decision.to_stage,
            reverted_on=decision.reverted_on,
            revert_reason=decision.revert_reason,
        )
        for round_, decision in enumerate(facts.decisions)
    }
    session.add_all(decisions.values())
    session.flush()
    return {number: row.id for number, row in decisions.items()}


def _gate(session: Session, facts: StagePass) -> None:
    for record in facts.criteria:
        session.add(
            models.CriterionRecord(
                stage_pass_id=facts.id,
                criterion=record.criterion,
                country=record.country,
                verdict=record.verdict,
                recorded_on=record.on,
                by_id=record.by and record.by.id,
                evidence=record.evidence,
                reason=record.reason,
                authority=record.authority,
            )
        )
    for vote in facts.votes:
        session.add(
            models.Vote(
                stage_pass_id=facts.id,
                round=vote.round,
                person_id=vote.person.id,
                outcome=str(vote.outcome),
                voted_on=vote.on,
                recorded_by_id=vote.recorded_by.id,
                meeting=vote.meeting,
                remark=vote.remark,
            )
        )


def _evaluation(session: Session, facts: StagePass) -> None:
    for sheet in facts.scoresheets:
        session.add(
            models.Scoresheet(
                stage_pass_id=facts.id,
                evaluator_id=sheet.evaluator.id,
                invited_on=sheet.invited_on,
                submitted_on=sheet.submitted_on,
                withdrawn=sheet.withdrawn,
                scores=_texts(sheet.scores),
                remarks=dict(sheet.remarks),
                pros=sheet.pros,
                cons=sheet.cons,
            )
        )
    if result := facts.consolidation:
        session.add(
            models.Consolidation(
                stage_pass_id=facts.id,
                consolidated_on=result.on,
                means=_texts(result.means),
                spreads=_texts(result.spreads),
                total=result.total,
                knocked_out=list(result.knocked_out),
                flagged=list(result.flagged),
                recommendation=str(result.recommendation),
            )
        )


def _trial(session: Session, facts: StagePass) -> None:
    for booking in facts.bookings:
        arena = session.query(models.Arena).filter_by(key=booking.arena).one()
        session.add(
            models.Booking(
                stage_pass_id=facts.id,
                number=booking.number,
                arena_id=arena.id,
                first_day=booking.first_day,
                last_day=booking.last_day,
                places=booking.places,
                state=booking.state,
            )
        )
    numbers = {indicator.key: _indicator(session, facts.id, indicator) for indicator in facts.indicators}
    for outcome in facts.outcomes:
        session.add(
            models.TrialOutcome(
                stage_pass_id=facts.id,
                indicator_id=numbers[outcome.indicator],
                result=outcome.result,
                change=outcome.change,
                low=outcome.low,
                high=outcome.high,
                note=outcome.note,
            )
        )
    session.flush()


def _indicator(session: Session, pass_id: int, facts: Indicator) -> int:
    row = models.Indicator(
        stage_pass_id=pass_id,
        key=facts.key,
        title=dict(facts.title),
        unit=facts.unit,
        measure=facts.measure,
        direction=facts.direction,
        target=facts.target,
        frozen_on=facts.frozen_on,
    )
    session.add(row)
    session.flush()
    if facts.baseline:
        session.add(_reading(row.id, facts.baseline, baseline=True))
    session.add_all(_reading(row.id, reading, baseline=False) for reading in facts.measurements)
    session.flush()
    return row.id


def _reading(indicator_id: int, facts: Reading, *, baseline: bool) -> models.Reading:
    return models.Reading(
        indicator_id=indicator_id,
        baseline=baseline,
        read_on=facts.on,
        source=facts.source,
        value=facts.value,
        numerator=facts.numerator,
        denominator=facts.denominator,
        n=facts.n,
        deviation=facts.deviation,
        events=facts.events,
        exposure=facts.exposure,
    )


def _texts(numbers: Mapping[str, Decimal]) -> dict[str, str]:
    return {key: str(number) for key, number in numbers.items()}

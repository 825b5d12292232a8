"""Puts pilots together from their rows: one select per table, however many pilots there are."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import chain
from typing import TypeVar

from sqlalchemy import ColumnElement, Select, exists, select
from sqlalchemy.orm import Session

from pilotkit.db import models
from pilotkit.db.queries import facts
from pilotkit.db.queries.facts import Known
from pilotkit.db.queries.organisations import organisations_by_id
from pilotkit.db.queries.people import people_by_id
from pilotkit.db.queries.rows import by_id, children, fresh, references
from pilotkit.domain.pilot import ActionItem, Pilot, PilotStatus, StagePass

Row = TypeVar("Row", bound=models.Base)
Below = Mapping[int, Sequence[Row]]

_OF_A_PILOT: tuple[type[models.Base], ...] = (
    models.Partner,
    models.ConflictOfInterest,
    models.Condition,
    models.ActionItem,
    models.Adoption,
    models.Lesson,
    models.Transferability,
    models.EntryVersion,
    models.Document,
)
_OF_A_PASS: tuple[type[models.Base], ...] = (
    models.CriterionRecord,
    models.Vote,
    models.Decision,
    models.Scoresheet,
    models.Consolidation,
    models.Booking,
    models.Indicator,
    models.TrialOutcome,
)


def trees(session: Session, wanted: ColumnElement[bool]) -> tuple[Pilot, ...]:
    """The pilots that fulfil a condition, with everything below them, in the order of their numbers.

    What the session has not written yet is written first, so the trees show the use case's own changes.
    """
    pilots = tuple(fresh(session, select(models.Pilot).where(wanted).order_by(models.Pilot.id)))
    if not pilots:
        return ()
    rows = _Rows(session, pilots, select(models.Pilot.id).where(wanted))
    known = _known(session, pilots, rows)
    return tuple(_pilot(row, rows, known[row.programme_id]) for row in pilots)


class _Rows:
    """Every row below the chosen pilots, by the number of its parent, and what they refer to, by its own number."""

    def __init__(self, session: Session, chosen: Sequence[models.Pilot], pilots: Select[tuple[int]]) -> None:
        passes = select(models.StagePass.id).where(models.StagePass.pilot_id.in_(pilots))
        indicators = select(models.Indicator.id).where(models.Indicator.stage_pass_id.in_(passes))
        items = select(models.ActionItem.id).where(models.ActionItem.pilot_id.in_(pilots))
        self._session = session
        self._filled = _filled(session, pilots, passes)
        self.all: list[models.Base] = [*chosen]

        self.partners = self._read(models.Partner, "pilot_id", pilots)
        self.conflicts = self._read(models.ConflictOfInterest, "pilot_id", pilots)
        self.passes = self._read(models.StagePass, "pilot_id", pilots, "sequence", below=models.Pilot)
        self.conditions = self._read(models.Condition, "pilot_id", pilots, "number")
        self.action_items = self._read(models.ActionItem, "pilot_id", pilots, "number")
        self.dependencies = self._read(models.ActionDependency, "after_id", items, "before_id", below=models.ActionItem)
        self.adoptions = self._read(models.Adoption, "pilot_id", pilots, "number")
        self.lessons = self._read(models.Lesson, "pilot_id", pilots, "number")
        self.transferability = self._read(models.Transferability, "pilot_id", pilots)
        self.entries = self._read(models.EntryVersion, "pilot_id", pilots, "number")
        self.documents = self._read(models.Document, "pilot_id", pilots, "key", "language", "subject")

        self.criteria = self._read(models.CriterionRecord, "stage_pass_id", passes)
        self.votes = self._read(models.Vote, "stage_pass_id", passes)
        self.decisions = self._read(models.Decision, "stage_pass_id", passes, "number")
        self.scoresheets = self._read(models.Scoresheet, "stage_pass_id", passes)
        self.consolidations = self._read(models.Consolidation, "stage_pass_id", passes)
        self.bookings = self._read(models.Booking, "stage_pass_id", passes, "number")
        self.indicators = self._read(models.Indicator, "stage_pass_id", passes)
        self.outcomes = self._read(models.TrialOutcome, "stage_pass_id", passes)
        self.readings = self._read(models.Reading, "indicator_id", indicators, below=models.Indicator)

        self.programmes = self._named(models.Programme)
        self.processes = self._named(models.ProcessVersion)
        self.areas = self._named(models.ActionArea)
        self.arenas = self._named(models.Arena)
        self.numbers_of_decisions = {row.id: row.number for row in _flat(self.decisions)}
        self.numbers_of_items = {row.id: row.number for row in _flat(self.action_items)}
        self.keys_of_indicators = {row.id: row.key for row in _flat(self.indicators)}

    def _read(
        self,
        table: type[Row],
        parent: str,
        parents: Select[tuple[int]],
        *order: str,
        below: type[models.Base] | None = None,
    ) -> Below[Row]:
        """The rows of a table, if there are any; where ``below`` is given, that table was asked instead."""
        if (below or table) not in self._filled:
            return {}
        found = children(self._session, table, parent, parents, order or ("id",))
        for rows in found.values():
            self.all.extend(rows)
        return found

    def _named(self, table: type[Row]) -> Mapping[int, Row]:
        return by_id(self._session, table, references(self.all, table))


def _filled(session: Session, pilots: Select[tuple[int]], passes: Select[tuple[int]]) -> frozenset[type[models.Base]]:
    """Which tables hold anything below these pilots. One statement spares a statement for each empty table."""
    asked = [(table, "pilot_id", pilots) for table in _OF_A_PILOT]
    asked += [(table, "stage_pass_id", passes) for table in _OF_A_PASS]
    answers = session.execute(
        select(*(exists().where(getattr(table, column).in_(parents)) for table, column, parents in asked))
    ).one()
    return frozenset({models.Pilot, *(table for (table, _, _), answer in zip(asked, answers, strict=True) if answer)})


def _flat(below: Below[Row]) -> Iterable[Row]:
    return chain.from_iterable(below.values())


def _known(session: Session, pilots: Sequence[models.Pilot], rows: _Rows) -> Mapping[int, Known]:
    """Whom and what the rows refer to, by programme: the roles of a person differ from programme to programme."""
    people = references(rows.all, models.Person)
    organisations = organisations_by_id(session, references(rows.all, models.Organisation))
    return {
        programme: Known(people=people_by_id(session, programme, people), organisations=organisations)
        for programme in sorted({row.programme_id for row in pilots})
    }


def _pilot(row: models.Pilot, rows: _Rows, known: Known) -> Pilot:
    process = rows.processes[row.process_version_id]
    return Pilot(
        id=row.id,
        code=row.code,
        programme=rows.programmes[row.programme_id].key,
        process=process.key,
        process_version=process.version,
        area=rows.areas[row.area_id].key,
        title=row.title,
        summary=row.summary,
        problem=row.problem,
        approach=row.approach,
        needs=row.needs,
        status=PilotStatus(row.status),
        revision=row.revision,
        created_on=row.created_on,
        changed_at=row.changed_at,
        archived=row.archived,
        starts=row.starts,
        ends=row.ends,
        budget=row.budget,
        currency=row.currency,
        coordinator=known.person(row.coordinator_id),
        sponsor=known.person(row.sponsor_id),
        submitter=known.person(row.submitter_id),
        partners=tuple(facts.partner(each, known) for each in rows.partners.get(row.id, ())),
        passes=tuple(_pass(each, rows, known) for each in rows.passes.get(row.id, ())),
        conditions=tuple(
            facts.condition(each, rows.numbers_of_decisions[each.decision_id], known)
            for each in rows.conditions.get(row.id, ())
        ),
        action_items=tuple(_action_item(each, rows, known) for each in rows.action_items.get(row.id, ())),
        adoptions=tuple(facts.adoption(each, known) for each in rows.adoptions.get(row.id, ())),
        lessons=tuple(facts.lesson(each, known) for each in rows.lessons.get(row.id, ())),
        transferability=tuple(facts.transferability(each, known) for each in rows.transferability.get(row.id, ())),
        conflicts=tuple(facts.conflict(each, known) for each in rows.conflicts.get(row.id, ())),
        entries=tuple(facts.entry(each) for each in rows.entries.get(row.id, ())),
        documents=tuple(facts.document(each) for each in rows.documents.get(row.id, ())),
        source=row.source,
    )


def _pass(row: models.StagePass, rows: _Rows, known: Known) -> StagePass:
    consolidations = rows.consolidations.get(row.id, ())
    return StagePass(
        id=row.id,
        stage=row.stage,
        number=row.number,
        sequence=row.sequence,
        opened_on=row.opened_on,
        closed_on=row.closed_on,
        void=row.void,
        prepared_on=row.prepared_on,
        criteria=tuple(facts.criterion(each, known) for each in rows.criteria.get(row.id, ())),
        votes=tuple(facts.vote(each, known) for each in rows.votes.get(row.id, ())),
        decisions=tuple(facts.decision(each, known) for each in rows.decisions.get(row.id, ())),
        scoresheets=tuple(facts.scoresheet(each, known) for each in rows.scoresheets.get(row.id, ())),
        panel_closed_reason=row.panel_closed_reason,
        consolidation=facts.consolidation(consolidations[0]) if consolidations else None,
        bookings=tuple(facts.booking(each, rows.arenas[each.arena_id]) for each in rows.bookings.get(row.id, ())),
        indicators=tuple(
            facts.indicator(each, rows.readings.get(each.id, ())) for each in rows.indicators.get(row.id, ())
        ),
        started_on=row.started_on,
        ended_on=row.ended_on,
        frozen_on=row.frozen_on,
        outcomes=tuple(
            facts.outcome(each, rows.keys_of_indicators[each.indicator_id]) for each in rows.outcomes.get(row.id, ())
        ),
        outcomes_on=row.outcomes_on,
    )


def _action_item(row: models.ActionItem, rows: _Rows, known: Known) -> ActionItem:
    before = (rows.numbers_of_items[each.before_id] for each in rows.dependencies.get(row.id, ()))
    return facts.action_item(row, tuple(before), known)

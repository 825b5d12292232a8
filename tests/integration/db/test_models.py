"""The rules that the tables themselves keep, whoever writes."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy import PrimaryKeyConstraint, UniqueConstraint, text
from sqlalchemy.exc import IntegrityError

from pilotkit.db import models
from pilotkit.db.engine import Database
from pilotkit.db.models.base import Base
from pilotkit.db.queries.pilots import lock_pilot
from pilotkit.domain.errors import Conflict
from tests.integration.db import lab

_DAY = lab.DAY


def _open_pass() -> Base:
    return models.StagePass(pilot_id=1, stage="trial", number=2, sequence=9, opened_on=_DAY)


def _void_pass() -> Base:
    return models.StagePass(pilot_id=1, stage="trial", number=2, sequence=9, opened_on=_DAY, void=True)


def _closed_pass() -> Base:
    return models.StagePass(pilot_id=1, stage="trial", number=2, sequence=9, opened_on=_DAY, closed_on=_DAY)


def _vote(round_: int) -> Base:
    return models.Vote(
        stage_pass_id=11, round=round_, person_id=lab.LEFT.id, outcome="go", voted_on=_DAY, recorded_by_id=lab.LEFT.id
    )


def _decision(number: int, round_: int) -> Base:
    return models.Decision(
        pilot_id=1,
        stage_pass_id=12,
        number=number,
        round=round_,
        outcome="go",
        decided_on=_DAY,
        by_id=lab.LEFT.id,
        rationale="r",
        recorded_at=lab.AT,
    )


def _criterion(country: str) -> Base:
    return models.CriterionRecord(
        stage_pass_id=11, criterion="ethics", country=country, verdict="met", recorded_on=_DAY
    )


def _partner(role: str) -> Base:
    return models.Partner(pilot_id=1, organisation_id=lab.CARE_HOME.id, role=role)


def _baseline(baseline: bool) -> Base:
    return models.Reading(indicator_id=1, baseline=baseline, read_on=_DAY, source="s", value=Decimal(1))


def _pilot(source_key: str | None) -> Base:
    return models.Pilot(
        code="P-099",
        programme_id=1,
        process_version_id=1,
        area_id=1,
        title={},
        summary={},
        problem={},
        approach={},
        needs={},
        status="active",
        revision=0,
        created_on=_DAY,
        changed_at=lab.AT,
        source_key=source_key,
    )


REFUSED: dict[str, Callable[[], Base]] = {
    "a second open pass": _open_pass,
    "a second vote in the same round": lambda: _vote(1),
    "a second decision in the same round": lambda: _decision(4, 0),
    "a decision's number twice": lambda: _decision(3, 1),
    "a criterion twice for one country": lambda: _criterion("SI"),
    "a partner twice in one role": lambda: _partner("partner"),
    "a second baseline": lambda: _baseline(True),
    "an imported pilot twice": lambda: _pilot("table.csv, row 1"),
    "an address twice": lambda: models.Person(email="COORDINATOR@example.ORG", name="x"),
    "an organisation twice in a country": lambda: models.Organisation(
        name="regional  HOSPITAL, example", kind="provider", country="SI"
    ),
    "a role of nobody": lambda: models.Membership(programme_id=1, person_id=99, role="reader"),
}


def test_what_must_not_be_there_is_refused(database: Database) -> None:
    with database.write() as session:
        lab.plant(session, lab.pilot(1))
    for what, row in REFUSED.items():
        with pytest.raises(IntegrityError) as refused, database.write() as session:
            session.add(row())
        assert "pk_" not in str(refused.value), what


TAKEN: dict[str, Callable[[], Base]] = {
    "a void pass beside an open one": _void_pass,
    "a closed pass beside an open one": _closed_pass,
    "a vote in the next round": lambda: _vote(2),
    "a decision in the next round": lambda: _decision(4, 1),
    "a criterion for another country": lambda: _criterion("HR"),
    "a partner that has left and comes again": lambda: _partner("test site"),
    "a further measurement": lambda: _baseline(False),
    "a pilot that was not imported": lambda: _pilot(None),
    "a namesake in another country": lambda: models.Organisation(
        name="Regional hospital, example", kind="provider", country="AT"
    ),
}


def test_what_may_be_there_is_taken(database: Database) -> None:
    with database.write() as session:
        lab.plant(session, lab.pilot(1), replace(lab.pilot(2), source=""))
    for row in TAKEN.values():
        with database.write() as session:
            session.add(row())
            session.flush()
            session.rollback()


def test_nothing_that_is_referred_to_can_be_deleted(database: Database) -> None:
    with database.write() as session:
        lab.plant(session, lab.pilot(1))
    for table, number in ((models.Pilot, 1), (models.StagePass, 11), (models.Person, lab.LEFT.id)):
        with pytest.raises(IntegrityError), database.write() as session:
            session.delete(session.get_one(table, number))


def test_a_pass_is_closed_and_the_next_one_opened_in_one_transaction(database: Database) -> None:
    with database.write() as session:
        lab.plant(session, lab.pilot(1))
    with database.write() as session:
        session.get_one(models.StagePass, 12).closed_on = _DAY + timedelta(days=1)
        session.flush()
        session.add(_open_pass())


def test_an_update_of_an_outdated_row_is_refused(database: Database) -> None:
    with database.write() as session:
        lab.plant(session, lab.pilot(1))
    with pytest.raises(Conflict):
        _archive_an_outdated_row(database)


def _archive_an_outdated_row(database: Database) -> None:
    with database.write() as session:
        row = lock_pilot(session, "P-001")
        assert row is not None
        session.execute(text("UPDATE pilot SET version = version + 1"))
        row.archived = True


def test_an_address_that_changes_is_found_under_the_new_one(database: Database) -> None:
    with database.write() as session:
        lab.plant(session)
        session.get_one(models.Person, lab.LEFT.id).email = "New@Example.org"
        session.get_one(models.Organisation, lab.CARE_HOME.id).name = "New  Name"
    with database.read() as session:
        assert session.get_one(models.Person, lab.LEFT.id).login == "new@example.org"
        assert session.get_one(models.Organisation, lab.CARE_HOME.id).folded == "new name"


def test_every_reference_is_restricted_and_indexed() -> None:
    for table in Base.metadata.sorted_tables:
        indexed = [next(iter(index.columns)) for index in table.indexes]
        indexed += [
            next(iter(constraint.columns))
            for constraint in table.constraints
            if isinstance(constraint, UniqueConstraint | PrimaryKeyConstraint)
        ]
        for key in table.foreign_keys:
            assert key.ondelete == "RESTRICT", key
            assert key.parent in indexed, key

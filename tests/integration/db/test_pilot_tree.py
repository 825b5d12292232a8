"""What is written row by row comes back as exactly the same facts, with a fixed number of selects."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import event
from sqlalchemy.orm import Session

from pilotkit.db import models
from pilotkit.db.engine import Database
from pilotkit.db.queries.documents import published_facts
from pilotkit.db.queries.organisations import organisation_names, organisations_named
from pilotkit.db.queries.people import people_by_id
from pilotkit.db.queries.pilots import load_pilot, load_pilots, lock_pilot, pilot_lines
from pilotkit.db.queries.programmes import load_process_by_id, load_programme, programme_keys
from pilotkit.domain.programme import Role
from tests.integration.db import lab
from tests.integration.db.planting import plant_pilot


@contextmanager
def counted(session: Session) -> Iterator[list[str]]:
    """The statements that are sent meanwhile."""
    sent: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        sent.append(statement)

    event.listen(session.get_bind(), "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(session.get_bind(), "before_cursor_execute", note)


@pytest.fixture
def filled(database: Database) -> Database:
    with database.write() as session:
        lab.plant(session, lab.pilot(1), lab.pilot(2), lab.pilot(3, programme=lab.NEIGHBOUR))
    return database


def test_a_pilot_comes_back_as_it_was(filled: Database) -> None:
    with filled.read() as session:
        assert load_pilot(session, "P-001") == lab.pilot(1)
        assert load_pilot(session, "P-002") == lab.pilot(2)
        assert load_pilot(session, "N-003") == lab.pilot(3, programme=lab.NEIGHBOUR)
        assert load_pilot(session, "P-404") is None


def test_decimals_come_back_with_their_digits(filled: Database) -> None:
    with filled.read() as session:
        pilot = load_pilot(session, "P-001")
    assert pilot is not None
    evaluation, trial, _ = pilot.passes
    assert str(evaluation.scoresheets[0].scores["need"]) == "4.50"
    assert evaluation.consolidation is not None
    assert str(evaluation.consolidation.total) == "3.1250"
    assert str(trial.outcomes[1].change) == "-0.050"
    assert str(pilot.budget) == "150000.50"


def test_the_pilots_of_a_programme_come_back_without_those_of_another(filled: Database) -> None:
    with filled.read() as session:
        assert load_pilots(session, lab.PROGRAMME.id) == (lab.pilot(1), lab.pilot(2))
        assert load_pilots(session, 404) == ()


def test_every_table_has_two_rows_to_confuse(filled: Database) -> None:
    elsewhere = {"audit_event", "audit_head", "process_version", "funded_project", "organisation_alias"}
    elsewhere |= {"agenda_item", "book", "meeting", "meeting_pilot", "outbox_message"}
    with filled.read() as session:
        for table in models.Base.metadata.sorted_tables:
            if table.name not in elsewhere:
                assert len(session.execute(table.select()).all()) >= 2, table.name


def test_the_number_of_selects_does_not_grow_with_the_pilots(database: Database) -> None:
    with database.write() as session:
        lab.plant(session, lab.pilot(1))
        with counted(session) as for_one:
            load_pilots(session, 1)
    with database.write() as session:
        for number in range(2, 8):
            plant_pilot(session, lab.pilot(number), programme_id=1, process_version_id=1, area_id=1)
        with counted(session) as for_seven:
            assert len(load_pilots(session, 1)) == 7
    assert len(for_seven) == len(for_one)


def test_a_loaded_pilot_shows_what_the_session_has_just_written(filled: Database) -> None:
    with filled.write() as session:
        row = lock_pilot(session, "P-001")
        assert row is not None
        before = load_pilot(session, "P-001")
        row.revision += 1
        session.add(
            models.Lesson(pilot_id=1, number=3, kind="would change", text={"en": "Earlier"}, learned_on=lab.DAY)
        )
        after = load_pilot(session, "P-001")
    assert before is not None
    assert after is not None
    assert after.revision == before.revision + 1
    assert [lesson.number for lesson in after.lessons] == [1, 2, 3]


def test_a_programme_comes_back_as_it_was(filled: Database) -> None:
    with filled.read() as session:
        assert load_programme(session, "example") == lab.PROGRAMME
        assert load_programme(session, "neighbour") == lab.NEIGHBOUR
        assert load_programme(session, "nowhere") is None
        assert programme_keys(session) == ("example", "neighbour")


def test_a_process_is_parsed_once(filled: Database) -> None:
    with filled.read() as session:
        process = load_process_by_id(session, 1)
        assert (process.key, process.version) == ("standard", 1)
        assert load_process_by_id(session, 1) is process
        with pytest.raises(KeyError):
            load_process_by_id(session, 2)


def test_the_roles_of_people_are_those_of_the_programme(filled: Database) -> None:
    with filled.read() as session:
        assert people_by_id(session, 2, [lab.COORDINATOR.id])[lab.COORDINATOR.id].roles == {Role.READER}


def test_organisations_are_found_by_name_or_alias(filled: Database) -> None:
    with filled.write() as session:
        session.add(models.OrganisationAlias(organisation_id=lab.CARE_HOME.id, name="DOM  Žalec"))
        session.add(models.OrganisationAlias(organisation_id=lab.CARE_HOME.id, name=lab.HOSPITAL.name))
    with filled.read() as session:
        assert organisations_named(session, "dom žalec") == (lab.CARE_HOME,)
        assert organisations_named(session, "REGIONAL hospital,  example") == (lab.HOSPITAL,)
        assert organisations_named(session, "dom žalec", country="SI") == ()
        assert organisation_names(session)["dom žalec", "AT"] == lab.CARE_HOME.id


def test_a_list_shows_stage_and_day(filled: Database) -> None:
    with filled.read() as session:
        lines = pilot_lines(session, 1)
        assert [(line.code, line.stage, line.archived) for line in lines] == [
            ("P-001", "trial", False),
            ("P-002", "trial", True),
        ]
        assert [line.code for line in pilot_lines(session)] == ["P-001", "P-002", "N-003"]


def test_frozen_entries_are_found(filled: Database) -> None:
    with filled.read() as session:
        assert published_facts(session, 1) == (("P-001", 1, '{"frozen":true}'), ("P-002", 1, '{"frozen":true}'))

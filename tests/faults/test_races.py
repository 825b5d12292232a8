"""Everybody at once, on both databases: one succeeds, the others are told, and nothing is done twice.

The last part tests these tests: with the lock, the unique keys or the check of the gate taken away, a race is lost.
"""

import sqlite3
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import event, func, select, text
from sqlalchemy.orm import Session

from pilotkit.db import engine, models
from pilotkit.db.engine import Database
from pilotkit.domain.errors import Conflict, PilotkitError, Refused
from pilotkit.domain.planning import agenda
from pilotkit.domain.process import Outcome
from pilotkit.domain.programme import Role
from pilotkit.services import arenas, change, conditions, gates, people, pilots, steps, voting
from pilotkit.services.audit import events, verify_trail
from tests.factories.lab import ADMIN, BOARD, COORDINATOR, DECIDERS, IDEA, PARTNER, Lab
from tests.factories.moments import CODE, lab_at

CROWD = 50


@dataclass(frozen=True)
class Tally:
    """What came of everybody's attempt."""

    results: tuple[object, ...]
    errors: tuple[BaseException, ...]


def at_once(lab: Lab, act: Callable[[Lab, int], object], times: int = CROWD) -> Tally:
    """Let a crowd do something at the same moment, each over a connection of its own."""
    url = lab.db.url.render_as_string(hide_password=False)
    doors = [Database(url, wait_seconds=120) for _ in range(min(times, 10))]  # of ten connections each, and more
    barrier = threading.Barrier(times)
    results: list[object] = []
    errors: list[BaseException] = []

    def attempt(number: int) -> None:
        barrier.wait(60)
        try:
            results.append(act(replace(lab, db=doors[number % len(doors)]), number))
        except BaseException as error:  # noqa: BLE001 - the test looks at it
            errors.append(error)

    crowd = [threading.Thread(target=attempt, args=(number,)) for number in range(times)]
    for one in crowd:
        one.start()
    for one in crowd:
        one.join(150)
    for door in doors:
        door.close()
    return Tally(tuple(results), tuple(errors))


def count(db: Database, table: type[models.Base], **columns: object) -> int:
    with db.read() as session:
        query = select(func.count()).select_from(table).filter_by(**columns)
        return session.execute(query).scalar_one()


def assert_sound(lab: Lab) -> None:
    """Trail, agenda and passes are as if everything had happened one after the other."""
    assert verify_trail(lab.db) is None
    for line in pilots.list_pilots(lab.db):
        facts = lab.show(line.code)
        assert facts.agenda == agenda(facts.pilot, facts.process, facts.programme)
        assert sum(1 for each in facts.pilot.valid_passes if each.closed_on is None) <= 1


@pytest.fixture
def at(kind: str, tmp_path: Path) -> Iterator[Callable[[str], Lab]]:
    """A lab at a moment of the pilot's life."""
    from contextlib import ExitStack

    with ExitStack() as stack:
        yield lambda moment: stack.enter_context(lab_at(kind, moment, tmp_path))


# --- The races --------------------------------------------------------------------------------------------------------


def race_for_a_decision(lab: Lab, times: int = CROWD) -> Tally:
    """Everybody saw the same gate and decides it."""
    lab.vote(CODE, Outcome.GO)
    gate = gates.open_gate(lab.db, CODE)
    by = (COORDINATOR, *DECIDERS)

    def decide(mine: Lab, number: int) -> object:
        return gates.decide(
            mine.db,
            CODE,
            gate=gate,
            outcome=Outcome.GO,
            rationale=f"Reason number {number}",
            by=by[number % len(by)],
            at=mine.at,
        )

    return at_once(lab, decide, times)


def check_decided_once(lab: Lab, tally: Tally, times: int = CROWD) -> None:
    assert [type(error) for error in tally.errors] == [Conflict] * (times - 1)
    assert len(tally.results) == 1
    decision = lab.show(CODE).pilot.decisions[-1]
    for error in tally.errors:
        assert f"decided meanwhile: go, by {decision.by.name}" in str(error)
    assert count(lab.db, models.Decision, number=decision.number, rationale=decision.rationale) == 1
    assert len(events(lab.db, subject=CODE, action="gate.decided")) == decision.number
    assert_sound(lab)


def test_fifty_decide_one_gate_and_one_succeeds(at: Callable[[str], Lab]) -> None:
    lab = at("evaluation-ready")
    check_decided_once(lab, race_for_a_decision(lab))


def test_different_decisions_at_once(at: Callable[[str], Lab]) -> None:
    """Each of the deciders could carry another outcome with the vote that is there; only one of them happens."""
    lab = at("evaluation-ready")
    gate = gates.open_gate(lab.db, CODE)

    def decide(mine: Lab, number: int) -> object:
        stop = number % 2
        return gates.decide(
            mine.db,
            CODE,
            gate=gate,
            outcome=Outcome.STOP if stop else Outcome.GO,
            rationale="Mine",
            by=DECIDERS[1 + stop],
            at=mine.at,
        )

    lab.vote(CODE, Outcome.GO, DECIDERS[:1])
    tally = at_once(lab, decide, 20)
    decided = lab.show(CODE).pilot.decisions[-1]
    assert len(tally.results) == 1
    assert {type(error) for error in tally.errors} <= {Conflict, Refused}
    assert decided.outcome is Outcome.GO  # one vote for stop never carries it
    assert_sound(lab)


def test_fifty_votes_of_one_person_are_one_vote(at: Callable[[str], Lab]) -> None:
    lab = at("idea-ready")
    outcomes = tuple(Outcome)
    tally = at_once(
        lab, lambda mine, n: voting.vote(mine.db, CODE, outcome=outcomes[n % 5], by=DECIDERS[0], at=mine.at)
    )
    assert not tally.errors
    assert count(lab.db, models.Vote, stage_pass_id=lab.open_pass(CODE).id) == 1
    assert_sound(lab)


def test_bookings_never_exceed_the_capacity(at: Callable[[str], Lab]) -> None:
    """One place is left in the arena, and two pilots ask for it at once."""
    lab = at("trial")
    other = lab.new()
    lab.bring_to(other, "trial")

    def book(mine: Lab, number: int) -> object:
        first = mine.today() + timedelta(days=number % 3)
        return arenas.book(
            mine.db,
            (CODE, other)[number % 2],
            arena="ward",
            first_day=first,
            last_day=first + timedelta(days=20),
            by=COORDINATOR,
            at=mine.at,
        )

    tally = at_once(lab, book, 10)
    assert len(tally.results) == 1
    assert all(isinstance(error, Refused) and "0 of 2 places left" in str(error) for error in tally.errors)
    assert_sound(lab)


def test_new_pilots_at_once_get_codes_of_their_own(at: Callable[[str], Lab]) -> None:
    lab = at("idea")
    tally = at_once(lab, lambda mine, _: pilots.new_pilot(mine.db, idea=IDEA, by=COORDINATOR, at=mine.at).code, 20)
    assert not tally.errors
    assert sorted(str(code) for code in tally.results) == [f"P-{number:03d}" for number in range(3, 23)]
    assert_sound(lab)


@pytest.mark.parametrize(
    "moment", ["idea", "evaluation", "scored", "booked", "started", "ended", "handbook", "decided"]
)
def test_two_who_advance_a_pilot_do_each_step_once(at: Callable[[str], Lab], moment: str, tmp_path: Path) -> None:
    lab = at(moment)
    with lab_at("sqlite", moment, tmp_path) as alone:
        alone.work(CODE)
        expected = Counter(each.action for each in events(alone.db, subject=CODE))
    tally = at_once(lab, lambda mine, _: mine.work(CODE), 4)
    assert not tally.errors
    assert Counter(each.action for each in events(lab.db, subject=CODE)) == expected
    assert_sound(lab)


def test_two_who_render_lay_one_document(at: Callable[[str], Lab]) -> None:
    lab = at("decided")
    lab.work(CODE)
    tally = at_once(lab, lambda mine, _: steps.sweep(mine.db, mine.press, clock=mine.now), 3)
    assert not tally.errors
    facts = lab.show(CODE).pilot
    assert len({(doc.key, doc.subject, doc.language) for doc in facts.documents}) == len(facts.documents)
    assert {doc.version for doc in facts.documents} == {1}
    rendered = Counter(each.payload for each in events(lab.db, subject=CODE, action="document.rendered"))
    assert set(rendered.values()) == {1}
    assert not lab.show(CODE).agenda or not any(item.automatic for item in lab.show(CODE).agenda)
    assert_sound(lab)


def test_people_change_while_pilots_change(at: Callable[[str], Lab]) -> None:
    """A decider goes, another comes, votes and a decision arrive: in whatever order, the agenda is right at the end."""
    lab = at("evaluation-ready")

    def act(mine: Lab, number: int) -> object:
        match number % 4:
            case 0:
                return people.disable_person(mine.db, programme="", email=DECIDERS[2], by=ADMIN, at=mine.at)
            case 1:
                return voting.vote(mine.db, CODE, outcome=Outcome.GO, by=DECIDERS[number % 2], at=mine.at)
            case 2:
                return people.add_person(
                    mine.db,
                    programme="",
                    email="new@example.org",
                    name="Nobody, example",
                    roles=[Role.DECIDER],
                    organisation=BOARD,
                    by=ADMIN,
                    at=mine.at,
                )
            case _:
                mine.show_criteria("P-001")
                return None

    tally = at_once(lab, act, 16)
    assert {type(error) for error in tally.errors} <= {Conflict}
    assert count(lab.db, models.Person, email="new@example.org") == 1
    assert_sound(lab)


def test_one_condition_is_settled_once(at: Callable[[str], Lab]) -> None:
    lab = at("evaluation-ready")
    lab.decide(CODE, Outcome.CONDITIONAL_GO, conditions=[lab.condition()])
    tally = at_once(
        lab,
        lambda mine, _: conditions.meet_condition(mine.db, CODE, number=1, evidence="Letter", by=PARTNER, at=mine.at),
        8,
    )
    assert len(tally.results) == 1
    assert all(isinstance(error, Refused) for error in tally.errors)
    assert_sound(lab)


# --- The tests of the tests -------------------------------------------------------------------------------------------


@contextmanager
def lost() -> Iterator[None]:
    """What stands inside must fail."""
    with pytest.raises((AssertionError, PilotkitError)):
        yield


def unlocked(session: Session, code: str) -> models.Pilot | None:
    """``lock_pilot`` without the lock."""
    return session.scalars(select(models.Pilot).where(models.Pilot.code == code)).one_or_none()


def begin_late(monkeypatch: pytest.MonkeyPatch) -> None:
    """SQLite as it is without BEGIN IMMEDIATE: a transaction reads first and locks when it writes."""
    original = engine._sqlite

    def deferred(*arguments: object, reading: bool, **named: object) -> object:
        made = original(*arguments, reading=True, **named)  # type: ignore[arg-type] # handed on as it came
        if not reading:

            def allow(connection: sqlite3.Connection, _record: object) -> None:
                connection.execute("PRAGMA query_only = OFF")

            event.listen(made, "connect", allow)

        return made

    monkeypatch.setattr(engine, "_sqlite", deferred)


def take_the_lock(monkeypatch: pytest.MonkeyPatch, kind: str) -> None:
    if kind == "postgresql":
        monkeypatch.setattr(change, "lock_pilot", unlocked)
    else:
        begin_late(monkeypatch)


def test_without_the_lock_the_race_is_lost(
    at: Callable[[str], Lab], kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    lab = at("evaluation-ready")
    take_the_lock(monkeypatch, kind)
    with lost():
        check_decided_once(lab, race_for_a_decision(lab))
    assert count(lab.db, models.Decision, rationale="The board was convinced.") >= 1
    assert len(lab.show(CODE).pilot.decisions) <= 2, "the unique key still holds"


def test_without_the_check_of_the_gate_the_race_is_lost(
    at: Callable[[str], Lab], monkeypatch: pytest.MonkeyPatch
) -> None:
    lab = at("evaluation-ready")
    monkeypatch.setattr(gates, "_check_gate", lambda change, gate: None)
    with lost():
        check_decided_once(lab, race_for_a_decision(lab, 12), 12)


def test_without_the_unique_key_two_stages_stand_open(kind: str, at: Callable[[str], Lab]) -> None:
    """What the keys are for: past the services, the database itself refuses a second open pass."""
    lab = at("evaluation-ready")

    def twice(session: Session) -> None:
        stage_pass = lab.open_pass(CODE)
        pilot = session.execute(select(models.Pilot.id).where(models.Pilot.code == CODE)).scalar_one()
        session.add(models.StagePass(pilot_id=pilot, stage="trial", number=1, sequence=9, opened_on=lab.today()))
        assert stage_pass.closed_on is None
        session.flush()

    with pytest.raises(Exception, match=r"(?i)unique"), lab.db.write() as session:
        twice(session)
    with lab.db.write() as session:
        session.execute(text("DROP INDEX uq_stage_pass_open"))
    with lab.db.write() as session:
        twice(session)
    with pytest.raises(AssertionError):
        assert_sound(lab)

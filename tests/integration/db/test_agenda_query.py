"""The stored agenda equals the computed one, keeps its rows, and is read by index."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import Select, insert, select, text
from sqlalchemy.orm import Session

from pilotkit.db import models
from pilotkit.db.engine import Database
from pilotkit.db.messages import message_from_json, message_to_json
from pilotkit.db.queries.agenda import (
    merge_agenda,
    of_owner,
    open_items,
    pilots_with_work,
    stored_agenda,
    work,
)
from pilotkit.db.queries.pilots import load_pilot, pilot_lines
from pilotkit.domain.agenda import AgendaItem, Step, Task
from pilotkit.domain.programme import Person, Role
from pilotkit.domain.text import Message, message
from tests.integration.db import lab

DAY = lab.DAY


def item(subject: str, kind: str = Task.SCORE, *, code: str = "P-001", due: int = 5, opens: int = 0) -> AgendaItem:
    step = kind in set(Step)
    return AgendaItem(
        key=f"{code}:1:{kind}:{subject}",
        kind=kind,
        subject=subject,
        stage="evaluation",
        title=message("Score {title} by {day}", title={"en": "Pilot", "sl": "Pilot 1"}, day=DAY),
        opens_on=DAY + timedelta(days=opens),
        due_on=DAY + timedelta(days=due),
        owner=None if step else lab.COORDINATOR,
        role="" if step else Role.COORDINATOR,
        missing=(message("Criterion {key} is not shown: {what}", key="need", what=message("why")), message("Also.")),
        command="" if step else "pilotkit score P-001",
    )


@pytest.fixture
def filled(database: Database) -> Database:
    with database.write() as session:
        lab.plant(session, lab.pilot(1), lab.pilot(2))
    return database


def stored(session: Session, code: str = "P-001") -> tuple[AgendaItem, ...]:
    pilot = load_pilot(session, code)
    assert pilot is not None
    return stored_agenda(session, pilot)


def row_ids(session: Session) -> dict[str, int]:
    return {row.key: row.id for row in session.scalars(select(models.AgendaItem))}


def test_the_stored_agenda_equals_the_computed_one_in_its_order(filled: Database) -> None:
    items = (item("z"), item("a", Step.RENDER), item("m", due=1), replace(item("n"), owner=None))
    with filled.write() as session:
        assert merge_agenda(session, 1, items, lab.AT) == items
    with filled.read() as session:
        assert stored(session) == items
        assert [each.automatic for each in stored(session)] == [False, True, False, False]
        assert stored(session, "P-002") == ()
        assert pilot_lines(session, 1)[0].agenda == items


def test_rows_last_and_only_what_was_not_open_is_new(filled: Database) -> None:
    first, second, third = item("1"), item("2"), item("3")
    with filled.write() as session:
        merge_agenda(session, 1, (first, second), lab.AT)
        before = row_ids(session)
    later = lab.AT + timedelta(hours=1)
    changed = replace(second, due_on=DAY + timedelta(days=50), missing=())
    with filled.write() as session:
        assert merge_agenda(session, 1, (third, changed), later) == (third,)
        assert stored(session) == (third, changed)
        gone = session.get_one(models.AgendaItem, before[first.key])
        assert gone.closed_at == later
    with filled.write() as session:
        assert merge_agenda(session, 1, (first, changed, third), later + timedelta(hours=1)) == (first,)
        assert stored(session) == (first, changed, third)
        assert before.items() <= row_ids(session).items()
        assert session.get_one(models.AgendaItem, before[first.key]).opened_at == later + timedelta(hours=1)


def test_an_unchanged_agenda_writes_nothing(filled: Database) -> None:
    items = (item("1"), item("2", Step.INVITE))
    with filled.write() as session:
        merge_agenda(session, 1, items, lab.AT)
    with filled.read() as session:  # a reading session refuses every write
        assert merge_agenda(session, 1, items, lab.AT + timedelta(days=1)) == ()


def test_items_are_found_by_pilot_person_and_day(filled: Database) -> None:
    with filled.write() as session:
        mine, render, later = item("1", due=9), item("2", Step.RENDER, due=3), item("3", opens=30, due=40)
        merge_agenda(session, 1, (mine, render, later), lab.AT)
        other = replace(item("1", code="P-002", due=1), owner=lab.LEFT)
        merge_agenda(session, 2, (other,), lab.AT)
    with filled.read() as session:
        assert [each.item for each in open_items(session)] == [other, render, mine, later]
        assert [each.item for each in open_items(session, pilot="P-001")] == [render, mine, later]
        assert [each.item for each in open_items(session, person="COORDINATOR@example.org")] == [mine, later]
        assert open_items(session, person="nobody@example.org") == ()
        assert [each.pilot for each in open_items(session, due_before=DAY + timedelta(days=3))] == ["P-002"]
        assert [each.item for each in open_items(session, automatic=True)] == [render]
        assert [each.item for each in open_items(session, automatic=False)] == [other, mine, later]
        assert [each.item for each in open_items(session, opened_by=DAY)] == [other, render, mine]


def test_work_is_what_pilotkit_can_do_today(filled: Database) -> None:
    with filled.write() as session:
        merge_agenda(session, 1, (item("1", Step.RENDER, opens=1), item("2", Step.INVITE, opens=9)), lab.AT)
        merge_agenda(session, 2, (item("1", Step.CHECK, code="P-002"), item("2", code="P-002")), lab.AT)
    with filled.read() as session:
        assert pilots_with_work(session, DAY - timedelta(days=1)) == ()
        assert pilots_with_work(session, DAY) == ("P-002",)
        assert pilots_with_work(session, DAY + timedelta(days=20)) == ("P-002", "P-001")
    with filled.write() as session:
        merge_agenda(session, 2, (), lab.AT)
        assert pilots_with_work(session, DAY + timedelta(days=20)) == ("P-001",)


def test_what_is_due_is_read_by_index(filled: Database) -> None:
    with filled.write() as session:
        session.add_all(models.Person(id=100 + each, email=f"{each}@example.org", name="x") for each in range(100))
        session.flush()
        session.execute(insert(models.AgendaItem), [_row(number) for number in range(5000)])
        session.execute(text("ANALYZE"))
        assert len(pilots_with_work(session, DAY)) == 1
        assert "ix_agenda_item_due" in _plan(session, work(DAY))
        assert "ix_agenda_item_owner" in _plan(session, of_owner("7@example.org"))


def _row(number: int) -> dict[str, object]:
    return {
        "key": f"{number}",
        "pilot_id": 1 + number % 2,
        "position": number,
        "kind": "x",
        "subject": "",
        "stage": "s",
        "automatic": number % 2 == 0,
        "owner_id": 100 + number % 100,
        "role": "",
        "title": {"template": "t", "values": {}},
        "missing": [],
        "opens_on": DAY + timedelta(days=number - 20),
        "due_on": DAY,
        "command": "",
        "opened_at": lab.AT,
        "closed_at": lab.AT if number % 7 == 0 else None,
    }


def _plan(session: Session, query: Select[Any]) -> str:
    sql = query.compile(session.get_bind(), compile_kwargs={"literal_binds": True})
    explain = "EXPLAIN QUERY PLAN" if session.get_bind().dialect.name == "sqlite" else "EXPLAIN"
    return "\n".join(str(row) for row in session.execute(text(f"{explain} {sql}")))


def test_messages_survive() -> None:
    told = message(
        "{a} {b}",
        a=Decimal("1.50"),
        b=date(2026, 1, 2),
        c=lab.AT,
        d=message("{x}", x={"en": "one", "sl": "ena"}),
        e=(1, True, None, "text"),
        f=["list", message("in a list")],
        g={},
    )
    back = message_from_json(message_to_json(told))
    assert back == told
    assert str(back) == str(told)
    assert type(back.values["e"]) is tuple


@pytest.mark.parametrize("value", [object(), 1.5, {"$date": "x"}, {1: "x"}])
def test_a_message_that_would_not_survive_is_refused(value: object) -> None:
    with pytest.raises(TypeError):
        message_to_json(Message("{x}", {"x": value}))


def test_an_owner_has_the_roles_of_the_pilots_programme(filled: Database) -> None:
    with filled.write() as session:
        elsewhere: Person = replace(lab.COORDINATOR, roles=frozenset())
        merge_agenda(session, 1, (replace(item("1"), owner=elsewhere),), lab.AT)
        assert stored(session)[0].owner == lab.COORDINATOR

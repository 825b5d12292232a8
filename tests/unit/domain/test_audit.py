from datetime import UTC, datetime, timedelta
from functools import reduce
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from pilotkit.domain.audit import BEGINNING, Event, Head, canonical, digest, seal, verify

LINES = st.text(st.characters(exclude_characters="\n\x00", exclude_categories=["Cs"]), min_size=1)
PAYLOADS = st.dictionaries(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00")), st.integers())


def append(events: list[Event], details: tuple[Any, ...]) -> list[Event]:
    actor, action, subject, payload = details
    head = Head(len(events), events[-1].hash if events else BEGINNING)
    at = datetime(2027, 3, 1, tzinfo=UTC) + timedelta(minutes=len(events))
    return [*events, seal(head, at=at, actor=actor, action=action, subject=subject, payload=payload)]


CHAINS = st.lists(st.tuples(LINES, LINES, LINES, PAYLOADS), min_size=1, max_size=8).map(
    lambda all_details: reduce(append, all_details, list[Event]())
)


def end(events: list[Event]) -> Head:
    return Head(len(events), events[-1].hash if events else BEGINNING)


def bad_seq(events: list[Event], head: Head | None) -> int | None:
    found = verify(iter(events), head)
    return found.seq if found else None


def test_an_empty_trail_is_whole() -> None:
    assert verify([], Head(0, BEGINNING)) is None


@given(CHAINS)
def test_a_chain_holds_as_it_was_sealed(events: list[Event]) -> None:
    assert verify(events, end(events)) is None


@given(CHAINS, st.data())
def test_every_edit_shows_where_it_is(events: list[Event], data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(events) - 1))
    field = data.draw(st.sampled_from(["at", "actor", "action", "subject", "payload", "previous", "hash"]))
    value: Any = data.draw(st.none() | st.binary() | st.text(), label=field)
    changed = list(events)
    changed[place] = Event(**(events[place]._asdict() | {field: value}))
    expected = None if changed[place] == events[place] else place + 1
    assert bad_seq(changed, end(events)) == expected


@given(CHAINS, st.data())
def test_every_value_moved_to_a_neighbour_shows(events: list[Event], data: st.DataObject) -> None:
    """The line breaks between the values cannot be shifted without breaking the seal."""
    place = data.draw(st.integers(0, len(events) - 1))
    old = events[place]
    changed = list(events)
    changed[place] = old._replace(
        actor=f"{old.actor}\n{old.action}", action=old.subject, subject=old.payload, payload=""
    )
    assert bad_seq(changed, end(events)) == place + 1


@given(CHAINS, st.data())
def test_every_deletion_shows(events: list[Event], data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(events) - 1))
    assert bad_seq(events[:place] + events[place + 1 :], end(events)) == place + 1


@given(CHAINS, st.data())
def test_every_new_order_shows(events: list[Event], data: st.DataObject) -> None:
    order = data.draw(st.permutations(range(len(events))))
    moved = [events[place] for place in order]
    renumbered = [event._replace(seq=number) for number, event in enumerate(moved, start=1)]
    expected = next((number for number, place in enumerate(order, start=1) if place != number - 1), None)
    assert bad_seq(moved, end(events)) == expected
    assert bad_seq(renumbered, end(events)) == expected


@given(CHAINS, st.data())
def test_every_insertion_shows(events: list[Event], data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(events)))
    before = end(events[:place])
    forged = Event(before.seq + 1, "2027", "a", "b", "c", "{}", before.hash, "")
    forged = forged._replace(hash=digest(forged))
    changed = [*events[:place], forged, *(event._replace(seq=event.seq + 1) for event in events[place:])]
    assert bad_seq(changed, end(events)) in {place + 1, place + 2}


def test_a_payload_has_one_form() -> None:
    assert canonical({"b": [1, None], "a": "č\n"}) == canonical({"a": "č\n", "b": [1, None]})
    assert canonical({"b": [1, None], "a": "č\n"}) == '{"a":"č\\n","b":[1,null]}'

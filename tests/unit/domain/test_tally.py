"""What votes come to."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pilotkit.domain.gate import (
    eligible_deciders,
    tally,
)
from pilotkit.domain.pilot import ConflictOfInterest, Vote
from pilotkit.domain.process import Gate, Majority, Outcome
from pilotkit.domain.programme import Role
from tests.factories.dossiers import (
    CHAIR,
    COORDINATOR,
    DIRECTOR,
    MAYOR,
    PROGRAMME,
)
from tests.unit.domain.pilots import (
    DECIDERS,
    OPENED,
    SHOWN,
    cast,
    changed,
    here,
    pilot_in,
    somebody,
    with_people,
)

GO, STOP, HOLD = Outcome.GO, Outcome.STOP, Outcome.HOLD


def carried(quorum: int, majority: Majority, *outcomes: Outcome) -> Outcome | None:
    return tally(cast(*outcomes), Gate(quorum=quorum, majority=majority), DECIDERS).carried


def test_nothing_is_carried_without_the_quorum() -> None:
    assert carried(2, "simple") is None
    assert carried(2, "simple", GO) is None
    assert carried(2, "simple", GO, GO) is GO


@pytest.mark.parametrize(
    ("majority", "outcomes", "expected"),
    [
        ("simple", (GO, GO, STOP), GO),
        ("simple", (GO, STOP), None),
        ("simple", (GO, STOP, HOLD), None),
        ("two-thirds", (GO, GO, STOP), GO),
        ("two-thirds", (GO, STOP), None),
        ("unanimous", (GO, GO, STOP), None),
        ("unanimous", (STOP, STOP, STOP), STOP),
    ],
)
def test_majority_of_the_votes_cast(
    majority: Majority, outcomes: tuple[Outcome, ...], expected: Outcome | None
) -> None:
    assert carried(2, majority, *outcomes) is expected


def test_two_thirds_of_five_are_four() -> None:
    people = tuple(somebody(number, "SI", Role.DECIDER) for number in range(5))
    gate = Gate(quorum=2, majority="two-thirds")
    for yes, expected in ((3, None), (4, GO)):
        votes = tuple(
            Vote(person=p, outcome=GO if place < yes else STOP, on=SHOWN, round=0, recorded_by=p)
            for place, p in enumerate(people)
        )
        assert tally(votes, gate, people).carried is expected


def test_a_tie_changes_nothing() -> None:
    count = tally(cast(GO, STOP), Gate(quorum=2), DECIDERS)
    assert count.counts == ((GO, 1), (STOP, 1))
    assert count.carried is None


def test_an_excused_decider_does_not_count() -> None:
    excused = ConflictOfInterest(person=MAYOR, on=OPENED, reason="Runs the care home")
    eligible = eligible_deciders(pilot_in("trial", conflicts=(excused,)), PROGRAMME)
    assert eligible == (CHAIR, DIRECTOR)
    count = tally(cast(GO, STOP, STOP), Gate(quorum=2), eligible)
    assert (count.cast, count.eligible, count.carried) == (2, 2, None)


def test_a_deactivated_decider_does_not_count() -> None:
    programme = with_people(CHAIR, DIRECTOR, replace(MAYOR, active=False))
    eligible = eligible_deciders(pilot_in("trial"), programme)
    assert tally(cast(GO, STOP, STOP), Gate(quorum=3), eligible).cast == 2


def test_only_deciders_decide() -> None:
    assert eligible_deciders(pilot_in("trial"), with_people(COORDINATOR, CHAIR)) == (CHAIR,)


def test_a_quorum_that_cannot_be_reached_is_known() -> None:
    assert tally((), Gate(quorum=3), DECIDERS).reachable
    assert not tally((), Gate(quorum=4), DECIDERS).reachable


ELECTORATE = tuple(somebody(number, "SI", Role.DECIDER) for number in range(9))
ballots = st.lists(st.sampled_from(Outcome), max_size=len(ELECTORATE)).map(
    lambda outcomes: tuple(
        Vote(person=person, outcome=outcome, on=SHOWN, round=0, recorded_by=person)
        for person, outcome in zip(ELECTORATE, outcomes, strict=False)
    )
)
gates = st.builds(
    lambda quorum, majority: Gate(quorum=quorum, majority=majority),
    st.integers(1, 9),
    st.sampled_from(["simple", "two-thirds", "unanimous"]),
)


@given(ballots, gates, st.randoms())
def test_what_is_carried_does_not_depend_on_the_order_of_the_votes(
    votes: tuple[Vote, ...], gate: Gate, lot: object
) -> None:
    shuffled = list(votes)
    lot.shuffle(shuffled)  # type: ignore[attr-defined]
    assert tally(tuple(shuffled), gate, ELECTORATE) == tally(votes, gate, ELECTORATE)


@given(ballots, gates)
def test_whatever_is_carried_has_more_votes_than_all_others_together(votes: tuple[Vote, ...], gate: Gate) -> None:
    count = tally(votes, gate, ELECTORATE)
    assert sum(number for _, number in count.counts) == count.cast == len(votes)
    if count.carried:
        yes = dict(count.counts)[count.carried]
        assert count.cast >= gate.quorum
        assert yes > count.cast - yes
        assert gate.majority != "unanimous" or yes == count.cast
        assert gate.majority != "two-thirds" or yes >= 2 * (count.cast - yes)
    elif count.cast >= gate.quorum and len(count.counts) == 1:
        pytest.fail("All voted the same, and it was not carried")


@given(ballots, gates)
def test_another_vote_for_what_is_carried_never_overturns_it(votes: tuple[Vote, ...], gate: Gate) -> None:
    carried_first = tally(votes, gate, ELECTORATE).carried
    late = somebody(99, "SI", Role.DECIDER)
    if carried_first:
        more = (*votes, Vote(person=late, outcome=carried_first, on=SHOWN, round=0, recorded_by=late))
        assert tally(more, gate, (*ELECTORATE, late)).carried is carried_first


@given(ballots, gates, st.sets(st.sampled_from(ELECTORATE)))
def test_votes_of_those_who_may_not_vote_are_as_if_they_were_not_there(
    votes: tuple[Vote, ...], gate: Gate, excused: set[object]
) -> None:
    eligible = tuple(person for person in ELECTORATE if person not in excused)
    kept = tuple(vote for vote in votes if vote.person not in excused)
    assert tally(votes, gate, eligible) == tally(kept, gate, eligible)


def test_votes_count_for_the_round_in_which_they_were_cast() -> None:
    pilot = changed(pilot_in("trial"), votes=(*cast(GO, GO), *cast(STOP, round_=1)))
    assert [vote.outcome for vote in here(pilot).current_votes] == [GO, GO]
    assert here(pilot).gate == "trial.1.0"

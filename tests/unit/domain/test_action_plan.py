"""Action items that wait for each other."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pilotkit.domain.action_plan import cycle


@pytest.mark.parametrize(
    "depends_on",
    [
        {},
        {1: ()},
        {1: (), 2: (1,), 3: (1,), 4: (2, 3)},
        {2: (1,), 3: (1, 2)},
        {1: (2, 2)},
    ],
)
def test_items_that_follow_each_other_are_no_cycle(depends_on: dict[int, tuple[int, ...]]) -> None:
    assert cycle(depends_on) == ()


@pytest.mark.parametrize(
    ("depends_on", "members"),
    [
        ({1: (1,)}, {1}),
        ({1: (2,), 2: (1,)}, {1, 2}),
        ({1: (), 2: (1, 4), 3: (2,), 4: (3,), 5: (4,)}, {2, 3, 4}),
    ],
)
def test_a_cycle_is_named(depends_on: dict[int, tuple[int, ...]], members: set[int]) -> None:
    found = cycle(depends_on)
    assert set(found) == members
    assert found[0] == found[-1]
    assert all(
        following in depends_on[number] or number in depends_on[following] for number, following in pairwise(found)
    )


@given(st.dictionaries(st.integers(1, 30), st.lists(st.integers(1, 30), max_size=5)))
def test_items_that_wait_only_for_lower_numbers_never_wait_in_a_circle(depends_on: dict[int, list[int]]) -> None:
    lower = {number: [before for before in befores if before < number] for number, befores in depends_on.items()}
    assert cycle(lower) == ()


@given(st.permutations(range(1, 8)), st.integers(2, 7))
def test_every_circle_is_found(numbers: list[int], length: int) -> None:
    circle = numbers[:length]
    depends_on = {number: [circle[place - 1]] for place, number in enumerate(circle)}
    assert set(cycle(depends_on)) == set(circle)

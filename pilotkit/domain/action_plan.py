"""Action plans: dependencies without cycles."""

from collections.abc import Mapping, Sequence
from graphlib import CycleError, TopologicalSorter


def cycle(depends_on: Mapping[int, Sequence[int]]) -> tuple[int, ...]:
    """The numbers of action items that wait for each other in a circle; empty when there is none."""
    try:
        TopologicalSorter(depends_on).prepare()
    except CycleError as error:
        return tuple(error.args[1])
    return ()

from enum import StrEnum
from typing import Any, get_args

import pytest

from pilotkit.domain import permission, pilot, ports, process, programme
from pilotkit.domain.text import Message
from pilotkit.domain.words import WORDS, word

CLOSED_SETS = [
    pilot.PartnerRole, pilot.CriterionVerdict, pilot.ConditionState, pilot.BookingState, pilot.ActionState,
    pilot.LessonKind, pilot.Direction, pilot.Measure, pilot.Result, pilot.PilotStatus, process.StageKind,
    process.Outcome, process.DocumentKey, ports.BookKey, permission.Action, process.Majority, process.Axis,
    programme.Role,
]  # fmt: skip


@pytest.mark.parametrize("closed_set", CLOSED_SETS, ids=str)
def test_every_word_of_a_closed_set_can_be_translated(closed_set: Any) -> None:
    is_enum = isinstance(closed_set, type) and issubclass(closed_set, StrEnum)
    words = [member.value for member in closed_set] if is_enum else get_args(closed_set)
    assert words
    assert {word(value).template for value in words} <= WORDS.keys()


def test_kinds_of_organisations_can_be_translated() -> None:
    assert set(programme.ORGANISATION_KINDS) <= WORDS.keys()
    assert all(isinstance(word, Message) for word in WORDS.values())

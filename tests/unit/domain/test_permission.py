"""Who may do what."""

from dataclasses import replace

import pytest

from pilotkit.domain.errors import NotAllowed
from pilotkit.domain.permission import RIGHTS, Action, check_permission
from pilotkit.domain.programme import Role
from tests.unit.domain.pilots import somebody


@pytest.mark.parametrize("action", Action)
def test_every_action_has_roles(action: Action) -> None:
    assert RIGHTS[action]


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("action", Action)
def test_the_roles_of_an_action_and_no_others_may_do_it(action: Action, role: Role) -> None:
    person = somebody(1, "SI", role)
    if role in RIGHTS[action]:
        check_permission(person, action)
        return
    with pytest.raises(NotAllowed) as caught:
        check_permission(person, action)
    assert f"p1@example.org may not do this: {action.value}." in str(caught.value)
    assert all(role.value in str(caught.value) for role in RIGHTS[action])


@pytest.mark.parametrize("action", Action)
def test_whoever_was_deactivated_may_do_nothing(action: Action) -> None:
    person = replace(somebody(1, "SI", *Role), active=False)
    with pytest.raises(NotAllowed, match="has been deactivated"):
        check_permission(person, action)


@pytest.mark.parametrize("action", Action)
def test_somebody_without_a_role_may_do_nothing(action: Action) -> None:
    with pytest.raises(NotAllowed):
        check_permission(somebody(1, "SI"), action)


@pytest.mark.parametrize("action", Action)
def test_pilotkit_itself_may_do_everything(action: Action) -> None:
    check_permission(None, action)


def test_one_role_of_several_is_enough() -> None:
    check_permission(somebody(1, "SI", Role.READER, Role.DECIDER), Action.VOTE)


def test_readers_only_read() -> None:
    assert not [action for action, roles in RIGHTS.items() if Role.READER in roles]


def test_deciders_vote_and_only_admins_take_back() -> None:
    assert RIGHTS[Action.VOTE] == {Role.DECIDER}
    assert RIGHTS[Action.REVERT] == {Role.ADMIN}
    assert RIGHTS[Action.SCORE] == {Role.EVALUATOR}

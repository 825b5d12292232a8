"""Who may do what: one table, role by action. Whether the state of a pilot allows it is another question (``gate``)."""

from enum import StrEnum

from pilotkit.domain.errors import NotAllowed, message
from pilotkit.domain.programme import Person, Role
from pilotkit.domain.words import word


class Action(StrEnum):
    """What a person can ask for."""

    LOAD_PROGRAMME = "load a programme"
    MANAGE_PEOPLE = "manage people and organisations"
    NEW_PILOT = "hand in a pilot"
    EDIT_PILOT = "edit a pilot"
    SHOW_CRITERION = "show that a criterion is met"
    WAIVE_CRITERION = "waive a criterion"
    SCORE = "score a pilot"
    MANAGE_PANEL = "manage an evaluation panel"
    PLAN_TRIAL = "plan a trial"
    MEASURE = "enter measurements"
    PLAN_ACTIONS = "plan action items"
    UPDATE_ACTION = "update an action item"
    WRITE_LESSON = "write lessons"
    APPROVE_ENTRY = "approve a handbook entry"
    VOTE = "vote"
    RECORD_VOTE = "record the votes of a meeting"
    DECIDE = "record a decision"
    REVERT = "revert a decision"
    SETTLE_CONDITION = "settle a condition"
    DECLARE_CONFLICT = "declare a conflict of interest"
    MANAGE_MEETING = "plan a board meeting"
    IMPORT = "import pilots"


_LAB = frozenset({Role.COORDINATOR, Role.ADMIN})

RIGHTS: dict[Action, frozenset[Role]] = {
    Action.LOAD_PROGRAMME: frozenset({Role.ADMIN}),
    Action.MANAGE_PEOPLE: _LAB,
    Action.NEW_PILOT: _LAB | {Role.SUBMITTER, Role.PARTNER},
    Action.EDIT_PILOT: _LAB | {Role.PARTNER, Role.SUBMITTER},
    Action.SHOW_CRITERION: _LAB | {Role.PARTNER},
    Action.WAIVE_CRITERION: _LAB,
    Action.SCORE: frozenset({Role.EVALUATOR}),
    Action.MANAGE_PANEL: _LAB,
    Action.PLAN_TRIAL: _LAB,
    Action.MEASURE: _LAB | {Role.PARTNER},
    Action.PLAN_ACTIONS: _LAB | {Role.PARTNER},
    Action.UPDATE_ACTION: _LAB | {Role.PARTNER},
    Action.WRITE_LESSON: _LAB | {Role.PARTNER, Role.MENTOR},
    Action.APPROVE_ENTRY: _LAB,
    Action.VOTE: frozenset({Role.DECIDER}),
    Action.RECORD_VOTE: _LAB,
    Action.DECIDE: frozenset({Role.DECIDER, Role.COORDINATOR}),
    Action.REVERT: frozenset({Role.ADMIN}),
    Action.SETTLE_CONDITION: _LAB | {Role.PARTNER},
    Action.DECLARE_CONFLICT: frozenset({Role.EVALUATOR, Role.DECIDER, Role.COORDINATOR, Role.ADMIN}),
    Action.MANAGE_MEETING: _LAB,
    Action.IMPORT: _LAB,
}


def may(person: Person, action: Action) -> bool:
    """Whether an active person has a role that permits the action."""
    return person.active and bool(person.roles & RIGHTS[action])


def check_permission(person: Person | None, action: Action) -> None:
    """Refuse what the person's roles do not permit. No person means pilotkit itself, which may do everything.

    Raises:
        NotAllowed: The person is inactive, or none of the roles permits the action.
    """
    if person is None:
        return
    if not person.active:
        raise NotAllowed(
            message("{email} has been deactivated and cannot act any more.", email=person.email),
            message("Ask an admin to activate the person again, or act as somebody else."),
        )
    if not person.roles & RIGHTS[action]:
        raise NotAllowed(
            message("{email} may not do this: {action}.", email=person.email, action=word(action.value)),
            message(
                "It takes one of these roles: {roles}.", roles=", ".join(sorted(role.value for role in RIGHTS[action]))
            ),
        )

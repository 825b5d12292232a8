"""Action items and adoptions."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import get_args

from pilotkit.db import models
from pilotkit.db.engine import Database
from pilotkit.db.queries.rows import one, some
from pilotkit.domain.action_plan import cycle
from pilotkit.domain.errors import Invalid, NotAllowed, NotFound, Refused, message
from pilotkit.domain.limits import TITLE_LIMIT, checked_budget, checked_currency, checked_text, checked_texts
from pilotkit.domain.permission import Action
from pilotkit.domain.pilot import ActionItem, ActionState
from pilotkit.domain.programme import Role
from pilotkit.domain.text import Texts
from pilotkit.services.change import Change, changing, require_pilot
from pilotkit.services.organisations import find_organisation

_WHOLE = 100


@dataclass(frozen=True, kw_only=True)
class ActionPlan:
    """An action item as planned; ``owner`` by e-mail address, ``organisation`` by name."""

    title: Texts
    start: date
    due: date
    owner: str = ""
    organisation: str = ""
    budget: Decimal | None = None
    currency: str = "EUR"
    depends_on: Sequence[int] = ()


def add_action(db: Database, code: str, *, plan: ActionPlan, by: str, at: datetime) -> int:
    """Add an action item; returns its number.

    Raises:
        Invalid: There is no title, or the dates are the wrong way round.
        NotFound: Owner, organisation or an item that it depends on do not exist.
    """
    with changing(db, code, by=by, action=Action.PLAN_ACTIONS, at=at) as change:
        title = checked_texts(plan.title, "title", change.programme.languages, limit=TITLE_LIMIT)
        if not title:
            raise Invalid(message("An action item needs a title."), message("Give it: --title TEXT."))
        _check_dates(plan.start, plan.due)
        number = len(change.pilot.action_items) + 1
        row = models.ActionItem(
            pilot_id=change.pilot.id,
            number=number,
            title=title,
            owner_id=change.person(plan.owner).id if plan.owner else None,
            organisation_id=find_organisation(change.session, plan.organisation).id if plan.organisation else None,
            start=plan.start,
            due=plan.due,
            budget=checked_budget(plan.budget),
            currency=checked_currency(plan.currency),
        )
        change.session.add(row)
        change.session.flush()
        _depend(change, number, plan.depends_on)
        change.record("action.added", number=number, due=str(plan.due))
        return number


def update_action(
    db: Database,
    code: str,
    *,
    number: int,
    by: str,
    at: datetime,
    state: ActionState | None = None,
    percent: int | None = None,
    start: date | None = None,
    due: date | None = None,
    depends_on: Sequence[int] | None = None,
) -> None:
    """Change an action item; what is not given stays. Partners change those of their own organisation.

    Raises:
        NotFound: There is no such item.
        NotAllowed: It belongs to another organisation.
        Invalid: State, percent or dates make no sense, or items would wait for each other in a circle.
    """
    with changing(db, code, by=by, action=Action.UPDATE_ACTION, at=at) as change:
        item = _item(change, number)
        _check_own(change, item)
        row = _row(change, number)
        if state is not None:
            _check_state(state)
            row.state = state
            row.percent = _WHOLE if state == "done" else row.percent
        if percent is not None:
            if not 0 <= percent <= _WHOLE:
                raise Invalid(message("{percent} is no percentage.", percent=percent), message("Give 0 to 100."))
            row.percent = percent
        row.start, row.due = start or row.start, due or row.due
        _check_dates(row.start, row.due)
        if depends_on is not None:
            _depend(change, number, depends_on)
        change.record("action.updated", number=number, state=row.state, percent=row.percent, due=str(row.due))


def list_actions(db: Database, code: str) -> tuple[ActionItem, ...]:
    """The pilot's action items by number."""
    with db.read() as session:
        return require_pilot(session, code).action_items


def adopt(
    db: Database, code: str, *, organisation: str, solution: Texts, on: date, document: str, by: str, at: datetime
) -> int:
    """Record that an organisation has taken up the solution, with the document that shows it; returns its number.

    Raises:
        NotFound: There is no such organisation.
        Invalid: Solution or document are missing, or the date lies in the future.
    """
    with changing(db, code, by=by, action=Action.PLAN_ACTIONS, at=at) as change:
        if on > change.today:
            raise Invalid(
                message("The adoption date {on} lies in the future.", on=on), message("Record it when it has happened.")
            )
        what = checked_texts(solution, "solution", change.programme.languages, limit=TITLE_LIMIT)
        if not what:
            raise Invalid(message("It is not said what was adopted."), message("Give it: --solution TEXT."))
        number = len(change.pilot.adoptions) + 1
        change.session.add(
            models.Adoption(
                pilot_id=change.pilot.id,
                number=number,
                organisation_id=find_organisation(change.session, organisation).id,
                solution=what,
                adopted_on=on,
                document=checked_text(document, "document", limit=TITLE_LIMIT, required=True),
            )
        )
        change.record("solution.adopted", number=number, on=str(on))
        return number


def _item(change: Change, number: int) -> ActionItem:
    for item in change.pilot.action_items:
        if item.number == number:
            return item
    raise _unknown(change, number)


def _row(change: Change, number: int) -> models.ActionItem:
    row = one(change.session, models.ActionItem, pilot_id=change.pilot.id, number=number)
    if row is None:
        raise _unknown(change, number)
    return row


def _unknown(change: Change, number: int) -> NotFound:
    return NotFound(
        message("{code} has no action item {number}.", code=change.pilot.code, number=number),
        message("See them with: pilotkit action list {code}", code=change.pilot.code),
    )


def _check_own(change: Change, item: ActionItem) -> None:
    actor = change.actor
    if actor is None or actor.roles & {Role.COORDINATOR, Role.ADMIN} or (item.owner and item.owner.id == actor.id):
        return
    if item.organisation is None or actor.organisation is None or item.organisation.id != actor.organisation.id:
        raise NotAllowed(
            message("Action item {number} belongs to another organisation.", number=item.number),
            message("Its owner or a coordinator can change it."),
        )


def _check_state(state: str) -> None:
    if state not in get_args(ActionState):
        raise Invalid(
            message("An action item cannot be {state}.", state=state),
            message("States are: {states}.", states=", ".join(get_args(ActionState))),
        )


def _check_dates(start: date, due: date) -> None:
    if due < start:
        raise Invalid(
            message("The action item would be due on {due}, before it starts on {start}.", due=due, start=start),
            message("Check the two dates."),
        )


def _depend(change: Change, number: int, before: Sequence[int]) -> None:
    graph = {item.number: item.depends_on for item in change.pilot.action_items} | {number: tuple(before)}
    unknown = [other for other in before if other not in graph]
    if unknown:
        raise _unknown(change, unknown[0])
    if circle := cycle(graph):
        raise Refused(
            message(
                "Action items would wait for each other in a circle: {circle}.", circle=" → ".join(map(str, circle))
            ),
            message("Leave one of these dependencies out."),
        )
    dependencies = models.ActionDependency
    waiting = _row(change, number).id
    for old in some(change.session, dependencies, after_id=waiting):
        change.session.delete(old)
    change.session.flush()
    for other in dict.fromkeys(before):
        change.session.add(dependencies(after_id=waiting, before_id=_row(change, other).id))
    change.session.flush()

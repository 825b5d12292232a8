"""Votes at the gates: cast by deciders, or recorded from the minutes of a meeting."""

from datetime import date, datetime

from pilotkit.db import models
from pilotkit.db.engine import Database
from pilotkit.db.queries.rows import one
from pilotkit.domain.decision import deciding_pass
from pilotkit.domain.errors import Invalid, Refused, message
from pilotkit.domain.gate import eligible_deciders
from pilotkit.domain.limits import TITLE_LIMIT, checked_text
from pilotkit.domain.permission import Action, check_permission
from pilotkit.domain.pilot import StagePass, Vote
from pilotkit.domain.process import Outcome
from pilotkit.domain.programme import Person
from pilotkit.services.change import Change, changing


def vote(
    db: Database,
    code: str,
    *,
    outcome: Outcome,
    by: str,
    at: datetime,
    voter: str = "",
    on: date | None = None,
    meeting: str = "",
    remark: str = "",
) -> Vote:
    """Cast a vote at the pilot's open gate, or change it while the gate is undecided.

    Args:
        voter: Whose vote it is, when ``by`` records it from the minutes of a meeting; else ``by`` votes.
        on: The day of the vote; today when not given.
        meeting: The meeting whose minutes the vote is taken from.

    Raises:
        Refused: The gate is closed, or the voter is no decider or has a conflict of interest.
        Invalid: The day lies in the future or before the stage was opened.
    """
    recorded = bool(voter) and voter.casefold() != by.casefold()
    with changing(db, code, by=by, action=Action.RECORD_VOTE if recorded else Action.VOTE, at=at) as change:
        stage_pass = deciding_pass(change.pilot)
        person = change.person(voter or by)
        _check_voter(change, person)
        if recorded and not meeting:
            raise Invalid(
                message("Votes of others are recorded from the minutes of a meeting."),
                message("Name the meeting: --from-minutes MEETING."),
            )
        day = on or change.today
        if not stage_pass.opened_on <= day <= change.today:
            raise Invalid(
                message(
                    "A vote on {on} is not possible: the stage is open since {opened}, and today is {today}.",
                    on=day,
                    opened=stage_pass.opened_on,
                    today=change.today,
                ),
                message("Give a day in between."),
            )
        cast = Vote(
            person=person,
            outcome=outcome,
            on=day,
            round=stage_pass.round,
            recorded_by=change.actor or person,
            meeting=checked_text(meeting, "meeting", limit=TITLE_LIMIT),
            remark=checked_text(remark, "remark"),
        )
        store_vote(change, stage_pass, cast)
        change.record("vote.cast", person=person.id, outcome=outcome, round=cast.round, meeting=cast.meeting)
        return cast


def _check_voter(change: Change, person: Person) -> None:
    check_permission(person, Action.VOTE)
    if person not in eligible_deciders(change.pilot, change.programme):
        raise Refused(
            message(
                "{email} has a conflict of interest on {code} and is excused.",
                email=person.email,
                code=change.pilot.code,
            ),
            message("The others decide; if the quorum cannot be reached, appoint another decider."),
        )


def store_vote(change: Change, stage_pass: StagePass, cast: Vote) -> None:
    """Write a vote, in place of an earlier one of the same person in the same round."""
    place = {"stage_pass_id": stage_pass.id, "round": cast.round, "person_id": cast.person.id}
    row = one(change.session, models.Vote, **place)
    if row is None:
        row = models.Vote(**place)
        change.session.add(row)
    row.outcome = cast.outcome
    row.voted_on = cast.on
    row.recorded_by_id = cast.recorded_by.id
    row.meeting = cast.meeting
    row.remark = cast.remark

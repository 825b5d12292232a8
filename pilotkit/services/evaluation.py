"""Evaluation: invite, score, close the panel, consolidate; conflicts of interest."""

from collections import Counter
from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal

from pilotkit.db import models
from pilotkit.db.engine import Database
from pilotkit.db.queries.evaluation import open_sheets
from pilotkit.db.queries.rows import one, some
from pilotkit.domain.errors import Conflict, Invalid, NotAllowed, Refused, message
from pilotkit.domain.evaluation import consolidate as consolidated
from pilotkit.domain.evaluation import evaluator_candidates, panel_complete, valid_sheets
from pilotkit.domain.limits import checked_text
from pilotkit.domain.permission import Action
from pilotkit.domain.pilot import Pilot, StagePass
from pilotkit.domain.process import Process, ScoreSet, Stage, StageKind
from pilotkit.domain.programme import Person
from pilotkit.faults import kill_point
from pilotkit.services.change import Change, changing

_HIGHEST = Decimal(5)
_STEP = Decimal("0.5")


def current_stage(change: Change, kind: StageKind) -> tuple[Stage, StagePass]:
    """The stage and pass that the pilot is in, which must be of this kind.

    Raises:
        Refused: The pilot is in a stage of another kind, on hold, or has ended.
    """
    here = stage_now(change.pilot, change.process, kind)
    if here is None:
        raise Refused(
            message("{code} is not in a stage of the kind {kind} now.", code=change.pilot.code, kind=kind.value),
            message("See where it stands: pilotkit pilot show {code}", code=change.pilot.code),
        )
    return here


def stage_now(pilot: Pilot, process: Process, kind: StageKind) -> tuple[Stage, StagePass] | None:
    """The stage and pass that an active pilot is in, when it is of this kind: a step that comes late finds none."""
    stage_pass = pilot.open_pass
    if stage_pass is None or not pilot.in_work:
        return None
    stage = process.stage(stage_pass.stage)
    return (stage, stage_pass) if stage.kind is kind else None


def invite(db: Database, code: str, *, at: datetime) -> tuple[Person, ...]:
    """Invite as many evaluators as the panel lacks, those with the fewest open sheets first; returns those invited."""
    with changing(db, code, by=None, action=Action.MANAGE_PANEL, at=at) as change:
        here = stage_now(change.pilot, change.process, StageKind.EVALUATION)
        if here is None:
            change.nothing()
            return ()
        stage, stage_pass = here
        missing = stage.evaluators - len(valid_sheets(stage_pass))
        load = Counter(open_sheets(change.session, change.programme.id))
        candidates = evaluator_candidates(change.pilot, change.programme, stage_pass)
        chosen = sorted(candidates, key=lambda person: (load[person.id], person.id))[: max(missing, 0)]
        if not chosen or stage_pass.consolidation or stage_pass.panel_closed_reason:
            change.nothing()
            return ()
        for person in chosen:
            change.session.add(
                models.Scoresheet(stage_pass_id=stage_pass.id, evaluator_id=person.id, invited_on=change.today)
            )
            change.tell(person, "invitation-to-score")
        kill_point("invite.before")
        change.session.flush()
        kill_point("invite.after")
        change.record("evaluators.invited", evaluators=[person.id for person in chosen])
        return tuple(chosen)


def score(
    db: Database,
    code: str,
    *,
    by: str,
    at: datetime,
    scores: Mapping[str, Decimal],
    remarks: Mapping[str, str] | None = None,
    pros: str = "",
    cons: str = "",
    submit: bool = True,
) -> None:
    """Fill in one's own scoresheet; without ``submit`` it is only saved, and can be filled in further.

    Args:
        scores: Key of a criterion to its score, 0 to 5 in halves.
        remarks: Key of a criterion to a remark.
        pros: What speaks for the pilot.
        cons: What speaks against it.
        submit: Hand the sheet in; it cannot be changed afterwards.

    Raises:
        Refused: The person is not invited, withdrew, or has handed the sheet in.
        Invalid: A criterion is unknown, a score out of range, or one is missing when handing in.
    """
    with changing(db, code, by=by, action=Action.SCORE, at=at) as change:
        stage, stage_pass = current_stage(change, StageKind.EVALUATION)
        row = _own_sheet(change, stage_pass)
        merged = {**{key: Decimal(value) for key, value in row.scores.items()}, **scores}
        _check_scores(change.process.score_set(stage.score_set), merged, complete=submit)
        row.scores = {key: str(value) for key, value in merged.items()}
        row.remarks = {**row.remarks, **{key: checked_text(text, "remark") for key, text in (remarks or {}).items()}}
        row.pros = checked_text(pros, "pros") or row.pros
        row.cons = checked_text(cons, "cons") or row.cons
        if submit:
            row.submitted_on = change.today
        # The audit says that somebody scored, not how: scores stay hidden until the panel is complete.
        change.record("sheet.submitted" if submit else "sheet.saved", criteria=sorted(scores))


def _own_sheet(change: Change, stage_pass: StagePass) -> models.Scoresheet:
    actor = change.actor
    evaluator = actor.id if actor else None
    row = one(change.session, models.Scoresheet, stage_pass_id=stage_pass.id, evaluator_id=evaluator)
    if row is None or row.withdrawn:
        raise Refused(
            message(
                "{email} is not invited to score {code}.", email=actor.email if actor else "", code=change.pilot.code
            ),
            message("pilotkit invites evaluators itself; ask the coordinator."),
        )
    if row.submitted_on or stage_pass.consolidation:
        raise Conflict(
            message("The sheet was handed in on {on} and cannot change.", on=row.submitted_on or change.today),
            message("Ask the coordinator for a second round."),
        )
    return row


def _check_scores(score_set: ScoreSet, scores: Mapping[str, Decimal], *, complete: bool) -> None:
    known = {criterion.key for criterion in score_set.criteria}
    for key, value in scores.items():
        if key not in known:
            raise Invalid(
                message("There is no score criterion {key}.", key=key[:60]),
                message("There are: {keys}.", keys=", ".join(sorted(known))),
            )
        if not value.is_finite() or not 0 <= value <= _HIGHEST or value % _STEP:
            raise Invalid(
                message("{value} is no score for {key}.", value=value, key=key),
                message("Scores go from 0 to 5 in steps of a half."),
            )
    missing = sorted(known - set(scores))
    if complete and missing:
        raise Invalid(
            message("The sheet lacks a score for: {keys}.", keys=", ".join(missing)),
            message("Give them too, or save the sheet without handing it in: --draft."),
        )


def close_panel(db: Database, code: str, *, reason: str, by: str, at: datetime) -> None:
    """Go on with the sheets that are in, although some are missing.

    Raises:
        Refused: No sheet is in.
        Invalid: There is no reason.
    """
    with changing(db, code, by=by, action=Action.MANAGE_PANEL, at=at) as change:
        _, stage_pass = current_stage(change, StageKind.EVALUATION)
        if not any(sheet.submitted_on for sheet in valid_sheets(stage_pass)):
            raise Refused(message("No scoresheet is in."), message("Wait for the first one."))
        row = change.session.get_one(models.StagePass, stage_pass.id)
        row.panel_closed_reason = checked_text(reason, "reason", required=True)
        change.record("panel.closed", reason=reason)


def consolidate(db: Database, code: str, *, at: datetime) -> bool:
    """Consolidate the scores once the panel is complete; says whether there was anything to do."""
    with changing(db, code, by=None, action=Action.MANAGE_PANEL, at=at) as change:
        here = stage_now(change.pilot, change.process, StageKind.EVALUATION)
        if here is None or here[1].consolidation or not panel_complete(*here):
            change.nothing()
            return False
        stage, stage_pass = here
        sheets = [sheet for sheet in valid_sheets(stage_pass) if sheet.submitted_on]
        result = consolidated(change.process.score_set(stage.score_set), sheets, change.today)
        change.session.add(
            models.Consolidation(
                stage_pass_id=stage_pass.id,
                consolidated_on=result.on,
                means={key: str(value) for key, value in result.means.items()},
                spreads={key: str(value) for key, value in result.spreads.items()},
                total=result.total,
                knocked_out=list(result.knocked_out),
                flagged=list(result.flagged),
                recommendation=result.recommendation,
            )
        )
        kill_point("consolidate.before")
        change.session.flush()
        kill_point("consolidate.after")
        change.record("scores.consolidated", total=str(result.total), recommendation=result.recommendation)
        return True


def declare_conflict(db: Database, code: str, *, person: str, reason: str, by: str, at: datetime) -> None:
    """Excuse a person from scoring and voting on the pilot; a sheet is withdrawn, even after scoring.

    Args:
        person: Whose conflict it is; people declare their own, coordinators and admins anybody's.

    Raises:
        NotFound: Nobody has this address.
        Conflict: It was declared before.
    """
    with changing(db, code, by=by, action=Action.DECLARE_CONFLICT, at=at) as change:
        excused = change.person(person or by)
        _check_may_declare(change, excused)
        if any(conflict.person.id == excused.id for conflict in change.pilot.conflicts):
            raise Conflict(
                message("The conflict of interest of {email} is declared already.", email=excused.email),
                message("There is nothing to do."),
            )
        change.session.add(
            models.ConflictOfInterest(
                pilot_id=change.pilot.id,
                person_id=excused.id,
                declared_on=change.today,
                reason=checked_text(reason, "reason", required=True),
            )
        )
        if open_pass := change.pilot.open_pass:
            _withdraw_sheet(change, open_pass, excused)
        change.record("conflict.declared", person=excused.id, reason=reason)


def _withdraw_sheet(change: Change, stage_pass: StagePass, excused: Person) -> None:
    """A panel that was closed with this sheet alone is open again: others must be invited."""
    for row in some(change.session, models.Scoresheet, stage_pass_id=stage_pass.id, evaluator_id=excused.id):
        row.withdrawn = True
        if row.submitted_on and stage_pass.consolidation:
            _consolidate_anew(change, stage_pass)
    if not any(sheet.submitted_on for sheet in valid_sheets(stage_pass) if sheet.evaluator.id != excused.id):
        change.session.get_one(models.StagePass, stage_pass.id).panel_closed_reason = ""


def _consolidate_anew(change: Change, stage_pass: StagePass) -> None:
    """What the scores came to rests on a sheet that does not count any more; so does the report."""
    row = one(change.session, models.Consolidation, stage_pass_id=stage_pass.id)
    change.session.delete(row)
    place = {"key": "evaluation-report", "subject": f"{stage_pass.stage}.{stage_pass.number}"}
    for record in some(change.session, models.Document, pilot_id=change.pilot.id, **place):
        record.revision = 0  # to be rendered once more
    change.record("consolidation.withdrawn", stage=stage_pass.stage, number=stage_pass.number)


def _check_may_declare(change: Change, excused: Person) -> None:
    actor = change.actor
    if actor is None or actor.id == excused.id:
        return
    if not {"coordinator", "admin"} & {role.value for role in actor.roles}:
        raise NotAllowed(
            message("{email} can only declare a conflict of their own.", email=actor.email),
            message("Ask the coordinator to record that of {email}.", email=excused.email),
        )

"""Criteria: show that they are met, waive them, or say that they do not apply."""

from datetime import datetime

from pilotkit.db import models
from pilotkit.db.engine import Database
from pilotkit.db.queries.rows import one
from pilotkit.domain.decision import deciding_pass
from pilotkit.domain.errors import Invalid, NotFound, Refused, message
from pilotkit.domain.gate import ChecklistLine, checklist
from pilotkit.domain.limits import checked_text
from pilotkit.domain.permission import Action
from pilotkit.domain.pilot import CriterionVerdict
from pilotkit.faults import kill_point
from pilotkit.services.change import Change, changing


def meet_criterion(
    db: Database,
    code: str,
    *,
    criterion: str,
    by: str,
    at: datetime,
    evidence: str = "",
    country: str = "",
    authority: str = "",
) -> None:
    """Say that a criterion is met, and on what evidence. Evidence of an earlier pass is confirmed by giving none.

    Args:
        country: For a legal criterion, the country; all countries of the pilot when empty.
        authority: For a legal criterion, the authority or person who said so.

    Raises:
        NotFound: The gate has no such criterion, or the pilot no partner in that country.
        Invalid: Evidence (or the authority of a legal criterion) is missing.
        Refused: pilotkit itself sees whether it is met.
    """
    with changing(db, code, by=by, action=Action.SHOW_CRITERION, at=at) as change:
        for line in _lines(change, criterion, country):
            _refuse_seen_by_itself(line)
            before = line.record
            proof = checked_text(evidence, "evidence") or (before.evidence if before else "")
            said_by = checked_text(authority, "authority") or (before.authority if before else "")
            if not proof:
                raise Invalid(
                    message("The criterion {key} needs evidence.", key=criterion),
                    message("Name the file, link or note that shows it: --evidence TEXT."),
                )
            if line.criterion.legal:
                _require_authority(criterion, said_by)
            _store(change, line, "met", evidence=proof, authority=said_by)


def waive_criterion(db: Database, code: str, *, criterion: str, reason: str, by: str, at: datetime) -> None:
    """Waive a criterion, with a reason. Legal criteria are never waived.

    Raises:
        Refused: It is a legal criterion.
        Invalid: There is no reason.
    """
    with changing(db, code, by=by, action=Action.WAIVE_CRITERION, at=at) as change:
        for line in _lines(change, criterion, ""):
            if line.criterion.legal:
                raise Refused(
                    message("The criterion {key} is required by law and cannot be waived.", key=criterion),
                    message("Show that it is met, or that it does not apply, for each country."),
                )
            _store(change, line, "waived", reason=_required_reason(reason))


def criterion_not_applicable(
    db: Database,
    code: str,
    *,
    criterion: str,
    reason: str,
    by: str,
    at: datetime,
    country: str = "",
    authority: str = "",
) -> None:
    """Say that a legal criterion does not apply, in one country or in all, and who said so.

    Raises:
        Refused: It is no legal criterion: those are met or waived.
        Invalid: Reason or authority is missing.
    """
    with changing(db, code, by=by, action=Action.WAIVE_CRITERION, at=at) as change:
        for line in _lines(change, criterion, country):
            if not line.criterion.legal:
                raise Refused(
                    message("Only legal criteria can be not applicable; {key} is none.", key=criterion),
                    message("Waive it with a reason: pilotkit criterion waive {code} {key}", code=code, key=criterion),
                )
            _require_authority(criterion, authority)
            _store(change, line, "not applicable", reason=_required_reason(reason), authority=authority)


def check_by_itself(db: Database, code: str, *, criterion: str, at: datetime) -> bool:
    """Record that a criterion is met which pilotkit sees for itself; says whether there was anything to record."""
    with changing(db, code, by=None, action=Action.SHOW_CRITERION, at=at) as change:
        stage_pass = change.pilot.open_pass if change.pilot.in_work else None
        lines = checklist(change.pilot, change.process, stage_pass) if stage_pass else ()
        due = [line for line in lines if line.criterion.key == criterion and line.blocks and not line.missing]
        if not due or not due[0].criterion.shown_by:
            change.nothing()
            return False
        _store(change, due[0], "met", evidence="pilotkit")
        return True


def _lines(change: Change, key: str, country: str) -> tuple[ChecklistLine, ...]:
    stage_pass = deciding_pass(change.pilot)
    lines = checklist(change.pilot, change.process, stage_pass)
    of_key = tuple(line for line in lines if line.criterion.key == key)
    if not of_key:
        raise NotFound(
            message("The gate of the stage {stage} has no criterion {key}.", stage=stage_pass.stage, key=key[:60]),
            message("It has: {keys}.", keys=", ".join(dict.fromkeys(line.criterion.key for line in lines))),
        )
    if not country or not of_key[0].criterion.legal:
        return of_key
    chosen = tuple(line for line in of_key if line.country == country.upper())
    if not chosen:
        raise NotFound(
            message("{code} has no partner in {country}.", code=change.pilot.code, country=country[:20]),
            message("Its countries are: {countries}.", countries=", ".join(change.pilot.countries)),
        )
    return chosen


def _refuse_seen_by_itself(line: ChecklistLine) -> None:
    if line.criterion.shown_by:
        raise Refused(
            message("pilotkit itself sees whether the criterion {key} is met.", key=line.criterion.key),
            message("Do what is missing ({missing}), or waive the criterion with a reason.", missing=line.missing)
            if line.missing
            else message("There is nothing to do."),
        )


def _require_authority(criterion: str, authority: str) -> None:
    if not authority.strip():
        raise Invalid(
            message("The legal criterion {key} needs the authority or person who said so.", key=criterion),
            message("Name it by office: --authority TEXT."),
        )


def _required_reason(reason: str) -> str:
    if not reason.strip():
        raise Invalid(message("A reason is missing."), message("Give it with --reason TEXT."))
    return checked_text(reason, "reason")


def _store(
    change: Change,
    line: ChecklistLine,
    verdict: CriterionVerdict,
    *,
    evidence: str = "",
    reason: str = "",
    authority: str = "",
) -> None:
    stage_pass = deciding_pass(change.pilot)
    place = {"stage_pass_id": stage_pass.id, "criterion": line.criterion.key, "country": line.country}
    row = one(change.session, models.CriterionRecord, **place)
    if row is None:
        row = models.CriterionRecord(**place)
        change.session.add(row)
    row.verdict = verdict
    row.recorded_on = change.today
    row.by_id = change.actor.id if change.actor else None
    row.evidence, row.reason, row.authority = evidence, reason, authority
    kill_point("criterion.before")
    change.session.flush()
    kill_point("criterion.after")
    change.record(
        f"criterion.{verdict.replace(' ', '-')}",
        criterion=line.criterion.key,
        country=line.country,
        evidence=evidence,
        reason=reason,
        authority=authority,
    )

"""Trials: indicators, start, measurements, end, outcomes."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import get_args

from sqlalchemy.orm import Session

from pilotkit.db import models
from pilotkit.db.engine import Database
from pilotkit.db.queries.rows import one, some
from pilotkit.domain.errors import Conflict, Invalid, NotFound, Refused, message
from pilotkit.domain.gate import open_legal_lines
from pilotkit.domain.limits import TITLE_LIMIT, checked_name, checked_text, checked_texts
from pilotkit.domain.permission import Action
from pilotkit.domain.pilot import Direction, Measure, Reading, StagePass
from pilotkit.domain.process import StageKind
from pilotkit.domain.text import Texts
from pilotkit.faults import kill_point
from pilotkit.services.change import Change, changing
from pilotkit.services.evaluation import current_stage, stage_now


@dataclass(frozen=True, kw_only=True)
class IndicatorPlan:
    """An indicator as planned before the trial."""

    key: str
    title: Texts
    unit: str
    measure: Measure
    direction: Direction
    target: Decimal
    baseline: Reading | None = None


def add_indicator(db: Database, code: str, *, plan: IndicatorPlan, by: str, at: datetime) -> None:
    """Plan an indicator, or replace one of the same key; once the trial has started they are frozen.

    Raises:
        Refused: The trial has started.
        Invalid: Kind, direction or baseline do not fit.
    """
    if plan.measure not in get_args(Measure) or plan.direction not in get_args(Direction):
        raise Invalid(
            message(
                "An indicator cannot be a {measure} with direction {direction}.",
                measure=plan.measure,
                direction=plan.direction,
            ),
            message(
                "Kinds are {measures}; directions {directions}.",
                measures=", ".join(get_args(Measure)),
                directions=", ".join(get_args(Direction)),
            ),
        )
    with changing(db, code, by=by, action=Action.PLAN_TRIAL, at=at) as change:
        _, stage_pass = current_stage(change, StageKind.TRIAL)
        if stage_pass.started_on:
            raise Refused(
                message(
                    "The trial of {code} started on {on}: its indicators are frozen.",
                    code=code,
                    on=stage_pass.started_on,
                ),
                message("Plan them in the next pass."),
            )
        if plan.measure == "proportion" and not 0 <= plan.target <= 1:
            raise Invalid(
                message("The target {target} is no share of a whole.", target=plan.target),
                message("A proportion lies between 0 and 1: write 15 % as 0.15."),
            )
        if plan.baseline:
            check_reading(plan.baseline, plan.measure, change.today)
        _store_indicator(change, stage_pass, plan)
        change.record("indicator.planned", key=plan.key, target=str(plan.target))


def _store_indicator(change: Change, stage_pass: StagePass, plan: IndicatorPlan) -> None:
    row = _indicator(change.session, stage_pass, plan.key)
    if row is None:
        row = models.Indicator(stage_pass_id=stage_pass.id, key=checked_name(plan.key, "key"))
        change.session.add(row)
    row.title = checked_texts(plan.title, "title", change.programme.languages, limit=TITLE_LIMIT)
    row.unit = checked_text(plan.unit, "unit", limit=60)
    row.measure, row.direction, row.target = plan.measure, plan.direction, plan.target
    change.session.flush()
    for old in some(change.session, models.Reading, indicator_id=row.id):
        change.session.delete(old)
    change.session.flush()
    if plan.baseline:
        _store_reading(change.session, row.id, plan.baseline, baseline=True)


def _indicator(session: Session, stage_pass: StagePass, key: str) -> models.Indicator | None:
    return one(session, models.Indicator, stage_pass_id=stage_pass.id, key=key)


def _store_reading(session: Session, indicator_id: int, reading: Reading, *, baseline: bool) -> None:
    session.add(
        models.Reading(
            indicator_id=indicator_id,
            baseline=baseline,
            read_on=reading.on,
            source=checked_text(reading.source, "source", limit=TITLE_LIMIT),
            value=reading.value,
            numerator=reading.numerator,
            denominator=reading.denominator,
            n=reading.n,
            deviation=reading.deviation,
            events=reading.events,
            exposure=reading.exposure,
        )
    )


def check_reading(reading: Reading, measure: Measure, today: date) -> None:
    """Refuse an aggregate that does not fit the kind of its indicator.

    Raises:
        Invalid: A part is missing, out of range, or the date lies in the future.
    """
    fits: dict[Measure, Callable[[], bool]] = {
        "proportion": lambda: (
            reading.denominator is not None
            and reading.numerator is not None
            and 0 <= reading.numerator <= reading.denominator
            and reading.denominator > 0
        ),
        "mean": lambda: (
            reading.n is not None and reading.n > 0 and (reading.deviation is None or reading.deviation >= 0)
        ),
        "rate": lambda: (
            reading.events is not None and reading.events >= 0 and reading.exposure is not None and reading.exposure > 0
        ),
        "figure": lambda: True,
    }
    if not fits[measure]() or not reading.value.is_finite():
        raise Invalid(
            message("The figures do not make a {measure}.", measure=measure),
            message(
                "A proportion is numerator/denominator, a mean n and mean (and deviation), a rate events and exposure."
            ),
        )
    if reading.on > today:
        raise Invalid(
            message("The measurement date {on} lies in the future.", on=reading.on),
            message("Enter measurements when they are made."),
        )


def start_trial(db: Database, code: str, *, by: str, at: datetime, on: date | None = None) -> None:
    """Start the trial: legal criteria must be settled, a booking and indicators with baselines be there.

    Raises:
        Refused: Something is missing; the message lists it.
        Invalid: The day lies in the future or before the stage was opened.
    """
    with changing(db, code, by=by, action=Action.PLAN_TRIAL, at=at) as change:
        _, stage_pass = current_stage(change, StageKind.TRIAL)
        day = on or change.today
        if stage_pass.started_on:
            raise Conflict(
                message("The trial started on {on}.", on=stage_pass.started_on), message("There is nothing to do.")
            )
        _check_day(day, stage_pass.opened_on, change.today)
        missing = [
            message("{key} for {country}", key=line.criterion.key, country=line.country)
            for line in open_legal_lines(change.pilot, change.process, stage_pass)
        ]
        if not any(booking.state != "released" for booking in stage_pass.bookings):
            missing.append(message("a booking of a test arena"))
        if not stage_pass.indicators or any(indicator.baseline is None for indicator in stage_pass.indicators):
            missing.append(message("indicators with baseline and target"))
        if missing:
            raise Refused(
                message(
                    "The trial of {code} cannot start; still missing: {missing}.", code=code, missing=tuple(missing)
                ),
                message("Settle these first; legal criteria cannot be waived."),
            )
        change.session.get_one(models.StagePass, stage_pass.id).started_on = day
        change.record("trial.started", on=str(day))


def _check_day(day: date, earliest: date, today: date) -> None:
    if not earliest <= day <= today:
        raise Invalid(
            message(
                "{day} is not possible: it must lie between {earliest} and {today}.",
                day=day,
                earliest=earliest,
                today=today,
            ),
            message("Record it on the day it happens, or later."),
        )


def freeze_baselines(db: Database, code: str, *, at: datetime) -> bool:
    """Freeze baselines and targets of a started trial; says whether there was anything to do."""
    with changing(db, code, by=None, action=Action.PLAN_TRIAL, at=at) as change:
        here = stage_now(change.pilot, change.process, StageKind.TRIAL)
        if here is None or not here[1].started_on or here[1].frozen_on:
            change.nothing()
            return False
        _, stage_pass = here
        change.session.get_one(models.StagePass, stage_pass.id).frozen_on = stage_pass.started_on
        for row in some(change.session, models.Indicator, stage_pass_id=stage_pass.id):
            row.frozen_on = stage_pass.started_on
        kill_point("freeze.before")
        change.session.flush()
        kill_point("freeze.after")
        change.record("baselines.frozen", indicators=[indicator.key for indicator in stage_pass.indicators])
        return True


def measure(db: Database, code: str, *, indicator: str, reading: Reading, by: str, at: datetime) -> None:
    """Enter an aggregate of a running trial; a later one replaces an earlier one.

    Raises:
        NotFound: There is no such indicator.
        Refused: The trial is not running.
        Invalid: The figures do not fit the indicator.
    """
    with changing(db, code, by=by, action=Action.MEASURE, at=at) as change:
        _, stage_pass = current_stage(change, StageKind.TRIAL)
        row = _indicator(change.session, stage_pass, indicator)
        if row is None:
            raise NotFound(
                message("The trial of {code} has no indicator {key}.", code=code, key=indicator[:60]),
                message("It has: {keys}.", keys=", ".join(i.key for i in stage_pass.indicators)),
            )
        if not stage_pass.started_on or stage_pass.ended_on:
            raise Refused(
                message("The trial of {code} is not running.", code=code),
                message("Measurements are entered between start and end."),
            )
        check_reading(reading, row.measure, change.today)
        _store_reading(change.session, row.id, reading, baseline=False)
        change.record("indicator.measured", key=indicator, on=str(reading.on), value=str(reading.value))


def end_trial(db: Database, code: str, *, by: str, at: datetime, on: date | None = None) -> None:
    """End the trial; pilotkit computes the outcomes.

    Raises:
        Refused: It is not running.
        Invalid: The day lies in the future or before the start.
    """
    with changing(db, code, by=by, action=Action.PLAN_TRIAL, at=at) as change:
        _, stage_pass = current_stage(change, StageKind.TRIAL)
        if not stage_pass.started_on or stage_pass.ended_on:
            raise Refused(message("The trial of {code} is not running.", code=code), message("Start it first."))
        day = on or change.today
        _check_day(day, stage_pass.started_on, change.today)
        change.session.get_one(models.StagePass, stage_pass.id).ended_on = day
        change.record("trial.ended", on=str(day))


def compute_outcomes(db: Database, code: str, *, at: datetime) -> bool:
    """Compute how each indicator of an ended trial came out; says whether there was anything to do."""
    from pilotkit.domain.trial import outcome

    with changing(db, code, by=None, action=Action.PLAN_TRIAL, at=at) as change:
        here = stage_now(change.pilot, change.process, StageKind.TRIAL)
        if here is None or not here[1].ended_on or here[1].outcomes_on:
            change.nothing()
            return False
        _, stage_pass = here
        results = [outcome(indicator) for indicator in stage_pass.indicators]
        for result in results:
            row = _indicator(change.session, stage_pass, result.indicator)
            change.session.add(
                models.TrialOutcome(
                    stage_pass_id=stage_pass.id,
                    indicator_id=row.id if row else None,
                    result=result.result,
                    change=result.change,
                    low=result.low,
                    high=result.high,
                    note=result.note,
                )
            )
        change.session.get_one(models.StagePass, stage_pass.id).outcomes_on = change.today
        kill_point("outcomes.before")
        change.session.flush()
        kill_point("outcomes.after")
        change.record("outcomes.computed", results={result.indicator: result.result for result in results})
        return True

"""The trial report: how it was tried, and what was measured against baseline and target. Internal."""

from dataclasses import dataclass
from datetime import date

from pilotkit.documents.views.parts import Passage, PilotPages, Who, Wording, day_of, frame, pilot_name, who
from pilotkit.documents.views.results import IndicatorResult, results
from pilotkit.domain.dossier import Dossier
from pilotkit.domain.errors import Refused
from pilotkit.domain.pilot import StagePass
from pilotkit.domain.process import StageKind
from pilotkit.domain.text import message


@dataclass(frozen=True, kw_only=True)
class BookingLine:
    """Days in a test arena."""

    arena: str
    first_day: date
    last_day: date
    places: int
    state: str


@dataclass(frozen=True, kw_only=True)
class Protocol:
    """The dates of the trial: when baselines were frozen, when it ran, when outcomes were computed."""

    opened_on: date
    frozen_on: date | None
    started_on: date | None
    ended_on: date | None
    outcomes_on: date | None


@dataclass(frozen=True, kw_only=True)
class LegalLine:
    """A legal criterion of the trial per country, with the authority that said so."""

    criterion: str
    country: str
    verdict: str
    authority: str


@dataclass(frozen=True, kw_only=True)
class TrialReport(PilotPages):
    """The pages of a trial report."""

    summary: Passage
    approach: Passage
    stage: str
    number: int
    coordinator: Who | None
    protocol: Protocol
    bookings: tuple[BookingLine, ...]
    law: tuple[LegalLine, ...]
    results: tuple[IndicatorResult, ...]
    counts: tuple[tuple[str, int], ...]


def trial_report(dossier: Dossier, language: str, subject: str = "") -> TrialReport:
    """The report on a trial.

    Args:
        dossier: The pilot.
        language: The document's language.
        subject: ``stage.number`` of the pass; the latest trial that ended, else the latest, if empty.

    Raises:
        Refused: There was no trial (of that name).
    """
    pilot = dossier.pilot
    wording = Wording(dossier.programme, language)
    stage_pass = _tried(dossier, subject)
    stage = dossier.process.stage(stage_pass.stage)
    as_of = stage_pass.outcomes_on or day_of(pilot.changed_at, dossier.programme)
    measured = results(stage_pass, wording, public=False)
    titles = {each.key: wording.say(each.title) for each in stage.gate.criteria if each.legal}
    return TrialReport(
        frame=frame(dossier.programme, wording, as_of),
        pilot=pilot_name(dossier, wording),
        summary=wording.own(pilot.summary),
        approach=wording.own(pilot.approach),
        stage=wording.say(stage.title),
        number=stage_pass.number,
        coordinator=who(pilot.coordinator) if pilot.coordinator else None,
        protocol=Protocol(
            opened_on=stage_pass.opened_on,
            frozen_on=stage_pass.frozen_on,
            started_on=stage_pass.started_on,
            ended_on=stage_pass.ended_on,
            outcomes_on=stage_pass.outcomes_on,
        ),
        bookings=tuple(
            BookingLine(
                arena=each.arena_name,
                first_day=each.first_day,
                last_day=each.last_day,
                places=each.places,
                state=each.state,
            )
            for each in stage_pass.bookings
        ),
        law=tuple(
            LegalLine(
                criterion=titles[each.criterion], country=each.country, verdict=each.verdict, authority=each.authority
            )
            for each in stage_pass.criteria
            if each.criterion in titles
        ),
        results=measured,
        counts=tuple(
            (result, number)
            for result in ("reached", "partly", "not reached", "not measurable")
            if (number := sum(1 for each in measured if each.result == result))
        ),
    )


def _tried(dossier: Dossier, subject: str) -> StagePass:
    trials = [
        each
        for each in dossier.pilot.valid_passes
        if dossier.process.stage(each.stage).kind is StageKind.TRIAL and subject in ("", f"{each.stage}.{each.number}")
    ]
    if not trials:
        raise Refused(
            message("{pilot} has no trial {subject}.", pilot=dossier.pilot.code, subject=subject),
            message("A trial report can be made once the pilot is in its trial."),
        )
    return ([each for each in trials if each.ended_on] or trials)[-1]

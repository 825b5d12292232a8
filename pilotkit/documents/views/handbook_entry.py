"""A pilot's entry in the handbook: it grows from the first stage on, and shows what is known by then.

Entries are public: they name roles and organisations, never people, and hide small counts.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from pilotkit.documents.views.parts import (
    Pages,
    Passage,
    PilotHead,
    StageMark,
    Who,
    Wording,
    day_of,
    frame,
    pilot_head,
    stage_track,
    who_by_role,
)
from pilotkit.documents.views.results import IndicatorResult, results
from pilotkit.domain.dossier import Dossier
from pilotkit.domain.pilot import EntryKind, EntryVersion, Pilot, PilotStatus, StagePass
from pilotkit.domain.process import Process, StageKind


@dataclass(frozen=True, kw_only=True)
class PartnerLine:
    """An organisation that took part, with its parts in the pilot."""

    name: str
    kind: str
    roles: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class CountryPartners:
    """The partners of one country."""

    country: str
    partners: tuple[PartnerLine, ...]


@dataclass(frozen=True, kw_only=True)
class TrialLine:
    """One pass of a trial: where and when it was tried, and what came of it."""

    stage: str
    started_on: date | None
    ended_on: date | None
    arenas: tuple[str, ...]
    results: tuple[IndicatorResult, ...]


@dataclass(frozen=True, kw_only=True)
class LawLine:
    """A legal criterion and how it was settled: pairs of country (empty where it counts for all) and verdict."""

    criterion: str
    verdicts: tuple[tuple[str, str], ...]


@dataclass(frozen=True, kw_only=True)
class LessonLine:
    """What was learned: ``worked``, ``did not`` or ``would change``."""

    kind: str
    text: Passage


@dataclass(frozen=True, kw_only=True)
class JudgementLine:
    """What an organisation elsewhere says about whether it would work there."""

    organisation: str
    country: str
    text: Passage


@dataclass(frozen=True, kw_only=True)
class AdoptionLine:
    """A solution taken up by an organisation."""

    organisation: str
    solution: Passage
    on: date


@dataclass(frozen=True, kw_only=True)
class Entry:
    """The entry itself, alone in its document or among others in the handbook.

    Attributes:
        kind: ``results``, ``learned`` (stopped from the trial on) or ``note`` (stopped before).
        version: Number of the version; 0 as long as none has been compiled.
        published_on: None as long as it is a draft.
    """

    pilot: PilotHead
    kind: EntryKind
    version: int
    published_on: date | None
    track: tuple[StageMark, ...]
    summary: Passage
    problem: Passage
    approach: Passage
    needs: Passage
    partners: tuple[CountryPartners, ...]
    trials: tuple[TrialLine, ...]
    law: tuple[LawLine, ...]
    lessons: tuple[LessonLine, ...]
    transferability: tuple[JudgementLine, ...]
    adoptions: tuple[AdoptionLine, ...]
    contact: tuple[Who, ...]
    stopped_because: Passage


@dataclass(frozen=True, kw_only=True)
class HandbookEntry(Pages):
    """The pages of a single entry."""

    entry: Entry

    @property
    def heading(self) -> Passage:
        """The pilot's title."""
        return self.entry.pilot.title

    @property
    def subtitle(self) -> Passage:
        """The action area."""
        return self.entry.pilot.area

    @property
    def code(self) -> str:
        """The pilot's code."""
        return self.entry.pilot.code

    @property
    def draft(self) -> bool:
        """An entry is a draft until it is published."""
        return self.entry.published_on is None


def handbook_entry(dossier: Dossier, language: str) -> HandbookEntry:
    """The entry as its own document."""
    wording = Wording(dossier.programme, language)
    return HandbookEntry(
        frame=frame(dossier.programme, wording, day_of(dossier.pilot.changed_at, dossier.programme)),
        entry=entry(dossier, wording, version=dossier.pilot.entries[-1] if dossier.pilot.entries else None),
    )


def entry(dossier: Dossier, wording: Wording, *, version: EntryVersion | None) -> Entry:
    """The entry from the facts of a dossier; a draft unless ``version`` is a published one."""
    pilot = dossier.pilot
    trials = [each for each in pilot.valid_passes if dossier.process.stage(each.stage).kind is StageKind.TRIAL]
    return Entry(
        pilot=pilot_head(dossier, wording),
        kind=version.kind if version else entry_kind(dossier.process, pilot),
        version=version.number if version else 0,
        published_on=version.published_on if version else None,
        track=stage_track(dossier.process, pilot, wording),
        summary=wording.own(pilot.summary),
        problem=wording.own(pilot.problem),
        approach=wording.own(pilot.approach),
        needs=wording.own(pilot.needs),
        partners=partners_by_country(pilot, wording),
        trials=tuple(_trial(each, dossier.process, wording) for each in trials),
        law=_law(dossier, wording),
        lessons=tuple(LessonLine(kind=each.kind, text=wording.own(each.text)) for each in pilot.lessons),
        transferability=tuple(
            JudgementLine(
                organisation=each.organisation.name, country=each.organisation.country, text=wording.own(each.text)
            )
            for each in pilot.transferability
        ),
        adoptions=tuple(
            AdoptionLine(organisation=each.organisation.name, solution=wording.own(each.solution), on=each.on)
            for each in pilot.adoptions
        ),
        contact=tuple(_contact(pilot)),
        stopped_because=_stopped_because(pilot, wording),
    )


def entry_kind(process: Process, pilot: Pilot) -> EntryKind:
    """What kind of entry a pilot without a compiled version is going to have."""
    if pilot.status is not PilotStatus.STOPPED:
        return "results"
    kinds = {process.stage(each.stage).kind for each in pilot.valid_passes}
    tried = kinds & {StageKind.TRIAL, StageKind.IMPLEMENTATION, StageKind.PUBLICATION}
    return "learned" if tried else "note"


def partners_by_country(pilot: Pilot, wording: Wording) -> tuple[CountryPartners, ...]:
    """The active partners, by the names of their countries; an organisation with several roles stands there once."""
    lines: dict[tuple[str, str], PartnerLine] = {}
    for partner in pilot.active_partners:
        place = (partner.organisation.country, partner.organisation.name)
        known = lines[place].roles if place in lines else ()
        roles = known if partner.role in known else (*known, partner.role)
        lines[place] = PartnerLine(name=partner.organisation.name, kind=partner.organisation.kind, roles=roles)
    ordered = sorted(lines, key=lambda place: _rank(place[0], lines[place], wording))
    return tuple(
        CountryPartners(country=country, partners=tuple(lines[place] for place in places))
        for country, places in groupby(ordered, key=lambda place: place[0])
    )


def _rank(country: str, line: PartnerLine, wording: Wording) -> tuple[object, ...]:
    """By the country's name; within it the lead first, then by name."""
    return wording.sort_key(wording.country(country)), "lead" not in line.roles, wording.sort_key(line.name)


def _trial(stage_pass: StagePass, process: Process, wording: Wording) -> TrialLine:
    arenas = dict.fromkeys(booking.arena_name for booking in stage_pass.bookings if booking.state == "confirmed")
    return TrialLine(
        stage=wording.say(process.stage(stage_pass.stage).title),
        started_on=stage_pass.started_on,
        ended_on=stage_pass.ended_on,
        arenas=tuple(arenas),
        # Before the outcome is computed, a half-known figure would be read as a result.
        results=results(stage_pass, wording, public=True) if stage_pass.outcomes_on else (),
    )


def _law(dossier: Dossier, wording: Wording) -> tuple[LawLine, ...]:
    """The latest word on each legal criterion per country; who said so, and why, stands in the gate record."""
    latest: dict[str, dict[str, str]] = {}
    titles: dict[str, str] = {}
    for stage_pass in dossier.pilot.valid_passes:
        legal = {each.key: each.title for each in dossier.process.stage(stage_pass.stage).gate.criteria if each.legal}
        for record in stage_pass.criteria:
            if record.criterion in legal:
                titles[record.criterion] = wording.say(legal[record.criterion])
                latest.setdefault(record.criterion, {})[record.country] = record.verdict
    return tuple(LawLine(criterion=titles[key], verdicts=tuple(verdicts.items())) for key, verdicts in latest.items())


def _contact(pilot: Pilot) -> Iterator[Who]:
    if pilot.lead:
        yield Who(role="lead", organisation=pilot.lead.name)
    if pilot.coordinator:
        yield who_by_role(pilot.coordinator, "coordinator")


def _stopped_because(pilot: Pilot, wording: Wording) -> Passage:
    if pilot.status is not PilotStatus.STOPPED:
        return wording.main("")
    standing = [decision for decision in pilot.decisions if not decision.reverted]
    return wording.main(standing[-1].rationale if standing else "")

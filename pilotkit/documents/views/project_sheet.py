"""The project sheet: one page about a pilot, to send to a call. Public."""

from dataclasses import dataclass, replace
from decimal import Decimal

from pilotkit.documents.views.handbook_entry import CountryPartners, partners_by_country
from pilotkit.documents.views.parts import (
    Passage,
    PilotHead,
    PilotPages,
    Who,
    Wording,
    day_of,
    frame,
    pilot_head,
    who_by_role,
)
from pilotkit.domain.dossier import Dossier
from pilotkit.domain.pilot import Pilot

ROOM = 460
"""Characters per text: with all of them filled, eight partners and four goals the sheet is one page."""

PARTNERS = 8
GOALS = 4


@dataclass(frozen=True, kw_only=True)
class Goal:
    """What the pilot wants to reach: an indicator with its target."""

    title: Passage
    unit: str
    measure: str
    direction: str
    target: Decimal


@dataclass(frozen=True, kw_only=True)
class ProjectSheet(PilotPages):
    """The page; ``more_partners`` is how many partners there is no room for."""

    pilot: PilotHead
    summary: Passage
    problem: Passage
    approach: Passage
    partners: tuple[CountryPartners, ...]
    more_partners: int
    goals: tuple[Goal, ...]
    contact: Who | None


def project_sheet(dossier: Dossier, language: str) -> ProjectSheet:
    """The sheet from a pilot's facts, its texts cut to one page."""
    pilot = dossier.pilot
    wording = Wording(dossier.programme, language)
    partners = partners_by_country(pilot, wording)
    shown = first_partners(partners, PARTNERS)
    return ProjectSheet(
        frame=frame(dossier.programme, wording, day_of(pilot.changed_at, dossier.programme)),
        pilot=pilot_head(dossier, wording),
        summary=shortened(wording.own(pilot.summary)),
        problem=shortened(wording.own(pilot.problem)),
        approach=shortened(wording.own(pilot.approach)),
        partners=shown,
        more_partners=_number(partners) - _number(shown),
        goals=_goals(pilot, wording),
        contact=who_by_role(pilot.coordinator, "coordinator") if pilot.coordinator else None,
    )


def shortened(passage: Passage) -> Passage:
    """The beginning of a text, to the last full sentence (else the last word) that there is room for."""
    return {language: _beginning(text.strip()) for language, text in passage.items()}


def _beginning(text: str) -> str:
    if len(text) <= ROOM:
        return text
    sentences = text[:ROOM].rfind(". ")
    if sentences > ROOM // 2:
        return text[: sentences + 1] + " …"
    words = text[: ROOM - 2].rsplit(maxsplit=1)
    return words[0] + " …"


def first_partners(countries: tuple[CountryPartners, ...], room: int) -> tuple[CountryPartners, ...]:
    """As many partners as there is room for, each country in turn, so that none is missing because of its letter."""
    chosen = {country.country: 0 for country in countries}
    while room and any(chosen[each.country] < len(each.partners) for each in countries):
        for each in countries:
            if room and chosen[each.country] < len(each.partners):
                chosen[each.country] += 1
                room -= 1
    return tuple(_first(each, chosen[each.country]) for each in countries if chosen[each.country])


def _first(country: CountryPartners, number: int) -> CountryPartners:
    """Its first partners, without their kind: the sheet has no room for that."""
    return replace(country, partners=tuple(replace(partner, kind="") for partner in country.partners[:number]))


def _number(countries: tuple[CountryPartners, ...]) -> int:
    return sum(len(country.partners) for country in countries)


def _goals(pilot: Pilot, wording: Wording) -> tuple[Goal, ...]:
    planned = [each.indicators for each in pilot.valid_passes if each.indicators]
    return tuple(
        Goal(
            title=wording.own(each.title),
            unit=each.unit,
            measure=each.measure,
            direction=each.direction,
            target=each.target,
        )
        for each in (planned[-1] if planned else ())[:GOALS]
    )

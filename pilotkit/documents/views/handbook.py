"""The programme's handbook: entries by action area, with the method, who worked with whom, and what came of it. Public.

The public edition holds the published entries with the facts as they were frozen; the draft edition holds every pilot.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from pilotkit.documents.views.handbook_entry import Entry, entry
from pilotkit.documents.views.parts import Pages, Passage, Wording, book_frame
from pilotkit.domain.dossier import Dossier, Portfolio
from pilotkit.domain.pilot import EntryVersion
from pilotkit.domain.process import Gate, Process

COLUMNS = 12
"""Pilots beside each other in the cooperation matrix: more would not fit the page."""


@dataclass(frozen=True, kw_only=True)
class MethodCriterion:
    """A line of a gate's checklist."""

    title: str
    description: str
    legal: bool
    required: bool


@dataclass(frozen=True, kw_only=True)
class MethodStage:
    """A stage and its gate, as the process file has them."""

    title: str
    description: str
    working_days: int
    quorum: int
    majority: str
    criteria: tuple[MethodCriterion, ...]
    outcomes: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Method:
    """The way of every pilot."""

    title: str
    description: str
    version: int
    stages: tuple[MethodStage, ...]


@dataclass(frozen=True, kw_only=True)
class AreaEntries:
    """The entries of an action area, in the order of their codes."""

    title: Passage
    description: Passage
    entries: tuple[Entry, ...]


@dataclass(frozen=True, kw_only=True)
class MatrixRow:
    """An organisation and its roles in each pilot of the block."""

    organisation: str
    country: str
    roles: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, kw_only=True)
class MatrixBlock:
    """As many pilots as fit beside each other, with every organisation that has a part in one of them."""

    pilots: tuple[str, ...]
    rows: tuple[MatrixRow, ...]


@dataclass(frozen=True, kw_only=True)
class ServiceLine:
    """A solution that resulted from a pilot and was taken up."""

    solution: Passage
    organisation: str
    country: str
    on: date
    pilot: str


@dataclass(frozen=True, kw_only=True)
class IndexLine:
    """An organisation and the entries that name it as a partner."""

    organisation: str
    country: str
    pilots: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Handbook(Pages):
    """The pages of the handbook."""

    edition: Literal["public", "draft"]
    vision: Passage
    languages: tuple[str, ...]
    countries: tuple[str, ...]
    method: Method
    areas: tuple[AreaEntries, ...]
    matrix: tuple[MatrixBlock, ...]
    services: tuple[ServiceLine, ...]
    index: tuple[IndexLine, ...]

    @property
    def subtitle(self) -> Passage:
        """The vision that all entries serve."""
        return self.vision

    @property
    def draft(self) -> bool:
        """The draft edition holds entries that nobody has approved."""
        return self.edition == "draft"

    @property
    def entries(self) -> tuple[Entry, ...]:
        """Every entry, in the order of the book."""
        return tuple(each for area in self.areas for each in area.entries)


def handbook(portfolio: Portfolio, language: str, edition: Literal["public", "draft"]) -> Handbook:
    """The handbook of a programme."""
    programme = portfolio.programme
    wording = Wording(programme, language)
    chosen = sorted(_chosen(portfolio, edition), key=lambda pair: wording.sort_key(pair[0].pilot.code))
    dossiers = [dossier for dossier, _ in chosen]
    return Handbook(
        frame=book_frame(programme, wording, dossiers),
        edition=edition,
        vision=wording.own(programme.vision),
        languages=programme.languages,
        countries=programme.countries,
        method=_method(portfolio.process, wording),
        areas=tuple(
            AreaEntries(
                title=wording.own(area.title),
                description=wording.own(area.description),
                entries=entries,
            )
            for area in programme.areas
            if (
                entries := tuple(
                    entry(dossier, wording, version=version)
                    for dossier, version in chosen
                    if dossier.pilot.area == area.key
                )
            )
        ),
        matrix=tuple(_matrix(dossiers, wording)),
        services=tuple(_services(dossiers, wording)),
        index=_index(dossiers, wording),
    )


def _chosen(portfolio: Portfolio, edition: str) -> Iterator[tuple[Dossier, EntryVersion | None]]:
    if edition == "public":
        for published in portfolio.published:
            yield published.dossier, published.version
        return
    for dossier in portfolio.dossiers:
        if not dossier.pilot.archived:
            yield dossier, dossier.pilot.entries[-1] if dossier.pilot.entries else None


def _method(process: Process, wording: Wording) -> Method:
    return Method(
        title=wording.say(process.title),
        description=wording.say(process.description),
        version=process.version,
        stages=tuple(
            MethodStage(
                title=wording.say(stage.title),
                description=wording.say(stage.description),
                working_days=stage.working_days,
                quorum=stage.gate.quorum,
                majority=stage.gate.majority,
                criteria=_criteria(stage.gate, wording),
                outcomes=tuple(str(outcome) for outcome in stage.gate.outcomes),
            )
            for stage in process.way()
        ),
    )


def _criteria(gate: Gate, wording: Wording) -> tuple[MethodCriterion, ...]:
    return tuple(
        MethodCriterion(
            title=wording.say(each.title),
            description=wording.say(each.description),
            legal=each.legal,
            required=each.required,
        )
        for each in gate.criteria
    )


def _matrix(dossiers: Sequence[Dossier], wording: Wording) -> Iterator[MatrixBlock]:
    for start in range(0, len(dossiers), COLUMNS):
        block = dossiers[start : start + COLUMNS]
        roles: dict[tuple[str, str], dict[str, tuple[str, ...]]] = {}
        for dossier in block:
            for partner in dossier.pilot.active_partners:
                organisation = partner.organisation
                cells = roles.setdefault((organisation.country, organisation.name), {})
                cells[dossier.pilot.code] = (*cells.get(dossier.pilot.code, ()), partner.role)
        if roles:
            pilots = tuple(dossier.pilot.code for dossier in block)
            yield MatrixBlock(
                pilots=pilots,
                rows=tuple(
                    MatrixRow(
                        organisation=name,
                        country=country,
                        roles=tuple(roles[country, name].get(pilot, ()) for pilot in pilots),
                    )
                    for country, name in sorted(roles, key=lambda each: _by_country(each, wording))
                ),
            )


def _by_country(organisation: tuple[str, str], wording: Wording) -> tuple[object, ...]:
    country, name = organisation
    return wording.sort_key(wording.country(country)), wording.sort_key(name)


def _services(dossiers: Sequence[Dossier], wording: Wording) -> Iterator[ServiceLine]:
    for dossier in dossiers:
        for adoption in dossier.pilot.adoptions:
            yield ServiceLine(
                solution=wording.own(adoption.solution),
                organisation=adoption.organisation.name,
                country=adoption.organisation.country,
                on=adoption.on,
                pilot=dossier.pilot.code,
            )


def _index(dossiers: Sequence[Dossier], wording: Wording) -> tuple[IndexLine, ...]:
    pilots: dict[tuple[str, str], tuple[str, ...]] = {}
    for dossier in dossiers:
        for partner in dossier.pilot.active_partners:
            place = (partner.organisation.name, partner.organisation.country)
            known = pilots.get(place, ())
            pilots[place] = known if dossier.pilot.code in known else (*known, dossier.pilot.code)
    return tuple(
        IndexLine(organisation=name, country=country, pilots=pilots[name, country])
        for name, country in sorted(pilots, key=lambda place: (wording.sort_key(place[0]), place[1]))
    )

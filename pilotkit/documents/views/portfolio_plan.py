"""The action plan of an action area, or of the whole programme over its years. Internal."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from pilotkit.documents.timeline import Line, Timeline, timeline
from pilotkit.documents.views.action_plan import StepLine, WorkLine, steps, work
from pilotkit.documents.views.parts import (
    Money,
    Pages,
    Passage,
    PilotLine,
    Wording,
    book_frame,
    money,
    pilot_line,
    total,
)
from pilotkit.domain.dossier import Dossier, Portfolio
from pilotkit.domain.pilot import Pilot, PilotStatus, StagePass
from pilotkit.domain.process import StageKind

STEPS = 3
"""Open steps shown per pilot: its own action plan has them all."""

LINES = 40
"""Pilots in one picture of the timeline."""


@dataclass(frozen=True, kw_only=True)
class Span:
    """The pilot's bar in the timeline; where no end is planned it ends with the facts."""

    first: date
    last: date
    planned: bool


@dataclass(frozen=True, kw_only=True)
class IndicatorLine:
    """An indicator of a pilot in short."""

    title: Passage
    unit: str
    measure: str
    direction: str
    baseline: Decimal | None
    target: Decimal
    latest: Decimal | None
    result: str


@dataclass(frozen=True, kw_only=True)
class PilotPlan:
    """A pilot in the plan: where it stands, what comes next, what is being done."""

    head: PilotLine
    span: Span
    steps: tuple[StepLine, ...]
    more_steps: int
    work: tuple[WorkLine, ...]
    results: tuple[IndicatorLine, ...]

    @property
    def line(self) -> Line:
        """Its bar in the timeline."""
        return Line(
            label=self.head.code,
            first=self.span.first,
            last=self.span.last,
            status=self.head.status,
            open_end=not self.span.planned,
        )


@dataclass(frozen=True, kw_only=True)
class AreaPlan:
    """The pilots of an action area."""

    title: Passage
    description: Passage
    pilots: tuple[PilotPlan, ...]

    @property
    def waiting(self) -> tuple[PilotPlan, ...]:
        """Pilots with open steps."""
        return tuple(pilot for pilot in self.pilots if pilot.steps)

    @property
    def working(self) -> tuple[PilotPlan, ...]:
        """Pilots with action items under way."""
        return tuple(pilot for pilot in self.pilots if pilot.work)

    @property
    def measured(self) -> tuple[PilotPlan, ...]:
        """Pilots with indicators."""
        return tuple(pilot for pilot in self.pilots if pilot.results)


@dataclass(frozen=True, kw_only=True)
class Count:
    """A figure of the programme: ``what`` is the key of a sentence in the template."""

    what: str
    number: int


@dataclass(frozen=True, kw_only=True)
class PortfolioPlan(Pages):
    """The pages of the plan; ``area`` is empty for that of the whole programme, and only that has the vision."""

    area: Passage
    vision: Passage
    first_year: int
    last_year: int
    stages: tuple[tuple[str, int], ...]
    statuses: tuple[tuple[str, int], ...]
    counts: tuple[Count, ...]
    budget: tuple[Money, ...]
    areas: tuple[AreaPlan, ...]

    @property
    def pilots(self) -> tuple[PilotPlan, ...]:
        """Every pilot, area by area."""
        return tuple(pilot for area in self.areas for pilot in area.pilots)

    @property
    def waiting(self) -> bool:
        """Whether any step is open."""
        return any(area.waiting for area in self.areas)

    @property
    def working(self) -> bool:
        """Whether any action item is under way."""
        return any(area.working for area in self.areas)

    @property
    def measured(self) -> bool:
        """Whether any pilot has indicators."""
        return any(area.measured for area in self.areas)

    @property
    def funnel(self) -> dict[str, float]:
        """The bars of the funnel."""
        return dict(self.stages)

    @property
    def timelines(self) -> tuple[Timeline, ...]:
        """The timeline, in as many pictures as fit pages."""
        lines = [pilot.line for pilot in self.pilots]
        return tuple(
            timeline(
                lines[start : start + LINES],
                first_year=self.first_year,
                last_year=self.last_year,
                today=self.frame.as_of,
            )
            for start in range(0, len(lines), LINES)
        )

    @property
    def heading(self) -> Passage:
        """The action area's title, or the programme's."""
        return self.area or self.frame.programme

    @property
    def subtitle(self) -> Passage:
        """Which programme an area's plan belongs to; the vision, in the programme's own plan."""
        return self.frame.programme if self.area else self.vision


def portfolio_plan(portfolio: Portfolio, language: str) -> PortfolioPlan:
    """The plan of the portfolio's action area, or of the programme where it has none."""
    programme, area = portfolio.programme, portfolio.area
    wording = Wording(programme, language)
    areas = (area,) if area else programme.areas
    keys = {each.key for each in areas}
    chosen = [each for each in portfolio.dossiers if not each.pilot.archived and each.pilot.area in keys]
    dossiers = sorted(chosen, key=lambda dossier: wording.sort_key(dossier.pilot.code))
    frame = book_frame(programme, wording, dossiers)
    return PortfolioPlan(
        frame=frame,
        area=wording.own(area.title) if area else {},
        vision={} if area else wording.own(programme.vision),
        first_year=programme.first_year,
        last_year=programme.last_year,
        stages=_stages(portfolio, dossiers, wording),
        statuses=_statuses(dossiers),
        counts=_counts(dossiers),
        budget=total(money(each.pilot.budget, each.pilot.currency) for each in dossiers),
        areas=tuple(
            AreaPlan(
                title=wording.own(each.title),
                description=wording.own(each.description),
                pilots=tuple(
                    _pilot(dossier, wording, frame.as_of) for dossier in dossiers if dossier.pilot.area == each.key
                ),
            )
            for each in areas
        ),
    )


def _stages(portfolio: Portfolio, dossiers: Sequence[Dossier], wording: Wording) -> tuple[tuple[str, int], ...]:
    """How many pilots are open in each stage."""
    standing = Counter(each.pilot.open_pass.stage for each in dossiers if each.pilot.open_pass)
    return tuple((wording.say(stage.title), standing[stage.key]) for stage in portfolio.process.way())


def _statuses(dossiers: Sequence[Dossier]) -> tuple[tuple[str, int], ...]:
    statuses = Counter(str(dossier.pilot.status) for dossier in dossiers)
    return tuple((status, statuses[status]) for status in map(str, PilotStatus))


def _counts(dossiers: Sequence[Dossier]) -> tuple[Count, ...]:
    pilots = [dossier.pilot for dossier in dossiers]
    organisations = {partner.organisation.id for pilot in pilots for partner in pilot.active_partners}
    adopted = {(pilot.code, tuple(sorted(each.solution.items()))) for pilot in pilots for each in pilot.adoptions}
    return (
        Count(what="pilots", number=len(pilots)),
        Count(what="organisations", number=len(organisations)),
        Count(what="cross-border", number=sum(1 for pilot in pilots if len(pilot.countries) > 1)),
        Count(what="tried", number=sum(1 for dossier in dossiers if _tried(dossier))),
        Count(what="adopted", number=len(adopted)),
    )


def _tried(dossier: Dossier) -> bool:
    trials = (each for each in dossier.pilot.valid_passes if dossier.process.stage(each.stage).kind is StageKind.TRIAL)
    return any(each.ended_on is not None for each in trials)


def _pilot(dossier: Dossier, wording: Wording, as_of: date | None) -> PilotPlan:
    pilot = dossier.pilot
    waiting = steps(dossier.agenda, wording, as_of or pilot.created_on)
    measured = [each for each in pilot.valid_passes if each.indicators]
    return PilotPlan(
        head=pilot_line(dossier, wording),
        span=_span(pilot, as_of or pilot.created_on),
        steps=waiting[:STEPS],
        more_steps=max(0, len(waiting) - STEPS),
        work=tuple(work(item, wording) for item in pilot.action_items if item.state in ("planned", "doing")),
        results=tuple(_indicators(measured[-1], wording)) if measured else (),
    )


def _indicators(stage_pass: StagePass, wording: Wording) -> Iterator[IndicatorLine]:
    outcomes = {outcome.indicator: outcome.result for outcome in stage_pass.outcomes}
    for each in stage_pass.indicators:
        yield IndicatorLine(
            title=wording.own(each.title),
            unit=each.unit,
            measure=each.measure,
            direction=each.direction,
            baseline=each.baseline.value if each.baseline else None,
            target=each.target,
            latest=each.latest.value if each.latest else None,
            result=outcomes.get(each.key, ""),
        )


def _span(pilot: Pilot, as_of: date) -> Span:
    first = pilot.starts or pilot.created_on
    last = pilot.ends or max(first, as_of)
    return Span(first=first, last=max(first, last), planned=pilot.ends is not None)

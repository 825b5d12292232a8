"""Rich dossiers for the tests of documents, in three languages and without a database.

Every pilot here is invented, organisations are named by kind and people by role. ``dossier("P-003")`` gives one pilot;
``portfolio()`` all of them.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import cache
from pathlib import Path

from pilotkit import resources
from pilotkit.domain import trial
from pilotkit.domain.dossier import Dossier, Portfolio, PublishedEntry
from pilotkit.domain.evaluation import consolidate
from pilotkit.domain.pilot import (
    ActionItem,
    Adoption,
    Booking,
    Condition,
    ConflictOfInterest,
    CriterionRecord,
    Decision,
    EntryVersion,
    Indicator,
    Lesson,
    Partner,
    Pilot,
    PilotStatus,
    Reading,
    Scoresheet,
    StagePass,
    Transferability,
    Vote,
)
from pilotkit.domain.planning import agenda
from pilotkit.domain.process import Outcome, Process
from pilotkit.domain.programme import ActionArea, Organisation, Person, Programme, Role
from pilotkit.process.load import load

LANGUAGES = ("en", "sl", "de")
CHANGED = datetime(2026, 5, 18, 9, 30, tzinfo=UTC)


TEXTS: Mapping[str, Mapping[str, str]] = tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))


@cache
def process() -> Process:
    """pilotkit's own process."""
    return load(resources.processes() / "standard.toml")


HOSPITAL = Organisation(id=1, name="Regional hospital, example", kind="provider", country="SI")
CARE_HOME = Organisation(id=2, name="Care home network, example", kind="provider", country="AT")
UNIVERSITY = Organisation(id=3, name="University of applied sciences, example", kind="academia", country="AT")
COMPANY = Organisation(id=4, name="Telemonitoring company, example", kind="company", country="AT")
PATIENTS = Organisation(id=5, name="Patients' organisation, example", kind="civil society", country="SI")
MUNICIPALITY = Organisation(id=6, name="Municipality in the hills, example", kind="municipality", country="SI")
LAB = Organisation(id=7, name="Tech & Innovation Lab, example", kind="other", country="SI")
INSURANCE = Organisation(id=8, name="Čebelica health insurance, example", kind="policy", country="SI")


def person(number: int, name: str, organisation: Organisation, *roles: Role) -> Person:
    """Somebody with roles; the name is a role as well."""
    return Person(
        id=number, email=f"p{number}@example.org", name=name, roles=frozenset(roles), organisation=organisation
    )


COORDINATOR = person(1, "Coordinator, example lab", LAB, Role.COORDINATOR)
CHAIR = person(2, "Chair of the board, example", INSURANCE, Role.DECIDER)
DIRECTOR = person(3, "Medical director, example hospital", HOSPITAL, Role.DECIDER)
MAYOR = person(4, "Deputy mayor, example", MUNICIPALITY, Role.DECIDER)
ECONOMIST = person(5, "Health economist, example", UNIVERSITY, Role.EVALUATOR)
NURSE_SCIENTIST = person(6, "Nursing scientist, example", UNIVERSITY, Role.EVALUATOR)
PHYSICIAN = person(7, "General practitioner, example", INSURANCE, Role.EVALUATOR)
HEAD_NURSE = person(8, "Head nurse, example care home", CARE_HOME, Role.PARTNER, Role.SUBMITTER)
ENGINEER = person(9, "Project engineer, example company", COMPANY, Role.PARTNER)

AREAS = (
    ActionArea(
        key="digital",
        title=TEXTS["digitalisation"],
        description=TEXTS["digital-tools-that-bring"],
    ),
    ActionArea(
        key="knowledge",
        title=TEXTS["excellent-knowledge"],
        description=TEXTS["what-one-team-has"],
    ),
    ActionArea(
        key="cooperation",
        title=TEXTS["cooperation-models"],
        description=TEXTS["ways-of-working-together"],
    ),
)

PROGRAMME = Programme(
    id=1,
    key="example",
    prefix="P",
    title=TEXTS["integrated-care-without-borders"],
    vision=TEXTS["whoever-needs-care-near"],
    languages=LANGUAGES,
    countries=("SI", "AT"),
    areas=AREAS,
    people=(COORDINATOR, CHAIR, DIRECTOR, MAYOR, ECONOMIST, NURSE_SCIENTIST, PHYSICIAN, HEAD_NURSE, ENGINEER),
    example=True,
    accent="#1f5f8b",
    funding_notice=TEXTS["cofunded-by-an-invented"],
    zone="Europe/Ljubljana",
    first_year=2024,
    last_year=2028,
)


def partner(organisation: Organisation, role: str, budget: int = 0) -> Partner:
    """A partner since the start."""
    return Partner(
        organisation=organisation,
        role=role,  # type: ignore[arg-type]
        joined_on=date(2025, 1, 13),
        budget=Decimal(budget) if budget else None,
    )


def base(code: str, **fields: object) -> Pilot:
    """A pilot with nothing but a title, at the first stage, unless fields say otherwise."""
    first = StagePass(
        id=1, stage="idea", number=1, sequence=1, opened_on=date(2026, 5, 4), prepared_on=date(2026, 5, 4)
    )
    facts: dict[str, object] = {
        "id": int(code.rpartition("-")[2]),
        "code": code,
        "programme": "example",
        "process": "standard",
        "process_version": 1,
        "area": "digital",
        "title": {"en": "A title and nothing else"},
        "summary": {},
        "problem": {},
        "approach": {},
        "needs": {},
        "status": PilotStatus.ACTIVE,
        "revision": 7,
        "created_on": date(2026, 5, 4),
        "changed_at": CHANGED,
        "passes": (first,),
    }
    return Pilot(**(facts | fields))  # type: ignore[arg-type]


def met(criterion: str, on: date, **fields: object) -> CriterionRecord:
    """A criterion that was met on a day."""
    facts: dict[str, object] = {"by": COORDINATOR, "evidence": "Minutes of the lab, item 4"}
    return CriterionRecord(criterion=criterion, verdict="met", on=on, **(facts | fields))  # type: ignore[arg-type]


def checklist(stage: str, on: date) -> tuple[CriterionRecord, ...]:
    """Every criterion of a stage's gate met; legal ones in each country, by an authority."""
    found: list[CriterionRecord] = []
    for criterion in process().stage(stage).gate.criteria:
        if criterion.legal:
            found += [
                met(criterion.key, on, country="SI", authority="National ethics committee, example"),
                met(criterion.key, on, country="AT", authority="Ethics committee of the region, example"),
            ]
        elif criterion.shown_by:
            found.append(met(criterion.key, on, by=None, evidence=""))
        elif criterion.required:
            found.append(met(criterion.key, on))
        else:
            found.append(
                CriterionRecord(
                    criterion=criterion.key,
                    verdict="waived",
                    on=on,
                    by=COORDINATOR,
                    reason="The users' council meets only after the gate and is heard then.",
                )
            )
    return tuple(found)


def votes(on: date, *outcomes: Outcome) -> tuple[Vote, ...]:
    """The deciders' votes; the last one was recorded from the minutes."""
    voters = (CHAIR, DIRECTOR, MAYOR)[: len(outcomes)]
    return tuple(
        Vote(
            person=voter,
            outcome=outcome,
            on=on,
            round=0,
            recorded_by=COORDINATOR if voter is MAYOR else voter,
            meeting="Board meeting 2025/3" if voter is MAYOR else "",
            remark="The care homes should be trained before the start." if voter is DIRECTOR else "",
        )
        for voter, outcome in zip(voters, outcomes, strict=True)
    )


def decided(number: int, outcome: Outcome, on: date, rationale: str, **fields: object) -> Decision:
    """A decision of the chair."""
    at = datetime(on.year, on.month, on.day, 14, tzinfo=UTC)
    return Decision(
        number=number,
        outcome=outcome,
        decided_on=on,
        by=CHAIR,
        rationale=rationale,
        recorded_at=at,
        **fields,  # type: ignore[arg-type]
    )


# What the passes of a long way look like ------------------------------------------------------------------------------

_SCORES = (Decimal(4), Decimal("4.5"), Decimal(3), Decimal(5), Decimal("3.5"), Decimal(4), Decimal("2.5"))


def sheet(evaluator: Person, shift: int, pros: str, cons: str) -> Scoresheet:
    """A submitted scoresheet; ``shift`` makes evaluators differ."""
    criteria = process().score_set("value-and-feasibility").criteria
    scores = {each.key: _SCORES[(place + shift) % len(_SCORES)] for place, each in enumerate(criteria)}
    return Scoresheet(
        evaluator=evaluator,
        invited_on=date(2025, 3, 3),
        submitted_on=date(2025, 3, 14 + shift),
        scores=scores,
        remarks={criteria[1].key: "The benefit for relatives is larger than the application says."},
        pros=pros,
        cons=cons,
    )


def idea_pass() -> StagePass:
    """The first stage with a go."""
    return StagePass(
        id=1,
        stage="idea",
        number=1,
        sequence=1,
        opened_on=date(2025, 1, 13),
        closed_on=date(2025, 2, 28),
        prepared_on=date(2025, 1, 13),
        criteria=checklist("idea", date(2025, 2, 20)),
        votes=votes(date(2025, 2, 26), Outcome.GO, Outcome.GO),
        decisions=(decided(1, Outcome.GO, date(2025, 2, 28), "A real need, and partners on both sides want it."),),
    )


def evaluation_pass(*, decided_too: bool = True) -> StagePass:
    """An evaluation by three people who differ on some lines, with a conditional go."""
    sheets = (
        sheet(ECONOMIST, 0, "Saves journeys and nights in hospital.", "The cost of the sensors is estimated too low."),
        sheet(NURSE_SCIENTIST, 2, "Care homes asked for it themselves.", "Night shifts need training first."),
        sheet(PHYSICIAN, 3, "Fits the discharge process of both hospitals.", ""),
    )
    score_set = process().score_set("value-and-feasibility")
    opened = StagePass(
        id=2,
        stage="evaluation",
        number=1,
        sequence=2,
        opened_on=date(2025, 2, 28),
        prepared_on=date(2025, 2, 28),
        criteria=checklist("evaluation", date(2025, 3, 25)),
        scoresheets=sheets,
        consolidation=consolidate(score_set, sheets, date(2025, 3, 20)),
    )
    if not decided_too:
        return opened
    rationale = (
        "The value is beyond doubt. Feasibility depends on the night shifts:\n\n"
        "- training comes **before** the first patient;\n- the cost of the sensors is checked once more."
    )
    return replace(
        opened,
        closed_on=date(2025, 3, 31),
        votes=votes(date(2025, 3, 28), Outcome.CONDITIONAL_GO, Outcome.CONDITIONAL_GO, Outcome.GO),
        decisions=(decided(2, Outcome.CONDITIONAL_GO, date(2025, 3, 31), rationale),),
    )


def reading(on: date, value: str, **fields: object) -> Reading:
    """An aggregate from the ward's own records."""
    return Reading(on=on, source="Ward statistics", value=Decimal(value), **fields)  # type: ignore[arg-type]


def indicators() -> tuple[Indicator, ...]:
    """One of each kind; the readmissions rest on few cases."""
    start, middle, end = date(2025, 5, 2), date(2025, 7, 31), date(2025, 10, 31)
    return (
        Indicator(
            key="readmission",
            title=TEXTS["readmitted-within-30-days"],
            unit="%",
            measure="proportion",
            direction="lower",
            target=Decimal("0.12"),
            baseline=reading(start, "0.20", numerator=18, denominator=90),
            measurements=(
                reading(middle, "0.15", numerator=6, denominator=40),
                reading(end, "0.0444", numerator=4, denominator=90),
            ),
            frozen_on=start,
        ),
        Indicator(
            key="confidence",
            title=TEXTS["confidence-of-relatives-0"],
            unit="",
            measure="mean",
            direction="higher",
            target=Decimal("7.5"),
            baseline=reading(start, "5.9", n=62, deviation=Decimal("1.8")),
            measurements=(reading(end, "7.1", n=58, deviation=Decimal("1.5")),),
            frozen_on=start,
        ),
        Indicator(
            key="falls",
            title=TEXTS["falls-per-1000-care"],
            unit="",
            measure="rate",
            direction="lower",
            target=Decimal(3),
            baseline=reading(start, "5.2", events=26, exposure=Decimal(5)),
            measurements=(reading(end, "2.9", events=15, exposure=Decimal("5.2")),),
            frozen_on=start,
        ),
        Indicator(
            key="journeys",
            title=TEXTS["journeys-to-hospital-saved"],
            unit="km",
            measure="figure",
            direction="higher",
            target=Decimal(12000),
            baseline=reading(start, "0"),
            measurements=(reading(end, "8400"),),
            frozen_on=start,
        ),
    )


def trial_pass(*, decided_too: bool = True, outcome: Outcome = Outcome.GO) -> StagePass:
    """A trial with outcomes and a decision."""
    measured = indicators()
    tried = StagePass(
        id=3,
        stage="trial",
        number=1,
        sequence=3,
        opened_on=date(2025, 3, 31),
        prepared_on=date(2025, 3, 31),
        criteria=checklist("trial", date(2025, 4, 25)),
        bookings=(
            Booking(
                number=1,
                arena="ward",
                arena_name="Geriatric ward, example hospital",
                first_day=date(2025, 5, 5),
                last_day=date(2025, 7, 31),
                places=12,
                state="confirmed",
            ),
            Booking(
                number=2,
                arena="home",
                arena_name="Home care unit, example",
                first_day=date(2025, 8, 1),
                last_day=date(2025, 10, 31),
                places=30,
                state="confirmed",
            ),
        ),
        indicators=measured,
        started_on=date(2025, 5, 5),
        ended_on=date(2025, 10, 31),
        frozen_on=date(2025, 5, 5),
        outcomes=tuple(trial.outcome(each) for each in measured),
        outcomes_on=date(2025, 11, 4),
    )
    if not decided_too:
        return tried
    rationale = (
        "Targets reached or nearly so, and nobody was harmed."
        if outcome is Outcome.GO
        else ("The company withdrew the device. What was learned about training and night shifts is worth keeping.")
    )
    return replace(
        tried,
        closed_on=date(2025, 11, 28),
        votes=votes(date(2025, 11, 26), outcome, outcome, outcome),
        decisions=(decided(3, outcome, date(2025, 11, 28), rationale),),
    )


def implementation_pass(*, decided_too: bool = False) -> StagePass:
    """The implementation, open or with a go."""
    opened = StagePass(
        id=4,
        stage="implementation",
        number=1,
        sequence=4,
        opened_on=date(2025, 11, 28),
        prepared_on=date(2025, 11, 28),
    )
    if not decided_too:
        return opened
    return replace(
        opened,
        closed_on=date(2026, 4, 10),
        criteria=checklist("implementation", date(2026, 4, 1)),
        votes=votes(date(2026, 4, 8), Outcome.GO, Outcome.GO, Outcome.GO),
        decisions=(decided(4, Outcome.GO, date(2026, 4, 10), "Adopted by the care homes of both regions."),),
    )


def conditions() -> tuple[Condition, ...]:
    """One met, one still open."""
    return (
        Condition(
            number=1,
            decision=2,
            text="Train the night shifts before the first patient is included.",
            owner=HEAD_NURSE,
            due_on=date(2025, 4, 30),
            due_stage="trial",
            state="met",
            evidence="Attendance lists",
            settled_on=date(2025, 4, 28),
        ),
        Condition(
            number=2,
            decision=2,
            text="Confirm the running cost of the sensors with the insurance.",
            owner=ENGINEER,
            due_on=date(2026, 6, 12),
            due_stage="implementation",
        ),
    )


def action_items() -> tuple[ActionItem, ...]:
    """Done, under way, late, planned and dropped."""
    titles = (
        "buy-sensors-for-two",
        "train-the-teams",
        "connect-the-hospitals-record",
        "agree-on-the-tariff",
        "regular-operation",
    )
    states = (("done", 100), ("doing", 60), ("doing", 20), ("planned", 0), ("dropped", 0))
    starts = (date(2025, 12, 1), date(2026, 1, 12), date(2026, 2, 2), date(2026, 5, 4), date(2026, 6, 1))
    dues = (date(2026, 1, 30), date(2026, 6, 30), date(2026, 4, 30), date(2026, 7, 15), date(2026, 9, 30))
    after: tuple[tuple[int, ...], ...] = ((), (1,), (1,), (2, 3), (4,))
    owners = (ENGINEER, HEAD_NURSE, ENGINEER, COORDINATOR, None)
    return tuple(
        ActionItem(
            number=place + 1,
            title=TEXTS[titles[place]],
            owner=owners[place],
            organisation=(COMPANY, CARE_HOME, COMPANY, LAB, HOSPITAL)[place],
            start=starts[place],
            due=dues[place],
            state=states[place][0],  # type: ignore[arg-type]
            percent=states[place][1],
            budget=Decimal(18000 - 3000 * place) if place < 3 else None,
            depends_on=after[place],
        )
        for place in range(len(titles))
    )


def lessons() -> tuple[Lesson, ...]:
    """One of each kind, one of them only in Slovenian."""
    on = date(2026, 4, 20)
    return (
        Lesson(
            number=1,
            kind="worked",
            text=TEXTS["nurses-called-relatives-the"],
            on=on,
        ),
        Lesson(
            number=2,
            kind="did not",
            text=TEXTS["alarmi-ponoi-so-budili"],
            on=on,
        ),
        Lesson(
            number=3,
            kind="would change",
            text=TEXTS["involve-the-insurance-before"],
            on=on,
        ),
    )


def monitoring(code: str, **fields: object) -> Pilot:
    """The pilot that has everything: telemonitoring after discharge."""
    facts: dict[str, object] = {
        "title": TEXTS["telemonitoring-after-hospital-discharge"],
        "created_on": date(2025, 1, 13),
        "starts": date(2025, 1, 13),
        "ends": date(2026, 12, 18),
        "budget": Decimal(186500),
        "coordinator": COORDINATOR,
        "sponsor": DIRECTOR,
        "submitter": HEAD_NURSE,
        "summary": TEXTS["older-people-who-leave"],
        "problem": TEXTS["one-in-five-older"],
        "approach": TEXTS["sensors-measure-movement-pulse"],
        "needs": TEXTS["half-a-nursing-post"],
        "partners": (
            partner(HOSPITAL, "lead", 62000),
            partner(CARE_HOME, "test site", 48500),
            partner(UNIVERSITY, "partner", 36000),
            partner(COMPANY, "supplier", 40000),
            partner(PATIENTS, "partner"),
            partner(INSURANCE, "associated"),
        ),
        "conflicts": (ConflictOfInterest(person=MAYOR, on=date(2025, 12, 1), reason="Runs the second care home."),),
    }
    return base(code, **(facts | fields))


# The pilots -----------------------------------------------------------------------------------------------------------

COPIES = 40
LONG_NAME = (
    "Donaudampfschifffahrtsgesellschaftskrankenversorgungsanstalt für grenzüberschreitende Zusammenarbeit, example"
)


def _bare() -> Pilot:
    return base("P-001")


def _evaluated() -> Pilot:
    return monitoring(
        "P-002",
        title=TEXTS["shared-medication-plan"],
        area="knowledge",
        passes=(idea_pass(), evaluation_pass(decided_too=False)),
    )


def _implementing() -> Pilot:
    return monitoring(
        "P-003",
        passes=(idea_pass(), evaluation_pass(), trial_pass(), implementation_pass()),
        conditions=conditions(),
        action_items=action_items(),
    )


def _published() -> Pilot:
    handbook = StagePass(
        id=5,
        stage="handbook",
        number=1,
        sequence=5,
        opened_on=date(2026, 4, 10),
        closed_on=date(2026, 5, 12),
        prepared_on=date(2026, 4, 10),
        criteria=checklist("handbook", date(2026, 5, 8)),
        votes=votes(date(2026, 5, 11), Outcome.GO, Outcome.GO),
        decisions=(decided(5, Outcome.GO, date(2026, 5, 12), "Ready to be read by others."),),
    )
    return monitoring(
        "P-004",
        title=TEXTS["fall-prevention-at-home"],
        area="cooperation",
        status=PilotStatus.PUBLISHED,
        passes=(idea_pass(), evaluation_pass(), trial_pass(), implementation_pass(decided_too=True), handbook),
        lessons=lessons(),
        transferability=(
            Transferability(
                organisation=CARE_HOME,
                text=TEXTS["it-would-work-in"],
                on=date(2026, 4, 28),
            ),
        ),
        adoptions=(
            Adoption(
                number=1,
                organisation=CARE_HOME,
                solution=TEXTS["morning-check-of-sensors"],
                on=date(2026, 3, 20),
                document="Decision of the management, 20 March 2026",
            ),
        ),
        entries=(
            EntryVersion(
                number=1,
                kind="results",
                compiled_on=date(2026, 4, 30),
                published_on=date(2026, 5, 12),
                review_on=date(2027, 5, 12),
            ),
        ),
    )


def _stopped() -> Pilot:
    return monitoring(
        "P-005",
        title=TEXTS["robot-visits-on-the"],
        status=PilotStatus.STOPPED,
        passes=(idea_pass(), evaluation_pass(), trial_pass(outcome=Outcome.STOP)),
        lessons=lessons(),
        entries=(
            EntryVersion(
                number=1, kind="learned", compiled_on=date(2025, 12, 3), published_on=date(2025, 12, 10), review_on=None
            ),
        ),
    )


def _crowded() -> Pilot:
    held = replace(
        idea_pass(),
        closed_on=None,
        decisions=(
            decided(1, Outcome.HOLD, date(2026, 5, 15), "Wait for the new law on telecare.", until=date(2026, 9, 1)),
        ),
    )
    organisations = (
        Organisation(
            id=100 + number,
            name=LONG_NAME if number == 3 else f"Community health centre {number}, example",
            kind="provider",
            country=("SI", "AT", "IT")[number % 3],
        )
        for number in range(1, COPIES + 1)
    )
    return monitoring(
        "P-006",
        title=TEXTS["a-network-of-forty"],
        status=PilotStatus.ON_HOLD,
        passes=(held,),
        partners=(partner(HOSPITAL, "lead", 90000), *(partner(each, "partner") for each in organisations)),
    )


def _slovenian() -> Pilot:
    return base(
        "P-007",
        title={"sl": "Pogovori o koncu življenja"},
        area="knowledge",
        coordinator=COORDINATOR,
        summary={"sl": "Ekipe se učijo, kako se z bolniki pravočasno pogovoriti o zadnjih željah."},
        problem={"sl": "Pogovor pride prepozno ali sploh ne."},
        partners=(partner(PATIENTS, "lead"),),
        budget=Decimal("12500.50"),
    )


def _pilots() -> tuple[Pilot, ...]:
    return (_bare(), _evaluated(), _implementing(), _published(), _stopped(), _crowded(), _slovenian())


@cache
def dossiers() -> tuple[Dossier, ...]:
    """Every pilot with its agenda."""
    return tuple(dossier_of(pilot) for pilot in _pilots())


def dossier_of(pilot: Pilot) -> Dossier:
    """A pilot in its frame, with the agenda that follows from its facts."""
    return Dossier(programme=PROGRAMME, process=process(), pilot=pilot, agenda=agenda(pilot, process(), PROGRAMME))


def dossier(code: str) -> Dossier:
    """The pilot with this code."""
    return next(each for each in dossiers() if each.pilot.code == code)


def portfolio(area: str = "") -> Portfolio:
    """All pilots, or those of an action area; P-004 and P-005 are published."""
    chosen = tuple(each for each in dossiers() if area in ("", each.pilot.area))
    return Portfolio(
        programme=PROGRAMME,
        process=process(),
        dossiers=chosen,
        published=tuple(
            PublishedEntry(version=each.pilot.entries[-1], dossier=each) for each in chosen if each.pilot.entries
        ),
        area=PROGRAMME.area(area) if area else None,
    )

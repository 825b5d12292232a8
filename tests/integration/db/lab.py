"""Invented facts of every kind, at least two of each, for the tests of the tables."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from hashlib import sha256

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from pilotkit import resources
from pilotkit.db import models
from pilotkit.domain import pilot as facts
from pilotkit.domain.process import Outcome
from pilotkit.domain.programme import ActionArea, FundedProject, Organisation, Person, Programme, Role
from tests.integration.db.planting import plant_organisation, plant_person, plant_pilot, plant_programme

AT = datetime(2026, 3, 2, 9, 30, 0, 123456, tzinfo=UTC)
DAY = date(2026, 3, 2)

HOSPITAL = Organisation(
    id=7, name="Regional hospital, example", kind="provider", country="SI", region="SI-061", short_name="RH"
)
CARE_HOME = Organisation(id=9, name="Care home Žalec, example", kind="provider", country="AT")

COORDINATOR = Person(
    id=3,
    email="Coordinator@Example.org",
    name="Coordinator, example lab",
    roles=frozenset({Role.COORDINATOR, Role.DECIDER}),
    organisation=HOSPITAL,
    language="sl",
    zone="Europe/Ljubljana",
)
EVALUATOR = Person(
    id=5, email="evaluator@example.org", name="Evaluator, example", roles=frozenset({Role.EVALUATOR}), active=False
)
LEFT = Person(id=8, email="left@example.org", name="Nurse, example", roles=frozenset(), organisation=CARE_HOME)

PROGRAMME = Programme(
    id=1,
    key="example",
    prefix="P",
    title={"en": "Example programme", "sl": "Primer programa"},
    vision={"en": "Care without borders"},
    languages=("en", "sl", "de"),
    countries=("SI", "AT"),
    areas=(
        ActionArea(key="zeta", title={"en": "Digitalisation"}, description={}),
        ActionArea(key="alpha", title={"en": "Knowledge", "de": "Wissen"}, description={"en": "Excellent"}),
    ),
    people=(COORDINATOR, EVALUATOR),
    example=True,
    accent="#123456",
    funding_notice={"en": "Funded by an example"},
    zone="Europe/Vienna",
    first_year=2026,
    last_year=2029,
    funded_project=FundedProject(
        funder="Example funder",
        programme="Example A-B",
        reference="EX-1",
        coordinator="Example region",
        grant=Decimal("1234567.89"),
        currency="EUR",
        starts=date(2026, 1, 1),
        ends=None,
        status="running",
        call="first",
    ),
    revision=4,
)
NEIGHBOUR = replace(
    PROGRAMME,
    id=2,
    key="neighbour",
    prefix="N",
    areas=(ActionArea(key="zeta", title={"en": "Other"}, description={}),),
    people=(replace(COORDINATOR, roles=frozenset({Role.READER})),),
    funded_project=None,
)


def pilot(number: int, *, programme: Programme = PROGRAMME) -> facts.Pilot:
    """A pilot with at least two facts of every kind; different numbers give different facts."""
    by = {person.id: person for person in programme.people}
    coordinator = by[COORDINATOR.id]
    evaluator = by.get(EVALUATOR.id, replace(EVALUATOR, roles=frozenset()))
    return facts.Pilot(
        id=number,
        code=f"{programme.prefix}-{number:03d}",
        programme=programme.key,
        process="standard",
        process_version=1,
        area="zeta",
        title={"en": f"Pilot {number}", "sl": "Čakanje »doma«", "de": "Größe 𝄞"},
        summary={"en": "In short"},
        problem={"en": "Two\nlines"},
        approach={},
        needs={"de": ""},
        status=facts.PilotStatus.ON_HOLD,
        revision=17 + number,
        created_on=DAY,
        changed_at=AT + timedelta(microseconds=number),
        archived=number % 2 == 0,
        starts=DAY,
        ends=DAY + timedelta(days=400),
        budget=Decimal("150000.50"),
        currency="SEK",
        coordinator=coordinator,
        sponsor=None,
        submitter=LEFT,
        partners=(
            facts.Partner(organisation=HOSPITAL, role="lead", joined_on=DAY, budget=Decimal("0.10")),
            facts.Partner(organisation=CARE_HOME, role="test site", left_on=DAY, currency="CHF"),
            facts.Partner(organisation=CARE_HOME, role="partner"),
        ),
        passes=(_evaluation(number, coordinator, evaluator), _trial(number, coordinator), _void(number)),
        conditions=tuple(
            facts.Condition(
                number=each,
                decision=3 - each,
                text=f"Condition {each} of {number}",
                owner=(coordinator, LEFT)[each - 1],
                due_on=DAY,
                due_stage="trial",
                state="waived" if each == 1 else "open",
                evidence="letter",
                reason="late",
                settled_on=DAY if each == 1 else None,
            )
            for each in (1, 2)
        ),
        action_items=(
            _action(1, number, owner=coordinator, budget=Decimal("12.30")),
            _action(2, number, depends_on=(1, 3)),
            _action(3, number, organisation=CARE_HOME),
        ),
        adoptions=tuple(
            facts.Adoption(number=each, organisation=HOSPITAL, solution={"en": f"{each}"}, on=DAY, document="minutes")
            for each in (1, 2)
        ),
        lessons=(
            facts.Lesson(number=1, kind="worked", text={"en": "It worked"}, on=DAY, by=LEFT),
            facts.Lesson(number=2, kind="did not", text={"sl": "Ni šlo"}, on=DAY),
        ),
        transferability=tuple(
            facts.Transferability(organisation=each, text={"en": "Yes"}, on=DAY) for each in (CARE_HOME, HOSPITAL)
        ),
        conflicts=tuple(
            facts.ConflictOfInterest(person=each, on=DAY, reason=f"Kin {number}") for each in (evaluator, coordinator)
        ),
        entries=(
            facts.EntryVersion(number=1, kind="results", compiled_on=DAY, published_on=DAY, review_on=DAY),
            facts.EntryVersion(number=2, kind="learned", compiled_on=DAY),
        ),
        documents=tuple(
            facts.DocumentRecord(
                key=key,
                language="en",
                subject="",
                version=2,
                revision=17,
                facts="f" * 64,
                sha256="a" * 64,
                pages=3,
                rendered_at=AT,
            )
            for key in ("action-plan", "handbook-entry")
        ),
        source=f"table.csv, row {number}",
    )


def _evaluation(number: int, coordinator: Person, evaluator: Person) -> facts.StagePass:
    return facts.StagePass(
        id=number * 10 + 1,
        stage="evaluation",
        number=1,
        sequence=1,
        opened_on=DAY,
        closed_on=DAY,
        prepared_on=DAY,
        criteria=(
            facts.CriterionRecord(criterion="need", verdict="waived", on=DAY, by=coordinator, reason="known"),
            facts.CriterionRecord(
                criterion="ethics", verdict="met", on=DAY, by=None, evidence="file 7", country="SI", authority="Board"
            ),
            facts.CriterionRecord(criterion="ethics", verdict="not applicable", on=DAY, by=LEFT, country="AT"),
        ),
        votes=(
            facts.Vote(person=LEFT, outcome=Outcome.GO, on=DAY, round=1, recorded_by=coordinator, meeting="M-1"),
            facts.Vote(person=coordinator, outcome=Outcome.HOLD, on=DAY, round=0, recorded_by=coordinator, remark="!"),
            facts.Vote(person=coordinator, outcome=Outcome.STOP, on=DAY, round=1, recorded_by=coordinator),
        ),
        decisions=(
            facts.Decision(
                number=1, outcome=Outcome.HOLD, decided_on=DAY, by=coordinator, rationale="w", recorded_at=AT, until=DAY
            ),
            facts.Decision(
                number=2,
                outcome=Outcome.RECYCLE,
                decided_on=DAY,
                by=LEFT,
                rationale="Once more",
                recorded_at=AT,
                to_stage="trial",
                reverted_on=DAY,
                revert_reason="Error",
            ),
        ),
        scoresheets=(
            facts.Scoresheet(
                evaluator=evaluator,
                invited_on=DAY,
                submitted_on=DAY,
                scores={"need": Decimal("4.50"), "cost": Decimal(0)},
                remarks={"need": "clear"},
                pros="+",
                cons="-",
            ),
            facts.Scoresheet(evaluator=LEFT, invited_on=DAY, withdrawn=True, scores={}, remarks={}),
        ),
        panel_closed_reason="Two are enough",
        consolidation=facts.Consolidation(
            on=DAY,
            means={"need": Decimal("4.250")},
            spreads={"need": Decimal(2)},
            total=Decimal("3.1250"),
            knocked_out=("cost", "a"),
            flagged=("need",),
            recommendation=Outcome.CONDITIONAL_GO,
        ),
    )


def _trial(number: int, coordinator: Person) -> facts.StagePass:
    baseline = facts.Reading(on=DAY, source="b", value=Decimal("0.10"), numerator=1, denominator=10)
    mean = facts.Reading(
        on=DAY, source="m", value=Decimal("1.0"), n=9, deviation=Decimal("0.30"), events=4, exposure=Decimal("12.5")
    )
    return facts.StagePass(
        id=number * 10 + 2,
        stage="trial",
        number=1,
        sequence=2,
        opened_on=DAY,
        decisions=(
            facts.Decision(
                number=3, outcome=Outcome.GO, decided_on=DAY, by=coordinator, rationale="yes", recorded_at=AT
            ),
        ),
        bookings=(_booking(1, "ward", "pencilled"), _booking(2, "home", "confirmed")),
        indicators=(
            facts.Indicator(
                key="falls",
                title={"en": "Falls"},
                unit="%",
                measure="proportion",
                direction="lower",
                target=Decimal("5.0"),
                baseline=baseline,
                measurements=(replace(baseline, source="second", on=DAY + timedelta(days=9)), baseline),
                frozen_on=DAY,
            ),
            facts.Indicator(
                key="days",
                title={"en": "Days", "de": "Tage"},
                unit="d",
                measure="mean",
                direction="higher",
                target=Decimal(7),
                measurements=(mean,),
            ),
        ),
        started_on=DAY,
        ended_on=DAY,
        frozen_on=DAY,
        outcomes=(
            facts.TrialOutcome(indicator="days", result="not measurable", change=None, low=None, high=None, note="n<2"),
            facts.TrialOutcome(
                indicator="falls", result="partly", change=Decimal("-0.050"), low=Decimal(-1), high=Decimal("0.0")
            ),
        ),
        outcomes_on=DAY,
    )


def _booking(number: int, arena: str, state: facts.BookingState) -> facts.Booking:
    return facts.Booking(
        number=number,
        arena=arena,
        arena_name=f"Arena {arena}",
        first_day=DAY,
        last_day=DAY + timedelta(days=number),
        places=number,
        state=state,
    )


def _void(number: int) -> facts.StagePass:
    return facts.StagePass(id=number * 10 + 3, stage="implementation", number=1, sequence=3, opened_on=DAY, void=True)


def _action(
    number: int,
    of: int,
    *,
    owner: Person | None = None,
    organisation: Organisation | None = None,
    budget: Decimal | None = None,
    depends_on: tuple[int, ...] = (),
) -> facts.ActionItem:
    return facts.ActionItem(
        number=number,
        title={"en": f"Action {number} of {of}"},
        owner=owner,
        organisation=organisation,
        start=DAY,
        due=DAY,
        state="doing",
        percent=40,
        budget=budget,
        depends_on=depends_on,
    )


def plant(session: Session, *pilots: facts.Pilot) -> None:
    """Both programmes with everything that pilots refer to, and the pilots."""
    text = (resources.processes() / "standard.toml").read_text(encoding="utf-8")
    session.add(
        models.ProcessVersion(
            id=1, key="standard", version=1, text=text, sha256=sha256(text.encode()).hexdigest(), loaded_at=AT
        )
    )
    for organisation in (HOSPITAL, CARE_HOME):
        plant_organisation(session, organisation)
    for person in (COORDINATOR, EVALUATOR, LEFT):
        plant_person(session, person)
    for programme in (PROGRAMME, NEIGHBOUR):
        plant_programme(session, programme, process_version_id=1)
    for key in ("ward", "home"):
        session.add(models.Arena(programme_id=1, key=key, name=f"Arena {key}", organisation_id=HOSPITAL.id, capacity=4))
    session.flush()
    for each in pilots:
        programme_id = {PROGRAMME.key: 1, NEIGHBOUR.key: 2}[each.programme]
        area = select(models.ActionArea.id).where(
            models.ActionArea.programme_id == programme_id, models.ActionArea.key == each.area
        )
        plant_pilot(session, each, programme_id=programme_id, process_version_id=1, area_id=session.scalars(area).one())
    _number_on(session)


def _number_on(session: Session) -> None:
    """PostgreSQL does not notice numbers that were given; its next ones come after ours."""
    if session.get_bind().dialect.name == "postgresql":
        for table in models.Base.metadata.sorted_tables:
            if "id" in table.c and table.c.id.autoincrement is not False:
                session.execute(text(f"SELECT setval(pg_get_serial_sequence('{table.name}', 'id'), 1000)"))

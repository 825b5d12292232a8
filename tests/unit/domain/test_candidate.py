"""The note of an imported pilot: what a table said, found again whatever else the note holds."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

from pilotkit.domain.candidate import Candidate, CandidatePartner, facts_in, note_of, project_of
from pilotkit.domain.text import message

PARTNER = CandidatePartner(
    name="Hospital, example",
    role="lead",
    country="NO",
    kind="provider",
    region="North",
    budget=Decimal("1200.50"),
    currency="EUR",
    ownership="Public",
    source_type="Hospital trust",
    rows=(2,),
)
CANDIDATE = Candidate(
    source_key="key",
    programme="Border A-B",
    title={"sv": "Hållbar hälsa"},
    references=("7", "12"),
    starts=date(2026, 1, 1),
    ends=None,
    extra={"strand": "North"},
    partners=(PARTNER,),
    rows=(2, 3),
    doubts=(message("row {row}: look here", row=3),),
)


def test_a_note_holds_every_fact_and_the_doubts() -> None:
    assert note_of(CANDIDATE, "table.csv").splitlines() == [
        "table.csv, rows 2, 3",
        "- programme: Border A-B",
        "- title (sv): Hållbar hälsa",
        "- starts: 2026-01-01",
        "- id: 12",
        "- id: 7",
        "- strand: North",
        "- partner: Hospital, example (NO), lead, 1200.5 EUR, Public, Hospital trust, North",
        "? row 3: look here",
    ]


def test_facts_come_back_from_a_note() -> None:
    assert facts_in(note_of(CANDIDATE, "a name\nover two lines.csv")) == CANDIDATE.facts
    assert facts_in("") == ()


def test_rows_doubts_and_the_order_of_things_are_no_facts() -> None:
    moved = replace(CANDIDATE, rows=(8, 9), doubts=(), references=("12", "7"))
    cents = replace(PARTNER, budget=Decimal("1200.5"), rows=(8,))
    assert replace(moved, partners=(cents,)).facts == CANDIDATE.facts


def test_a_project_stays_the_same_when_dates_and_partners_change() -> None:
    later = replace(CANDIDATE, starts=date(2027, 1, 1), partners=(), title={"sv": "HÅLLBAR  Hälsa"})
    assert project_of(later.facts) == project_of(CANDIDATE.facts)
    assert project_of(replace(CANDIDATE, programme="Border B-C").facts) != project_of(CANDIDATE.facts)

"""A real project goes from a row of somebody's table to its published entry, and into the handbook of its programme.

The table is the list of Interreg projects with Swedish partners; it does not belong to the repository. The programme's
only document language is English, since pilotkit has no Swedish catalog yet: the titles stay Swedish, marked as such.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest

from pilotkit import resources
from pilotkit.db.engine import Database
from pilotkit.documents.press import PrintingPress
from pilotkit.documents.store import DocumentStore
from pilotkit.documents.typesetting import Typesetter
from pilotkit.domain.pilot import PilotStatus
from pilotkit.exchange.joining import Reading, read
from pilotkit.exchange.mapping import load_mapping
from pilotkit.exchange.programme_file import read_programme
from pilotkit.services import actions, books, documents, handbook, pilots, programmes
from pilotkit.services.audit import verify_trail
from pilotkit.services.imports import Fate, ImportReport, import_candidates
from tests import pdf
from tests.factories.dump import dump
from tests.factories.lab import COORDINATOR, PARTNER, Lab

TABLE = Path(__file__).parents[3] / "shared" / "data" / "tables" / "projects_interreg_se_2021_2027_partners.csv"
PROGRAMME = Path(__file__).parents[1] / "data" / "sweden-norway" / "programme.toml"

TITLE = "Prehospital Video i Samverkan 2 (PreViS 2)"
LEAD = "Lindholmen Science Park AB"
NORWEGIAN = "Hospital trust, example (NO)"

pytestmark = pytest.mark.skipif(not TABLE.is_file(), reason=f"the table {TABLE.name} does not lie beside the checkout")


@dataclass
class SwedenNorway(Lab):
    """A lab on the programme of the table, with its own partners."""

    def implement(self, code: str) -> None:
        today = self.today()
        plan = actions.ActionPlan(title={"en": "Train the crews, example"}, start=today, due=today, owner=PARTNER)
        number = actions.add_action(self.db, code, plan=plan, by=COORDINATOR, at=self.at)
        actions.update_action(self.db, code, number=number, state="done", by=COORDINATOR, at=self.at)
        actions.adopt(
            self.db,
            code,
            organisation=NORWEGIAN,
            solution={"en": "Video from the ambulance, example"},
            on=today,
            document="Order of the director, example",
            by=COORDINATOR,
            at=self.at,
        )

    def write_up(self, code: str) -> None:
        lesson = {"en": "Example: crews call earlier when they are seen."}
        handbook.add_lesson(self.db, code, kind="worked", text=lesson, by=COORDINATOR, at=self.at)
        handbook.judge_transferability(
            self.db, code, organisation=NORWEGIAN, text={"en": "Example: yes."}, by=COORDINATOR, at=self.at
        )

    def take_in(self, reading: Reading) -> ImportReport:
        return import_candidates(
            self.db,
            candidates=reading.candidates,
            only=["Sverige-Norge"],
            by=COORDINATOR,
            at=self.at,
            source=TABLE.name,
        )


@pytest.fixture(scope="module")
def reading() -> Reading:
    return read(TABLE, load_mapping(resources.mappings() / "interreg_sweden_2021_2027.toml"))


@pytest.fixture(scope="module")
def typesetter() -> Iterator[Typesetter]:
    with Typesetter(processes=1, seconds=120, megabytes=1500) as pool:
        yield pool


@pytest.fixture
def shelf(tmp_path: Path) -> Path:
    return tmp_path / "documents"


@pytest.fixture
def lab(database: Database, typesetter: Typesetter, shelf: Path) -> SwedenNorway:
    made = SwedenNorway(
        database, PrintingPress(typesetter, DocumentStore(shelf)), at=datetime(2026, 1, 7, 9, tzinfo=UTC)
    )
    found = read_programme(PROGRAMME)
    programmes.load_programme(
        database, setup=found.setup, process=found.process, source=found.process_source, at=made.at
    )
    return made


def complete(lab: SwedenNorway, code: str) -> None:
    """What the table does not know: the partner across the border, people, and texts; all of it marked as example."""
    pilots.edit_pilot(
        lab.db,
        code,
        texts={
            "summary": {"en": "Example: emergency physicians see the patient while the ambulance is on its way."},
            "problem": {"en": "Example: patients are taken to a hospital that cannot treat them."},
            "approach": {"en": "Example: video between ambulance, hospital and municipality."},
        },
        coordinator=COORDINATOR,
        join=[pilots.PartnerPart(organisation=NORWEGIAN, role="partner", country="NO")],
        by=COORDINATOR,
        at=lab.at,
    )


def letters(text: str) -> str:
    """A text without what a line break does to it."""
    return re.sub(r"[\s\u00ad\u2010-]", "", text)


def taken_all_the_way(lab: SwedenNorway, reading: Reading) -> tuple[str, ImportReport]:
    """Import the programme's projects and publish one of them; its code, and the report."""
    report = lab.take_in(reading)
    assert report.counts() == {Fate.NEW: 68, Fate.LEFT_OUT: 522}
    (code,) = (each.code for each in report.pilots if each.code and TITLE in each.title.values())
    imported = lab.show(code).pilot
    assert imported.title == {"sv": TITLE}
    assert imported.lead
    assert imported.lead.name == LEAD
    assert imported.countries == ("SE",)

    complete(lab, code)
    assert lab.show(code).pilot.countries == ("NO", "SE")
    lab.publish(code)
    pilot = lab.show(code).pilot
    assert pilot.status is PilotStatus.PUBLISHED
    assert [(entry.kind, entry.number) for entry in pilot.entries if entry.published_on] == [("results", 1)]
    return code, report


def check_that_another_import_changes_nothing(lab: SwedenNorway, reading: Reading) -> None:
    assert verify_trail(lab.db) is None
    before = dump(lab.db)
    lab.wait(365)
    assert lab.take_in(reading).counts() == {Fate.UNCHANGED: 68, Fate.LEFT_OUT: 522}
    assert dump(lab.db) == before


def test_from_the_table_to_the_published_entry(lab: SwedenNorway, reading: Reading, shelf: Path) -> None:
    code, _ = taken_all_the_way(lab, reading)
    lab.work(code, documents=True)
    laid = documents.documents_of(lab.db, code)
    assert {document.key for document in laid} == {
        *("project-sheet", "action-plan", "handbook-entry", "evaluation-report", "trial-report", "gate-record"),
    }
    assert [document.subject for document in laid if document.key == "gate-record"] == ["1", "2", "3", "4", "5"]
    (entry,) = ((shelf / document.shelf).read_bytes() for document in laid if document.key == "handbook-entry")
    assert pdf.faults(entry) == []
    said = letters("".join(pdf.pages(entry)))
    assert all(letters(text) in said for text in (TITLE, LEAD, NORWEGIAN))
    check_that_another_import_changes_nothing(lab, reading)


def structure_and_syntax(content: bytes) -> list[str]:
    return [*pdf.structure_faults(content), *pdf.syntax_faults(content)]


@pytest.mark.parametrize(
    ("kind", "faults"),
    [
        ("sqlite", structure_and_syntax),
        pytest.param("sqlite", pdf.faults, marks=[pytest.mark.full, pytest.mark.timeout(600)]),
        pytest.param("postgresql", pdf.faults, marks=[pytest.mark.full, pytest.mark.timeout(600)]),
    ],
)
def test_the_draft_handbook_holds_every_imported_pilot(
    lab: SwedenNorway, reading: Reading, shelf: Path, faults: Callable[[bytes], list[str]]
) -> None:
    _, report = taken_all_the_way(lab, reading)
    (book,) = books.typeset_books(lab.db, lab.press, at=lab.at, only=lambda book: book.key == "handbook-draft")
    content = (shelf / book.shelf).read_bytes()
    assert faults(content) == []
    said = letters("".join(pdf.pages(content)))
    titles = [title for each in report.pilots if each.fate is Fate.NEW for title in each.title.values()]
    assert [title for title in titles if letters(title) not in said] == []
    assert letters(NORWEGIAN) in said
    check_that_another_import_changes_nothing(lab, reading)

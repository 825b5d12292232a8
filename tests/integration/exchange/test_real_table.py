"""The list of Interreg projects with Swedish partners, as it is; it is not part of the repository."""

import csv
from collections import Counter
from pathlib import Path

import pytest
from openpyxl import Workbook

from pilotkit.exchange import mapping as module
from pilotkit.exchange.joining import Candidate, Reading, read
from pilotkit.exchange.mapping import Join, Mapping, load_mapping
from pilotkit.exchange.report import Faulty, Verdict

TABLE = Path(__file__).parents[4] / "shared" / "data" / "tables" / "projects_interreg_se_2021_2027_partners.csv"
MAPPING = Path(module.__file__).parent / "mappings" / "interreg_sweden_2021_2027.toml"

pytestmark = pytest.mark.skipif(not TABLE.is_file(), reason=f"the table {TABLE.name} does not lie beside the checkout")


@pytest.fixture(scope="module")
def mapping() -> Mapping:
    return load_mapping(MAPPING)


@pytest.fixture(scope="module")
def reading(mapping: Mapping) -> Reading:
    return read(TABLE, mapping)


def titled(reading: Reading, title: str) -> list[Candidate]:
    return [candidate for candidate in reading.candidates if title in candidate.title.values()]


def test_every_row_is_taken_or_joined_and_none_refused(reading: Reading) -> None:
    counts = reading.report.counts()
    assert counts[Verdict.TAKEN] == len(reading.candidates) == 590
    assert counts[Verdict.JOINED] == 606
    assert counts[Verdict.REFUSED] == 0
    assert sorted(row for candidate in reading.candidates for row in candidate.rows) == list(range(2, 1198))
    assert len({candidate.source_key for candidate in reading.candidates}) == 590


@pytest.mark.parametrize(
    ("periods", "pilots", "leaderless"), [("exact", 590, 402), ("overlapping", 588, 400), ("ignored", 586, 399)]
)
def test_what_the_dates_change(mapping: Mapping, periods: str, pilots: int, leaderless: int) -> None:
    joined = read(TABLE, mapping.model_copy(update={"join": Join.model_validate({"periods": periods})}))
    assert len(joined.candidates) == pilots
    without = [c for c in joined.candidates if all(partner.role != "lead" for partner in c.partners)]
    assert len(without) == leaderless
    assert any(f"{leaderless} of {pilots} pilots have no lead partner" in str(text) for text in joined.report.remarks)


def test_the_report_says_that_only_swedish_partners_are_listed(reading: Reading) -> None:
    assert "partners of SE only" in str(reading.report.remarks[0])
    assert {partner.country for candidate in reading.candidates for partner in candidate.partners} == {"SE"}


def test_the_report_says_what_ids_are_worth(reading: Reading) -> None:
    assert any(
        "175 of 232 ids stand for several pilots, and 283 pilots" in str(text) for text in reading.report.remarks
    )


def test_every_doubt_is_accounted_for(reading: Reading) -> None:
    kinds = Counter(entry.message.template[:25] for entry in reading.report.of(Verdict.DOUBTED))
    assert kinds == {
        "no row names the lead par": 402,
        "no organisation is named;": 17,
        "the cell is empty; taken ": 14,  # the kind of organisation
        "{why}; the date is left o": 7,  # 31 February, 31 September
        "rows {rows} have the same": 4,  # two titles with periods that overlap
        "the end {ends} lies befor": 2,
        '{name}: "{value}" here, "': 1,  # regular in one row, small in another
    }


def test_one_acronym_in_two_phases_is_two_pilots(reading: Reading) -> None:
    study, project = titled(reading, "SelfCare")
    assert study.extra["project type"] == "Feasibility study"
    assert project.extra["project type"] == "Regular"
    assert study.ends is not None
    assert project.starts is not None
    assert study.ends < project.starts
    assert study.doubts == project.doubts == ()


def test_one_acronym_in_two_programmes_is_two_pilots(reading: Reading) -> None:
    assert {candidate.programme for candidate in titled(reading, "DISCO")} == {"Interreg North Sea", "Interreg europe"}


def test_an_end_before_the_start_leaves_the_dates_out(reading: Reading) -> None:
    (candidate,) = titled(reading, "BBU - Baltic Biking UPGRADE")
    assert (candidate.starts, candidate.ends) == (None, None)
    assert candidate.extra["slutdatum"] == "2023-08-31"
    assert candidate.rows == (718, 743)


def test_a_day_that_does_not_exist_leaves_that_date_out(reading: Reading) -> None:
    (candidate,) = titled(reading, "CONSIDERATION")
    assert candidate.starts
    assert candidate.ends is None
    assert candidate.extra["slutdatum"] == "2026-09-31"
    assert len(candidate.partners) == 5


def test_a_title_may_begin_with_a_registered_sign(reading: Reading) -> None:
    (candidate,) = titled(reading, "®NorDigHE Nordic Digital Health & Education")
    assert candidate.rows == (983, 1041, 1075)


def test_partners_roles_and_budgets_are_all_there(reading: Reading) -> None:
    with TABLE.open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["organisationsnamn"]]
    partners = [partner for candidate in reading.candidates for partner in candidate.partners]
    names = {"LP": "lead", "PP": "partner", "AP": "associated"}
    assert Counter(partner.role for partner in partners) == Counter(names[row["organisationsroll"]] for row in rows)
    assert len(partners) == len(rows) == 1179
    total = sum(float(row["partnerbudget"]) for row in rows)
    assert float(sum(partner.budget or 0 for partner in partners)) == pytest.approx(total)


def test_a_second_reading_and_one_of_the_same_rows_as_a_workbook_find_the_same_pilots(
    mapping: Mapping, reading: Reading, tmp_path: Path
) -> None:
    assert read(TABLE, mapping) == reading
    book = Workbook(write_only=True)
    sheet = book.create_sheet("Partners")
    with TABLE.open(encoding="utf-8", newline="") as file:
        for cells in csv.reader(file):
            sheet.append(cells)
    book.save(tmp_path / "table.xlsx")
    again = {
        candidate.source_key: candidate.partners for candidate in read(tmp_path / "table.xlsx", mapping).candidates
    }
    assert again == {candidate.source_key: candidate.partners for candidate in reading.candidates}


def test_one_broken_row_at_the_end_refuses_the_whole_table(mapping: Mapping, tmp_path: Path) -> None:
    path = tmp_path / "broken.csv"
    path.write_bytes(TABLE.read_bytes() + b"1,AURORA,Regular,2023-01-01\r\n")
    with pytest.raises(Faulty, match="row 1198: there are 4 cells, the header has 20"):
        read(path, mapping)

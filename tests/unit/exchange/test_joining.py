from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pilotkit.exchange.joining import Candidate, Reading, read
from pilotkit.exchange.report import Faulty, Verdict
from tests.unit.exchange.tables_for_tests import ROW, day, mapping, row, write_csv, write_xlsx

DOUBT = '[dates]\nunreadable = "doubt"\n[numbers]\nunreadable = "doubt"\n'


def reading(folder: Path, *rows: tuple[str, ...], more: str = "") -> Reading:
    return read(write_csv(folder, *rows), mapping(folder, more))


def only(result: Reading) -> Candidate:
    (candidate,) = result.candidates
    return candidate


def doubts(result: Reading) -> list[tuple[int, str]]:
    return [(entry.row, entry.column) for entry in result.report.of(Verdict.DOUBTED)]


def test_a_row_is_a_pilot_with_its_partner(tmp_path: Path) -> None:
    candidate = only(reading(tmp_path, ROW))
    assert candidate.programme == "Example"
    assert candidate.title == {"en": "Heart at home"}
    assert (candidate.starts, candidate.ends) == (date(2024, 1, 1), date(2025, 12, 31))
    assert candidate.references == ("7",)
    (partner,) = candidate.partners
    assert (partner.name, partner.role, partner.country, partner.kind) == (
        "Hospital, example",
        "lead",
        "SI",
        "provider",
    )
    assert (partner.budget, partner.currency, partner.rows) == (Decimal(1000), "EUR", (2,))
    assert candidate.doubts == ()


def test_rows_join_by_programme_title_and_dates_never_by_id(tmp_path: Path) -> None:
    result = reading(
        tmp_path,
        row(id="1"),
        row(id="1", title="Another"),
        row(id="2", title="HEART  at home ", partner="University, example", role="PP"),
        row(id="1", programme="Other programme"),
    )
    assert [candidate.rows for candidate in result.candidates] == [(2, 4), (3,), (5,)]
    assert result.candidates[0].references == ("1", "2")
    assert any("1 of 2 ids" in str(remark) for remark in result.report.remarks)


PHASES = [row(to="2024-06-30"), row(from_="2024-07-01"), row(from_="2024-07-15", partner="Clinic, example")]


@pytest.mark.parametrize(
    ("periods", "rows"), [("exact", [(2,), (3,), (4,)]), ("overlapping", [(2,), (3, 4)]), ("ignored", [(2, 3, 4)])]
)
def test_the_mapping_says_how_dates_divide_a_title(tmp_path: Path, periods: str, rows: list[tuple[int, ...]]) -> None:
    result = reading(tmp_path, *PHASES, more=f'[join]\nperiods = "{periods}"\n')
    assert [candidate.rows for candidate in result.candidates] == rows
    assert len({candidate.source_key for candidate in result.candidates}) == len(rows)


def test_phases_are_told_apart_from_rows_that_may_be_one_pilot(tmp_path: Path) -> None:
    result = reading(tmp_path, *PHASES)
    assert doubts(result) == [(3, ""), (4, "")]
    assert "rows 4 have the same title" in str(result.candidates[1].doubts[0])
    taken = {entry.row: str(entry.message) for entry in result.report.of(Verdict.TAKEN)}
    assert "for another period" in taken[2]


def test_rows_joined_in_spite_of_their_dates_take_the_longest_time(tmp_path: Path) -> None:
    candidate = only(reading(tmp_path, *PHASES, more='[join]\nperiods = "ignored"\n'))
    assert (candidate.starts, candidate.ends) == (date(2024, 1, 1), date(2025, 12, 31))
    assert any("2024-01-01 - 2024-06-30" in str(doubt) for doubt in candidate.doubts)


def test_an_end_before_the_start_leaves_both_dates_out(tmp_path: Path) -> None:
    result = reading(tmp_path, row(from_="2024-05-01", to="2024-04-30"))
    candidate = only(result)
    assert (candidate.starts, candidate.ends) == (None, None)
    assert candidate.extra == {"from": "2024-05-01", "to": "2024-04-30"}
    assert doubts(result) == [(2, "to")]


def test_a_day_that_does_not_exist_breaks_the_row_or_is_doubted(tmp_path: Path) -> None:
    with pytest.raises(Faulty, match=r'row 2, column "to": "2026-09-31"'):
        reading(tmp_path, row(to="2026-09-31"))
    result = reading(tmp_path, row(to="2026-09-31"), row(to="2026-09-30"), more=DOUBT)
    assert [(c.starts, c.ends) for c in result.candidates] == [
        (date(2024, 1, 1), None),
        (date(2024, 1, 1), date(2026, 9, 30)),
    ]
    assert result.candidates[0].extra == {"to": "2026-09-31"}


def test_an_amount_that_cannot_be_read_breaks_the_row_or_is_doubted(tmp_path: Path) -> None:
    with pytest.raises(Faulty, match='column "budget"'):
        reading(tmp_path, row(budget="1,5"))
    result = reading(tmp_path, row(budget="1,5"), more=DOUBT)
    assert only(result).partners[0].budget is None
    assert doubts(result) == [(2, "budget")]


def test_a_missing_lead_is_doubted_with_what_to_do(tmp_path: Path) -> None:
    result = reading(tmp_path, row(role="PP"), row(role="AP", partner="City, example"))
    assert "add it by hand" in str(only(result).doubts[0])
    assert any("1 of 1 pilots" in str(remark) for remark in result.report.remarks)


def test_two_leads_are_doubted(tmp_path: Path) -> None:
    assert "2 lead partners" in str(only(reading(tmp_path, ROW, row(partner="City, example"))).doubts[0])


def test_a_partner_named_twice_is_one_with_the_weightier_role_and_both_budgets(tmp_path: Path) -> None:
    result = reading(tmp_path, row(role="PP"), row(partner="HOSPITAL,  example", budget="500.50"))
    (partner,) = only(result).partners
    assert (partner.role, partner.budget, partner.rows) == ("lead", Decimal("1500.50"), (2, 3))
    assert doubts(result) == [(3, "")]


def test_a_row_without_an_organisation_keeps_the_pilot_and_leaves_the_partner_out(tmp_path: Path) -> None:
    result = reading(tmp_path, ROW, row(partner="", role="PP", budget="77"))
    assert len(only(result).partners) == 1
    assert only(result).rows == (2, 3)
    assert "partner, 77 EUR" in str(result.report.of(Verdict.DOUBTED)[0].message)


def test_unknown_words_break_the_row_or_are_doubted(tmp_path: Path) -> None:
    with pytest.raises(Faulty) as caught:
        reading(tmp_path, row(role="XX", country="Atlantis"), row(title=" "))
    assert [str(fault) for fault in caught.value.faults] == [
        'row 2, column "role": the mapping does not say what "XX" means',
        'row 2, column "country": the mapping does not say what "Atlantis" means',
        'row 3, column "title": the cell is empty',
    ]
    result = reading(tmp_path, row(kind="Guild"))
    assert only(result).partners[0].kind == "other"
    assert doubts(result) == [(2, "kind")]


def test_broken_rows_are_passed_over_only_where_the_mapping_says_so(tmp_path: Path) -> None:
    rows = (ROW, ROW[:4], row(title="Next\0"), row(title="Other", role="XX", country="?"))
    with pytest.raises(Faulty, match=r"row 3: there are 4 cells, the header has 10 \(and 3 more\)"):
        reading(tmp_path, *rows)
    result = reading(tmp_path, *rows, more='[table]\nbroken_row = "refuse row"\n')
    assert [entry.row for entry in result.report.of(Verdict.REFUSED)] == [3, 4, 5, 5]
    assert result.report.counts() == {Verdict.TAKEN: 1, Verdict.REFUSED: 3}


def test_a_table_without_a_row_that_can_be_used_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Faulty, match="no row below"):
        reading(tmp_path)
    with pytest.raises(Faulty, match="row 2"):
        reading(tmp_path, row(title=""), more='[table]\nbroken_row = "refuse row"\n')


def test_facts_that_contradict_each_other_are_doubted(tmp_path: Path) -> None:
    more = '[pilot.extra]\nsize = "budget"\n'
    result = reading(tmp_path, row(budget=""), row(budget="1", role="PP"), row(budget="2", role="PP"), more=more)
    assert only(result).extra == {"size": "1"}
    assert (4, "") in doubts(result)


def test_the_report_says_which_countries_the_table_lists(tmp_path: Path) -> None:
    path, chart = (
        write_csv(tmp_path, ROW, row(country="Austria", partner="City, example", role="PP")),
        mapping(tmp_path),
    )
    result = read(path, chart.model_copy(update={"lists_only": ("SI",)}))
    assert "partners of SI only" in str(result.report.remarks[0])
    assert doubts(result) == [(3, "country")]


def test_csv_and_workbook_give_the_same_pilots(tmp_path: Path) -> None:
    typed = list(ROW)
    cells: list[object] = [*typed[:2], day(2024, 1, 1), 46022, 7.0, *typed[5:9], 1000]
    by_csv = read(write_csv(tmp_path, ROW), mapping(tmp_path))
    by_xlsx = read(write_xlsx(tmp_path, cells), mapping(tmp_path))
    assert by_csv.candidates == by_xlsx.candidates
    assert by_xlsx.report.sheet == "Projects"
    assert str(by_xlsx.report.entries[0].place) == 'sheet "Projects", row 2'


@settings(max_examples=25)
@given(st.permutations([ROW, *PHASES, row(title="Other"), row(title="other", partner="City, example", role="PP")]))
def test_the_order_of_rows_does_not_change_who_is_who(
    tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[str, ...]]
) -> None:
    def pilots(given: list[tuple[str, ...]]) -> set[tuple[str, frozenset[tuple[str, ...]]]]:
        candidates = reading(tmp_path_factory.mktemp("table"), *given).candidates
        return {
            (candidate.source_key, frozenset(given[number - 2] for number in candidate.rows))
            for candidate in candidates
        }

    assert pilots(rows) == pilots(sorted(rows))


def test_many_periods_of_one_title_stay_quick_and_short(tmp_path: Path) -> None:
    rows = [row(from_=f"2024-{1 + day // 28:02}-{1 + day % 28:02}", id=str(day)) for day in range(330)]
    result = reading(tmp_path, *rows)
    assert len(result.candidates) == 330
    assert max(len(str(doubt)) for candidate in result.candidates for doubt in candidate.doubts) < 300

import io
import zipfile
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pilotkit.domain.errors import NotFound
from pilotkit.exchange.cells import LIMITS, Limits, Row
from pilotkit.exchange.encodings import encoding_of
from pilotkit.exchange.mapping import Table
from pilotkit.exchange.report import Faulty
from pilotkit.exchange.tables import open_table
from tests.unit.exchange.tables_for_tests import HEADER, ROW, as_csv, day, replace_part, write_xlsx

ANY_SHAPE = Table()


def rows_of(path: Path, columns: Sequence[str], shape: Table = ANY_SHAPE, limits: Limits = LIMITS) -> list[Row]:
    with open_table(path, shape, columns, limits) as table:
        return list(table.rows)


def written(folder: Path, content: bytes) -> Path:
    path = folder / "table.csv"
    path.write_bytes(content)
    return path


# Printable text of the alphabets of the programmes' countries, with what CSV finds difficult.
ALPHABETS = st.characters(codec="utf-8", categories=("L", "N", "P", "S", "Zs"), max_codepoint=0x4FF)
CELLS = st.text(st.one_of(ALPHABETS, st.sampled_from(',;\t|"\n')), max_size=12).filter(
    lambda text: not any("\u202a" <= sign <= "\u202e" or "\u2066" <= sign <= "\u2069" for sign in text)
)


@given(
    rows=st.lists(st.lists(CELLS, min_size=3, max_size=3), max_size=6),
    delimiter=st.sampled_from(",;\t|"),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "utf-32"]),
    end=st.sampled_from(["\n", "\r\n"]),
)
def test_a_table_comes_back_as_it_was_written(
    tmp_path_factory: pytest.TempPathFactory, rows: list[list[str]], delimiter: str, encoding: str, end: str
) -> None:
    header = ["one", "two words", "three"]
    content = as_csv([header, *rows], delimiter, end).encode(encoding)
    read = rows_of(written(tmp_path_factory.mktemp("table"), content), ["two words", "one"])
    wanted = [(number, row) for number, row in enumerate(rows, start=2) if any(not_blank(cell) for cell in row)]
    assert [(row.number, list(row.cells)) for row in read] == wanted
    assert not any(row.faults for row in read)


def not_blank(cell: str) -> bool:
    return bool(cell.strip())


@given(widths=st.lists(st.integers(min_value=1, max_value=6), max_size=8))
def test_ragged_rows_carry_a_fault_and_keep_their_place(
    tmp_path_factory: pytest.TempPathFactory, widths: list[int]
) -> None:
    content = as_csv([["a", "b", "c"], *[["x"] * width for width in widths]]).encode()
    read = rows_of(written(tmp_path_factory.mktemp("table"), content), ["a"])
    assert [row.number for row in read] == list(range(2, len(widths) + 2))
    assert [bool(row.faults) for row in read] == [width != 3 for width in widths]


SLOVENE = "Zdravstveni dom Žužemberk, čakalna vrsta in šola za bolnike; občina Škofja Loka, Križišče"
SWEDISH = "Region Jämtland Härjedalen, Örebro län, Östergötland, Västra Götaland, Malmö, vård och omsorg på nätet"
GREEK = "Γενικό Νοσοκομείο Θεσσαλονίκης, υπηρεσίες υγείας και φροντίδας για ηλικιωμένους στην περιοχή"
BULGARIAN = "Областна болница Кюстендил, услуги за здраве и грижи за възрастни хора в региона"


@pytest.mark.parametrize(
    ("text", "encoding"),
    [(SLOVENE, "cp1250"), (SWEDISH, "cp1252"), (GREEK, "cp1253"), (BULGARIAN, "cp1251"), (SLOVENE, "utf-16-le"),
     (GREEK, "utf-16-be")],
)  # fmt: skip
def test_an_encoding_without_a_mark_is_found_out_and_called_a_guess(tmp_path: Path, text: str, encoding: str) -> None:
    path = written(tmp_path, as_csv([["name", "id"], [text, "1"]]).encode(encoding))
    with open_table(path, Table(), ["name"]) as table:
        assert next(table.rows).cells[0] == text
        assert table.guessed


@pytest.mark.parametrize("encoding", ["cp1250", "cp1252", "cp1253", "utf-8", "utf-8-sig", "utf-16"])
def test_the_mapping_may_say_the_encoding(tmp_path: Path, encoding: str) -> None:
    text = {"cp1252": "å", "cp1253": "ω"}.get(encoding, "č")
    path = written(tmp_path, as_csv([["name"], [text]]).encode(encoding))
    with open_table(path, Table(encoding="utf-8" if encoding == "utf-8-sig" else encoding), ["name"]) as table:
        assert [row.cells for row in table.rows] == [[text]]
        assert not table.guessed


def test_a_letter_beyond_the_first_megabyte_still_decides() -> None:
    late = io.BytesIO(b"x" * (1 << 20) + SLOVENE.encode())
    assert encoding_of("t", late, None) == ("utf-8", False)


def test_a_broken_byte_in_utf8_is_told_by_row_and_column(tmp_path: Path) -> None:
    content = as_csv([["a", "b"], ["åäö", "x"], ["åäö", "QQ"]]).encode().replace(b"QQ", b"Q\xe5")
    read = rows_of(written(tmp_path, content), ["a"])
    assert not read[0].faults
    assert [(row.number, fault.column) for row in read for fault in row.faults] == [(3, "b")]
    assert "character 2 cannot be decoded" in str(read[1].faults[0].message)


@pytest.mark.parametrize(("bad", "code"), [("\0", "U+0000"), ("\x07", "U+0007"), ("\u202e", "U+202E")])
def test_control_signs_are_told_by_row_and_column(tmp_path: Path, bad: str, code: str) -> None:
    read = rows_of(written(tmp_path, f"a,b\nx,y{bad}z\n".encode()), ["a"])
    assert [(fault.column, code in str(fault.message)) for fault in read[0].faults] == [("b", True)]


def test_a_huge_cell_is_told_by_row_and_column_or_ends_the_reading(tmp_path: Path) -> None:
    limits = Limits(cell=100)
    assert [f.column for f in rows_of(written(tmp_path, b"a,b\nx," + b"y" * 200), ["a"], limits=limits)[0].faults] == [
        "b"
    ]
    with pytest.raises(Faulty, match=r"line 2 has more than 1000 characters"):
        rows_of(written(tmp_path, b"a,b\nx," + b"y" * 2000), ["a"], limits=limits)
    with pytest.raises(Faulty, match="row 2"):
        rows_of(written(tmp_path, b'a,b\nx,"' + b"y\n" * 2000 + b'"'), ["a"], limits=limits)


@pytest.mark.parametrize("content", [b'a,b\nx,y\n"open,y\n', b'a,b\nx,y\n"x"y,z\n'])
def test_a_broken_quote_is_told_with_its_row(tmp_path: Path, content: bytes) -> None:
    with pytest.raises(Faulty, match="row 3"):
        rows_of(written(tmp_path, content), ["a"])


def test_rows_are_counted_as_a_spreadsheet_counts_them(tmp_path: Path) -> None:
    read = rows_of(written(tmp_path, b'a,b\n"two\nlines",1\n\n,\nlast,2,,\n'), ["a"])
    assert [(row.number, row.cells) for row in read] == [(2, ["two\nlines", "1"]), (5, ["last", "2"])]


def test_headings_may_stand_lower_down(tmp_path: Path) -> None:
    path = written(tmp_path, b"List of projects\n\n a ;b\n1;2\n")
    assert [(row.number, row.cells) for row in rows_of(path, ["a", "b"], Table(header_row=3))] == [(4, ["1", "2"])]


def test_missing_headings_are_listed_with_those_that_are_there(tmp_path: Path) -> None:
    with pytest.raises(Faulty) as caught:
        rows_of(written(tmp_path, b"a;b;b\n1;2;3\n"), ["a", "b", "c", "d"])
    missing, double = map(str, caught.value.faults)
    assert 'missing: "c", "d"; there are "a", "b", "b"' in missing
    assert '"b" stands 2 times' in double


def test_doubled_headings_that_nobody_uses_do_no_harm(tmp_path: Path) -> None:
    assert rows_of(written(tmp_path, b"a,b,b\n1,2,3\n"), ["a"])[0].cells == ["1", "2", "3"]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "empty"),
        (b"\n\n", "blank or missing"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1", "old Excel"),
        (b"PK\x03\x04 but not really", "not an XLSX file"),
        (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n", "missing"),
    ],
)
def test_what_is_no_table_is_refused(tmp_path: Path, content: bytes, said: str) -> None:
    with pytest.raises(Faulty, match=said):
        rows_of(written(tmp_path, content), ["a"])


def test_files_that_are_too_large_are_refused(tmp_path: Path) -> None:
    path = written(tmp_path, b"a,b\n" + b"1,2\n" * 50)
    with pytest.raises(Faulty, match="204 bytes, more than 100"):
        rows_of(path, ["a"], limits=Limits(file=100))
    with pytest.raises(Faulty, match="more than 20 rows"):
        rows_of(path, ["a"], limits=Limits(rows=20))
    with pytest.raises(Faulty, match="2 columns, more than 1"):
        rows_of(path, ["a"], limits=Limits(columns=1))


def test_a_missing_table_is_told_by_its_path(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match=r"none\.csv"):
        rows_of(tmp_path / "none.csv", [])
    with pytest.raises(NotFound):
        rows_of(tmp_path, [])


def test_a_workbook_keeps_types_and_pads_short_rows(tmp_path: Path) -> None:
    path = write_xlsx(tmp_path, ["x", day(2024, 2, 29), 1.5], [], ["y"], header=["a", "b", "c"])
    read = rows_of(path, ["c"])
    assert [(row.number, list(row.cells)) for row in read] == [
        (2, ["x", day(2024, 2, 29), 1.5]),
        (4, ["y", None, None]),
    ]


def test_the_mapping_may_name_a_sheet(tmp_path: Path) -> None:
    path = write_xlsx(tmp_path, ROW, sheet="2024")
    with open_table(path, Table(sheet="2024"), HEADER) as table:
        assert table.sheet == "2024"
    with pytest.raises(Faulty, match='no sheet "2023"; there are "2024"'):
        rows_of(path, HEADER, Table(sheet="2023"))


BOMB = b"""<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>
<%s xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><t>&b;</t></%s>"""


@pytest.mark.parametrize(
    ("part", "root"),
    [("xl/worksheets/sheet1.xml", b"worksheet"), ("xl/sharedStrings.xml", b"sst"), ("xl/workbook.xml", b"workbook"),
     ("xl/styles.xml", b"styleSheet"), ("[Content_Types].xml", b"Types")],
)  # fmt: skip
def test_xml_that_defines_entities_is_refused(tmp_path: Path, part: str, root: bytes) -> None:
    path = write_xlsx(tmp_path, ROW)
    replace_part(path, part, BOMB % (root, root))
    with pytest.raises(Faulty):
        rows_of(path, HEADER)


@pytest.mark.parametrize("content", [b"", b"<worksheet", b"\0\1\2"])
def test_a_damaged_sheet_is_refused(tmp_path: Path, content: bytes) -> None:
    path = write_xlsx(tmp_path, ROW)
    replace_part(path, "xl/worksheets/sheet1.xml", content)
    with pytest.raises(Faulty):
        rows_of(path, HEADER)


def test_a_cut_workbook_is_refused(tmp_path: Path) -> None:
    path = write_xlsx(tmp_path, ROW)
    path.write_bytes(path.read_bytes()[:-200])
    with pytest.raises(Faulty, match="safely"):
        rows_of(path, HEADER)


def test_a_zip_bomb_is_refused_before_it_is_unpacked(tmp_path: Path) -> None:
    path = write_xlsx(tmp_path, ROW)
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/media/bomb.bin", b"\0" * 3_000_000)
    assert path.stat().st_size < 20_000
    with pytest.raises(Faulty, match="unpacked"):
        rows_of(path, HEADER, limits=Limits(unpacked=1_000_000))


def test_a_cell_far_to_the_right_makes_a_row_ragged(tmp_path: Path) -> None:
    path = write_xlsx(tmp_path, ["x"], ["y", *[None] * 16_382, "far"], header=["a"])
    assert [bool(row.faults) for row in rows_of(path, ["a"])] == [False, True]


def test_a_sheet_far_longer_than_it_says_ends_at_the_limit(tmp_path: Path) -> None:
    path = write_xlsx(tmp_path, ["x"], header=["a"])
    sheet = b"""<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>
    <row r="1"><c r="A1" t="inlineStr"><is><t>a</t></is></c></row>
    <row r="1048576"><c r="A1048576"><v>1</v></c></row></sheetData></worksheet>"""
    replace_part(path, "xl/worksheets/sheet1.xml", sheet)
    with pytest.raises(Faulty, match="more than 1000 rows"):
        rows_of(path, ["a"], limits=Limits(rows=1000))

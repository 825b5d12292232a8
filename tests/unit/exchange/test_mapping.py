import re
from pathlib import Path

import pytest

from pilotkit.domain.errors import NotFound
from pilotkit.exchange import mapping as module
from pilotkit.exchange.mapping import load_mapping
from pilotkit.exchange.report import Faulty
from tests.unit.exchange.tables_for_tests import MAPPING

SHIPPED = sorted((Path(module.__file__).parent / "mappings").glob("*.toml"))
GUIDE = Path(__file__).parents[3] / "docs" / "import.md"


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_every_shipped_mapping_is_sound(path: Path) -> None:
    assert load_mapping(path).columns()


def test_there_is_a_mapping_for_the_swedish_table() -> None:
    assert "interreg_sweden_2021_2027" in {path.stem for path in SHIPPED}


def test_the_columns_are_those_of_the_file_each_once(tmp_path: Path) -> None:
    path = tmp_path / "m.toml"
    path.write_text(MAPPING.replace('kind = "kind"', 'kind = ["kind", "partner"]'), encoding="utf-8")
    assert load_mapping(path).columns() == (
        "programme", "title", "from", "to", "id", "partner", "role", "country", "kind", "budget",
    )  # fmt: skip


def test_all_faults_are_told_at_once_with_their_places(tmp_path: Path) -> None:
    path = tmp_path / "bad.toml"
    path.write_text(
        """
        lists_only = ["Sweden"]
        surprise = 1
        [table]
        encoding = "klingon"
        delimiter = "ab"
        broken_row = "explode"
        header_row = 0
        [pilot]
        starts = ["a", ""]
        [pilot.title]
        column = "a"
        [partner]
        name = "b"
        role = "c"
        country = { value = "SE", columns = ["x"] }
        [numbers]
        thousands = "."
        [dates]
        formats = ["%m", "%Y-%Q-%d"]
        [words.role.values]
        A = "boss"
        """,
        encoding="utf-8",
    )
    with pytest.raises(Faulty) as caught:
        load_mapping(path)
    places = {str(fault).partition(":")[0] for fault in caught.value.faults}
    assert places == {
        "lists_only.0", "surprise", "table.encoding", "table.delimiter", "table.broken_row", "table.header_row",
        "pilot.programme", "pilot.starts", "pilot.title.language", "partner.country", "numbers",
        "dates.formats.0", "dates.formats.1", "words.role",
    }  # fmt: skip
    assert caught.value.exit_code == 2
    assert "bad.toml" in str(caught.value)
    assert f"and {len(caught.value.faults) - 1} more" in str(caught.value)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"[pilot\n", "line 1"),
        (b"a = 1\na = 2\n", "line 2"),
        ("title = 'č'".encode("cp1250"), "byte 10"),
        (b"", "pilot"),
    ],
)
def test_what_is_no_mapping_at_all_is_told_with_its_place(tmp_path: Path, content: bytes, said: str) -> None:
    path = tmp_path / "m.toml"
    path.write_bytes(content)
    with pytest.raises(Faulty, match=said):
        load_mapping(path)


def test_a_missing_file_is_told_by_its_path(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match=re.escape(str(tmp_path))):
        load_mapping(tmp_path / "none.toml")
    with pytest.raises(NotFound):
        load_mapping(tmp_path)


def test_the_mapping_in_the_guide_works(tmp_path: Path) -> None:
    example = re.search(r"```toml\n(.*?)```", GUIDE.read_text(encoding="utf-8"), re.DOTALL)
    assert example
    path = tmp_path / "guide.toml"
    path.write_text(example.group(1), encoding="utf-8")
    assert load_mapping(path).table.broken_row == "refuse file"


def test_a_mapping_that_comes_with_pilotkit_is_found_by_its_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert load_mapping(Path("interreg_sweden_2021_2027")).lists_only == ("SE",)
    with pytest.raises(NotFound, match=r"or a name: interreg_sweden_2021_2027\."):
        load_mapping(Path("interreg_norway"))

"""The command line for tests."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.databases import fresh
from tests.e2e.line import COORDINATOR, PROGRAMME, Line


@pytest.fixture
def bare_line(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Iterator[Line]:
    """The command line in an empty folder, with a migrated database."""
    with fresh("sqlite", tmp_path) as url:
        folder = tmp_path / "folder"
        folder.mkdir()
        monkeypatch.chdir(folder)
        for name in ("PREFECT_API_URL", "PILOTKIT_LANGUAGE"):
            monkeypatch.delenv(name, raising=False)
        monkeypatch.setenv("PILOTKIT_DATABASE_URL", url)
        monkeypatch.setenv("PILOTKIT_BY", COORDINATOR)
        yield Line(folder, capsys, monkeypatch, url)


@pytest.fixture(scope="session")
def begun(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the database lies as it is after the first commands; the first test that needs it gives them."""
    return tmp_path_factory.mktemp("begun") / "begun.db"


@pytest.fixture
def line(bare_line: Line, begun: Path) -> Line:
    """The command line with a programme and a pilot, P-001, in its first stage."""
    file = Path(bare_line.url.removeprefix("sqlite:///"))
    if begun.exists():
        shutil.copyfile(begun, file)
        return bare_line
    bare_line.ok("programme", "load", PROGRAMME)
    bare_line.ok(
        "pilot", "new", "--title", "Remote monitoring", "--title", "sl=Nadzor na daljavo",
        "--summary", "Patients measure at home.", "--problem", "Too many journeys.",
        "--partner", "lead=Regional hospital, example", "--partner", "University, example",
        "--coordinator", COORDINATOR,
    )  # fmt: skip
    shutil.copyfile(file, begun)
    return bare_line

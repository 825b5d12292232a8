"""The rules of the house hold, and the tools that watch them are awake: each planted violation is found."""

import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).resolve().parents[2]
TOOLS = Path(sys.executable).parent

Plant = Callable[[str, str], Path]


def run(tool: str, *arguments: str, folder: Path) -> tuple[int, str]:
    """The exit code and the whole output of a tool."""
    done = subprocess.run(
        [TOOLS / tool, *arguments], cwd=folder, capture_output=True, text=True, timeout=120, check=False
    )
    return done.returncode, done.stdout + done.stderr


def broken(folder: Path, *contracts: str) -> bool:
    """Whether import-linter finds one of the contracts (of all, if none is named) broken."""
    chosen = [part for contract in contracts for part in ("--contract", contract)]
    code, output = run("lint-imports", "--no-cache", *chosen, folder=folder)
    assert "Contracts:" in output, f"import-linter did not come to an end:\n{output}"
    return code != 0


@pytest.fixture(scope="module")
def sources(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the code and its rules."""
    folder = tmp_path_factory.mktemp("sources")
    for package in ("pilotkit", "flows"):
        shutil.copytree(CHECKOUT / package, folder / package, ignore=lambda _, names: _not_code(names))
    shutil.copy(CHECKOUT / "pyproject.toml", folder)
    return folder


def _not_code(names: list[str]) -> set[str]:
    return {name for name in names if name == "__pycache__" or Path(name).suffix not in {"", ".py"}}


@pytest.fixture
def plant(sources: Path, request: pytest.FixtureRequest) -> Plant:
    """Puts a new file into the copy, and takes it away at the end."""

    def planted(file: str, code: str) -> Path:
        path = sources / file
        assert not path.exists()
        new = next((folder for folder in reversed(path.parents) if not folder.exists()), path)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(code, encoding="utf-8")
        request.addfinalizer(lambda: shutil.rmtree(new) if new.is_dir() else new.unlink(missing_ok=True))
        return path

    return planted


def test_arrows_hold(sources: Path) -> None:
    assert not broken(sources)


@pytest.mark.parametrize(
    ("contract", "file", "code"),
    [
        ("arrows", "pilotkit/services/planted.py", "import flows"),
        ("arrows", "flows/planted.py", "import pilotkit.cli"),
        ("arrows", "pilotkit/db/planted.py", "import pilotkit.services"),
        ("floors", "pilotkit/domain/planted.py", "import pilotkit.process"),
        ("floors", "pilotkit/services/planted.py", "import pilotkit.documents"),
        ("floors", "pilotkit/planted.py", "'A module that has not declared its floor.'"),
        ("prefect", "pilotkit/services/planted.py", "import prefect"),
        ("prefect", "pilotkit/documents/planted.py", "import flows"),
        ("pure", "pilotkit/domain/planted.py", "import sqlalchemy"),
        ("pure", "pilotkit/process/planted.py", "import pilotkit.clock"),
        ("pure", "pilotkit/process/planted.py", "import pilotkit.settings"),
        ("edges", "pilotkit/services/planted.py", "import smtplib"),
        ("edges", "pilotkit/domain/planted.py", "import jinja2"),
        ("edges-call-services", "pilotkit/cli/planted.py", "import sqlalchemy.orm"),
        ("edges-call-services", "flows/planted.py", "import pilotkit.db.models"),
    ],
)
def test_planted_import_is_found(sources: Path, plant: Plant, contract: str, file: str, code: str) -> None:
    plant(file, code)
    assert broken(sources, contract)


def test_web_has_its_floor_before_it_is_built(sources: Path, plant: Plant) -> None:
    if (sources / "pilotkit/web").exists():
        pytest.skip("the web application is there: the contracts speak of it by themselves")
    plant("pilotkit/web/__init__.py", "")
    page = plant("pilotkit/web/page.py", "import flows\nimport pilotkit.services")
    assert not broken(sources)

    page.write_text("import pilotkit.cli", encoding="utf-8")
    assert broken(sources, "arrows")
    page.write_text("import sqlalchemy", encoding="utf-8")
    assert broken(sources, "edges-call-services")


CLOCKS = {
    "datetime.now": "from datetime import UTC, datetime\n\nNOW = datetime.now(UTC)\n",
    "datetime.today": "import datetime\n\nNOW = datetime.datetime.today()\n",
    "date.today": "from datetime import date\n\nTODAY = date.today()\n",
    "time.time": "import time\n\nNOW = time.time()\n",
    "func.now": "from sqlalchemy import func\n\nNOW = func.now()\n",
}


@pytest.mark.parametrize("code", CLOCKS.values(), ids=CLOCKS)
@pytest.mark.parametrize("package", ["pilotkit/services", "flows"])
def test_clock_is_read_in_one_place(sources: Path, plant: Plant, package: str, code: str) -> None:
    path = plant(f"{package}/planted.py", code)
    exit_code, output = run("ruff", "check", "--no-cache", "--select", "TID251", str(path), folder=sources)
    assert exit_code == 1
    assert "only pilotkit/clock.py reads the clock" in output or "time.monotonic" in output


def test_clock_itself_may_read_the_clock(sources: Path) -> None:
    assert "datetime.now" in (sources / "pilotkit/clock.py").read_text(encoding="utf-8")
    assert run("ruff", "check", "--no-cache", "pilotkit/clock.py", folder=sources)[0] == 0


def test_relative_import_is_found(sources: Path, plant: Plant) -> None:
    path = plant("pilotkit/services/planted.py", "from . import agenda\n")
    exit_code, output = run("ruff", "check", "--no-cache", str(path), folder=sources)
    assert exit_code == 1
    assert "TID252" in output

"""What a command loads: the heavy libraries only where they are used. No timing: what is not imported costs nothing."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.e2e.line import Line

HEAVY = (
    "prefect",
    "weasyprint",
    "alembic",
    "scipy",
    "numpy",
    "openpyxl",
    "jinja2",
    "babel",
    "httpx",
    "pikepdf",
    "rich",
)
"""Whatever takes a tenth of a second or more."""

LIGHT = (*HEAVY, "sqlalchemy", "pydantic_settings", "pilotkit.db")
"""What even a help need not load."""

REPORT = """
import sys
from pilotkit.cli.app import run
code = run(sys.argv[2:])
loaded = [name for name in sys.argv[1].split(",") if name in sys.modules]
print(loaded, file=sys.stderr)
sys.exit(code)
"""


def loaded(unwanted: tuple[str, ...], *arguments: str, folder: Path) -> tuple[int, str]:
    done = subprocess.run(
        [sys.executable, "-c", REPORT, ",".join(unwanted), *arguments],
        cwd=folder, capture_output=True, text=True, timeout=60, check=False, env=os.environ | {"NO_COLOR": "1"},
    )  # fmt: skip
    return done.returncode, done.stderr.splitlines()[-1]


@pytest.mark.parametrize("arguments", [("--help",), ("version",), ("pilot", "--help"), ("decide", "--help")])
def test_a_help_loads_next_to_nothing(arguments: tuple[str, ...], tmp_path: Path) -> None:
    assert loaded(LIGHT, *arguments, folder=tmp_path) == (0, "[]")


@pytest.mark.parametrize(
    "arguments",
    [
        ("pilot", "list"),
        ("agenda",),
        ("pilot", "show", "P-001"),
        ("vote", "P-001", "--outcome", "hold", "--by", "d1@example.org"),
        ("criterion", "meet", "P-001", "need", "--evidence", "Letter"),
        ("db", "status"),
    ],
)
def test_an_everyday_command_loads_nothing_heavy(line: Line, arguments: tuple[str, ...]) -> None:
    assert loaded(HEAVY, *arguments, folder=line.folder) == (0, "[]")


def test_a_command_that_needs_it_loads_it(line: Line) -> None:
    assert loaded(("alembic",), "db", "upgrade", folder=line.folder)[1] == "[]"
    line.monkeypatch.setenv("PILOTKIT_DATABASE_URL", f"sqlite:///{line.folder}/new.db")
    assert loaded(("alembic",), "db", "upgrade", folder=line.folder)[1] == "['alembic']"


def test_completion_offers_commands_and_options(tmp_path: Path) -> None:
    def offered(words: str) -> str:
        done = subprocess.run(
            [sys.executable, "-c", "from pilotkit.cli.app import main; main()"],
            cwd=tmp_path, capture_output=True, text=True, timeout=60, check=False,
            env=os.environ | {"_PILOTKIT_COMPLETE": "complete_bash", "COMP_WORDS": words,
                              "COMP_CWORD": str(len(words.split(" ")) - 1)},
        )  # fmt: skip
        return done.stdout

    assert {"person", "panel", "pilot", "programme", "process", "plan"} == set(offered("pilotkit p").split())
    assert "archive" in offered("pilotkit pilot ")
    assert "--outcome" in offered("pilotkit decide P-001 --o")

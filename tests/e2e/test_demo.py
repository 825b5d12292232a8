"""``pilotkit demo`` as a newcomer runs it: twice, with nothing but an empty home."""

import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.e2e.line import Line

COMMAND = [sys.executable, "-m", "pilotkit.cli", "demo"]


@pytest.fixture
def home(tmp_path: Path) -> Path:
    folder = tmp_path / "home"
    folder.mkdir()
    return folder


@pytest.fixture
def environment(home: Path) -> Mapping[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PILOTKIT_", "PREFECT_", "XDG_"))}
    return kept | {"HOME": str(home), "PYTHONUTF8": "1"}


@pytest.mark.full
@pytest.mark.timeout(1800)
def test_the_demo_runs_and_a_second_one_keeps_the_first(
    tmp_path: Path, home: Path, environment: Mapping[str, str]
) -> None:
    first = subprocess.run(
        [*COMMAND, "--language", "de"], cwd=tmp_path, env=environment, capture_output=True, text=True, check=False
    )
    assert (first.returncode, "Traceback" in first.stderr) == (0, False), first.stderr
    _check_table(first.stdout, tmp_path)
    assert "What people did: 22/" in first.stderr
    _check_files(tmp_path / "pilotkit-data")
    assert list(home.iterdir()) == []
    asked = subprocess.run(
        [sys.executable, "-m", "pilotkit.cli", "pilot", "list", "--json"],
        cwd=tmp_path, env=environment, capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert len(json.loads(asked.stdout)) == 12
    _check_interrupted(tmp_path, environment)
    assert list(home.iterdir()) == []


def _check_table(table: str, folder: Path) -> None:
    rows = re.findall(r"^(P-\d{3})  .*?(\d+): (\S+\.pdf)$", table, flags=re.MULTILINE)
    assert [code for code, _, _ in rows] == [f"P-{number:03d}" for number in range(1, 13)]
    for code, number, path in rows:
        assert path == f"pilotkit-data/documents/{code}/handbook-entry.de.pdf"
        assert len(list((folder / path).parent.glob("*.pdf"))) == int(number)
    assert "(late)" in table
    for book in re.findall(r"^pilotkit-data/\S+\.pdf$", table, flags=re.MULTILINE):
        assert (folder / book).read_bytes().startswith(b"%PDF-")
    assert "handbook-public.de.pdf" in table


def _check_files(data: Path) -> None:
    for number in range(1, 13):
        for language in ("sl", "de", "en"):
            for key in ("action-plan", "handbook-entry", "project-sheet"):
                file = data / "documents" / f"P-{number:03d}" / f"{key}.{language}.pdf"
                assert file.read_bytes().startswith(b"%PDF-"), file
    assert (data / "pilotkit.db").exists()
    assert (data / "prefect").is_dir()


def _check_interrupted(folder: Path, environment: Mapping[str, str]) -> None:
    """The second run says where the first one's data went; it is interrupted in the middle of the play."""
    with subprocess.Popen(
        COMMAND, cwd=folder, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as second:
        assert second.stderr
        for line in second.stderr:
            if line.startswith("What people did: 22/"):
                second.send_signal(signal.SIGINT)
                break
        said, complained = second.communicate(timeout=120)
    assert second.returncode == 130, complained
    assert said == f"What lay in pilotkit-data lies in {folder / 'pilotkit-data-1'} now.\n"
    assert "The demo was interrupted." in complained
    assert "Traceback" not in complained
    _check_files(folder / "pilotkit-data-1")


def test_a_folder_of_somebody_else_is_not_touched(bare_line: Line) -> None:
    theirs = bare_line.folder / "thesis"
    theirs.mkdir()
    (theirs / "chapter-1.txt").write_text("mine")
    assert "thesis holds other things than what pilotkit keeps." in bare_line.refused("demo", "--data", "thesis")
    assert [file.name for file in bare_line.folder.iterdir()] == ["thesis"]


def test_a_file_is_no_data_folder(bare_line: Line) -> None:
    (bare_line.folder / "notes").write_text("mine")
    assert "notes cannot be used" in bare_line.refused("demo", "--data", "notes")


def test_a_language_that_the_example_does_not_have(bare_line: Line) -> None:
    said = bare_line.refused("demo", "--language", "sv")
    assert "no language sv" in said
    assert "sl, de, en" in said

"""What commands write: tables on a terminal, plain lines elsewhere, JSON for programs, in the user's language."""

import json
import os
import pty
import re
import subprocess
import sys
from datetime import date, datetime
from pathlib import Path

import pytest

from tests.e2e.line import Line

P = "P-001"

READING = {
    "version": {"pilotkit", "python"},
    "programme show": {"key", "prefix", "title", "languages", "areas", "people", "funded_project", "zone"},
    "programme list": {"key"},
    "person list": {"email", "name", "roles", "organisation", "active"},
    "organisation list": {"name", "kind", "country"},
    "pilot list": {"code", "title", "stage", "since", "status", "waits_for", "late", "automatic", "programme"},
    "pilot show P-001": {"pilot", "stage", "gate", "criteria", "agenda"},
    "agenda": {"pilot", "kind", "title", "owner", "due_on", "late", "command", "missing", "key"},
    "criterion list P-001": {"criterion", "title", "country", "legal", "required", "state", "evidence", "missing"},
    "trial arenas": {"key", "name", "organisation", "capacity"},
    "audit show": {"seq", "at", "actor", "action", "subject", "payload", "previous", "hash"},
    "audit verify": {"holds", "events", "first_bad", "reason"},
    "db status": {"database", "kind", "current", "head", "state"},
    "process check": {"sound", "faults", "key", "version"},
    "advance --all --no-documents --no-prefect": {"pilot", "stage", "status", "steps", "waiting"},
}
LISTS_THAT_BEGIN_EMPTY = ("meeting list", "action list P-001", "lesson list P-001", "decision show P-001")


@pytest.mark.parametrize("command", list(READING))
def test_json_has_its_keys(line: Line, command: str) -> None:
    found = line.data(*command.split())
    first = found[0] if isinstance(found, list) else found
    assert READING[command] <= set(first)


@pytest.mark.parametrize("command", LISTS_THAT_BEGIN_EMPTY)
def test_nothing_is_an_empty_list(line: Line, command: str) -> None:
    assert line.data(*command.split()) == []


def test_json_has_iso_days_and_decimals_as_text(line: Line) -> None:
    line.ok("pilot", "edit", P, "--budget", "1234.50", "--starts", "2026-05-01")
    pilot = line.data("pilot", "show", P)["pilot"]
    assert (pilot["budget"], pilot["starts"]) == ("1234.50", "2026-05-01")
    assert date.fromisoformat(pilot["created_on"]) <= date.fromisoformat(pilot["changed_at"][:10])
    assert datetime.fromisoformat(pilot["changed_at"]).utcoffset() is not None
    assert line.data("programme", "show")["funded_project"]["grant"] == "1000000.50"


def test_nothing_but_text_where_nobody_looks(line: Line) -> None:
    for command in READING:
        told = line.ok(*command.split())
        assert "\x1b" not in told.out + told.err
        assert told.err == ""
    rows = line.ok("agenda").out.splitlines()
    assert rows[0].split() == ["due", "pilot", "what", "who", "command"]
    assert all("pilotkit criterion meet P-001" in row for row in rows[1:])


def test_the_language_is_that_of_the_option_or_the_settings(line: Line, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "Nadzor na daljavo" in line.ok("--lang", "sl", "pilot", "list").out
    assert "Remote monitoring" in line.ok("pilot", "list").out
    monkeypatch.setenv("PILOTKIT_LANGUAGE", "sl")
    assert "Nadzor na daljavo" in line.ok("pilot", "list").out
    assert "Remote monitoring" in line.ok("--lang", "en", "pilot", "list").out
    assert "aktiven" in line.ok("pilot", "list").out


@pytest.mark.parametrize("width", [60, 80, 120])
def test_tables_fit_the_terminal(line: Line, width: int) -> None:
    for command in (("pilot", "list"), ("agenda",), ("person", "list"), ("pilot", "show", P), ("audit", "show")):
        shown = on_terminal(line.folder, width, *command)
        plain = [part for part in shown.splitlines() if part.strip()]
        assert max(len(part) for part in plain) <= width
        assert any("───" in part for part in plain)
        assert "example.org" in shown or width == 60 or command != ("person", "list")
        assert P in shown or command[0] in ("person", "audit")


def on_terminal(folder: Path, width: int, *command: str) -> str:
    """What a command shows on a terminal of this width, without its colours."""
    ours, theirs = pty.openpty()
    environment = os.environ | {"COLUMNS": str(width), "TERM": "xterm", "NO_COLOR": "1"}
    running = subprocess.Popen(
        [sys.executable, "-m", "pilotkit.cli", *command], cwd=folder, stdout=theirs, stderr=theirs, env=environment
    )
    os.close(theirs)
    shown = b""
    try:
        while part := os.read(ours, 65536):
            shown += part
    except OSError:
        pass  # the other side is closed
    os.close(ours)
    assert running.wait(timeout=60) == 0
    return re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", shown.decode()).replace("\r\n", "\n")


def test_texts_go_to_the_language_of_their_prefix(line: Line) -> None:
    line.ok("pilot", "edit", P, "--approach", "a=b: no language", "--approach", "de=Ein Weg", "--needs", "xx=also none")
    pilot = line.data("pilot", "show", P)["pilot"]
    assert pilot["approach"] == {"en": "a=b: no language", "de": "Ein Weg"}
    assert pilot["needs"] == {"en": "xx=also none"}


def test_a_decision_does_not_wait_for_prefect(line: Line, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PREFECT_API_URL", "http://127.0.0.1:9/api")
    line.ok("vote", P, "--outcome", "stop", "--by", "d1@example.org")
    told = line.ok("decide", P, "--outcome", "stop", "--rationale", "No money")
    assert told.out.splitlines()[-1] == f"Next: pilotkit advance {P}"
    assert told.err == ""


# --- doctor -----------------------------------------------------------------------------------------------------------


def findings(line: Line) -> dict[str, dict[str, str]]:
    return {finding["name"]: finding for finding in json.loads(line("doctor", "--json").out)}


def test_the_doctor_finds_what_is_wrong_and_how_to_mend_it(line: Line, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PREFECT_API_URL", "http://127.0.0.1:9/api")
    answer = line("doctor")
    assert answer.code == 1
    found = findings(line)
    assert found["PDF"]["state"] == found["fonts"]["state"] == found["database"]["state"] == "ok"
    assert found["data folder"]["state"] == "wrong"
    assert "pilotkit init" in found["data folder"]["mend"]
    assert found["Prefect"]["state"] == "wrong"
    assert "prefect server start" in found["Prefect"]["mend"]
    assert all(finding["mend"] for finding in found.values() if finding["state"] != "ok")
    (line.folder / "pilotkit-data").mkdir()
    monkeypatch.delenv("PREFECT_API_URL")
    assert line("doctor").code == 0


def test_the_doctor_sees_a_clock_that_runs_behind(line: Line) -> None:
    file = line.folder / "pilotkit-data" / "pilotkit.db"
    file.parent.mkdir()
    file.touch()
    assert findings(line)["clock"]["state"] == "ok"
    late = datetime.fromisoformat("2099-01-01T00:00:00+00:00").timestamp()
    os.utime(file, (late, late))
    assert findings(line)["clock"]["state"] == "wrong"


def test_the_doctor_sees_an_old_or_missing_database(line: Line, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PILOTKIT_DATABASE_URL", f"sqlite:///{line.folder}/none.db")
    found = findings(line)["database"]
    assert found["state"] == "wrong"
    assert "pilotkit db upgrade" in found["mend"]


def test_the_doctor_sees_libraries_that_are_missing(line: Line, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pilotkit.cli.doctor._TYPESET", "raise OSError('cannot load library libpango-1.0-0')")
    found = findings(line)["PDF"]
    assert found["state"] == "wrong"
    assert "libpango" in found["found"]
    assert "apt-get install" in found["mend"]

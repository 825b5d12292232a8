"""Bad input, over all commands: exit code 1 or 2, a clear sentence, nothing changed, never a traceback."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.e2e.line import PROGRAMME, Line

TOMORROW = "2099-01-01"
NOBODY = "nobody@example.org"
P = "P-001"

ON_A_PILOT = {
    "pilot show": (),
    "pilot edit": ("--summary", "x"),
    "pilot archive": ("--reason", "x"),
    "pilot resume": ("--reason", "x"),
    "agenda": ("--pilot", "{code}"),
    "criterion list": (),
    "criterion meet": ("need", "--evidence", "x"),
    "criterion waive": ("need", "--reason", "x"),
    "criterion not-applicable": ("need", "--reason", "x", "--authority", "x"),
    "score": ("need=3",),
    "panel close": ("--reason", "x"),
    "conflict declare": ("--reason", "x"),
    "trial book": ("--arena", "ward", "--from", "2026-01-01", "--to", "2026-01-02"),
    "trial indicator": ("--key", "x", "--title", "x", "--target", "1"),
    "trial start": (),
    "trial measure": ("x", "--value", "1"),
    "trial end": (),
    "trial show": (),
    "action add": ("--title", "x", "--due", "2026-01-01"),
    "action update": ("1", "--state", "done"),
    "action list": (),
    "action adopt": ("--organisation", "Lab, example", "--solution", "x", "--document", "x"),
    "lesson add": ("--text", "x"),
    "lesson list": (),
    "lesson transferability": ("--organisation", "Lab, example", "--text", "x"),
    "lesson approve": (),
    "lesson review": (),
    "vote": ("--outcome", "go"),
    "decide": ("--outcome", "go", "--rationale", "x"),
    "decision show": (),
    "decision revert": ("1", "--reason", "x", "--requested-by", "d1@example.org"),
    "condition meet": ("1", "--evidence", "x"),
    "condition waive": ("1", "--reason", "x"),
    "condition extend": ("1", "--until", "2099-01-01", "--reason", "x"),
    "advance": ("--no-documents", "--no-prefect"),
    "render": (),
}
"""Every command about a pilot, with what else it needs."""

READING = {"agenda", "advance", "render", "trial measure"}
"""``trial measure`` looks at the indicator first."""
ACTING = [name for name in ON_A_PILOT if name.split()[-1] not in {"show", "list"} and name not in READING]


def given(name: str, code: str = P, *more: str) -> list[str]:
    rest = [part.format(code=code) for part in ON_A_PILOT[name]]
    return [*name.split(), *([] if name == "agenda" else [code]), *rest, *more]


@pytest.mark.parametrize("name", list(ON_A_PILOT))
def test_an_unknown_pilot(line: Line, name: str) -> None:
    assert "There is no pilot P-999." in line.refused(*given(name, "P-999"))
    assert "There is no pilot ../;DROP" in line.refused(*given(name, "../;DROP TABLE pilot"))


@pytest.mark.parametrize("name", ACTING)
def test_somebody_unknown_gives_the_command(line: Line, name: str) -> None:
    assert NOBODY in line.refused(*given(name), "--by", NOBODY)


@pytest.mark.parametrize("name", ACTING)
def test_nobody_gives_the_command(line: Line, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PILOTKIT_BY")
    sentence = line.refused(*given(name))
    assert "--by EMAIL" in sentence or "sees" in sentence


ROLES = [
    (("pilot", "edit", P, "--summary", "x"), "d1@example.org"),
    (("criterion", "meet", P, "need", "--evidence", "x"), "e1@example.org"),
    (("criterion", "waive", P, "need", "--reason", "x"), "d1@example.org"),
    (("vote", P, "--outcome", "go"), "c@example.org"),
    (("vote", P, "--outcome", "go", "--for", "e1@example.org", "--from-minutes", "1"), "c@example.org"),
    (("vote", P, "--outcome", "go", "--for", "d2@example.org"), "d1@example.org"),
    (("decide", P, "--outcome", "stop", "--rationale", "x"), "e1@example.org"),
    (("decision", "revert", P, "1", "--reason", "x", "--requested-by", "d1@example.org"), "c@example.org"),
    (("score", P, "need=3"), "c@example.org"),
    (("person", "add", "--email", "x@example.org", "--role", "admin"), "e1@example.org"),
    (("person", "disable", "d1@example.org"), "d2@example.org"),
    (("organisation", "add", "--name", "x", "--kind", "other", "--country", "SI"), "e1@example.org"),
    (("meeting", "new", "--on", "2026-12-01", "--place", "x", "--pilot", P), "e1@example.org"),
    (("trial", "arena", "x", "--name", "x", "--organisation", "Lab, example", "--capacity", "1"), "d1@example.org"),
    (("pilot", "new", "--title", "x"), "e1@example.org"),
]


@pytest.mark.parametrize(("command", "by"), ROLES)
def test_the_wrong_role(line: Line, command: tuple[str, ...], by: str) -> None:
    assert "may not do this" in line.refused(*command, "--by", by)


WRONG = {
    "vote in the future": (("vote", P, "--outcome", "go", "--by", "d1@example.org", "--on", TOMORROW), "2099"),
    "vote long ago": (("vote", P, "--outcome", "go", "--by", "d1@example.org", "--on", "1999-01-01"), "1999"),
    "decision in the future": (("decide", P, "--outcome", "stop", "--rationale", "x", "--on", TOMORROW), "future"),
    "no date": (("decide", P, "--outcome", "hold", "--rationale", "x", "--until", "soon"), "soon is no date."),
    "a date of another country": (("vote", P, "--outcome", "go", "--on", "31.12.2026"), "31.12.2026 is no date."),
    "a day that is none": (("meeting", "new", "--on", "2026-02-30", "--place", "x", "--pilot", P), "2026-02-30"),
    "adoption in the future": (
        (
            "action",
            "adopt",
            P,
            "--organisation",
            "Lab, example",
            "--solution",
            "x",
            "--document",
            "x",
            "--on",
            TOMORROW,
        ),
        "future",
    ),
    "dates the wrong way round": (("pilot", "edit", P, "--starts", "2026-05-01", "--ends", "2026-04-01"), "before"),
    "no such outcome": (("vote", P, "--outcome", "maybe"), "conditional-go"),
    "no such role": (("person", "add", "--email", "x@example.org", "--role", "king"), "coordinator"),
    "no address": (("person", "add", "--email", "x y", "--role", "admin"), "no e-mail address"),
    "no such organisation": (("pilot", "edit", P, "--join", "Nowhere"), "Nowhere"),
    "no such role of a partner": (("pilot", "edit", P, "--join", "king=Lab, example"), "king"),
    "a second lead": (("pilot", "edit", P, "--join", "lead=Lab, example"), "lead partner already"),
    "no such area": (("pilot", "new", "--title", "x", "--area", "moon"), "moon"),
    "no such programme": (("pilot", "new", "--title", "x", "--programme", "moon"), "moon"),
    "no title": (("pilot", "new", "--title", "  "), "title"),
    "a title of many lines and signs": (("pilot", "new", "--title", "x" * 400), "300"),
    "the same language twice": (("pilot", "new", "--title", "a", "--title", "en=b"), "twice"),
    "no number": (("pilot", "edit", P, "--budget", "1.000,50"), "1.000,50 is no number."),
    "an endless number": (("pilot", "edit", P, "--budget", "Infinity"), "is no number."),
    "a number beyond all computing": (("pilot", "edit", P, "--budget", "1e999999999"), "is no number."),
    "a number of endless digits": (("pilot", "edit", P, "--budget", "1e-999999999"), "is no number."),
    "a rate beyond all computing": (
        (
            "trial",
            "indicator",
            P,
            "--key",
            "x",
            "--title",
            "x",
            "--target",
            "1",
            "--kind",
            "rate",
            "--baseline",
            "999999999999999/0.000000000000001",
        ),
        "no figure",
    ),
    "a budget below nothing": (("pilot", "edit", P, "--budget=-5"), "less than nothing"),
    "a new pilot's budget below nothing": (("pilot", "new", "--title", "x", "--budget=-5"), "less than nothing"),
    "an action item's budget below nothing": (
        ("action", "add", P, "--title", "x", "--due", "2099-01-01", "--budget=-5"),
        "less than nothing",
    ),
    "a number that is none": (("condition", "meet", P, "one", "--evidence", "x"), "must be a whole number"),
    "a negative number": (("action", "update", P, "-1", "--state", "done"), "-1"),
    "no such criterion": (("criterion", "meet", P, "moon", "--evidence", "x"), "moon"),
    "no evidence": (("criterion", "meet", P, "need"), "--evidence"),
    "no such condition": (("condition", "meet", P, "7", "--evidence", "x"), "no condition 7"),
    "no such decision": (("decision", "show", P, "7"), "no decision 7"),
    "no such meeting": (("meeting", "show", "7"), "no meeting 7"),
    "no such action item": (("action", "update", P, "7", "--state", "done"), "no action item 7"),
    "nothing to change": (("pilot", "edit", P), "not said what"),
    "no such state": (("action", "update", P, "1", "--state", "maybe"), "planned"),
    "a condition that is none": (
        ("decide", P, "--outcome", "conditional-go", "--rationale", "x", "--condition", "do it"),
        "OWNER:DATE:TEXT",
    ),
    "a condition without its date": (
        ("decide", P, "--outcome", "conditional-go", "--rationale", "x", "--condition", f"{NOBODY}:soon:do it"),
        "soon is no date.",
    ),
    "a gate that is not ready": (("decide", P, "--outcome", "go", "--rationale", "x"), "not ready"),
    "no rationale": (("decide", P, "--outcome", "stop", "--rationale", " "), "rationale"),
    "a missing option": (("decide", P, "--outcome", "stop"), "--rationale is missing."),
    "an unknown option": (("pilot", "list", "--jsn"), "--json"),
    "an unknown command": (("pilot", "lst"), "list"),
    "too many arguments": (("pilot", "show", P, "P-002"), "P-002"),
    "an unknown language": (("--lang", "xx", "pilot", "list"), "xx"),
    "a score that is none": (("score", P, "need=six"), "six is no number."),
    "a score without its key": (("score", P, "5"), "CRITERION=SCORE"),
    "a score given twice": (("score", P, "need=1", "need=2"), "twice"),
    "which pilots": (("advance",), "--all"),
    "no such language of a document": (("handbook", "build", "--language", "xx"), "xx"),
    "no such area of a plan": (("plan", "build", "--area", "moon"), "moon"),
    "no such edition": (("handbook", "build", "--edition", "secret"), "draft"),
    "no such document": (("render", P, "--document", "moon"), "action-plan"),
    "no server for a worker": (("worker",), "PREFECT_API_URL"),
    "a mapping that is not there": (("import", str(PROGRAMME), "--mapping", "none.toml"), "none.toml"),
    "a table that is none": (("import", str(PROGRAMME), "--mapping", str(PROGRAMME)), "small.toml"),
    "a process that is not there": (("process", "check", "none.toml"), "none.toml"),
    "a process that is a folder": (("process", "check", "/"), "folder"),
    "a picture in a place where nothing can be": (("process", "diagram", "--out", "/none/x.svg"), "/none/x.svg"),
    "a programme twice": (("programme", "load", str(PROGRAMME)), "there already"),
    "half a surrogate pair": (("pilot", "edit", P, "--summary", "caf\udce9"), "UTF-8"),
    "NUL": (("pilot", "edit", P, "--summary", "a\0b"), "NUL"),
    "a control character": (("pilot", "edit", P, "--summary", "a\x1bb"), "control character"),
    "10 MB": (("decide", P, "--outcome", "stop", "--rationale", "x" * 10_000_000), "10000000 characters"),
    "10 MB as evidence": (("criterion", "meet", P, "need", "--evidence", "x" * 10_000_000), "20000"),
    "10 MB where a code stands": (("pilot", "show", "x" * 10_000_000), "There is no pilot"),
    "10 MB where a date stands": (("vote", P, "--outcome", "go", "--on", "x" * 10_000_000), "is no date"),
    "10 MB where a choice stands": (("vote", P, "--outcome", "x" * 10_000_000), "--outcome"),
    "10 MB where an option stands": (("pilot", "list", "--" + "x" * 10_000_000), "no option"),
    "10 MB where a command stands": (("x" * 10_000_000,), "No such command"),
    "10 MB as an address": (("pilot", "edit", P, "--summary", "x", "--by", "x" * 10_000_000), "address"),
}


@pytest.mark.parametrize("what", list(WRONG))
def test_wrong_input(line: Line, what: str) -> None:
    command, told = WRONG[what]
    assert told in line.refused(*command)


FILES = {
    "none.txt": (None, "There is no file none.txt."),
    "folder": ("folder", "folder is a folder"),
    "latin.txt": ("Müller".encode("latin-1"), "UTF-8"),
    "nul.txt": (b"a\0b", "control character"),
    "long.txt": (b"x" * 10_000_000, "too long"),
    "empty.txt": (b"", "empty"),
}


@pytest.mark.parametrize("name", list(FILES))
def test_a_text_out_of_a_file(line: Line, name: str) -> None:
    content, told = FILES[name]
    if content == "folder":
        (line.folder / name).mkdir()
    elif isinstance(content, bytes):
        (line.folder / name).write_bytes(content)
    assert told in line.refused("conflict", "declare", P, "--reason", f"@{name}")
    if isinstance(content, bytes) and content:
        assert told in line.refused("conflict", "declare", P, "--reason", "-", stdin=content)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_that_may_not_be_read(line: Line) -> None:
    secret = line.folder / "secret.txt"
    secret.write_text("x", encoding="utf-8")
    secret.chmod(0)
    assert "cannot be read" in line.refused("conflict", "declare", P, "--reason", "@secret.txt")


def test_texts_of_files_arrive_whole(line: Line) -> None:
    text = "Čez mejo – grenzüberschreitend 😀 \u202eright\nSecond line"
    (line.folder / "text.txt").write_bytes(b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode())
    line.ok("pilot", "edit", P, "--summary", "@text.txt", "--problem", "sl=@text.txt", "--needs", "@@home")
    line.ok("pilot", "edit", P, "--approach", "-", stdin=text.encode())
    pilot = line.data("pilot", "show", P)["pilot"]
    assert pilot["summary"]["en"] == pilot["problem"]["sl"] == pilot["approach"]["en"] == text
    assert pilot["needs"]["en"] == "@home"
    shown = line.ok("pilot", "show", P).out
    assert "\u202e" not in shown, "a page of the terminal is not steered by what users wrote"


PROGRAMMES = {
    "no TOML": (b"key = ", "no TOML"),
    "no UTF-8": ("key = 'ü'".encode("latin-1"), "UTF-8"),
    "empty": (b"", "Faults: "),
    "NUL": (b"key = '\0'", "no TOML"),
    "too large": (b"#" * 10_000_000, "too large"),
}


@pytest.mark.parametrize("what", list(PROGRAMMES))
def test_a_broken_programme(bare_line: Line, what: str) -> None:
    content, told = PROGRAMMES[what]
    (bare_line.folder / "programme.toml").write_bytes(content)
    assert told in bare_line.refused("programme", "load", "programme.toml")


SETTINGS = {
    "no TOML": ("by = \n", "pilotkit.toml cannot be read"),
    "a number that is none": ('typesetters = "many"\n', "typesetters"),
    "nested without end": (f"x = {'[' * 5000}\n", "pilotkit.toml cannot be read"),
    "a port that is none": ('database_url = "postgresql://u@h:port/x"\n', "URL cannot be read"),
    "an option that is none": ('database_url = "postgresql://u@127.0.0.1:1/x?foo=bar"\n', "foo"),
    "another kind of database": ('database_url = "mysql://localhost/x"\n', "mysql"),
}


@pytest.mark.parametrize("what", list(SETTINGS))
def test_broken_settings(bare_line: Line, what: str, monkeypatch: pytest.MonkeyPatch) -> None:
    content, told = SETTINGS[what]
    monkeypatch.delenv("PILOTKIT_DATABASE_URL")
    (bare_line.folder / "pilotkit.toml").write_text(content, encoding="utf-8")
    assert told in bare_line.refused("pilot", "list")


def test_a_database_that_is_none(bare_line: Line, monkeypatch: pytest.MonkeyPatch) -> None:
    (bare_line.folder / "x.db").write_bytes(b"no database at all" * 100)
    monkeypatch.setenv("PILOTKIT_DATABASE_URL", "sqlite:///x.db")
    assert "not an SQLite database" in bare_line.refused("pilot", "list")
    monkeypatch.setenv("PILOTKIT_DATABASE_URL", "postgresql://nobody@127.0.0.1:1/none")
    assert "cannot be reached" in bare_line.refused("pilot", "list")


# --- in processes of their own ----------------------------------------------------------------------------------------

PILOTKIT = [sys.executable, "-m", "pilotkit.cli"]


def test_bytes_that_are_no_text(line: Line) -> None:
    done = subprocess.run([*PILOTKIT, "pilot", "show", b"P-\xff"], cwd=line.folder, capture_output=True, check=False)
    assert done.returncode == 2
    assert b"not UTF-8" in done.stderr
    assert b"Traceback" not in done.stderr


def test_nobody_reads_on(line: Line) -> None:
    for number in range(3):
        line.ok(
            "organisation", "add", "--name", f"Organisation {number} {'x' * 200}", "--kind", "other", "--country", "SI"
        )
    read, write = os.pipe()
    os.close(read)
    done = subprocess.run(
        [*PILOTKIT, "organisation", "list"], cwd=line.folder, stdout=write, stderr=subprocess.PIPE, check=False
    )
    os.close(write)
    assert done.stderr == b""


@pytest.mark.parametrize("closed", ["stdin", "stdout", "stderr"])
def test_a_stream_that_is_closed(line: Line, closed: str) -> None:
    """What the command does is done all the same; a text that cannot come is refused."""
    number = ["stdin", "stdout", "stderr"].index(closed)
    text = "-" if closed == "stdin" else "Written with a stream closed"
    command = ["conflict", "declare", P, "--reason", text, "--by", "d1@example.org"]
    done = subprocess.run(
        ["/bin/sh", "-c", f'exec "$@" {number}>&-', "sh", *PILOTKIT, *command],
        cwd=line.folder, capture_output=True, check=False,
    )  # fmt: skip
    assert done.returncode == (2 if closed == "stdin" else 0)
    assert b"did not expect" not in done.stderr
    assert (b"empty" in done.stderr) is (closed == "stdin")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="the system has no full device")
@pytest.mark.parametrize("more", [(), ("--json",)])
def test_an_output_that_is_full(line: Line, more: tuple[str, ...]) -> None:
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            [*PILOTKIT, "pilot", "list", *more], cwd=line.folder, stdout=full, stderr=subprocess.PIPE, check=False
        )
    assert done.returncode == 1
    assert b"No space left" in done.stderr
    assert b"did not expect" not in done.stderr


def test_a_document_is_not_copied_in_place_of_a_device(line: Line) -> None:
    pipe = line.folder / "pipe"
    os.mkfifo(pipe)
    answer = line("render", P, "--document", "project-sheet", "--language", "en", "--out", pipe)
    assert answer.code == 1
    assert "pipe cannot be written" in answer.err
    assert pipe.is_fifo()


def test_a_data_folder_whose_name_is_too_long(bare_line: Line, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PILOTKIT_DATABASE_URL")
    monkeypatch.setenv("PILOTKIT_DATA", "x" * 400)
    assert "name too long" in bare_line.refused("pilot", "list")


def test_a_mapping_that_is_nested_without_end(line: Line) -> None:
    (line.folder / "deep.toml").write_text("x = " + "[" * 100_000, encoding="utf-8")
    assert "not TOML" in line.refused("import", str(PROGRAMME), "--mapping", "deep.toml")


def test_a_terminal_that_knows_no_unicode(line: Line) -> None:
    line.ok("pilot", "edit", P, "--title", "Čez mejo")
    environment = os.environ | {"PYTHONIOENCODING": "ascii"}
    for more in ((), ("--json",)):
        command = [*PILOTKIT, "pilot", "list", *more]
        done = subprocess.run(command, cwd=line.folder, env=environment, capture_output=True, check=False)
        assert done.returncode == 0
        assert done.stderr == b""
        assert (b"?ez mejo" in done.stdout) is not bool(more)


def test_ctrl_c(line: Line) -> None:
    """Somebody ends a command that waits for its text."""
    waiting = subprocess.Popen(
        [*PILOTKIT, "conflict", "declare", P, "--reason", "-"],
        cwd=line.folder, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip
    assert waiting.stdin
    deadline = time.monotonic() + 30
    while "pipe_read" not in _waits_in(waiting.pid) and time.monotonic() < deadline:
        time.sleep(0.1)
    waiting.send_signal(signal.SIGINT)
    out, err = waiting.communicate(timeout=30)
    assert (waiting.returncode, out, err) == (130, b"", b"")


def _waits_in(process: int) -> str:
    """What the process waits for, as far as the system tells; after two seconds it is taken for granted."""
    told = Path(f"/proc/{process}/wchan")
    where = told.read_text(encoding="utf-8") if told.exists() else ""
    if where in ("", "0"):
        time.sleep(3)
        return "pipe_read"
    return where


def test_what_nobody_expected_is_kept_in_a_file(line: Line, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object, **__: object) -> None:
        raise ZeroDivisionError("by hand")

    monkeypatch.setattr("pilotkit.services.pilots.list_pilots", broken)
    answer = line("pilot", "list")
    assert answer.code == 1
    assert "ZeroDivisionError: by hand" in answer.err
    assert "Traceback" not in answer.err
    assert "Traceback" in (line.folder / "pilotkit-data" / "errors.log").read_text(encoding="utf-8")

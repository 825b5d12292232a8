"""``doctor``: everything that a newcomer trips over, and how to mend it."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from importlib.util import find_spec
from pathlib import Path
from typing import Final, Literal

import typer

from pilotkit import __version__, clock, resources
from pilotkit.cli import desk, output
from pilotkit.cli.arguments import AsJson
from pilotkit.cli.errors import shortened
from pilotkit.domain.errors import Message, PilotkitError
from pilotkit.domain.text import message

LEAST_SPACE: Final = 1_000_000_000
"""Bytes that should be free where the data lies; a programme of 100 pilots takes about a tenth of it."""

_TYPESET_SECONDS: Final = 90
_SERVER_SECONDS: Final = 3.0


@dataclass(frozen=True, kw_only=True)
class Finding:
    """What was looked at, how it is, and how to mend it.

    Attributes:
        state: ``ok``; ``note``: works, but somebody should know; ``wrong``: something will not work.
    """

    name: str
    state: Literal["ok", "note", "wrong"]
    found: Message | str
    mend: Message | None = None


def doctor(*, as_json: AsJson = False) -> None:
    """Check everything that pilotkit needs, and say how to mend it.

    Exit code 1 when something is wrong.
    """
    findings = []
    with output.progress(message("Looking"), len(_CHECKS)) as report:
        for check in _CHECKS:
            findings += list(check())
            report(findings[-1].name if findings else "")
    if as_json:
        output.data([vars(finding) for finding in findings])
    else:
        _tell(findings)
    if any(finding.state == "wrong" for finding in findings):
        raise typer.Exit(1)


def _tell(findings: list[Finding]) -> None:
    signs = {"ok": message("ok"), "note": message("note"), "wrong": message("WRONG")}
    rows = []
    for finding in findings:
        found = output.spoken(finding.found)
        mend = f"\n→ {desk.say(finding.mend)}" if finding.mend else ""
        rows.append((signs[finding.state], finding.name, f"{found}{mend}"))
    output.table((message("state"), message("part"), message("what was found")), rows)


def _itself() -> Iterator[Finding]:
    here = message(
        "pilotkit {version}, Python {python}", version=__version__, python=".".join(map(str, sys.version_info[:3]))
    )
    yield Finding(name="pilotkit", state="ok", found=here)


def _settings() -> Iterator[Finding]:
    try:
        settings = desk.settings()
    except PilotkitError as error:
        yield Finding(name="settings", state="wrong", found=error.what, mend=error.remedy)
        return
    where = message("pilotkit.toml") if Path("pilotkit.toml").exists() else message("variables and defaults only")
    who = settings.by or "-"
    yield Finding(
        name="settings", state="ok", found=message("{where}; commands are given by: {who}", where=where, who=who)
    )


# --- PDF --------------------------------------------------------------------------------------------------------------

# In a process of its own: a library that is missing or broken may take the whole process with it.
_TYPESET: Final = "import weasyprint; print(len(weasyprint.HTML(string='<p>pilotkit</p>').write_pdf()))"

_LIBRARIES: Final = "libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz0b libharfbuzz-subset0 libfontconfig1"


def _typesetting() -> Iterator[Finding]:
    mend = message(
        "Install pango and harfbuzz; on Debian and Ubuntu: apt-get install {libraries}; on macOS: brew install pango",
        libraries=_LIBRARIES,
    )
    try:
        done = subprocess.run(
            [sys.executable, "-c", _TYPESET], capture_output=True, text=True, timeout=_TYPESET_SECONDS, check=False
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        reason = shortened(str(error), 200)
        yield Finding(
            name="PDF", state="wrong", found=message("typesetting does not answer: {reason}", reason=reason), mend=mend
        )
        return
    if done.returncode:
        said = [line for line in done.stderr.splitlines() if line.strip()]
        reason = shortened(said[-1] if said else str(done.returncode), 200)
        yield Finding(
            name="PDF", state="wrong", found=message("typesetting does not work: {reason}", reason=reason), mend=mend
        )
    else:
        yield Finding(name="PDF", state="ok", found=message("a page was typeset"))
    if sys.platform == "linux":
        yield from _subsetting()


def _subsetting() -> Iterator[Finding]:
    import ctypes

    try:
        ctypes.CDLL("libharfbuzz-subset.so.0")
    except OSError:
        yield Finding(
            name="harfbuzz-subset",
            state="wrong",
            found=message("is missing: fonts cannot be made small"),
            mend=message("On Debian and Ubuntu: apt-get install libharfbuzz-subset0"),
        )
    else:
        yield Finding(name="harfbuzz-subset", state="ok", found=message("is there"))


def _fonts() -> Iterator[Finding]:
    fonts = sorted(path.name for path in resources.templates().rglob("*.ttf"))
    if {"NotoSans-Regular.ttf", "NotoSans-Bold.ttf", "NotoSans-Italic.ttf"} <= set(fonts):
        yield Finding(name="fonts", state="ok", found=message("fonts that pilotkit brings: {count}", count=len(fonts)))
    else:
        yield Finding(
            name="fonts",
            state="wrong",
            found=message("pilotkit's own fonts are missing in {folder}", folder=resources.templates()),
            mend=message("Install pilotkit again: pip install --force-reinstall pilotkit"),
        )


# --- Data -------------------------------------------------------------------------------------------------------------


def _data_folder() -> Iterator[Finding]:
    folder = _folder()
    if not folder.is_dir():
        yield Finding(
            name="data folder",
            state="wrong",
            found=message("{folder} is not there", folder=folder),
            mend=message("Make it: pilotkit init (or set PILOTKIT_DATA)"),
        )
        return
    probe = folder / f".doctor-{os.getpid()}"
    try:
        probe.write_bytes(b"pilotkit")
        probe.unlink()
    except OSError as error:
        yield Finding(
            name="data folder",
            state="wrong",
            found=message("{folder} cannot be written: {reason}", folder=folder, reason=error.strerror or ""),
            mend=message("Give this user the right to write there, or set PILOTKIT_DATA."),
        )
    else:
        yield Finding(name="data folder", state="ok", found=str(folder))
    free = shutil.disk_usage(folder).free
    space = message("free: {gigabytes} GB", gigabytes=f"{free / 1e9:.1f}")
    if free < LEAST_SPACE:
        yield Finding(name="disk", state="wrong", found=space, mend=message("Free some space; at least 1 GB."))
    else:
        yield Finding(name="disk", state="ok", found=space)


def _folder() -> Path:
    try:
        return desk.settings().data.resolve()
    except PilotkitError:
        return Path("pilotkit-data").resolve()


def _database() -> Iterator[Finding]:
    from pilotkit.db.schema import require_current, status

    try:
        with desk.pilotkit(check_schema=False) as pk:
            require_current(pk.db)
            found = status(pk.db)
            where = message("{database}, schema {number}", database=pk.db, number=found.current)
            yield Finding(name="database", state="ok", found=where)
    except PilotkitError as error:
        yield Finding(name="database", state="wrong", found=error.what, mend=error.remedy)


def _clock() -> Iterator[Finding]:
    """Whether the clock runs behind what was written before: then due dates and the order of things go wrong."""
    now = clock.now()
    written = [Path(__file__), *(path for path in _folder().glob("*") if path.is_file())]
    latest = max(datetime.fromtimestamp(path.stat().st_mtime, UTC) for path in written)
    told = message("it is {now}", now=now.isoformat(sep=" ", timespec="seconds"))
    if latest > now + timedelta(minutes=2):
        yield Finding(
            name="clock",
            state="wrong",
            found=message(
                "it is {now}, but files were written at {latest}",
                now=now.isoformat(sep=" ", timespec="seconds"),
                latest=latest.isoformat(sep=" ", timespec="seconds"),
            ),
            mend=message("Set the clock; on Linux: timedatectl set-ntp true"),
        )
    else:
        yield Finding(name="clock", state="ok", found=told)


# --- Prefect ----------------------------------------------------------------------------------------------------------


def _prefect() -> Iterator[Finding]:
    if find_spec("prefect") is None:
        yield Finding(
            name="Prefect",
            state="wrong",
            found=message("is not installed"),
            mend=message("Install pilotkit again: pip install --force-reinstall pilotkit"),
        )
        return
    from importlib.metadata import version

    url = os.environ.get("PREFECT_API_URL", "")
    if not url:
        yield Finding(
            name="Prefect",
            state="ok",
            found=message(
                "{version}; flows run in the process (PREFECT_API_URL is not set)", version=version("prefect")
            ),
        )
    else:
        yield _server(url, version("prefect"))
    yield from _orphans()


def _server(url: str, version: str) -> Finding:
    import httpx

    try:
        answer = httpx.get(f"{url.rstrip('/')}/health", timeout=_SERVER_SECONDS)
        answer.raise_for_status()
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        reason = shortened(str(error) or type(error).__name__, 120)
        return Finding(
            name="Prefect",
            state="wrong",
            found=message("the server at {url} does not answer: {reason}", url=url, reason=reason),
            mend=message(
                "Start it (prefect server start), or unset PREFECT_API_URL. Without it the sweep does the work."
            ),
        )
    return Finding(
        name="Prefect", state="ok", found=message("{version}; the server at {url} answers", version=version, url=url)
    )


def _orphans() -> Iterator[Finding]:
    """Embedded servers whose process was killed; each holds a port and some memory for minutes."""
    numbers = [number for number, parent, command in _processes() if parent == 1 and _is_embedded(command)]
    if numbers:
        yield Finding(
            name="left-over servers",
            state="note",
            found=message("Prefect servers without their process: {numbers}", numbers=", ".join(map(str, numbers))),
            mend=message("End them: kill {numbers}", numbers=" ".join(map(str, numbers))),
        )


def _is_embedded(command: str) -> bool:
    return "uvicorn" in command and "prefect.server.api.server:create_app" in command


def _processes() -> Iterator[tuple[int, int, str]]:
    """Number, parent's number and command line of every process, where the system tells (Linux)."""
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            command = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
            state = (folder / "stat").read_text(errors="replace").rpartition(")")[2].split()
        except OSError:
            continue  # it ended meanwhile
        yield int(folder.name), int(state[1]), command


_CHECKS: Final[tuple[Callable[[], Iterator[Finding]], ...]] = (
    _itself,
    _settings,
    _data_folder,
    _database,
    _typesetting,
    _fonts,
    _prefect,
    _clock,
)

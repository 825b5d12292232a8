"""A prepared process that forks: each child does one scenario and may be killed on the way.

As a program it reads one JSON job per line and answers with one JSON line: how the child ended, and which points it
passed. Forking a process that has imported everything takes milliseconds, starting a new interpreter a second.
"""

import json
import os
import signal
import subprocess
import sys
import traceback
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Any


@dataclass(frozen=True)
class End:
    """How a child ended: by which signal, with which exit code, and the points that it passed, in order."""

    killed: bool
    code: int
    points: tuple[str, ...]
    errors: str


class Prepared:
    """The prepared process, as the test holds it."""

    def __enter__(self) -> "Prepared":
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.faults.killing"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=Path(__file__).parents[2],
            env={name: value for name, value in os.environ.items() if not name.startswith("PILOTKIT_KILL")},
        )
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._process.communicate(timeout=30)

    def run(self, scenario: str, *, url: str, shelf: Path, at: datetime, kill_at: str = "") -> End:
        """Do a scenario; one that is to be killed, in a child."""
        job = {"scenario": scenario, "url": url, "shelf": str(shelf), "at": at.isoformat(), "kill_at": kill_at}
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write(json.dumps(job) + "\n")
        self._process.stdin.flush()
        answer = json.loads(self._process.stdout.readline())
        return End(answer["killed"], answer["code"], tuple(answer["points"]), answer["errors"])


def occurrences(points: Sequence[str]) -> list[str]:
    """Each point as often as it was passed: ``audit.after``, ``audit.after:2`` ..."""
    seen: dict[str, int] = {}
    named = []
    for point in points:
        seen[point] = seen.get(point, 0) + 1
        named.append(point if seen[point] == 1 else f"{point}:{seen[point]}")
    return named


def _serve() -> None:
    from tests.faults.scenarios import SCENARIOS  # imports everything before the first fork

    databases: dict[str, Any] = {}
    for line in sys.stdin:
        job = json.loads(line)
        act = SCENARIOS[job["scenario"]].act
        log, errors = (Path(job["shelf"]).with_name(name) for name in ("points.log", "errors.log"))
        for file in (log, errors):
            file.unlink(missing_ok=True)
        if job["kill_at"]:
            status = _in_a_child(act, job, log, errors, databases)
        else:  # not to be killed: here, so that the children inherit the statements that were compiled
            status = _act(act, job, log, errors, databases) << 8
        answer = {
            "killed": os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL,
            "code": os.waitstatus_to_exitcode(status),
            "points": log.read_text().split() if log.exists() else [],
            "errors": errors.read_text() if errors.exists() else "",
        }
        sys.stdout.write(json.dumps(answer) + "\n")
        sys.stdout.flush()


def _in_a_child(act: Any, job: dict[str, str], log: Path, errors: Path, databases: dict[str, Any]) -> int:
    child = os.fork()
    if not child:
        code = 1
        try:
            code = _act(act, job, log, errors, databases)
        finally:
            os._exit(code)
    return os.waitpid(child, 0)[1]


def _act(act: Any, job: dict[str, str], log: Path, errors: Path, databases: dict[str, Any]) -> int:
    """Do the scenario; no connection is left open, for children must not share one."""
    from pilotkit import faults
    from pilotkit.db.engine import Database
    from tests.factories.lab import Lab
    from tests.fakes import FakePress

    faults._reached.clear()
    os.environ |= {"PILOTKIT_ENV": "test", "PILOTKIT_KILL_AT": job["kill_at"], "PILOTKIT_KILL_LOG": str(log)}
    db = databases.setdefault(job["url"], Database(job["url"]))
    try:
        act(Lab(db, FakePress(Path(job["shelf"])), at=datetime.fromisoformat(job["at"])))
    except BaseException:  # noqa: BLE001 - the test is told
        errors.write_text(traceback.format_exc())
        return 1
    finally:
        db.close()
    return 0


if __name__ == "__main__":
    _serve()

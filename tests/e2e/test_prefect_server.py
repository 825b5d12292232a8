"""A real server and a real worker: a decision never waits for them, and whatever was not started is done later."""

import asyncio
import gc
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from prefect.client.orchestration import get_client
from prefect.client.schemas.objects import FlowRun, StateType
from prefect.settings import PREFECT_API_URL, temporary_settings

from flows.start import start
from pilotkit import clock
from pilotkit.domain.process import Outcome
from pilotkit.services.audit import verify_trail
from pilotkit.services.steps import standing
from pilotkit.settings import Settings
from tests.databases import fresh
from tests.factories.lab import Lab
from tests.factories.moments import CODE, lab_at
from tests.integration.flows.seen import artifacts_of, runs_of, text_of
from tests.prefect_server import PrefectServer, end_group

pytestmark = [
    pytest.mark.timeout(900),
    pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning"),
]

PATIENCE = 180
"""Seconds until something must have happened, on a machine that does much else."""

WORKER = "from flows.worker import work; from pilotkit.settings import Settings; work(Settings())"


@contextmanager
def _worker(
    server: PrefectServer, lab: Lab, folder: Path, *, how: signal.Signals = signal.SIGTERM, kill_at: str = ""
) -> Iterator[subprocess.Popen[bytes]]:
    environment = os.environ | {
        "PREFECT_API_URL": server.api_url,
        "PREFECT_HOME": str(folder / "data" / "prefect"),
        "PILOTKIT_DATA": str(folder / "data"),
        "PILOTKIT_DATABASE_URL": f"sqlite:///{lab.db.file}",
        **({"PILOTKIT_ENV": "test", "PILOTKIT_KILL_AT": kill_at} if kill_at else {}),
    }
    with (folder / "worker.log").open("ab") as log:
        process = subprocess.Popen(
            [sys.executable, "-c", WORKER],
            cwd=folder,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    try:
        yield process
    finally:
        end_group(process, how)


@pytest.fixture
def server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[PrefectServer]:
    with fresh("postgresql", tmp_path, migrated=False) as database:
        server = PrefectServer(tmp_path / "server", database)
        monkeypatch.setenv("PREFECT_API_URL", server.api_url)
        server.start()
        try:
            with temporary_settings(updates={PREFECT_API_URL: server.api_url}):
                yield server
        finally:
            server.kill()
            gc.collect()  # Prefect's client leaves its sockets to it: no test elsewhere is blamed for them


@pytest.fixture
def lab(tmp_path: Path) -> Iterator[Lab]:
    with lab_at("sqlite", "evaluation-ready", tmp_path) as lab:
        lab.at = clock.now()  # the worker's clock is that of the machine
        yield lab


def _wait(until: Callable[[], bool], what: str, folder: Path, *, patience: float = PATIENCE) -> None:
    limit = time.monotonic() + patience
    while not until():
        if time.monotonic() > limit:
            pytest.fail(f"{what}\n{_story()}\n{(folder / 'worker.log').read_text()[-6000:]}", pytrace=False)
        time.sleep(0.5)


def _story() -> str:
    async def look() -> str:
        async with get_client() as client:
            runs = await client.read_flow_runs(limit=200)
        runs.sort(key=lambda run: str(run.expected_start_time))
        return "\n".join(f"{run.expected_start_time} {run.name} {run.state}" for run in runs)

    return asyncio.run(look())


def _done(lab: Lab, code: str) -> bool:
    return not standing(lab.db, code, at=clock.now()).due


def _runs(name: str) -> list[FlowRun]:
    return [run for run in asyncio.run(runs_of("pilotkit")) if run.name == name]


def _settings(lab: Lab, folder: Path) -> Settings:
    return Settings(data=folder / "data", database_url=f"sqlite:///{lab.db.file}")


def test_decisions_with_the_server_there_away_and_back(server: PrefectServer, lab: Lab, tmp_path: Path) -> None:
    other = lab.new()
    lab.do_stage(other)
    with _worker(server, lab, tmp_path) as worker:
        # The server is there: the decision's run is done by the worker, under a name that people read.
        _wait(_pool_is_served, "no worker came", tmp_path)
        lab.decide(CODE)
        assert start(_settings(lab, tmp_path), CODE, seconds=60)
        _wait(lambda: _done(lab, CODE), "the worker did not do what the decision opened", tmp_path)
        _wait(lambda: _ended(f"{CODE} Trial"), "the run did not end", tmp_path)
        [run] = _runs(f"{CODE} Trial")[:1]
        assert run.state_type is StateType.COMPLETED
        assert {"pilotkit", "example", "digital", "trial"} <= set(run.tags)
        left = {artifact.key: text_of(artifact) for artifact in asyncio.run(artifacts_of(run))}
        assert "Book a test arena" in left[f"{CODE.lower()}-summary"]
        plan = tmp_path / "data" / "documents" / CODE / "action-plan.sl.pdf"
        assert plan.read_bytes().startswith(b"%PDF-")

        # It is away: the decision stands, and says that nothing was started.
        server.stop()
        lab.at = clock.now()
        decision = lab.decide(other, Outcome.CONDITIONAL_GO, conditions=[lab.condition()])
        assert decision.number == 1
        assert start(_settings(lab, tmp_path), other) is False
        assert not _done(lab, other)

        # It is back: the sweep does the rest, with the worker that was there all the time.
        server.start()
        _wait(lambda: _done(lab, other), "the sweep did not do what was left", tmp_path)
        assert worker.poll() is None
        _wait(lambda: _ended(f"{other} Evaluation"), "the run did not end", tmp_path)
        [swept] = _runs(f"{other} Evaluation")[:1]
        assert swept.parent_task_run_id, "it hangs below the sweep"
    assert verify_trail(lab.db) is None


@pytest.mark.full
def test_a_run_that_dies_is_repeated(server: PrefectServer, lab: Lab, tmp_path: Path) -> None:
    lab.decide(CODE)
    with _worker(server, lab, tmp_path, kill_at="document.record.before"):
        _wait(_pool_is_served, "no worker came", tmp_path)
        assert start(_settings(lab, tmp_path), CODE, seconds=60)
        _wait(lambda: _states(f"{CODE} Trial") == {StateType.CRASHED}, "the run did not die", tmp_path)
    assert not _done(lab, CODE)
    with _worker(server, lab, tmp_path):
        _wait(lambda: _done(lab, CODE), "nobody repeated it", tmp_path)
    assert verify_trail(lab.db) is None


@pytest.mark.full
def test_a_host_that_dies_in_a_sweep_does_not_stop_the_sweeps(server: PrefectServer, lab: Lab, tmp_path: Path) -> None:
    """The dead sweep holds its place only until the server's lease on it runs out."""
    lab.decide(CODE)
    with _worker(server, lab, tmp_path, how=signal.SIGKILL):
        _wait(lambda: StateType.RUNNING in _states(f"{CODE} Trial"), "no sweep came", tmp_path)
    assert not _done(lab, CODE)
    with _worker(server, lab, tmp_path):
        _wait(lambda: _done(lab, CODE), "the sweeps stand still", tmp_path, patience=600)
    assert verify_trail(lab.db) is None


def _states(name: str) -> set[StateType | None]:
    return {run.state_type for run in _runs(name)}


def _ended(name: str) -> bool:
    return any(run.state_type and run.state_type not in (StateType.RUNNING, StateType.PENDING) for run in _runs(name))


def _pool_is_served() -> bool:
    async def look() -> bool:
        async with get_client() as client:
            try:
                workers = await client.read_workers_for_work_pool("pilotkit")
            except Exception:  # noqa: BLE001 - the pool is not there yet
                return False
            return bool(workers)

    return asyncio.run(look())

"""The start of a run is best effort: it tells whether it worked, in time, and never fails."""

import asyncio
import socket
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from flows.deployments import DEPLOYMENTS, declare
from flows.start import start
from flows.work_pool import POOL, QUEUES, deployment_name
from flows.worker import work
from pilotkit.bootstrap import Pilotkit
from pilotkit.domain.errors import Refused
from pilotkit.domain.pilot import PilotStatus
from pilotkit.settings import Settings
from tests.factories.lab import Lab
from tests.factories.moments import CODE, lab_at
from tests.integration.flows.seen import runs_of
from tests.prefect_server import PrefectServer


@pytest.fixture
def lab(tmp_path: Path) -> Iterator[Lab]:
    with lab_at("sqlite", "evaluation", tmp_path) as lab:
        yield lab


def _kit(lab: Lab, folder: Path) -> Pilotkit:
    return Pilotkit(settings=Settings(data=folder), db=lab.db, press=lab.press, shelf=folder, now=lab.now)


@pytest.fixture
def nowhere() -> str:
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{probe.getsockname()[1]}/api"


@pytest.fixture
def deaf() -> Iterator[str]:
    """A server that takes every call and answers none."""
    with closing(socket.socket()) as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen()
        yield f"http://127.0.0.1:{listening.getsockname()[1]}/api"


def test_without_a_server_nothing_is_started(lab: Lab, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PREFECT_API_URL", raising=False)
    assert start(_kit(lab, tmp_path), CODE) is False


def test_a_worker_needs_a_server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PREFECT_API_URL", raising=False)
    with pytest.raises(Refused, match="PREFECT_API_URL"):
        work(Settings(data=tmp_path))


def test_a_server_that_is_away_is_told_and_no_error(
    lab: Lab, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, nowhere: str
) -> None:
    monkeypatch.setenv("PREFECT_API_URL", nowhere)
    assert start(_kit(lab, tmp_path), CODE) is False


def test_a_server_that_hangs_is_left_in_time(
    lab: Lab, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, deaf: str
) -> None:
    from prefect.settings import PREFECT_API_URL, temporary_settings

    monkeypatch.setenv("PREFECT_API_URL", deaf)
    with temporary_settings(updates={PREFECT_API_URL: deaf}):
        assert start(_kit(lab, tmp_path), CODE, seconds=0.5) is False


def test_an_unknown_pilot_is_no_error_either(
    lab: Lab, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, prefect_server: PrefectServer
) -> None:
    monkeypatch.setenv("PREFECT_API_URL", prefect_server.api_url)
    assert start(_kit(lab, tmp_path), "P-999") is False


def test_a_state_of_a_pilot_is_started_once(
    lab: Lab, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, prefect_server: PrefectServer
) -> None:
    monkeypatch.setenv("PREFECT_API_URL", prefect_server.api_url)
    asyncio.run(declare())
    before = {run.id for run in asyncio.run(runs_of("pilotkit", "evaluation"))}
    assert start(_kit(lab, tmp_path), CODE, seconds=30)
    assert start(_kit(lab, tmp_path), CODE, seconds=30)
    [run] = [run for run in asyncio.run(runs_of("pilotkit", "evaluation")) if run.id not in before]
    assert run.name == f"{CODE} Evaluation"
    assert run.parameters == {"code": CODE}
    assert run.work_queue_name == "stages"

    lab.work(CODE, documents=True)
    assert start(_kit(lab, tmp_path), CODE) is False, "there is nothing to do"
    assert lab.show(CODE).pilot.status is PilotStatus.ACTIVE


def test_what_is_declared_is_known_to_the_server(prefect_server: PrefectServer) -> None:
    from prefect.client.orchestration import get_client

    async def look() -> None:
        await declare()
        await declare()
        async with get_client() as client:
            pool = await client.read_work_pool(POOL)
            queues = {queue.name: queue for queue in await client.read_work_queues(work_pool_name=POOL)}
            for queue in QUEUES:
                known = queues[queue.name]
                assert (known.priority, known.concurrency_limit) == (queue.priority, queue.limit)
            for deployment in DEPLOYMENTS:
                known_deployment = await client.read_deployment_by_name(deployment_name(deployment.flow))
                assert known_deployment.work_pool_name == pool.name
                assert known_deployment.work_queue_name == deployment.queue.name
                assert len(known_deployment.schedules) == (deployment.schedule is not None)
                assert all(schedule.active for schedule in known_deployment.schedules)

    assert prefect_server.api_url
    asyncio.run(look())


def test_the_queues_that_are_declared_are_those_that_are_used() -> None:
    assert {deployment.queue for deployment in DEPLOYMENTS} == set(QUEUES)

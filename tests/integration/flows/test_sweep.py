"""The sweep does whatever is due; the books come once for a batch; housekeeping tells the dead from the living."""

import asyncio
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from prefect.client.orchestration import get_client
from prefect.client.schemas.objects import FlowRun, State, StateType
from prefect.states import Running, Scheduled

from flows.books import typeset_stale
from flows.housekeeping import housekeeping, mark_dead_runs
from flows.lifecycle import Batch
from flows.outcome import outcome
from flows.stages.intake import intake
from flows.sweep import sweep
from pilotkit import clock
from pilotkit.domain.ports import Draft, Printed
from pilotkit.services.agenda import pilots_with_work
from pilotkit.services.books import books_of, stale_books
from pilotkit.services.programmes import show_programme
from tests.factories.lab import Lab
from tests.factories.moments import lab_at
from tests.fakes import FakePress
from tests.integration.flows.conftest import at_work
from tests.integration.flows.seen import runs_of

pytestmark = pytest.mark.usefixtures("prefect_server")


class _CountingPress(FakePress):
    def __init__(self, shelf: Path) -> None:
        super().__init__(shelf)
        self.printed: Counter[str] = Counter()

    def print(self, draft: Draft, *, version: int, created: datetime, shelf: str) -> Printed:
        self.printed[shelf] += 1
        return super().print(draft, version=version, created=created, shelf=shelf)


def _swept() -> Batch:
    batch = asyncio.run(outcome(Batch, sweep))
    assert isinstance(batch, Batch)
    return batch


def test_a_sweep_does_whatever_is_due_and_the_books_once(kind: str, tmp_path: Path) -> None:
    with lab_at(kind, "trial", tmp_path) as lab:
        press = _CountingPress(tmp_path / "shelf")
        lab.press = press
        new = [lab.new(), lab.new()]
        with at_work(lab, tmp_path):
            batch = _swept()
            assert {done.standing.code for done in batch.advances} >= {*new, "P-001", "P-002"}
            assert pilots_with_work(lab.db, at=lab.at) == ()

            books = books_of(show_programme(lab.db))
            assert len(batch.books) == len(books)
            assert {count for shelf, count in press.printed.items() if shelf.startswith("example/")} == {1}
            assert stale_books(lab.db) == ()

            assert _swept() == Batch(advances=(), books=())
            assert asyncio.run(typeset_stale_again(lab, tmp_path)) == ()


async def typeset_stale_again(lab: Lab, folder: Path) -> tuple[object, ...]:
    with at_work(lab, folder) as kit:
        return await typeset_stale(kit)


def test_the_runs_of_a_sweep_hang_below_it(tmp_path: Path) -> None:
    with lab_at("sqlite", "evaluation", tmp_path) as lab, at_work(lab, tmp_path):
        before = {run.id for run in asyncio.run(runs_of("pilotkit"))}
        _swept()
        new = [run for run in asyncio.run(runs_of("pilotkit")) if run.id not in before]
        assert {run.name for run in new} >= {"P-002 Evaluation"}
        assert all(run.parent_task_run_id for run in new)


async def _running(*tags: str) -> FlowRun:
    async with get_client() as client:
        return await client.create_flow_run(intake, parameters={"code": "P-001"}, tags=tags, state=Running())


async def _state_of(run: FlowRun) -> StateType | None:
    async with get_client() as client:
        return (await client.read_flow_run(run.id)).state_type


def test_runs_that_died_are_marked_and_nobody_elses() -> None:
    async def journey() -> None:
        ours, theirs = await _running("pilotkit"), await _running("somebody else")
        now = clock.now()
        await mark_dead_runs(now)
        assert await _state_of(ours) is StateType.RUNNING

        later = now + timedelta(hours=2)
        assert await mark_dead_runs(later) >= 1
        assert await _state_of(ours) is StateType.CRASHED
        assert await _state_of(theirs) is StateType.RUNNING
        assert await mark_dead_runs(later) == 0

    asyncio.run(journey())


def test_a_run_that_waited_long_and_has_just_begun_lives() -> None:
    async def journey() -> None:
        async with get_client() as client:
            late: State[Any] = Scheduled(scheduled_time=clock.now() - timedelta(hours=3))
            run = await client.create_flow_run(intake, parameters={"code": "P-001"}, tags=["pilotkit"], state=late)
            await client.set_flow_run_state(run.id, Running(), force=True)
        await mark_dead_runs(clock.now())
        assert await _state_of(run) is StateType.RUNNING

    asyncio.run(journey())


def test_housekeeping_removes_what_a_killed_writer_left(tmp_path: Path) -> None:
    with lab_at("sqlite", "idea", tmp_path) as lab, at_work(lab, tmp_path) as kit:
        leftover = kit.shelf / "by-hash" / "ab" / ".unfinished-0123456789abcdef"
        leftover.parent.mkdir(parents=True)
        leftover.write_bytes(b"half a file")
        lab.at = datetime(2026, 1, 1, tzinfo=UTC)
        assert asyncio.run(outcome(tuple, housekeeping)) == (0, 1)
        assert not leftover.exists()

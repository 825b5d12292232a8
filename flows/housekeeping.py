"""Housekeeping: runs that died are called so, and what killed writers left in the document store is removed."""

import asyncio
from datetime import datetime, timedelta

from prefect import flow
from prefect.client.orchestration import get_client
from prefect.client.schemas.filters import (
    FlowRunFilter,
    FlowRunFilterExpectedStartTime,
    FlowRunFilterState,
    FlowRunFilterStateType,
    FlowRunFilterTags,
)
from prefect.client.schemas.objects import State, StateType
from prefect.states import Completed, Crashed

from flows.stage_run import FLOW_SECONDS, TAG
from flows.wiring import at_work
from pilotkit.documents.store import DocumentStore
from pilotkit.domain.text import message
from pilotkit.i18n.catalogs import catalog

DEAD_AFTER = timedelta(seconds=FLOW_SECONDS, minutes=5)
"""No flow of pilotkit may run longer than its timeout: what is older has lost its process."""

_UNFINISHED = [StateType.RUNNING, StateType.PENDING, StateType.CANCELLING]
_AT_ONCE = 200
"""So many runs the server gives with one request; what is beyond waits for the next time."""


@flow(name="housekeeping", timeout_seconds=600, persist_result=False)
async def housekeeping() -> State[tuple[int, int]]:
    """Mark runs that died as crashed, and tidy the document store. The sweep repeats what the dead runs left undone."""
    async with at_work() as kit:
        crashed = await mark_dead_runs(kit.now())
        removed = await asyncio.to_thread(DocumentStore(kit.shelf).sweep)
        told = message("{runs} dead runs, {files} leftover files", runs=crashed, files=removed)
        return Completed(message=catalog(kit.settings.language).say(told), data=(crashed, removed))


async def mark_dead_runs(now: datetime, *, after: timedelta = DEAD_AFTER) -> int:
    """Mark pilotkit's runs as crashed that have been under way for longer than any may take.

    Args:
        now: The present instant.
        after: How long a run may take.

    Returns:
        How many there were.
    """
    limit = now - after
    wanted = FlowRunFilter(
        tags=FlowRunFilterTags(all_=[TAG]),
        state=FlowRunFilterState(type=FlowRunFilterStateType(any_=_UNFINISHED)),
        expected_start_time=FlowRunFilterExpectedStartTime.model_validate({"before_": limit}),
    )
    dead = 0
    async with get_client() as client:
        for run in await client.read_flow_runs(flow_run_filter=wanted, limit=_AT_ONCE):
            # A run that waited long for a worker was expected long before it began.
            if run.state and run.state.timestamp < limit:
                await client.set_flow_run_state(run.id, Crashed(message="Its process is gone."), force=True)
                dead += 1
    return dead

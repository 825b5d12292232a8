"""Every deployment, schedule and work queue; and the worker that serves them.

A process work pool keeps the schedules on the server: they go on when a worker stops, and any number of workers on any
number of hosts share the work.
"""

import asyncio
import logging
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

import httpx
from prefect.client.orchestration import PrefectClient, get_client
from prefect.client.schemas.actions import WorkPoolCreate
from prefect.client.schemas.objects import ConcurrencyLimitConfig, ConcurrencyLimitStrategy
from prefect.exceptions import ObjectAlreadyExists, ObjectNotFound
from prefect.flows import Flow
from prefect.schedules import Cron, Schedule
from prefect.types.entrypoint import EntrypointType
from prefect.workers.process import ProcessWorker

from flows.books import handbook_and_plans
from flows.housekeeping import housekeeping
from flows.lifecycle import STAGE_FLOWS
from flows.stage_run import TAG
from flows.sweep import sweep
from flows.work_pool import HOUSEKEEPING, POOL, QUEUES, STAGES, TYPESETTING, Queue

_log = logging.getLogger(__name__)

_ONE_AT_A_TIME = ConcurrencyLimitConfig(limit=1, collision_strategy=ConcurrencyLimitStrategy.CANCEL_NEW)
"""The run that is under way does what a second one would do; so the second is dropped, not kept waiting."""


@dataclass(frozen=True, kw_only=True)
class Deployment:
    """How a flow is run by a worker."""

    flow: Flow[..., Any]
    queue: Queue
    schedule: Schedule | None = None
    concurrency: ConcurrencyLimitConfig | None = None
    tags: tuple[str, ...] = field(default=(TAG,))

    async def declare(self) -> None:
        """Make it known to the server, or bring what is known there up to date."""
        made = await self.flow.ato_deployment(
            POOL,
            schedule=self.schedule,
            concurrency_limit=self.concurrency,
            description=self.flow.description,
            tags=list(self.tags),
            work_pool_name=POOL,
            work_queue_name=self.queue.name,
            entrypoint_type=EntrypointType.MODULE_PATH,
        )
        await made.aapply()


DEPLOYMENTS = (
    *(Deployment(flow=flow, queue=STAGES) for flow in STAGE_FLOWS.values()),
    Deployment(flow=handbook_and_plans, queue=TYPESETTING),
    Deployment(flow=sweep, queue=HOUSEKEEPING, schedule=Cron("* * * * *"), concurrency=_ONE_AT_A_TIME),
    Deployment(flow=housekeeping, queue=HOUSEKEEPING, schedule=Cron("*/15 * * * *"), concurrency=_ONE_AT_A_TIME),
)


async def declare() -> None:
    """Make work pool, queues and deployments known to the server. Done again, it changes nothing."""
    async with get_client() as client:
        with suppress(ObjectAlreadyExists):
            await client.create_work_pool(WorkPoolCreate(name=POOL, type=ProcessWorker.type))
        for queue in QUEUES:
            await _declare_queue(client, queue)
    for deployment in DEPLOYMENTS:
        await deployment.declare()


async def _declare_queue(client: PrefectClient, queue: Queue) -> None:
    try:
        known = await client.read_work_queue_by_name(queue.name, work_pool_name=POOL)
    except ObjectNotFound:
        known = await client.create_work_queue(queue.name, work_pool_name=POOL)
    await client.update_work_queue(
        known.id, description=queue.description, priority=queue.priority, concurrency_limit=queue.limit
    )


async def serve(*, limit: int, patience: float = 5) -> None:
    """Run a worker until the process is told to end. A server that is not there, or goes away, is waited for.

    Args:
        limit: How many runs this worker has under way at once.
        patience: Seconds between two looks for a server that is away.
    """
    while True:
        async with get_client() as client:
            problem = await client.api_healthcheck()
        if problem:
            _log.warning("The Prefect server does not answer (%s); waiting for it.", type(problem).__name__)
            await asyncio.sleep(patience)
            continue
        try:
            await declare()
            return await ProcessWorker(work_pool_name=POOL, limit=limit).start(printer=_log.info)
        except* (httpx.HTTPError, RuntimeError):
            # What the worker raises after it has asked in vain for a while.
            _log.warning("The worker lost the Prefect server.", exc_info=True)

"""The automatic steps as Prefect tasks: every one is declared here, the stages say which are theirs."""

import asyncio
from collections.abc import Coroutine, Mapping
from typing import Any

from prefect.cache_policies import NO_CACHE
from prefect.client.schemas.objects import State, TaskRun
from prefect.tasks import Task, exponential_backoff

from flows.wiring import at_work
from pilotkit.domain.agenda import AgendaItem, Step
from pilotkit.domain.errors import Conflict, Unavailable
from pilotkit.services import steps
from pilotkit.services.steps import StepReport

StepTask = Task[[str, AgendaItem], Coroutine[Any, Any, StepReport]]
StepTasks = Mapping[Step, StepTask]

STEP_SECONDS = 300
DOCUMENT_SECONDS = 1800
"""A document has time limits of its own, in its typesetting process; this one catches what hangs around it."""


async def passing(_task: Task[..., Any], _run: TaskRun, state: State[Any]) -> bool:
    """Whether a step failed for a reason that may pass by itself. Every step may be repeated; a refusal stays one."""
    return isinstance(await state.aresult(raise_on_failure=False), Unavailable | Conflict | ConnectionError)


RETRYING: dict[str, Any] = {
    "cache_policy": NO_CACHE,  # whether a step is done stands in pilotkit's database
    "persist_result": False,
    "retries": 2,
    "retry_delay_seconds": exponential_backoff(2),
    "retry_jitter_factor": 0.5,
    "retry_condition_fn": passing,
}


async def _run(code: str, item: AgendaItem) -> StepReport:
    async with at_work() as kit:
        return await asyncio.to_thread(steps.run_step, kit.db, kit.press, code, item, at=kit.now())


def _step_task(name: str, *, run_name: str = "", seconds: int = STEP_SECONDS) -> StepTask:
    return Task(_run, name=name, task_run_name=run_name or name, timeout_seconds=seconds, **RETRYING)


open_stage = _step_task("open the stage")
check_completeness = _step_task("check completeness")
check_criterion = _step_task("check criterion", run_name="check criterion {item.subject}")
invite_evaluators = _step_task("invite evaluators")
consolidate = _step_task("consolidate")
confirm_booking = _step_task("confirm booking")
freeze_baselines = _step_task("freeze baselines")
compute_outcomes = _step_task("compute outcomes")
compile_entry = _step_task("compile the entry")
publish_entry = _step_task("publish the entry")
render = _step_task("render", run_name="render {item.subject}", seconds=DOCUMENT_SECONDS)

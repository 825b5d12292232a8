"""What the flows of all stages have in common: do the automatic items of the agenda, then say what waits for people."""

import asyncio
from collections.abc import Sequence
from typing import Any

from prefect.client.orchestration import get_client
from prefect.client.schemas.objects import State
from prefect.context import FlowRunContext
from prefect.states import Completed, Failed

from flows import artifacts
from flows.outcome import outcome
from flows.tasks import StepTasks
from flows.wiring import at_work, tell
from pilotkit.bootstrap import Pilotkit
from pilotkit.domain.agenda import AgendaItem, Step
from pilotkit.domain.errors import PilotkitError, Unavailable
from pilotkit.domain.process import StageKind
from pilotkit.domain.text import message
from pilotkit.i18n.catalogs import Catalog, catalog
from pilotkit.services import steps
from pilotkit.services.steps import Advance, Standing, StepReport

FLOW_SECONDS = 3600
"""A stage's run takes seconds to minutes; a run that is older has died, and housekeeping says so."""

TAG = "pilotkit"
"""Marks the runs of pilotkit on a server that others use, too."""

STAGE_FLOW: dict[str, Any] = {
    "timeout_seconds": FLOW_SECONDS,
    "persist_result": False,
    # What a run did stands in pilotkit's database; a failed step has had its retries, and the next sweep starts anew.
    "retries": 0,
}
"""The settings of every stage's flow."""


async def run_stage(kind: StageKind, tasks: StepTasks, code: str, *, documents: bool) -> State[Advance]:
    """Do whatever the agenda of a pilot holds for pilotkit while it is in a stage of this kind.

    Steps run one after the other in the order of the agenda, since each may change what comes next; then the
    documents, side by side. A step that fails does not hold up the others.

    Args:
        kind: The kind of stage that the flow is for. A pilot that has moved on is left to another flow.
        tasks: The tasks of the flow.
        code: The pilot.
        documents: Whether documents are rendered.

    Returns:
        The final state of the run with what was done; failed when a step failed that is still to be done.

    Raises:
        NotFound: There is no such pilot.
    """
    async with at_work() as kit:
        words = catalog(kit.settings.language)
        here = start = await standing(kit, code)
        await _label(here, words)
        done: dict[str, StepReport] = {}
        while _same(here, start) and here.kind is kind and (batch := _next(here.due, done, documents=documents)):
            for report in await _do(kit, tasks, code, batch):
                done[report.item.key] = report
            here = await standing(kit, code)
        still = {item.key for item in here.due}
        # Somebody else may have done meanwhile what failed here: then it is no failure.
        reports = tuple(report for report in done.values() if report.failure is None or report.item.key in still)
        advance = Advance(steps=reports, standing=here)
        await artifacts.leave_links(
            [laid for report in reports for laid in report.documents], kit.shelf, words, owner=code
        )
        await artifacts.leave_summary(advance, words)
        return _ending(advance, words)


async def standing(kit: Pilotkit, code: str) -> Standing:
    """Where a pilot stands now."""
    return await asyncio.to_thread(steps.standing, kit.db, code, at=kit.now())


def run_name(here: Standing, words: Catalog) -> str:
    """How people find the run: "P-012 Trial"."""
    return f"{here.code} {words.say(here.stage_title)}"


def run_tags(here: Standing) -> list[str]:
    """The tags of a run: whose it is, programme, area, stage."""
    return [TAG, here.programme, here.area, here.stage]


async def _label(here: Standing, words: Catalog) -> None:
    """Name and tag the run, when whoever started it has not."""
    context = FlowRunContext.get()
    run = context.flow_run if context else None
    if run is None:
        return
    name, tags = run_name(here, words), set(run_tags(here))
    if run.name != name or not tags <= set(run.tags):
        async with get_client() as client:
            await client.update_flow_run(run.id, name=name, tags=tags | set(run.tags))


def _same(here: Standing, start: Standing) -> bool:
    return (here.stage, here.number) == (start.stage, start.number)


def _next(due: Sequence[AgendaItem], done: dict[str, StepReport], *, documents: bool) -> Sequence[AgendaItem]:
    """The next step alone; when there is none left, all documents."""
    left = [item for item in due if item.key not in done]
    first = [item for item in left if item.kind != Step.RENDER][:1]
    return first or (left if documents else [])


async def _do(kit: Pilotkit, tasks: StepTasks, code: str, batch: Sequence[AgendaItem]) -> Sequence[StepReport]:
    free = asyncio.Semaphore(kit.settings.typesetters)

    async def one(item: AgendaItem) -> StepReport:
        async with free:
            report = await _attempt(tasks, code, item)
        tell(code, item.title)
        return report

    return await asyncio.gather(*(one(item) for item in batch))


async def _attempt(tasks: StepTasks, code: str, item: AgendaItem) -> StepReport:
    if item.kind not in tasks:
        raise LookupError(f"this flow declares no task for the step {item.kind!r} of {code}: add it in flows/stages")
    result = await outcome(StepReport, tasks[Step(item.kind)], code, item)
    if isinstance(result, StepReport):
        return result
    return StepReport(item=item, changed=False, failure=_failure(item, result))


def _failure(item: AgendaItem, error: object) -> PilotkitError:
    if isinstance(error, PilotkitError):
        return error
    reason = f"{type(error).__name__}: {error}"[:500]
    return Unavailable(message("“{step}” ended with an error: {reason}", step=item.title, reason=reason))


def _ending(advance: Advance, words: Catalog) -> State[Advance]:
    failed = [report for report in advance.steps if report.failure]
    if failed:
        titles = [report.item.title for report in failed]
        return Failed(message=words.say(message("Failed: {steps}", steps=titles)), data=advance)
    told = message(
        "{done} steps done, {waiting} wait for people", done=len(advance.steps), waiting=len(advance.standing.waiting)
    )
    return Completed(message=words.say(told), data=advance)

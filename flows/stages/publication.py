"""Publication: the handbook entry is compiled and published."""

from prefect import flow
from prefect.client.schemas.objects import State

from flows import tasks
from flows.stage_run import STAGE_FLOW, run_stage
from pilotkit.domain.agenda import Step
from pilotkit.domain.process import StageKind
from pilotkit.services.steps import Advance

TASKS: tasks.StepTasks = {
    Step.OPEN_STAGE: tasks.open_stage,
    Step.COMPILE_ENTRY: tasks.compile_entry,
    Step.CHECK: tasks.check_criterion,
    Step.PUBLISH: tasks.publish_entry,
    Step.RENDER: tasks.render,
}


@flow(name="publication", **STAGE_FLOW)
async def publication(code: str, documents: bool = True) -> State[Advance]:
    """Do what pilotkit can do for a pilot in a stage of kind publication.

    Args:
        code: The pilot.
        documents: Whether its documents are rendered, too.
    """
    return await run_stage(StageKind.PUBLICATION, TASKS, code, documents=documents)

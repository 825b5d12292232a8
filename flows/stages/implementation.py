"""Implementation: people act and adopt; pilotkit keeps the papers and checks what is shown."""

from prefect import flow
from prefect.client.schemas.objects import State

from flows import tasks
from flows.stage_run import STAGE_FLOW, run_stage
from pilotkit.domain.agenda import Step
from pilotkit.domain.process import StageKind
from pilotkit.services.steps import Advance

TASKS: tasks.StepTasks = {
    Step.OPEN_STAGE: tasks.open_stage,
    Step.CHECK: tasks.check_criterion,
    Step.RENDER: tasks.render,
}


@flow(name="implementation", **STAGE_FLOW)
async def implementation(code: str, documents: bool = True) -> State[Advance]:
    """Do what pilotkit can do for a pilot in a stage of kind implementation.

    Args:
        code: The pilot.
        documents: Whether its documents are rendered, too.
    """
    return await run_stage(StageKind.IMPLEMENTATION, TASKS, code, documents=documents)

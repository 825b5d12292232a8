"""Intake: the idea is opened and looked through for completeness."""

from prefect import flow
from prefect.client.schemas.objects import State

from flows import tasks
from flows.stage_run import STAGE_FLOW, run_stage
from pilotkit.domain.agenda import Step
from pilotkit.domain.process import StageKind
from pilotkit.services.steps import Advance

TASKS: tasks.StepTasks = {
    Step.OPEN_STAGE: tasks.open_stage,
    Step.CHECK: tasks.check_completeness,
    Step.RENDER: tasks.render,
}


@flow(name="intake", **STAGE_FLOW)
async def intake(code: str, documents: bool = True) -> State[Advance]:
    """Do what pilotkit can do for a pilot in a stage of kind intake.

    Args:
        code: The pilot.
        documents: Whether its documents are rendered, too.
    """
    return await run_stage(StageKind.INTAKE, TASKS, code, documents=documents)

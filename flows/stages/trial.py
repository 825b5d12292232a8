"""Trial: the arena is booked, baselines are frozen, outcomes computed."""

from prefect import flow
from prefect.client.schemas.objects import State

from flows import tasks
from flows.stage_run import STAGE_FLOW, run_stage
from pilotkit.domain.agenda import Step
from pilotkit.domain.process import StageKind
from pilotkit.services.steps import Advance

TASKS: tasks.StepTasks = {
    Step.OPEN_STAGE: tasks.open_stage,
    Step.CONFIRM_BOOKING: tasks.confirm_booking,
    Step.FREEZE: tasks.freeze_baselines,
    Step.COMPUTE_OUTCOMES: tasks.compute_outcomes,
    Step.CHECK: tasks.check_criterion,
    Step.RENDER: tasks.render,
}


@flow(name="trial", **STAGE_FLOW)
async def trial(code: str, documents: bool = True) -> State[Advance]:
    """Do what pilotkit can do for a pilot in a stage of kind trial.

    Args:
        code: The pilot.
        documents: Whether its documents are rendered, too.
    """
    return await run_stage(StageKind.TRIAL, TASKS, code, documents=documents)

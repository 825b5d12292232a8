"""What the agenda can yield in a stage of a kind is what the flow of that kind declares: nothing more, nothing less."""

import ast
import inspect
from collections.abc import Callable
from typing import Any

import pytest

from flows.lifecycle import STAGE_FLOWS
from flows.stages import evaluation, implementation, intake, publication, trial
from flows.tasks import StepTasks
from pilotkit.domain import planning
from pilotkit.domain.agenda import Step
from pilotkit.domain.process import StageKind
from pilotkit.domain.stage_work import KINDS

DECLARED: dict[StageKind, StepTasks] = {
    StageKind.INTAKE: intake.TASKS,
    StageKind.EVALUATION: evaluation.TASKS,
    StageKind.TRIAL: trial.TASKS,
    StageKind.IMPLEMENTATION: implementation.TASKS,
    StageKind.PUBLICATION: publication.TASKS,
}


def _steps_named_in(function: Callable[..., Any]) -> set[Step]:
    tree = ast.parse(inspect.getsource(function))
    return {
        Step[node.attr]
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "Step"
    }


def _of_the_agenda() -> dict[StageKind, set[Step]]:
    """The steps that the code of the agenda names: those of the kind, and those of every stage."""
    of_kinds = set[Step]().union(*(_steps_named_in(work) for work in KINDS.values()))
    everywhere = {step for step in _steps_in_module() if step not in of_kinds}
    # Only the last stage, which is always a publication, ends in an entry that is published by itself.
    everywhere.discard(Step.PUBLISH)
    named = {kind: _steps_named_in(work) | everywhere for kind, work in KINDS.items()}
    named[StageKind.PUBLICATION].add(Step.PUBLISH)
    return named


def _steps_in_module() -> set[Step]:
    functions = [each for _, each in inspect.getmembers(planning, inspect.isfunction)]
    mine = [each for each in functions if each.__module__ == planning.__name__]
    return set[Step]().union(*(_steps_named_in(each) for each in mine))


@pytest.mark.parametrize("kind", StageKind)
def test_a_flow_declares_exactly_the_steps_of_its_kind(kind: StageKind) -> None:
    assert set(DECLARED[kind]) == _of_the_agenda()[kind]


def test_every_step_is_a_task_of_some_flow() -> None:
    assert set[Step]().union(*DECLARED.values()) == set(Step)


def test_every_kind_has_a_flow_of_its_name() -> None:
    assert {kind: flow.name for kind, flow in STAGE_FLOWS.items()} == {kind: kind.value for kind in StageKind}


def test_everything_has_a_time_limit_and_names_are_readable() -> None:
    for flow in STAGE_FLOWS.values():
        assert flow.timeout_seconds
    for tasks in DECLARED.values():
        for task in tasks.values():
            assert task.timeout_seconds
            assert "_" not in task.name

"""How a flow asks what came of a task or of another flow."""

from typing import Any, TypeVar

from prefect.client.schemas.objects import State
from prefect.flows import Flow
from prefect.tasks import Task

R = TypeVar("R")


async def outcome(
    expected: type[R], run: Task[..., Any] | Flow[..., Any], *arguments: object, **named: object
) -> R | BaseException:
    """Run it; its result, or the exception with which it failed.

    A flow that ends as failed and yet says what it did gives what it did.

    Args:
        expected: The type of the result.
    """
    state: State[Any] = await run(*arguments, return_state=True, **named)  # type: ignore[misc]
    result = await state.aresult(raise_on_failure=False)
    if isinstance(result, expected | BaseException):
        return result
    raise TypeError(f"{run.name} gave {result!r}")

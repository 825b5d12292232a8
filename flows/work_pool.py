"""Where runs wait for a worker: the work pool with its queues, and how deployments are called."""

from dataclasses import dataclass
from typing import Any

from prefect.flows import Flow

POOL = "pilotkit"


@dataclass(frozen=True, kw_only=True)
class Queue:
    """A work queue.

    Attributes:
        priority: Queues with a lower number are emptied first.
        limit: How many of its runs may be under way at once, over all workers.
    """

    name: str
    description: str
    priority: int
    limit: int | None = None


STAGES = Queue(name="stages", description="Runs of pilots in a stage, after a decision or a change", priority=1)
HOUSEKEEPING = Queue(name="housekeeping", description="The sweep and the housekeeping", priority=2, limit=2)
TYPESETTING = Queue(name="typesetting", description="Handbooks and action plans of programmes", priority=3, limit=1)

QUEUES = (STAGES, HOUSEKEEPING, TYPESETTING)


def deployment_name(flow: Flow[..., Any]) -> str:
    """The full name of a flow's deployment, as runs are asked for."""
    return f"{flow.name}/{POOL}"

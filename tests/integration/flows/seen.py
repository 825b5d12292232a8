"""What Prefect's UI would show, read through the API that it reads."""

from typing import Any

from prefect.client.orchestration import get_client
from prefect.client.schemas.filters import ArtifactFilter, ArtifactFilterFlowRunId, FlowRunFilter, FlowRunFilterTags
from prefect.client.schemas.objects import Artifact, FlowRun


async def runs_of(*tags: str) -> list[FlowRun]:
    """The flow runs with all these tags, oldest first."""
    wanted = FlowRunFilter(tags=FlowRunFilterTags(all_=list(tags)))
    async with get_client() as client:
        runs = await client.read_flow_runs(flow_run_filter=wanted, limit=200)
    return sorted(runs, key=lambda run: str(run.created))


async def artifacts_of(run: FlowRun) -> list[Artifact]:
    """What a run left."""
    wanted = ArtifactFilter(flow_run_id=ArtifactFilterFlowRunId(any_=[run.id]))
    async with get_client() as client:
        return await client.read_artifacts(artifact_filter=wanted)


def text_of(artifact: Artifact) -> str:
    data: Any = artifact.data
    return str(data)

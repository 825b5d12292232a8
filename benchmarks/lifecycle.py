"""The whole lifecycle of one pilot with all documents in three languages, against bare runs and bare renders.

pilotkit: everything from the idea to the published entry - what people enter, the flows, the documents at every stage.
The peer: the sum of bare Prefect flows with the same tasks and artifacts, and of bare WeasyPrint renders of the same
HTML in the same PDF variant, one after the other in a warm process.
"""

import asyncio
import tempfile
import time
from collections.abc import Coroutine, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks.result import Result, median
from benchmarks.scene import scene
from pilotkit.domain.agenda import Step
from pilotkit.domain.process import Outcome

if TYPE_CHECKING:
    from prefect.flows import Flow

    from benchmarks.peers import Run

FIGURE = "whole lifecycle of one pilot, all documents in three languages"
GOAL = "at most 1.25 times its bare runs and renders"


def measure(*, small: bool) -> Result:
    """Measure whole lives of pilots and their peers, in turn."""
    rounds = 1 if small else 5
    with tempfile.TemporaryDirectory(prefix="pilotkit-bench-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        with scene(folder) as (kit, lab, recorder):
            from benchmarks.peers import Renderer, Run, bare_flow
            from flows.lifecycle import advance
            from flows.wiring import shared

            runs: list[Run] = []

            async def live() -> None:
                runs.clear()
                code = lab.new()
                while True:
                    runs.append(await _advance(code))
                    if lab.show(code).pilot.status.ended:
                        return
                    await asyncio.to_thread(lab.do_stage, code)
                    runs.append(await _advance(code))
                    await asyncio.to_thread(lab.vote, code, Outcome.GO)
                    await asyncio.to_thread(lab.decide, code, Outcome.GO)

            async def _advance(code: str) -> Run:
                done = await advance(code)
                links = sum(len(report.documents) for report in done.steps if report.item.kind == Step.RENDER)
                return Run(tasks=len(done.steps), links=links)

            renderer = Renderer()
            ours: list[float] = []
            flows: list[float] = []
            renders: list[float] = []
            with shared(kit):
                for number in range(rounds + 1):
                    recorder.sheets = ()
                    start = time.perf_counter()
                    asyncio.run(live())
                    lived = time.perf_counter()
                    asyncio.run(_peers(bare_flow, runs))
                    ran = time.perf_counter()
                    renderer.render(recorder.sheets)
                    rendered = time.perf_counter()
                    if number:
                        ours.append(lived - start)
                        flows.append(ran - lived)
                        renders.append(rendered - ran)
            sheets = len(recorder.sheets)
    return Result(
        figure=FIGURE,
        goal=GOAL,
        ours=median(ours),
        peer=median([a + b for a, b in zip(flows, renders, strict=True)]),
        peer_name=f"{len(runs)} bare flows ({median(flows):.1f} s) and {sheets} bare renders ({median(renders):.1f} s)",
        rounds=rounds,
        unit="s",
    )


async def _peers(bare_flow: "Flow[[Run], Coroutine[Any, Any, None]]", runs: Sequence["Run"]) -> None:
    for run in runs:
        await bare_flow(run)

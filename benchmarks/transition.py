"""One stage transition without typesetting, against a bare Prefect flow with the same tasks and artifacts.

pilotkit: the decision in its transaction, then the flow of the stage that it opened. The peer: a bare asynchronous flow
with as many no-op tasks and the same artifact. Both on one Prefect server on PostgreSQL, in turn (A B A B ...).
"""

import asyncio
import tempfile
import time
from pathlib import Path

from benchmarks.result import Result, median
from benchmarks.scene import scene
from pilotkit.bootstrap import Pilotkit
from pilotkit.domain.process import Outcome
from pilotkit.services import gates
from tests.factories.lab import COORDINATOR

FIGURE = "one stage transition without typesetting"
GOAL = "at most 1.3 times a bare flow"


def _decide(kit: Pilotkit, code: str) -> None:
    gates.decide(
        kit.db,
        code,
        gate=gates.open_gate(kit.db, code),
        outcome=Outcome.GO,
        rationale="It is worth a try.",
        by=COORDINATOR,
        at=kit.now(),
    )


def measure(*, small: bool) -> Result:
    """Measure transitions from idea to evaluation (open the stage, invite evaluators) and their bare peers."""
    rounds = 2 if small else 15
    with tempfile.TemporaryDirectory(prefix="pilotkit-bench-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        with scene(folder) as (kit, lab, _):
            # Prefect reads its settings while it is imported: after the scene is set.
            from benchmarks.peers import Run, bare_flow
            from flows.lifecycle import advance
            from flows.wiring import shared

            codes = [lab.new() for _ in range(rounds + 1)]
            for code in codes:
                lab.work(code)
                lab.show_criteria(code)
                lab.work(code)
                lab.vote(code, Outcome.GO)
            ours: list[float] = []
            bare: list[float] = []

            async def run() -> int:
                tasks = 0
                for number, code in enumerate(codes):
                    start = time.perf_counter()
                    await asyncio.to_thread(_decide, kit, code)
                    done = await advance(code, documents=False)
                    middle = time.perf_counter()
                    tasks = len(done.steps)
                    await bare_flow(Run(tasks=tasks))
                    end = time.perf_counter()
                    if number:  # the first round warms up
                        ours.append(middle - start)
                        bare.append(end - middle)
                return tasks

            with shared(kit):
                tasks = asyncio.run(run())
    return Result(
        figure=FIGURE,
        goal=GOAL,
        ours=median(ours),
        peer=median(bare),
        peer_name=f"bare flow, {tasks} tasks, 1 artifact",
        rounds=rounds,
        unit="s",
    )

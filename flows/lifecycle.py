"""A pilot's way, as far as it goes by itself: whatever its agenda holds for pilotkit, up to what needs a person."""

import asyncio
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from prefect import tags
from prefect.flows import Flow

from flows.books import typeset_stale
from flows.outcome import outcome
from flows.stage_run import run_name, run_tags, standing
from flows.stages.evaluation import evaluation
from flows.stages.implementation import implementation
from flows.stages.intake import intake
from flows.stages.publication import publication
from flows.stages.trial import trial
from flows.wiring import at_work
from pilotkit.domain.agenda import Step
from pilotkit.domain.process import StageKind
from pilotkit.i18n.catalogs import Catalog, catalog
from pilotkit.services.documents import Laid
from pilotkit.services.steps import Advance, Standing

STAGE_FLOWS: Mapping[StageKind, Flow[..., Any]] = {
    StageKind.INTAKE: intake,
    StageKind.EVALUATION: evaluation,
    StageKind.TRIAL: trial,
    StageKind.IMPLEMENTATION: implementation,
    StageKind.PUBLICATION: publication,
}


@dataclass(frozen=True, kw_only=True)
class Batch:
    """What was done for several pilots: where each stands now, and the books that were typeset afterwards."""

    advances: tuple[Advance, ...]
    books: tuple[Laid, ...] = ()


async def advance(code: str, *, documents: bool = True) -> Advance:
    """Run the flow of the pilot's stage, if the agenda holds anything for pilotkit; and the next if it moves on.

    Raises:
        NotFound: There is no such pilot.
    """
    async with at_work() as kit:
        done = Advance(steps=(), standing=await standing(kit, code))
        been: set[tuple[str, int]] = set()
        while _open(done.standing, documents=documents) and _where(done) not in been:
            been.add(_where(done))
            further = await _run(done.standing, catalog(kit.settings.language), documents=documents)
            done = Advance(steps=(*done.steps, *further.steps), standing=further.standing)
        return done


async def advance_all(codes: Iterable[str], *, documents: bool = True, books: bool = True) -> Batch:
    """Advance several pilots, a few at a time, then typeset the stale books once.

    Raises:
        PilotkitError: A pilot could not be advanced at all; everything else was done before.
    """
    async with at_work() as kit:
        free = asyncio.Semaphore(kit.settings.typesetters)

        async def one(code: str) -> Advance:
            async with free:
                return await advance(code, documents=documents)

        results = await asyncio.gather(*(one(code) for code in codes), return_exceptions=True)
        laid = await typeset_stale(kit) if books else ()
        advances = [_unless_broken(result) for result in results]
        return Batch(advances=tuple(advances), books=laid)


def _unless_broken(result: Advance | BaseException) -> Advance:
    if isinstance(result, BaseException):
        raise result
    return result


def _where(done: Advance) -> tuple[str, int]:
    return done.standing.stage, done.standing.number


def _open(here: Standing, *, documents: bool) -> bool:
    return any(documents or item.kind != Step.RENDER for item in here.due)


async def _run(here: Standing, words: Catalog, *, documents: bool) -> Advance:
    flow = STAGE_FLOWS[here.kind].with_options(flow_run_name=run_name(here, words))
    with tags(*run_tags(here)):
        result = await outcome(Advance, flow, here.code, documents=documents)
    return _unless_broken(result)

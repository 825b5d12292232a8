"""The sweep: whatever is due and was not started, then every book that is stale, once."""

import asyncio

from prefect import flow
from prefect.client.schemas.objects import State
from prefect.states import Completed

from flows.lifecycle import Batch, advance_all
from flows.stage_run import FLOW_SECONDS
from flows.wiring import at_work
from pilotkit.domain.text import message
from pilotkit.i18n.catalogs import catalog
from pilotkit.services.agenda import pilots_with_work


@flow(name="sweep", timeout_seconds=FLOW_SECONDS, persist_result=False)
async def sweep() -> State[Batch]:
    """Advance every pilot for which pilotkit has something to do, and typeset the stale books.

    It asks for what is due now, not for what happened since it last ran: a sweep that did not run loses nothing.
    """
    async with at_work() as kit:
        codes = await asyncio.to_thread(pilots_with_work, kit.db, at=kit.now())
        batch = await advance_all(codes)
        told = message("{pilots} pilots advanced, {books} books typeset", pilots=len(codes), books=len(batch.books))
        return Completed(message=catalog(kit.settings.language).say(told), data=batch)

"""Start a run after a change, best effort: the one door for command line and web.

A change is committed and answered before anything is started. Whatever was not started, the sweep finds.
"""

import asyncio
import logging
import socket
from contextlib import closing
from urllib.parse import urlsplit

from flows import environment
from pilotkit.bootstrap import Pilotkit, running
from pilotkit.i18n.catalogs import catalog
from pilotkit.services import pilots, steps
from pilotkit.settings import Settings

SECONDS = 3.0
"""How long the start of a run may take altogether; connecting may take a tenth of it."""

_log = logging.getLogger(__name__)


def start(source: Settings | Pilotkit, code: str, *, seconds: float = SECONDS) -> bool:
    """Ask the Prefect server for a run of the flow of the pilot's stage; never raises.

    The same state of a pilot is started once, however often it is asked for.

    Args:
        source: By which settings the database is found; or a wired pilotkit.
        code: The pilot.
        seconds: How long it may take.

    Returns:
        Whether a run was started. If not (no server is configured, it does not answer, or there is nothing to do), the
        next sweep does what there is.
    """
    url = environment.server_url()
    if not url or not _answers(url, seconds / 10):
        return False
    try:
        if isinstance(source, Pilotkit):
            return _start(source, code, seconds)
        with running(source) as kit:
            return _start(kit, code, seconds)
    except Exception:  # noqa: BLE001 - whatever went wrong with Prefect, the change stands and the sweep follows
        _log.warning("The run for %s could not be started; the sweep does its work.", code, exc_info=True)
        return False


def _answers(url: str, seconds: float) -> bool:
    """Whether anybody listens there; asked before Prefect is imported, which takes longer than the answer may."""
    parts = urlsplit(url)
    port = parts.port or (443 if parts.scheme == "https" else 80)
    try:
        with closing(socket.create_connection((parts.hostname or "", port), timeout=seconds)):
            return True
    except OSError:
        _log.warning("The Prefect server at %s does not answer.", parts.netloc.rpartition("@")[2])
        return False


def _start(kit: Pilotkit, code: str, seconds: float) -> bool:
    here = steps.standing(kit.db, code, at=kit.now())
    if not here.due:
        return False
    environment.prepare(kit.settings)
    from flows.lifecycle import STAGE_FLOWS
    from flows.stage_run import run_name, run_tags
    from flows.work_pool import deployment_name

    revision = pilots.show(kit.db, code).pilot.revision
    asyncio.run(
        _create(
            deployment_name(STAGE_FLOWS[here.kind]),
            {"code": code},
            name=run_name(here, catalog(kit.settings.language)),
            tags=run_tags(here),
            key=f"{here.programme}:{code}:{here.stage}.{here.number}:{revision}",
            seconds=seconds,
        )
    )
    return True


async def _create(
    deployment: str, parameters: dict[str, str], *, name: str, tags: list[str], key: str, seconds: float
) -> None:
    from prefect.deployments import arun_deployment

    async with asyncio.timeout(seconds):
        await arun_deployment(
            deployment,
            parameters=parameters,
            flow_run_name=name,
            tags=tags,
            idempotency_key=key,
            timeout=0,
            as_subflow=False,
        )

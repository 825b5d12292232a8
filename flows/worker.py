"""A worker: what ``pilotkit worker`` runs. Imports nothing of Prefect before its environment is set."""

import asyncio
import os

from flows import environment
from pilotkit.domain.errors import Refused
from pilotkit.domain.text import message
from pilotkit.settings import Settings


def work(settings: Settings) -> None:
    """Serve every deployment with its schedule against the Prefect server, until the process is told to end.

    Raises:
        Refused: No server is configured.
    """
    if not environment.server_url():
        raise Refused(
            message("A worker needs a Prefect server, and PREFECT_API_URL is not set."),
            message("Start one with: prefect server start. Then set PREFECT_API_URL=http://127.0.0.1:4200/api"),
        )
    os.environ.setdefault("PREFECT_LOGGING_LEVEL", "INFO")  # for whoever looks at a run in Prefect's UI
    environment.prepare(settings)
    environment.export(settings)
    from flows.deployments import serve

    asyncio.run(serve(limit=settings.typesetters + 1))

"""The environment that Prefect finds when it is first imported.

Prefect reads its settings while it is imported and makes its folder then, by default in the user's home. So everything
that starts flows calls :func:`prepare` first, and this module imports nothing of Prefect.
"""

import os
from pathlib import Path

from pilotkit.settings import Settings

_DEFAULTS = {
    # Nothing phones home.
    "DO_NOT_TRACK": "1",
    "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
    # The embedded server takes 5 to 11 seconds to start; Prefect's own limit of 20 is too short on a small machine.
    "PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS": "90",
    # pilotkit tells people itself what was done.
    "PREFECT_LOGGING_LEVEL": "WARNING",
    "PREFECT_LOGGING_SERVER_LEVEL": "ERROR",
    "PREFECT_LOGGING_TO_API_WHEN_MISSING_FLOW": "ignore",
    "PREFECT_CLI_PROMPT": "false",
    # A work queue is asked every second, not every ten.
    "PREFECT_WORKER_QUERY_SECONDS": "1",
}


def prepare(settings: Settings) -> None:
    """Set what the operator did not set. Without ``PREFECT_API_URL`` flows run on a server embedded in the process.

    Prefect keeps its settings, its database and its results in the data folder, never in the user's home.
    """
    home = Path(os.environ.setdefault("PREFECT_HOME", str((settings.data / "prefect").resolve())))
    home.mkdir(parents=True, exist_ok=True)
    for name, value in _DEFAULTS.items():
        os.environ.setdefault(name, value)


def export(settings: Settings) -> None:
    """Hand the settings on to the processes of the flow runs, which a worker starts in folders of their own."""
    told = settings.model_copy(update={"data": settings.data.resolve(), "database_url": settings.database})
    for name, value in told.model_dump(mode="json").items():
        os.environ[f"PILOTKIT_{name.upper()}"] = str(value)


def server_url() -> str:
    """Where the Prefect server answers; empty when flows run on the embedded one."""
    return os.environ.get("PREFECT_API_URL", "")

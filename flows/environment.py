"""The environment that Prefect finds when it is first imported.

Prefect reads its settings while it is imported and makes its folder then, by default in the user's home. So everything
that starts flows calls :func:`prepare` first, and this module imports nothing of Prefect.
"""

import os
from pathlib import Path
from urllib.parse import quote

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

_DATABASE = "PREFECT_SERVER_DATABASE_CONNECTION_URL"
_ELSEWHERE = ("PREFECT_API_URL", "PREFECT_API_DATABASE_CONNECTION_URL", _DATABASE)
"""Whoever sets one of these has a server, or a database for it."""


def prepare(settings: Settings) -> None:
    """Set what the operator did not set. Without ``PREFECT_API_URL`` flows run on a server embedded in the process.

    Prefect keeps its settings, its database and its results in the data folder, never in the user's home.
    """
    home = Path(os.environ.setdefault("PREFECT_HOME", str((settings.data / "prefect").resolve())))
    home.mkdir(parents=True, exist_ok=True)
    for name, value in _DEFAULTS.items():
        os.environ.setdefault(name, value)
    if not any(os.environ.get(name) for name in _ELSEWHERE):
        os.environ[_DATABASE] = _one_connection(home.resolve() / "prefect.db")


def _one_connection(file: Path) -> str:
    """The URL of the embedded server's SQLite file, by which Prefect opens a single connection to it.

    With several, Prefect's transactions meet each other's locks: about every second run then sleeps for two seconds.
    It takes one when it finds ``:memory:`` in the URL, here in a parameter that SQLite does not know and ignores.
    """
    return f"sqlite+aiosqlite:///file:{quote(str(file))}?uri=true&pool=:memory:"


def export(settings: Settings) -> None:
    """Hand the settings on to the processes of the flow runs, which a worker starts in folders of their own."""
    told = settings.model_copy(update={"data": settings.data.resolve(), "database_url": settings.database})
    for name, value in told.model_dump(mode="json").items():
        os.environ[f"PILOTKIT_{name.upper()}"] = str(value)


def server_url() -> str:
    """Where the Prefect server answers; empty when flows run on the embedded one."""
    return os.environ.get("PREFECT_API_URL", "")

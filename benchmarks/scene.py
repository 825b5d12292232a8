"""Where a benchmark takes place: a PostgreSQL and a Prefect server of its own, and a lab with a pilot on them."""

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path

from flows import environment
from pilotkit.bootstrap import Pilotkit
from pilotkit.db.engine import Database
from pilotkit.db.schema import upgrade
from pilotkit.documents.press import PrintingPress
from pilotkit.documents.store import DocumentStore
from pilotkit.documents.typesetting import Sheet, Typeset, Typesetter
from pilotkit.settings import Settings
from tests import cluster
from tests.factories.lab import PROGRAMME, Lab

LANGUAGES = ("en", "sl", "de")
_SERVER_SECONDS = 90


class Recorder(Typesetter):
    """A typesetter that remembers what it set, so that the peer can set the same pages."""

    sheets: tuple[Sheet, ...] = ()

    def typeset(self, sheet: Sheet) -> Typeset:
        """Typeset, and remember."""
        self.sheets = (*self.sheets, sheet)
        return super().typeset(sheet)


@contextmanager
def scene(folder: Path) -> Iterator[tuple[Pilotkit, Lab, Recorder]]:
    """A founded lab in three languages on PostgreSQL, with Prefect's server on the same PostgreSQL."""
    base = cluster.start(folder / "cluster", durable=True)
    try:
        for name in ("pilotkit", "prefect"):
            _create(base, name)
        url = base.rpartition("/")[0]
        settings = Settings(data=folder / "data", database_url=f"{url}/pilotkit")
        environment.prepare(settings)
        with _server(folder, f"{url}/prefect"), Recorder(processes=2, seconds=120, megabytes=2000) as typesetter:
            db = Database(settings.database)
            upgrade(db)
            shelf = folder / "documents"
            press = PrintingPress(typesetter, DocumentStore(shelf))
            lab = Lab(db, press)
            lab.found(replace(PROGRAMME, languages=LANGUAGES))
            yield Pilotkit(settings=settings, db=db, press=press, shelf=shelf, now=lab.now), lab, typesetter
            db.close()
    finally:
        cluster.stop(folder / "cluster")


def _create(url: str, name: str) -> None:
    import psycopg

    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")


@contextmanager
def _server(folder: Path, database: str) -> Iterator[None]:
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    api = f"http://127.0.0.1:{port}/api"
    settings = {
        **os.environ,
        "PREFECT_API_DATABASE_CONNECTION_URL": database.replace("postgresql://", "postgresql+asyncpg://"),
        "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
        "DO_NOT_TRACK": "1",
    }
    command = [sys.executable, "-m", "prefect", "server", "start", "--host", "127.0.0.1", "--port", str(port)]
    with (folder / "server.log").open("w") as log:
        server = subprocess.Popen(command, env=settings, stdout=log, stderr=log, start_new_session=True)
        try:
            _wait(f"{api}/health", server, folder / "server.log")
            os.environ["PREFECT_API_URL"] = api
            yield
        finally:
            server.terminate()
            server.wait(30)


def _wait(url: str, server: "subprocess.Popen[bytes]", log: Path) -> None:
    end = time.monotonic() + _SERVER_SECONDS
    while time.monotonic() < end and server.poll() is None:
        try:
            with urllib.request.urlopen(url, timeout=2):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.2)
    raise RuntimeError(f"Prefect's server did not start:\n{log.read_text()[-3000:]}")

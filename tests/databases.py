"""Fresh databases for tests: a migrated template on each kind, and a copy of it for every test.

PostgreSQL is a private cluster in a temporary folder, one for all workers of a run, started when the first test asks
for it and stopped when the run ends, however it ends. ``PILOTKIT_TEST_POSTGRES`` names a server to use instead.
"""

import fcntl
import os
import secrets
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from itertools import count
from pathlib import Path
from typing import IO

import psycopg
import pytest
from sqlalchemy import URL, make_url

from pilotkit.db import schema
from pilotkit.db.engine import Database
from tests import cluster

KINDS = ("sqlite", "postgresql")
_SHARED = "PILOTKIT_TEST_SHARED"
_RUN = pytest.StashKey[tuple[IO[str], subprocess.Popen[bytes]]]()
_numbers = count(1)


# --- The run: a folder that all workers share, and that does not outlive the first process ----------------------------


def pytest_configure(config: pytest.Config) -> None:
    """The first process of the run makes the shared folder and holds a lock for as long as it lives."""
    if hasattr(config, "workerinput"):
        return
    folder = Path(tempfile.mkdtemp(prefix="pilotkit-"))
    folder.chmod(0o711)  # the server's user must pass
    alive = (folder / "alive").open("w")
    fcntl.flock(alive, fcntl.LOCK_EX)
    os.environ[_SHARED] = str(folder)
    watcher = [sys.executable, "-IS", cluster.__file__, str(folder)]
    config.stash[_RUN] = alive, subprocess.Popen(watcher, start_new_session=True, stdin=subprocess.DEVNULL)


def pytest_unconfigure(config: pytest.Config) -> None:
    """Let the lock go; the watcher stops the server and removes the folder."""
    if _RUN not in config.stash:
        return
    alive, watcher = config.stash[_RUN]
    folder = Path(os.environ.pop(_SHARED))
    if (folder / "template").exists() and not (folder / "cluster").exists():
        _Server((folder / "server").read_text()).drop((folder / "template").read_text())
    alive.close()
    watcher.wait(timeout=30)


# --- PostgreSQL -------------------------------------------------------------------------------------------------------


class _Server:
    """A running server on which databases are made and dropped."""

    def __init__(self, url: str) -> None:
        self.url = make_url(url).set(drivername="postgresql")

    def create(self, name: str, template: str = "template0") -> str:
        self._run(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
        return self._text(self.url.set(database=name))

    def drop(self, name: str) -> None:
        self._run(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')

    def _run(self, statement: str) -> None:
        with closing(psycopg.connect(self._text(self.url), autocommit=True)) as connection:
            connection.execute(statement.encode())

    @staticmethod
    def _text(url: URL) -> str:
        return url.render_as_string(hide_password=False)


def _server(folder: Path) -> _Server:
    """The run's server; call it under the lock."""
    told, problem = folder / "server", ""
    if not told.exists():
        try:
            told.write_text(os.environ.get("PILOTKIT_TEST_POSTGRES") or cluster.start(folder / "cluster"))
        except cluster.ClusterError as error:
            problem = str(error)
    if problem:
        pytest.fail(problem, pytrace=False)
    return _Server(told.read_text())


# --- One database per test --------------------------------------------------------------------------------------------


@contextmanager
def fresh(kind: str, folder: Path, *, migrated: bool = True) -> Iterator[str]:
    """The URL of a database of its own, removed afterwards.

    Args:
        kind: ``sqlite`` or ``postgresql``.
        folder: Where an SQLite file goes.
        migrated: With the current schema, or empty.
    """
    if kind == "sqlite":
        file = folder / f"pilotkit-{next(_numbers)}.db"
        if migrated:
            shutil.copyfile(_sqlite_template(), file)
        yield f"sqlite:///{file}"
        return
    server, template = _postgresql_template()
    name = f"{template}_{os.getpid()}_{next(_numbers)}"
    url = server.create(name, template if migrated else "template0")
    try:
        yield url
    finally:
        server.drop(name)


def _sqlite_template() -> Path:
    folder = Path(os.environ[_SHARED])
    file = folder / "template.db"
    with cluster.locked(folder):
        if not file.exists():
            _migrate(f"sqlite:///{folder}/unfinished.db")
            (folder / "unfinished.db").rename(file)
    return file


def _postgresql_template() -> tuple[_Server, str]:
    folder = Path(os.environ[_SHARED])
    told = folder / "template"
    with cluster.locked(folder):
        server = _server(folder)
        if not told.exists():
            name = f"pilotkit_test_{secrets.token_hex(4)}"
            _migrate(server.create(name))
            told.write_text(name)
    return server, told.read_text()


def _migrate(url: str) -> None:
    with closing(Database(url)) as database:
        schema.upgrade(database)


@pytest.fixture(params=KINDS)
def kind(request: pytest.FixtureRequest) -> str:
    """Each kind of database in turn; every test that uses it, even indirectly, runs on both."""
    return str(request.param)


@pytest.fixture
def database_url(kind: str, tmp_path: Path) -> Iterator[str]:
    """The URL of a fresh migrated database, for tests that start processes."""
    with fresh(kind, tmp_path) as url:
        yield url


@pytest.fixture
def empty_url(kind: str, tmp_path: Path) -> Iterator[str]:
    """The URL of a database without any table."""
    with fresh(kind, tmp_path, migrated=False) as url:
        yield url


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """A fresh migrated database."""
    with closing(Database(database_url)) as opened:
        yield opened


@pytest.fixture
def sqlite_database(tmp_path: Path) -> Iterator[Database]:
    """A fresh migrated SQLite database, for tests to which the kind of database is nothing."""
    with fresh("sqlite", tmp_path) as url, closing(Database(url)) as opened:
        yield opened

"""A real Prefect server for the tests of the flows: one for all tests of a process."""

import gc
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from flows import environment
from flows.wiring import shared
from pilotkit.bootstrap import Pilotkit
from pilotkit.settings import Settings
from tests.databases import fresh
from tests.factories.lab import Lab
from tests.prefect_server import PrefectServer

# Prefect makes its folder when it is imported, and collecting imports it: not in the home of whoever runs the tests.
environment.prepare(Settings(data=Path(tempfile.gettempdir()) / f"pilotkit-tests-of-flows-{os.getuid()}"))


_HERE = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Prefect's client leaves its sockets to the garbage collector."""
    for item in items:
        if item.path.is_relative_to(_HERE):
            item.add_marker(pytest.mark.filterwarnings("ignore::ResourceWarning"))
            item.add_marker(pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"))


@pytest.fixture(autouse=True)
def _sockets_are_collected_here() -> Iterator[None]:
    """So that no test elsewhere is blamed for them."""
    yield
    gc.collect()


@pytest.fixture(scope="session")
def prefect_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PrefectServer]:
    """A server for all tests of this process; the flows of this process report to it."""
    from prefect.settings import PREFECT_API_URL, temporary_settings

    folder = tmp_path_factory.mktemp("prefect")
    with fresh("postgresql", folder, migrated=False) as database:
        server = PrefectServer(folder, database)
        server.start()
        try:
            with temporary_settings(updates={PREFECT_API_URL: server.api_url}):
                yield server
        finally:
            server.kill()


@contextmanager
def at_work(lab: Lab, folder: Path) -> Iterator[Pilotkit]:
    """The flows of this process work for a lab, by its clock."""
    settings = Settings(data=folder, typesetters=2)
    kit = Pilotkit(settings=settings, db=lab.db, press=lab.press, shelf=folder / "shelf", now=lab.now)
    with shared(kit):
        yield kit

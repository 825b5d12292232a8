from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import text

from pilotkit.db.engine import Database
from pilotkit.db.queries import audit as trail
from pilotkit.domain.audit import verify
from tests.integration.db import racer
from tests.integration.db.conftest import Race


@pytest.fixture
def counted(database: Database) -> Database:
    with database.write() as session:
        session.execute(text("CREATE TABLE counter (number INTEGER NOT NULL)"))
        session.execute(text("INSERT INTO counter VALUES (0)"))
    return database


def test_two_processes_lose_no_update(counted: Database, database_url: str, race: Race) -> None:
    for process in [race("count", database_url, 150) for _ in range(2)]:
        assert process.communicate(timeout=60)[1] == ""
        assert process.returncode == 0
    with counted.read() as session:
        assert session.execute(text("SELECT number FROM counter")).scalar_one() == 300


def test_many_threads_lose_no_update(counted: Database) -> None:
    with ThreadPoolExecutor(10) as pool:
        for done in [pool.submit(racer.count, counted, 30) for _ in range(10)]:
            done.result()
    with counted.read() as session:
        assert session.execute(text("SELECT number FROM counter")).scalar_one() == 300


def test_two_processes_append_to_one_chain(database: Database, database_url: str, race: Race) -> None:
    for process in [race("audit", database_url, 150) for _ in range(2)]:
        assert process.communicate(timeout=60)[1] == ""
    with database.read() as session:
        head = trail.head(session)
        assert head is not None
        assert head.seq == 300
        assert verify(trail.events(session), head) is None

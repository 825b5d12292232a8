"""Databases at every moment of a pilot's life, so that a test begins where it wants to.

One journey per run of tests, on SQLite, leaves a copy of the database at each moment. A test takes a copy of such a
copy; on PostgreSQL the rows are poured into a database of the test's own.
"""

import json
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import datetime
from pathlib import Path

from sqlalchemy import create_engine, insert, select, text

from pilotkit.db.engine import Database
from pilotkit.db.models import Base
from tests import cluster
from tests.databases import fresh
from tests.factories.lab import Lab
from tests.fakes import FakePress

CODE = "P-002"
"""The pilot whose life is told; P-001 stands in its trial all the time, with a place in the same arena."""

MOMENTS = (
    "idea",
    "idea-ready",
    "evaluation",
    "invited",
    "scored",
    "evaluation-ready",
    "trial",
    "booked",
    "startable",
    "started",
    "running",
    "ended",
    "trial-ready",
    "implementation",
    "implementation-ready",
    "handbook",
    "handbook-ready",
    "decided",
    "published",
)


def _journey(lab: Lab, keep: Callable[[str], None]) -> None:
    lab.found()
    other = lab.new()
    lab.bring_to(other, "trial")
    lab.plan_trial(other)
    code = lab.new()
    assert code == CODE
    keep("idea")
    lab.do_stage(code)
    keep("idea-ready")
    _pass(lab, code)
    keep("evaluation")
    lab.work(code)
    keep("invited")
    lab.evaluate(code)
    keep("scored")
    lab.work(code)
    lab.show_criteria(code)
    keep("evaluation-ready")
    _pass(lab, code)
    keep("trial")
    lab.plan_trial(code)
    keep("booked")
    lab.show_criteria(code)
    keep("startable")
    lab.start_trial(code)
    keep("started")
    lab.work(code)
    lab.wait(20)
    lab.measure(code)
    keep("running")
    lab.end_trial(code)
    keep("ended")
    lab.work(code)
    keep("trial-ready")
    _pass(lab, code)
    keep("implementation")
    lab.do_stage(code)
    keep("implementation-ready")
    _pass(lab, code)
    keep("handbook")
    lab.do_stage(code)
    keep("handbook-ready")
    lab.decide(code)
    keep("decided")
    lab.work(code)
    keep("published")


def _pass(lab: Lab, code: str) -> None:
    lab.decide(code)
    lab.wait()


def moment_file(moment: str) -> Path:
    """The SQLite file of a moment; the first caller of the run makes the journey. Never open it: take a copy."""
    library = Path(os.environ["PILOTKIT_TEST_SHARED"]) / "moments"
    library.mkdir(exist_ok=True)
    with cluster.locked(library):
        if not (library / "told").exists():
            _tell(library)
    return library / f"{moment}.db"


def _tell(library: Path) -> None:
    folder = library / "journey"
    folder.mkdir()
    with fresh("sqlite", folder) as url:
        lab = Lab(Database(url), FakePress(folder / "shelf"))

        def keep(moment: str) -> None:
            lab.db.close()
            shutil.copyfile(str(lab.db.file), library / f"{moment}.db")
            (library / f"{moment}.json").write_text(json.dumps(lab.at.isoformat()))

        _journey(lab, keep)
        lab.db.close()
    (library / "told").touch()


def instant_of(moment: str) -> datetime:
    """What time it is at a moment."""
    told = moment_file(moment).with_suffix(".json").read_text()
    return datetime.fromisoformat(json.loads(told))


@contextmanager
def lab_at(kind: str, moment: str, folder: Path) -> Iterator[Lab]:
    """A lab on a database of its own in which it is this moment."""
    with fresh(kind, folder) as url:
        turn_to(url, moment_file(moment))
        with closing(Database(url)) as db:
            yield Lab(db, FakePress(folder / "shelf"), at=instant_of(moment))


def turn_to(url: str, file: Path) -> None:
    """Make a migrated database hold exactly what an SQLite file holds."""
    if url.startswith("sqlite:///"):
        target = Path(url.removeprefix("sqlite:///"))
        for leftover in ("-wal", "-shm"):
            target.with_name(target.name + leftover).unlink(missing_ok=True)
        shutil.copyfile(file, target)
        return
    _pour(file, url)


def _pour(file: Path, url: str) -> None:
    """Replace every row of a PostgreSQL database; as a replica does, past the triggers that guard the trail."""
    tables = Base.metadata.sorted_tables
    source = create_engine(f"sqlite:///{file}")
    target = create_engine(url.replace("postgresql://", "postgresql+psycopg://"))
    with source.connect() as old, target.begin() as new:
        new.execute(text("SET LOCAL session_replication_role = replica"))
        new.execute(text("TRUNCATE " + ", ".join(f'"{table.name}"' for table in tables)))
        for table in tables:
            if rows := [dict(row) for row in old.execute(select(table)).mappings()]:
                new.execute(insert(table), rows)
            if "id" in table.columns and table.name != "audit_head":
                number = f'COALESCE((SELECT MAX(id) FROM "{table.name}"), 0) + 1'
                new.execute(text(f"SELECT setval(pg_get_serial_sequence('\"{table.name}\"', 'id'), {number}, false)"))
    source.dispose()
    target.dispose()

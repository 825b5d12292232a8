"""A process that is killed at any point leaves the old state or the new one, never something between.

Each scenario runs once to its end and tells which points it passes; then once for each point, where it dies by SIGKILL.
Time is an argument everywhere, so "the same" means the same: facts, agenda, messages, audit, documents, files.
"""

import shutil
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import pytest

from pilotkit.db.engine import Database
from pilotkit.domain.planning import agenda
from pilotkit.services import pilots, steps
from pilotkit.services.audit import verify_trail
from tests.databases import fresh
from tests.factories.lab import Lab
from tests.factories.moments import lab_at, turn_to
from tests.factories.snapshot import Rows, Snapshot, differences, rows_of, snapshot
from tests.fakes import FakePress
from tests.faults.killing import End, Prepared, occurrences
from tests.faults.scenarios import SCENARIOS

FILES = {"render", "render again", "book of the programme"}
"""Scenarios that write files: after each of their points the way on is walked to its end."""

SAMPLE = ("new pilot", "conditional go", "stop", "revert", "render again")
"""What runs on PostgreSQL in the normal suite."""


@pytest.fixture(scope="module")
def prepared() -> Iterator[Prepared]:
    with Prepared() as process:
        yield process


@dataclass(frozen=True)
class World:
    """A database and a shelf as files, to begin from again and again."""

    file: Path
    shelf: Path
    at: datetime


@dataclass(frozen=True)
class Told:
    """A scenario, told to its end."""

    before: Rows
    after: Rows
    settled: Snapshot
    files: dict[str, bytes]
    points: tuple[str, ...]


def scenarios(names: tuple[str, ...] = tuple(SCENARIOS)) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("name", names)


@scenarios()
def test_killed_at_every_point_on_sqlite(name: str, prepared: Prepared, tmp_path: Path) -> None:
    with stage_of(name, tmp_path, "sqlite") as stage:
        told = tell(name, stage, prepared)
        points = occurrences(told.points)
        assert points, f"{name} passes no kill point"
        ends = points if name in FILES else points[:1]
        for point in points:
            _kill(name, point, told, stage, prepared, to_the_end=point in ends)


@scenarios(SAMPLE)
def test_killed_on_postgresql(name: str, prepared: Prepared, tmp_path: Path) -> None:
    with stage_of(name, tmp_path, "postgresql") as stage:
        told = tell(name, stage, prepared)
        points = occurrences(told.points)
        middle = points[len(points) // 2]
        for point in dict.fromkeys((points[0], middle, "audit.between", "commit.before", "commit.after", points[-1])):
            if point in points:
                _kill(name, point, told, stage, prepared, to_the_end=point == middle)


@pytest.mark.full
@pytest.mark.timeout(900)
@scenarios()
def test_killed_at_every_point_on_both(name: str, kind: str, prepared: Prepared, tmp_path: Path) -> None:
    with stage_of(name, tmp_path, kind) as stage:
        told = tell(name, stage, prepared)
        for number, point in enumerate(occurrences(told.points)):
            _kill(name, point, told, stage, prepared, to_the_end=name in FILES or number % 4 == 0)


@pytest.mark.full
def test_every_point_of_a_transition_is_passed(prepared: Prepared, tmp_path: Path) -> None:
    """The scenarios together pass every point that stands in the services, in the audit and in the store."""
    passed: set[str] = set()
    for number, name in enumerate(SCENARIOS):
        folder = tmp_path / str(number)
        folder.mkdir()
        with stage_of(name, folder, "sqlite") as stage:
            stage.reset()
            passed |= set(stage.run(prepared, name).points)
    assert not _points_in_code() - passed


def _points_in_code() -> set[str]:
    import re

    import pilotkit.documents.store
    import pilotkit.services

    root = Path(pilotkit.services.__path__[0])
    sources = [*root.glob("*.py"), root.parent / "db" / "audit.py", Path(pilotkit.documents.store.__file__)]
    found = {point for source in sources for point in re.findall(r'kill_point\("([^"]+)"\)', source.read_text())}
    return {point for point in found if not point.startswith("import")}


# --- Telling ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Stage:
    """A database and a shelf on which a world is played again and again."""

    world: World
    url: str
    shelf: Path
    db: Database

    def reset(self) -> None:
        self.db.close()
        shutil.rmtree(self.shelf, ignore_errors=True)
        shutil.copytree(self.world.shelf, self.shelf)
        turn_to(self.url, self.world.file)

    def sweep(self) -> Snapshot:
        """The next sweep, and what it comes to."""
        lab = Lab(self.db, FakePress(self.shelf), at=self.world.at)
        advances, _ = steps.sweep(self.db, lab.press, clock=lab.now)
        assert not [report.failure for advance in advances for report in advance.steps if report.failure]
        lab.db.close()
        return snapshot(self.db)

    def files(self) -> dict[str, bytes]:
        """Every file of the store, hidden ones included."""
        shelf = self.shelf
        return {str(path.relative_to(shelf)): path.read_bytes() for path in shelf.rglob("*") if path.is_file()}

    def run(self, prepared: Prepared, name: str, kill_at: str = "") -> End:
        return prepared.run(name, url=self.url, shelf=self.shelf, at=self.world.at, kill_at=kill_at)


@contextmanager
def stage_of(name: str, folder: Path, kind: str) -> Iterator[Stage]:
    """The world in which a scenario begins, and a place to play it."""
    scenario = SCENARIOS[name]
    with lab_at("sqlite", scenario.moment, folder) as lab:
        if name in FILES:
            steps.sweep(lab.db, lab.press, clock=lab.now)
        scenario.prepare(lab)
        lab.db.close()
        world = World(folder / "world.db", folder / "shelf", lab.at)
        shutil.copyfile(str(lab.db.file), world.file)
    world.shelf.mkdir(exist_ok=True)
    play = folder / "play"
    play.mkdir()
    with fresh(kind, play) as url, closing(Database(url)) as db:
        yield Stage(world, url, play / "shelf", db)


def tell(name: str, stage: Stage, prepared: Prepared) -> Told:
    """The scenario without a fault: before, after, and settled after the next sweep."""
    stage.reset()
    before = rows_of(stage.url)
    end = stage.run(prepared, name)
    assert end.code == 0, end.errors
    after = rows_of(stage.url)
    assert differences(before, after), f"{name} changes nothing"
    assert_sound(stage.db)
    return Told(before, after, stage.sweep(), stage.files(), end.points)


def _kill(name: str, point: str, told: Told, stage: Stage, prepared: Prepared, *, to_the_end: bool) -> None:
    stage.reset()
    end = stage.run(prepared, name, kill_at=point)
    assert end.killed, _story(name, point, end)
    now = rows_of(stage.url)
    done = now == told.after
    if not done:
        between = differences(now, told.before)
        assert not between, f"{name}, killed at {point}: neither the old state nor the new one\n{between}"
    if not to_the_end:
        return
    if not done:  # people repeat what was lost; what pilotkit does itself, the sweep would repeat as well
        again = stage.run(prepared, name)
        assert again.code == 0, again.errors
    other = differences(stage.sweep(), told.settled)
    assert not other, f"{name}, killed at {point}: the end is another one\n{other}"
    FakePress(stage.shelf).store.sweep()
    odd = stage.files().items() ^ told.files.items()
    assert not odd, f"{name}, killed at {point}: other files: {sorted(path for path, _ in odd)}"


def _story(name: str, point: str, end: End) -> str:
    return f"{name} did not die at {point} (code {end.code}) {end.errors}"


def assert_sound(db: Database) -> None:
    """The trail holds, and the stored agenda of every pilot is the computed one."""
    assert verify_trail(db) is None
    for line in pilots.list_pilots(db):
        facts = pilots.show(db, line.code)
        computed = agenda(facts.pilot, facts.process, facts.programme)
        assert [item.key for item in facts.agenda] == [item.key for item in computed]
        assert facts.agenda == computed

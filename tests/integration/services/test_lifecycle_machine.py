"""Random lives of pilots through the real services, and faults planted to show that the machine would see them."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from pilotkit.db.engine import Database
from pilotkit.domain import decision, gate
from pilotkit.domain.agenda import AgendaItem
from pilotkit.domain.pilot import Pilot
from pilotkit.domain.process import Process
from pilotkit.services import change, criteria, gates
from tests.databases import fresh
from tests.integration.services.life import Life

PACE = settings(
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=list(HealthCheck),
    stateful_step_count=20,
    print_blob=False,
    phases=[Phase.generate],
)


@contextmanager
def lives(kind: str, folder: Path, acts: Iterable[str] = ()) -> Iterator[type[Life]]:
    """The machine on a database of this kind; on request with a few acts only."""
    every = {name for name in dir(Life) if hasattr(getattr(Life, name), "hypothesis_stateful_rule")}
    assert every >= set(acts)
    unused = dict.fromkeys(every - set(acts)) if acts else {}
    with fresh(kind, folder) as url, closing(Database(url)) as db:
        yield type("Lives", (Life,), {"url": url, "folder": folder, "db": db, **unused})


def test_random_lives(kind: str, tmp_path: Path) -> None:
    with lives(kind, tmp_path) as machine:
        run_state_machine_as_test(machine, settings=settings(PACE, max_examples=10 if kind == "sqlite" else 4))


@pytest.mark.full
@pytest.mark.timeout(1500)
def test_many_random_lives(kind: str, tmp_path: Path) -> None:
    many = settings(PACE, max_examples=60 if kind == "sqlite" else 20, stateful_step_count=50, derandomize=False)
    with lives(kind, tmp_path) as machine:
        run_state_machine_as_test(machine, settings=many)


# --- Planted faults ---------------------------------------------------------------------------------------------------


def always_ready(monkeypatch: pytest.MonkeyPatch) -> None:
    original = gate.readiness

    def ready(*arguments: object) -> gate.Readiness:
        return replace(original(*arguments), lines=(), conditions=())  # type: ignore[arg-type] # handed on as it came

    monkeypatch.setattr(decision, "readiness", ready)


def no_agenda(monkeypatch: pytest.MonkeyPatch) -> None:
    def skipped(*_: object) -> Sequence[AgendaItem]:
        return ()

    monkeypatch.setattr(change, "merge_agenda", skipped)


def stop_without_entry(monkeypatch: pytest.MonkeyPatch) -> None:
    original = decision.transition

    def forgetful(*arguments: object, pilot: Pilot, process: Process) -> decision.Transition:
        return replace(original(*arguments, pilot=pilot, process=process), entry=None)  # type: ignore[arg-type]

    monkeypatch.setattr(gates, "transition", forgetful)


def legal_waived(monkeypatch: pytest.MonkeyPatch) -> None:
    original = criteria._lines

    def harmless(*arguments: object) -> tuple[gate.ChecklistLine, ...]:
        lines = original(*arguments)  # type: ignore[arg-type] # handed on as it came
        return tuple(replace(line, criterion=replace(line.criterion, legal=False)) for line in lines)

    monkeypatch.setattr(criteria, "_lines", harmless)


@pytest.mark.parametrize(
    ("plant", "acts", "seen"),
    [
        (always_ready, {"board", "clock"}, "no go through an unready gate|an open condition refuses go"),
        (no_agenda, {"board", "vote"}, "the stored agenda is the computed one"),
        (stop_without_entry, {"board", "clock"}, "a stop leaves an entry"),
        (legal_waived, {"criterion", "clock"}, "legal criteria are never waived"),
    ],
)
def test_the_machine_sees_a_planted_fault(
    plant: Callable[[pytest.MonkeyPatch], None],
    acts: set[str],
    seen: str,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    plant(monkeypatch)
    with lives("sqlite", tmp_path, acts) as machine, pytest.raises(AssertionError, match=seen):
        run_state_machine_as_test(machine, settings=settings(PACE, max_examples=60, report_multiple_bugs=False))

"""The flows of the stages on a real Prefect server do the work once, however often it is asked for."""

import asyncio
from pathlib import Path

import pytest
from prefect.client.schemas.objects import StateType

from flows import tasks
from flows.lifecycle import advance, advance_all
from flows.outcome import outcome
from flows.stages import trial as trial_stage
from flows.stages.intake import intake
from flows.stages.publication import publication
from pilotkit.domain.agenda import Step
from pilotkit.domain.errors import NotFound, PilotkitError, Refused, Unavailable, message
from pilotkit.domain.pilot import PilotStatus
from pilotkit.domain.ports import Draft
from pilotkit.services import pilots
from pilotkit.services.audit import events, verify_trail
from pilotkit.services.steps import Advance, standing
from tests.factories.lab import IDEA, Lab
from tests.factories.moments import CODE, lab_at
from tests.fakes import FakePress
from tests.integration.flows.conftest import at_work
from tests.integration.flows.seen import artifacts_of, runs_of, text_of

pytestmark = pytest.mark.usefixtures("prefect_server")

WITH_WORK = {
    "idea": {Step.OPEN_STAGE, Step.CHECK},
    "evaluation": {Step.OPEN_STAGE, Step.INVITE},
    "scored": {Step.CONSOLIDATE, Step.CHECK},
    "booked": {Step.OPEN_STAGE, Step.CONFIRM_BOOKING},
    "started": {Step.FREEZE},
    "ended": {Step.COMPUTE_OUTCOMES, Step.CHECK},
    "implementation": {Step.OPEN_STAGE},
    "handbook": {Step.OPEN_STAGE, Step.COMPILE_ENTRY},
    "decided": {Step.PUBLISH},
}
"""What a pilot's flow does at a moment of its life."""


def _acts(lab: Lab) -> list[str]:
    """What the trail tells of the pilot, but for typesetting, which two may do at once: it gives the same file."""
    return sorted(event.action for event in events(lab.db) if event.action != "document.rendered")


def _facts(lab: Lab) -> tuple[object, ...]:
    """What must be the same after a repetition: facts, and a trail without a word more."""
    pilot = lab.show(CODE).pilot
    return pilot.revision, pilot.status, pilot.documents, len(events(lab.db))


@pytest.mark.parametrize("moment", WITH_WORK)
def test_a_flow_does_the_steps_of_its_stage_and_stops_at_what_needs_a_person(moment: str, tmp_path: Path) -> None:
    with lab_at("sqlite", moment, tmp_path) as lab, at_work(lab, tmp_path):
        done = asyncio.run(advance(CODE, documents=False))

        assert {report.item.kind for report in done.steps if report.changed} >= WITH_WORK[moment]
        assert [item for item in done.standing.due if item.kind != Step.RENDER] == []
        assert done.standing == standing(lab.db, CODE, at=lab.at)
        assert verify_trail(lab.db) is None

        before = _facts(lab)
        assert asyncio.run(advance(CODE, documents=False)).steps == ()
        assert _facts(lab) == before


@pytest.mark.parametrize("moment", ["evaluation", "decided"])
def test_two_runs_at_once_give_the_result_of_one(kind: str, moment: str, tmp_path: Path) -> None:
    (tmp_path / "one").mkdir()
    (tmp_path / "two").mkdir()
    with lab_at(kind, moment, tmp_path / "one") as lab, at_work(lab, tmp_path / "one"):
        asyncio.run(advance(CODE))
        once, acts = _facts(lab), _acts(lab)
    with lab_at(kind, moment, tmp_path / "two") as lab, at_work(lab, tmp_path / "two"):

        async def at_once() -> None:
            await asyncio.gather(advance(CODE), advance(CODE))

        asyncio.run(at_once())
        revision, status, documents, _ = _facts(lab)
        assert (revision, status, documents) == once[:3]
        assert _acts(lab) == acts
        assert verify_trail(lab.db) is None


def test_a_late_run_of_a_stage_that_is_over_changes_nothing(tmp_path: Path) -> None:
    with lab_at("sqlite", "trial", tmp_path) as lab, at_work(lab, tmp_path):
        before = _facts(lab)
        late = asyncio.run(outcome(Advance, intake, CODE))
        assert isinstance(late, Advance)
        assert late.steps == ()
        assert _facts(lab) == before


def test_the_whole_way_leaves_a_readable_run_per_stage(kind: str, tmp_path: Path) -> None:
    with lab_at(kind, "idea", tmp_path) as lab, at_work(lab, tmp_path):
        code = lab.new(IDEA)
        lab.work = lambda code, *, documents=False: asyncio.run(advance(code, documents=documents))  # type: ignore[method-assign]
        lab.publish(code)
        done = asyncio.run(advance(code))
        assert lab.show(code).pilot.status is PilotStatus.PUBLISHED
        assert done.standing.due == ()

        runs = asyncio.run(runs_of("pilotkit", "example", "digital"))
        mine = [run for run in runs if run.name.startswith(f"{code} ")]
        titles = [stage.title for stage in lab.show(code).process.way()]
        assert list(dict.fromkeys(run.name for run in mine)) == [f"{code} {title}" for title in titles]
        assert {run.state_type for run in mine} == {StateType.COMPLETED}

        left = asyncio.run(artifacts_of(mine[-1]))
        links = {
            text_of(artifact) for artifact in left if artifact.type == "markdown" and "file://" in text_of(artifact)
        }
        for language in ("en", "sl"):
            path = tmp_path / "shelf" / code / f"handbook-entry.{language}.pdf"
            assert path.is_file()
            assert any(path.as_uri() in link for link in links)
        [summary] = [artifact for artifact in left if artifact.key == f"{code.lower()}-summary"]
        assert "Publish the handbook entry" in text_of(summary) or "handbook entry" in text_of(summary)


def test_the_summary_says_what_waits_for_whom(tmp_path: Path) -> None:
    with lab_at("sqlite", "evaluation", tmp_path) as lab, at_work(lab, tmp_path):
        asyncio.run(advance(CODE, documents=False))
        run = asyncio.run(runs_of("pilotkit", lab.show(CODE).pilot.area, "evaluation"))[-1]
        [summary] = asyncio.run(artifacts_of(run))
        text = text_of(summary)
        assert "- Invite evaluators" in text
        for sheet in lab.open_pass(CODE).scoresheets:
            assert sheet.evaluator.name in text
        waiting = standing(lab.db, CODE, at=lab.at).waiting
        assert all(item.due_on.isoformat() in text for item in waiting)


class _FailingPress(FakePress):
    """Fails at one document, so many times."""

    def __init__(self, shelf: Path, error: Exception, times: int) -> None:
        super().__init__(shelf)
        self.error = error
        self.times = times
        self.failed = 0

    def draft(self, dossier: object, *, key: str, language: str, subject: str = "") -> Draft:
        if key == "project-sheet" and language == "sl" and self.failed < self.times:
            self.failed += 1
            raise self.error
        return super().draft(dossier, key=key, language=language, subject=subject)  # type: ignore[arg-type]


@pytest.fixture
def _at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tasks.render, "retry_delay_seconds", [0, 0])


@pytest.mark.usefixtures("_at_once")
@pytest.mark.parametrize(
    ("error", "times", "tried"),
    [
        pytest.param(Unavailable(message("The typesetter died.")), 2, 2, id="it passes by itself"),
        pytest.param(Unavailable(message("The typesetter died.")), 99, 3, id="it lasts"),
        pytest.param(Refused(message("The page is too long.")), 99, 1, id="it is refused"),
        pytest.param(ZeroDivisionError("a bug"), 99, 1, id="a bug"),
    ],
)
def test_a_step_that_fails_is_told_and_holds_up_nothing(
    error: Exception, times: int, tried: int, tmp_path: Path
) -> None:
    with lab_at("sqlite", "idea", tmp_path) as lab:
        press = _FailingPress(tmp_path / "shelf", error, times)
        lab.press = press
        with at_work(lab, tmp_path):
            done = asyncio.run(advance(CODE))
            run = asyncio.run(runs_of("pilotkit", "example", done.standing.stage))[-1]
    failures = [report.failure for report in done.steps if report.failure]
    assert press.failed == tried
    if times < 3:
        assert failures == []
        assert run.state_type is StateType.COMPLETED
        return
    assert run.state_type is StateType.FAILED
    assert run.state
    assert "project sheet" in str(run.state.message)
    [failure] = failures
    assert isinstance(failure, type(error) if isinstance(error, PilotkitError) else Unavailable)
    assert str(error).strip(".") in str(failure)
    assert {item.subject for item in done.standing.due} == {"project-sheet"}
    summary = next(text_of(each) for each in asyncio.run(artifacts_of(run)) if each.key == f"{CODE.lower()}-summary")
    assert "Failed" in summary


def test_a_step_that_the_flow_does_not_declare_fails_loudly(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(trial_stage, "TASKS", {Step.OPEN_STAGE: tasks.open_stage})
    with (
        lab_at("sqlite", "booked", tmp_path) as lab,
        at_work(lab, tmp_path),
        pytest.raises(LookupError, match="declares no task"),
    ):
        asyncio.run(advance(CODE, documents=False))


def test_an_unknown_pilot_is_refused_after_the_others_were_done(tmp_path: Path) -> None:
    with lab_at("sqlite", "idea", tmp_path) as lab, at_work(lab, tmp_path):
        with pytest.raises(NotFound):
            asyncio.run(advance_all([CODE, "P-999"], documents=False))
        assert [item for item in standing(lab.db, CODE, at=lab.at).due if item.kind != Step.RENDER] == []


def test_a_run_that_nobody_named_names_itself(tmp_path: Path) -> None:
    with lab_at("sqlite", "decided", tmp_path) as lab, at_work(lab, tmp_path):
        area = pilots.show(lab.db, CODE).pilot.area
        before = len(asyncio.run(runs_of("pilotkit", area)))
        asyncio.run(outcome(Advance, publication, CODE, documents=False))
        runs = asyncio.run(runs_of("pilotkit", area))
        assert len(runs) == before + 1
        assert runs[-1].name.startswith(f"{CODE} ")

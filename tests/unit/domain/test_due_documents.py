"""Which documents a pilot should have, and which of them are to be rendered now."""

from dataclasses import replace

from pilotkit.domain.agenda import Step
from pilotkit.domain.pilot import (
    DocumentRecord,
    Pilot,
)
from pilotkit.domain.planning import LIVING_DOCUMENTS, agenda, due_documents
from pilotkit.domain.process import Outcome
from tests.factories.dossiers import (
    CHANGED,
    LANGUAGES,
    PROGRAMME,
    decided,
    process,
)
from tests.unit.domain.pilots import (
    SHOWN,
    STAGES,
    here,
    pilot_in,
    with_stage,
)


def rendered(pilot: Pilot, revision: int, *, key: str = "", languages: tuple[str, ...] = LANGUAGES) -> Pilot:
    """The pilot with its due documents (or those of one key) as rendered from a revision."""
    due = [(k, subject) for k, subject in due_documents(pilot, process()) if key in ("", k)]
    records = tuple(
        DocumentRecord(
            key=k,
            language=language,
            subject=subject,
            version=1,
            revision=revision,
            facts="",
            sha256="",
            pages=1,
            rendered_at=CHANGED,
        )
        for k, subject in due
        for language in languages
    )
    return replace(pilot, documents=records)


def to_render(pilot: Pilot) -> list[str]:
    return sorted(item.subject for item in agenda(pilot, process(), PROGRAMME) if item.kind == Step.RENDER)


def recorded() -> Pilot:
    go = decided(1, Outcome.GO, SHOWN, "A real need")
    idea = replace(here(pilot_in("idea", shown=True)), closed_on=SHOWN, decisions=(go,))
    evaluation = replace(here(pilot_in("evaluation", shown=True)), id=2, sequence=2)
    return pilot_in("evaluation", shown=True, passes=(idea, evaluation))


def test_every_stage_has_its_living_documents() -> None:
    for stage in STAGES:
        assert due_documents(pilot_in(stage), process()) == tuple((key, "") for key in LIVING_DOCUMENTS)
    frame = with_stage("idea", documents=("action-plan",))
    assert due_documents(pilot_in("idea"), frame) == (("action-plan", ""),)


def test_reports_and_records_are_due_once_for_each_event() -> None:
    assert due_documents(recorded(), process())[3:] == (("gate-record", "1"), ("evaluation-report", "evaluation.1"))
    assert ("trial-report", "trial.1") in due_documents(pilot_in("trial", shown=True), process())


def test_a_void_pass_has_no_reports() -> None:
    pilot = recorded()
    void = replace(pilot.passes[1], void=True)
    reopened = replace(pilot, passes=(replace(pilot.passes[0], closed_on=None), void))
    assert due_documents(reopened, process())[3:] == (("gate-record", "1"),)


def test_living_documents_follow_every_change_and_recorded_ones_are_rendered_once() -> None:
    assert to_render(recorded()) == [
        "action-plan",
        "evaluation-report/evaluation.1",
        "gate-record/1",
        "handbook-entry",
        "project-sheet",
    ]
    assert to_render(rendered(recorded(), recorded().revision)) == []
    assert to_render(rendered(recorded(), recorded().revision - 1)) == sorted(LIVING_DOCUMENTS)


def test_the_record_of_a_reverted_decision_is_rendered_once_more() -> None:
    assert "gate-record/1" in to_render(rendered(recorded(), 0))


def test_a_document_exists_in_every_language_of_the_programme() -> None:
    pilot = recorded()
    assert len(to_render(rendered(pilot, pilot.revision, languages=LANGUAGES[:-1]))) == 5

"""The moments from which other tests begin are sound, and the same on both databases."""

from pathlib import Path

import pytest

from pilotkit.domain.planning import agenda
from pilotkit.services.audit import verify_trail
from tests.factories.moments import CODE, MOMENTS, lab_at, moment_file
from tests.factories.snapshot import differences, snapshot


@pytest.mark.parametrize("moment", MOMENTS)
def test_every_moment_is_sound(moment: str, kind: str, tmp_path: Path) -> None:
    with lab_at(kind, moment, tmp_path) as lab:
        facts = lab.show(CODE)
        assert facts.agenda == agenda(facts.pilot, facts.process, facts.programme)
        assert verify_trail(lab.db) is None
        here = snapshot(lab.db)
    with lab_at("sqlite", moment, tmp_path) as lab:
        assert not differences(snapshot(lab.db), here)


def test_a_moment_can_be_lived_on(kind: str, tmp_path: Path) -> None:
    with lab_at(kind, "running", tmp_path) as lab:
        lab.end_trial(CODE)
        lab.work(CODE)
        lab.decide(CODE)
        lab.publish(CODE)
        assert lab.show(CODE).pilot.status == "published"
        assert verify_trail(lab.db) is None
    assert moment_file("running").exists()

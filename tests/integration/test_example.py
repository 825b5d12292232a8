"""The example programme that pilotkit ships loads, plays on both databases, and stands where the demo needs it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import get_args
from zoneinfo import ZoneInfo

import pytest

from pilotkit import resources
from pilotkit.cli.acts import Calendar
from pilotkit.cli.play import Player
from pilotkit.db.engine import Database
from pilotkit.domain.dossier import Dossier
from pilotkit.domain.errors import Refused
from pilotkit.domain.pilot import PilotStatus, Result
from pilotkit.domain.process import Outcome, StageKind
from pilotkit.domain.text import Texts
from pilotkit.exchange import history
from pilotkit.exchange.history import History, parse_history, read_histories
from pilotkit.exchange.programme_file import read_programme
from pilotkit.exchange.report import Faulty
from pilotkit.services import meetings, pilots, programmes, steps
from pilotkit.services.audit import verify_trail

EXAMPLE = resources.examples() / "si-at"
LANGUAGES = ("sl", "de", "en")
NOW = datetime(2026, 11, 23, 10, tzinfo=UTC)
"""A Monday, so days close to it fall on a weekend and are moved to the Friday before."""

LIVING = ("title", "summary", "problem", "approach", "needs")


class NoPress:
    """Nothing is printed here; whoever tries finds out."""


def play(db: Database, histories: Sequence[History]) -> list[str]:
    """Load the programme and play the histories; returns what pilotkit's own steps failed of."""
    file = read_programme(EXAMPLE / "programme.toml")
    begun = NOW + timedelta(days=min(each.acts[0].day for each in histories) - 7)
    programmes.load_programme(db, setup=file.setup, process=file.process, source=file.process_source, at=begun)
    failures: list[str] = []

    def advance(codes: Sequence[str], at: datetime) -> None:
        for code in codes:
            done = steps.advance(db, NoPress(), code, clock=lambda: at, documents=False)  # type: ignore[arg-type]
            failures.extend(f"{code} {step.item.key}: {step.failure}" for step in done.steps if step.failure)

    today = NOW.astimezone(ZoneInfo(file.setup.zone)).date()
    codes = Player(db, histories, today=today, zone=file.setup.zone, advance=advance, on_act=lambda *_: None).play()
    assert list(codes) == [f"{file.setup.prefix}-{number:03d}" for number in range(1, len(codes) + 1)]
    advance(codes, NOW)
    return failures


@dataclass(frozen=True)
class Where:
    """Where a pilot stands and what it waits for."""

    dossier: Dossier
    waits_for: tuple[str, ...]
    late: tuple[str, ...]

    @property
    def stage(self) -> tuple[StageKind, int, PilotStatus]:
        pilot = self.dossier.pilot
        stage = self.dossier.process.stage(pilot.last_pass.stage)
        return stage.kind, pilot.last_pass.number, pilot.status


def where(db: Database, code: str) -> Where:
    here = steps.standing(db, code, at=NOW)
    waiting = [item for item in here.waiting if item.open(here.today)]
    return Where(
        pilots.show(db, code),
        tuple(dict.fromkeys(str(item.kind) for item in waiting)),
        tuple(str(item.kind) for item in waiting if item.late(here.today)),
    )


@pytest.mark.timeout(600)
def test_the_twelve_pilots_stand_at_different_places(database: Database) -> None:
    histories = read_histories(EXAMPLE / "pilots")
    assert play(database, histories) == []
    assert verify_trail(database) is None
    stands = {each.code: where(database, each.code) for each in pilots.list_pilots(database)}
    assert {code: stand.stage for code, stand in stands.items()} == {
        "P-001": (StageKind.PUBLICATION, 1, PilotStatus.PUBLISHED),
        "P-002": (StageKind.PUBLICATION, 1, PilotStatus.PUBLISHED),
        "P-003": (StageKind.PUBLICATION, 1, PilotStatus.ACTIVE),
        "P-004": (StageKind.TRIAL, 1, PilotStatus.STOPPED),
        "P-005": (StageKind.IMPLEMENTATION, 1, PilotStatus.ACTIVE),
        "P-006": (StageKind.TRIAL, 2, PilotStatus.ACTIVE),
        "P-007": (StageKind.TRIAL, 1, PilotStatus.ACTIVE),
        "P-008": (StageKind.TRIAL, 1, PilotStatus.ACTIVE),
        "P-009": (StageKind.EVALUATION, 1, PilotStatus.ON_HOLD),
        "P-010": (StageKind.EVALUATION, 1, PilotStatus.ACTIVE),
        "P-011": (StageKind.EVALUATION, 1, PilotStatus.ACTIVE),
        "P-012": (StageKind.INTAKE, 1, PilotStatus.ACTIVE),
    }
    assert stands["P-001"].waits_for == ("entry-review",)
    assert stands["P-003"].waits_for[0] == "transferability"
    assert stands["P-005"].late == ("action",)
    assert stands["P-007"].waits_for[-1] == "measure"
    assert {"condition", "start-trial"} <= set(stands["P-008"].waits_for)
    assert stands["P-009"].waits_for == ()  # its review has not begun
    assert stands["P-010"].waits_for == ("vote",)
    assert "score" in stands["P-011"].waits_for
    assert "complete-idea" in stands["P-012"].waits_for
    assert [code for code, stand in stands.items() if stand.late] == ["P-005"]
    assert not any(
        item.automatic and item.kind != "render" for stand in stands.values() for item in stand.dossier.agenda
    )
    _details(stands)
    assert [(meeting.pilots, meeting.on > NOW.date()) for meeting in meetings.list_meetings(database)] == [
        (("P-010",), True)
    ]


def _details(stands: dict[str, Where]) -> None:
    facts = {code: stand.dossier.pilot for code, stand in stands.items()}
    for code, kind in {"P-001": "results", "P-002": "results", "P-004": "learned"}.items():
        entry = facts[code].entries[-1]
        assert (entry.kind, entry.published_on is not None) == (kind, True)
        assert entry.published_on is not None
        assert entry.published_on < NOW.date() - timedelta(days=200)  # published then, not when it was played
    assert [condition.state for condition in facts["P-008"].conditions] == ["open", "met"]
    assert [item.depends_on for item in facts["P-005"].action_items] == [(), (), (1,), (3,), (2, 4)]
    assert [decision.outcome for decision in facts["P-006"].decisions] == [Outcome.GO, Outcome.GO, Outcome.RECYCLE]
    assert facts["P-006"].open_pass is not None
    assert facts["P-006"].open_pass.frozen_on is not None
    assert [bool(sheet.submitted_on) for sheet in facts["P-011"].last_pass.scoresheets] == [True, False]
    assert len(facts["P-010"].conflicts) == 1
    results = {outcome.result for pilot in facts.values() for p in pilot.passes for outcome in p.outcomes}
    assert results == set(get_args(Result)) - {"not measurable"}
    assert {conflict.person.email for conflict in facts["P-010"].conflicts}.isdisjoint(
        vote.person.email for vote in facts["P-010"].last_pass.votes
    )


# --- What the files hold ----------------------------------------------------------------------------------------------


def test_everything_is_marked_as_invented_and_names_nobody() -> None:
    setup = read_programme(EXAMPLE / "programme.toml").setup
    assert setup.example
    assert setup.languages == LANGUAGES
    assert all("example" in organisation.name for organisation in setup.organisations)
    assert all(person.email.endswith(".example") for person in setup.people)


def test_texts_are_there_in_every_language_but_for_some_that_show_the_fallback() -> None:
    missing = [
        (each.file, language)
        for each in read_histories(EXAMPLE / "pilots")
        for texts in _texts(each)
        for language in LANGUAGES
        if not texts.get(language)
    ]
    assert 0 < len(missing) <= 20
    setup = read_programme(EXAMPLE / "programme.toml").setup
    for texts in (setup.title, setup.vision, setup.funding_notice, *(area.description for area in setup.areas)):
        assert set(texts) == set(LANGUAGES)


def _texts(played: History) -> list[Texts]:
    found: list[Texts] = []
    for act in played.acts:
        values = [getattr(act, name, None) for name in (*LIVING, "solution", "text")]
        found += [value for value in values if isinstance(value, dict)]
    return found


def test_the_files_use_every_act_that_there_is_but_some() -> None:
    """Acts that the example does not need are there for those who write another one."""
    used = {act.act for each in read_histories(EXAMPLE / "pilots") for act in each.acts}
    shapes = get_args(get_args(history.AnyAct)[0])
    known = {get_args(shape.__annotations__["act"])[0] for shape in shapes}
    assert known - used == {"waive", "close-panel", "resume"}


# --- The format -------------------------------------------------------------------------------------------------------

NEW = """
[[acts]]
act = "new"
day = -30
area = "knowledge"
coordinator = "coordinator@lab.example"
title.sl = "Naslov"
"""


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("acts = ", "Invalid value"),
        ("", "line 1: acts: "),
        ('[[acts]]\nact = "decide"\nday = -3\noutcome = "go"\nrationale = "r"\n', "begins with the act new"),
        (NEW + '[[acts]]\nact = "dance"\nday = -3\n', "line 8: acts[1]: "),
        (NEW + '[[acts]]\nact = "end"\nday = -3\nwhen = 1\n', "line 11: acts[1].when: "),
        (
            NEW + '[[acts]]\nact = "score"\nday = -3\nsheet = 1\nscores.need = "much"\n',
            "line 12: acts[1].scores.need: ",
        ),
        (NEW + '[[acts]]\nact = "end"\nday = -31\n', "line 10: acts[1].day: the previous act is on a later day"),
        (NEW + '[[acts]]\nact = "end"\nday = 0\n', "line 10: acts[1].day: what was done lies before"),
    ],
)
def test_a_history_that_cannot_be_played_is_refused_with_its_place(text: str, said: str) -> None:
    with pytest.raises(Faulty) as caught:
        parse_history(text, source="01-story.toml")
    assert str(caught.value).startswith("01-story.toml: ")
    assert said in str(caught.value)


def test_an_act_that_the_rules_refuse_is_told_with_its_place(sqlite_database: Database) -> None:
    early = NEW + '[[acts]]\nact = "decide"\nday = -20\noutcome = "go"\nvotes = { go = 3 }\nrationale = "Too early."\n'
    with pytest.raises(Refused, match=r"01-story\.toml, act 2 \(decide\): The gate of P-001 is not ready"):
        play(sqlite_database, [parse_history(early, source="01-story.toml")])


def test_nobody_works_on_a_weekend_and_time_never_runs_back() -> None:
    calendar = Calendar(NOW.date(), "Europe/Ljubljana")
    assert [calendar.day(offset).isoweekday() for offset in (-4, -3, -2, -1, 0)] == [4, 5, 5, 5, 1]
    instants = [calendar.next_instant(offset) for offset in (-4, -3, -3, -2, -1)]
    assert instants == sorted(set(instants))

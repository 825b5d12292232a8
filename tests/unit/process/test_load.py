"""Reading processes: what is sound is read, what is wrong is named with its place, and nothing crashes."""

import contextlib
import json
import tomllib
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pilotkit import resources
from pilotkit.domain.agenda import Task
from pilotkit.domain.errors import Invalid, NotFound
from pilotkit.domain.process import Outcome, Process, StageKind
from pilotkit.process.load import LARGEST_FILE, BadProcess, canonical, from_canonical, load, parse
from pilotkit.process.places import lines_of

STANDARD = (resources.processes() / "standard.toml").read_text(encoding="utf-8")
TWO_TRIALS = Path(__file__).parents[2] / "data" / "processes" / "two-trials.toml"


def standard() -> Process:
    return parse(STANDARD, source="standard.toml")


def faults_of(text: str) -> dict[str, str]:
    """Place to line and reasons; an empty mapping for a sound process."""
    found: dict[str, str] = {}
    error = refusal(text)
    for fault in error.faults if error else ():
        assert f"test.toml:{fault.line}: {fault.place or '.'}: {fault.reason}" in str(error)
        found[fault.place] = (
            f"{found[fault.place]}; {fault.reason}" if fault.place in found else f"{fault.line}: {fault.reason}"
        )
    return found


def refusal(text: str) -> BadProcess | None:
    try:
        parse(text, source="test.toml")
    except BadProcess as error:
        return error
    return None


def changed(old: str, new: str, *, text: str = STANDARD) -> str:
    assert old in text
    return text.replace(old, new, 1)


def line_of(part: str, text: str) -> int:
    return text[: text.index(part)].count("\n") + 1


# --- sound processes --------------------------------------------------------------------------------------------------


def test_the_standard_process_has_a_stage_of_each_kind() -> None:
    assert [stage.kind for stage in standard().way()] == list(StageKind)


def test_the_standard_process_marks_what_the_law_requires() -> None:
    legal = {criterion.key for stage in standard().stages for criterion in stage.gate.criteria if criterion.legal}
    assert legal == {"consent", "ethics", "data-protection", "device-regulation", "test-agreement"}


def test_every_human_step_of_the_standard_process_is_announced_and_chased() -> None:
    rules = standard().reminders
    named = {kind for rule in rules for kind in rule.items}
    for kind in Task:
        mine = [rule for rule in rules if (kind in rule.items if kind in named else not rule.items)]
        assert any(rule.before or rule.half_time or rule.every_days for rule in mine), kind
        assert any(rule.every_days for rule in mine), kind


def test_two_trials_and_no_evaluation() -> None:
    process = load(TWO_TRIALS)
    assert [stage.kind.value for stage in process.way()] == [
        "intake",
        "trial",
        "trial",
        "implementation",
        "publication",
    ]
    assert process.stage("lab").allowance("measure") == 30
    assert process.stage("lab").title == {"en": "Lab trial", "sv": "Test i labb", "nb": "Test i lab"}
    assert from_canonical(canonical(process)) == process


def test_what_is_stored_is_what_was_read() -> None:
    stored = canonical(standard())
    assert from_canonical(stored) == standard()
    assert canonical(from_canonical(stored)) == stored


def test_only_a_real_difference_shows_in_the_stored_form() -> None:
    same = changed("weight = 3\n", "weight = 3.00\n")
    assert canonical(parse(same, source="")) == canonical(standard())
    assert canonical(parse(changed("weight = 3\n", "weight = 3.01\n"), source="")) != canonical(standard())
    assert parse(changed("weight = 3\n", "weight = 3.01\n"), source="").score_sets[0].groups[0].weight == Decimal(
        "3.01"
    )


@pytest.mark.parametrize("stored", ["", "[]", "{}", "no JSON", '{"key": "\\ud800"}', "[" * 100_000])
def test_a_broken_stored_form_is_refused(stored: str) -> None:
    with pytest.raises(Invalid):
        from_canonical(stored)


# --- single faults ----------------------------------------------------------------------------------------------------

PLANTED = [
    ('first = "idea"', 'first = "thought"', "first", "there is no stage “thought”"),
    ('next = "trial"', 'next = "trail"', "stages[1].next", "there is no stage “trail”"),
    ('next = "handbook"', 'next = "idea"', "stages[3].next", "leads back to “idea”: the way never ends"),
    ('next = "trial"', 'next = "implementation"', "stages[2]", "cannot be reached from the first stage"),
    ('next = "handbook"\n', "", "stages[3].next", "only a stage of kind publication may end it"),
    ('kind = "publication"', 'kind = "publication"\nnext = "idea"', "stages[4].next", "a publication ends the way"),
    ('kind = "trial"', 'kind = "test"', "stages[2].kind", "“test” is none of intake, evaluation, trial"),
    ('key = "evaluation"', 'key = "idea"', "stages[1].key", "“idea” stands twice"),
    ('key = "need"', 'key = "complete"', "stages[0].gate.criteria[1].key", "“complete” stands twice"),
    ('key = "idea"', 'key = "Idea!"', "stages[0].key", "is no key"),
    ('title = "Idea"', 'title = " "', "stages[0].title", "is empty"),
    ('title = "Idea"', 'title = { english = "Idea" }', "stages[0].title.english", "is no language code"),
    ('title = "Idea"', "title = 4", "stages[0].title", "a table with a text for each language"),
    ('title = "Idea"\n', "", "stages[0].title", "is missing"),
    ("working_days = 30", "working_days = 0", "stages[0].working_days", "must lie between 1 and"),
    ("working_days = 30", 'working_days = "30"', "stages[0].working_days", "must be a whole number"),
    ("working_days = 30", "working_days = 1979-05-27", "stages[0].working_days", "must be a whole number"),
    ("working_days = 30", f"working_days = {10**30}", "stages[0].working_days", "must be a whole number"),
    ("version = 1", f"version = 0x{'f' * 9000}", "version", "must be a whole number"),
    ("working_days = 30", "working_hours = 30\nworking_days = 30", "stages[0].working_hours", "is no key"),
    ('documents = ["project', 'documents = ["poster", "project', "stages[0].documents[0]", "“poster” is none of"),
    (
        'documents = ["project',
        'documents = ["trial-report", "project',
        "stages[0].documents[0]",
        "nothing to report yet",
    ),
    ('documents = ["project', 'documents = ["action-plan", "project', "stages[0].documents[2]", "stands twice"),
    (
        "complete-idea = 20",
        "finish-idea = 20",
        "stages[0].allowances.finish-idea",
        "no kind of agenda item “finish-idea”",
    ),
    ("complete-idea = 20", "complete-idea = -1", "stages[0].allowances.complete-idea", "must lie between 1 and"),
    ("quorum = 1", "quorum = 0", "stages[0].gate.quorum", "must be 1 or more here"),
    ("quorum = 2", "quorum = 1", "stages[1].gate.quorum", "must be 2 or more here"),
    ('majority = "simple"', 'majority = "most"', "stages[0].gate.majority", "“most” is none of simple, two-thirds"),
    (
        'outcomes = ["go", "recycle"',
        'outcomes = ["go", "conditional-go"',
        "stages[4].gate.outcomes",
        "no conditional-go",
    ),
    ('outcomes = ["go", "recycle"', 'outcomes = ["recycle"', "stages[4].gate.outcomes", "go is missing"),
    ("legal = true", "legal = true\nrequired = false", "stages[2].gate.criteria[0].required", "always required"),
    ("legal = true", 'legal = "yes"', "stages[2].gate.criteria[0].legal", "must be true or false"),
    ("legal = true", 'legal = true\nshown_by = "outcomes"', "stages[2].gate.criteria[0].shown_by", "in each country"),
    ('shown_by = "complete"', 'shown_by = "adopted"', "stages[0].gate.criteria[0].shown_by", "only in a stage of kind"),
    ('shown_by = "complete"', 'shown_by = "seen"', "stages[0].gate.criteria[0].shown_by", "“seen” is none of complete"),
    ("evaluators = 2", "evaluators = 1", "stages[1].evaluators", "an evaluation needs at least 2"),
    ('score_set = "value-and-feasibility"\n', "", "stages[1].score_set", "an evaluation needs a score set"),
    (
        'score_set = "value-and-feasibility"',
        'score_set = "value"',
        "stages[1].score_set",
        "there is no score set “value”",
    ),
    ('kind = "trial"', 'kind = "trial"\nevaluators = 3', "stages[2].evaluators", "only a stage of kind evaluation"),
    ("minimum = 2.5", "minimum = 5.1", "score_sets[0].minimum", "must lie between 0 and 5, but is 5.1"),
    ("minimum = 2.5", "minimum = nan", "score_sets[0].minimum", "must be a number"),
    ("weight = 3", "weight = 0", "score_sets[0].groups[0].weight", "must be above 0"),
    ("weight = 3", "weight = true", "score_sets[0].groups[0].weight", "must be a number"),
    ('axis = "value"', 'axis = "price"', "score_sets[0].groups[0].axis", "“price” is none of value, feasibility"),
    (
        '5 = "It takes a new way',
        '4 = "It takes a new way',
        "score_sets[0].groups[0].criteria[2].anchors",
        "it must say what a score of 5 means",
    ),
    ('key = "team"', 'key = "need"', "score_sets[0].groups[2].criteria[1].key", "stands twice in this score set"),
    ('items = ["meeting"]', 'items = ["party"]', "reminders[3].items[0]", "there is no kind of agenda item “party”"),
    ("before = [10, 5, 2, 0]\n", "", "reminders[0]", "never fires"),
    ("before = [10, 5, 2, 0]", "before = [10, -5]", "reminders[0].before[1]", "must lie between 0 and"),
    ("after = [1, 3]", "after = [0, 3]", "reminders[1].after[0]", "must lie between 1 and"),
    ("to = { invited = 1 }", "to = { }", "reminders[3].to", "nobody gets it"),
    ("to = { invited = 1 }", "to = { guests = 1 }", "reminders[3].to.guests", "“guests” is none of owner"),
    ("to = { invited = 1 }", "to = { invited = 1, owner = 3 }", "reminders[3].to.owner", "never gets it"),
    ("to = { invited = 1 }", "to = { invited = 2 }", "reminders[3].to", "nobody gets the first one"),
    ('title = "Board meeting"', 'title = "Board\\u0000meeting"', "reminders[3].title", "holds a control character"),
]


@pytest.mark.parametrize(("old", "new", "place", "reason"), PLANTED)
def test_a_fault_is_told_with_its_place(old: str, new: str, place: str, reason: str) -> None:
    assert reason in faults_of(changed(old, new))[place]


def test_a_fault_is_told_with_its_line() -> None:
    text = changed("quorum = 1", "quorum = 0")
    assert faults_of(text) == {
        "stages[0].gate.quorum": f"{line_of('quorum = 0', text)}: must be 1 or more here, but is 0"
    }


def test_one_wrong_place_is_one_fault() -> None:
    for old, new in [("working_days = 30", 'working_days = "30"'), ('kind = "trial"', 'kind = "test"')]:
        assert len(faults_of(changed(old, new))) == 1
    assert len(faults_of(changed('first = "idea"\n', ""))) == 1


JUDGED_ALONG_THE_WAY = ("leads back", "cannot be reached", "nothing to report yet", "“idea” stands twice")
"""Faults that show only while the way itself can be followed."""


PAIRS = st.lists(
    st.sampled_from(PLANTED),
    min_size=2,
    max_size=2,
    unique_by=(lambda one: one[0], lambda one: one[2].partition(".")[0]),
)


@given(PAIRS)
@settings(max_examples=40, deadline=None)
def test_two_faults_are_both_told(planted: list[tuple[str, str, str, str]]) -> None:
    text = STANDARD
    for old, new, *_ in planted:
        text = changed(old, new, text=text)
    found = faults_of(text)
    for (*_, place, reason), (*_, other, _) in (planted, planted[::-1]):
        if not (reason.startswith(JUDGED_ALONG_THE_WAY) and other.endswith(("first", "next", "key", "kind"))):
            assert reason in found.get(place, ""), (place, found)


# --- anything at all --------------------------------------------------------------------------------------------------

VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=8)
    | st.sampled_from(["idea", "trial", "go", "x-own", "0", "recycle", "need"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)


@st.composite
def mutated(draw: st.DrawFn) -> str:
    """The standard process as JSON with some of its values gone, doubled or replaced."""
    data = json.loads(canonical(standard()))
    for _ in range(draw(st.integers(1, 4))):
        node = data
        while isinstance(node, dict | list) and node:
            keys = sorted(node) if isinstance(node, dict) else range(len(node))
            key = draw(st.sampled_from(list(keys)))
            inner = node[key]
            if isinstance(inner, dict | list) and inner and draw(st.integers(0, 3)):
                node = inner
                continue
            if draw(st.booleans()):
                node[key] = draw(VALUES)
            elif isinstance(node, list):
                node.insert(key, inner)
            else:
                del node[key]
            break
    return json.dumps(data)


@given(mutated())
@settings(max_examples=100, deadline=None)
def test_a_mutated_process_is_sound_or_refused(text: str) -> None:
    try:
        process = from_canonical(text)
    except BadProcess as error:
        told = [str(fault.reason) for fault in error.faults]
    else:
        told = ["sound"]
        assert process.way()[-1].kind is StageKind.PUBLICATION
        assert Outcome.CONDITIONAL_GO not in process.way()[-1].gate.outcomes
        assert from_canonical(canonical(process)) == process
    assert told
    assert all(told)


@given(st.data())
@settings(max_examples=100, deadline=None)
def test_mutated_text_is_sound_or_refused(data: st.DataObject) -> None:
    text = STANDARD
    for _ in range(data.draw(st.integers(1, 3))):
        start = data.draw(st.integers(0, len(text) - 1))
        end = min(len(text), start + data.draw(st.integers(0, 40)))
        text = (
            text[:start]
            + data.draw(st.text(max_size=6) | st.sampled_from(['"', "[[", "'''", "=", "\n", "{"]))
            + text[end:]
        )
    with contextlib.suppress(Invalid):
        parse(text, source="x")


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "is empty"),
        (" \n\n", "is empty"),
        ("key = 'a'\nversion =\n", "line 2, column"),
        ("key = 'a'\nversion = [1,", "line 2, column"),
        ("key = 'a'\n\0", "line 2 holds a NUL"),
        ("# " + "x" * LARGEST_FILE, "is too large"),
        ("a = " + "[" * 50_000, "is nested too deeply"),
        ("a = " + "[" * 100 + "]" * 100, "nested too deeply"),
        ("version = " + "9" * 5000, "is no TOML"),
        ("stages = 1", "stages: must be a list"),
        ("stages = [1]", "stages[0]: must be a table"),
    ],
)
def test_no_process_at_all(text: str, says: str) -> None:
    with pytest.raises(Invalid) as caught:
        parse(text, source="test.toml")
    assert says in str(caught.value)
    assert caught.value.exit_code == 2


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"key = 'a'\ntitle = '\xe5'", "is not UTF-8 text (line 2)"),
        (STANDARD.encode("utf-16"), "is not UTF-8 text (line 1)"),
        (b"\xff" * (LARGEST_FILE + 1), "is too large"),
        (b"# \n" * LARGEST_FILE, "is too large"),
        (b"", "is empty"),
    ],
)
def test_no_text_file(tmp_path: Path, content: bytes, says: str) -> None:
    path = tmp_path / "process.toml"
    path.write_bytes(content)
    with pytest.raises(Invalid) as caught:
        load(path)
    assert says in str(caught.value)


def test_no_file(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="There is no process file"):
        load(tmp_path / "missing.toml")
    with pytest.raises(Invalid, match="is a folder"):
        load(tmp_path)


def test_a_byte_order_mark_and_other_line_ends_do_no_harm(tmp_path: Path) -> None:
    path = tmp_path / "process.toml"
    path.write_bytes(b"\xef\xbb\xbf" + STANDARD.replace("\n", "\r\n").encode())
    assert load(path) == standard()


# --- places -----------------------------------------------------------------------------------------------------------


def test_every_value_of_the_standard_process_has_its_line() -> None:
    lines = lines_of(STANDARD)
    for path in _paths(tomllib.loads(STANDARD)):
        assert path in lines, path


def test_lines_of_awkward_toml() -> None:
    text = (
        '# one\n"a b"."c]" = """\n x = 1\n"""" # ends with a quote\n[[t]]\n[t.s] # comment\nk = [\n  { u = 1 }, # [\n'
        "  { v = '''\n]'''' },\n]\n[[t]]\nd = 1979-05-27 07:32:00\n[[t.l]]\nz.y = 1.5\n[[t.l]]\n'q' = {}\n"
    )
    lines = lines_of(text)
    expected: dict[tuple[str | int, ...], int] = {
        ("a b", "c]"): 2,
        ("t", 0): 5,
        ("t", 0, "s"): 6,
        ("t", 0, "s", "k", 0, "u"): 8,
        ("t", 0, "s", "k", 1, "v"): 9,
        ("t", 1, "d"): 13,
        ("t", 1, "l", 0, "z", "y"): 15,
        ("t", 1, "l", 1, "q"): 17,
    }
    assert {path: lines.get(path) for path in expected} == expected
    assert set(_paths(tomllib.loads(text))) <= set(lines)


def _paths(value: object, path: tuple[str | int, ...] = ()) -> set[tuple[str | int, ...]]:
    if isinstance(value, dict):
        return {path} - {()} | {found for key, part in value.items() for found in _paths(part, (*path, key))}
    if isinstance(value, list):
        return {path} | {found for number, part in enumerate(value) for found in _paths(part, (*path, number))}
    assert isinstance(value, str | int | float | date)
    return {path}

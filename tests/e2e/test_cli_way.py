"""A pilot from idea to published entry, by commands alone."""

from datetime import date, timedelta

import pytest

from pilotkit import clock
from tests.e2e.line import Line

P = "P-001"


def advance(line: Line) -> None:
    line.ok("advance", P, "--no-documents", "--no-prefect")


def show_criteria(line: Line) -> None:
    for criterion in line.data("criterion", "list", P):
        if criterion["required"] and criterion["state"] == "open" and not criterion["shown_by"]:
            country = ("--country", criterion["country"], "--authority", "Data office") if criterion["legal"] else ()
            line.ok("criterion", "meet", P, criterion["criterion"], "--evidence", "Minutes", *country)


def pass_gate(line: Line, *more: str, outcome: str = "go") -> str:
    show_criteria(line)
    advance(line)
    for voter in ("d1", "d2", "d3"):
        line.ok("vote", P, "--outcome", outcome, "--by", f"{voter}@example.org")
    decided = line.ok("decide", P, "--outcome", outcome, "--rationale", "It is worth it.", *more).out
    advance(line)
    return decided


def stage(line: Line) -> str:
    return str(line.data("pilot", "show", P)["stage"])


def today() -> date:
    return clock.now().date()


def test_a_pilot_goes_its_whole_way(line: Line) -> None:
    advance(line)
    assert "Open now: Evaluation, pass 1." in pass_gate(line)
    for evaluator in ("e1", "e2", "e3"):
        keys = [row.split()[0] for row in line.ok("score", P).out.splitlines()[1:]]
        scores = [f"{key}=4" for key in keys]
        if any(each["owner"] == f"{evaluator}@example.org" for each in line.data("agenda", "--pilot", P)):
            line.ok("score", P, *scores, "--pros", "Well planned", "--by", f"{evaluator}@example.org")
    advance(line)
    due = today() + timedelta(days=30)
    condition = f"c@example.org:{due}:Name a contact: somebody"
    decided = pass_gate(line, "--condition", condition, outcome="conditional-go")
    assert "Condition 1 for c@example.org" in decided
    assert "Name a contact: somebody" in decided
    assert stage(line) == "trial"

    line.ok("condition", "extend", P, 1, "--until", due + timedelta(days=1), "--reason", "Holidays")
    line.ok("condition", "meet", P, 1, "--evidence", "Contact named")
    line.ok("trial", "book", P, "--arena", "ward", "--from", today(), "--to", due)
    line.ok("trial", "indicator", P, "--key", "readmissions", "--title", "Readmissions", "--kind", "proportion",
            "--better", "lower", "--target", "0.1", "--baseline", "20/100", "--source", "Register")  # fmt: skip
    advance(line)
    show_criteria(line)
    line.ok("trial", "start", P)
    advance(line)
    measured = line.ok("trial", "measure", P, "readmissions", "--value", "9/100", "--source", "Register").out
    assert "0.09" in measured
    line.ok("trial", "end", P)
    advance(line)
    assert "reached" in line.ok("trial", "show", P).out
    pass_gate(line)

    line.ok("action", "add", P, "--title", "Train staff", "--due", due, "--owner", "c@example.org")
    line.ok("action", "add", P, "--title", "sl=Uvedba", "--title", "Roll out", "--due", due, "--after", 1)
    for number in (1, 2):
        line.ok("action", "update", P, number, "--state", "done")
    line.ok("action", "adopt", P, "--organisation", "Regional hospital, example", "--solution", "Monitoring",
            "--document", "Protocol 12")  # fmt: skip
    pass_gate(line)

    line.ok("lesson", "add", P, "--text", "Start with the nurses.", "--text", "sl=Najprej sestre.")
    line.ok("lesson", "transferability", P, "--organisation", "University, example", "--text", "It would work here.")
    pass_gate(line)

    assert line.data("pilot", "list")[0]["status"] == "published"
    line.ok("lesson", "review", P)
    assert len(line.data("decision", "show", P)) == 5
    assert "holds" in line.ok("audit", "verify").out
    refused = line.refused("decide", P, "--outcome", "go", "--rationale", "Again")
    assert "published" in refused


def test_a_hold_a_revert_and_an_archive(line: Line) -> None:
    advance(line)
    until = today() + timedelta(days=60)
    line.ok("vote", P, "--outcome", "hold", "--by", "d1@example.org")
    line.ok("decide", P, "--outcome", "hold", "--until", until, "--rationale", "Wait for the law")
    assert line.data("pilot", "list")[0]["status"] == "on hold"
    line.ok("pilot", "resume", P, "--reason", "The law has come")
    line.ok("vote", P, "--outcome", "stop", "--by", "d1@example.org")
    line.ok("decide", P, "--outcome", "stop", "--rationale", "No money")
    line.ok("decision", "revert", P, 2, "--reason", "There is money", "--requested-by", "d1@example.org", "--by",
            "a@example.org")  # fmt: skip
    assert line.data("pilot", "list")[0]["status"] == "active"
    assert line.data("decision", "show", P, 2)["decision"]["revert_reason"] == "There is money"
    line.ok("pilot", "archive", P, "--reason", "Merged")
    assert line.data("pilot", "list") == []
    line.ok("pilot", "archive", P, "--undo", "--reason", "Split again")
    assert [each["code"] for each in line.data("pilot", "list")] == [P]


def test_votes_are_recorded_from_the_minutes(line: Line) -> None:
    line.ok("meeting", "new", "--on", today(), "--place", "Town hall", "--pilot", P)
    assert line.data("meeting", "show", 1)["pilots"] == [P]
    line.ok("vote", P, "--outcome", "stop", "--by", "d1@example.org", "--from-minutes", "1")
    line.ok("vote", P, "--outcome", "stop", "--for", "d2@example.org", "--by", "c@example.org", "--from-minutes", "1")
    votes = line.data("pilot", "show", P)["pilot"]["passes"][0]["votes"]
    recorded = [(vote["person"]["email"], vote["recorded_by"]["email"], vote["meeting"]) for vote in votes]
    assert recorded == [("d1@example.org", "c@example.org", "1"), ("d2@example.org", "c@example.org", "1")]


def test_a_conflict_excuses(line: Line) -> None:
    line.ok("conflict", "declare", P, "--reason", "Her own ward", "--by", "d1@example.org")
    assert "conflict of interest" in line.refused("vote", P, "--outcome", "go", "--by", "d1@example.org")


def test_people_and_organisations(line: Line) -> None:
    line.ok("organisation", "add", "--name", "Town, example", "--kind", "municipality", "--country", "at")
    line.ok("person", "add", "--email", "p@example.org", "--role", "partner", "--role", "mentor", "--name",
            "Partner, example town", "--organisation", "Town, example")  # fmt: skip
    line.ok("pilot", "edit", P, "--join", "test site=Town, example", "--summary", "de=Zu Hause messen",
            "--budget", "12500.50")  # fmt: skip
    pilot = line.data("pilot", "show", P)["pilot"]
    assert pilot["budget"] == "12500.50"
    assert pilot["summary"] == {"en": "Patients measure at home.", "de": "Zu Hause messen"}
    assert ("Town, example", "test site") in [(p["organisation"]["name"], p["role"]) for p in pilot["partners"]]
    line.ok("person", "disable", "p@example.org")
    states = {each["email"]: each["active"] for each in line.data("person", "list")}
    assert states["p@example.org"] is False
    line.ok("person", "add", "--email", "p@example.org", "--role", "partner")
    assert {each["email"]: each["active"] for each in line.data("person", "list")}["p@example.org"] is True
    line.ok(
        "trial", "arena", "home", "--name", "Home care, example", "--organisation", "Town, example", "--capacity", 3
    )
    assert "home" in {each["key"] for each in line.data("trial", "arenas")}


def test_init_prepares_a_folder_and_overwrites_nothing(bare_line: Line, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PILOTKIT_DATABASE_URL")
    assert bare_line("db", "status").code == 1
    assert "init" in bare_line("pilot", "list").err or "upgrade" in bare_line("pilot", "list").err
    bare_line.ok("init", "--by", "me@example.org")
    settings = bare_line.folder / "pilotkit.toml"
    settings.write_text(settings.read_text(encoding="utf-8") + "\n# mine\n", encoding="utf-8")
    again = bare_line.ok("init")
    assert "stays as it is" in again.out
    assert settings.read_text(encoding="utf-8").endswith("# mine\n")
    assert bare_line.data("db", "status")["state"] == "current"
    assert bare_line.ok("pilot", "list").out == ""


def test_advance_and_sweep_say_what_they_did(line: Line) -> None:
    done = line.ok("advance", "--all", "--no-documents", "--no-prefect", "--json").data
    assert {step["step"] for step in done[0]["steps"]} == {"open-stage", "check"}
    assert done[0]["waiting"][0]["command"].startswith("pilotkit criterion meet P-001")
    again = line.ok("advance", P, "--no-documents").out
    assert "waits for c@example.org" in again


def test_the_process_is_checked_and_drawn(line: Line) -> None:
    assert line.data("process", "check")["sound"] is True
    assert line.ok("process", "diagram").out.startswith("flowchart")
    line.ok("process", "diagram", "--format", "svg", "--out", "p.svg")
    assert (line.folder / "p.svg").read_text(encoding="utf-8").startswith("<svg")
    broken = line.folder / "broken.toml"
    broken.write_text('key = "x"\nversion = 1\n', encoding="utf-8")
    answer = line("process", "check", broken, "--json")
    assert answer.code == 2
    assert {"stages", "title"} <= {fault["place"] for fault in answer.data["faults"]}
    assert "stages" in line.refused("process", "check", broken)

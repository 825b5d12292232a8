"""What people mistype, paste or try: one clear sentence, the same on both databases, and nothing changed."""

from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from pilotkit.domain.errors import Conflict, Invalid, NotAllowed, NotFound, PilotkitError, Refused
from pilotkit.domain.pilot import Reading
from pilotkit.domain.process import Outcome
from pilotkit.domain.programme import Role
from pilotkit.services import (
    actions,
    agenda,
    arenas,
    conditions,
    criteria,
    documents,
    evaluation,
    gates,
    handbook,
    meetings,
    organisations,
    people,
    pilots,
    trials,
    voting,
)
from tests.factories.lab import (
    ADMIN,
    COORDINATOR,
    DECIDERS,
    EVALUATORS,
    HOSPITAL,
    IDEA,
    PARTNER,
    READER,
    READMISSIONS,
    SUBMITTER,
    UNIVERSITY,
    Lab,
)
from tests.factories.moments import CODE, lab_at
from tests.factories.snapshot import differences, rows_of

HUGE = "x" * 10_000_000
NUL = "a\x00b"
HALF = "a\ud800b"
Case = tuple[type[PilotkitError], Callable[[Lab], object]]

WRONG_TEXTS = {"ten megabytes": HUGE, "NUL": NUL, "half a character": HALF}


def _each_text(name: str, act: Callable[[Lab, str], object]) -> dict[str, Case]:
    return {
        f"{name}: {kind}": (Invalid, lambda lab, text=text: act(lab, text))  # type: ignore[misc] # the default binds it
        for kind, text in WRONG_TEXTS.items()
    }


def _each_name(name: str, act: Callable[[Lab, str], object]) -> dict[str, Case]:
    """A text that is looked up, and not found."""
    return {
        f"{name}: {kind}": (PilotkitError, lambda lab, text=text: act(lab, text))  # type: ignore[misc]
        for kind, text in (WRONG_TEXTS | {"unknown": "nobody@example.org", "empty": ""}).items()
    }


def _vote(lab: Lab, **how: Any) -> object:
    given: dict[str, Any] = {"outcome": Outcome.GO, "by": DECIDERS[0], "at": lab.at}
    return voting.vote(lab.db, CODE, **(given | how))


def _decide(lab: Lab, **how: Any) -> object:
    given: dict[str, Any] = {
        "outcome": Outcome.STOP,
        "rationale": "So",
        "by": COORDINATOR,
        "at": lab.at,
        "gate": "idea.1.0",
    }
    return gates.decide(lab.db, CODE, **(given | how))


def _new(lab: Lab, **how: Any) -> object:
    return pilots.new_pilot(lab.db, idea=replace(IDEA, **how), by=COORDINATOR, at=lab.at)


def _edit(lab: Lab, **how: Any) -> object:
    given: dict[str, Any] = {"by": COORDINATOR, "at": lab.at}
    return pilots.edit_pilot(lab.db, CODE, **(given | how))


def _meet(lab: Lab, **how: Any) -> None:
    given: dict[str, Any] = {"criterion": "need", "evidence": "Note", "by": COORDINATOR, "at": lab.at}
    criteria.meet_criterion(lab.db, CODE, **(given | how))


def _person(lab: Lab, **how: Any) -> object:
    given: dict[str, Any] = {
        "programme": "",
        "email": "a@b.example",
        "name": "A",
        "roles": [Role.READER],
        "by": ADMIN,
        "at": lab.at,
    }
    return people.add_person(lab.db, **(given | how))


def _organisation(lab: Lab, **how: Any) -> object:
    given: dict[str, Any] = {
        "programme": "",
        "name": "New",
        "kind": "provider",
        "country": "SI",
        "by": ADMIN,
        "at": lab.at,
    }
    return organisations.add_organisation(lab.db, **(given | how))


def _book(lab: Lab, **how: Any) -> object:
    given: dict[str, Any] = {
        "arena": "ward",
        "first_day": lab.today(),
        "last_day": lab.today(),
        "by": COORDINATOR,
        "at": lab.at,
    }
    return arenas.book(lab.db, CODE, **(given | how))


def _plan(lab: Lab, by: str = COORDINATOR, **how: Any) -> None:
    trials.add_indicator(lab.db, CODE, plan=replace(READMISSIONS, **how), by=by, at=lab.at)


def _measure(lab: Lab, indicator: str = "readmissions", by: str = COORDINATOR, **how: Any) -> None:
    reading = Reading(on=lab.today(), source="Register", value=Decimal("0.1"), numerator=1, denominator=10)
    trials.measure(lab.db, CODE, indicator=indicator, reading=replace(reading, **how), by=by, at=lab.at)


def _score(lab: Lab, by: str = EVALUATORS[0], **how: Any) -> None:
    given: dict[str, Any] = {"by": by, "scores": {}, "at": lab.at}
    evaluation.score(lab.db, CODE, **(given | how))


def _action(lab: Lab, by: str = COORDINATOR, **how: Any) -> object:
    plan = actions.ActionPlan(title={"en": "Train"}, start=lab.today(), due=lab.today())
    return actions.add_action(lab.db, CODE, plan=replace(plan, **how), by=by, at=lab.at)


def _adopt(lab: Lab, **how: Any) -> object:
    given: dict[str, Any] = {"organisation": HOSPITAL, "solution": {"en": "It"}, "on": lab.today(), "document": "Order"}
    return actions.adopt(lab.db, CODE, **(given | {"by": COORDINATOR, "at": lab.at} | how))


def _lesson(lab: Lab, **how: Any) -> object:
    given: dict[str, Any] = {"kind": "worked", "text": {"en": "So"}, "by": COORDINATOR, "at": lab.at}
    return handbook.add_lesson(lab.db, CODE, **(given | how))


def _later(lab: Lab, days: int = 1) -> date:
    return lab.today() + timedelta(days=days)


IN_IDEA: dict[str, Case] = {
    **_each_name("pilot", lambda lab, text: lab.show(text)),
    **_each_name(
        "pilot to vote on", lambda lab, text: voting.vote(lab.db, text, outcome=Outcome.GO, by=DECIDERS[0], at=lab.at)
    ),
    **_each_name("agenda of a person", lambda lab, text: agenda.agenda(lab.db, today=lab.today(), person=text or "x")),
    **_each_name("actor", lambda lab, text: _vote(lab, by=text)),
    **_each_name("voter", lambda lab, text: _vote(lab, by=COORDINATOR, voter=text or "x", meeting="1")),
    **_each_name("area", lambda lab, text: _new(lab, area=text or "x")),
    **_each_name("coordinator", lambda lab, text: _edit(lab, coordinator=text or "x")),
    **_each_name(
        "organisation that joins",
        lambda lab, text: _edit(lab, join=[pilots.PartnerPart(organisation=text, role="partner")]),
    ),
    **_each_name("organisation that leaves", lambda lab, text: _edit(lab, leave=[text])),
    **_each_name("criterion", lambda lab, text: _meet(lab, criterion=text)),
    **_each_name("programme", lambda lab, text: _person(lab, programme=text or "x")),
    **_each_name(
        "who is disabled",
        lambda lab, text: people.disable_person(lab.db, programme="", email=text, by=ADMIN, at=lab.at),
    ),
    **_each_text("title", lambda lab, text: _new(lab, title={"en": text})),
    **_each_text("summary", lambda lab, text: _edit(lab, texts={"summary": {"en": text}})),
    **_each_text("currency", lambda lab, text: _new(lab, currency=text)),
    **_each_text("evidence", lambda lab, text: _meet(lab, evidence=text)),
    **_each_text("rationale", lambda lab, text: _decide(lab, rationale=text, by=DECIDERS[0])),
    **_each_text("remark", lambda lab, text: _vote(lab, remark=text)),
    **_each_text("meeting", lambda lab, text: _vote(lab, by=COORDINATOR, voter=DECIDERS[0], meeting=text)),
    **_each_text("name of a person", lambda lab, text: _person(lab, name=text)),
    **_each_text("address", lambda lab, text: _person(lab, email=f"{text}@example.org")),
    **_each_text("language of a person", lambda lab, text: _person(lab, language=text)),
    **_each_text("name of an organisation", lambda lab, text: _organisation(lab, name=text)),
    **_each_text("short name", lambda lab, text: _organisation(lab, short_name=text)),
    **_each_text("region", lambda lab, text: _organisation(lab, region=text)),
    **_each_text(
        "reason of an archive",
        lambda lab, text: pilots.archive_pilot(lab.db, CODE, reason=text, by=COORDINATOR, at=lab.at),
    ),
    **_each_text(
        "reason of a conflict",
        lambda lab, text: evaluation.declare_conflict(
            lab.db, CODE, person=DECIDERS[0], reason=text, by=COORDINATOR, at=lab.at
        ),
    ),
    **_each_text("lesson", lambda lab, text: _lesson(lab, text={"en": text})),
    **_each_text("action item", lambda lab, text: _action(lab, title={"en": text})),
    **_each_text("document of an adoption", lambda lab, text: _adopt(lab, document=text)),
    **_each_text(
        "place of a meeting",
        lambda lab, text: meetings.new_meeting(lab.db, on=lab.today(), place=text, pilots=[CODE], by=ADMIN, at=lab.at),
    ),
    "no title": (Invalid, lambda lab: _new(lab, title={})),
    "an empty title": (Invalid, lambda lab: _new(lab, title={"en": "  "})),
    "a language of somebody else": (Invalid, lambda lab: _new(lab, title={"xx": "Title"})),
    "a text that pilots do not have": (Invalid, lambda lab: _edit(lab, texts={"nose": {"en": "Long"}})),
    "ends before it starts": (Invalid, lambda lab: _new(lab, starts=date(2026, 2, 1), ends=date(2026, 1, 1))),
    "a fraction of a cent": (Invalid, lambda lab: _new(lab, budget=Decimal("0.001"))),
    "no amount": (Invalid, lambda lab: _edit(lab, budget=Decimal("NaN"))),
    "too much money": (Invalid, lambda lab: _edit(lab, budget=Decimal("1e30"))),
    "a second lead": (Refused, lambda lab: _edit(lab, join=[pilots.PartnerPart(organisation=UNIVERSITY, role="lead")])),
    "a role that partners do not have": (
        Invalid,
        lambda lab: _edit(lab, join=[pilots.PartnerPart(organisation=UNIVERSITY, role="boss")]),  # type: ignore[arg-type]
    ),
    "no partner leaves": (NotFound, lambda lab: _edit(lab, leave=["Health insurance, example"])),
    "a reader votes": (NotAllowed, lambda lab: _vote(lab, by=READER)),
    "a coordinator votes": (NotAllowed, lambda lab: _vote(lab, by=COORDINATOR)),
    "an evaluator votes for a decider": (
        NotAllowed,
        lambda lab: _vote(lab, by=EVALUATORS[0], voter=DECIDERS[0], meeting="1"),
    ),
    "votes of others without minutes": (Invalid, lambda lab: _vote(lab, by=COORDINATOR, voter=DECIDERS[0])),
    "minutes for a reader": (NotAllowed, lambda lab: _vote(lab, by=COORDINATOR, voter=READER, meeting="1")),
    "a vote tomorrow": (Invalid, lambda lab: _vote(lab, on=_later(lab))),
    "a vote before the stage": (Invalid, lambda lab: _vote(lab, on=_later(lab, -900))),
    "a decision tomorrow": (Invalid, lambda lab: _decide(lab, by=DECIDERS[0], on=_later(lab))),
    "a decision before the pilot": (Invalid, lambda lab: _decide(lab, by=DECIDERS[0], on=_later(lab, -900))),
    "a decision in the first year": (Invalid, lambda lab: _decide(lab, by=DECIDERS[0], on=date.min)),
    "a partner decides": (NotAllowed, lambda lab: _decide(lab, by=PARTNER)),
    "another gate": (Conflict, lambda lab: _decide(lab, gate="trial.1.0")),
    "no such gate": (Conflict, lambda lab: _decide(lab, gate=NUL)),
    "no rationale": (Invalid, lambda lab: _decide(lab, rationale=" ", by=DECIDERS[0])),
    "a decision without votes": (Refused, _decide),
    "back to a stage that is not there": (Invalid, lambda lab: _decide(lab, outcome=Outcome.RECYCLE, to_stage=HUGE)),
    "a hold until yesterday": (Invalid, lambda lab: _decide(lab, outcome=Outcome.HOLD, until=_later(lab, -1))),
    "nothing to revert": (
        Refused,
        lambda lab: gates.revert_decision(
            lab.db, CODE, number=1, reason="x", requested_by=DECIDERS[0], by=ADMIN, at=lab.at
        ),
    ),
    "a coordinator reverts": (
        NotAllowed,
        lambda lab: gates.revert_decision(
            lab.db, CODE, number=1, reason="x", requested_by=DECIDERS[0], by=COORDINATOR, at=lab.at
        ),
    ),
    "a revert that a reader asks for": (
        NotAllowed,
        lambda lab: gates.revert_decision(lab.db, CODE, number=1, reason="x", requested_by=READER, by=ADMIN, at=lab.at),
    ),
    "a huge number": (
        PilotkitError,
        lambda lab: gates.revert_decision(
            lab.db, CODE, number=2**80, reason="x", requested_by=DECIDERS[0], by=ADMIN, at=lab.at
        ),
    ),
    "not on hold": (Refused, lambda lab: pilots.resume_pilot(lab.db, CODE, reason="x", by=COORDINATOR, at=lab.at)),
    "no such condition": (
        NotFound,
        lambda lab: conditions.meet_condition(lab.db, CODE, number=7, evidence="x", by=PARTNER, at=lab.at),
    ),
    "a condition beyond all numbers": (
        PilotkitError,
        lambda lab: conditions.meet_condition(lab.db, CODE, number=2**80, evidence="x", by=PARTNER, at=lab.at),
    ),
    "pilotkit sees it itself": (Refused, lambda lab: _meet(lab, criterion="complete")),
    "no evidence": (Invalid, lambda lab: _meet(lab, evidence=" ")),
    "a submitter waives": (
        NotAllowed,
        lambda lab: criteria.waive_criterion(lab.db, CODE, criterion="need", reason="x", by=SUBMITTER, at=lab.at),
    ),
    "waived without reason": (
        Invalid,
        lambda lab: criteria.waive_criterion(lab.db, CODE, criterion="need", reason=" ", by=COORDINATOR, at=lab.at),
    ),
    "not applicable though not legal": (
        Refused,
        lambda lab: criteria.criterion_not_applicable(
            lab.db, CODE, criterion="need", reason="x", authority="y", by=COORDINATOR, at=lab.at
        ),
    ),
    "scored too early": (Refused, _score),
    "booked too early": (Refused, _book),
    "a person without a role": (Invalid, lambda lab: _person(lab, roles=[])),
    "an address without a host": (Invalid, lambda lab: _person(lab, email="nobody")),
    "two lines in an address": (Invalid, lambda lab: _person(lab, email="a@b.example\r\nBcc: c@d.example")),
    "a zone that is nowhere": (Invalid, lambda lab: _person(lab, zone="Europe/Atlantis")),
    "a zone out of the folder": (Invalid, lambda lab: _person(lab, zone="../../etc/passwd")),
    "a kind of organisation": (Invalid, lambda lab: _organisation(lab, kind=HUGE)),
    "a country in words": (Invalid, lambda lab: _organisation(lab, country="Slovenia")),
    "a country of two other letters": (Invalid, lambda lab: _organisation(lab, country="Šß")),
    "an organisation that is there": (Conflict, lambda lab: _organisation(lab, name=HOSPITAL)),
    "a coordinator disables": (
        NotFound,
        lambda lab: people.disable_person(lab.db, programme="", email="x@y.example", by=COORDINATOR, at=lab.at),
    ),
    "a decider adds people": (NotAllowed, lambda lab: _person(lab, by=DECIDERS[0])),
    "a meeting without pilots": (
        Invalid,
        lambda lab: meetings.new_meeting(lab.db, on=lab.today(), place="Hall", pilots=[], by=ADMIN, at=lab.at),
    ),
    "a meeting that was not planned": (NotFound, lambda lab: meetings.show_meeting(lab.db, number=2**80)),
    "an action item that ends before it starts": (Invalid, lambda lab: _action(lab, due=date(2020, 1, 1))),
    "an action item that waits for another": (NotFound, lambda lab: _action(lab, depends_on=[9])),
    "an action item of nobody": (NotFound, lambda lab: _action(lab, owner="nobody@example.org")),
    "no such action item": (
        NotFound,
        lambda lab: actions.update_action(lab.db, CODE, number=2**80, by=COORDINATOR, at=lab.at),
    ),
    "adopted tomorrow": (Invalid, lambda lab: _adopt(lab, on=_later(lab))),
    "adopted without saying what": (Invalid, lambda lab: _adopt(lab, solution={})),
    "a lesson of another kind": (Invalid, lambda lab: _lesson(lab, kind="boring")),
    "a lesson without words": (Invalid, lambda lab: _lesson(lab, text={})),
    "the lead judges itself": (
        Refused,
        lambda lab: handbook.judge_transferability(
            lab.db, CODE, organisation=HOSPITAL, text={"en": "Yes"}, by=COORDINATOR, at=lab.at
        ),
    ),
    "nothing to approve": (Refused, lambda lab: handbook.approve_entry(lab.db, CODE, by=COORDINATOR, at=lab.at)),
    "nothing to review": (Refused, lambda lab: handbook.review_entry(lab.db, CODE, by=COORDINATOR, at=lab.at)),
    "a document that is not due": (
        NotFound,
        lambda lab: documents.render(lab.db, lab.press, CODE, key="trial-report", subject=NUL, at=lab.at),
    ),
    "a document in no language": (
        Invalid,
        lambda lab: documents.render(lab.db, lab.press, CODE, key="action-plan", languages=["klingon"], at=lab.at),
    ),
}

IN_EVALUATION: dict[str, Case] = {
    **_each_text("remark", lambda lab, text: _score(lab, remarks={"need": text}, submit=False)),
    **_each_text("pros", lambda lab, text: _score(lab, pros=text, submit=False)),
    "a score of six": (Invalid, lambda lab: _score(lab, scores={"need": Decimal(6)}, submit=False)),
    "a negative score": (Invalid, lambda lab: _score(lab, scores={"need": Decimal(-1)}, submit=False)),
    "a third of a point": (Invalid, lambda lab: _score(lab, scores={"need": Decimal("0.3")}, submit=False)),
    "no number": (Invalid, lambda lab: _score(lab, scores={"need": Decimal("NaN")}, submit=False)),
    "a number that shouts": (Invalid, lambda lab: _score(lab, scores={"need": Decimal("sNaN")}, submit=False)),
    "a huge number": (Invalid, lambda lab: _score(lab, scores={"need": Decimal("1E+999999")}, submit=False)),
    "a line that is not there": (Invalid, lambda lab: _score(lab, scores={HUGE: Decimal(1)}, submit=False)),
    "handed in half empty": (Invalid, lambda lab: _score(lab, scores={"need": Decimal(1)})),
    "not invited": (Refused, lambda lab: _score(lab, by=EVALUATORS[2])),
    "a decider scores": (NotAllowed, lambda lab: _score(lab, by=DECIDERS[0])),
    "no sheet is in": (
        Refused,
        lambda lab: evaluation.close_panel(lab.db, CODE, reason="x", by=COORDINATOR, at=lab.at),
    ),
    "an evaluator closes the panel": (
        NotAllowed,
        lambda lab: evaluation.close_panel(lab.db, CODE, reason="x", by=EVALUATORS[0], at=lab.at),
    ),
    "somebody else's conflict": (
        NotAllowed,
        lambda lab: evaluation.declare_conflict(
            lab.db, CODE, person=DECIDERS[0], reason="x", by=EVALUATORS[0], at=lab.at
        ),
    ),
}

IN_TRIAL: dict[str, Case] = {
    **_each_name("arena", lambda lab, text: _book(lab, arena=text)),
    **_each_text("key of an indicator", lambda lab, text: _plan(lab, key=text)),
    **_each_text("title of an indicator", lambda lab, text: _plan(lab, title={"en": text})),
    **_each_text("unit", lambda lab, text: _plan(lab, unit=text)),
    **_each_text("authority", lambda lab, text: _meet(lab, criterion="ethics", authority=text)),
    "a legal criterion waived": (
        Refused,
        lambda lab: criteria.waive_criterion(lab.db, CODE, criterion="ethics", reason="x", by=COORDINATOR, at=lab.at),
    ),
    "a legal criterion without authority": (Invalid, lambda lab: _meet(lab, criterion="ethics")),
    "a country without partner": (NotFound, lambda lab: _meet(lab, criterion="ethics", country=HUGE, authority="x")),
    "not applicable, who says so": (
        Invalid,
        lambda lab: criteria.criterion_not_applicable(
            lab.db, CODE, criterion="ethics", reason="x", authority=" ", by=COORDINATOR, at=lab.at
        ),
    ),
    "backwards": (Invalid, lambda lab: _book(lab, last_day=_later(lab, -1))),
    "for ages": (Invalid, lambda lab: _book(lab, last_day=date.max)),
    "no place": (Invalid, lambda lab: _book(lab, places=0)),
    "more places than there are": (Refused, lambda lab: _book(lab, places=3)),
    "places without end": (PilotkitError, lambda lab: _book(lab, places=2**80)),
    "a kind of measure": (Invalid, lambda lab: _plan(lab, measure="mood")),
    "a direction": (Invalid, lambda lab: _plan(lab, direction="sideways")),
    "a target that is no number": (Invalid, lambda lab: _plan(lab, target=Decimal("Infinity"))),
    "a baseline tomorrow": (Invalid, lambda lab: _plan(lab, baseline=replace(READMISSIONS.baseline, on=_later(lab)))),  # type: ignore[type-var]
    "more than all": (Invalid, lambda lab: _plan(lab, baseline=replace(READMISSIONS.baseline, numerator=101))),  # type: ignore[type-var]
    "of nobody": (Invalid, lambda lab: _plan(lab, baseline=replace(READMISSIONS.baseline, numerator=0, denominator=0))),  # type: ignore[type-var]
    "an evaluator plans": (NotAllowed, lambda lab: _plan(lab, by=EVALUATORS[0])),
    "started without anything": (Refused, lambda lab: trials.start_trial(lab.db, CODE, by=COORDINATOR, at=lab.at)),
    "ended before the start": (Refused, lambda lab: trials.end_trial(lab.db, CODE, by=COORDINATOR, at=lab.at)),
    "measured before the plan": (NotFound, _measure),
    "an arena without a place": (
        Invalid,
        lambda lab: arenas.add_arena(
            lab.db, programme="", key="x", name="X", organisation=HOSPITAL, capacity=0, by=ADMIN, at=lab.at
        ),
    ),
    "an arena that is there": (
        Conflict,
        lambda lab: arenas.add_arena(
            lab.db, programme="", key="ward", name="X", organisation=HOSPITAL, capacity=1, by=ADMIN, at=lab.at
        ),
    ),
}

IN_RUNNING_TRIAL: dict[str, Case] = {
    **_each_name("indicator", lambda lab, text: _measure(lab, indicator=text)),
    **_each_text("source", lambda lab, text: _measure(lab, source=text)),
    "measured tomorrow": (Invalid, lambda lab: _measure(lab, on=_later(lab))),
    "another kind of figure": (Invalid, lambda lab: _measure(lab, numerator=None)),
    "infinitely much": (Invalid, lambda lab: _measure(lab, value=Decimal("Infinity"))),
    "more than can be counted": (PilotkitError, lambda lab: _measure(lab, numerator=2**80, denominator=2**81)),
    "started twice": (Conflict, lambda lab: trials.start_trial(lab.db, CODE, by=COORDINATOR, at=lab.at)),
    "planned too late": (Refused, _plan),
    "ended tomorrow": (Invalid, lambda lab: trials.end_trial(lab.db, CODE, on=_later(lab), by=COORDINATOR, at=lab.at)),
    "ended before it began": (
        Invalid,
        lambda lab: trials.end_trial(lab.db, CODE, on=_later(lab, -90), by=COORDINATOR, at=lab.at),
    ),
}

CASES = {"idea": IN_IDEA, "invited": IN_EVALUATION, "trial": IN_TRIAL, "running": IN_RUNNING_TRIAL}


@pytest.mark.parametrize("moment", CASES)
def test_bad_input_is_refused_alike_on_both_databases(moment: str, tmp_path: Path) -> None:
    with ExitStack() as stack:
        labs = [stack.enter_context(lab_at(kind, moment, tmp_path)) for kind in ("sqlite", "postgresql")]
        urls = [lab.db.url.set(drivername=lab.db.kind).render_as_string(hide_password=False) for lab in labs]
        before = [rows_of(url) for url in urls]
        wrong = {name: fault for name, case in CASES[moment].items() if (fault := _fault(case, labs))}
        assert not wrong, "\n".join(f"{name}: {fault}" for name, fault in wrong.items())
        for url, rows in zip(urls, before, strict=True):
            changed = differences(rows, rows_of(url))
            assert not changed, changed


def _fault(case: Case, labs: list[Lab]) -> str:
    """What is wrong with how a case is refused; empty when all is well."""
    expected, act = case
    said: list[str] = []
    for lab in labs:
        try:
            act(lab)
        except PilotkitError as error:
            if not isinstance(error, expected):
                return f"{type(error).__name__} instead of {expected.__name__}: {str(error)[:200]}"
            if error.remedy is None or not str(error.what):
                return f"no word on what to do: {error}"
            said.append(str(error))
        except Exception as error:  # noqa: BLE001 - the very thing that must not happen
            return f"{type(error).__name__} on {lab.db.kind}: {str(error)[:300]}"
        else:
            return f"not refused on {lab.db.kind}"
    if len(set(said)) > 1:
        return f"other words: {[text[:300] for text in said]}"
    return f"{len(said[0])} characters of message" if len(said[0]) > 1000 else ""

"""What documents print, from facts alone: public pages without people and small counts, records without later facts."""

import json
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from pilotkit.documents.catalog import BOOKS, DOCUMENTS, book, document
from pilotkit.documents.views.action_plan import action_plan
from pilotkit.documents.views.evaluation_report import evaluation_report
from pilotkit.documents.views.gate_record import gate_record
from pilotkit.documents.views.handbook import handbook
from pilotkit.documents.views.handbook_entry import handbook_entry
from pilotkit.documents.views.portfolio_plan import portfolio_plan
from pilotkit.documents.views.project_sheet import PARTNERS, ROOM, project_sheet
from pilotkit.documents.views.results import few
from pilotkit.documents.views.trial_report import trial_report
from pilotkit.domain.errors import NotFound, Refused
from pilotkit.domain.pilot import CriterionRecord, Pilot, PilotStatus, Reading
from pilotkit.domain.process import Outcome
from tests.factories import dossiers
from tests.factories.dossiers import dossier, dossier_of, portfolio


def changed(code: str, **fields: Any) -> Pilot:
    return replace(dossier(code).pilot, **fields)


# Action plan ----------------------------------------------------------------------------------------------------------


def test_the_plan_shows_what_waits_for_people_and_nothing_that_pilotkit_does() -> None:
    case = dossier("P-003")

    plan = action_plan(case, "en")

    assert len(plan.steps) == sum(1 for item in case.agenda if not item.automatic)
    assert not [step for step in plan.steps if "Render" in step.title]
    assert [step.due_on for step in plan.steps] == sorted(step.due_on for step in plan.steps)


def test_what_is_late_is_late_on_the_day_of_the_facts_not_on_the_day_of_rendering() -> None:
    plan = action_plan(dossier("P-003"), "en")

    assert plan.frame.as_of == date(2026, 5, 18)
    assert {step.late for step in plan.steps if step.due_on < date(2026, 5, 18)} == {True}
    assert {step.late for step in plan.steps if step.due_on >= date(2026, 5, 18)} == {False}


def test_the_day_of_the_facts_is_a_day_in_the_programmes_zone() -> None:
    nearly_midnight = dossiers.CHANGED.replace(hour=23)

    plan = action_plan(dossier_of(changed("P-003", changed_at=nearly_midnight)), "en")

    assert plan.frame.as_of == date(2026, 5, 19)


def test_risks_follow_from_the_facts() -> None:
    plan = action_plan(dossier("P-003"), "en")

    assert "Action item 3 was due on 30 April 2026 and is not done." in plan.risks
    assert "Action item 4 starts before item 2, which it depends on, is due." in plan.risks
    assert not [risk for risk in plan.risks if "item 1" in risk or "item 5" in risk]  # done, dropped


def test_an_open_condition_after_its_day_is_a_risk_a_met_one_is_not() -> None:
    overdue = tuple(replace(each, due_on=date(2026, 5, 1)) for each in dossier("P-003").pilot.conditions)

    plan = action_plan(dossier_of(changed("P-003", conditions=overdue)), "en")

    assert [risk for risk in plan.risks if risk.startswith("Condition")] == [
        "Condition 2 was due on 1 May 2026 and is not met."
    ]


def test_an_ended_pilot_has_no_risks() -> None:
    assert action_plan(dossier("P-004"), "en").risks == ()


def test_currencies_are_never_added_up() -> None:
    partners = dossier("P-003").pilot.partners
    other = (*partners, replace(partners[0], organisation=dossiers.LAB, budget=Decimal(700), currency="CHF"))

    plan = action_plan(dossier_of(changed("P-003", partners=other)), "en")

    assert plan.budget is not None
    assert [(sum_.currency, sum_.amount) for sum_ in plan.budget.shared] == [
        ("CHF", Decimal(700)),
        ("EUR", Decimal(186500)),
    ]


def test_a_dropped_item_needs_no_money() -> None:
    items = tuple(replace(item, budget=Decimal(10)) for item in dossier("P-003").pilot.action_items)

    plan = action_plan(dossier_of(changed("P-003", action_items=items)), "en")

    assert plan.budget is not None
    assert plan.budget.work[0].amount == Decimal(40)


def test_where_the_pilot_was_sent_back_the_later_stage_comes_again() -> None:
    case = dossier("P-003").pilot
    recycled = replace(case.passes[1], sequence=5, number=2, decisions=(), closed_on=None, id=9, votes=())

    track = action_plan(dossier_of(replace(case, passes=(*case.passes[:1], recycled), conditions=())), "en").track

    assert [mark.state for mark in track] == ["done", "current", "next", "next", "next"]


# Handbook entry -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("code", "kind", "draft"),
    [("P-001", "results", True), ("P-003", "results", True), ("P-004", "results", False), ("P-005", "learned", False)],
)
def test_an_entry_is_a_draft_until_it_is_published(code: str, kind: str, draft: bool) -> None:
    view = handbook_entry(dossier(code), "en")

    assert (view.entry.kind, view.draft) == (kind, draft)


def test_a_pilot_stopped_before_its_trial_gives_an_internal_note() -> None:
    stopped = dossier_of(changed("P-002", status=PilotStatus.STOPPED))

    assert handbook_entry(stopped, "en").entry.kind == "note"


def test_public_documents_name_roles_and_never_people() -> None:
    views = [
        *(handbook_entry(each, "en") for each in dossiers.dossiers()),
        *(project_sheet(each, "en") for each in dossiers.dossiers()),
        handbook(portfolio(), "en", "public"),
        handbook(portfolio(), "en", "draft"),
    ]

    for view in views:
        assert not [person.name for person in dossiers.PROGRAMME.people if person.name in repr(view)]
        assert "@" not in repr(view)


def test_public_pages_hide_small_counts_and_whatever_gives_them_away() -> None:
    internal = trial_report(dossier("P-004"), "en").results[0]
    public = handbook_entry(dossier("P-004"), "en").entry.trials[0].results[0]

    assert internal.latest is not None
    assert internal.latest.part == "4"
    assert internal.change is not None
    assert public.latest is not None
    assert (public.latest.part, public.latest.whole, public.latest.value) == ("<5", "90", None)
    assert (public.change, public.low, public.high, public.note) == (None, None, None, "hidden")
    assert public.earlier == ()
    assert public.result == "reached"


@pytest.mark.parametrize(
    ("counts", "hidden"),
    [
        ({"numerator": 0, "denominator": 40}, False),
        ({"numerator": 1, "denominator": 40}, True),
        ({"numerator": 4, "denominator": 40}, True),
        ({"numerator": 5, "denominator": 40}, False),
        ({"numerator": 38, "denominator": 40}, True),
        ({"numerator": 40, "denominator": 40}, False),
        ({"n": 3}, True),
        ({"events": 2, "exposure": Decimal(100)}, True),
        ({}, False),
    ],
)
def test_one_to_four_cases_are_few_and_so_are_all_but_one_to_four(counts: dict[str, Any], hidden: bool) -> None:
    assert few(Reading(on=date(2026, 1, 1), source="", value=Decimal(1), **counts)) is hidden


def test_an_organisation_with_two_roles_stands_there_once_and_the_lead_first() -> None:
    partners = (
        dossiers.partner(dossiers.PATIENTS, "partner"),
        dossiers.partner(dossiers.HOSPITAL, "lead"),
        dossiers.partner(dossiers.HOSPITAL, "test site"),
    )

    entry = handbook_entry(dossier_of(changed("P-003", partners=partners)), "en").entry

    assert [(line.name, line.roles) for line in entry.partners[0].partners] == [
        (dossiers.HOSPITAL.name, ("lead", "test site")),
        (dossiers.PATIENTS.name, ("partner",)),
    ]


def test_a_text_that_is_missing_is_given_in_the_main_language_and_says_so() -> None:
    entry = handbook_entry(dossier("P-007"), "de").entry

    assert entry.pilot.title == {"sl": "Pogovori o koncu življenja"}
    assert handbook_entry(dossier("P-003"), "de").entry.pilot.title.keys() == {"de"}


# Project sheet --------------------------------------------------------------------------------------------------------


def test_a_long_text_ends_with_a_whole_sentence() -> None:
    sentence = "A sentence of some length that says one thing and then says it again. "
    long = dossier_of(changed("P-003", summary={"en": sentence * 40}))

    shown = project_sheet(long, "en").summary["en"]

    assert len(shown) <= ROOM + 2
    assert shown.endswith("again. …")


def test_partners_that_do_not_fit_are_counted_and_each_country_is_there() -> None:
    sheet = project_sheet(dossier("P-006"), "en")

    assert sum(len(country.partners) for country in sheet.partners) == PARTNERS
    assert {country.country for country in sheet.partners} == {"AT", "IT", "SI"}
    assert sheet.more_partners == dossiers.COPIES + 1 - PARTNERS


# Reports and records --------------------------------------------------------------------------------------------------


def test_without_consolidation_there_is_no_evaluation_report() -> None:
    with pytest.raises(Refused):
        evaluation_report(dossier("P-001"), "en")
    with pytest.raises(Refused):
        evaluation_report(dossier("P-003"), "en", "evaluation.2")


def test_the_report_has_the_scores_of_each_evaluator_in_one_order() -> None:
    view = evaluation_report(dossier("P-002"), "en", "evaluation.1")

    first = view.groups[0].criteria[0]
    panel = (dossiers.ECONOMIST, dossiers.NURSE_SCIENTIST, dossiers.PHYSICIAN)
    assert [who.name for who in view.evaluators] == [person.name for person in panel]
    sheets = dossier("P-002").pilot.passes[1].scoresheets
    key = dossiers.process().score_set("value-and-feasibility").criteria[0].key
    assert first.scores == tuple(sheet.scores[key] for sheet in sheets)


def test_a_withdrawn_sheet_is_not_shown() -> None:
    case = dossier("P-002").pilot
    evaluation = case.passes[1]
    sheets = (replace(evaluation.scoresheets[0], withdrawn=True), *evaluation.scoresheets[1:])
    view = evaluation_report(
        dossier_of(replace(case, passes=(case.passes[0], replace(evaluation, scoresheets=sheets)))), "en"
    )

    assert dossiers.ECONOMIST.name not in repr(view)
    assert view.excused == 1


def test_a_gate_record_is_the_same_in_every_language_and_knows_nothing_later() -> None:
    case = dossier("P-003")
    records = [gate_record(case, language, "2") for language in dossiers.LANGUAGES]
    stage_pass = case.pilot.passes[1]
    afterwards = CriterionRecord(
        criterion="maturity", verdict="met", on=date(2025, 6, 1), by=dossiers.COORDINATOR, evidence="Found later"
    )
    passes = (
        case.pilot.passes[0],
        replace(stage_pass, criteria=(*stage_pass.criteria, afterwards)),
        *case.pilot.passes[2:],
    )
    later = gate_record(dossier_of(replace(case.pilot, passes=passes)), "en", "2")

    assert len({record.checksum for record in records}) == 1
    assert {record.record for record in records} == {"P-003/evaluation.1/2"}
    assert later == records[0]


def test_a_gate_record_has_the_votes_of_its_own_round() -> None:
    held = dossier("P-006").pilot
    stage_pass = held.passes[0]
    new_votes = tuple(replace(vote, round=1, remark="second round") for vote in stage_pass.votes)
    go = dossiers.decided(2, Outcome.GO, date(2026, 5, 16), "The law is there.")
    passes = (replace(stage_pass, votes=(*stage_pass.votes, *new_votes), decisions=(*stage_pass.decisions, go)),)
    case = dossier_of(replace(held, passes=passes))

    assert "second round" not in repr(gate_record(case, "en", "1"))
    assert {next(iter(vote.remark.values())) for vote in gate_record(case, "en", "2").votes} == {"second round"}


def test_a_decision_that_does_not_exist_is_named() -> None:
    with pytest.raises(NotFound, match="P-003 has no decision 9"):
        gate_record(dossier("P-003"), "en", "9")


def test_without_a_trial_there_is_no_trial_report() -> None:
    with pytest.raises(Refused):
        trial_report(dossier("P-002"), "en")


# Books ----------------------------------------------------------------------------------------------------------------


def test_the_public_edition_has_the_published_entries_as_they_were_frozen() -> None:
    shelf = portfolio()
    later = tuple(
        replace(each, pilot=replace(each.pilot, summary={"en": "Changed after publication"})) for each in shelf.dossiers
    )

    book = handbook(replace(shelf, dossiers=later), "en", "public")

    assert [entry.pilot.code for entry in book.entries] == ["P-005", "P-004"]
    assert "Changed after publication" not in repr(book)


def test_the_draft_edition_has_every_pilot_that_is_not_archived() -> None:
    shelf = portfolio()
    archived = tuple(
        replace(each, pilot=replace(each.pilot, archived=True)) if each.pilot.code == "P-001" else each
        for each in shelf.dossiers
    )

    book = handbook(replace(shelf, dossiers=archived), "en", "draft")

    assert {entry.pilot.code for entry in book.entries} == {f"P-00{number}" for number in range(2, 8)}


def test_the_matrix_and_the_index_name_every_partner() -> None:
    book = handbook(portfolio(), "sl", "draft")

    names = {partner.organisation.name for each in dossiers.dossiers() for partner in each.pilot.active_partners}
    assert {row.organisation for block in book.matrix for row in block.rows} == names
    assert {line.organisation for line in book.index} == names
    patients = next(line for line in book.index if line.organisation == dossiers.PATIENTS.name)
    assert patients.pilots == ("P-002", "P-003", "P-004", "P-005", "P-007")


def test_the_index_is_sorted_as_the_language_sorts() -> None:
    names = [line.organisation for line in handbook(portfolio(), "sl", "draft").index]

    assert names.index(dossiers.CARE_HOME.name) < names.index("Community health centre 9, example")
    assert names.index("Community health centre 9, example") < names.index("Community health centre 10, example")
    assert names.index("Community health centre 40, example") < names.index(dossiers.INSURANCE.name)  # č after c


def test_an_areas_plan_has_its_pilots_only() -> None:
    plan = portfolio_plan(portfolio("knowledge"), "en")

    assert [pilot.head.code for pilot in plan.pilots] == ["P-002", "P-007"]
    assert plan.heading == {"en": "Excellent knowledge"}


def test_an_empty_portfolio_has_a_plan_and_a_handbook() -> None:
    empty = replace(portfolio(), dossiers=(), published=())

    assert portfolio_plan(empty, "en").pilots == ()
    assert handbook(empty, "de", "public").entries == ()


# All of them ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("key", sorted(DOCUMENTS))
def test_every_view_comes_back_from_its_json(key: str) -> None:
    kind = document(key)
    for each in dossiers.dossiers():
        try:
            view = kind.view(each, "sl", "1" if key == "gate-record" else "")
        except (Refused, NotFound):
            continue
        content = json.dumps(kind.adapter.dump_python(view, mode="json"))
        assert kind.adapter.validate_json(content) == view


@pytest.mark.parametrize("key", sorted(BOOKS))
def test_every_book_comes_back_from_its_json(key: str) -> None:
    kind = book(key)
    view = kind.view(portfolio(), "de", "")

    assert kind.adapter.validate_json(json.dumps(kind.adapter.dump_python(view, mode="json"))) == view


def test_what_no_page_shows_does_not_change_a_view() -> None:
    unseen = dossier_of(
        changed("P-003", revision=99, source="another table", created_on=date(2025, 1, 13) - timedelta(days=5))
    )

    assert action_plan(unseen, "en") == action_plan(dossier("P-003"), "en")
    assert handbook_entry(unseen, "en") == handbook_entry(dossier("P-003"), "en")


def test_unknown_documents_are_named() -> None:
    with pytest.raises(NotFound, match="no document poster"):
        document("poster")
    with pytest.raises(NotFound, match="no book atlas"):
        book("atlas")

"""A pilot on one page of the terminal, and the same as data."""

from datetime import date
from pathlib import Path

from pilotkit.cli import output
from pilotkit.cli.agenda import agenda_data, agenda_table
from pilotkit.cli.desk import say
from pilotkit.cli.output import facts, heading, table
from pilotkit.domain.dossier import Dossier
from pilotkit.domain.gate import ChecklistLine, checklist, eligible_deciders, tally
from pilotkit.domain.text import Message, message
from pilotkit.domain.words import word


def pilot_data(dossier: Dossier, today: date) -> dict[str, object]:
    """Everything about a pilot, for programs: the facts, the checklist of its gate, its agenda."""
    return {
        "pilot": dossier.pilot,
        "stage": dossier.pilot.last_pass.stage,
        "gate": dossier.pilot.open_pass.gate if dossier.pilot.open_pass else None,
        "criteria": [criterion_data(line) for line in lines_of(dossier)],
        "agenda": [agenda_data(dossier.pilot.code, item, today) for item in dossier.agenda],
    }


def lines_of(dossier: Dossier) -> tuple[ChecklistLine, ...]:
    """The checklist of the pilot's open gate."""
    stage_pass = dossier.pilot.open_pass
    return checklist(dossier.pilot, dossier.process, stage_pass) if stage_pass else ()


def criterion_data(line: ChecklistLine) -> dict[str, object]:
    """A line of a checklist, for programs."""
    return {
        "criterion": line.criterion.key,
        "title": say(line.criterion.title),
        "country": line.country,
        "legal": line.criterion.legal,
        "required": line.criterion.required,
        "shown_by": line.criterion.shown_by or None,
        "state": line.state,
        "evidence": line.record.evidence if line.record else "",
        "missing": line.missing,
    }


def pilot_page(dossier: Dossier, today: date, shelf: Path) -> None:
    """Write everything that people want to see of a pilot at a glance."""
    _frame(dossier)
    _texts(dossier)
    checklist_table(dossier)
    _votes(dossier)
    _decisions(dossier)
    if dossier.agenda:
        heading(message("Agenda"))
        agenda_table([(dossier.pilot.code, item) for item in dossier.agenda], today, with_pilot=False)
    _documents(dossier, shelf)


def _frame(dossier: Dossier) -> None:
    pilot, main = dossier.pilot, dossier.programme.main_language
    here = pilot.last_pass
    stage = message(
        "{title} (pass {number}, since {since})",
        title=say(dossier.process.stage(here.stage).title, main=main),
        number=here.number,
        since=here.opened_on.isoformat(),
    )
    partners = tuple(
        f"{p.organisation.name} ({say(word(p.role))}, {p.organisation.country})" for p in pilot.active_partners
    )
    facts(
        (
            (message("pilot"), f"{pilot.code}  {say(pilot.title, main=main)}"),
            (message("action area"), pilot.area),
            (message("status"), word("archived") if pilot.archived else word(pilot.status.value)),
            (message("on hold until"), pilot.hold_until),
            (message("stage"), stage),
            (message("partners"), "\n".join(partners)),
            (message("coordinator"), pilot.coordinator.email if pilot.coordinator else None),
            (message("sponsor"), pilot.sponsor.email if pilot.sponsor else None),
            (message("period"), f"{pilot.starts or '…'} – {pilot.ends or '…'}" if pilot.starts or pilot.ends else None),
            (message("budget"), f"{pilot.budget} {pilot.currency}" if pilot.budget is not None else None),
        )
    )


def _texts(dossier: Dossier) -> None:
    pilot, main = dossier.pilot, dossier.programme.main_language
    parts: tuple[tuple[Message, str], ...] = (
        (message("Summary"), say(pilot.summary, main=main)),
        (message("Problem"), say(pilot.problem, main=main)),
        (message("Approach"), say(pilot.approach, main=main)),
        (message("Needs"), say(pilot.needs, main=main)),
    )
    for name, text in parts:
        if text:
            heading(name)
            output.line(text)


def checklist_table(dossier: Dossier) -> None:
    """Write the criteria of the open gate."""
    lines = lines_of(dossier)
    if not lines:
        return
    heading(message("Criteria of the gate"))
    table(
        (message("criterion"), message("what is shown"), message("country"), message("state"), message("evidence")),
        (
            (
                line.criterion.key,
                say(line.criterion.title, main=dossier.programme.main_language),
                line.country,
                word(line.state),
                (line.record.evidence or line.record.reason) if line.record else line.missing,
            )
            for line in lines
        ),
    )


def _votes(dossier: Dossier) -> None:
    stage_pass = dossier.pilot.open_pass
    if stage_pass is None:
        return
    gate = dossier.process.stage(stage_pass.stage).gate
    count = tally(stage_pass.current_votes, gate, eligible_deciders(dossier.pilot, dossier.programme))
    heading(message("Votes: {cast} of the {quorum} that the gate needs", cast=count.cast, quorum=count.quorum))
    table(
        (message("decider"), message("vote"), message("on"), message("meeting")),
        ((vote.person.name, word(vote.outcome.value), vote.on, vote.meeting) for vote in stage_pass.current_votes),
    )


def _decisions(dossier: Dossier) -> None:
    if dossier.pilot.decisions:
        heading(message("Decisions"))
        decisions_table(dossier)
    if dossier.pilot.conditions:
        heading(message("Conditions"))
        table(
            (message("no."), message("condition"), message("owner"), message("due"), message("state")),
            ((c.number, c.text, c.owner.email, c.due_on, word(c.state)) for c in dossier.pilot.conditions),
        )


def decisions_table(dossier: Dossier) -> None:
    """Write the decisions of a pilot in a table."""
    stages = {d.number: p.stage for p in dossier.pilot.passes for d in p.decisions}
    table(
        (message("no."), message("stage"), message("outcome"), message("on"), message("by"), message("rationale")),
        (
            (
                d.number,
                stages[d.number],
                message("{outcome} (reverted)", outcome=word(d.outcome.value)) if d.reverted else word(d.outcome.value),
                d.decided_on,
                d.by.name,
                _first_line(d.rationale),
            )
            for d in dossier.pilot.decisions
        ),
    )


def _first_line(text: str, longest: int = 80) -> str:
    first = " ".join(text.split())
    return first if len(first) <= longest else f"{first[: longest - 1]}…"


def _documents(dossier: Dossier, shelf: Path) -> None:
    from pilotkit.services.documents import shelf_name

    pilot = dossier.pilot
    if pilot.documents:
        heading(message("Documents"))
        table(
            (message("document"), message("version"), message("pages"), message("file")),
            (
                (
                    word(record.key),
                    record.version if record.revision == pilot.revision else f"{record.version} *",
                    record.pages,
                    _short(shelf / shelf_name(pilot.code, record.key, record.subject, record.language)),
                )
                for record in pilot.documents
            ),
        )
        if any(record.revision != pilot.revision for record in pilot.documents):
            output.line(message("* rendered before the last change: pilotkit advance {code}", code=pilot.code))


def _short(path: Path) -> str:
    """A path as one would type it here."""
    here = Path.cwd()
    return str(path.relative_to(here)) if path.is_relative_to(here) else str(path)

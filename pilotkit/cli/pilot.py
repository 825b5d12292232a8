"""``pilot``: hand in, list, show, edit, archive and resume pilots."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Annotated, cast, get_args

import typer

from pilotkit.cli import desk, output
from pilotkit.cli.arguments import AsJson, By, Code, ProgrammeKey, Reason, amount, by_languages, day, texts
from pilotkit.cli.errors import shortened
from pilotkit.domain.errors import Invalid
from pilotkit.domain.pilot import PartnerRole
from pilotkit.domain.text import message
from pilotkit.domain.words import word

if TYPE_CHECKING:
    from pilotkit.domain.dossier import PilotLine
    from pilotkit.services.pilots import PartnerPart

app = typer.Typer(help="Hand in, list, show and edit pilots.", no_args_is_help=True, rich_markup_mode=None)

Title = Annotated[list[str], by_languages("The title.", "--title")]
NewTitle = Annotated[list[str] | None, by_languages("The title.", "--title")]
Summary = Annotated[list[str] | None, by_languages("What the pilot is about.", "--summary")]
Problem = Annotated[list[str] | None, by_languages("The problem that it solves.", "--problem")]
Approach = Annotated[list[str] | None, by_languages("How it goes about it.", "--approach")]
Needs = Annotated[list[str] | None, by_languages("What it needs.", "--needs")]
Partner = Annotated[
    list[str] | None,
    typer.Option(
        metavar="[ROLE=]NAME",
        help="A partner; roles are lead, partner (if none is given), associated, test site, supplier, mentor, funder.",
    ),
]
Coordinator = Annotated[str | None, typer.Option(metavar="EMAIL", help="Who coordinates it.")]
Sponsor = Annotated[str | None, typer.Option(metavar="EMAIL", help="Who answers for it on the board.")]
Starts = Annotated[date | None, typer.Option(metavar="DATE", parser=day, help="Its first day.")]
Ends = Annotated[date | None, typer.Option(metavar="DATE", parser=day, help="Its last day.")]
Budget = Annotated[Decimal | None, typer.Option(metavar="AMOUNT", parser=amount, help="Its budget.")]


@app.command()
def new(
    *,
    title: Title,
    area: Annotated[str, typer.Option(metavar="KEY", help="Its action area, where there are several.")] = "",
    summary: Summary = None,
    problem: Problem = None,
    approach: Approach = None,
    needs: Needs = None,
    partner: Partner = None,
    coordinator: Coordinator = None,
    sponsor: Sponsor = None,
    submitter: Annotated[str, typer.Option(metavar="EMAIL", help="Whose idea it is.")] = "",
    starts: Starts = None,
    ends: Ends = None,
    budget: Budget = None,
    currency: Annotated[str, typer.Option(metavar="CODE", help="The currency of the budget.")] = "EUR",
    programme: ProgrammeKey = "",
    by: By = "",
    as_json: AsJson = False,
) -> None:
    """Hand in an idea: the pilot gets a code and stands in the first stage."""
    from pilotkit.services.pilots import Idea, new_pilot
    from pilotkit.services.programmes import show_programme

    with desk.pilotkit() as pk:
        languages = show_programme(pk.db, programme).languages
        idea = Idea(
            title=texts(title, languages),
            area=area,
            summary=texts(summary, languages),
            problem=texts(problem, languages),
            approach=texts(approach, languages),
            needs=texts(needs, languages),
            partners=_partners(partner),
            coordinator=coordinator or "",
            sponsor=sponsor or "",
            submitter=submitter,
            starts=starts,
            ends=ends,
            budget=budget,
            currency=currency,
        )
        pilot = new_pilot(pk.db, programme=programme, idea=idea, by=desk.actor(by), at=pk.now())
    if as_json:
        output.data(pilot)
        return
    output.line(message("{code} has been handed in.", code=pilot.code))
    output.line(message("Next: pilotkit advance {code}", code=pilot.code))


def _partners(given: Sequence[str] | None) -> tuple["PartnerPart", ...]:
    """``ROLE=NAME``; a name that holds = itself needs its role before it."""
    from pilotkit.services.pilots import PartnerPart

    parts = []
    for each in given or ():
        role, sign, name = each.partition("=")
        if sign and role not in get_args(PartnerRole):
            raise Invalid(
                message("A partner cannot have the role {role}.", role=shortened(role)),
                message("Roles are: {roles}.", roles=", ".join(get_args(PartnerRole))),
            )
        parts.append(
            PartnerPart(organisation=name if sign else each, role=cast(PartnerRole, role) if sign else "partner")
        )
    return tuple(parts)


@app.command(name="list")
def list_(
    *,
    programme: ProgrammeKey = "",
    archived: Annotated[bool, typer.Option("--archived", help="Archived ones, too.")] = False,
    as_json: AsJson = False,
) -> None:
    """List the pilots: where each stands, what it waits for, and what is late."""
    from pilotkit.services.pilots import list_pilots

    with desk.pilotkit() as pk:
        lines = list_pilots(pk.db, programme=programme, archived=archived)
        today = desk.today(pk)
    if as_json:
        output.data([_as_data(line, today) for line in lines])
        return
    output.table(
        (
            message("pilot"),
            message("title"),
            message("stage"),
            message("since"),
            message("status"),
            message("waits for"),
            message("late"),
        ),
        (
            (
                line.code,
                desk.say(line.title),
                line.stage,
                line.since,
                word("archived") if line.archived else word(line.status.value),
                _waits_for(line),
                _late(line, today) or "",
            )
            for line in lines
        ),
        empty=message("There is no pilot yet. Hand one in: pilotkit pilot new --title TEXT"),
    )


def _waits_for(line: "PilotLine") -> str:
    """The next thing that a person does, with how many more there are; else what pilotkit does."""
    human = [item for item in line.agenda if not item.automatic]
    if not human:
        return desk.say(message("pilotkit")) if line.agenda else ""
    first = desk.say(human[0].title)
    return f"{first} (+{len(human) - 1})" if len(human) > 1 else first


def _late(line: "PilotLine", today: date) -> int:
    return sum(1 for item in line.agenda if not item.automatic and item.late(today))


def _as_data(line: "PilotLine", today: date) -> dict[str, object]:
    return {
        "code": line.code,
        "programme": line.programme,
        "title": line.title,
        "stage": line.stage,
        "since": line.since,
        "status": line.status,
        "archived": line.archived,
        "waits_for": [
            {
                "kind": item.kind,
                "title": item.title,
                "owner": item.owner.email if item.owner else None,
                "due_on": item.due_on,
            }
            for item in line.agenda
            if not item.automatic
        ],
        "automatic": sum(1 for item in line.agenda if item.automatic),
        "late": _late(line, today),
    }


@app.command()
def show(code: Code, *, as_json: AsJson = False) -> None:
    """Show a pilot: its facts, its gate's checklist, its agenda, decisions and documents."""
    from pilotkit.cli.pilot_page import pilot_data, pilot_page
    from pilotkit.services.pilots import show as show_pilot

    with desk.pilotkit() as pk:
        dossier = show_pilot(pk.db, code)
        today = desk.today(pk, dossier.programme)
        shelf = pk.shelf
    if as_json:
        output.data(pilot_data(dossier, today))
    else:
        pilot_page(dossier, today, shelf)


@app.command()
def edit(
    code: Code,
    *,
    title: NewTitle = None,
    summary: Summary = None,
    problem: Problem = None,
    approach: Approach = None,
    needs: Needs = None,
    area: Annotated[str, typer.Option(metavar="KEY", help="Its action area.")] = "",
    join: Annotated[
        list[str] | None, typer.Option("--join", "--partner", metavar="[ROLE=]NAME", help="A partner that joins.")
    ] = None,
    leave: Annotated[list[str] | None, typer.Option(metavar="NAME", help="A partner that leaves.")] = None,
    coordinator: Coordinator = None,
    sponsor: Sponsor = None,
    starts: Starts = None,
    ends: Ends = None,
    budget: Budget = None,
    by: By = "",
) -> None:
    """Change a pilot's texts, dates, people and partners; what is not given stays."""
    from pilotkit.services.pilots import edit_pilot

    given = {"title": title, "summary": summary, "problem": problem, "approach": approach, "needs": needs}
    others = (area, join, leave, starts, ends)
    if not any(given.values()) and not any(others) and all(x is None for x in (coordinator, sponsor, budget)):
        raise Invalid(
            message("It is not said what is to change."), message("Give what changes, for example --summary TEXT.")
        )
    with desk.pilotkit() as pk:
        languages = desk.programme_of(pk, code).languages
        pilot = edit_pilot(
            pk.db,
            code,
            by=desk.actor(by),
            at=pk.now(),
            texts={field: texts(versions, languages) for field, versions in given.items() if versions},
            area=area,
            coordinator=coordinator,
            sponsor=sponsor,
            starts=starts,
            ends=ends,
            budget=budget,
            join=_partners(join),
            leave=tuple(leave or ()),
        )
    output.line(message("{code} has been changed.", code=pilot.code))


@app.command()
def archive(
    code: Code,
    *,
    reason: Reason = "",
    undo: Annotated[bool, typer.Option("--undo", help="Take it out of the archive again.")] = False,
    by: By = "",
) -> None:
    """Put a pilot away: it leaves lists, agendas and books, and stays readable."""
    from pilotkit.services.pilots import archive_pilot

    with desk.pilotkit() as pk:
        archive_pilot(pk.db, code, reason=reason, undo=undo, by=desk.actor(by), at=pk.now())
    if undo:
        output.line(message("{code} has been taken out of the archive.", code=code))
    else:
        output.line(message("{code} has been archived.", code=code))


@app.command()
def resume(code: Code, *, reason: Reason, by: By = "") -> None:
    """End a hold: the pilot is active again in the stage where it stood."""
    from pilotkit.services.pilots import resume_pilot

    with desk.pilotkit() as pk:
        pilot = resume_pilot(pk.db, code, reason=reason, by=desk.actor(by), at=pk.now())
    output.line(message("{code} is active again in the stage {stage}.", code=code, stage=pilot.last_pass.stage))

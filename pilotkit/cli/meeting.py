"""``meeting``: board meetings."""

from datetime import date
from typing import TYPE_CHECKING, Annotated

import typer

from pilotkit.cli import desk, output
from pilotkit.cli.arguments import AsJson, By, ProgrammeKey, day
from pilotkit.domain.text import message

if TYPE_CHECKING:
    from pilotkit.services.meetings import MeetingLine

app = typer.Typer(help="Plan and show board meetings.", no_args_is_help=True, rich_markup_mode=None)


@app.command()
def new(
    *,
    on: Annotated[date, typer.Option(metavar="DATE", parser=day, help="Its day.")],
    place: Annotated[str, typer.Option(metavar="TEXT", help="Where it is held.")],
    pilot: Annotated[list[str], typer.Option(metavar="PILOT", help="A pilot that it decides; several times.")],
    programme: ProgrammeKey = "",
    by: By = "",
) -> None:
    """Plan a board meeting; the deciders are told."""
    from pilotkit.services.meetings import new_meeting

    with desk.pilotkit() as pk:
        meeting = new_meeting(
            pk.db, on=on, place=place, pilots=pilot, by=desk.actor(by), at=pk.now(), programme=programme
        )
    output.line(
        message(
            "Meeting {number} on {on}: {pilots}.",
            number=meeting.number,
            on=meeting.on.isoformat(),
            pilots=", ".join(meeting.pilots),
        )
    )


@app.command(name="list")
def list_(*, programme: ProgrammeKey = "", as_json: AsJson = False) -> None:
    """List the programme's meetings."""
    from pilotkit.services.meetings import list_meetings

    with desk.pilotkit() as pk:
        meetings = list_meetings(pk.db, programme=programme)
    _write(meetings, as_json=as_json)


@app.command()
def show(
    number: Annotated[int, typer.Argument(metavar="NUMBER", help="The meeting's number.")],
    *,
    programme: ProgrammeKey = "",
    as_json: AsJson = False,
) -> None:
    """Show a meeting with the pilots that it decides, and where each stands."""
    from pilotkit.services.meetings import show_meeting
    from pilotkit.services.pilots import list_pilots

    with desk.pilotkit() as pk:
        meeting = show_meeting(pk.db, number=number, programme=programme)
        lines = {line.code: line for line in list_pilots(pk.db, archived=True)}
    if as_json:
        output.data(meeting)
        return
    _write((meeting,), as_json=False)
    output.table(
        (message("pilot"), message("title"), message("stage"), message("status")),
        ((code, desk.say(lines[code].title), lines[code].stage, lines[code].status) for code in meeting.pilots),
    )


def _write(meetings: "tuple[MeetingLine, ...]", *, as_json: bool) -> None:
    if as_json:
        output.data(meetings)
        return
    output.table(
        (message("meeting"), message("on"), message("place"), message("pilots")),
        ((each.number, each.on, each.place, each.pilots) for each in meetings),
        empty=message("No meeting is planned."),
    )

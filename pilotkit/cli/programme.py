"""``programme``: load and show programmes."""

from pathlib import Path
from typing import Annotated

import typer

from pilotkit.cli import desk, output
from pilotkit.cli.arguments import AsJson
from pilotkit.domain.text import message

app = typer.Typer(help="Load and show programmes.", no_args_is_help=True, rich_markup_mode=None)


@app.command()
def load(file: Annotated[Path, typer.Argument(metavar="FILE", help="The programme's file (TOML).")]) -> None:
    """Store a programme with its areas, organisations, people and arenas: all of it or nothing."""
    from pilotkit.exchange.programme_file import read_programme
    from pilotkit.services.programmes import load_programme

    with desk.pilotkit() as pk:
        found = read_programme(file)
        loaded = load_programme(
            pk.db, setup=found.setup, process=found.process, source=found.process_source, at=pk.now()
        )
        output.line(
            message(
                "The programme {key} is loaded: people {people}, action areas {areas}.",
                key=loaded.key,
                people=len(loaded.people),
                areas=len(loaded.areas),
            )
        )
        output.line(message("Next: pilotkit pilot new --title TEXT --area KEY --by EMAIL"))


@app.command()
def show(key: Annotated[str, typer.Argument(metavar="[KEY]")] = "", *, as_json: AsJson = False) -> None:
    """Show a programme: its frame, action areas and people."""
    from pilotkit.services.programmes import show_programme

    with desk.pilotkit() as pk:
        programme = show_programme(pk.db, key)
    if as_json:
        output.data(programme)
        return
    main = programme.main_language
    grant = programme.funded_project
    output.facts(
        (
            (message("programme"), f"{programme.key} ({programme.prefix})"),
            (message("title"), desk.say(programme.title, main=main)),
            (message("vision"), desk.say(programme.vision, main=main)),
            (message("languages"), programme.languages),
            (message("countries"), programme.countries),
            (message("time zone"), programme.zone),
            (message("years"), f"{programme.first_year}-{programme.last_year}"),
            (message("funded by"), f"{grant.funder}: {grant.programme} {grant.reference}" if grant else None),
            (message("example"), message("invented, and marked so on every page") if programme.example else None),
        )
    )
    output.heading(message("Action areas"))
    output.table(
        (message("key"), message("title")),
        ((area.key, desk.say(area.title, main=main)) for area in programme.areas),
    )
    output.heading(message("People"))
    from pilotkit.cli.person import people_table

    people_table(programme.people)


@app.command(name="list")
def list_(*, as_json: AsJson = False) -> None:
    """List the keys of all programmes."""
    from pilotkit.services.programmes import list_programmes

    with desk.pilotkit() as pk:
        keys = list_programmes(pk.db)
    if as_json:
        output.data([{"key": key} for key in keys])
    else:
        output.table((message("programme"),), ((key,) for key in keys), empty=message("There is no programme yet."))

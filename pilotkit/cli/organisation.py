"""``organisation``: the organisations around the pilots."""

from typing import Annotated

import typer

from pilotkit.cli import desk, output
from pilotkit.cli.arguments import AsJson, By, ProgrammeKey
from pilotkit.domain.text import message
from pilotkit.domain.words import word

app = typer.Typer(help="Add and list organisations.", no_args_is_help=True, rich_markup_mode=None)


@app.command()
def add(
    *,
    name: Annotated[str, typer.Option(metavar="TEXT", help="Its name.")],
    kind: Annotated[str, typer.Option(metavar="KIND", help="provider, municipality, region, academia, company ...")],
    country: Annotated[str, typer.Option(metavar="XX", help="Its country (two letters).")],
    region: Annotated[str, typer.Option(metavar="CODE", help="Its region, where holidays depend on it.")] = "",
    short_name: Annotated[str, typer.Option(metavar="TEXT", help="A short name.")] = "",
    programme: ProgrammeKey = "",
    by: By = "",
) -> None:
    """Add an organisation."""
    from pilotkit.services.organisations import add_organisation

    with desk.pilotkit() as pk:
        added = add_organisation(
            pk.db,
            programme=programme,
            name=name,
            kind=kind,
            country=country,
            region=region,
            short_name=short_name,
            by=desk.actor(by),
            at=pk.now(),
        )
    output.line(message("{name} ({country}) has been added.", name=added.name, country=added.country))


@app.command(name="list")
def list_(*, as_json: AsJson = False) -> None:
    """List every organisation by name."""
    from pilotkit.services.organisations import list_organisations

    with desk.pilotkit() as pk:
        organisations = list_organisations(pk.db)
    if as_json:
        output.data(organisations)
        return
    output.table(
        (message("name"), message("kind"), message("country"), message("region")),
        ((each.name, word(each.kind), each.country, each.region) for each in organisations),
        empty=message("There is no organisation yet."),
    )

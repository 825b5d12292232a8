"""``person``: the people of a programme."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Annotated

import typer

from pilotkit.cli import desk, output
from pilotkit.cli.arguments import AsJson, By, ProgrammeKey
from pilotkit.domain.programme import Role
from pilotkit.domain.text import message
from pilotkit.domain.words import word

if TYPE_CHECKING:
    from pilotkit.domain.programme import Person

app = typer.Typer(help="Add, list and disable people.", no_args_is_help=True, rich_markup_mode=None)


@app.command()
def add(
    *,
    email: Annotated[str, typer.Option(metavar="EMAIL", help="The person's address.")],
    role: Annotated[list[Role], typer.Option(help="What the person may do; several times for several roles.")],
    name: Annotated[str, typer.Option(metavar="TEXT", help="A name, or what the person is.")] = "",
    organisation: Annotated[str, typer.Option(metavar="NAME", help="The person's organisation.")] = "",
    language: Annotated[str, typer.Option(metavar="XX", help="The language of the person's messages.")] = "en",
    zone: Annotated[str, typer.Option(metavar="ZONE", help="The person's time zone; else the programme's.")] = "",
    programme: ProgrammeKey = "",
    by: By = "",
) -> None:
    """Add a person to a programme, or give one who is there further roles."""
    from pilotkit.services.people import add_person

    with desk.pilotkit() as pk:
        person = add_person(
            pk.db,
            programme=programme,
            email=email,
            name=name or email,
            roles=role,
            organisation=organisation,
            language=language,
            zone=zone,
            by=desk.actor(by),
            at=pk.now(),
        )
    roles = tuple(word(each) for each in sorted(person.roles))
    output.line(message("{name} ({email}) has the roles: {roles}.", name=person.name, email=person.email, roles=roles))


@app.command(name="list")
def list_(*, programme: ProgrammeKey = "", as_json: AsJson = False) -> None:
    """List everybody with a role in the programme."""
    from pilotkit.services.people import list_people

    with desk.pilotkit() as pk:
        people = list_people(pk.db, programme=programme)
    if as_json:
        output.data(people)
    else:
        people_table(people)


def people_table(people: Iterable["Person"]) -> None:
    """Write people with their roles."""
    output.table(
        (message("address"), message("name"), message("roles"), message("organisation"), message("state")),
        (
            (
                person.email,
                person.name,
                tuple(word(role) for role in sorted(person.roles)),
                person.organisation.name if person.organisation else "",
                message("active") if person.active else message("disabled"),
            )
            for person in people
        ),
    )


@app.command()
def disable(
    email: Annotated[str, typer.Argument(metavar="EMAIL", help="The person's address.")],
    *,
    programme: ProgrammeKey = "",
    by: By = "",
) -> None:
    """Deactivate a person: votes and sheets do not count any more, the agenda passes to the coordinator."""
    from pilotkit.services.people import disable_person

    with desk.pilotkit() as pk:
        person = disable_person(pk.db, programme=programme, email=email, by=desk.actor(by), at=pk.now())
    output.line(message("{email} has been disabled.", email=person.email))

"""``db``: the schema of the database."""

import typer

from pilotkit.cli import desk, output
from pilotkit.cli.arguments import AsJson
from pilotkit.domain.errors import Message
from pilotkit.domain.text import message

app = typer.Typer(help="Upgrade the database, or see how it stands.", no_args_is_help=True, rich_markup_mode=None)

_STATES: dict[str, Message] = {
    "empty": message("empty: run 'pilotkit db upgrade' to prepare it"),
    "current": message("current"),
    "older": message("older than this pilotkit: make a backup, then run 'pilotkit db upgrade'"),
    "newer": message("newer than this pilotkit: install the newer one"),
    "foreign": message("not pilotkit's: these are the tables of another program"),
}


@app.command()
def upgrade() -> None:
    """Bring the database to the schema of this pilotkit: wholly, or not at all."""
    from pilotkit.db import schema

    with desk.pilotkit(check_schema=False) as pk:
        before = schema.status(pk.db)
        after = schema.upgrade(pk.db)
        if before.current == after.current:
            text = message("The database {database} is current: schema {number}.", database=pk.db, number=after.head)
        else:
            text = message(
                "The database {database} has been brought to schema {number}.", database=pk.db, number=after.current
            )
        output.line(text)


@app.command()
def status(*, as_json: AsJson = False) -> None:
    """Show which schema the database has; exit code 1 when it cannot be worked with."""
    from pilotkit.db import schema

    with desk.pilotkit(check_schema=False) as pk:
        found = schema.status(pk.db)
        if as_json:
            output.data({"database": str(pk.db), "kind": pk.db.kind, **vars(found)})
        else:
            output.facts(
                (
                    (message("database"), str(pk.db)),
                    (message("schema"), found.current or "-"),
                    (message("needed"), found.head),
                    (message("state"), _STATES[found.state]),
                )
            )
    if found.state != "current":
        raise typer.Exit(1)

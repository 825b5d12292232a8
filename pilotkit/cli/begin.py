"""``init`` and ``version``."""

import platform
from pathlib import Path
from typing import Annotated

import typer

from pilotkit import __version__
from pilotkit.cli import desk, output
from pilotkit.cli.arguments import AsJson, By
from pilotkit.domain.errors import Unavailable
from pilotkit.domain.text import message

SETTINGS_FILE = Path("pilotkit.toml")


def version(*, as_json: AsJson = False) -> None:
    """Say which pilotkit this is."""
    if as_json:
        output.data({"pilotkit": __version__, "python": platform.python_version()})
    else:
        output.line(f"pilotkit {__version__}")


def init(
    *,
    by: By = "",
    database: Annotated[
        str, typer.Option(metavar="URL", help="The database's URL; an SQLite file in the data folder if not given.")
    ] = "",
) -> None:
    """Prepare this folder: settings, data folder and database.

    What is there already stays as it is: running it again mends what is missing.
    """
    if SETTINGS_FILE.exists():
        output.line(message("{file} is there already and stays as it is.", file=SETTINGS_FILE))
    else:
        _write_settings(by, database)
        output.line(message("{file} has been written.", file=SETTINGS_FILE))
    desk.begin(desk.chosen_language())  # the settings are read anew
    folder = desk.settings().data
    _make(folder)
    output.line(message("The data folder is {folder}.", folder=folder.resolve()))
    from pilotkit.db.schema import upgrade

    with desk.pilotkit(check_schema=False) as pk:
        status = upgrade(pk.db)
        output.line(message("The database {database} has schema {number}.", database=pk.db, number=status.current))
    output.line(message("Next: pilotkit programme load FILE (or look around first: pilotkit demo)"))


def _write_settings(by: str, database: str) -> None:
    lines = ["# Settings of pilotkit; PILOTKIT_* variables go before what stands here.", 'data = "pilotkit-data"']
    lines.append(f"database_url = {_quoted(database)}" if database else '# database_url = "postgresql://..."')
    lines.append(f"by = {_quoted(by)}" if by else '# by = "you@example.org"  # who gives the commands')
    lines.append('# language = "en"')
    try:
        with SETTINGS_FILE.open("x", encoding="utf-8") as file:
            file.write("\n".join(lines) + "\n")
    except OSError as error:
        raise Unavailable(
            message("{file} cannot be written: {reason}.", file=SETTINGS_FILE, reason=error.strerror or ""),
            message("Go to a folder in which you may write."),
        ) from None


def _quoted(text: str) -> str:
    """A TOML string; JSON's way of writing one is TOML's, too."""
    import json

    return json.dumps(text, ensure_ascii=False)


def _make(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise Unavailable(
            message("The data folder {folder} cannot be made: {reason}.", folder=folder, reason=error.strerror or ""),
            message("Set PILOTKIT_DATA to a folder in which you may write."),
        ) from None

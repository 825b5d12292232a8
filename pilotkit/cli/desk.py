"""What every command finds on its desk: the settings, the language, who acts, and pilotkit itself."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pilotkit.domain.errors import Invalid, PilotkitError, Unavailable
from pilotkit.domain.text import Message, Text, message

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path

    from pilotkit.bootstrap import Pilotkit
    from pilotkit.domain.programme import Programme
    from pilotkit.settings import Settings


@dataclass
class _Desk:
    lang: str = ""
    settings: Settings | None = None


_desk = _Desk()


def begin(lang: str = "") -> None:
    """Clear the desk for a command.

    Args:
        lang: The language asked for on the command line; that of the settings when empty.

    Raises:
        Invalid: pilotkit does not speak this language.
    """
    _desk.lang, _desk.settings = "", None
    if lang:
        from pilotkit.i18n.catalogs import catalog

        catalog(lang)
        _desk.lang = lang


def check_arguments(arguments: Sequence[str]) -> None:
    """Refuse arguments that are no text.

    Raises:
        Invalid: An argument is not UTF-8 text, or holds a NUL.
    """
    begin()
    for number, argument in enumerate(arguments, start=1):
        if any("\ud800" <= character <= "\udfff" for character in argument):
            raise Invalid(
                message("Argument {number} of the command is not UTF-8 text.", number=number),
                message("Set the terminal to UTF-8, or give the text in a file: @FILE."),
            )
        if "\0" in argument:
            raise Invalid(
                message("Argument {number} of the command holds a NUL character.", number=number),
                message("Type it again; copied text often brings such characters along."),
            )


def settings() -> Settings:
    """The settings of environment and ``pilotkit.toml``, read once per command.

    Raises:
        Invalid: A setting has a value that it cannot have, or ``pilotkit.toml`` is no TOML.
        Unavailable: ``pilotkit.toml`` cannot be read.
    """
    if _desk.settings is None:
        _desk.settings = _read_settings()
    return _desk.settings


def _read_settings() -> Settings:
    import tomllib

    from pydantic import ValidationError

    from pilotkit.settings import Settings

    try:
        return Settings()
    except ValidationError as error:
        first = error.errors(include_url=False, include_context=False)[0]
        name = ".".join(str(part) for part in first["loc"])
        raise Invalid(
            message("The setting {name} cannot be used: {reason}.", name=name, reason=first["msg"]),
            message("Correct PILOTKIT_{name} or pilotkit.toml.", name=name.upper()),
        ) from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError) as error:
        raise Invalid(
            message("pilotkit.toml cannot be read: {reason}.", reason=error),
            message("Mend the file; it is TOML in UTF-8, one setting in each line."),
        ) from None
    except OSError as error:
        raise Unavailable(
            message("pilotkit.toml cannot be read: {reason}.", reason=error.strerror or type(error).__name__),
            message("Check the rights of the file."),
        ) from None


@contextmanager
def pilotkit(*, check_schema: bool = True) -> Iterator[Pilotkit]:
    """pilotkit, wired by the settings, as long as the command needs it.

    Raises:
        Refused: The database is not of this version.
        Unavailable: The database does not answer.
    """
    from pilotkit.bootstrap import running

    with running(settings(), check_schema=check_schema) as running_pilotkit:
        yield running_pilotkit


def actor(by: str) -> str:
    """The e-mail address of the person who acts.

    Raises:
        Invalid: Nobody is named, neither by ``--by`` nor by the settings.
    """
    email = by.strip() or settings().by.strip()
    if not email:
        raise Invalid(
            message("Who gives this command is not said."),
            message("Say it with --by EMAIL, or once for all in PILOTKIT_BY or pilotkit.toml (by = ...)."),
        )
    return email


def programme_of(pk: Pilotkit, code: str) -> Programme:
    """The programme of a pilot.

    Raises:
        NotFound: There is no such pilot.
    """
    from pilotkit.services.pilots import show

    return show(pk.db, code).programme


def today(pk: Pilotkit, programme: Programme | None = None) -> date:
    """The day it is now, in the programme's zone; in UTC where no programme is meant."""
    from zoneinfo import ZoneInfo

    return pk.now().astimezone(ZoneInfo(programme.zone if programme else "UTC")).date()


def language() -> str:
    """The language of pilotkit's own texts: ``--lang``, else that of the settings, else English."""
    if _desk.lang:
        return _desk.lang
    try:
        return settings().language
    except PilotkitError:  # the settings are what is wrong: say so in English
        return "en"


def chosen_language() -> str:
    """The language asked for on the command line; empty when none was."""
    return _desk.lang


def say(what: Message | Text, *, main: str = "en") -> str:
    """A message or a text of a programme, in the command line's language."""
    chosen = language()
    if chosen == "en" and isinstance(what, str):
        return what
    from pilotkit.i18n.catalogs import catalog, languages

    return catalog(chosen if chosen in languages() else "en").say(what, main=main)


def log_to_file() -> None:
    """Send what libraries log to a file in the data folder: a user's screen is no log."""
    import logging

    folder = log_folder()
    folder.mkdir(parents=True, exist_ok=True)
    logging.basicConfig(
        handlers=[logging.FileHandler(folder / "pilotkit.log", encoding="utf-8", delay=True)],
        format="%(asctime)s %(levelname)s %(name)s: %(message)s",
    )


def log_folder() -> Path:
    """Where a traceback is kept: the data folder, or the current one's default where the settings cannot be read."""
    from pathlib import Path

    try:
        return settings().data
    except PilotkitError:
        return Path("pilotkit-data")

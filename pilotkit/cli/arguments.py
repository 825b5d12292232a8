"""The arguments that commands have in common, and how what people type becomes values."""

import sys
from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Annotated, Final, TypeVar

import typer

from pilotkit.cli.errors import shortened
from pilotkit.domain.errors import Invalid, NotFound, Unavailable
from pilotkit.domain.text import message

LONGEST_FILE: Final = 1_000_000
"""Bytes of a file with a text; the longest text that is kept has 20,000 characters."""


def day(written: str) -> date:
    """A day as ISO 8601 writes it.

    Raises:
        Invalid: It is no day.
    """
    try:
        return date.fromisoformat(written.strip())
    except ValueError:
        raise Invalid(
            message("{written} is no date.", written=shortened(written)),
            message("Write the day as year-month-day: 2026-03-31."),
        ) from None


def amount(written: str) -> Decimal:
    """A decimal number.

    Raises:
        Invalid: It is no number.
    """
    try:
        value = Decimal(written.strip())
    except InvalidOperation:
        value = Decimal("nan")
    if not value.is_finite() or _far(value) or "_" in written:
        raise Invalid(
            message("{written} is no number.", written=shortened(written)),
            message("Write it with a decimal point and without spaces: 1234.50."),
        )
    return value


def _far(value: Decimal) -> bool:
    """Whether a number has more digits than anybody measures; told without computing, which would overflow."""
    _, digits, exponent = value.as_tuple()
    return value.adjusted() >= 15 or len(digits) > 45 or (isinstance(exponent, int) and exponent < -30)


def text(written: str) -> str:
    """A text as given: itself, the content of a file (``@FILE``), or of standard input (``-``); ``@@`` begins with @.

    Raises:
        NotFound: There is no such file.
        Invalid: It is a folder, no UTF-8 text, or too long.
        Unavailable: It cannot be read.
    """
    if written == "-":
        return _decoded(sys.stdin.buffer.read(LONGEST_FILE + 1), "-")
    if written.startswith("@@"):
        return written[1:]
    return read_text(Path(written[1:])) if written.startswith("@") else written


def read_text(path: Path) -> str:
    """The content of a text file; see ``text`` for what is raised."""
    try:
        with path.open("rb") as file:
            content = file.read(LONGEST_FILE + 1)
    except FileNotFoundError:
        raise no_file(path) from None
    except IsADirectoryError:
        raise Invalid(
            message("{path} is a folder, not a file.", path=shortened(str(path))), message("Name a file in it.")
        ) from None
    except (OSError, ValueError) as error:
        raise Unavailable(
            message(
                "The file {path} cannot be read: {reason}.",
                path=shortened(str(path)),
                reason=getattr(error, "strerror", None) or type(error).__name__,
            ),
            message("Check its name and its rights."),
        ) from None
    return _decoded(content, str(path))


def no_file(path: Path) -> NotFound:
    """The error for a file that is not there."""
    return NotFound(message("There is no file {path}.", path=shortened(str(path))), message("Check the path."))


def _decoded(content: bytes, source: str) -> str:
    if len(content) > LONGEST_FILE:
        raise Invalid(
            message(
                "The text in {source} is too long: it has more than {most} bytes.",
                source=shortened(source),
                most=LONGEST_FILE,
            ),
            message("Shorten it, and keep the long text in a document that you name as evidence."),
        )
    try:
        return content.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        raise Invalid(
            message("The text in {source} is not UTF-8 (byte {byte}).", source=shortened(source), byte=error.start + 1),
            message("Save it as UTF-8."),
        ) from None


def texts(given: Sequence[str] | None, languages: Sequence[str]) -> dict[str, str]:
    """The versions of a text: ``XX=TEXT`` where XX is one of the programme's languages, else the main language's.

    Raises:
        Invalid: A version is given twice; see also ``text``.
    """
    versions: dict[str, str] = {}
    for each in given or ():
        language, sign, rest = each.partition("=")
        chosen, version = (language, rest) if sign and language in languages else (languages[0], each)
        if chosen in versions:
            raise Invalid(
                message("The text is given twice in the language {language}.", language=chosen),
                message(
                    "Give each language once: XX=TEXT, with XX one of {languages}.", languages=", ".join(languages)
                ),
            )
        versions[chosen] = text(version)
    return versions


Value = TypeVar("Value")


def named(given: Sequence[str] | None, what: str, value: Callable[[str], Value]) -> dict[str, Value]:
    """``KEY=VALUE`` arguments.

    Raises:
        Invalid: One is not written so, or a key is given twice.
    """
    found: dict[str, Value] = {}
    for each in given or ():
        key, sign, rest = each.partition("=")
        if not sign or not key.strip():
            raise Invalid(
                message("{written} is not written as {form}.", written=shortened(each), form=what),
                message("Put = between the key and its value."),
            )
        if key.strip() in found:
            raise Invalid(message("{key} is given twice.", key=shortened(key)), message("Give each key once."))
        found[key.strip()] = value(rest)
    return found


# --- what many commands take ------------------------------------------------------------------------------------------

Code = Annotated[str, typer.Argument(metavar="PILOT", help="The pilot's code, such as P-012.")]
By = Annotated[str, typer.Option("--by", metavar="EMAIL", help="Who gives the command; else PILOTKIT_BY.")]
AsJson = Annotated[bool, typer.Option("--json", help="Write JSON, for programs.")]
On = Annotated[date | None, typer.Option("--on", metavar="DATE", parser=day, help="The day; today if not given.")]
ProgrammeKey = Annotated[
    str, typer.Option("--programme", metavar="KEY", help="Which programme, where there are several.")
]
Reason = Annotated[str, typer.Option("--reason", metavar="TEXT", parser=text, help="Why.")]
Evidence = Annotated[
    str, typer.Option("--evidence", metavar="TEXT", parser=text, help="The file, link or note that shows it.")
]


def by_languages(help_: str, name: str) -> typer.models.OptionInfo:
    """An option for a text in the programme's languages, given once per language: TEXT or XX=TEXT."""
    return typer.Option(name, metavar="[XX=]TEXT", help=f"{help_} Once per language.")  # type: ignore[no-any-return]

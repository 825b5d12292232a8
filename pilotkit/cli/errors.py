"""What a command says when it cannot be carried out: one sentence and what to do, never a traceback."""

import errno
import os
import re
import sys
import traceback
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import typer
from typer._click import exceptions as usage

from pilotkit.cli import desk
from pilotkit.domain.errors import PilotkitError
from pilotkit.domain.text import Message, message

REFUSED: Final = 1
WRONG_USE: Final = 2
INTERRUPTED: Final = 130

_ENDLESS: Final = re.compile(r"(\S{100})\S{100,}")
"""Something in a sentence that is no word any more, for example a file's content where a name was meant."""


@dataclass
class Outcome:
    """How a command ended."""

    code: int = 0


@contextmanager
def reported() -> Iterator[Outcome]:
    """Turn whatever ends a command into a sentence on standard error and an exit code."""
    _tolerate_terminals()
    outcome = Outcome()
    try:
        yield outcome
        sys.stdout.flush()
    except typer.Exit as end:
        outcome.code = end.exit_code
    except SystemExit as end:
        outcome.code = end.code if isinstance(end.code, int) else REFUSED
    except (KeyboardInterrupt, typer.Abort):
        outcome.code = INTERRUPTED
    except BrokenPipeError:
        _forget_output()
    except PilotkitError as error:
        outcome.code = error.exit_code
        tell(error.what, error.remedy)
    except usage.NoArgsIsHelpError as error:
        outcome.code = WRONG_USE
        _write(error.format_message())
    except usage.UsageError as error:
        outcome.code = WRONG_USE
        tell(*_told(error))
    except OSError as error:
        outcome.code = REFUSED
        tell(*(_of_system(error) or _unexpected(error)))
        _forget_output()
    except Exception as error:  # noqa: BLE001 - a user never sees a traceback: it goes to a file
        outcome.code = REFUSED
        tell(*_unexpected(error))


def tell(what: Message, remedy: Message | None = None) -> None:
    """Write what is wrong and what to do to standard error, in the user's language."""
    _write("\n".join(_ENDLESS.sub(r"\1…", desk.say(sentence).rstrip()) for sentence in (what, remedy) if sentence))


def _write(text: str) -> None:
    with suppress(OSError):
        sys.stderr.write(f"{text}\n")


def _told(error: usage.UsageError) -> tuple[Message, Message]:
    path = error.ctx.command_path if error.ctx else "pilotkit"
    remedy = message("See how it is used: {command}", command=f"{path} --help")
    if isinstance(error, usage.BadParameter) and error.param:
        return _of_value(error, error.param.get_error_hint().strip("'")), remedy
    if isinstance(error, usage.NoSuchOption):
        near = [*(error.possibilities or ())][:2]
        what = message("There is no option {option}.", option=shortened(error.option_name))
        return what, message("Did you mean {options}?", options=" or ".join(near)) if near else remedy
    return message("{reason}", reason=shortened(error.format_message(), 400)), remedy


def _of_value(error: usage.BadParameter, parameter: str) -> Message:
    if isinstance(error, usage.MissingParameter):
        return message("{parameter} is missing.", parameter=parameter)
    if "valid integer" in error.message:
        return message("{parameter} must be a whole number.", parameter=parameter)
    reason = shortened(error.message.removeprefix("Value error, ").rstrip("."), 400)
    return message("{parameter} cannot be used: {reason}.", parameter=parameter, reason=reason)


def shortened(text: str, length: int = 80) -> str:
    """What somebody typed, as it may stand in a sentence: short, on one line, nothing invisible."""
    shown = "".join(letter if letter.isprintable() else " " for letter in text[: length + 1])
    return shown if len(shown) <= length else f"{shown[: length - 1]}…"


_SYSTEM: Final = {errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EACCES, errno.EPERM, errno.ENAMETOOLONG, errno.EIO}
"""What a disk or an operator is to blame for, not a fault of the program."""


def _of_system(error: OSError) -> tuple[Message, Message] | None:
    if error.errno not in _SYSTEM:
        return None
    where = shortened(str(error.filename)) if error.filename else "-"
    return (
        message("{where} cannot be read or written: {reason}.", where=where, reason=error.strerror),
        message("Check space and rights. See with 'pilotkit audit show' what was done before you try again."),
    )


def _unexpected(error: Exception) -> tuple[Message, Message]:
    reason = shortened(f"{type(error).__name__}: {error}", 200)
    what = message("Something went wrong that pilotkit did not expect: {reason}.", reason=reason)
    text = "".join(traceback.format_exception(error))
    try:
        file = _kept(text)
    except OSError:
        return what, message("Nothing was changed by the step that failed. The details could not be written to a file.")
    return what, message("The details are in {file}; please report them.", file=file)


def _kept(text: str) -> Path:
    folder = desk.log_folder()
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / "errors.log"
    with file.open("a", encoding="utf-8", errors="backslashreplace") as log:
        log.write(f"{text}\n")
    return file


def _tolerate_terminals() -> None:
    """A terminal that cannot show a letter gets a question mark, not an error; a stream that is closed is empty."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            setattr(sys, name, Path(os.devnull).open(mode, encoding="utf-8"))  # noqa: SIM115 - as long as the process
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")


def _forget_output() -> None:
    """Nobody reads on (``| head``): let Python not complain when it flushes at the end."""
    with suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())

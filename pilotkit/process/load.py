"""Reads a process from its file, its text or its stored form, and refuses a bad one with every fault at once."""

import json
import re
import tomllib
import unicodedata
from collections.abc import Iterator, Mapping
from copy import deepcopy
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

from pydantic import ConfigDict, TypeAdapter, ValidationError
from pydantic_core import ErrorDetails

from pilotkit.domain.errors import Invalid, NotFound, Unavailable
from pilotkit.domain.process import Process
from pilotkit.domain.text import Message, message
from pilotkit.process import places, schema
from pilotkit.process.fault import Fault
from pilotkit.process.way import faults_of_way

LARGEST_FILE: Final = 1_000_000
"""Bytes that a process file may have; the standard process has about 20,000."""

DEEPEST: Final = 20
"""Levels of tables and lists; a process has about ten."""

# Inside a tuple, because the settings reach dataclasses only from the outside.
_SHAPE: Final = TypeAdapter(tuple[Process], config=ConfigDict(extra="forbid", strict=True))


class BadProcess(Invalid):
    """A process that breaks rules.

    Attributes:
        faults: Every one of them, in the order of the file.
    """

    def __init__(self, source: str, faults: tuple[Fault, ...]) -> None:
        self.faults = faults
        listed = "\n".join(
            f"  {source}{f':{fault.line}' if fault.line else ''}: {fault.place or '.'}: {fault.reason}"
            for fault in faults
        )
        super().__init__(
            message(
                "The process {source} cannot be used. Faults: {count}\n{faults}\n",
                source=source,
                count=len(faults),
                faults=listed,
            ),
            message("Mend the file and check it with: pilotkit process check {source}", source=source),
        )


def load(path: Path) -> Process:
    """The process in a TOML file.

    Raises:
        NotFound: There is no such file.
        Invalid: It is no process file (``BadProcess`` with every fault), no UTF-8, empty or too large.
        Unavailable: It cannot be read.
    """
    source = str(path)
    try:
        with path.open("rb") as file:
            content = file.read(LARGEST_FILE + 1)
    except FileNotFoundError:
        raise NotFound(message("There is no process file {source}.", source=source)) from None
    except IsADirectoryError:
        raise Invalid(message("{source} is a folder, not a process file.", source=source)) from None
    except OSError as error:
        raise Unavailable(
            message("The process file {source} cannot be read: {reason}.", source=source, reason=error.strerror or "")
        ) from error
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        if len(content) > LARGEST_FILE:
            raise _too_large(source) from None
        line = content.count(b"\n", 0, error.start) + 1
        raise Invalid(
            message("The process file {source} is not UTF-8 text (line {line}).", source=source, line=line),
            message("Save it as UTF-8."),
        ) from None
    return parse(text, source=source)


def parse(text: str, *, source: str) -> Process:
    """The process that a TOML text describes; ``source`` names the text in messages.

    Raises:
        Invalid: It is no process (``BadProcess`` with every fault), empty or too large.
    """
    data = _toml(text, source)
    process, found = _judged(data)
    if process is None or found:
        lines = places.lines_of(text)
        located = (replace(fault, line=places.nearest(lines, fault.path)) for fault in found)
        raise BadProcess(source, tuple(sorted(located, key=lambda fault: fault.line)))
    return process


def canonical(process: Process) -> str:
    """The process as JSON, for keeping and comparing: equal processes, and only those, have the same text."""
    content = _SHAPE.dump_python((process,))[0]
    return json.dumps(content, default=_plain, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def from_canonical(text: str) -> Process:
    """The process that ``canonical`` wrote.

    Raises:
        Invalid: The text does not hold a sound process.
    """
    try:
        data = json.loads(text)
    except (ValueError, RecursionError):
        data = None
    if not isinstance(data, dict):
        raise Invalid(message("The stored process cannot be read: it is no JSON object."))
    process, found = _judged(data)
    if process is None or found:
        raise BadProcess(str(data.get("key", "")), tuple(found))
    return process


def _plain(value: object) -> str:
    if isinstance(value, Decimal):
        return format(value.normalize(), "f")
    raise TypeError(type(value).__name__)


# --- the text ---------------------------------------------------------------------------------------------------------


def _toml(text: str, source: str) -> dict[str, Any]:
    if len(text.encode(errors="replace")) > LARGEST_FILE:
        raise _too_large(source)
    if not text.strip():
        raise Invalid(message("The process {source} is empty.", source=source))
    if "\0" in text:
        line = text.count("\n", 0, text.index("\0")) + 1
        raise Invalid(
            message("The process {source} is no text: line {line} holds a NUL.", source=source, line=line),
            message("Save it as UTF-8."),
        )
    try:
        return _of_json(tomllib.loads(text))  # type: ignore[return-value]
    except RecursionError:
        raise Invalid(message("The process {source} is nested too deeply.", source=source)) from None
    except ValueError as error:
        raise Invalid(
            _syntax(source, text, str(error)), message("Mend the file as https://toml.io describes.")
        ) from None


def _of_json(value: object) -> object:
    """What TOML knows and JSON does not (dates, endless numbers) becomes what no part of a process accepts."""
    if isinstance(value, dict):
        return {key: _of_json(part) for key, part in value.items()}
    if isinstance(value, list):
        return [_of_json(part) for part in value]
    fits = abs(value) < 2**63 if isinstance(value, int) else isinstance(value, str | float)
    return value if fits else [[]]


def _syntax(source: str, text: str, reason: str) -> Message:
    found = re.fullmatch(
        r"(?P<reason>.*) \(at (?:line (?P<line>\d+), column (?P<column>\d+)|end of document)\)", reason
    )
    if found is None:
        return message("The process {source} is no TOML: {reason}.", source=source, reason=reason)
    return message(
        "The process {source} is no TOML: line {line}, column {column}: {reason}.",
        source=source,
        line=int(found["line"] or text.count("\n") + 1),
        column=int(found["column"] or len(text) - text.rfind("\n")),
        reason=found["reason"],
    )


def _too_large(source: str) -> Invalid:
    return Invalid(
        message("The process {source} is too large: at most {most} bytes.", source=source, most=LARGEST_FILE)
    )


# --- the shape --------------------------------------------------------------------------------------------------------


def _judged(data: dict[str, Any]) -> tuple[Process | None, list[Fault]]:
    """The process if the data has the right shape, and everything that is wrong with it.

    Where the shape is wrong, the rules still judge the rest: the wrong places are filled with stand-ins, and what the
    rules say about those is left out.
    """
    if _deeper(data, DEEPEST):
        return None, [Fault((), message("tables and lists are nested too deeply"))]
    unfit = list(_unfit(data))
    process, errors = _shaped(data)
    if process is not None:
        return process, [*unfit, *schema.faults(process)]
    shape = list(_shape_faults(data, errors))
    mended = _mended(data, shape)
    rules = _rules(mended, {_of_table(fault.path) for fault in shape}) if mended else ()
    return None, [*unfit, *shape, *rules]


def _rules(mended: Process, wrong: set[places.Path]) -> Iterator[Fault]:
    """What the rules say about a mended process, without what comes from the wrong places themselves."""
    for fault in schema.faults_of_parts(mended):
        if not any(_follows(fault.path, path) for path in wrong):
            yield fault
    names = {path[-1] for path in wrong if len(path) <= 3}
    if names & _LINKS:
        return
    for fault in faults_of_way(mended):
        guessed = ("kind" in names and "documents" in fault.path) or (
            "score_set" in names and fault.path[0] == "score_sets"
        )
        if not guessed and not any(_follows(fault.path, path, around=False) for path in wrong):
            yield fault


def _shaped(data: dict[str, Any]) -> tuple[Process | None, list[ErrorDetails]]:
    try:
        # Strict JSON lets lists be tuples and words be members, but neither "2" nor true be a number.
        return _SHAPE.validate_json(json.dumps([data]))[0], []
    except ValidationError as error:
        return None, error.errors(include_url=False)


def _deeper(value: object, levels: int) -> bool:
    parts = value.values() if isinstance(value, Mapping) else value if isinstance(value, list) else ()
    return levels < 0 or any(_deeper(part, levels - 1) for part in parts)


def _unfit(value: object, path: places.Path = ()) -> Iterator[Fault]:
    """Characters that neither a database nor a page can hold."""
    if isinstance(value, str):
        if any(unicodedata.category(letter) == "Cc" and letter not in "\n\t" for letter in value):
            yield Fault(path, message("holds a control character"))
    elif isinstance(value, Mapping):
        for key, part in value.items():
            yield from _unfit(key, (*path, key))
            yield from _unfit(part, (*path, key))
    elif isinstance(value, list):
        for number, part in enumerate(value):
            yield from _unfit(part, (*path, number))


def _shape_faults(data: dict[str, Any], errors: list[ErrorDetails]) -> Iterator[Fault]:
    """One fault per place; where several types were allowed, Pydantic reports each that did not fit."""
    found: dict[places.Path, list[ErrorDetails]] = {}
    for error in errors:
        found.setdefault(_place(data, error), []).append(error)
    for path, several in found.items():
        yield Fault(path, _reason(several))


def _place(data: object, error: ErrorDetails) -> places.Path:
    """The path of an error within the file, without Pydantic's names of alternatives."""
    path: places.Path = ()
    for part in error["loc"][1:]:
        inside = isinstance(data, Mapping) and part in data
        if not inside and not (isinstance(data, list) and isinstance(part, int) and part < len(data)):
            return (*path, part) if error["type"] == "missing" else path
        data = data[part]  # type: ignore[index]
        path = (*path, part)
    return path


_REASONS: Final[Mapping[str, Message]] = {
    "missing": message("is missing"),
    "unexpected_keyword_argument": message("is no key of a process file"),
    "string_type": message("must be text"),
    "int_type": message("must be a whole number"),
    "int_from_float": message("must be a whole number"),
    "bool_type": message("must be true or false"),
    "decimal_type": message("must be a number"),
    "decimal_parsing": message("must be a number"),
    "finite_number": message("must be a number"),
    "tuple_type": message("must be a list"),
    "dict_type": message("must be a table"),
    "dataclass_type": message("must be a table"),
}


def _reason(errors: list[ErrorDetails]) -> Message:
    kinds = {error["type"] for error in errors}
    if kinds & {"literal_error", "enum"}:
        expected = next(error for error in errors if error["type"] in ("literal_error", "enum"))
        return message(
            "“{value}” is none of {known}",
            value=str(expected["input"])[:60],
            known=str(expected.get("ctx", {}).get("expected", "")).replace(" or ", ", ").replace("'", ""),
        )
    if "string_type" in kinds and len(errors) > 1:
        return message("must be text, or a table with a text for each language")
    return _REASONS.get(errors[0]["type"], message("cannot be used: {reason}", reason=errors[0]["msg"]))


# --- stand-ins --------------------------------------------------------------------------------------------------------

_LINKS: Final = frozenset({"key", "next", "score_sets"})
"""What joins the parts of a process: where one of these is wrong, how the parts refer to each other is not judged."""

_BY_KIND: Final = frozenset({"next", "evaluators", "score_set", "quorum", "outcomes", "shown_by"})
"""What the rules judge by the kind of the stage."""

_STAND_INS: Final[Mapping[str | int, Any]] = {
    "key": "stand-in",
    "version": 1,
    "title": "Stand-in",
    "first": "stand-in",
    "kind": "implementation",
    "working_days": 1,
    "gate": {"quorum": 2},
    "quorum": 2,
    "groups": [],
    "criteria": [],
    "axis": "value",
    "anchors": {},
    "to": {"owner": 1},
}


def _mended(data: dict[str, Any], shape: list[Fault]) -> Process | None:
    """The process with the wrong places taken out and stand-ins for what is then missing; none where that fails."""
    copy = deepcopy(data)
    if any(not fault.path for fault in shape):
        return None
    for fault in shape:
        _take_out(copy, _of_table(fault.path))
    process, errors = _shaped(copy)
    for error in errors:
        *outer, name = _place(copy, error)
        if error["type"] != "missing" or name not in _STAND_INS:
            return None
        _table(copy, tuple(outer))[name] = deepcopy(_STAND_INS[name])
    return process or _shaped(copy)[0]


def _of_table(path: places.Path) -> places.Path:
    """The key that a path belongs to: one item cannot be taken out of a list without moving the others."""
    while path and isinstance(path[-1], int):
        path = path[:-1]
    return path


def _take_out(data: dict[str, Any], path: places.Path) -> None:
    try:
        _table(data, path[:-1]).pop(path[-1], None)
    except (LookupError, TypeError, AttributeError):
        return  # what it stood in has been taken out before


def _table(data: Any, path: places.Path) -> dict[str | int, Any]:  # noqa: ANN401 - a tree of what TOML knows
    for part in path:
        data = data[part]
    return data  # type: ignore[no-any-return]


def _follows(path: places.Path, wrong: places.Path, *, around: bool = True) -> bool:
    """Whether a fault at ``path`` may come from the wrong place: within it, ``around`` it, or by an unknown kind."""
    within = path[: len(wrong)] == wrong
    by_kind = wrong[-1] == "kind" and path[:2] == wrong[:2] and not _BY_KIND.isdisjoint(path)
    return within or by_kind or (around and wrong[: len(path)] == path)

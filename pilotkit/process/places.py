"""Where in a TOML file a value stands, so that a fault can be shown with its line.

``tomllib`` tells values but not lines. This walks a text that ``tomllib`` has accepted before, so it need not judge.
"""

import re
import tomllib
from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

Path = tuple[str | int, ...]
"""The way to a value: ``("stages", 2, "gate", "quorum")``. Lists count from 0."""

_BLANK: Final = re.compile(r"(?:[ \t\n]|#[^\n]*)*")
_STRING: Final = re.compile(
    r""""{3}(?:\\.|[^\\])*?"{3,5} | '{3}.*?'{3,5} | "(?:\\.|[^"\\\n])*" | '[^'\n]*' """, re.DOTALL | re.VERBOSE
)
_BARE_KEY: Final = re.compile(r"[A-Za-z0-9_-]+")
_BARE_VALUE: Final = re.compile(r"[^,\]}\n#]+")


def written(path: Path) -> str:
    """A path as people write it: ``stages[2].gate.quorum``; an unusual key stands in quotes."""
    text = ""
    for part in path:
        if isinstance(part, int):
            text += f"[{part}]"
        else:
            text += ("." if text else "") + (part if _BARE_KEY.fullmatch(part) else f'"{quoted(part)}"')
    return text


def quoted(value: str) -> str:
    """Something out of a file as it may stand in a message: short, on one line, nothing invisible."""
    shown = "".join(letter if letter.isprintable() else f"\\u{ord(letter):04x}" for letter in value)
    return shown if len(shown) <= 60 else shown[:59] + "…"


def nearest(lines: Mapping[Path, int], path: Path) -> int:
    """The line of a path, or of the nearest table around it that the file names; 1 for the file itself."""
    while path and path not in lines:
        path = path[:-1]
    return lines.get(path, 1)


def lines_of(text: str) -> dict[Path, int]:
    """The line (from 1) of every table, key and list item of a TOML text that ``tomllib`` accepts."""
    walk = _Walk(text.replace("\r\n", "\n"))
    walk.document()
    return walk.lines


@dataclass
class _Walk:
    text: str
    at: int = 0
    lines: dict[Path, int] = field(default_factory=dict)
    counts: dict[Path, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.ends = [match.start() for match in re.finditer("\n", self.text)]

    def document(self) -> None:
        table: Path = ()
        while self.skip(_BLANK) < len(self.text):
            if self.text.startswith("[", self.at):
                table = self.header()
            else:
                self.pair(table)

    def header(self) -> Path:
        start, repeated = self.at, self.text.startswith("[[", self.at)
        self.at += 2 if repeated else 1
        *outer, name = self.key()
        path: Path = ()
        for part in outer:
            path = (*path, part)
            if path in self.counts:
                path = (*path, self.counts[path] - 1)
        path = (*path, name)
        if repeated:
            self.note(path, start)
            self.counts[path] = self.counts.get(path, 0) + 1
            path = (*path, self.counts[path] - 1)
        self.note(path, start)
        self.at = self.text.index("]", self.at) + (2 if repeated else 1)
        return path

    def pair(self, table: Path) -> None:
        start = self.at
        path: Path = table
        for name in self.key():
            path = (*path, name)
            self.note(path, start)
        self.at = self.text.index("=", self.at) + 1
        self.value(path)

    def key(self) -> list[str]:
        names = []
        while True:
            self.skip(_BLANK)
            start = self.at
            if self.text[start] in "\"'":
                self.skip(_STRING)
                names.append(tomllib.loads(f"key = {self.text[start : self.at]}")["key"])
            else:
                self.skip(_BARE_KEY)
                names.append(self.text[start : self.at])
            self.skip(_BLANK)
            if not self.text.startswith(".", self.at):
                return names
            self.at += 1

    def value(self, path: Path) -> None:
        self.skip(_BLANK)
        self.note(path, self.at)
        match self.text[self.at]:
            case "[":
                self.items(path)
            case "{":
                self.inline_table(path)
            case "'" | '"':
                self.skip(_STRING)
            case _:
                self.skip(_BARE_VALUE)

    def items(self, path: Path) -> None:
        self.at += 1
        number = 0
        while self.text[self.skip(_BLANK)] != "]":
            self.value((*path, number))
            number += 1
            if self.text[self.skip(_BLANK)] == ",":
                self.at += 1
        self.at += 1

    def inline_table(self, path: Path) -> None:
        self.at += 1
        while self.text[self.skip(_BLANK)] != "}":
            self.pair(path)
            if self.text[self.skip(_BLANK)] == ",":
                self.at += 1
        self.at += 1

    def skip(self, pattern: re.Pattern[str]) -> int:
        match = pattern.match(self.text, self.at)
        self.at = match.end() if match else self.at
        return self.at

    def note(self, path: Path, at: int) -> None:
        self.lines.setdefault(path, self.line(at))

    def line(self, at: int) -> int:
        return bisect_right(self.ends, at - 1) + 1

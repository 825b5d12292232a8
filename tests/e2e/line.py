"""The command line as tests call it: in this process, with its own folder and database."""

import io
import json
import sqlite3
import sys
from contextlib import ExitStack, closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from pilotkit.cli.app import run

PROGRAMME = Path(__file__).resolve().parents[1] / "data" / "programmes" / "small.toml"

COORDINATOR = "c@example.org"


@dataclass(frozen=True)
class Answer:
    """How a command ended and what it said."""

    code: int
    out: str
    err: str

    @property
    def data(self) -> Any:
        return json.loads(self.out)


@dataclass
class Line:
    """Gives commands in a folder of its own; ``c@example.org`` gives them if nobody else is named."""

    folder: Path
    capsys: pytest.CaptureFixture[str]
    monkeypatch: pytest.MonkeyPatch
    url: str

    def __call__(self, *arguments: object, stdin: bytes | None = None) -> Answer:
        with ExitStack() as stack:
            if stdin is not None:
                replaced = stack.enter_context(io.TextIOWrapper(io.BytesIO(stdin)))
                self.monkeypatch.setattr(sys, "stdin", replaced)
            self.capsys.readouterr()
            code = run([str(argument) for argument in arguments])
        out, err = self.capsys.readouterr()
        return Answer(code, out, err)

    def ok(self, *arguments: object, stdin: bytes | None = None) -> Answer:
        answer = self(*arguments, stdin=stdin)
        assert answer.code == 0, answer
        return answer

    def refused(self, *arguments: object, stdin: bytes | None = None) -> str:
        """The sentence with which a command is refused; nothing was changed by it."""
        before = self.events()
        answer = self(*arguments, stdin=stdin)
        assert answer.code in (1, 2), answer
        assert answer.out == "", answer
        assert "Traceback" not in answer.err, answer
        assert "did not expect" not in answer.err, answer
        assert answer.err.strip(), answer
        assert len(answer.err) < 2_000, answer
        assert self.events() == before
        assert not list(self.folder.rglob("errors.log"))
        return answer.err

    def events(self) -> int:
        with closing(sqlite3.connect(self.url.removeprefix("sqlite:///"))) as database:
            return int(database.execute("SELECT count(*) FROM audit_event").fetchone()[0])

    def data(self, *arguments: object) -> Any:
        return self.ok(*arguments, "--json").data

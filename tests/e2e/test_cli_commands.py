"""Every command that pilotkit prints anywhere is one that it knows; the help and the lists agree with the code."""

import ast
import inspect
import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.main import get_command

from pilotkit.cli.app import COMMANDS, app, loaded
from pilotkit.exchange.programme_file import parse_programme

ROOT = Path(__file__).resolve().parents[2]

NOT_COMMANDS = ("pilotkit process hangs",)
"""Sentences in which the name of a command is an ordinary word."""

VALUES = {"DATE": "2026-03-31", "OUTCOME": "go"}


def strings(tree: ast.AST) -> Iterator[str]:
    """Every text in the code, docstrings apart; ``?`` stands for what is filled in."""
    docstrings = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    filled = [node for node in ast.walk(tree) if isinstance(node, ast.JoinedStr)]
    inside = {id(part) for node in filled for part in ast.walk(node) if part is not node}
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            yield "".join(str(part.value) if isinstance(part, ast.Constant) else "?" for part in node.values)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docstrings | inside:
            yield node.value


def command_keywords(tree: ast.AST) -> Iterator[str]:
    """Commands of agenda items: the rules write them without the ``pilotkit`` before them."""
    for node in ast.walk(tree):
        if isinstance(node, ast.keyword) and node.arg == "command":
            yield from (f"pilotkit {text}" for text in strings(node.value) if text.strip() and "pilotkit" not in text)


def printed() -> Iterator[Any]:
    names = "|".join(COMMANDS)
    pattern = re.compile(rf"pilotkit (?:{names})\b[^'\"`(),;]*")
    seen = set()
    for folder in ("pilotkit", "flows"):
        for path in sorted((ROOT / folder).rglob("*.py")):
            tree = ast.parse(path.read_text(encoding="utf-8"))
            texts = [*strings(tree), *(command_keywords(tree) if "domain" in path.parts else ())]
            for text in texts:
                for found in pattern.findall(text):
                    command = re.split(r"\. |\.$| and | to | or |, |→|\n", found)[0].strip()
                    if command not in seen and not found.startswith(NOT_COMMANDS):
                        seen.add(command)
                        yield pytest.param(command, id=command)


def parsed(command: str) -> None:
    """Parse a command as the command line does, without looking at values; raises what is wrong with its form."""
    words = [VALUES.get(word, re.sub(r"\{[^}]*\}|\?", "1", word)) for word in shlex.split(command)[1:]]
    current: Any = get_command(app)
    context = current.make_context("pilotkit", list(words), resilient_parsing=True)
    while words and hasattr(current, "commands"):
        name, *words = words
        found = current.get_command(context, name)
        assert found is not None, f"there is no command {name} in: {command}"
        current = found
        if words or not hasattr(current, "commands"):
            context = current.make_context(name, list(words), parent=context, resilient_parsing=True)
    if not hasattr(current, "commands"):
        _, rest, _ = current.make_parser(context.__class__(current)).parse_args(args=list(words))
        assert rest == [], f"too many arguments: {command}"


@pytest.mark.parametrize("command", list(printed()))
def test_a_printed_command_is_known(command: str) -> None:
    parsed(command)


def test_the_search_finds_what_is_printed() -> None:
    found = {param.values[0] for param in printed()}
    assert "pilotkit resume" not in found
    assert {
        "pilotkit pilot resume ? --reason TEXT",
        "pilotkit db upgrade",
        "pilotkit pilot archive {code} --undo",
        "pilotkit action update ? ? --state done",
    } <= found
    assert len(found) > 30


@pytest.mark.parametrize("wrong", ["pilotkit pilot lst", "pilotkit agenda --persn x", "pilotkit db status now"])
def test_a_wrong_command_would_be_found(wrong: str) -> None:
    with pytest.raises(Exception, match=r"no command|No such option|too many"):
        parsed(wrong)


ISSUE = """
init|demo|doctor|version
programme load|programme show
person add|person list|organisation add|organisation list
pilot new|pilot list|pilot show|pilot edit|pilot archive
agenda|criterion meet|criterion waive|criterion not-applicable
score|trial book|trial start|trial measure|trial end
action add|action update|action list|lesson add
meeting new|meeting list|meeting show
vote|decide|conflict declare|condition meet|condition waive|condition extend|decision show|decision revert
advance|sweep|worker|render|handbook build|plan build|import
audit show|audit verify|process check|process diagram|db upgrade|db status
"""


@pytest.mark.parametrize("command", re.split(r"[|\n]+", ISSUE.strip()))
def test_what_the_command_line_promises_is_there(command: str) -> None:
    name, _, inner = command.partition(" ")
    found: Any = loaded(name)
    assert not inner or inner in found.commands


@pytest.mark.parametrize("name", list(COMMANDS))
def test_the_summary_is_what_the_command_itself_says(name: str) -> None:
    told = inspect.cleandoc(loaded(name).help or "").splitlines()[0]
    assert told == COMMANDS[name].summary


def every_command() -> Iterator[tuple[str, Any]]:
    for name in COMMANDS:
        command: Any = loaded(name)
        inner = getattr(command, "commands", None)
        yield from ((f"{name} {each}", inner[each]) for each in inner or ()) if inner else [(name, command)]


@pytest.mark.parametrize(("name", "command"), [pytest.param(*each, id=each[0]) for each in every_command()])
def test_every_command_explains_itself(name: str, command: Any) -> None:
    assert (command.help or "").strip()
    for parameter in command.params:
        if parameter.param_type_name == "option":
            assert parameter.help, f"{name}: {parameter.name}"


DOCUMENTATION = (ROOT / "docs" / "commands.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", [name for name, _ in every_command()])
def test_every_command_stands_in_the_docs(name: str) -> None:
    assert f"`pilotkit {name}`" in DOCUMENTATION


def test_the_commands_of_the_docs_are_known() -> None:
    examples = re.findall(r"^pilotkit [^#\n]+", DOCUMENTATION, re.MULTILINE)
    found = [*examples, *re.findall(r"`(pilotkit [a-z][^`]*)`", DOCUMENTATION)]
    assert len(found) > 70
    for command in found:
        parsed(command)


def test_the_programme_of_the_docs_can_be_read() -> None:
    example = DOCUMENTATION.split("```toml\n")[1].split("```")[0]
    assert parse_programme(example, source="docs/commands.md").key == "care"

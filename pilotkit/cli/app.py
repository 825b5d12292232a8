"""The command line: its commands by name, each loaded when it is called.

A command answers at once only if it loads little. So the root knows every command's name and summary, and imports the
module of the one that is called; a module imports services, Rich and the rest in the function that needs them.
"""

import sys
from collections.abc import Sequence
from importlib import import_module
from typing import TYPE_CHECKING, Annotated, Final, NamedTuple

import typer
from typer.core import TyperCommand, TyperGroup
from typer.main import get_command

from pilotkit.cli import desk
from pilotkit.cli.errors import reported

if TYPE_CHECKING:
    from typer._click import Command, Context, HelpFormatter
    from typer._click.shell_completion import CompletionItem


class Entry(NamedTuple):
    """A command of the root: the module and name of its group or function, its part of the list, its summary."""

    module: str
    name: str
    part: str
    summary: str


_BEGIN, _PEOPLE, _PILOTS, _STAGES, _GATES, _WORK, _CARE = (
    "To begin",
    "Programme",
    "Pilots",
    "Work of the stages",
    "Gates",
    "What pilotkit does itself",
    "Care",
)

COMMANDS: Final[dict[str, Entry]] = {
    "init": Entry("begin", "init", _BEGIN, "Prepare this folder: settings, data folder and database."),
    "demo": Entry("demo", "demo", _BEGIN, "Take the pilots of the example programme through their stages."),
    "doctor": Entry("doctor", "doctor", _BEGIN, "Check everything that pilotkit needs, and say how to mend it."),
    "version": Entry("begin", "version", _BEGIN, "Say which pilotkit this is."),
    "programme": Entry("programme", "app", _PEOPLE, "Load and show programmes."),
    "person": Entry("person", "app", _PEOPLE, "Add, list and disable people."),
    "organisation": Entry("organisation", "app", _PEOPLE, "Add and list organisations."),
    "meeting": Entry("meeting", "app", _PEOPLE, "Plan and show board meetings."),
    "import": Entry("importing", "import_file", _PEOPLE, "Make pilots of the rows of a table (CSV or XLSX)."),
    "pilot": Entry("pilot", "app", _PILOTS, "Hand in, list, show and edit pilots."),
    "agenda": Entry("agenda", "agenda", _PILOTS, "Show what waits for whom, and until when."),
    "criterion": Entry("criterion", "app", _STAGES, "Show that the criteria of a gate are met, or waive them."),
    "score": Entry("evaluation", "score", _STAGES, "Fill in your scoresheet for a pilot."),
    "panel": Entry("evaluation", "app", _STAGES, "Go on with an evaluation panel."),
    "trial": Entry("trial", "app", _STAGES, "Book test arenas, plan indicators, run and measure trials."),
    "action": Entry("action", "app", _STAGES, "Plan and update action items, and record adoptions."),
    "lesson": Entry("lesson", "app", _STAGES, "Write lessons and settle handbook entries."),
    "vote": Entry("gate", "vote", _GATES, "Vote at a pilot's gate, or record a vote from the minutes."),
    "decide": Entry("gate", "decide", _GATES, "Decide a pilot's gate."),
    "decision": Entry("decision", "app", _GATES, "Show and revert decisions."),
    "condition": Entry("condition", "app", _GATES, "Settle the conditions of a conditional go."),
    "conflict": Entry("evaluation", "conflict", _GATES, "Declare conflicts of interest."),
    "advance": Entry("work", "advance", _WORK, "Do what the agenda of pilots holds for pilotkit."),
    "sweep": Entry("work", "sweep", _WORK, "Do whatever is due in the whole portfolio, for example from cron."),
    "worker": Entry("work", "worker", _WORK, "Serve the flows to a Prefect server, with their schedules."),
    "render": Entry("documents", "render", _WORK, "Render documents of a pilot."),
    "handbook": Entry("documents", "handbook", _WORK, "Typeset the programme's handbook."),
    "plan": Entry("documents", "plan", _WORK, "Typeset the action plans of the programme."),
    "audit": Entry("audit", "app", _CARE, "Show and verify the audit trail."),
    "process": Entry("process", "app", _CARE, "Check and draw process files."),
    "db": Entry("database", "app", _CARE, "Upgrade the database, or see how it stands."),
}
"""Every command of the root, in the order of the help."""


class Root(TyperGroup):
    """The root of the commands: lists them without loading them, loads the one that is called."""

    def list_commands(self, ctx: "Context") -> list[str]:
        """The names, in the order of the help."""
        return list(COMMANDS)

    def get_command(self, ctx: "Context", cmd_name: str) -> "Command | None":
        """The command of this name, loaded; none if there is no such command."""
        return loaded(cmd_name) if cmd_name in COMMANDS else None

    def format_commands(self, ctx: "Context", formatter: "HelpFormatter") -> None:
        """Write the list for the help, part by part, from the table alone."""
        for part in dict.fromkeys(entry.part for entry in COMMANDS.values()):
            with formatter.section(part):
                formatter.write_dl([(name, entry.summary) for name, entry in COMMANDS.items() if entry.part == part])

    def shell_complete(self, ctx: "Context", incomplete: str) -> list["CompletionItem"]:
        """Complete the name of a command without loading any."""
        from typer._click.shell_completion import CompletionItem

        found = [
            CompletionItem(name, help=entry.summary)
            for name, entry in COMMANDS.items()
            if name.startswith(incomplete) and not incomplete.startswith("-")
        ]
        return found or super().shell_complete(ctx, incomplete)


def loaded(name: str) -> "Command":
    """A command of the root with its module imported."""
    entry = COMMANDS[name]
    found = getattr(import_module(f"pilotkit.cli.{entry.module}"), entry.name)
    if not isinstance(found, typer.Typer):
        single = typer.Typer(add_completion=False, rich_markup_mode=None)
        single.command(name, cls=TyperCommand)(found)
        found = single
    found._add_completion = False  # noqa: SLF001 - only the root offers to install the completion
    command = get_command(found)
    command.name = name
    return command


app = typer.Typer(
    cls=Root,
    help="Takes pilot projects from idea to published handbook entry.",
    epilog="Settings: PILOTKIT_* variables or pilotkit.toml. A text may be given as @FILE, or as - for standard input.",
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["--help", "-h"]},
)


@app.callback()
def root(
    lang: Annotated[str, typer.Option(metavar="XX", help="The language of pilotkit's own texts.")] = "",
) -> None:
    """Takes pilot projects from idea to published handbook entry."""
    desk.begin(lang)


def run(arguments: Sequence[str]) -> int:
    """Carry out a command line; returns the exit code: 0, 1 when refused, 2 when used wrongly, 130 when interrupted."""
    with reported() as outcome:
        desk.check_arguments(arguments)
        code = get_command(app).main(args=list(arguments), prog_name="pilotkit", standalone_mode=False)
        outcome.code = code if isinstance(code, int) else 0
    return outcome.code


def main() -> None:
    """The entry point of the package's ``pilotkit`` command."""
    sys.exit(run(sys.argv[1:]))

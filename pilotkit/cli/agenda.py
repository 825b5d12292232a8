"""``agenda``: what waits for whom."""

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, Annotated

import typer

from pilotkit.cli import desk, output
from pilotkit.cli.arguments import AsJson
from pilotkit.domain.text import message

if TYPE_CHECKING:
    from pilotkit.domain.agenda import AgendaItem


def agenda(
    *,
    pilot: Annotated[str, typer.Option(metavar="PILOT", help="Only those of this pilot.")] = "",
    person: Annotated[str, typer.Option(metavar="EMAIL", help="Only those of this person.")] = "",
    late: Annotated[bool, typer.Option("--late", help="Only those that are overdue.")] = False,
    as_json: AsJson = False,
) -> None:
    """Show what waits for whom, and until when."""
    from pilotkit.services.agenda import agenda as open_agenda

    with desk.pilotkit() as pk:
        today = desk.today(pk)
        items = open_agenda(pk.db, today=today, pilot=pilot, person=person, late=late)
    if as_json:
        output.data([agenda_data(each.pilot, each.item, today) for each in items])
    elif items:
        agenda_table([(each.pilot, each.item) for each in items], today)
    elif output.on_terminal():
        output.line(message("Nothing waits for anybody."))


def agenda_table(items: Sequence[tuple[str, "AgendaItem"]], today: date, *, with_pilot: bool = True) -> None:
    """Write agenda items; the command of each below its title, or in a column of its own where nobody looks."""
    apart = not output.on_terminal()
    columns = (
        (message("due"), lambda _, item: _due(item, today)),
        *(((message("pilot"), lambda code, _: code),) if with_pilot else ()),
        (message("what"), lambda _, item: _what(item, with_command=not apart)),
        (message("who"), lambda _, item: _who(item)),
        *(((message("command"), lambda _, item: item.command),) if apart else ()),
    )
    output.table([head for head, _ in columns], ([cell(code, item) for _, cell in columns] for code, item in items))


def _due(item: "AgendaItem", today: date) -> str:
    if item.automatic:
        return ""
    late = f" {desk.say(message('late'))}" if item.late(today) else ""
    return f"{item.due_on.isoformat()}{late}"


def _who(item: "AgendaItem") -> str:
    if item.automatic:
        return "pilotkit"
    return item.owner.email if item.owner else desk.say(message("nobody ({role})", role=item.role))


def _what(item: "AgendaItem", *, with_command: bool) -> str:
    lines = [desk.say(item.title), *(f"- {desk.say(sentence)}" for sentence in item.missing)]
    return "\n".join([*lines, f"$ {item.command}"] if item.command and with_command else lines)


def agenda_data(pilot: str, item: "AgendaItem", today: date) -> dict[str, object]:
    """An agenda item, for programs."""
    return {
        "pilot": pilot,
        "key": item.key,
        "kind": item.kind,
        "subject": item.subject,
        "stage": item.stage,
        "title": item.title,
        "owner": item.owner.email if item.owner else None,
        "role": item.role,
        "missing": item.missing,
        "opens_on": item.opens_on,
        "due_on": item.due_on,
        "late": not item.automatic and item.late(today),
        "automatic": item.automatic,
        "command": item.command,
    }

"""``condition``: the obligations of a conditional go."""

from datetime import date
from typing import Annotated

import typer

from pilotkit.cli import desk, output
from pilotkit.cli.arguments import By, Code, Evidence, Reason, day
from pilotkit.domain.text import message

app = typer.Typer(help="Settle the conditions of a conditional go.", no_args_is_help=True, rich_markup_mode=None)

Number = Annotated[int, typer.Argument(metavar="NUMBER", help="The condition's number; pilot show tells it.")]


@app.command()
def meet(code: Code, number: Number, *, evidence: Evidence, by: By = "") -> None:
    """Say that a condition is met, and on what evidence."""
    from pilotkit.services.conditions import meet_condition

    with desk.pilotkit() as pk:
        meet_condition(pk.db, code, number=number, evidence=evidence, by=desk.actor(by), at=pk.now())
    output.line(message("{code}: condition {number} is met.", code=code, number=number))


@app.command()
def waive(code: Code, number: Number, *, reason: Reason, by: By = "") -> None:
    """Waive a condition, with a reason."""
    from pilotkit.services.conditions import waive_condition

    with desk.pilotkit() as pk:
        waive_condition(pk.db, code, number=number, reason=reason, by=desk.actor(by), at=pk.now())
    output.line(message("{code}: condition {number} is waived.", code=code, number=number))


@app.command()
def extend(
    code: Code,
    number: Number,
    *,
    until: Annotated[date, typer.Option(metavar="DATE", parser=day, help="The new due date.")],
    reason: Reason,
    by: By = "",
) -> None:
    """Move the due date of a condition, with a reason."""
    from pilotkit.services.conditions import extend_condition

    with desk.pilotkit() as pk:
        extend_condition(pk.db, code, number=number, until=until, reason=reason, by=desk.actor(by), at=pk.now())
    output.line(
        message("{code}: condition {number} is due on {until}.", code=code, number=number, until=until.isoformat())
    )

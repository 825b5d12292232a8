"""``action``: the action items of a pilot, and adoptions of its solution."""

from datetime import date
from decimal import Decimal
from typing import Annotated

import typer

from pilotkit.cli import desk, output
from pilotkit.cli.arguments import AsJson, By, Code, On, amount, by_languages, day, texts
from pilotkit.domain.errors import Invalid
from pilotkit.domain.pilot import ActionState
from pilotkit.domain.text import message
from pilotkit.domain.words import word

app = typer.Typer(
    help="Plan and update action items, and record adoptions.", no_args_is_help=True, rich_markup_mode=None
)

After = Annotated[
    list[int] | None, typer.Option("--after", metavar="NUMBER", help="An item that comes before; several times.")
]


@app.command()
def add(
    code: Code,
    *,
    title: Annotated[list[str], by_languages("What is to be done.", "--title")],
    due: Annotated[date, typer.Option(metavar="DATE", parser=day, help="The day by which it is done.")],
    start: Annotated[
        date | None, typer.Option(metavar="DATE", parser=day, help="The day on which it starts; today if not given.")
    ] = None,
    owner: Annotated[str, typer.Option(metavar="EMAIL", help="Who does it.")] = "",
    organisation: Annotated[str, typer.Option(metavar="NAME", help="Whose work it is.")] = "",
    budget: Annotated[Decimal | None, typer.Option(metavar="AMOUNT", parser=amount, help="Its budget.")] = None,
    currency: Annotated[str, typer.Option(metavar="CODE", help="The currency of the budget.")] = "EUR",
    after: After = None,
    by: By = "",
) -> None:
    """Add an action item."""
    from pilotkit.services.actions import ActionPlan, add_action

    with desk.pilotkit() as pk:
        programme = desk.programme_of(pk, code)
        plan = ActionPlan(
            title=texts(title, programme.languages),
            start=start or min(desk.today(pk, programme), due),
            due=due,
            owner=owner,
            organisation=organisation,
            budget=budget,
            currency=currency,
            depends_on=tuple(after or ()),
        )
        number = add_action(pk.db, code, plan=plan, by=desk.actor(by), at=pk.now())
    output.line(message("{code}: action item {number} is planned.", code=code, number=number))


@app.command()
def update(
    code: Code,
    number: Annotated[int, typer.Argument(metavar="NUMBER", help="The item's number; action list shows them.")],
    *,
    state: Annotated[ActionState | None, typer.Option(help="How it stands.")] = None,
    percent: Annotated[int | None, typer.Option(metavar="NUMBER", help="How much of it is done, 0 to 100.")] = None,
    start: Annotated[date | None, typer.Option(metavar="DATE", parser=day, help="Another first day.")] = None,
    due: Annotated[
        date | None, typer.Option(metavar="DATE", parser=day, help="Another day by which it is done.")
    ] = None,
    after: After = None,
    by: By = "",
) -> None:
    """Change an action item; what is not given stays."""
    from pilotkit.services.actions import update_action

    if all(value is None for value in (state, percent, start, due)) and not after:
        raise Invalid(
            message("It is not said what is to change."), message("Give what changes, for example --state done.")
        )
    with desk.pilotkit() as pk:
        update_action(
            pk.db,
            code,
            number=number,
            state=state,
            percent=percent,
            start=start,
            due=due,
            depends_on=tuple(after) if after else None,
            by=desk.actor(by),
            at=pk.now(),
        )
    output.line(message("{code}: action item {number} has been changed.", code=code, number=number))


@app.command(name="list")
def list_(code: Code, *, as_json: AsJson = False) -> None:
    """List the action items of a pilot."""
    from pilotkit.services.actions import list_actions

    with desk.pilotkit() as pk:
        items = list_actions(pk.db, code)
        today = desk.today(pk)
    if as_json:
        output.data(items)
        return
    output.table(
        (
            message("no."),
            message("action item"),
            message("owner"),
            message("from"),
            message("due"),
            message("state"),
            message("%"),
            message("after"),
        ),
        (
            (
                item.number,
                desk.say(item.title),
                item.owner.email if item.owner else (item.organisation.name if item.organisation else ""),
                item.start,
                f"{item.due} {desk.say(message('late'))}"
                if item.due < today and item.state in ("planned", "doing")
                else item.due,
                word(item.state),
                item.percent,
                item.depends_on,
            )
            for item in items
        ),
        empty=message("There is no action item yet."),
    )


@app.command()
def adopt(
    code: Code,
    *,
    organisation: Annotated[str, typer.Option(metavar="NAME", help="Who has taken the solution up.")],
    solution: Annotated[list[str], by_languages("What has been taken up.", "--solution")],
    document: Annotated[str, typer.Option(metavar="TEXT", help="The document that shows it.")],
    on: On = None,
    by: By = "",
) -> None:
    """Record that an organisation has taken up the solution, with the document that shows it."""
    from pilotkit.services.actions import adopt as record

    with desk.pilotkit() as pk:
        programme = desk.programme_of(pk, code)
        number = record(
            pk.db,
            code,
            organisation=organisation,
            solution=texts(solution, programme.languages),
            on=on or desk.today(pk, programme),
            document=document,
            by=desk.actor(by),
            at=pk.now(),
        )
    output.line(
        message("{code}: adoption {number} by {name} is recorded.", code=code, number=number, name=organisation)
    )

"""``lesson``: what was learned, and the handbook entry that tells it."""

from typing import Annotated

import typer

from pilotkit.cli import desk, output
from pilotkit.cli.arguments import AsJson, By, Code, by_languages, texts
from pilotkit.domain.pilot import LessonKind
from pilotkit.domain.text import message
from pilotkit.domain.words import word

app = typer.Typer(help="Write lessons and settle handbook entries.", no_args_is_help=True, rich_markup_mode=None)


@app.command()
def add(
    code: Code,
    *,
    text: Annotated[list[str], by_languages("What was learned.", "--text")],
    kind: Annotated[LessonKind, typer.Option(help="What kind of lesson it is.")] = "worked",
    by: By = "",
) -> None:
    """Write down what was learned."""
    from pilotkit.services.handbook import add_lesson

    with desk.pilotkit() as pk:
        versions = texts(text, desk.programme_of(pk, code).languages)
        number = add_lesson(pk.db, code, kind=kind, text=versions, by=desk.actor(by), at=pk.now())
    output.line(message("{code}: lesson {number} is written down.", code=code, number=number))


@app.command(name="list")
def list_(code: Code, *, as_json: AsJson = False) -> None:
    """List the lessons of a pilot."""
    from pilotkit.services.pilots import show

    with desk.pilotkit() as pk:
        dossier = show(pk.db, code)
    if as_json:
        output.data(dossier.pilot.lessons)
        return
    main = dossier.programme.main_language
    output.table(
        (message("no."), message("kind"), message("lesson"), message("on")),
        ((each.number, word(each.kind), desk.say(each.text, main=main), each.on) for each in dossier.pilot.lessons),
        empty=message("There is no lesson yet."),
    )


@app.command()
def transferability(
    code: Code,
    *,
    organisation: Annotated[str, typer.Option(metavar="NAME", help="Whose judgement it is.")],
    text: Annotated[list[str], by_languages("Whether the solution would work there.", "--text")],
    by: By = "",
) -> None:
    """Record an organisation's judgement whether the solution would work there."""
    from pilotkit.services.handbook import judge_transferability

    with desk.pilotkit() as pk:
        versions = texts(text, desk.programme_of(pk, code).languages)
        judge_transferability(pk.db, code, organisation=organisation, text=versions, by=desk.actor(by), at=pk.now())
    output.line(message("{code}: the judgement of {name} is recorded.", code=code, name=organisation))


@app.command()
def approve(code: Code, *, by: By = "") -> None:
    """Publish what was learned from a pilot that was stopped from the trial on."""
    from pilotkit.services.handbook import approve_entry

    with desk.pilotkit() as pk:
        approve_entry(pk.db, code, by=desk.actor(by), at=pk.now())
    output.line(message("The entry of {code} is published.", code=code))


@app.command()
def review(code: Code, *, by: By = "") -> None:
    """Confirm that a published entry still holds; the next review is a year later."""
    from pilotkit.services.handbook import review_entry

    with desk.pilotkit() as pk:
        review_entry(pk.db, code, by=desk.actor(by), at=pk.now())
    output.line(message("The entry of {code} is confirmed.", code=code))

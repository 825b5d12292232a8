"""``score``, ``panel`` and ``conflict``: the evaluation of a pilot."""

from typing import TYPE_CHECKING, Annotated

import typer

from pilotkit.cli import desk, output
from pilotkit.cli.arguments import By, Code, Reason, amount, named, text
from pilotkit.domain.process import StageKind
from pilotkit.domain.text import message

if TYPE_CHECKING:
    from pilotkit.bootstrap import Pilotkit

app = typer.Typer(help="Go on with an evaluation panel.", no_args_is_help=True, rich_markup_mode=None)
conflict = typer.Typer(help="Declare conflicts of interest.", no_args_is_help=True, rich_markup_mode=None)


def score(
    code: Code,
    scores: Annotated[
        list[str] | None, typer.Argument(metavar="[CRITERION=SCORE]...", help="0 to 5, in steps of a half.")
    ] = None,
    *,
    remark: Annotated[
        list[str] | None, typer.Option(metavar="CRITERION=TEXT", help="A remark on a criterion; several times.")
    ] = None,
    pros: Annotated[str, typer.Option(metavar="TEXT", parser=text, help="What speaks for the pilot.")] = "",
    cons: Annotated[str, typer.Option(metavar="TEXT", parser=text, help="What speaks against it.")] = "",
    draft: Annotated[bool, typer.Option("--draft", help="Save the sheet, and do not hand it in yet.")] = False,
    by: By = "",
) -> None:
    """Fill in your scoresheet for a pilot.

    Without any score the criteria are shown, with what 0, 3 and 5 mean.
    """
    from pilotkit.services.evaluation import score as fill_in

    given = named(scores, "CRITERION=SCORE", amount)
    with desk.pilotkit() as pk:
        if not (given or remark or pros or cons):
            _show_criteria(pk, code)
            return
        fill_in(
            pk.db,
            code,
            by=desk.actor(by),
            at=pk.now(),
            scores=given,
            remarks=named(remark, "CRITERION=TEXT", text),
            pros=pros,
            cons=cons,
            submit=not draft,
        )
    if draft:
        output.line(message("The sheet for {code} has been saved.", code=code))
    else:
        output.line(message("The sheet for {code} has been handed in.", code=code))


def _show_criteria(pk: "Pilotkit", code: str) -> None:
    from pilotkit.services.pilots import show

    dossier = show(pk.db, code)
    main = dossier.programme.main_language
    stage = dossier.process.stage(dossier.pilot.last_pass.stage)
    if stage.kind is not StageKind.EVALUATION:
        output.line(message("{code} is not being evaluated now.", code=code))
        return
    output.table(
        (message("criterion"), message("what is judged"), message("0"), message("3"), message("5")),
        (
            (
                each.key,
                desk.say(each.title, main=main),
                *(desk.say(each.anchors.get(mark, ""), main=main) for mark in ("0", "3", "5")),
            )
            for each in dossier.process.score_set(stage.score_set).criteria
        ),
    )


@app.command()
def close(code: Code, *, reason: Reason, by: By = "") -> None:
    """Go on with the sheets that are in, although some are missing."""
    from pilotkit.services.evaluation import close_panel

    with desk.pilotkit() as pk:
        close_panel(pk.db, code, reason=reason, by=desk.actor(by), at=pk.now())
    output.line(message("The panel of {code} is closed.", code=code))


@app.callback()
def _panel() -> None:
    """Go on with an evaluation panel."""


@conflict.command()
def declare(
    code: Code,
    *,
    person: Annotated[str, typer.Option(metavar="EMAIL", help="Whose conflict it is; yours if not given.")] = "",
    reason: Reason,
    by: By = "",
) -> None:
    """Excuse a person from scoring and voting on the pilot."""
    from pilotkit.services.evaluation import declare_conflict

    with desk.pilotkit() as pk:
        actor = desk.actor(by)
        declare_conflict(pk.db, code, person=person, reason=reason, by=actor, at=pk.now())
    output.line(message("{email} neither scores nor votes on {code}.", email=person or actor, code=code))


@conflict.callback()
def _conflict() -> None:
    """Declare conflicts of interest."""

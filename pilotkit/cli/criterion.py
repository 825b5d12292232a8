"""``criterion``: what must be shown before a gate may be decided."""

from typing import Annotated

import typer

from pilotkit.cli import desk, output
from pilotkit.cli.arguments import AsJson, By, Code, Reason, text
from pilotkit.domain.text import message

app = typer.Typer(
    help="Show that the criteria of a gate are met, or waive them.", no_args_is_help=True, rich_markup_mode=None
)

Criterion = Annotated[str, typer.Argument(metavar="CRITERION", help="Its key; criterion list shows them.")]
Country = Annotated[str, typer.Option(metavar="XX", help="For a legal criterion: in which country; all if not given.")]
Authority = Annotated[str, typer.Option(metavar="TEXT", help="For a legal criterion: the authority that said so.")]


@app.command(name="list")
def list_(code: Code, *, as_json: AsJson = False) -> None:
    """List the criteria of the pilot's open gate, with what is known of each."""
    from pilotkit.cli.pilot_page import checklist_table, criterion_data, lines_of
    from pilotkit.services.pilots import show

    with desk.pilotkit() as pk:
        dossier = show(pk.db, code)
    if as_json:
        output.data([criterion_data(line) for line in lines_of(dossier)])
    else:
        checklist_table(dossier)


@app.command()
def meet(
    code: Code,
    criterion: Criterion,
    *,
    evidence: Annotated[
        str,
        typer.Option(metavar="TEXT", parser=text, help="What shows it; none confirms the evidence of an earlier pass."),
    ] = "",
    country: Country = "",
    authority: Authority = "",
    by: By = "",
) -> None:
    """Say that a criterion is met, and on what evidence."""
    from pilotkit.services.criteria import meet_criterion

    with desk.pilotkit() as pk:
        meet_criterion(
            pk.db,
            code,
            criterion=criterion,
            evidence=evidence,
            country=country,
            authority=authority,
            by=desk.actor(by),
            at=pk.now(),
        )
    output.line(message("{code}: {criterion} is met.", code=code, criterion=criterion))


@app.command()
def waive(code: Code, criterion: Criterion, *, reason: Reason = "", by: By = "") -> None:
    """Waive a criterion, with a reason. Legal criteria are never waived."""
    from pilotkit.services.criteria import waive_criterion

    with desk.pilotkit() as pk:
        waive_criterion(pk.db, code, criterion=criterion, reason=reason, by=desk.actor(by), at=pk.now())
    output.line(message("{code}: {criterion} is waived.", code=code, criterion=criterion))


@app.command()
def not_applicable(
    code: Code,
    criterion: Criterion,
    *,
    reason: Reason = "",
    country: Country = "",
    authority: Authority = "",
    by: By = "",
) -> None:
    """Say that a legal criterion does not apply, in one country or in all, and who said so."""
    from pilotkit.services.criteria import criterion_not_applicable

    with desk.pilotkit() as pk:
        criterion_not_applicable(
            pk.db,
            code,
            criterion=criterion,
            reason=reason,
            country=country,
            authority=authority,
            by=desk.actor(by),
            at=pk.now(),
        )
    output.line(message("{code}: {criterion} does not apply.", code=code, criterion=criterion))

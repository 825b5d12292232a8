"""``decision``: show decisions, and take the last one back."""

from typing import Annotated

import typer

from pilotkit.cli import desk, output
from pilotkit.cli.arguments import AsJson, By, Code, Reason
from pilotkit.domain.errors import NotFound
from pilotkit.domain.text import message
from pilotkit.domain.words import word

app = typer.Typer(help="Show and revert decisions.", no_args_is_help=True, rich_markup_mode=None)


@app.command()
def show(
    code: Code,
    number: Annotated[int | None, typer.Argument(metavar="[NUMBER]", help="Only this one, with everything.")] = None,
    *,
    as_json: AsJson = False,
) -> None:
    """Show the decisions about a pilot."""
    from pilotkit.cli.pilot_page import decisions_table
    from pilotkit.services.pilots import show as show_pilot

    with desk.pilotkit() as pk:
        dossier = show_pilot(pk.db, code)
    decisions = dossier.pilot.decisions
    if number is None:
        if as_json:
            output.data(decisions)
        elif decisions:
            decisions_table(dossier)
        else:
            output.line(message("Nothing has been decided about {code} yet.", code=code))
        return
    chosen = next((decision for decision in decisions if decision.number == number), None)
    if chosen is None:
        raise NotFound(
            message("{code} has no decision {number}.", code=code, number=number),
            message("See them with: pilotkit decision show {code}", code=code),
        )
    stage_pass = next(each for each in dossier.pilot.passes if chosen in each.decisions)
    votes = [vote for vote in stage_pass.votes if vote.round == stage_pass.decisions.index(chosen)]
    if as_json:
        output.data({"decision": chosen, "stage": stage_pass.stage, "pass": stage_pass.number, "votes": votes})
        return
    output.facts(
        (
            (message("decision"), f"{code} {chosen.number}"),
            (message("stage"), f"{stage_pass.stage} {stage_pass.number}"),
            (message("outcome"), word(chosen.outcome.value)),
            (message("on"), chosen.decided_on),
            (message("by"), chosen.by.name),
            (message("until"), chosen.until),
            (message("back to"), chosen.to_stage),
            (message("reverted"), chosen.reverted_on),
            (message("because"), chosen.revert_reason),
            (message("rationale"), chosen.rationale),
        )
    )
    output.table(
        (message("decider"), message("vote"), message("on"), message("meeting"), message("remark")),
        ((vote.person.name, word(vote.outcome.value), vote.on, vote.meeting, vote.remark) for vote in votes),
    )


@app.command()
def revert(
    code: Code,
    number: Annotated[int, typer.Argument(metavar="NUMBER", help="The decision's number.")],
    *,
    reason: Reason,
    requested_by: Annotated[str, typer.Option(metavar="EMAIL", help="The decider who asks for it.")],
    by: By = "",
) -> None:
    """Take back the last decision: the stage that it opened is void, the gate is open again."""
    from pilotkit.services.gates import revert_decision

    with desk.pilotkit() as pk:
        revert_decision(
            pk.db, code, number=number, reason=reason, requested_by=requested_by, by=desk.actor(by), at=pk.now()
        )
    output.line(message("Decision {number} of {code} is reverted; its gate is open again.", number=number, code=code))
    output.line(message("Next: pilotkit advance {code}", code=code))

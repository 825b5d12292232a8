"""``vote`` and ``decide``: what happens at a gate."""

import os
from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, Annotated

import typer

from pilotkit.cli import desk, output
from pilotkit.cli.arguments import AsJson, By, Code, On, day, text
from pilotkit.cli.errors import shortened
from pilotkit.domain.errors import Invalid
from pilotkit.domain.process import Outcome
from pilotkit.domain.text import message
from pilotkit.domain.words import word

if TYPE_CHECKING:
    from pilotkit.bootstrap import Pilotkit
    from pilotkit.domain.decision import NewCondition
    from pilotkit.domain.pilot import Decision


def vote(
    code: Code,
    *,
    outcome: Annotated[Outcome, typer.Option(help="What to vote for.")],
    by: By = "",
    voter: Annotated[
        str, typer.Option("--for", metavar="EMAIL", help="Whose vote it is, when you record it from the minutes.")
    ] = "",
    from_minutes: Annotated[str, typer.Option(metavar="MEETING", help="The meeting whose minutes say so.")] = "",
    on: On = None,
    remark: Annotated[str, typer.Option(metavar="TEXT", parser=text, help="A remark.")] = "",
) -> None:
    """Vote at a pilot's gate, or record a vote from the minutes.

    With --from-minutes the address of --by may be that of the decider who voted; who records it is then the person of
    PILOTKIT_BY. With --for both are said: --by records the vote of --for.
    """
    from pilotkit.services.voting import vote as cast_vote

    recorder = desk.actor(by)
    if from_minutes and not voter:
        voter = recorder
        recorder = desk.settings().by.strip() or recorder
    with desk.pilotkit() as pk:
        cast = cast_vote(
            pk.db,
            code,
            outcome=outcome,
            by=recorder,
            at=pk.now(),
            voter=voter,
            on=on,
            meeting=from_minutes,
            remark=remark,
        )
    output.line(
        message("{name} votes {outcome} on {code}.", name=cast.person.name, outcome=word(cast.outcome.value), code=code)
    )


def decide(
    code: Code,
    *,
    outcome: Annotated[Outcome, typer.Option(help="What is decided.")],
    rationale: Annotated[str, typer.Option(metavar="TEXT", parser=text, help="Why.")],
    by: By = "",
    on: On = None,
    condition: Annotated[
        list[str] | None,
        typer.Option(metavar="OWNER:DATE:TEXT", help="A condition of a conditional go; several times for several."),
    ] = None,
    until: Annotated[date | None, typer.Option(metavar="DATE", parser=day, help="How long a hold lasts.")] = None,
    to: Annotated[str, typer.Option(metavar="STAGE", help="The stage that a recycle leads back to.")] = "",
    advance: Annotated[bool, typer.Option("--advance", help="Then do at once what pilotkit can do.")] = False,
    as_json: AsJson = False,
) -> None:
    """Decide a pilot's gate.

    The decision stands as soon as the command answers; flows and documents follow.
    """
    from pilotkit.services.gates import decide as decide_gate
    from pilotkit.services.gates import open_gate

    conditions = _conditions(condition)
    with desk.pilotkit() as pk:
        decision = decide_gate(
            pk.db,
            code,
            gate=open_gate(pk.db, code),
            outcome=outcome,
            rationale=rationale,
            by=desk.actor(by),
            at=pk.now(),
            on=on,
            conditions=conditions,
            until=until,
            to_stage=to,
        )
        _tell(pk, code, decision, as_json=as_json)
    if advance:
        from pilotkit.cli.work import advance_pilots

        advance_pilots((code,), quiet=as_json)
    elif not as_json:
        _start(code)


def _conditions(given: Sequence[str] | None) -> tuple["NewCondition", ...]:
    from pilotkit.domain.decision import NewCondition

    conditions = []
    for each in given or ():
        owner, _, rest = each.partition(":")
        due, _, what = rest.partition(":")
        if not (owner.strip() and due.strip() and what.strip()):
            raise Invalid(
                message("The condition {condition} is not written as OWNER:DATE:TEXT.", condition=shortened(each)),
                message("For example: --condition anna@example.org:2026-09-30:Name a data protection officer"),
            )
        conditions.append(NewCondition(text=text(what.strip()), owner=owner.strip(), due_on=day(due)))
    return tuple(conditions)


def _tell(pk: "Pilotkit", code: str, decision: "Decision", *, as_json: bool) -> None:
    from pilotkit.services.pilots import show

    dossier = show(pk.db, code)
    pilot = dossier.pilot
    opened = pilot.open_pass
    if as_json:
        output.data(
            {"pilot": code, "decision": decision, "status": pilot.status, "stage": opened.stage if opened else None}
        )
        return
    output.line(
        message(
            "{code}: {outcome}, decided on {on} (decision {number}).",
            code=code,
            outcome=word(decision.outcome.value),
            on=decision.decided_on,
            number=decision.number,
        )
    )
    if opened and decision.outcome is not Outcome.HOLD:
        title = desk.say(dossier.process.stage(opened.stage).title, main=dossier.programme.main_language)
        output.line(message("Open now: {stage}, pass {number}.", stage=title, number=opened.number))
    else:
        output.line(message("{code} is now: {status}.", code=code, status=word(pilot.status.value)))
    for condition in pilot.conditions:
        if condition.decision == decision.number:
            output.line(
                message(
                    "Condition {number} for {owner}, due on {due}: {text}",
                    number=condition.number,
                    owner=condition.owner.email,
                    due=condition.due_on,
                    text=condition.text,
                )
            )


def _start(code: str) -> None:
    """Ask Prefect for a run, best effort; else say what to run."""
    if os.environ.get("PREFECT_API_URL"):
        from flows.start import start

        desk.log_to_file()
        if start(desk.settings(), code):
            output.line(message("Prefect takes it from here."))
            return
    output.line(message("Next: pilotkit advance {code}", code=code))

"""``audit``: the trail of everything that was done."""

import json
from typing import Annotated

import typer

from pilotkit.cli import desk, output
from pilotkit.cli.arguments import AsJson
from pilotkit.domain.errors import Refused
from pilotkit.domain.text import message

app = typer.Typer(help="Show and verify the audit trail.", no_args_is_help=True, rich_markup_mode=None)


@app.command()
def show(
    subject: Annotated[str, typer.Argument(metavar="[PILOT]", help="Only events about this pilot.")] = "",
    *,
    action: Annotated[str, typer.Option(metavar="ACTION", help="Only this action, such as gate.decided.")] = "",
    last: Annotated[
        int | None, typer.Option(metavar="NUMBER", min=1, help="Only so many, the last ones; else all.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Show what was done, by whom and when. People stand there by number, not by name."""
    from pilotkit.services.audit import events

    with desk.pilotkit() as pk:
        found = events(pk.db, subject=subject or None, action=action or None)
    shown = found[-last:] if last else found
    if as_json:
        output.data([{**event._asdict(), "payload": json.loads(event.payload)} for event in shown])
        return
    output.table(
        (message("no."), message("at"), message("who"), message("action"), message("about"), message("details")),
        (
            (
                event.seq,
                event.at[:16].replace("T", " "),
                event.actor,
                event.action,
                event.subject,
                _brief(event.payload),
            )
            for event in shown
        ),
        empty=message("There is no such event."),
    )


def _brief(payload: str, longest: int = 100) -> str:
    return payload if len(payload) <= longest else f"{payload[: longest - 1]}…"


@app.command()
def verify(*, as_json: AsJson = False) -> None:
    """Check the whole chain; exit code 1 with the first bad row when it does not hold."""
    from pilotkit.services.audit import verify_trail

    count = 0

    def counted() -> None:
        nonlocal count
        count += 1

    with desk.pilotkit() as pk:
        bad = verify_trail(pk.db, on_event=counted)
    if as_json:
        output.data(
            {
                "holds": bad is None,
                "events": count,
                "first_bad": bad.seq if bad else None,
                "reason": bad.reason if bad else None,
            }
        )
        if bad:
            raise typer.Exit(1)
        return
    if bad:
        raise Refused(
            message("The audit trail does not hold from event {seq} on: {reason}", seq=bad.seq, reason=bad.reason),
            message("Somebody changed the database behind pilotkit's back; compare with a backup."),
        )
    output.line(message("The audit trail holds: events {count}.", count=count))

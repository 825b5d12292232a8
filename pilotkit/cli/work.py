"""``advance``, ``sweep`` and ``worker``: what pilotkit does itself."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from pilotkit.cli import desk, output
from pilotkit.cli.arguments import AsJson
from pilotkit.domain.agenda import Step
from pilotkit.domain.errors import Invalid
from pilotkit.domain.text import message

if TYPE_CHECKING:
    from pilotkit.bootstrap import Pilotkit
    from pilotkit.services.documents import Laid
    from pilotkit.services.steps import Advance, StepReport


def advance(
    pilots: Annotated[list[str] | None, typer.Argument(metavar="[PILOT]...", help="The pilots' codes.")] = None,
    *,
    every: Annotated[bool, typer.Option("--all", help="Every pilot that has something due.")] = False,
    documents: Annotated[bool, typer.Option(help="Render documents and books, too.")] = True,
    prefect: Annotated[
        bool, typer.Option(help="As flows, which Prefect shows; without it the same steps are done plainly.")
    ] = True,
    as_json: AsJson = False,
) -> None:
    """Do what the agenda of pilots holds for pilotkit.

    Then it says what waits for whom.
    """
    if bool(pilots) == every:
        raise Invalid(
            message("It is not said which pilots to advance."), message("Name them, or all with work: --all.")
        )
    advance_pilots(pilots or None, documents=documents, prefect=prefect, as_json=as_json)


def advance_pilots(
    codes: Sequence[str] | None,
    *,
    documents: bool = True,
    prefect: bool = True,
    as_json: bool = False,
    quiet: bool = False,
) -> None:
    """Advance pilots in this process, and say what came of it.

    Args:
        codes: Which ones; all that have something due when not given.
        documents: Whether documents and stale books are rendered, too.
        prefect: As flows, or by the services alone.
        as_json: Say it as JSON.
        quiet: Say nothing but failures.

    Raises:
        NotFound: One of the pilots does not exist; nothing is done then.
    """
    from pilotkit.services import steps
    from pilotkit.services.agenda import pilots_with_work

    with desk.pilotkit() as pk, output.progress(message("Advancing")) as report:
        chosen = tuple(dict.fromkeys(codes)) if codes else pilots_with_work(pk.db, at=pk.now())
        standings = [steps.standing(pk.db, code, at=pk.now()) for code in chosen]
        way = _as_flows if prefect else _plainly
        if any(documents or item.kind != Step.RENDER for here in standings for item in here.due):
            done = way(pk, chosen, documents, report)
        else:
            done = [steps.Advance(steps=(), standing=here) for here in standings]
    if as_json:
        output.data([_advance_data(each) for each in done])
    elif not quiet:
        _tell(done)
    _end_with_failures(done, quiet=as_json)


def _as_flows(pk: Pilotkit, codes: Sequence[str], documents: bool, report: Callable[[str], None]) -> Sequence[Advance]:
    from flows.in_process import run_advance

    desk.log_to_file()
    batch = run_advance(
        pk,
        codes,
        documents=documents,
        books=documents,
        on_progress=lambda code, what: report(f"{code} {desk.say(what)}"),
    )
    return batch.advances


def _plainly(pk: Pilotkit, codes: Sequence[str], documents: bool, report: Callable[[str], None]) -> Sequence[Advance]:
    from pilotkit.services import books, programmes, steps

    def told(code: str) -> Callable[[StepReport], None]:
        return lambda step: report(f"{code} {desk.say(step.item.title)}")

    done = [
        steps.advance(pk.db, pk.press, code, clock=pk.now, documents=documents, on_step=told(code)) for code in codes
    ]
    if documents:
        for key in programmes.list_programmes(pk.db):
            stale = set(books.stale_books(pk.db, programme=key))
            if stale:
                books.typeset_books(
                    pk.db,
                    pk.press,
                    at=pk.now(),
                    programme=key,
                    only=stale.__contains__,
                    on_book=lambda b: report(b.key),
                )
    return done


def _tell(done: Sequence[Advance]) -> None:
    if not done:
        output.line(message("There is nothing to do."))
    for each in done:
        here = each.standing
        output.line(f"{here.code}  {desk.say(here.title)}")
        for report in each.steps:
            if report.changed:
                output.line(f"  {desk.say(report.item.title)}")
        waiting = [item for item in here.waiting if item.open(here.today)]
        if waiting:
            output.line(
                message(
                    "  waits for {who}: {what}",
                    who=waiting[0].owner.email if waiting[0].owner else waiting[0].role,
                    what=waiting[0].title,
                )
            )
            if waiting[0].command:
                output.line(f"  $ {waiting[0].command}")


def _end_with_failures(done: Iterable[Advance], *, quiet: bool) -> None:
    from pilotkit.cli.errors import tell

    failed = [(each.standing.code, step) for each in done for step in each.steps if step.failure]
    if not failed:
        return
    if not quiet:
        for code, step in failed:
            if step.failure:
                tell(
                    message("{code}: {step}: {reason}", code=code, step=step.item.title, reason=step.failure.what),
                    step.failure.remedy,
                )
    raise typer.Exit(1)


def _advance_data(each: Advance) -> dict[str, object]:
    return {
        "pilot": each.standing.code,
        "stage": each.standing.stage,
        "status": each.standing.status,
        "steps": [_step_data(step) for step in each.steps],
        "waiting": [
            {
                "kind": item.kind,
                "title": item.title,
                "owner": item.owner.email if item.owner else None,
                "due_on": item.due_on,
                "command": item.command,
            }
            for item in each.standing.waiting
        ],
    }


def _step_data(step: StepReport) -> dict[str, object]:
    return {
        "step": step.item.kind,
        "subject": step.item.subject,
        "changed": step.changed,
        "documents": step.documents,
        "failure": step.failure.what if step.failure else None,
    }


def sweep(*, as_json: AsJson = False) -> None:
    """Do whatever is due in the whole portfolio, for example from cron.

    The books that are stale are typeset at the end, once. Works without Prefect.
    """
    from pilotkit.services import steps

    with desk.pilotkit() as pk, output.progress(message("Sweeping")) as report:
        done, laid = steps.sweep(
            pk.db,
            pk.press,
            clock=pk.now,
            on_pilot=lambda each: report(each.standing.code),
            on_book=lambda book: report(book.shelf),
        )
        shelf = pk.shelf
    if as_json:
        output.data({"pilots": [_advance_data(each) for each in done], "books": laid})
    elif done or laid:
        _tell_sweep(done, laid)
        output.line(message("The documents are in {shelf}.", shelf=shelf))
    elif output.on_terminal():
        output.line(message("There is nothing to do."))
    _end_with_failures(done, quiet=as_json)


def _tell_sweep(done: Sequence[Advance], laid: Sequence[Laid]) -> None:
    output.table(
        (message("pilot"), message("stage"), message("steps"), message("documents")),
        (
            (
                each.standing.code,
                each.standing.stage,
                sum(1 for step in each.steps if step.changed),
                sum(len(step.documents) for step in each.steps),
            )
            for each in done
        ),
    )
    for book in laid:
        output.line(message("typeset: {shelf}, pages {pages}", shelf=book.shelf, pages=book.pages))


def worker() -> None:
    """Serve the flows to a Prefect server, with their schedules."""
    from flows.worker import work

    work(desk.settings())

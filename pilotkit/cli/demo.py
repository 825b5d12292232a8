"""``demo``: the example programme, from the first ideas to its handbook, as if its people had worked for two years."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final
from zoneinfo import ZoneInfo

import typer

from pilotkit.cli import desk, output
from pilotkit.cli.arguments import AsJson
from pilotkit.cli.errors import INTERRUPTED, shortened, tell
from pilotkit.domain.errors import Invalid, Unavailable
from pilotkit.domain.text import Message, message, wording
from pilotkit.domain.words import word

if TYPE_CHECKING:
    from datetime import datetime

    from flows.lifecycle import Batch
    from pilotkit.bootstrap import Pilotkit
    from pilotkit.cli.playbill import Playbill
    from pilotkit.domain.text import Text
    from pilotkit.exchange.programme_file import ProgrammeFile
    from pilotkit.services.steps import Standing

EXAMPLE: Final = "si-at"

_OWN: Final = ("pilotkit.db", "prefect", "documents", "pilotkit.log", "errors.log")
"""How the names begin of what pilotkit keeps in a data folder."""

_BEFORE_THE_FIRST_IDEA: Final = timedelta(days=7)
"""When the programme is loaded."""


@dataclass(frozen=True, kw_only=True)
class Shown:
    """What the demo shows of a pilot at its end.

    Attributes:
        pilot: Its code.
        number: Which pass of the stage it is in.
        who: Who has to do the next thing; empty when nothing can be done now.
        task: What that is, to be done by ``until``.
        entry: The handbook entry in the language asked for.
    """

    pilot: str
    title: Text
    stage: Text
    number: int
    status: str
    who: str
    task: Message | None
    until: date | None
    late: bool
    entry: Path | None
    documents: tuple[Path, ...]


def demo(
    data: Annotated[
        Path | None, typer.Option(metavar="FOLDER", help="The data folder; an earlier one is kept under another name.")
    ] = None,
    *,
    language: Annotated[
        str, typer.Option(metavar="XX", help="The language of the documents that the table names.")
    ] = "",
    as_json: AsJson = False,
) -> None:
    """Take the pilots of the example programme through their stages."""
    from pilotkit.exchange.programme_file import read_programme
    from pilotkit.resources import examples

    file = read_programme(examples() / EXAMPLE / "programme.toml")
    chosen = _chosen(language, file.setup.languages)
    folder = data or desk.settings().data
    kept = _make_room(folder)
    if kept and not as_json:
        output.line(message("What lay in {folder} lies in {kept} now.", folder=folder, kept=kept))
    _settle(folder)
    try:
        _play(folder, file, chosen, as_json=as_json)
    except KeyboardInterrupt:
        tell(
            message("The demo was interrupted. What it has done so far lies in {folder}.", folder=folder),
            message("Run it again: it begins in a new folder, and keeps this one under another name."),
        )
        raise typer.Exit(INTERRUPTED) from None


def _chosen(language: str, languages: Sequence[str]) -> str:
    if language and language not in languages:
        raise Invalid(
            message("The example programme has no language {language}.", language=shortened(language)),
            message("Its languages are: {languages}.", languages=", ".join(languages)),
        )
    return language or (desk.language() if desk.language() in languages else languages[0])


# --- The folder -------------------------------------------------------------------------------------------------------


def _make_room(folder: Path) -> Path | None:
    """Move an earlier data folder aside; returns its new name. Nothing is ever deleted."""
    try:
        inside = [each.name for each in folder.iterdir()] if folder.exists() else []
        if not inside:
            return None
        if not all(name.startswith(_OWN) for name in inside):
            raise Invalid(
                message("{folder} holds other things than what pilotkit keeps.", folder=folder),
                message("Name a folder that is empty or not there yet: --data FOLDER"),
            )
        whole = folder.resolve()
        names = (whole.with_name(f"{whole.name}-{number}") for number in count(1))
        return whole.rename(next(name for name in names if not name.exists()))
    except OSError as error:
        raise Unavailable(
            message("{folder} cannot be used: {reason}.", folder=shortened(str(folder)), reason=error.strerror or ""),
            message("Name another data folder: --data FOLDER"),
        ) from None


def _settle(folder: Path) -> None:
    """Let everything in this process, flows too, work in the folder and on the database in it."""
    os.environ |= {"PILOTKIT_DATA": str(folder.resolve()), "PILOTKIT_DATABASE_URL": ""}
    desk.begin(desk.chosen_language())
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise Unavailable(
            message("The data folder {folder} cannot be made: {reason}.", folder=folder, reason=error.strerror or ""),
            message("Name another data folder: --data FOLDER"),
        ) from None
    desk.log_to_file()


# --- The play ---------------------------------------------------------------------------------------------------------


def _play(folder: Path, file: ProgrammeFile, language: str, *, as_json: bool) -> None:
    from pilotkit.cli.playbill import playbill

    with desk.pilotkit(check_schema=False) as pk:
        with playbill() as bill:
            codes = _history(pk, file, bill)
            batch = _documents(pk, codes, bill)
        shown = [_shown(pk, each.standing, language) for each in batch.advances]
        books = [(laid.language, pk.shelf / laid.shelf) for laid in batch.books]
    if as_json:
        output.data({"folder": folder.resolve(), "pilots": shown, "books": [path for _, path in books]})
    else:
        _tell(shown, [path for written, path in books if written == language])
    _end_with_failures(batch)


def _history(pk: Pilotkit, file: ProgrammeFile, bill: Playbill) -> Sequence[str]:
    """Load the programme and play what people did, with pilotkit's own steps as flows in between."""
    from flows.in_process import run_advance
    from pilotkit.cli.play import Player
    from pilotkit.db.schema import upgrade
    from pilotkit.exchange.history import read_histories
    from pilotkit.resources import examples
    from pilotkit.services.programmes import load_programme

    bill.part(message("Programme"), 1)
    histories = read_histories(examples() / EXAMPLE / "pilots")
    upgrade(pk.db)
    now = pk.now()
    begun = now + timedelta(days=min(history.acts[0].day for history in histories)) - _BEFORE_THE_FIRST_IDEA
    load_programme(pk.db, setup=file.setup, process=file.process, source=file.process_source, at=begun)
    bill.step(file.setup.key)

    def advance(codes: Sequence[str], at: datetime) -> None:
        bill.now(", ".join(codes))
        run_advance(replace(pk, now=lambda: at), codes, documents=False, books=False)

    bill.part(message("What people did"), sum(len(history.acts) for history in histories))
    return Player(
        pk.db,
        histories,
        today=now.astimezone(ZoneInfo(file.setup.zone)).date(),
        zone=file.setup.zone,
        advance=advance,
        on_act=lambda code, act: bill.step(f"{code} {act.act}"),
    ).play()


def _documents(pk: Pilotkit, codes: Sequence[str], bill: Playbill) -> Batch:
    """What is due today, with the current documents; then the books, once."""
    from flows.in_process import run_advance
    from pilotkit.services import steps
    from pilotkit.services.books import stale_books

    pilots = set(codes)

    def told(owner: str, what: Message) -> None:
        if pilots and owner not in pilots:  # the first book
            pilots.clear()
            bill.part(message("Handbook and action plans"), len(stale_books(pk.db)) + 1)
        bill.step(f"{owner} {desk.say(what)}")

    due = [item for code in codes for item in steps.standing(pk.db, code, at=pk.now()).due]
    bill.part(message("Documents of the pilots"), len(due))
    return run_advance(pk, codes, on_progress=told)


# --- What is shown at the end -----------------------------------------------------------------------------------------


def _shown(pk: Pilotkit, here: Standing, language: str) -> Shown:
    from pilotkit.services.documents import documents_of

    laid = documents_of(pk.db, here.code)
    item = next((item for item in here.waiting if item.open(here.today)), None)
    return Shown(
        pilot=here.code,
        title=here.title,
        stage=here.stage_title,
        number=here.number,
        status=here.status,
        who=(item.owner.name if item.owner else item.role) if item else "",
        task=item.title if item else None,
        until=item.due_on if item else None,
        late=item is not None and item.late(here.today),
        documents=tuple(pk.shelf / each.shelf for each in laid),
        entry=next((pk.shelf / e.shelf for e in laid if (e.key, e.language) == ("handbook-entry", language)), None),
    )


def _tell(pilots: Sequence[Shown], books: Sequence[Path]) -> None:
    heads = (
        message("Pilot"),
        message("Title"),
        message("Stage"),
        message("Waits for"),
        message("Until"),
        message("Documents"),
    )
    output.table(heads, [_row(pilot) for pilot in pilots])
    output.heading(message("Handbook and action plans"))
    for book in books:
        output.line(_near(book))
    output.line("")
    output.line(message("Beside a pilot's handbook entry lie its other documents, in every language."))
    output.line(message("Next: pilotkit pilot show {code}", code=pilots[0].pilot))


def _row(pilot: Shown) -> tuple[object, ...]:
    title = desk.say(pilot.title)
    return (
        pilot.pilot,
        title if len(title) <= 40 else f"{title[:39]}…",
        _place(pilot),
        desk.say(message("{who}: {task}", who=pilot.who, task=pilot.task)) if pilot.task else "",
        message("{day} (late)", day=output.spoken(pilot.until)) if pilot.late else pilot.until,
        message("{number}: {path}", number=len(pilot.documents), path=_near(pilot.entry) if pilot.entry else ""),
    )


def _place(pilot: Shown) -> Message:
    """Where it stands: the stage, with what is not as usual."""
    stage = wording(pilot.stage)
    if pilot.status != "active":
        return message("{stage}, {status}", stage=stage, status=word(pilot.status))
    if pilot.number > 1:
        return message("{stage}, pass {number}", stage=stage, number=pilot.number)
    return message("{stage}", stage=stage)


def _near(path: Path) -> str:
    """A path as one would type it here."""
    return os.path.relpath(path) if path.is_relative_to(Path.cwd()) else str(path)


def _end_with_failures(batch: Batch) -> None:
    """A document that could not be typeset is told; everything else is there all the same."""
    failed = [(each.standing.code, step) for each in batch.advances for step in each.steps if step.failure]
    for code, step in failed:
        if step.failure:
            reason = message("{code}: {step}: {reason}", code=code, step=step.item.title, reason=step.failure.what)
            tell(reason, step.failure.remedy)
    if failed:
        raise typer.Exit(1)

"""``import``: pilots out of the rows of a table."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pilotkit.cli import desk, output
from pilotkit.cli.arguments import AsJson, By, ProgrammeKey
from pilotkit.domain.text import message

if TYPE_CHECKING:
    from pilotkit.exchange.report import Report
    from pilotkit.services.imports import ImportReport


def import_file(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The table: CSV or XLSX.")],
    *,
    mapping: Annotated[
        Path, typer.Option(metavar="MAP", help="What its columns mean: a TOML file, or a name; docs/import.md.")
    ],
    area: Annotated[str, typer.Option(metavar="KEY", help="The action area of the new pilots.")] = "",
    only: Annotated[
        list[str] | None, typer.Option(metavar="NAME", help="Only this programme of the table; several times.")
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would be done, and do nothing.")] = False,
    rows: Annotated[bool, typer.Option("--rows", help="Tell every row, not only what is doubtful or refused.")] = False,
    programme: ProgrammeKey = "",
    by: By = "",
    as_json: AsJson = False,
) -> None:
    """Make pilots of the rows of a table (CSV or XLSX).

    All of them or none. Imported again, the same table changes nothing.
    """
    from pilotkit.exchange.joining import read
    from pilotkit.exchange.mapping import load_mapping
    from pilotkit.services.imports import import_candidates

    with desk.pilotkit() as pk:
        actor = desk.actor(by)
        reading = read(file, load_mapping(mapping))
        with output.progress(message("Importing"), len(reading.candidates)) as report:
            done = import_candidates(
                pk.db,
                programme=programme,
                candidates=reading.candidates,
                area=area,
                by=actor,
                at=pk.now(),
                source=file.name,
                only=tuple(only or ()),
                dry_run=dry_run,
                on_pilot=lambda each: report(each.code),
            )
    taken = reading.report.without(_left_out(done))
    if as_json:
        output.data(_as_data(taken, done))
        return
    _tell_rows(taken, every=rows)
    _tell_pilots(done)


def _left_out(done: ImportReport) -> frozenset[int]:
    from pilotkit.services.imports import Fate

    return frozenset(row for each in done.pilots if each.fate is Fate.LEFT_OUT for row in each.rows)


def _as_data(report: Report, done: ImportReport) -> dict[str, object]:
    return {
        "file": report.file,
        "sheet": report.sheet,
        "dry_run": done.rehearsal,
        "rows": {verdict.value: count for verdict, count in sorted(report.counts().items())},
        "pilots": {fate.value: count for fate, count in sorted(done.counts().items())},
        "remarks": report.remarks,
        "entries": [
            {"verdict": each.verdict, "row": each.row, "column": each.column, "message": each.message}
            for each in report.entries
        ],
        "imported": done.pilots,
        "organisations": [each.name for each in done.organisations],
    }


def _tell_rows(report: Report, *, every: bool) -> None:
    from pilotkit.exchange.report import Verdict

    chosen = [each for each in report.entries if every or each.verdict in (Verdict.DOUBTED, Verdict.REFUSED)]
    output.table(
        (message("row"), message("column"), message("verdict"), message("what")),
        ((each.row, each.column, each.verdict, each.message) for each in chosen),
    )
    counts = report.counts()
    output.line(
        message(
            "Rows: {taken} taken, {joined} joined, {doubted} doubted, {refused} refused.",
            **{verdict.value: counts[verdict] for verdict in Verdict},
        )
    )
    for remark in report.remarks:
        output.line(remark)


def _tell_pilots(done: ImportReport) -> None:
    from pilotkit.services.imports import Fate

    for each in done.pilots:
        for departure in each.departures:
            output.line(message("{code}, row {row}: {what}", code=each.code, row=each.rows[0], what=departure))
    differing = [each for each in done.pilots if each.fate is Fate.DIFFERS]
    for each in differing:
        output.line(message("{code} is left as it is, though the table has changed:", code=each.code))
        for difference in each.differences:
            output.line(f"  {desk.say(difference)}")
    counts = done.counts()
    if done.rehearsal:
        text = message(
            "Would import into {programme}: new {new}, unchanged {unchanged}, that differ {differs}, left out {left}.",
            **_numbers(done),
        )
    else:
        text = message(
            "Imported into {programme}: new {new}, unchanged {unchanged}, that differ {differs}, left out {left}.",
            **_numbers(done),
        )
    output.line(text)
    if done.organisations:
        output.line(message("Organisations that were not there before: {count}.", count=len(done.organisations)))
    if counts[Fate.NEW] and not done.rehearsal:
        output.line(message("Next: pilotkit advance --all"))


def _numbers(done: ImportReport) -> dict[str, object]:
    from pilotkit.services.imports import Fate

    counts = done.counts()
    return {
        "programme": done.programme,
        "new": counts[Fate.NEW],
        "unchanged": counts[Fate.UNCHANGED],
        "differs": counts[Fate.DIFFERS],
        "left": counts[Fate.LEFT_OUT],
    }

"""``process``: check and draw process files."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from pilotkit.cli import desk, output
from pilotkit.cli.arguments import AsJson, read_text
from pilotkit.domain.errors import Invalid, Refused, Unavailable
from pilotkit.domain.text import message

if TYPE_CHECKING:
    from pilotkit.domain.process import Process

app = typer.Typer(help="Check and draw process files.", no_args_is_help=True, rich_markup_mode=None)

File = Annotated[
    Path | None, typer.Argument(metavar="[FILE]", help="A process file; else the one that pilotkit ships.")
]


def _load(file: Path | None) -> "Process":
    from pilotkit.process.load import load
    from pilotkit.resources import processes

    return load(file or processes() / "standard.toml")


@app.command()
def check(file: File = None, *, as_json: AsJson = False) -> None:
    """Check a process file, and tell every fault with its place."""
    from pilotkit.process.load import BadProcess

    try:
        process = _load(file)
    except BadProcess as bad:
        if not as_json:
            raise
        output.data(
            {"sound": False, "faults": [{"line": f.line, "place": f.place, "reason": f.reason} for f in bad.faults]}
        )
        raise typer.Exit(bad.exit_code) from None
    if as_json:
        output.data({"sound": True, "faults": [], "key": process.key, "version": process.version})
        return
    output.line(
        message(
            "The process {key}, version {version}, is sound: {stages}.",
            key=process.key,
            version=process.version,
            stages=" → ".join(stage.key for stage in process.way()),
        )
    )


@app.command()
def diagram(
    file: File = None,
    *,
    form: Annotated[
        Literal["svg", "mermaid", "page"], typer.Option("--format", help="A picture, or the page of the docs.")
    ] = "mermaid",
    out: Annotated[Path | None, typer.Option(metavar="FILE", help="Where it goes; else standard output.")] = None,
    write: Annotated[
        Path | None, typer.Option(metavar="PAGE", help="Renew this page of the docs and the picture beside it.")
    ] = None,
    check_page: Annotated[
        Path | None, typer.Option("--check", metavar="PAGE", help="Exit code 1 when page or picture are not current.")
    ] = None,
) -> None:
    """Draw a process as SVG or Mermaid, or renew the page of the docs that tells it."""
    process = _load(file)
    if check_page:
        _compare(check_page, process)
    elif write:
        for path, content in _pages(write, process):
            _store(path, content)
            output.line(message("{path} has been written.", path=path))
    elif out:
        _store(out, _drawn(process, form))
        output.line(message("{path} has been written.", path=out))
    else:
        output.line(_drawn(process, form).rstrip("\n"))


def _drawn(process: "Process", form: str) -> str:
    from pilotkit.process import diagram as drawing
    from pilotkit.process import page

    if form == "page":
        return page.document(process)
    draw: Callable[..., str] = drawing.svg if form == "svg" else drawing.mermaid
    return draw(process, desk.say)


def _pages(page: Path, process: "Process") -> list[tuple[Path, str]]:
    """The page and the picture beside it, as they must be."""
    from pilotkit.process import diagram as drawing
    from pilotkit.process.page import in_page

    try:
        text = in_page(read_text(page), process)
    except ValueError:
        raise Invalid(
            message("The page {page} lacks the marks between which the process stands.", page=page),
            message("Copy them from docs/process.md."),
        ) from None
    return [(page, text), (page.with_suffix(".svg"), drawing.svg(process, drawing.english))]


def _compare(page: Path, process: "Process") -> None:
    for path, wanted in _pages(page, process):
        if not path.exists() or read_text(path) != wanted:
            raise Refused(
                message("{path} does not show the process as it is.", path=path),
                message("Draw it anew: pilotkit process diagram --write {page}", page=page),
            )
    output.line(message("{page} and its picture show the process as it is.", page=page))


def _store(path: Path, content: str) -> None:
    try:
        path.write_text(content, encoding="utf-8")
    except OSError as error:
        raise Unavailable(
            message("{path} cannot be written: {reason}.", path=path, reason=error.strerror or ""),
            message("Name a place where you may write."),
        ) from None

"""``render``, ``handbook`` and ``plan``: documents of a pilot, books of a programme."""

import errno
import os
import shutil
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from pilotkit.cli import desk, output
from pilotkit.cli.arguments import AsJson, Code, ProgrammeKey
from pilotkit.cli.errors import shortened
from pilotkit.domain.errors import Invalid, NotFound, Refused, Unavailable
from pilotkit.domain.text import message
from pilotkit.domain.words import word

if TYPE_CHECKING:
    from pilotkit.services.books import Book
    from pilotkit.services.documents import Laid

handbook = typer.Typer(help="Typeset the programme's handbook.", no_args_is_help=True, rich_markup_mode=None)
plan = typer.Typer(help="Typeset the action plans of the programme.", no_args_is_help=True, rich_markup_mode=None)

Language = Annotated[
    list[str] | None, typer.Option(metavar="XX", help="Only in this language; several times for several.")
]
Out = Annotated[
    Path | None, typer.Option("--out", metavar="FILE", help="Copy it there; a folder when there are several.")
]


def render(
    code: Code,
    *,
    document: Annotated[str, typer.Option(metavar="KEY", help="Only this one, such as action-plan.")] = "",
    subject: Annotated[
        str, typer.Option(metavar="SUBJECT", help="Only the one about this decision or pass, such as trial.1.")
    ] = "",
    language: Language = None,
    out: Out = None,
    as_json: AsJson = False,
) -> None:
    """Render documents of a pilot.

    What did not change is not typeset again.
    """
    from pilotkit.domain.planning import due_documents
    from pilotkit.services.documents import render as render_document
    from pilotkit.services.pilots import show

    with desk.pilotkit() as pk:
        dossier = show(pk.db, code)
        due = due_documents(dossier.pilot, dossier.process)
        chosen = [(k, s) for k, s in due if document in ("", k) and subject in ("", s)]
        if not chosen:
            raise NotFound(
                message("{code} has no such document now.", code=code),
                message("It has: {documents}.", documents=", ".join(f"{k} {s}".strip() for k, s in due) or "-"),
            )
        laid: list[Laid] = []
        with output.progress(message("Rendering"), len(chosen)) as report:
            for key, about in chosen:
                laid += render_document(
                    pk.db, pk.press, code, key=key, subject=about, languages=tuple(language or ()), at=pk.now()
                )
                report(key)
        _tell(laid, pk.shelf, out, as_json=as_json)


@handbook.command(name="build")
def build_handbook(
    *,
    edition: Annotated[
        Literal["public", "draft"], typer.Option(help="Published entries only, or everything as it stands.")
    ] = "public",
    language: Language = None,
    out: Out = None,
    programme: ProgrammeKey = "",
    as_json: AsJson = False,
) -> None:
    """Typeset the handbook as of today; what did not change is not typeset again."""
    key = f"handbook-{edition}"
    _build(lambda book: book.key == key, language, out, programme, as_json=as_json)


@handbook.callback()
def _handbook() -> None:
    """Typeset the programme's handbook."""


@plan.command(name="build")
def build_plan(
    *,
    area: Annotated[
        str, typer.Option(metavar="KEY", help="Only that of this action area; else those of the programme and of all.")
    ] = "",
    language: Language = None,
    out: Out = None,
    programme: ProgrammeKey = "",
    as_json: AsJson = False,
) -> None:
    """Typeset the action plans as of today; what did not change is not typeset again."""
    keys = {"action-plan-area"} if area else {"action-plan-area", "action-plan-programme"}
    _build(
        lambda book: book.key in keys and area in ("", book.area), language, out, programme, area=area, as_json=as_json
    )


@plan.callback()
def _plan() -> None:
    """Typeset the action plans of the programme."""


def _build(
    wanted: Callable[["Book"], bool],
    languages: Sequence[str] | None,
    out: Path | None,
    programme: str,
    *,
    area: str = "",
    as_json: bool,
) -> None:
    from pilotkit.services.books import books_of, require_area, typeset_books
    from pilotkit.services.programmes import show_programme

    with desk.pilotkit() as pk:
        frame = show_programme(pk.db, programme)
        for each in languages or ():
            if each not in frame.languages:
                raise Invalid(
                    message("The programme has no language {language}.", language=shortened(each, 20)),
                    message("Its languages are: {languages}.", languages=", ".join(frame.languages)),
                )
        if area:
            require_area(frame, area)

        def only(book: "Book") -> bool:
            return wanted(book) and (not languages or book.language in languages)

        count = sum(1 for book in books_of(frame) if only(book))
        with output.progress(message("Typesetting"), count) as report:
            laid = typeset_books(
                pk.db,
                pk.press,
                at=pk.now(),
                programme=programme,
                only=only,
                on_book=lambda book: report(f"{book.key} {book.area} {book.language}"),
            )
        _tell(laid, pk.shelf, out, as_json=as_json)


def _tell(laid: Sequence["Laid"], shelf: Path, out: Path | None, *, as_json: bool) -> None:
    files = _copied(laid, shelf, out) if out else [shelf / each.shelf for each in laid]
    if as_json:
        output.data([{**vars(each), "file": str(file)} for each, file in zip(laid, files, strict=True)])
        return
    output.table(
        (message("document"), message("language"), message("version"), message("pages"), message("file")),
        (
            (
                f"{desk.say(word(each.key))} {each.subject}".rstrip(),
                each.language,
                each.version,
                each.pages,
                str(file),
            )
            for each, file in zip(laid, files, strict=True)
        ),
    )


def _copied(laid: Sequence["Laid"], shelf: Path, out: Path) -> list[Path]:
    several = len(laid) > 1
    if several and out.exists() and not out.is_dir():
        raise Refused(
            message("There are {count} documents, and {out} is a file.", count=len(laid), out=out),
            message("Name a folder, or choose one: --language XX."),
        )
    into_folder = several or out.is_dir()
    files = [out / Path(each.shelf).name if into_folder else out for each in laid]
    try:
        for each, file in zip(laid, files, strict=True):
            if file.exists() and not file.is_file():  # a device would be replaced, not written
                raise OSError(errno.EINVAL, os.strerror(errno.EINVAL))
            file.parent.mkdir(parents=True, exist_ok=True)
            unfinished = file.with_name(f".{file.name}.unfinished")
            shutil.copyfile(shelf / each.shelf, unfinished)
            unfinished.replace(file)
    except OSError as error:
        raise Unavailable(
            message("{out} cannot be written: {reason}.", out=out, reason=error.strerror or type(error).__name__),
            message("Name a place where you may write; the documents themselves are in {shelf}.", shelf=shelf),
        ) from None
    return files

"""A small mapping and small tables, made up."""

import csv
import io
import zipfile
from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path

from openpyxl import Workbook

from pilotkit.exchange.mapping import Mapping, load_mapping

HEADER = ("programme", "title", "from", "to", "id", "partner", "role", "country", "kind", "budget")
ROW = ("Example", "Heart at home", "2024-01-01", "2025-12-31", "7", "Hospital, example", "LP", "SI", "Clinic", "1000")

MAPPING = """
[pilot]
programme = "programme"
starts = "from"
ends = "to"
references = ["id"]
[pilot.title]
column = "title"
language = "en"
[partner]
name = "partner"
role = "role"
country = "country"
kind = "kind"
budget = "budget"
[words.role.values]
LP = "lead"
PP = "partner"
AP = "associated"
[words.kind]
otherwise = "other"
[words.kind.values]
Clinic = "provider"
[words.country.values]
Slovenia = "SI"
Austria = "AT"
SI = "SI"
AT = "AT"
"""


def mapping(folder: Path, more: str = "") -> Mapping:
    path = folder / "mapping.toml"
    path.write_text(MAPPING + more, encoding="utf-8")
    return load_mapping(path)


def row(**other: str) -> tuple[str, ...]:
    """The example row with other values in some columns; ``from_`` stands for ``from``."""
    given = dict(zip(HEADER, ROW, strict=True)) | {name.rstrip("_"): value for name, value in other.items()}
    return tuple(given[name] for name in HEADER)


def as_csv(rows: Iterable[Sequence[str]], delimiter: str = ",", end: str = "\n") -> str:
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=delimiter, lineterminator=end).writerows(rows)
    return text.getvalue()


def write_csv(folder: Path, *rows: Sequence[str], encoding: str = "utf-8") -> Path:
    path = folder / "table.csv"
    path.write_bytes(as_csv([HEADER, *rows]).encode(encoding))
    return path


def write_xlsx(folder: Path, *rows: Sequence[object], header: Sequence[str] = HEADER, sheet: str = "Projects") -> Path:
    book = Workbook()
    page = book.active
    assert page is not None
    page.title = sheet
    for cells in (header, *rows):
        page.append(list(cells))
    path = folder / "table.xlsx"
    book.save(path)
    return path


SHARED_STRINGS = (
    b'<Override PartName="/xl/sharedStrings.xml" '
    b'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"/></Types>'
)


def replace_part(path: Path, part: str, content: bytes) -> None:
    """Put other bytes in the place of one part of an XLSX file, or add the table of strings that others write."""
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    if part == "xl/sharedStrings.xml":
        parts["[Content_Types].xml"] = parts["[Content_Types].xml"].replace(b"</Types>", SHARED_STRINGS)
    else:
        assert part in parts
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, old in (parts | {part: content}).items():
            archive.writestr(name, old)


def day(year: int, month: int, day_of_month: int) -> datetime:
    """Midnight of a day, as spreadsheets store dates: in no zone."""
    return datetime(year, month, day_of_month)  # noqa: DTZ001 - as the docstring says

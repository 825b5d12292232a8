"""What came of a table, row by row: taken, joined, doubted, refused."""

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from enum import StrEnum

from pilotkit.domain.errors import Invalid
from pilotkit.domain.text import Message, message


class Verdict(StrEnum):
    """What became of a row.

    Every row that is not blank is exactly one of taken (it opens a candidate), joined (it adds to one) or refused
    (nothing of it is used). A doubt comes on top: the row is used, but a person should look at the place.
    """

    TAKEN = "taken"
    JOINED = "joined"
    DOUBTED = "doubted"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a report.

    Attributes:
        row: The row as a spreadsheet numbers it, the first line of the file being row 1.
        column: The column's heading, or empty when the whole row is meant.
        sheet: The sheet's name; empty for CSV.
    """

    verdict: Verdict
    message: Message
    row: int
    column: str = ""
    sheet: str = ""

    @property
    def place(self) -> Message:
        """Where it is, in words."""
        if self.sheet and self.column:
            return message('sheet "{sheet}", row {row}, column "{column}"', **self._place)
        if self.sheet:
            return message('sheet "{sheet}", row {row}', **self._place)
        if self.column:
            return message('row {row}, column "{column}"', **self._place)
        return message("row {row}", **self._place)

    @property
    def _place(self) -> dict[str, object]:
        return {"sheet": self.sheet, "row": self.row, "column": self.column}


@dataclass(frozen=True)
class Report:
    """What came of one table.

    Attributes:
        file: The name of the file, without its folder.
        sheet: The sheet that was read; empty for CSV.
        remarks: What is to be known about the table as a whole.
        entries: Line by line, in the order of the rows.
    """

    file: str
    sheet: str
    remarks: tuple[Message, ...]
    entries: tuple[Entry, ...]

    def counts(self) -> Counter[Verdict]:
        """How many rows there are of each verdict; taken, joined and refused together are all rows that are not blank.

        A row may have several lines of a verdict: two doubts, two reasons to refuse it.
        """
        return Counter(verdict for verdict, _ in {(entry.verdict, entry.row) for entry in self.entries})

    def without(self, rows: Collection[int]) -> "Report":
        """The report without the lines of some rows: those of pilots that were left out."""
        return replace(self, entries=tuple(entry for entry in self.entries if entry.row not in rows))

    def of(self, verdict: Verdict) -> tuple[Entry, ...]:
        """The lines of one verdict."""
        return tuple(entry for entry in self.entries if entry.verdict == verdict)


class Faulty(Invalid):
    """A file cannot be used; nothing of it was taken.

    Attributes:
        faults: Every fault with its place, not only the first.
    """

    def __init__(self, file: str, faults: Iterable[Message], remedy: Message) -> None:
        self.faults = tuple(faults)
        first, more = self.faults[0], len(self.faults) - 1
        if more:
            what = message("{file}: {fault} (and {more} more).", file=file, fault=first, more=more)
        else:
            what = message("{file}: {fault}.", file=file, fault=first)
        super().__init__(what, remedy)


def at(entry: Entry) -> Message:
    """A fault together with its place."""
    return message("{place}: {fault}", place=entry.place, fault=entry.message)

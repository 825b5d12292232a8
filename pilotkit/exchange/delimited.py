"""CSV files, record by record."""

import csv
from collections.abc import Iterator, Sequence
from typing import TextIO

from pilotkit.domain.text import message
from pilotkit.exchange.cells import Limits
from pilotkit.exchange.report import Faulty

_DELIMITERS = (",", ";", "\t", "|")
_FIELD = 10
"""The csv module is given this many times the limit of a cell: what lies between is told with its column."""


def delimiter_of(text: TextIO, header_row: int, columns: Sequence[str], limits: Limits) -> str:
    """The delimiter under which the header row shows most of the wanted headings, then most headings at all."""

    def fitness(delimiter: str) -> tuple[int, int]:
        text.seek(0)
        try:
            lines = records("", text, delimiter, limits)
            header = next((line for number, line in enumerate(lines, start=1) if number == header_row), [])
        except Faulty:
            return (-1, 0)
        headings = {" ".join(cell.split()) for cell in header}
        return (sum(name in headings for name in columns), len(header))

    return max(_DELIMITERS, key=fitness)


def records(file: str, text: TextIO, delimiter: str, limits: Limits) -> Iterator[list[str]]:
    """The records of a CSV file. A broken quote ends the reading: where the next row begins is then anybody's guess.

    Raises:
        Faulty: The quotes do not match, a cell or line is endless, or the bytes are not in the encoding.
    """
    csv.field_size_limit(_FIELD * limits.cell)
    reader = csv.reader(_lines(file, text, _FIELD * limits.cell), delimiter=delimiter, strict=True)
    number = 0
    while True:
        try:
            record = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            fault = message(
                "row {row} (it ends in line {line}): the quotes or the size of a cell are broken: {reason}",
                row=number + 1,
                line=reader.line_num,
                reason=error,
            )
            raise Faulty(file, [fault], message("Mend the row, or export the table again.")) from None
        except UnicodeDecodeError as error:
            fault = message("after row {row}: not {encoding}", row=number, encoding=error.encoding)
            raise Faulty(file, [fault], message("Say the right encoding in the mapping.")) from None
        number += 1
        yield record


def _lines(file: str, text: TextIO, longest: int) -> Iterator[str]:
    """Lines of a bounded length, so that a file without line ends does not fill the memory."""
    number = 0
    while line := text.readline(longest):
        number += 1
        if len(line) == longest and not line.endswith(("\n", "\r")):
            fault = message("line {line} has more than {limit} characters", line=number, limit=longest)
            raise Faulty(file, [fault], message("Check that the file is a table."))
        yield line

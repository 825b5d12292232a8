"""What a benchmark found: medians of both sides in the same run, and their ratio."""

import json
import os
import platform
import statistics
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

MARKS = ("<!-- figures: begin -->", "<!-- figures: end -->")


@dataclass(frozen=True, kw_only=True)
class Result:
    """One figure: medians of pilotkit and of its peer over the same rounds."""

    figure: str
    goal: str
    ours: float
    peer: float
    peer_name: str
    rounds: int
    unit: str

    @property
    def ratio(self) -> float:
        """The median of pilotkit by that of its peer."""
        return self.ours / self.peer

    def __str__(self) -> str:
        """One line for a terminal."""
        return (
            f"{self.figure}: {self.ours:.2f} {self.unit}, {self.peer_name}: {self.peer:.2f} {self.unit}, "
            f"ratio {self.ratio:.2f} (goal: {self.goal}; median of {self.rounds})"
        )


def median(values: Sequence[float]) -> float:
    """The median, which one slow round does not move."""
    return statistics.median(values)


def machine() -> str:
    """The machine, as far as it explains a figure."""
    return f"{os.cpu_count()} cores, Python {platform.python_version()}, {platform.system()} {platform.machine()}"


def write_json(results: Sequence[Result], path: Path) -> None:
    """Keep the results with the machine that they were measured on."""
    content = {"machine": machine(), "results": [asdict(result) | {"ratio": result.ratio} for result in results]}
    path.write_text(json.dumps(content, indent=2) + "\n")


def write_table(results: Sequence[Result], page: Path) -> None:
    """Put the results between the marks of the page."""
    rows = [
        f"| {r.figure} | {r.ours:.2f} {r.unit} | {r.peer_name}: {r.peer:.2f} {r.unit} | **{r.ratio:.2f}** | {r.goal} |"
        for r in results
    ]
    head = ["| figure | pilotkit | peer | ratio | goal |", "|---|---|---|---|---|"]
    before, _, rest = page.read_text().partition(MARKS[0])
    after = rest.partition(MARKS[1])[2]
    table = "\n".join(["", *head, *rows, "", f"Measured on {machine()}.", ""])
    page.write_text(f"{before}{MARKS[0]}{table}{MARKS[1]}{after}")

"""What is wrong with a process, and where."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from pilotkit.domain.text import Message, message
from pilotkit.process.places import Path, quoted, written


@dataclass(frozen=True)
class Fault:
    """Something wrong with a process: where (path, and line where a file is known) and what."""

    path: Path
    reason: Message
    line: int = 0

    @property
    def place(self) -> str:
        """The path as people write it; empty for the process as a whole."""
        return written(self.path)


def repeated(path: Path, words: Iterable[str], *, within: str = "") -> Iterator[Fault]:
    """Every word of a list that stands there a second time; ``within`` names the key of its table, if it has one."""
    seen: set[str] = set()
    for number, word in enumerate(words):
        if word and word in seen:
            place = (*path, number, within) if within else (*path, number)
            yield Fault(place, message("“{key}” stands twice", key=quoted(word)))
        seen.add(word)

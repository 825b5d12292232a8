"""What documents are made from: facts only, gathered by a service, turned into pages by ``pilotkit.documents``."""

from dataclasses import dataclass
from datetime import date

from pilotkit.domain.agenda import AgendaItem
from pilotkit.domain.pilot import Decision, EntryVersion, Pilot, PilotStatus
from pilotkit.domain.process import Process
from pilotkit.domain.programme import ActionArea, Programme
from pilotkit.domain.text import Texts


@dataclass(frozen=True, kw_only=True)
class Dossier:
    """A pilot with its frame: what every document about one pilot needs."""

    programme: Programme
    process: Process
    pilot: Pilot
    agenda: tuple[AgendaItem, ...]

    def decision(self, number: int) -> Decision:
        """The decision with this number.

        Raises:
            KeyError: There is none.
        """
        for decision in self.pilot.decisions:
            if decision.number == number:
                return decision
        raise KeyError(number)


@dataclass(frozen=True, kw_only=True)
class PublishedEntry:
    """A published version with the facts as they were frozen when it was published."""

    version: EntryVersion
    dossier: Dossier


@dataclass(frozen=True, kw_only=True)
class Portfolio:
    """Every pilot of a programme (or of one action area): what the programme's books are made from."""

    programme: Programme
    process: Process
    dossiers: tuple[Dossier, ...]
    published: tuple[PublishedEntry, ...]
    area: ActionArea | None = None


@dataclass(frozen=True, kw_only=True)
class PilotLine:
    """A pilot in a list; ``stage`` is the one it is in since ``since``, or the last one of an ended pilot.

    ``number`` is the pass of that stage; ``zone`` the programme's.
    """

    code: str
    programme: str
    zone: str
    process_version_id: int
    area: str
    title: Texts
    status: PilotStatus
    archived: bool
    stage: str
    number: int
    since: date
    agenda: tuple[AgendaItem, ...]

"""A candidate: what a table says of one project, before and after it became a pilot.

A pilot that was imported carries a note of what the table said. By this note an import tells a table that changed from
one that did not, whatever people changed in the pilot meanwhile.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from pilotkit.domain.text import Message, Texts

_FACT, _DOUBT = "- ", "? "


@dataclass(frozen=True)
class CandidatePartner:
    """An organisation that takes part in a candidate.

    Attributes:
        role: ``lead``, ``partner`` or ``associated``.
        country: ISO 3166, two letters.
        kind: One of pilotkit's kinds of organisation.
        region: The region in the table's words.
        budget: The partner's budget in ``currency``; ``None`` when the table gives none that can be read.
        ownership: Public, private ... in the table's words.
        source_type: What kind of organisation it is in the table's words.
        rows: The rows that name it.
    """

    name: str
    role: str
    country: str
    kind: str
    region: str
    budget: Decimal | None
    currency: str
    ownership: str
    source_type: str
    rows: tuple[int, ...]

    @property
    def fact(self) -> str:
        """All that the table says of it, in a line."""
        budget = "" if self.budget is None else f"{self.budget.normalize():f} {self.currency}"
        parts = (self.role, budget, self.ownership, self.source_type, self.region)
        return f"{self.name} ({self.country}), {', '.join(filter(None, parts))}"


@dataclass(frozen=True)
class Candidate:
    """Rows that are one pilot.

    Attributes:
        source_key: The identity in the source, made of programme, title and dates: a second import finds it again.
        references: The source's own ids, each once. They do not identify anything.
        starts: The first day; ``None`` when it is missing, unreadable or after the end.
        extra: Further facts by the name that the mapping gives them; a date that was left out, under its column.
        rows: The rows that it is made of.
        doubts: What a person should look at, with places.
    """

    source_key: str
    programme: str
    title: Texts
    references: tuple[str, ...]
    starts: date | None
    ends: date | None
    extra: Mapping[str, str]
    partners: tuple[CandidatePartner, ...]
    rows: tuple[int, ...]
    doubts: tuple[Message, ...]

    @property
    def facts(self) -> tuple[str, ...]:
        """All that the table says, a line each, in the table's words: programme and title first."""
        days = {"starts": self.starts, "ends": self.ends}
        return (
            f"programme: {self.programme}",
            *(f"title ({language}): {title}" for language, title in sorted(self.title.items())),
            *(f"{name}: {day}" for name, day in days.items() if day),
            *(f"id: {reference}" for reference in sorted(self.references)),
            *(f"{name}: {value}" for name, value in sorted(self.extra.items())),
            *(f"partner: {fact}" for fact in sorted(partner.fact for partner in self.partners)),
        )


def note_of(candidate: Candidate, file: str) -> str:
    """The note that stays with the pilot: file and rows, facts, doubts."""
    rows = ", ".join(str(row) for row in candidate.rows)
    facts = (f"{_FACT}{fact}" for fact in candidate.facts)
    doubts = (f"{_DOUBT}{doubt}" for doubt in candidate.doubts)
    return "\n".join((f"{' '.join(file.split())}, rows {rows}", *facts, *doubts))


def facts_in(note: str) -> tuple[str, ...]:
    """The facts that a note holds."""
    return tuple(line.removeprefix(_FACT) for line in note.splitlines()[1:] if line.startswith(_FACT))


def project_of(facts: tuple[str, ...]) -> str:
    """Programme and title as they are compared: what stays the same when dates, ids and partners change."""
    return "\n".join(" ".join(fact.casefold().split()) for fact in facts if fact.startswith(("programme: ", "title (")))

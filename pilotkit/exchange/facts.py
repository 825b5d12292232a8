"""A row as facts: what it says of a pilot and of one partner, what is wrong with it, what is doubtful."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

from pilotkit.domain.candidate import CandidatePartner
from pilotkit.domain.programme import ORGANISATION_KINDS
from pilotkit.domain.text import message
from pilotkit.exchange.cells import Cell, Fault, Row
from pilotkit.exchange.mapping import ROLES, Mapping, Source
from pilotkit.exchange.values import Amounts, Days, Misread, Words, fold, oddity, text_of


@dataclass(slots=True)
class RowFacts:
    """What one row says.

    Attributes:
        given_start: The first day as a part of the pilot's identity: ISO where it can be read, else the table's words.
        given_end: The last day, in the same way.
        partner: ``None`` when the row names no organisation.
        faults: With one of these the row cannot be used.
    """

    number: int
    programme: str = ""
    title: str = ""
    starts: date | None = None
    ends: date | None = None
    given_start: str = ""
    given_end: str = ""
    references: tuple[str, ...] = ()
    extra: dict[str, str] = field(default_factory=dict)
    partner: CandidatePartner | None = None
    faults: list[Fault] = field(default_factory=list)
    doubts: list[Fault] = field(default_factory=list)

    @property
    def name(self) -> tuple[str, str]:
        """Programme and title as they are compared."""
        return fold(self.programme), fold(self.title)


class _Field:
    """A field of the mapping, with the places of its columns in this table; without a source it is always empty."""

    def __init__(self, source: Source | None, header: Sequence[str]) -> None:
        self.value = source.value if source else ""
        self._columns = [(header.index(name), name) for name in source.columns] if source else []
        self.column = self._columns[0][1] if self._columns else ""

    def text(self, texts: Sequence[str]) -> str:
        """The first text that is not empty."""
        for index, _ in self._columns:
            if texts[index]:
                return texts[index]
        return self.value

    def cell(self, cells: Sequence[Cell], texts: Sequence[str]) -> tuple[Cell, str]:
        """The first cell that is not empty, and its column."""
        for index, column in self._columns:
            if texts[index]:
                return cells[index], column
        return None, self.column


class Interpreter:
    """Reads the rows of one table as its mapping says."""

    def __init__(self, mapping: Mapping, header: Sequence[str], epoch: datetime) -> None:
        self._listed = mapping.lists_only
        self._dates_may_fail = mapping.dates.unreadable == "doubt"
        self._amounts_may_fail = mapping.numbers.unreadable == "doubt"
        self._days = Days(mapping.dates, epoch)
        self._amounts = Amounts(mapping.numbers)
        self._words = {
            "role": Words(mapping.words.role, ROLES),
            "kind": Words(mapping.words.kind, ORGANISATION_KINDS),
            "country": Words(mapping.words.country, _countries(mapping)),
        }
        pilot = mapping.pilot
        self._programme = _Field(pilot.programme, header)
        self._title = _Field(Source(columns=(pilot.title.column,)), header)
        self._starts = _Field(pilot.starts, header)
        self._ends = _Field(pilot.ends, header)
        self._references = [_Field(Source(columns=(name,)), header) for name in pilot.references]
        self._extra = [(name, _Field(source, header)) for name, source in pilot.extra.items()]
        self._partner = {
            name: _Field(getattr(mapping.partner, name), header) for name in type(mapping.partner).model_fields
        }
        self._has_kinds = mapping.partner.kind is not None

    def read(self, row: Row) -> RowFacts:
        """What a row says; a row that is broken as such says nothing but that."""
        facts = RowFacts(row.number, faults=list(row.faults))
        if facts.faults:
            return facts
        texts = [text_of(cell) for cell in row.cells]
        facts.programme = _required(self._programme, texts, facts)
        facts.title = _required(self._title, texts, facts)
        facts.references = tuple(filter(None, [field.text(texts) for field in self._references]))
        facts.extra = {name: value for name, field in self._extra if (value := field.text(texts))}
        facts.starts, facts.given_start = self._day(self._starts, row.cells, texts, facts)
        facts.ends, facts.given_end = self._day(self._ends, row.cells, texts, facts)
        self._check_order(facts)
        facts.partner = self._read_partner(row, texts, facts)
        return facts

    def _day(
        self, field: _Field, cells: Sequence[Cell], texts: Sequence[str], facts: RowFacts
    ) -> tuple[date | None, str]:
        cell, column = field.cell(cells, texts)
        if cell is None:
            return None, ""
        try:
            day = self._days.read(cell)
            return day, day.isoformat()
        except Misread as error:
            if self._dates_may_fail:
                facts.doubts.append(Fault(column, message("{why}; the date is left out", why=error.why)))
            else:
                facts.faults.append(Fault(column, error.why))
            facts.extra[column] = text_of(cell)
            return None, fold(text_of(cell))

    def _check_order(self, facts: RowFacts) -> None:
        """One of two dates in the wrong order is wrong; as nobody can tell which, neither is used."""
        if facts.starts and facts.ends and facts.ends < facts.starts:
            doubt = message(
                "the end {ends} lies before the start {starts}; both dates are left out",
                ends=facts.given_end,
                starts=facts.given_start,
            )
            facts.doubts.append(Fault(self._ends.column, doubt))
            facts.extra |= {self._starts.column: facts.given_start, self._ends.column: facts.given_end}
            facts.starts = facts.ends = None

    def _read_partner(self, row: Row, texts: Sequence[str], facts: RowFacts) -> CandidatePartner | None:
        fields = self._partner
        partner = CandidatePartner(
            name=fields["name"].text(texts),
            role=self._word("role", texts, facts),
            country=self._word("country", texts, facts),
            kind=self._word("kind", texts, facts) if self._has_kinds else "other",
            region=fields["region"].text(texts),
            budget=self._budget(row.cells, texts, facts),
            currency=fields["currency"].text(texts),
            ownership=fields["ownership"].text(texts),
            source_type=fields["source_type"].text(texts),
            rows=(row.number,),
        )
        self._check_country(partner.country, facts)
        if partner.name:
            if odd := oddity(partner.name):
                facts.doubts.append(Fault(fields["name"].column, odd))
            return partner
        said = (partner.role, partner.source_type, partner.region, f"{partner.budget or 0} {partner.currency}")
        doubt = message(
            "no organisation is named; the partner is left out ({said}): add it by hand",
            said=", ".join(filter(None, said)),
        )
        facts.doubts.append(Fault(fields["name"].column, doubt))
        return None

    def _word(self, name: str, texts: Sequence[str], facts: RowFacts) -> str:
        field = self._partner[name]
        try:
            word, doubt = self._words[name].read(field.text(texts))
        except Misread as error:
            facts.faults.append(Fault(field.column, error.why))
            return ""
        if doubt:
            facts.doubts.append(Fault(field.column, doubt))
        return word

    def _check_country(self, country: str, facts: RowFacts) -> None:
        if country and self._listed and country not in self._listed:
            only = ", ".join(self._listed)
            doubt = message("the mapping says that only partners of {countries} are listed", countries=only)
            facts.doubts.append(Fault(self._partner["country"].column, doubt))

    def _budget(self, cells: Sequence[Cell], texts: Sequence[str], facts: RowFacts) -> Decimal | None:
        cell, column = self._partner["budget"].cell(cells, texts)
        if cell is None:
            return None
        try:
            return self._amounts.read(cell)
        except Misread as error:
            if self._amounts_may_fail:
                facts.doubts.append(Fault(column, message("{why}; the amount is left out", why=error.why)))
            else:
                facts.faults.append(Fault(column, error.why))
            return None


def _countries(mapping: Mapping) -> set[str]:
    """Country codes that count as they are: those that the mapping mentions."""
    return {*mapping.lists_only, *mapping.words.country.values.values(), mapping.partner.country.value} - {""}


def _required(field: _Field, texts: Sequence[str], facts: RowFacts) -> str:
    text = field.text(texts)
    if not text:
        facts.faults.append(Fault(field.column, message("the cell is empty")))
    elif doubt := oddity(text):
        facts.doubts.append(Fault(field.column, doubt))
    return text

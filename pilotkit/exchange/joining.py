"""Rows into candidates: what may become a pilot, with its partners, and everything that is doubtful about it."""

import hashlib
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import chain
from pathlib import Path
from typing import TypeVar

from pilotkit.domain.candidate import Candidate, CandidatePartner
from pilotkit.domain.text import Message, message
from pilotkit.exchange.cells import LIMITS, Fault, Limits
from pilotkit.exchange.facts import Interpreter, RowFacts
from pilotkit.exchange.mapping import ROLES, Mapping
from pilotkit.exchange.report import Entry, Faulty, Report, Verdict, at
from pilotkit.exchange.tables import OpenTable, open_table
from pilotkit.exchange.values import fold

__all__ = ["Candidate", "CandidatePartner", "Reading", "read"]

_T = TypeVar("_T")
_MANY = 1_000
"""After so many faults nobody reads on."""


@dataclass(frozen=True)
class Reading:
    """What a table holds. Nothing is stored yet."""

    candidates: tuple[Candidate, ...]
    report: Report


def read(path: Path, mapping: Mapping, limits: Limits = LIMITS) -> Reading:
    """A table, read as its mapping says.

    Raises:
        NotFound: There is no such file.
        Unavailable: The file cannot be read.
        Faulty: The file as a whole cannot be used: it is no table, lacks columns, holds no row that can be used, or
            holds a broken row while the mapping says that this breaks the file. Carries every fault with its place.
    """
    with open_table(path, mapping.table, mapping.columns(), limits) as table:
        sound, refused = _read_rows(path.name, table, mapping)
        groups = [rows for named in _by_name(sound) for rows in _periods(named, mapping)]
        pilots = [_Pilot(rows, mapping, table.sheet) for rows in groups]
        _compare(pilots)
        pilots.sort(key=lambda pilot: pilot.rows[0].number)
        candidates = tuple(pilot.candidate() for pilot in pilots)
        entries = [*refused, *(entry for pilot in pilots for entry in pilot.entries())]
        remarks = tuple(_remarks(candidates, table, mapping))
        report = Report(path.name, table.sheet, remarks, tuple(sorted(entries, key=lambda entry: entry.row)))
    return Reading(candidates, report)


def _read_rows(file: str, table: OpenTable, mapping: Mapping) -> tuple[list[RowFacts], list[Entry]]:
    interpreter = Interpreter(mapping, table.header, table.epoch)
    sound: list[RowFacts] = []
    refused: list[Entry] = []
    for row in table.rows:
        facts = interpreter.read(row)
        if facts.faults:
            refused += [_entry(Verdict.REFUSED, facts.number, fault, table.sheet) for fault in facts.faults]
        else:
            sound.append(facts)
        if mapping.table.broken_row == "refuse file" and len(refused) >= _MANY:
            break
    if refused and mapping.table.broken_row == "refuse file":
        remedy = message(
            "Nothing was taken. Mend the rows or the mapping, or pass over such rows: "
            'under [table], broken_row = "refuse row".'
        )
        raise Faulty(file, map(at, refused), remedy)
    if not sound:
        faults = [at(entry) for entry in refused] or [message("there is no row below the headings")]
        raise Faulty(file, faults, message("Nothing was taken. Check the table and the mapping."))
    return sound, refused


def _entry(verdict: Verdict, row: int, fault: Fault, sheet: str) -> Entry:
    return Entry(verdict, fault.message, row, fault.column, sheet)


def _by_name(rows: Sequence[RowFacts]) -> Iterator[list[RowFacts]]:
    """Rows of the same programme and title."""
    named: defaultdict[tuple[str, str], list[RowFacts]] = defaultdict(list)
    for row in rows:
        named[row.name].append(row)
    yield from named.values()


def _periods(rows: list[RowFacts], mapping: Mapping) -> list[list[RowFacts]]:
    """Rows of one programme and title, divided by their dates as the mapping says."""
    if mapping.join.periods == "ignored":
        return [rows]
    exact: defaultdict[tuple[str, str], list[RowFacts]] = defaultdict(list)
    for row in rows:
        exact[row.given_start, row.given_end].append(row)
    if mapping.join.periods == "exact":
        return list(exact.values())
    clusters = _overlapping(list(exact.values()), _span)
    return [sorted(chain(*cluster), key=lambda row: row.number) for cluster in clusters]


def _overlapping(items: Sequence[_T], span: Callable[[_T], tuple[date, date]]) -> list[list[_T]]:
    """Items whose spans hang together, in the order of their first days."""
    clusters: list[list[_T]] = []
    reach = date.min
    for item in sorted(items, key=span):
        start, end = span(item)
        if clusters and start <= reach:
            clusters[-1].append(item)
        else:
            clusters.append([item])
        reach = max(reach, end)
    return clusters


def _span(rows: Sequence[RowFacts]) -> tuple[date, date]:
    """The days that rows may cover: a date that is missing or left out may be any."""
    return min(row.starts or date.min for row in rows), max(row.ends or date.max for row in rows)


class _Pilot:
    """Rows that are one pilot, while it is being put together."""

    def __init__(self, rows: list[RowFacts], mapping: Mapping, sheet: str) -> None:
        self.rows = rows
        self._mapping = mapping
        self._sheet = sheet
        self._doubts: list[tuple[int, Fault]] = [(row.number, doubt) for row in rows for doubt in row.doubts]
        self._phase: Message | None = None
        self._partners = self._joined_partners()
        self._extra = self._joined_extra()
        self._check_dates()
        self._check_lead()

    @property
    def row_numbers(self) -> str:
        """Its rows, the first ten of them."""
        numbers = [str(row.number) for row in self.rows[:10]]
        return ", ".join(numbers) + (" ..." if len(self.rows) > 10 else "")

    def doubt(self, fault: Message, *, row: int | None = None, column: str = "") -> None:
        """Doubt something about the pilot as a whole, or at a row."""
        self._doubts.append((self.rows[0].number if row is None else row, Fault(column, fault)))

    def overlaps(self, other: "_Pilot") -> None:
        """Doubt that the two are two."""
        self.doubt(
            message(
                "rows {rows} have the same title, for another period that overlaps: perhaps it is one pilot; "
                'then join by hand, or with periods = "overlapping" in the mapping',
                rows=other.row_numbers,
            )
        )

    def is_phase_beside(self, other: "_Pilot") -> None:
        """Say that the same title stands in the table for another time as well."""
        self._phase = message(
            "taken as a pilot of its own: rows {rows} have the same title, for another period", rows=other.row_numbers
        )

    def candidate(self) -> Candidate:
        """The candidate with all its doubts."""
        first, title = self.rows[0], self._mapping.pilot.title
        language = title.languages.get(first.programme, title.language)
        return Candidate(
            source_key=self._key(),
            programme=first.programme,
            title={language: first.title},
            references=tuple(dict.fromkeys(reference for row in self.rows for reference in row.references)),
            starts=min((row.starts for row in self.rows if row.starts), default=None),
            ends=max((row.ends for row in self.rows if row.ends), default=None),
            extra=self._extra,
            partners=self._partners,
            rows=tuple(row.number for row in self.rows),
            doubts=tuple(at(_entry(Verdict.DOUBTED, row, doubt, self._sheet)) for row, doubt in self._doubts),
        )

    def entries(self) -> Iterator[Entry]:
        """The report's lines on this pilot."""
        first, title = self.rows[0].number, self.rows[0].title
        taken = self._phase or message('taken as the pilot "{title}"', title=title)
        joined = message('joined to the pilot "{title}" of row {row}', title=title, row=first)
        yield Entry(Verdict.TAKEN, taken, first, sheet=self._sheet)
        for row in self.rows[1:]:
            yield Entry(Verdict.JOINED, joined, row.number, sheet=self._sheet)
        for number, doubt in self._doubts:
            yield _entry(Verdict.DOUBTED, number, doubt, self._sheet)

    def _key(self) -> str:
        start = min(row.given_start for row in self.rows)
        end = max(row.given_end for row in self.rows)
        return hashlib.sha256("\x1f".join((*self.rows[0].name, start, end)).encode()).hexdigest()

    def _joined_partners(self) -> tuple[CandidatePartner, ...]:
        partners: dict[tuple[str, str], CandidatePartner] = {}
        for row in self.rows:
            if row.partner is None:
                continue
            identity = (fold(row.partner.name), row.partner.country)
            if known := partners.get(identity):
                partners[identity] = self._same_partner(known, row.partner)
            else:
                partners[identity] = row.partner
        return tuple(partners.values())

    def _same_partner(self, known: CandidatePartner, again: CandidatePartner) -> CandidatePartner:
        """One partner out of two rows: the weightier role, the budgets together."""
        self.doubt(
            message(
                'the partner "{name}" stands in row {row} as well; taken as one, with the budgets added',
                name=again.name,
                row=known.rows[0],
            ),
            row=again.rows[0],
        )
        budget = known.budget
        if again.budget is not None and known.currency == again.currency:
            budget = again.budget + (known.budget or 0)
        role = min(known.role, again.role, key=ROLES.index)
        return replace(known, role=role, budget=budget, rows=known.rows + again.rows)

    def _joined_extra(self) -> dict[str, str]:
        extra: dict[str, str] = {}
        for row in self.rows:
            for name, value in row.extra.items():
                if extra.setdefault(name, value) != value:
                    self.doubt(
                        message(
                            '{name}: "{value}" here, "{first}" in an earlier row; the earlier one is kept',
                            name=name,
                            value=value,
                            first=extra[name],
                        ),
                        row=row.number,
                    )
        return extra

    def _check_dates(self) -> None:
        given = dict.fromkeys((row.given_start, row.given_end) for row in self.rows)
        if len(given) > 1:
            periods = "; ".join(f"{start or '?'} - {end or '?'}" for start, end in list(given)[:10])
            self.doubt(message("dates differ among the rows ({periods}); the longest time is taken", periods=periods))

    def _check_lead(self) -> None:
        leads = [partner.name for partner in self._partners if partner.role == "lead"]
        if len(leads) > 1:
            self.doubt(message("there are {count} lead partners: {names}", count=len(leads), names="; ".join(leads)))
        elif not leads:
            self.doubt(message("no row names the lead partner: add it by hand before the pilot's first gate"))


def _compare(pilots: Sequence[_Pilot]) -> None:
    """Tell phases of one title from rows that may be one pilot after all."""
    named: defaultdict[tuple[str, str], list[_Pilot]] = defaultdict(list)
    for pilot in pilots:
        named[pilot.rows[0].name].append(pilot)
    for group in named.values():
        for cluster in _overlapping(group, lambda pilot: _span(pilot.rows)):
            for pilot in cluster:
                if len(cluster) > 1:
                    pilot.overlaps(cluster[1] if pilot is cluster[0] else cluster[0])
                elif len(group) > 1:
                    pilot.is_phase_beside(group[1] if pilot is group[0] else group[0])


def _remarks(candidates: Sequence[Candidate], table: OpenTable, mapping: Mapping) -> Iterator[Message]:
    """What is to be known of the table as a whole."""
    if mapping.lists_only:
        yield message(
            "The table lists partners of {countries} only: partners of other countries are missing, add them by hand.",
            countries=", ".join(mapping.lists_only),
        )
    leaderless = sum(all(partner.role != "lead" for partner in candidate.partners) for candidate in candidates)
    if leaderless:
        yield message("{count} of {all} pilots have no lead partner.", count=leaderless, all=len(candidates))
    yield from _on_references(candidates)
    if mapping.partner.budget and mapping.partner.currency.value:
        yield message(
            "The table names no currency; the mapping says {currency}.", currency=mapping.partner.currency.value
        )
    if unused := [name for name in table.header if name and name not in mapping.columns()]:
        yield message("Columns that are not used: {columns}.", columns=", ".join(unused))
    if table.guessed:
        yield message(
            "The encoding was guessed to be {encoding}: if letters are wrong, say another in the mapping.",
            encoding=table.encoding,
        )


def _on_references(candidates: Sequence[Candidate]) -> Iterator[Message]:
    pilots: defaultdict[str, int] = defaultdict(int)
    for candidate in candidates:
        for reference in candidate.references:
            pilots[reference] += 1
    shared = sum(count > 1 for count in pilots.values())
    several = sum(len(candidate.references) > 1 for candidate in candidates)
    if shared or several:
        yield message(
            "{shared} of {all} ids stand for several pilots, and {several} pilots have several ids: "
            "ids are kept as references, nothing is joined by them.",
            shared=shared,
            all=len(pilots),
            several=several,
        )

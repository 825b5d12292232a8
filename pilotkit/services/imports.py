"""Imports: what a table says of projects becomes pilots, all of them in one transaction or none.

What people do with an imported pilot is theirs: an import never writes to a pilot that is there. It compares the table
with what it said when the pilot was made (the note that the pilot carries), and tells what differs.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from itertools import islice
from typing import cast

from sqlalchemy.orm import Session

from pilotkit.db import models
from pilotkit.db.audit import record
from pilotkit.db.engine import Database
from pilotkit.db.models.organisation import folded
from pilotkit.db.queries.organisations import all_organisations, organisation_names
from pilotkit.db.queries.rows import lock, some
from pilotkit.domain.candidate import Candidate, CandidatePartner, facts_in, note_of, project_of
from pilotkit.domain.errors import Invalid, Message, message
from pilotkit.domain.limits import checked_name
from pilotkit.domain.permission import Action
from pilotkit.domain.pilot import PartnerRole
from pilotkit.domain.programme import Organisation, Programme
from pilotkit.domain.text import Texts
from pilotkit.faults import kill_point
from pilotkit.services.actors import acting
from pilotkit.services.organisations import store_organisation
from pilotkit.services.pilots import Idea, PartnerPart, store_ideas

_ROLES: tuple[PartnerRole, ...] = ("lead", "partner", "associated")
"""The roles of a table, the weightiest first."""

_CENT = Decimal("0.01")
_BATCH = 50
"""So many pilots are stored at once: many are fast, few let a progress display move."""


class Fate(StrEnum):
    """What became of a candidate."""

    NEW = "new"
    UNCHANGED = "unchanged"
    DIFFERS = "differs"
    LEFT_OUT = "left out"


@dataclass(frozen=True, kw_only=True)
class Imported:
    """A candidate and what became of it.

    Attributes:
        code: The pilot's code; empty when it was left out.
        programme: The programme in the table's words.
        rows: The rows of the table that it is made of.
        departures: Where the import had to do otherwise than the table says; they come on top of the table's doubts.
        differences: What the table says otherwise than when the pilot was made, if it differs.
    """

    fate: Fate
    code: str
    programme: str
    title: Texts
    rows: tuple[int, ...]
    departures: tuple[Message, ...] = ()
    differences: tuple[Message, ...] = ()


@dataclass(frozen=True, kw_only=True)
class ImportReport:
    """What an import did; or would have done, if it was a rehearsal.

    Attributes:
        file: The table's name.
        programme: The key of the programme that got the pilots.
        rehearsal: Nothing was stored. Codes are those that the pilots would have got.
        pilots: Every candidate, in the order of the table.
        organisations: Those that were not there before.
    """

    file: str
    programme: str
    rehearsal: bool
    pilots: tuple[Imported, ...]
    organisations: tuple[Organisation, ...]

    def counts(self) -> Counter[Fate]:
        """How many candidates met each fate."""
        return Counter(each.fate for each in self.pilots)


def import_candidates(
    db: Database,
    *,
    programme: str = "",
    candidates: Sequence[Candidate],
    area: str = "",
    by: str | None,
    at: datetime,
    source: str,
    only: Collection[str] = (),
    dry_run: bool = False,
    on_pilot: Callable[[Imported], None] = lambda _: None,
) -> ImportReport:
    """Make pilots of candidates: all of them, or none when anything is wrong.

    A candidate that was imported before changes nothing at all, neither pilot nor audit trail. One of which the table
    now says something else is reported and left alone.

    Args:
        programme: The key of the programme that gets the pilots; the only one when empty.
        area: The action area of new pilots; may be empty when the programme has a single one.
        source: The name of the file, for the pilots' notes.
        only: Programmes, as the table names them, that are taken; the others are left out. All when empty.
        dry_run: Do everything, and then take it back.
        on_pilot: Called with each new pilot, for a progress display.

    Raises:
        NotFound: There is no such programme, action area or person.
        NotAllowed: The person may not import.
        Invalid: A row holds what cannot be stored, or ``only`` names a programme that the table does not have.
    """
    _check_only(only, candidates)
    chosen = [each for each in candidates if not only or each.programme in only]
    with db.write() as session:
        frame, actor = acting(session, programme, by, Action.IMPORT)
        # Two imports at once wait for each other here, so the second one finds the pilots of the first.
        lock(session, models.Programme, frame.id)
        register = _Register(session, frame, chosen)
        fates = {each.source_key: _imported(each, Fate.LEFT_OUT) for each in candidates}
        fates |= {each.source_key: register.fate(each) for each in chosen}
        news = [each for each in chosen if fates[each.source_key].fate is Fate.NEW]
        desk = _Desk(session, frame, area=area, by=by, actor=actor, at=at, source=source)
        for stored in desk.take(news):
            fates |= stored
            for each in stored.values():
                on_pilot(each)
        report = ImportReport(
            file=source,
            programme=frame.key,
            rehearsal=dry_run,
            pilots=tuple(fates[each.source_key] for each in candidates),
            organisations=tuple(desk.organisations),
        )
        if news:
            desk.close(report)
        if dry_run:
            session.rollback()
    return report


def _check_only(only: Collection[str], candidates: Sequence[Candidate]) -> None:
    there = {candidate.programme for candidate in candidates}
    for wanted in only:
        if wanted not in there:
            raise Invalid(
                message("The table has no programme {name}.", name=wanted[:80]),
                message("It has: {names}.", names="; ".join(sorted(there))),
            )


class _Register:
    """The pilots that earlier imports made, by what the table said of them."""

    def __init__(self, session: Session, programme: Programme, candidates: Sequence[Candidate]) -> None:
        rows = [row for row in some(session, models.Pilot, programme_id=programme.id) if row.source_key]
        keys = {candidate.source_key for candidate in candidates}
        self._by_key = {row.source_key: row for row in rows}
        self._gone: dict[str, list[models.Pilot]] = defaultdict(list)
        for row in rows:
            if row.source_key not in keys:
                self._gone[project_of(facts_in(row.source))].append(row)
        self._claims = Counter(project_of(each.facts) for each in candidates if each.source_key not in self._by_key)

    def fate(self, candidate: Candidate) -> Imported:
        """What becomes of a candidate; one that is new has no code yet."""
        row = self._row(candidate)
        if row is None:
            return _imported(candidate, Fate.NEW)
        differences = tuple(_differences(facts_in(row.source), candidate.facts))
        fate = Fate.DIFFERS if differences else Fate.UNCHANGED
        return replace(_imported(candidate, fate), code=row.code, differences=differences)

    def _row(self, candidate: Candidate) -> models.Pilot | None:
        """The pilot of the same key; or of the same project, when only its dates, which make the key, have moved."""
        if row := self._by_key.get(candidate.source_key):
            return row
        project = project_of(candidate.facts)
        gone = self._gone.get(project, [])
        return gone[0] if len(gone) == 1 == self._claims[project] else None


def _imported(candidate: Candidate, fate: Fate) -> Imported:
    return Imported(fate=fate, code="", programme=candidate.programme, title=candidate.title, rows=candidate.rows)


def _differences(before: Sequence[str], now: Sequence[str]) -> Iterator[Message]:
    for fact in before:
        if fact not in now:
            yield message("no longer in the table: {fact}", fact=fact)
    for fact in now:
        if fact not in before:
            yield message("new in the table: {fact}", fact=fact)


class _Desk:
    """Where candidates become pilots, inside the transaction of one import."""

    def __init__(
        self,
        session: Session,
        programme: Programme,
        *,
        area: str,
        by: str | None,
        actor: str,
        at: datetime,
        source: str,
    ) -> None:
        self.organisations: list[Organisation] = []
        self._session = session
        self._programme = programme
        self._area = area
        self._by = by
        self._actor = actor
        self._at = at
        self._source = source
        self._numbers = dict(organisation_names(session))
        self._names = {organisation.id: organisation.name for organisation in all_organisations(session)}

    def take(self, candidates: Sequence[Candidate]) -> Iterator[dict[str, Imported]]:
        """Store candidates batch by batch; gives what became of each, by its key."""
        rest = iter(candidates)
        while batch := tuple(islice(rest, _BATCH)):
            ideas = [self._idea(candidate) for candidate in batch]
            kill_point("import.pilots.before")
            pilots = store_ideas(self._session, self._programme, [idea for idea, _ in ideas], by=self._by, at=self._at)
            kill_point("import.pilots.after")
            yield {
                candidate.source_key: replace(_imported(candidate, Fate.NEW), code=pilot.code, departures=departures)
                for candidate, pilot, (_, departures) in zip(batch, pilots, ideas, strict=True)
            }

    def close(self, report: ImportReport) -> None:
        """Note the import as a whole in the audit trail."""
        kill_point("import.audit.before")
        codes = [each.code for each in report.pilots if each.fate is Fate.NEW]
        payload = {"file": report.file, "pilots": codes, "organisations": len(report.organisations)}
        self._record("table.imported", f"programme:{report.programme}", payload)
        kill_point("import.audit.after")

    def _idea(self, candidate: Candidate) -> tuple[Idea, tuple[Message, ...]]:
        partners, departures = self._partners(candidate)
        doubted = replace(candidate, doubts=candidate.doubts + departures)
        idea = Idea(
            title={language: _name(title, "title", candidate.rows[0]) for language, title in candidate.title.items()},
            area=self._area,
            partners=partners,
            starts=candidate.starts,
            ends=candidate.ends,
            languages=tuple(candidate.title),
            source=note_of(doubted, self._source),
            source_key=candidate.source_key,
        )
        return idea, departures

    def _partners(self, candidate: Candidate) -> tuple[list[PartnerPart], tuple[Message, ...]]:
        """Partners by organisation. The table's names are merged where the database knows them as one."""
        parts: dict[int, PartnerPart] = {}
        departures: list[Message] = []
        for partner in candidate.partners:
            number = self._number(partner)
            part = PartnerPart(
                organisation=self._names[number],
                country=partner.country,
                role=cast(PartnerRole, partner.role),
                budget=None if partner.budget is None else partner.budget.quantize(_CENT),
                currency=partner.currency,
            )
            if number in parts:
                departures.append(message("{name} stands there under two names", name=part.organisation))
                part = _together(parts[number], part)
            parts[number] = part
        leads = [number for number, part in parts.items() if part.role == "lead"]
        for number in leads[1:]:
            parts[number] = replace(parts[number], role="partner")
            departures.append(message("{name} became a partner: there is another lead", name=self._names[number]))
        return list(parts.values()), tuple(departures)

    def _number(self, partner: CandidatePartner) -> int:
        """The organisation's number; it is stored when nobody of this name is known in its country."""
        place = (folded(partner.name), partner.country)
        if place not in self._numbers:
            name = _name(partner.name, "organisation", partner.rows[0])
            kill_point("import.organisation.before")
            stored = store_organisation(self._session, name=name, kind=partner.kind, country=partner.country)
            payload: dict[str, object] = {"name": stored.name, "country": stored.country}
            self._record("organisation.added", f"organisation:{stored.id}", payload)
            kill_point("import.organisation.after")
            self.organisations.append(stored)
            self._numbers[place] = stored.id
            self._names[stored.id] = stored.name
        return self._numbers[place]

    def _record(self, action: str, subject: str, payload: dict[str, object]) -> None:
        record(self._session, at=self._at, actor=self._actor, action=action, subject=subject, payload=payload)


def _together(known: PartnerPart, again: PartnerPart) -> PartnerPart:
    """One part out of two of the same organisation: the weightier role, the budgets together."""
    budget = known.budget
    if again.budget is not None and again.currency == known.currency:
        budget = again.budget + (known.budget or 0)
    return replace(known, role=min(known.role, again.role, key=_ROLES.index), budget=budget)


def _name(text: str, field: str, row: int) -> str:
    """A name as it can be stored.

    Raises:
        Invalid: It cannot; the row is named.
    """
    try:
        return checked_name(text, field)
    except Invalid as error:
        raise Invalid(message("Row {row}: {fault}", row=row, fault=error.what), error.remedy) from None

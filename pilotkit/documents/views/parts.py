"""The parts that the views of several documents are made of, and the wording of facts in one language.

A view holds exactly what its pages print: it is the PDF's attachment. Texts stand in it in the document's language
(with the language that they are really written in), dates stay dates, and words of closed sets stay English data that
the template puts through the catalog.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from pilotkit.domain.dossier import Dossier
from pilotkit.domain.pilot import Pilot, PilotStatus, StagePass
from pilotkit.domain.process import Process
from pilotkit.domain.programme import Organisation, Person, Programme
from pilotkit.domain.text import Message, Text, Texts, in_language
from pilotkit.i18n import catalogs, formats

Passage = Mapping[str, str]
"""A user's text, Markdown: one version under the language that it is really written in; empty where there is none."""


@dataclass(frozen=True, kw_only=True)
class Frame:
    """What the heads, feet and last lines of every document print.

    Attributes:
        as_of: The day of the facts, in the programme's zone; none for a book without a single pilot.
        accent: The programme's colour, ``#rrggbb``.
    """

    language: str
    programme: Passage
    example: bool
    accent: str
    funding: Passage
    as_of: date | None


@dataclass(frozen=True, kw_only=True)
class Pages:
    """What the pages of any document print; the properties say what stands on its first page and in its heads."""

    frame: Frame

    @property
    def heading(self) -> Passage:
        """The title: for a book the programme's."""
        return self.frame.programme

    @property
    def subtitle(self) -> Passage:
        """A line below the title."""
        return {}

    @property
    def code(self) -> str:
        """The pilot's code; empty for a book."""
        return ""

    @property
    def draft(self) -> bool:
        """Whether every page is marked as a draft."""
        return False


@dataclass(frozen=True, kw_only=True)
class Money:
    """An amount with its currency."""

    amount: Decimal
    currency: str


@dataclass(frozen=True, kw_only=True)
class Who:
    """Somebody with a part in it: by name in internal documents, by role in public ones, which name no people."""

    name: str = ""
    role: str = ""
    organisation: str


@dataclass(frozen=True, kw_only=True)
class StageMark:
    """A stage on the pilot's way.

    Attributes:
        state: ``done``, ``current``, ``stopped`` or ``next``.
        passes: How often the pilot has run through it.
        day: Since when it is current, or when it was done or the pilot stopped in it.
    """

    title: str
    state: str
    passes: int
    day: date | None


@dataclass(frozen=True, kw_only=True)
class PilotName:
    """What a pilot is called."""

    code: str
    title: Passage
    area: Passage


@dataclass(frozen=True, kw_only=True)
class PilotLine(PilotName):
    """A pilot in a table of pilots."""

    stage: str
    status: str
    lead: str
    starts: date | None
    ends: date | None


@dataclass(frozen=True, kw_only=True)
class PilotHead(PilotLine):
    """What a pilot is called, where it stands, and its frame."""

    countries: tuple[str, ...]
    budget: Money | None


@dataclass(frozen=True, kw_only=True)
class PilotPages(Pages):
    """The pages of a document about one pilot."""

    pilot: PilotName

    @property
    def heading(self) -> Passage:
        """The pilot's title."""
        return self.pilot.title

    @property
    def subtitle(self) -> Passage:
        """The action area."""
        return self.pilot.area

    @property
    def code(self) -> str:
        """The pilot's code."""
        return self.pilot.code


class Wording:
    """Chooses the words of a programme's facts for one language.

    Attributes:
        language: The language of the document.
    """

    def __init__(self, programme: Programme, language: str) -> None:
        self.language = language
        self._programme = programme
        self._catalog = catalogs.catalog(language)

    def own(self, texts: Texts) -> Passage:
        """A user's text; where this language lacks it, the main language's, marked as such."""
        text, language = in_language(texts, self.language, self._programme.main_language)
        return {language: text} if text.strip() else {}

    def main(self, text: str) -> Passage:
        """A user's text that exists in one language only: it is taken to be the programme's main one."""
        return {self._programme.main_language: text} if text.strip() else {}

    def say(self, what: Message | Text) -> str:
        """A message of pilotkit's or a text of the process file."""
        return self._catalog.say(what, main=self._programme.main_language)

    def sort_key(self, text: str) -> formats.SortKey:
        """The key that sorts as dictionaries of the language do."""
        return formats.sort_key(text, self._catalog.alphabet)

    def country(self, code: str) -> str:
        """The name of a country."""
        return formats.country_name(code, self.language)


def day_of(moment: datetime, programme: Programme) -> date:
    """The day that an instant is in the programme's zone."""
    return moment.astimezone(ZoneInfo(programme.zone)).date()


def book_frame(programme: Programme, wording: Wording, dossiers: Iterable[Dossier]) -> Frame:
    """The frame of a book: its facts are as old as the pilot that changed last."""
    changed_at = max((each.pilot.changed_at for each in dossiers), default=None)
    return frame(programme, wording, day_of(changed_at, programme) if changed_at else None)


def frame(programme: Programme, wording: Wording, as_of: date | None) -> Frame:
    """The frame of a document with the facts of a day."""
    return Frame(
        language=wording.language,
        programme=wording.own(programme.title),
        example=programme.example,
        accent=programme.accent,
        funding=wording.own(programme.funding_notice),
        as_of=as_of,
    )


def pilot_name(dossier: Dossier, wording: Wording) -> PilotName:
    """What a pilot is called."""
    pilot = dossier.pilot
    area = dossier.programme.area(pilot.area)
    return PilotName(code=pilot.code, title=wording.own(pilot.title), area=wording.own(area.title))


def pilot_line(dossier: Dossier, wording: Wording) -> PilotLine:
    """A pilot as a line of a table."""
    pilot = dossier.pilot
    return PilotLine(
        **vars(pilot_name(dossier, wording)),
        stage=wording.say(dossier.process.stage(pilot.last_pass.stage).title),
        status=pilot.status,
        lead=pilot.lead.name if pilot.lead else "",
        starts=pilot.starts,
        ends=pilot.ends,
    )


def pilot_head(dossier: Dossier, wording: Wording) -> PilotHead:
    """The head of a pilot's document."""
    pilot = dossier.pilot
    return PilotHead(
        **vars(pilot_line(dossier, wording)), countries=pilot.countries, budget=money(pilot.budget, pilot.currency)
    )


def money(amount: Decimal | None, currency: str) -> Money | None:
    """An amount, where there is one."""
    return None if amount is None else Money(amount=amount, currency=currency)


def total(amounts: Iterable[Money | None]) -> tuple[Money, ...]:
    """The sum per currency, in the order of the currencies' codes; currencies are never added up."""
    sums: dict[str, Decimal] = {}
    for each in amounts:
        if each is not None:
            sums[each.currency] = sums.get(each.currency, Decimal(0)) + each.amount
    return tuple(Money(amount=amount, currency=currency) for currency, amount in sorted(sums.items()))


def who(person: Person) -> Who:
    """A person as internal documents name them."""
    return Who(name=person.name, organisation=organisation_name(person.organisation))


def who_by_role(person: Person, role: str) -> Who:
    """A person as public documents name them: by role and organisation."""
    return Who(role=role, organisation=organisation_name(person.organisation))


def organisation_name(organisation: Organisation | None) -> str:
    """The name, or nothing."""
    return organisation.name if organisation else ""


def stage_track(process: Process, pilot: Pilot, wording: Wording) -> tuple[StageMark, ...]:
    """Every stage of the way with what has become of it."""
    marks = []
    for stage in process.way():
        passes = [each for each in pilot.valid_passes if each.stage == stage.key]
        last = passes[-1] if passes else None
        marks.append(
            StageMark(
                title=wording.say(stage.title),
                state=(state := _state(pilot, last)),
                passes=len(passes),
                day=_day(state, last),
            )
        )
    return tuple(marks)


def _day(state: str, last: StagePass | None) -> date | None:
    if last is None or state == "next":
        return None
    return last.opened_on if state == "current" else last.closed_on


def _state(pilot: Pilot, last: StagePass | None) -> str:
    if last is None:
        return "next"
    if last == pilot.last_pass and pilot.status is PilotStatus.STOPPED:
        return "stopped"
    if last.closed_on is None:
        return "current"
    # Closed, but the pilot was sent back to an earlier stage: this one comes again.
    standing = [decision for decision in last.decisions if not decision.reverted]
    return "done" if standing and standing[-1].outcome.advances else "next"

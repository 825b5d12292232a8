"""The automatic steps: what pilotkit does itself, one use case per step; flows and the sweep both come through here."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from pilotkit.db import models
from pilotkit.db.engine import Database
from pilotkit.db.queries.pilots import pilot_line
from pilotkit.db.queries.programmes import load_process_by_id
from pilotkit.domain.agenda import AgendaItem, Step
from pilotkit.domain.errors import PilotkitError
from pilotkit.domain.permission import Action
from pilotkit.domain.ports import Press
from pilotkit.domain.process import StageKind
from pilotkit.domain.text import Text
from pilotkit.services import arenas, criteria, evaluation, handbook, trials
from pilotkit.services.agenda import pilots_with_work
from pilotkit.services.books import stale_books, typeset_books
from pilotkit.services.change import changing, unknown_pilot
from pilotkit.services.documents import Laid, NotDue, render
from pilotkit.services.programmes import list_programmes


@dataclass(frozen=True, kw_only=True)
class StepReport:
    """What came of a step: whether it changed anything, the documents that it laid out, or why it failed."""

    item: AgendaItem
    changed: bool
    documents: tuple[Laid, ...] = ()
    failure: PilotkitError | None = None


@dataclass(frozen=True, kw_only=True)
class Standing:
    """Where a pilot stands: what pilotkit can do now, and what waits for people."""

    code: str
    title: Text
    programme: str
    area: str
    stage: str
    stage_title: Text
    kind: StageKind
    number: int
    status: str
    today: date
    due: tuple[AgendaItem, ...]
    waiting: tuple[AgendaItem, ...]


def standing(db: Database, code: str, *, at: datetime) -> Standing:
    """Where a pilot stands at this instant.

    Raises:
        NotFound: There is no such pilot.
    """
    with db.read() as session:
        line = pilot_line(session, code)
        if line is None:
            raise unknown_pilot(code)
        stage = load_process_by_id(session, line.process_version_id).stage(line.stage)
    today = at.astimezone(ZoneInfo(line.zone)).date()
    return Standing(
        code=line.code,
        title=line.title,
        programme=line.programme,
        area=line.area,
        stage=stage.key,
        stage_title=stage.title,
        kind=stage.kind,
        number=line.number,
        status=line.status,
        today=today,
        due=tuple(item for item in line.agenda if item.automatic and item.open(today)),
        waiting=tuple(item for item in line.agenda if not item.automatic),
    )


def run_step(db: Database, press: Press, code: str, item: AgendaItem, *, at: datetime) -> StepReport:
    """Do one automatic item of a pilot's agenda. Done before, at once by somebody else, or late, it changes nothing.

    Raises:
        NotFound: There is no such pilot.
        Unavailable: Typesetting or the database failed; the step can be repeated.
    """
    if item.kind == Step.RENDER:
        key, _, subject = item.subject.partition("/")
        try:
            documents = render(db, press, code, key=key, subject=subject, at=at)
        except NotDue:
            return StepReport(item=item, changed=False)
        return StepReport(item=item, changed=any(laid.typeset for laid in documents), documents=documents)
    return StepReport(item=item, changed=_STEPS[Step(item.kind)](db, code, item, at))


def open_stage(db: Database, code: str, *, at: datetime) -> bool:
    """Note that the stage has been opened, and tell the coordinator; says whether there was anything to do."""
    with changing(db, code, by=None, action=Action.EDIT_PILOT, at=at) as change:
        stage_pass = change.pilot.open_pass if change.pilot.in_work else None
        if stage_pass is None or stage_pass.prepared_on:
            change.nothing()
            return False
        change.session.get_one(models.StagePass, stage_pass.id).prepared_on = change.today
        if change.pilot.coordinator:
            change.tell(change.pilot.coordinator, "stage-opened", stage=stage_pass.stage, number=stage_pass.number)
        change.record("stage.opened", stage=stage_pass.stage, number=stage_pass.number)
        return True


_STEPS: dict[Step, Callable[[Database, str, AgendaItem, datetime], bool]] = {
    Step.OPEN_STAGE: lambda db, code, _, at: open_stage(db, code, at=at),
    Step.CHECK: lambda db, code, item, at: criteria.check_by_itself(
        db, code, criterion=item.subject.partition("/")[2], at=at
    ),
    Step.INVITE: lambda db, code, _, at: bool(evaluation.invite(db, code, at=at)),
    Step.CONSOLIDATE: lambda db, code, _, at: evaluation.consolidate(db, code, at=at),
    Step.CONFIRM_BOOKING: lambda db, code, _, at: arenas.confirm_booking(db, code, at=at),
    Step.FREEZE: lambda db, code, _, at: trials.freeze_baselines(db, code, at=at),
    Step.COMPUTE_OUTCOMES: lambda db, code, _, at: trials.compute_outcomes(db, code, at=at),
    Step.COMPILE_ENTRY: lambda db, code, _, at: handbook.compile_entry(db, code, at=at),
    Step.PUBLISH: lambda db, code, _, at: handbook.publish_entry(db, code, at=at),
}


@dataclass(frozen=True, kw_only=True)
class Advance:
    """What was done for a pilot, and where it stands now."""

    steps: tuple[StepReport, ...]
    standing: Standing


def advance(
    db: Database,
    press: Press,
    code: str,
    *,
    clock: Callable[[], datetime],
    documents: bool = True,
    on_step: Callable[[StepReport], None] = lambda _: None,
) -> Advance:
    """Do everything that the pilot's agenda holds for pilotkit, then stop at what needs a person.

    A step that fails is reported and left for the next sweep; it does not hold up the others.

    Args:
        clock: Says what time it is.
        documents: Whether documents are rendered, too; without them only the facts move on.
        on_step: Called after each step.

    Raises:
        NotFound: There is no such pilot.
    """
    reports: list[StepReport] = []
    tried: set[str] = set()
    while item := _next(standing(db, code, at=clock()).due, tried, documents=documents):
        tried.add(item.key)
        try:
            report = run_step(db, press, code, item, at=clock())
        except PilotkitError as error:
            report = StepReport(item=item, changed=False, failure=error)
        reports.append(report)
        on_step(report)
    return Advance(steps=tuple(reports), standing=standing(db, code, at=clock()))


def _next(due: tuple[AgendaItem, ...], tried: set[str], *, documents: bool) -> AgendaItem | None:
    """The next item; documents come last, since every other step changes what they show."""
    left = [item for item in due if item.key not in tried and (documents or item.kind != Step.RENDER)]
    return min(left, key=lambda item: item.kind == Step.RENDER, default=None)


def sweep(
    db: Database,
    press: Press,
    *,
    clock: Callable[[], datetime],
    on_pilot: Callable[[Advance], None] = lambda _: None,
    on_book: Callable[[Laid], None] = lambda _: None,
) -> tuple[tuple[Advance, ...], tuple[Laid, ...]]:
    """Do whatever is due in the whole portfolio, then typeset every stale book once.

    Its cost grows with what is due, not with the number of pilots.
    """
    advances = []
    for code in pilots_with_work(db, at=clock()):
        advances.append(advance(db, press, code, clock=clock))
        on_pilot(advances[-1])
    laid: list[Laid] = []
    for programme in list_programmes(db):
        stale = set(stale_books(db, programme=programme))
        if stale:
            laid.extend(typeset_books(db, press, at=clock(), programme=programme, only=stale.__contains__))
    for each in laid:
        on_book(each)
    return tuple(advances), tuple(laid)

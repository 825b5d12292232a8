"""``trial``: test arenas, bookings, indicators, measurements."""

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Annotated

import typer

from pilotkit.cli import desk, output
from pilotkit.cli.arguments import AsJson, By, Code, On, ProgrammeKey, amount, by_languages, day, texts
from pilotkit.cli.readings import reading
from pilotkit.domain.errors import Invalid, NotFound
from pilotkit.domain.pilot import Direction, Indicator, Measure
from pilotkit.domain.text import message
from pilotkit.domain.words import word

if TYPE_CHECKING:
    from pilotkit.domain.pilot import Pilot

app = typer.Typer(
    help="Book test arenas, plan indicators, run and measure trials.", no_args_is_help=True, rich_markup_mode=None
)

Value = Annotated[
    str,
    typer.Option(
        metavar="FIGURES",
        help="A proportion is 9/100, a mean 4.2 with --n and --deviation, a rate 12/340.5, a figure 17.",
    ),
]
SampleSize = Annotated[int | None, typer.Option("--n", help="For a mean: of how many.")]
Deviation = Annotated[
    Decimal | None, typer.Option(metavar="NUMBER", parser=amount, help="For a mean: the standard deviation.")
]
Source = Annotated[str, typer.Option(metavar="TEXT", help="Where the figures come from.")]


@app.command()
def arenas(*, programme: ProgrammeKey = "", as_json: AsJson = False) -> None:
    """List the test arenas."""
    from pilotkit.services.arenas import list_arenas

    with desk.pilotkit() as pk:
        found = list_arenas(pk.db, programme=programme)
    if as_json:
        output.data(
            [{"key": a.key, "name": a.name, "organisation": a.organisation, "capacity": a.capacity} for a in found]
        )
        return
    output.table(
        (message("arena"), message("name"), message("organisation"), message("places a day")),
        ((arena.key, arena.name, arena.organisation, arena.capacity) for arena in found),
        empty=message("There is no test arena yet."),
    )


@app.command()
def arena(
    key: Annotated[str, typer.Argument(metavar="KEY", help="Its key.")],
    *,
    name: Annotated[str, typer.Option(metavar="TEXT", help="Its name.")],
    organisation: Annotated[str, typer.Option(metavar="NAME", help="Whose it is.")],
    capacity: Annotated[int, typer.Option(metavar="NUMBER", help="Places a day.")],
    programme: ProgrammeKey = "",
    by: By = "",
) -> None:
    """Add a test arena."""
    from pilotkit.services.arenas import add_arena

    with desk.pilotkit() as pk:
        add_arena(
            pk.db,
            programme=programme,
            key=key,
            name=name,
            organisation=organisation,
            capacity=capacity,
            by=desk.actor(by),
            at=pk.now(),
        )
    output.line(message("The test arena {key} has been added.", key=key))


@app.command()
def book(
    code: Code,
    *,
    arena: Annotated[str, typer.Option(metavar="KEY", help="Which test arena; trial arenas shows them.")],
    first: Annotated[date, typer.Option("--from", metavar="DATE", parser=day, help="The first day.")],
    last: Annotated[date, typer.Option("--to", metavar="DATE", parser=day, help="The last day.")],
    places: Annotated[int, typer.Option(metavar="NUMBER", help="Places a day.")] = 1,
    by: By = "",
) -> None:
    """Book days of a test arena; pilotkit confirms the booking."""
    from pilotkit.services.arenas import book as book_arena

    with desk.pilotkit() as pk:
        booking = book_arena(
            pk.db, code, arena=arena, first_day=first, last_day=last, places=places, by=desk.actor(by), at=pk.now()
        )
    output.line(
        message(
            "Booking {number}: {name}, {first} to {last}, places {places} ({state}).",
            number=booking.number,
            name=booking.arena_name,
            first=booking.first_day.isoformat(),
            last=booking.last_day.isoformat(),
            places=booking.places,
            state=word(booking.state),
        )
    )


@app.command()
def indicator(
    code: Code,
    *,
    key: Annotated[str, typer.Option(metavar="KEY", help="Its key; one that is there is replaced.")],
    title: Annotated[list[str], by_languages("Its title.", "--title")],
    target: Annotated[Decimal, typer.Option(metavar="NUMBER", parser=amount, help="What is to be reached.")],
    unit: Annotated[str, typer.Option(metavar="TEXT", help="Its unit.")] = "",
    kind: Annotated[Measure, typer.Option(help="What kind of figure it is.")] = "figure",
    better: Annotated[Direction, typer.Option(help="Which direction is the better one.")] = "higher",
    baseline: Value = "",
    n: SampleSize = None,
    deviation: Deviation = None,
    source: Source = "",
    on: On = None,
    by: By = "",
) -> None:
    """Plan an indicator with its target, and its baseline (--baseline, --source, --on)."""
    from pilotkit.services.trials import IndicatorPlan, add_indicator

    with desk.pilotkit() as pk:
        programme = desk.programme_of(pk, code)
        measured = None
        if baseline:
            when = on or desk.today(pk, programme)
            measured = reading(baseline, kind=kind, on=when, source=source, n=n, deviation=deviation)
        plan = IndicatorPlan(
            key=key,
            title=texts(title, programme.languages),
            unit=unit,
            measure=kind,
            direction=better,
            target=target,
            baseline=measured,
        )
        add_indicator(pk.db, code, plan=plan, by=desk.actor(by), at=pk.now())
    output.line(message("{code}: the indicator {key} is planned.", code=code, key=key))
    if measured is None:
        output.line(message("It still needs a baseline before the trial can start: --baseline FIGURES."))


@app.command()
def start(code: Code, *, on: On = None, by: By = "") -> None:
    """Start the trial: from now on baselines and targets are frozen."""
    from pilotkit.services.trials import start_trial

    with desk.pilotkit() as pk:
        start_trial(pk.db, code, on=on, by=desk.actor(by), at=pk.now())
    output.line(message("The trial of {code} has started. Next: pilotkit advance {code}", code=code))


@app.command()
def measure(
    code: Code,
    indicator: Annotated[str, typer.Argument(metavar="INDICATOR", help="The indicator's key.")],
    figures: Annotated[
        str, typer.Option("--value", metavar="FIGURES", help="9/100, 4.2, 12/340.5 or 17; see --help of indicator.")
    ],
    *,
    n: SampleSize = None,
    deviation: Deviation = None,
    source: Source = "",
    on: On = None,
    by: By = "",
) -> None:
    """Enter a measurement of a running trial: an aggregate, never data of a single patient."""
    from pilotkit.services.pilots import show
    from pilotkit.services.trials import measure as enter

    with desk.pilotkit() as pk:
        dossier = show(pk.db, code)
        planned = _planned(dossier.pilot, indicator)
        when = on or desk.today(pk, dossier.programme)
        measured = reading(figures, kind=planned.measure, on=when, source=source, n=n, deviation=deviation)
        enter(pk.db, code, indicator=indicator, reading=measured, by=desk.actor(by), at=pk.now())
    output.line(
        message(
            "{code}: {key} is {value} {unit}.", code=code, key=indicator, value=str(measured.value), unit=planned.unit
        )
    )


def _planned(pilot: "Pilot", key: str) -> Indicator:
    indicators = pilot.last_pass.indicators
    for each in indicators:
        if each.key == key:
            return each
    if not indicators:
        raise Invalid(
            message("{code} has no indicators in this stage.", code=pilot.code),
            message("See where it stands: pilotkit pilot show {code}", code=pilot.code),
        )
    raise NotFound(
        message("The trial of {code} has no indicator {key}.", code=pilot.code, key=key[:60]),
        message("It has: {keys}.", keys=", ".join(each.key for each in indicators)),
    )


@app.command()
def end(code: Code, *, on: On = None, by: By = "") -> None:
    """End the trial; pilotkit computes the outcomes."""
    from pilotkit.services.trials import end_trial

    with desk.pilotkit() as pk:
        end_trial(pk.db, code, on=on, by=desk.actor(by), at=pk.now())
    output.line(message("The trial of {code} has ended. Next: pilotkit advance {code}", code=code))


@app.command()
def show(code: Code, *, as_json: AsJson = False) -> None:
    """Show bookings, indicators and outcomes of the pilot's latest trial."""
    from pilotkit.services.pilots import show as show_pilot

    with desk.pilotkit() as pk:
        dossier = show_pilot(pk.db, code)
    trials = [p for p in dossier.pilot.valid_passes if p.bookings or p.indicators]
    if as_json:
        output.data(trials[-1] if trials else None)
        return
    if not trials:
        output.line(message("{code} has no trial.", code=code))
        return
    latest = trials[-1]
    output.facts(((message("started"), latest.started_on), (message("ended"), latest.ended_on)))
    output.table(
        (message("booking"), message("arena"), message("from"), message("to"), message("places"), message("state")),
        ((b.number, b.arena_name, b.first_day, b.last_day, b.places, word(b.state)) for b in latest.bookings),
    )
    results = {outcome.indicator: outcome for outcome in latest.outcomes}
    output.table(
        (
            message("indicator"),
            message("title"),
            message("baseline"),
            message("target"),
            message("latest"),
            message("result"),
        ),
        (
            (
                each.key,
                desk.say(each.title, main=dossier.programme.main_language),
                each.baseline.value if each.baseline else "",
                each.target,
                each.latest.value if each.latest else "",
                word(results[each.key].result) if each.key in results else "",
            )
            for each in latest.indicators
        ),
    )

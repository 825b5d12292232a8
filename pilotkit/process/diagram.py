"""Draws a process: as SVG for pages and documents, as Mermaid for places that draw themselves.

The same process always gives the same bytes. ``say`` turns every text into the reader's language.
"""

from collections.abc import Callable, Iterator
from typing import Final
from xml.sax.saxutils import escape

from pilotkit.domain.process import Outcome, Process, Stage, StageKind
from pilotkit.domain.text import Message, Text, message
from pilotkit.domain.words import word

Say = Callable[[Text | Message], str]
"""Says a text in the reader's language."""


def english(text: Text | Message) -> str:
    """A ``Say`` for pages in English; a programme's own wording without English keeps its first language."""
    if isinstance(text, str | Message):
        return str(text)
    return text.get("en") or next(iter(text.values()), "")


# --- Mermaid ----------------------------------------------------------------------------------------------------------


def mermaid(process: Process, say: Say) -> str:
    """The process as a Mermaid flowchart, without the fence around it."""
    way = process.way()
    lines = ["flowchart LR"]
    for number, stage in enumerate(way, start=1):
        days = say(message("working days: {days}", days=stage.working_days))
        lines.append(
            f'    s{number}["{_label(say(stage.title))}<br/>{_label(say(word(stage.kind)))}<br/>{_label(days)}"]'
        )
        lines.append(f'    g{number}{{"{_label(_criteria(stage, say))}"}}')
    lines += [
        f'    published(["{_label(say(word("published")))}"])',
        f'    stopped(["{_label(say(word("stopped")))}"])',
    ]
    for number, stage in enumerate(way, start=1):
        following = f"s{number + 1}" if stage.next else "published"
        ends = {Outcome.RECYCLE: f"s{number}", Outcome.HOLD: f"g{number}", Outcome.STOP: "stopped"}
        lines.append(f"    s{number} --> g{number}")
        passing = [_label(say(word(outcome))) for outcome in stage.gate.outcomes if outcome.advances]
        lines.append(f'    g{number} -->|"{" / ".join(passing)}"| {following}')
        lines += [
            f'    g{number} -.->|"{_label(say(word(outcome)))}"| {ends[outcome]}'
            for outcome in stage.gate.outcomes
            if outcome in ends
        ]
    return "\n".join(lines) + "\n"


def _criteria(stage: Stage, say: Say) -> str:
    count = message("criteria: {count}", count=len(stage.gate.criteria))
    legal = sum(criterion.legal for criterion in stage.gate.criteria)
    return say(count) + (f", § {legal}" if legal else "")


def _label(text: str) -> str:
    """Text that Mermaid takes for nothing but text."""
    for letter in '#&"<>|[]{}()`;':
        text = text.replace(letter, f"\0{ord(letter)};" if letter != ";" else letter)
    return " ".join(text.replace("\0", "#").split())


# --- SVG --------------------------------------------------------------------------------------------------------------

_PITCH: Final = 220
"""From one stage to the next."""

_BOX: Final = 146
_HEIGHT: Final = 112
_MARGIN: Final = 20
_TOP: Final = 72
_MIDDLE: Final = _TOP + _HEIGHT // 2
_DIAMOND: Final = 23
_RECYCLE: Final = 34
_HOLD: Final = _TOP + _HEIGHT + 36
_STOP: Final = _HOLD + 48
_LEGEND: Final = _STOP + 44
_END: Final = 116

_ICONS: Final = {
    StageKind.INTAKE: "M7 13.5a5 5 0 1 1 6 0V15H7zM8 17.5h4M10 1v1.5M3 4l1 1M17 4l-1 1",
    StageKind.EVALUATION: "M2.5 17.5h15M5 14.5v-4M10 14.5V4.5M15 14.5v-7",
    StageKind.TRIAL: "M8 2h4M8.7 2v6L3.6 16a1.4 1.4 0 0 0 1.2 2h10.4a1.4 1.4 0 0 0 1.2-2L11.3 8V2M6 13h8",
    StageKind.IMPLEMENTATION: "M18 10a8 8 0 1 1-4-6.9M6.5 9.5l3.2 3.2L17.5 4.5",
    StageKind.PUBLICATION: "M10 5C8 3.3 5.2 3 2 3.3v13c3.2-.3 6 0 8 1.7 2-1.7 4.8-2 8-1.7v-13C14.8 3 12 3.3 10 5zv13",
}

_LOOK: Final = """\
text{font-family:"Noto Sans",system-ui,sans-serif;font-size:12px;fill:#33424f}
.name{font-size:15px;font-weight:700;fill:#12232f}
.mid{text-anchor:middle}
.box{fill:#fff;stroke:#8a9aa7;stroke-width:1.2}
.head{fill:#1f5f8b}
.icon{fill:none;stroke:#1f5f8b;stroke-width:1.5;stroke-linecap:round;stroke-linejoin:round}
.gate{fill:#fff4d6;stroke:#a06a00;stroke-width:1.5}
.count{font-weight:700;fill:#5a3c00}
.law{fill:#8c2f39}
.onlaw{font-size:11px;font-weight:700;fill:#fff}
.line{fill:none;stroke:#5d6d7a;stroke-width:1.5}
.tip{fill:#5d6d7a}
.back{stroke-dasharray:5 3}
.end{fill:#e9f3ec;stroke:#2d7a4b;stroke-width:1.5}
.pill{fill:#eef1f4;stroke:#8a9aa7}
@media (prefers-color-scheme:dark){text{fill:#c3ced6}.name{fill:#f2f6f9}.box{fill:#1d2831;stroke:#6f808d}\
.head{fill:#5aa5d6}.icon{stroke:#7dbde6}.gate{fill:#3a2e10;stroke:#d9a63a}.count{fill:#ffe2a3}.law{fill:#e0808a}.onlaw{fill:#2b0d11}\
.line{stroke:#96a6b2}.tip{fill:#96a6b2}.end{fill:#16301f;stroke:#62b583}.pill{fill:#28343d;stroke:#6f808d}}"""


def svg(process: Process, say: Say) -> str:
    """The process as a picture of its own: stages and gates from left to right, ways back above, ends below."""
    way = process.way()
    width = _MARGIN * 2 + len(way) * _PITCH + _END
    height = _LEGEND + 18
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}"',
        'role="img" aria-labelledby="process-title process-desc">',
        f'<title id="process-title">{escape(say(process.title))}</title>',
        f'<desc id="process-desc">{escape(_told(way, say))}</desc>',
        f"<style>{_LOOK}</style>",
        *_recycle(way, say),
        *_stop(way, say),
    ]
    for number, stage in enumerate(way):
        left = _MARGIN + number * _PITCH
        parts += _stage(stage, left, say)
        parts += _gate(stage, left, say)
    parts += _published(_MARGIN + len(way) * _PITCH, say)
    parts += _legend(way, say)
    return "\n".join([*parts, "</svg>"]) + "\n"


def _told(way: tuple[Stage, ...], say: Say) -> str:
    """What the picture shows, for those who do not see it."""
    return " ".join(
        say(
            message(
                "{number}. {stage} ({kind}): {criteria}; {outcomes}.",
                number=number,
                stage=say(stage.title),
                kind=say(word(stage.kind)),
                criteria=_criteria(stage, say),
                outcomes=", ".join(say(word(outcome)) for outcome in stage.gate.outcomes),
            )
        )
        for number, stage in enumerate(way, start=1)
    )


def _stage(stage: Stage, left: int, say: Say) -> Iterator[str]:
    yield f'<rect class="box" x="{left}" y="{_TOP}" width="{_BOX}" height="{_HEIGHT}" rx="7"/>'
    yield f'<path class="head" d="M{left} {_TOP + 6}v-1a6 6 0 0 1 6-6h{_BOX - 12}a6 6 0 0 1 6 6v1z"/>'
    yield f'<path class="icon" transform="translate({left + 11} {_TOP + 16})" d="{_ICONS[stage.kind]}"/>'
    yield _text(left + 38, _TOP + 31, say(word(stage.kind)))
    titles = _wrapped(say(stage.title), 15)
    for row, line in enumerate(titles):
        yield _text(left + 11, _TOP + 57 + 17 * row, line, "name")
    days = say(message("working days: {days}", days=stage.working_days))
    yield _text(left + 11, _TOP + 78 + 17 * (len(titles) - 1), days)
    if stage.evaluators and len(titles) == 1:
        yield _text(left + 11, _TOP + 96, say(message("evaluators: {count}", count=stage.evaluators)))


def _gate(stage: Stage, left: int, say: Say) -> Iterator[str]:
    middle = _gate_at(left)
    yield _arrow(left + _BOX, _MIDDLE, middle - _DIAMOND, _MIDDLE)
    yield _arrow(middle + _DIAMOND, _MIDDLE, left + _PITCH, _MIDDLE)
    if Outcome.HOLD in stage.gate.outcomes:
        x = middle - 10
        yield _arrow(x, _MIDDLE + 13, x, _HOLD - 11, both=True)
        yield f'<rect class="pill" x="{x - 62}" y="{_HOLD - 11}" width="74" height="22" rx="11"/>'
        yield _text(x - 25, _HOLD + 4, _shortened(say(word(Outcome.HOLD)), 10), "mid")
    d = _DIAMOND
    yield f'<path class="gate" d="M{middle - d} {_MIDDLE}l{d} {-d}l{d} {d}l{-d} {d}z"/>'
    yield _text(middle, _MIDDLE + 4, str(len(stage.gate.criteria)), "mid count")
    if legal := sum(criterion.legal for criterion in stage.gate.criteria):
        yield f'<rect class="law" x="{middle + 6}" y="{_MIDDLE - d - 12}" width="29" height="17" rx="8.5"/>'
        yield _text(middle + 20, _MIDDLE - d + 1, f"§ {legal}", "mid onlaw")


def _recycle(way: tuple[Stage, ...], say: Say) -> Iterator[str]:
    """The way back, above: from a gate to its own or an earlier stage."""
    gates = [number for number, stage in enumerate(way) if Outcome.RECYCLE in stage.gate.outcomes]
    if not gates:
        return
    first = _MARGIN + _BOX // 2
    last = _gate_at(_MARGIN + gates[-1] * _PITCH)
    yield f'<path class="line back" d="M{last} {_RECYCLE}H{first}"/>'
    for number in gates:
        at = _gate_at(_MARGIN + number * _PITCH)
        yield f'<path class="line back" d="M{at} {_MIDDLE - _DIAMOND}V{_RECYCLE}"/>'
    for number in range(gates[-1] + 1):
        at = _MARGIN + _BOX // 2 + number * _PITCH
        yield _arrow(at, _RECYCLE, at, _TOP, look="line back")
    yield _text(first, _RECYCLE - 10, say(message("recycle: back to this or an earlier stage")))


def _stop(way: tuple[Stage, ...], say: Say) -> Iterator[str]:
    """The end before the end, below."""
    gates = [number for number, stage in enumerate(way) if Outcome.STOP in stage.gate.outcomes]
    if not gates:
        return
    for number in gates:
        at = _gate_at(_MARGIN + number * _PITCH) + 10
        yield _arrow(at, _MIDDLE + 13, at, _STOP - 13)
    left, right = _MARGIN, _gate_at(_MARGIN + gates[-1] * _PITCH) + 46
    yield f'<rect class="pill" x="{left}" y="{_STOP - 13}" width="{right - left}" height="26" rx="13"/>'
    yield _text(left + 18, _STOP + 4, say(message("stop: what was learned is kept")))


def _published(left: int, say: Say) -> Iterator[str]:
    yield f'<rect class="end" x="{left}" y="{_MIDDLE - 18}" width="{_END}" height="36" rx="18"/>'
    yield _text(left + _END // 2, _MIDDLE + 5, _shortened(say(word("published")), 16), "mid")


def _legend(way: tuple[Stage, ...], say: Say) -> Iterator[str]:
    x, y = _MARGIN, _LEGEND
    yield _arrow(x, y, x + 24, y)
    passing = [
        say(word(outcome)) for outcome in Outcome if outcome.advances and any(outcome in s.gate.outcomes for s in way)
    ]
    told = ", ".join(passing)
    yield _text(x + 32, y + 4, told)
    x += 32 + _width(told)
    yield f'<path class="gate" d="M{x} {y}l9 -9l9 9l-9 9z"/>'
    told = say(message("gate with the number of its criteria"))
    yield _text(x + 26, y + 4, told)
    x += 26 + _width(told)
    if any(criterion.legal for stage in way for criterion in stage.gate.criteria):
        yield f'<rect class="law" x="{x}" y="{y - 9}" width="18" height="17" rx="8.5"/>'
        yield _text(x + 9, y + 4, "§", "mid onlaw")
        yield _text(x + 26, y + 4, say(message("of these required by law, in each country")))


def _width(text: str) -> int:
    """About what a text takes, and some air behind it."""
    return 7 * len(text) + 24


def _gate_at(left: int) -> int:
    return left + _BOX + 37


def _arrow(x1: int, y1: int, x2: int, y2: int, *, both: bool = False, look: str = "line") -> str:
    tips = _tip(x1, y1, x2, y2) + (_tip(x2, y2, x1, y1) if both else "")
    return f'<path class="{look}" d="M{x1} {y1}L{x2} {y2}"/><path class="tip" d="{tips}"/>'


def _tip(x1: int, y1: int, x2: int, y2: int) -> str:
    """The head of a level or upright arrow; drawn, because not every typesetter knows markers."""
    dx, dy = (x2 > x1) - (x2 < x1), (y2 > y1) - (y2 < y1)
    return f"M{x2} {y2}l{-7 * dx - 4 * dy} {-7 * dy - 4 * dx}l{8 * dy} {8 * dx}z"


def _text(x: int, y: int, text: str, look: str = "word") -> str:
    return f'<text x="{x}" y="{y}" class="{look}">{escape(text)}</text>'


def _wrapped(text: str, fits: int) -> list[str]:
    """At most two lines of about ``fits`` letters."""
    first, *words = text.split() or [""]
    lines = [first]
    for part in words:
        if len(lines[-1]) + 1 + len(part) <= fits:
            lines[-1] += f" {part}"
        else:
            lines.append(part)
    if len(lines) > 2:
        lines = [lines[0], f"{lines[1]} …"]
    return [_shortened(line, fits) for line in lines]


def _shortened(text: str, fits: int) -> str:
    return text if len(text) <= fits else f"{text[: fits - 1]}…"

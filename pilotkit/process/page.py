"""The page of the docs that tells a process: its drawing and its tables, all from the data."""

from collections.abc import Iterable, Iterator, Sequence

from pilotkit.domain.process import Criterion, Process, ReminderRule, ScoreGroup, ScoreSet, Stage
from pilotkit.domain.words import word
from pilotkit.process.diagram import english, mermaid

BEGIN = "<!-- Generated from pilotkit/process/standard.toml by make generated: do not edit between the marks. -->"
END = "<!-- End of what is generated. -->"


def document(process: Process, *, picture: str = "process.svg") -> str:
    """The process in Markdown: picture, Mermaid, and a table each of stages, criteria, times, scores and reminders."""
    return "\n".join(
        [
            f"## {_cell(english(process.title))} (version {process.version})",
            "",
            english(process.description),
            "",
            f"![Stages, gates and ways of the process, told in words below]({picture})",
            "",
            "```mermaid",
            mermaid(process, english).rstrip(),
            "```",
            "",
            *_stages(process.way()),
            *(line for stage in process.way() for line in _gate(stage)),
            *(line for score_set in process.score_sets for line in _scores(score_set)),
            *_reminders(process.reminders),
        ]
    )


def in_page(page: str, process: Process) -> str:
    """A page with everything between its two marks written anew (``make generated``).

    Raises:
        ValueError: The page lacks a mark.
    """
    before, after = page.index(BEGIN) + len(BEGIN), page.index(END)
    return f"{page[:before]}\n\n{document(process)}\n{page[after:]}"


def _stages(way: Sequence[Stage]) -> Iterator[str]:
    yield "### Stages"
    yield ""
    yield from _table(
        ("stage", "kind", "working days", "quorum", "majority", "outcomes of the gate", "documents"),
        (
            (
                english(stage.title),
                str(word(stage.kind)),
                str(stage.working_days),
                str(stage.gate.quorum),
                str(word(stage.gate.majority)),
                _listed(stage.gate.outcomes),
                _listed(stage.documents),
            )
            for stage in way
        ),
    )


def _gate(stage: Stage) -> Iterator[str]:
    yield f"### {_cell(english(stage.title))}: criteria and times"
    yield ""
    yield from (english(stage.description), "")
    yield from _table(
        ("criterion", "what is shown", "who shows it"),
        ((english(one.title), english(one.description), _shown(one)) for one in stage.gate.criteria),
    )
    times = [f"deciding {stage.gate.working_days}"]
    times += [f"`{kind}` {days}" for kind, days in (stage.allowances or {}).items()]
    yield f"Working days: {', '.join(times)}; everything else {stage.working_days}."
    yield ""


def _shown(criterion: Criterion) -> str:
    if criterion.legal:
        return "a person, in each country (required by law, never waived)"
    who = "pilotkit sees it" if criterion.shown_by else "a person"
    return who if criterion.required else f"{who} (not required)"


def _scores(score_set: ScoreSet) -> Iterator[str]:
    yield f"### Scores: {_cell(english(score_set.title))}"
    yield ""
    yield f"Minimum in total: {score_set.minimum if score_set.minimum is not None else 'none'}."
    yield ""
    yield from _table(
        ("group", "counts to", "criterion", "weight", "minimum", "0", "3", "5"),
        (
            (
                _group(group),
                group.axis,
                english(one.title),
                str(one.weight),
                str(one.minimum if one.minimum is not None else ""),
                *(english(one.anchors[score]) for score in ("0", "3", "5")),
            )
            for group in score_set.groups
            for one in group.criteria
        ),
    )


def _group(group: ScoreGroup) -> str:
    least = f", minimum {group.minimum}" if group.minimum is not None else ""
    return f"{english(group.title)} (weight {group.weight}{least})"


def _reminders(rules: Iterable[ReminderRule]) -> Iterator[str]:
    yield "### Reminders"
    yield ""
    yield from _table(
        ("rule", "about", "goes out", "to"),
        (
            (
                english(rule.title),
                ", ".join(f"`{kind}`" for kind in rule.items) or "every human item that no other rule names",
                _when(rule),
                ", ".join(f"{who}{f' from no. {start}' if start > 1 else ''}" for who, start in rule.to.items()),
            )
            for rule in rules
        ),
    )


def _when(rule: ReminderRule) -> str:
    parts = ["at half-time"] if rule.half_time else []
    if days := [str(day) for day in rule.before if day]:
        parts.append(f"{', '.join(days)} working days before")
    if 0 in rule.before:
        parts.append("on the day")
    if rule.after:
        parts.append(f"{', '.join(map(str, rule.after))} working days after")
    if rule.every_days:
        parts.append(f"every {rule.every_days} days")
    if rule.at_most:
        parts.append(f"at most {rule.at_most} times")
    if rule.invitation:
        parts.append("with a calendar invitation")
    return "; ".join(parts)


def _listed(values: Iterable[str]) -> str:
    return ", ".join(str(word(value)) for value in values)


def _table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    yield f"| {' | '.join(heads)} |"
    yield f"|{'---|' * len(heads)}"
    for row in rows:
        yield f"| {' | '.join(_cell(cell) for cell in row)} |"
    yield ""


def _cell(text: str) -> str:
    return " ".join(text.replace("\\", "\\\\").replace("|", "\\|").replace("<", "&lt;").split())

"""The rules of a sound process, beyond the shape that the types of ``domain.process`` give.

Each rule is a generator of faults; a fault names the path of the value and says what is wrong with it. A fault of one
part never hides another: people mend a file once, not line by line.
"""

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Final

from pilotkit.domain.agenda import Step, Task
from pilotkit.domain.process import (
    Criterion,
    Gate,
    Outcome,
    Process,
    ReminderRule,
    ScoreGroup,
    ScoreSet,
    Stage,
    StageKind,
)
from pilotkit.domain.text import Text, message
from pilotkit.process.fault import Fault, repeated
from pilotkit.process.places import Path, quoted
from pilotkit.process.way import faults_of_way

PROGRAMME_ITEMS: Final = frozenset({"meeting", "idle-pilot", "adoption-follow-up", "call-deadline"})
"""Kinds of agenda items of the whole programme, which no single stage owns; rules of reminders may name them."""

ITEM_KINDS: Final = frozenset({*Task, *Step, *PROGRAMME_ITEMS})
"""Every kind of agenda item that pilotkit knows. A programme's own kinds begin with ``x-``."""

SEEN_IN: Final[Mapping[str, StageKind]] = {
    "complete": StageKind.INTAKE,
    "consolidated": StageKind.EVALUATION,
    "outcomes": StageKind.TRIAL,
    "actions-done": StageKind.IMPLEMENTATION,
    "adopted": StageKind.IMPLEMENTATION,
    "lessons": StageKind.PUBLICATION,
    "transferability": StageKind.PUBLICATION,
}
"""In which kind of stage pilotkit can see a fact for itself."""

ANCHORS: Final = ("0", "3", "5")
LONGEST_TITLE: Final = 120
MOST_DAYS: Final = 1000
HIGHEST_WEIGHT: Final = 100
HIGHEST_VERSION: Final = 1_000_000

_KEY: Final = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
_LANGUAGE: Final = re.compile(r"[a-z]{2,3}([-_][A-Za-z0-9]{2,8})*")


def faults(process: Process) -> tuple[Fault, ...]:
    """Everything wrong with a process of the right shape; none means that it is sound."""
    return (*faults_of_parts(process), *faults_of_way(process))


def faults_of_parts(process: Process) -> tuple[Fault, ...]:
    """What is wrong within single stages, score sets and reminder rules, whatever the others say."""

    def found() -> Iterator[Fault]:
        yield from _named((), process.key, process.title, process.description)
        yield from _between(("version",), process.version, 1, HIGHEST_VERSION)
        for number, stage in enumerate(process.stages):
            yield from _stage(("stages", number), stage)
        for number, score_set in enumerate(process.score_sets):
            yield from _score_set(("score_sets", number), score_set)
        for number, rule in enumerate(process.reminders):
            yield from _reminder(("reminders", number), rule)

    return tuple(found())


# --- stages and gates -------------------------------------------------------------------------------------------------


def _stage(path: Path, stage: Stage) -> Iterator[Fault]:
    yield from _named(path, stage.key, stage.title, stage.description)
    yield from _days((*path, "working_days"), stage.working_days)
    yield from repeated((*path, "documents"), stage.documents)
    for kind, days in (stage.allowances or {}).items():
        yield from _item_kind((*path, "allowances", kind), kind)
        yield from _days((*path, "allowances", kind), days)
    yield from _panel(path, stage)
    yield from _gate((*path, "gate"), stage.gate, stage.kind)


def _panel(path: Path, stage: Stage) -> Iterator[Fault]:
    if stage.kind is StageKind.EVALUATION:
        if stage.evaluators < 2:
            yield Fault(
                (*path, "evaluators"),
                message("an evaluation needs at least 2, but has {value}", value=stage.evaluators),
            )
        if not stage.score_set:
            yield Fault((*path, "score_set"), message("is missing: an evaluation needs a score set"))
        return
    if stage.evaluators:
        yield Fault((*path, "evaluators"), message("only a stage of kind evaluation has evaluators"))
    if stage.score_set:
        yield Fault((*path, "score_set"), message("only a stage of kind evaluation has a score set"))


def _gate(path: Path, gate: Gate, kind: StageKind) -> Iterator[Fault]:
    fewest = 1 if kind is StageKind.INTAKE else 2
    if gate.quorum < fewest:
        yield Fault(
            (*path, "quorum"),
            message("must be {fewest} or more here, but is {value}", fewest=fewest, value=gate.quorum),
        )
    yield from _days((*path, "working_days"), gate.working_days)
    yield from repeated((*path, "outcomes"), gate.outcomes)
    if Outcome.GO not in gate.outcomes:
        yield Fault((*path, "outcomes"), message("go is missing: nothing could pass this gate"))
    yield from repeated((*path, "criteria"), (criterion.key for criterion in gate.criteria), within="key")
    yield from repeated((*path, "criteria"), (criterion.shown_by for criterion in gate.criteria), within="shown_by")
    for number, criterion in enumerate(gate.criteria):
        yield from _criterion((*path, "criteria", number), criterion, kind)


def _criterion(path: Path, criterion: Criterion, kind: StageKind) -> Iterator[Fault]:
    yield from _named(path, criterion.key, criterion.title, criterion.description)
    if criterion.legal and not criterion.required:
        yield Fault((*path, "required"), message("a legal criterion is always required"))
    if criterion.legal and criterion.shown_by:
        yield Fault((*path, "shown_by"), message("a legal criterion is shown by a person, in each country"))
    if criterion.shown_by and SEEN_IN[criterion.shown_by] is not kind:
        yield Fault(
            (*path, "shown_by"),
            message(
                "“{fact}” shows only in a stage of kind {wanted}, but this one is of kind {kind}",
                fact=criterion.shown_by,
                wanted=SEEN_IN[criterion.shown_by].value,
                kind=kind.value,
            ),
        )


# --- scores -----------------------------------------------------------------------------------------------------------


def _score_set(path: Path, score_set: ScoreSet) -> Iterator[Fault]:
    yield from _named(path, score_set.key, score_set.title)
    yield from _minimum(path, score_set.minimum)
    if not score_set.groups:
        yield Fault((*path, "groups"), message("there is no group"))
    yield from repeated((*path, "groups"), (group.key for group in score_set.groups), within="key")
    # Means are told by key, those of criteria, of groups and of the total alike.
    seen = {"total", *(group.key for group in score_set.groups)}
    for number, group in enumerate(score_set.groups):
        yield from _score_group((*path, "groups", number), group, seen)


def _score_group(path: Path, group: ScoreGroup, seen: set[str]) -> Iterator[Fault]:
    yield from _named(path, group.key, group.title)
    yield from _minimum(path, group.minimum)
    yield from _weight(path, group.weight)
    if not group.criteria:
        yield Fault((*path, "criteria"), message("there is no criterion"))
    for number, criterion in enumerate(group.criteria):
        line: Path = (*path, "criteria", number)
        yield from _named(line, criterion.key, criterion.title)
        if criterion.key in seen:
            yield Fault((*line, "key"), message("“{key}” stands twice in this score set", key=quoted(criterion.key)))
        seen.add(criterion.key)
        yield from _weight(line, criterion.weight)
        yield from _minimum(line, criterion.minimum)
        yield from _anchors((*line, "anchors"), criterion.anchors)


def _anchors(path: Path, anchors: Mapping[str, Text]) -> Iterator[Fault]:
    for score in ANCHORS:
        if score not in anchors:
            yield Fault(path, message("it must say what a score of {score} means", score=score))
    for score, text in anchors.items():
        if score not in ANCHORS:
            yield Fault((*path, score), message("only 0, 3 and 5 are described"))
        yield from _text((*path, score), text, needed=True)


def _weight(path: Path, weight: Decimal) -> Iterator[Fault]:
    if not 0 < weight <= HIGHEST_WEIGHT:
        yield Fault(
            (*path, "weight"),
            message("must be above 0 and at most {highest}, but is {value}", highest=HIGHEST_WEIGHT, value=weight),
        )


def _minimum(path: Path, minimum: Decimal | None) -> Iterator[Fault]:
    if minimum is not None and not 0 <= minimum <= 5:
        yield Fault((*path, "minimum"), message("must lie between 0 and 5, but is {value}", value=minimum))


# --- reminders --------------------------------------------------------------------------------------------------------


def _reminder(path: Path, rule: ReminderRule) -> Iterator[Fault]:
    yield from _named(path, rule.key, rule.title)
    yield from repeated((*path, "items"), rule.items)
    for number, kind in enumerate(rule.items):
        yield from _item_kind((*path, "items", number), kind)
    for name, days, least in (("before", rule.before, 0), ("after", rule.after, 1)):
        yield from repeated((*path, name), map(str, days))
        for number, day in enumerate(days):
            yield from _between((*path, name, number), day, least, MOST_DAYS)
    yield from _between((*path, "every_days"), rule.every_days, 0, MOST_DAYS)
    yield from _between((*path, "at_most"), rule.at_most, 0, MOST_DAYS)
    yield from _recipients(path, rule)


def _recipients(path: Path, rule: ReminderRule) -> Iterator[Fault]:
    firings = len(rule.before) + len(rule.after) + rule.half_time
    if not firings and rule.every_days <= 0:
        yield Fault(path, message("never fires: give before, after, half_time or every_days"))
        return
    if not rule.to:
        yield Fault((*path, "to"), message("nobody gets it"))
    elif min(rule.to.values()) > 1:
        yield Fault((*path, "to"), message("nobody gets the first one"))
    limits = [limit for limit in (rule.at_most, 0 if rule.every_days else firings) if limit > 0]
    for recipient, start in rule.to.items():
        if start < 1:
            yield Fault((*path, "to", recipient), message("must be 1 or more, but is {value}", value=start))
        if limits and start > min(limits):
            yield Fault(
                (*path, "to", recipient),
                message("never gets it: there are at most {count} firings", count=min(limits)),
            )


def _item_kind(path: Path, kind: str) -> Iterator[Fault]:
    if kind not in ITEM_KINDS and not (kind.startswith("x-") and _KEY.fullmatch(kind)):
        yield Fault(
            path,
            message("there is no kind of agenda item “{kind}”; kinds of your own begin with x-", kind=quoted(kind)),
        )


# --- what all parts share ---------------------------------------------------------------------------------------------


def _named(path: Path, key: str, title: Text, description: Text = "") -> Iterator[Fault]:
    if not _KEY.fullmatch(key) or len(key) > 40:
        yield Fault(
            (*path, "key"),
            message(
                "“{key}” is no key: up to 40 small letters, digits and single hyphens, a letter first", key=quoted(key)
            ),
        )
    yield from _text((*path, "title"), title, needed=True, longest=LONGEST_TITLE)
    yield from _text((*path, "description"), description)


def _text(path: Path, text: Text, *, needed: bool = False, longest: int = 0) -> Iterator[Fault]:
    versions = {"": text} if isinstance(text, str) else text
    if needed and not versions:
        yield Fault(path, message("is empty"))
    for language, version in versions.items():
        place = (*path, language) if language else path
        if not isinstance(text, str) and not _LANGUAGE.fullmatch(language):
            yield Fault(place, message("“{language}” is no language code", language=quoted(language)))
        if needed and not version.strip():
            yield Fault(place, message("is empty"))
        if longest and len(version) > longest:
            yield Fault(
                place, message("is too long: {length} characters, {longest} fit", length=len(version), longest=longest)
            )


def _days(path: Path, days: int) -> Iterator[Fault]:
    yield from _between(path, days, 1, MOST_DAYS)


def _between(path: Path, value: int, least: int, most: int) -> Iterator[Fault]:
    if not least <= value <= most:
        yield Fault(
            path, message("must lie between {least} and {most}, but is {value}", least=least, most=most, value=value)
        )

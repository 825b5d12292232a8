"""The rules of how the parts of a process refer to each other: one way from the first stage to the publication."""

from collections.abc import Iterator, Mapping
from typing import Final

from pilotkit.domain.process import Outcome, Process, StageKind
from pilotkit.domain.text import message
from pilotkit.process.fault import Fault, repeated
from pilotkit.process.places import Path, quoted

REPORTED_FROM: Final[Mapping[str, StageKind]] = {
    "evaluation-report": StageKind.EVALUATION,
    "trial-report": StageKind.TRIAL,
}
"""Documents that say nothing before a stage of this kind has been reached."""


def faults_of_way(process: Process) -> tuple[Fault, ...]:
    """What is wrong with how the parts refer to each other."""

    def found() -> Iterator[Fault]:
        yield from repeated(("stages",), (stage.key for stage in process.stages), within="key")
        yield from repeated(("score_sets",), (score_set.key for score_set in process.score_sets), within="key")
        yield from repeated(("reminders",), (rule.key for rule in process.reminders), within="key")
        yield from _score_sets_used(process)
        yield from _way(process)

    return tuple(found())


def _way(process: Process) -> Iterator[Fault]:
    if not process.stages:
        yield Fault(("stages",), message("there is no stage"))
        return
    numbers = {stage.key: number for number, stage in reversed(list(enumerate(process.stages)))}
    if process.first not in numbers:
        yield Fault(("first",), message("there is no stage “{key}”", key=quoted(process.first)))
    for number, stage in enumerate(process.stages):
        if stage.next and stage.next not in numbers:
            yield Fault(("stages", number, "next"), message("there is no stage “{key}”", key=quoted(stage.next)))
    yield from _ends(process)
    yield from _loops(process, numbers)
    if process.first in numbers:
        yield from _walk(process, numbers)


def _ends(process: Process) -> Iterator[Fault]:
    for number, stage in enumerate(process.stages):
        path: Path = ("stages", number)
        last = stage.kind is StageKind.PUBLICATION
        if last and stage.next:
            yield Fault(
                (*path, "next"),
                message("a publication ends the way, but “{key}” is said to follow", key=quoted(stage.next)),
            )
        if not last and not stage.next:
            yield Fault(
                (*path, "next"),
                message("is missing: the way ends here, and only a stage of kind publication may end it"),
            )
        if last and Outcome.CONDITIONAL_GO in stage.gate.outcomes:
            yield Fault(
                (*path, "gate", "outcomes"),
                message("the last gate has no conditional-go: no later gate would look at its conditions"),
            )


def _walk(process: Process, numbers: Mapping[str, int]) -> Iterator[Fault]:
    reached: list[str] = []
    kinds: set[StageKind] = set()
    key = process.first
    while key in numbers and key not in reached:
        reached.append(key)
        stage = process.stages[numbers[key]]
        kinds.add(stage.kind)
        for place, document in enumerate(stage.documents):
            needed = REPORTED_FROM.get(document)
            if needed and needed not in kinds:
                yield Fault(
                    ("stages", numbers[key], "documents", place),
                    message("nothing to report yet: no stage of kind {kind} has been reached", kind=needed.value),
                )
        key = stage.next
    for number, stage in enumerate(process.stages):
        if stage.key not in reached:
            yield Fault(
                ("stages", number),
                message(
                    "“{key}” cannot be reached from the first stage “{first}”",
                    key=quoted(stage.key),
                    first=quoted(process.first),
                ),
            )


def _loops(process: Process, numbers: Mapping[str, int]) -> Iterator[Fault]:
    seen: set[str] = set()
    for start in process.stages:
        trail: list[str] = []
        key = start.key
        while key in numbers and key not in seen:
            seen.add(key)
            trail.append(key)
            key = process.stages[numbers[key]].next
        if key in trail:
            yield Fault(
                ("stages", numbers[trail[-1]], "next"),
                message("leads back to “{key}”: the way never ends", key=quoted(key)),
            )


def _score_sets_used(process: Process) -> Iterator[Fault]:
    known = {score_set.key for score_set in process.score_sets}
    for number, stage in enumerate(process.stages):
        if stage.score_set and stage.score_set not in known:
            yield Fault(
                ("stages", number, "score_set"), message("there is no score set “{key}”", key=quoted(stage.score_set))
            )
    used = {stage.score_set for stage in process.stages}
    for number, score_set in enumerate(process.score_sets):
        if score_set.key not in used:
            yield Fault(
                ("score_sets", number), message("no stage uses the score set “{key}”", key=quoted(score_set.key))
            )

"""The audit chain: one line per event, each sealed with the hash of the one before.

Everything that is hashed is text and stored as that text, so that verifying hashes what lies in the database, byte by
byte, and parses nothing. A change of any column, a missing event, one too many, or two that changed places break the
chain at a place that can be named. Events cut off at the end show by the head, which is kept apart; a chain that was
rewritten as a whole, head included, shows by the heads that were written down elsewhere (``anchors``).
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from typing import NamedTuple

from pilotkit.domain.errors import Invalid, Message, message

BEGINNING = "0" * 64
"""What stands for the hash before the first event."""


class Event(NamedTuple):
    """One event as it is stored, in the order in which it is hashed.

    Attributes:
        seq: 1 for the first event, without gaps.
        at: When it happened: ISO 8601 in UTC with microseconds.
        actor: The pseudonymous id of a person, or ``pilotkit``.
        action: What was done, for example ``gate.decided``.
        subject: What it was done to, for example a pilot's code.
        payload: The details, as canonical JSON.
        previous: The hash of the event before.
        hash: The seal of this event.
    """

    seq: int
    at: str
    actor: str
    action: str
    subject: str
    payload: str
    previous: str
    hash: str


class Head(NamedTuple):
    """The end of the chain: number and hash of the last event."""

    seq: int
    hash: str


@dataclass(frozen=True)
class FirstBad:
    """The first place at which a chain does not hold.

    Attributes:
        seq: The number of the event that is wrong or missing.
        reason: What is wrong with it.
    """

    seq: int
    reason: Message


def canonical(payload: Mapping[str, object]) -> str:
    """The one way to write a payload: JSON in one line, keys sorted, no spaces; times and decimals must be text.

    Raises:
        Invalid: A text inside cannot be stored (NUL, or half a surrogate pair).
    """
    text = json.dumps(payload, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)
    if "\\u0000" in text.replace("\\\\", "") or not _encodable(text):
        raise Invalid(
            message("The details of an audit event hold a character that cannot be stored."),
            message("Remove NUL characters and damaged characters from the text that you entered."),
        )
    return text


def seal(head: Head, *, at: datetime, actor: str, action: str, subject: str, payload: Mapping[str, object]) -> Event:
    """The event that follows ``head``.

    Raises:
        Invalid: The time has no zone, or a field holds a line break, NUL or a damaged character.
    """
    if at.tzinfo is None or at.utcoffset() is None:
        raise Invalid(
            message("The time {value} has no time zone.", value=at.isoformat()),
            message("Give the zone with the time, for example {example}.", example=f"{at.isoformat()}+00:00"),
        )
    for field in (actor, action, subject):
        if not field or "\n" in field or "\x00" in field or not _encodable(field):
            raise Invalid(
                message("{value} cannot stand in the audit trail.", value=ascii(field[:40])),
                message("Give a name without line breaks, NUL characters or damaged characters."),
            )
    event = Event(
        seq=head.seq + 1,
        at=at.astimezone(UTC).isoformat(timespec="microseconds"),
        actor=actor,
        action=action,
        subject=subject,
        payload=canonical(payload),
        previous=head.hash,
        hash="",
    )
    return event._replace(hash=digest(event))


def digest(event: Event) -> str:
    """The seal that an event must have: SHA-256 in hexadecimal over its other values, one per line.

    No value of a stored event holds a line break, so two different events never give the same lines.
    """
    seq, at, actor, action, subject, payload, previous, _ = event
    lines = "\n".join((previous, str(seq), at, actor, action, subject, payload))
    return sha256(lines.encode()).hexdigest()


def verify(events: Iterable[Event], head: Head | None, anchors: Mapping[int, str] | None = None) -> FirstBad | None:
    """The first place where the chain does not hold, or ``None`` when all of it holds.

    Args:
        events: The stored events by rising number; read once, one at a time.
        head: The stored head; ``None`` when its row is gone.
        anchors: Hashes by number that were written down outside the database.
    """
    known = anchors or {}
    seq, previous = 0, BEGINNING
    for event in events:
        seq += 1
        if event[0] != seq:
            return FirstBad(seq, _misnumbered(event[0], seq))
        if event[6] != previous:
            return FirstBad(seq, message("The event does not continue the one before it."))
        if not _sealed(event):
            return FirstBad(seq, message("The event was changed after it was written."))
        previous = event[7]
        if known and known.get(seq, previous) != previous:
            return FirstBad(seq, message("The event is not the one whose hash was written down elsewhere."))
    return _against_head(Head(seq, previous), head, known)


def _sealed(event: Event) -> bool:
    try:
        return event[7] == digest(event)
    except (TypeError, ValueError):  # somebody put something else than text into a column
        return False


def _misnumbered(found: object, expected: int) -> Message:
    if isinstance(found, int) and found > expected:
        return message("The event is missing.")
    return message("There is an event too many, numbered {found}.", found=found)


def _against_head(end: Head, head: Head | None, known: Mapping[int, str]) -> FirstBad | None:
    if head is None:
        return FirstBad(end.seq + 1, message("The head of the chain is missing, so events at the end may be missing."))
    if head.seq > end.seq or any(seq > end.seq for seq in known):
        return FirstBad(end.seq + 1, message("The event is missing at the end of the chain."))
    if head.seq < end.seq:
        return FirstBad(head.seq + 1, message("There is an event beyond the head of the chain."))
    if head.hash != end.hash:
        return FirstBad(end.seq, message("The head of the chain has another hash than its last event."))
    return None


def _encodable(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True

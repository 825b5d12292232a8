"""The only module that reads the clock.

Everything below the edge (command line, flows) receives the time as an argument, so that a test, a simulation or a
replay of history can say what time it is.
"""

from datetime import UTC, datetime


def now() -> datetime:
    """The present instant, zone-aware, in UTC, to the microsecond."""
    return datetime.now(UTC)

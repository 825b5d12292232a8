"""Kill points: named places where a test ends the process, to prove that nothing is ever half done.

A kill point does nothing unless ``PILOTKIT_ENV=test`` and ``PILOTKIT_KILL_AT`` names it. ``NAME`` ends the process the
first time the point is reached, ``NAME:3`` the third time. With ``PILOTKIT_KILL_LOG=FILE`` every point that is reached
is written to that file, one per line, so that a test can learn which points a use case passes.
"""

import os
import signal
import threading
from collections import Counter

_reached: Counter[str] = Counter()
_counting = threading.Lock()


def kill_point(name: str) -> None:
    """End the process with SIGKILL here when a test asked for it; otherwise do nothing."""
    if os.environ.get("PILOTKIT_ENV") != "test":
        return
    with _counting:  # threads pass points, too
        _reached[name] += 1
        times = _reached[name]
    if log := os.environ.get("PILOTKIT_KILL_LOG"):
        with open(log, "a", encoding="utf-8") as file:
            file.write(f"{name}\n")
    wanted, _, nth = os.environ.get("PILOTKIT_KILL_AT", "").partition(":")
    if wanted == name and times == int(nth or "1"):
        os.kill(os.getpid(), signal.SIGKILL)

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

Race = Callable[..., "subprocess.Popen[str]"]


@pytest.fixture
def race() -> Race:
    """Start ``racer.py`` in a process of its own, on request with a point at which it is killed."""

    def start(what: str, url: str, times: int = 1, *, kill_at: str = "") -> "subprocess.Popen[str]":
        return subprocess.Popen(
            [sys.executable, str(Path(__file__).with_name("racer.py")), what, url, str(times)],
            env=os.environ | {"PILOTKIT_ENV": "test", "PILOTKIT_KILL_AT": kill_at},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    return start

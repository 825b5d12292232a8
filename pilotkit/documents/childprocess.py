"""One typesetting process, seen from the pool: started, asked, ended."""

import contextlib
import logging
import os
import shutil
import subprocess
import sys
import tempfile
from multiprocessing import Pipe
from pathlib import Path
from xml.sax.saxutils import escape

from pilotkit import resources
from pilotkit.documents.wire import READY, Answer, Ending, Request, receive_answer

_START_SECONDS = 60
"""How long a child may take to load WeasyPrint: generous, for a busy machine must not look like a broken one."""

_INHERITED = ("PATH", "PYTHONPATH", "LD_LIBRARY_PATH", "DYLD_FALLBACK_LIBRARY_PATH")
"""All that a child gets of the environment: it reads texts from outside and needs no database address or password."""

_log = logging.getLogger(__name__)


class ChildProcess:
    """A process that runs child.py, with a folder of its own for everything temporary.

    Args:
        megabytes: How much memory one document may take in it.

    Raises:
        OSError: The process cannot be started.
    """

    def __init__(self, megabytes: int) -> None:
        self._folder = Path(tempfile.mkdtemp(prefix="pilotkit-typesetting-"))
        self._words = self._folder / "stderr.txt"
        self._ready = False
        self._connection, theirs = Pipe()
        with theirs, self._words.open("wb") as words:
            self._process = subprocess.Popen(
                # -P: never load modules from the folder that somebody happens to stand in.
                [sys.executable, "-P", "-m", "pilotkit.documents.child", str(theirs.fileno()), str(megabytes)],
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                stdout=words,
                stderr=words,
                env=_environment(self._folder),
            )

    @property
    def number(self) -> int:
        """The process's id."""
        return self._process.pid

    def alive(self) -> bool:
        """Whether the process still runs."""
        return self._process.poll() is None

    def typeset(self, request: Request, seconds: float) -> Answer:
        """Typeset one document. Unless it answers itself, the process must be ended afterwards.

        Args:
            request: The document.
            seconds: How long it may take, from when the process is warm.
        """
        try:
            if not self._ready:
                if not self._connection.poll(_START_SECONDS) or self._connection.recv_bytes() != READY:
                    return Answer(Ending.UNSTARTED, details=(self._last_words(),))
                self._ready = True
            self._connection.send(request)
            if not self._connection.poll(seconds):
                return Answer(Ending.LATE)
            return receive_answer(self._connection)
        except (EOFError, OSError):
            return Answer(Ending.LOST if self._ready else Ending.UNSTARTED, details=(self._last_words(),))

    def kill(self) -> None:
        """Kill the process; whoever waits for its answer is told that it is lost."""
        self._process.kill()

    def end(self) -> None:
        """Kill the process and remove what it leaves. Only for whoever holds it alone."""
        self.kill()
        self._process.wait()
        self._connection.close()
        shutil.rmtree(self._folder, ignore_errors=True)

    def _last_words(self) -> str:
        """The last line that the process wrote, which for a fault of loading names the library."""
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(1)
        words = self._words.read_text(errors="replace")
        _log.warning("A typesetting process ended with %s: %s", self._process.returncode, words[-2000:])
        return words.strip().rpartition("\n")[2]


def _environment(folder: Path) -> dict[str, str]:
    """The child's environment: pilotkit's fonts and no others, and nothing that could change a byte of the result."""
    fonts = folder / "fonts.conf"
    fonts.write_text(
        "<?xml version='1.0'?><!DOCTYPE fontconfig SYSTEM 'urn:fontconfig:fonts.dtd'><fontconfig>"
        f"<dir>{escape(str(resources.templates() / 'fonts'))}</dir><cachedir>{escape(str(folder))}</cachedir>"
        "</fontconfig>",
        encoding="utf-8",
    )
    return {key: os.environ[key] for key in _INHERITED if key in os.environ} | {
        "FONTCONFIG_FILE": str(fonts),
        "LANG": "C.UTF-8",
        "PYTHONHASHSEED": "0",
        "TMPDIR": str(folder),
        "TZ": "UTC",
    }

"""The document store: typeset files by the hash of their content, and shelves where people find them by name."""

import fcntl
import hashlib
import os
import re
import secrets
from pathlib import Path, PurePosixPath

from pilotkit.domain.errors import Invalid, NotFound
from pilotkit.domain.text import message
from pilotkit.faults import kill_point

_HASH = re.compile(r"[0-9a-f]{64}")
_NAME = re.compile(r"[^\W_][\w.+-]*")
"""A part of a shelf's name: letters, digits and ``._+-``, not beginning with a sign (so neither ``..`` nor hidden)."""

_UNFINISHED = ".unfinished-"


class DocumentStore:
    """A folder with ``by-hash/ab/<sha256>`` and, beside it, the shelves: ``P-012/action-plan.sl.pdf``.

    A file appears under its name only when it is whole and on disk, whatever happens while it is written.

    Args:
        folder: Where the store is; made when first written to.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def put(self, content: bytes) -> str:
        """Keep a file; keeping the same one again does nothing.

        Returns:
            The SHA-256 of the content, in hexadecimal digits.
        """
        sha256 = hashlib.sha256(content).hexdigest()
        path = self._place(sha256)
        if path.exists():
            return sha256
        path.parent.mkdir(parents=True, exist_ok=True)
        _write(path, content)
        return sha256

    def path(self, sha256: str) -> Path:
        """Where a kept file lies.

        Raises:
            NotFound: No file with this hash is kept.
        """
        path = self._place(sha256)
        if not path.is_file():
            raise NotFound(
                message("The document store has no file {sha256}.", sha256=sha256),
                message("Render the document again."),
            )
        return path

    def shelve(self, sha256: str, name: str) -> Path:
        """Put a kept file on a shelf under a readable name, in place of what lay there before.

        Args:
            sha256: The file.
            name: A relative path such as ``P-012/action-plan.sl.pdf``.

        Returns:
            Where it lies now.

        Raises:
            NotFound: No file with this hash is kept.
            Invalid: The name would lead out of the store or is not fit for a file.
        """
        content = self.path(sha256)
        shelf = self._shelf(name)
        shelf.parent.mkdir(parents=True, exist_ok=True)
        kill_point("document.shelve.before")
        try:
            _link(shelf, content)
        except OSError:  # a file system without hard links, or a file that has too many of them
            _write(shelf, content.read_bytes())
        kill_point("document.shelve.after")
        return shelf

    def sweep(self) -> int:
        """Remove what killed writers left. Others may write meanwhile: what they hold is not touched.

        Returns:
            How many files were removed.
        """
        return sum(_remove_abandoned(path) for path in self.folder.rglob(f"{_UNFINISHED}*"))

    def _place(self, sha256: str) -> Path:
        if not _HASH.fullmatch(sha256):
            raise Invalid(message("{sha256} is not a SHA-256 hash.", sha256=sha256))
        return self.folder / "by-hash" / sha256[:2] / sha256

    def _shelf(self, name: str) -> Path:
        parts = name.split("/")
        if parts[0] == "by-hash" or not all(_NAME.fullmatch(part) and len(part.encode()) <= 200 for part in parts):
            raise Invalid(
                message("{name} is no name for a document.", name=name),
                message("Names have letters, digits, dots, hyphens and underscores, with slashes between folders."),
            )
        return self.folder / PurePosixPath(name)


def _write(path: Path, content: bytes) -> None:
    """Write a file beside its place, then put it there."""
    kill_point("document.write.before")
    while True:
        unfinished = _beside(path)
        with unfinished.open("xb") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            if not os.fstat(file.fileno()).st_nlink:  # swept away between opening and locking
                continue
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
            kill_point("document.write.after")
            _put_in_place(unfinished, path)
            kill_point("document.rename.after")
            return


def _link(path: Path, content: Path) -> None:
    """Link a file beside its place, then put it there."""
    unfinished = _beside(path)
    with content.open("rb") as held:
        fcntl.flock(held, fcntl.LOCK_SH)
        unfinished.hardlink_to(content)
        kill_point("document.link.after")
        _put_in_place(unfinished, path)
        # Where the same file lay there already, POSIX lets the renaming do nothing at all.
        unfinished.unlink(missing_ok=True)


def _beside(path: Path) -> Path:
    """A name for writing, in the same folder and so on the same file system, that no other writer has."""
    return path.with_name(f"{_UNFINISHED}{secrets.token_hex(8)}")


def _put_in_place(unfinished: Path, path: Path) -> None:
    """Give a finished file its name, durably."""
    unfinished.replace(path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _remove_abandoned(unfinished: Path) -> bool:
    """Remove an unfinished file unless its writer is at work; the lock ends with the process that holds it."""
    try:
        with unfinished.open("rb") as file:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            unfinished.unlink()
    except (BlockingIOError, FileNotFoundError):
        return False
    return True

"""The document store keeps a file whole or not at all, and its shelves hold nothing else."""

import fcntl
import hashlib
import os
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from pilotkit.documents.store import DocumentStore
from pilotkit.domain.errors import Invalid, NotFound

CONTENT = b"%PDF-1.7 first"
SHA256 = hashlib.sha256(CONTENT).hexdigest()

PROGRAM = """
import sys
from pathlib import Path
from pilotkit.documents.store import DocumentStore
store = DocumentStore(Path(sys.argv[1]))
store.shelve(store.put(b"%PDF-1.7 first"), "P-012/plan.pdf")
store.shelve(store.put(b"%PDF-1.7 second"), "P-012/plan.pdf")
"""
POINTS = [
    "document.write.before",
    "document.write.after",
    "document.rename.after",
    "document.shelve.before",
    "document.link.after",
    "document.shelve.after",
]


def files(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


@pytest.fixture
def store(tmp_path: Path) -> DocumentStore:
    return DocumentStore(tmp_path / "documents")


def test_a_file_is_kept_under_its_hash(store: DocumentStore) -> None:
    assert store.put(CONTENT) == SHA256
    assert store.path(SHA256).read_bytes() == CONTENT
    assert store.put(CONTENT) == SHA256
    assert len(files(store.folder)) == 1


def test_a_shelf_holds_the_newest_and_the_old_stays_under_its_hash(store: DocumentStore) -> None:
    shelf = store.shelve(store.put(CONTENT), "P-012/action-plan.sl.pdf")
    assert shelf == store.folder / "P-012" / "action-plan.sl.pdf"
    assert shelf.samefile(store.path(SHA256))

    store.shelve(store.put(b"second"), "P-012/action-plan.sl.pdf")

    assert shelf.read_bytes() == b"second"
    assert store.path(SHA256).read_bytes() == CONTENT
    assert len(files(store.folder)) == 3


def test_shelving_the_same_file_again_leaves_nothing_beside_it(store: DocumentStore) -> None:
    for _ in range(2):
        store.shelve(store.put(CONTENT), "plan.pdf")
    assert len(files(store.folder)) == 2


def test_where_links_fail_a_copy_lies_on_the_shelf(store: DocumentStore, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise OSError("no links here")

    monkeypatch.setattr(Path, "hardlink_to", refuse)
    shelf = store.shelve(store.put(CONTENT), "plan.pdf")

    assert shelf.read_bytes() == CONTENT
    assert not shelf.samefile(store.path(SHA256))
    assert len(files(store.folder)) == 2


@pytest.mark.parametrize(
    "name",
    [
        "",
        ".",
        "..",
        "../plan.pdf",
        "P-012/../../plan.pdf",
        "/etc/plan.pdf",
        "P-012//plan.pdf",
        "P-012/",
        "P-012/.hidden",
        "P-012/-rf",
        "P\\..\\plan.pdf",
        "a\0b",
        "a\nb",
        "plan\n",
        "by-hash/00/plan.pdf",
        "~/plan.pdf",
        "C:plan.pdf",
        "x" * 201,
        "ž" * 101,
    ],
)
def test_a_name_never_leads_out_of_the_store(store: DocumentStore, name: str) -> None:
    store.put(CONTENT)
    before = files(store.folder.parent)
    with pytest.raises(Invalid):
        store.shelve(SHA256, name)
    assert files(store.folder.parent) == before


def test_names_of_every_language_are_welcome(store: DocumentStore) -> None:
    store.put(CONTENT)
    assert store.shelve(SHA256, "Območje/Übersicht_2026.план.pdf").is_file()


@pytest.mark.parametrize("sha256", ["", "../" * 10, SHA256.upper(), SHA256[:-1], f"{SHA256}\n"])
def test_only_hashes_are_looked_up(store: DocumentStore, sha256: str) -> None:
    with pytest.raises(Invalid):
        store.path(sha256)


def test_a_file_that_is_not_there_is_not_found(store: DocumentStore) -> None:
    with pytest.raises(NotFound):
        store.path(SHA256)
    with pytest.raises(NotFound):
        store.shelve(SHA256, "plan.pdf")
    assert store.sweep() == 0


def test_many_writers_of_one_file_do_not_disturb_each_other(store: DocumentStore) -> None:
    with ThreadPoolExecutor(8) as threads:
        list(threads.map(lambda _: store.shelve(store.put(CONTENT), "plan.pdf"), range(100)))
        sweeps = threads.submit(lambda: [store.sweep() for _ in range(50)])
        list(threads.map(lambda n: store.shelve(store.put(f"{n % 7}".encode()), "plan.pdf"), range(100)))
        sweeps.result()
    assert len(files(store.folder)) == 9


def test_the_sweep_spares_what_a_living_writer_holds(store: DocumentStore) -> None:
    store.folder.mkdir()
    abandoned, held = store.folder / ".unfinished-1", store.folder / ".unfinished-2"
    abandoned.touch()
    with held.open("wb") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        assert store.sweep() == 1
    assert files(store.folder) == [".unfinished-2"]
    assert store.sweep() == 1


@pytest.mark.parametrize("nth", [1, 2])
@pytest.mark.parametrize("point", POINTS)
def test_a_killed_writer_leaves_old_or_new_and_nothing_after_the_sweep(tmp_path: Path, point: str, nth: int) -> None:
    command = [sys.executable, "-c", PROGRAM, str(tmp_path)]
    kill = os.environ | {"PILOTKIT_ENV": "test", "PILOTKIT_KILL_AT": f"{point}:{nth}"}

    assert subprocess.run(command, env=kill, check=False).returncode == -signal.SIGKILL

    shelf = tmp_path / "P-012" / "plan.pdf"
    wanted: list[bytes | None] = [b"%PDF-1.7 first", b"%PDF-1.7 second"] if nth == 2 else [None, b"%PDF-1.7 first"]
    assert (shelf.read_bytes() if shelf.exists() else None) in wanted
    DocumentStore(tmp_path).sweep()
    for path in tmp_path.rglob("*"):
        if path.is_file():
            assert path == shelf or hashlib.sha256(path.read_bytes()).hexdigest() == path.name

    subprocess.run(command, check=True)
    assert shelf.read_bytes() == b"%PDF-1.7 second"
    assert len(files(tmp_path)) == 3

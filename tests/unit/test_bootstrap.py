"""The parts are wired together once, however many ask for them at once."""

import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest

from pilotkit.bootstrap import running
from pilotkit.settings import Settings


def test_documents_drafted_side_by_side_share_one_typesetter(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    open_ones: list[object] = []

    class CountedTypesetter:
        def __init__(self, **_: object) -> None:
            time.sleep(0.05)  # as long as another thread needs to come along
            open_ones.append(self)

        def close(self) -> None:
            open_ones.remove(self)

    monkeypatch.setattr("pilotkit.documents.typesetting.Typesetter", CountedTypesetter)
    together = Barrier(3)

    with running(Settings(data=tmp_path), check_schema=False) as kit, ThreadPoolExecutor(3) as pool:

        def ask(_: int) -> bool:
            together.wait()
            return kit.press.has("0" * 64)

        assert list(pool.map(ask, range(3))) == [False] * 3
        assert len(open_ones) == 1
    assert not open_ones

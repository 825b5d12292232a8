"""In process, on an embedded server: everything stays in the data folder."""

import os
import signal
import subprocess
import sys
from pathlib import Path

from tests.databases import fresh
from tests.factories.moments import CODE, moment_file, turn_to
from tests.prefect_server import end_group

PROGRAM = """
import sys
from pathlib import Path
from flows.in_process import run_advance
from pilotkit.settings import Settings

assert "prefect" not in sys.modules
settings = Settings(data=Path(sys.argv[1]), database_url=sys.argv[2])
told = []
tell = lambda code, what: told.append(code)
batch = run_advance(settings, [sys.argv[3]], documents=False, books=False, on_progress=tell)
assert not batch.advances[0].steps[0].failure
print(batch.advances[0].standing.code, len(batch.advances[0].steps), len(told))
again = run_advance(settings, [sys.argv[3]], documents=False, books=False)
print(len(again.advances[0].steps))
"""


def test_the_embedded_server_lives_in_the_data_folder_and_ends_with_the_process(tmp_path: Path) -> None:
    home, elsewhere, data = tmp_path / "home", tmp_path / "elsewhere", tmp_path / "deep" / "data, 100 % ours"
    home.mkdir()
    elsewhere.mkdir()
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PREFECT_", "PILOTKIT_"))}
    with fresh("sqlite", tmp_path) as url:
        turn_to(url, moment_file("evaluation"))
        with (tmp_path / "out").open("wb") as out:
            process = subprocess.Popen(
                [sys.executable, "-c", PROGRAM, str(data), url, CODE],
                cwd=elsewhere,
                env=kept | {"HOME": str(home), "XDG_CACHE_HOME": "", "XDG_CONFIG_HOME": ""},
                stdout=out,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
            try:
                code = process.wait(timeout=170)
            finally:
                left = _group_lives(process.pid)
                end_group(process, signal.SIGKILL)
    told = (tmp_path / "out").read_text()
    assert code == 0, told
    assert told.splitlines() == [f"{CODE} 2 2", "0"], told
    assert not left, "the embedded server outlived its process"
    assert (data / "prefect" / "prefect.db").is_file()
    assert list(home.iterdir()) == []
    assert list(elsewhere.iterdir()) == []


def _group_lives(group: int) -> bool:
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    return True

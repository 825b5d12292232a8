"""A document that eats memory, hangs or crashes ends with an error that names it, and hurts no other."""

import asyncio
import os
import signal
import subprocess
import sys
import tempfile
import textwrap
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from pilotkit.documents import typesetting
from pilotkit.documents.typesetting import Sheet, Typesetter
from pilotkit.domain.errors import PilotkitError, Refused, Unavailable
from pilotkit.domain.text import message
from tests.integration.documents.samples import page, sheet, three_pages

SMALL = sheet(page("<h1>Small</h1>"))
ENDLESS = page("<h1>Endless</h1>" + "<p>word </p>" * 200_000)


def naming(kind: type[PilotkitError], words: str) -> pytest.RaisesExc[PilotkitError]:
    return pytest.raises(kind, match=rf"action plan of P-012 in Slovenian .*{words}")


def eventually(true: Callable[[], bool], seconds: float = 10) -> bool:
    end = time.monotonic() + seconds
    while not true() and time.monotonic() < end:
        time.sleep(0.02)
    return true()


def processes(pool: Typesetter) -> list[int]:
    return [process.number for process in pool._running]


def test_deep_nesting_is_refused(typesetter: Typesetter) -> None:
    with naming(Refused, "nested too deeply"):
        typesetter.typeset(sheet(page("<div>" * 2000 + "deep" + "</div>" * 2000)))
    assert typesetter.typeset(SMALL).pages == 1


def test_ordinary_nesting_is_not(typesetter: Typesetter) -> None:
    assert typesetter.typeset(sheet(page("<ul><li>" * 12 + "deep" + "</ul>" * 12))).pages == 1


def test_too_long_a_text_is_refused_before_it_costs_anything(typesetter: Typesetter) -> None:
    with naming(Refused, f"at most {typesetting.LONGEST} are allowed"):
        typesetter.typeset(sheet("x" * (typesetting.LONGEST + 1)))


def test_a_document_that_takes_too_long_is_ended_and_its_process_replaced() -> None:
    with Typesetter(processes=1, seconds=1, megabytes=2000) as pool:
        pool.typeset(SMALL)
        before = processes(pool)
        with naming(Unavailable, "longer than 1 s"):
            pool.typeset(sheet(ENDLESS))
        assert pool.typeset(SMALL).pages == 1
        assert processes(pool) != before


@pytest.mark.parametrize(
    "body",
    [
        "<table>" + "<tr><td colspan=100000>x</td></tr>" * 200 + "</table>",
        '<svg width="30000" height="30000"><title>x</title></svg>' + "<table><tr>" + "<td>x</td>" * 20_000 + "</table>",
    ],
)
def test_a_document_that_needs_too_much_memory_is_ended(body: str) -> None:
    with Typesetter(processes=1, seconds=50, megabytes=60) as pool:
        with naming(Unavailable, "needs more than 60 MB"):
            pool.typeset(sheet(page(body)))
        assert pool.typeset(SMALL).pages == 1


@pytest.mark.parametrize(
    "body",
    [
        "<table><tr><td colspan=1000000000 rowspan=1000000000>x</td></tr></table>",
        '<svg viewBox="0 0 1e30 1e30" width="1e9"><title>x</title><rect width="1e99" height="nan"/></svg>',
        "<p style='font-size: 99999999px'>x</p>",
        "<p style='width: 1e30px; columns: 100000'>x</p>",
        "<ol start=99999999999999999999><li>x</li></ol>",
        "<style>@page { size: 1px } </style><p>long word</p>",
        "<!-- </body> <![CDATA[ <svg><foreignObject><p>x",
        "",
        "\0\x01\x0b\ufffe\ud800",
    ],
)
def test_absurd_input_ends_in_a_document_or_in_a_named_error(body: str) -> None:
    with Typesetter(processes=1, seconds=3, megabytes=300) as pool:
        error: PilotkitError | None = None
        try:
            assert pool.typeset(sheet(page(body))).pages
        except PilotkitError as raised:
            error = raised
        assert error is None or (error.remedy and "action plan of P-012 in Slovenian" in str(error.what))
        assert pool.typeset(SMALL).pages == 1


def test_other_documents_go_on_while_one_hangs() -> None:
    with Typesetter(processes=2, seconds=4, megabytes=2000) as pool, ThreadPoolExecutor(4) as threads:
        bad = threads.submit(pool.typeset, sheet(ENDLESS))
        good = [threads.submit(pool.typeset, sheet(three_pages("sl"))) for _ in range(5)]
        assert len({future.result().pdf for future in good}) == 1
        with naming(Unavailable, "longer than 4 s"):
            bad.result()


def test_a_process_that_dies_in_the_middle_loses_one_document_only() -> None:
    with Typesetter(processes=1, seconds=30, megabytes=2000) as pool, ThreadPoolExecutor(1) as threads:
        pool.typeset(SMALL)
        (number,) = processes(pool)
        lost = threads.submit(pool.typeset, sheet(ENDLESS))
        time.sleep(0.5)
        os.kill(number, signal.SIGKILL)
        with naming(Unavailable, "died"):
            lost.result()
        assert pool.typeset(SMALL).pages == 1


def test_a_process_that_dies_at_rest_loses_nothing() -> None:
    with Typesetter(processes=1, seconds=30, megabytes=1000) as pool:
        pool.typeset(SMALL)
        (number,) = processes(pool)
        os.kill(number, signal.SIGKILL)
        os.waitid(os.P_PID, number, os.WEXITED | os.WNOWAIT)
        assert pool.typeset(SMALL).pages == 1


def test_processes_start_when_first_needed_and_only_as_many_as_needed() -> None:
    with Typesetter(processes=8, seconds=30, megabytes=1000) as pool:
        assert processes(pool) == []
        pool.typeset(SMALL)
        pool.typeset(SMALL)
        assert len(processes(pool)) == 1


def test_closing_ends_the_processes_and_whoever_waits() -> None:
    pool = Typesetter(processes=1, seconds=60, megabytes=2000)
    with ThreadPoolExecutor(3) as threads:
        waiting = [threads.submit(pool.typeset, sheet(ENDLESS)) for _ in range(3)]
        assert eventually(lambda: len(processes(pool)) == 1)
        (number,) = processes(pool)
        time.sleep(1.5)
        pool.close()
        for future in waiting:
            with naming(Unavailable, "was not typeset"):
                future.result(timeout=10)
    assert not Path(f"/proc/{number}").exists()
    with naming(Unavailable, "pilotkit is ending"):
        pool.typeset(SMALL)
    pool.close()


def test_an_asynchronous_program_typesets_from_threads(typesetter: Typesetter) -> None:
    async def program() -> list[int]:
        sheets = [sheet(page(f"<h1>{number}</h1>")) for number in range(4)]
        return [
            typeset.pages
            for typeset in await asyncio.gather(*(asyncio.to_thread(typesetter.typeset, one) for one in sheets))
        ]

    assert asyncio.run(program()) == [1, 1, 1, 1]


def test_a_process_outlives_the_thread_that_started_it() -> None:
    with Typesetter(processes=1, seconds=30, megabytes=1000) as pool:
        thread = threading.Thread(target=pool.typeset, args=(SMALL,))
        thread.start()
        thread.join()
        before = processes(pool)
        time.sleep(0.2)
        pool.typeset(SMALL)
        assert processes(pool) == before


def test_when_the_program_is_killed_its_processes_end_and_leave_nothing(tmp_path: Path) -> None:
    program = textwrap.dedent("""
        from concurrent.futures import ThreadPoolExecutor
        from pilotkit.documents.typesetting import Typesetter
        from tests.integration.documents.samples import page, sheet
        pool = Typesetter(processes=2, seconds=100, megabytes=2000)
        pool.typeset(sheet(page("<h1>Small</h1>")))
        with ThreadPoolExecutor(2) as threads:
            threads.submit(pool.typeset, sheet(page("<p>word </p>" * 200_000)))
            pool.typeset(sheet(page("<h1>Small</h1>")))
            print(*(process.number for process in pool._running), flush=True)
    """)
    run = subprocess.Popen(
        [sys.executable, "-c", program],
        stdout=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).parents[3],
        env=os.environ | {"TMPDIR": str(tmp_path)},
    )
    with run:
        assert run.stdout
        numbers = run.stdout.readline().split()
        assert len(numbers) == 2
        run.kill()
    assert eventually(lambda: not any(Path(f"/proc/{number}").exists() for number in numbers))
    assert eventually(lambda: not list(tmp_path.iterdir()))


def test_a_closed_pool_leaves_no_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    with Typesetter(processes=1, seconds=30, megabytes=1000) as pool:
        pool.typeset(SMALL)
        assert list(tmp_path.iterdir())
    assert not list(tmp_path.iterdir())


def test_a_library_that_is_missing_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "weasyprint.py").write_text("raise OSError('cannot load library libpango-1.0-0')")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    with Typesetter(processes=1, seconds=30, megabytes=1000) as pool, naming(Unavailable, "libpango-1.0-0"):
        pool.typeset(SMALL)


def test_the_child_knows_no_secrets_and_loads_no_more_than_it_needs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PILOTKIT_DATABASE_URL", "postgresql://pilotkit:secret@db/pilotkit")
    with Typesetter(processes=1, seconds=30, megabytes=1000) as pool:
        pool.typeset(SMALL)
        (number,) = processes(pool)
        assert b"secret" not in Path(f"/proc/{number}/environ").read_bytes()
    listing = "import sys, pilotkit.documents.child; print(*sys.modules)"
    modules = subprocess.run([sys.executable, "-c", listing], capture_output=True, text=True, check=True).stdout.split()
    assert not {"prefect", "sqlalchemy", "typer", "pydantic"}.intersection(modules)


def test_the_pool_does_not_load_weasyprint() -> None:
    listing = "import sys, pilotkit.documents.typesetting; print(*sys.modules)"
    modules = subprocess.run([sys.executable, "-c", listing], capture_output=True, text=True, check=True).stdout.split()
    assert not {"weasyprint", "pydyf", "fontTools", "pydantic"}.intersection(modules)


def test_errors_name_the_document_in_their_values() -> None:
    """So that catalogs can translate the name as well."""
    label = message("gate record of {pilot}", pilot="P-001")
    with Typesetter(processes=1, seconds=30, megabytes=1000) as pool, pytest.raises(Refused) as refused:
        pool.typeset(Sheet("x" * (typesetting.LONGEST + 1), label, "x", SMALL.created))
    assert refused.value.what.values["document"] == label

"""`pip install` gives everything: the wheel, built through the sdist, works from any folder without the checkout."""

import os
import subprocess
import sys
import sysconfig
import tarfile
import venv
import zipfile
from collections.abc import Mapping
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).resolve().parents[2]


def run(*command: str | Path, folder: Path, environment: Mapping[str, str] = os.environ, seconds: int = 170) -> str:
    """What a command prints; a failure shows both outputs."""
    done = subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, timeout=seconds, check=False
    )
    assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"
    return done.stdout


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the sdist of the committed and new files, and the wheel that was built from that sdist."""
    folder = tmp_path_factory.mktemp("built")
    run(sys.executable, "-m", "build", "--no-isolation", "--outdir", folder, CHECKOUT, folder=folder)
    return folder


@pytest.fixture(scope="module")
def wheel(built: Path) -> Path:
    """The wheel."""
    [path] = built.glob("pilotkit-*.whl")
    return path


def files_below(folder: Path, *patterns: str) -> set[str]:
    """The files that the checkout has, relative to the folder."""
    return {
        path.relative_to(folder).as_posix()
        for pattern in patterns
        for path in folder.rglob(pattern)
        if path.is_file() and "__pycache__" not in path.parts
    }


def test_wheel_holds_what_the_checkout_holds(wheel: Path) -> None:
    inside = set(zipfile.ZipFile(wheel).namelist())
    expected = {
        "templates": {f"pilotkit/_templates/{file}" for file in files_below(CHECKOUT / "templates", "*")},
        "code": {f"pilotkit/{file}" for file in files_below(CHECKOUT / "pilotkit", "*.py")},
        "flows": {f"flows/{file}" for file in files_below(CHECKOUT / "flows", "*.py")},
        "processes": {f"pilotkit/process/{file}" for file in files_below(CHECKOUT / "pilotkit/process", "*.toml")},
        "examples": {f"pilotkit/examples/{file}" for file in files_below(CHECKOUT / "pilotkit/examples", "*")},
        "migrations": {
            f"pilotkit/db/migrations/{file}" for file in files_below(CHECKOUT / "pilotkit/db/migrations", "*.py")
        },
        "catalogs": {
            f"pilotkit/i18n/locale/{file[:-3]}.mo"
            for file in files_below(CHECKOUT / "pilotkit/i18n/locale", "pilotkit.po")
        },
    }
    assert all(expected.values()), "a kind of file is missing from the checkout itself"
    assert {kind: files - inside for kind, files in expected.items() if files - inside} == {}


def test_wheel_and_sdist_hold_nothing_else(built: Path, wheel: Path) -> None:
    def top(names: list[str]) -> set[str]:
        return {name.split("/")[0] for name in names}

    [sdist] = built.glob("pilotkit-*.tar.gz")
    name = sdist.name.removesuffix(".tar.gz")
    assert top(zipfile.ZipFile(wheel).namelist()) == {"flows", "pilotkit", f"{name}.dist-info"}
    with tarfile.open(sdist) as archive:
        packed = [member.removeprefix(f"{name}/") for member in archive.getnames()]
    assert top(packed) <= {
        ".gitignore", "CHANGELOG.md", "LICENSE", "PKG-INFO", "README.md",
        "flows", "hatch_build.py", "pilotkit", "pyproject.toml", "templates",
    }  # fmt: skip
    assert not [file for file in packed if file.endswith((".pyc", ".db"))]


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The programs of an environment that holds the wheel and, borrowed from this one, what the wheel requires."""
    folder = tmp_path_factory.mktemp("installed") / "venv"
    venv.create(folder, with_pip=False, symlinks=True)
    packages = folder / "lib" / f"python{sys.version_info.major}.{sys.version_info.minor}" / "site-packages"
    # A line of a .pth file only lengthens the path: the borrowed folder's own .pth, with the checkout, stays unread.
    (packages / "borrowed.pth").write_text(sysconfig.get_path("purelib"), encoding="utf-8")
    run(
        sys.executable, "-m", "pip", "--python", folder / "bin/python", "install",
        "--no-deps", "--no-index", "--force-reinstall", wheel, folder=folder,
    )  # fmt: skip
    return folder / "bin"


@pytest.fixture
def elsewhere(tmp_path: Path, installed: Path) -> tuple[Path, dict[str, str]]:
    """Another folder, and an environment with an empty home and nothing of this process."""
    home = tmp_path / "home"
    home.mkdir()
    work = tmp_path / "work"
    work.mkdir()
    return work, {"HOME": str(home), "PATH": f"{installed}:/usr/bin:/bin", "LANG": "C.UTF-8", "DO_NOT_TRACK": "1"}


def test_installed_package_uses_its_own_files(installed: Path, elsewhere: tuple[Path, dict[str, str]]) -> None:
    folder, environment = elsewhere
    found = run(
        installed / "python",
        "-c",
        "import flows, pilotkit\n"
        "from pilotkit import resources as r\n"
        "print(pilotkit.__file__, flows.__file__, *(p() for p in "
        "(r.templates, r.locales, r.processes, r.migrations, r.examples)), sep='\\n')",
        folder=folder,
        environment=environment,
    ).splitlines()
    assert len(found) == 7
    for path in found:
        assert Path(path).is_relative_to(installed.parent)
        assert Path(path).exists()


def test_version_and_help(installed: Path, elsewhere: tuple[Path, dict[str, str]]) -> None:
    folder, environment = elsewhere
    version = (CHECKOUT / "pilotkit/__init__.py").read_text(encoding="utf-8").split('__version__ = "')[1].split('"')[0]
    assert version in run(installed / "pilotkit", "version", folder=folder, environment=environment)
    assert "--data" in run(installed / "pilotkit", "demo", "--help", folder=folder, environment=environment)
    assert list((folder.parent / "home").iterdir()) == []


@pytest.mark.full
@pytest.mark.timeout(600)
def test_demo_runs_from_any_folder(installed: Path, elsewhere: tuple[Path, dict[str, str]]) -> None:
    folder, environment = elsewhere
    run(installed / "pilotkit", "demo", "--data", "here", folder=folder, environment=environment, seconds=580)
    assert list((folder / "here").rglob("*.pdf"))
    assert list((folder.parent / "home").iterdir()) == [], "nothing is written into the user's home"

"""The only module that looks for files that belong to pilotkit itself.

In an installed wheel the templates lie inside the package (``pilotkit/_templates``); in a checkout they lie beside it.
"""

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent


def templates() -> Path:
    """The folder of templates: ``documents/<key>/``, ``email/<name>/``, ``web/`` and the shared fonts."""
    packaged = _PACKAGE / "_templates"
    return packaged if packaged.is_dir() else _PACKAGE.parent / "templates"


def locales() -> Path:
    """The folder that holds one catalog folder per language."""
    return _PACKAGE / "i18n" / "locale"


def processes() -> Path:
    """The folder of process files that pilotkit ships."""
    return _PACKAGE / "process"


def migrations() -> Path:
    """The folder of Alembic migrations."""
    return _PACKAGE / "db" / "migrations"


def examples() -> Path:
    """The folder of example programmes that pilotkit ships."""
    return _PACKAGE / "examples"


def mappings() -> Path:
    """The folder of mapping files for tables that pilotkit knows."""
    return _PACKAGE / "exchange" / "mappings"

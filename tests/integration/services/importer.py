"""Imports the invented table in a process of its own, so that a test can kill it: ``importer.py URL``."""

import sys
from contextlib import closing
from pathlib import Path

from pilotkit.db.engine import Database
from pilotkit.exchange.joining import read
from pilotkit.exchange.mapping import load_mapping
from pilotkit.services.imports import import_candidates
from tests.factories.lab import COORDINATOR, START

FOLDER = Path(__file__).parents[2] / "data" / "import"


def main(url: str) -> None:
    table = FOLDER / "projects.csv"
    candidates = read(table, load_mapping(FOLDER / "mapping.toml")).candidates
    with closing(Database(url)) as db:
        import_candidates(db, candidates=candidates, by=COORDINATOR, at=START, source=table.name)


if __name__ == "__main__":
    main(*sys.argv[1:])

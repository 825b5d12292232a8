"""Write a migration from the difference between the models and the migrations there are.

    python -m pilotkit.db.migrations.generate WHAT           the next number: 0002_what.py
    python -m pilotkit.db.migrations.generate WHAT --again   the last one anew, as long as it is unreleased

What the difference cannot show (data to move, a column that got another name) is for you to add.
"""

import importlib
import pkgutil
import subprocess
import sys
from argparse import ArgumentParser
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Literal

from alembic.autogenerate import produce_migrations, render_python_code
from alembic.autogenerate.api import AutogenContext
from alembic.migration import MigrationContext
from alembic.operations.ops import UpgradeOps
from sqlalchemy import Connection, MetaData

from pilotkit import resources
from pilotkit.db import models, schema
from pilotkit.db.engine import Database
from pilotkit.db.models.base import Base

_OWN_TYPES = "pilotkit.db.models.base"
_FIRST_ROW = """
    head = sa.table("audit_head", sa.column("id"), sa.column("seq"), sa.column("hash"))
    op.bulk_insert(head, [{"id": 1, "seq": 0, "hash": "0" * 64}])"""
_FILE = '''"""{title}."""

import sqlalchemy as sa
from alembic import op

from pilotkit.db.models import base

revision = "{number}"
down_revision = {previous}


def upgrade() -> None:
    {body}{data}
'''


def everything() -> MetaData:
    """The tables of all models, whoever has imported them."""
    for module in pkgutil.iter_modules(models.__path__):
        importlib.import_module(f"{models.__name__}.{module.name}")
    return Base.metadata


def difference(connection: Connection) -> UpgradeOps:
    """What a database lacks, or has too much of, compared with the models."""
    context = MigrationContext.configure(
        connection, opts={"compare_type": True, "target_metadata": everything(), "render_as_batch": True}
    )
    operations = produce_migrations(context, everything()).upgrade_ops
    if operations is None:
        raise RuntimeError("Alembic compared nothing")
    return operations


def generate(what: str, *, again: bool = False) -> Path | None:
    """Write the migration.

    Args:
        what: A few words for the file's name, joined by underscores.
        again: Write the last migration anew instead of a further one.

    Returns:
        The new file, or ``None`` when models and migrations agree.
    """
    if again:
        schema.files()[-1].unlink()
    before = schema.files()
    number = f"{int(before[-1].name[:4]) + 1 if before else 1:04}"
    body = _body(upgrade_first=bool(before))
    if body is None:
        return None
    path = resources.migrations() / "versions" / f"{number}_{what}.py"
    path.write_text(
        _FILE.format(
            title=what.replace("_", " ").capitalize(),
            number=number,
            previous=f'"{before[-1].name[:4]}"' if before else None,
            body=body,
            data="" if before else _FIRST_ROW,
        ),
        encoding="utf-8",
    )
    subprocess.run([sys.executable, "-m", "ruff", "format", "--quiet", str(path)], check=True)
    return path


def _body(*, upgrade_first: bool) -> str | None:
    with TemporaryDirectory() as folder:
        database = Database(f"sqlite:///{folder}/empty.db")
        try:
            with database.upgrading() as connection:
                if upgrade_first:
                    schema.migrate(connection, "head")
                operations = difference(connection)
                if operations.is_empty():
                    return None
                code = render_python_code(operations, render_as_batch=True, render_item=_own_type)
                return "\n".join(line for line in code.splitlines() if not line.lstrip().startswith("# ###")).strip()
        finally:
            database.close()


def _own_type(kind: str, item: object, _context: AutogenContext) -> str | Literal[False]:
    if kind == "type" and type(item).__module__ == _OWN_TYPES:
        return f"base.{type(item).__name__}()"
    return False


def main() -> None:
    """Read the command line and say what was written."""
    parser = ArgumentParser(prog="python -m pilotkit.db.migrations.generate", description=__doc__)
    parser.add_argument("what", help="a few words, joined by underscores")
    parser.add_argument("--again", action="store_true", help="write the last migration anew")
    arguments = parser.parse_args()
    path = generate(arguments.what, again=arguments.again)
    sys.stdout.write(f"{path}\n" if path else "Models and migrations agree; nothing was written.\n")


if __name__ == "__main__":
    main()

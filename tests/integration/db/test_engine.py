from datetime import UTC, datetime

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from pilotkit.db.engine import Database
from pilotkit.db import audit

AT = datetime(2027, 3, 1, 9, 30, tzinfo=UTC)


def test_read_refuses(database: Database) -> None:
    with pytest.raises(DBAPIError), database.read() as session:
        session.execute(text("UPDATE audit_head SET seq = 5"))
    with database.write() as session:
        audit.record(session, at=AT, actor="a", action="b", subject="c", payload={})

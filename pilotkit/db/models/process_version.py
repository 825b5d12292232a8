"""Processes as they were loaded."""

from datetime import datetime

from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from pilotkit.db.models.base import Base
from pilotkit.db.models.keys import Key


class ProcessVersion(Base):
    """A version of a process, its text exactly as it was read; never changed, since pilots follow it."""

    __tablename__ = "process_version"
    __table_args__ = (UniqueConstraint("key", "version"),)

    id: Mapped[Key]
    key: Mapped[str]
    version: Mapped[int]
    text: Mapped[str] = mapped_column(deferred=True)  # long, and only parsing needs it
    sha256: Mapped[str]
    loaded_at: Mapped[datetime]

"""Which documents exist, from which facts, and under which hash their files lie. Earlier ones stand in the audit."""

from datetime import datetime

from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from pilotkit.db.models.base import Base
from pilotkit.db.models.keys import Key, PilotId, ProgrammeId


class Document(Base):
    """A pilot's document as last rendered; ``revision`` is the pilot's revision that it is known to be current for."""

    __tablename__ = "document"
    __table_args__ = (UniqueConstraint("pilot_id", "key", "language", "subject"),)

    id: Mapped[Key]
    pilot_id: Mapped[PilotId]
    key: Mapped[str]
    language: Mapped[str]
    subject: Mapped[str] = mapped_column(default="")
    version: Mapped[int]
    revision: Mapped[int]
    facts: Mapped[str]
    sha256: Mapped[str]
    pages: Mapped[int]
    rendered_at: Mapped[datetime]


class Book(Base):
    """A programme's book as last typeset; ``revision`` is the programme's, ``area`` empty for the whole programme."""

    __tablename__ = "book"
    __table_args__ = (UniqueConstraint("programme_id", "key", "area", "language"),)

    id: Mapped[Key]
    programme_id: Mapped[ProgrammeId]
    key: Mapped[str]
    area: Mapped[str] = mapped_column(default="")
    language: Mapped[str]
    version: Mapped[int]
    revision: Mapped[int]
    facts: Mapped[str]
    sha256: Mapped[str]
    pages: Mapped[int]
    rendered_at: Mapped[datetime]

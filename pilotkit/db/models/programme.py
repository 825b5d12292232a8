"""The programme, its action areas, and the funded project that it runs in."""

from datetime import date

from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from pilotkit.db.models.base import Amount, Base, JsonStrings, JsonTexts
from pilotkit.db.models.keys import Key, ProcessVersionId, ProgrammeId


class Programme(Base):
    """A programme. Raise ``revision`` in SQL (``revision + 1``): pilots of one programme change at the same time.

    ``process_version_id`` is the process that new pilots follow; ``next_pilot`` numbers the next pilot's code.
    """

    __tablename__ = "programme"

    id: Mapped[Key]
    key: Mapped[str] = mapped_column(unique=True)
    prefix: Mapped[str] = mapped_column(unique=True)
    title: Mapped[JsonTexts]
    vision: Mapped[JsonTexts]
    languages: Mapped[JsonStrings]
    countries: Mapped[JsonStrings]
    funding_notice: Mapped[JsonTexts]
    process_version_id: Mapped[ProcessVersionId] = mapped_column(index=True)
    example: Mapped[bool] = mapped_column(default=False)
    accent: Mapped[str] = mapped_column(default="#1f5f8b")
    zone: Mapped[str] = mapped_column(default="UTC")
    first_year: Mapped[int]
    last_year: Mapped[int]
    revision: Mapped[int] = mapped_column(default=0)
    next_pilot: Mapped[int] = mapped_column(default=1)


class ActionArea(Base):
    """A strand of a programme; ``position`` is its place in the programme's list."""

    __tablename__ = "action_area"
    __table_args__ = (UniqueConstraint("programme_id", "key"),)

    id: Mapped[Key]
    programme_id: Mapped[ProgrammeId]
    key: Mapped[str]
    position: Mapped[int]
    title: Mapped[JsonTexts]
    description: Mapped[JsonTexts]


class FundedProject(Base):
    """The grant that a programme runs in; at most one each."""

    __tablename__ = "funded_project"

    id: Mapped[Key]
    programme_id: Mapped[ProgrammeId] = mapped_column(unique=True)
    funder: Mapped[str]
    programme: Mapped[str]
    reference: Mapped[str]
    coordinator: Mapped[str]
    grant: Mapped[Amount | None]
    currency: Mapped[str]
    starts: Mapped[date | None]
    ends: Mapped[date | None]
    status: Mapped[str] = mapped_column(default="")
    call: Mapped[str] = mapped_column(default="")

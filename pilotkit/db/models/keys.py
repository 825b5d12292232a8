"""Keys: how a row is numbered, and how one refers to another.

No reference ever cascades: what is referred to cannot be deleted, on either database. A column that refers needs an
index of its own (``mapped_column(index=True)``) unless a unique constraint already begins with it.
"""

from typing import Annotated

from sqlalchemy import ForeignKey
from sqlalchemy.orm import mapped_column

Key = Annotated[int, mapped_column(primary_key=True)]
"""The row's own number."""

ProgrammeId = Annotated[int, mapped_column(ForeignKey("programme.id", ondelete="RESTRICT"))]
ProcessVersionId = Annotated[int, mapped_column(ForeignKey("process_version.id", ondelete="RESTRICT"))]
AreaId = Annotated[int, mapped_column(ForeignKey("action_area.id", ondelete="RESTRICT"))]
OrganisationId = Annotated[int, mapped_column(ForeignKey("organisation.id", ondelete="RESTRICT"))]
PersonId = Annotated[int, mapped_column(ForeignKey("person.id", ondelete="RESTRICT"))]
PilotId = Annotated[int, mapped_column(ForeignKey("pilot.id", ondelete="RESTRICT"))]
StagePassId = Annotated[int, mapped_column(ForeignKey("stage_pass.id", ondelete="RESTRICT"))]
DecisionId = Annotated[int, mapped_column(ForeignKey("decision.id", ondelete="RESTRICT"))]
ArenaId = Annotated[int, mapped_column(ForeignKey("arena.id", ondelete="RESTRICT"))]
IndicatorId = Annotated[int, mapped_column(ForeignKey("indicator.id", ondelete="RESTRICT"))]
ActionItemId = Annotated[int, mapped_column(ForeignKey("action_item.id", ondelete="RESTRICT"))]
MeetingId = Annotated[int, mapped_column(ForeignKey("meeting.id", ondelete="RESTRICT"))]

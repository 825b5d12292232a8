"""The tables: one module per aggregate; importing this package makes ``Base.metadata`` complete."""

from pilotkit.db.models.agenda import AgendaItem
from pilotkit.db.models.audit import AuditEvent, AuditHead
from pilotkit.db.models.base import Base
from pilotkit.db.models.document import Book, Document
from pilotkit.db.models.evaluation import Consolidation, Scoresheet
from pilotkit.db.models.gate import Condition, Decision, Vote
from pilotkit.db.models.handbook import EntryVersion, Lesson, Transferability
from pilotkit.db.models.implementation import ActionDependency, ActionItem, Adoption
from pilotkit.db.models.meeting import Meeting, MeetingPilot
from pilotkit.db.models.organisation import Organisation, OrganisationAlias
from pilotkit.db.models.outbox import OutboxMessage
from pilotkit.db.models.person import Membership, Person
from pilotkit.db.models.pilot import ConflictOfInterest, Partner, Pilot
from pilotkit.db.models.process_version import ProcessVersion
from pilotkit.db.models.programme import ActionArea, FundedProject, Programme
from pilotkit.db.models.stage_pass import CriterionRecord, StagePass
from pilotkit.db.models.trial import Arena, Booking, Indicator, Reading, TrialOutcome

__all__ = [
    "ActionArea",
    "ActionDependency",
    "ActionItem",
    "Adoption",
    "AgendaItem",
    "Arena",
    "AuditEvent",
    "AuditHead",
    "Base",
    "Book",
    "Booking",
    "Condition",
    "ConflictOfInterest",
    "Consolidation",
    "CriterionRecord",
    "Decision",
    "Document",
    "EntryVersion",
    "FundedProject",
    "Indicator",
    "Lesson",
    "Meeting",
    "MeetingPilot",
    "Membership",
    "Organisation",
    "OrganisationAlias",
    "OutboxMessage",
    "Partner",
    "Person",
    "Pilot",
    "ProcessVersion",
    "Programme",
    "Reading",
    "Scoresheet",
    "StagePass",
    "Transferability",
    "TrialOutcome",
    "Vote",
]

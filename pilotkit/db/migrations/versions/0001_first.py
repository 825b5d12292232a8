"""First."""

import sqlalchemy as sa
from alembic import op

from pilotkit.db.models import base

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "audit_event",
        sa.Column("seq", base.WholeNumber(), autoincrement=False, nullable=False),
        sa.Column("at", base.CheckedText(), nullable=False),
        sa.Column("actor", base.CheckedText(), nullable=False),
        sa.Column("action", base.CheckedText(), nullable=False),
        sa.Column("subject", base.CheckedText(), nullable=False),
        sa.Column("payload", base.CheckedText(), nullable=False),
        sa.Column("previous", base.CheckedText(), nullable=False),
        sa.Column("hash", base.CheckedText(), nullable=False),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_audit_event")),
    )
    with op.batch_alter_table("audit_event", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_audit_event_action"), ["action"], unique=False)
        batch_op.create_index(batch_op.f("ix_audit_event_actor"), ["actor"], unique=False)
        batch_op.create_index(batch_op.f("ix_audit_event_subject"), ["subject"], unique=False)

    op.create_table(
        "audit_head",
        sa.Column("id", base.WholeNumber(), autoincrement=False, nullable=False),
        sa.Column("seq", base.WholeNumber(), nullable=False),
        sa.Column("hash", base.CheckedText(), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_audit_head_one_row")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_head")),
    )
    op.create_table(
        "organisation",
        sa.Column("id", base.WholeNumber(), nullable=False),
        sa.Column("name", base.CheckedText(), nullable=False),
        sa.Column("folded", base.CheckedText(), nullable=False),
        sa.Column("kind", base.CheckedText(), nullable=False),
        sa.Column("country", base.CheckedText(), nullable=False),
        sa.Column("region", base.CheckedText(), nullable=False),
        sa.Column("short_name", base.CheckedText(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organisation")),
        sa.UniqueConstraint("folded", "country", name=op.f("uq_organisation_folded_country")),
    )
    op.create_table(
        "process_version",
        sa.Column("id", base.WholeNumber(), nullable=False),
        sa.Column("key", base.CheckedText(), nullable=False),
        sa.Column("version", base.WholeNumber(), nullable=False),
        sa.Column("text", base.CheckedText(), nullable=False),
        sa.Column("sha256", base.CheckedText(), nullable=False),
        sa.Column("loaded_at", base.UTCDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_process_version")),
        sa.UniqueConstraint("key", "version", name=op.f("uq_process_version_key_version")),
    )
    op.create_table(
        "organisation_alias",
        sa.Column("id", base.WholeNumber(), nullable=False),
        sa.Column("organisation_id", base.WholeNumber(), nullable=False),
        sa.Column("name", base.CheckedText(), nullable=False),
        sa.Column("folded", base.CheckedText(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_organisation_alias_organisation_id_organisation"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organisation_alias")),
        sa.UniqueConstraint("folded", "organisation_id", name=op.f("uq_organisation_alias_folded_organisation_id")),
    )
    with op.batch_alter_table("organisation_alias", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_organisation_alias_organisation_id"), ["organisation_id"], unique=False)

    op.create_table(
        "person",
        sa.Column("id", base.WholeNumber(), nullable=False),
        sa.Column("email", base.CheckedText(), nullable=False),
        sa.Column("login", base.CheckedText(), nullable=False),
        sa.Column("name", base.CheckedText(), nullable=False),
        sa.Column("organisation_id", base.WholeNumber(), nullable=True),
        sa.Column("language", base.CheckedText(), nullable=False),
        sa.Column("zone", base.CheckedText(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_person_organisation_id_organisation"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person")),
        sa.UniqueConstraint("login", name=op.f("uq_person_login")),
    )
    with op.batch_alter_table("person", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_person_organisation_id"), ["organisation_id"], unique=False)

    op.create_table(
        "programme",
        sa.Column("id", base.WholeNumber(), nullable=False),
        sa.Column("key", base.CheckedText(), nullable=False),
        sa.Column("prefix", base.CheckedText(), nullable=False),
        sa.Column("title", base.Json(), nullable=False),
        sa.Column("vision", base.Json(), nullable=False),
        sa.Column("languages", base.Json(), nullable=False),
        sa.Column("countries", base.Json(), nullable=False),
        sa.Column("funding_notice", base.Json(), nullable=False),
        sa.Column("process_version_id", base.WholeNumber(), nullable=False),
        sa.Column("example", sa.Boolean(), nullable=False),
        sa.Column("accent", base.CheckedText(), nullable=False),
        sa.Column("zone", base.CheckedText(), nullable=False),
        sa.Column("first_year", base.WholeNumber(), nullable=False),
        sa.Column("last_year", base.WholeNumber(), nullable=False),
        sa.Column("revision", base.WholeNumber(), nullable=False),
        sa.Column("next_pilot", base.WholeNumber(), nullable=False),
        sa.ForeignKeyConstraint(
            ["process_version_id"],
            ["process_version.id"],
            name=op.f("fk_programme_process_version_id_process_version"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_programme")),
        sa.UniqueConstraint("key", name=op.f("uq_programme_key")),
        sa.UniqueConstraint("prefix", name=op.f("uq_programme_prefix")),
    )
    with op.batch_alter_table("programme", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_programme_process_version_id"), ["process_version_id"], unique=False)

    op.create_table(
        "action_area",
        sa.Column("id", base.WholeNumber(), nullable=False),
        sa.Column("programme_id", base.WholeNumber(), nullable=False),
        sa.Column("key", base.CheckedText(), nullable=False),
        sa.Column("position", base.WholeNumber(), nullable=False),
        sa.Column("title", base.Json(), nullable=False),
        sa.Column("description", base.Json(), nullable=False),
        sa.ForeignKeyConstraint(
            ["programme_id"], ["programme.id"], name=op.f("fk_action_area_programme_id_programme"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_action_area")),
        sa.UniqueConstraint("programme_id", "key", name=op.f("uq_action_area_programme_id_key")),
    )
    op.create_table(
        "arena",
        sa.Column("id", base.WholeNumber(), nullable=False),
        sa.Column("programme_id", base.WholeNumber(), nullable=False),
        sa.Column("key", base.CheckedText(), nullable=False),
        sa.Column("name", base.CheckedText(), nullable=False),
        sa.Column("organisation_id", base.WholeNumber(), nullable=False),
        sa.Column("capacity", base.WholeNumber(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_arena_organisation_id_organisation"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["programme_id"], ["programme.id"], name=op.f("fk_arena_programme_id_programme"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_arena")),
        sa.UniqueConstraint("programme_id", "key", name=op.f("uq_arena_programme_id_key")),
    )
    with op.batch_alter_table("arena", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_arena_organisation_id"), ["organisation_id"], unique=False)

    op.create_table(
        "book",
        sa.Column("id", base.WholeNumber(), nullable=False),
        sa.Column("programme_id", base.WholeNumber(), nullable=False),
        sa.Column("key", base.CheckedText(), nullable=False),
        sa.Column("area", base.CheckedText(), nullable=False),
        sa.Column("language", base.CheckedText(), nullable=False),
        sa.Column("version", base.WholeNumber(), nullable=False),
        sa.Column("revision", base.WholeNumber(), nullable=False),
        sa.Column("facts", base.CheckedText(), nullable=False),
        sa.Column("sha256", base.CheckedText(), nullable=False),
        sa.Column("pages", base.WholeNumber(), nullable=False),
        sa.Column("rendered_at", base.UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["programme_id"], ["programme.id"], name=op.f("fk_book_programme_id_programme"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_book")),
        sa.UniqueConstraint(
            "programme_id", "key", "area", "language", name=op.f("uq_book_programme_id_key_area_language")
        ),
    )
    op.create_table(
        "funded_project",
        sa.Column("id", base.WholeNumber(), nullable=False),
        sa.Column("programme_id", base.WholeNumber(), nullable=False),
        sa.Column("funder", base.CheckedText(), nullable=False),
        sa.Column("programme", base.CheckedText(), nullable=False),
        sa.Column("reference", base.CheckedText(), nullable=False),
        sa.Column("coordinator", base.CheckedText(), nullable=False),
        sa.Column("grant", base.Cents(), nullable=True),
        sa.Column("currency", base.CheckedText(), nullable=False),
        sa.Column("starts", sa.Date(), nullable=True),
        sa.Column("ends", sa.Date(), nullable=True),
        sa.Column("status", base.CheckedText(), nullable=False),
        sa.Column("call", base.CheckedText(), nullable=False),
        sa.ForeignKeyConstraint(
            ["programme_id"],
            ["programme.id"],
            name=op.f("fk_funded_project_programme_id_programme"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_funded_project")),
        sa.UniqueConstraint("programme_id", name=op.f("uq_funded_project_programme_id")),
    )
    op.create_table(
        "meeting",
        sa.Column("id", base.WholeNumber(), nullable=False),
        sa.Column("programme_id", base.WholeNumber(), nullable=False),
        sa.Column("number", base.WholeNumber(), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("place", base.CheckedText(), nullable=False),
        sa.ForeignKeyConstraint(
            ["programme_id"], ["programme.id"], name=op.f("fk_meeting_programme_id_programme"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meeting")),
        sa.UniqueConstraint("programme_id", "number", name=op.f("uq_meeting_programme_id_number")),
    )
    op.create_table(
        "membership",
        sa.Column("id", base.WholeNumber(), nullable=False),
        sa.Column("programme_id", base.WholeNumber(), nullable=False),
        sa.Column("person_id", base.WholeNumber(), nullable=False),
        sa.Column("role", base.CheckedText(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_membership_person_id_person"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["programme_id"], ["programme.id"], name=op.f("fk_membership_programme_id_programme"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_membership")),
        sa.UniqueConstraint(
            "programme_id", "person_id", "role", name=op.f("uq_membership_programme_id_person_id_role")
        ),
    )
    with op.batch_alter_table("membership", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_membership_person_id"), ["person_id"], unique=False)

    op.create_table(
        "pilot",
        sa.Column("id", base.WholeNumber(), nullable=False),
        sa.Column("code", base.CheckedText(), nullable=False),
        sa.Column("programme_id", base.WholeNumber(), nullable=False),
        sa.Column("process_version_id", base.WholeNumber(), nullable=False),
        sa.Column("area_id", base.WholeNumber(), nullable=False),
        sa.Column("title", base.Json(), nullable=False),
        sa.Column("summary", base.Json(), nullable=False),
        sa.Column("problem", base.Json(), nullable=False),
        sa.Column("approach", base.Json(), nullable=False),
        sa.Column("needs", base.Json(), nullable=False),
        sa.Column("status", base.CheckedText(), nullable=False),
        sa.Column("revision", base.WholeNumber(), nullable=False),
        sa.Column("created_on", sa.Date(), nullable=False),
        sa.Column("changed_at", base.UTCDateTime(), nullable=False),
        sa.Column("archived", sa.Boolean(), nullable=False),
        sa.Column("starts", sa.Date(), nullable=True),
        sa.Column("ends", sa.Date(), nullable=True),
        sa.Column("budget", base.Cents(), nullable=True),
        sa.Column("currency", base.CheckedText(), nullable=False),
        sa.Column("coordinator_id", base.WholeNumber(), nullable=True),
        sa.Column("sponsor_id", base.WholeNumber(), nullable=True),
        sa.Column("submitter_id", base.WholeNumber(), nullable=True),
        sa.Column("source", base.CheckedText(), nullable=False),
        sa.Column("source_key", base.CheckedText(), nullable=True),
        sa.Column("version", base.WholeNumber(), nullable=False),
        sa.ForeignKeyConstraint(
            ["area_id"], ["action_area.id"], name=op.f("fk_pilot_area_id_action_area"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["coordinator_id"], ["person.id"], name=op.f("fk_pilot_coordinator_id_person"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["process_version_id"],
            ["process_version.id"],
            name=op.f("fk_pilot_process_version_id_process_version"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["programme_id"], ["programme.id"], name=op.f("fk_pilot_programme_id_programme"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["sponsor_id"], ["person.id"], name=op.f("fk_pilot_sponsor_id_person"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["submitter_id"], ["person.id"], name=op.f("fk_pilot_submitter_id_person"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pilot")),
        sa.UniqueConstraint("code", name=op.f("uq_pilot_code")),
        sa.UniqueConstraint("programme_id", "source_key", name=op.f("uq_pilot_programme_id_source_key")),
    )
    with op.batch_alter_table("pilot", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_pilot_area_id"), ["area_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_pilot_coordinator_id"), ["coordinator_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_pilot_process_version_id"), ["process_version_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_pilot_sponsor_id"), ["sponsor_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_pilot_submitter_id"), ["submitter_id"], unique=False)

    op.create_table(
        "action_item",
        sa.Column("id", base.WholeNumber(), nullable=False),
        sa.Column("pilot_id", base.WholeNumber(), nullable=False),
        sa.Column("number", base.WholeNumber(), nullable=False),
        sa.Column("title", base.Json(), nullable=False),
        sa.Column("owner_id", base.WholeNumber(), nullable=True),
        sa.Column("organisation_id", base.WholeNumber(), nullable=True),
        sa.Column("start", sa.Date(), nullable=False),
        sa.Column("due", sa.Date(), nullable=False),
        sa.Column("state", base.CheckedText(), nullable=False),
        sa.Column("percent", base.WholeNumber(), nullable=False),
        sa.Column("budget", base.Cents(), nullable=True),
        sa.Column("currency", base.CheckedText(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_action_item_organisation_id_organisation"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["owner_id"], ["person.id"], name=op.f("fk_action_item_owner_id_person"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["pilot_id"], ["pilot.id"], name=op.f("fk_action_item_pilot_id_pilot"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_action_item")),
        sa.UniqueConstraint("pilot_id", "number", name=op.f("uq_action_item_pilot_id_number")),
    )
    with op.batch_alter_table("action_item", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_action_item_organisation_id"), ["organisation_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_action_item_owner_id"), ["owner_id"], unique=False)

    op.create_table(
        "adoption",
        sa.Column("id", base.WholeNumber(), nullable=False),
        sa.Column("pilot_id", base.WholeNumber(), nullable=False),
        sa.Column("number", base.WholeNumber(), nullable=False),
        sa.Column("organisation_id", base.WholeNumber(), nullable=False),
        sa.Column("solution", base.Json(), nullable=False),
        sa.Column("adopted_on", sa.Date(), nullable=False),
        sa.Column("document", base.CheckedText(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_adoption_organisation_id_organisation"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["pilot_id"], ["pilot.id"], name=op.f("fk_adoption_pilot_id_pilot"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_adoption")),
        sa.UniqueConstraint("pilot_id", "number", name=op.f("uq_adoption_pilot_id_number")),
    )
    with op.batch_alter_table("adoption", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_adoption_organisation_id"), ["organisation_id"], unique=False)

    op.create_table(
        "agenda_item",
        sa.Column("id", base.WholeNumber(), nullable=False),
        sa.Column("key", base.CheckedText(), nullable=False),
        sa.Column("pilot_id", base.WholeNumber(), nullable=False),
        sa.Column("position", base.WholeNumber(), nullable=False),
        sa.Column("kind", base.CheckedText(), nullable=False),
        sa.Column("subject", base.CheckedText(), nullable=False),
        sa.Column("stage", base.CheckedText(), nullable=False),
        sa.Column("automatic", sa.Boolean(), nullable=False),
        sa.Column("owner_id", base.WholeNumber(), nullable=True),
        sa.Column("role", base.CheckedText(), nullable=False),
        sa.Column("title", base.Json(), nullable=False),
        sa.Column("missing", base.Json(), nullable=False),
        sa.Column("opens_on", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("command", base.CheckedText(), nullable=False),
        sa.Column("opened_at", base.UTCDateTime(), nullable=False),
        sa.Column("closed_at", base.UTCDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["owner_id"], ["person.id"], name=op.f("fk_agenda_item_owner_id_person"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["pilot_id"], ["pilot.id"], name=op.f("fk_agenda_item_pilot_id_pilot"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agenda_item")),
        sa.UniqueConstraint("key", name=op.f("uq_agenda_item_key")),
    )
    with op.batch_alter_table("agenda_item", schema=None) as batch_op:
        batch_op.create_index(
            "ix_agenda_item_due",
            ["automatic", "opens_on", "id"],
            unique=False,
            sqlite_where=sa.text("closed_at IS NULL"),
            postgresql_where=sa.text("closed_at IS NULL"),
        )
        batch_op.create_index(
            "ix_agenda_item_owner",
            ["owner_id", "due_on", "id"],
            unique=False,
            sqlite_where=sa.text("closed_at IS NULL"),
            postgresql_where=sa.text("closed_at IS NULL"),
        )
        batch_op.create_index(batch_op.f("ix_agenda_item_pilot_id"), ["pilot_id"], unique=False)

    op.create_table(
        "conflict_of_interest",
        sa.Column("id", base.WholeNumber(), nullable=False),
        sa.Column("pilot_id", base.WholeNumber(), nullable=False),
        sa.Column("person_id", base.WholeNumber(), nullable=False),
        sa.Column("declared_on", sa.Date(), nullable=False),
        sa.Column("reason", base.CheckedText(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_conflict_of_interest_person_id_person"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["pilot_id"], ["pilot.id"], name=op.f("fk_conflict_of_interest_pilot_id_pilot"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_conflict_of_interest")),
        sa.UniqueConstraint("pilot_id", "person_id", name=op.f("uq_conflict_of_interest_pilot_id_person_id")),
    )
    with op.batch_alter_table("conflict_of_interest", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_conflict_of_interest_person_id"), ["person_id"], unique=False)

    op.create_table(
        "document",
        sa.Column("id", base.WholeNumber(), nullable=False),
        sa.Column("pilot_id", base.WholeNumber(), nullable=False),
        sa.Column("key", base.CheckedText(), nullable=False),
        sa.Column("language", base.CheckedText(), nullable=False),
        sa.Column("subject", base.CheckedText(), nullable=False),
        sa.Column("version", base.WholeNumber(), nullable=False),
        sa.Column("revision", base.WholeNumber(), nullable=False),
        sa.Column("facts", base.CheckedText(), nullable=False),
        sa.Column("sha256", base.CheckedText(), nullable=False),
        sa.Column("pages", base.WholeNumber(), nullable=False),
        sa.Column("rendered_at", base.UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["pilot_id"], ["pilot.id"], name=op.f("fk_document_pilot_id_pilot"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_document")),
        sa.UniqueConstraint(
            "pilot_id", "key", "language", "subject", name=op.f("uq_document_pilot_id_key_language_subject")
        ),
    )
    op.create_table(
        "entry_version",
        sa.Column("id", base.WholeNumber(), nullable=False),
        sa.Column("pilot_id", base.WholeNumber(), nullable=False),
        sa.Column("number", base.WholeNumber(), nullable=False),
        sa.Column("kind", base.CheckedText(), nullable=False),
        sa.Column("compiled_on", sa.Date(), nullable=False),
        sa.Column("published_on", sa.Date(), nullable=True),
        sa.Column("review_on", sa.Date(), nullable=True),
        sa.Column("facts", base.CheckedText(), nullable=False),
        sa.ForeignKeyConstraint(
            ["pilot_id"], ["pilot.id"], name=op.f("fk_entry_version_pilot_id_pilot"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_entry_version")),
        sa.UniqueConstraint("pilot_id", "number", name=op.f("uq_entry_version_pilot_id_number")),
    )
    op.create_table(
        "lesson",
        sa.Column("id", base.WholeNumber(), nullable=False),
        sa.Column("pilot_id", base.WholeNumber(), nullable=False),
        sa.Column("number", base.WholeNumber(), nullable=False),
        sa.Column("kind", base.CheckedText(), nullable=False),
        sa.Column("text", base.Json(), nullable=False),
        sa.Column("learned_on", sa.Date(), nullable=False),
        sa.Column("by_id", base.WholeNumber(), nullable=True),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_lesson_by_id_person"), ondelete="RESTRICT"),
        sa.ForeignKeyConstraint(["pilot_id"], ["pilot.id"], name=op.f("fk_lesson_pilot_id_pilot"), ondelete="RESTRICT"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lesson")),
        sa.UniqueConstraint("pilot_id", "number", name=op.f("uq_lesson_pilot_id_number")),
    )
    with op.batch_alter_table("lesson", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_lesson_by_id"), ["by_id"], unique=False)

    op.create_table(
        "meeting_pilot",
        sa.Column("meeting_id", base.WholeNumber(), nullable=False),
        sa.Column("pilot_id", base.WholeNumber(), nullable=False),
        sa.Column("position", base.WholeNumber(), nullable=False),
        sa.ForeignKeyConstraint(
            ["meeting_id"], ["meeting.id"], name=op.f("fk_meeting_pilot_meeting_id_meeting"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["pilot_id"], ["pilot.id"], name=op.f("fk_meeting_pilot_pilot_id_pilot"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("meeting_id", "pilot_id", name=op.f("pk_meeting_pilot")),
    )
    with op.batch_alter_table("meeting_pilot", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_meeting_pilot_pilot_id"), ["pilot_id"], unique=False)

    op.create_table(
        "outbox_message",
        sa.Column("id", base.WholeNumber(), nullable=False),
        sa.Column("key", base.CheckedText(), nullable=False),
        sa.Column("created_at", base.UTCDateTime(), nullable=False),
        sa.Column("kind", base.CheckedText(), nullable=False),
        sa.Column("recipient_id", base.WholeNumber(), nullable=False),
        sa.Column("pilot_id", base.WholeNumber(), nullable=True),
        sa.Column("payload", base.Json(), nullable=False),
        sa.Column("state", base.CheckedText(), nullable=False),
        sa.ForeignKeyConstraint(
            ["pilot_id"], ["pilot.id"], name=op.f("fk_outbox_message_pilot_id_pilot"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["recipient_id"], ["person.id"], name=op.f("fk_outbox_message_recipient_id_person"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox_message")),
        sa.UniqueConstraint("key", name=op.f("uq_outbox_message_key")),
    )
    with op.batch_alter_table("outbox_message", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_outbox_message_pilot_id"), ["pilot_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_outbox_message_recipient_id"), ["recipient_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_outbox_message_state_id"), ["state", "id"], unique=False)

    op.create_table(
        "partner",
        sa.Column("id", base.WholeNumber(), nullable=False),
        sa.Column("pilot_id", base.WholeNumber(), nullable=False),
        sa.Column("organisation_id", base.WholeNumber(), nullable=False),
        sa.Column("role", base.CheckedText(), nullable=False),
        sa.Column("joined_on", sa.Date(), nullable=True),
        sa.Column("left_on", sa.Date(), nullable=True),
        sa.Column("budget", base.Cents(), nullable=True),
        sa.Column("currency", base.CheckedText(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_partner_organisation_id_organisation"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["pilot_id"], ["pilot.id"], name=op.f("fk_partner_pilot_id_pilot"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_partner")),
    )
    with op.batch_alter_table("partner", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_partner_organisation_id"), ["organisation_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_partner_pilot_id"), ["pilot_id"], unique=False)
        batch_op.create_index(
            "uq_partner_active",
            ["pilot_id", "organisation_id", "role"],
            unique=True,
            sqlite_where=sa.text("left_on IS NULL"),
            postgresql_where=sa.text("left_on IS NULL"),
        )

    op.create_table(
        "stage_pass",
        sa.Column("id", base.WholeNumber(), nullable=False),
        sa.Column("pilot_id", base.WholeNumber(), nullable=False),
        sa.Column("stage", base.CheckedText(), nullable=False),
        sa.Column("number", base.WholeNumber(), nullable=False),
        sa.Column("sequence", base.WholeNumber(), nullable=False),
        sa.Column("opened_on", sa.Date(), nullable=False),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.Column("void", sa.Boolean(), nullable=False),
        sa.Column("prepared_on", sa.Date(), nullable=True),
        sa.Column("panel_closed_reason", base.CheckedText(), nullable=False),
        sa.Column("started_on", sa.Date(), nullable=True),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("frozen_on", sa.Date(), nullable=True),
        sa.Column("outcomes_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["pilot_id"], ["pilot.id"], name=op.f("fk_stage_pass_pilot_id_pilot"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stage_pass")),
        sa.UniqueConstraint("pilot_id", "sequence", name=op.f("uq_stage_pass_pilot_id_sequence")),
    )
    with op.batch_alter_table("stage_pass", schema=None) as batch_op:
        batch_op.create_index(
            "uq_stage_pass_open",
            ["pilot_id"],
            unique=True,
            sqlite_where=sa.text("closed_on IS NULL AND void = 0"),
            postgresql_where=sa.text("closed_on IS NULL AND void = false"),
        )

    op.create_table(
        "transferability",
        sa.Column("id", base.WholeNumber(), nullable=False),
        sa.Column("pilot_id", base.WholeNumber(), nullable=False),
        sa.Column("organisation_id", base.WholeNumber(), nullable=False),
        sa.Column("text", base.Json(), nullable=False),
        sa.Column("judged_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_transferability_organisation_id_organisation"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["pilot_id"], ["pilot.id"], name=op.f("fk_transferability_pilot_id_pilot"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_transferability")),
        sa.UniqueConstraint("pilot_id", "organisation_id", name=op.f("uq_transferability_pilot_id_organisation_id")),
    )
    with op.batch_alter_table("transferability", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_transferability_organisation_id"), ["organisation_id"], unique=False)

    op.create_table(
        "action_dependency",
        sa.Column("after_id", base.WholeNumber(), nullable=False),
        sa.Column("before_id", base.WholeNumber(), nullable=False),
        sa.ForeignKeyConstraint(
            ["after_id"],
            ["action_item.id"],
            name=op.f("fk_action_dependency_after_id_action_item"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["before_id"],
            ["action_item.id"],
            name=op.f("fk_action_dependency_before_id_action_item"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("after_id", "before_id", name=op.f("pk_action_dependency")),
    )
    with op.batch_alter_table("action_dependency", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_action_dependency_before_id"), ["before_id"], unique=False)

    op.create_table(
        "booking",
        sa.Column("id", base.WholeNumber(), nullable=False),
        sa.Column("stage_pass_id", base.WholeNumber(), nullable=False),
        sa.Column("number", base.WholeNumber(), nullable=False),
        sa.Column("arena_id", base.WholeNumber(), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("places", base.WholeNumber(), nullable=False),
        sa.Column("state", base.CheckedText(), nullable=False),
        sa.ForeignKeyConstraint(
            ["arena_id"], ["arena.id"], name=op.f("fk_booking_arena_id_arena"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["stage_pass_id"], ["stage_pass.id"], name=op.f("fk_booking_stage_pass_id_stage_pass"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_booking")),
        sa.UniqueConstraint("stage_pass_id", "number", name=op.f("uq_booking_stage_pass_id_number")),
    )
    with op.batch_alter_table("booking", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_booking_arena_id_last_day"), ["arena_id", "last_day"], unique=False)

    op.create_table(
        "consolidation",
        sa.Column("id", base.WholeNumber(), nullable=False),
        sa.Column("stage_pass_id", base.WholeNumber(), nullable=False),
        sa.Column("consolidated_on", sa.Date(), nullable=False),
        sa.Column("means", base.Json(), nullable=False),
        sa.Column("spreads", base.Json(), nullable=False),
        sa.Column("total", base.ExactDecimal(), nullable=False),
        sa.Column("knocked_out", base.Json(), nullable=False),
        sa.Column("flagged", base.Json(), nullable=False),
        sa.Column("recommendation", base.CheckedText(), nullable=False),
        sa.ForeignKeyConstraint(
            ["stage_pass_id"],
            ["stage_pass.id"],
            name=op.f("fk_consolidation_stage_pass_id_stage_pass"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consolidation")),
        sa.UniqueConstraint("stage_pass_id", name=op.f("uq_consolidation_stage_pass_id")),
    )
    op.create_table(
        "criterion_record",
        sa.Column("id", base.WholeNumber(), nullable=False),
        sa.Column("stage_pass_id", base.WholeNumber(), nullable=False),
        sa.Column("criterion", base.CheckedText(), nullable=False),
        sa.Column("country", base.CheckedText(), nullable=False),
        sa.Column("verdict", base.CheckedText(), nullable=False),
        sa.Column("recorded_on", sa.Date(), nullable=False),
        sa.Column("by_id", base.WholeNumber(), nullable=True),
        sa.Column("evidence", base.CheckedText(), nullable=False),
        sa.Column("reason", base.CheckedText(), nullable=False),
        sa.Column("authority", base.CheckedText(), nullable=False),
        sa.ForeignKeyConstraint(
            ["by_id"], ["person.id"], name=op.f("fk_criterion_record_by_id_person"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["stage_pass_id"],
            ["stage_pass.id"],
            name=op.f("fk_criterion_record_stage_pass_id_stage_pass"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_criterion_record")),
        sa.UniqueConstraint(
            "stage_pass_id", "criterion", "country", name=op.f("uq_criterion_record_stage_pass_id_criterion_country")
        ),
    )
    with op.batch_alter_table("criterion_record", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_criterion_record_by_id"), ["by_id"], unique=False)

    op.create_table(
        "decision",
        sa.Column("id", base.WholeNumber(), nullable=False),
        sa.Column("pilot_id", base.WholeNumber(), nullable=False),
        sa.Column("stage_pass_id", base.WholeNumber(), nullable=False),
        sa.Column("round", base.WholeNumber(), nullable=False),
        sa.Column("number", base.WholeNumber(), nullable=False),
        sa.Column("outcome", base.CheckedText(), nullable=False),
        sa.Column("decided_on", sa.Date(), nullable=False),
        sa.Column("by_id", base.WholeNumber(), nullable=False),
        sa.Column("rationale", base.CheckedText(), nullable=False),
        sa.Column("recorded_at", base.UTCDateTime(), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("to_stage", base.CheckedText(), nullable=False),
        sa.Column("reverted_on", sa.Date(), nullable=True),
        sa.Column("revert_reason", base.CheckedText(), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_decision_by_id_person"), ondelete="RESTRICT"),
        sa.ForeignKeyConstraint(
            ["pilot_id"], ["pilot.id"], name=op.f("fk_decision_pilot_id_pilot"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["stage_pass_id"], ["stage_pass.id"], name=op.f("fk_decision_stage_pass_id_stage_pass"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_decision")),
        sa.UniqueConstraint("pilot_id", "number", name=op.f("uq_decision_pilot_id_number")),
        sa.UniqueConstraint("stage_pass_id", "round", name=op.f("uq_decision_stage_pass_id_round")),
    )
    with op.batch_alter_table("decision", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_decision_by_id"), ["by_id"], unique=False)

    op.create_table(
        "indicator",
        sa.Column("id", base.WholeNumber(), nullable=False),
        sa.Column("stage_pass_id", base.WholeNumber(), nullable=False),
        sa.Column("key", base.CheckedText(), nullable=False),
        sa.Column("title", base.Json(), nullable=False),
        sa.Column("unit", base.CheckedText(), nullable=False),
        sa.Column("measure", base.CheckedText(), nullable=False),
        sa.Column("direction", base.CheckedText(), nullable=False),
        sa.Column("target", base.ExactDecimal(), nullable=False),
        sa.Column("frozen_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["stage_pass_id"],
            ["stage_pass.id"],
            name=op.f("fk_indicator_stage_pass_id_stage_pass"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_indicator")),
        sa.UniqueConstraint("stage_pass_id", "key", name=op.f("uq_indicator_stage_pass_id_key")),
    )
    op.create_table(
        "scoresheet",
        sa.Column("id", base.WholeNumber(), nullable=False),
        sa.Column("stage_pass_id", base.WholeNumber(), nullable=False),
        sa.Column("evaluator_id", base.WholeNumber(), nullable=False),
        sa.Column("invited_on", sa.Date(), nullable=False),
        sa.Column("submitted_on", sa.Date(), nullable=True),
        sa.Column("withdrawn", sa.Boolean(), nullable=False),
        sa.Column("scores", base.Json(), nullable=False),
        sa.Column("remarks", base.Json(), nullable=False),
        sa.Column("pros", base.CheckedText(), nullable=False),
        sa.Column("cons", base.CheckedText(), nullable=False),
        sa.ForeignKeyConstraint(
            ["evaluator_id"], ["person.id"], name=op.f("fk_scoresheet_evaluator_id_person"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["stage_pass_id"],
            ["stage_pass.id"],
            name=op.f("fk_scoresheet_stage_pass_id_stage_pass"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_scoresheet")),
        sa.UniqueConstraint("stage_pass_id", "evaluator_id", name=op.f("uq_scoresheet_stage_pass_id_evaluator_id")),
    )
    with op.batch_alter_table("scoresheet", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_scoresheet_evaluator_id"), ["evaluator_id"], unique=False)

    op.create_table(
        "vote",
        sa.Column("id", base.WholeNumber(), nullable=False),
        sa.Column("stage_pass_id", base.WholeNumber(), nullable=False),
        sa.Column("round", base.WholeNumber(), nullable=False),
        sa.Column("person_id", base.WholeNumber(), nullable=False),
        sa.Column("outcome", base.CheckedText(), nullable=False),
        sa.Column("voted_on", sa.Date(), nullable=False),
        sa.Column("recorded_by_id", base.WholeNumber(), nullable=False),
        sa.Column("meeting", base.CheckedText(), nullable=False),
        sa.Column("remark", base.CheckedText(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_vote_person_id_person"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["recorded_by_id"], ["person.id"], name=op.f("fk_vote_recorded_by_id_person"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["stage_pass_id"], ["stage_pass.id"], name=op.f("fk_vote_stage_pass_id_stage_pass"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_vote")),
        sa.UniqueConstraint("stage_pass_id", "round", "person_id", name=op.f("uq_vote_stage_pass_id_round_person_id")),
    )
    with op.batch_alter_table("vote", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_vote_person_id"), ["person_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_vote_recorded_by_id"), ["recorded_by_id"], unique=False)

    op.create_table(
        "condition",
        sa.Column("id", base.WholeNumber(), nullable=False),
        sa.Column("pilot_id", base.WholeNumber(), nullable=False),
        sa.Column("decision_id", base.WholeNumber(), nullable=False),
        sa.Column("number", base.WholeNumber(), nullable=False),
        sa.Column("text", base.CheckedText(), nullable=False),
        sa.Column("owner_id", base.WholeNumber(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("due_stage", base.CheckedText(), nullable=False),
        sa.Column("state", base.CheckedText(), nullable=False),
        sa.Column("evidence", base.CheckedText(), nullable=False),
        sa.Column("reason", base.CheckedText(), nullable=False),
        sa.Column("settled_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["decision_id"], ["decision.id"], name=op.f("fk_condition_decision_id_decision"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["owner_id"], ["person.id"], name=op.f("fk_condition_owner_id_person"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["pilot_id"], ["pilot.id"], name=op.f("fk_condition_pilot_id_pilot"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_condition")),
        sa.UniqueConstraint("pilot_id", "number", name=op.f("uq_condition_pilot_id_number")),
    )
    with op.batch_alter_table("condition", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_condition_decision_id"), ["decision_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_condition_owner_id"), ["owner_id"], unique=False)

    op.create_table(
        "reading",
        sa.Column("id", base.WholeNumber(), nullable=False),
        sa.Column("indicator_id", base.WholeNumber(), nullable=False),
        sa.Column("baseline", sa.Boolean(), nullable=False),
        sa.Column("read_on", sa.Date(), nullable=False),
        sa.Column("source", base.CheckedText(), nullable=False),
        sa.Column("value", base.ExactDecimal(), nullable=False),
        sa.Column("numerator", base.WholeNumber(), nullable=True),
        sa.Column("denominator", base.WholeNumber(), nullable=True),
        sa.Column("n", base.WholeNumber(), nullable=True),
        sa.Column("deviation", base.ExactDecimal(), nullable=True),
        sa.Column("events", base.WholeNumber(), nullable=True),
        sa.Column("exposure", base.ExactDecimal(), nullable=True),
        sa.ForeignKeyConstraint(
            ["indicator_id"], ["indicator.id"], name=op.f("fk_reading_indicator_id_indicator"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reading")),
    )
    with op.batch_alter_table("reading", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_reading_indicator_id"), ["indicator_id"], unique=False)
        batch_op.create_index(
            "uq_reading_baseline",
            ["indicator_id"],
            unique=True,
            sqlite_where=sa.text("baseline = 1"),
            postgresql_where=sa.text("baseline = true"),
        )

    op.create_table(
        "trial_outcome",
        sa.Column("id", base.WholeNumber(), nullable=False),
        sa.Column("stage_pass_id", base.WholeNumber(), nullable=False),
        sa.Column("indicator_id", base.WholeNumber(), nullable=False),
        sa.Column("result", base.CheckedText(), nullable=False),
        sa.Column("change", base.ExactDecimal(), nullable=True),
        sa.Column("low", base.ExactDecimal(), nullable=True),
        sa.Column("high", base.ExactDecimal(), nullable=True),
        sa.Column("note", base.CheckedText(), nullable=False),
        sa.ForeignKeyConstraint(
            ["indicator_id"],
            ["indicator.id"],
            name=op.f("fk_trial_outcome_indicator_id_indicator"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["stage_pass_id"],
            ["stage_pass.id"],
            name=op.f("fk_trial_outcome_stage_pass_id_stage_pass"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_trial_outcome")),
        sa.UniqueConstraint("indicator_id", name=op.f("uq_trial_outcome_indicator_id")),
    )
    with op.batch_alter_table("trial_outcome", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_trial_outcome_stage_pass_id"), ["stage_pass_id"], unique=False)
    head = sa.table("audit_head", sa.column("id"), sa.column("seq"), sa.column("hash"))
    op.bulk_insert(head, [{"id": 1, "seq": 0, "hash": "0" * 64}])

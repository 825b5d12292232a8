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
    head = sa.table("audit_head", sa.column("id"), sa.column("seq"), sa.column("hash"))
    op.bulk_insert(head, [{"id": 1, "seq": 0, "hash": "0" * 64}])

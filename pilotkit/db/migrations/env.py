"""How Alembic runs a migration: in the transaction that ``pilotkit.db.schema.upgrade`` holds, all or none."""

from alembic import context

from pilotkit.faults import kill_point

context.configure(
    connection=context.config.attributes["connection"],
    transactional_ddl=True,
    render_as_batch=True,
    on_version_apply=lambda **_: kill_point("migration.after"),
)
with context.begin_transaction():
    context.run_migrations()

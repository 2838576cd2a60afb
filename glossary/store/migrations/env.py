"""Alembic's environment: runs the migrations on the connection `open_store` gives, inside its transaction."""

from alembic import context

from glossary.store.schema import VERSION_TABLE, metadata

if hasattr(context, "config"):  # false when something only imports the module
    context.configure(
        connection=context.config.attributes["connection"],
        target_metadata=metadata,
        version_table=VERSION_TABLE,
        transactional_ddl=True,
        render_as_batch=True,
    )
    context.run_migrations()

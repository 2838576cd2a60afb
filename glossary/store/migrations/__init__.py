"""Alembic migrations, run by `open_store` and by nothing else."""

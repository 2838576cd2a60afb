"""Work in progress: changes of alignments, background jobs."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    op.create_table(
        "alignment_log",
        sa.Column("bitext_id", TEXT, primary_key=True),
        *(sa.Column(name, TEXT, nullable=False) for name in ("texts", "base", "edits")),
        *(sa.Column(name, sa.Integer, nullable=False) for name in ("done", "version")),
    )
    op.create_table(
        "job",
        sa.Column("id", TEXT, primary_key=True),
        *(sa.Column(name, TEXT, nullable=False) for name in ("kind", "state", "who", "created", "changed")),
        sa.Column("arguments", sa.JSON, nullable=False),
        sa.Column("step", TEXT, nullable=False),
        sa.Column("progress", sa.Float, nullable=False),
        *(sa.Column(name, TEXT, nullable=False) for name in ("message", "result", "worker")),
    )
    op.create_index("ix_job_state", "job", ["state", "created"])

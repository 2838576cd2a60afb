"""On SQLite the rank of a search key is the row id of its table, so that keys of neighbouring ranks stand together.

The index of terms by key holds all that a search tells of a term.
"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    if op.get_bind().dialect.name != "sqlite":
        return
    op.drop_index("ix_search_key", "search_key")
    op.rename_table("search_key", "old_search_key")
    op.create_table(
        "search_key",
        sa.Column("rank", sa.Integer, primary_key=True, autoincrement=False),
        *(sa.Column(name, sa.Text, nullable=False) for name in ("key", "pinyin", "jyutping")),
    )
    columns = "rank, key, pinyin, jyutping"
    op.execute(f"INSERT INTO search_key ({columns}) SELECT {columns} FROM old_search_key ORDER BY rank")
    op.create_index("ix_search_key", "search_key", ["key"], unique=True)
    op.drop_table("old_search_key")
    op.drop_index("ix_term_key", "term")
    told = ["review_state", "lang", "concept_id", "term", "origin"]
    op.create_index("ix_term_key", "term", ["key", "score", "id", *told])


def downgrade() -> None:
    raise NotImplementedError("stores are not taken back; restore a copy")

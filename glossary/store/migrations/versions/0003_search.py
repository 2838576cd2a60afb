"""The search index: one row a key, its pieces in FTS5 or a GIN index. It is filled by 0006."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    op.create_table(
        "search_key",
        sa.Column("rank", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("key", TEXT, nullable=False),
        sa.Column("pinyin", TEXT, nullable=False),
        sa.Column("jyutping", TEXT, nullable=False),
    )
    op.create_index("ix_search_key", "search_key", ["key"], unique=True)
    if op.get_bind().dialect.name == "sqlite":
        op.execute("DROP TABLE term_search")
        op.execute(
            "CREATE VIRTUAL TABLE search_gram USING fts5(grams, content = '', detail = none, tokenize = 'ascii')"
        )
    else:
        op.execute("ALTER TABLE search_key ADD COLUMN grams tsvector NOT NULL")
        op.execute("CREATE INDEX ix_search_gram ON search_key USING gin (grams) WITH (fastupdate = off)")


def downgrade() -> None:
    raise NotImplementedError("stores are not taken back; restore a copy")

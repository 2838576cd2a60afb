"""People who log in: accounts, wrong passwords, sessions, tokens, what accounts did."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0002"
branch_labels = None
depends_on = None

TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def _texts(*names: str) -> list[sa.Column[str]]:
    return [sa.Column(name, TEXT, nullable=False) for name in names]


def _account() -> sa.Column[str]:
    return sa.Column("account", TEXT, sa.ForeignKey("account.name", ondelete="CASCADE"), nullable=False)


def upgrade() -> None:
    op.create_table(
        "account", sa.Column("name", TEXT, primary_key=True), *_texts("password", "role", "languages", "created")
    )
    op.create_table(
        "account_failure",
        sa.Column("name", TEXT, primary_key=True),
        sa.Column("failures", sa.Integer, nullable=False),
        *_texts("until"),
    )
    op.create_table(
        "account_session", sa.Column("key", TEXT, primary_key=True), _account(), *_texts("created", "expires")
    )
    op.create_index("ix_account_session_account", "account_session", ["account"])
    op.create_table(
        "account_token",
        sa.Column("key", TEXT, primary_key=True),
        _account(),
        *_texts("label", "scopes", "created", "used"),
    )
    op.create_index("ix_account_token_account", "account_token", ["account"])
    op.create_table(
        "audit",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
        *_texts("when", "who", "what", "about", "address"),
    )


def downgrade() -> None:
    for table in ("audit", "account_token", "account_session", "account_failure", "account"):
        op.drop_table(table)

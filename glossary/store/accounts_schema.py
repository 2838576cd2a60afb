"""The tables of people who log in; they know nothing of entries.

account            name, hash of the password, role, languages
account_failure    wrong passwords in a row, of any name that was tried, and locks that admins made
account_session    who is logged in, by the SHA-256 of the cookie
account_token      tokens of the API, by their SHA-256
audit              what accounts did
"""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Index, Integer, Table

from glossary.store.schema import TEXT, _texts, metadata


def _account() -> Column[str]:
    return Column("account", TEXT, ForeignKey("account.name", ondelete="CASCADE"), nullable=False)


account = Table(
    "account",
    metadata,
    Column("name", TEXT, primary_key=True),
    *_texts("password", "role", "languages", "created"),
)

failure = Table(
    "account_failure",
    metadata,
    Column("name", TEXT, primary_key=True),
    Column("failures", Integer, nullable=False),
    *_texts("until"),
)

session = Table(
    "account_session",
    metadata,
    Column("key", TEXT, primary_key=True),
    _account(),
    *_texts("created", "expires"),
    Index("ix_account_session_account", "account"),
)

token = Table(
    "account_token",
    metadata,
    Column("key", TEXT, primary_key=True),
    _account(),
    *_texts("label", "scopes", "created", "used"),
    Index("ix_account_token_account", "account"),
)

audit = Table(
    "audit",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    *_texts("when", "who", "what", "about", "address"),
)

"""On SQLite the rank of a search key is the row id of its table, so that keys of neighbouring ranks stand together.

The index of terms by key holds all that a search tells of a term. On both databases, further readings of a key with a
number lose the tone that was left in their tokens: 重庆2024 was `zunghing32024` where people type `zunghing2024`.
SQLite's index of pieces becomes one segment, as after a large import.
"""

from collections.abc import Iterator

import sqlalchemy as sa
from alembic import op

from glossary.readings import initials, toneless
from glossary.store.search_grams import JYUTPING, JYUTPING_INITIALS, PINYIN, PINYIN_INITIALS, tokens_of
from glossary.store.search_index import Indexed

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

AT_ONCE = 5_000

SEVERAL_READINGS = sa.text(
    "SELECT rank, key, pinyin, jyutping FROM search_key "
    "WHERE rank > :last AND (pinyin LIKE '%|%' OR jyutping LIKE '%|%') ORDER BY rank LIMIT :limit"
)
DROP_FTS5 = "INSERT INTO search_gram (search_gram, rowid, grams) VALUES ('delete', ?, ?)"
ADD_FTS5 = "INSERT INTO search_gram (rowid, grams) VALUES (?, ?)"
HOLDS = "SELECT 1 FROM search_gram WHERE search_gram MATCH ? AND rowid = ?"
SET_TSVECTOR = sa.text(
    "UPDATE search_key SET grams = array_to_tsvector(string_to_array(:grams, ' ')) WHERE rank = :rank"
)


def upgrade() -> None:
    bind = op.get_bind()
    if bind.dialect.name == "sqlite":
        _ranks_to_row_ids()
    _mend_readings(bind)
    if bind.dialect.name == "sqlite":
        op.execute("INSERT INTO search_gram (search_gram) VALUES ('optimize')")


def _mend_readings(bind: sa.Connection) -> None:
    """Writes the tokens anew of keys that had wrong ones; rows are read by some thousands."""
    last = -1
    while some := bind.execute(SEVERAL_READINGS, {"last": last, "limit": AT_ONCE}).all():
        last = some[-1].rank
        rows = [Indexed(r.rank, r.key, _listed(r.pinyin), _listed(r.jyutping)) for r in some]
        for row in rows:
            right, wrong = set(row.grams.split(" ")), set(_as_it_was(row))
            if right == wrong:
                continue
            if bind.dialect.name == "postgresql":
                bind.execute(SET_TSVECTOR, {"rank": row.rank, "grams": row.sized_grams})
            elif _holds(bind, row.rank, wrong - right):  # not when 0006 has just filled the index
                bind.exec_driver_sql(DROP_FTS5, (row.rank, " ".join(sorted(wrong))))
                bind.exec_driver_sql(ADD_FTS5, (row.rank, row.grams))


def _listed(readings: str) -> tuple[str, ...]:
    return tuple(readings.split("|")) if readings else ()


def _as_it_was(row: Indexed) -> Iterator[str]:
    """The tokens as they were made: further readings were joined first, so that a number hid the tone before it."""
    yield from tokens_of(row.key, row.pinyin[:1], row.jyutping[:1])
    for whole, short, readings in (
        (PINYIN, PINYIN_INITIALS, row.pinyin[1:]), (JYUTPING, JYUTPING_INITIALS, row.jyutping[1:])
    ):  # fmt: skip
        for reading in readings:
            yield whole + toneless("".join(reading.split()))
            yield short + initials(reading)


def _holds(bind: sa.Connection, rank: int, tokens: set[str]) -> bool:
    query = " AND ".join(f'"{token}"' for token in sorted(tokens))
    return bind.exec_driver_sql(HOLDS, (query, rank)).first() is not None


def _ranks_to_row_ids() -> None:
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

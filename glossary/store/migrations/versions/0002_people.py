"""A termbase people edit: more fields of terms, versions, recorded changes, and claims in place of decisions.

A decided entry becomes one that people have claimed. A term that was rejected and is no longer stored becomes a gone
term. Who decided when goes into the history, without a before and after: these were not kept.
"""

import sqlalchemy as sa
from alembic import op

from glossary.language import fold_key

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def _texts(*names: str) -> list[sa.Column[str]]:
    return [sa.Column(name, TEXT, nullable=False) for name in names]


def upgrade() -> None:
    _columns()
    _tables()
    _clock()
    _decisions()
    op.drop_table("decision")


def _columns() -> None:
    for name in ("geographical_usage", "note", "source", "pinyin", "jyutping"):
        op.add_column("term", sa.Column(name, TEXT, nullable=False, server_default=""))
    op.add_column("term", sa.Column("case_sensitive", sa.Boolean, nullable=False, server_default=sa.false()))
    op.add_column("concept", sa.Column("do_not_translate", sa.Boolean, nullable=False, server_default=sa.false()))
    op.add_column("concept", sa.Column("version", sa.Integer, nullable=False, server_default="1"))
    op.drop_index("ix_concept_order", "concept")
    op.create_index("ix_concept_order", "concept", [sa.text("score DESC"), "headword", "id"])


def _tables() -> None:
    op.create_table("claim", sa.Column("entry_id", TEXT, primary_key=True), *_texts("state", "into"))
    op.create_table(
        "gone",
        sa.Column("entry_id", TEXT, sa.ForeignKey("claim.entry_id", ondelete="CASCADE"), primary_key=True),
        sa.Column("lang", TEXT, primary_key=True),
        sa.Column("term", TEXT, primary_key=True),
        *_texts("key", "into"),
    )
    op.create_index("ix_gone_key", "gone", ["key"])
    op.create_table(
        "change",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
        *_texts("entry_id", "who", "when", "what", "group"),
        sa.Column("before", TEXT),
        sa.Column("after", TEXT),
        sa.Column("claim", TEXT),
        sa.Column("undoes", sa.Integer),
        sa.Column("version", sa.Integer, nullable=False),
    )
    op.create_index("ix_change_entry", "change", ["entry_id", "id"])
    op.create_index("ix_change_group", "change", ["group"])
    op.create_table(
        "clock",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("version", sa.Integer, nullable=False),
    )


def _clock() -> None:
    some = op.get_bind().execute(sa.text("SELECT count(*) FROM concept")).scalar_one()
    op.bulk_insert(_table("clock", "id", "version"), [{"id": 1, "version": 1 if some else 0}])


def _decisions() -> None:
    bind = op.get_bind()
    decision = _table("decision", "concept_id", "lang", "term", "review_state", "administrative_status", "who", "when")
    concept, term = _table("concept", "id"), _table("term", "concept_id", "lang", "term")
    stored = set(bind.execute(sa.select(concept.c.id)).scalars())
    terms = {tuple(row) for row in bind.execute(sa.select(term.c.concept_id, term.c.lang, term.c.term))}
    made = list(bind.execute(sa.select(decision).order_by(decision.c.when, *decision.c)).mappings())
    reopened = {("proposed", None), (None, None)}  # the machine's again
    binding = [d for d in made if (d["review_state"], d["administrative_status"]) not in reopened]
    gone = [
        {"entry_id": d["concept_id"], "lang": d["lang"], "term": d["term"], "key": fold_key(d["term"]), "into": ""}
        for d in binding
        if d["review_state"] == "rejected" and (d["concept_id"], d["lang"], d["term"]) not in terms
    ]
    claimed = {d["concept_id"] for d in binding if d["concept_id"] in stored} | {g["entry_id"] for g in gone}
    op.bulk_insert(
        _table("claim", "entry_id", "state", "into"),
        [{"entry_id": entry_id, "state": "kept", "into": ""} for entry_id in sorted(claimed)],
    )
    op.bulk_insert(_table("gone", "entry_id", "lang", "term", "key", "into"), gone)
    changes = _table("change", "id", "entry_id", "who", "when", "what", "group", "version")
    op.bulk_insert(changes, [_change(number, d) for number, d in enumerate(made, 1)])


def _change(number: int, decision: sa.RowMapping) -> dict[str, object]:
    what = "review" if decision["review_state"] else "status"
    place = {"id": number, "entry_id": decision["concept_id"], "who": decision["who"], "when": decision["when"]}
    return {**place, "what": what, "group": "", "version": 0}


def _table(name: str, *columns: str) -> sa.TableClause:
    return sa.table(name, *(sa.column(column) for column in columns))


def downgrade() -> None:
    raise NotImplementedError("going back would lose what people did")

"""An entry is one JSON text; the tables of its parts become what queries ask for. The search index is made anew.

The texts are put together from the rows of the old tables: they are what the program of then would have written.
"""

import json
from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Any

import sqlalchemy as sa
from alembic import op

from glossary.codec import dumps
from glossary.datamodel import content_id
from glossary.language import fold_key
from glossary.store.search_index import index_terms

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")

AT_ONCE = 500

Row = dict[str, Any]

TERM = (
    "term", "term_type", "part_of_speech", "administrative_status", "review_state", "origin", "conversion",
    "converted_from", "score", "provenance", "flags", "case_sensitive", "geographical_usage", "note", "source",
    "pinyin", "jyutping",
)  # fmt: skip
PROVENANCE = ("document_id", "start", "end", "rule", "score", "bitext_id", "bead", "who", "when")
CONTEXT = (
    "source", "target", "source_lang", "target_lang", "source_marks", "target_marks", "bitext_id", "bead", "uri",
    "line", "score",
)  # fmt: skip
CONCEPT = ("id", "lang_secs", "kind", "score", "contexts", "subject_field", "note", "flags", "do_not_translate")
JSON = ("flags", "definitions", "source_marks", "target_marks")
BOOLEAN = ("case_sensitive", "do_not_translate")


def upgrade() -> None:
    bind = op.get_bind()
    texts = _texts_table("old_entry", "id", "headword", "body")
    op.create_table("old_entry", *(sa.Column(c.name, TEXT) for c in texts.c), sa.Column("version", sa.Integer))
    for rows in _texts(bind):
        bind.execute(sa.insert(sa.table("old_entry", *map(sa.column, rows[0]))), rows)
    for name in ("provenance", "context", "term", "lang_sec", "concept"):
        op.drop_table(name)
    _create()
    _search(bind)
    _fill(bind)
    op.drop_table("old_entry")


def _texts(bind: sa.Connection) -> Iterator[list[Row]]:
    """What the old tables hold, an entry a row."""
    ids = bind.execute(sa.text("SELECT id FROM concept ORDER BY id")).scalars().all()
    for at in range(0, len(ids), AT_ONCE):
        some = ids[at : at + AT_ONCE]
        terms, sections, contexts = _terms(bind, some), defaultdict(list), defaultdict(list)
        for row in _rows(bind, "lang_sec", "concept_id", some, "position", "lang", "definitions"):
            parts = {"lang": row["lang"], "terms": terms[row["concept_id"], row["position"]]}
            sections[row["concept_id"]].append({**parts, "definitions": row["definitions"]})
        for row in _rows(bind, "context", "concept_id", some, "position", *CONTEXT):
            contexts[row["concept_id"]].append({name: row[name] for name in CONTEXT})
        names = [name for name in CONCEPT if name not in ("id", "lang_secs", "contexts")]
        made = []
        for row in _rows(bind, "concept", "id", some, "headword", "version", *names):
            parts = {"lang_secs": sections[row["id"]], "contexts": contexts[row["id"]]}
            body = dumps({name: row[name] if name in row else parts[name] for name in CONCEPT})
            made.append({"id": row["id"], "headword": row["headword"], "version": row["version"], "body": body})
        yield made


def _terms(bind: sa.Connection, ids: Sequence[str]) -> dict[tuple[object, object], list[Row]]:
    stored = [name for name in TERM if name != "provenance"]
    rows = _rows(bind, "term", "concept_id", ids, "section", "position", "id", *stored)
    numbers = [row["id"] for row in rows]
    proofs = defaultdict(list)
    for at in range(0, len(numbers), AT_ONCE):
        for proof in _rows(bind, "provenance", "term_id", numbers[at : at + AT_ONCE], "position", *PROVENANCE):
            proofs[proof["term_id"]].append({name: proof[name] for name in PROVENANCE})
    terms = defaultdict(list)
    for row in rows:
        made = {name: proofs[row["id"]] if name == "provenance" else row[name] for name in TERM}
        terms[row["concept_id"], row["section"]].append(made)
    return terms


def _rows(bind: sa.Connection, name: str, owner: str, owners: Sequence[object], *columns: str) -> list[Row]:
    """Rows of these owners, ordered by owner and then by the columns that say the place."""
    kinds: dict[str, Any] = {**dict.fromkeys(JSON, sa.JSON()), **dict.fromkeys(BOOLEAN, sa.Boolean())}
    table = sa.table(name, *(sa.column(c, kinds.get(c)) for c in (owner, *columns)))
    order = [table.c[owner], *(table.c[c] for c in columns if c in ("section", "position"))]
    found = bind.execute(sa.select(table).where(table.c[owner].in_(owners)).order_by(*order))
    return [dict(row) for row in found.mappings()]


def _texts_table(name: str, *columns: str) -> sa.TableClause:
    return sa.table(name, *(sa.column(column) for column in columns))


def _create() -> None:
    def texts(*names: str) -> list[sa.Column[str]]:
        return [sa.Column(name, TEXT, nullable=False) for name in names]

    def owner(*, primary: bool) -> sa.Column[str]:
        key = sa.ForeignKey("concept.id", ondelete="CASCADE")
        return sa.Column("concept_id", TEXT, key, primary_key=primary, nullable=False)

    op.create_table(
        "concept",
        sa.Column("id", TEXT, primary_key=True),
        sa.Column("score", sa.Float, nullable=False),
        *texts("headword", "digest"),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("flagged", sa.Boolean, nullable=False),
        *texts("body"),
    )
    op.create_table(
        "term",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
        owner(primary=False),
        *texts("lang", "term", "key", "administrative_status", "review_state", "origin"),
        sa.Column("score", sa.Float, nullable=False),
        sa.Column("flagged", sa.Boolean, nullable=False),
        *texts("pinyin", "jyutping"),
    )
    op.create_table("sighting", owner(primary=True), sa.Column("bitext_id", TEXT, primary_key=True))
    op.create_index("ix_concept_order", "concept", [sa.text("score DESC"), "headword", "id"])
    op.create_index("ix_term_key", "term", ["key", "score", "id"])
    op.create_index("ix_term_concept", "term", ["concept_id"])
    op.create_index("ix_term_review", "term", ["review_state", "origin", "concept_id"])


def _search(bind: sa.Connection) -> None:
    """An empty search index."""
    if bind.dialect.name == "sqlite":
        op.execute("INSERT INTO search_gram (search_gram) VALUES ('delete-all')")
    op.execute("DELETE FROM search_key")


def _fill(bind: sa.Connection) -> None:
    """The new tables from the texts, in the order of the ids."""
    old = _texts_table("old_entry", "id", "headword", "body", "version")
    number, last = 0, ""
    while some := bind.execute(sa.select(old).where(old.c.id > last).order_by(old.c.id).limit(AT_ONCE)).all():
        concepts, terms, sightings = [], [], []
        for row in some:
            entry = json.loads(row.body)
            listed = [(s["lang"], term) for s in entry["lang_secs"] for term in s["terms"]]
            made = {"id": row.id, "score": entry["score"], "headword": row.headword, "digest": content_id(row.body)}
            concepts.append({**made, "version": row.version, "flagged": bool(entry["flags"]), "body": row.body})
            for lang, term in listed:
                number += 1
                terms.append({"id": number, "lang": lang, **_term(row.id, entry["score"], term)})
            seen = {proof["bitext_id"] for _, term in listed for proof in term["provenance"]}
            sightings += [{"concept_id": row.id, "bitext_id": b} for b in sorted(seen - {""})]
        for name, rows in (("concept", concepts), ("term", terms), ("sighting", sightings)):
            if rows:
                bind.execute(sa.insert(sa.table(name, *map(sa.column, rows[0]))), rows)
        index_terms(bind, terms)
        last = some[-1].id


def _term(concept_id: str, score: float, term: Row) -> Row:
    same = ("term", "administrative_status", "review_state", "origin", "pinyin", "jyutping")
    made = {"concept_id": concept_id, "score": score, "key": fold_key(str(term["term"]))}
    return {**made, "flagged": bool(term["flags"]), **{name: term[name] for name in same}}


def downgrade() -> None:
    raise NotImplementedError("stores are not taken back; restore a copy")

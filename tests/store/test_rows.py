"""Rows reach the table whole or not at all; a name that is no column is a mistake, not a loss."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from glossary.store import Store, schema
from glossary.store.rows import insert_rows

ROW = {"concept_id": "c", "position": 0, "lang": "zh-Hant", "definitions": [{"text": "區'\"%s :x"}]}
CONCEPT = {
    "id": "c", "kind": "concept", "score": 0.5, "subject_field": "%(x)s", "note": "?", "flags": [], "headword": "h",
    "digest": "d", "do_not_translate": True, "version": 1,
}  # fmt: skip


def test_rows_come_back_as_they_were(store: Store) -> None:
    with store._engine.begin() as connection:
        insert_rows(connection, schema.concept, [CONCEPT])
        insert_rows(connection, schema.lang_sec, [ROW, {**ROW, "position": 1, "definitions": []}])
        insert_rows(connection, schema.lang_sec, [])
        (concept,) = connection.execute(select(schema.concept)).mappings()
        rows = connection.execute(select(schema.lang_sec).order_by(schema.lang_sec.c.position)).mappings().all()
    assert dict(concept) == CONCEPT
    assert [dict(row) for row in rows] == [ROW, {**ROW, "position": 1, "definitions": []}]


def test_wrong_names_are_refused(store: Store) -> None:
    with store._engine.begin() as connection:
        with pytest.raises(KeyError):
            insert_rows(connection, schema.lang_sec, [{"concept_id": "c"}])
        with pytest.raises(ValueError, match="no such column: colour"):
            insert_rows(connection, schema.concept, [{**CONCEPT, "colour": "red"}])

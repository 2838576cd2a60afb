"""Rows reach the table whole or not at all; a name that is no column is a mistake, not a loss."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from glossary.store import Store, schema
from glossary.store.rows import insert_rows

CONCEPT = {
    "id": "c", "score": 0.5, "headword": "?", "digest": "%(x)s", "version": 1, "flagged": True, "body": "區'\"%s :x",
}  # fmt: skip


def test_rows_come_back_as_they_were(store: Store) -> None:
    with store._engine.begin() as connection:
        insert_rows(connection, schema.concept, [CONCEPT, {**CONCEPT, "id": "d"}])
        insert_rows(connection, schema.concept, [])
        rows = connection.execute(select(schema.concept).order_by(schema.concept.c.id)).mappings().all()
    assert [dict(row) for row in rows] == [CONCEPT, {**CONCEPT, "id": "d"}]


def test_wrong_names_are_refused(store: Store) -> None:
    with store._engine.begin() as connection:
        with pytest.raises(KeyError):
            insert_rows(connection, schema.concept, [{"id": "c"}])
        with pytest.raises(ValueError, match="no such column: colour"):
            insert_rows(connection, schema.concept, [CONCEPT, {**CONCEPT, "colour": "red"}])

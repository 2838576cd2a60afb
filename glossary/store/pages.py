"""Entries page by page: best score first, then headword, then id. Each page is a range of an index, without a sort."""

from __future__ import annotations

from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Connection, Select, exists, select, tuple_

from glossary.datamodel import AdministrativeStatus, ConceptEntry, ReviewState
from glossary.errors import StoreError
from glossary.store import schema
from glossary.store.bodies import entry_of

ENTRIES_AT_ONCE = 500
"""Entries read in one go: a megabyte or so of text."""


class Filter(NamedTuple):
    """Which entries are wanted."""

    lang: str | None
    min_score: float
    status: AdministrativeStatus | None
    review: ReviewState | None


class Position(NamedTuple):
    """Where an entry stands in the order."""

    score: float
    headword: str
    id: str


def position_of(connection: Connection, entry_id: str) -> Position:
    """Where this entry stands. Raises: StoreError when there is none."""
    concept = schema.concept.c
    query = select(concept.score, concept.headword, concept.id).where(concept.id == entry_id)
    row = connection.execute(query).first()
    if row is None:
        raise StoreError(f"no entry {entry_id!r} to go on after")
    return Position(*row)


def read_page(
    connection: Connection, wanted: Filter, at: Position | None, limit: int | None
) -> tuple[list[ConceptEntry], Position | None]:
    """The next entries after a position, and the position to go on from, None at the end."""
    size = ENTRIES_AT_ONCE if limit is None else min(limit, ENTRIES_AT_ONCE)
    concept = schema.concept.c
    query = _wanted(wanted).order_by(concept.score.desc(), concept.headword, concept.id)
    rows: list[Any] = []
    if at is not None:  # two ranges of the index: the rest of this score, then the lower ones
        level = query.where(concept.score == at.score, tuple_(concept.headword, concept.id) > tuple_(*at[1:]))
        rows += connection.execute(level.limit(size)).all()
        query = query.where(concept.score < at.score)
    if len(rows) < size:
        rows += connection.execute(query.limit(size - len(rows))).all()
    page = [entry_of(row[3]) for row in rows]
    return page, Position(*rows[-1][:3]) if len(rows) == size else None


def _wanted(wanted: Filter) -> Select[Any]:
    concept, term = schema.concept.c, schema.term.c
    query = select(concept.score, concept.headword, concept.id, concept.body).where(concept.score >= wanted.min_score)
    conditions = []
    if wanted.lang is not None:
        conditions.append(_in_language(term.lang, wanted.lang))
    if wanted.status:
        conditions.append(term.administrative_status == wanted.status)
    if wanted.review:
        conditions.append(term.review_state == wanted.review)
    return query.where(exists().where(term.concept_id == concept.id, *conditions)) if conditions else query


def _in_language(column: ColumnElement[str], lang: str) -> ColumnElement[bool]:
    return (column == lang) | column.startswith(f"{lang}-", autoescape=True)

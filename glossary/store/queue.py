"""What waits for review: entries with an observed term nobody has decided about, best first."""

from __future__ import annotations

from typing import Any, Literal

from sqlalchemy import Connection, Select, distinct, exists, func, or_, select

from glossary.datamodel import ConceptEntry
from glossary.store import schema
from glossary.store.concepts import read_entries

Waiting = Literal["all", "flagged", "rejected"]


def read_queue(connection: Connection, which: Waiting, *, limit: int, skip: int) -> list[ConceptEntry]:
    """The entries of a part of the queue."""
    concept = schema.concept.c
    query = _wanted(which, select(concept.id)).order_by(concept.score.desc(), concept.headword, concept.id)
    ids = connection.execute(query.limit(limit).offset(skip)).scalars().all()
    return list(read_entries(connection, ids))


def count_queue(connection: Connection, which: Waiting) -> int:
    """How many entries a part of the queue has."""
    term = schema.term.c
    if which == "flagged":
        return int(connection.execute(_wanted(which, select(func.count(schema.concept.c.id)))).scalar_one())
    state = "rejected" if which == "rejected" else "proposed"
    query = select(func.count(distinct(term.concept_id))).where(term.review_state == state, term.origin == "observed")
    return int(connection.execute(query).scalar_one())


def _wanted(which: Waiting, query: Select[Any]) -> Select[Any]:
    concept, term = schema.concept.c, schema.term.c
    state = "rejected" if which == "rejected" else "proposed"
    of_it = (term.concept_id == concept.id, term.origin == "observed")
    query = query.where(exists().where(*of_it, term.review_state == state))
    if which == "flagged":
        query = query.where(or_(concept.flagged, exists().where(*of_it, term.flagged)))
    return query

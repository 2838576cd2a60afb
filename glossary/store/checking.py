"""Is a store sound? Findings with a code, each a line that says what is wrong.

| code | what is wrong | what to do |
|---|---|---|
| S101 | the database file is damaged | restore a backup |
| S102 | a row whose parent is missing | restore a backup |
| S103 | the newest version is greater than the clock's | restore a backup |
| S201 | an entry without terms | delete it |
| S202 | an entry whose rows are not what was written: edited by another program | save it again |
| S203 | an observed term without provenance | save it with a source |
| S204 | a term whose search key is not that of its form | save its entry again |
| S205 | terms and search index differ | `glossary store backup`, then `restore` |
| S301 | an entry that was deleted or merged is there | delete it again |
| S302 | an entry was merged into one that is not there | restore the other one |
| S303 | a recorded change that cannot be read | restore a backup |
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import sqlalchemy
from sqlalchemy import ColumnElement, Connection, Select, exists, func, select

from glossary.codec import from_json
from glossary.datamodel import ConceptEntry, content_id
from glossary.language import fold_key
from glossary.store import schema
from glossary.store.changes import entry_of
from glossary.store.concepts import AT_ONCE, Row, term_rows
from glossary.store.search_index import index_gaps

_MOST = 20
"""Findings of one code that are listed; the rest is counted. A choice."""


class Finding(NamedTuple):
    """Something wrong in a store: its code, and a line about it."""

    code: str
    message: str


def findings(connection: Connection) -> Iterator[Finding]:
    """What is wrong with the store; nothing for a sound one. Reads everything: minutes for a million entries."""
    for code, check in _CHECKS.items():
        count = 0
        for message in check(connection):
            count += 1
            if count <= _MOST:
                yield Finding(code, message)
        if count > _MOST:
            yield Finding(code, f"and {count - _MOST} more like these")


def _damage(connection: Connection) -> Iterator[str]:
    if connection.dialect.name == "sqlite":
        for (line,) in connection.exec_driver_sql("PRAGMA integrity_check"):
            if line != "ok":
                yield f"the database file is damaged: {line}"


def _orphans(connection: Connection) -> Iterator[str]:
    if connection.dialect.name == "sqlite":  # PostgreSQL keeps foreign keys itself
        for table, _, parent, _ in connection.exec_driver_sql("PRAGMA foreign_key_check"):
            yield f"a row of {table} belongs to no {parent}"


def _clock(connection: Connection) -> Iterator[str]:
    newest = connection.execute(select(func.max(schema.concept.c.version))).scalar() or 0
    clock = connection.execute(select(schema.clock.c.version)).scalar()
    if clock is None or newest > clock:
        yield f"the clock says {clock}, an entry has version {newest}"


def _empty(connection: Connection) -> Iterator[str]:
    concept = schema.concept.c
    for entry_id in _ids(connection, ~exists().where(schema.term.c.concept_id == concept.id)):
        yield f"entry {entry_id}: has no terms"


def _altered(connection: Connection) -> Iterator[str]:
    concept, term = schema.concept.c, schema.term
    query = select(concept.id, concept.score, concept.digest, concept.body).order_by(concept.id)
    for rows in _batches(connection, query):
        stored: dict[str, list[Row]] = {}
        of_them = term.c.concept_id.in_([row.id for row in rows])
        for found in connection.execute(select(term).where(of_them).order_by(term.c.id)).mappings():
            stored.setdefault(found["concept_id"], []).append(_without_key(dict(found)))
        for row in rows:
            entry = _decoded(row.body)
            if entry is None or content_id(row.body) != row.digest or (entry.id, entry.score) != (row.id, row.score):
                yield f"entry {row.id}: is not what was written; another program has changed it"
            elif row.id in stored and stored[row.id] != [_without_key(r) for r in term_rows(entry)]:
                yield f"entry {row.id}: its terms are filed otherwise than it has them; another program did that"


def _without_key(row: Mapping[str, object]) -> Row:
    """A row of `term` without its number, and without its key, which has a check of its own."""
    return {name: value for name, value in row.items() if name not in ("id", "key")}


def _decoded(body: str) -> ConceptEntry | None:
    """The entry of a text, None for any other text."""
    try:
        return from_json(ConceptEntry, json.loads(body))
    except ValueError:
        return None


def _unproven(connection: Connection) -> Iterator[str]:
    concept = schema.concept.c
    for rows in _batches(connection, select(concept.id, concept.body).order_by(concept.id)):
        for entry in filter(None, (_decoded(row.body) for row in rows)):
            for term in (t for s in entry.lang_secs for t in s.terms):
                if term.origin == "observed" and not term.provenance:
                    yield f"entry {entry.id}: {term.term!r} has no provenance"


def _keys(connection: Connection) -> Iterator[str]:
    term = schema.term.c
    for entry_id, form, key in _streamed(connection, select(term.concept_id, term.term, term.key).order_by(term.id)):
        if fold_key(str(form)) != key:
            yield f"entry {entry_id}: {form!r} is filed under {key!r} and cannot be found"


def _index(connection: Connection) -> Iterator[str]:
    gaps = index_gaps(connection)
    if gaps:
        yield f"{gaps} differences between the terms and the search index"


def _returned(connection: Connection) -> Iterator[str]:
    claim = schema.claim.c
    away = exists().where(claim.entry_id == schema.concept.c.id, claim.state.in_(["deleted", "merged"]))
    for entry_id in _ids(connection, away):
        yield f"entry {entry_id}: is there although it was deleted or merged"


def _lost(connection: Connection) -> Iterator[str]:
    claim, other = schema.claim.c, schema.claim.alias().c
    there = exists().where(schema.concept.c.id == claim.into) | exists().where(other.entry_id == claim.into)
    query = select(claim.entry_id, claim.into).where(claim.state == "merged", ~there)
    for entry_id, into in connection.execute(query.order_by(claim.entry_id)):
        yield f"entry {entry_id}: was merged into {into}, which is not there"


def _history(connection: Connection) -> Iterator[str]:
    change = schema.change.c
    for number, *sides in _streamed(connection, select(change.id, change.before, change.after).order_by(change.id)):
        try:
            for side in sides:
                entry_of(None if side is None else str(side))
        except ValueError as error:
            yield f"change {number}: cannot be read: {error}"


def _ids(connection: Connection, condition: ColumnElement[bool]) -> Iterator[str]:
    concept = schema.concept.c
    yield from connection.execute(select(concept.id).where(condition).order_by(concept.id)).scalars()


def _streamed(connection: Connection, query: Select[Any]) -> Iterator[tuple[object, ...]]:
    for rows in _batches(connection, query):
        yield from (tuple(row) for row in rows)


def _batches(connection: Connection, query: Select[Any]) -> Iterator[Sequence[sqlalchemy.Row[Any]]]:
    yield from connection.execution_options(yield_per=AT_ONCE).execute(query).partitions()


_CHECKS = {
    "S101": _damage, "S102": _orphans, "S103": _clock, "S201": _empty, "S202": _altered, "S203": _unproven,
    "S204": _keys, "S205": _index, "S301": _returned, "S302": _lost, "S303": _history,
}  # fmt: skip

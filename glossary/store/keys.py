"""Which entries hold which terms, many terms at a time: what an import asks before it adds anything."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sqlalchemy import Connection, select

from glossary.store import schema
from glossary.store.plain import among

_AT_ONCE = 500
"""Keys in one question: as many as entries are imported at once."""

Holder = tuple[str, str, str]  # folded key, language tag, entry id


def holders(connection: Connection, keys: Iterable[str]) -> list[Holder]:
    """The terms with one of these folded keys, rejected ones too, by entry id."""
    wanted: Sequence[str] = sorted(set(keys))
    term = schema.term.c
    found: list[Holder] = []
    for at in range(0, len(wanted), _AT_ONCE):
        some = among(connection, term.key, wanted[at : at + _AT_ONCE])
        query = select(term.key, term.lang, term.concept_id).where(some)
        found += [(row[0], row[1], row[2]) for row in connection.execute(query)]
    return sorted(found, key=lambda holder: (holder[2], holder[1], holder[0]))

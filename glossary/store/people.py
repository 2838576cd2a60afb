"""What people and imports do to entries: save, delete, merge, split, restore; each on a connection that may write."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache
from uuid import uuid4

from sqlalchemy import Connection, select

from glossary.datamodel import ConceptEntry, LangSec, Provenance, TermSec, altered
from glossary.errors import StoreError
from glossary.store import schema
from glossary.store.changes import Act, conflict, entry_of, read_claims, step, write_steps
from glossary.store.claims import Form, forms_of
from glossary.store.concepts import chunks, read_entries
from glossary.store.editing import joined, parted


def new_group() -> str:
    """A name for changes that are made by one act."""
    return uuid4().hex


def version_of(connection: Connection, entry_id: str) -> int:
    """The version of an entry, 0 when it is not stored."""
    concept = schema.concept.c
    return connection.execute(select(concept.version).where(concept.id == entry_id)).scalar() or 0


def expect(connection: Connection, entry_id: str, expected: int | None) -> int:
    """The version of an entry. Raises: StoreConflict when it is not the expected one."""
    version = version_of(connection, entry_id)
    if expected is not None and version != expected:
        raise conflict(connection, entry_id, expected, version)
    return version


def existing(connection: Connection, entry_id: str) -> ConceptEntry:
    """The entry with this id. Raises: StoreError when there is none."""
    found = next(read_entries(connection, [entry_id]), None)
    if found is None:
        raise StoreError(f"no entry {entry_id!r}; nothing was changed")
    return found


def save(connection: Connection, entry: ConceptEntry, by: Act, expected: int | None) -> int:
    """Writes one entry; its version."""
    version = expect(connection, entry.id, expected)
    before = next(read_entries(connection, [entry.id]), None)
    entry = with_authorship(entry, before, by)
    if before == entry:
        return version
    what = "add" if before is None and by.what == "edit" else ""
    was = read_claims(connection, [entry.id]).get(entry.id)
    return write_steps(connection, [step(entry.id, before, entry, was, what=what)], by)


def save_many(connection: Connection, entries: Iterable[ConceptEntry], by: Act) -> tuple[int, int, int]:
    """Writes entries some hundreds at a time; how many were added, changed and left alone.

    Raises: StoreError for two entries of one id.
    """
    added = unchanged = 0
    seen: set[str] = set()
    for some in chunks(entries):
        ids = [entry.id for entry in some]
        if len(set(ids)) < len(ids) or not seen.isdisjoint(ids):
            raise StoreError("two entries have the same id; nothing was stored")
        seen.update(ids)
        stored = {e.id: e for e in read_entries(connection, ids)}
        claims = read_claims(connection, ids)
        authored = [with_authorship(entry, stored.get(entry.id), by) for entry in some]
        steps = [step(e.id, stored.get(e.id), e, claims.get(e.id)) for e in authored if stored.get(e.id) != e]
        if steps:
            write_steps(connection, steps, by)
        added += sum(one.before is None for one in steps)
        unchanged += len(some) - len(steps)
    return added, len(seen) - added - unchanged, unchanged


def with_authorship(entry: ConceptEntry, before: ConceptEntry | None, by: Act) -> ConceptEntry:
    """The entry with provenance for observed terms that come without: what is stored, or who wrote them when."""
    if all(map(_is_signed, entry.lang_secs)):
        return entry
    known = forms_of(before)
    rule = "imported" if by.what == "import" else "written"

    def signed(lang: str, term: TermSec) -> TermSec:
        if term.provenance or term.origin != "observed":
            return term
        old = known.get((lang, term.term))
        own = old.provenance if old and old.provenance else _authorship(rule, term.score, by.who, by.when)
        return altered(term, provenance=own)

    sections = (
        s if _is_signed(s) else altered(s, terms=tuple([signed(s.lang, t) for t in s.terms])) for s in entry.lang_secs
    )
    return altered(entry, lang_secs=tuple(sections))


@lru_cache(maxsize=64)
def _authorship(rule: str, score: float, who: str, when: str) -> tuple[Provenance, ...]:
    """Who wrote terms when; one record for all terms of a score."""
    return (Provenance("", 0, 0, rule, score, who=who, when=when),)


def _is_signed(section: LangSec) -> bool:
    """True when all observed terms have provenance."""
    return all(term.provenance or term.origin != "observed" for term in section.terms)


def delete(connection: Connection, entry_id: str, by: Act, expected: int | None) -> None:
    """Takes an entry out for good."""
    expect(connection, entry_id, expected)
    before = existing(connection, entry_id)
    was = read_claims(connection, [entry_id]).get(entry_id)
    write_steps(connection, [step(entry_id, before, None, was)], by)


def merge(connection: Connection, ids: Sequence[str], by: Act) -> ConceptEntry:
    """Puts entries together into the first."""
    if len(set(ids)) < 2 or len(set(ids)) < len(ids):
        raise StoreError("a merge takes two or more different entries")
    entries = [existing(connection, entry_id) for entry_id in ids]
    claims = read_claims(connection, ids)
    result = joined(entries)
    first, *others = entries
    steps = [step(e.id, e, None, claims.get(e.id), into=first.id) for e in others]
    write_steps(connection, [*steps, step(first.id, first, result, claims.get(first.id))], by)
    return result


def split(connection: Connection, entry_id: str, forms: Iterable[Form], by: Act) -> tuple[ConceptEntry, ConceptEntry]:
    """Moves terms of an entry into a new one."""
    before = existing(connection, entry_id)
    rest, part = parted(before, forms)
    if version_of(connection, part.id):
        raise StoreError(f"entry {entry_id!r}: was split like this before, into {part.id}; merge them first")
    claims = read_claims(connection, [entry_id, part.id])
    kept = step(entry_id, before, rest, claims.get(entry_id))
    assert kept.claim is not None
    moved = {(s.lang, t.term) for s in part.lang_secs for t in s.terms}
    gone = tuple(altered(g, into=part.id) if (g.lang, g.term) in moved else g for g in kept.claim.gone)
    kept = altered(kept, claim=altered(kept.claim, gone=gone))
    write_steps(connection, [kept, step(part.id, None, part, claims.get(part.id))], by)
    return rest, part


def restore(connection: Connection, entry_id: str, change_id: int, by: Act) -> int:
    """Makes an entry what it was after a change, or before it when the change took it away."""
    change = schema.change.c
    query = select(change.before, change.after).where(change.id == change_id, change.entry_id == entry_id)
    row = connection.execute(query).first()
    if row is None or (row.before is None and row.after is None):
        raise StoreError(f"entry {entry_id!r}: change {change_id} is none of its changes, or holds no content")
    return save(connection, entry_of(row.after or row.before), by, None)  # type: ignore[arg-type]

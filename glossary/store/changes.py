"""The one way people and imports write entries: each step is recorded with what was there before, and can be undone.

    Step(before, after, claim)  --write_steps-->  rows of the entry, its claim, a row of `change`

Rebuilds write entries without steps (see sync.py): what they do follows from the documents and is not recorded.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, delete, func, select

from glossary.codec import dumps, from_json, to_json
from glossary.datamodel import Change, ConceptEntry
from glossary.errors import StoreConflict, StoreError
from glossary.language import fold_key
from glossary.store import schema
from glossary.store.bodies import body_of
from glossary.store.claims import Claim, Gone, claimed
from glossary.store.concepts import AT_ONCE, chunks, drawn, erase_entries, next_version, read_entries, write_entries
from glossary.store.plain import among
from glossary.store.rows import insert_rows


@dataclass(frozen=True, slots=True)
class Act:
    """Who does what, when; changes of one group are undone together."""

    who: str
    what: str
    group: str
    when: str


def act(who: str, what: str, group: str = "") -> Act:
    """An act of now. Raises: StoreError when nobody is named."""
    if not who.strip():
        raise StoreError("who makes this change? It is recorded; give a name")
    return Act(who, what, group, datetime.now(UTC).isoformat(timespec="seconds"))


@dataclass(frozen=True, slots=True)
class Step:
    """One entry before and after (None: not there), with its claim before and after."""

    entry_id: str
    before: ConceptEntry | None
    after: ConceptEntry | None
    was: Claim | None
    claim: Claim | None
    what: str = ""  # '' for what the act is called
    undoes: int | None = None


def step(entry_id: str, before: ConceptEntry | None, after: ConceptEntry | None, was: Claim | None, *, into: str = "",
         what: str = "") -> Step:  # fmt: skip
    """The step that makes people's `after` of `before`."""
    return Step(entry_id, before, after, was, claimed(was, before, after, into=into), what)


def write_steps(connection: Connection, steps: Sequence[Step], by: Act) -> int:
    """Writes the entries after the steps, their claims and their history; the version they have now.

    Raises: StoreError for an entry that must not enter the store.
    """
    version = next_version(connection)
    number = connection.execute(select(func.coalesce(func.max(schema.change.c.id), 0))).scalar_one()
    for at in range(0, len(steps), AT_ONCE):
        some = steps[at : at + AT_ONCE]
        entries = {s.entry_id: drawn(s.after) for s in some if s.after is not None}
        erase_entries(connection, [s.entry_id for s in some if s.before is not None])
        write_entries(connection, list(entries.values()), version=version)
        _write_claims(connection, some)
        rows = []
        for one in some:
            number += 1
            after = entries[one.entry_id].text if one.entry_id in entries else None
            rows.append({"id": number, "after": after, "version": version, **_recorded(one, by)})
        insert_rows(connection, schema.change, rows)
    return version


def _recorded(one: Step, by: Act) -> dict[str, object]:
    return {
        "entry_id": one.entry_id,
        "who": by.who,
        "when": by.when,
        "what": one.what or by.what,
        "group": by.group,
        "before": body_of(one.before) if one.before else None,
        "claim": dumps(to_json(one.was)) if one.was else None,
        "undoes": one.undoes,
    }


def _write_claims(connection: Connection, steps: Sequence[Step]) -> None:
    changed = [s for s in steps if s.claim != s.was]
    old = [s.entry_id for s in changed if s.was is not None]
    if old:
        connection.execute(delete(schema.claim).where(schema.claim.c.entry_id.in_(old)))
    claims = [(s.entry_id, s.claim) for s in changed if s.claim is not None]
    rows = [{"entry_id": entry_id, "state": c.state, "into": c.into} for entry_id, c in claims]
    gone = [
        {"entry_id": entry_id, "lang": g.lang, "term": g.term, "key": fold_key(g.term), "into": g.into}
        for entry_id, claim in claims
        for g in claim.gone
    ]
    insert_rows(connection, schema.claim, rows)
    insert_rows(connection, schema.gone, gone)


def read_claims(connection: Connection, ids: Sequence[str]) -> dict[str, Claim]:
    """The claims on those of these entries that have one."""
    claim, gone = schema.claim.c, schema.gone.c
    taken: dict[str, list[Gone]] = {}
    order = (gone.entry_id, gone.lang, gone.term)
    for row in connection.execute(select(schema.gone).where(among(connection, gone.entry_id, ids)).order_by(*order)):
        taken.setdefault(row.entry_id, []).append(Gone(row.lang, row.term, row.into))
    found = connection.execute(select(schema.claim).where(among(connection, claim.entry_id, ids)))
    return {row.entry_id: Claim(row.state, row.into, tuple(taken.get(row.entry_id, ()))) for row in found}


# history


def read_changes(connection: Connection, entry_id: str | None, *, limit: int, before: int | None) -> tuple[Change, ...]:
    """The newest changes, of one entry or all, older than the change `before`."""
    change = schema.change.c
    query = select(schema.change).order_by(change.id.desc()).limit(limit)
    if entry_id is not None:
        query = query.where(change.entry_id == entry_id)
    if before is not None:
        query = query.where(change.id < before)
    return tuple(_change(row) for row in connection.execute(query).mappings())


def _change(row: Any) -> Change:
    before, after = (entry_of(row[side]) for side in ("before", "after"))
    place = (row["id"], row["entry_id"], row["who"], row["when"], row["what"])
    return Change(*place, before, after, row["group"])


def entry_of(text: str | None) -> ConceptEntry | None:
    """The entry a column of the history holds."""
    return None if text is None else from_json(ConceptEntry, json.loads(text))


def conflict(connection: Connection, entry_id: str, expected: int, version: int) -> StoreConflict:
    """The error that says who changed the entry since the version the editor saw."""
    change = schema.change.c
    query = select(schema.change).where(change.entry_id == entry_id, change.version > expected)
    row = connection.execute(query.order_by(change.id.desc()).limit(1)).mappings().first()
    by = (
        f"{row['what']} by {row['who']} at {row['when']}, change {row['id']}" if row else "a rebuild from the documents"
    )
    return StoreConflict(
        f"entry {entry_id}: changed since you read it ({by}); it has version {version}, you saw {expected}; look again"
    )


# undoing


def undo(connection: Connection, undone: ColumnElement[bool], by: Act, *, missing: str) -> int:
    """Takes back the changes of which `undone` is true, each entry to what it was before the first of them; how many
    entries.

    Raises: StoreConflict naming the change, when an entry was changed after the newest of them; StoreError when there
        are none, or when what was there before was not kept.
    """
    columns = (schema.change.c.id, schema.change.c.entry_id)
    rows = connection.execute(select(*columns).where(undone).order_by(schema.change.c.id)).all()
    if not rows:
        raise StoreError(missing)
    oldest: dict[str, int] = {}
    newest: dict[str, int] = {}
    for row in rows:
        oldest.setdefault(row.entry_id, row.id)
        newest[row.entry_id] = row.id
    own = {row.id for row in rows}
    for some in chunks(newest.items()):
        _refuse_changed_since(connection, dict(some), own)
    for some in chunks(oldest.items()):
        query = select(schema.change).where(schema.change.c.id.in_([number for _, number in some]))
        kept = connection.execute(query).mappings().all()
        ids = [row["entry_id"] for row in kept]
        current = {e.id: e for e in read_entries(connection, ids)}
        claims = read_claims(connection, ids)
        steps = [_back(r, current.get(r["entry_id"]), claims.get(r["entry_id"])) for r in kept]
        write_steps(connection, steps, by)
    return len(oldest)


def _back(row: Any, current: ConceptEntry | None, was: Claim | None) -> Step:
    if row["before"] is None and row["after"] is None:
        raise StoreError(f"change {row['id']}: made before entries were kept in the history; it cannot be undone")
    claim = from_json(Claim, json.loads(row["claim"])) if row["claim"] else None
    return Step(row["entry_id"], current, entry_of(row["before"]), was, claim, undoes=row["id"])


def _refuse_changed_since(connection: Connection, newest: dict[str, int], own: set[int]) -> None:
    """Raises: StoreConflict for an entry with a change after these that has not itself been undone."""
    for later in _later(connection, newest):
        if later["id"] not in own:
            raise StoreConflict(
                f"entry {later['entry_id']}: changed since, by change {later['id']} ({later['what']} by {later['who']} "
                f"at {later['when']}); undo that one first, or restore the entry"
            )


def _later(connection: Connection, newest: dict[str, int]) -> Iterator[Any]:
    change = schema.change.c
    columns = (change.id, change.entry_id, change.what, change.who, change.when, change.undoes)
    query = select(*columns).where(change.entry_id.in_(list(newest)), change.id > min(newest.values()))
    back_to: dict[str, int] = {}  # an undo puts an entry back to before this change
    for row in connection.execute(query.order_by(change.id.desc())).mappings():
        entry_id, number = row["entry_id"], row["id"]
        if number <= newest[entry_id] or number >= back_to.get(entry_id, number + 1):
            continue
        if row["undoes"] is not None and row["undoes"] > newest[entry_id]:
            back_to[entry_id] = row["undoes"]
        else:
            yield row

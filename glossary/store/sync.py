"""Rebuilds: the entries become what the documents give, except where people have claimed them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from sqlalchemy import Connection, func, select

from glossary.datamodel import ConceptEntry
from glossary.errors import StoreError
from glossary.language import base_language, fold_key
from glossary.store import schema
from glossary.store.changes import read_claims
from glossary.store.claims import Claim, Form, forms_of, languages, portion, with_found, without
from glossary.store.concepts import (
    check_entry,
    chunks,
    drawn,
    erase_entries,
    next_version,
    read_entries,
    stored_digests,
    write_entries,
)


class Tally(NamedTuple):
    """How many entries a rebuild added, changed, removed and left alone."""

    added: int
    changed: int
    removed: int
    unchanged: int


@dataclass
class _Written:
    """What has been done so far."""

    seen: set[str] = field(default_factory=set)
    stay: set[str] = field(default_factory=set)
    added: set[str] = field(default_factory=set)
    changed: set[str] = field(default_factory=set)
    version: int = 0


def sync(connection: Connection, entries: Iterable[ConceptEntry]) -> Tally:
    """Makes the stored entries those given; claimed ones only gain. Some hundred entries are in memory at a time.

    Raises: StoreError for two entries of one id and for an entry that must not enter the store.
    """
    done = _Written()
    claims = connection.execute(select(func.count()).select_from(schema.claim)).scalar_one()
    for some in chunks(entries):
        for entry in some:
            check_entry(entry)
            if entry.id in done.seen:
                raise StoreError("two entries have the same id; nothing was stored")
            done.seen.add(entry.id)
        _write(connection, _claimed(connection, some) if claims else {e.id: e for e in some}, done)
    concept, claim = schema.concept.c, schema.claim.c
    machine = select(concept.id).where(concept.id.not_in(select(claim.entry_id))).order_by(concept.id)
    removed = [i for i in connection.execute(machine).scalars() if i not in done.stay]
    erase_entries(connection, removed)
    left = connection.execute(select(func.count()).select_from(schema.concept)).scalar_one()
    changed = done.changed - done.added
    return Tally(len(done.added), len(changed), len(removed), left - len(done.added) - len(changed))


def _write(connection: Connection, entries: dict[str, ConceptEntry], done: _Written) -> None:
    done.stay.update(entries)
    digests = stored_digests(connection, list(entries))
    ready = [d for d in map(drawn, entries.values()) if digests.get(d.id) != d.digest]
    if not ready:
        return
    done.version = done.version or next_version(connection)
    erase_entries(connection, [d.id for d in ready if d.id in digests])
    write_entries(connection, ready, version=done.version)
    for entry in ready:
        (done.changed if entry.id in digests else done.added).add(entry.id)


def _claimed(connection: Connection, found: Sequence[ConceptEntry]) -> dict[str, ConceptEntry]:
    """What these entries make of the store: entries to write, by id, with people's claims respected."""
    targets = _Targets(connection, found)
    result: dict[str, ConceptEntry] = {}
    for entry in found:
        for target, part in targets.of(entry):
            claim, stored = targets.claim(target), result.get(target) or targets.stored(target)
            if claim is None:
                result[target] = part
            elif claim.state == "kept" and stored is not None:
                result[target] = with_found(stored, part, claim.gone)
            elif claim.state == "kept" and (rest := without(part, claim.gone)) is not None:
                result[target] = rest
    return result


class _Targets:
    """Where what was found belongs: merged, split and renumbered entries are followed to where people put them."""

    def __init__(self, connection: Connection, found: Sequence[ConceptEntry]) -> None:
        self._connection = connection
        ids = [e.id for e in found]
        self._claims: dict[str, Claim | None] = {**dict.fromkeys(ids), **read_claims(connection, ids)}
        self._adopted = _adoptions(connection, [e for e in found if self._claims[e.id] is None])
        known = [i for i, claim in self._claims.items() if claim] + list(self._adopted.values())
        self._stored: dict[str, ConceptEntry | None] = {e.id: e for e in read_entries(connection, known)}

    def claim(self, entry_id: str) -> Claim | None:
        """The claim on an entry."""
        if entry_id not in self._claims:
            self._claims[entry_id] = read_claims(self._connection, [entry_id]).get(entry_id)
        return self._claims[entry_id]

    def stored(self, entry_id: str) -> ConceptEntry | None:
        """The entry as it is stored."""
        if entry_id not in self._stored:
            self._stored[entry_id] = next(read_entries(self._connection, [entry_id]), None)
        return self._stored[entry_id]

    def of(self, entry: ConceptEntry) -> Iterator[tuple[str, ConceptEntry]]:
        """The entries that what was found goes to, and the part of it that goes to each."""
        target = self._followed(self._adopted.get(entry.id, entry.id))
        claim = self.claim(target)
        have = forms_of(entry).keys()
        moved: dict[str, set[Form]] = {}
        for gone in claim.gone if claim and claim.state == "kept" else ():
            if gone.into and (gone.lang, gone.term) in have:
                moved.setdefault(self._followed(gone.into), set()).add((gone.lang, gone.term))
        stays, elsewhere = set(have).difference(*moved.values()), set[Form]()
        for into, forms in moved.items():
            stored = self.stored(into)
            forms |= have & forms_of(stored).keys()  # what both have, as an English term of two senses
            elsewhere |= forms
            part = portion(entry, forms, others=stays)
            if part is not None and stored is not None:
                yield into, part
        rest = portion(entry, stays, others=elsewhere) if moved else entry
        if rest is not None:
            yield target, rest

    def _followed(self, entry_id: str) -> str:
        """The entry an entry was merged into, or it itself."""
        passed = {entry_id}
        while (claim := self.claim(entry_id)) and claim.state == "merged" and claim.into not in passed:
            entry_id = claim.into
            passed.add(entry_id)
        return entry_id


def _adoptions(connection: Connection, found: Sequence[ConceptEntry]) -> dict[str, str]:
    """For entries nobody has claimed under their id: the claimed entry that is the same concept by its terms.

    A rebuild may give a concept another id (its shortest name became known), and an import has ids of its own. Same
    concept: a term of each language in common, with those that people took out.
    """
    keys = {entry.id: {(base_language(lang), fold_key(term)) for lang, term in forms_of(entry)} for entry in found}
    owners = _owners(connection, {key for pairs in keys.values() for _, key in pairs})
    adopted = {}
    for entry in found:
        shared: dict[str, set[str]] = {}
        common: Counter[str] = Counter()
        for pair in keys[entry.id]:
            for owner in owners.get(pair, ()):
                shared.setdefault(owner, set()).add(pair[0])
                common[owner] += 1
        fitting = [owner for owner, langs in shared.items() if langs == languages(entry)]
        if fitting:
            adopted[entry.id] = min(fitting, key=lambda owner: (-common[owner], owner))
    return adopted


def _owners(connection: Connection, keys: set[str]) -> dict[tuple[str, str], set[str]]:
    """The claimed entries by language and folded key of the terms they have, or had until people took them out."""
    term, gone, claim = schema.term.c, schema.gone.c, schema.claim.c
    owners: dict[tuple[str, str], set[str]] = {}
    for some in chunks(sorted(keys)):
        has = select(term.concept_id, term.lang, term.key).join_from(
            schema.term, schema.claim, claim.entry_id == term.concept_id
        )
        for query in (
            has.where(term.key.in_(some)),
            select(gone.entry_id, gone.lang, gone.key).where(gone.key.in_(some)),
        ):
            for entry_id, lang, key in connection.execute(query):
                owners.setdefault((base_language(lang), key), set()).add(entry_id)
    return owners

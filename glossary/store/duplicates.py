"""Entries that may be the same concept, and why."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from sqlalchemy import Connection, func, select

from glossary.language import base_language
from glossary.store import schema
from glossary.store.concepts import chunks

Duplicate = tuple[tuple[str, ...], str]
"""Ids of entries, in order, and what they have in common."""


@dataclass
class _Shared:
    """Entries that have a term with the same folded key in one language."""

    base: str
    ids: set[str] = field(default_factory=set)
    forms: set[tuple[str, str]] = field(default_factory=set)

    def __str__(self) -> str:
        if len({term for _, term in self.forms}) == 1:
            return f"the same {self.base} term {min(self.forms)[1]!r}"
        named = " and ".join(f"{term!r} ({lang})" for lang, term in sorted(self.forms, key=lambda f: (f[1], f[0])))
        return f"variants of one {self.base} term: {named}"


def duplicates(connection: Connection) -> Iterator[Duplicate]:
    """Entries that share a term, or a variant of it in spelling, script or region; those with the same pair first.

    Rejected terms do not count.
    """
    groups = list(_groups(connection))
    by_entry: dict[str, list[_Shared]] = defaultdict(list)
    for group in groups:
        for entry_id in group.ids:
            by_entry[entry_id].append(group)
    found: dict[tuple[str, ...], dict[str, _Shared]] = {}
    for group in groups:
        ids = tuple(sorted(group.ids))
        shared = found.setdefault(ids, {})
        for other in by_entry[ids[0]]:
            if group.ids <= other.ids:
                shared.setdefault(other.base, other)
    for ids, shared in sorted(found.items(), key=lambda item: (-len(item[1]), item[0])):
        yield ids, _reason([shared[base] for base in sorted(shared)])


def _reason(shared: Sequence[_Shared]) -> str:
    pair = "the same term pair: " if len(shared) > 1 else ""
    return pair + ", ".join(map(str, shared))


def _groups(connection: Connection) -> Iterator[_Shared]:
    term = schema.term.c
    counts = term.review_state != "rejected"
    often = select(term.key).where(counts).group_by(term.key).having(func.count(term.concept_id.distinct()) > 1)
    for keys in chunks(connection.execute(often.order_by(term.key)).scalars().all()):
        query = select(term.key, term.lang, term.term, term.concept_id).where(term.key.in_(keys), counts)
        groups: dict[tuple[str, str], _Shared] = {}
        for key, lang, form, entry_id in connection.execute(query.order_by(term.key, term.id)):
            group = groups.setdefault((key, base_language(lang)), _Shared(base_language(lang)))
            group.ids.add(entry_id)
            group.forms.add((lang, form))
        yield from (group for group in groups.values() if len(group.ids) > 1)

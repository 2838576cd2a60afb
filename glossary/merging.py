"""Entries of a file into a termbase: what is new, what is there already, where the two disagree.

    result = read("terms.tbx")
    report = import_entries(store, result.entries, policy="merge", who="Li")
    print(*report.lines(), sep="\\n")          # store.undo_group(report.group, who="Li") takes all of it back

An entry of the file is the stored one with its id, else the one that shares a term in each of two languages, else, when
one of the two has terms in one language only, the only one that shares a term. Everything else is new.

| policy | a stored entry that the file has too | where both say something else |
|---|---|---|
| merge | takes terms, definitions, notes, contexts it lacks, and values where it has the usual ones | stays, reported |
| overwrite | the same | the file's value |
| keep | stays as it is | stays |

No policy takes a term out or brings back one that a person rejected. An import is one change group, all or nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import nullcontext
from dataclasses import dataclass, field
from itertools import islice
from typing import TYPE_CHECKING, Literal, get_args

from glossary.datamodel import ConceptEntry, altered, content_id
from glossary.errors import ExchangeError, unknown
from glossary.joining import Policy, difference, joined
from glossary.language import base_language, fold_key

if TYPE_CHECKING:
    from glossary.store import Store

Action = Literal["added", "changed", "skipped", "conflict"]
Key = tuple[str, str]  # primary language, folded term

POLICIES: tuple[Policy, ...] = get_args(Policy)
_AT_ONCE = 500
"""Entries matched and written together: some megabytes."""
_MOST_CANDIDATES = 50
"""Stored entries that share a term and are looked at more closely: homonyms of one word are a handful."""
_SIGNS = {"added": "+", "changed": "~", "skipped": "=", "conflict": "!"}


@dataclass(frozen=True, slots=True)
class Item:
    """What became of one entry of the file, and why."""

    action: Action
    entry_id: str
    label: str
    reason: str


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What an import did, or with dry_run would do. An entry with conflicts has an item more for each."""

    items: tuple[Item, ...] = ()
    dry_run: bool = False
    group: str = ""  # for Store.undo_group; '' when nothing was written

    def of(self, action: Action) -> tuple[Item, ...]:
        """The items of one kind."""
        return tuple(item for item in self.items if item.action == action)

    @property
    def added(self) -> tuple[Item, ...]:
        """Entries that were not there."""
        return self.of("added")

    @property
    def changed(self) -> tuple[Item, ...]:
        """Stored entries that took something from the file."""
        return self.of("changed")

    @property
    def skipped(self) -> tuple[Item, ...]:
        """Entries of the file that changed nothing."""
        return self.of("skipped")

    @property
    def conflicts(self) -> tuple[Item, ...]:
        """Where the file and the termbase disagree, and which of them it is now."""
        return self.of("conflict")

    def summary(self) -> str:
        """One line of counts."""
        made = ", ".join(
            f"{len(self.of(action))} {'conflicts' if action == 'conflict' else action}" for action in get_args(Action)
        )
        return f"{'would be: ' if self.dry_run else ''}{made}"

    def lines(self) -> Iterator[str]:
        """The difference, a line an item: + added, ~ changed, ! conflict; then the summary."""
        for item in self.items:
            if item.action != "skipped":
                yield f"{_SIGNS[item.action]} {item.entry_id} {item.label}: {item.reason}"
        yield self.summary()


@dataclass(slots=True)
class _Import:
    """An import while it runs. `pending` holds results that are not in the store: of this chunk, or of a dry run."""

    store: Store
    policy: Policy
    dry_run: bool
    who: str
    items: list[Item] = field(default_factory=list)
    pending: dict[str, ConceptEntry] = field(default_factory=dict)
    unsaved: dict[str, ConceptEntry] = field(default_factory=dict)
    holders: dict[Key, set[str]] = field(default_factory=dict)
    group: str = ""


def import_entries(
    store: Store, entries: Iterable[ConceptEntry], *, policy: str = "merge", dry_run: bool = False, who: str
) -> ImportReport:
    """Puts entries into a termbase and says what became of each; with `dry_run` it only says so.

    Raises: ExchangeError for an unknown policy and whatever `entries` raises; StoreError. Then nothing is written.
    """
    if policy not in POLICIES:
        raise ExchangeError(unknown("policy", policy, POLICIES))
    running = _Import(store, policy, dry_run, who)
    source = iter(entries)
    with nullcontext() if dry_run else store.together():
        while some := list(islice(source, _AT_ONCE)):
            _take(running, some)
    return ImportReport(tuple(running.items), dry_run, running.group)


def _take(running: _Import, some: list[ConceptEntry]) -> None:
    """One chunk: ask the store once for all ids and terms in it, decide entry by entry, write the results."""
    keys = [_keys(entry) for entry in some]
    found = running.holders if running.dry_run else {}
    for key, lang, entry_id in running.store.holders({key for own in keys for _, key in own}):
        found.setdefault((base_language(lang), key), set()).add(entry_id)
    running.holders = found
    ids = {i for entry in some for i in (entry.id, _made_id(entry)) if i}
    stored = {e.id: e for e in running.store.entries_of(sorted(ids | _shared(keys, found)))}
    for entry, own in zip(some, keys, strict=True):
        _place(running, entry, own, stored)
    if not running.dry_run:
        if running.unsaved:
            changes = running.store.save_many(running.unsaved.values(), who=running.who, group=running.group)
            running.group = changes.group
        running.pending.clear()
    running.unsaved.clear()


def _keys(entry: ConceptEntry) -> set[Key]:
    return {(base_language(s.lang), fold_key(t.term)) for s in entry.lang_secs for t in s.terms}


def _shared(keys: Iterable[set[Key]], found: dict[Key, set[str]]) -> set[str]:
    """Ids of stored entries that share a term with one of these: a few of each, the best first."""
    return {entry_id for own in keys for entry_id in _candidates(own, found)}


def _candidates(keys: set[Key], found: dict[Key, set[str]]) -> list[str]:
    """Ids of entries that share terms, most languages first, then most terms."""
    languages: dict[str, set[str]] = {}
    count: dict[str, int] = {}
    for lang, key in keys:
        for entry_id in found.get((lang, key), ()):
            languages.setdefault(entry_id, set()).add(lang)
            count[entry_id] = count.get(entry_id, 0) + 1
    return sorted(count, key=lambda i: (-len(languages[i]), -count[i], i))[:_MOST_CANDIDATES]


def _place(running: _Import, entry: ConceptEntry, keys: set[Key], stored: dict[str, ConceptEntry]) -> None:
    """Adds an entry or joins it with the stored one it matches."""
    known = _Known(stored, running.pending)
    match, reason, doubts = _match(entry, keys, known, running.holders)
    label = _label(entry)
    if match is None:
        free = _free_id(entry, known)
        entry = entry if entry.id == free else altered(entry, id=free)
        running.items.append(Item("added", entry.id, label, reason))
        running.items += [Item("conflict", entry.id, label, doubt) for doubt in doubts]
        _keep(running, entry, keys)
        return
    running.items += [Item("conflict", match.id, label, doubt) for doubt in doubts]
    if running.policy == "keep":
        same = not difference(match, joined(match, entry, "merge")[0])
        why = "nothing new" if same else "the stored entry is kept"
        running.items.append(Item("skipped", match.id, label, f"{reason}; {why}"))
        return
    result, conflicts = joined(match, entry, running.policy)
    running.items += [Item("conflict", match.id, label, conflict) for conflict in conflicts]
    changes = difference(match, result)
    if not changes:
        running.items.append(Item("skipped", match.id, label, f"{reason}; nothing new"))
        return
    running.items.append(Item("changed", match.id, label, f"{reason}; {'; '.join(changes)}"))
    _keep(running, result, keys)


def _keep(running: _Import, entry: ConceptEntry, keys: set[Key]) -> None:
    running.pending[entry.id] = running.unsaved[entry.id] = entry
    for key in keys:
        running.holders.setdefault(key, set()).add(entry.id)


@dataclass(frozen=True, slots=True)
class _Known:
    """Entries as they are now: results of this import before what the store has."""

    stored: dict[str, ConceptEntry]
    pending: dict[str, ConceptEntry]

    def get(self, entry_id: str) -> ConceptEntry | None:
        return self.pending.get(entry_id) or self.stored.get(entry_id)


def _match(
    entry: ConceptEntry, keys: set[Key], known: _Known, found: dict[Key, set[str]]
) -> tuple[ConceptEntry | None, str, tuple[str, ...]]:
    """The stored entry that an entry of the file is, the reason, and what is doubtful about it."""
    doubts: tuple[str, ...] = ()
    by_id = known.get(entry.id) if entry.id else None
    if by_id is not None:
        if _is_content_id(entry.id) or _keys(by_id) & keys:
            return by_id, "same id", ()
        doubts = (f"the id {entry.id} belongs to another entry here ({_label(by_id)}); the file's got a new one",)
    near = [e for i in _candidates(keys, found) if (e := known.get(i)) is not None]
    pairs = [e for e in near if len({lang for lang, _ in _keys(e) & keys}) > 1]
    if pairs:
        others = ", ".join(e.id for e in pairs[1:4])
        also = (f"the same pair stands in {others} too; joined with {pairs[0].id}",) if others else ()
        return pairs[0], "same term pair", (*doubts, *also)
    langs = {lang for lang, _ in keys}
    alone = [e for e in near if len(langs) == 1 or len({base_language(s.lang) for s in e.lang_secs}) == 1]
    same = [e for e in alone if _keys(e) == keys] or alone
    if len(same) == 1:
        return same[0], "same term, one of the two without a rendering", doubts
    if len(alone) > 1:
        others = ", ".join(e.id for e in alone[:3])
        return (
            None,
            "new",
            (
                *doubts,
                f"{len(alone)} stored entries have this term ({others}); it was not joined",
            ),
        )
    if near:
        return None, f"new: {near[0].id} has the term too, with another rendering", doubts
    return None, "new", doubts


def _is_content_id(entry_id: str) -> bool:
    return len(entry_id) == 16 and all(c in "0123456789abcdef" for c in entry_id)


def _free_id(entry: ConceptEntry, known: _Known) -> str:
    """The id of a new entry: the file's own when it is free, else one made of its terms."""
    if entry.id and known.get(entry.id) is None:
        return entry.id
    made = _made_id(entry)
    while known.get(made) is not None:
        made = content_id("import", made)
    return made


def _made_id(entry: ConceptEntry) -> str:
    """An id of an entry's terms, the same at every import of the same file."""
    return content_id("import", entry.id, *(f"{s.lang} {t.term}" for s in entry.lang_secs for t in s.terms))


def _label(entry: ConceptEntry) -> str:
    """The first term of the first two languages."""
    firsts = [s.terms[0].term for s in entry.lang_secs if s.terms][:2]
    return " = ".join(" ".join(first[:60].split()) for first in firsts)

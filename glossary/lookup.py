"""The read side: entries for what a person typed, best match first.

Exact before prefix before inside before nearly; in either language and script, any case and width, English plurals too.
Quotation marks and stops around a term do not count. Regional vocabulary is found because the store holds the converted
forms (variants.py). Readings (pinyin, jyutping) will be one more way of matching, between inside and fuzzy.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from rapidfuzz import fuzz, process

from glossary.datamodel import ConceptEntry
from glossary.language import fold_key, has_han
from glossary.store import Hit, Store

How = Literal["exact", "prefix", "inside", "fuzzy"]

FUZZY_FROM = 0.6
"""Least similarity of a fuzzy match: one character of three wrong (区块练, .67) passes, two of four do not (.50)."""

FUZZY_KEYS = 20
"""Nearest keys whose entries are offered: a longer list of guesses helps nobody."""

HITS_PER_MATCH = 6
"""An entry may be hit by each of its forms: en, zh-Hans, zh-Hant, -TW, -HK and a second English one."""

DOUBTFUL = 0.5
"""Entries scored lower (a term without a rendering, a damaged form) come after the others of the same kind of match."""

_WORD = re.compile(r"\w")
_EDGES = " .,;:!?。，、；：！？…\"'“”‘’「」『』《》〈〉()（）[]【】"
"""Punctuation that comes along when a term is copied out of a sentence; a term that has it (Yahoo!) is found first."""
_PLURALS = ((r"(?<=[a-z]{2})ies$", "y"), (r"(?<=s|x|z)es$", ""), (r"(?<=ch|sh)es$", ""), (r"(?<=[a-rt-z0-9])s$", ""))
_POSSESSIVE = re.compile(r"['’](?:s\b|(?=\s|$))")


@dataclass(frozen=True, slots=True)
class Match:
    """An entry that answers a query: how, and by which of its forms (verbatim) in which language.

    `score` is the likeness of query and form, 0..1: 1 for exact, the share of the form that was typed for prefix and
    inside, the normalised edit similarity for fuzzy. How sure the entry itself is stands in `entry.score`.
    """

    entry: ConceptEntry
    how: How
    form: str
    lang: str
    score: float


def lookup(store: Store, query: str, *, lang: str | None = None, limit: int = 20) -> tuple[Match, ...]:
    """The best matches for what a person typed, at most one an entry.

    `lang` limits the matched form (`zh`: all zh tags). An empty query, or one of punctuation only, gives ().

    Raises: StoreError when the store cannot be read.
    """
    key = _query_key(query)
    if not key or limit < 1:
        return ()
    best: dict[str, tuple[How, Hit, float]] = {}
    for how, hit, score in _hits(store, key, query.strip(), lang, limit):
        best.setdefault(hit.entry_id, (how, hit, score))
        if len(best) >= limit:
            break
    entries = {entry.id: entry for entry in store.entries_of(best)}
    return tuple(
        Match(entries[entry_id], how, hit.term, hit.lang, round(score, 4))
        for entry_id, (how, hit, score) in best.items()
        if entry_id in entries
    )


def _query_key(query: str) -> str:
    try:
        query.encode()
    except UnicodeEncodeError:
        return ""
    return fold_key(query) if _WORD.search(query) else ""


def singulars(key: str) -> tuple[str, ...]:
    """Other folded forms an English query may stand in the glossary under: without plural or possessive ending.

    Limits: regular endings of the last word only; what is no word is simply not found.

    >>> singulars("nfts"), singulars("supply chains"), singulars("technologies"), singulars("bus"), singulars("区块链")
    (('nft',), ('supply chain',), ('technology', 'technologie'), ('bu',), ())
    """
    if has_han(key):
        return ()
    plain = _POSSESSIVE.sub("", key)
    forms = [plain] if plain != key else []
    forms += [re.sub(ending, single, plain) for ending, single in _PLURALS if re.search(ending, plain)]
    return tuple(dict.fromkeys(form for form in forms if form))


def _hits(store: Store, key: str, typed: str, lang: str | None, limit: int) -> Iterator[tuple[How, Hit, float]]:
    """Every hit, best first; lazy, so fuzzy search runs only when the others have not filled the list."""
    many = limit * HITS_PER_MATCH
    bare = key.strip(_EDGES)
    for form in dict.fromkeys((key, *singulars(key), bare, *singulars(bare))):
        for hit in _verbatim_first(store.search(form, "exact", lang=lang, limit=many), typed):
            yield "exact", hit, 1.0
    for hit in _verbatim_first(store.search(key, "prefix", lang=lang, limit=many), typed):
        yield "prefix", hit, len(key) / len(hit.key)
    for hit in _verbatim_first(store.search(key, "inside", lang=lang, limit=many), typed):
        yield "inside", hit, len(key) / len(hit.key)
    yield from _fuzzy(store, key, lang)


def _verbatim_first(hits: Iterable[Hit], typed: str) -> list[Hit]:
    """Doubtful entries last, then short, then good; within one key what was typed, observed before converted."""
    return sorted(
        hits,
        key=lambda h: (
            h.score < DOUBTFUL,
            len(h.key),
            -h.score,
            h.key,
            h.entry_id,
            not h.term.startswith(typed),
            h.origin != "observed",
        ),
    )


def _fuzzy(store: Store, key: str, lang: str | None) -> Iterator[tuple[How, Hit, float]]:
    if len(key) < 2:
        return
    near = process.extract(
        key, store.near_keys(key), scorer=fuzz.ratio, score_cutoff=100 * FUZZY_FROM, limit=FUZZY_KEYS
    )
    for found, likeness, _ in sorted(near, key=lambda match: (-match[1], match[0])):
        if found != key:
            for hit in _verbatim_first(store.search(found, "exact", lang=lang), key):
                yield "fuzzy", hit, likeness / 100

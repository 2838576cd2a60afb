"""The read side: entries for what a person typed, best match first.

Exact before prefix before inside before reading before nearly; in either language and script, any case and width,
English inflections too. Quotation marks and stops around a term do not count. Regional vocabulary is found because the
store holds the converted forms (variants.py). A reading is pinyin or jyutping, with or without tones and spaces, from
its first syllable, or all initials. Misspelt terms are looked for only when nothing matched exactly.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from rapidfuzz import fuzz, process

from glossary.datamodel import ConceptEntry, Context
from glossary.language import fold, fold_key, has_han, opencc_convert
from glossary.readings import pinyin
from glossary.store import Hit, Near, Store

How = Literal["exact", "prefix", "inside", "reading", "fuzzy"]
Guess = Literal["unless exact", "alone"]

FUZZY_FROM = 0.6
"""Least similarity of a fuzzy match: one character of three wrong (.67) passes, two of four do not (.50)."""

READING_SCORE = 0.9
"""The score of a match by reading: set by hand, under an exact match, as many terms may be read the same."""

FUZZY_KEYS = 20
"""Nearest keys whose entries are offered: a longer list of guesses helps nobody."""

HITS_PER_MATCH = 6
"""An entry may be hit by each of its forms: en, zh-Hans, zh-Hant, -TW, -HK and a second English one."""

DOUBTFUL = 0.5
"""Entries scored lower (a term without a rendering, a damaged form) come after the others of the same kind of match."""

RARE_HAN, RARE_LATIN = 2, 6
"""Characters from which few keys hold what was typed, so that they are asked for at once. Of 100,000 entries fewer than
64 keys held it for 99 of 100 queries of two Han characters, 3 of 4 of six letters and 2 of 5 of five (3,000 queries of
the mixes of tests/bench/web_load.py); where they are more, one question of five was for nothing."""

_WORD = re.compile(r"\w")
_EDGES = " .,;:!?。，、；：！？…\"'“”‘’「」『』《》〈〉()（）[]【】"
"""Punctuation that comes along when a term is copied out of a sentence; a term that has it (Yahoo!) is found first."""
_PLURALS = ((r"(?<=[a-z]{2})ies$", "y"), (r"(?<=s|x|z)es$", ""), (r"(?<=ch|sh)es$", ""), (r"(?<=[a-rt-z0-9])s$", ""))
_VERBS = (
    (r"(?<=[a-z]{4})(?:ing|ed)$", ""),
    (r"(?<=[a-z]{2})(?:ing|ed)$", "e"),
    (r"(?<=[a-z]{2})([bdgklmnprt])\1(?:ing|ed)$", r"\1"),
)
_ENDINGS = (
    (r"(?<=[^aeiou\W])y$", ("ies", "ied", "ying")),
    (r"e$", ("es", "ed", "ing")),
    (r"(?:s|x|z|ch|sh)$", ("es", "ed", "ing")),
)
_POSSESSIVE = re.compile(r"['’](?:s\b|(?=\s|$))")


@dataclass(frozen=True, slots=True)
class Match:
    """An entry that answers a query: how, and by which of its forms (verbatim) in which language.

    `score` is the likeness of query and form, 0..1: 1 for exact, the share of the form that was typed for prefix
    and inside, `READING_SCORE` for a reading, the likeness of characters and readings for fuzzy. How sure the entry
    itself is stands in `entry.score`.
    """

    entry: ConceptEntry
    how: How
    form: str
    lang: str
    score: float


@dataclass(frozen=True, slots=True)
class Place:
    """A match whose entry was not read: its id, and the rest as in `Match`."""

    entry_id: str
    how: How
    form: str
    lang: str
    score: float


def lookup(store: Store, query: str, *, lang: str | None = None, limit: int = 20) -> tuple[Match, ...]:
    """The best matches for what a person typed, at most one an entry.

    `lang` limits the matched form (`zh`: all zh tags). An empty query, or one of punctuation only, gives ().

    Raises: StoreError when the store cannot be read.
    """
    with store.one_view():
        found = places(store, query, lang=lang, limit=limit)
        entries = {entry.id: entry for entry in store.entries_of(place.entry_id for place in found)}
    return tuple(
        Match(entries[place.entry_id], place.how, place.form, place.lang, place.score)
        for place in found
        if place.entry_id in entries
    )


def places(
    store: Store, query: str, *, lang: str | None = None, limit: int = 20, guess: Guess = "unless exact"
) -> tuple[Place, ...]:
    """What `lookup` gives, without reading the entries: for those who have them, or need few of them.

    `guess`: when misspelt terms are looked for; `alone`: only when nothing else was found, which costs less.
    """
    key = _query_key(query)
    if not key or limit < 1:
        return ()
    best: dict[str, Place] = {}
    with store.one_view():
        for how, hit, score in _hits(store, key, query.strip(), lang, limit, guess):
            best.setdefault(hit.entry_id, Place(hit.entry_id, how, hit.term, hit.lang, round(score, 4)))
            if len(best) >= limit:
                break
    return tuple(best.values())


def concordance(store: Store, text: str, *, limit: int = 50) -> tuple[Context, ...]:
    """Sentence pairs of the documents that hold a text, in either script, the text marked on whatever side it stands.

    By document, in the order of the text. Limits: Chinese is converted as one word, so a text that another region
    writes otherwise in one place of several may be missed; other letters than ASCII are found in their case only.
    """
    wanted = " ".join(text.split())
    if not _query_key(wanted):
        return ()
    scripts = ("t2s", "s2t", "s2tw", "s2hk") if has_han(wanted) else ()
    forms = tuple(dict.fromkeys((wanted, *(opencc_convert(wanted, config) for config in scripts))))
    return tuple(
        replace(c, source_marks=_places(c.source, wanted), target_marks=_places(c.target, wanted))
        for c in store.sentences(forms, limit=limit)
    )


def _places(sentence: str, wanted: str) -> tuple[tuple[int, int], ...]:
    folded, key = fold(sentence), fold(wanted).text
    return tuple(folded.span(m.start(), m.end()) for m in re.finditer(re.escape(key), folded.text))


def _query_key(query: str) -> str:
    try:
        query.encode()
    except UnicodeEncodeError:
        return ""
    return fold_key(query) if _WORD.search(query) else ""


def inflections(key: str) -> tuple[str, ...]:
    """Other folded forms an English query may stand in the glossary under: singular, plural, verb forms, no possessive.

    Limits: regular endings of the last word only; what is no word is simply not found.

    >>> inflections("supply chains")[0], inflections("technologies")[0], "staked" in inflections("staking")
    ('supply chain', 'technology', True)
    >>> "policies" in inflections("policy"), inflections("区块链")
    (True, ())
    """
    if has_han(key) or not key[-1:].isalnum():
        return ()
    plain = _POSSESSIVE.sub("", key)
    bases = [*_singulars(plain), *_replaced(plain, _VERBS)]
    forms = [plain, *bases, *(form for base in (plain, *bases) for form in _inflected(base))]
    return tuple(form for form in dict.fromkeys(forms) if form and form != key)


def _singulars(key: str) -> list[str]:
    return [] if has_han(key) else _replaced(key, _PLURALS)


def _replaced(key: str, endings: Iterable[tuple[str, str]]) -> list[str]:
    return [re.sub(ending, other, key) for ending, other in endings if re.search(ending, key)]


def _inflected(base: str) -> tuple[str, ...]:
    for ending, others in _ENDINGS:
        if re.search(ending, base):
            stem = re.sub("[ye]$", "", base) if base[-1] in "ye" else base
            return tuple(stem + other for other in others)
    return base + "s", base + "ed", base + "ing"


def _hits(
    store: Store, key: str, typed: str, lang: str | None, limit: int, guess: Guess
) -> Iterator[tuple[How, Hit, float]]:
    """Every hit, best first; lazy, so that the slower searches run only when the others have not filled the list."""
    enough = False
    for how, hit, score in _sure(store, key, typed, lang, limit):
        enough |= how == "exact" or guess == "alone"
        yield how, hit, score
    if not enough:
        yield from _fuzzy(store, key, lang, limit * HITS_PER_MATCH)


def _sure(store: Store, key: str, typed: str, lang: str | None, limit: int) -> Iterator[tuple[How, Hit, float]]:
    """The hits that have what was typed in them, as characters or read aloud."""
    many = limit * HITS_PER_MATCH
    bare = key.strip(_EDGES)
    forms = list(dict.fromkeys((key, *inflections(key), bare, *inflections(bare))))
    found = _verbatim_first(store.with_keys(forms, lang=lang, limit=many), typed)
    for hit in sorted(found, key=lambda hit: forms.index(hit.key)):
        yield "exact", hit, 1.0
    for how, part, hits in _holding(store, key, typed, lang, limit):
        for hit in _verbatim_first(hits, typed):
            yield how, hit, READING_SCORE if how == "reading" else len(part) / len(hit.key)


def _holding(
    store: Store, key: str, typed: str, lang: str | None, limit: int
) -> Iterator[tuple[How, str, tuple[Hit, ...]]]:
    """How terms hold what was typed, the text they hold, and the terms: begun with it, inside, read so."""
    many = limit * HITS_PER_MATCH
    texts = list(dict.fromkeys((key, *_singulars(key)[:1])))
    few = store.few_keys(texts, typed) if len(key) >= (RARE_HAN if has_han(key) else RARE_LATIN) else None
    if few is not None:
        for part in few:
            yield part.how, part.text, store.with_keys(part.keys, lang=lang, limit=many)
        return
    yield "prefix", key, store.search(key, "prefix", lang=lang, limit=many, entries=limit)
    for text in texts:
        yield "inside", text, store.search(text, "inside", lang=lang, limit=many, entries=limit)
    if len(key) > 1:
        yield "reading", typed, store.search(typed, "reading", lang=lang, limit=many, entries=limit)


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


def _fuzzy(store: Store, key: str, lang: str | None, many: int) -> Iterator[tuple[How, Hit, float]]:
    if len(key) < 2:
        return
    near = sorted(_likenesses(key, store.near_keys(key)).items(), key=lambda item: (-item[1], item[0]))[:FUZZY_KEYS]
    hits = _verbatim_first(store.with_keys([found for found, _ in near], lang=lang, limit=many), key)
    for found, likeness in near:
        for hit in hits:
            if hit.key == found:
                yield "fuzzy", hit, likeness


def _likenesses(key: str, near: Sequence[Near]) -> dict[str, float]:
    """How like the key the others are, from `FUZZY_FROM`; Chinese half by characters, half by how they are read."""
    by_characters = process.cdist([key], [other.key for other in near], scorer=fuzz.ratio)[0] if near else ()
    read = _syllables(pinyin(key))
    likenesses: dict[str, float] = {}
    for other, characters in zip(near, by_characters, strict=True):
        likeness = float(characters)
        if read and other.pinyin:
            likeness = (likeness + fuzz.ratio(read, _syllables(other.pinyin))) / 2
        if other.key != key and likeness >= 100 * FUZZY_FROM:
            likenesses[other.key] = likeness / 100
    return likenesses


def _syllables(reading: str) -> list[str]:
    return [syllable.rstrip("12345") for syllable in reading.split()]

"""Flags where a term has two renderings, or two terms have one: both stay, each says how often and where the other is.

Not in conflict: a Latin string left as it is beside a Chinese rendering; forms that differ by width, script, spaces,
plural, case or hyphens only; those of two regions; forms one of which holds the other (區塊鏈, 區塊鏈技術); an acronym
and its full form; a short form the text ties to its full form.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from glossary.datamodel import ConceptEntry, Flag, LangSec, TermCandidate, TermSec
from glossary.language import base_language, fold_key
from glossary.terms.plurals import concept_key
from glossary.terms.sides import BeadSides

LISTED_FROM = 0.5
"""A pair scored lower is no rival: it is likely wrong. The same cut-off as `terms.DEFAULT_MIN_SCORE`."""

PLACES_SHOWN = 3

TYING = frozenset(("abbreviation", "alias"))
"""Rules by which the text itself says that two renderings are one."""


@dataclass(slots=True)
class _Pair:
    """One English term with one rendering: forms as shown, where they stand."""

    english: str
    chinese: str
    lang: str
    score: float
    places: dict[str, None] = field(default_factory=dict)
    keys: frozenset[str] = frozenset()  # of the English term, its full forms included
    tied: bool = False

    @property
    def rival(self) -> bool:
        return self.score >= LISTED_FROM and concept_key(self.chinese) not in self.keys


def with_conflicts(
    found: Sequence[TermCandidate], beads: Iterable[BeadSides], english_first: bool
) -> list[TermCandidate]:
    """The candidates of one document with a flag for every rival; places are numbers of English sentences, from 1."""
    sentence = {b.number: str(b.english.segments[0].index + 1) for b in beads if b.english.segments}
    pairs: list[_Pair | None] = []
    for c in found:
        english, chinese = (c.source, c.target) if english_first else (c.target, c.source)
        whole = english and chinese and c.rule != "alternative"
        places = dict.fromkeys(sentence[o.bead] for o in c.occurrences if o.bead in sentence)
        keys = frozenset(map(concept_key, (english, *c.expansions)))
        pairs.append(
            _Pair(
                english,
                chinese,
                c.target_lang if english_first else c.source_lang,
                c.score,
                places,
                keys,
                bool(TYING & set(c.evidence)),
            )
            if whole
            else None
        )
    flags = _flags([p for p in pairs if p], lambda places: f"sentence {', '.join(places)}")
    return [replace(c, flags=(*c.flags, *flags[id(p)])) if p else c for c, p in zip(found, pairs, strict=True)]


def entries_with_conflicts(entries: Sequence[ConceptEntry]) -> list[ConceptEntry]:
    """The entries with a flag for every rival over all documents; places are documents and lines."""
    own: dict[tuple[str, str, str], _Pair] = {}
    for entry in entries:
        english = next((s for s in entry.lang_secs if base_language(s.lang) == "en"), None)
        place = {(c.bitext_id, c.bead): f"{c.uri}:{c.line}" for c in entry.contexts}
        keys = frozenset(concept_key(t.term) for t in english.terms) if english else frozenset()
        for section in (s for s in entry.lang_secs if s is not english and english):
            for term in section.terms:
                where = [place[p.bitext_id, p.bead] for p in term.provenance if (p.bitext_id, p.bead) in place]
                rules = {p.rule for p in term.provenance}
                tied = bool(TYING & rules)
                own[entry.id, section.lang, term.term] = _Pair(
                    _headword(english), term.term, section.lang, term.score, dict.fromkeys(where), keys, tied
                )
    flags = _flags(list(own.values()), ", ".join)
    by_term = {key: tuple(flags[id(pair)]) for key, pair in own.items()}
    return [_flagged(entry, by_term) for entry in entries]


def _headword(section: LangSec | None) -> str:
    return section.terms[0].term if section and section.terms else ""


def _flagged(entry: ConceptEntry, flags: Mapping[tuple[str, str, str], tuple[Flag, ...]]) -> ConceptEntry:
    def marked(lang: str, term: TermSec) -> TermSec:
        kept = tuple(f for f in term.flags if f.code != "conflict")
        return replace(term, flags=(*kept, *flags.get((entry.id, lang, term.term), ())))

    sections = tuple(replace(s, terms=tuple(marked(s.lang, t) for t in s.terms)) for s in entry.lang_secs)
    others = tuple(f for f in entry.flags if f.code != "conflict")
    new = dict.fromkeys(f for s in sections for t in s.terms for f in t.flags if f.code == "conflict")
    return replace(entry, lang_secs=sections, flags=(*others, *new))


def _flags(pairs: Sequence[_Pair], shown: Callable[[list[str]], str]) -> Mapping[int, list[Flag]]:
    """Flags by the id() of the pair they are for."""
    made: dict[int, list[Flag]] = defaultdict(list)
    for pair, rival in _rivals(pairs, lambda p: p.keys, lambda p: (fold_key(p.chinese),)):
        if not (pair.tied or rival.tied):
            made[id(pair)].append(
                Flag("conflict", f"also rendered {rival.chinese} ({_where(rival, pair, shown)})", rival.chinese)
            )
    for pair, rival in _rivals(pairs, lambda p: (fold_key(p.chinese),), lambda p: p.keys):
        made[id(pair)].append(
            Flag(
                "conflict", f"{pair.chinese} also renders {rival.english} ({_where(rival, pair, shown)})", rival.english
            )
        )
    return made


def _rivals(
    pairs: Sequence[_Pair], same: Callable[[_Pair], Iterable[str]], other: Callable[[_Pair], Iterable[str]]
) -> Iterator[tuple[_Pair, _Pair]]:
    """Pairs that share a key of one side and differ on the other; none holds the other."""
    groups: dict[str, list[_Pair]] = defaultdict(list)
    for pair in (p for p in pairs if p.rival):
        for key in same(pair):
            groups[key].append(pair)
    seen: set[tuple[int, str]] = set()
    for group in groups.values():
        for pair in group:
            for rival in group:
                first, second = set(other(pair)), set(other(rival))
                if rival is pair or rival.lang != pair.lang or any(a in b or b in a for a in first for b in second):
                    continue
                if (id(pair), min(second)) not in seen:
                    seen.add((id(pair), min(second)))
                    yield pair, rival


def _where(rival: _Pair, pair: _Pair, shown: Callable[[list[str]], str]) -> str:
    listed = list(rival.places)
    more = f" and {len(listed) - PLACES_SHOWN} more" if len(listed) > PLACES_SHOWN else ""
    noun = "pair" if len(listed) == 1 else "pairs"
    return f"{len(listed)} {noun} against {len(pair.places)}: {shown(listed[:PLACES_SHOWN])}{more}"

"""Candidates of all documents to ConceptEntries: acronym and full forms, plurals and repeated finds become one concept.

The outcome depends on the set of extractions, not on their order.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from glossary.datamodel import (
    Bead,
    ConceptEntry,
    Context,
    Definition,
    Extraction,
    Flag,
    Kind,
    LangSec,
    Occurrence,
    Provenance,
    Segment,
    TermCandidate,
    TermSec,
    TermType,
    content_id,
)  # fmt: skip
from glossary.language import base_language, fold_key, has_han, join_segments
from glossary.terms.candidates import units
from glossary.terms.conflicts import entries_with_conflicts
from glossary.terms.plurals import concept_key, plural_key
from glossary.terms.tokens import is_acronym, words
from glossary.terms.units import best_form

MENTION_SCORE = 0.5
"""Score of a provenance that only says a known term stands in a text."""

_Seen = tuple[Extraction, Occurrence]
"""A place with the extraction it belongs to."""

KIND_ORDER: tuple[Kind, ...] = ("organisation", "person", "place", "product", "acronym", "concept")
"""Which kind a concept keeps when its candidates disagree."""


@dataclass(frozen=True, slots=True)
class _Find:
    """A candidate, seen as English and another language, with the extraction it comes from."""

    extraction: Extraction
    candidate: TermCandidate

    @property
    def english_first(self) -> bool:
        return base_language(self.candidate.source_lang) == "en"

    @property
    def english(self) -> str:
        return self.candidate.source if self.english_first else self.candidate.target

    @property
    def other(self) -> tuple[str, str]:
        """Form and language of the other side, ('', lang) without a rendering."""
        c = self.candidate
        return (c.target, c.target_lang) if self.english_first else (c.source, c.source_lang)

    @property
    def key(self) -> str:
        return concept_key(self.english) if self.english else f"zh:{fold_key(self.other[0])}"


def assemble(extractions: Iterable[Extraction]) -> tuple[ConceptEntry, ...]:
    """One entry a concept, best first: each term with its provenance, each concept with its sentence pairs.

    Terms are one concept when they share their English key, or one is a full form the text states for the other.
    Known terms that stand in sentences without a translation give contexts.
    """
    listed = sorted(extractions, key=lambda e: (e.source.uri, e.target.uri, e.bitext_id))
    groups = _groups([_Find(e, c) for e in listed for c in e.candidates])
    mentions = _mentions(listed, {k for finds in groups for k in _keys(finds)})
    entries = entries_with_conflicts([_entry(finds, mentions) for finds in groups])
    return tuple(sorted(entries, key=lambda e: (-e.score, e.lang_secs[0].terms[0].term, e.id)))


def _keys(finds: Sequence[_Find]) -> set[str]:
    """Keys of the terms of a concept, in English when it has any."""
    english = [f for f in finds if f.english]
    keys = {f.key for f in english or finds}
    return keys | {concept_key(full) for f in english for full in f.candidate.expansions if not has_han(full)}


def _groups(finds: Sequence[_Find]) -> list[list[_Find]]:
    """Finds that belong to one concept, by union of keys.

    A Chinese term without English joins the best concept it, or a full form the text gives it, is a rendering of.
    """
    parent: dict[str, str] = {}

    def root(key: str) -> str:
        while parent.setdefault(key, key) != key:
            key = parent[key]
        return key

    renderings: dict[str, tuple[float, str]] = {}
    for find in (f for f in finds if f.english):
        root(find.key)
        for full in find.candidate.expansions:
            _join(parent, root(find.key), root(concept_key(full)))
        form = find.other[0] and fold_key(find.other[0])
        if form:
            renderings[form] = max(renderings.get(form, (0.0, "")), (find.candidate.score, find.key))
    for find in (f for f in finds if not f.english):
        forms = [fold_key(form) for form in (find.other[0], *find.candidate.expansions)]
        for form in forms:
            known = renderings.get(form, (0.0, concept_key(form)))[1]  # or the English string itself: NFT
            _join(parent, root(find.key), root(known if known in parent else f"zh:{form}"))
    grouped: dict[str, list[_Find]] = defaultdict(list)
    for find in finds:
        grouped[root(find.key)].append(find)
    return [grouped[key] for key in sorted(grouped)]


def _join(parent: dict[str, str], one: str, other: str) -> None:
    """Two roots become one; the first in order stays."""
    first, second = sorted((one, other))
    parent[second] = first


def _entry(finds: Sequence[_Find], mentions: Mapping[str, list[_Seen]]) -> ConceptEntry:
    english = _english_section([f for f in finds if f.english], mentions)
    others = [_other_section(lang, own) for lang, own in sorted(_by_language(finds).items())]
    keys = sorted(_keys(finds), key=lambda k: (not any(is_acronym(f.english) and f.key == k for f in finds), len(k), k))
    kinds = {f.candidate.kind for f in finds}
    flags = tuple(dict.fromkeys(flag for f in finds for flag in f.candidate.flags))
    return ConceptEntry(
        content_id("concept", keys[0]),
        (*([english] if english.terms else []), *others),
        next(kind for kind in KIND_ORDER if kind in kinds),
        max(f.candidate.score for f in finds),
        tuple(_contexts(finds, [seen for key in keys for seen in mentions.get(key, ())])),
        flags=flags,
    )


def _by_language(finds: Sequence[_Find]) -> dict[str, list[_Find]]:
    found: dict[str, list[_Find]] = defaultdict(list)
    for find in finds:
        form, lang = find.other
        if form:
            found[lang].append(find)
    return found


def _english_section(finds: Sequence[_Find], mentions: Mapping[str, list[_Seen]]) -> LangSec:
    forms: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    places: dict[str, list[Provenance]] = defaultdict(list)
    score: dict[str, float] = defaultdict(float)
    for find in finds:
        key = plural_key(find.english)
        forms[key][find.english] += len(find.candidate.occurrences)
        places[key] += _provenance(find, 0 if find.english_first else 1)
        score[key] = max(score[key], find.candidate.score)
        for full in find.candidate.expansions:
            forms[plural_key(full)][full] += 1
            score[plural_key(full)] = max(score[plural_key(full)], find.candidate.score)
    for key in forms:
        places[key] += [_mention(seen) for seen in mentions.get(concept_key(key), ())]
        places[key] = places[key] or [p for f in finds for p in _provenance(f, 0 if f.english_first else 1)]
    terms = [
        TermSec(
            best_form(forms[key]), _term_type(best_form(forms[key])), score=score[key], provenance=_unique(places[key])
        )
        for key in forms
    ]
    definitions = _definitions(finds, "en")
    return LangSec("en", tuple(sorted(terms, key=lambda t: (-t.score, not is_acronym(t.term), t.term))), definitions)


def _other_section(lang: str, finds: Sequence[_Find]) -> LangSec:
    own: dict[str, list[_Find]] = defaultdict(list)
    for find in finds:
        own[find.other[0]].append(find)
    terms = [
        TermSec(
            form, _term_type(form), score=max(f.candidate.score for f in same),
            provenance=_unique([p for f in same for p in _provenance(f, 1 if f.english_first else 0)]),
            flags=tuple(dict.fromkeys(flag for f in same for flag in f.candidate.flags if _about(flag, form))),
        )
        for form, same in own.items()
    ]  # fmt: skip
    return LangSec(
        lang, tuple(sorted(terms, key=lambda t: (-t.score, -len(t.provenance), t.term))), _definitions(finds, lang)
    )


def _about(flag: Flag, form: str) -> bool:
    return flag.form in ("", form) or flag.code == "conflict"


def _term_type(form: str) -> TermType:
    return "acronym" if is_acronym(form) else "fullForm"


def _unique(places: Sequence[Provenance]) -> tuple[Provenance, ...]:
    """The places once each, in an order that no run of the program changes."""

    def order(p: Provenance) -> tuple[str, str, int, int, str, float, int]:
        return p.bitext_id, p.document_id, p.start, p.end, p.rule, -p.score, -1 if p.bead is None else p.bead

    return tuple(sorted(set(places), key=order))


def _definitions(finds: Sequence[_Find], lang: str) -> tuple[Definition, ...]:
    """The definitions in a language, each text once."""
    own = [d for f in finds for d in f.candidate.definitions if base_language(d.lang) == base_language(lang)]
    return tuple({d.text: d for d in reversed(own)}[text] for text in dict.fromkeys(d.text for d in own))


def _provenance(find: _Find, side: int) -> list[Provenance]:
    """Where one side of a candidate stands; `side` 0 is the source, 1 the target."""
    c, e = find.candidate, find.extraction
    document = e.target if side else e.source
    spots = [(o.bead, o.target if side else o.source) for o in c.occurrences]
    return [
        Provenance(document.id, *offsets, c.rule, c.score, e.bitext_id, bead)
        for bead, offsets in spots
        if offsets is not None
    ]


def _contexts(finds: Sequence[_Find], mentions: Sequence[_Seen]) -> Iterator[Context]:
    """Every sentence pair of the concept once, best pairs first, all of its terms marked."""
    grouped: dict[tuple[str, int], list[_Seen]] = defaultdict(list)
    for extraction, occurrence in [*((f.extraction, o) for f in finds for o in f.candidate.occurrences), *mentions]:
        if occurrence.bead is not None:
            grouped[extraction.bitext_id, occurrence.bead].append((extraction, occurrence))
    made = [_context(own[0][0], bead, [o for _, o in own]) for (_, bead), own in grouped.items()]
    yield from sorted(made, key=lambda c: (not (c.source and c.target), -c.score, c.uri, c.line))


def _context(extraction: Extraction, number: int, occurrences: Sequence[Occurrence]) -> Context:
    bead = extraction.bitext.beads[number]
    source, source_marks = _side(extraction.bitext.source, bead.source, [o.source for o in occurrences])
    target, target_marks = _side(extraction.bitext.target, bead.target, [o.target for o in occurrences])
    return Context(
        source, target, extraction.bitext.source_lang, extraction.bitext.target_lang, source_marks, target_marks,
        extraction.bitext_id, number, extraction.source.uri, _line(extraction, bead), bead.score,
    )  # fmt: skip


def _side(
    segments: Sequence[Segment], where: range, spans: Iterable[tuple[int, int] | None]
) -> tuple[str, tuple[tuple[int, int], ...]]:
    """The joined text of one side of a bead and the marks of the spans in it."""
    text, marks = "", set()
    listed = [s for s in spans if s is not None]
    for segment in segments[where.start : where.stop]:
        text = join_segments([text, segment.text])
        shift = len(text) - len(segment.text) - segment.start
        marks |= {(a + shift, b + shift) for a, b in listed if segment.start <= a and b <= segment.end}
    return text, tuple(sorted(marks))


def _line(extraction: Extraction, bead: Bead) -> int:
    """Line, paragraph or page of the bead's first sentence in its document; the source's when it has one."""
    if bead.source:
        return extraction.source.line_at(extraction.bitext.source[bead.source.start].start)
    return extraction.target.line_at(extraction.bitext.target[bead.target.start].start)


def _mentions(extractions: Sequence[Extraction], keys: set[str]) -> dict[str, list[_Seen]]:
    """Where known terms stand in English sentences that have no translation."""
    found: dict[str, list[_Seen]] = defaultdict(list)
    for extraction in extractions:
        for english_first, numbered in _untranslated(extraction):
            texts = [segment.text for _, segment in numbered]
            rows = [words(t) for t in texts]
            for form, unit in units(texts, rows).items():
                key = concept_key(form)
                for place in unit.places if key in keys else ():
                    (number, segment), row = numbered[place.bead], rows[place.bead]
                    span = (segment.start + row[place.first].start, segment.start + row[place.last - 1].end)
                    occurrence = Occurrence(number, span) if english_first else Occurrence(number, None, span)
                    found[key].append((extraction, occurrence))
    return found


def _mention(seen: _Seen) -> Provenance:
    extraction, occurrence = seen
    document = extraction.source if occurrence.source else extraction.target
    start, end = occurrence.source or occurrence.target or (0, 0)
    return Provenance(document.id, start, end, "mention", MENTION_SCORE, extraction.bitext_id, occurrence.bead)


def _untranslated(extraction: Extraction) -> Iterator[tuple[bool, list[tuple[int, Segment]]]]:
    """Per side in English: whether it is the source, and (bead number, segment) of its null beads."""
    bitext = extraction.bitext
    alone = [(n, b) for n, b in enumerate(bitext.beads) if b.is_null]
    source = [(n, s) for n, b in alone if b.source for s in bitext.source[b.source.start : b.source.stop]]
    target = [(n, s) for n, b in alone if b.target for s in bitext.target[b.target.start : b.target.stop]]
    for english_first, numbered in ((True, source), (False, target)):
        english = [(n, s) for n, s in numbered if base_language(s.lang) == "en"]
        if english:
            yield english_first, english

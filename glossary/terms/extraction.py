"""One bitext to TermCandidates: the order of the steps, and nothing else.

acronyms and definitions over all English text -> units and certain pairs per bead -> chosen pairs -> flags and kinds ->
candidates with document offsets; names, acronyms and defined terms without a rendering come last.
"""

from __future__ import annotations

import gc
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence, Set
from contextlib import contextmanager
from dataclasses import dataclass, replace

from glossary.datamodel import Bitext, Flag, Kind, KnownTerm, Occurrence, Segment, TermCandidate
from glossary.errors import TermError
from glossary.language import base_language, fold_key, has_han
from glossary.lexicon import Cedict, load_cedict
from glossary.terms.article import Article, EnglishBead, read_english
from glossary.terms.certain import certain_pairs, known_pairs
from glossary.terms.chinese_terms import with_chinese_terms
from glossary.terms.choosing import choose
from glossary.terms.conflicts import with_conflicts
from glossary.terms.damage import lost_character, mixed_script
from glossary.terms.kinds import kind_of
from glossary.terms.pairs import Pair, Spot
from glossary.terms.ranking import load_model
from glossary.terms.sides import MARKUP_SIGN, BeadSides, english_and_chinese, pair_of
from glossary.terms.stated import Stated, read_stated
from glossary.terms.table import TranslationTable, load_table
from glossary.terms.together import batches, merged, shared_out
from glossary.terms.units import best_form, unit_key_of
from glossary.terms.unrendered import unrendered

TRUSTED_BEAD = 0.4
"""Beads scored lower give no pairs: what is likely not a translation yields nothing. Right beads of the seeds whose
source has a sentence more than the translation score .50 to .56, all others .8 and up."""

_NAMED_KINDS: tuple[Kind, ...] = ("organisation", "person", "place")
"""Kinds that other members of a list take over."""


Text = tuple[Bitext, Sequence[Segment]]
"""A bitext with its footnotes and other non-article segments."""


def extract(
    bitext: Bitext, extra: Sequence[Segment], known: Sequence[KnownTerm] = (), *, least: float = 0.0
) -> list[TermCandidate]:
    """The candidates of a bitext, best first. `extra` are its footnotes and other non-article segments.

    Pairs scored under `least` are left out; most of what pairing finds is.
    """
    (found,) = extract_together([(bitext, extra)], known, least=least)
    if isinstance(found, TermError):
        raise found
    return found


def extract_together(
    texts: Sequence[Text], known: Sequence[KnownTerm] = (), *, least: float = 0.0
) -> list[list[TermCandidate] | TermError]:
    """The candidates of each bitext, best first, or why there is none; those of one language share their evidence."""
    with _without_cycle_search():
        return _together(texts, known, least)


@contextmanager
def _without_cycle_search() -> Iterator[None]:
    """Python does not look for reference cycles meanwhile: none are made here, and looking through millions of objects
    took a twelfth of the time."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


def _together(texts: Sequence[Text], known: Sequence[KnownTerm], least: float) -> list[list[TermCandidate] | TermError]:
    found: list[list[TermCandidate] | TermError] = [[] for _ in texts]
    read: dict[int, _Read] = {}
    for number, (bitext, extra) in enumerate(texts):
        try:
            read[number] = _read(bitext, extra)
        except TermError as error:
            found[number] = error
    numbers = list(read)
    for batch in batches([(own.chinese_lang, len(own.paired)) for own in read.values()]):
        members = [numbers[i] for i in batch]
        for number, candidates in zip(members, _candidates([read[n] for n in members], known, least), strict=True):
            found[number] = candidates
    return found


@dataclass(frozen=True, slots=True)
class _Read:
    """A bitext ready for pairing: all beads, those that give pairs, what the text states."""

    bitext: Bitext
    extra: Sequence[Segment]
    beads: list[BeadSides]
    english: dict[int, EnglishBead]  # by number of the bead
    paired: list[BeadSides]
    stated: Stated
    chinese_lang: str
    english_first: bool


def _read(bitext: Bitext, extra: Sequence[Segment]) -> _Read:
    beads, english_first = english_and_chinese(bitext)
    paired = [b for b in beads if b.english.segments and b.chinese.segments and b.score >= TRUSTED_BEAD]
    english = {b.number: read_english(b.english.text) for b in beads if b.english.segments}
    stated = read_stated(beads, english, [s for s in extra if s.role == "footnote" and base_language(s.lang) == "en"])
    chinese_lang = bitext.target_lang if english_first else bitext.source_lang
    return _Read(bitext, extra, beads, english, paired, stated, chinese_lang, english_first)


def _candidates(texts: Sequence[_Read], known: Sequence[KnownTerm], least: float) -> Iterator[list[TermCandidate]]:
    """The candidates of each text; pairs are chosen over the beads of all."""
    beads = [bead for text in texts for bead in text.paired]
    dictionary, table = load_cedict(), load_table()
    article = Article(
        [pair_of(b) for b in beads], table=table, is_word=dictionary.is_word, readings=dictionary.readings,
        english=[text.english[b.number] for text in texts for b in text.paired],
    )  # fmt: skip
    full = merged([text.stated.full_keys() for text in texts])
    certain = [*certain_pairs(article, full, dictionary), *known_pairs(article, known)] if beads else []
    pairs = _not_rejected(choose(article, load_model(), dictionary, certain, full, least), known) if beads else []
    for text, own in zip(texts, shared_out(article, pairs, [len(text.paired) for text in texts]), strict=True):
        maker = _Maker(article, beads, text.stated, dictionary, table, text.chinese_lang, text.english_first)
        found = maker.candidates([p for p in own if p.spots and p.score >= least])
        rendered = {p.unit.key for p in own}
        alone = unrendered(text.beads, text.english, text.stated, rendered, dictionary, text.chinese_lang)
        found += [_alone(candidate, text.english_first) for candidate in alone]
        found = _completed(found, text, dictionary, {_key(p.span) for p in own if not p.spots or p.score < least})
        yield sorted(found, key=lambda c: (not (c.source and c.target), -c.score, c.source, c.target))


def _key(span: str) -> str:
    """`fold_key` of a folded span."""
    return fold_key(span) if " " in span else span


def _completed(found: list[TermCandidate], text: _Read, dictionary: Cedict, unlisted: Set[str]) -> list[TermCandidate]:
    """The candidates of a text with what its Chinese states, and their conflicts; `unlisted` renderings have none."""
    trusted = frozenset(b.number for b in text.paired)
    found = with_chinese_terms(
        found, text.beads, text.extra, dictionary, text.chinese_lang, text.english_first, trusted, unlisted
    )
    own = {(s.document_id, s.start, s.end): s.text for s in (*text.bitext.target, *text.bitext.source)}
    return [_verbatim(c, own) for c in with_conflicts(found, text.beads, text.english_first)]


def _verbatim(candidate: TermCandidate, texts: Mapping[tuple[str, int, int], str]) -> TermCandidate:
    """The candidate with its definitions as the document has them: they were read with markup blanked."""
    marked = [d for d in candidate.definitions if MARKUP_SIGN in d.text]
    if not marked:
        return candidate
    made = [
        replace(d, text=texts.get((d.document_id, d.start, d.end), d.text)) if d in marked else d
        for d in candidate.definitions
    ]
    return replace(candidate, definitions=tuple(made))


def _not_rejected(pairs: Sequence[Pair], known: Sequence[KnownTerm]) -> list[Pair]:
    rejected = {(unit_key_of(k.english), fold_key(k.chinese)) for k in known if k.rejected}
    if not rejected:
        return list(pairs)
    return [p for p in pairs if (p.unit.key, fold_key(p.span)) not in rejected]


class _Maker:
    """Turns chosen pairs into candidates with document offsets, flags, kinds and what the text states about them."""

    def __init__(
        self, article: Article, beads: Sequence[BeadSides], stated: Stated, dictionary: Cedict,
        table: TranslationTable, chinese_lang: str, english_first: bool,
    ) -> None:  # fmt: skip
        self.article, self.beads, self.stated = article, beads, stated
        self.dictionary, self.table = dictionary, table
        self.chinese_lang, self.english_first = chinese_lang, english_first

    def candidates(self, pairs: Sequence[Pair]) -> list[TermCandidate]:
        """One candidate a pair; an acronym glossed in Chinese and left as it is elsewhere gives two."""
        by_unit: dict[str, list[Pair]] = defaultdict(list)
        for pair in pairs:
            by_unit[pair.unit.key].append(pair)
        made = []
        for own in by_unit.values():
            made += [(pair, self._candidate(pair)) for pair in own]
        return self._with_list_kinds(made)

    def _with_list_kinds(self, made: Sequence[tuple[Pair, TermCandidate]]) -> list[TermCandidate]:
        """The candidates; names of one list are of one kind: a product among three organisations is one too."""
        kinds: dict[int, Counter[Kind]] = defaultdict(Counter)
        for pair, candidate in made:
            for bead in {s.bead for s in pair.spots} if _is_listed(pair) else ():
                kinds[bead][candidate.kind] += 1
        settled = []
        for pair, candidate in made:
            beads = sorted({s.bead for s in pair.spots}) if _is_listed(pair) else []
            own = sum((kinds[bead] for bead in beads), Counter[Kind]())
            common = max(_NAMED_KINDS, key=lambda kind: own[kind])
            unsure = candidate.kind in ("product", "concept") and own[common]
            settled.append(replace(candidate, kind=common) if unsure else candidate)
        return settled

    def _candidate(self, pair: Pair) -> TermCandidate:
        spots = [(spot, self._offsets(spot)) for spot in sorted(pair.spots, key=lambda s: (s.bead, s.first, s.start))]
        kept = [(spot, where) for spot, where in spots if where is not None]
        chinese = Counter(self._chinese(spot) for spot, _ in kept)
        target = _commonest(chinese)
        key = pair.unit.key
        seen = Counter(self._english(spot) for spot, _ in kept)
        forms = pair.unit.forms_with(self.stated.forms.get(key, Counter()) | seen)
        flags = self._flags(pair, chinese)
        english = best_form(Counter(pair.unit.forms) + self.stated.forms.get(key, Counter()))
        kind = kind_of(
            english, pair.span, [self._around(s) for s, _ in kept], self.dictionary.glosses,
            pair.unit.names / max(1, len(pair.unit.places)),
        )  # fmt: skip
        occurrences = tuple(Occurrence(self.beads[s.bead].number, *w) for s, w in kept)
        others = tuple(f for f in chinese if f != target)
        more_english = tuple(f for f in forms if f != english)
        return _oriented(
            TermCandidate(
                english, target, "en", self.chinese_lang, kind, round(pair.score, 4), pair.rule,
                {k: round(v, 4) for k, v in sorted(pair.evidence.items())}, occurrences,
                tuple(self.stated.full.get(key, Counter())), tuple(self.stated.definitions.get(key, ())),
                more_english, others, tuple(flags),
            ),
            self.english_first,
        )  # fmt: skip

    def _offsets(self, spot: Spot) -> tuple[tuple[int, int], tuple[int, int]] | None:
        """Document offsets (source side, target side) of a spot; None when it reaches over two segments."""
        bead, row = self.beads[spot.bead], self.article.words[spot.bead]
        english = bead.english.offsets(row[spot.first].start, row[spot.last - 1].end)
        chinese = bead.chinese.offsets(*self.article.folds[spot.bead].span(spot.start, spot.end))
        if english is None or chinese is None:
            return None
        return (english, chinese) if self.english_first else (chinese, english)

    def _english(self, spot: Spot) -> str:
        row = self.article.words[spot.bead]
        return self.article.pairs[spot.bead].english[row[spot.first].start : row[spot.last - 1].end]

    def _chinese(self, spot: Spot) -> str:
        start, end = self.article.folds[spot.bead].span(spot.start, spot.end)
        return self.article.pairs[spot.bead].chinese[start:end]

    def _around(self, spot: Spot) -> tuple[str, str]:
        text, row = self.article.pairs[spot.bead].english, self.article.words[spot.bead]
        return text[: row[spot.first].start][-40:], text[row[spot.last - 1].end :][:60]

    def _flags(self, pair: Pair, chinese: Counter[str]) -> list[Flag]:
        found = [mixed_script(form, self.chinese_lang) for form in chinese]
        best = pair.spots if pair.best else ()
        lost = lost_character(self.article, best, self.table, self.dictionary, self.chinese_lang)
        return [f for f in [*found, lost and replace(lost, form=_commonest(chinese))] if f is not None]


def _is_listed(pair: Pair) -> bool:
    """True for a name found by its place in a list."""
    return "enumeration" in pair.rules and bool(pair.spots) and pair.unit.names >= len(pair.unit.places) / 2


def _commonest(forms: Counter[str]) -> str:
    """The form seen most; Han before Latin, then the first seen."""
    return max(forms, key=lambda f: (has_han(f), forms[f])) if forms else ""


def _oriented(candidate: TermCandidate, english_first: bool) -> TermCandidate:
    """The candidate with source and target as the bitext has them."""
    if english_first:
        return candidate
    return replace(
        candidate, source=candidate.target, target=candidate.source, source_lang=candidate.target_lang,
        target_lang=candidate.source_lang, source_forms=candidate.target_forms, target_forms=candidate.source_forms,
    )  # fmt: skip


def _alone(candidate: TermCandidate, english_first: bool) -> TermCandidate:
    """An English term without a rendering, on the side the bitext has its English on."""
    if english_first:
        return candidate
    places = tuple(Occurrence(o.bead, None, o.source) for o in candidate.occurrences)
    return replace(_oriented(candidate, english_first), occurrences=places)

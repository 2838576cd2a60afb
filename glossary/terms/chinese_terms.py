"""What a Chinese text says about its own terms: short forms with their full forms, definitions, Latin acronyms.

Where the full form is a rendering already, its short form becomes a rendering of the same English term; what has no
English in the text is a candidate without a rendering. Chinese documents without a translation are read the same way,
and give whatever is likely a term besides.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field, replace

from glossary.datamodel import Definition, Kind, Occurrence, Segment, TermCandidate
from glossary.language import base_language, fold_key, has_han
from glossary.lexicon import Cedict
from glossary.terms.abbreviations import abbreviations
from glossary.terms.definitions import chinese_definitions
from glossary.terms.kinds import kind_of
from glossary.terms.monolingual import Places, chinese_likelihoods
from glossary.terms.sides import BeadSides
from glossary.terms.tokens import is_acronym

SHORT_FORM_SCORE = 0.95
"""Highest score of a short form the text ties to a rendering; set by hand, not learnt: under a gloss in brackets."""

LONE_SCORE = 0.4
"""Score of a term without a rendering, the same for English ones (`unrendered.UNRENDERED_SCORE`)."""

_LATIN = re.compile(r"(?<![A-Za-z0-9])[A-Z][A-Za-z0-9]{1,9}(?![A-Za-z0-9])")

Numbered = tuple[int | None, Segment]
"""A Chinese segment with the number of its bead; None for a footnote."""


@dataclass(slots=True)
class Stated:
    """What the Chinese text states, by folded form."""

    forms: dict[str, dict[str, None]] = field(default_factory=lambda: defaultdict(dict))
    full: dict[str, dict[str, str]] = field(default_factory=lambda: defaultdict(dict))  # short -> full -> rule
    definitions: dict[str, list[Definition]] = field(default_factory=lambda: defaultdict(list))


def with_chinese_terms(
    found: Sequence[TermCandidate], beads: Sequence[BeadSides], extra: Iterable[Segment], dictionary: Cedict,
    lang: str, english_first: bool, trusted: frozenset[int], unlisted: Set[str] = frozenset(),
) -> list[TermCandidate]:  # fmt: skip
    """The candidates, with what the Chinese text states joined to them, and Chinese terms without English after them.

    `lang` is the tag of the Chinese side, `trusted` are the beads that may give pairs. Every occurrence keeps document
    offsets; those of footnotes have no bead. `unlisted` are folded renderings that are no candidates but not without
    English either.
    """
    numbered = list(_chinese(beads, extra))
    if not numbered:
        return list(found)
    stated = _stated(numbered, dictionary)
    listed = [_defined(c, stated, english_first) for c in found]
    listed = _with_short_forms(listed, stated, {b.number: b for b in beads if b.number in trusted}, english_first)
    rendered = {fold_key(form) for c in listed for form in _forms(c, english_first)} | unlisted
    alone = not any(b.english.segments for b in beads)
    likely = chinese_likelihoods([segment for _, segment in numbered], dictionary.is_word) if alone else {}
    lone = _lone(numbered, stated, rendered, likely, dictionary, lang)
    lone += _likely(numbered, rendered | stated.forms.keys(), likely, dictionary, lang)
    return listed + [_turned(c) if english_first else c for c in lone]


def _chinese(beads: Sequence[BeadSides], extra: Iterable[Segment]) -> Iterator[Numbered]:
    for bead in beads:
        for segment in bead.chinese.segments:
            yield bead.number, segment
    for note in extra:
        if note.role == "footnote" and base_language(note.lang) == "zh":
            yield None, note


def _stated(numbered: Sequence[Numbered], dictionary: Cedict) -> Stated:
    stated = Stated()
    for _, segment in numbered:
        for found in abbreviations(segment.text, dictionary.glosses):
            short, full = segment.text[slice(*found.short)], segment.text[slice(*found.full)]
            stated.full[fold_key(short)].setdefault(full, found.rule)
            for form in (short, full):
                stated.forms[fold_key(form)][form] = None
        for form in _LATIN.findall(segment.text):
            if is_acronym(form):
                stated.forms[fold_key(form)][form] = None
    known = frozenset(stated.forms)
    for name, definition in chinese_definitions([s for _, s in numbered], known):
        stated.definitions[fold_key(name)].append(definition)
        stated.forms[fold_key(name)][name] = None
    return stated


def _forms(candidate: TermCandidate, english_first: bool) -> tuple[str, ...]:
    """The Chinese forms of a candidate, the first one first."""
    if english_first:
        return (candidate.target, *candidate.target_forms)
    return (candidate.source, *candidate.source_forms)


def _defined(candidate: TermCandidate, stated: Stated, english_first: bool) -> TermCandidate:
    own = [d for form in _forms(candidate, english_first) for d in stated.definitions.get(fold_key(form), ())]
    return replace(candidate, definitions=(*candidate.definitions, *own)) if own else candidate


def _with_short_forms(
    found: Sequence[TermCandidate], stated: Stated, beads: Mapping[int, BeadSides], english_first: bool
) -> list[TermCandidate]:
    """The candidates; a short form becomes a rendering of what its full form renders, and the reverse."""
    listed = list(found)
    for short, fulls in stated.full.items():
        form = next(iter(stated.forms[short]))
        for full, rule in fulls.items():
            for one, other in ((full, form), (form, full)):
                _tie(listed, fold_key(one), other, rule, beads, english_first)
    return listed


def _tie(
    listed: list[TermCandidate], key: str, form: str, rule: str, beads: Mapping[int, BeadSides], english_first: bool
) -> None:
    """Give every English term with the rendering `key` the form that the text ties to it."""

    def shows(candidate: TermCandidate, wanted: str) -> bool:
        chosen = candidate.source and candidate.target and candidate.rule != "alternative"
        shown = candidate.target if english_first else candidate.source
        return bool(chosen) and (shown == wanted or fold_key(shown) == wanted)

    for base in [c for c in listed if shows(c, key) and c.rule != rule]:
        made = _other_form(base, form, rule, beads, english_first)
        english = _english(base, english_first)
        same = next((c for c in listed if shows(c, fold_key(form)) and _english(c, english_first) == english), None)
        listed[listed.index(base)] = _tied(base, form, rule, english_first)
        if same:
            listed[listed.index(same)] = _strengthened(same, made, rule)
        elif made:
            listed.append(made)


def _english(candidate: TermCandidate, english_first: bool) -> str:
    return candidate.source if english_first else candidate.target


def _tied(base: TermCandidate, form: str, rule: str, english_first: bool) -> TermCandidate:
    """The candidate of the full form with the short form among its Chinese forms."""
    evidence = {**base.evidence, rule: 1.0}
    if english_first:
        return replace(base, evidence=evidence, target_forms=tuple(dict.fromkeys((*base.target_forms, form))))
    return replace(base, evidence=evidence, source_forms=tuple(dict.fromkeys((*base.source_forms, form))))


def _strengthened(same: TermCandidate, made: TermCandidate | None, rule: str) -> TermCandidate:
    score = max(same.score, made.score) if made else same.score
    return replace(same, score=score, rule=rule, evidence={**same.evidence, rule: 1.0})


def _other_form(
    base: TermCandidate, form: str, rule: str, beads: Mapping[int, BeadSides], english_first: bool
) -> TermCandidate | None:
    """The pair of a term's English and the other form, wherever both stand in one bead; None when they never do."""
    english = (base.source, *base.source_forms) if english_first else (base.target, *base.target_forms)
    words = re.compile("|".join(rf"(?<!\w){re.escape(e)}(?!\w)" for e in sorted(english, key=len, reverse=True)))
    places = []
    for number, bead in beads.items():
        left = _places(bead.english.segments, words)
        right = _places(bead.chinese.segments, re.compile(re.escape(form)))
        places += [
            Occurrence(number, *(pair if english_first else pair[::-1])) for pair in zip(left, right, strict=False)
        ]
    if not places:
        return None
    made = replace(
        base, score=min(base.score, SHORT_FORM_SCORE), rule=rule, evidence={rule: 1.0}, occurrences=tuple(places),
        flags=(), definitions=(),
    )  # fmt: skip
    return replace(made, target=form, target_forms=()) if english_first else replace(made, source=form, source_forms=())


def _places(segments: Iterable[Segment], form: re.Pattern[str]) -> Iterator[tuple[int, int]]:
    for segment in segments:
        for match in form.finditer(segment.text):
            yield segment.start + match.start(), segment.start + match.end()


def _lone(
    numbered: Sequence[Numbered], stated: Stated, rendered: Set[str], likely: Mapping[str, tuple[float, Places]],
    dictionary: Cedict, lang: str,
) -> list[TermCandidate]:  # fmt: skip
    """Stated Chinese terms the text gives no English for, with every place they stand."""
    made = []
    for key, forms in stated.forms.items():
        if key in rendered:
            continue
        any_form = re.compile("|".join(map(re.escape, sorted(forms, key=len, reverse=True))))
        spans = dict.fromkeys((n, s) for n, segment in numbered for s in _places([segment], any_form))
        named = fold_key(next(iter(stated.full.get(key, ())), key))  # a short form is of its full form's kind
        listed = tuple(forms)
        made.append(TermCandidate(
            listed[0], "", lang, "en", _kind(listed[0], named, 1.0, dictionary),
            max(LONE_SCORE, likely.get(key, (0.0,))[0]), "stated", {}, tuple(Occurrence(n, s) for n, s in spans),
            tuple(stated.full.get(key, ())), tuple(stated.definitions.get(key, ())), listed[1:],
        ))  # fmt: skip
    return made


def _likely(
    numbered: Sequence[Numbered], known: Set[str], likely: Mapping[str, tuple[float, Places]], dictionary: Cedict,
    lang: str,
) -> list[TermCandidate]:  # fmt: skip
    """What is `likely` a term of a Chinese text alone, `known` folded forms left out."""
    made = []
    for key, (score, places) in likely.items():
        if key in known:
            continue
        forms = Counter(numbered[n][1].text[start:end] for n, start, end in places)
        listed = tuple(form for form, _ in forms.most_common())
        spans = tuple(
            Occurrence(numbered[n][0], (numbered[n][1].start + a, numbered[n][1].start + b)) for n, a, b in places
        )
        kind = _kind(listed[0], key, float(_may_name(key, dictionary)), dictionary)
        made.append(
            TermCandidate(listed[0], "", lang, "en", kind, score, "termhood", {}, spans, source_forms=listed[1:])
        )
    return made


def _kind(form: str, folded: str, named: float, dictionary: Cedict) -> Kind:
    """The kind of a Chinese term, or of a Latin one in a Chinese text; `named` as in `kind_of`."""
    english, chinese = ("", folded) if has_han(folded) else (form, "")
    return kind_of(english, chinese, [], dictionary.glosses, named)


def _may_name(key: str, dictionary: Cedict) -> bool:
    """True for Latin, and for Chinese whose first word is a name: the dictionary writes all its glosses with a capital.
    通道 is a county too, but a channel first."""
    glosses = [gloss for word in dictionary.segment(key)[:1] for gloss in dictionary.glosses(word)]
    return not has_han(key) or (bool(glosses) and all(gloss[:1].isupper() for gloss in glosses))


def _turned(candidate: TermCandidate) -> TermCandidate:
    """The candidate with its sides changed: Chinese as the target of a bitext whose source is English."""
    return replace(
        candidate, source="", target=candidate.source, source_lang="en", target_lang=candidate.source_lang,
        source_forms=(), target_forms=candidate.source_forms,
        occurrences=tuple(Occurrence(o.bead, None, o.source) for o in candidate.occurrences),
    )  # fmt: skip

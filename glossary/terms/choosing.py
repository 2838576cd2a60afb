"""Which pairs of an article are terms: units with their likeliest renderings, certain pairs, one to one in a bead."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache

import numpy as np

from glossary.lexicon import Cedict, content_stems
from glossary.terms.article import Article
from glossary.terms.candidates import GENERIC_MODIFIERS, Place, Unit, unit_key_of
from glossary.terms.certain import RULE_SCORES, CertainPair
from glossary.terms.features import SPAN_FEATURES, span_features
from glossary.terms.frequency import zipf
from glossary.terms.ranking import Model, logistic, softmax
from glossary.terms.spans import Sighting, sightings
from glossary.terms.term_features import term_features
from glossary.terms.tokens import DERIVED_ADJECTIVE

COMMON_WORD = 5.7
"""Single lower-case words this frequent in general English (zipf) are not paired: people, number, time."""

COMMON_START, COMMON_SLOPE = 4.0, 0.35
"""From this zipf frequency on a single lower-case word loses score, this much a unit of frequency: market, service."""

NAME_DOUBT = 0.5
"""Share of the doubt that stays when the unit is a whole name of several words: it is a term, the rendering may be
wrong. Source of these constants: the gold terms of the project's own seeds, 2026-11."""

GENERIC_SHARE = 0.4
"""What is left of a score when the unit opens with a word that belongs to no term: new, huge, blockchain-based."""

WITH_PARTICLE = 0.7
"""What is left of a score when 的 stands inside the rendering: no gold term of ethereum-dev and d2l-dev has one, of
those in labels-dev.tsv 10 of 24 are accepted."""

MISSPELT = 0.3
"""What is left of a score when a name of one pinyin syllable gets Chinese that no reading of spells it: Luo = 只願."""

CUT_FROM = 0.2
"""A gloss seen once that runs on to the left of a rendering this likely in several beads begins where that begins."""

VOUCHED_RULES = {"known": 0, "parenthesis": 0, "pinyin": 1, "identical": 1}
"""Rules that take their place in a bead before any statistics, in this order."""

ALTERNATIVES = 5
"""Renderings kept per unit, the chosen one included; the others only show below the default cut-off."""

RENDERINGS = 3
"""Renderings looked for one after the other, each in the beads that lack those before it."""

SECOND_RENDERING = 2
"""Beads without the first rendering that a second one must be found in to be listed as one."""

ALTERNATIVE_CEILING = 0.45
"""An alternative or a pair that lost its place to a better one never reaches the default cut-off of .5."""


@dataclass(frozen=True, slots=True)
class Spot:
    """One place of a pair: words [first, last) of a bead and folded Chinese [start, end)."""

    bead: int
    first: int
    last: int
    start: int
    end: int


@dataclass(slots=True)
class Pair:
    """An English unit with one rendering."""

    unit: Unit
    span: str
    score: float
    rule: str
    evidence: dict[str, float] = field(default_factory=dict)
    seen: tuple[Sighting, ...] = ()
    spots: list[Spot] = field(default_factory=list)
    best: bool = True  # the likeliest rendering of its unit in the beads it stands in


def choose(article: Article, model: Model, dictionary: Cedict, certain: Iterable[CertainPair],
           full_forms: Mapping[str, frozenset[str]]) -> list[Pair]:  # fmt: skip
    """All pairs of an article, best first; losers of the one-to-one assignment come under ALTERNATIVE_CEILING."""
    pairs: list[Pair] = []
    for unit in article.units.values():
        if _worth_pairing(unit):
            pairs += _renderings(article, unit, model, dictionary)
    pairs = _with_certain(article, pairs, _cut(article, pairs, list(certain), full_forms))
    pairs = _without_name_parts(pairs)
    pairs.sort(key=lambda p: (VOUCHED_RULES.get(p.rule, 2), -p.score, p.unit.key, p.span))
    _assign(article, pairs, full_forms)
    return sorted(pairs, key=lambda p: (-p.score, p.unit.key, p.span))


def _worth_pairing(unit: Unit) -> bool:
    """Drops common single words."""
    return " " in unit.key or unit.names > 0 or zipf(unit.key, "en") <= COMMON_WORD


def _settled(score: float, unit: Unit, gloss: bool) -> float:
    """The model's score after what the unit's form alone says: common single words, empty modifiers, whole names."""
    opener = unit.key.split(" ", 1)[0]
    if unit.names >= len(unit.places) / 2:
        return 1 - (1 - score) * NAME_DOUBT if opener != unit.key and unit.maximal else score
    if opener == unit.key:
        return score * (1.0 - COMMON_SLOPE * max(0.0, zipf(unit.key, "en") - COMMON_START))
    generic = opener in GENERIC_MODIFIERS or DERIVED_ADJECTIVE.search(opener)
    return score * GENERIC_SHARE if generic and not gloss else score


def _renderings(article: Article, unit: Unit, model: Model, dictionary: Cedict) -> list[Pair]:
    """The likeliest rendering, another one for the beads that lack it, and alternatives."""
    rows = dict(article.bead_rows(unit))
    pairs: list[Pair] = []
    for _ in range(RENDERINGS):
        found = sightings(article, rows)
        if not found:
            break
        ranked = _ranked(article, unit, rows, found, model, dictionary)
        pairs += ranked if not pairs else ranked[:1]
        rest = {bead: row for bead, row in rows.items() if ranked[0].span not in article.folded[bead]}
        if len(rest) < SECOND_RENDERING or len(rest) == len(rows):
            break
        rows = rest
    return pairs


def _ranked(
    article: Article, unit: Unit, rows: Mapping[int, tuple[int, ...]], found: Mapping[str, list[Sighting]],
    model: Model, dictionary: Cedict,
) -> list[Pair]:  # fmt: skip
    letters = sum(c.isalpha() for c in unit.key)
    table = span_features(article, letters, rows, found)
    shares = softmax(model.span(table))
    order = np.argsort(-shares, kind="stable")[:ALTERNATIVES]
    spans = list(found)
    pairs: list[Pair] = []
    for place, at in enumerate(order):
        share = float(shares[at])
        if place == 0:
            margin = share - (float(shares[order[1]]) if len(order) > 1 else 0.0)
            named = dict(zip(SPAN_FEATURES, table[at].tolist(), strict=True))
            gloss = is_gloss(dictionary, unit.key, spans[at])
            row = term_features(article, unit, share, margin, spans[at], named, gloss)
            score = _settled(logistic(float(model.term(np.array([row]))[0])), unit, gloss)
            if "的" in spans[at][1:-1] and not unit.names:
                score *= WITH_PARTICLE
            if unit.names and not gloss and misspelt(unit.key, spans[at], dictionary):
                score *= MISSPELT
            rule = "dictionary" if gloss else "alignment"
        else:
            score, rule = (
                min(ALTERNATIVE_CEILING, pairs[0].score) * share / (share + float(shares[order[0]])),
                "alternative",
            )
        seen = tuple(found[spans[at]])
        evidence = {"probability": share, "f": float(table[at, 0]), "share_of_unit": float(table[at, 4])}
        pair = Pair(unit, spans[at], score, rule, evidence, seen, [], place == 0)
        pair.spots = _spots(article, unit, pair)
        pairs.append(pair)
    return pairs


def _without_name_parts(pairs: list[Pair]) -> list[Pair]:
    """Without what an untranslated name makes needless: its parts (Jiang of Jiang Lifeng), its other renderings."""
    same = [p for p in pairs if p.rule == "identical"]
    parts = {word for p in same if " " in p.unit.key for word in p.unit.key.split()}
    whole = {p.unit.key for p in same}
    kept = [p for p in pairs if p.unit.key not in parts]
    return [p for p in kept if p.unit.key not in whole or p.rule in RULE_SCORES or not _extends(p.span, p.unit.key)]


def _extends(span: str, key: str) -> bool:
    """The unit's own string with something added: Web3的興起."""
    return key in span and span != key


def is_gloss(dictionary: Cedict, key: str, span: str) -> bool:
    """True when the dictionary gives exactly this English for the Chinese word."""
    wanted = content_stems(key)
    return bool(wanted) and any(
        content_stems(part) == wanted for gloss in dictionary.glosses(span) for part in gloss.split(";")
    )


def misspelt(key: str, span: str, dictionary: Cedict) -> bool:
    """True for a pinyin syllable and Chinese none of whose characters is read so: a family name and a wrong guess.

    >>> from glossary.lexicon import load_cedict
    >>> [misspelt(k, z, load_cedict()) for k, z in (("luo", "只愿"), ("luo", "罗"), ("tencent", "腾讯"))]
    [True, False, False]
    """
    return key in _syllables(dictionary) and not any(key in dictionary.readings(char) for char in span)


@cache
def _syllables(dictionary: Cedict) -> frozenset[str]:
    return frozenset(r for word in dictionary.headwords() if len(word) == 1 for r in dictionary.readings(word))


def _spots(article: Article, unit: Unit, pair: Pair) -> list[Spot]:
    """Every place of the unit whose bead holds the span: where the evidence is strongest, each span used once."""
    spots = []
    by_bead: dict[int, list[Place]] = defaultdict(list)
    for place in unit.places:
        by_bead[place.bead].append(place)
    for bead, places in sorted(by_bead.items()):
        starts = _all_starts(article.folded[bead], pair.span)
        if len(starts) > len(places):
            mass = article.posteriors[bead].share[list(range(places[0].first, places[0].last))].sum(axis=0)
            starts = sorted(sorted(starts, key=lambda s: (-mass[s : s + len(pair.span)].sum(), s))[: len(places)])
        for place, start in zip(places, starts, strict=False):
            spots.append(Spot(bead, place.first, place.last, start, start + len(pair.span)))
    return spots


def _all_starts(text: str, span: str) -> list[int]:
    starts, at = [], text.find(span)
    while at >= 0:
        starts.append(at)
        at = text.find(span, at + len(span))
    return starts


def _with_certain(article: Article, pairs: list[Pair], certain: list[CertainPair]) -> list[Pair]:
    """The pairs with certain ones joined in: a pair found both ways keeps the better score and the certain rule."""
    by_key: dict[tuple[str, str], Pair] = {(p.unit.key, p.span): p for p in pairs}
    for pair in certain:
        form = _form(article, pair)
        key = unit_key_of(form)
        span = article.folded[pair.bead][pair.start : pair.end]
        known = by_key.get((key, span))
        if known is None:
            unit = article.units.get(key) or Unit(key, {form: 1}, [Place(pair.bead, pair.first, pair.last)], 1, 1, 1)
            known = by_key[key, span] = Pair(unit, span, 0.0, pair.rule)
            known.spots = _spots(article, unit, known)
        base = RULE_SCORES[pair.rule]
        named = known.unit.names / max(1, len(known.unit.places)) >= 0.5
        if pair.rule == "enumeration" and not named:
            base = (base + known.score) / 2
        if base > known.score or known.rule not in RULE_SCORES:
            known.score, known.rule = max(base, known.score), pair.rule
        known.best = True
        known.evidence[pair.rule] = known.evidence.get(pair.rule, 0.0) + 1.0
        spot = Spot(pair.bead, pair.first, pair.last, pair.start, pair.end)
        if spot not in known.spots:
            known.spots = [s for s in known.spots if not (s.bead == spot.bead and s.start == spot.start)] + [spot]
    return list(by_key.values())


def _cut(
    article: Article, pairs: Sequence[Pair], certain: Sequence[CertainPair], full_forms: Mapping[str, frozenset[str]]
) -> list[CertainPair]:
    """Certain pairs; a gloss is cut to the rendering the document shows elsewhere: 云叶科技 of 初创公司云叶科技."""
    shown: dict[str, list[str]] = defaultdict(list)
    for pair in pairs:
        if pair.evidence["probability"] >= CUT_FROM and len({s.bead for s in pair.spots}) > 1:
            for key in (pair.unit.key, *(k for k, full in full_forms.items() if pair.unit.key in full)):
                shown[key].append(pair.span)
    made = []
    for own in certain:
        span = article.folded[own.bead][own.start : own.end]
        ends = [z for z in shown[unit_key_of(_form(article, own))] if own.rule == "parenthesis" and span.endswith(z)]
        ends = ends if article.edges(span)[0] == 1 else []
        made.append(replace(own, start=own.end - max(map(len, ends))) if ends else own)
    return made


def _form(article: Article, pair: CertainPair) -> str:
    row = article.words[pair.bead]
    return article.pairs[pair.bead].english[row[pair.first].start : row[pair.last - 1].end]


def _assign(article: Article, pairs: list[Pair], full_forms: Mapping[str, frozenset[str]]) -> None:
    """Greedy one-to-one within every bead, nested terms allowed; a pair that keeps no spot drops under the ceiling."""
    taken: dict[int, list[tuple[Spot, str]]] = defaultdict(list)
    for pair in pairs:
        if not pair.best:
            continue
        kept = [s for s in pair.spots if all(_compatible(s, o, pair.unit.key, k, full_forms) for o, k in taken[s.bead])]
        for spot in kept:
            taken[spot.bead].append((spot, pair.unit.key))
        if kept:
            pair.spots = kept
        else:
            pair.score = min(pair.score, ALTERNATIVE_CEILING) * 0.9
            pair.best = False


def _compatible(a: Spot, b: Spot, key_a: str, key_b: str, full_forms: Mapping[str, frozenset[str]]) -> bool:
    """True when both sides are apart, or nested the same way, or the pairs are an acronym and its full form."""
    linked = key_b in full_forms.get(key_a, ()) or key_a in full_forms.get(key_b, ())
    if linked and (a.start, a.end) == (b.start, b.end):
        return True
    english = _relation((a.first, a.last), (b.first, b.last))
    chinese = _relation((a.start, a.end), (b.start, b.end))
    return english == chinese and english != "crossing" and english != "same"


def _relation(a: tuple[int, int], b: tuple[int, int]) -> str:
    if a == b:
        return "same"
    if a[1] <= b[0] or b[1] <= a[0]:
        return "apart"
    if a[0] <= b[0] and b[1] <= a[1]:
        return "holds"
    if b[0] <= a[0] and a[1] <= b[1]:
        return "inside"
    return "crossing"

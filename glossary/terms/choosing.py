"""Which pairs of an article are terms: units with their likeliest renderings, certain pairs, one to one in a bead."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from functools import cache
from itertools import permutations

import numpy as np

from glossary.language import has_han
from glossary.lexicon import Cedict, content_stems
from glossary.terms.article import Article
from glossary.terms.frequency import zipf
from glossary.terms.looks import measure
from glossary.terms.monolingual import load_monolingual_model
from glossary.terms.pairs import Pair, Spot, find_spots, part_of
from glossary.terms.ranking import HOPELESS, HOPELESS_IN_LONG, Linear, Model, logistic
from glossary.terms.renderings import renderings, vouched_rows
from glossary.terms.spans import PAIRED_UP_TO, Found
from glossary.terms.term_features import TermRows, compete, gloss_share
from glossary.terms.unit_features import UnitRows
from glossary.terms.units import Place, Unit, unit_key_of
from glossary.terms.vouched import RULES, CertainPair, least_score

COMMON_WORD = 5.7
"""Single lower-case words this frequent in general English (zipf) are not paired: people, number, time."""

LISTED, SURE_MEMBERS = 0.55, 2
"""A list of names whose order both languages keep: what its members score at least, once so many and most of them reach
it by themselves. Set by hand."""

CUT_FROM = 0.2
"""A gloss seen once that runs on to the left of a rendering this likely in several beads begins where that begins."""

BRACKET = 2
"""Characters between a rendering and its gloss, at most: a bracket and a space. Both render the unit: 代幣 (NFT)."""

MISSPELT = 0.3
"""What is left of a score when a name of one pinyin syllable gets Chinese that no reading of spells it: Luo = 只願."""

LIKELY = 0.5
"""A rendering this likely among the spans of its unit comes before those that stand in fewer beads."""

HOPELESS_UNIT = -3.5
"""Log-odds by its English alone under which a unit of a long text is not paired: a quarter of the units of ethereum-dev
and d2l-dev. Of the required terms of labelled pages whose domain was left out .1 to .6 % have less."""

UNLIKELY, HELD_SHARE = 0.1, 0.7
"""Source of the second: TERMS.md, method 5; the first is set by hand."""

LOSS = 0.9
"""What a pair that lost keeps of its score, under the ceiling."""

ALTERNATIVE_CEILING = 0.45
"""An alternative or a pair that lost its place to a better one never reaches the default cut-off of .5."""


def choose(article: Article, model: Model, dictionary: Cedict, certain: Iterable[CertainPair],
           full_forms: Mapping[str, frozenset[str]], least: float = 0.0) -> list[Pair]:  # fmt: skip
    """All pairs of an article, best first; losers of the one-to-one assignment come under ALTERNATIVE_CEILING.

    Alternatives scored under `least` have no spots; long texts have none unless it is 0.
    """
    rows = UnitRows(article)
    units, every = _worth_pairing(article, rows), least == 0 or len(article.pairs) <= PAIRED_UP_TO
    pairs = gather(article, units, model.span, dictionary, certain, full_forms, alternatives=every)
    article.forget_search()
    best = [p for p in pairs if p.best]
    judged = model.term.judged(best, TermRows(article, rows, dictionary), HOPELESS if every else HOPELESS_IN_LONG)
    article.forget_strings()
    for pair, odds in zip(best, judged.tolist(), strict=True):
        pair.score = max(logistic(odds), least_score(pair.rules, pair.unit.form, pair.span))
        if pair.measured("misspelt"):
            pair.score *= MISSPELT
    _lift_lists(best)
    _commonest_first(best)
    _spelt_first(best)
    _score_alternatives(pairs)
    settle(best, full_forms)
    for pair in pairs:
        if not pair.spots and pair.score >= least:
            pair.spots = find_spots(article, pair.unit.by_bead(), pair.span)
    return sorted(pairs, key=lambda p: (-p.score, p.unit.key, p.span))


def gather(article: Article, units: Iterable[Unit], model: Linear, dictionary: Cedict,
           certain: Iterable[CertainPair], full_forms: Mapping[str, frozenset[str]], *,
           alternatives: bool = True) -> list[Pair]:  # fmt: skip
    """All pairs of these units and certain ones before any is judged, with what the term model reads in the rows."""
    pairs = list(renderings(article, units, model, alternatives=alternatives))
    pairs = _with_certain(article, pairs, _cut(article, pairs, list(certain), full_forms))
    pairs = _without_name_parts(pairs)
    _measure(article, [pair for pair in pairs if not len(pair.row)])
    for pair in pairs:
        if not pair.best:
            continue
        gloss = is_gloss(dictionary, pair.unit.key, pair.span)
        wrong = bool(pair.unit.names) and not gloss and misspelt(pair.unit.key, pair.span, dictionary)
        share = gloss_share(dictionary, pair.unit.key, pair.span)
        pair.measure(gloss=float(gloss), misspelt=float(wrong), gloss_share=share)
        if gloss and pair.rule == "alignment":
            pair.rule = "dictionary"
    compete([p for p in pairs if p.best], full_forms)
    return pairs


def _measure(article: Article, pairs: Sequence[Pair]) -> None:
    """Give pairs that only a rule found what the others have."""
    for pair, row in zip(pairs, vouched_rows(article, [_found(article, pair) for pair in pairs]), strict=True):
        pair.row = row


def _found(article: Article, pair: Pair) -> Found:
    rows = dict(article.bead_rows(pair.unit)) | {s.bead: tuple(range(s.first, s.last)) for s in pair.spots}
    seen = [measure(article, s.bead, tuple(range(s.first, s.last)), s.start, s.end) for s in pair.spots]
    return Found(rows, sum(c.isalpha() for c in pair.unit.key), [pair.span], [len(seen)], np.array(seen))


def _score_alternatives(pairs: Sequence[Pair]) -> None:
    """Other renderings of a unit share what its best one has, under the ceiling."""
    top: dict[str, Pair] = {}
    for pair in pairs:
        if pair.best and pair.score >= (top[pair.unit.key].score if pair.unit.key in top else 0.0):
            top[pair.unit.key] = pair
    for pair in pairs:
        first = top.get(pair.unit.key)
        if pair is not first and pair.rule == "alternative" and first is not None:
            own, other = pair.measured("probability"), first.measured("probability")
            pair.score = min(ALTERNATIVE_CEILING, first.score) * own / max(own + other, 1e-9)


def _worth_pairing(article: Article, rows: UnitRows) -> list[Unit]:
    """The units of a text; of a long one without common single words and those whose English makes no term."""
    units = list(article.units.values())
    if len(article.pairs) <= PAIRED_UP_TO:
        return units
    units = [unit for unit in units if not _common(unit)]
    if not units:
        return []
    hopeful = load_monolingual_model().english(np.stack([rows(unit) for unit in units])) > HOPELESS_UNIT
    return [unit for unit, hope in zip(units, hopeful.tolist(), strict=True) if hope]


def _common(unit: Unit) -> bool:
    return " " not in unit.key and not unit.names and zipf(unit.key, "en") > COMMON_WORD


def _without_name_parts(pairs: list[Pair]) -> list[Pair]:
    """Without what an untranslated name makes needless: its parts (Jiang of Jiang Lifeng), its other renderings."""
    same = [p.unit for p in pairs if p.rule == "identical"]
    inside = {
        (place.bead, at) for unit in same if " " in unit.key for place in unit.places for at in range(*place[1:3])
    }
    whole = {unit.key for unit in same}
    kept = [p for p in pairs if " " in p.unit.key or not _mostly_in(p.unit, inside)]
    return [
        p
        for p in kept
        if p.unit.key not in whole or p.rule in RULES or not (p.unit.key in p.span and p.span != p.unit.key)
    ]


def _mostly_in(unit: Unit, words: set[tuple[int, int]]) -> bool:
    """True for a unit of one word that mostly is one of these words."""
    return 2 * sum((place.bead, place.first) in words for place in unit.places) >= len(unit.places)


def _lift_lists(pairs: Sequence[Pair]) -> None:
    """Members of a list that most of the other members are sure of get LISTED at least: Tencent, Huawei and Inspur."""
    lists: dict[int, list[Pair]] = defaultdict(list)
    for pair in pairs:
        if "enumeration" in pair.rules:
            for bead in {spot.bead for spot in pair.spots}:
                lists[bead].append(pair)
    for members in lists.values():
        firm = sum(p.score >= LISTED for p in members)
        if firm >= SURE_MEMBERS and 2 * firm > len(members):
            for pair in members:
                pair.score = max(pair.score, LISTED)


def _commonest_first(pairs: Sequence[Pair]) -> None:
    """Of two renderings of a unit the likely one that stands in more beads takes the better score.

    One that holds the other does so when that is unlikely by itself and hardly ever stands alone: 语料库, not 语料.
    """
    by_unit: dict[str, list[Pair]] = defaultdict(list)
    for pair in pairs:
        if pair.best:
            by_unit[pair.unit.key].append(pair)
    for own in by_unit.values():
        for first, second in permutations(own, 2):
            if first.score < second.score and has_han(first.span) and _comes_first(first, second):
                first.score, second.score = second.score, first.score


def _spelt_first(pairs: Sequence[Pair]) -> None:
    """A name that pinyin spells comes before a longer unit that would take its rendering: Fujian = 福建, not Fujian
    province."""
    spelt: dict[str, list[Pair]] = defaultdict(list)
    for pair in pairs:
        if "pinyin" in pair.rules:
            spelt[pair.span].append(pair)
    for other in pairs:
        for name in spelt.get(other.span, ()):
            longer = other.unit.key != name.unit.key and f" {name.unit.key} " in f" {other.unit.key} "
            if longer and name.score < other.score:
                name.score, other.score = other.score, name.score


def _comes_first(first: Pair, second: Pair) -> bool:
    if not first.aligned or first.measured("probability") < LIKELY or first.span in second.span:
        return False
    if second.span in first.span:
        unlikely = second.aligned and second.measured("probability") < UNLIKELY
        return unlikely and _beads(first) >= HELD_SHARE * _beads(second)
    return _beads(first) > _beads(second)


def _beads(pair: Pair) -> int:
    return len({spot.bead for spot in pair.spots})


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
            known = by_key[key, span] = Pair(unit, span, pair.rule)
            known.spots = find_spots(article, unit.by_bead(), span)
        known.spots = known.spots or find_spots(article, known.unit.by_bead(), span)
        if known.rule not in RULES or RULES.index(pair.rule) < RULES.index(known.rule):
            known.rule = pair.rule
        known.best = True
        known.rules += (pair.rule,)
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
        if pair.measured("probability") < CUT_FROM:
            continue
        if len({s.bead for s in pair.spots or find_spots(article, pair.unit.by_bead(), pair.span)}) > 1:
            for key in (pair.unit.key, *(k for k, full in full_forms.items() if pair.unit.key in full)):
                shown[key].append(pair.span)
    made = []
    for own in certain:
        span = article.folded[own.bead][own.start : own.end]
        ends = [z for z in shown[unit_key_of(_form(article, own))] if own.rule == "parenthesis" and span.endswith(z)]
        ends = ends if ends and article.edges(span)[0] == 1 else []
        made.append(replace(own, start=own.end - max(map(len, ends))) if ends else own)
    return made


def _form(article: Article, pair: CertainPair) -> str:
    row = article.words[pair.bead]
    return article.pairs[pair.bead].english[row[pair.first].start : row[pair.last - 1].end]


def settle(best: Sequence[Pair], full_forms: Mapping[str, frozenset[str]]) -> None:
    """The renderings that stay: the best-scored of those a unit's words may have, then one to one in every bead."""
    ranked = sorted(best, key=lambda p: (-p.score, p.unit.key, p.span))
    chosen: set[tuple[str, int]] = set()
    for pair in ranked:
        if not pair.rules and (pair.unit.key, pair.turn) in chosen:
            _lose(pair)
        elif not pair.rules:
            chosen.add((pair.unit.key, pair.turn))
    assign([p for p in ranked if p.best], full_forms)


def _lose(pair: Pair) -> None:
    pair.score = min(pair.score, ALTERNATIVE_CEILING) * LOSS
    pair.best = False


def assign(best: Sequence[Pair], full_forms: Mapping[str, frozenset[str]]) -> None:
    """Greedy one-to-one within every bead, nested terms allowed; a pair that keeps no spot drops under the ceiling."""
    taken: dict[int, list[tuple[Spot, Pair]]] = defaultdict(list)
    for pair in best:
        kept = [s for s in pair.spots if all(_compatible(s, pair, o, other, full_forms) for o, other in taken[s.bead])]
        for spot in kept:
            taken[spot.bead].append((spot, pair))
        if kept:
            pair.spots = kept
        else:
            _lose(pair)


def _compatible(a: Spot, one: Pair, b: Spot, other: Pair, full_forms: Mapping[str, frozenset[str]]) -> bool:
    """True when both sides are apart, nested or shifted the same way, or the pairs are an acronym and its full form.

    A term and its part in both languages are so wherever they stand: which 银行 is the one of 南灯银行 is not told.
    """
    if (a.last <= b.first or b.last <= a.first) and (a.end <= b.start or b.end <= a.start):
        return True
    key_a, key_b = one.unit.key, other.unit.key
    if part_of(one, other) or part_of(other, one):
        return True
    linked = key_b in full_forms.get(key_a, ()) or key_a in full_forms.get(key_b, ())
    if linked and (a.start, a.end) == (b.start, b.end):
        return True
    english = _relation((a.first, a.last), (b.first, b.last))
    chinese = _relation((a.start, a.end), (b.start, b.end))
    if chinese in ("holds", "inside") and (_spells(key_a, key_b, full_forms) or _spells(key_b, key_a, full_forms)):
        return True
    if key_a == key_b and chinese == "apart" and max(a.start, b.start) - min(a.end, b.end) <= BRACKET:
        return True
    if english == "crossing" and chinese == english:
        return (a.first < b.first) == (a.start < b.start)
    return english == chinese and english != "same"


def _spells(acronym: str, part: str, full_forms: Mapping[str, frozenset[str]]) -> bool:
    """True when the acronym's full form has these words: nft and token."""
    return any(f" {part} " in f" {full} " for full in full_forms.get(acronym, ()))


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

"""Pairs the text itself vouches for: glosses in brackets, the same Latin string on both sides, lists in the same order.

These need no statistics, so one occurrence is enough. Each finding names the rule that made it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from glossary.datamodel import KnownTerm
from glossary.language import HAN, HAN_CHAR, fold
from glossary.lexicon import Cedict, content_stems
from glossary.terms.article import INNER_SIGNS, LONGEST_SPAN, Article
from glossary.terms.boundaries import DICTIONARY, FUNCTION, JIEBA
from glossary.terms.candidates import GENERIC_MODIFIERS, inside_name, is_unit, phrases, unit_key_of
from glossary.terms.spans import measure
from glossary.terms.tokens import FUNCTION_CHARS, LONGEST_WORD, Word, is_acronym, lattice

Floats = NDArray[np.float64]

GENERIC_OPENERS = GENERIC_MODIFIERS - {"big", "smart", "open", "public", "private"}
"""A dictionary phrase that opens with one of these is no term: new technology; big data is one."""

LIST_EVIDENCE = 0.25
"""Mean F the items of two lists must reach before their order is trusted; set by hand, not tuned."""

LEFTOVER_VALUE = 0.35
"""What a character no word explains adds to an extent; names are made of such characters."""

KEPT_RECALL = 0.9
"""Share of the words' recall that must be left when a verb is taken off the front of a gloss."""

LEFTOVER_COST = 0.1
EXPLAINED = 1.0
"""What such a character costs once the words are explained, and the characters each word must account for till then."""

NUMERALS = frozenset("一二三四五六七八九十百千万亿两")
"""A count (五家) is no part of the name beside it."""

UNVOTED_EDGE = 0.8
"""Cost of an extent whose open edge no voter sees as a boundary."""

GROWN_SHARE = 0.8
"""Share of a span's places that must have the same character before them for a gloss to take it in."""

_CONTENT = frozenset({"NOUN", "PROPN", "ADJ", "VERB", "NUM", "ADV"})

_LATIN = r"[A-Za-z][A-Za-z0-9.+&'’‑-]*"
_LATIN_RUN = re.compile(rf"{_LATIN}(?: {_LATIN}| \d[\d.]*)*")
_GLOSS = re.compile(rf"\s*[（(]\s*({_LATIN_RUN.pattern})\s*[,，;；)）]")

_LAST_MARK = re.compile("以及|[和与及或跟]")


@dataclass(frozen=True, slots=True)
class CertainPair:
    """Words [first, last) of a bead and folded Chinese [start, end), with the rule that paired them."""

    bead: int
    first: int
    last: int
    start: int
    end: int
    rule: str


def certain_pairs(article: Article, full_forms: Mapping[str, frozenset[str]], dictionary: Cedict) -> list[CertainPair]:
    """Every certain pair of a document; `full_forms` gives the keys of the full forms of an acronym's key."""
    found: list[CertainPair] = []
    for bead in range(len(article.pairs)):
        glosses = list(_glosses(article, bead, full_forms, dictionary))
        found += glosses
        found += _identical(article, bead, {(g.end, article.folded[bead].find(")", g.end)) for g in glosses})
        found += _lists(article, bead)
        found += _dictionary_phrases(article, bead, dictionary)
        found += [_grown_name(article, bead, n) for n in article.names[bead] if _whole_name(article, bead, n)]
    return found


def known_pairs(article: Article, known: Sequence[KnownTerm]) -> list[CertainPair]:
    """Pairs of a termbase wherever both of their sides stand in one bead; rejected ones give nothing."""
    found = []
    for term in known:
        if term.rejected:
            continue
        chinese = fold(term.chinese).text
        for bead, text in enumerate(article.folded):
            start = text.find(chinese) if chinese else -1
            for first, last in _words_of(article.words[bead], term.english) if start >= 0 else ():
                found.append(CertainPair(bead, first, last, start, start + len(chinese), "known"))
    return found


def _words_of(words: Sequence[Word], phrase: str) -> list[tuple[int, int]]:
    """Word ranges whose key equals a phrase's key."""
    key = unit_key_of(phrase)
    size = len(key.split())
    found = []
    for first in range(len(words)):
        for last in range(first + 1, min(len(words), first + size + 2) + 1):
            if (
                unit_key_of(
                    " ".join(w.text for w in words[first:last])
                    .replace(" 's", "'s")
                    .replace(" ’s", "'s")
                    .replace(" -", "-")
                )
                == key
            ):
                found.append((first, last))
    return found


def _glosses(
    article: Article, bead: int, full_forms: Mapping[str, frozenset[str]], dictionary: Cedict
) -> Iterable[CertainPair]:
    """`中文(English)`: the Chinese before the bracket renders the English word, wherever that stands in the bead."""
    text, words = article.folded[bead], article.words[bead]
    for match in _GLOSS.finditer(text):
        stop = match.start()
        if not stop or not HAN_CHAR.match(text[stop - 1]) or len(match[1]) < 2:
            continue
        keys = [match[1], *sorted(full_forms.get(unit_key_of(match[1]), ()))]
        places = [place for key in keys for place in _words_of(words, key)]
        if not places:
            continue
        row = tuple(sorted({i for place in places for i in _with_apposition(article, bead, place)}))
        start = min(_open_left(article, bead, row, stop), _word_before(article, text, stop))
        start = _past_descriptor(text, start, stop) if match[1][0].isupper() else start
        start = _past_verb(article, bead, row, (_grown_left(article, text, start, stop), stop), dictionary)
        for first, last in dict.fromkeys(places):
            yield CertainPair(bead, first, last, start, stop, "parenthesis")


DESCRIPTORS = ("公司", "集团", "企业", "机构", "平台", "厂商", "业者", "团体", "组织", "品牌", "媒体")
"""What stands before a name and says what it is; no name opens with one: 公司 of 物流公司茶渡物流(Teaford Logistics)."""


def _past_descriptor(text: str, start: int, stop: int) -> int:
    """Where a gloss of a name begins once the word for its kind is off."""
    size = next((len(d) for d in DESCRIPTORS if text.startswith(d, start) and stop - start > len(d) + 1), 0)
    return start + size


def _past_verb(article: Article, bead: int, row: tuple[int, ...], span: tuple[int, int], dictionary: Cedict) -> int:
    """Where a span begins once a verb in front is off, if the words lose nothing by it: 采用 before 区块链服务网络."""
    start, stop = span
    text, votes = article.folded[bead], article.votes[bead][JIEBA]
    cuts = [at for at in range(start, stop) if at == start or votes[at]]
    whole = measure(article, bead, row, start, stop).recall
    for begin, end in reversed(list(pairwise(cuts))):
        verb = end - begin > 1 and all(
            part.strip().startswith("to ") for gloss in dictionary.glosses(text[begin:end]) for part in gloss.split(";")
        )
        if (
            verb
            and text[begin:end] in dictionary
            and measure(article, bead, row, end, stop).recall >= whole * KEPT_RECALL
        ):
            return end
    return start


def _with_apposition(article: Article, bead: int, place: tuple[int, int]) -> range:
    """The words of a place and, when it stands in brackets, those of the phrase before them: digital yuan (e-CNY)."""
    text, words = article.pairs[bead].english, article.words[bead]
    first, last = place
    if first and re.fullmatch(r"\s*\(\s*|,?\s+or\s+(the\s+)?", text[words[first - 1].end : words[first].start]):
        for start, end in phrases(text, words):
            if end == first:
                return range(start, last)
    return range(first, last)


def _word_before(article: Article, text: str, stop: int) -> int:
    """Where the longest dictionary word that ends at `stop` begins: a gloss takes it in whole."""
    sizes = [n for n in range(2, min(LONGEST_WORD, stop) + 1) if article.is_word(text[stop - n : stop])]
    return stop - max(sizes, default=1)


def _grown_left(article: Article, text: str, start: int, stop: int) -> int:
    """The start moved left while the document nearly always has the same character there: 秦科技 to 数秦科技."""
    while start and stop - start < LONGEST_SPAN and HAN_CHAR.match(text[start - 1]):
        count, left, _ = article.edges(text[start:stop])
        if count < 2 or left[text[start - 1]] < GROWN_SHARE * min(count, 60):
            break
        start -= 1
    return start


def _value(article: Article, bead: int, row: tuple[int, ...], start: int, end: int) -> Floats:
    """Per character: what it adds to an extent for these words, when the extent lies within [start, end).

    Characters other words explain count against it. Characters nobody explains speak for it only while the words
    are still unexplained there: names are made of such characters, translated phrases are not.
    """
    found, words = article.posteriors[bead], article.words[bead]
    own = found.share[list(row)].sum(axis=0)
    at_home = found.mass[:, start:end].max(axis=1, initial=0.0)
    elsewhere = np.maximum(found.mass[:, :start].max(axis=1, initial=0.0), found.mass[:, end:].max(axis=1, initial=0.0))
    foreign = [i for i, w in enumerate(words) if i not in row and w.tag in _CONTENT and at_home[i] > elsewhere[i]]
    content = [i for i in row if words[i].tag in _CONTENT and not is_acronym(words[i].text)]
    explained = float(own[start:end].sum()) >= len(content) * EXPLAINED
    leftover = -LEFTOVER_COST if content and explained else LEFTOVER_VALUE
    value: Floats = own + leftover - np.maximum(found.known[foreign].sum(axis=0), found.share[foreign].sum(axis=0) / 2)
    return value


def _stops(article: Article, bead: int, at: int) -> bool:
    """True for a character no extent reaches over: a sign, or a function character that jieba lets stand alone."""
    char, votes = article.folded[bead][at], article.votes[bead][JIEBA]
    if char in NUMERALS and votes[at]:
        return True
    if not (HAN_CHAR.match(char) or char.isalnum() or char in INNER_SIGNS):
        return True
    return char in FUNCTION_CHARS - {"和", "与"} and bool(votes[at] and votes[at + 1])


def _edge_cost(article: Article, bead: int, at: int) -> float:
    votes = article.votes[bead][:, at]
    return 0.0 if max(votes[JIEBA], votes[DICTIONARY], votes[FUNCTION]) > 0.4 else UNVOTED_EDGE


def _open_left(article: Article, bead: int, row: tuple[int, ...], stop: int) -> int:
    """Where a span that ends at `stop` begins."""
    farthest = max(0, stop - LONGEST_SPAN - 4)
    value = _value(article, bead, row, farthest, stop)
    best, best_score, total = stop - 1, -np.inf, 0.0
    for start in range(stop - 1, farthest - 1, -1):
        if _stops(article, bead, start):
            break
        total += value[start]
        score = total - _edge_cost(article, bead, start)
        if score > best_score and article.folded[bead][start] not in FUNCTION_CHARS:
            best, best_score = start, score
    return best


def _open_right(article: Article, bead: int, row: tuple[int, ...], start: int) -> int:
    """Where a span that begins at `start` ends."""
    farthest = min(len(article.folded[bead]), start + LONGEST_SPAN)
    value = _value(article, bead, row, start, farthest)
    best, best_score, total = start + 1, -np.inf, 0.0
    for end in range(start + 1, farthest + 1):
        if _stops(article, bead, end - 1):
            break
        total += value[end - 1]
        score = total - _edge_cost(article, bead, end)
        if score > best_score:
            best, best_score = end, score
    return best


def _identical(article: Article, bead: int, glossed: set[tuple[int, int]]) -> Iterable[CertainPair]:
    """The same name or acronym on both sides: IDC, Catherine Hong, Web3. Strings inside a gloss are left to it."""
    text, words = article.folded[bead], article.words[bead]
    for match in _LATIN_RUN.finditer(text):
        if any(a <= match.start() < b for a, b in glossed):
            continue
        pieces = list(re.finditer(r"\S+", match.group()))
        at = 0
        while at < len(pieces):
            size = next((n for n in range(len(pieces) - at, 0, -1) if _same(words, pieces[at : at + n])), 0)
            for first, last in _same(words, pieces[at : at + size]) if size else []:
                start = match.start() + pieces[at].start()
                end = match.start() + pieces[at + size - 1].end()
                yield CertainPair(bead, first, last, start, end, "identical")
            at += max(1, size)


def _same(words: Sequence[Word], pieces: Sequence[re.Match[str]]) -> list[tuple[int, int]]:
    wanted = [p.group().rstrip(".") for p in pieces]
    found = []
    for first in range(len(words) - len(wanted) + 1):
        run = words[first : first + len(wanted)]
        if [w.lower for w in run] == wanted and all(_namelike(w) for w in run):
            found.append((first, first + len(wanted)))
    return found


def _namelike(word: Word) -> bool:
    return len(word.text) > 1 and any(c.isupper() or c.isdigit() for c in word.text)


def _grown_name(article: Article, bead: int, name: tuple[int, int, int, int]) -> CertainPair:
    """A name spelt in pinyin with what the document always has after it: 保全网 for Baoquan."""
    first, last, start, end = name
    text = article.folded[bead]
    while end < len(text) and end - start < LONGEST_SPAN and HAN_CHAR.match(text[end]):
        count, _, right = article.edges(text[start:end])
        if text[end] in FUNCTION_CHARS or count < 3 or right[text[end]] < GROWN_SHARE * min(count, 60):
            break
        end += 1
    return CertainPair(bead, first, last, start, end, "pinyin")


def _whole_name(article: Article, bead: int, name: tuple[int, int, int, int]) -> bool:
    """True when the words spelt are a name of their own: Chengdu, Xu Yinan; not Jinjiang of Jinjiang Court.

    One word needs no tag: the tagger takes Fujian of Fujian province for an adjective.
    """
    text, words, (first, last, _, _) = article.pairs[bead].english, article.words[bead], name
    return is_unit(text, words, first, last) or (last - first == 1 and not inside_name(text, words, first, last))


def _dictionary_phrases(article: Article, bead: int, dictionary: Cedict) -> Iterable[CertainPair]:
    """A dictionary word of three characters or more whose gloss of two words or more stands in the English: 供應鏈."""
    text, words = article.folded[bead], article.words[bead]
    kept = [i for i, w in enumerate(words) if w.tag != "PART" and content_stems(w.text)]
    stems = [content_stems(words[i].text) for i in kept]
    flat = [(stem, i) for i, parts in zip(kept, stems, strict=True) for stem in parts]
    for start, end in lattice(text, dictionary.__contains__):
        if end - start < 3 or text[start:end] not in dictionary:
            continue
        for phrase in {content_stems(part) for g in dictionary.glosses(text[start:end]) for part in g.split(";")}:
            for at in range(len(flat) - len(phrase) + 1) if len(phrase) > 1 else ():
                if tuple(stem for stem, _ in flat[at : at + len(phrase)]) == phrase:
                    first, last = flat[at][1], flat[at + len(phrase) - 1][1] + 1
                    if (
                        words[first].lower not in GENERIC_OPENERS
                        and last - first > 1
                        and is_unit(article.pairs[bead].english, words, first, last)
                    ):
                        yield CertainPair(bead, first, last, start, end, "dictionary")


def _lists(article: Article, bead: int) -> Iterable[CertainPair]:
    """Lists of the same length, matched in order when the order is borne out by the items' own evidence."""
    text = article.folded[bead]
    for items in _english_lists(article.pairs[bead].english, article.words[bead]):
        for spans in _chinese_lists(text, len(items)):
            spans = _trimmed(article, bead, items, spans)
            rows = [tuple(range(*item)) for item in items]
            if any("、" in text[a:b] or b - a > LONGEST_SPAN for a, b in spans):
                continue
            evidence = [measure(article, bead, r, a, b).f for r, (a, b) in zip(rows, spans, strict=True)]
            if float(np.mean(evidence)) >= LIST_EVIDENCE and 2 * sum(f > 0.2 for f in evidence) >= len(evidence):
                for (first, last), (start, end) in zip(items, spans, strict=True):
                    yield CertainPair(bead, first, last, start, end, "enumeration")


def _english_lists(text: str, words: tuple[Word, ...]) -> list[list[tuple[int, int]]]:
    """`A, B, C and D` as word ranges: three items and more, each a whole phrase."""
    chunks = phrases(text, words, whole=True)
    lists: list[list[tuple[int, int]]] = []
    current: list[tuple[int, int]] = []
    for chunk in chunks:
        mark = text[words[current[-1][1] - 1].end : words[chunk[0]].start].strip().lower() if current else ""
        if current and mark in (",", "，"):
            current.append(chunk)
        elif len(current) >= 2 and re.fullmatch(r",?\s*(and|or|&|as well as)", mark):
            lists.append([*current, chunk])
            current = []
        else:
            current = [chunk]
    return lists


def _chinese_lists(text: str, size: int) -> list[list[tuple[int, int]]]:
    """Spans of every list of exactly `size` items; the outer edges of the first and last item are still open."""
    found = []
    for sentence in re.finditer(r"[^。；;！？!?：:\n]+", text):
        begin = sentence.start()
        for mark in ("、", "[,，]"):
            parts = [m.span() for m in re.finditer(f"(?:(?!{mark}).)+", sentence.group())]
            found += _windows(text, [(begin + a, begin + b) for a, b in parts], size)
    return found


def _windows(text: str, parts: list[tuple[int, int]], size: int) -> list[list[tuple[int, int]]]:
    """Runs of parts that make `size` items once the last part is split at its conjunction."""
    windows = []
    for at in range(len(parts) - size + 2):
        run = parts[at : at + size - 1]
        if len(run) != size - 1 or size < 3:
            continue
        joint = _LAST_MARK.search(text, run[-1][0] + 1, run[-1][1])
        if joint and joint.end() < run[-1][1]:
            windows.append([*run[:-1], (run[-1][0], joint.start()), (joint.end(), run[-1][1])])
    return windows


def _trimmed(
    article: Article, bead: int, items: list[tuple[int, int]], spans: list[tuple[int, int]]
) -> list[tuple[int, int]]:
    """The spans with white space off, the first one's start and the last one's end found by evidence."""
    text = article.folded[bead]
    bare = [_stripped(text, a, b) for a, b in spans]
    first, last = tuple(range(*items[0])), tuple(range(*items[-1]))
    start = _open_left(article, bead, first, bare[0][1])
    spelt = [e for f, n, s, e in article.names[bead] if (f, n) == items[-1] and s == bare[-1][0]]
    end = max(_open_right(article, bead, last, bare[-1][0]), *spelt, 0)
    return [(max(start, bare[0][0]), bare[0][1]), *bare[1:-1], (bare[-1][0], min(end, bare[-1][1]))]


def _stripped(text: str, start: int, end: int) -> tuple[int, int]:
    while start < end - 1 and not re.match(rf"[{HAN}\w]", text[start]):
        start += 1
    while end > start + 1 and not re.match(rf"[{HAN}\w]", text[end - 1]):
        end -= 1
    return start, end

"""Pairs from lists of the same length: `A, B and C` = `甲、乙和丙`, matched in order when the order is borne out."""

from __future__ import annotations

import re
from collections.abc import Iterable

import numpy as np

from glossary.language import HAN
from glossary.terms.article import LONGEST_SPAN, Article
from glossary.terms.candidates import phrases
from glossary.terms.extents import open_left, open_right
from glossary.terms.looks import measure
from glossary.terms.tokens import Word
from glossary.terms.vouched import CertainPair

LIST_EVIDENCE = 0.25
"""Mean F the items of two lists must reach before their order is trusted; set by hand, not tuned."""

_LAST_MARK = re.compile("以及|[和与及或跟]")


def listed(article: Article, bead: int) -> Iterable[CertainPair]:
    """Lists of the same length, matched in order when the order is borne out by the items' own evidence."""
    text = article.folded[bead]
    for items in _english_lists(article.pairs[bead].english, article.words[bead]):
        for spans in _chinese_lists(text, len(items)):
            if any(b - a > LONGEST_SPAN for a, b in (_stripped(text, *inner) for inner in spans[1:-1])):
                continue  # a clause is no item: known before the costly outer edges
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
    if "," not in text and "，" not in text:
        return []
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
    start = open_left(article, bead, first, bare[0][1])
    spelt = [e for f, n, s, e in article.names[bead] if (f, n) == items[-1] and s == bare[-1][0]]
    end = max(open_right(article, bead, last, bare[-1][0]), *spelt, 0)
    return [(max(start, bare[0][0]), bare[0][1]), *bare[1:-1], (bare[-1][0], min(end, bare[-1][1]))]


def _stripped(text: str, start: int, end: int) -> tuple[int, int]:
    while start < end - 1 and not re.match(rf"[{HAN}\w]", text[start]):
        start += 1
    while end > start + 1 and not re.match(rf"[{HAN}\w]", text[end - 1]):
        end -= 1
    return start, end

"""Pairs a gloss in brackets states: `中文(English)`, with the Chinese cut to what renders the English."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from itertools import pairwise

from glossary.language import HAN_CHAR
from glossary.lexicon import Cedict
from glossary.terms.article import LONGEST_SPAN, Article
from glossary.terms.boundaries import JIEBA
from glossary.terms.candidates import phrases
from glossary.terms.extents import GROWN_SHARE, open_left
from glossary.terms.looks import measure
from glossary.terms.places import LATIN_RUN, words_of
from glossary.terms.tokens import LONGEST_WORD
from glossary.terms.units import unit_key_of
from glossary.terms.vouched import CertainPair

KEPT_RECALL = 0.9
"""Share of the words' recall that must be left when a verb is taken off the front of a gloss."""

_GLOSS = re.compile(rf"\s*[（(]\s*({LATIN_RUN.pattern})\s*[,，;；)）]")

DESCRIPTORS = ("公司", "集团", "企业", "机构", "平台", "厂商", "业者", "团体", "组织", "品牌", "媒体")
"""What stands before a name and says what it is; no name opens with one: 公司 of 公司茶渡物流(Teaford Logistics)."""


def glosses(
    article: Article, bead: int, full_forms: Mapping[str, frozenset[str]], dictionary: Cedict
) -> Iterable[CertainPair]:
    """`中文(English)`: the Chinese before the bracket renders the English word, wherever that stands in the bead."""
    text, words = article.folded[bead], article.words[bead]
    for match in _GLOSS.finditer(text):
        stop = match.start()
        if not stop or not HAN_CHAR.match(text[stop - 1]) or len(match[1]) < 2:
            continue
        keys = [match[1], *sorted(full_forms.get(unit_key_of(match[1]), ()))]
        places = [place for key in keys for place in words_of(words, key)]
        if not places:
            continue
        row = tuple(sorted({i for place in places for i in _with_apposition(article, bead, place)
                           if not words[i].text.startswith("-")}))  # fmt: skip
        start = min(open_left(article, bead, row, stop), _word_before(article, text, stop))
        start = _past_descriptor(text, start, stop) if match[1][0].isupper() else start
        start = _past_verb(article, bead, row, (_grown_left(article, text, start, stop), stop), dictionary)
        for first, last in dict.fromkeys(places):
            yield CertainPair(bead, first, last, start, stop, "parenthesis")


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

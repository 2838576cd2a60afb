"""Pairs the text itself vouches for: glosses in brackets, the same Latin string on both sides, names spelt in pinyin,
dictionary phrases, lists in the same order, the user's termbase.

These need no statistics, so one occurrence is enough. Each finding names the rule that made it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from glossary.datamodel import KnownTerm
from glossary.language import HAN_CHAR, fold
from glossary.lexicon import Cedict, content_stems
from glossary.terms.article import LONGEST_SPAN, Article
from glossary.terms.candidates import is_unit
from glossary.terms.extents import GROWN_SHARE
from glossary.terms.glossed import glosses
from glossary.terms.lists import listed
from glossary.terms.names import inside_name
from glossary.terms.places import LATIN_RUN, words_of
from glossary.terms.tokens import FUNCTION_CHARS, Word, lattice
from glossary.terms.vouched import CertainPair
from glossary.terms.wordlists import GENERIC_MODIFIERS

GENERIC_OPENERS = GENERIC_MODIFIERS - {"big", "smart", "open", "public", "private"}
"""A dictionary phrase that opens with one of these is no term: new technology; big data is one."""


def certain_pairs(article: Article, full_forms: Mapping[str, frozenset[str]], dictionary: Cedict) -> list[CertainPair]:
    """Every certain pair of a document; `full_forms` gives the keys of the full forms of an acronym's key."""
    found: list[CertainPair] = []
    for bead in range(len(article.pairs)):
        glossed = list(glosses(article, bead, full_forms, dictionary))
        found += glossed
        found += _identical(article, bead, {(g.end, article.folded[bead].find(")", g.end)) for g in glossed})
        found += listed(article, bead)
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
            for first, last in words_of(article.words[bead], term.english) if start >= 0 else ():
                found.append(CertainPair(bead, first, last, start, start + len(chinese), "known"))
    return found


def _identical(article: Article, bead: int, glossed: set[tuple[int, int]]) -> Iterable[CertainPair]:
    """The same name or acronym on both sides: IDC, Catherine Hong, Web3. Strings inside a gloss are left to it."""
    text, words = article.folded[bead], article.words[bead]
    for match in LATIN_RUN.finditer(text):
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
    for start, end in lattice(text, article.known_words(bead)):
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

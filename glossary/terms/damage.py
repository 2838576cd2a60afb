"""Flags for forms a person should look at: characters of the other script, a character that was probably lost.

Nothing is repaired: the observed form stays, the flag says why and what it might have been.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from glossary.datamodel import Flag
from glossary.language import HAN_CHAR, foreign_script_characters, opencc_convert, to_simplified
from glossary.lexicon import Cedict, content_stems
from glossary.terms.article import Article
from glossary.terms.boundaries import DICTIONARY, JIEBA
from glossary.terms.pairs import Spot
from glossary.terms.table import TranslationTable, best_tokens
from glossary.terms.tokens import FUNCTION_CHARS, is_acronym

_DASHES = "—–―─-"

LIKELY_WORD = 0.02
"""Joint probability of a word under which it is no suggestion for a damaged one; chosen by reading the table."""

USUAL_WORD = 0.05
"""Joint probability from which a word counts as a rendering of the English; chosen by reading the table."""

REPEATED = 3
"""An opening that stands so often in one document is its wording, not an accident. A choice, not tuned."""

COMMON_WORD = 0.2
"""Joint probability from which a word is a common rendering, so that half of it looks like damage."""


def mixed_script(form: str, lang: str) -> Flag | None:
    """A flag when a form has characters of the other script than its language, with the form converted.

    >>> mixed_script("保全网", "zh-Hant").repair, mixed_script("保全網", "zh-Hant")
    ('保全網', None)
    """
    wrong = foreign_script_characters(form, lang)
    if not wrong:
        return None
    config, name, home = (
        ("s2t", "Simplified", "Traditional") if "Hant" in lang else ("t2s", "Traditional", "Simplified")
    )
    repaired = "".join(opencc_convert(c, config)[:1] if i in wrong else c for i, c in enumerate(form))
    listed = "、".join(dict.fromkeys(form[i] for i in wrong))
    return Flag("mixed-script", f"{listed}: {name} in a {home} text", form, repaired)


def lost_character(
    article: Article, seen: Sequence[Spot], table: TranslationTable, dictionary: Cedict, lang: str
) -> Flag | None:
    """A flag when a place of the span most likely lost a character at its edge: 子收藏品, 賬 before a dash.

    The English must speak for it: a word of the term that nothing in the span renders, or a word whose usual rendering
    the span has half of. 子序列 for subsequence is sound: 子 opens a rendering of that word.
    """
    for spot in seen:
        found = (
            _orphan(article, spot, table, dictionary)
            or _dangling(article, spot, table)
            or _half_word(article, spot, table, dictionary)
        )
        if found:
            char, side, repair = found
            return _damaged(f"{side} {in_script(char, lang)}", in_script(repair, lang))
    return None


def _span(article: Article, spot: Spot) -> str:
    return article.folded[spot.bead][spot.start : spot.end]


def _stems(article: Article, spot: Spot) -> list[str]:
    return [stem for word in article.words[spot.bead][spot.first : spot.last] for stem in word.stems]


def _orphan(article: Article, spot: Spot, table: TranslationTable, dictionary: Cedict) -> tuple[str, str, str] | None:
    """(character, side, repair) when the span opens with an orphan and leaves a word of the term unrendered."""
    span, stems = _span(article, spot), _stems(article, spot)
    if spot.start not in article.orphans[spot.bead] or len(stems) < 2:
        return None
    usual = {stem: [w for w, likely in best_tokens(table, stem) if likely >= USUAL_WORD] for stem in stems}
    if any(word[0] == span[0] for words in usual.values() for word in words):
        return None
    left = [stem for stem, words in usual.items() if words and not any(word in span for word in words)]
    if not left:
        return None
    word = _expected(article, left, table, 1, span[0]) or _sounding(usual[left[0]], span[0], dictionary)
    return span[0], "before", word + span[1:] if word else ""


def _sounding(words: Sequence[str], char: str, dictionary: Cedict) -> str:
    """The first word of two characters that ends in the sound of a character: 数字 for 子; '' for none."""
    sounds = set(dictionary.readings(char))
    return next((w for w in words if len(w) == 2 and w in dictionary and sounds & set(dictionary.readings(w[1]))), "")


def _dangling(article: Article, spot: Spot, table: TranslationTable) -> tuple[str, str, str] | None:
    """(character, side, repair) when the span ends in half a word before a dash, and never stands so elsewhere."""
    span, text = _span(article, spot), article.folded[spot.bead]
    after = text[spot.end : spot.end + 2].lstrip(" ")[:1]
    if (
        not after
        or after not in _DASHES
        or not HAN_CHAR.match(span[-1])
        or not _stands_alone(article, spot.bead, spot.end - 1)
    ):
        return None
    beads = [(b, own) for b, own in enumerate(article.folded) if span[-1] in own]
    places = ((b, i) for b, own in beads for i, c in enumerate(own) if c == span[-1])
    if any(_in_use(article, *place) for place in places if place != (spot.bead, spot.end - 1)):
        return None
    word = _expected(article, _stems(article, spot), table, 0, span[-1])
    return (span[-1], "after", span[:-1] + word) if word else None


def _stands_alone(article: Article, bead: int, at: int) -> bool:
    """True for a character that both word voters cut on both sides."""
    votes = article.votes[bead]
    return all(votes[voter, side] == 1.0 for voter in (JIEBA, DICTIONARY) for side in (at, at + 1))


def _damaged(where: str, repair: str) -> Flag:
    return Flag("damaged", f"probably lost a character {where}", "", repair)


def _in_use(article: Article, bead: int, at: int) -> bool:
    """True for a character that stands alone before a sign, a function character or the end: it is a word here."""
    following = article.folded[bead][at + 1 : at + 2]
    closed = not HAN_CHAR.match(following) or following in FUNCTION_CHARS
    return closed and _stands_alone(article, bead, at)


def _half_word(
    article: Article, spot: Spot, table: TranslationTable, dictionary: Cedict
) -> tuple[str, str, str] | None:
    """(character, side, repair) when a span opens with half of a word: 字藏品 for digital collectibles.

    The table must know the whole word as a common rendering of the English and the half as a much rarer one. A half
    that renders the English by itself (线 of line search), that makes other words for it (年 of 年均, 年费: annual),
    that the background texts know before this word (全连接), or that the document repeats is sound.
    """
    text, start = article.folded[spot.bead], spot.start
    first, opening = article.words[spot.bead][spot.first], text[start : start + 2]
    if is_acronym(first.text) or spot.end - start < 3 or article.votes[spot.bead][JIEBA, start + 1] < 1:
        return None
    known_so = article.is_word(opening) or opening in table.token_ids or article.edges(opening)[0] >= REPEATED
    if known_so:
        return None
    for stem in first.stems[:1]:
        known = dict(best_tokens(table, stem))
        if any(stem in content_stems(part) for g in dictionary.glosses(text[start]) for part in g.split(";")):
            return None
        for side, at in (("before", 1), ("after", 0)):
            word = _expected(article, [stem], table, at, text[start])
            whole = text[max(0, start - 1) : start + 1] if at else opening
            likely = known.get(word, 0.0)
            alone = known.get(text[start], 0.0) < likely / 2
            others = sum(p for w, p in known.items() if w[-at] == text[start] and word not in w)
            if likely >= COMMON_WORD and whole != word and alone and others < likely:
                return text[start], side, word + text[start + 1 : spot.end]
    return None


def _expected(article: Article, stems: Iterable[str], table: TranslationTable, at: int, char: str) -> str:
    """The table's likeliest two-character word for any of the stems with the character at that place, or ''."""
    options = [
        (likely, word)
        for stem in stems
        for word, likely in best_tokens(table, stem)
        if len(word) == 2 and word[at] == char and likely >= LIKELY_WORD and article.is_word(word)
    ]
    return max(options, default=(0.0, ""))[1]


def in_script(text: str, lang: str) -> str:
    """Folded text in the script of a language, for a suggestion.

    >>> in_script("账户", "zh-Hant")
    '賬戶'
    """
    return opencc_convert(text, "s2t") if "Hant" in lang else to_simplified(text)

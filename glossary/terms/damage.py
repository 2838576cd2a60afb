"""Flags for forms a person should look at: characters of the other script, a character that was probably lost.

Nothing is repaired: the observed form stays, the flag says why and what it might have been.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from glossary.datamodel import Flag
from glossary.language import HAN_CHAR, foreign_script_characters, opencc_convert, to_simplified
from glossary.terms.article import Article
from glossary.terms.boundaries import DICTIONARY, JIEBA
from glossary.terms.choosing import Spot
from glossary.terms.table import TranslationTable, best_tokens
from glossary.terms.tokens import is_acronym

_DASHES = "—–―─-"

LIKELY_WORD = 0.02
"""Joint probability of a word under which it is no suggestion for a damaged one; chosen by reading the table."""

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
    article: Article, rows: Mapping[int, tuple[int, ...]], seen: Sequence[Spot], table: TranslationTable, lang: str
) -> Flag | None:
    """A flag when a place of the span most likely lost a character at its edge: 子收藏品, 賬 before a dash."""
    for spot in seen:
        text = article.folded[spot.bead]
        span = text[spot.start : spot.end]
        stems = [s for i in rows[spot.bead] for s in article.words[spot.bead][i].stems]
        if spot.start in article.orphans[spot.bead]:
            word = _expected(article, stems, table, 1, span[0])
            return _damaged(f"before {in_script(span[0], lang)}", in_script(word + span[1:], lang) if word else "")
        if HAN_CHAR.match(span[-1]) and _stands_alone(article, spot):
            word = _expected(article, stems, table, 0, span[-1])
            if word:
                return _damaged(f"after {in_script(span[-1], lang)}", in_script(span[:-1] + word, lang))
        first = article.words[spot.bead][spot.first]
        halved = None if is_acronym(first.text) else _half_word(article, spot, stems[:1], table)
        if halved:
            word, side = halved
            return _damaged(f"{side} {in_script(span[0], lang)}", in_script(word + span[1:], lang))
    return None


def _damaged(where: str, repair: str) -> Flag:
    return Flag("damaged", f"probably lost a character {where}", "", repair)


def _stands_alone(article: Article, spot: Spot) -> bool:
    """A span of one character before a sign, or a longer one whose last character is no word before a dash."""
    after = article.folded[spot.bead][spot.end : spot.end + 2].lstrip(" ")[:1]
    if spot.end - spot.start == 1:
        return bool(after) and not after.isalnum() and after not in "、，。,.;；"
    votes = article.votes[spot.bead]
    return after in _DASHES and bool(after) and votes[JIEBA, spot.end - 1] == votes[DICTIONARY, spot.end - 1] == 1.0


def _half_word(article: Article, spot: Spot, stems: Sequence[str], table: TranslationTable) -> tuple[str, str] | None:
    """The word a span's lone first character is half of, and the side that is missing: 字藏品 for digital collectibles.

    The table must know the whole word as a common rendering of the English, and the half as a much rarer one.
    """
    text, start = article.folded[spot.bead], spot.start
    votes = article.votes[spot.bead]
    if spot.end - start < 3 or votes[JIEBA, start + 1] < 1 or article.is_word(text[start : start + 2]):
        return None
    for stem in stems:
        known = dict(best_tokens(table, stem))
        for side, at in (("before", 1), ("after", 0)):
            word = _expected(article, [stem], table, at, text[start])
            whole = text[max(0, start - 1) : start + 1] if at else text[start : start + 2]
            likely = known.get(word, 0.0)
            if likely >= COMMON_WORD and whole != word and known.get(text[start], 0.0) < likely / 2:
                return word, side
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

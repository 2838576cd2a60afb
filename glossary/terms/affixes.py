"""English prefixes and suffixes with the Chinese characters that often render them: overfitting = 过拟合.

A hand-made list of common correspondences of word formation, folded to simplified characters.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

_PREFIXES = """
anti:反抗防 auto:自 bi:双二 bio:生 counter:反逆 cross:跨交 de:去反解 dis:不去分 down:下降 extra:外
geo:地 hyper:超高 infra:基 inter:间互跨际 intra:内 macro:宏 mega:兆巨 meta:元 micro:微 mid:中 mini:小
mis:误错 mono:单 multi:多 nano:纳 non:非不无 out:外出 over:过超 poly:多聚 post:后 pre:预前先 proto:原 pseudo:伪 quasi:准
re:重再 self:自 semi:半 sub:子次亚下 super:超 tele:远电 tri:三 ultra:超 un:未无不非 under:欠下 vice:副
"""
_SUFFIXES = """
able:可性 ability:性 ible:可性 ibility:性 er:者器员师家商机人 ery:厂店业 fold:倍 free:无免 graph:图 ian:家师人
ification:化 ify:化 isation:化 ise:化 ism:论制 ist:家者师员 ity:性度率 ization:化 ize:化 less:无 like:类状 logy:学
meter:计仪表 ness:性度 or:者器员师机 proof:防 scope:镜 ship:权 wise:逐
"""

LEAST_STEM = 3
"""Letters that must be left of a word without its affix."""


def _table(lines: str) -> tuple[tuple[str, frozenset[str]], ...]:
    pairs = (cell.split(":") for cell in lines.split())
    return tuple((affix, frozenset(characters)) for affix, characters in pairs)


_PREFIX_TABLE, _SUFFIX_TABLE = _table(_PREFIXES), _table(_SUFFIXES)
_PREFIX_OF = dict(_PREFIX_TABLE)


def affix_characters(words: Iterable[str]) -> tuple[frozenset[str], frozenset[str]]:
    """Characters that may render the words' prefixes and suffixes.

    >>> sorted(affix_characters(["overfitting"])[0]), sorted(affix_characters(["tokenize"])[1])
    (['超', '过'], ['化'])
    >>> sorted(affix_characters(["multi-head"])[0])
    ['多']
    """
    found = []
    for word in words:
        *first, last = word.lower().split("-")
        found += [_affixes(part) for part in (*first, last)]
        found += [(_PREFIX_OF[part], frozenset()) for part in first if part in _PREFIX_OF]
    return frozenset().union(*(f for f, _ in found)), frozenset().union(*(s for _, s in found))


@lru_cache(maxsize=1 << 13)
def _affixes(word: str) -> tuple[frozenset[str], frozenset[str]]:
    bare = word[:-1] if word.endswith("s") and not word.endswith("ss") else word
    front = [c for affix, c in _PREFIX_TABLE if bare.startswith(affix) and _left(bare, affix)]
    back = [c for affix, c in _SUFFIX_TABLE if bare.endswith(affix) and _left(bare, affix)]
    return frozenset().union(*front), frozenset().union(*back)


def _left(word: str, affix: str) -> bool:
    return len(word) - len(affix) >= LEAST_STEM

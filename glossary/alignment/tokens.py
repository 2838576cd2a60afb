"""Words of two texts and which of them may translate each other: the lexical evidence, before any position is known.

A token is a string key. Chinese: dictionary words, Latin words, numbers (Chinese numerals read), and Pinyin of two or
three characters when the other side has that word as a name. Other languages: lower-case words and numbers. Two tokens
are linked by the dictionary (strength 1/k for a gloss of k words), by being the same Latin word or number, by a shared
beginning when there is no dictionary (cognates: Simard et al. 1992), or by extra lexicons (a user's glossary, pairs
induced from a first alignment).
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from glossary.embedding import prepare
from glossary.language import HAN, base_language, is_chinese
from glossary.lexicon import Cedict, PairLexicon, english_stem

COGNATE_LETTERS = 6  # shared beginning that makes cognates; 5-7 did equally well on alpine-dev
COGNATE_STRENGTH = 0.8
SHORTEST_COGNATE = 4
COMMON_ZIPF = 7.0  # words as frequent as this weigh nothing; weight 1 from zipf 3 down (wordfreq's scale)
RARE_ZIPF = 3.0
UNKNOWN_ZIPF = 2.5  # words the small frequency list does not hold
LEAST_WEIGHT = 0.03
MOST_SENTENCES = 2000  # a word in more sentences says nothing about any one: bounds the work for long texts
LONGEST_NAME = 3  # characters of a name matched by Pinyin

_WORD = re.compile(r"\d+(?:[.,]\d+)*|[^\W\d_]+(?:['’][^\W\d_]+)?")
_LATIN = re.compile(r"\d+(?:[.,]\d+)*|[A-Za-z\u00c0-\u024f]+")
_NUMERAL = re.compile("[零〇一二两三四五六七八九十百千万亿]{2,}|[二三四五六七八九十百千万]")
_DIGIT = {c: i for i, c in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_UNIT = {"十": 10, "百": 100, "千": 1000, "万": 10_000, "亿": 100_000_000}
_NUMBER_NAMES = """
zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen
nineteen
"""
_TENS_NAMES = "twenty thirty forty fifty sixty seventy eighty ninety"
_ORDINAL_NAMES = "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth"
_NUMBER_WORD = {w: i for i, w in enumerate(_NUMBER_NAMES.split())} | {
    w: 10 * i for i, w in enumerate(_TENS_NAMES.split(), 2)
}
_ORDINAL = {w: i for i, w in enumerate(_ORDINAL_NAMES.split(), 1)}


def chinese_number(text: str) -> int | None:
    """The value of a Chinese numeral, None when it is none.

    >>> chinese_number("三百二十"), chinese_number("二〇二二"), chinese_number("两万五千"), chinese_number("十十")
    (320, 2022, 25000, None)
    """
    if all(c in _DIGIT for c in text):
        return int("".join(str(_DIGIT[c]) for c in text))
    total = section = digit = 0
    unit = 10**9
    for char in text:
        if char in _DIGIT:
            digit = _DIGIT[char]
        elif _UNIT[char] >= 10_000:
            total = (total + section + digit) * _UNIT[char]
            section = digit = 0
            unit = 10**9
        elif _UNIT[char] >= unit:
            return None
        else:
            unit = _UNIT[char]
            section += (digit or 1) * unit
            digit = 0
    return total + section + digit


def _number_key(digits: str) -> str:
    return "#" + re.sub(r"[.,]0+$|,", "", digits).lstrip("0")


def words_of(text: str) -> list[str]:
    """Tokens of a text in an alphabetic (or any other unsegmented) language, in order.

    >>> words_of("Jiang's 1,821 services in twenty-two lists")
    ["jiang's", '#1821', 'services', 'in', '#22', 'lists']
    """
    out: list[str] = []
    tens = 0
    for word in _WORD.findall(prepare(text)):
        low = word.lower()
        if word[0].isdigit():
            out.append(_number_key(word))
        elif low in _NUMBER_WORD and low != "one":
            out.append(f"#{_NUMBER_WORD[low]}")
        elif low in _ORDINAL:
            out.append(f"#{_ORDINAL[low]}")
        else:
            out.append(low)
        value = _NUMBER_WORD.get(low, _ORDINAL.get(low, 0))
        if tens and 0 < value < 10:
            out[-2:] = [f"#{tens + value}"]
        tens = value if value >= 20 else 0
    return out


def chinese_words_of(text: str, lexicon: Cedict) -> list[str]:
    """Tokens of a Chinese text: Latin words and numbers, Chinese numerals, then dictionary words."""
    text = prepare(text)
    out = [_number_key(w) if w[0].isdigit() else w.lower() for w in _LATIN.findall(text)]
    for numeral in _NUMERAL.findall(text):
        value = chinese_number(numeral)
        if value is not None and value > 1:
            out.append(f"#{value}")
    return out + lexicon.segment(text)


def cognate_key(word: str) -> str:
    """The folded beginning by which cognates are compared, '' for words too short.

    >>> cognate_key("Höhenzahl"), cognate_key("Himalaya-"), cognate_key("und")
    ('hohenz', 'himala', '')
    """
    plain = "".join(c for c in unicodedata.normalize("NFD", word.lower()) if c.isalnum())
    return plain[:COGNATE_LETTERS] if len(plain) >= SHORTEST_COGNATE else ""


@cache
def _frequencies(lang: str) -> Mapping[str, float]:
    import wordfreq

    return wordfreq.get_frequency_dict(lang, "small") if lang in wordfreq.available_languages("small") else {}


def _zipf(word: str, frequencies: Mapping[str, float]) -> float:
    frequency = frequencies.get(word, 0.0)
    return float(np.log10(frequency) + 9) if frequency else UNKNOWN_ZIPF


@dataclass(frozen=True)
class TokenSide:
    """One text as token types. Sentence i holds types[starts[i]:starts[i+1]], each once."""

    types: NDArray[np.int32]
    starts: NDArray[np.int64]
    weights: NDArray[np.float32]  # per type, 0..1: how much a match of it says
    names: list[str]

    @property
    def mass(self) -> NDArray[np.float32]:
        """Summed weight of each sentence, (n,)."""
        sums = np.concatenate([[0.0], np.cumsum(self.weights[self.types])])
        return np.asarray(sums[self.starts[1:]] - sums[self.starts[:-1]], np.float32)


@dataclass(frozen=True)
class Hits:
    """Where the translations of each type of one side occur on the other, sorted by type then sentence."""

    type_and_sentence: NDArray[np.int64]  # type * stride + sentence
    strength: NDArray[np.float32]
    stride: int


@dataclass(frozen=True)
class TokenPair:
    """Both texts as tokens, and the translations of each in the other."""

    source: TokenSide
    target: TokenSide
    source_hits: Hits  # of source types, in target sentences
    target_hits: Hits
    links: Mapping[int, Mapping[int, float]]  # target types of each source type, with strengths


def token_lists(texts: Sequence[str], lang: str, lexicon: Cedict | None) -> list[list[str]]:
    """The tokens of every sentence."""
    if is_chinese(lang) and lexicon is not None:
        return [chinese_words_of(text, lexicon) for text in texts]
    return [words_of(text) for text in texts]


def names_of(texts: Sequence[str], lists: Sequence[Sequence[str]]) -> frozenset[str]:
    """Lower-case words that are capitalised wherever they occur: names, in a language with capitals."""
    capitalised = Counter(w.lower() for text in texts for w in re.findall(r"\b[A-Z][a-z]+", text))
    everywhere = Counter(w.removesuffix("'s") for tokens in lists for w in tokens)
    return frozenset(w for w, n in capitalised.items() if n >= everywhere[w] and len(w) >= 2)


def pinyin_names(texts: Sequence[str], names: frozenset[str], lexicon: Cedict) -> list[list[str]]:
    """Per Chinese text, the names of the other side that some 1-3 characters of it spell in Pinyin."""
    beginnings = {name[:k] for name in names for k in range(1, len(name) + 1)}
    known: dict[str, list[str]] = {}
    out = []
    for text in texts:
        found: set[str] = set()
        for run in re.findall(f"[{HAN}]+", prepare(text)):
            for at in range(len(run)):
                spelled = [""]
                for char in run[at : at + LONGEST_NAME]:
                    if char not in known:
                        known[char] = [r for r in lexicon.readings(char) if r.isascii()][:3]
                    spelled = [a + b for a in spelled for b in known[char] if a + b in beginnings]
                    if not spelled:
                        break
                    found.update(names.intersection(spelled))
        out.append(sorted(found))
    return out


def _side(lists: Sequence[Sequence[str]], lang: str) -> TokenSide:
    frequencies = _frequencies(base_language(lang))
    ids: dict[str, int] = {}
    rows = [list(dict.fromkeys(ids.setdefault(token, len(ids)) for token in tokens)) for tokens in lists]
    types = np.fromiter((t for row in rows for t in row), np.int32)
    starts = np.concatenate([[0], np.cumsum([len(row) for row in rows])]).astype(np.int64)
    zipf = np.array([_zipf(name, frequencies) for name in ids], np.float32)
    general = np.clip((COMMON_ZIPF - zipf) / (COMMON_ZIPF - RARE_ZIPF), 0, 1)
    counts = np.bincount(types, minlength=len(ids))
    local = np.log((len(rows) + 1) / (counts + 0.5)) / np.log(30)
    weights = np.maximum(general * np.clip(local, 0, 1), LEAST_WEIGHT).astype(np.float32)
    return TokenSide(types, starts, weights, list(ids))


def _hits(own: TokenSide, other: TokenSide, links: Mapping[int, Mapping[int, float]]) -> Hits:
    """Positions on the other side of everything linked to each own type; the strongest link counts."""
    stride = len(other.starts)
    order = np.argsort(other.types, kind="stable")
    sentences = np.repeat(np.arange(stride - 1), np.diff(other.starts))[order]
    ends = np.searchsorted(other.types[order], np.arange(len(other.names) + 1))
    flat = [(at, to, strength) for at, linked in links.items() for to, strength in linked.items()]
    own_types = np.fromiter((at for at, _, _ in flat), np.int64, len(flat))
    other_types = np.fromiter((to for _, to, _ in flat), np.int64, len(flat))
    strengths = np.fromiter((strength for _, _, strength in flat), np.float32, len(flat))
    count = ends[other_types + 1] - ends[other_types]
    count[count > MOST_SENTENCES] = 0
    at = np.arange(count.sum()) - np.repeat(np.cumsum(count) - count, count) + np.repeat(ends[other_types], count)
    keys = np.repeat(own_types * stride, count) + sentences[at]
    values = np.repeat(strengths, count)
    order = np.argsort(keys, kind="stable")
    keys, values = keys[order], values[order]
    first = np.flatnonzero(np.diff(keys, prepend=-1))
    return Hits(keys[first], np.maximum.reduceat(values, first) if len(first) else values, stride)


def _links(
    source: TokenSide,
    target: TokenSide,
    lexicon: Cedict | None,
    *,
    cognates: bool,
    induced: Mapping[tuple[str, str], float],
) -> dict[int, dict[int, float]]:
    """Linked target types of each source type, with strengths. `source` is the Chinese side when there is a lexicon."""
    by_key: dict[str, list[int]] = defaultdict(list)
    by_name = {name: at for at, name in enumerate(target.names)}
    for at, name in enumerate(target.names):
        by_key[english_stem(name) if lexicon is not None else cognate_key(name)].append(at)
    links: dict[int, dict[int, float]] = {}
    for at, name in enumerate(source.names):
        own: dict[int, float] = {}
        if lexicon is not None:
            for stem, strength in lexicon.stems(name).items():
                for other in by_key.get(stem, ()):
                    own[other] = max(own.get(other, 0.0), strength)
        elif cognates and (key := cognate_key(name)):
            own = dict.fromkeys(by_key.get(key, ()), COGNATE_STRENGTH)
        if name in by_name and not (len(name) == 1 and name.isalpha()):
            own[by_name[name]] = 1.0
        if own:
            links[at] = own
    ids = {name: at for at, name in enumerate(source.names)}
    for (first, second), strength in induced.items():
        if first in ids and second in by_name:
            links.setdefault(ids[first], {})[by_name[second]] = strength
    return links


def _reversed_links(links: Mapping[int, Mapping[int, float]]) -> dict[int, dict[int, float]]:
    out: dict[int, dict[int, float]] = defaultdict(dict)
    for at, linked in links.items():
        for other, strength in linked.items():
            out[other][at] = strength
    return dict(out)


@dataclass(frozen=True)
class Texts:
    """The tokens of both texts; `link` turns them into evidence as often as there are new lexicons."""

    source: list[list[str]]
    target: list[list[str]]
    languages: tuple[str, str]
    lexicon: Cedict | None  # only when the source is Chinese and the target English

    def link(self, induced: Mapping[tuple[str, str], float] | None = None) -> TokenPair:
        """Tokens of both sides and where their translations are; `induced` adds token pairs with strengths."""
        source, target = _side(self.source, self.languages[0]), _side(self.target, self.languages[1])
        cognates = not any(is_chinese(lang) for lang in self.languages)
        links = _links(source, target, self.lexicon, cognates=cognates, induced=induced or {})
        back = _hits(target, source, _reversed_links(links))
        return TokenPair(source, target, _hits(source, target, links), back, links)


def read_tokens(
    source: Sequence[str], target: Sequence[str], languages: tuple[str, str], *,
    lexicon: Cedict | None, extra: Sequence[PairLexicon] = (),
) -> Texts:  # fmt: skip
    """The tokens of both texts. With a lexicon the source must be Chinese and the target English."""
    first = token_lists(source, languages[0], lexicon)
    second = token_lists(target, languages[1], lexicon)
    if lexicon is not None:
        names = names_of(target, second)
        for tokens, found in zip(first, pinyin_names(source, names, lexicon), strict=True):
            tokens.extend(found)
    for at, pairs in enumerate(extra):
        _mark_terms(pairs, at, (source, target), (first, second), languages)
    return Texts(first, second, languages, lexicon)


def _mark_terms(
    pairs: PairLexicon, number: int, texts: tuple[Sequence[str], Sequence[str]],
    tokens: tuple[list[list[str]], list[list[str]]], languages: tuple[str, str],
) -> None:  # fmt: skip
    """Give both sides of a known term pair one shared token in every sentence that contains it."""
    straight = pairs.languages[0] == base_language(languages[0])
    for at, pair in enumerate(pairs.pairs):
        terms = pair if straight else pair[::-1]
        for side in (0, 1):
            wanted = prepare(terms[side]).lower().strip()
            for text, row in zip(texts[side], tokens[side], strict=True):
                if wanted and _contains(prepare(text).lower(), wanted):
                    row.append(f"@{number}.{at}")


def _contains(text: str, term: str) -> bool:
    """True when the term stands in the text, at word boundaries where it begins or ends with a Latin letter.

    >>> _contains("the baas platform", "baas"), _contains("databaas", "baas"), _contains("用baas平台", "baas")
    (True, False, True)
    """
    at = text.find(term)
    while at >= 0:
        before, after = text[at - 1 : at], text[at + len(term) : at + len(term) + 1]
        if not (term[0].isascii() and before.isascii() and before.isalnum()) and not (
            term[-1].isascii() and after.isascii() and after.isalnum()
        ):
            return True
        at = text.find(term, at + 1)
    return False

"""What the two languages are cut into: English words with stems and word classes, Chinese lattice tokens.

No single segmentation of Chinese is trusted. The lattice of a text holds every character, every Han pair that could be
a word and every dictionary word up to seven characters, all at once; later steps weigh them.
"""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, lru_cache
from importlib.util import find_spec, module_from_spec, spec_from_file_location
from itertools import pairwise
from pathlib import Path
from sys import intern
from threading import Lock
from typing import TYPE_CHECKING

import numpy as np

from glossary.errors import TermError
from glossary.language import HAN, HAN_CHAR

if TYPE_CHECKING:
    from denckring_en_pos.perceptron import Tagger

LONGEST_WORD = 7
"""Characters in the longest lattice word: 99.1% of CC-CEDICT headwords of two characters and more are no longer."""

FUNCTION_CHARS = frozenset(
    "的了是在和与及或也都就而但被把将对从到于以之其这那该此些个们我你他她它不没有会能要着过吗呢吧啊因为所由向让使得地很更最已还又再"
)
"""Characters that rarely open or close a term; a Han pair that holds one is a token only when a dictionary has it."""

_WORD = re.compile(
    r"(?:[A-Za-z]\.){2,}"  # U.S.
    r"|[^\W_]+(?:[-‑'’.&/+][^\W_]+|(?<=\d),(?=\d{3})\d{3})*"
)
DERIVED_ADJECTIVE = re.compile(r"-(based|owned|related|led|specific|run|wide|driven|backed)$", re.IGNORECASE)
"""An adjective made from a noun is two words: Tencent and -owned; it opens no term of its own."""

FIXED_TAG = 5.0
"""What a tag the tagger never doubts counts for in `leaning`: as much as the clearest learnt ones; set by hand."""

_POSSESSIVE = re.compile(r"['’]s?$|['’]s$", re.IGNORECASE)
_HAN_RUN = re.compile(f"[{HAN}]+")
_OTHER_RUN = re.compile(r"[^\W_]+(?:[-.+'’&/][^\W_]+)*")


@dataclass(frozen=True, slots=True)
class Word:
    """An English word: text[start:end], the stems that stand for it in the translation table, its word class."""

    text: str
    start: int
    end: int
    stems: tuple[str, ...]
    tag: str  # universal part of speech: NOUN, PROPN, ADJ, VERB ...; PUNCT between words
    verb_form: str = ""  # Fin, Inf, Part, Ger for verbs
    lower: str = field(init=False, repr=False, compare=False)  # the word in lower case; read millions of times

    def __post_init__(self) -> None:
        object.__setattr__(self, "lower", intern(self.text.lower()))


_STEMMING = Lock()
"""A Snowball stemmer keeps the word it works on in itself."""


@cache
def _stemmer() -> Callable[[str], str]:
    import snowballstemmer

    stem: Callable[[str], str] = snowballstemmer.stemmer("english").stemWord
    return stem


@lru_cache(maxsize=1 << 17)
def stem(word: str) -> str:
    """The Snowball stem of a lower-cased word; words with digits or dots stay as they are, acronyms lose their s.

    >>> stem("Blockchains"), stem("JD.com"), stem("Web3"), stem("NFTs")
    ('blockchain', 'jd.com', 'web3', 'nft')
    """
    if word.endswith("s") and len(word) > 2 and word[:-1].isupper():
        return word[:-1].lower()
    lower = word.lower().replace("’", "'")
    if not lower.isalpha():
        return lower
    with _STEMMING:
        return _stemmer()(lower)


@lru_cache(maxsize=1 << 17)
def stems(word: str) -> tuple[str, ...]:
    """Stems of a word's hyphened parts.

    >>> stems("blockchain-based")
    ('blockchain', 'base')
    """
    return tuple(stem(part) for part in re.split(r"[-‑/]", word) if part) or (word.lower(),)


class _Predict:
    """The tagger's guess from the features of a word, with its weights as rows of numbers: the same guess in a tenth of
    the time its own dictionaries take. A row is made when its feature is first seen; all of them take 11 MB."""

    def __init__(self, weights: Mapping[str, Mapping[str, float]], classes: Sequence[str]) -> None:
        self._weights = weights
        self._classes = sorted(classes, reverse=True)  # of equals the tagger takes the last
        self._rows = np.zeros((1024, len(classes)))
        self._place: dict[str, int] = {}
        self._growing = Lock()  # the web app reads texts in several threads

    def __call__(self, feats: Sequence[str]) -> str:
        known, weights = self._place, self._weights
        places = [known[f] if f in known else self._placed(f) for f in feats if f in weights]
        return self._classes[int(np.add.reduce(self._rows.take(places, axis=0)).argmax())]

    def _placed(self, feature: str) -> int:
        """The number of a feature's row, which is made here."""
        with self._growing:
            number, weights = self._place.get(feature, len(self._place)), self._weights[feature]
            if number == len(self._rows):
                self._rows = np.concatenate([self._rows, np.zeros_like(self._rows)])
            self._rows[number] = [weights.get(label, 0.0) for label in self._classes]
            self._place[feature] = number  # at last: who finds it finds its row
            return number


@cache
def _tagger() -> Tagger:
    """The tagger of denckring-en-pos, its one file loaded by itself: the package's front door imports pydantic, 0.3 s.

    Raises: TermError when the package is missing or damaged.
    """
    package = find_spec("denckring_en_pos")
    folder = Path(package.origin).parent if package and package.origin else Path("denckring_en_pos")
    try:
        spec = spec_from_file_location("denckring_en_pos.perceptron", folder / "perceptron.py")
        module = module_from_spec(spec) if spec else None
        if spec is None or spec.loader is None or module is None:
            raise ImportError("it holds no perceptron.py")
        spec.loader.exec_module(module)
        stored = json.loads(gzip.decompress((folder / "data" / "tagger.json.gz").read_bytes()))
        made: Tagger = module.Tagger(
            weights=stored["weights"], tagdict=stored["tagdict"], classes=stored["classes"],
            vocabulary=frozenset(stored["vocabulary"]),
        )  # fmt: skip
        made._predict = _Predict(made.weights, made.classes)  # type: ignore[method-assign]
    except (ImportError, OSError, EOFError, ValueError, KeyError, TypeError) as error:
        raise TermError(f"{folder}: the English tagger cannot be read ({error}); install the package again") from error
    return made


@lru_cache(maxsize=1 << 16)
def leaning(word: str) -> tuple[float, float]:
    """How much more a word by itself, out of context, looks like a noun than like a verb, and than like an adjective.

    Source: the tagger's weights for the word and its ending, unscaled.

    >>> leaning("govern")[0] < leaning("battery")[0], leaning("voluntary")[1] < 0 < leaning("market")[1]
    (True, True)
    """
    lower = word.lower()
    parts = (
        "bias",
        f"suf3 {lower[-3:]}",
        f"suf2 {lower[-2:]}",
        f"suf1 {lower[-1:]}",
        f"pre1 {lower[:1]}",
        f"w {lower}",
    )
    scores: dict[str, float] = {}
    for part in parts:
        for label, weight in _tagger().weights.get(part, {}).items():
            scores[label] = scores.get(label, 0.0) + weight
    fixed = _tagger().tagdict.get(lower)
    if fixed is not None:
        scores[fixed] = scores.get(fixed, 0.0) + FIXED_TAG
    best = {kind: max((v for k, v in scores.items() if k.startswith(kind)), default=0.0) for kind in ("N", "V", "ADJ")}
    return best["N"] - best["V"], best["N"] - best["ADJ"]


def _raw_words(text: str) -> list[tuple[int, int]]:
    """Offsets of the words of a text, possessive endings split off and kept."""
    found: list[tuple[int, int]] = []
    for match in _WORD.finditer(text):
        start, end = match.span()
        if HAN_CHAR.search(match.group()):
            found.extend((start + m.start(), start + m.end()) for m in _OTHER_RUN.finditer(_blank_han(match.group())))
            continue
        tail = _POSSESSIVE.search(match.group())
        if tail and tail.start():
            found += [(start, start + tail.start()), (start + tail.start(), end)]
        else:
            found.append((start, end))
    return found


def _blank_han(text: str) -> str:
    return _HAN_RUN.sub(lambda m: " " * len(m.group()), text)


@lru_cache(maxsize=1 << 12)
def words(text: str) -> tuple[Word, ...]:
    """The words of an English text with stems and word classes, in order.

    Source: part-of-speech tags by the averaged perceptron of denckring-en-pos (UD English-EWT, .934 accuracy).

    >>> [(w.text, w.tag) for w in words("Tencent's lists grow.")]
    [('Tencent', 'PROPN'), ("'s", 'PART'), ('lists', 'NOUN'), ('grow', 'VERB')]
    """
    spans = _raw_words(text)
    labels = _tagger().tag([text[a:b] for a, b in spans]) if spans else []
    made = []
    for (start, end), label in zip(spans, labels, strict=True):
        surface = intern(text[start:end])
        tag, _, form = label.partition("|")
        derived = DERIVED_ADJECTIVE.search(surface)
        if derived and derived.start():
            cut = start + derived.start()
            noun = surface[: derived.start()]
            made.append(Word(noun, start, cut, stems(noun), "PROPN" if noun[0].isupper() else "NOUN"))
            made.append(Word(text[cut:end], cut, end, stems(text[cut:end]), "VERB", "Part"))
            continue
        made.append(Word(surface, start, end, stems(surface), _tag(surface, tag), form if tag == "VERB" else ""))
    return tuple(made)


@lru_cache(maxsize=1 << 16)
def _tag(surface: str, tag: str) -> str:
    """The tagger's class, mended where it cannot know: it never saw numbers and inner capitals."""
    if re.fullmatch(r"[\d.,]+(?:st|nd|rd|th|s)?", surface):
        return "NUM"
    if surface in ("'s", "’s", "'", "’"):
        return "PART"
    if is_coined(surface):
        return "PROPN"
    return tag


@lru_cache(maxsize=1 << 16)
def is_acronym(word: str) -> bool:
    """True for two to eight letters, half of them capitals or more: NFT, BaaS, eCNY, NFTs; not McDonald.

    >>> [is_acronym(w) for w in ("NFTs", "BaaS", "eCNY", "Web3", "China", "A", "DataQin", "DApp", "JD.com")]
    [True, True, True, False, False, False, False, True, False]
    """
    bare = word[:-1] if word.endswith("s") and len(word) > 2 and word[:-1].isupper() else word
    capitals = sum(c.isupper() for c in bare)
    return (
        2 <= len(bare) <= 8
        and bare.replace("-", "").isalnum()
        and capitals >= 2
        and capitals * 2 >= sum(c.isalpha() for c in bare)
    )


def is_coined(word: str) -> bool:
    """True for acronyms and made-up names: inner capitals, letters with digits.

    >>> [is_coined(w) for w in ("NFT", "DataQin", "Web3", "Baidu", "2022", "market")]
    [True, True, True, False, False, False]
    """
    inner = any(a.islower() and b.isupper() for a, b in pairwise(word))
    mixed = any(c.isdigit() for c in word) and any(c.isalpha() for c in word) and word[0].isalpha()
    return is_acronym(word) or inner or mixed


Spans = Sequence[tuple[int, int]]


def dictionary_words(folded: str, is_word: Callable[[str], bool]) -> list[tuple[int, int]]:
    """Offsets of the dictionary words of two to LONGEST_WORD characters that begin or end with Han, by start then end.

    >>> [("用t恤的区块链")[a:b] for a, b in dictionary_words("用t恤的区块链", {"t恤", "区块", "区块链"}.__contains__)]
    ['t恤', '区块', '区块链']
    """
    found, n = [], len(folded)
    for run in _HAN_RUN.finditer(folded):
        begin, stop = run.span()
        if begin and folded[begin - 1].isalnum():
            for start in range(max(0, begin - LONGEST_WORD + 1), begin):
                ends = range(begin + 1, min(start + LONGEST_WORD, stop) + 1)
                found += [(start, end) for end in ends if is_word(folded[start:end])]
        for start in range(begin, stop):
            for end in range(start + 2, min(start + LONGEST_WORD, n) + 1):
                if is_word(folded[start:end]):
                    found.append((start, end))
    return found


def lattice(folded: str, known: Spans) -> list[tuple[int, int]]:
    """Offsets of the lattice tokens of a folded Chinese text with its `dictionary_words`, by start then end. Linear in
    the length.

    >>> [("区块链上")[a:b] for a, b in lattice("区块链上", [(0, 3)])]
    ['区', '区块', '区块链', '块', '块链', '链', '链上', '上']
    >>> lattice("baas平台", [])[0]
    (0, 4)
    """
    found = [m.span() for m in _OTHER_RUN.finditer(_blank_han(folded))]
    stops = {}
    for run in _HAN_RUN.finditer(folded):
        begin, stop = run.span()
        for start in range(begin, stop):
            found.append((start, start + 1))
            stops[start] = stop
        functions = [char in FUNCTION_CHARS for char in run.group()]
        found += [(at, at + 2) for at, pair in enumerate(pairwise(functions), begin) if not any(pair)]
    found += [(start, end) for start, end in known if end <= stops.get(start, 0)]
    return sorted(set(found))

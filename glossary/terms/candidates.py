"""English term candidates: noun phrases and their nested parts, names, acronyms, with every place they stand.

A unit never crosses punctuation. Plural and case are folded into one unit; the forms seen are kept.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from glossary.terms.tokens import Word, is_acronym

LONGEST_UNIT = 6
"""Words in the longest noun phrase listed; names may have more. Source: TERMS.md, method 2."""

LONGEST_NAME = 10

TITLE_SHARE = 0.8
"""Share of capitalised words of four letters and more from which a line is a title; running text stays under .5."""

_NOMINAL = frozenset({"NOUN", "PROPN"})
_INSIDE = frozenset({"NOUN", "PROPN", "ADJ", "NUM", "PART", "X", "SYM"})
_NEVER_INSIDE = frozenset({"not", "n't", "to", "such", "of", "cannot", "via", "per"})
_JOINERS = frozenset({"of", "for", "and", "the", "on", "de"})

_EMPTY = """
way ways number numbers lot kind kinds sort type types part parts thing things one ones example examples case cases
fact year years month months week weeks day days time times end beginning majority plurality form means term today
yesterday tomorrow percent cent per total half addition order terms sense people person man woman something anything
everything nothing others other same such several many much more most few less least own each every any some all both
either neither another various certain whole entire rest bit pair set sets first second third last next past
"""
EMPTY_WORDS = frozenset(_EMPTY.split())
"""Words that are no term by themselves and do not open one. A hand-made list, as is the next."""

_GENERIC = """
new recent old different various own such many several some more most least further big bigger biggest great greater
huge large larger largest small smaller key major main important other same whole good better best similar certain
possible available specific particular current previous following increasing growing additional total overall annual
last next past early late latest recently registered related underlying existing pre-existing initial unexpected
promising well-known official potential respective necessary popular common full final first second third
southern northern eastern western southwestern southeastern northwestern northeastern central
chinese american global local mainland senior detailed formal broad wide particular
"""
GENERIC_MODIFIERS = frozenset(_GENERIC.split())
"""Modifiers that rarely belong to the term they stand before; a feature of the score, not a filter."""

_CALENDAR = """
january february march april may june july august september october november december monday tuesday wednesday
thursday friday saturday sunday jan feb mar apr jun jul aug sept sep oct nov dec
"""
_MONTHS = frozenset(_CALENDAR.split())

DERIVED_ADJECTIVE = re.compile(r"-(based|owned|related|led|specific|run|wide|driven|backed)$", re.IGNORECASE)
"""An adjective made from a noun; it opens no term of its own: blockchain-based evidence, Tencent-owned WeChat."""


@dataclass(frozen=True, slots=True)
class Place:
    """Words [first, last) of bead `bead`."""

    bead: int
    first: int
    last: int


@dataclass(slots=True)
class Unit:
    """One English candidate: its key, the forms seen, where, and whether a place exists where it is a whole phrase."""

    key: str
    forms: dict[str, int] = field(default_factory=dict)
    places: list[Place] = field(default_factory=list)
    maximal: int = 0  # places where nothing of the phrase is left over
    edges: int = 0  # places where the unit opens or closes its phrase
    names: int = 0  # places where every content word is capitalised away from the start of a sentence

    @property
    def form(self) -> str:
        """The form to show, see `best_form`."""
        return best_form(self.forms)

    def forms_with(self, others: Mapping[str, int]) -> tuple[str, ...]:
        """All forms seen here or elsewhere, in order of first appearance."""
        return tuple(dict.fromkeys([*self.forms, *others]))


def best_form(forms: Mapping[str, int]) -> str:
    """The form to show of one term: singular before plural, then the most frequent, then the first seen.

    >>> best_form({"NFTs": 3, "NFT": 1}), best_form({"Smart contract": 1, "smart contract": 1})
    ('NFT', 'smart contract')
    """
    return max(forms, key=lambda f: (unit_key_of(f) == f.lower(), forms[f], f.islower()))


def singular(word: str) -> str:
    """An English noun without its plural ending; irregular nouns stay.

    >>> [singular(w) for w in ("cryptocurrencies", "ledgers", "boxes", "licenses", "NFTs", "BaaS", "business", "basis")]
    ['cryptocurrency', 'ledger', 'box', 'license', 'NFT', 'BaaS', 'business', 'basis']
    """
    lower = word.lower()
    if word[-2:-1].islower() and word.endswith("S"):
        return word
    if len(word) < 4 and not (word[:-1].isupper() and lower.endswith("s") and len(word) == 3):
        return word
    if lower.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    if re.search(r"(ss|x|zz|ch|sh)es$", lower):
        return word[:-2]
    if lower.endswith("s") and not lower.endswith(("ss", "us", "is", "news", "ics")):
        return word[:-1]
    return word


def unit_key_of(form: str) -> str:
    """The key that folds case and plural of a form.

    >>> unit_key_of("Smart Contracts"), unit_key_of("NFTs"), unit_key_of("People's Bank of China")
    ('smart contract', 'nft', "people's bank of china")
    """
    parts = " ".join(form.replace("’", "'").split()).split(" ")
    return " ".join([*parts[:-1], singular(parts[-1])]).lower()


def units(texts: Sequence[str], words: Sequence[tuple[Word, ...]]) -> dict[str, Unit]:
    """Candidate units of the English side of every bead, by key, in order of first appearance."""
    found: dict[str, Unit] = {}
    for bead, (text, row) in enumerate(zip(texts, words, strict=True)):
        for (first, last), (opens, closes) in sorted(_spans(text, row).items()):
            if inside_name(text, row, first, last):
                continue
            form = text[row[first].start : row[last - 1].end]
            key = unit_key_of(form)
            unit = found.setdefault(key, Unit(key))
            unit.forms[form] = unit.forms.get(form, 0) + 1
            unit.places.append(Place(bead, first, last))
            unit.maximal += opens and closes
            unit.edges += closes or (opens and last - first > 1)
            unit.names += _is_name(row, first, last)
    return found


def _spans(text: str, row: tuple[Word, ...]) -> dict[tuple[int, int], tuple[bool, bool]]:
    """Word ranges of units, each with whether it opens and closes its noun phrase."""
    spans: dict[tuple[int, int], tuple[bool, bool]] = {}
    for start, end in _chunks(text, row):
        phrase = _strip(row, start, end)
        for first in range(start, end):
            for last in range(first + 1, min(end, first + LONGEST_UNIT) + 1):
                if _well_formed(row, first, last):
                    spans[first, last] = (first == phrase[0], last == phrase[1])
    spans.update(dict.fromkeys(_names(text, row), (True, True)))
    return spans


def is_unit(text: str, row: tuple[Word, ...], first: int, last: int) -> bool:
    """True when the words [first, last) are a candidate: a name, or a well-formed part of one noun phrase."""
    if (first, last) in _names(text, row):
        return True
    inside = any(start <= first and last <= end for start, end in _chunks(text, row))
    return inside and _well_formed(row, first, last) and not inside_name(text, row, first, last)


def is_title(row: Sequence[Word]) -> bool:
    """True for a line whose words are capitalised as in a title, where capitals tell nothing about names.

    >>> from glossary.terms.tokens import words
    >>> is_title(words("Blockchain to Develop Chinese Digital Sector")), is_title(words("Tencent Cloud won a bid."))
    (True, False)
    """
    content = [w for w in row if len(w.text) > 3 and w.text.isalpha()]
    return len(content) > 2 and sum(w.text[0].isupper() for w in content) >= TITLE_SHARE * len(content)


def breaks(text: str, left: Word, right: Word) -> bool:
    """True when something other than a space stands between two neighbouring words."""
    between = text[left.end : right.start]
    return right.text not in ("'s", "’s", "'", "’") and between.strip(" \u00a0\n\r\t") != ""


def _chunks(text: str, row: tuple[Word, ...]) -> list[tuple[int, int]]:
    """Maximal runs of words that can stand in one noun phrase; a possessive ends one unless it is inside a name."""
    runs: list[tuple[int, int]] = []
    start: int | None = None
    for i, word in enumerate(row):
        inside = _inside_phrase(row, i)
        if start is not None and (not inside or breaks(text, row[i - 1], word)):
            runs.append((start, i))
            start = None
        if inside and start is None:
            start = i
    if start is not None:
        runs.append((start, len(row)))
    return runs


def _inside_phrase(row: tuple[Word, ...], at: int) -> bool:
    word = row[at]
    if word.tag == "PART":
        return bool(at) and row[at - 1].text[:1].isupper() and _possessive_inside(row, at)
    inside = word.tag in _INSIDE or word.verb_form in ("Part", "Ger") or is_acronym(word.text)
    return inside and word.lower not in _NEVER_INSIDE


def phrases(text: str, row: tuple[Word, ...], *, whole: bool = False) -> list[tuple[int, int]]:
    """The noun phrases of a text as word ranges in order, without words at their edges that belong to no term.

    `whole` keeps the modifiers in front.
    """
    stripped = [(start, _strip(row, start, end)) for start, end in _chunks(text, row)]
    return [(_past_numbers(row, chunk) if whole else start, end) for chunk, (start, end) in stripped if start < end]


def _past_numbers(row: tuple[Word, ...], start: int) -> int:
    while row[start].tag == "NUM":
        start += 1
    return start


def _strip(row: tuple[Word, ...], start: int, end: int) -> tuple[int, int]:
    """A chunk without the words at its edges that belong to no term."""
    while start < end and _opens_nothing(row[start]):
        start += 1
    while start < end and not (row[end - 1].tag in _NOMINAL or is_acronym(row[end - 1].text)):
        end -= 1
    return start, end


def _opens_nothing(word: Word) -> bool:
    empty = word.lower in EMPTY_WORDS | GENERIC_MODIFIERS
    return word.tag in ("NUM", "PART") or empty or bool(DERIVED_ADJECTIVE.search(word.text))


def _well_formed(row: tuple[Word, ...], first: int, last: int) -> bool:
    head, opener = row[last - 1], row[first]
    if not (head.tag in _NOMINAL or is_acronym(head.text)):
        return False
    if any(w.lower in _MONTHS and w.text[0].isupper() for w in row[first:last]):
        return False
    if last - first == 1:
        if DERIVED_ADJECTIVE.search(head.text):
            return False
        return len(head.text) > 1 and head.lower not in EMPTY_WORDS and any(c.isalpha() for c in head.text)
    named = all(_capital(w) for w in row[first + 1 : last])
    if DERIVED_ADJECTIVE.search(opener.text) and named:
        return False
    if opener.tag == "PART" or opener.lower in EMPTY_WORDS or (opener.tag == "NUM" and opener.text.isalpha()):
        return False
    if opener.tag == "NUM" and opener.text.replace(",", "").replace(".", "").isdigit():
        return False
    if opener.verb_form == "Ger" or (first and opener.tag == "VERB" and row[first - 1].tag in ("AUX", "ADV")):
        return False
    if head.lower in EMPTY_WORDS:
        return False
    if any(row[i].tag == "VERB" and row[i - 1].tag in _NOMINAL for i in range(first + 1, last)):
        return False
    if any(row[i].tag == "NUM" and row[i - 1].tag not in _NOMINAL for i in range(first + 1, last)):
        return False
    if head.tag == "PROPN" and not is_acronym(head.text) and any(w.text[0].islower() for w in row[first:last]):
        return False
    inner = [i for i in range(first, last) if row[i].tag == "PART"]
    return all(0 < i < last - 1 and row[i - 1].text[:1].isupper() and _possessive_inside(row, i) for i in inner)


def _names(text: str, row: tuple[Word, ...]) -> list[tuple[int, int]]:
    """Capitalised runs of two words and more, joined by of, for, and, the: Cyberspace Administration of China."""
    runs = []
    i = 0
    while i < len(row):
        if not _capital(row[i]):
            i += 1
            continue
        end, joined = i + 1, False
        while end < len(row) and end - i < LONGEST_NAME and not breaks(text, row[end - 1], row[end]):
            if _capital(row[end]) or _possessive_inside(row, end):
                end += 1
            elif row[end].lower in _JOINERS and _joins(text, row, end, joined):
                joined = True
                end += 1
            else:
                break
        if end - i > 1:
            runs.append((i, end))
        i = end
    return runs


def _possessive_inside(row: tuple[Word, ...], at: int) -> bool:
    """The 's of Supreme People's Court, not that of China's Supreme Court: the word before must be a plain noun."""
    return row[at].tag == "PART" and at + 1 < len(row) and _capital(row[at + 1]) and row[at - 1].tag != "PROPN"


def _joins(text: str, row: tuple[Word, ...], at: int, joined: bool) -> bool:
    """`of` and `for` join names, `and` only after one of them, `the` only after a joiner."""
    following = at + 1
    if following >= len(row) or breaks(text, row[at], row[following]):
        return False
    word = row[at].lower
    if word in ("and", "on"):
        return joined and _capital(row[following])
    if word == "the":
        return row[at - 1].lower in _JOINERS and _capital(row[following])
    return _capital(row[following]) or row[following].lower == "the"


def _capital(word: Word) -> bool:
    if DERIVED_ADJECTIVE.search(word.text) or word.lower in _MONTHS | EMPTY_WORDS:
        return False
    return word.text[:1].isupper() and word.tag not in ("PRON", "DET", "ADP", "SCONJ")


def inside_name(text: str, row: tuple[Word, ...], first: int, last: int) -> bool:
    """True for a capitalised unit cut out of a longer capitalised run: Hangzhou Internet of Hangzhou Internet Court."""
    if not all(_capital(w) for w in row[first:last] if w.lower not in _JOINERS and w.tag != "PART"):
        return False
    names = [n for n in _names(text, row) if n[0] <= first and last <= n[1] and n != (first, last)]
    return bool(names) and not any(row[i].tag == "PART" for i in (last, first - 1) if 0 <= i < len(row))


def _is_name(row: tuple[Word, ...], first: int, last: int) -> bool:
    inner = [w for w in row[first:last] if w.lower not in _JOINERS and w.tag != "PART"]
    starts = first == 0 and last - first == 1 and row[0].tag != "PROPN"
    return bool(inner) and all(w.text[:1].isupper() or w.text[:1].isdigit() for w in inner) and not starts

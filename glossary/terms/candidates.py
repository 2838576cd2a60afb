"""English term candidates: noun phrases and their nested parts, names, acronyms, with every place they stand.

A unit never crosses punctuation. Plural and case are folded into one unit; the forms seen are kept.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from sys import intern

from glossary.terms.frequency import zipf
from glossary.terms.names import breaks, capital, inside_name, is_name, names, pieces, possessive_inside
from glossary.terms.nouns import is_noun, looks_like_noun
from glossary.terms.tokens import DERIVED_ADJECTIVE, Word, is_acronym, leaning
from glossary.terms.units import Seen, Unit, joined_units, unit_key_of
from glossary.terms.wordlists import CURRENCIES, EMPTY_WORDS, GENERIC_MODIFIERS, MONTHS, ORDINALS, SHELL_NOUNS

LONGEST_UNIT = 6
"""Words in the longest noun phrase listed; names may have more. Source: TERMS.md, method 2."""

_NOMINAL = frozenset({"NOUN", "PROPN"})
_INSIDE = frozenset({"NOUN", "PROPN", "ADJ", "NUM", "PART", "X", "SYM"})
_NEVER_INSIDE = frozenset({"not", "n't", "to", "such", "of", "cannot", "via", "per"})
_CLOSED = frozenset({"ADP", "AUX", "CCONJ", "SCONJ", "DET", "PRON", "INTJ", "PART", "ADV"})
_COMMON_FUNCTION = 4.6
"""Real function words are at least this frequent (zipf); a rarer one is a noun the tagger does not know: throughput."""

_NUMBERED = "table figure chapter section page step part volume no number item example exercise day"
_COUNTED = frozenset(_NUMBERED.split())
"""Nouns whose number says where something stands; they are no terms."""

_NO_HEADS = EMPTY_WORDS - SHELL_NOUNS
_NO_OPENERS = _NO_HEADS - ORDINALS
_STRIPPED = EMPTY_WORDS | GENERIC_MODIFIERS


def units(texts: Sequence[str], words: Sequence[tuple[Word, ...]]) -> dict[str, Unit]:
    """Candidate units of the English side of every bead, by key, in order of first appearance."""
    return joined_units([seen(text, row) for text, row in zip(texts, words, strict=True)])


def seen(text: str, row: tuple[Word, ...]) -> list[Seen]:
    """Every place of a unit in one text, in order."""
    found = []
    for (first, last), (opens, closes) in sorted(_spans(text, row).items()):
        if not inside_name(text, row, first, last):
            form = intern(text[row[first].start : row[last - 1].end])
            edge = closes or (opens and last - first > 1)
            name = is_name(row, first, last)
            found.append(Seen(unit_key_of(form), form, first, last, opens and closes, edge, name))
    return found


def _spans(text: str, row: tuple[Word, ...]) -> dict[tuple[int, int], tuple[bool, bool]]:
    """Word ranges of units, each with whether it opens and closes its noun phrase."""
    spans: dict[tuple[int, int], tuple[bool, bool]] = {}
    for start, end in _chunks(text, row):
        phrase = _strip(row, start, end)
        for first, last in _nested(row, start, end):
            spans[first, last] = (first == phrase[0], last == phrase[1])
    whole = [*names(text, row), *_of_phrases(text, row), *_with_share(text, row), *_with_adverb(text, row)]
    for start, end in whole:
        spans[start, end] = (True, True)
        for piece in pieces(row, start, end):
            spans.setdefault(piece, (False, False))
    return spans


def _nested(row: tuple[Word, ...], start: int, end: int) -> Iterator[tuple[int, int]]:
    """The well-formed parts of a chunk."""
    heads = [last for last in range(start + 2, end + 1) if _may_head(row, last - 1)]
    for first in range(start, end):
        if _single(row, first):
            yield first, first + 1
        lasts = [last for last in heads if first + 1 < last <= first + LONGEST_UNIT]
        if lasts and _opens(row, first):
            yield from ((first, last) for last in lasts if _inner(row, first, last))


def _with_share(text: str, row: tuple[Word, ...]) -> Iterator[tuple[int, int]]:
    """A share with the noun it stands before: 51% attack."""
    for at, (left, right) in enumerate(pairwise(row)):
        if left.text.isdigit() and text[left.end : right.start] == "% " and right.tag == "NOUN":
            yield at, at + 2


def _with_adverb(text: str, row: tuple[Word, ...]) -> Iterator[tuple[int, int]]:
    """An adverb and a participle with the nouns after them: externally owned account."""
    for at, (left, right) in enumerate(pairwise(row)):
        if not (left.tag == "ADV" and left.lower.endswith("ly") and right.lower.endswith("ed")):
            continue
        end = at + 2
        while end < len(row) and row[end].tag in _NOMINAL and not breaks(text, row[end - 1], row[end]):
            end += 1
        if at + 2 < end <= at + LONGEST_UNIT and not breaks(text, left, right):
            yield at, end


def _of_phrases(text: str, row: tuple[Word, ...]) -> list[tuple[int, int]]:
    """Lower-case phrases joined by of: rate of issuance, head of the chain."""
    if all(word.lower != "of" for word in row):
        return []
    chunks = [_strip(row, *chunk) for chunk in _chunks(text, row)]
    ends = {end: start for start, end in chunks if start < end}
    starts = {start: end for start, end in chunks if start < end}
    found = []
    for at in range(1, len(row) - 1):
        right = at + 1 + (row[at + 1].lower in ("the", "a", "an"))
        if row[at].lower != "of" or at not in ends or right not in starts:
            continue
        if any(breaks(text, row[i], row[i + 1]) for i in range(at - 1, right)) or row[at - 1].lower in EMPTY_WORDS:
            continue
        found += [(left, starts[right]) for left in {ends[at], at - 1} if starts[right] - left <= LONGEST_UNIT]
    dated = [(a, b) for a, b in found if any(map(_is_month, row[a:b]))]
    sound = [(a, b) for a, b in found if _opens(row, a) and _holds_together(row, a, b) and (a, b) not in dated]
    return [(a, b) for a, b in sound if not all(capital(w) for w in (row[a], row[b - 1]))]


def is_unit(text: str, row: tuple[Word, ...], first: int, last: int) -> bool:
    """True when the words [first, last) are a candidate: a name, or a well-formed part of one noun phrase."""
    if (first, last) in names(text, row):
        return True
    inside = any(start <= first and last <= end for start, end in _chunks(text, row))
    return inside and _well_formed(row, first, last) and not inside_name(text, row, first, last)


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
        return bool(at) and row[at - 1].text[:1].isupper() and possessive_inside(row, at)
    inside = word.tag in _INSIDE or word.verb_form in ("Part", "Ger") or nominal(row, at) or _modifies(row, at)
    return inside and word.lower not in _NEVER_INSIDE


def _modifies(row: Sequence[Word], at: int) -> bool:
    """True for a word before a noun that the tagger takes for an adverb or a verb: read-only query, object storage."""
    word = row[at]
    if at + 1 == len(row) or row[at + 1].tag not in _NOMINAL:
        return False
    if word.tag == "ADV":
        return "-" in word.text[1:-1]
    verb = word.tag == "VERB" and is_noun(word.text) and word.text[-1:] != "s"
    return verb and not (at and row[at - 1].tag in ("PRON", "AUX", "PART"))


def nominal(row: Sequence[Word], at: int) -> bool:
    """True for a word that can be the head of a term: a noun by the tagger, or one the tagger is likely wrong about.

    >>> from glossary.terms.tokens import words
    >>> row = words("throughput of the signature hash, the byte array and a hyperparameter search")
    >>> [w.text for i, w in enumerate(row) if nominal(row, i)]
    ['throughput', 'signature', 'hash', 'byte', 'array', 'hyperparameter', 'search']
    """
    word = row[at]
    if word.tag in _NOMINAL or is_acronym(word.text):
        return True
    if word.tag in ("PART", "NUM", "PUNCT") or len(word.text) < 3 or word.lower.endswith("ly"):
        return False
    if word.tag in _CLOSED:
        rare = zipf(word.lower, "en") < _COMMON_FUNCTION
        return rare and (_known_noun(word.text) or leaning(word.text)[0] > 0)
    before = row[at - 1].tag if at else ""
    modified = before in ("NOUN", "PROPN", "ADJ", "DET") or (at > 0 and row[at - 1].verb_form in ("Ger", "Part"))
    if word.verb_form in ("Ger", "Part"):
        return word.lower.endswith("ing")
    if word.tag == "VERB":
        if "-" in word.text[1:]:
            return is_noun(re.split("[-‑]", word.text)[-1])
        likely = modified or (before not in ("PRON", "AUX", "PART") and leaning(word.text)[0] > 0)
        return (likely and _known_noun(word.text)) or looks_like_noun(word.text)
    return _known_noun(word.text) or looks_like_noun(word.text)


def _known_noun(word: str) -> bool:
    """True for a noun of the dictionary, and for a word that general English does not know: balise, pytest."""
    return is_noun(word) or not zipf(word.lower(), "en")


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
    while start < end and not nominal(row, end - 1):
        end -= 1
    return start, end


def _opens_nothing(word: Word) -> bool:
    empty = word.lower in _STRIPPED
    return word.tag in ("NUM", "PART") or empty or bool(DERIVED_ADJECTIVE.search(word.text))


def _well_formed(row: tuple[Word, ...], first: int, last: int) -> bool:
    if last - first == 1:
        return _single(row, first)
    return _may_head(row, last - 1) and _opens(row, first) and _inner(row, first, last)


def _single(row: tuple[Word, ...], at: int) -> bool:
    """True for a word that can be a term by itself."""
    word = row[at]
    single = (
        len(word.text) > 1
        and not word.text[0].isdigit()
        and word.text not in ("US", "HK", "NT")
        and word.lower not in EMPTY_WORDS
        and any(c.isalpha() for c in word.text)
    )
    return single and nominal(row, at) and not DERIVED_ADJECTIVE.search(word.text) and not _is_month(word)


def _is_month(word: Word) -> bool:
    return word.lower in MONTHS and word.text[0].isupper()


def _may_head(row: tuple[Word, ...], at: int) -> bool:
    """True for a word that a term of several words may end with."""
    return row[at].lower not in _NO_HEADS and (nominal(row, at) or _numbered(row, at))


def _inner(row: tuple[Word, ...], first: int, last: int) -> bool:
    """True when the words of a term of several, whose first and last may be such, belong together."""
    if any(map(_is_month, row[first:last])):
        return False
    named = all(capital(w) and not is_acronym(w.text) for w in row[first + 2 : first + 3])
    if row[first + 1].text[0] == "-" and named:
        return False
    return not _cut_name(row, first, last) and _holds_together(row, first, last)


def _numbered(row: tuple[Word, ...], at: int) -> bool:
    """A short number after a noun: the 2 of layer 2, not that of table 2."""
    number = row[at].tag == "NUM" and row[at].text.isdigit() and len(row[at].text) < 3
    return number and _named_by_number(row[at - 1]) and row[at - 1].lower not in _COUNTED


def _named_by_number(word: Word) -> bool:
    return word.tag in _NOMINAL and word.text not in CURRENCIES


def _opens(row: tuple[Word, ...], first: int) -> bool:
    """True when a term of several words may begin with this one."""
    opener = row[first]
    if opener.text[0] == "-" or (opener.tag in ("PART", "ADV") and not (nominal(row, first) or _modifies(row, first))):
        return False
    if opener.lower in _NO_OPENERS or opener.tag == "NUM":
        return opener.tag == "NUM" and not opener.text.isalpha() and any(c.isalpha() for c in opener.text)
    after_preposition = bool(first) and row[first - 1].tag == "ADP" and opener.lower.endswith("ing")
    following = row[first + 1]
    modified = following.tag == "ADJ" or following.verb_form == "Part" or following.lower.endswith("ing")
    if modified and (opener.verb_form == "Ger" or after_preposition):
        return False  # a verb with its object: building underlying technologies
    return not (first and opener.tag == "VERB" and row[first - 1].tag == "AUX")


def _cut_name(row: tuple[Word, ...], first: int, last: int) -> bool:
    """True for a name with common words before it: startup Red Date."""
    head = row[last - 1]
    name = head.tag == "PROPN" and head.text[0].isupper() and not is_acronym(head.text)
    return name and any(w.text[0].islower() and w.lower != "mainland" for w in row[first:last])


def _holds_together(row: tuple[Word, ...], first: int, last: int) -> bool:
    """True when no verb, number or possessive inside cuts the words apart."""
    for i in range(first + 1, last):
        verb = row[i].tag == "VERB" and row[i - 1].tag in _NOMINAL and row[i].text[0] != "-" and not nominal(row, i)
        number = row[i].tag == "NUM" and not _named_by_number(row[i - 1])
        if verb or number:
            return False
    inner = [i for i in range(first, last) if row[i].tag == "PART"]
    return all(0 < i < last - 1 and row[i - 1].text[:1].isupper() and possessive_inside(row, i) for i in inner)

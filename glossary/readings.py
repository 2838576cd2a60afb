"""How Chinese is read: pinyin and jyutping, numbered, toneless and by initials; for finding and for showing.

A reading is one syllable a character, numbered, with a space between; other text stays as it is: `BaaS ping2 tai2`.
Neutral tone is 5, ü is v. Traditional and Simplified are read alike.

    pinyin("銀行")                   yin2 hang2
    toneless("yin2 hang2")           yinhang
    initials("yin2 hang2")           yh
    agrees("yínháng", "yin2 hang2")  True

Words are found by longest match in pypinyin's 47,111 phrases; a character outside them has its commonest reading, and
`pinyin_readings` gives its others too. Jyutping is ToJyutping's. Both are imported at first use: .2 and .5 s.

Limits: names of people and places have readings of their own (華 Hua4), unless they are in the phrases. Sandhi is as
the phrases write it (一个 yi2 ge4).
"""

from __future__ import annotations

import gc
import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from functools import cache, lru_cache
from importlib import import_module
from itertools import accumulate
from typing import Any

from glossary.language import HAN_CHAR, has_han, opencc_convert, to_simplified

MOST_READINGS = 3
"""Readings of one term kept for search: the usual one and others, one character changed at a time. A choice."""

_PIECE = re.compile(rf"{HAN_CHAR.pattern}|(?:(?!{HAN_CHAR.pattern})\S)+")
_TONE = re.compile(r"(?<=[a-z])[0-6](?!\d)")
_MARKS = {"\u0304": "1", "\u0301": "2", "\u030c": "3", "\u0300": "4"}
_TYPED = re.compile(r"[a-zü0-9'’\- ]+")

Choices = list[tuple[str, ...]]
"""Per character (or word of another script) its readings, the usual one first."""


def pinyin(text: str) -> str:
    """The usual reading in numbered pinyin; '' for text without Han characters.

    >>> pinyin("数字藏品"), pinyin("BaaS 平臺"), pinyin("綠色"), pinyin("NFT")
    ('shu4 zi4 cang2 pin3', 'BaaS ping2 tai2', 'lv4 se4', '')
    """
    return next(iter(pinyin_readings(text)), "")


def pinyin_readings(text: str) -> tuple[str, ...]:
    """Up to `MOST_READINGS` readings in numbered pinyin, the usual one first; alternatives differ in more than tone.

    >>> pinyin_readings("银行"), pinyin_readings("行")[:2]
    (('yin2 hang2',), ('xing2', 'hang2'))
    """
    return _readings(_pinyin_choices(text)) if has_han(text) else ()


def jyutping(text: str) -> str:
    """The usual reading in numbered jyutping; '' for text without Han characters.

    >>> jyutping("數字藏品"), jyutping("银行"), jyutping("BaaS平台")
    ('sou3 zi6 cong4 ban2', 'ngan4 hong4', 'BaaS ping4 toi4')
    """
    return next(iter(jyutping_readings(text)), "")


def jyutping_readings(text: str) -> tuple[str, ...]:
    """Up to `MOST_READINGS` readings in numbered jyutping, the usual one first; alternatives differ in more than tone.

    >>> jyutping_readings("重慶")[:2]
    ('cung4 hing3', 'zung6 hing3')
    """
    return _readings(_jyutping_choices(text)) if has_han(text) else ()


@lru_cache(maxsize=1 << 14)
def toneless(reading: str) -> str:
    """A reading as people type it: no tones, no spaces, no punctuation.

    >>> toneless("shu4 zi4 cang2 pin3"), toneless("BaaS ping2 tai2")
    ('shuzicangpin', 'baaspingtai')
    """
    return re.sub(r"[\W_]", "", _TONE.sub("", reading.lower()))


def initials(reading: str) -> str:
    """The first letter of every syllable; a word of another script is kept whole.

    >>> initials("shu4 zi4 cang2 pin3"), initials("BaaS ping2 tai2")
    ('szcp', 'baaspt')
    """
    return "".join([_initial(part) for part in reading.lower().split()])


@lru_cache(maxsize=1 << 14)
def _initial(part: str) -> str:
    return part[0] if _syllable(part) else toneless(part)


def beginnings(reading: str) -> Iterator[str]:
    """The toneless reading of the first syllable, the first two, and so on to the whole.

    >>> list(beginnings("qu1 kuai4 lian4"))
    ['qu', 'qukuai', 'qukuailian']
    """
    return accumulate(toneless(part) for part in reading.split())


def typed_toneless(query: str) -> str:
    """What a query says without tones when it may be a reading; '' when it cannot be one.

    >>> typed_toneless("shu4zi4 cang2pin3"), typed_toneless("Shùzì"), typed_toneless("lǜ sè"), typed_toneless("区块")
    ('shuzicangpin', 'shuzi', 'lvse', '')
    """
    letters = _letters(query)
    return "".join(letter for letter, _ in letters)


def agrees(query: str, reading: str) -> bool:
    """True when a reading begins with what was typed and has the tones that were typed, by number or by mark.

    >>> agrees("shu4zi", "shu4 zi4 cang2 pin3"), agrees("shu1zi", "shu4 zi4"), agrees("shùzì", "shu4 zi4")
    (True, False, True)
    """
    parts = [(part, part[-1] if _syllable(part) else "") for part in reading.lower().split()]
    known = [(letter, tone) for part, tone in parts for letter in toneless(part)]
    letters = _letters(query)
    if not letters or len(letters) > len(known):
        return False
    pairs = zip(letters, known, strict=False)
    return all(letter == at and tone in ("", own, "0" if own == "5" else own) for (letter, tone), (at, own) in pairs)


def _letters(query: str) -> list[tuple[str, str]]:
    """The letters and digits of a query, each with the tone written on or right after it; [] when it is no reading."""
    decomposed = unicodedata.normalize("NFD", query.lower()).replace("u\u0308", "v")
    plain = re.sub("[\u0300\u0301\u0304\u030c]", "", decomposed)
    if not _TYPED.fullmatch(plain):
        return []
    tones = {match.start() for match in _TONE.finditer(decomposed)}
    letters: list[tuple[str, str]] = []
    for at, char in enumerate(decomposed):
        if char in _MARKS or at in tones:
            if letters:
                letters[-1] = (letters[-1][0], _MARKS.get(char, char))
        elif char.isalnum():
            letters.append((char, ""))
    return letters


def _syllable(part: str) -> bool:
    return part[-1:] in "123456" and part[:-1].isascii() and part[:-1].isalpha()


def _readings(choices: Choices) -> tuple[str, ...]:
    usual = [options[0] for options in choices]
    found = [" ".join(usual)]
    for at, options in enumerate(choices):
        for other in options[1:]:
            if len(found) == MOST_READINGS:
                return tuple(dict.fromkeys(found))
            found.append(" ".join([*usual[:at], other, *usual[at + 1 :]]))
    return tuple(dict.fromkeys(found))


def _distinct(syllables: Sequence[str]) -> tuple[str, ...]:
    """The syllables that differ in more than tone from those before them."""
    kept: dict[str, str] = {}
    for syllable in syllables:
        kept.setdefault(syllable.rstrip("123456"), syllable)
    return tuple(kept.values())


@cache
def _module(name: str) -> Any:
    """A module that makes a large table when it is imported, with the collector asleep meanwhile: it would look through
    the growing table again and again for garbage that cannot be there, for half of the time (measured).
    """
    watched = gc.isenabled()
    gc.disable()
    try:
        return import_module(name)
    finally:
        if watched:
            gc.enable()


def _phrases() -> Mapping[str, Sequence[Sequence[str]]]:
    phrases: Mapping[str, Sequence[Sequence[str]]] = _module("pypinyin.phrases_dict").phrases_dict
    return phrases


def _pinyin_choices(text: str) -> Choices:
    phrases = _phrases()
    simplified = _simplified(text)
    longest = _longest_phrases()
    choices: Choices = []
    at = 0
    while at < len(simplified):
        most = longest.get(simplified[at : at + 2], 0)  # of most pairs no phrase begins so
        for end in range(min(len(simplified), at + most), at + 1, -1):
            if (phrase := simplified[at:end]) in phrases:
                choices += [(_numbered(options[0]),) for options in phrases[phrase]]
                at = end
                break
        else:
            piece = _PIECE.match(simplified, at)
            if piece:
                choices.append(_of_character(piece[0]))
            at = piece.end() if piece else at + 1
    return choices


@cache
def _longest_phrases() -> dict[str, int]:
    """Characters of pypinyin's longest phrase by its first two characters."""
    longest: dict[str, int] = {}
    for phrase in _phrases():
        begun = phrase[:2]
        longest[begun] = max(longest.get(begun, 0), len(phrase))
    return longest


@lru_cache(maxsize=1 << 14)
def _of_character(piece: str) -> tuple[str, ...]:
    known = _module("pypinyin.pinyin_dict").pinyin_dict.get(ord(piece)) if len(piece) == 1 else None
    return _distinct([_numbered(syllable) for syllable in known.split(",")]) if known else (piece,)


@cache
def _numbered(syllable: str) -> str:
    """`háng` as `hang2`.

    >>> _numbered("háng"), _numbered("lǜ"), _numbered("zi")
    ('hang2', 'lv4', 'zi5')
    """
    decomposed = unicodedata.normalize("NFD", syllable).replace("u\u0308", "v")
    tone = next((number for mark, number in _MARKS.items() if mark in decomposed), "5")
    return "".join(char for char in decomposed if not unicodedata.combining(char)) + tone


def _jyutping_choices(text: str) -> Choices:
    traditional = opencc_convert(_simplified(text), "s2hk")
    usual = _module("ToJyutping").get_jyutping_list(traditional)
    choices: Choices = []
    for match in _PIECE.finditer(traditional):
        piece = match[0]
        known = usual[match.start()][1] if HAN_CHAR.match(piece) else None
        choices.append(_jyutping_of_character(piece, known) if known else (piece,))
    return choices


_simplified = lru_cache(maxsize=1 << 10)(to_simplified)
"""Of a text, as pinyin and jyutping both ask for it."""


@lru_cache(maxsize=1 << 14)
def _jyutping_of_character(char: str, usual: str) -> tuple[str, ...]:
    return _distinct([usual, *_module("ToJyutping").get_jyutping_candidates(char)[0][1]])

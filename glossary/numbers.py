"""The numbers a text states, as values: 4.6 million and 460萬 are the same.

>>> {Decimal(38), Decimal(4_600_000)} <= values("4.6 million yuan, 38 banks") & values("460萬元，三十八家銀行")
True
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal, InvalidOperation

from glossary.language import fold

_SCALES = {
    "thousand": 3, "million": 6, "mn": 6, "m": 6, "billion": 9, "bn": 9, "b": 9, "trillion": 12, "tn": 12, "k": 3,
    "十": 1, "百": 2, "千": 3, "万": 4, "亿": 8, "兆": 12, "万亿": 12, "百万": 6, "千万": 7, "十亿": 9, "百亿": 10,
    "千亿": 11, "十万": 5,
}  # fmt: skip
"""Powers of ten. 兆 is 10**12 as in Taiwan; the mainland's mega is for units only."""

_HAN_SCALE = "(?:[十百千]?[万亿兆]|万亿|[百千])"
_DIGITS = re.compile(
    r"(?<![A-Za-z\d.,])(\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?)"
    rf"(?:\s*(thousand|million|billion|trillion)\b|(k|m|b|bn|mn|tn)\b|({_HAN_SCALE}))?"
    rf"(?:(\d{{1,4}})(?!\d))?"
)
_HAN_DIGITS = {c: i for i, c in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_HAN_UNITS = {"十": 10, "百": 100, "千": 1000}
_HAN_NUMBER = re.compile("[零〇一二两三四五六七八九十百千万亿兆]+")
_SMALL = (
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
    "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
)  # fmt: skip
_TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_WORDS = {w: i for i, w in enumerate(_SMALL)} | {w: 10 * i for i, w in enumerate(_TENS, 2)}
_MONTHS = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november",
    "december",
)  # fmt: skip
_MONTH_OF = {m: i for i, m in enumerate(_MONTHS, 1)} | {m[:3]: i for i, m in enumerate(_MONTHS, 1)}
_WORD_OF = {
    "half": Decimal("0.5"),
    "dozen": Decimal(12),
    "once": Decimal(1),
    "twice": Decimal(2),
    "hundred": Decimal(100),
}
_ORDINAL_WORDS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth")
_ORDINALS = {w: i for i, w in enumerate(_ORDINAL_WORDS, 1)}
_WORD = re.compile(r"[a-z]+(?:-[a-z]+)?")


def written_in_digits(text: str) -> list[tuple[str, Decimal]]:
    """The numbers written with digits, as (what stands there, its value), in order; times and codes left out.

    >>> [(s, str(v)) for s, v in written_in_digits("1萬2000元、COVID-19、3:30、2.5% in 1990s, 1,270")]
    [('1萬2000', '12000'), ('2.5', '2.5'), ('1990', '1990'), ('1,270', '1270')]
    """
    folded = fold(text)
    found = []
    for match in _DIGITS.finditer(folded.text):
        if _is_code(folded.text, match.start(), match.end()):
            continue
        value = _scaled(match)
        if value is not None:
            start, end = folded.span(match.start(), match.end())
            found.append((text[start:end].strip(), value))
    return found


def _is_code(text: str, start: int, end: int) -> bool:
    """A time, a version, part of a name (COVID-19, Web3): not a quantity that a translation repeats as a number."""
    before, after = text[start - 2 : start], text[end : end + 2]
    return bool(
        re.search(r"[:/_]$|[a-z]-$", before) or re.match(r"[:/_]\d|\.\d|(?!s\b|st\b|nd\b|rd\b|th\b)[a-z]", after)
    )


def _scaled(match: re.Match[str]) -> Decimal | None:
    number, word, letter, han, rest = match.groups()
    try:
        value = Decimal(number.replace(",", ""))
    except InvalidOperation:
        return None
    scale = word or letter or han
    if scale:
        value *= Decimal(10) ** _SCALES[scale]
    if rest and han:
        value += Decimal(rest)
    return value


def values(text: str) -> frozenset[Decimal]:
    """Every value the text may state, in digits or words of either language, months included; also parts of them.

    Meant for asking whether a number is there, so it errs on the generous side.

    >>> Decimal(5) in values("on the 5th of May"), Decimal(12) in values("十二月"), Decimal(3) in values("three")
    (True, True, True)
    """
    folded = fold(text).text
    return frozenset({v.normalize() for v in _values(folded)})


def _values(text: str) -> Iterator[Decimal]:
    for match in _DIGITS.finditer(text):
        yield Decimal(match[1].replace(",", ""))
        value = _scaled(match)
        if value is not None:
            yield value
        if match[5]:
            yield Decimal(match[5])
    for digits in re.findall(r"\d+", text):
        yield Decimal(digits)
    for han in _HAN_NUMBER.findall(text):
        yield from _han_values(han)
    for word in _WORD.findall(text):
        yield from _word_values(word)


def _word_values(word: str) -> Iterator[Decimal]:
    parts = word.split("-")
    if word in _WORD_OF:
        yield _WORD_OF[word]
    if word in _ORDINALS:
        yield Decimal(_ORDINALS[word])
    if word in _MONTH_OF:
        yield Decimal(_MONTH_OF[word])
    known = [_WORDS[p] for p in parts if p in _WORDS]
    if len(known) == len(parts):
        yield Decimal(sum(known))
    if len(parts) == 2 and parts[0] in _WORDS and parts[1] in _ORDINALS:
        yield Decimal(_WORDS[parts[0]] + _ORDINALS[parts[1]])


def _han_values(text: str) -> Iterator[Decimal]:
    if all(c in _HAN_DIGITS for c in text):  # 二〇二二
        yield Decimal(int("".join(str(_HAN_DIGITS[c]) for c in text)))
        return
    total = section = number = 0
    for char in text:
        if char in _HAN_DIGITS:
            number = _HAN_DIGITS[char]
        elif char in _HAN_UNITS:
            section, number = section + max(number, 1) * _HAN_UNITS[char], 0
        else:
            total, section, number = (total + section + number) * 10 ** _SCALES[char], 0, 0
            yield Decimal(total)
    yield Decimal(total + section + number)

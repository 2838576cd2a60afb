"""Chinese short forms that a text ties to their full forms: 國家發展和改革委員會(發改委), 以下簡稱「數秦」, 又稱.

Nothing is guessed. A short form in brackets counts when its characters stand in the full form in order, or when the
dictionary says what it abbreviates; not when it is a plain word (動物). 簡稱 and 又稱 count by themselves, if the text
also shows where the full form begins: by the short form's first character, the word around it and names or offices
before that word (國家, 香港), by quotation marks, or by a sign before a name that ends as the short form does.

Limits: a full form that opens with a plain word the short form leaves out (環球同業銀行金融電訊協會, if the short form
began at 銀行) is cut at the short form's first character.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from glossary.language import HAN, fold
from glossary.terms.boundaries import jieba_tokenizer
from glossary.terms.kinds import ORGANISATION_ZH
from glossary.terms.tokens import FUNCTION_CHARS

Glosses = Callable[[str], Sequence[str]]
Span = tuple[int, int]

LONGEST_FULL = 24
"""Characters in the longest full form. A choice: the longest office names of the dictionary have about twenty."""

LONGEST_SHORT = 8
CLOSING = 4
"""The last character of a short form must stand among as many last ones of the full form: 委 of 委員會."""

OPENERS = frozenset(("国家", "全国", "中央", "最高", "世界", "国际", "联合国"))
"""Common words a full name opens with though its short form leaves them out; names come from the dictionary."""

_NEVER_INSIDE = frozenset("的了是在把被就也都")
_PRONOUN = re.compile("^(?:[本该我其各]|[甲乙丙双]方)")
"""本公司, 甲方: what a contract calls its parties is no name of theirs."""

_SHORT = f"[{HAN}A-Za-z0-9]{{2,{LONGEST_SHORT}}}"
_CALLED = "(?:以下)?(?P<said>简称|下称|又称|亦称|也称|又名)(?:为|作)?:?"
_STATED = re.compile(
    rf"[,(]?{_CALLED}(?:[\"“「『《](?P<quoted>[^\"”」』》]{{2,15}})[\"”」』》]|(?P<plain>{_SHORT})(?=[,;。.)、!?]|$))"
)
_BRACKET = re.compile(r"\(([^()]{2,40})\)")
_SAID_OF = re.compile(
    rf"(?:^|[,。;:(])[\"“「]?(?P<short>[{HAN}]{{2,6}})[\"”」]?(?:是|即|为)(?P<full>[{HAN}]{{4,{LONGEST_FULL}}})的(?:简称|缩写)"
)
_HAN_ONLY = re.compile(f"[{HAN}]+")
_NO_NAME = re.compile(rf"[^{HAN}A-Za-z0-9·]")


@dataclass(frozen=True, slots=True)
class Abbreviation:
    """A short form and its full form in one text, as offsets, and whether 又稱 only says that both are names."""

    short: Span
    full: Span
    rule: Literal["abbreviation", "alias"]


def abbreviations(text: str, glosses: Glosses) -> list[Abbreviation]:
    """Every short form of a text with its full form, in order; `glosses` looks folded words up in a dictionary.

    >>> from glossary.lexicon import load_cedict
    >>> def show(s): return [(s[slice(*a.short)], s[slice(*a.full)]) for a in abbreviations(s, load_cedict().glosses)]
    >>> show("由國家發展和改革委員會（發改委）負責"), show("杭州數秦科技有限公司（以下簡稱“數秦”）")
    ([('發改委', '國家發展和改革委員會')], [('數秦', '杭州數秦科技有限公司')])
    >>> show("中國人民銀行（央行）"), show("區塊鏈（帳本）"), show("該公司（以下簡稱本公司）")
    ([('央行', '中國人民銀行')], [], [])
    """
    folded = fold(text)
    finder = _Finder(folded.text, glosses)
    found: dict[Span, Abbreviation] = {}
    for short, full, rule in finder.all():
        made = Abbreviation(folded.span(*short), folded.span(*full), rule)
        found.setdefault(made.short, made)
    return sorted(found.values(), key=lambda a: a.short)


class _Finder:
    """The short forms of one folded text."""

    def __init__(self, text: str, glosses: Glosses) -> None:
        self.text, self.glosses = text, glosses
        self._cuts: list[Span] | None = None

    def all(self) -> Iterator[tuple[Span, Span, Literal["abbreviation", "alias"]]]:
        """(short, full, rule) by the text's wording, stated ones first."""
        for match in _STATED.finditer(self.text):
            group = "quoted" if match["quoted"] else "plain"
            short = match.span(group)
            full = self._stated_full(self.text[slice(*short)], match.start())
            if full:
                yield short, full, "alias" if match["said"] in ("又称", "亦称", "也称", "又名") else "abbreviation"
        for match in _SAID_OF.finditer(self.text):
            yield match.span("short"), match.span("full"), "abbreviation"
        for match in _BRACKET.finditer(self.text):
            stops = [match.start()]  # a full form ends before the bracket, or is the piece before in it
            for piece in re.finditer(r"[^,、;/\s]+", match[1]):
                short = match.start(1) + piece.start(), match.start(1) + piece.end()
                fulls = [f for f in (self._full_before(self.text[slice(*short)], stop) for stop in stops) if f]
                stops = [match.start(), short[1]]
                if fulls:
                    yield short, fulls[0], "abbreviation"
            reversed_ = self._short_before(match)
            if reversed_:
                yield reversed_, match.span(1), "abbreviation"

    def _stated_full(self, short: str, stop: int) -> Span | None:
        """The full form that ends at `stop`, for a short form the text calls one."""
        if _PRONOUN.match(short) or not _HAN_ONLY.search(short) or _NEVER_INSIDE & set(short):
            return None
        found = self._full_before(short, stop, stated=True)
        if found:
            return found
        quoted = re.search(r"[“「『《]([^“”「」『』《》]{2,24})[”」』》]$", self.text[:stop])
        if quoted:
            return quoted.span(1)
        start = self._name_start(stop)
        return (start, stop) if start is not None and self.text[stop - 1] == short[-1] else None

    def _full_before(self, short: str, stop: int, *, stated: bool = False) -> Span | None:
        """The full form that ends at `stop`: the least that spells the short form, and what opens its name."""
        if not _HAN_ONLY.fullmatch(short) or not 2 <= len(short) <= LONGEST_SHORT or _PRONOUN.match(short):
            return None
        known = [
            n for n in range(len(short) + 1, LONGEST_FULL) if n <= stop and self._abbreviates(short, stop - n, stop)
        ]
        if known:
            return stop - max(known), stop
        if not stated and self._plain(short):
            return None
        start = _spelt_from(short, self.text[max(0, stop - LONGEST_FULL) : stop], LONGEST_FULL if stated else CLOSING)
        if start is None:
            return None
        start += max(0, stop - LONGEST_FULL)
        full = self._opened(self._word_start(start), stop)
        named = self.text[full:stop]
        return (full, stop) if len(named) > len(short) and not named.endswith(short) else None

    def _abbreviates(self, short: str, start: int, stop: int) -> bool:
        """True when the dictionary calls the short form an abbreviation of exactly this."""
        full = self.text[start:stop]
        return bool(_HAN_ONLY.fullmatch(full)) and any(
            "abbr." in g and re.search(rf"(?<![{HAN}]){re.escape(full)}(?![{HAN}])", g) for g in self.glosses(short)
        )

    def _plain(self, word: str) -> bool:
        """True for a word of the dictionary that is neither a name nor an abbreviation."""
        glosses = self.glosses(word)
        return bool(glosses) and not any("abbr" in g or g[:1].isupper() for g in glosses if not g.startswith("CL:"))

    def _short_before(self, match: re.Match[str]) -> Span | None:
        """The short form before a bracket that holds an organisation's full name: 發改委（國家發展和改革委員會）."""
        full, stop = match[1], match.start()
        if not _HAN_ONLY.fullmatch(full) or len(full) > LONGEST_FULL or not ORGANISATION_ZH.search(full):
            return None
        for size in range(min(LONGEST_SHORT, len(full) - 1, stop), 1, -1):
            short = self.text[stop - size : stop]
            spelt = _HAN_ONLY.fullmatch(short) and _spelt_from(short, full) is not None and not full.endswith(short)
            if spelt and not self._plain(short) and any(start == stop - size for start, _ in self._words()):
                return stop - size, stop
        return None

    def _words(self) -> list[Span]:
        if self._cuts is None:
            self._cuts = [(start, end) for _, start, end in jieba_tokenizer().tokenize(self.text)]
        return self._cuts

    def _word_start(self, at: int) -> int:
        return next((start for start, end in self._words() if start <= at < end), at)

    def _opened(self, start: int, stop: int) -> int:
        """The start moved left over names and offices: 國家, 香港, 中國."""
        for begin, end in reversed(self._words()):
            if end == start and stop - begin <= LONGEST_FULL and self._opens(self.text[begin:end]):
                start = begin
        return start

    def _opens(self, word: str) -> bool:
        if not _HAN_ONLY.fullmatch(word) or len(word) < 2:
            return False
        return word in OPENERS or any(g[:1].isupper() and not g.startswith("CL:") for g in self.glosses(word))

    def _name_start(self, stop: int) -> int | None:
        """Where the name that ends at `stop` begins: after a sign or function character; None when a verb is before."""
        start = stop
        for begin, end in reversed(self._words()):
            if end != start:
                continue
            word = self.text[begin:end]
            verb = [part.strip().startswith("to ") for g in self.glosses(word) for part in g.split(";")]
            if _NO_NAME.search(word) or word in FUNCTION_CHARS or _NEVER_INSIDE & set(word):
                break
            if stop - begin > LONGEST_FULL or (verb and all(verb)):
                return None
            start = begin
        return start if start < stop else None


def _spelt_from(short: str, text: str, closing: int = CLOSING) -> int | None:
    """Where the shortest end of a text begins that holds a short form's characters in order, or None.

    >>> _spelt_from("发改委", "由国家发展和改革委员会"), _spelt_from("央行", "中国人民银行")
    (3, None)
    """
    at = len(text)
    for char in reversed(short):
        at = text.rfind(char, 0, at)
        if at < 0:
            return None
    last = text.rfind(short[-1])
    inside = text[at:]
    if len(text) - last > closing or _NO_NAME.search(inside) or _NEVER_INSIDE & set(inside):
        return None
    return at

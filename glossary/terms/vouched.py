"""The record of a pair the text itself vouches for, and the names of the rules that find them."""

from __future__ import annotations

from dataclasses import dataclass

RULES = ("parenthesis", "pinyin", "identical", "enumeration", "dictionary", "known")
"""Every rule; a pair found by several is named after the first of them."""


@dataclass(frozen=True, slots=True)
class CertainPair:
    """Words [first, last) of a bead and folded Chinese [start, end), with the rule that paired them."""

    bead: int
    first: int
    last: int
    start: int
    end: int
    rule: str

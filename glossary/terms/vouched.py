"""The record of a pair the text itself vouches for, and the names of the rules that find them."""

from __future__ import annotations

from collections.abc import Container
from dataclasses import dataclass

from glossary.language import has_han
from glossary.terms.tokens import is_acronym

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


KNOWN_SCORE = 0.98
"""Score of a pair the user's termbase has."""

GLOSSED_ACRONYM = 0.55
"""Least score of an acronym with the Chinese the text puts beside it in brackets, so that it is listed. Set by hand."""


def least_score(rules: Container[str], form: str, span: str) -> float:
    """What a pair scores at least, whatever the model says of it; 0 for most.

    >>> least_score(["parenthesis"], "NFTs", "非同质化代币"), least_score(["identical"], "NFTs", "nft")
    (0.55, 0.0)
    """
    if "known" in rules:
        return KNOWN_SCORE
    return GLOSSED_ACRONYM if "parenthesis" in rules and is_acronym(form) and has_han(span) else 0.0

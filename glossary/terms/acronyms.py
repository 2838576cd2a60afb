"""Acronyms and the full forms a text states: `Long Form (ACR)`, `ACR (long form)`, `X or ACR`, `ACR stands for X`.

Nothing is guessed: the letters of the acronym must be what words or hyphened parts begin with, in order, and no content
word may stand between them unmatched. `Central Cyberspace Administration of China (CAC)` gives the full form without
Central.

Source: Schwartz and Hearst 2003, tightened to initials, extended to inner lower-case letters (BaaS) and plurals.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from glossary.terms.tokens import Word, is_acronym

SKIPPED = frozenset(
    ("of", "based", "and", "the", "for", "in", "on", "to", "a", "an", "as", "at", "by", "with", "or", "de", "&")
)
"""Words an acronym may leave out."""


@dataclass(frozen=True, slots=True)
class Expansion:
    """An acronym and its full form in one text: offsets of both, and the wording that said so."""

    acronym: tuple[int, int]
    full: tuple[int, int]
    rule: str  # parenthesis, reversed-parenthesis, or, stands-for


def matches(acronym: str, parts: list[tuple[str, bool]]) -> bool:
    """True when word parts spell an acronym; each part comes with whether it opens a word.

    >>> matches("BaaS", [("Blockchain", True), ("as", False), ("a", False), ("Service", False)])
    True
    >>> matches("CAC", [("Central", True), ("Bank", True)])
    False
    """
    bare = acronym[:-1] if acronym.endswith("s") and acronym[:-1].isupper() else acronym
    letters = [c for c in bare if c.isalnum()]
    return _spell(letters, parts, 0, 0)


def _spell(letters: list[str], parts: list[tuple[str, bool]], at: int, part: int) -> bool:
    if at == len(letters):
        return all(word.lower() in SKIPPED for word, _ in parts[part:])
    if part == len(parts):
        return False
    word, opens = parts[part]
    for size in range(_shared(word, letters[at:]), 0, -1):
        if _spell(letters, parts, at + size, part + 1):
            return True
    skippable = word.lower() in SKIPPED or not opens
    return skippable and at > 0 and _spell(letters, parts, at, part + 1)


def _shared(word: str, letters: list[str]) -> int:
    """How many letters of the acronym the word begins with: two for ID of DID and identifier."""
    size = 0
    while size < min(len(word), len(letters)) and word[size].lower() == letters[size].lower():
        size += 1
    return size


def _parts(text: str) -> list[tuple[str, bool]]:
    found = []
    for word in re.findall(r"[^\s\"“”()]+", text):
        pieces = [p for p in re.split(r"[-‑/]|['’]s?\b", word.strip(".,;:'’‘")) if p]
        found += [(piece, i == 0) for i, piece in enumerate(pieces)]
    return found


def expansions(text: str, words: tuple[Word, ...]) -> list[Expansion]:
    """Every acronym of a text that the text itself spells out, in order.

    >>> from glossary.terms.tokens import words
    >>> def show(s): return [(s[slice(*e.acronym)], s[slice(*e.full)]) for e in expansions(s, words(s))]
    >>> show("China's Central Cyberspace Administration of China (CAC) and IDC (2022-2024)")
    [('CAC', 'Cyberspace Administration of China')]
    >>> show("Blockchain-as-a-Service (BaaS)"), show('the platform “Blockchain Service Network” or BSN.')
    ([('BaaS', 'Blockchain-as-a-Service')], [('BSN', 'Blockchain Service Network')])
    >>> show("NFT stands for Non-Fungible Token."), show("the CBDC (central bank digital currency)")
    ([('NFT', 'Non-Fungible Token')], [('CBDC', 'central bank digital currency')])
    """
    found: list[Expansion] = []
    for i, word in enumerate(words):
        if not is_acronym(word.text):
            continue
        for attempt in (_before(text, words, i), _after(text, words, i), _said(text, words, i)):
            if attempt is not None:
                found.append(attempt)
                break
    return found


def _before(text: str, words: tuple[Word, ...], at: int) -> Expansion | None:
    """`Long Form (ACR`, or `Long Form or ACR` with the long form in quotes or in capitals."""
    word = words[at]
    lead = text[: word.start]
    bracket = re.search(r"[（(]\s*[\"“]?$", lead)
    spoken = re.search(r"[\"”’']?,?\s+(?:or|aka|a\.k\.a\.)\s+[\"“]?(?:the\s+)?$", lead)
    found = bracket or spoken
    return found and _shortest_before(text, words, at, found.start(), "parenthesis" if bracket else "or")


def _shortest_before(text: str, words: tuple[Word, ...], at: int, stop: int, rule: str) -> Expansion | None:
    size = len(words[at].text)
    earlier = [w for w in words[:at] if w.end <= stop]
    for count in range(1, min(len(earlier), size + 6) + 1):
        if earlier[-count].text.startswith("-"):
            continue
        start = earlier[-count].start
        phrase = text[start:stop].strip("\"”’' ,")
        if re.search(r"[.;:!?()（）]\s", phrase) or ("," in phrase and rule == "or"):
            return None
        if len(phrase.split()) >= 1 and len(_parts(phrase)) > 1 and matches(words[at].text, _parts(phrase)):
            if earlier[-count].lower in SKIPPED:
                continue
            return Expansion((words[at].start, words[at].end), (start, start + len(phrase)), rule)
    return None


def _after(text: str, words: tuple[Word, ...], at: int) -> Expansion | None:
    """`ACR (long form)`."""
    word = words[at]
    match = re.match(r"\s*[（(]\s*([^()（）]{3,80}?)\s*[)）]", text[word.end :])
    if not match or len(_parts(match[1])) < 2 or not matches(word.text, _parts(match[1])):
        return None
    start = word.end + match.start(1)
    return Expansion((word.start, word.end), (start, start + len(match[1])), "reversed-parenthesis")


def _said(text: str, words: tuple[Word, ...], at: int) -> Expansion | None:
    """`ACR stands for long form`, `ACR is short for long form`."""
    word = words[at]
    lead = re.match(
        r"[\"”’]?,?\s+(?:which\s+)?(?:stands? for|is short for|is an? (?:acronym|abbreviation) (?:for|of)|means)\s+"
        r"(?:the\s+|an?\s+)?[\"“‘]?",
        text[word.end :],
    )
    if not lead:
        return None
    start = word.end + lead.end()
    following = [w for w in words[at + 1 :] if w.start >= start]
    for count in range(1, min(len(following), len(word.text) + 6) + 1):
        phrase = text[start : following[count - 1].end]
        if re.search(r"[.;:!?()（）,]\s", phrase):
            return None
        if len(_parts(phrase)) > 1 and matches(word.text, _parts(phrase)):
            return Expansion((word.start, word.end), (start, start + len(phrase)), "stands-for")
    return None

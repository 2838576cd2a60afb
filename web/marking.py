"""A text, or a text and its translation, with the glossary's terms marked and findings numbered: what /check shows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from glossary.annotation import Annotation
from glossary.datamodel import Bitext, ConceptEntry, Finding, TranslationUnit
from glossary.language import base_language, detect_script, foreign_script_characters, han_share, join_segments
from glossary.store import Store
from web.prepared import annotator, checker
from web.weave import Fault, Run, separate, woven

CHINESE_FROM = 0.5
"""Share of Han from which a pasted text counts as Chinese; see `glossary.language.han_share`."""


@dataclass(frozen=True, slots=True)
class Row:
    """A stretch of text beside its translation, ready to be shown; no target runs where there is no translation."""

    source: list[Run]
    target: list[Run]


@dataclass(frozen=True, slots=True)
class Listed:
    """A finding as the list shows it; `mark` is the number of the mark in the text it is about, 0 for none."""

    number: int
    mark: int
    finding: Finding
    written: str
    lang: str


@dataclass(frozen=True, slots=True)
class Marked:
    """Everything the page shows: rows, the cards that terms open, the entries found, the findings."""

    source_lang: str
    target_lang: str  # '' without a translation
    rows: list[Row]
    cards: dict[str, tuple[ConceptEntry, ...]]
    findings: list[Listed]

    @property
    def entries(self) -> list[ConceptEntry]:
        """The entries found, each once, in the order they stand in the text."""
        return list({entry.id: entry for entries in self.cards.values() for entry in entries}.values())


def text_language(text: str, variant: str = "") -> str:
    """en, or the Chinese a text is in: the variant when one was chosen, else told by its characters.

    >>> text_language("A ledger"), text_language("区块链"), text_language("區塊鏈", "zh-Hant-TW")
    ('en', 'zh-Hans', 'zh-Hant-TW')
    """
    if han_share(text) < CHINESE_FROM:
        return "en"
    return variant or detect_script(text)


class _Cards:
    """Names the card of each place: places of the same concepts share one."""

    def __init__(self) -> None:
        self.ids: dict[tuple[str, ...], str] = {}

    def marks(self, found: Sequence[Annotation]) -> list[tuple[int, int, str]]:
        return [(a.start, a.end, self.ids.setdefault(a.entry_ids, f"t{len(self.ids) + 1}")) for a in found]

    def entries(self, store: Store) -> dict[str, tuple[ConceptEntry, ...]]:
        known = {e.id: e for e in store.entries_of({i for ids in self.ids for i in ids})}
        return {card: tuple(known[i] for i in ids if i in known) for ids, card in self.ids.items()}


def mark_text(store: Store, text: str, variant: str) -> Marked:
    """One text, a row a paragraph."""
    lang, cards, marker = text_language(text, variant), _Cards(), annotator(store)
    lines = [line for line in text.splitlines() if line.strip()]
    rows = [Row(woven(line, cards.marks(marker.find(line, lang=lang)), ()), []) for line in lines]
    return Marked(lang, "", rows, cards.entries(store), [])


def mark_pair(store: Store, bitext: Bitext, source_lang: str, target_lang: str) -> Marked:
    """An aligned text and translation, a row a bead, with what the check finds."""
    units = [_unit(bitext, n, source_lang, target_lang) for n in range(len(bitext.beads))]
    found = list(checker(store, source_lang, target_lang).check(units))
    numbered = [(n, f) for n, f in enumerate(sorted(found, key=lambda f: (f.unit.line, f.side, f.start)), 1)]
    cards, marker, drawn = _Cards(), annotator(store), dict[int, int]()
    rows = []
    for unit in units:
        sides = []
        for side, text, lang in (("source", unit.source, source_lang), ("target", unit.target, target_lang)):
            here = [_fault(n, f) for n, f in numbered if f.unit is unit and f.side == side]
            drawn |= _marks_of(here)
            sides.append(woven(text, cards.marks(marker.find(text, lang=lang)), here))
        rows.append(Row(*sides))
    listed = [_listed(n, drawn.get(n, 0), f) for n, f in numbered]
    return Marked(source_lang, target_lang, rows, cards.entries(store), listed)


def _unit(bitext: Bitext, n: int, source_lang: str, target_lang: str) -> TranslationUnit:
    bead = bitext.beads[n]
    first = join_segments([bitext.source[i].text for i in bead.source])
    second = join_segments([bitext.target[i].text for i in bead.target])
    return TranslationUnit(first, second, source_lang, target_lang, "", n + 1)


def _fault(number: int, finding: Finding) -> Fault:
    return Fault(finding.start, finding.end, number, "bad" if finding.is_error else "warn")


def _marks_of(faults: Sequence[Fault]) -> dict[int, int]:
    """For each finding the number of the mark that stands for it: its own, or the one drawn over its place."""
    shown = separate(faults)
    return {f.number: next((s.number for s in shown if s.start <= f.start < s.end), 0) for f in faults}


def _listed(number: int, mark: int, finding: Finding) -> Listed:
    unit = finding.unit
    text, lang = (unit.source, unit.source_lang) if finding.side == "source" else (unit.target, unit.target_lang)
    written = text[finding.start : finding.end]
    if finding.code == "W203":  # the place is the first of them, the suggestion is for all
        written = "".join(dict.fromkeys(text[i] for i in foreign_script_characters(text, lang)))
    return Listed(number, mark, finding, written, lang)


def same_language(first: str, second: str) -> bool:
    """True for two tags of one language, such as two variants of Chinese."""
    return base_language(first) == base_language(second)

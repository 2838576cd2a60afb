"""What an English text says about its own terms: acronyms with their full forms, definitions."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from glossary.datamodel import Definition, Occurrence, Segment
from glossary.terms.acronyms import expansions
from glossary.terms.article import EnglishBead
from glossary.terms.definitions import footnote_definitions, sentence_definitions
from glossary.terms.sides import MARKUP_SIGN, BeadSides
from glossary.terms.tokens import is_coined, words
from glossary.terms.units import unit_key_of


@dataclass(slots=True)
class Stated:
    """What a text says about its own terms, by key."""

    forms: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    full: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    definitions: dict[str, list[Definition]] = field(default_factory=lambda: defaultdict(list))
    places: dict[str, list[Occurrence]] = field(default_factory=lambda: defaultdict(list))

    def saw(self, key: str, form: str, bead: int | None, start: int) -> None:
        """Note a form of a term and where it stands."""
        self.forms[key][form] += 1
        self.places[key].append(Occurrence(bead, (start, start + len(form))))

    def full_keys(self) -> dict[str, frozenset[str]]:
        """Keys of the full forms by the acronym's key."""
        return {key: frozenset(unit_key_of(f) for f in found) for key, found in self.full.items()}


def read_stated(beads: Iterable[BeadSides], english: Mapping[int, EnglishBead], notes: Sequence[Segment]) -> Stated:
    """Acronyms with their full forms and definitions of the whole English text, footnotes included."""
    stated = Stated()
    article = [(b, s) for b in beads for s in b.english.segments]
    coined: set[str] = set()
    for bead, segment in [*article, *((None, n) for n in notes)]:
        number = bead.number if bead else None
        row = english[bead.number].words if bead and len(bead.english.segments) == 1 else words(segment.text)
        coined |= {unit_key_of(w.text) for w in row if is_coined(w.text)}
        for found in expansions(segment.text, row):
            acronym, full = (
                segment.text[slice(*found.acronym)],
                segment.text[slice(*found.full)].strip(f"{MARKUP_SIGN} "),
            )
            key = unit_key_of(acronym)
            if MARKUP_SIGN not in full:
                stated.full[key][full] += 1
            stated.saw(key, acronym, number, segment.start + found.acronym[0])
    sentences = sentence_definitions([s for _, s in article], frozenset(coined))
    for names, definition in [*sentences, *footnote_definitions(notes)]:
        for name in names:
            stated.definitions[unit_key_of(name)].append(definition)
            at = definition.text.find(name)
            if at >= 0:
                stated.saw(unit_key_of(name), name, None, definition.start + at)
    return stated

"""A unit: an English candidate under one key, whatever its case and number, with every place it stands."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple

from glossary.terms.nouns import in_dictionary


class Place(NamedTuple):
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

    def by_bead(self) -> dict[int, list[Place]]:
        """The places in each bead, in reading order."""
        found: dict[int, list[Place]] = {}
        for place in self.places:
            found.setdefault(place.bead, []).append(place)
        return found

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

    >>> [singular(w) for w in ("cryptocurrencies", "boxes", "licenses", "NFTs", "GPUs", "AWS", "BaaS", "business")]
    ['cryptocurrency', 'box', 'license', 'NFT', 'GPU', 'AWS', 'BaaS', 'business']
    """
    lower = word.lower()
    if word.endswith("S") and (word.isupper() or word[-2:-1].islower()):
        return word
    if len(word) > 3 and word.endswith("s") and word[:-1].isupper():
        return word[:-1]
    if len(word) < 4 and not (word[:-1].isupper() and lower.endswith("s") and len(word) == 3):
        return word
    if lower.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    if re.search(r"(s|x|z|ch|sh)es$", lower) and not in_dictionary(lower[:-1]):
        return word[:-2]
    if lower.endswith("s") and not lower.endswith(("ss", "us", "is", "news", "ics")):
        return word[:-1]
    return word


@lru_cache(maxsize=1 << 16)
def unit_key_of(form: str) -> str:
    """The key that folds case and plural of a form.

    >>> unit_key_of("Smart Contracts"), unit_key_of("NFTs"), unit_key_of("People's Bank of China")
    ('smart contract', 'nft', "people's bank of china")
    """
    parts = " ".join(form.replace("’", "'").split()).split(" ")
    return " ".join([*parts[:-1], singular(parts[-1])]).lower()


class Seen(NamedTuple):
    """One place of a unit in a text: words [first, last), and whether it counts for the three shares of its Unit."""

    key: str
    form: str
    first: int
    last: int
    maximal: bool
    edge: bool
    name: bool


def joined_units(beads: Iterable[Sequence[Seen]]) -> dict[str, Unit]:
    """The units of several texts by key, in order of first appearance."""
    found: dict[str, Unit] = {}
    for bead, places in enumerate(beads):
        for place in places:
            unit = found.get(place.key)
            if unit is None:
                unit = found[place.key] = Unit(place.key)
            unit.forms[place.form] = unit.forms.get(place.form, 0) + 1
            unit.places.append(Place(bead, place.first, place.last))
            unit.maximal += place.maximal
            unit.edges += place.edge
            unit.names += place.name
    return found

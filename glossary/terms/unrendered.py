"""English terms a text gives no Chinese for: names, acronyms and what it defines; of a text in English alone, whatever
is likely a term."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence, Set

from glossary.datamodel import Occurrence, TermCandidate
from glossary.lexicon import Cedict
from glossary.terms.article import EnglishBead
from glossary.terms.kinds import kind_of
from glossary.terms.monolingual import LEAST, english_likelihoods
from glossary.terms.names import is_title
from glossary.terms.sides import BeadSides
from glossary.terms.stated import Stated
from glossary.terms.table import best_tokens, load_table
from glossary.terms.tokens import Word, is_acronym, stem
from glossary.terms.units import Place, Unit, best_form, joined_units

UNRENDERED_SCORE = 0.4
"""Least score of a name, an acronym or a defined term without a rendering; under every pair that is worth showing."""

LIKELY_WORD = 0.1
"""Joint probability from which a word may render a name; set by hand."""

SHORT_NAME = 3
"""Letters of a name that many words of the dictionary share; set by hand."""


def unrendered(
    beads: Sequence[BeadSides], english: Mapping[int, EnglishBead], stated: Stated, rendered: Set[str],
    dictionary: Cedict, chinese_lang: str,
) -> list[TermCandidate]:  # fmt: skip
    """The terms whose keys are not `rendered`, English as their source. `english` is read by number of the bead."""
    alone = [b for b in beads if b.english.segments]
    read = [english[b.number] for b in alone]
    found = joined_units([own.units for own in read])
    titles = frozenset(i for i, own in enumerate(read) if is_title(own.words))
    monolingual = len(alone) == len(beads) and not any(b.chinese.segments for b in beads)
    likely = english_likelihoods([b.english.text for b in alone], read, dictionary) if monolingual else {}
    made = []
    for key in dict.fromkeys([*stated.forms, *found]):
        if key in rendered:
            continue
        unit = found.get(key)
        rule = _rule(key, unit, stated, titles, likely)
        places = [
            Occurrence(alone[p.bead].number, _offsets(alone[p.bead], read[p.bead].words, p))
            for p in (unit.places if unit else ())
        ]
        places = [*(o for o in places if o.source is not None), *stated.places.get(key, ())]
        if rule and places:
            score = likely.get(key, 0.0) if rule == "termhood" else max(UNRENDERED_SCORE, likely.get(key, 0.0))
            glosses = _likely_glosses(key, dictionary) if unit and unit.names else ()
            made.append(_candidate(key, unit, tuple(dict.fromkeys(places)), stated, chinese_lang, rule, score, glosses))
    return made


def _likely_glosses(key: str, dictionary: Cedict) -> tuple[str, ...]:
    """What the dictionary says of the words that likely render a name: Jiangsu is a province. Xi may be anything."""
    if len(key) <= SHORT_NAME:
        return ()
    words = [word for word, likely in best_tokens(load_table(), stem(key)) if likely >= LIKELY_WORD]
    return tuple(gloss for word in words for gloss in dictionary.glosses(word))


def _rule(key: str, unit: Unit | None, stated: Stated, titles: frozenset[int], likely: Mapping[str, float]) -> str:
    """Why a unit is listed; '' when it is not."""
    if key in stated.forms:
        return "stated"
    if unit is None or likely.get(key, LEAST) < LEAST:
        return ""
    return "name" if _is_named(unit, titles) else "termhood" if key in likely else ""


def _is_named(unit: Unit, titles: frozenset[int]) -> bool:
    """An acronym, or a name of two words or more that stands outside titles at least once."""
    if is_acronym(unit.form):
        return True
    named = unit.names == len(unit.places) and unit.maximal > 0 and " " in unit.key
    return named and any(place.bead not in titles for place in unit.places)


def _offsets(bead: BeadSides, row: Sequence[Word], place: Place) -> tuple[int, int] | None:
    return bead.english.offsets(row[place.first].start, row[place.last - 1].end)


def _candidate(
    key: str, unit: Unit | None, places: tuple[Occurrence, ...], stated: Stated, chinese_lang: str, rule: str,
    score: float, glosses: tuple[str, ...],
) -> TermCandidate:  # fmt: skip
    forms = Counter(unit.forms if unit else {}) + stated.forms.get(key, Counter())
    form = best_form(forms)
    kind = kind_of(form, "", [], lambda _: glosses, 1.0 if unit is None or unit.names else 0.0)
    return TermCandidate(
        form, "", "en", chinese_lang, kind, score, rule, {}, places, tuple(stated.full.get(key, Counter())),
        tuple(stated.definitions.get(key, ())), tuple(f for f in forms if f != form),
    )  # fmt: skip

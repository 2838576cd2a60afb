"""English plurals that no rule makes: a closed list, and the key that folds them for comparing and for assembling.

Extraction itself keeps the forms of the text: only forms that are compared (scoring) or joined (assembly) are folded.
"""

from __future__ import annotations

import re

from glossary.terms.candidates import unit_key_of

_PAIRS = """
criteria criterion  phenomena phenomenon  automata automaton  polyhedra polyhedron
indices index  matrices matrix  vertices vertex  appendices appendix  vortices vortex  codices codex
analyses analysis  hypotheses hypothesis  theses thesis  crises crisis  axes axis  diagnoses diagnosis
syntheses synthesis  parentheses parenthesis  emphases emphasis  metamorphoses metamorphosis  oases oasis
media medium  bacteria bacterium  strata stratum  curricula curriculum  memoranda memorandum  millennia millennium
spectra spectrum  quanta quantum  errata erratum  referenda referendum  addenda addendum  symposia symposium
consortia consortium  moratoria moratorium  optima optimum  maxima maximum  minima minimum  momenta momentum
formulae formula  larvae larva  antennae antenna  vertebrae vertebra  algae alga  nebulae nebula  corpora corpus
genera genus  alumni alumnus  nuclei nucleus  radii radius  stimuli stimulus  fungi fungus  foci focus
loci locus  syllabi syllabus  schemata schema  stigmata stigma  genii genius
men man  women woman  children child  people person  feet foot  teeth tooth  geese goose  mice mouse  oxen ox
lives life  knives knife  wives wife  leaves leaf  halves half  shelves shelf  wolves wolf  thieves thief
loaves loaf  selves self  calves calf
heroes hero  echoes echo  potatoes potato  tomatoes tomato  vetoes veto  embargoes embargo  cargoes cargo
buses bus  viruses virus  statuses status  campuses campus  bonuses bonus  censuses census  surpluses surplus
biases bias  aliases alias  gases gas  atlases atlas  canvases canvas  lenses lens  quizzes quiz
caches cache  niches niche  headaches headache  avalanches avalanche  cookies cookie  movies movie  calories calorie
"""
_WORDS = _PAIRS.split()
IRREGULAR = dict(zip(_WORDS[::2], _WORDS[1::2], strict=True))
"""Singular by plural. Source: plurals of Latin, Greek and Old English that English grammars list, and nouns whose
plural ending the rules of `candidates.singular` cut wrongly."""


def plural_key(form: str) -> str:
    """The key that folds case and plural of a form, irregular plurals included; only the last word is looked at.

    >>> plural_key("Selection criteria"), plural_key("Smart Contracts"), plural_key("social media")
    ('selection criterion', 'smart contract', 'social medium')
    """
    lower = " ".join(form.replace("’", "'").split()).lower()
    head, gap, last = lower.rpartition(" ")
    stem, hyphen, tail = last.rpartition("-")
    if tail in IRREGULAR:
        return f"{head}{gap}{stem}{hyphen}{IRREGULAR[tail]}"
    return unit_key_of(form)


def concept_key(form: str) -> str:
    """The key by which English forms are one concept: case, plural, and hyphen or space folded.

    >>> concept_key("Blockchain-Based Service Networks") == concept_key("blockchain based service network")
    True
    """
    return plural_key(re.sub(r"(?<=\w)[-‐‑](?=\w)", " ", form))

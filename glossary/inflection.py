"""English endings: the other forms a term may stand in, by rule and a short list of irregular plurals.

Limits: spelling rules only; a doubled consonant (tagged) and strong verbs are not known.
"""

from __future__ import annotations

import re

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
SINGULARS = dict(zip(_WORDS[::2], _WORDS[1::2], strict=True))
"""Singular by plural. Source: plurals of Latin, Greek and Old English that English grammars list, and nouns whose
plural ending the rules cut wrongly."""

_PLURALS = {singular: plural for plural, singular in SINGULARS.items()} | {"datum": "data"}
_LAST_WORD = re.compile(r"[^\W\d_]+$")
_HISSING = ("s", "x", "z", "ch", "sh")
_VOWELS = "aeiou"


def plural(word: str) -> str:
    """The plural of an English noun; capitals are kept (NFT, NFTs).

    >>> [plural(w) for w in ("node", "box", "policy", "key", "analysis", "NFT", "Matrix")]
    ['nodes', 'boxes', 'policies', 'keys', 'analyses', 'NFTs', 'Matrices']
    """
    low = word.lower()
    if low in _PLURALS:
        return _cased(_PLURALS[low], word)
    if len(word) > 1 and word.isupper():
        return f"{word}s"
    if low.endswith(_HISSING):
        return f"{word}es"
    if low.endswith("y") and len(low) > 1 and low[-2] not in _VOWELS:
        return f"{word[:-1]}ies"
    return f"{word}s"


def singular(word: str) -> str:
    """The singular of an English noun that looks like a plural, else the word itself.

    >>> [singular(w) for w in ("nodes", "boxes", "policies", "analyses", "bus", "class", "series", "NFTs")]
    ['node', 'box', 'policy', 'analysis', 'bus', 'class', 'series', 'NFT']
    """
    low = word.lower()
    if low in SINGULARS:
        return _cased(SINGULARS[low], word)
    if low.endswith(("ss", "us", "is", "series", "species", "news")) or not low.endswith("s") or len(low) < 4:
        return word
    if low.endswith("ies") and len(low) > 4:
        return f"{word[:-3]}y"
    if low.endswith("es") and low[:-2].endswith(_HISSING):
        return word[:-2]
    return word[:-1]


def _cased(form: str, like: str) -> str:
    return form.capitalize() if like[:1].isupper() else form


def inflected(term: str, part_of_speech: str = "noun") -> tuple[str, ...]:
    """The term and the forms it may take in a text: plural and singular for nouns, endings for verbs.

    The last word is inflected, and in a noun phrase with `of` its head: proofs of stake.

    >>> inflected("smart contract"), inflected("NFTs"), inflected("stake", "verb")
    (('smart contract', 'smart contracts'), ('NFTs', 'NFT'), ('stake', 'stakes', 'staked', 'staking'))
    >>> inflected("proof of stake"), inflected("區塊鏈")
    (('proof of stake', 'proof of stakes', 'proofs of stake'), ('區塊鏈',))
    """
    forms = [term, *_at(term, len(term), part_of_speech)]
    head = term.lower().find(" of ")
    if head > 0 and part_of_speech == "noun":
        forms += _at(term, head, part_of_speech)
    return tuple(dict.fromkeys(forms))


def _at(term: str, end: int, part_of_speech: str) -> list[str]:
    """The forms of a term whose word before `end` is inflected."""
    found = _LAST_WORD.search(term, 0, end) if term[:end].isascii() else None
    if found is None or part_of_speech not in ("noun", "verb"):
        return []
    word, front, rest = found[0], term[: found.start()], term[end:]
    if part_of_speech == "verb":
        bare = word[:-1] if word.endswith("e") else word
        forms = [plural(word), f"{bare}ed", f"{bare}ing"]
    else:
        one = singular(word)
        forms = [one] if one != word else [plural(word)]
    return [f"{front}{form}{rest}" for form in forms if len(word) > 1]

"""The keys that fold plurals, irregular ones too, for comparing and for assembling.

Extraction itself keeps the forms of the text: only forms that are compared (scoring) or joined (assembly) are folded.
"""

from __future__ import annotations

import re

from glossary.inflection import SINGULARS
from glossary.terms.units import unit_key_of


def plural_key(form: str) -> str:
    """The key that folds case and plural of a form, irregular plurals included; only the last word is looked at.

    >>> plural_key("Selection criteria"), plural_key("Smart Contracts"), plural_key("social media")
    ('selection criterion', 'smart contract', 'social medium')
    """
    lower = " ".join(form.replace("’", "'").split()).lower()
    head, gap, last = lower.rpartition(" ")
    stem, hyphen, tail = last.rpartition("-")
    if tail in SINGULARS:
        return f"{head}{gap}{stem}{hyphen}{SINGULARS[tail]}"
    return unit_key_of(form)


def concept_key(form: str) -> str:
    """The key by which English forms are one concept: case, plural, and hyphen or space folded.

    >>> concept_key("Blockchain-Based Service Networks") == concept_key("blockchain based service network")
    True
    """
    return plural_key(re.sub(r"(?<=\w)[-‐‑](?=\w)", " ", form))

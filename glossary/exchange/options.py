"""What an export or an import may be told."""

from __future__ import annotations

from dataclasses import dataclass

from glossary.datamodel import AdministrativeStatus, ReviewState

DEFAULT_TARGET = "zh-Hans"
"""The Chinese variant of formats that hold one target language a file, when none is named: Weblate's reading of zh."""


@dataclass(frozen=True, slots=True)
class ExportOptions:
    """Options of every exporter; each uses what its format has room for."""

    lang: str | None = None  # the target language or locale; None: every Chinese variant where the format can hold them
    source_lang: str = "en"
    epoch: int | None = None  # Settings.source_date_epoch: seconds since 1970 written as the date
    locale_style: str = "weblate"
    statuses: frozenset[AdministrativeStatus] = frozenset()  # only these target terms; empty: all
    reviews: frozenset[ReviewState] = frozenset()

    @property
    def target(self) -> str:
        """The target language of formats that hold one a file."""
        return DEFAULT_TARGET if self.lang in (None, "zh") else str(self.lang)


@dataclass(frozen=True, slots=True)
class ImportOptions:
    """The languages of a file that does not say them itself, and what its entries are for."""

    lang: str | None = None  # of the target terms
    source_lang: str = "en"
    storable: bool = False  # refuse what no store holds: U+0000


@dataclass(frozen=True, slots=True)
class BitextOptions:
    """What a bitext itself does not know: where its sides come from."""

    source_uri: str = ""
    target_uri: str = ""

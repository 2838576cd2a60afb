"""What an export may be told."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ExportOptions:
    """Options of every exporter; each uses what its format has room for."""

    lang: str | None = None  # the target language or locale; None: every Chinese variant where the format can hold them
    source_lang: str = "en"
    epoch: int | None = None  # Settings.source_date_epoch: seconds since 1970 written as the date
    locale_style: str = "weblate"


@dataclass(frozen=True, slots=True)
class BitextOptions:
    """What a bitext itself does not know: where its sides come from."""

    source_uri: str = ""
    target_uri: str = ""

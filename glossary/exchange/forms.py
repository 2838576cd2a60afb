"""What formats that hold one target language a file take of an entry: its source terms and its forms, best first."""

from __future__ import annotations

from collections.abc import Callable

from glossary.datamodel import ConceptEntry, TermSec
from glossary.exchange.values import STATUSES
from glossary.language import ZH_TARGETS, base_language
from glossary.variants import with_converted

_PREFERENCE = {"zh-Hant": ("zh-Hant-TW", "zh-Hant"), "zh-Hant-TW": ("zh-Hant-TW", "zh-Hant")}
"""Sections whose observed forms may stand in a locale; converted ones come from the locale's own section only."""

Form = tuple[str, TermSec]  # the language the form stands in, the form


def source_terms(entry: ConceptEntry, source_lang: str) -> list[Form]:
    """The terms of the source language that nobody rejected; those of its variants when it has none itself."""
    sections = [s for s in entry.lang_secs if base_language(s.lang) == base_language(source_lang)]
    exact = [s for s in sections if s.lang == source_lang] or sections
    return [(s.lang, t) for s in exact for t in s.terms if t.review_state != "rejected"]


def target_forms(entry: ConceptEntry, tag: str, clean: Callable[[str], str]) -> list[Form]:
    """The forms for a locale that nobody rejected, best first: by status, approved, observed, preferred section, score.

    A Chinese variant that is not stored is converted. Forms that `clean` makes the same are one.
    """
    sections = _PREFERENCE.get(tag, (tag,))
    own = sections[0]
    if own in ZH_TARGETS and entry.section(own) is None:
        entry = with_converted(entry)
    found: list[tuple[tuple[int, bool, bool, int, float], str, TermSec]] = []
    for at, lang in enumerate(sections):
        section = entry.section(lang)
        for term in section.terms if section else ():
            converted = term.origin != "observed"
            if term.review_state != "rejected" and not (converted and lang != own):
                rank = STATUSES.index(term.administrative_status), term.review_state != "approved", converted
                found.append(((*rank, at, -term.score), lang, term))
    found.sort(key=lambda f: f[0])
    best: dict[str, Form] = {}
    for _, lang, term in found:
        text = clean(term.term)
        if text:
            best.setdefault(text, (lang, term))
    return list(best.values())

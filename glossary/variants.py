"""Regional forms of a term: zh-Hans, zh-Hant-TW and zh-Hant-HK from whichever was observed, marked as converted.

A form is brought to Simplified characters and from there to the target: words of the regional vocabulary by that table
(vocabulary.py), the rest by OpenCC, which `overrides.tsv` corrects where it is known to be wrong. Concepts take the
region's vocabulary (网络 -> 網路); names of organisations, of people, places and products only its characters (s2tw):
國家互聯網信息辦公室 keeps its name in Taiwan.

`overrides.tsv` holds, per row: the target, the scope (`vocabulary`: concepts only, `all`: names too), the phrase in
Simplified characters, what OpenCC makes of it, what is right, and why. A row acts where the source holds the phrase and
the result holds OpenCC's form; a test checks that OpenCC still does what the row says.

Limits: a form seen in `zh-Hant` tells nothing about its region, so Hong Kong and Taiwan both get conversions of it;
words in such a text that only Taiwan or only Hong Kong uses become mainland words.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from importlib.resources import files

from glossary.datamodel import (
    AdministrativeStatus,
    ConceptEntry,
    Flag,
    Kind,
    LangSec,
    Origin,
    ReviewState,
    TermSec,
    TermType,
)
from glossary.language import ZH_TARGETS, fold_key, is_chinese, opencc_convert
from glossary.vocabulary import Words, spans, words_into, words_out_of

_TO_SIMPLIFIED = {"zh-Hant": "t2s", "zh-Hant-TW": "tw2sp", "zh-Hant-HK": "hk2s", "zh": "t2s"}
_FROM_SIMPLIFIED = {"zh-Hant-TW": "s2twp", "zh-Hant-HK": "s2hk"}
_NAMES_FROM_SIMPLIFIED = {"zh-Hant-TW": "s2tw", "zh-Hant-HK": "s2hk"}
_NAMES_TO_SIMPLIFIED = _TO_SIMPLIFIED | {"zh-Hant-TW": "tw2s"}
_NAME_KINDS: frozenset[Kind] = frozenset({"organisation", "person", "place", "product"})
_NAME_ENDING = re.compile("(办公室|委员会|银行|公司|法院|集团|协会|大学|研究院|检察院|交易所)$")

_SOURCES = {
    "zh-Hans": ("zh-Hant", "zh-Hant-TW", "zh-Hant-HK", "zh"),
    "zh-Hant-TW": ("zh-Hant", "zh-Hans", "zh-Hant-HK", "zh"),
    "zh-Hant-HK": ("zh-Hant", "zh-Hans", "zh-Hant-TW", "zh"),
}
"""Where a missing form is taken from, best first: the same script before the other."""

_STATUS_ORDER: tuple[AdministrativeStatus, ...] = ("preferred", "admitted", "deprecated", "forbidden")


@dataclass(frozen=True, slots=True)
class Override:
    """A phrase OpenCC gets wrong for one target: see the module's text."""

    target: str
    scope: str
    source: str
    opencc: str
    correct: str
    reason: str


@dataclass(frozen=True, slots=True)
class Rendering:
    """One form of a concept in one variant, for display. `n_contexts` counts the sentence pairs that show this form."""

    lang: str
    term: str
    term_type: TermType
    origin: Origin
    conversion: str
    converted_from: str
    administrative_status: AdministrativeStatus
    review_state: ReviewState
    n_contexts: int
    flags: tuple[Flag, ...]


@cache
def overrides() -> tuple[Override, ...]:
    """The rows of `overrides.tsv`, longest phrase first, so that the more particular row acts first."""
    lines = files("glossary").joinpath("overrides.tsv").read_text(encoding="utf-8").splitlines()
    rows = [Override(*line.split("\t")) for line in lines[1:] if line]
    return tuple(sorted(rows, key=lambda row: -len(row.source)))


@lru_cache(maxsize=1 << 14)
def convert(form: str, source: str, target: str, *, name: bool = False) -> tuple[str, str]:
    """A form of one variant as another one writes it, and what made it.

    `name` True keeps the words and converts characters only.

    >>> convert("区块链服务网络", "zh-Hans", "zh-Hant-TW")
    ('區塊鏈服務網路', 'opencc s2twp + vocabulary')
    >>> convert("數字藏品", "zh-Hant", "zh-Hant-TW")
    ('數位藏品', 'opencc t2s, s2twp + vocabulary')
    >>> convert("去中心化", "zh-Hans", "zh-Hant-TW")
    ('去中心化', 'opencc s2twp')
    """
    to_simplified = _NAMES_TO_SIMPLIFIED if name else _TO_SIMPLIFIED
    from_simplified = _NAMES_FROM_SIMPLIFIED if name else _FROM_SIMPLIFIED
    tables = (to_simplified, source, "zh-Hans", words_out_of), (from_simplified, target, target, words_into)
    steps = [(table[tag], to, Words() if name else words(tag)) for table, tag, to, words in tables if tag in table]
    marks: set[str] = set()
    for config, to, words in steps:
        form = _converted(form, config, to, words, name, marks)
    return form, f"opencc {', '.join(step[0] for step in steps)}" + "".join(
        f" + {mark}" for mark in sorted(marks)[::-1]
    )


def _converted(form: str, config: str, target: str, words: Words, name: bool, marks: set[str]) -> str:
    """A form after one step: the vocabulary's words by the vocabulary, the rest by OpenCC and the overrides."""
    plain = _simplified(form)
    if not words.may_stand_in(plain):
        made = plain if config == "t2s" else opencc_convert(form, config)
        right = _corrected(made, plain, target, name=name)
        marks |= {"overrides"} if right != made else set()
        return right
    parts: list[str] = []
    at = 0
    for start, end in [*spans(plain, words), (len(form), len(form))]:
        made = opencc_convert(form[at:start], config)
        right = _corrected(made, plain[at:start], target, name=name)
        parts += [right, words[plain[start:end]] if end > start else ""]
        marks |= ({"overrides"} if right != made else set()) | ({"vocabulary"} if end > start else set())
        at = end
    return "".join(parts)


def _corrected(result: str, simplified: str, target: str, *, name: bool) -> str:
    for row in overrides():
        if row.target == target and not (name and row.scope != "all") and row.source in simplified:
            result = result.replace(row.opencc, row.correct)
    return result


def with_converted(entry: ConceptEntry) -> ConceptEntry:
    """The entry with a form in every variant of `ZH_TARGETS` that no document showed; doing it twice changes nothing.

    A form is marked converted even where it looks like the observed one. Rejected forms are not converted.
    """
    return replace(entry, lang_secs=tuple(_sections(entry).values()))


def _sections(entry: ConceptEntry) -> dict[str, LangSec]:
    observed = {s.lang: s for s in entry.lang_secs if is_chinese(s.lang) and any(_counts(t) for t in s.terms)}
    sections = {s.lang: s for s in entry.lang_secs}
    for target in ZH_TARGETS:
        if target in observed:
            continue
        origin = next((tag for tag in _SOURCES[target] if tag in observed), None)
        made = _converted_terms(observed[origin], target, entry.kind) if origin else ()
        old = sections.get(target, LangSec(target, ()))
        kept = tuple(t for t in old.terms if _stays(t) or any(t.term == m.term for m in made))
        new = tuple(m for m in made if all(m.term != t.term for t in kept))
        if kept or new or old.definitions:
            sections[target] = LangSec(target, kept + new, old.definitions)
        else:
            sections.pop(target, None)
    return sections


def _counts(term: TermSec) -> bool:
    return term.origin == "observed" and term.review_state != "rejected"


def _stays(term: TermSec) -> bool:
    return term.origin == "observed" or term.review_state != "proposed"


@lru_cache(maxsize=1 << 14)
def _simplified(form: str) -> str:
    """The form in Simplified characters, once for all variants it is converted to."""
    return opencc_convert(form, "t2s")


@lru_cache(maxsize=1 << 14)
def _is_name(form: str) -> bool:
    return bool(_NAME_ENDING.search(_simplified(form)))


def _converted_terms(section: LangSec, target: str, kind: Kind) -> tuple[TermSec, ...]:
    made: dict[str, TermSec] = {}
    for term in filter(_counts, section.terms):
        form, conversion = convert(term.term, section.lang, target, name=kind in _NAME_KINDS or _is_name(term.term))
        if form not in made:
            made[form] = replace(
                term, term=form, origin="converted", conversion=conversion, converted_from=section.lang,
                review_state="proposed", provenance=(),
            )  # fmt: skip
            if (term.pinyin or term.jyutping) and _simplified(form) != _simplified(term.term):
                made[form] = replace(made[form], pinyin="", jyutping="")  # other words are read otherwise
    return tuple(made.values())


def renderings(
    entry: ConceptEntry, targets: Sequence[str] = ZH_TARGETS, *, counted: bool = True
) -> tuple[Rendering, ...]:
    """The forms to show, variant by variant in the order of `targets`, the best of each first; rejected ones left out.

    Variants that were observed but `targets` does not name (`zh-Hant`, region unknown) come first. Missing variants are
    converted on the fly. For a target that is not Chinese, `("en",)`, the terms of that language. Not `counted`: with
    `n_contexts` 0, without a look at the sentence pairs.
    """
    sections = _sections(entry)
    chinese = any(is_chinese(target) for target in targets)
    extra = [s.lang for s in entry.lang_secs if chinese and is_chinese(s.lang) and s.lang not in targets]
    rows: list[Rendering] = []
    for lang in dict.fromkeys([*extra, *targets]):
        section = sections.get(lang)
        terms = [t for t in section.terms if t.review_state != "rejected"] if section else []
        for term in sorted(terms, key=_goodness):
            shows = counted and term.origin == "observed"
            rows.append(_rendering(lang, term, _count_contexts(entry, lang, term.term) if shows else 0))
    return tuple(rows)


def _goodness(term: TermSec) -> tuple[int, bool, bool, float]:
    """Sorts the form to use first: by status, then reviewed, then observed, then score."""
    status = _STATUS_ORDER.index(term.administrative_status)
    return status, term.review_state != "approved", term.origin != "observed", -term.score


def _rendering(lang: str, term: TermSec, n_contexts: int) -> Rendering:
    return Rendering(
        lang=lang,
        term=term.term,
        term_type=term.term_type,
        origin=term.origin,
        conversion=term.conversion,
        converted_from=term.converted_from,
        administrative_status=term.administrative_status,
        review_state=term.review_state,
        n_contexts=n_contexts,
        flags=term.flags,
    )


def _count_contexts(entry: ConceptEntry, lang: str, form: str) -> int:
    """Sentence pairs that show the form marked on the side of its own language."""
    key = fold_key(form)
    return sum(
        (c.source_lang == lang and any(fold_key(c.source[a:b]) == key for a, b in c.source_marks))
        or (c.target_lang == lang and any(fold_key(c.target[a:b]) == key for a, b in c.target_marks))
        for c in entry.contexts
    )

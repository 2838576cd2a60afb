"""What the pages show of an entry: its headword, its renderings in order, its states and its flags. Pure functions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from glossary.datamodel import ConceptEntry, Flag, TermSec
from glossary.language import is_chinese
from glossary.variants import Rendering, renderings

DISPLAYED = ("zh-Hant-TW", "zh-Hant-HK", "zh-Hans")
"""The order of the variants on every page."""


def headword(entry: ConceptEntry) -> tuple[str, str]:
    """The form an entry is listed under and its language: its English term, or its first one.

    >>> headword(ConceptEntry("e1", (), "concept", 0.5))
    ('', 'und')
    """
    sections = [s for s in entry.lang_secs if s.terms]
    first = next((s for s in sections if s.lang == "en"), sections[0] if sections else None)
    return (first.terms[0].term, first.lang) if first else ("", "und")


def other_forms(entry: ConceptEntry) -> list[str]:
    """The further forms in the headword's language: the full form of an acronym, plurals, spellings."""
    term, lang = headword(entry)
    section = entry.section(lang)
    rejected = {t.term for t in section.terms if t.review_state == "rejected"} if section else set()
    return [t.term for t in section.terms if t.term != term and t.term not in rejected] if section else []


def rendering_rows(entry: ConceptEntry, *, counted: bool = True) -> tuple[Rendering, ...]:
    """Every rendering: the Chinese variants, then whatever other language than the headword's there is."""
    lang = headword(entry)[1]
    others = tuple(s.lang for s in entry.lang_secs if s.lang != lang and not is_chinese(s.lang))
    more = renderings(entry, others, counted=counted) if others else ()
    return renderings(entry, DISPLAYED, counted=counted) + more


def per_variant(entry: ConceptEntry) -> list[tuple[str, Rendering]]:
    """The best rendering of each variant, in the order of display."""
    return list(_first_of_each(rendering_rows(entry)).items())


def _first_of_each(rows: Sequence[Rendering]) -> dict[str, Rendering]:
    best: dict[str, Rendering] = {}
    for row in rows:
        best.setdefault(row.lang, row)
    return best


def best_rendering(entry: ConceptEntry) -> Rendering | None:
    """The rendering to name beside the headword: one the documents show before a converted one."""
    return _best_of(rendering_rows(entry))


def _best_of(rows: Sequence[Rendering]) -> Rendering | None:
    return next((r for r in rows if r.origin == "observed"), rows[0] if rows else None)


def rendering_in(entry: ConceptEntry, lang: str) -> Rendering | None:
    """The best rendering in one variant; the best of all when there is none, or the variant is not known."""
    return dict(per_variant(entry)).get(lang) or best_rendering(entry)


def best_form(entry: ConceptEntry) -> str:
    """The text of the best rendering, '' when there is none."""
    best = best_rendering(entry)
    return best.term if best else ""


def states(entry: ConceptEntry) -> list[str]:
    """The administrative status and the review state of an entry: those of its best rendering."""
    best = best_rendering(entry)
    return [best.administrative_status, best.review_state] if best else []


def pair_count(entry: ConceptEntry) -> int:
    """How many sentence pairs show the entry; a sentence without a translation is no pair."""
    return sum(bool(c.target) for c in entry.contexts)


@dataclass(frozen=True, slots=True)
class Line:
    """An entry as a line of a list: what the line shows, worked out once."""

    id: str
    head: str
    lang: str
    further: str  # another form in the headword's language, '' for none
    cells: Mapping[str, tuple[Rendering, bool]]  # by variant, and whether a document shows the form in any variant
    states: tuple[str, ...]  # administrative status and review state of the best rendering, () without one
    pairs: int


def line(entry: ConceptEntry, *, counted: bool = False) -> Line:
    """The entry as a line; `counted`: with the sentence pairs of each rendering, which costs a look at all of them.

    >>> line(ConceptEntry("e1", (), "concept", 0.5)).cells
    {}
    """
    head, lang = headword(entry)
    rows = rendering_rows(entry, counted=counted)
    seen = {t.term for s in entry.lang_secs for t in s.terms if t.origin == "observed"}
    best = _best_of(rows)
    return Line(
        entry.id,
        head,
        lang,
        next(iter(other_forms(entry)), ""),
        {tag: (row, row.term in seen) for tag, row in _first_of_each(rows).items()},
        (best.administrative_status, best.review_state) if best else (),
        pair_count(entry),
    )


def all_flags(entry: ConceptEntry) -> list[tuple[Flag, str, str]]:
    """What a person should look at, each once: the flag, the form it is about and its language, '' when not known."""
    seen = [(t, s.lang) for s in entry.lang_secs for t in s.terms if t.origin == "observed"]
    langs = {term.term: lang for term, lang in seen}
    found = [(f, f.form or term.term) for term, _ in seen if term.review_state != "rejected" for f in term.flags]
    repeated = {(f.code, f.reason, f.repair) for f, _ in found}
    found += [(f, f.form) for f in entry.flags if (f.code, f.reason, f.repair) not in repeated]
    return [(f, form, langs.get(form, "")) for f, form in dict.fromkeys(found)]


def term_of(entry: ConceptEntry, rendering: Rendering) -> TermSec | None:
    """The term of the entry behind a rendering; None for one that was converted just now."""
    section = entry.section(rendering.lang)
    return next((t for t in section.terms if t.term == rendering.term), None) if section else None


def rules(entry: ConceptEntry) -> list[str]:
    """What tied the best rendering to the headword, the strongest first: dictionary, parenthesis, written ..."""
    best = best_rendering(entry)
    terms = [t for s in entry.lang_secs for t in s.terms if best and t.term == best.term]
    proofs = sorted((p for t in terms for p in t.provenance), key=lambda p: -p.score)
    return list(dict.fromkeys(p.rule for p in proofs))

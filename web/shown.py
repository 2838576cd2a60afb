"""What the pages show of an entry: its headword, its renderings in order, its states and its flags. Pure functions."""

from __future__ import annotations

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
    sections = sorted((s for s in entry.lang_secs if s.terms), key=lambda s: s.lang != "en")
    return (sections[0].terms[0].term, sections[0].lang) if sections else ("", "und")


def other_forms(entry: ConceptEntry) -> list[str]:
    """The further forms in the headword's language: the full form of an acronym, plurals, spellings."""
    term, lang = headword(entry)
    section = entry.section(lang)
    rejected = {t.term for t in section.terms if t.review_state == "rejected"} if section else set()
    return [t.term for t in section.terms if t.term != term and t.term not in rejected] if section else []


_ROWS: dict[int, tuple[ConceptEntry, tuple[Rendering, ...]]] = {}
"""The renderings of the entries that were shown last, by identity: a page asks five times for those of one entry."""

MOST_ROWS = 500


def rendering_rows(entry: ConceptEntry) -> tuple[Rendering, ...]:
    """Every rendering: the Chinese variants, then whatever other language than the headword's there is."""
    kept = _ROWS.get(id(entry))
    if kept is not None and kept[0] is entry:
        return kept[1]
    if len(_ROWS) >= MOST_ROWS:
        _ROWS.clear()
    rows = _rendering_rows(entry)
    _ROWS[id(entry)] = entry, rows  # holding the entry, so that no other one gets its identity
    return rows


def _rendering_rows(entry: ConceptEntry) -> tuple[Rendering, ...]:
    lang = headword(entry)[1]
    others = tuple(s.lang for s in entry.lang_secs if s.lang != lang and not is_chinese(s.lang))
    return renderings(entry, DISPLAYED) + (renderings(entry, others) if others else ())


def per_variant(entry: ConceptEntry) -> list[tuple[str, Rendering]]:
    """The best rendering of each variant, in the order of display."""
    best: dict[str, Rendering] = {}
    for row in rendering_rows(entry):
        best.setdefault(row.lang, row)
    return list(best.items())


def best_rendering(entry: ConceptEntry) -> Rendering | None:
    """The rendering to name beside the headword: one the documents show before a converted one."""
    rows = rendering_rows(entry)
    return next((r for r in rows if r.origin == "observed"), rows[0] if rows else None)


def rendering_in(entry: ConceptEntry, lang: str) -> Rendering | None:
    """The best rendering in one variant; the best of all when there is none, or the variant is not known."""
    return dict(per_variant(entry)).get(lang) or best_rendering(entry)


def best_form(entry: ConceptEntry) -> str:
    """The text of the best rendering, '' when there is none."""
    best = best_rendering(entry)
    return best.term if best else ""


def is_seen(entry: ConceptEntry, rendering: Rendering) -> bool:
    """False when no document shows this form, in this variant or another."""
    observed = (t.term for s in entry.lang_secs for t in s.terms if t.origin == "observed")
    return rendering.term in observed


def states(entry: ConceptEntry) -> list[str]:
    """The administrative status and the review state of an entry: those of its best rendering."""
    best = best_rendering(entry)
    return [best.administrative_status, best.review_state] if best else []


def pair_count(entry: ConceptEntry) -> int:
    """How many sentence pairs show the entry; a sentence without a translation is no pair."""
    return sum(bool(c.target) for c in entry.contexts)


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

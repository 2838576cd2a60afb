"""What an editor does to an entry, as pure functions: an entry in, the changed entry out; `Store.save` keeps it.

Converted regional forms follow the observed form they were made from, so callers end with `variants.with_converted`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from glossary.datamodel import ConceptEntry, Definition, LangSec, ReviewState, TermSec, content_id
from glossary.errors import EditError

WRITTEN_SCORE = 1.0
"""The score of a term that a person wrote: nobody estimated it."""


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that differs between two states of an entry; '' on one side: added, or taken away."""

    what: str  # term, administrative_status, review_state, note, definition, subject_field, ...
    lang: str  # '' for the entry as a whole
    about: str  # the term it is about, '' for the entry
    old: str
    new: str


def new_entry(terms: list[tuple[str, str]], *, review: ReviewState = "proposed") -> ConceptEntry:
    """An entry of (language, term)s that somebody writes. Raises: EditError when there is none, or one comes twice.

    >>> new_entry([("en", "ledger"), ("zh-Hant-TW", "帳本")]).lang_secs[1].terms[0].term
    '帳本'
    """
    if not terms:
        raise EditError("an entry needs a term")
    parts = [part for pair in terms for part in pair]
    entry = ConceptEntry(content_id("written", *parts), (), "concept", WRITTEN_SCORE)
    for lang, term in terms:
        entry = with_term(entry, lang, term, review=review)
    return entry


def with_term(entry: ConceptEntry, lang: str, term: str, *, review: ReviewState = "proposed") -> ConceptEntry:
    """The entry with one more term at the end of its language. Raises: EditError for an empty or a known one."""
    if not term.strip():
        raise EditError("a term needs characters")
    section = entry.section(lang) or LangSec(lang, ())
    if any(t.term == term and t.origin == "observed" for t in section.terms):
        raise EditError(f"{term!r} is in the entry already")
    added = TermSec(term, review_state=review, score=WRITTEN_SCORE)
    terms = (*(t for t in section.terms if t.term != term), added)
    return _with_section(entry, replace(section, terms=terms))


def changed_term(entry: ConceptEntry, lang: str, term: str, /, **fields: Any) -> ConceptEntry:
    """The entry with fields of one term set; a new form loses its converted ones, and flags, which were about the old.

    Raises: EditError when there is no such term, or the new form is there already.
    """
    section = entry.section(lang)
    found = next((t for t in section.terms if t.term == term), None) if section else None
    if section is None or found is None:
        raise EditError(f"there is no term {term!r} in {lang}")
    if fields.get("term", term) == term:
        changed = _with_section(entry, _replaced(section, found, replace(found, **fields)))
        return _without_converted(changed, lang, undecided_only=True) if changed != entry else entry
    if any(t.term == fields["term"] and t.origin == "observed" for t in section.terms):
        raise EditError(f"{fields['term']!r} is in the entry already")
    if not fields["term"].strip():
        raise EditError("a term needs characters")
    kept = replace(section, terms=tuple(t for t in section.terms if t is found or t.term != fields["term"]))
    made = replace(found, flags=(), provenance=(), origin="observed", **fields)
    return _without_converted(_with_section(entry, _replaced(kept, found, made)), lang)


def without_term(entry: ConceptEntry, lang: str, term: str) -> ConceptEntry:
    """The entry without one of its terms and what was converted from it. Raises: EditError for the last term."""
    section = entry.section(lang)
    if section is None or all(t.term != term for t in section.terms):
        raise EditError(f"there is no term {term!r} in {lang}")
    left = replace(section, terms=tuple(t for t in section.terms if t.term != term))
    entry = _without_converted(_with_section(entry, left), lang)
    if not any(t.origin == "observed" for s in entry.lang_secs for t in s.terms):
        raise EditError("an entry keeps one term at least; delete the entry")
    return entry


def with_definition(entry: ConceptEntry, lang: str, text: str) -> ConceptEntry:
    """The entry with this text as its first definition in a language; '' takes the first one away."""
    section = entry.section(lang) or LangSec(lang, ())
    first, rest = section.definitions[:1], section.definitions[1:]
    if first and first[0].text == text:
        return entry
    written = (Definition(text, lang, "", 0, 0, "written"),) if text.strip() else ()
    return _with_section(entry, replace(section, definitions=(*written, *rest)))


def reviewed(entry: ConceptEntry, state: ReviewState, covers: Callable[[str], bool]) -> ConceptEntry:
    """The entry with every observed term that waits for review decided, in the languages an editor may change.

    Raises: EditError when there is none.
    """
    changed = entry
    for lang, term in waiting(entry, covers):
        changed = changed_term(changed, lang, term, review_state=state)
    if changed == entry:
        raise EditError("nothing here waits for review")
    return changed


def waiting(entry: ConceptEntry, covers: Callable[[str], bool], *, waits: bool = True) -> list[tuple[str, str]]:
    """(language, term) of the observed terms that wait for review, in the languages an editor may change.

    `waits=False`: of those that were decided.
    """
    return [
        (s.lang, t.term)
        for s in entry.lang_secs
        if covers(s.lang)
        for t in s.terms
        if t.origin == "observed" and (t.review_state == "proposed") is waits
    ]


def touched_languages(before: ConceptEntry | None, after: ConceptEntry) -> list[str]:
    """The languages in which something that people write differs."""
    return list(dict.fromkeys(d.lang for d in differences(before, after) if d.lang))


_FIELDS = ("administrative_status", "review_state", "note", "source", "pinyin", "jyutping", "case_sensitive")
_ENTRY_FIELDS = ("subject_field", "note", "do_not_translate")


def differences(before: ConceptEntry | None, after: ConceptEntry | None) -> list[Difference]:
    """What people see differ between two states of an entry; converted forms, which follow the others, left out."""
    old, new = _terms(before), _terms(after)
    found = [_swapped(lang, gone, come) for lang, gone, come in _renamed(old, new)]
    for key in [k for k in old if k in new]:
        for name in _FIELDS:
            was, now = getattr(old[key], name), getattr(new[key], name)
            if was != now:
                found.append(Difference(name, *key, _word(was), _word(now)))
    first, second = _definitions(before), _definitions(after)
    for lang in dict.fromkeys([*first, *second]):
        if first.get(lang, "") != second.get(lang, ""):
            found.append(Difference("definition", lang, "", first.get(lang, ""), second.get(lang, "")))
    for name in _ENTRY_FIELDS:
        was, now = (getattr(e, name) if e else "" for e in (before, after))
        if was != now and (was or now):
            found.append(Difference(name, "", "", _word(was), _word(now)))
    return found


def _swapped(lang: str, gone: str, come: str) -> Difference:
    return Difference("term", lang, come or gone, gone, come)


def _renamed(
    old: dict[tuple[str, str], TermSec], new: dict[tuple[str, str], TermSec]
) -> Iterator[tuple[str, str, str]]:
    """Per language the terms that went and came, in pairs."""
    for lang in dict.fromkeys(lang for lang, _ in (*old, *new)):
        gone = [t for at, t in old if at == lang and (lang, t) not in new]
        come = [t for at, t in new if at == lang and (lang, t) not in old]
        for n in range(max(len(gone), len(come))):
            yield lang, gone[n] if n < len(gone) else "", come[n] if n < len(come) else ""


def _terms(entry: ConceptEntry | None) -> dict[tuple[str, str], TermSec]:
    sections = entry.lang_secs if entry else ()
    return {
        (s.lang, t.term): t for s in sections for t in s.terms if t.origin == "observed" or t.review_state != "proposed"
    }


def _definitions(entry: ConceptEntry | None) -> dict[str, str]:
    return {s.lang: "\n".join(d.text for d in s.definitions) for s in entry.lang_secs} if entry else {}


def _word(value: object) -> str:
    return ("yes" if value else "") if isinstance(value, bool) else str(value)


def _replaced(section: LangSec, old: TermSec, new: TermSec) -> LangSec:
    return replace(section, terms=tuple(new if t is old else t for t in section.terms))


def _with_section(entry: ConceptEntry, section: LangSec) -> ConceptEntry:
    sections = {s.lang: s for s in entry.lang_secs}
    sections[section.lang] = section
    kept = (s for s in sections.values() if s.terms or s.definitions)
    return replace(entry, lang_secs=tuple(kept))


def _without_converted(entry: ConceptEntry, lang: str, *, undecided_only: bool = False) -> ConceptEntry:
    """Without the forms converted from a language, so that they are made anew: those nobody decided about, or all."""
    for section in entry.lang_secs:
        terms = tuple(
            t
            for t in section.terms
            if t.origin == "observed" or t.converted_from != lang or (undecided_only and t.review_state != "proposed")
        )
        entry = _with_section(entry, replace(section, terms=terms))
    return entry

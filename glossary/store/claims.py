"""What people made of an entry, and what a rebuild may still do to it: pure rules.

An entry that a person or an import has written is claimed: from then on it is theirs. A rebuild only adds contexts,
provenance and new proposed terms to it; it never takes anything away, never changes a term, and never brings back a
term they took out. A claim also remembers entries that were deleted or merged, so they do not return.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Literal

from glossary.datamodel import ConceptEntry, Context, LangSec, Provenance, TermSec
from glossary.language import base_language, fold_key

Form = tuple[str, str]
"""Language tag and term."""


@dataclass(frozen=True, slots=True)
class Gone:
    """A term people took out of an entry; `into` is the entry a split moved it to, or ''."""

    lang: str
    term: str
    into: str = ""


@dataclass(frozen=True, slots=True)
class Claim:
    """What people made of an entry: theirs, deleted, or merged `into` another; and the terms they took out of it."""

    state: Literal["kept", "deleted", "merged"]
    into: str = ""
    gone: tuple[Gone, ...] = ()


def forms_of(entry: ConceptEntry | None) -> dict[Form, TermSec]:
    """The terms of an entry by language and form."""
    return {(s.lang, t.term): t for s in entry.lang_secs for t in s.terms} if entry else {}


def claimed(was: Claim | None, before: ConceptEntry | None, after: ConceptEntry | None, *, into: str = "") -> Claim:
    """The claim after people turned `before` into `after` (None: it is not there), merged it `into` another one."""
    lost = {form: Gone(*form) for form in forms_of(before)}
    kept = {(g.lang, g.term): g for g in was.gone} if was else {}
    present = forms_of(after) if lost or kept else {}
    gone = tuple(g for form, g in {**lost, **kept}.items() if form not in present)
    state: Literal["kept", "deleted", "merged"] = "merged" if into else "kept" if after else "deleted"
    return Claim(state, into, gone)


def with_found(stored: ConceptEntry, found: ConceptEntry, gone: Iterable[Gone]) -> ConceptEntry:
    """An entry of people with what a rebuild found: contexts, provenance and new terms are added, nothing else."""
    taken = {(g.lang, g.term) for g in gone}
    rejected = {form for form, term in forms_of(stored).items() if term.review_state == "rejected"}
    refused = {_key(*form) for form in taken | rejected}  # not to come back as a form converted from it either
    sections = {s.lang: s for s in stored.lang_secs}
    for section in found.lang_secs:
        own = sections.get(section.lang, LangSec(section.lang, ()))
        terms = {t.term: t for t in own.terms}
        for term in section.terms:
            if term.term in terms:
                terms[term.term] = _with_proof(terms[term.term], term)
            elif (section.lang, term.term) not in taken and not (
                term.origin == "converted" and _key(section.lang, term.term) in refused
            ):
                terms[term.term] = term
        if terms:
            sections[section.lang] = replace(own, terms=tuple(terms.values()))
    contexts = {_sentences(c): c for c in (*stored.contexts, *found.contexts)}
    return replace(stored, lang_secs=tuple(sections.values()), contexts=tuple(contexts.values()))


def _key(lang: str, term: str) -> Form:
    """What forms of one term in several scripts have in common."""
    return base_language(lang), fold_key(term)


def _with_proof(term: TermSec, found: TermSec) -> TermSec:
    proof = dict.fromkeys(term.provenance)
    seen = {_place(p) for p in proof}
    new = tuple(p for p in found.provenance if _place(p) not in seen)
    return replace(term, provenance=(*proof, *new)) if new else term


def _place(proof: Provenance) -> tuple[object, ...]:
    return proof.document_id, proof.start, proof.end, proof.bitext_id, proof.bead, proof.rule


def _sentences(context: Context) -> tuple[str, str, str]:
    """What makes two contexts the same; a bead that moved within its document is still that context."""
    return context.bitext_id, context.source, context.target


def without(found: ConceptEntry, gone: Iterable[Gone]) -> ConceptEntry | None:
    """What a rebuild found for an entry that is not stored, without the terms people took out of it.

    None when a language has no term left: without a rendering it would be another entry.
    """
    taken = {(g.lang, g.term) for g in gone}
    rest = portion(found, [form for form in forms_of(found) if form not in taken])
    return rest if rest and languages(rest) == languages(found) else None


def languages(entry: ConceptEntry) -> set[str]:
    """The languages an entry has terms of, without script and region."""
    return {base_language(s.lang) for s in entry.lang_secs if s.terms}


def portion(entry: ConceptEntry, forms: Iterable[Form], *, others: Iterable[Form] | None = None) -> ConceptEntry | None:
    """The entry with these terms only and the contexts that are about them; None when it has none of them.

    `others` are the terms of the portion beside this one, when the two have terms in common; all the rest otherwise.
    """
    wanted = set(forms)
    sections = []
    for section in entry.lang_secs:
        terms = tuple(t for t in section.terms if (section.lang, t.term) in wanted)
        if terms:
            sections.append(replace(section, terms=terms))
    if not sections:
        return None
    mine = {fold_key(term) for _, term in wanted}
    theirs = {fold_key(term) for _, term in (forms_of(entry).keys() - wanted if others is None else others)}
    contexts = tuple(c for c in entry.contexts if _is_about(c, mine - theirs, theirs - mine))
    return replace(entry, lang_secs=tuple(sections), contexts=contexts)


def _is_about(context: Context, mine: set[str], theirs: set[str]) -> bool:
    """False for a context that marks a term only the others have and none that only we have."""
    if not theirs:
        return True
    sides = ((context.source, context.source_marks), (context.target, context.target_marks))
    marked = {fold_key(text[start:end]) for text, marks in sides for start, end in marks}
    return bool(marked & mine) or not marked & theirs

"""Merging and splitting entries: pure functions over records."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from glossary.datamodel import ConceptEntry, LangSec, TermSec, content_id
from glossary.errors import StoreError
from glossary.language import base_language, fold_key
from glossary.store.claims import Form, forms_of, portion


def joined(entries: Sequence[ConceptEntry]) -> ConceptEntry:
    """The first entry with all that the others have: terms, definitions, contexts, notes.

    Where two have the same term the first's fields count, except that a decision counts before none and a filled field
    before an empty one. Different notes stand one below the other.
    """
    first = entries[0]
    sections: dict[str, LangSec] = {}
    for section in (s for entry in entries for s in entry.lang_secs):
        own = sections.get(section.lang)
        sections[section.lang] = section if own is None else _joined_section(own, section)
    return replace(
        first,
        lang_secs=tuple(sections.values()),
        score=max(e.score for e in entries),
        contexts=tuple(dict.fromkeys(c for e in entries for c in e.contexts)),
        subject_field=next((e.subject_field for e in entries if e.subject_field), ""),
        note="\n".join(dict.fromkeys(e.note for e in entries if e.note)),
        flags=tuple(dict.fromkeys(f for e in entries for f in e.flags)),
        do_not_translate=any(e.do_not_translate for e in entries),
    )


def _joined_section(own: LangSec, other: LangSec) -> LangSec:
    terms = {t.term: t for t in own.terms}
    for term in other.terms:
        terms[term.term] = _joined_term(terms[term.term], term) if term.term in terms else term
    definitions = {d.text: d for d in (*other.definitions, *own.definitions)}
    ordered = dict.fromkeys(d.text for d in (*own.definitions, *other.definitions))
    return replace(own, terms=tuple(terms.values()), definitions=tuple(definitions[text] for text in ordered))


def _joined_term(own: TermSec, other: TermSec) -> TermSec:
    return replace(
        own,
        review_state=other.review_state if own.review_state == "proposed" else own.review_state,
        administrative_status=other.administrative_status
        if own.administrative_status == "admitted"
        else own.administrative_status,
        provenance=tuple(dict.fromkeys((*own.provenance, *other.provenance))),
        flags=tuple(dict.fromkeys((*own.flags, *other.flags))),
        score=max(own.score, other.score),
        geographical_usage=own.geographical_usage or other.geographical_usage,
        note="\n".join(dict.fromkeys(n for n in (own.note, other.note) if n)),
        source=own.source or other.source,
        pinyin=own.pinyin or other.pinyin,
        jyutping=own.jyutping or other.jyutping,
    )


def parted(entry: ConceptEntry, named: Iterable[Form]) -> tuple[ConceptEntry, ConceptEntry]:
    """The entry without these terms, and a new entry of them.

    Converted forms of a term go with it. A language of which no term is named stays and is copied, so that one English
    term with two senses becomes two entries with it; a definition goes where its language does.

    Raises: StoreError for a term the entry does not have, for no terms at all, and when one side would have none.
    """
    have = forms_of(entry)
    moved = set(named)
    for lang, term in sorted(moved):
        if (lang, term) not in have:
            raise StoreError(f"entry {entry.id!r} has no term {term!r} in {lang}; nothing was split")
    keys = {(base_language(lang), fold_key(term)) for lang, term in moved}
    moved |= {
        (lang, t) for (lang, t), sec in have.items()
        if sec.origin == "converted" and (base_language(lang), fold_key(t)) in keys
    }  # fmt: skip
    bases = {base_language(lang) for lang, _ in moved}
    copied = {form for form in have if base_language(form[0]) not in bases}
    stays = have.keys() - moved
    rest, part = portion(entry, stays, others=moved | copied), portion(entry, moved | copied, others=stays)
    if not moved or rest is None or part is None:
        raise StoreError(f"entry {entry.id!r}: name some of its terms, not none and not all; nothing was split")
    new_id = content_id("split", entry.id, *(f"{lang} {term}" for lang, term in sorted(moved)))
    return rest, replace(part, id=new_id)

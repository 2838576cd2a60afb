"""`/entry/<id>`: one concept, the permanent link of an entry."""

from __future__ import annotations

from flask import Blueprint, abort, render_template, request

from glossary.datamodel import ConceptEntry, Definition, Provenance
from glossary.language import fold_key
from glossary.store import How, Store
from web.present import file_names
from web.shown import best_rendering, headword, other_forms, rendering_rows
from web.termbase import store

FIRST_CONTEXTS = 12
RELATED = 6
HOW: tuple[How, ...] = ("exact", "prefix", "inside")
PARTS = 15  # stretches of a headword that are looked up: all of a term of five words
HISTORY = 12

blueprint = Blueprint("entries", __name__)


@blueprint.get("/entry/<entry_id>")
def show(entry_id: str) -> str:
    """The entry with its renderings, definitions, contexts and flags."""
    termbase = store() or abort(404)
    entry = termbase.entry(entry_id) or abort(404)
    limit = None if request.args.get("contexts") == "all" else FIRST_CONTEXTS
    return render_template(
        "entry.html",
        entry=entry,
        rows=rendering_rows(entry),
        contexts=entry.contexts[:limit],
        sources=_definition_sources(termbase, entry),
        related=_related(termbase, entry),
        changes=termbase.changes(entry_id, limit=HISTORY),
    )


def _related(termbase: Store, entry: ConceptEntry) -> list[tuple[ConceptEntry, str]]:
    """Entries whose headword holds this one's or is part of it, or that share its rendering; and which of these."""
    rendering = best_rendering(entry)
    queries = [headword(entry)[0], rendering.term if rendering else ""]
    forms = [queries[0], *other_forms(entry)]
    parts = list(dict.fromkeys(part for form in forms for part in _parts(form) if part not in forms))[:PARTS]
    keys = [fold_key(query) for query in queries if query]
    hits = [h for key in keys for how in HOW for h in termbase.search(key, how, limit=RELATED + 1)]
    hits += [h for part in parts for h in termbase.search(fold_key(part), "exact", limit=2)]
    ids = [i for i in dict.fromkeys(h.entry_id for h in hits) if i != entry.id][:RELATED]
    return [(other, _relation(entry, other)) for other in termbase.entries_of(ids)]


def _relation(entry: ConceptEntry, other: ConceptEntry) -> str:
    """holds: the other headword holds this one; part: the other way round; else near."""
    own, theirs = ([f" {fold_key(form)} " for form in (headword(e)[0], *other_forms(e))] for e in (entry, other))
    if any(a in b for a in own for b in theirs):
        return "holds"
    return "part" if any(b in a for a in own for b in theirs) else "near"


def _parts(form: str) -> list[str]:
    """The stretches of words in a form: supply, supply chain, chain."""
    words = form.split()
    return [" ".join(words[i:j]) for i in range(len(words)) for j in range(i + 1, len(words) + 1)]


def _definition_sources(termbase: Store, entry: ConceptEntry) -> list[tuple[Definition, str, str]]:
    """Each definition with the bitext and the files it comes from, '' when no provenance names its document."""
    proofs = [p for section in entry.lang_secs for term in section.terms for p in term.provenance]
    definitions = [d for section in entry.lang_secs for d in section.definitions]
    files = {s.bitext_id: file_names(s.source_uri, s.target_uri) for s in termbase.documents()} if definitions else {}
    return [(d, bitext := _bitext_of(d, proofs, files), files.get(bitext, "")) for d in definitions]


def _bitext_of(definition: Definition, proofs: list[Provenance], known: dict[str, str]) -> str:
    same = (p.bitext_id for p in proofs if p.document_id == definition.document_id and p.bitext_id in known)
    return next(same, "")

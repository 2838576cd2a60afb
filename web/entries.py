"""`/entry/<id>`: one concept, the permanent link of an entry."""

from __future__ import annotations

from flask import Blueprint, abort, render_template, request

from glossary.datamodel import ConceptEntry, Definition, Provenance
from glossary.lookup import lookup
from glossary.store import Store
from web.present import file_names
from web.shown import best_rendering, headword, rendering_rows
from web.termbase import store

FIRST_CONTEXTS = 12
RELATED = 6
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


def _related(termbase: Store, entry: ConceptEntry) -> list[ConceptEntry]:
    """Entries that hold this one's headword, or share or hold its rendering."""
    rendering = best_rendering(entry)
    queries = [headword(entry)[0], rendering.term if rendering else ""]
    found = [m for query in queries for m in lookup(termbase, query, limit=RELATED + 1) if m.how != "fuzzy"]
    return list({m.entry.id: m.entry for m in found if m.entry.id != entry.id}.values())[:RELATED]


def _definition_sources(termbase: Store, entry: ConceptEntry) -> list[tuple[Definition, str, str]]:
    """Each definition with the bitext and the files it comes from, '' when no provenance names its document."""
    proofs = [p for section in entry.lang_secs for term in section.terms for p in term.provenance]
    definitions = [d for section in entry.lang_secs for d in section.definitions]
    files = {s.bitext_id: file_names(s.source_uri, s.target_uri) for s in termbase.documents()} if definitions else {}
    return [(d, bitext := _bitext_of(d, proofs, files), files.get(bitext, "")) for d in definitions]


def _bitext_of(definition: Definition, proofs: list[Provenance], known: dict[str, str]) -> str:
    same = (p.bitext_id for p in proofs if p.document_id == definition.document_id and p.bitext_id in known)
    return next(same, "")

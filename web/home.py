"""`/`: the search field, and what is in the store."""

from __future__ import annotations

from flask import Blueprint, render_template

from glossary.datamodel import Change, ConceptEntry
from glossary.store import Store
from web.access import may
from web.review import waiting_count
from web.shown import best_rendering, headword
from web.termbase import store, store_path

DOCUMENTS = 8
ENTRIES = 8
RECENT = 5
CHANGES = 40  # looked at for RECENT different entries
TRIES = 2  # entries whose terms are offered as examples: one in the source language, one rendering

blueprint = Blueprint("home", __name__)


@blueprint.get("/")
def show() -> str:
    """The home page; without a store it says how to build one."""
    termbase = store()
    documents = termbase.documents() if termbase else ()
    entries = list(termbase.entries(limit=ENTRIES)) if termbase else []
    return render_template(
        "home.html",
        path=store_path(),
        documents=documents[:DOCUMENTS],
        more_documents=len(documents) > DOCUMENTS,
        entries=entries,
        tries=_tries(entries),
        waiting=waiting_count(),
        recent=_recent(termbase) if termbase and may("edit") else [],
    )


def _recent(termbase: Store) -> list[tuple[ConceptEntry, Change]]:
    """The entries people changed last, each once, those that are still there."""
    newest: dict[str, Change] = {}
    for change in termbase.changes(limit=CHANGES):
        newest.setdefault(change.entry_id, change)
    return [(entry, newest[entry.id]) for entry in termbase.entries_of(list(newest)[:RECENT])]


def _tries(entries: list[ConceptEntry]) -> list[tuple[str, str]]:
    terms = [headword(entry) for entry in entries[:TRIES]]
    found = [best_rendering(entry) for entry in entries[TRIES : 2 * TRIES]]
    return [*terms, *((r.term, r.lang) for r in found if r)]

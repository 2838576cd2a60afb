"""What an editor decides about one term, as the pages and the command line write it."""

from __future__ import annotations

from glossary.datamodel import AdministrativeStatus, ReviewState
from glossary.editing import changed_term
from glossary.errors import StoreError
from glossary.store import Store


def decide(
    store: Store, entry_id: str, lang: str, term: str, to: ReviewState | AdministrativeStatus, *, who: str
) -> None:
    """Sets the review state or the status of a term.

    Raises: StoreError for no such entry, EditError for no such term.
    """
    entry = store.entry(entry_id)
    if entry is None:
        raise StoreError(f"there is no entry {entry_id!r}")
    if to in ("proposed", "approved", "rejected"):
        store.save(changed_term(entry, lang, term, review_state=to), who=who, what="review")
    else:
        store.save(changed_term(entry, lang, term, administrative_status=to), who=who, what="status")

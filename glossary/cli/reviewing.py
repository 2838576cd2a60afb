"""review, and the part of store that changes entries: what a terminologist decides at a terminal.

An entry is named by its id or by a term that no other entry has.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from glossary.cli.base import opened, store_option
from glossary.cli.stores import store_group
from glossary.config import load_settings
from glossary.errors import GlossaryError

if TYPE_CHECKING:
    from glossary.datamodel import ConceptEntry, ReviewState
    from glossary.store import Store

who_option = click.option("--who", required=True, help="Your name, for the history.")
_entries = click.argument("entries", nargs=-1, required=True, metavar="ENTRY...")
_terms = click.option("--term", "terms", multiple=True, help="Only this term of the entry; may be repeated.")


@click.group("review")
def review_group() -> None:
    """Decide about candidates: list, approve, reject, reopen. glossary store undo takes a decision back."""


@review_group.command("list")
@store_option
@click.option("--limit", type=click.IntRange(1), default=20, show_default=True, help="How many entries.")
@click.option(
    "--which", type=click.Choice(["all", "flagged", "rejected"]), default="all", show_default=True,
    help="All that wait, only those with a flag, or those that were rejected.",
)  # fmt: skip
def list_command(store: str | None, limit: int, which: str) -> None:
    """List entries that wait for review, best first: id, score, terms, renderings, flags; tab-separated.

    \b
    Example: glossary review list --limit 10
    """
    with opened(store, load_settings(), create=False) as termbase:
        for entry in termbase.queue(which, limit=limit):  # type: ignore[arg-type]  # one of the choices
            first, *others = [", ".join(t.term for t in s.terms if t.origin == "observed") for s in entry.lang_secs]
            flags = dict.fromkeys(
                f.code for f in (*entry.flags, *(f for s in entry.lang_secs for t in s.terms for f in t.flags))
            )
            renderings = ", ".join(filter(None, dict.fromkeys(others)))
            _row(entry.id, f"{entry.score:.2f}", first, renderings, "; ".join(flags))


@review_group.command("approve")
@_entries
@_terms
@who_option
@store_option
def approve_command(entries: tuple[str, ...], terms: tuple[str, ...], who: str, store: str | None) -> None:
    """Approve the terms of entries that wait for review, or with --term these whatever they were.

    \b
    Example: glossary review approve blockchain "smart contract" --who mei
    """
    _decide(entries, terms, "approved", who, store)


@review_group.command("reject")
@_entries
@_terms
@who_option
@store_option
def reject_command(entries: tuple[str, ...], terms: tuple[str, ...], who: str, store: str | None) -> None:
    """Reject terms: they leave look-up, checks and exports, and no rebuild or import brings them back.

    \b
    Example: glossary review reject "hash value" --term 哈希值 --who mei
    """
    _decide(entries, terms, "rejected", who, store)


@review_group.command("reopen")
@_entries
@_terms
@who_option
@store_option
def reopen_command(entries: tuple[str, ...], terms: tuple[str, ...], who: str, store: str | None) -> None:
    """Make terms wait for review again, whatever was decided.

    \b
    Example: glossary review reopen "hash value" --who mei
    """
    _decide(entries, terms, "proposed", who, store)


@store_group.command("status")
@click.argument("entry")
@click.argument("status", type=click.Choice(["preferred", "admitted", "deprecated", "forbidden"]))
@click.option("--term", required=True, help="The term it is about, as it stands in the entry.")
@who_option
@store_option
def status_command(entry: str, status: str, term: str, who: str, store: str | None) -> None:
    """Give a term its administrative status: which to use, which to avoid.

    \b
    Example: glossary store status "hash value" preferred --term 雜湊值 --who mei
    """
    from glossary.editing import changed_term

    with opened(store, load_settings(), create=False) as termbase, termbase.together():
        found = _found(termbase, entry)
        changed = found
        for lang in _languages(found, term):
            changed = changed_term(changed, lang, term, administrative_status=status)
        termbase.save(_whole(changed), who=who, what="status")
    _row(found.id, _named(found), f"{term}: {status}")


@store_group.command("merge")
@_entries
@who_option
@store_option
def merge_command(entries: tuple[str, ...], who: str, store: str | None) -> None:
    """Put entries of one concept together into the first; rebuilds keep them together.

    \b
    Example: glossary store merge hash "hash value" --who mei
    """
    with opened(store, load_settings(), create=False) as termbase, termbase.together():
        merged = termbase.merge([_found(termbase, name).id for name in entries], who=who)
    _row(merged.id, _named(merged))


@store_group.command("split")
@click.argument("entry")
@click.option("--term", "terms", multiple=True, required=True, help="A term that moves to the new entry; repeatable.")
@who_option
@store_option
def split_command(entry: str, terms: tuple[str, ...], who: str, store: str | None) -> None:
    """Move terms of an entry into a new one; a language none of whose terms is named stays in both.

    \b
    Example: glossary store split hash --term "hash value" --term 哈希值 --who mei
    """
    with opened(store, load_settings(), create=False) as termbase, termbase.together():
        found = _found(termbase, entry)
        moved = [(lang, term) for term in terms for lang in _languages(found, term)]
        for part in termbase.split(found.id, moved, who=who):
            _row(part.id, _named(part))


@store_group.command("delete")
@_entries
@who_option
@store_option
def delete_command(entries: tuple[str, ...], who: str, store: str | None) -> None:
    """Take entries out; no rebuild brings them back, glossary store undo does.

    \b
    Example: glossary store delete "QR code" --who mei
    """
    with opened(store, load_settings(), create=False) as termbase, termbase.together():
        for found in _all_found(termbase, entries):
            termbase.delete(found.id, who=who)
            _row(found.id, _named(found))


def _decide(entries: tuple[str, ...], terms: tuple[str, ...], state: ReviewState, who: str, store: str | None) -> None:
    """One decision about some entries, in one transaction and one group of changes."""
    with opened(store, load_settings(), create=False) as termbase, termbase.together():
        decided = [_decided(entry, terms, state) for entry in _all_found(termbase, entries)]
        termbase.save_many(decided, who=who, what="review")
    for entry in decided:
        _row(entry.id, _named(entry), state)


def _decided(entry: ConceptEntry, terms: tuple[str, ...], state: ReviewState) -> ConceptEntry:
    from glossary.editing import changed_term, waiting

    named = [(lang, term) for term in terms for lang in _languages(entry, term)]
    chosen = named or waiting(entry, lambda _: True, waits=state != "proposed")
    if not chosen:
        missing = "was decided" if state == "proposed" else "waits for review"
        raise GlossaryError(f"{_named(entry)}: no term of it {missing}")
    for lang, term in chosen:
        entry = changed_term(entry, lang, term, review_state=state)
    return _whole(entry)


def _all_found(termbase: Store, names: tuple[str, ...]) -> list[ConceptEntry]:
    """The named entries, each once. Raises: GlossaryError as `_found`."""
    return list({entry.id: entry for entry in (_found(termbase, name) for name in names)}.values())


def _found(termbase: Store, name: str) -> ConceptEntry:
    """The entry with this id, or the only one with this term. Raises: GlossaryError for none or several."""
    from glossary.language import fold_key
    from glossary.shown import clipped

    entry = termbase.entry(name)
    if entry is not None:
        return entry
    ids = sorted({entry_id for _, _, entry_id in termbase.holders([fold_key(name)])})
    entries = termbase.entries_of(ids)
    if not entries:
        raise GlossaryError(f"no entry has the id or the term {clipped(name)!r}; glossary lookup shows what is near")
    if len(entries) > 1:
        listed = ", ".join(f"{e.id} ({_named(e)})" for e in entries[:5])
        raise GlossaryError(f"{len(entries)} entries have the term {clipped(name)!r}; name one by its id: {listed}")
    return entries[0]


def _languages(entry: ConceptEntry, term: str) -> list[str]:
    """The languages in which an entry has a term: those it was seen or written in, else those it was converted to.

    Raises: GlossaryError when in none.
    """
    from glossary.shown import clipped

    found = [(s.lang, t.origin) for s in entry.lang_secs for t in s.terms if t.term == term]
    if not found:
        raise GlossaryError(f"{_named(entry)}: has no term {clipped(term)!r}")
    return [lang for lang, origin in found if origin == "observed"] or [lang for lang, _ in found]


def _whole(entry: ConceptEntry) -> ConceptEntry:
    from glossary.variants import with_converted

    return with_converted(entry)


def _named(entry: ConceptEntry) -> str:
    return " = ".join([s.terms[0].term for s in entry.lang_secs if s.terms][:2])


def _row(*columns: str) -> None:
    click.echo("\t".join(" ".join(column.split()) for column in columns))

"""`/review`: candidates best first, each with its evidence; one key a decision, ticked ones together, undo."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import uuid4

from flask import Blueprint, abort, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import BadRequest

from glossary.datamodel import Change, ConceptEntry, ReviewState
from glossary.editing import changed_term, reviewed, touched_languages, waiting
from glossary.errors import EditError, StoreConflict, StoreError
from glossary.language import fold_key
from glossary.store import Store, Waiting
from glossary.variants import with_converted
from web.access import account, demand, may, require, who
from web.i18n import translate as _
from web.prepared import counted
from web.shown import best_form, headword
from web.termbase import readable_store, store

PER_PAGE = 20
PARTS: tuple[Waiting, ...] = ("all", "flagged", "rejected")
STATES: dict[str, ReviewState] = {"approve": "approved", "reject": "rejected", "reopen": "proposed"}

blueprint = Blueprint("review", __name__, url_prefix="/review")


@dataclass(frozen=True, slots=True)
class Candidate:
    """An entry that waits for review, and another entry with its headword, into which it may go."""

    entry: ConceptEntry
    other: ConceptEntry | None


@blueprint.get("")
@require("edit")
def show() -> str:
    """The queue, and what was done last."""
    asked = request.args.get("part", "all")
    which = next((part for part in PARTS if part == asked), None) or abort(404)
    termbase = readable_store()
    skip = _number("skip")
    page = termbase.queue(which, limit=PER_PAGE, skip=skip)
    own = [e for e in page if which == "rejected" or waiting(e, _covers)]
    return render_template(
        "review.html",
        candidates=[Candidate(e, _other(termbase, e)) for e in own],
        part=which,
        counts={part: _count(termbase, part) for part in PARTS},
        skip=skip,
        per_page=PER_PAGE,
        done=_done(termbase),
    )


@blueprint.post("")
@require("edit")
def decide() -> ResponseReturnValue:
    """One decision, or one for all ticked candidates; then the queue again."""
    termbase, form = readable_store(), request.form
    part = form.get("part", "all") if form.get("part") in PARTS else "all"
    if form.get("undo"):
        return _undo(termbase, form["undo"], part)
    if form.get("merge"):
        return _merge(termbase, form["merge"], part)
    if form.get("edit"):
        back = url_for("review.show", part=part)
        return _leave(url_for("edit.show", entry_id=form["edit"], back=back))
    if form.get("fix"):
        return _fix(termbase, form["fix"], part)
    if form.get("bulk") in STATES:
        return _all(termbase, form.getlist("c"), STATES[form["bulk"]], part)
    for name, state in STATES.items():
        if form.get(name):
            return _all(termbase, [form[name]], state, part)
    raise BadRequest


def _all(termbase: Store, ids: list[str], state: ReviewState, part: str) -> ResponseReturnValue:
    """Decides about some entries in one transaction; they are undone together."""
    changed = []
    for entry in termbase.entries_of(ids):
        before = _reopened(entry) if state == "proposed" else entry
        try:
            after = before if state == "proposed" else reviewed(before, state, _covers)
        except EditError:
            continue  # somebody else decided about it meanwhile
        changed.append(with_converted(after))
    if changed:
        termbase.save_many(changed, who=who(), what="review", group=uuid4().hex)
    return _again(termbase, part, len(changed))


def _leave(url: str) -> ResponseReturnValue:
    """To another page: htmx, which asked for a piece of this one, is told to load it."""
    return ("", 204, {"HX-Redirect": url}) if request.headers.get("HX-Request") else redirect(url, code=303)


def _reopened(entry: ConceptEntry) -> ConceptEntry:
    for section in entry.lang_secs:
        for term in section.terms:
            if term.review_state == "rejected" and _covers(section.lang):
                entry = changed_term(entry, section.lang, term.term, review_state="proposed")
    return entry


def _fix(termbase: Store, entry_id: str, part: str) -> ResponseReturnValue:
    """Takes the form that a flag suggests in place of the damaged one."""
    entry = termbase.entry(entry_id) or abort(404)
    for section in entry.lang_secs:
        for term in section.terms:
            repair = next((f.repair for f in (*term.flags, *entry.flags) if f.repair), "")
            if term.origin == "observed" and repair and any(f.repair for f in term.flags):
                demand("edit", section.lang)
                fixed = changed_term(entry, section.lang, term.term, term=repair)
                termbase.save(with_converted(fixed), who=who(), what="edit")
                return _again(termbase, part, 1)
    return _again(termbase, part, 0)


def _merge(termbase: Store, entry_id: str, part: str) -> ResponseReturnValue:
    """Into the entry with the same headword; without one, asks into which."""
    entry = termbase.entry(entry_id) or abort(404)
    other = _other(termbase, entry)
    if other is None:
        back = url_for("review.show", part=part)
        return _leave(url_for("edit.choose", entry_id=entry_id, back=back))
    demand("edit", *touched_languages(None, entry))
    termbase.merge([other.id, entry_id], who=who())
    return _again(termbase, part, 1)


def _undo(termbase: Store, raw: str, part: str) -> ResponseReturnValue:
    change = termbase.change(int(raw)) if raw.isascii() and raw.isdigit() and len(raw) < 12 else None
    if change is None or (change.who != who() and not may("admin")):
        abort(404)
    try:
        if change.group:
            termbase.undo_group(change.group, who=who())
        else:
            termbase.undo(change.id, who=who())
    except StoreConflict:
        detail = _("The entry was changed since. Take back the newer change first, or restore this state.")
        page = render_template("error.html", status=409, title=_("Not undone"), detail=detail, request_id="")
        return make_response(page, 409)
    return _again(termbase, part, 1)


def _again(termbase: Store, part: str, count: int) -> ResponseReturnValue:
    own = next((c for c in termbase.changes(limit=1) if c.who == who()), None) if count else None
    return redirect(url_for("review.show", part=part, done=own.id if own else None), code=303)


def _done(termbase: Store) -> tuple[Change, int] | None:
    """The change that the page speaks of, and how many entries were changed with it."""
    change = termbase.change(_number("done")) if request.args.get("done") else None
    if change is None or change.who != who():
        return None
    same = [c for c in termbase.changes(limit=PER_PAGE * 2, before=change.id + 1) if change.group == c.group]
    return change, len(same) if change.group else 1


def _other(termbase: Store, entry: ConceptEntry) -> ConceptEntry | None:
    """An entry with the same headword in the same language."""
    term, lang = headword(entry)
    hits = termbase.search(fold_key(term), "exact", lang=lang, limit=10) if term else ()
    found = termbase.entries_of({h.entry_id for h in hits if h.entry_id != entry.id})
    return min(found, key=lambda e: (best_form(e) != best_form(entry), -e.score), default=None)


def _covers(lang: str) -> bool:
    return may("edit", lang)


def _number(name: str) -> int:
    raw = request.args.get(name, "0")
    if not (raw.isascii() and raw.isdigit() and len(raw) < 12):
        abort(404)
    return int(raw)


def _count(termbase: Store, part: Waiting) -> int:
    return counted(termbase, part, lambda: termbase.queue_count(part))


def waiting_count() -> int:
    """How many candidates wait, for the navigation of those who may review; 0 for others."""
    found = account()
    try:
        termbase = store() if found is not None and found.may("edit") else None
        return _count(termbase, "all") if termbase else 0
    except StoreError:
        return 0  # the page itself says what is wrong with the store

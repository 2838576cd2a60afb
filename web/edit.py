"""Changing entries: the form, adding, taking back, merging, deleting. Each change is one POST and can be undone."""

from __future__ import annotations

from flask import Blueprint, abort, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import BadRequest

from glossary.datamodel import ConceptEntry
from glossary.editing import differences, new_entry, touched_languages, with_definition, with_term
from glossary.errors import EditError, StoreConflict
from glossary.lookup import lookup
from glossary.store import Store
from glossary.variants import with_converted
from web.access import account, demand, require, who
from web.entryform import (
    LONGEST_TERM,
    REVIEWS,
    STATUSES,
    EntryForm,
    applied,
    form_from,
    form_of,
    tag_of,
    term_of,
    text_of,
)
from web.i18n import translate as _
from web.preferences import safe_back
from web.present import clean_query
from web.shown import DISPLAYED, best_form, headword
from web.termbase import readable_store

NEAR = 8  # entries offered to merge with
LANGS = (*DISPLAYED, "en")

blueprint = Blueprint("edit", __name__)


@blueprint.get("/entry/<entry_id>/edit")
@require("edit")
def show(entry_id: str) -> str:
    """The entry as a form."""
    termbase, entry = _found(entry_id)
    return _form(entry, form_of(entry, termbase.version(entry_id)))


@blueprint.post("/entry/<entry_id>/edit")
@require("edit")
def save(entry_id: str) -> ResponseReturnValue:
    """Keeps what was typed; 409 with both versions when somebody else changed the entry meanwhile."""
    termbase, entry = _found(entry_id)
    form = _typed()
    try:
        changed = applied(form, entry)
    except EditError as error:
        return make_response(_form(entry, form, error=refusal(error)), 422)
    demand("edit", *touched_languages(entry, changed))
    try:
        termbase.save(changed, who=who(), expected=form.version)
    except StoreConflict:
        return _conflict(termbase, entry_id, form)
    return redirect(safe_back(request.form.get("back") or url_for("entries.show", entry_id=entry_id)), code=303)


def _conflict(termbase: Store, entry_id: str, form: EntryForm) -> ResponseReturnValue:
    current = termbase.entry(entry_id) or abort(404)
    change = next(iter(termbase.changes(entry_id, limit=1)), None)
    theirs = differences(change.before, change.after) if change else []
    try:
        mine = differences(current, applied(form, current))
    except EditError:
        mine = []
    version = termbase.version(entry_id)
    return make_response(_form(current, form, conflict=(version, change, theirs, mine)), 409)


def _typed() -> EntryForm:
    try:
        return form_from(request.form)
    except EditError as error:
        raise BadRequest from error


def _form(entry: ConceptEntry, form: EntryForm, *, error: str = "", conflict: object = None) -> str:
    back = safe_back(request.values.get("back") or url_for("entries.show", entry_id=entry.id))
    return render_template(
        "edit.html", entry=entry, form=form, error=error, conflict=conflict, back=back,
        statuses=STATUSES, reviews=REVIEWS, langs=LANGS,
    )  # fmt: skip


@blueprint.get("/add")
@require("add")
def new() -> str:
    """A form for a new entry, with the term that was looked for."""
    return _new({"term": request.args.get("term", "")[:200]})


@blueprint.post("/add")
@require("add")
def add() -> ResponseReturnValue:
    """Makes the entry; what a contributor adds waits for review."""
    typed = request.form
    try:
        english, chinese = term_of(typed.get("term", "")), term_of(typed.get("rendering", ""))
        pairs = [(tag_of(typed.get("lang") or "en"), english), (tag_of(typed.get("rendering_lang") or "en"), chinese)]
        terms = [(lang, term) for lang, term in pairs if term]
        entry = new_entry(terms, review="approved" if _is_editor([lang for lang, _term in terms]) else "proposed")
        entry = with_definition(entry, pairs[0][0], text_of(typed.get("definition", "")))
    except EditError as error:
        return make_response(_new(dict(typed), refusal(error)), 422)
    demand("add", *touched_languages(None, entry))
    try:
        readable_store().save(with_converted(entry), who=who(), expected=0, what="add")
    except StoreConflict:
        return redirect(url_for("entries.show", entry_id=entry.id), code=303)  # it is there already
    return redirect(url_for("entries.show", entry_id=entry.id), code=303)


def _new(typed: dict[str, str], error: str = "") -> str:
    near = lookup(readable_store(), clean_query(typed.get("term", ""))[:LONGEST_TERM], limit=3)
    return render_template("add.html", typed=typed, error=error, langs=LANGS, near=[m.entry for m in near])


def _is_editor(langs: list[str]) -> bool:
    found = account()
    return found is not None and all(found.may("edit", lang) for lang in langs)


@blueprint.post("/entry/<entry_id>/add")
@require("add")
def add_term(entry_id: str) -> ResponseReturnValue:
    """One more rendering; what a contributor adds waits for review."""
    termbase, entry = _found(entry_id)
    try:
        lang, term = tag_of(request.form.get("lang", "")), term_of(request.form.get("term", ""))
        demand("add", lang)
        changed = with_term(entry, lang, term, review="approved" if _is_editor([lang]) else "proposed")
    except EditError as error:
        return make_response(_form_or_entry(entry, refusal(error)), 422)
    termbase.save(with_converted(changed), who=who(), expected=termbase.version(entry_id))
    return redirect(url_for("entries.show", entry_id=entry_id), code=303)


def _form_or_entry(entry: ConceptEntry, error: str) -> str:
    detail = _("{reason} Go back and try again.", reason=error)
    return render_template("error.html", status=422, title=_("Not added"), detail=detail, request_id="")


@blueprint.post("/entry/<entry_id>/undo")
@require("edit")
def undo(entry_id: str) -> ResponseReturnValue:
    """Takes back one change of the history, or goes back to what the entry was after it."""
    termbase = readable_store()
    raw = request.form.get("change", "")
    change = termbase.change(int(raw)) if raw.isascii() and raw.isdigit() and len(raw) < 12 else None
    if change is None or change.entry_id != entry_id:
        abort(404)
    if "restore" in request.form:
        wanted = change.after or change.before or abort(404)
        demand("edit", *touched_languages(termbase.entry(entry_id), wanted))
    elif change.after or change.before:
        demand("edit", *{d.lang for d in differences(change.before, change.after) if d.lang})
    try:
        if "restore" in request.form:
            termbase.restore(entry_id, change.id, who=who())
        else:
            termbase.undo(change.id, who=who())
    except StoreConflict:
        detail = _("The entry was changed since. Take back the newer change first, or restore this state.")
        return make_response(
            render_template("error.html", status=409, title=_("Not undone"), detail=detail, request_id=""), 409
        )
    if termbase.entry(entry_id) is None:
        return redirect(url_for("review.show"), code=303)
    return redirect(url_for("entries.show", entry_id=entry_id, _anchor="h-hist"), code=303)


@blueprint.get("/entry/<entry_id>/merge")
@require("edit")
def choose(entry_id: str) -> str:
    """Which entry to merge this one into."""
    termbase, entry = _found(entry_id)
    asked = (
        [term_of(request.args.get("q", "")[:200])] if request.args.get("q") else [headword(entry)[0], best_form(entry)]
    )
    found = [m.entry for query in asked for m in lookup(termbase, query, limit=NEAR)]
    others = list({e.id: e for e in found if e.id != entry_id}.values())[:NEAR]
    back = safe_back(request.args.get("back") or url_for("entries.show", entry_id=entry_id))
    return render_template("merge.html", entry=entry, others=others, back=back, query=request.args.get("q", ""))


@blueprint.post("/entry/<entry_id>/merge")
@require("edit")
def merge(entry_id: str) -> ResponseReturnValue:
    """Merges this entry into another one, which keeps its address."""
    termbase, entry = _found(entry_id)
    into = termbase.entry(request.form.get("into", "")) or abort(404)
    if into.id == entry_id:
        raise BadRequest
    demand("edit", *touched_languages(None, entry))
    termbase.merge([into.id, entry_id], who=who())
    return redirect(url_for("entries.show", entry_id=into.id), code=303)


@blueprint.post("/entry/<entry_id>/delete")
@require("edit")
def delete(entry_id: str) -> ResponseReturnValue:
    """Takes the entry out; the review page offers to take that back."""
    termbase, entry = _found(entry_id)
    demand("edit", *touched_languages(None, entry))
    termbase.delete(entry_id, who=who())
    return redirect(url_for("review.show", done=termbase.changes(entry_id, limit=1)[0].id), code=303)


def _found(entry_id: str) -> tuple[Store, ConceptEntry]:
    termbase = readable_store()
    return termbase, termbase.entry(entry_id) or abort(404)


def refusal(error: EditError) -> str:
    """Why an edit was refused, in the words of the interface."""
    known = {
        "is in the entry already": _("The term is in the entry already."),
        "needs characters": _("A term needs characters."),
        "needs a term": _("An entry needs a term."),
        "keeps one term": _("An entry keeps one term at least. Delete the entry instead."),
        "characters at most": _("The text is too long."),
        "waits for review": _("Nothing here waits for review."),
    }
    return next((words for sign, words in known.items() if sign in str(error)), _("The change cannot be made."))

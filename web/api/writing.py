"""Entries made, replaced and deleted. A change names the version it was made from (If-Match), so that none is lost."""

from __future__ import annotations

import re
from dataclasses import replace
from http import HTTPStatus

from flask import Response, abort, jsonify, request, url_for

from glossary import codec
from glossary.datamodel import ConceptEntry
from glossary.editing import new_entry, touched_languages
from glossary.errors import EditError, StoreConflict, StoreError
from glossary.store import Store
from glossary.variants import with_converted
from web.access import account, demand, who
from web.api.base import blueprint, body, demand_write, note_fault
from web.api.reading import shown
from web.entryform import tag_of, term_of
from web.errors import BadQuery, problem
from web.i18n import translate as _
from web.limits import API_WRITES, limiter
from web.termbase import readable_store

MOST_TERMS = 50


@blueprint.post("/entries")
@limiter.limit(API_WRITES)
def create() -> Response:
    """A new entry of the terms given; what a contributor adds waits for review."""
    demand_write()
    demand("add")
    terms = _terms(body().get("terms"))
    owner = account()
    approved = owner is not None and all(owner.may("edit", lang) for lang, _term in terms)
    try:
        made = with_converted(new_entry(terms, review="approved" if approved else "proposed"))
    except EditError as error:
        raise BadQuery(str(error)) from error
    demand("add", *touched_languages(None, made))
    return _kept(readable_store(), made, 0, HTTPStatus.CREATED, what="add")


def _terms(found: object) -> list[tuple[str, str]]:
    if not isinstance(found, list) or not 1 <= len(found) <= MOST_TERMS:
        raise BadQuery(_("terms must be a list of objects with lang and term."))
    made = []
    for one in found:
        if not isinstance(one, dict) or not isinstance(one.get("lang"), str) or not isinstance(one.get("term"), str):
            raise BadQuery(_("terms must be a list of objects with lang and term."))
        try:
            made.append((tag_of(one["lang"]), term_of(one["term"])))
        except EditError as error:
            raise BadQuery(str(error)) from error
    return made


def _editable(entry_id: str) -> tuple[Store, ConceptEntry, int | None]:
    """The store, the entry as it is, and the version its editor saw (None: not said)."""
    demand_write()
    demand("edit")
    termbase = readable_store()
    return termbase, termbase.entry(entry_id) or abort(404), _version()


@blueprint.put("/entries/<entry_id>")
@limiter.limit(API_WRITES)
def replace_entry(entry_id: str) -> Response:
    """The entry becomes the one sent; contexts and flags, which come from the documents, stay."""
    termbase, current, version = _editable(entry_id)
    if version is None:
        return problem(428, _("If-Match is needed"), _("Send the ETag of the entry as If-Match."))
    try:
        sent = codec.from_json(ConceptEntry, body())
        for section in sent.lang_secs:
            tag_of(section.lang)
            for term in section.terms:
                if term_of(term.term) != term.term or not term.term:
                    raise EditError(f"{term.term!r} is no term")
    except (ValueError, EditError) as error:
        raise BadQuery(str(error)) from error
    if sent.id != entry_id:
        raise BadQuery(_("The id in the body is another one."))
    made = replace(sent, contexts=current.contexts, flags=current.flags)
    demand("edit", *touched_languages(current, made))
    return _kept(termbase, with_converted(made), version, HTTPStatus.OK)


@blueprint.delete("/entries/<entry_id>")
@limiter.limit(API_WRITES)
def delete(entry_id: str) -> Response:
    """Takes the entry out; no rebuild brings it back, an undo does."""
    termbase, current, version = _editable(entry_id)
    if version is None:
        return problem(428, _("If-Match is needed"), _("Send the ETag of the entry as If-Match."))
    demand("edit", *touched_languages(None, current))
    try:
        termbase.delete(entry_id, who=who(), expected=version)
    except StoreConflict:
        return _conflict()
    return Response(status=HTTPStatus.NO_CONTENT)


def _kept(termbase: Store, made: ConceptEntry, version: int, status: HTTPStatus, *, what: str = "edit") -> Response:
    try:
        new = termbase.save(made, who=who(), expected=version, what=what)
    except StoreConflict:
        return _conflict()
    except StoreError as error:
        note_fault(str(error))
        return problem(422, _("The entry cannot be kept"), str(error).replace(f"{termbase.name}: ", ""))
    response = jsonify(shown(termbase.entry(made.id) or made))
    response.status_code = status
    response.set_etag(str(new))
    if status == HTTPStatus.CREATED:
        response.headers["Location"] = url_for("api.entry", entry_id=made.id)
    return response


def _conflict() -> Response:
    detail = _("Somebody else changed the entry meanwhile. Open it again and repeat the change.")
    return problem(412, _("Nothing was changed"), detail)


def _version() -> int | None:
    """The version in If-Match, None when the header is missing or holds no ETag of ours."""
    found = re.fullmatch(r'(?:W/)?"(\d{1,12})"', request.headers.get("If-Match", ""))
    return int(found[1]) if found else None

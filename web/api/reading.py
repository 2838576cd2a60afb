"""lookup, entries, export."""

from __future__ import annotations

from typing import cast
from urllib.parse import quote

from flask import Response, abort, jsonify, request, url_for

from glossary import codec
from glossary.datamodel import AdministrativeStatus, ConceptEntry, ReviewState
from glossary.errors import StoreError
from glossary.exchange import EXPORTERS
from glossary.lookup import Place, places
from glossary.variants import with_converted
from web.answers import kept
from web.api.base import blueprint, choice, number, tag, tagged
from web.entryform import REVIEWS, STATUSES
from web.errors import BadQuery
from web.export import STATES, exported, language
from web.i18n import translate as _
from web.lookup import asked
from web.pieces import texts
from web.termbase import readable_store

LIMIT = 20
MOST = 100  # matches or entries in one answer


@blueprint.get("/lookup")
@kept
def find() -> Response:
    """The entries a query finds, best first, with their contexts and converted forms."""
    query, termbase = asked(), readable_store()
    if not query:
        raise BadQuery(_("The query is empty. Add ?q= and a term."))
    lang, limit = tag(request.args.get("lang"), "lang"), number("limit", LIMIT, MOST)
    with termbase.one_view():
        found = places(termbase, query, lang=lang, limit=limit)
        entries = texts(termbase, [place.entry_id for place in found])
    pages = url_for("entries.show", entry_id="")
    matches = [_match(place, pages, entries[place.entry_id]) for place in found if place.entry_id in entries]
    whole = f'{{"query":{codec.dumps(query)},"count":{len(matches)},"matches":[{",".join(matches)}]}}\n'
    return Response(whole, content_type="application/json")


def _match(place: Place, pages: str, entry: str) -> str:
    """A match as JSON; `pages` is where the pages of entries are, `entry` the entry as JSON."""
    url = pages + quote(place.entry_id)
    how = codec.dumps({"how": place.how, "form": place.form, "lang": place.lang, "score": place.score, "url": url})
    return f'{how[:-1]},"entry":{entry}}}'


def shown(entry: ConceptEntry) -> codec.JsonObject:
    """An entry as the API gives it: with its converted forms."""
    return codec.to_json(with_converted(entry))


@blueprint.get("/entries")
def entries() -> Response:
    """Entries best first, page by page; `next` is the address of the next page, null on the last."""
    termbase, limit = readable_store(), number("limit", LIMIT, MOST)
    response_tag = f"entries-{termbase.newest()}"
    lang = tag(request.args.get("lang"), "lang")
    status, review = choice("status", STATUSES), choice("review", REVIEWS)
    after = request.args.get("after")
    try:
        found = list(
            termbase.entries(
                lang=lang, status=cast("AdministrativeStatus | None", status),
                review=cast("ReviewState | None", review), limit=limit, after=after or None,
            )
        )  # fmt: skip
    except StoreError as error:
        if after and termbase.entry(after) is None:
            raise BadQuery(_("There is no such entry to go on after.")) from error
        raise
    further = None
    if len(found) == limit:
        further = url_for("api.entries", after=found[-1].id, limit=limit, lang=lang, status=status, review=review)
    response = tagged(jsonify(entries=[shown(e) for e in found], next=further), response_tag)
    if further:
        response.headers["Link"] = f'<{further}>; rel="next"'
    return response


@blueprint.get("/entries/<entry_id>")
def entry(entry_id: str) -> Response:
    """One entry; its ETag is its version, which a change must name."""
    termbase = readable_store()
    version = termbase.version(entry_id)
    found = termbase.entry(entry_id) or abort(404)
    return tagged(jsonify(shown(found)), str(version))


@blueprint.get("/export")
def export() -> Response:
    """The glossary as a file of a translators' tool."""
    choice("format", tuple(EXPORTERS))
    choice("status", STATES)
    format_ = request.args.get("format")
    if format_ is None:
        raise BadQuery(_("{name} must be one of: {known}.", name="format", known=", ".join(EXPORTERS)))
    return exported(readable_store(), format_, language(), request.args.get("status", ""))

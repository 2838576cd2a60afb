"""`/api/v1/openapi.json`: OpenAPI 3.1. Source: https://spec.openapis.org/oas/v3.1.1.html"""

from __future__ import annotations

from functools import cache
from typing import Any

from flask import Response, jsonify

import glossary
from glossary.annotation import Annotation
from glossary.datamodel import ConceptEntry, Finding, TermCandidate
from glossary.exchange import EXPORTERS
from web.api.base import LONGEST, blueprint
from web.api.schemas import Schema, schema_of
from web.api.texts import KINDS, MOST_CHARACTERS, MOST_UNITS
from web.entryform import REVIEWS, STATUSES
from web.export import STATES

TAG = {
    "type": "string",
    "description": "BCP 47, such as zh-Hant-TW",
    "pattern": "^[A-Za-z]{2,8}([-_][A-Za-z0-9]{1,8})*$",
}


@blueprint.get("/openapi.json")
def describe() -> Response:
    """This description."""
    return jsonify(description())


@cache
def description() -> dict[str, Any]:
    """The whole description."""
    schemas: dict[str, Schema] = {"Problem": _PROBLEM}
    for record in (ConceptEntry, Annotation, TermCandidate):
        schema_of(record, schemas)
    finding = schema_of(Finding, schemas)
    schemas["Finding"]["properties"]["unit"] = _object(source=_TEXT, target=_TEXT, line={"type": "integer"})
    schemas.pop("TranslationUnit")
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "bitext-glossary",
            "version": glossary.__version__,
            "summary": "A bilingual glossary with the sentences every term was seen in.",
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "servers": [{"url": "/api/v1"}],
        "security": [{}, {"token": []}],
        "paths": {**_reading(), **_texts(finding), "/openapi.json": {"get": _described()}},
        "components": {
            "schemas": schemas,
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
            "responses": {
                "problem": _answer({"$ref": "#/components/schemas/Problem"}, kind="application/problem+json")
            },
        },
    }


_TEXT: Schema = {"type": "string"}
_ENTRY: Schema = {"$ref": "#/components/schemas/ConceptEntry"}
_PROBLEM: Schema = {
    "type": "object",
    "properties": {
        "type": _TEXT,
        "title": _TEXT,
        "status": {"type": "integer"},
        "detail": _TEXT,
    },
    "required": ["type", "title", "status", "detail"],
}
_REFUSED = ("400", "401", "403", "404", "405", "412", "413", "422", "428", "429", "503")


def _object(*, optional: tuple[str, ...] = (), **fields: Schema) -> Schema:
    return {"type": "object", "properties": fields, "required": [f for f in fields if f not in optional]}


def _list(of: Schema) -> Schema:
    return {"type": "array", "items": of}


def _answer(schema: Schema, *, kind: str = "application/json", words: str = "Done") -> dict[str, Any]:
    return {"description": words, "content": {kind: {"schema": schema}}}


def _operation(
    name: str, summary: str, answers: dict[str, Any], *, asks: list[dict[str, Any]] | None = None,
    body: Schema | None = None, token: bool = False,
) -> dict[str, Any]:  # fmt: skip
    refused = {code: {"$ref": "#/components/responses/problem"} for code in _REFUSED}
    made: dict[str, Any] = {"operationId": name, "summary": summary, "responses": {**answers, **refused}}
    if asks:
        made["parameters"] = asks
    if body:
        made["requestBody"] = {"required": True, "content": {"application/json": {"schema": body}}}
    if token:
        made["security"] = [{"token": []}]
    return made


def _described() -> dict[str, Any]:
    return _operation("describe", "This description", {"200": _answer({"type": "object"})})


def _ask(name: str, schema: Schema, *, place: str = "query", required: bool = False) -> dict[str, Any]:
    return {"name": name, "in": place, "required": required, "schema": schema}


def _reading() -> dict[str, Any]:
    limit = _ask("limit", {"type": "integer", "minimum": 1, "maximum": 100, "default": 20})
    lang = _ask("lang", TAG)
    match = _object(how={"type": "string"}, form=_TEXT, lang=_TEXT, score={"type": "number"}, url=_TEXT, entry=_ENTRY)
    terms = {**_list(_object(lang=TAG, term={"type": "string", "minLength": 1, "maxLength": 200})), "minItems": 1}
    found = _object(query=_TEXT, count={"type": "integer"}, matches=_list(match))
    page = _object(entries=_list(_ENTRY), next={"type": ["string", "null"]})
    states = {"status": list(STATUSES), "review": list(REVIEWS)}
    filters = [_ask(name, {"type": "string", "enum": words}) for name, words in states.items()]
    version = _ask(
        "If-Match", {"type": "string", "description": "the ETag of the entry"}, place="header", required=True
    )
    one = _ask("entry_id", {"type": "string", "minLength": 1}, place="path", required=True)
    query = _ask("q", {"type": "string", "minLength": 1, "maxLength": 200}, required=True)
    unchanged = {"304": {"description": "Not changed"}}
    files = [_ask("format", {"type": "string", "enum": list(EXPORTERS)}, required=True), lang]
    files += [_ask("status", {"type": "string", "enum": list(STATES)}), _ask("ids", _TEXT)]
    made = {"201": _answer(_ENTRY)}
    whole = {"200": {"description": "The file", "content": {"*/*": {"schema": _TEXT}}}}
    return {
        "/lookup": {"get": _operation("find", "Look a term up", {"200": _answer(found)}, asks=[query, lang, limit])},
        "/entries": {
            "get": _operation(
                "entries", "Entries, best first", {"200": _answer(page), **unchanged},
                asks=[lang, *filters, limit, _ask("after", _TEXT)],
            ),
            "post": _operation("create", "Make an entry", made, body=_object(terms=terms), token=True),
        },
        "/entries/{entry_id}": {
            "parameters": [one],
            "get": _operation("entry", "One entry", {"200": _answer(_ENTRY), **unchanged}),
            "put": _operation(
                "replace_entry", "Replace an entry", {"200": _answer(_ENTRY)}, asks=[version], body=_ENTRY, token=True
            ),
            "delete": _operation(
                "delete", "Take an entry out", {"204": {"description": "Gone"}}, asks=[version], token=True
            ),
        },
        "/export": {"get": _operation("export", "A file for other tools", whole, asks=files)},
    }  # fmt: skip


def _texts(finding: Schema) -> dict[str, Any]:
    long = {"type": "string", "minLength": 1, "maxLength": LONGEST}
    longer = {"type": "string", "minLength": 1, "maxLength": MOST_CHARACTERS}
    count = {"type": "integer"}
    both = _object(source=long, target=long, source_lang=TAG, target_lang=TAG, optional=("source_lang", "target_lang"))
    units = {**_list(_object(source=long, target=long)), "maxItems": MOST_UNITS}
    many = _object(units=units, source_lang=TAG, target_lang=TAG)
    pair = {"type": "array", "items": count, "minItems": 2, "maxItems": 2}
    bead = _object(source=_TEXT, target=_TEXT, source_range=pair, target_range=pair, score={"type": "number"})
    marked = _object(count=count, annotations=_list({"$ref": "#/components/schemas/Annotation"}))
    asked = _object(text=longer, kind={"type": "string", "enum": list(KINDS)}, lang=TAG, optional=("kind", "lang"))
    checked = _object(units=count, count=count, findings=_list(finding))
    aligned = _object(source_lang=_TEXT, target_lang=_TEXT, count=count, beads=_list(bead))
    terms = _object(count=count, candidates=_list({"$ref": "#/components/schemas/TermCandidate"}))
    made = (
        _operation("annotate", "The glossary's terms in a text", {"200": _answer(marked)}, body=asked),
        _operation(
            "check", "Does a translation use the glossary?", {"200": _answer(checked)}, body={"anyOf": [both, many]}
        ),
        _operation("align", "Sentence pairs of a text and its translation", {"200": _answer(aligned)}, body=both),
        _operation("extract", "Terms of a text and its translation", {"200": _answer(terms)}, body=both),
    )
    return {f"/{operation['operationId']}": {"post": operation} for operation in made}

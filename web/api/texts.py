"""annotate, check, align, extract: texts in, what was found out. A POST here changes nothing."""

from __future__ import annotations

from typing import Literal, cast

from flask import Response, jsonify

from glossary import codec
from glossary.annotation import TextKind
from glossary.datamodel import Bitext, Document, Finding, TranslationUnit, content_id
from glossary.errors import AlignmentError, TermError
from glossary.exchange import units_of
from glossary.language import join_segments
from glossary.pipeline import align_texts
from glossary.terms import extract_terms
from web.api.base import blueprint, body, tag, text
from web.errors import BadQuery
from web.i18n import translate as _
from web.limits import API_WRITES, CHECKS, limiter
from web.marking import text_language
from web.prepared import annotator, checker
from web.termbase import readable_store

KINDS = ("text", "markdown", "html")
MOST_UNITS = 1000
MOST_CHARACTERS = 100_000  # of a text to annotate, which is fast


@blueprint.post("/annotate")
@limiter.limit(API_WRITES)
def annotate() -> Response:
    """Every place of the glossary's terms in a text, with offsets in code points and renderings."""
    found = body()
    whole, kind = text(found, "text", longest=MOST_CHARACTERS), found.get("kind", "text")
    if kind not in KINDS:
        raise BadQuery(_("{name} must be one of: {known}.", name="kind", known=", ".join(KINDS)))
    places = annotator(readable_store()).find(whole, kind=cast(TextKind, kind), lang=tag(found.get("lang"), "lang"))
    return jsonify(count=len(places), annotations=[codec.to_json(place) for place in places])


@blueprint.post("/check")
@limiter.limit(CHECKS)
def check() -> Response:
    """What does not follow the glossary in a text and its translation, or in translation units."""
    found, termbase = body(), readable_store()
    if "units" in found:
        units = _units(found)
    else:
        source, bitext = _aligned(found)
        units = list(units_of(bitext, source))
    langs = (units[0].source_lang, units[0].target_lang) if units else ("en", "zh-Hant")
    findings = list(checker(termbase, *langs).check(units))
    return jsonify(units=len(units), count=len(findings), findings=[_finding(f) for f in findings])


def _units(found: dict[str, object]) -> list[TranslationUnit]:
    given = found["units"]
    source_lang, target_lang = (tag(found.get(name), name) for name in ("source_lang", "target_lang"))
    if not isinstance(given, list) or len(given) > MOST_UNITS or not source_lang or not target_lang:
        raise BadQuery(_("units must be a list of objects with source and target, beside source_lang and target_lang."))
    made = []
    for n, one in enumerate(given, 1):
        if not isinstance(one, dict):
            raise BadQuery(_("{name} must be a text.", name="source"))
        made.append(TranslationUnit(text(one, "source"), text(one, "target"), source_lang, target_lang, "", n))
    return made


def _finding(finding: Finding) -> dict[str, object]:
    whole = cast("dict[str, object]", codec.to_json(finding))
    unit = finding.unit
    return {**whole, "unit": {"source": unit.source, "target": unit.target, "line": unit.line}}


@blueprint.post("/align")
@limiter.limit(CHECKS)
def align() -> Response:
    """The sentences of a text and its translation that belong together, with scores."""
    _source, bitext = _aligned(body())
    beads = [
        {
            "source": join_segments([bitext.source[i].text for i in b.source]),
            "target": join_segments([bitext.target[i].text for i in b.target]),
            "source_range": [b.source.start, b.source.stop],
            "target_range": [b.target.start, b.target.stop],
            "score": b.score,
        }
        for b in bitext.beads
    ]
    return jsonify(source_lang=bitext.source_lang, target_lang=bitext.target_lang, count=len(beads), beads=beads)


@blueprint.post("/extract")
@limiter.limit(CHECKS)
def extract() -> Response:
    """The terms that a text and its translation show, best first; nothing is kept."""
    _source, bitext = _aligned(body())
    try:
        found = sorted(extract_terms(bitext), key=lambda c: (-c.score, c.source))
    except TermError as error:
        raise BadQuery(_("Terms are found in English with Chinese only.")) from error
    return jsonify(count=len(found), candidates=[codec.to_json(c) for c in found])


def _aligned(found: dict[str, object]) -> tuple[Document, Bitext]:
    source, target = _document(found, "source"), _document(found, "target")
    try:
        return source, align_texts(source, target)
    except AlignmentError as error:
        raise BadQuery(_("The two texts cannot be aligned.")) from error


def _document(found: dict[str, object], side: Literal["source", "target"]) -> Document:
    whole, name = text(found, side), f"{side}_lang"
    lang = tag(found.get(name), name) or text_language(whole)
    return Document(content_id(lang, whole), side, whole, lang)

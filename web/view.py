"""What every template may use: present.py, shown.py, and the words for codes in the language of the request."""

from __future__ import annotations

from flask import Flask, url_for

import glossary
from web import present, shown
from web.i18n import language_name
from web.i18n import translate as _


def variant(tag: str) -> str:
    """The place or language whose usage a tag stands for, in the words of the interface."""
    known = {
        "en": _("English"),
        "zh": _("Chinese"),
        "zh-Hans": _("Mainland China"),
        "zh-Hant": _("Traditional Chinese"),
        "zh-Hant-TW": _("Taiwan"),
        "zh-Hant-HK": _("Hong Kong"),
    }
    return known.get(tag) or language_name(tag)


def column(tag: str) -> str:
    """The head of a column of sentences in that language."""
    known = {
        "en": _("English"),
        "zh-Hans": _("Chinese (Simplified)"),
        "zh-Hant": _("Chinese (Traditional)"),
        "zh-Hant-TW": _("Chinese (Taiwan)"),
        "zh-Hant-HK": _("Chinese (Hong Kong)"),
    }
    return known.get(tag) or language_name(tag)


def kind(code: str) -> str:
    """What an entry names."""
    known = {
        "acronym": _("acronym"),
        "organisation": _("organisation"),
        "person": _("person"),
        "place": _("place"),
        "product": _("product"),
        "concept": _("concept"),
    }
    return known.get(code, code)


def status(code: str) -> str:
    """An administrative status or a review state."""
    known = {
        "preferred": _("Preferred"),
        "admitted": _("Admitted"),
        "deprecated": _("Deprecated"),
        "forbidden": _("Forbidden"),
        "proposed": _("Proposed"),
        "approved": _("Approved"),
        "rejected": _("Rejected"),
    }
    return known.get(code, code)


def flag(code: str) -> str:
    """What is wrong with a form, in two or three words."""
    known = {
        "damaged": _("Probably damaged"),
        "mixed-script": _("Mixed script"),
        "conflict": _("Conflicting renderings"),
    }
    return known.get(code, code)


def role(code: str) -> str:
    """What a segment outside the article is."""
    known = {
        "heading": _("heading"),
        "body": _("text"),
        "summary": _("summary"),
        "footnote": _("footnote"),
        "furniture": _("page furniture"),
    }
    return known.get(code, code)


def role_name(code: str) -> str:
    """What an account may be."""
    known = {
        "reader": _("Reader"),
        "contributor": _("Contributor"),
        "editor": _("Editor"),
        "admin": _("Administrator"),
    }
    return known.get(code, code)


def finding(code: str) -> str:
    """What a finding means, in a few words; the code itself when it is not known."""
    known = {
        "E101": _("The glossary’s rendering is missing"),
        "W102": _("The rendering of an unreviewed term is missing"),
        "E103": _("Forbidden rendering"),
        "W104": _("Deprecated rendering"),
        "W105": _("Rendered in different ways"),
        "E106": _("Must not be translated"),
        "W107": _("The same text is translated differently"),
        "W201": _("Word of another region"),
        "W202": _("Form of another region"),
        "W203": _("Characters of the other script"),
        "E301": _("Number missing in the translation"),
        "W302": _("Number only in the translation"),
    }
    return known.get(code, code)


def export_format(code: str) -> tuple[str, str]:
    """The name of an export format and what it is for; a format nobody described has its code for a name."""
    known = {
        "po": ("gettext PO", _("For software translation: term, best rendering, status, definition, example.")),
        "tsv": ("TSV", _("A table for spreadsheets and scripts, one entry a row.")),
        "csv": ("CSV", _("A table for spreadsheets and scripts, one entry a row.")),
        "xlsx": ("Excel", _("A workbook for people, one entry a row.")),
        "jsonl": ("JSON Lines", _("Everything; can be imported again without loss.")),
        "tbx": ("TBX", _("The standard for termbases (ISO 30042), for translation tools.")),
        "tbx2": ("TBX 2", _("The older TBX, for tools that do not read the new one.")),
        "tmx": ("TMX", _("Terms as translation units, for translation memories.")),
        "omegat": ("OmegaT", _("A glossary file of OmegaT.")),
        "jieba": ("jieba", _("A user dictionary for Chinese word segmentation.")),
    }
    return known.get(code, (code, ""))


def sections() -> list[tuple[str, str, tuple[str, ...], int]]:
    """The navigation: address, name, the pages that belong to it (its own first), a count of what waits there."""
    return [
        (url_for("home.show"), _("Look up"), ("home", "lookup", "entry"), 0),
        (url_for("check.show"), _("Check"), ("text",), 0),
        (url_for("documents.index"), _("Documents"), ("documents", "alignment"), 0),
        (url_for("export.show"), _("Export"), ("export",), 0),
    ]


def init_app(app: Flask) -> None:
    """Make them known to the templates."""
    words = (variant, column, kind, status, flag, role, role_name, finding, export_format, sections)
    named = (present.file_name, present.file_names, present.text_lang)
    entry = (shown.headword, shown.other_forms, shown.best_rendering, shown.best_form, shown.states, shown.all_flags)
    app.jinja_env.globals.update(
        {f.__name__: f for f in (*words, *named, *entry, shown.is_seen, shown.pair_count, shown.rendering_in)}
    )
    app.jinja_env.globals.update(version=glossary.__version__)
    filters = (present.marked, present.runs, present.hit, present.score_text, present.confidence, shown.per_variant)
    app.jinja_env.filters.update({f.__name__: f for f in filters})

"""What every template may use: present.py, shown.py, and the words for codes in the language of the request."""

from __future__ import annotations

from flask import Flask

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


def init_app(app: Flask) -> None:
    """Make them known to the templates."""
    words = (variant, column, kind, status, flag, role)
    named = (present.file_name, present.file_names, present.text_lang)
    entry = (shown.headword, shown.other_forms, shown.best_rendering, shown.best_form, shown.states, shown.all_flags)
    app.jinja_env.globals.update({f.__name__: f for f in (*words, *named, *entry, shown.is_seen, shown.pair_count)})
    app.jinja_env.globals.update(version=glossary.__version__)
    filters = (present.marked, present.runs, present.hit, present.score_text, present.confidence, shown.per_variant)
    app.jinja_env.filters.update({f.__name__: f for f in filters})

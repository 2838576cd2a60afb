"""What every template may use: present.py, shown.py, and the words for codes in the language of the request."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache, wraps
from typing import TypeVar

from babel.support import NullTranslations
from flask import Flask, url_for
from jinja2 import BytecodeCache
from jinja2.bccache import Bucket

import glossary
from glossary.editing import differences
from web import present, romanised, shown
from web.access import may
from web.i18n import language_name, translations
from web.i18n import translate as _
from web.review import waiting_count

MOST_WORDS = 500
"""Codes whose words are kept: language tags are without number."""

_T = TypeVar("_T")


def worded(words: Callable[[str], _T]) -> Callable[[str], _T]:
    """The words for a code, found once in each language: a list asks for the same few a hundred times."""

    @lru_cache(maxsize=MOST_WORDS)
    def found(code: str, language: NullTranslations) -> _T:
        return words(code)

    @wraps(words)
    def word(code: str) -> _T:
        return found(code, translations())

    return word


@worded
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


def variants(tags: Sequence[str]) -> list[tuple[str, str]]:
    """Tags, each with the place or language whose usage it stands for."""
    return [(tag, variant(tag)) for tag in tags]


@worded
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


@worded
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


@worded
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


@worded
def flag(code: str) -> str:
    """What is wrong with a form, in two or three words."""
    known = {
        "damaged": _("Probably damaged"),
        "mixed-script": _("Mixed script"),
        "conflict": _("Conflicting renderings"),
    }
    return known.get(code, code)


@worded
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


@worded
def role_name(code: str) -> str:
    """What an account may be."""
    known = {
        "reader": _("Reader"),
        "contributor": _("Contributor"),
        "editor": _("Editor"),
        "admin": _("Administrator"),
    }
    return known.get(code, code)


@worded
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


@worded
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
    found = [
        (url_for("home.show"), _("Look up"), ("home", "lookup", "entry", "edit", "add", "merge", "concordance"), 0),
        (url_for("check.show"), _("Check"), ("text",), 0),
        (url_for("documents.index"), _("Documents"), ("documents", "alignment"), 0),
        (url_for("export.show"), _("Export"), ("export",), 0),
    ]
    if may("edit"):
        found.insert(3, (url_for("review.show"), _("Review"), ("review",), waiting_count()))
    return found


@worded
def change_name(code: str) -> str:
    """What a change of the history was."""
    known = {
        "add": _("Added"),
        "edit": _("Edited"),
        "review": _("Reviewed"),
        "status": _("Status changed"),
        "merge": _("Merged"),
        "split": _("Split in two"),
        "delete": _("Deleted"),
        "import": _("Imported"),
        "undo": _("Undone"),
        "restore": _("Restored"),
    }
    return known.get(code, code)


@worded
def deed(code: str) -> str:
    """What the log of accounts says somebody did."""
    known = {
        "login": _("Logged in"),
        "logout": _("Logged out"),
        "login failed": _("Wrong name or password"),
        "locked": _("Locked after wrong passwords"),
        "locked by an admin": _("Account locked"),
        "unlocked": _("Account unlocked"),
        "account added": _("Account added"),
        "role changed": _("Role changed"),
        "password set": _("Password set"),
        "password changed": _("Password changed"),
        "password refused": _("Old password wrong"),
        "token made": _("Token made"),
        "token removed": _("Token removed"),
    }
    return known.get(code, code)


@worded
def field_name(code: str) -> str:
    """A field of an entry, as the history names it; '' where the value speaks for itself."""
    known = {
        "note": _("Note"),
        "source": _("Source"),
        "pinyin": _("Pinyin"),
        "jyutping": _("Jyutping"),
        "definition": _("Definition"),
        "subject_field": _("Subject"),
        "do_not_translate": _("Do not translate"),
        "case_sensitive": _("Capitals matter"),
    }
    return known.get(code, "")


@worded
def job_step(code: str) -> str:
    """What a job is doing."""
    known = {
        "aligning": _("Aligning sentences"),
        "extracting": _("Extracting terms"),
        "storing": _("Storing"),
    }
    return known.get(code, _("Reading the files"))


@worded
def why(rule: str) -> str:
    """What tied a rendering to its term."""
    known = {
        "parenthesis": _("glossed in the text"),
        "dictionary": _("dictionary"),
        "alignment": _("word alignment"),
        "pinyin": _("name by sound"),
        "name": _("name"),
        "mention": _("seen in the text"),
        "stated": _("stated in the text"),
        "identical": _("the same on both sides"),
        "enumeration": _("in a list"),
        "written": _("written by a person"),
        "imported": _("imported"),
    }
    return known.get(rule, rule)


class _Compiled(BytecodeCache):
    """Templates compiled, once a process for each state of a file, however many apps there are."""

    def __init__(self) -> None:
        self._kept: dict[tuple[str, str], bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        found = self._kept.get((bucket.key, bucket.checksum))
        if found is not None:
            bucket.bytecode_from_string(found)

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._kept[bucket.key, bucket.checksum] = bucket.bytecode_to_string()


_COMPILED = _Compiled()


def init_app(app: Flask) -> None:
    """Make them known to the templates."""
    words = (
        variant,
        variants,
        column,
        kind,
        status,
        flag,
        role,
        role_name,
        finding,
        export_format,
        sections,
        change_name,
        deed,
        field_name,
        job_step,
        why,
    )
    named = (present.file_name, present.file_names, present.text_lang)
    entry = (shown.headword, shown.other_forms, shown.best_rendering, shown.best_form, shown.states, shown.all_flags)
    app.jinja_env.globals.update(
        {
            f.__name__: f
            for f in (
                *words,
                *named,
                *entry,
                shown.pair_count,
                shown.rendering_in,
                shown.rules,
                shown.term_of,
                romanised.romanised,
            )
        }
    )
    app.jinja_env.bytecode_cache = _COMPILED
    app.jinja_env.globals.update(version=glossary.__version__, differences=differences)
    filters = (present.marked, present.runs, present.score_text, present.confidence, shown.per_variant)
    app.jinja_env.filters.update({f.__name__: f for f in (*filters, present.text_script)})

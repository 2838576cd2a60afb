"""Rows of lists: what is put in is escaped, wherever it stands."""

from __future__ import annotations

import re

from markupsafe import Markup

from glossary.datamodel import ConceptEntry, LangSec, TermSec
from web.rows import Rows, packed, states
from web.shown import line

ROW = '<tr><th lang="{lang}"><a href="/e/{id}">{head}</a>{further}</th>{cells}<td>{chip}</td><td>{pairs}</td></tr>'
CELL = '<td title="{label}">{sign}<b lang="{lang}">{shown}</b><i data-copy="{form}"></i></td>'
NONE = '<td title="{label}">-</td>'
EVIL = "\"><script>{label}</script>&'"
LABELS = ("Taiwan", "Hong Kong", "&lt;China&gt;")


def shown(head: str, further: str = "", chinese: str = "", *, query: str = "", entry_id: str = "e1") -> str:
    terms = tuple(TermSec(t) for t in (head, further) if t)
    sections = (LangSec("en", terms), *((LangSec("zh-Hans", (TermSec(chinese),)),) if chinese else ()))
    found = packed(line(ConceptEntry(entry_id, sections, "concept", 0.9)))
    chips = dict.fromkeys(("preferred", "admitted"), Markup("<u>ok</u>"))
    return Rows(ROW, CELL, NONE, LABELS, chips, "<s>~</s>").html([(entry_id, found)], query)


def test_no_field_becomes_markup() -> None:
    made = shown(EVIL, EVIL + "2", EVIL, query="script", entry_id='"><script>')
    assert "<script" not in made
    assert made.count("{label}") == 2 + 2 * 3  # as text: head, further form, three forms and their buttons
    assert re.findall(r"<(\w+)", made).count("mark") == 1 + 3


def test_braces_of_a_form_are_text() -> None:
    made = shown("{0}", "{pairs}", "{form}")
    assert '<a href="/e/e1">{0}</a>' in made
    assert '<span class="abbr">{pairs}</span>' in made
    assert 'data-copy="{form}"' in made


def test_a_form_no_document_shows_has_the_sign_and_a_missing_one_a_dash() -> None:
    made = shown("ledger", chinese="账本")
    assert made.count("<s>~</s>") == 2
    assert '<td title="&lt;China&gt;"><b lang="zh-Hans">账本</b>' in made
    assert shown("ledger").count("-</td>") == 3


def test_what_was_typed_is_marked_in_either_script_and_the_rest_stays() -> None:
    assert '<b lang="zh-Hans"><mark class="hit">账</mark>本</b>' in shown("ledger", chinese="账本", query="賬")
    assert "<mark" not in shown("ledger", chinese="账本", query="Ledger")
    assert "<mark" not in shown("ledger", chinese="账本")


def test_a_packed_line_tells_its_states() -> None:
    chinese = LangSec("zh-Hans", (TermSec("账本", administrative_status="preferred", review_state="approved"),))
    entry = ConceptEntry("e1", (LangSec("en", (TermSec("ledger"),)), chinese), "concept", 0.9)
    assert states(packed(line(entry))) == ["preferred", "approved"]
    assert states(packed(line(ConceptEntry("e1", entry.lang_secs[:1], "concept", 0.9)))) == ["", ""]

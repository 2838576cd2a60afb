"""The form of an entry: what it shows of one, what was typed into it, and the entry that makes. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from glossary.datamodel import ConceptEntry
from glossary.editing import changed_term, with_definition, with_term, without_term
from glossary.errors import EditError
from glossary.language import canonical_tag, is_chinese
from glossary.variants import with_converted
from web.present import clean_query

LONGEST_TERM = 200
LONGEST_TEXT = 4000
MOST_ROWS = 100
STATUSES = ("preferred", "admitted", "deprecated", "forbidden")
REVIEWS = ("proposed", "approved", "rejected")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")


@dataclass(frozen=True, slots=True)
class TermRow:
    """One term in the form; `was` is the form it had when the form was made."""

    lang: str
    was: str
    term: str
    status: str
    review: str
    note: str = ""
    pinyin: str = ""
    jyutping: str = ""
    remove: bool = False

    @property
    def has_readings(self) -> bool:
        """Only Chinese terms have pinyin and jyutping."""
        return is_chinese(self.lang)


@dataclass(frozen=True, slots=True)
class EntryForm:
    """What the form holds, and the version of the entry it was made from."""

    version: int
    rows: tuple[TermRow, ...]
    definitions: dict[str, str] = field(default_factory=dict)
    subject_field: str = ""
    note: str = ""
    do_not_translate: bool = False
    new_lang: str = ""
    new_term: str = ""


def form_of(entry: ConceptEntry, version: int) -> EntryForm:
    """The form for an entry: its observed terms, those people decided about, a definition a language."""
    rows = tuple(
        TermRow(s.lang, t.term, t.term, t.administrative_status, t.review_state, t.note, t.pinyin, t.jyutping)
        for s in entry.lang_secs
        for t in s.terms
        if t.origin == "observed" or t.review_state != "proposed"
    )
    langs = dict.fromkeys(["en", *(s.lang for s in entry.lang_secs if any(t.origin == "observed" for t in s.terms))])
    first = {s.lang: s.definitions[0].text for s in entry.lang_secs if s.definitions}
    definitions = {lang: first.get(lang, "") for lang in dict.fromkeys([*langs, *first])}
    return EntryForm(version, rows, definitions, entry.subject_field, entry.note, entry.do_not_translate)


def form_from(typed: Mapping[str, str]) -> EntryForm:
    """What was typed. Raises: EditError for what no form of ours sends."""
    count, version = _number(typed, "rows"), _number(typed, "version")
    if count > MOST_ROWS:
        raise EditError("too many terms")
    rows = tuple(_row(typed, f"t{n}_") for n in range(count))
    texts = {name.removeprefix("def_"): text_of(value) for name, value in typed.items() if name.startswith("def_")}
    return EntryForm(
        version, rows, {tag_of(lang): text for lang, text in texts.items()},
        term_of(typed.get("subject_field", "")), text_of(typed.get("note", "")), "do_not_translate" in typed,
        tag_of(typed.get("new_lang", "") or "en"), term_of(typed.get("new_term", "")),
    )  # fmt: skip


def _row(typed: Mapping[str, str], at: str) -> TermRow:
    row = TermRow(
        tag_of(typed.get(f"{at}lang", "")), typed.get(f"{at}was", ""), term_of(typed.get(f"{at}term", "")),
        typed.get(f"{at}status", ""), typed.get(f"{at}review", ""), text_of(typed.get(f"{at}note", "")),
        term_of(typed.get(f"{at}pinyin", "")), term_of(typed.get(f"{at}jyutping", "")), f"{at}remove" in typed,
    )  # fmt: skip
    if row.status not in STATUSES or row.review not in REVIEWS:
        raise EditError("there is no such status")
    return row


def applied(form: EntryForm, entry: ConceptEntry) -> ConceptEntry:
    """The entry as the form wants it, its regional forms made anew. Raises: EditError for what cannot be."""
    for row in form.rows:
        entry = _with_row(entry, row)
    if form.new_term:
        entry = with_term(entry, form.new_lang, form.new_term, review="approved")
    for lang, text in form.definitions.items():
        entry = with_definition(entry, lang, text)
    return with_converted(
        ConceptEntry(
            entry.id, entry.lang_secs, entry.kind, entry.score, entry.contexts, form.subject_field, form.note,
            entry.flags, form.do_not_translate,
        )
    )  # fmt: skip


def _with_row(entry: ConceptEntry, row: TermRow) -> ConceptEntry:
    section = entry.section(row.lang)
    known = section is not None and any(t.term == row.was for t in section.terms)
    if row.remove:
        return without_term(entry, row.lang, row.was) if known else entry
    fields = {
        "administrative_status": row.status, "review_state": row.review, "note": row.note,
        "pinyin": row.pinyin, "jyutping": row.jyutping,
    }  # fmt: skip
    if not known:  # somebody took it away meanwhile, and this editor wants it
        entry, was = with_term(entry, row.lang, row.term), row.term
    else:
        was = row.was
    return changed_term(entry, row.lang, was, term=row.term, **fields)


def term_of(typed: str) -> str:
    """A term as it is kept: one line. Raises: EditError when it is too long.

    >>> term_of("  smart\\tcontract "), term_of("帳\\x00本")
    ('smart contract', '帳 本')
    """
    term = clean_query(typed)
    if len(term) > LONGEST_TERM:
        raise EditError(f"a term has {LONGEST_TERM} characters at most")
    return term


def text_of(typed: str) -> str:
    """A note or definition as it is kept: lines end as in Unix. Raises: EditError when it is too long."""
    text = _CONTROL.sub(" ", typed.replace("\r\n", "\n")).strip()
    if len(text) > LONGEST_TEXT:
        raise EditError(f"a text has {LONGEST_TEXT} characters at most")
    return text


def tag_of(typed: str) -> str:
    """A language tag. Raises: EditError for what is none."""
    try:
        return canonical_tag(typed)
    except ValueError as error:
        raise EditError(str(error)) from None


def _number(typed: Mapping[str, str], name: str) -> int:
    raw = typed.get(name, "")
    if not (raw.isascii() and raw.isdigit() and len(raw) < 12):
        raise EditError(f"{name} is no number")
    return int(raw)

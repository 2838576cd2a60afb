"""Messages of a glossary PO: what one says of an entry, and entries put together from messages of one concept."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from glossary.datamodel import AdministrativeStatus, ConceptEntry, Kind, ReviewState, TermSec, TermType
from glossary.exchange.drafts import Draft
from glossary.exchange.files import one_line
from glossary.exchange.forms import Form, source_terms, target_forms
from glossary.exchange.options import ExportOptions
from glossary.exchange.values import STATUSES

READ_ONLY = "read-only"
"""Weblate's flag for terms that are not translated."""
NO_RENDERING = "no rendering"
VARIANTS_LISTED = 8
_UNUSED: frozenset[AdministrativeStatus] = frozenset({"deprecated", "forbidden"})


@dataclass(frozen=True, slots=True)
class Rendering:
    """One form of a message: its msgstr or one of its variants."""

    term: str
    lang: str
    term_type: TermType
    administrative_status: AdministrativeStatus
    review_state: ReviewState
    converted_from: str = ""
    conversion: str = ""
    flags: tuple[tuple[str, str], ...] = ()  # code and reason


@dataclass(frozen=True, slots=True)
class Message:
    """One message. `status` and `review` are the msgid's, the renderings have their own."""

    msgid: str
    concept: str
    best: Rendering | None = None
    others: tuple[Rendering, ...] = ()
    kind: Kind = "concept"
    term_type: TermType = "fullForm"
    part_of_speech: str = "noun"
    status: AdministrativeStatus = "admitted"
    review: ReviewState = "proposed"
    do_not_translate: bool = False
    subject_field: str = ""
    note: str = ""
    definitions: tuple[tuple[str, str], ...] = ()  # language and text

    @property
    def is_usual(self) -> bool:
        """True when the status of the msgid's term need not be said."""
        return (self.status, self.review) == ("admitted", "proposed")


def messages(entry: ConceptEntry, options: ExportOptions) -> Iterator[Message]:
    """The messages of an entry for one locale: one a source term nobody rejected."""
    forms = target_forms(entry, options.target, one_line)
    definitions = tuple((s.lang, t) for s in entry.lang_secs for d in s.definitions if (t := one_line(d.text)))
    seen: set[str] = set()
    for _, term in source_terms(entry, options.source_lang):
        msgid = one_line(term.term)
        if not msgid or msgid in seen:
            continue
        seen.add(msgid)
        listed = [_rendering(f) for f in _fitting(forms, term, msgid)]
        best = next((f for f in listed if f.administrative_status not in _UNUSED), None)
        others = [replace(f, conversion="") for f in listed if f is not best][:VARIANTS_LISTED]
        yield Message(
            msgid, one_line(entry.id), best, tuple(others), entry.kind,
            term.term_type, one_line(term.part_of_speech) or "noun", term.administrative_status, term.review_state,
            entry.do_not_translate, one_line(entry.subject_field), one_line(entry.note), definitions,
        )  # fmt: skip


def _fitting(forms: Sequence[Form], term: TermSec, msgid: str) -> list[Form]:
    """Forms for one of the entry's terms, best first: status, not the term itself, then its type."""
    return sorted(
        forms,
        key=lambda f: (
            STATUSES.index(f[1].administrative_status),
            one_line(f[1].term) == msgid,
            f[1].term_type != term.term_type,
        ),
    )


def _rendering(form: Form) -> Rendering:
    lang, term = form
    converted = term.origin == "converted"
    return Rendering(
        one_line(term.term),
        lang,
        term.term_type,
        term.administrative_status,
        term.review_state,
        term.converted_from if converted else "",
        one_line(term.conversion) if converted else "",
        tuple((f.code, f.reason) for f in term.flags),
    )


def assembled(listed: Sequence[Message], source_lang: str, target: str) -> ConceptEntry:
    """The entry that the messages of one concept speak of. Forms of a language stand by status, then as they came."""
    first = listed[0]
    draft = Draft(
        id=first.concept, kind=first.kind, subject_field=first.subject_field, note=first.note,
        do_not_translate=any(m.do_not_translate for m in listed),
    )  # fmt: skip
    for message in listed:
        term = TermSec(
            message.msgid, message.term_type, message.part_of_speech, message.status, message.review, score=draft.score
        )
        draft.add_term(source_lang, term)
    forms: dict[tuple[str, str], TermSec] = {}
    for message in listed:
        for form in (*((message.best,) if message.best else ()), *message.others):
            made = _term(form, draft.score)
            known = forms.setdefault((form.lang, form.term), made)
            if made.conversion and not known.conversion:
                forms[form.lang, form.term] = replace(known, conversion=made.conversion)
    for (lang, _), term in sorted(forms.items(), key=lambda f: STATUSES.index(f[1].administrative_status)):
        draft.add_term(lang, term)
    for lang, text in first.definitions:
        draft.add_definition(lang, text)
    return draft.entry()


def _term(form: Rendering, score: float) -> TermSec:
    converted = bool(form.converted_from)
    return TermSec(
        form.term, form.term_type, "noun", form.administrative_status, form.review_state,
        "converted" if converted else "observed", form.conversion if converted else "", form.converted_from, score,
    )  # fmt: skip

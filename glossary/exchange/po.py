"""Entries as gettext PO, one locale a file, for translators' memory and glossary tools.

- One message a source-language term, sorted; the best form of the locale is its msgstr, the others `#. Variants:`. A
  full form takes a full form, an acronym an acronym unless it is the term itself (NFT = 非同質化代幣).
- msgctxt only for homonyms: kind and the first digits of the entry's id.
- A term nobody has approved is fuzzy. GNU tools drop flags they do not know, so the status stands in `#. Status:`.
- zh_Hant is Taiwan usage: observed zh-Hant-TW, then observed zh-Hant (region unknown), then converted, which
  `#. Variant:` says.
- The date is SOURCE_DATE_EPOCH, else the newest date in the entries' provenance, else 1970: never the clock.

Source: GNU gettext manual, "The Format of PO Files"; docs/FORMATS.md for what msgfmt, msgcat and Weblate do with it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

import polib

from glossary.datamodel import ConceptEntry, Context, TermSec
from glossary.errors import ExchangeError, unknown
from glossary.exchange.files import one_line
from glossary.exchange.options import ExportOptions
from glossary.language import base_language, is_chinese
from glossary.variants import Rendering, renderings

_WEBLATE = {"zh-Hans": "zh_Hans", "zh-Hant": "zh_Hant", "zh-Hant-TW": "zh_Hant", "zh-Hant-HK": "zh_Hant_HK"}
_GETTEXT = {"zh-Hans": "zh_CN", "zh-Hant": "zh_TW", "zh-Hant-TW": "zh_TW", "zh-Hant-HK": "zh_HK"}
LOCALE_STYLES: dict[str, Mapping[str, str]] = {"weblate": _WEBLATE, "gettext": _GETTEXT, "bcp47": {}}

_TEAMS = {
    "zh-Hans": "Chinese (Simplified)",
    "zh-Hant": "Chinese (Traditional, Taiwan)",
    "zh-Hant-TW": "Chinese (Traditional, Taiwan)",
    "zh-Hant-HK": "Chinese (Traditional, Hong Kong)",
    "en": "English",
}
_PREFERENCE = {"zh-Hant": ("zh-Hant-TW", "zh-Hant"), "zh-Hant-TW": ("zh-Hant-TW", "zh-Hant")}
"""Sections whose observed forms may stand in a locale; converted ones come from the locale's own section only."""

_ONE_FORM = "nplurals=1; plural=0;"
_TWO_FORMS = "nplurals=2; plural=(n != 1);"
_STATUSES = ("preferred", "admitted", "deprecated", "forbidden")
_ID_DIGITS = 6
VARIANTS_LISTED = 8


def locale_name(tag: str, style: str = "weblate") -> str:
    """The name of a locale's folder and its Language header.

    Raises: ExchangeError for an unknown style.

    >>> [locale_name("zh-Hant-TW", style) for style in ("weblate", "gettext", "bcp47")]
    ['zh_Hant', 'zh_TW', 'zh-Hant-TW']
    """
    if style not in LOCALE_STYLES:
        raise ExchangeError(unknown("locale style", style, LOCALE_STYLES))
    return LOCALE_STYLES[style].get(tag, tag if style == "bcp47" else tag.replace("-", "_"))


@dataclass(frozen=True, slots=True)
class _Message:
    entry: ConceptEntry
    msgid: str
    term: TermSec
    forms: tuple[Rendering, ...]  # best first


def write_po(entries: Iterable[ConceptEntry], options: ExportOptions) -> Iterator[str]:
    """The PO file of one locale as text. `options.lang` names the locale, `options.source_lang` the msgids'."""
    tag = _target(options)
    listed = list(entries)
    messages = sorted(_messages(listed, tag, options.source_lang), key=_order)
    count = Counter(message.msgid for message in messages)
    file = polib.POFile(wrapwidth=0)
    file.header = f"Glossary with proof: terms and the sentences they were seen in, {options.source_lang} to {tag}."
    file.metadata = _metadata(tag, options, _date(listed, options))
    for message in messages:
        file.append(_po_entry(message, homonym=count[message.msgid] > 1, tag=tag))
    yield str(file).rstrip("\n") + "\n"


def _order(message: _Message) -> tuple[str, str, str]:
    return message.msgid.casefold(), message.msgid, message.entry.id


def _target(options: ExportOptions) -> str:
    return "zh-Hans" if options.lang in (None, "zh") else str(options.lang)  # as Weblate reads zh


def _date(entries: Iterable[ConceptEntry], options: ExportOptions) -> str:
    if options.epoch is not None:
        moment = datetime.fromtimestamp(options.epoch, UTC)
    else:
        terms = (t for e in entries for s in e.lang_secs for t in s.terms)
        newest = max((p.when for t in terms for p in t.provenance), default="")
        moment = datetime.fromisoformat(newest) if newest else datetime.fromtimestamp(0, UTC)
    return moment.strftime("%Y-%m-%d %H:%M+0000")


def _metadata(tag: str, options: ExportOptions, date: str) -> dict[str, str]:
    return {
        "Project-Id-Version": "glossary",
        "Report-Msgid-Bugs-To": "",
        "POT-Creation-Date": date,
        "PO-Revision-Date": date,
        "Last-Translator": "bitext-glossary",
        "Language-Team": _TEAMS.get(tag, tag),
        "Language": locale_name(tag, options.locale_style),
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=UTF-8",
        "Content-Transfer-Encoding": "8bit",
        "Plural-Forms": _ONE_FORM if is_chinese(tag) else _TWO_FORMS,
        "X-Generator": "bitext-glossary",
    }


def _messages(entries: Iterable[ConceptEntry], tag: str, source_lang: str) -> Iterator[_Message]:
    for entry in entries:
        forms = _forms(entry, tag)
        seen: set[str] = set()
        for term in _source_terms(entry, source_lang):
            msgid = one_line(term.term)
            if msgid and msgid not in seen:
                seen.add(msgid)
                yield _Message(entry, msgid, term, _fitting(forms, term))


def _source_terms(entry: ConceptEntry, source_lang: str) -> list[TermSec]:
    sections = [s for s in entry.lang_secs if base_language(s.lang) == base_language(source_lang)]
    exact = [s for s in sections if s.lang == source_lang] or sections
    return [t for s in exact for t in s.terms if t.review_state != "rejected"]


def _forms(entry: ConceptEntry, tag: str) -> tuple[Rendering, ...]:
    """The forms for a locale, best first: by status, approved, observed, then by preferred section."""
    sections = _PREFERENCE.get(tag, (tag,))
    own = sections[0]
    usable = [r for r in renderings(entry, targets=(own,)) if r.lang in sections]
    usable = [r for r in usable if r.origin == "observed" or r.lang == own]
    usable.sort(
        key=lambda r: (
            _STATUSES.index(r.administrative_status),
            r.review_state != "approved",
            r.origin != "observed",
            sections.index(r.lang),
        )
    )
    return tuple({one_line(r.term): r for r in reversed(usable)}.values())[::-1]


def _fitting(forms: tuple[Rendering, ...], term: TermSec) -> tuple[Rendering, ...]:
    """Forms for one of the entry's terms, best first: status, not the term itself, then its type."""
    return tuple(
        sorted(
            forms,
            key=lambda r: (
                _STATUSES.index(r.administrative_status),
                one_line(r.term) == one_line(term.term),
                r.term_type != term.term_type,
            ),
        )
    )


def _po_entry(message: _Message, *, homonym: bool, tag: str) -> polib.POEntry:
    best = next((f for f in message.forms if f.administrative_status not in ("deprecated", "forbidden")), None)
    flags = ["fuzzy"] if best and best.review_state != "approved" else []
    if "%" in message.msgid:
        flags.append("no-python-format")
    entry = message.entry
    return polib.POEntry(
        msgid=message.msgid,
        msgstr=one_line(best.term) if best else "",
        msgctxt=f"{entry.kind} {entry.id[:_ID_DIGITS]}" if homonym else None,
        comment="\n".join(f"{key}: {one_line(value)}" for key, value in _comments(message, best) if value.strip()),
        tcomment=one_line(entry.note),
        occurrences=_occurrences(entry.contexts),
        flags=flags,
    )


def _comments(message: _Message, best: Rendering | None) -> Iterator[tuple[str, str]]:
    entry = message.entry
    for section in entry.lang_secs:
        for definition in section.definitions:
            yield "Definition", definition.text
    yield "Part of speech", message.term.part_of_speech
    if best:
        yield "Status", f"{best.administrative_status}, {best.review_state}"
        if best.origin == "converted":
            yield "Variant", f"converted by {best.conversion} from {best.converted_from}"
    else:
        yield "Status", "no rendering"
    others = [f for f in message.forms if f is not best][:VARIANTS_LISTED]
    yield "Variants", "; ".join(f"{one_line(f.term)} ({_described(f)})" for f in others)
    for flag in (*entry.flags, *(best.flags if best else ())):
        yield "Flag", f"{flag.code}: {flag.reason}"
    yield from _example(entry.contexts)
    yield "Concept", entry.id


def _described(form: Rendering) -> str:
    region = f", {form.lang}" if form.origin == "observed" else f", converted from {form.converted_from}"
    return form.administrative_status + region


def _example(contexts: tuple[Context, ...]) -> Iterator[tuple[str, str]]:
    best = max(contexts, key=lambda c: (bool(c.target), c.score), default=None)  # max keeps the first of equals
    if best is not None:
        yield "Source", f"{best.uri}:{best.line}"
        yield "Example", f"{best.source} = {best.target}" if best.target else best.source


def _occurrences(contexts: tuple[Context, ...]) -> list[tuple[str, str]]:
    places = {(re.sub(r"\s", lambda m: f"%{ord(m[0]):02X}", c.uri), str(c.line)): None for c in contexts if c.uri}
    return list(places)

"""Entries back from gettext PO: glossaries of ours, after msgmerge and an editor too, and any other PO.

Messages with the same `#. Concept:` are one entry; others are an entry each. The fuzzy flag says whether a form is
approved, because editors and msgmerge change it and leave comments alone. The status comes from `#. Status:` or from
Weblate's flags `forbidden` and `read-only`. Obsolete messages and plural forms are passed over and counted.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import cast

from glossary.datamodel import AdministrativeStatus, ConceptEntry, Kind, ReviewState, TermType
from glossary.errors import ExchangeError
from glossary.exchange.lines import text_lines
from glossary.exchange.losses import Tally
from glossary.exchange.options import ImportOptions
from glossary.exchange.po_messages import READ_ONLY, Message, Rendering, assembled
from glossary.exchange.rows import separated
from glossary.exchange.values import KINDS, REVIEWS, STATUSES, TERM_TYPES, language

_KEYWORD = re.compile(r'(msgctxt|msgid|msgid_plural|msgstr|msgstr\[\d+\])\s*(".*)$', re.DOTALL)
_STRING = re.compile(r'"((?:[^"\\]|\\.)*)"\s*$', re.DOTALL)
_ESCAPE = re.compile(r"\\(.)", re.DOTALL)
_PLAIN = {"n": "\n", "t": "\t", "r": "\r", "a": "\a", "b": "\b", "f": "\f", "v": "\v"}
_KEY = re.compile(r"([A-Z][A-Za-z ]*)(?: \(([A-Za-z0-9-]+)\))?: (.*)$", re.DOTALL)
_VARIANT = re.compile(r"(.*) \(([^()]*)\)$", re.DOTALL)
_CONVERTED = re.compile(r"converted(?: by (.*))? from ([A-Za-z0-9-]+)$")
_HEADER_KEYS = ("X-Language-Tag", "Language")


@dataclass(slots=True)
class _Raw:
    """One message as it stands in the file."""

    line: int = 0
    strings: dict[str, str] = field(default_factory=dict)
    keyed: list[tuple[str, str, str]] = field(default_factory=list)  # key, language, value
    notes: list[str] = field(default_factory=list)
    flags: list[str] = field(default_factory=list)

    def first(self, key: str) -> str:
        return next((value for name, _, value in self.keyed if name == key), "")


@dataclass(frozen=True, slots=True)
class _Langs:
    source: str
    target: str


def read_po(path: Path, options: ImportOptions, tally: Tally) -> Iterator[ConceptEntry]:
    """The entries of a PO file, those of one concept together, in the order of their first messages.

    Raises: ExchangeError with file and line when it is malformed, not UTF-8, or its language is not known.
    """
    concepts: dict[str, list[Message]] = {}
    langs: _Langs | None = None
    seen: set[tuple[str | None, str]] = set()
    for raw in _raws(path, options, tally):
        at = f"{path}:{raw.line}"
        identity = raw.strings.get("msgctxt"), raw.strings["msgid"]
        if identity in seen:
            raise ExchangeError(f"{at}: the message {raw.strings['msgid'][:60]!r} stands twice")
        seen.add(identity)
        if not raw.strings["msgid"] and "msgctxt" not in raw.strings:
            langs = _languages(raw.strings.get("msgstr", ""), at, options)
            continue
        langs = langs or _languages("", at, options)
        message = _message(raw, langs, at, tally)
        if message is not None:
            concepts.setdefault(message.concept or f"\0{len(concepts)}", []).append(message)
    for listed in concepts.values():
        yield assembled(listed, cast(_Langs, langs).source, cast(_Langs, langs).target)


def _languages(header: str, at: str, options: ImportOptions) -> _Langs:
    fields = dict(line.split(": ", 1) for line in header.split("\n") if ": " in line)
    charset = re.search(r"charset=([\w-]+)", fields.get("Content-Type", ""))
    if charset and charset[1].lower() not in ("utf-8", "utf8", "ascii", "us-ascii", "charset"):
        raise ExchangeError(f"{at}: charset {charset[1]}; convert the file with msgconv --to-code=UTF-8")
    named = next((fields[key] for key in _HEADER_KEYS if fields.get(key, "").strip()), "")
    if not options.lang and not named:
        raise ExchangeError(f"{at}: the header has no Language; name it with --lang")
    target = options.lang or language(named.partition("@")[0].partition(".")[0], at)
    source = fields.get("X-Source-Language", "").strip()
    return _Langs(language(source, at) if source else options.source_lang, target)


def _raws(path: Path, options: ImportOptions, tally: Tally) -> Iterator[_Raw]:
    raw, key = _Raw(), ""
    with text_lines(path, storable=options.storable) as lines:
        for number, line in enumerate(lines, start=1):
            text = line.strip()
            starts = text.startswith(("#", "msgctxt"))
            if raw.strings.get("msgid") is not None and (not text or starts or text.startswith("msgid ")):
                yield _whole(raw, path)
                raw, key = _Raw(), ""
            if text.startswith("#"):
                _comment(text, raw, tally)
            elif text:
                key = _string(text, key, raw, f"{path}:{number}", number)
        if raw.strings:
            yield _whole(raw, path)


def _whole(raw: _Raw, path: Path) -> _Raw:
    if "msgid" not in raw.strings or not any(name.startswith("msgstr") for name in raw.strings):
        raise ExchangeError(f"{path}:{raw.line}: a message without msgid or msgstr")
    return raw


def _string(text: str, key: str, raw: _Raw, at: str, number: int) -> str:
    """Takes one line of a message over; gives the keyword that following lines continue."""
    found = _KEYWORD.match(text)
    if found:
        key, text = found[1], found[2]
        if key in raw.strings:
            raise ExchangeError(f"{at}: a second {key} in one message")
        raw.line = raw.line or number
        raw.strings[key] = ""
    string = _STRING.match(text)
    if not key or string is None:
        raise ExchangeError(f"{at}: not PO: {text[:40]!r}")
    raw.strings[key] += _ESCAPE.sub(lambda m: _PLAIN.get(m[1], m[1]), string[1])
    return key


def _comment(text: str, raw: _Raw, tally: Tally) -> None:
    if text.startswith("#~"):
        if text.startswith(("#~ msgid ", '#~ msgid"')):
            tally.add("obsolete messages", text[9:])
    elif text.startswith("#,"):
        raw.flags += [flag.strip() for flag in text[2:].split(",")]
    elif text.startswith("#."):
        found = _KEY.match(text[2:].strip())
        if found:
            raw.keyed.append((found[1], found[2] or "", found[3].strip()))
        elif text[2:].strip():
            tally.add("extracted comments", text[2:])
    elif text.startswith("# "):
        raw.notes.append(text[2:].strip())


def _message(raw: _Raw, langs: _Langs, at: str, tally: Tally) -> Message | None:
    msgid = raw.strings["msgid"]
    if "msgid_plural" in raw.strings:
        tally.add("messages with plural forms", msgid)
        return None
    if not msgid.strip():
        raise ExchangeError(f"{at}: an empty msgid")
    ours = bool(raw.first("Concept"))
    kind, term_type = raw.first("Kind"), raw.first("Term type")
    usual: ReviewState = "proposed" if ours or "fuzzy" in raw.flags else "approved"
    status, review = _state(raw.first("Term status"), usual)
    msgstr = raw.strings.get("msgstr", "")
    variants = [v for part in separated(raw.first("Variants")) if (v := _variant(part, langs, at))]
    return Message(
        msgid,
        raw.first("Concept"),
        _best(msgstr, raw, langs, at) if msgstr.strip() else None,
        tuple(variants),
        cast(Kind, kind) if kind in KINDS else "concept",
        cast(TermType, term_type) if term_type in TERM_TYPES else "fullForm",
        raw.first("Part of speech") or "noun",
        status,
        review,
        READ_ONLY in raw.flags or READ_ONLY in raw.first("Status"),
        raw.first("Subject field"),
        "\n".join(raw.notes),
        tuple(
            (language(lang, at) if lang else langs.source, text) for key, lang, text in raw.keyed if key == "Definition"
        ),
    )


def _state(text: str, review: ReviewState) -> tuple[AdministrativeStatus, ReviewState]:
    words = [w.strip() for w in text.split(",")]
    return next((s for s in STATUSES if s in words), "admitted"), next((r for r in REVIEWS if r in words), review)


def _best(msgstr: str, raw: _Raw, langs: _Langs, at: str) -> Rendering:
    status, _ = _state(raw.first("Status"), "proposed")
    if "forbidden" in raw.flags:
        status = "forbidden"
    converted = _CONVERTED.match(raw.first("Variant"))
    kind = raw.first("Rendering type")
    lang = raw.first("Language")
    return Rendering(
        msgstr,
        own_section(langs.target) if converted else language(lang, at) if lang else langs.target,
        cast(TermType, kind) if kind in TERM_TYPES else "fullForm",
        status,
        "proposed" if "fuzzy" in raw.flags else "approved",
        converted[2] if converted else "",
        (converted[1] or "") if converted else "",
    )


def own_section(target: str) -> str:
    """The language converted forms of a locale stand in: Taiwan's for traditional Chinese of no region."""
    return "zh-Hant-TW" if target == "zh-Hant" else target


def _variant(text: str, langs: _Langs, at: str) -> Rendering | None:
    found = _VARIANT.match(text)
    if found is None or not found[1].strip():
        return None
    status, review = _state(found[2], "proposed")
    words = [w.strip() for w in found[2].split(",")]
    kind = next((w for w in words if w in TERM_TYPES), "fullForm")
    origin = words[-1].removeprefix("converted from ") if words[-1].startswith("converted from ") else ""
    lang = own_section(langs.target) if origin else language(words[-1], at)
    return Rendering(found[1], lang, cast(TermType, kind), status, review, origin)

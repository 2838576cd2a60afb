"""Entries as gettext PO, one locale a file, for translators' memory and glossary tools.

- One message a source-language term, sorted; the best form of the locale is its msgstr, the others `#. Variants:`. A
  full form takes a full form, an acronym an acronym unless it is the term itself (NFT = 非同質化代幣).
- msgctxt only for homonyms: kind and the first digits of the entry's id.
- A form nobody has approved is fuzzy, an approved one never. GNU tools drop flags they do not know, so the status
  stands in `#. Status:`, `read-only` (do not translate) too.
- zh_Hant is Taiwan usage: observed zh-Hant-TW, then observed zh-Hant (region unknown), then converted, which
  `#. Variant:` says.
- The date is SOURCE_DATE_EPOCH, else the newest date in the entries' provenance, else 1970: never the clock.

Source: GNU gettext manual, "The Format of PO Files"; docs/FORMATS.md for what msgfmt, msgcat and Weblate do with it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime

from glossary.datamodel import ConceptEntry, Context
from glossary.errors import ExchangeError, unknown
from glossary.exchange.files import one_line
from glossary.exchange.losses import Tally
from glossary.exchange.options import ExportOptions
from glossary.exchange.po_messages import NO_RENDERING, READ_ONLY, Message, Rendering, assembled, messages
from glossary.exchange.rows import joined
from glossary.language import is_chinese

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
_ONE_FORM = "nplurals=1; plural=0;"
_TWO_FORMS = "nplurals=2; plural=(n != 1);"
_ID_DIGITS = 6
_SPACE = re.compile(r"\s")


def locale_name(tag: str, style: str = "weblate") -> str:
    """The name of a locale's folder and its Language header.

    Raises: ExchangeError for an unknown style.

    >>> [locale_name("zh-Hant-TW", style) for style in ("weblate", "gettext", "bcp47")]
    ['zh_Hant', 'zh_TW', 'zh-Hant-TW']
    """
    if style not in LOCALE_STYLES:
        raise ExchangeError(unknown("locale style", style, LOCALE_STYLES))
    return LOCALE_STYLES[style].get(tag, tag if style == "bcp47" else tag.replace("-", "_"))


def carried(entry: ConceptEntry, options: ExportOptions) -> ConceptEntry | None:
    """What the messages of an entry say, put together again."""
    listed = sorted(messages(entry, options), key=lambda m: _order(m.msgid))
    return assembled(listed, options.source_lang, options.target) if listed else None


_Block = tuple[tuple[str, str], str, str, str, str]  # order, entry id, msgctxt if a homonym, comments, msgid and msgstr


def write_po(entries: Iterable[ConceptEntry], options: ExportOptions, tally: Tally) -> Iterator[str]:
    """The PO file of one locale as text. `options.lang` names the locale, `options.source_lang` the msgids'."""
    name = locale_name(options.target, options.locale_style)
    blocks: list[_Block] = []
    newest = ""
    for entry in entries:
        newest = max(newest, _newest(entry))
        for message in messages(entry, options):
            context = f"{entry.kind} {entry.id[:_ID_DIGITS]}"
            blocks.append(
                (_order(message.msgid), entry.id, context, _comments(entry, message, options), _strings(message))
            )
    blocks.sort()
    count = Counter(order for order, *_ in blocks)
    languages = f"{options.source_lang} to {options.target}"
    yield f"# Glossary with proof: terms and the sentences they were seen in, {languages}.\n"
    yield 'msgid ""\nmsgstr ""\n'
    for key, value in _metadata(name, options, _date(newest, options)).items():
        yield f'{_quoted(f"{key}: {value}")[:-1]}\\n"\n'
    for order, _, context, comments, strings in blocks:
        yield f"\n{comments}"
        if count[order] > 1:
            yield f"msgctxt {_quoted(context)}\n"
        yield strings


def _order(msgid: str) -> tuple[str, str]:
    return msgid.casefold(), msgid


def _newest(entry: ConceptEntry) -> str:
    return max((p.when for s in entry.lang_secs for t in s.terms for p in t.provenance), default="")


def _date(newest: str, options: ExportOptions) -> str:
    if options.epoch is not None:
        moment = datetime.fromtimestamp(options.epoch, UTC)
    else:
        moment = datetime.fromisoformat(newest) if newest else datetime.fromtimestamp(0, UTC)
    return moment.strftime("%Y-%m-%d %H:%M+0000")


def _metadata(name: str, options: ExportOptions, date: str) -> dict[str, str]:
    tag = options.target
    return {
        "Project-Id-Version": "glossary",
        "Report-Msgid-Bugs-To": "",
        "POT-Creation-Date": date,
        "PO-Revision-Date": date,
        "Last-Translator": "bitext-glossary",
        "Language-Team": _TEAMS.get(tag, tag),
        "Language": name,
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=UTF-8",
        "Content-Transfer-Encoding": "8bit",
        "Plural-Forms": _ONE_FORM if is_chinese(tag) else _TWO_FORMS,
        "X-Generator": "bitext-glossary",
        "X-Language-Tag": tag,
        "X-Source-Language": options.source_lang,
    }


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _strings(message: Message) -> str:
    best = message.best
    return f"msgid {_quoted(message.msgid)}\nmsgstr {_quoted(best.term if best else '')}\n"


def _comments(entry: ConceptEntry, message: Message, options: ExportOptions) -> str:
    best = message.best
    flags = ["fuzzy"] if best and best.review_state != "approved" else []
    flags += ["no-python-format"] if "%" in message.msgid else []
    flags += [READ_ONLY] if message.do_not_translate else []
    lines = [f"# {message.note}\n"] if message.note else []
    lines += [f"#. {key}: {one_line(value)}\n" for key, value in _keyed(entry, message, options) if value.strip()]
    places = _places(entry.contexts)
    lines += [f"#: {places}\n"] if places else []
    lines += [f"#, {', '.join(flags)}\n"] if flags else []
    return "".join(lines)


def _keyed(entry: ConceptEntry, message: Message, options: ExportOptions) -> Iterator[tuple[str, str]]:
    best = message.best
    for lang, text in message.definitions:
        yield "Definition" if lang == options.source_lang else f"Definition ({lang})", text
    yield "Subject field", message.subject_field
    yield "Kind", message.kind if message.kind != "concept" else ""
    yield "Part of speech", message.part_of_speech
    yield "Term type", message.term_type if message.term_type != "fullForm" else ""
    yield "Term status", "" if message.is_usual else f"{message.status}, {message.review}"
    status = f"{best.administrative_status}, {best.review_state}" if best else NO_RENDERING
    yield "Status", f"{status}, {READ_ONLY}" if message.do_not_translate else status
    if best and best.converted_from:
        by = f" by {best.conversion}" if best.conversion else ""
        yield "Variant", f"converted{by} from {best.converted_from}"
    elif best and best.lang != options.target:
        yield "Language", best.lang
    yield "Rendering type", best.term_type if best and best.term_type != "fullForm" else ""
    yield "Variants", joined(f"{f.term} ({_described(f)})" for f in message.others)
    for code, reason in dict.fromkeys((*((f.code, f.reason) for f in entry.flags), *(best.flags if best else ()))):
        yield "Flag", f"{code}: {reason}"
    yield from _example(entry.contexts)
    yield "Concept", message.concept


def _described(form: Rendering) -> str:
    """`admitted, approved, acronym, zh-Hant`: what is usual (proposed, fullForm) is left out."""
    review = ", approved" if form.review_state == "approved" else ""
    kind = f", {form.term_type}" if form.term_type != "fullForm" else ""
    region = f"converted from {form.converted_from}" if form.converted_from else form.lang
    return f"{form.administrative_status}{review}{kind}, {region}"


def _example(contexts: tuple[Context, ...]) -> Iterator[tuple[str, str]]:
    best = max(contexts, key=lambda c: (bool(c.target), c.score), default=None)  # max keeps the first of equals
    if best is not None:
        yield "Source", f"{best.uri}:{best.line}"
        yield "Example", f"{best.source} = {best.target}" if best.target else best.source


def _places(contexts: tuple[Context, ...]) -> str:
    places = ((_SPACE.sub(_percent, c.uri), c.line) for c in contexts if c.uri)
    return " ".join(f"{uri}:{line}" for uri, line in dict.fromkeys(places))


def _percent(found: re.Match[str]) -> str:
    return f"%{ord(found[0]):02X}"

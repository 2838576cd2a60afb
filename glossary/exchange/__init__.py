"""Room 6: entries and bitexts to files and back. Doors: `write`, `read_entries`, `write_bitext`, `read_bitext`.

    write(store.entries(), "po", "locale/zh_Hans/LC_MESSAGES/glossary.po", lang="zh-Hans")
    write_po_tree(store.entries(), "locale")
    write_bitext(bitext, "tmx", sys.stdout)
    bitext = read_bitext("pairs.tmx")

| entries | carries | back |
|---|---|---|
| po | terms of one locale, best form, status, definition, example, places | no |
| tsv | forms per variant, status, score, definition, documents, flags | no |
| jsonl | everything | `read_entries` |

| bitext | carries | back |
|---|---|---|
| tsv | text per bead, scores | `read_bitext` |
| jsonl | segments, offsets, scores, evidence | `read_bitext` |
| tmx | text per bead with both sides, scores | `read_bitext` |
| vecalign | bead shapes, scores | no |
| html | a page for people | no |

| term candidates | carries | back |
|---|---|---|
| tsv | pair, score, kind, rule, full forms, definition, flags, documents | no |
| jsonl | everything, with offsets | no |
| html | a page for people, sentences side by side | no |

Writers are functions that yield text; files are written whole or not at all; the same content gives the same bytes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import TextIO

from glossary.datamodel import Bitext, ConceptEntry, Extraction
from glossary.errors import ExchangeError, unknown
from glossary.exchange import bitext_lines, candidates, html, jsonl, po, tabular
from glossary.exchange.bitext_reading import document_text, read_jsonl, read_tsv
from glossary.exchange.files import write_text
from glossary.exchange.findings import FINDING_WRITERS
from glossary.exchange.findings import summary as findings_summary
from glossary.exchange.jsonl import read_jsonl as read_entries
from glossary.exchange.options import BitextOptions, ExportOptions
from glossary.exchange.po import LOCALE_STYLES, locale_name
from glossary.exchange.units import UNIT_READERS, read_units, units_of
from glossary.language import ZH_TARGETS, base_language, canonical_tag

Exporter = Callable[[Iterable[ConceptEntry], ExportOptions], Iterator[str]]
BitextWriter = Callable[[Bitext, BitextOptions], Iterator[str]]
BitextReader = Callable[[Path], Bitext]
CandidateWriter = Callable[[Iterable[Extraction], int | None], Iterator[str]]


def _write_tmx(bitext: Bitext, options: BitextOptions) -> Iterator[str]:
    from glossary.exchange.tmx import write_tmx  # lxml only where XML is needed

    return write_tmx(bitext, options)


def _read_tmx(path: Path) -> Bitext:
    from glossary.exchange.tmx import read_tmx

    return read_tmx(path)


def _write_report(extractions: Iterable[Extraction], top: int | None) -> Iterator[str]:
    from glossary.exchange.report import write_html  # the page's style sheet is only read for it

    return write_html(extractions, top)


EXPORTERS: dict[str, Exporter] = {"po": po.write_po, "tsv": tabular.write_tsv, "jsonl": jsonl.write_jsonl}
BITEXT_WRITERS: dict[str, BitextWriter] = {
    "tsv": bitext_lines.write_tsv,
    "jsonl": bitext_lines.write_jsonl,
    "vecalign": bitext_lines.write_vecalign,
    "tmx": _write_tmx,
    "html": html.write_html,
}
CANDIDATE_WRITERS: dict[str, CandidateWriter] = {
    "tsv": candidates.write_tsv,
    "jsonl": candidates.write_jsonl,
    "html": _write_report,
}
BITEXT_READERS: dict[str, BitextReader] = {"tsv": read_tsv, "jsonl": read_jsonl, "tmx": _read_tmx}

PO_DOMAIN = "glossary"


def write_candidates(
    extractions: Iterable[Extraction], format: str, target: str | Path | TextIO, *, top: int | None = None
) -> None:
    """Writes the term candidates of documents in a format of `CANDIDATE_WRITERS`, best first, at most `top` pairs.

    Raises: ExchangeError for an unknown format or when the file cannot be written whole.
    """
    if format not in CANDIDATE_WRITERS:
        raise ExchangeError(unknown("format", format, CANDIDATE_WRITERS))
    write_text(CANDIDATE_WRITERS[format](extractions, top), target)


def write(
    entries: Iterable[ConceptEntry],
    format: str,
    target: str | Path | TextIO,
    *,
    lang: str | None = None,
    source_lang: str = "en",
    epoch: int | None = None,
    locale_style: str = "weblate",
) -> None:
    """Writes entries in a format of `EXPORTERS` to a path or an open text stream.

    `lang` is the target language or locale (zh_TW, zh-Hant-HK); None is every variant, for PO zh-Hans. `epoch` is
    Settings.source_date_epoch.

    Raises: ExchangeError for an unknown format, language or style, or when the file cannot be written whole.
    """
    if format not in EXPORTERS:
        raise ExchangeError(unknown("format", format, EXPORTERS))
    options = ExportOptions(None if lang is None else _tag(lang), _tag(source_lang), epoch, locale_style)
    write_text(EXPORTERS[format](entries, options), target)


def has_language(entries: Iterable[ConceptEntry], lang: str) -> bool:
    """True when an entry has a term in the language of a tag or locale, in any region of it.

    Raises: ExchangeError when `lang` is no language tag.
    """
    wanted = base_language(_tag(lang))
    return any(base_language(section.lang) == wanted for entry in entries for section in entry.lang_secs)


def _tag(lang: str) -> str:
    try:
        return canonical_tag(lang)
    except ValueError as error:
        raise ExchangeError(str(error)) from None


def write_po_tree(
    entries: Iterable[ConceptEntry],
    folder: str | Path,
    *,
    locales: Sequence[str] = ZH_TARGETS,
    source_lang: str = "en",
    epoch: int | None = None,
    locale_style: str = "weblate",
) -> tuple[Path, ...]:
    """Writes `<folder>/<locale>/LC_MESSAGES/glossary.po` for every locale and returns the paths.

    Raises: ExchangeError when a folder or file cannot be written, for an unknown style, or two locales of one name.
    """
    names = {tag: locale_name(tag, locale_style) for tag in map(_tag, locales)}
    if len(set(names.values())) < len(names):
        raise ExchangeError(f"two of the locales {', '.join(names)} have the same {locale_style} name; choose one")
    listed, paths = list(entries), []
    for tag, name in names.items():
        path = Path(folder) / name / "LC_MESSAGES" / f"{PO_DOMAIN}.po"
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise ExchangeError(f"{path.parent}: cannot be made: {error.strerror or error}") from error
        write(listed, "po", path, lang=tag, source_lang=source_lang, epoch=epoch, locale_style=locale_style)
        paths.append(path)
    return tuple(paths)


def write_bitext(
    bitext: Bitext, format: str, target: str | Path | TextIO, *, source_uri: str = "", target_uri: str = ""
) -> None:
    """Writes a bitext in a format of `BITEXT_WRITERS` to a path or an open text stream.

    Raises: ExchangeError for an unknown format or when the file cannot be written whole.
    """
    if format not in BITEXT_WRITERS:
        raise ExchangeError(unknown("format", format, BITEXT_WRITERS))
    write_text(BITEXT_WRITERS[format](bitext, BitextOptions(source_uri, target_uri)), target)


def read_bitext(path: str | Path) -> Bitext:
    """The bitext of a TSV or JSONL file of ours or a TMX file, told by its suffix.

    Segments slice back to `document_text(bitext.source)` and `document_text(bitext.target)`. An empty file is an empty
    bitext.

    Raises: ExchangeError with file and line when it cannot be read, is of another kind, or malformed.
    """
    path = Path(path)
    kind = path.suffix.lower().lstrip(".")
    if kind not in BITEXT_READERS:
        raise ExchangeError(f"{path}: {unknown('bitext format', kind, BITEXT_READERS)}")
    try:
        if path.stat().st_size == 0:
            return Bitext((), (), (), f"read {path.name}")
    except (OSError, ValueError) as error:
        raise ExchangeError(f"{path}: cannot be read: {getattr(error, 'strerror', None) or error}") from None
    return BITEXT_READERS[kind](path)


__all__ = [
    "BITEXT_READERS",
    "BITEXT_WRITERS",
    "CANDIDATE_WRITERS",
    "EXPORTERS",
    "FINDING_WRITERS",
    "LOCALE_STYLES",
    "UNIT_READERS",
    "document_text",
    "findings_summary",
    "has_language",
    "locale_name",
    "read_bitext",
    "read_entries",
    "read_units",
    "units_of",
    "write",
    "write_bitext",
    "write_candidates",
    "write_po_tree",
    "write_text",
]

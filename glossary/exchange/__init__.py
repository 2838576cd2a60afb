"""Room 6: entries and bitexts to files and back. Doors: `write`, `read`, `write_bitext`, `read_bitext`.

    report = write(store.entries(), "po", "locale/zh_Hans/LC_MESSAGES/glossary.po", lang="zh-Hans")
    result = read("terms.tbx"); entries = list(result.entries); print(*result.report.lines())
    write_po_tree(store.entries(), "locale")
    write_bitext(bitext, "tmx", sys.stdout)
    bitext = read_bitext("pairs.tmx")

| entries | carries, both ways |
|---|---|
| jsonl | everything |
| csv, tsv, xlsx | all but contexts, provenance and scores of single terms |
| tbx, tbx2 | TBX v3 and v2, TBX-Basic: all but scores, provenance, flags, the other half of contexts |
| tmx | preferred and admitted terms, statuses, definitions, notes |
| po | terms of one locale, statuses, definitions, notes (examples and places go out only) |
| omegat | pairs of one locale with status and definition |
| jieba | words of one locale |

Each exporter module has `carried(entry, options)`: the entry as it comes back from that format. The difference is the
loss report, and "reading back what was written is `carried`" is a test of every format.

| bitext | carries | back |
|---|---|---|
| tsv | text per bead, scores | `read_bitext` |
| jsonl | segments, offsets, scores, evidence | `read_bitext` |
| tmx | text per bead with both sides, scores | `read_bitext` |
| xlsx | text per bead, scores | no |
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
from glossary.exchange import bitext_lines, candidates, html
from glossary.exchange.bitext_reading import document_text, read_jsonl, read_tsv
from glossary.exchange.entries import EXPORTERS, IMPORTERS, ReadResult, format_of, read, tag_of, write
from glossary.exchange.files import short_messages, write_bytes, write_text
from glossary.exchange.findings import FINDING_WRITERS
from glossary.exchange.findings import summary as findings_summary
from glossary.exchange.losses import Loss, Report
from glossary.exchange.options import BitextOptions
from glossary.exchange.po import LOCALE_STYLES, locale_name
from glossary.exchange.units import UNIT_READERS, read_units, units_of
from glossary.language import ZH_TARGETS

BitextWriter = Callable[[Bitext, BitextOptions], Iterator[str]]
BitextBook = Callable[[Bitext, BitextOptions], Iterator[bytes]]
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
BITEXT_BOOKS: dict[str, BitextBook] = {"xlsx": bitext_lines.write_sheet}
"""Formats that are bytes and no text."""

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
    names = {tag: locale_name(tag, locale_style) for tag in map(tag_of, locales)}
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
    """Writes a bitext in a format of `BITEXT_WRITERS` or `BITEXT_BOOKS` to a path or an open text stream.

    Raises: ExchangeError for an unknown format or when the file cannot be written whole.
    """
    options = BitextOptions(source_uri, target_uri)
    if format in BITEXT_BOOKS:
        write_bytes(BITEXT_BOOKS[format](bitext, options), target)
    elif format in BITEXT_WRITERS:
        write_text(BITEXT_WRITERS[format](bitext, options), target)
    else:
        raise ExchangeError(unknown("format", format, [*BITEXT_WRITERS, *BITEXT_BOOKS]))


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
    with short_messages():
        return BITEXT_READERS[kind](path)


__all__ = [
    "BITEXT_BOOKS",
    "BITEXT_READERS",
    "BITEXT_WRITERS",
    "CANDIDATE_WRITERS",
    "EXPORTERS",
    "FINDING_WRITERS",
    "IMPORTERS",
    "LOCALE_STYLES",
    "UNIT_READERS",
    "Loss",
    "ReadResult",
    "Report",
    "document_text",
    "findings_summary",
    "format_of",
    "locale_name",
    "read",
    "read_bitext",
    "read_units",
    "units_of",
    "write",
    "write_bitext",
    "write_candidates",
    "write_po_tree",
    "write_text",
]

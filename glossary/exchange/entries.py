"""Entries to files and back: the registries of formats, `write` and `read`."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import IO, cast

from glossary.datamodel import AdministrativeStatus, ConceptEntry, ReviewState
from glossary.errors import ExchangeError, unknown
from glossary.exchange.drafts import belongs, selected
from glossary.exchange.files import short_messages, write_bytes, write_text
from glossary.exchange.losses import Report, Tally
from glossary.exchange.options import ExportOptions, ImportOptions
from glossary.exchange.values import REVIEWS, STATUSES
from glossary.language import base_language, canonical_tag

Carried = Callable[[ConceptEntry, ExportOptions], ConceptEntry | None]
Writer = Callable[[Iterable[ConceptEntry], ExportOptions, Tally], Iterator[str] | Iterator[bytes]]
Reader = Callable[[Path, ImportOptions, Tally], Iterator[ConceptEntry]]


@dataclass(frozen=True, slots=True)
class Exporter:
    """One format: the module with `carried` and the name of its writer. Modules load when first used.

    `single`: holds one target language a file and chooses the forms itself, from the whole entry. `whole`: entries
    are left out or written whole, never cut to one language.
    """

    module: str
    writer: str
    binary: bool = False
    single: bool = False
    whole: bool = False

    def write(self, entries: Iterable[ConceptEntry], options: ExportOptions, tally: Tally) -> Iterator[str]:
        """The file, piece by piece; bytes when `binary`."""
        return cast(Iterator[str], self._named(self.writer)(entries, options, tally))

    def carried(self, entry: ConceptEntry, options: ExportOptions) -> ConceptEntry | None:
        """The entry as it comes back from this format; None when it holds nothing of it."""
        return cast(Carried, self._named("carried"))(entry, options)

    def _named(self, name: str) -> Callable[..., object]:
        return cast(Callable[..., object], getattr(import_module(f"glossary.exchange.{self.module}"), name))


@dataclass(frozen=True, slots=True)
class Importer:
    """One format: the module and name of its reader, loaded when first used."""

    module: str
    reader: str

    def read(self, path: Path, options: ImportOptions, tally: Tally) -> Iterator[ConceptEntry]:
        """The entries, one by one."""
        module = import_module(f"glossary.exchange.{self.module}")
        return cast(Reader, getattr(module, self.reader))(path, options, tally)


EXPORTERS: dict[str, Exporter] = {
    "csv": Exporter("sheets", "write_csv"),
    "jieba": Exporter("jieba_words", "write_jieba", single=True),
    "jsonl": Exporter("jsonl", "write_jsonl", whole=True),
    "omegat": Exporter("omegat", "write_omegat", single=True),
    "po": Exporter("po", "write_po", single=True),
    "tbx": Exporter("tbx", "write_tbx"),
    "tbx2": Exporter("tbx", "write_tbx2"),
    "tmx": Exporter("tmx_terms", "write_tmx_terms"),
    "tsv": Exporter("sheets", "write_tsv"),
    "xlsx": Exporter("xlsx", "write_xlsx", binary=True),
}

IMPORTERS: dict[str, Importer] = {
    "csv": Importer("sheets", "read_csv"),
    "jieba": Importer("jieba_words", "read_jieba"),
    "jsonl": Importer("jsonl", "read_jsonl"),
    "omegat": Importer("omegat", "read_omegat"),
    "po": Importer("po_reading", "read_po"),
    "tbx": Importer("tbx_reading", "read_tbx"),
    "tbx2": Importer("tbx_reading", "read_tbx"),
    "tmx": Importer("tmx_terms", "read_tmx_terms"),
    "tsv": Importer("sheets", "read_tsv"),
    "xlsx": Importer("xlsx_reading", "read_xlsx"),
}

_SUFFIXES = {"pot": "po", "utf8": "omegat", "xlsm": "xlsx", "ndjson": "jsonl", "martif": "tbx2"}
"""Suffixes that are not the name of their format. `.txt` may be OmegaT's or jieba's: it must be named."""


class ReadResult:
    """The entries of a file, read as they are asked for, and the report of what was passed over until then."""

    def __init__(self, entries: Iterator[ConceptEntry], tally: Tally) -> None:
        self.entries = self._counted(entries, tally)
        self._tally = tally

    @staticmethod
    def _counted(entries: Iterator[ConceptEntry], tally: Tally) -> Iterator[ConceptEntry]:
        with short_messages():
            for entry in entries:
                tally.entries += 1
                yield entry

    @property
    def report(self) -> Report:
        """What was read and passed over so far; whole once `entries` has ended."""
        return self._tally.report()


def write(
    entries: Iterable[ConceptEntry],
    format: str,
    target: str | Path | IO[str] | IO[bytes],
    *,
    lang: str | None = None,
    source_lang: str = "en",
    epoch: int | None = None,
    locale_style: str = "weblate",
    statuses: Iterable[str] = (),
    reviews: Iterable[str] = (),
) -> Report:
    """Writes entries in a format of `EXPORTERS` to a path or an open stream; gives what the format could not carry.

    `lang` is the target language or locale (zh_TW, zh-Hant-HK); None is every language the format can hold, for PO,
    OmegaT and jieba zh-Hans. `epoch` is Settings.source_date_epoch. `statuses` and `reviews` let only these target
    terms through.

    Raises: ExchangeError for an unknown format, language, style or status, or when the file cannot be written whole.
    """
    if format not in EXPORTERS:
        raise ExchangeError(unknown("format", format, EXPORTERS))
    options = ExportOptions(
        None if lang is None else tag_of(lang), tag_of(source_lang), epoch, locale_style,
        frozenset(cast(AdministrativeStatus, _known(s, STATUSES, "status")) for s in statuses),
        frozenset(cast(ReviewState, _known(r, REVIEWS, "review state")) for r in reviews),
    )  # fmt: skip
    exporter, tally = EXPORTERS[format], Tally(format)
    chunks = exporter.write(_watched(entries, exporter, options, tally), options, tally)
    if exporter.binary:
        write_bytes(cast(Iterator[bytes], chunks), target)
    else:
        write_text(chunks, cast("str | Path | IO[str]", target))
    return tally.report()


def _watched(
    entries: Iterable[ConceptEntry], exporter: Exporter, options: ExportOptions, tally: Tally
) -> Iterator[ConceptEntry]:
    """The entries a writer gets: chosen, counted, compared with what the format carries."""
    if options.lang is not None:
        tally.of_language = 0
    for whole in entries:
        part = selected(whole, options, single=exporter.single)
        present = options.lang is None or _has(part, options)
        if tally.of_language is not None and present:
            tally.of_language += 1
        if part is None or (exporter.whole and not present):
            continue
        if exporter.whole:
            part = whole
        kept = exporter.carried(part, options)
        tally.compare(part, kept)
        if kept is not None:
            tally.entries += 1
            yield part if exporter.single else kept
        elif exporter.single:
            yield part  # the writer reports each of its terms itself


def _has(entry: ConceptEntry | None, options: ExportOptions) -> bool:
    if entry is None:
        return False
    wanted = str(options.lang)
    if any(belongs(s.lang, wanted) for s in entry.lang_secs if s.terms):
        return True
    related = base_language(wanted)  # PO, OmegaT and jieba take zh-Hant for Taiwan, and convert what is not stored
    return related == "zh" and any(base_language(s.lang) == related for s in entry.lang_secs if s.terms)


def read(
    path: str | Path,
    format: str | None = None,
    *,
    lang: str | None = None,
    source_lang: str = "en",
    storable: bool = False,
) -> ReadResult:
    """The entries of a file in a format of `IMPORTERS`, by default the one its suffix names, as they are asked for.

    `lang` and `source_lang` name the languages where the file does not: a PO without a header, OmegaT, jieba, the
    column `target` of a sheet. Entries have no id where the file gives none, and terms no provenance. `storable` also
    refuses a text with U+0000, which no store holds.

    Raises: ExchangeError in one line, with file and line, while `entries` is read: for an unknown format or suffix, a
        file that cannot be read, is malformed, too large, or declares entities.
    """
    name = format or format_of(path)
    if name not in IMPORTERS:
        raise ExchangeError(unknown("format", name, IMPORTERS))
    options = ImportOptions(None if lang is None else tag_of(lang), tag_of(source_lang), storable)
    tally = Tally(name)
    return ReadResult(IMPORTERS[name].read(Path(path), options, tally), tally)


def format_of(path: str | Path) -> str:
    """The format a file's suffix names. Raises: ExchangeError when it names none."""
    suffix = Path(path).suffix.lower().lstrip(".")
    name = _SUFFIXES.get(suffix, suffix)
    if name not in IMPORTERS:
        raise ExchangeError(f"{path}: its suffix names no format; name one: {', '.join(sorted(IMPORTERS))}")
    return name


def tag_of(lang: str) -> str:
    """A language tag in our form. Raises: ExchangeError when it is none."""
    try:
        return canonical_tag(lang)
    except ValueError as error:
        raise ExchangeError(str(error)) from None


def _known(word: str, known: tuple[str, ...], kind: str) -> str:
    if word not in known:
        raise ExchangeError(unknown(kind, word, known))
    return word

"""Translation units of the files a translation is checked in: PO, TMX, XLIFF, TSV. Door: `read_units`."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from glossary.datamodel import Bitext, Document, Segment, TranslationUnit
from glossary.errors import ExchangeError, unknown
from glossary.exchange.bitext_reading import guess
from glossary.exchange.files import read_text, short_messages, unescape_field
from glossary.language import canonical_tag, join_segments

UnitReader = Callable[[Path], Iterator[TranslationUnit]]

_HEADERS = (("source", "target"), ("en", "zh"))
_SAMPLE = 50


def _read_po(path: Path) -> Iterator[TranslationUnit]:
    """The messages of a PO file that are in use; of a plural message every form is a unit."""
    import polib

    text = read_text(path)
    try:
        found = polib.pofile(text, wrapwidth=0)
    except (OSError, ValueError, UnicodeError, IndexError) as error:
        raise ExchangeError(f"{path}: not a readable PO file: {' '.join(str(error).split())}") from None
    lang = _tag(path, found.metadata.get("Language", ""))
    source_lang = _tag(path, found.metadata.get("X-Source-Language", "en"))
    for entry in found:
        if entry.obsolete:
            continue
        line = int(entry.linenum or 1)
        name = entry.msgctxt or ""
        yield TranslationUnit(entry.msgid, entry.msgstr, source_lang, lang, str(path), line, name)
        for form in dict.fromkeys(entry.msgstr_plural.values()):
            yield TranslationUnit(entry.msgid_plural, form, source_lang, lang, str(path), line, name)


def _tag(path: Path, lang: str) -> str:
    try:
        return canonical_tag(lang) if lang else "und"
    except ValueError as error:
        raise ExchangeError(f"{path}: {error}") from None


def _read_tmx(path: Path) -> Iterator[TranslationUnit]:
    from glossary.exchange.tmx import read_tmx_units

    return read_tmx_units(path)


def _read_xliff(path: Path) -> Iterator[TranslationUnit]:
    from glossary.exchange.xliff import read_xliff

    return read_xliff(path)


def _read_tsv(path: Path) -> Iterator[TranslationUnit]:
    """A row a unit: the columns source and target (or en and zh) of a header line, else the first two columns."""
    lines = [(n, line.rstrip("\r")) for n, line in enumerate(read_text(path).split("\n"), 1)]
    rows = [(n, line.split("\t")) for n, line in lines if line.strip() and not line.startswith("#")]
    if not rows:
        return
    columns = next(((rows[0][1].index(a), rows[0][1].index(b)) for a, b in _HEADERS if {a, b} <= set(rows[0][1])), None)
    first, second = columns or (0, 1)
    body = rows[1:] if columns else rows
    for number, row in body:
        if len(row) <= max(first, second):
            raise ExchangeError(f"{path}:{number}: has {len(row)} columns; source and target are needed")
    langs = [guess([row[at] for _, row in body[:_SAMPLE]]) for at in (first, second)]
    for number, row in body:
        texts = (unescape_field(row[first]), unescape_field(row[second]))
        yield TranslationUnit(*texts, langs[0], langs[1], str(path), number, "")


UNIT_READERS: dict[str, UnitReader] = {
    "po": _read_po, "pot": _read_po, "tmx": _read_tmx, "xlf": _read_xliff, "xliff": _read_xliff, "tsv": _read_tsv,
}  # fmt: skip


def read_units(path: str | Path) -> Iterator[TranslationUnit]:
    """The translation units of a PO, TMX, XLIFF or TSV file, in order, told by its suffix.

    Raises: ExchangeError with file and line when it is of another kind, cannot be read, or is malformed.
    """
    path = Path(path)
    kind = path.suffix.lower().lstrip(".")
    if kind not in UNIT_READERS:
        raise ExchangeError(f"{path}: {unknown('translation file', kind, UNIT_READERS)}")
    return _shortly(UNIT_READERS[kind], path)


def _shortly(reader: UnitReader, path: Path) -> Iterator[TranslationUnit]:
    with short_messages():
        yield from reader(path)


def units_of(bitext: Bitext, source: Document) -> Iterator[TranslationUnit]:
    """The beads of a bitext that have both sides, as translation units; lines are those of the source document."""
    for bead in bitext.beads:
        if not bead.is_null:
            first = bitext.source[bead.source.start : bead.source.stop]
            second = bitext.target[bead.target.start : bead.target.stop]
            line = source.line_at(first[0].start)
            langs = (bitext.source_lang, bitext.target_lang)
            yield TranslationUnit(_joined(first), _joined(second), *langs, source.uri, line)


def _joined(segments: Sequence[Segment]) -> str:
    return join_segments([s.text for s in segments])

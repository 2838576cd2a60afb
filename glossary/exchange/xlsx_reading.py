"""Rows out of an XLSX workbook: its first sheet, a row at a time, with every way of packing too much refused."""

from __future__ import annotations

import posixpath
import re
import zipfile
import zlib
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import IO

from lxml import etree

from glossary.datamodel import ConceptEntry
from glossary.errors import ExchangeError
from glossary.exchange.limits import LONGEST_FIELD, MOST_COLUMNS, MOST_PARTS, MOST_RATIO, MOST_UNPACKED_BYTES
from glossary.exchange.lines import check_size
from glossary.exchange.losses import Tally
from glossary.exchange.options import ImportOptions
from glossary.exchange.rows_reading import Row, read_rows
from glossary.exchange.xml_text import Limited, ended, local_name

_SMALL = 1_000_000
"""Bytes of a part that may be packed as tightly as it likes: an empty sheet of spaces is no bomb."""
_UNESCAPED = re.compile("_x((?![dD][89A-Fa-f])[0-9A-Fa-f]{4})_")  # a lone surrogate is no character
_BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, KeyError, ValueError, OSError)
_ROOTS = frozenset({"workbook", "Relationships", "sst", "worksheet"})
_LETTERS = re.compile("[A-Z]{1,3}")
_RELATION_ID = re.compile(r"\{http://[^}]*/relationships\}id$")


def read_xlsx(path: Path, options: ImportOptions, tally: Tally) -> Iterator[ConceptEntry]:
    """The entries of the first sheet of a workbook.

    Raises: ExchangeError in one line when it is no workbook, unpacks to too much, or a row is malformed.
    """
    yield from read_rows(_rows(path), path, options, tally)


def _rows(path: Path) -> Iterator[Row]:
    try:
        check_size(path)
        with zipfile.ZipFile(path) as archive:
            _check(archive, path)
            strings = _shared_strings(archive, path)
            yield from _sheet_rows(archive, _first_sheet(archive, path), strings, path)
    except etree.XMLSyntaxError as error:
        raise ExchangeError(f"{path}: malformed workbook: {' '.join(str(error.msg).split())}") from None
    except _BROKEN as error:
        raise ExchangeError(f"{path}: no XLSX workbook, or a damaged one: {error}") from None


def _check(archive: zipfile.ZipFile, path: Path) -> None:
    """Refuses what says of itself that it is too large. `_Counted` refuses what lies."""
    parts = archive.infolist()
    total = sum(part.file_size for part in parts)
    if len(parts) > MOST_PARTS or total > MOST_UNPACKED_BYTES:
        raise ExchangeError(f"{path}: {len(parts):,} parts, {total:,} bytes unpacked; refused")
    for part in parts:
        if part.file_size > _SMALL and part.file_size > MOST_RATIO * max(part.compress_size, 1):
            raise ExchangeError(f"{path}: {part.filename[:60]!r} is packed over {MOST_RATIO} to 1; refused")


class _Counted:
    """A part that stops being read when it gives more than it said."""

    def __init__(self, stream: IO[bytes], most: int, name: str) -> None:
        self._stream, self._left, self._name = stream, most, name

    def read(self, size: int = -1) -> bytes:
        """Some bytes. Raises: ExchangeError past the limit."""
        some = self._stream.read(size if size > 0 else 65536)
        self._left -= len(some)
        if self._left < 0:
            raise ExchangeError(f"{self._name}: unpacks to more than it says; refused")
        return some


def _events(archive: zipfile.ZipFile, name: str, path: Path, wanted: frozenset[str]) -> Iterator[etree._Element]:
    """The wanted elements of a part as they end; each is emptied before the next comes."""
    with archive.open(name) as stream:
        counted = _Counted(stream, archive.getinfo(name).file_size, f"{path}: {name}")
        found = ended(Limited(counted, f"{path}: {name}"), _ROOTS, wanted)
        if next(found).getroottree().docinfo.internalDTD is not None:
            raise ExchangeError(f"{path}: {name} has a document type; refused")
        yield from found


def _first_sheet(archive: zipfile.ZipFile, path: Path) -> str:
    sheet = next(_events(archive, "xl/workbook.xml", path, frozenset({"sheet"})), None)
    if sheet is None:
        raise ExchangeError(f"{path}: a workbook without a sheet")
    relation = next((str(v) for k, v in sheet.attrib.items() if _RELATION_ID.search(str(k))), "")
    for element in _events(archive, "xl/_rels/workbook.xml.rels", path, frozenset({"Relationship"})):
        if element.get("Id") == relation:
            return posixpath.normpath(posixpath.join("/xl", element.get("Target") or "")).lstrip("/")
    raise ExchangeError(f"{path}: the first sheet of the workbook is missing")


def _shared_strings(archive: zipfile.ZipFile, path: Path) -> list[str]:
    name = "xl/sharedStrings.xml"
    if name not in archive.namelist():
        return []
    return [_string(e) for e in _events(archive, name, path, frozenset({"si"}))]


def _string(element: etree._Element) -> str:
    """The text of an `si` or `is`: its runs joined, phonetic guides left out."""
    if len(element) == 1 and len(element[0]) == 0 and local_name(element[0]) == "t":
        parts = [element[0].text or ""]  # the usual case
    else:
        found = (t for t in element.iter("{*}t") if (p := t.getparent()) is None or local_name(p) != "rPh")
        parts = [t.text or "" for t in found]
    text = "".join(parts)
    return _UNESCAPED.sub(lambda m: chr(int(m[1], 16)), text) if "_x" in text else text


def _sheet_rows(archive: zipfile.ZipFile, name: str, strings: list[str], path: Path) -> Iterator[Row]:
    number = 0
    for element in _events(archive, name, path, frozenset({"row"})):
        number = int(element.get("r") or number + 1)
        cells: list[str] = []
        for cell in element:
            at = _column(cell.get("r"), len(cells))
            if at >= MOST_COLUMNS:
                raise ExchangeError(f"{path}:{number}: a cell in column {at + 1:,}; refused")
            text = _cell(cell, strings, f"{path}:{number}")
            cells.extend([""] * (at + 1 - len(cells)))
            cells[at] = text
        yield number, cells


def _column(reference: str | None, following: int) -> int:
    """The column of a cell reference, 0-based.

    >>> _column("A1", 5), _column("AB12", 0), _column(None, 3)
    (0, 27, 3)
    """
    letters = _LETTERS.match(reference or "")
    return _number(letters[0]) if letters else following


@lru_cache(maxsize=1 << 12)
def _number(letters: str) -> int:
    at = 0
    for letter in letters:
        at = at * 26 + ord(letter) - 64
    return at - 1


def _cell(cell: etree._Element, strings: list[str], at: str) -> str:
    kind = cell.get("t") or "n"
    if kind == "inlineStr":
        text = _string(cell[0] if len(cell) == 1 else cell)
    else:
        value = next((c.text or "" for c in cell if local_name(c) == "v"), "")
        if kind == "s":
            if not value.isdecimal() or int(value) >= len(strings):
                raise ExchangeError(f"{at}: a cell names the shared string {value[:20]!r}, which is not there")
            text = strings[int(value)]
        else:
            text = {"1": "yes", "0": "no"}.get(value, value) if kind == "b" else value
    if len(text) > LONGEST_FIELD:
        raise ExchangeError(f"{at}: a cell of over {LONGEST_FIELD:,} characters; refused")
    return text

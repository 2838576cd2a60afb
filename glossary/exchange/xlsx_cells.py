"""Cells out of the XML of a sheet, a row at a time.

Read by expat as it tells of elements, without a tree: three elements a cell, each an object to lxml, were a sixth of
the time of an import.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from xml.parsers import expat

from glossary.errors import ExchangeError
from glossary.exchange.limits import LONGEST_FIELD, MOST_COLUMNS
from glossary.exchange.rows_reading import Row
from glossary.exchange.xml_text import Limited

_AT_ONCE = 1 << 16
"""Bytes parsed at once: some hundred rows."""
_LETTERS = re.compile("[A-Z]{1,3}")
_UNESCAPED = re.compile("_x((?![dD][89A-Fa-f])[0-9A-Fa-f]{4})_")  # a lone surrogate is no character


def sheet_rows(stream: Limited, strings: list[str], path: Path) -> Iterator[Row]:
    """The rows of a sheet; `strings` are those that the cells of the workbook share.

    Raises: ExchangeError for a document type, a row over the limits, a cell that names nothing; ExpatError, ValueError.
    """
    sheet = _Sheet(strings, path)
    while some := stream.read(_AT_ONCE):
        sheet.parser.Parse(some)
        if sheet.rows:
            yield from sheet.rows
            sheet.rows.clear()
            stream.ended()
    sheet.parser.Parse(b"", True)
    yield from sheet.rows


class _Sheet:
    """What the parser tells: rows that have ended, and the row and the cell that have not."""

    def __init__(self, strings: list[str], path: Path) -> None:
        self.rows: list[Row] = []
        self._strings, self._path = strings, path
        self._number = self._aside = 0
        self._cells: list[str] = []
        self._column, self._kind = 0, "n"
        self._parts: list[str] = []
        self._in_text = False
        self.parser = expat.ParserCreate(namespace_separator="}")
        self.parser.buffer_text = True
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._text
        self.parser.StartDoctypeDeclHandler = self._refuse

    def _refuse(self, *_: object) -> None:
        raise ExchangeError(f"{self._path}: a sheet has a document type; refused")

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        local = _local(name)
        if local == "c":
            self._column = _column(attributes.get("r"), len(self._cells))
            if self._column >= MOST_COLUMNS:
                raise ExchangeError(f"{self._at()}: a cell in column {self._column + 1:,}; refused")
            self._kind = attributes.get("t") or "n"
            self._parts = []
        elif local == "t":
            self._in_text = self._kind == "inlineStr" and not self._aside
        elif local == "v":
            self._in_text = self._kind != "inlineStr"
        elif local == "row":
            self._number = int(attributes.get("r") or self._number + 1)
            self._cells = []
        elif local == "rPh":  # a phonetic guide
            self._aside += 1

    def _text(self, text: str) -> None:
        if self._in_text:
            self._parts.append(text)

    def _end(self, name: str) -> None:
        local = _local(name)
        if local in ("t", "v"):
            self._in_text = False
        elif local == "c":
            text = self._value("".join(self._parts))
            if self._column > len(self._cells):
                self._cells.extend([""] * (self._column - len(self._cells)))
            self._cells[self._column : self._column + 1] = [text]
        elif local == "row":
            self.rows.append((self._number, self._cells))
        elif local == "rPh":
            self._aside -= 1

    def _value(self, text: str) -> str:
        if self._kind == "inlineStr":
            text = unescaped(text)
        elif self._kind == "s":
            if not text.isdecimal() or int(text) >= len(self._strings):
                raise ExchangeError(f"{self._at()}: a cell names the shared string {text[:20]!r}, which is not there")
            text = self._strings[int(text)]
        elif self._kind == "b":
            text = {"1": "yes", "0": "no"}.get(text, text)
        if len(text) > LONGEST_FIELD:
            raise ExchangeError(f"{self._at()}: a cell of over {LONGEST_FIELD:,} characters; refused")
        return text

    def _at(self) -> str:
        return f"{self._path}:{self._number}"


@lru_cache(maxsize=1 << 10)
def _local(name: str) -> str:
    """The name of an element without its namespace."""
    return name.rpartition("}")[2]


def unescaped(text: str) -> str:
    """A text of a workbook with its characters `_x0009_` as they are."""
    return _UNESCAPED.sub(lambda m: chr(int(m[1], 16)), text) if "_x" in text else text


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

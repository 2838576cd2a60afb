"""Entries as CSV and TSV: the rows of `rows` as text.

CSV: UTF-8 with BOM (Excel needs it), comma, CRLF, quotes where needed (RFC 4180). Read: comma, semicolon or tab, with
or without BOM, any line ends. TSV: UTF-8, a line an entry; tab, line feed, carriage return and backslash as `\\t`,
`\\n`, `\\r`, `\\\\`. In both, a cell that starts with = + - @ (or a tab or carriage return) gets an apostrophe
before it, so that no spreadsheet takes it for a formula; reading takes it off again.

Source: RFC 4180; OWASP, "CSV Injection".
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from functools import partial
from pathlib import Path

from glossary.datamodel import ConceptEntry
from glossary.errors import ExchangeError
from glossary.exchange.files import escape_field, unescape_field
from glossary.exchange.limits import LONGEST_FIELD
from glossary.exchange.lines import text_lines
from glossary.exchange.losses import Tally
from glossary.exchange.options import ExportOptions, ImportOptions
from glossary.exchange.rows import carried as row_carried
from glossary.exchange.rows import room, rows
from glossary.exchange.rows_reading import Row, read_rows

_FORMULA_STARTS = frozenset("=+-@\t\r")
_BOM = "\ufeff"
_DELIMITERS = ",;\t"

carried = partial(row_carried, room=room(str))


def guarded(cell: str) -> str:
    """A cell no spreadsheet takes for a formula.

    >>> guarded("=cmd()"), guarded("'=cmd()"), guarded("'tis")
    ("'=cmd()", "''=cmd()", "'tis")
    """
    return f"'{cell}" if cell.lstrip("'")[:1] in _FORMULA_STARTS and cell.strip("'") else cell


def unguarded(cell: str) -> str:
    """The text of a guarded cell.

    >>> unguarded("'=cmd()"), unguarded("''=cmd()"), unguarded("'tis")
    ('=cmd()', "'=cmd()", "'tis")
    """
    return cell[1:] if cell[:1] == "'" and cell.strip("'") and cell.lstrip("'")[0] in _FORMULA_STARTS else cell


def write_csv(entries: Iterable[ConceptEntry], options: ExportOptions, tally: Tally) -> Iterator[str]:
    """The rows as CSV."""
    line = io.StringIO(newline="")
    writer = csv.writer(line, lineterminator="\r\n")
    yield _BOM
    for row in rows(entries, options, tally):
        writer.writerow([guarded(cell) for cell in row])
        yield line.getvalue()
        line.seek(0)
        line.truncate()


def write_tsv(entries: Iterable[ConceptEntry], options: ExportOptions, tally: Tally) -> Iterator[str]:
    """The rows as TSV."""
    for row in rows(entries, options, tally):
        yield "\t".join([escape_field(guarded(cell)) for cell in row]) + "\n"


def read_csv(path: Path, options: ImportOptions, tally: Tally) -> Iterator[ConceptEntry]:
    """The entries of a CSV file. Raises: ExchangeError with file and line when it is malformed."""
    yield from read_rows(_csv_rows(path), path, options, tally)


def _csv_rows(path: Path) -> Iterator[Row]:
    csv.field_size_limit(LONGEST_FIELD)
    line = 0
    with text_lines(path) as lines:
        first = next(lines, "")
        delimiter = max(_DELIMITERS, key=first.count)
        reader = csv.reader(_again(first, lines), delimiter=delimiter, strict=True)
        try:
            for cells in reader:
                yield line + 1, [unguarded(cell) for cell in cells]
                line = reader.line_num
        except csv.Error as error:
            raise ExchangeError(f"{path}:{line + 1}: malformed CSV: {error}") from None


def _again(first: str, rest: Iterator[str]) -> Iterator[str]:
    yield first
    yield from rest


def read_tsv(path: Path, options: ImportOptions, tally: Tally) -> Iterator[ConceptEntry]:
    """The entries of a TSV file. Raises: ExchangeError with file and line when it is malformed."""
    yield from read_rows(_tsv_rows(path), path, options, tally)


def _tsv_rows(path: Path) -> Iterator[Row]:
    with text_lines(path) as lines:
        for number, line in enumerate(lines, start=1):
            cells = line.rstrip("\r\n").split("\t")
            yield number, [unguarded(unescape_field(cell)) for cell in cells]


__all__ = ["carried", "guarded", "read_csv", "read_tsv", "unguarded", "write_csv", "write_tsv"]

"""The lines of a text file, one at a time, with limits: what the line-based readers stand on."""

from __future__ import annotations

import codecs
import io
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from glossary.errors import ExchangeError
from glossary.exchange.limits import LONGEST_LINE, MOST_BYTES

_MARKS = {codecs.BOM_UTF8: "utf-8-sig", codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}
"""Files that say their encoding; Excel's "Unicode text" is UTF-16. All others are taken for UTF-8."""

UNSTORABLE = "a text holds the character U+0000; it cannot be stored, correct the text"


def check_size(path: Path) -> None:
    """Raises: ExchangeError for a file over `MOST_BYTES` or a folder, OSError when there is none."""
    if path.is_dir():
        raise ExchangeError(f"{path}: cannot be read: it is a folder; name a file")
    size = path.stat().st_size
    if size > MOST_BYTES:
        raise ExchangeError(f"{path}: {size:,} bytes, over the limit of {MOST_BYTES:,}; split the file")


@contextmanager
def text_lines(path: Path, *, storable: bool = False) -> Iterator[Iterator[str]]:
    """The lines of a file with their line ends (LF, CRLF or CR), decoded, the byte order mark removed.

    Raises: ExchangeError with file and line when it cannot be read, is not UTF-8 (or UTF-16 with a mark), or a line is
        longer than `LONGEST_LINE` or, when they are to be `storable`, holds U+0000.
    """
    try:
        check_size(path)
        with path.open("rb") as raw:
            start = raw.read(4)
            raw.seek(0)
            encoding = next((name for mark, name in _MARKS.items() if start.startswith(mark)), "utf-8")
            with io.TextIOWrapper(raw, encoding, newline="") as stream:
                yield _lines(path, stream, storable)
    except (OSError, ValueError) as error:
        raise ExchangeError(f"{path}: cannot be read: {getattr(error, 'strerror', None) or error}") from None


def _lines(path: Path, stream: io.TextIOWrapper, storable: bool) -> Iterator[str]:
    number = 0
    while True:
        number += 1
        try:
            line = stream.readline(LONGEST_LINE + 1)
        except UnicodeError as error:
            raise ExchangeError(f"{path}:{number}: not UTF-8 here or soon after ({_reason(error)})") from None
        if not line:
            return
        if len(line) > LONGEST_LINE:
            raise ExchangeError(f"{path}:{number}: a line of over {LONGEST_LINE:,} characters; refused")
        if storable and "\0" in line:
            raise ExchangeError(f"{path}:{number}: {UNSTORABLE}")
        yield line


def _reason(error: UnicodeError) -> str:
    return str(getattr(error, "reason", error))

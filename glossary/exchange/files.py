"""Writing a file all or nothing, and lines that hold any text."""

from __future__ import annotations

import io
import os
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from glossary.errors import ExchangeError

LONGEST_MESSAGE = 400
"""Characters: a message quotes the file, and the file may hold anything."""

NEW_FILE_MODE = 0o666
"""What `open` gives a new file before the user's umask; a temporary file alone would be private."""


def write_text(chunks: Iterable[str], target: str | Path | IO[str]) -> None:
    """Writes UTF-8 text to a stream, or to a path by way of a temporary file beside it that takes its place when whole.

    A device or named pipe (`/dev/stdout`, `/dev/null`) is written into, a link followed.

    Raises: ExchangeError when the place cannot be written (no such folder, full disk) or a text holds a lone surrogate;
        a file that was there before is then untouched. BrokenPipeError passes for a stream.
    """
    if isinstance(target, str | Path):
        _write_path(chunks, Path(target), {"mode": "w", "encoding": "utf-8", "newline": ""})
    else:
        _write_stream(chunks, target)


def write_bytes(chunks: Iterable[bytes], target: str | Path | IO[bytes] | IO[str]) -> None:
    """Writes bytes as `write_text` writes text; of a text stream, to the bytes under it.

    Raises: ExchangeError as `write_text`, and for a text stream with no bytes under it.
    """
    if isinstance(target, str | Path):
        _write_path(chunks, Path(target), {"mode": "wb"})
        return
    stream = getattr(target, "buffer", target)
    if isinstance(stream, io.TextIOBase):
        raise ExchangeError("this format is bytes and the output holds text; name a file")
    _write_stream(chunks, stream)


def _write_path(chunks: Iterable[str] | Iterable[bytes], path: Path, how: dict[str, str]) -> None:
    if path.exists() and not path.is_file() and not path.is_dir():
        _write_device(chunks, path, how)
        return
    place = Path(os.path.realpath(path))  # a link keeps its place: what it points to is replaced
    temporary = ""
    try:
        if path.is_dir():
            raise IsADirectoryError(None, "is a folder; name a file")
        descriptor, temporary = tempfile.mkstemp(prefix=f".{place.name}.", suffix=".part", dir=place.parent)
        with open(descriptor, **how) as stream:  # type: ignore[call-overload]
            stream.writelines(chunks)
            stream.flush()
            os.fsync(descriptor)
        os.chmod(temporary, NEW_FILE_MODE & ~_umask())
        os.replace(temporary, place)
    except UnicodeEncodeError as error:
        raise ExchangeError(f"{path}: not written: {_unwritable(error)}") from None
    except OSError as error:
        raise ExchangeError(f"{path}: not written: {error.strerror or error}") from error
    finally:
        if temporary and os.path.exists(temporary):
            os.unlink(temporary)


def _write_device(chunks: Iterable[str] | Iterable[bytes], path: Path, how: dict[str, str]) -> None:
    """Writes into /dev/null, a pipe or a terminal, which must never be replaced by a file."""
    try:
        with open(path, **how) as stream:  # type: ignore[call-overload]
            _write_stream(chunks, stream)
    except OSError as error:
        raise ExchangeError(f"{path}: not written to the end: {error.strerror or error}") from error


def _write_stream(chunks: Iterable[str] | Iterable[bytes], stream: IO[str] | IO[bytes]) -> None:
    name = getattr(stream, "name", None) or "output"
    try:
        stream.writelines(chunks)  # type: ignore[arg-type]  # both are text or both are bytes
        stream.flush()
    except UnicodeEncodeError as error:
        raise ExchangeError(f"{name}: not written to the end: {_unwritable(error)}") from None
    except BrokenPipeError:
        raise  # the reader has had enough: for the command line to end quietly
    except OSError as error:
        raise ExchangeError(f"{name}: not written to the end: {error.strerror or error}") from error


def _unwritable(error: UnicodeEncodeError) -> str:
    character = error.object[error.start]
    kind = "lone surrogate" if "\ud800" <= character <= "\udfff" else "character"
    return f"a text holds the {kind} U+{ord(character):04X}, which {error.encoding} cannot hold; correct it there"


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


@contextmanager
def short_messages() -> Iterator[None]:
    """A block whose ExchangeErrors are one line of at most `LONGEST_MESSAGE` characters."""
    try:
        yield
    except ExchangeError as error:
        message = " ".join(str(error).splitlines())
        short = message if len(message) <= LONGEST_MESSAGE else f"{message[:LONGEST_MESSAGE]}…"
        raise ExchangeError(short) from error.__cause__


def read_text(path: str | Path) -> str:
    """The text of a UTF-8 file, without its BOM. Raises: ExchangeError when it cannot be read or is not UTF-8."""
    try:
        return Path(path).read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise ExchangeError(f"{path}: cannot be read: {error.strerror or error}") from None
    except UnicodeDecodeError as error:
        raise ExchangeError(f"{path}: not UTF-8 (byte {error.start}); convert the file first") from None


def one_line(text: str) -> str:
    """The text with every run of white space as one space; control characters and byte order marks are dropped.

    >>> one_line("\\ufeff a\\tb\\n c\\x00 ")
    'a b c'
    """
    if not text.isprintable():
        text = "".join(c for c in text if (c >= " " or c.isspace()) and c not in "\x7f\ufeff")
    return " ".join(text.split())


def escape_field(text: str) -> str:
    r"""A text as a TSV field that `unescape_field` gives back: backslash, tab, line feed, carriage return escaped.

    >>> escape_field("a\tb\\c")
    'a\\tb\\\\c'
    """
    return text.replace("\\", "\\\\").replace("\t", "\\t").replace("\n", "\\n").replace("\r", "\\r")


def unescape_field(field: str) -> str:
    r"""The text an escaped TSV field stands for; an unknown escape stays as it is.

    >>> unescape_field("a\\tb\\\\c\\x")
    'a\tb\\c\\x'
    """
    plain = {"t": "\t", "n": "\n", "r": "\r", "\\": "\\"}
    out, at = [], 0
    while (found := field.find("\\", at)) >= 0:
        letter = field[found + 1 : found + 2]
        out += [field[at:found], plain.get(letter, f"\\{letter}")]
        at = found + 2
    return "".join(out) + field[at:]

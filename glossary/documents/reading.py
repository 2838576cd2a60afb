"""One file as a Document: which reader its suffix asks for, its bytes, its language tag, its address."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from contextlib import suppress
from importlib import import_module
from pathlib import Path

from glossary.datamodel import Document, content_id
from glossary.documents.decoding import decode
from glossary.documents.extracted import Extract
from glossary.documents.limits import MAX_FILE_BYTES
from glossary.documents.tags import language_tag, split_name
from glossary.errors import DocumentError, unknown
from glossary.language import canonical_tag

STDIN = "-"

Reader = Callable[[bytes, str, str | None], Extract]
"""(bytes, name for messages, encoding or None) -> text, kind and declared language."""


def _read_plain(raw: bytes, name: str, encoding: str | None) -> Extract:
    return Extract(decode(raw, name=name, encoding=encoding), "text")


def _read_markdown(raw: bytes, name: str, encoding: str | None) -> Extract:
    return Extract(decode(raw, name=name, encoding=encoding), "markdown")


def _module(name: str) -> Reader:
    """The `read` of a module of this room, imported when a file asks for it: plain text must not wait for lxml."""

    def read(raw: bytes, file: str, encoding: str | None) -> Extract:
        found: Extract = import_module(f"glossary.documents.{name}").read(raw, file, encoding)
        return found

    return read


READERS: dict[str, Reader] = {
    ".txt": _read_plain,
    ".text": _read_plain,
    ".md": _read_markdown,
    ".markdown": _read_markdown,
    ".html": _module("html"),
    ".htm": _module("html"),
    ".xhtml": _module("html"),
    ".docx": _module("docx"),
    ".pdf": _module("pdf"),
    ".epub": _module("epub"),
    ".srt": _module("subtitles"),
    ".vtt": _module("subtitles"),
    ".ass": _module("subtitles"),
}
"""Suffix -> reader. A file without a suffix, or with a language tag as its suffix (`003.en`), is plain text."""


def read_document(
    path: Path | str, *, lang: str | None = None, encoding: str | None = None, name: str = ""
) -> Document:
    """The document in a file, or on standard input for `-`; `name` stands for its path where it has another one.

    `lang` is a BCP 47 tag and wins over the tag in the file name, this over a language that a page or book declares for
    itself, if its letters agree; without any of them `Document.lang` is None.

    Raises: DocumentError for a file that is missing, a folder, empty, without text, damaged, encrypted, larger than
    `limits` allow, unreadable, of an unknown suffix, or not valid in its encoding, and for a `lang` that is no tag.
    """
    if str(path) == STDIN:
        return read_text(sys.stdin.buffer.read(), uri=STDIN, lang=lang, encoding=encoding)
    path = Path(path)
    if name:
        return read_bytes(_read_bytes(path), name, lang=lang, encoding=encoding)
    reader = reader_for(path)
    raw = _read_bytes(path)
    _, tag = split_name(path, frozenset(READERS))
    return _document(raw, reader, uri_of(path), str(path), lang or tag, encoding)


def read_text(raw: bytes, *, uri: str = STDIN, lang: str | None = None, encoding: str | None = None) -> Document:
    """The document in a piece of plain text that did not come from a file: standard input, an upload.

    Raises: DocumentError as `read_document`.

    >>> read_text("區塊鏈。".encode(), lang="zh-tw").lang
    'zh-Hant-TW'
    """
    return _document(raw, _read_plain, uri, "standard input" if uri == STDIN else uri, lang, encoding)


def read_bytes(raw: bytes, name: str, *, lang: str | None = None, encoding: str | None = None) -> Document:
    """The document in bytes that came under a file name, as an upload does; the name tells format and language.

    Raises: DocumentError as `read_document`.

    >>> read_bytes("<p>區塊鏈。".encode(), "a.zh-TW.html").lang, read_bytes(b"<p>One.", "a.html").text
    ('zh-Hant-TW', 'One.')
    """
    path = Path(name)
    _check_size(len(raw), path)
    _, tag = split_name(path, frozenset(READERS))
    return _document(raw, reader_for(path), name, name, lang or tag, encoding)


def reader_for(path: Path) -> Reader:
    """The reader a file's suffix asks for.

    Raises: DocumentError naming the known suffixes.
    """
    suffix = path.suffix.lower()
    if suffix in READERS:
        return READERS[suffix]
    if not suffix or language_tag(suffix[1:]):
        return _read_plain
    raise DocumentError(f"{path}: {unknown('file type', suffix, READERS)}")


def uri_of(path: Path) -> str:
    """The address a document keeps: relative to the working directory when under it, else absolute; forward slashes.

    Bytes of a name that are no UTF-8 are written `\\xe9`: an address is stored and exported, a name need not be text.
    """
    absolute = Path(os.path.abspath(path))
    with suppress(ValueError):
        absolute = absolute.relative_to(Path.cwd())
    return os.fsencode(absolute.as_posix()).decode("utf-8", "backslashreplace")


def _document(raw: bytes, reader: Reader, uri: str, name: str, lang: str | None, encoding: str | None) -> Document:
    if not raw:
        raise DocumentError(f"{name}: the file is empty; give a file with text in it")
    found = reader(raw, name, encoding)
    if not found.text.strip():
        what = "only white space" if found.kind in ("text", "markdown") else "no text"
        raise DocumentError(f"{name}: the file holds {what}; give a file with text in it")
    return Document(content_id(found.text), uri, found.text, _canonical(lang, name) or found.lang, found.kind)


def _canonical(lang: str | None, name: str) -> str | None:
    if lang is None:
        return None
    try:
        return canonical_tag(lang)
    except ValueError as error:
        raise DocumentError(f"{name}: {error}") from None


def _check_size(size: int, path: Path) -> None:
    if size > MAX_FILE_BYTES:
        raise DocumentError(f"{path}: {size:,} bytes, at most {MAX_FILE_BYTES:,} are read; cut it into parts")


def _read_bytes(path: Path) -> bytes:
    try:
        _check_size(path.stat().st_size, path)
        return path.read_bytes()
    except FileNotFoundError:
        raise DocumentError(f"{path}: no such file; check the path") from None
    except IsADirectoryError:
        raise DocumentError(f"{path}: this is a folder; name a file in it") from None
    except PermissionError:
        raise DocumentError(f"{path}: no permission to read it; change its mode or copy it") from None
    except (OSError, ValueError) as error:  # ValueError: a NUL in the path
        raise DocumentError(f"{path}: cannot be read ({error}); check the path") from None

"""PDF files as text: lines put together to paragraphs, running headers and page numbers left out.

A PDF knows where letters stand, not what they say. Lines are joined by their distance, indent, size and length; words
parted at a line end are put together, a hyphen stays when the text writes the word with it elsewhere. Text comes in the
order in which it was written to the file, which for columns is nearly always the order of reading.

Limits: pictures of text are not read, nor text set vertically; tables give a paragraph per cell where the gap is wide;
captions and notes stand where they are drawn. Widths are estimated at half an em for a letter and one for a character.
"""

from __future__ import annotations

import io
import logging
import time
from collections.abc import Iterator
from typing import Any

from glossary.documents.extracted import Extract, composed, declared
from glossary.documents.limits import MAX_PAGE_OPERATIONS, MAX_PAGES, MAX_PDF_SECONDS
from glossary.documents.pdf_lines import Line, blocks_of, line_of
from glossary.errors import DocumentError


def read(raw: bytes, name: str, encoding: str | None) -> Extract:
    """The text of a PDF; its language when the one it declares agrees with the letters. `encoding` plays no part.

    Raises: DocumentError for a file that is no PDF, encrypted, damaged, too long or slow, or holds no text.
    """
    if b"%PDF-" not in raw[:1024]:
        raise DocumentError(f"{name}: not a PDF file; check what it is")
    pages, lang = _guarded(raw, name)
    text = composed(blocks_of(pages))
    if not text:
        raise DocumentError(f"{name}: no text in it, only pictures perhaps; run text recognition (OCR) on it first")
    return Extract(text, "pdf", declared(lang, text))


class _TooMuch(Exception):
    """A limit is passed; the message says which."""


class _Bounded(io.BytesIO):
    """The file in memory, whose reading ends at a time: damaged files can send a parser round in circles."""

    def __init__(self, raw: bytes, deadline: float) -> None:
        super().__init__(raw)
        self.deadline = deadline

    def read(self, size: int | None = -1, /) -> bytes:
        _check_time(self.deadline)
        return super().read(size)

    def seek(self, offset: int, whence: int = 0, /) -> int:
        _check_time(self.deadline)
        return super().seek(offset, whence)


def _check_time(deadline: float) -> None:
    if time.monotonic() > deadline:
        raise _TooMuch(f"not read after {MAX_PDF_SECONDS:.0f} seconds")


def _guarded(raw: bytes, name: str) -> tuple[list[list[Line]], str | None]:
    """The lines of each page and the declared language; whatever pypdf raises is the file's fault and says so.

    pypdf raises its own errors for most damage and any other for the rest: TypeError and NotImplementedError were seen.
    """
    from pypdf.errors import DependencyError, FileNotDecryptedError, WrongPasswordError

    logger = logging.getLogger("pypdf")
    level = logger.level
    logger.setLevel(logging.CRITICAL)  # it warns of every fault it mends
    try:
        return _pages(raw, name)
    except DocumentError:
        raise
    except _TooMuch as error:
        raise DocumentError(f"{name}: {error}; cut the file into parts") from None
    except (DependencyError, FileNotDecryptedError, WrongPasswordError):
        raise DocumentError(f"{name}: encrypted; save it without a password") from None
    except Exception as error:
        words = (str(error).strip().splitlines() or [""])[0][:150]
        raise DocumentError(f"{name}: damaged PDF ({type(error).__name__}: {words}); make the file again") from None
    finally:
        logger.setLevel(level)


def _pages(raw: bytes, name: str) -> tuple[list[list[Line]], str | None]:
    from pypdf import PdfReader

    deadline = time.monotonic() + MAX_PDF_SECONDS
    reader = PdfReader(_Bounded(raw, deadline), strict=False)
    if reader.is_encrypted and not reader.decrypt(""):
        raise DocumentError(f"{name}: encrypted; save it without a password")
    if len(reader.pages) > MAX_PAGES:
        raise DocumentError(f"{name}: {len(reader.pages):,} pages, at most {MAX_PAGES:,} are read; cut it into parts")
    lang = reader.root_object.get("/Lang")
    return [list(_lines(page, deadline)) for page in reader.pages], str(lang) if lang else None


def _lines(page: Any, deadline: float) -> Iterator[Line]:
    """The lines of a page in the order of the file."""
    pieces: list[tuple[str, float, float, float]] = []
    operations = 0

    def watch(*_: object) -> None:
        nonlocal operations
        operations += 1
        if operations > MAX_PAGE_OPERATIONS:
            raise _TooMuch(f"more than {MAX_PAGE_OPERATIONS:,} drawing operations on a page")
        _check_time(deadline)

    def visit(text: str, cm: list[float], tm: list[float], font: object, size: float) -> None:
        x = tm[4] * cm[0] + tm[5] * cm[2] + cm[4]
        y = tm[4] * cm[1] + tm[5] * cm[3] + cm[5]
        scale = (abs(tm[0] * tm[3] - tm[1] * tm[2]) * abs(cm[0] * cm[3] - cm[1] * cm[2])) ** 0.5
        pieces.append((text, x, y, abs(size) * scale))

    page.extract_text(visitor_operand_before=watch, visitor_text=visit)
    line: list[tuple[str, float, float, float]] = []
    for text, x, y, size in pieces:
        first, *more = text.split("\n")
        line.append((first, x, y, size))
        for part in more:
            yield from line_of(line)
            line = [(part, x, y, size)]
    yield from line_of(line)

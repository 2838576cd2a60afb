"""Bytes to text: which encoding a file is in, and the exact place where it is not valid.

Order: a BOM; NUL bytes (UTF-16 or binary); UTF-8; then GB18030, Big5 and UTF-16 without NUL, judged by how many of the
characters that come out are everyday Chinese. Text comes back verbatim: line ends and normalisation form are kept.
"""

from __future__ import annotations

import codecs
import re

from glossary.errors import DocumentError
from glossary.language import to_simplified

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)

_MAGIC = {
    b"\x89PNG": "a PNG image", b"\xff\xd8\xff": "a JPEG image", b"GIF8": "a GIF image", b"%PDF": "a PDF file",
    b"PK\x03\x04": "a ZIP archive (docx, xlsx, epub and odt are ZIP archives too)", b"\x1f\x8b": "a gzip archive",
    b"\xd0\xcf\x11\xe0": "an old Office file", b"\x7fELF": "a program", b"SQLite format 3": "a database",
    b"{\\rtf": "an RTF file",
}  # fmt: skip

_SAMPLE = 20_000
"""Characters of a candidate decoding that are judged: enough for any ratio, and quick on large files."""

_MIN_EVERYDAY = 0.8
"""Least share of everyday characters among the non-ASCII ones. Right decodings of the seeds score .97 and more,
wrong ones under .55."""

_MIN_UTF8_SHARE = 0.8
"""A file of which this share of non-ASCII characters is valid UTF-8 is damaged UTF-8, not another encoding.
Of 854 single GB18030 sentences none reaches it; .5 refused three."""

_CHINESE_MARKS = frozenset("，。、；：？！「」『』“”‘’（）《》〈〉【】…—·　％．～–•")
_ADVICE = "save it as UTF-8 or name its encoding"


def decode(raw: bytes, *, name: str, encoding: str | None = None) -> str:
    """The bytes as text, BOM removed, nothing else changed.

    Limits: single-byte encodings (Windows-1252, Latin-1) are only read when `encoding` names them.
    Raises: DocumentError, naming byte and line, for binary content, bytes that fit no encoding, and lone surrogates.

    >>> decode("blockchain\\r\\n".encode("utf-16"), name="a.txt")
    'blockchain\\r\\n'
    >>> decode("區塊鏈的應用，在中國。".encode("big5"), name="a.txt")
    '區塊鏈的應用，在中國。'
    """
    if encoding is not None:
        return _decode_as(raw, encoding, name)
    for bom, codec in _BOMS:
        if raw.startswith(bom):
            return _decode_as(raw, codec, name)
    for magic, what in _MAGIC.items():
        if raw.startswith(magic):
            raise DocumentError(f"{name}: this is {what}, not text; give the text itself (.txt or .md)")
    if b"\0" in raw:
        return _decode_with_nul(raw, name)
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError as error:
        if _is_damaged_utf8(raw):
            raise _bad_bytes(raw, error, name) from None
        return _decode_legacy(raw, error, name)


def _decode_as(raw: bytes, encoding: str, name: str) -> str:
    try:
        return raw.decode(encoding).removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        raise _bad_bytes(raw, error, name) from None
    except LookupError:
        raise DocumentError(f"{name}: unknown encoding {encoding!r}; use utf-8, utf-16, gb18030 or big5") from None
    except ValueError as error:  # codecs that are no character encodings have errors of their own
        raise DocumentError(f"{name}: not {encoding}: {error}; {_ADVICE}") from None


def _decode_with_nul(raw: bytes, name: str) -> str:
    """UTF-16 without BOM in the byte order that gives readable text, binary when neither does."""
    shares = {codec: _readable_share(raw.decode(codec, "replace")) for codec in ("utf-16-le", "utf-16-be")}
    best = max(shares, key=lambda codec: shares[codec])
    if shares[best] < _MIN_EVERYDAY:
        at = raw.index(0)
        where = f"{name}:{_line(raw, at, 'latin-1')}"
        raise DocumentError(f"{where}: binary content (a NUL at byte {at}); give a text file")
    return _decode_as(raw, best, name)


def _readable_share(text: str) -> float:
    """ASCII, Latin letters, punctuation and everyday Chinese as a share of a sample, 0..1.

    >>> _readable_share("é 區"), _readable_share("a\\x00")
    (1.0, 0.5)
    """
    sample = to_simplified(text[:_SAMPLE])
    readable = re.compile("[\t\n\r\f -~\u00a0-\u024f\u2010-\u206f\u20a0-\u20cf\u3000-\u30ff\uff00-\uffef]")
    return sum(bool(readable.match(c)) or _is_everyday(c) for c in sample) / max(len(sample), 1)


def _decode_legacy(raw: bytes, utf8_error: UnicodeDecodeError, name: str) -> str:
    """The best of the Chinese encodings and bare UTF-16, or the place where UTF-8 failed when none is convincing."""
    best, best_share = "", 0.0
    for codec in ("gb18030", "big5hkscs", "cp950", "utf-16-le", "utf-16-be"):
        try:
            text = raw.decode(codec)
        except UnicodeDecodeError:
            continue
        share = _everyday_share(text)
        if share > best_share:
            best, best_share = text, share
    if best_share < _MIN_EVERYDAY:
        raise _bad_bytes(raw, utf8_error, name)
    return best


def _everyday_share(text: str) -> float:
    """Everyday Chinese characters and marks among the non-ASCII characters of a sample, 0..1; controls count against.

    >>> _everyday_share("區塊鏈 (blockchain)"), _everyday_share("plain")
    (1.0, 1.0)
    """
    sample = text[:_SAMPLE]
    others = [pair for pair in zip(sample, to_simplified(sample), strict=True) if not pair[0].isascii()]
    controls = len(re.findall(r"[\x00-\x08\x0b\x0e-\x1f\x7f-\x9f]", sample))
    total = len(others) + controls
    return sum(_is_everyday(c) or _is_everyday(simple) for c, simple in others) / total if total else 1.0


def _is_everyday(char: str) -> bool:
    """True for the 3,755 characters of GB 2312 level 1 (rows 16 to 55) and for Chinese punctuation."""
    if char in _CHINESE_MARKS:
        return True
    try:
        code = char.encode("gb2312")
    except UnicodeEncodeError:
        return False
    return 0xB0 <= code[0] <= 0xD7


def _is_damaged_utf8(raw: bytes) -> bool:
    """True when most non-ASCII bytes stand in valid UTF-8 sequences, or in the surrogates WTF-8 and CESU-8 write."""
    if re.search(rb"\xed[\xa0-\xbf][\x80-\xbf]", raw) and _valid_without_surrogates(raw):
        return True
    text = raw.decode("utf-8", "replace")
    bad = text.count("\ufffd")
    good = sum(not c.isascii() for c in text) - bad
    return good > 0 and good / (good + bad) >= _MIN_UTF8_SHARE


def _valid_without_surrogates(raw: bytes) -> bool:
    try:
        raw.decode("utf-8", "surrogatepass")
    except UnicodeDecodeError:
        return False
    return True


def _bad_bytes(raw: bytes, error: UnicodeDecodeError, name: str) -> DocumentError:
    codec = error.encoding
    at, line = error.start, _line(raw, error.start, codec)
    if "surrogate" in error.reason or re.match(rb"\xed[\xa0-\xbf]", raw[at : at + 2]):
        return DocumentError(f"{name}:{line}: a lone surrogate at byte {at}, which is no character; {_ADVICE}")
    return DocumentError(f"{name}:{line}: not valid {codec} at byte {at} (0x{raw[at]:02X}); {_ADVICE}")


def _line(raw: bytes, at: int, codec: str) -> int:
    """1-based line number of a byte."""
    return raw[:at].decode(codec, "replace").count("\n") + 1

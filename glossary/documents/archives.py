"""Parts of a zip file (docx, epub), read within limits."""

from __future__ import annotations

import io
import zipfile
import zlib
from types import TracebackType

from glossary.documents.limits import MAX_MEMBERS, MAX_RATIO, MAX_UNPACKED_BYTES, RATIO_FROM_BYTES
from glossary.errors import DocumentError

_OLE = b"\xd0\xcf\x11\xe0"
_ENCRYPTED = 0x1
"""Bit 0 of a member's flags (PKZIP APPNOTE 4.4.4)."""

_DAMAGE = (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, NotImplementedError, RuntimeError, KeyError)
"""What zipfile raises for damaged archives, unknown compression and wrong offsets."""


class Archive:
    """An open zip file. Every fault is a DocumentError that names the file."""

    def __init__(self, raw: bytes, name: str, what: str) -> None:
        """Raises: DocumentError for bytes that are no zip file or have too many members."""
        self.name = name
        self.what = what
        self._unpacked = 0
        if raw.startswith(_OLE):
            raise DocumentError(f"{name}: encrypted, or an old Office file; save it as {what} without a password")
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(raw))
        except _DAMAGE as error:
            raise DocumentError(f"{name}: not {what} or damaged ({_words(error)}); make the file again") from None
        self._members = {info.filename: info for info in self._zip.infolist()}
        if len(self._zip.infolist()) > MAX_MEMBERS:
            raise DocumentError(f"{name}: {len(self._zip.infolist()):,} files inside, at most {MAX_MEMBERS:,} are read")

    def __enter__(self) -> Archive:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._zip.close()

    def __contains__(self, member: object) -> bool:
        return member in self._members

    def read(self, member: str) -> bytes:
        """The bytes of a member.

        Raises: DocumentError for a member that is missing, encrypted, damaged, or unpacks to more than the limits.
        """
        info = self._members.get(member)
        if info is None:
            raise DocumentError(f"{self.name}: no {member[:100]!r} inside, so not {self.what}; make the file again")
        if info.flag_bits & _ENCRYPTED:
            raise DocumentError(f"{self.name}: encrypted; save it without a password")
        self._unpacked += info.file_size
        packed = max(info.compress_size, 1)
        bomb = info.file_size > RATIO_FROM_BYTES and info.file_size / packed > MAX_RATIO
        if bomb or self._unpacked > MAX_UNPACKED_BYTES:
            raise DocumentError(f"{self.name}: unpacks to {self._unpacked:,} bytes or more; refused as a zip bomb")
        if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise DocumentError(f"{self.name}: {member[:100]!r} is packed in a way {self.what} never is; refused")
        try:
            with self._zip.open(info) as stream:
                return stream.read(info.file_size)  # with no size zipfile unpacks what a false size hides
        except _DAMAGE as error:
            raise DocumentError(f"{self.name}: {member[:100]!r} inside is damaged ({_words(error)})") from None


def _words(error: BaseException) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0][:200]

"""Damaged files: bytes of a good one flipped, cut, doubled, moved; for zip files also inside their parts."""

from __future__ import annotations

import io
import random
import zipfile

from tests.documents.making import zipped

_TOKENS = (
    b"<", b">", b"&", b"\0", b"\xff", b"]]>", b"&#0;", b"&#xD800;", b"</p>", b"<p>" * 300, b"-->", b"<script>",
    b"<!DOCTYPE a [<!ENTITY x 'y'>]>", b"-1", b"99999999999999999999", b"0 R", b"<<", b">>", b"endobj", b"stream\n",
    b"/Length 5", b"/Kids [2 0 R]", b"[[[[" * 99, b"/Filter /LZWDecode", b"/Prev 9", b"xref", b"../..", b"\xef\xbb\xbf",
    b"{\\p1}", b" --> 00:00:02,000", b"1\n\n\n2",
)  # fmt: skip


def mutated(raw: bytes, rng: random.Random) -> bytes:
    """One damaged form of a file."""
    if raw.startswith(b"PK") and rng.random() < 0.6:
        return _inside(raw, rng)
    for _ in range(rng.choice((1, 1, 2, 5, 20))):
        raw = _damaged(raw, rng)
    return raw


def _damaged(raw: bytes, rng: random.Random) -> bytes:
    at = rng.randrange(len(raw) + 1)
    end = min(len(raw), at + rng.choice((1, 2, 8, 64, 1000)))
    return rng.choice(
        (
            lambda: raw[:at] + bytes([rng.randrange(256)]) + raw[at + 1 :],
            lambda: raw[:at] + rng.choice(_TOKENS) + raw[at:],
            lambda: raw[:at] + rng.choice(_TOKENS) + raw[end:],
            lambda: raw[:at] + raw[end:],
            lambda: raw[:at] + raw[at:end] * 3 + raw[end:],
            lambda: raw[:at],
            lambda: raw[at:],
            lambda: raw[end:] + raw[:end],
        )
    )()


def _inside(raw: bytes, rng: random.Random) -> bytes:
    """A zip file with a damaged, missing or exchanged part."""
    with zipfile.ZipFile(io.BytesIO(raw)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    name = rng.choice(list(parts))
    if rng.random() < 0.15:
        del parts[name]
    elif rng.random() < 0.1:
        parts[name] = parts[rng.choice(list(parts))]
    else:
        parts[name] = _damaged(parts[name], rng)
    return zipped(parts)

"""Paths to documents that belong together: two files of one text, or a single file."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

from glossary.documents.reading import READERS, STDIN, reader_for
from glossary.documents.tags import split_name
from glossary.errors import DocumentError
from glossary.language import base_language

_TAG_SUFFIXES = ("en", "zh")
"""In a folder `003.en` counts as a text only for these: `.so`, `.ts` and `.cs` are languages and programs too."""


@dataclass(frozen=True, slots=True)
class DocumentPair:
    """A text and its translation, or a single file that is bilingual or monolingual (`target` None).

    The names, where given, are what the files are called instead of their paths: uploads are stored under others.
    """

    source: Path
    target: Path | None = None
    source_name: str = ""
    target_name: str = ""


def discover(paths: Iterable[Path | str]) -> tuple[DocumentPair, ...]:
    """The pairs and single files under some files and folders, sorted by path, each once.

    Files of one folder that differ only in language tag and suffix belong together (`name.en.txt` with
    `name.zh-Hant.md`; `en.txt` with `zh-tw.txt`). The source is the English file, else the first tag in the alphabet;
    each other language makes a pair with it. Where a language comes twice (`en.md`, `en.txt`), files pair by suffix.
    Folders are walked to the bottom; hidden files, README*, gold.* and files no reader knows are left out of them.

    Raises: DocumentError for a path that does not exist, a file of an unknown type named outright, and a folder that
    cannot be listed.
    """
    files: dict[str, Path] = {}
    singles: list[DocumentPair] = []
    for path in paths:
        if str(path) == STDIN:
            singles.append(DocumentPair(Path(STDIN)))
            continue
        for file in _files(Path(path)):
            files.setdefault(os.path.abspath(file), file)
    ordered = sorted(files.values(), key=lambda f: (str(f.parent), _name(f), f.name))
    groups = groupby(ordered, key=lambda f: (str(f.parent), _name(f)))
    found = [pair for _, members in groups for pair in _pairs(list(members))]
    return tuple(singles + sorted(found, key=lambda p: (str(p.source), str(p.target or ""))))


def _files(path: Path) -> Iterator[Path]:
    if path.is_dir():
        yield from _walk(path)
        return
    if not path.exists():
        raise DocumentError(f"{path}: no such file or folder; check the path")
    reader_for(path)
    yield path


def _walk(folder: Path) -> Iterator[Path]:
    def refuse(error: OSError) -> None:
        raise DocumentError(f"{error.filename}: cannot be listed ({error.strerror}); change its mode")

    for parent, folders, names in os.walk(folder, onerror=refuse):
        folders[:] = sorted(f for f in folders if not f.startswith("."))
        yield from (Path(parent, name) for name in sorted(names) if _is_text(name))


def _is_text(name: str) -> bool:
    """True for a file that a folder offers as a document.

    >>> [_is_text(n) for n in ("a.en.txt", "README.md", "gold.tsv", ".a.txt", "區塊鏈.md", "003.zh", "lib.so")]
    [True, False, False, False, True, True, False]
    """
    path = Path(name)
    if name.startswith(".") or path.stem.lower().startswith(("readme", "gold.")) or path.stem.lower() == "gold":
        return False
    return path.suffix.lower() in READERS or path.suffix[1:].lower().split("-")[0] in _TAG_SUFFIXES


def _name(path: Path) -> str:
    """What files of one text share; an untagged file has a name of its own."""
    name, tag = split_name(path, frozenset(READERS))
    return name if tag else f"{name}\0{path.name}"


def _tag(path: Path) -> str:
    return split_name(path, frozenset(READERS))[1] or ""


def _pairs(members: list[Path]) -> list[DocumentPair]:
    """The pairs of one name; where a language comes twice (`en.md`, `en.txt`), each suffix makes its own pairs."""
    if len({_tag(path) for path in members}) == len(members):
        return _pairs_by_tag(members)
    by_suffix = groupby(sorted(members, key=lambda p: p.suffix.lower()), key=lambda p: p.suffix.lower())
    return [pair for _, same in by_suffix for pair in _pairs_by_tag(list(same))]


def _pairs_by_tag(members: list[Path]) -> list[DocumentPair]:
    first, *others = sorted(members, key=lambda p: (base_language(_tag(p)) != "en", _tag(p), p.name))
    return [DocumentPair(first, other) for other in others if _tag(other) != _tag(first)] or [DocumentPair(first)]

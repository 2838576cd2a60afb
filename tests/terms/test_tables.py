"""The tables that ship with this room, and the indexes built at run time, agree with the slow way of counting."""

from __future__ import annotations

import random
import sys
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from glossary.config import Settings
from glossary.errors import TermError
from glossary.terms import frequency, ranking, table, tokens, word_edges
from glossary.terms.boundaries import jieba_tokenizer
from glossary.terms.frequency import zipf
from glossary.terms.text_index import EDGES_CAP, TextIndex


def test_index_finds_what_a_search_of_the_text_finds() -> None:
    chance = random.Random(7)
    text = "".join(chance.choices("区块链的应用\nab", k=400))
    index = TextIndex(text)
    for _ in range(200):
        at, size = chance.randrange(390), chance.randint(1, 6)
        string = text[at : at + size]
        places = [i for i in range(len(text)) if text.startswith(string, i)]
        count, left, right = index.edges(string)
        assert list(index.places(string)) == places
        assert count == len(places)
        assert left == Counter(text[i - 1 : i] for i in places[:EDGES_CAP])
        assert right == Counter(text[i + size : i + size + 1] for i in places[:EDGES_CAP])


def test_neighbours_of_many_strings_are_those_of_each_alone() -> None:
    chance = random.Random(7)
    text = "".join(chance.choices("区块链的\nab𠮷", weights=(9, 9, 9, 1, 1, 1, 1, 1), k=900))
    places = [(chance.randrange(890), chance.randint(1, 9)) for _ in range(300)]
    strings = ["链" * 9, "a" * 5, *(text[at : at + size] for at, size in places)]
    index = TextIndex(text)
    for string, found in zip(strings, index.neighbour_shares(strings).tolist(), strict=True):
        count, *beside = index.edges(string)
        shares = [max((n for c, n in own.items() if c.isalnum()), default=0) / max(1, own.total()) for own in beside]
        assert found == [count, *shares]


def test_index_of_an_absent_string_is_empty() -> None:
    assert TextIndex("区块链").edges("链区") == (0, Counter(), Counter())
    assert TextIndex("").edges("链") == (0, Counter(), Counter())


def test_shipped_word_edges_are_those_of_jiebas_dictionary(root: Path) -> None:
    tokenizer = jieba_tokenizer()
    tokenizer.initialize()
    assert word_edges.count_edges(tokenizer.FREQ) == (root / "glossary" / "terms" / word_edges.EDGES_FILE).read_bytes()


@pytest.mark.parametrize(
    "word",
    ["the", "market", "blockchain", "blockchain-based", "tencent-owned", "e-cny", "jd.com", "web3", "covid-19", "3d",
     "end-to-end", "qwzx", "people's", "1,000", "proof-of-stake"],
)  # fmt: skip
def test_english_frequency_is_wordfreqs(word: str) -> None:
    from wordfreq import zipf_frequency

    assert zipf(word, "en") == zipf_frequency(word, "en")


@pytest.mark.parametrize("word", ["市场", "区块链", "的", "qwzx"])
def test_chinese_frequency_is_wordfreqs_for_whole_words(word: str) -> None:
    from wordfreq import freq_to_zipf, get_frequency_dict

    rate = get_frequency_dict("zh").get(word, 0.0)
    assert zipf(word, "zh") == pytest.approx(freq_to_zipf(rate) if rate else 0.0)


@pytest.mark.parametrize(
    ("module", "name", "load"),
    [
        (ranking, "MODEL_FILE", "load_model"),
        (table, "TABLE_FILE", "load_table"),
        (word_edges, "EDGES_FILE", "_load_edges"),
    ],
)
def test_a_missing_table_is_said_in_one_line(
    module: object, name: str, load: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, name, "absent.file")
    with pytest.raises(TermError, match="install the package again"):
        getattr(module, load).__wrapped__()


@pytest.mark.parametrize("left", [b"", b"\x93NUMPY"])
def test_a_damaged_copy_of_a_word_list_is_not_used(
    left: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(frequency, "load_settings", lambda: Settings(cache_dir=tmp_path))
    first = frequency._ranks.__wrapped__("en")
    (copy,) = tmp_path.iterdir()
    whole = copy.read_bytes()
    copy.unlink()  # the list in use still reads its pages from it
    copy.write_bytes(left + whole[len(left) : 5000])
    again = frequency._ranks.__wrapped__("en")
    assert copy.read_bytes() == whole
    assert first.get("market") == again.get("market") == 371
    assert first.get("qwzx") is again.get("qwzx") is None


def test_a_word_list_is_read_without_a_cache_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setattr(frequency, "load_settings", lambda: Settings(cache_dir=tmp_path / "file" / "folder"))
    assert frequency._ranks.__wrapped__("zh").get("市场") is not None


def test_the_tagger_with_rows_guesses_what_its_own_dictionaries_give() -> None:
    tagger = tokens._tagger()
    own = type(tagger)(tagger.weights, tagger.tagdict, tagger.classes, tagger.vocabulary)
    text = "The throughput of sharded ledgers grows; validators quickly attest finalised blocks in an untried epoch"
    assert tagger.tag(text.split()) == own.tag(text.split())
    assert tagger._predict(["no such feature"]) == own._predict(["no such feature"])


def test_an_unknown_word_list_is_said_in_one_line() -> None:
    with pytest.raises(TermError, match="install the package again"):
        frequency._ranks.__wrapped__("xx")


def test_threads_that_tag_at_once_guess_what_one_guesses() -> None:
    tagger = tokens._tagger()
    weights = tagger.weights
    known = sorted(weights)[:4000]
    asked = [tuple(random.Random(n).sample(known, 8)) for n in range(1500)]
    one = tokens._Predict(weights, tagger.classes)
    wanted = [one(feats) for feats in asked]
    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        with ThreadPoolExecutor(4) as pool:
            for _ in range(5):
                together = tokens._Predict(weights, tagger.classes)
                assert list(pool.map(lambda own: [own(feats) for feats in asked], [together] * 4)) == [wanted] * 4
    finally:
        sys.setswitchinterval(interval)

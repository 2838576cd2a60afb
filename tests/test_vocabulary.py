"""Each region has its own words; the table says which, and the user may change it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from glossary import vocabulary as table
from glossary.errors import ConfigError
from glossary.language import foreign_script_characters
from glossary.variants import convert
from glossary.vocabulary import regional_words, vocabulary, words_into, words_out_of

from .test_variants import cases

CACHED = (vocabulary, words_into, words_out_of, regional_words, convert)


def forget() -> None:
    for function in CACHED:
        function.cache_clear()


@pytest.fixture
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    path = tmp_path / "words.tsv"
    monkeypatch.setenv("GLOSSARY_VOCABULARY", str(path))
    forget()
    yield path
    monkeypatch.undo()
    forget()


def test_the_table_is_large_and_has_no_word_twice() -> None:
    words = [word for row in vocabulary() for word in row.words["CN"]]
    assert len(words) >= 150
    assert len(words) == len(set(words))


def test_every_form_is_in_its_own_script() -> None:
    scripts = {"CN": "zh-Hans", "TW": "zh-Hant", "HK": "zh-Hant"}
    forms = [(form, scripts[region]) for row in vocabulary() for region, own in row.words.items() for form in own]
    plain = [(form.replace("游", ""), script) for form, script in forms]  # Traditional too: 游標, 游泳
    assert [form for form, script in plain if foreign_script_characters(form, script)] == []


@pytest.mark.parametrize(("tag", "region"), [("zh-Hant-TW", "TW"), ("zh-Hant-HK", "HK")])
def test_unambiguous_mainland_words_are_converted(tag: str, region: str) -> None:
    words = {row.words["CN"][0]: row.words[region][0] for row in vocabulary() if "CN" not in row.ambiguous}
    assert len(words) >= 100
    assert {word: convert(word, "zh-Hans", tag)[0] for word in words} == words


@pytest.mark.parametrize(("tag", "word", "preferred", "belongs", "ambiguous"), cases("foreign"))
def test_words_of_other_regions(tag: str, word: str, preferred: str, belongs: str, ambiguous: str) -> None:
    found = regional_words(tag).get(word)
    if not preferred:
        assert found is None
    else:
        assert found is not None
        assert (found.preferred, " ".join(found.belongs)) == (preferred, belongs)
        assert found.ambiguous == (ambiguous == "yes")


def test_no_word_of_a_region_is_foreign_there() -> None:
    for tag, region in table.REGIONS.items():
        own_words = {word for row in vocabulary() for word in row.words[region]}
        assert [w for w, found in regional_words(tag).items() if w in own_words and not found.ambiguous] == []


@pytest.mark.parametrize("tag", ["zh", "zh-Hant", "en", "ja"])
def test_text_without_a_region_has_no_foreign_words(tag: str) -> None:
    assert regional_words(tag) == {}


def test_user_adds_changes_and_removes_words(own: Path) -> None:
    own.write_text(
        "mainland\ttaiwan\thongkong\n# ours\n链上治理\t鏈上治理\t鏈上管治\n软件\t軟件\t軟件\n激光\n", encoding="utf-8"
    )
    assert convert("链上治理", "zh-Hans", "zh-Hant-HK")[0] == "鏈上管治"
    assert convert("软件", "zh-Hans", "zh-Hant-TW")[0] == "軟件"
    assert "激光" not in regional_words("zh-Hant-TW")
    assert convert("硬件", "zh-Hans", "zh-Hant-TW")[0] == "硬體"


def test_vocabulary_may_be_named_in_the_settings_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, own: Path
) -> None:
    monkeypatch.delenv("GLOSSARY_VOCABULARY")
    own.write_text("软件\t軟件\t軟件\n", encoding="utf-8")
    (tmp_path / "glossary.toml").write_text(f'vocabulary = "{own}"\n', encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    assert convert("软件", "zh-Hans", "zh-Hant-TW")[0] == "軟件"


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("软件\t軟體", "2 columns"),
        ("软件\t軟體\t軟件\tUS", "ambiguous is 'US'"),
        ("软件\tsoftware\t軟件", "the column taiwan has no Chinese word"),
        ("软件\t\t軟件", "the column taiwan has no Chinese word"),
        ("a\tb\tc\td\te\tf", "6 columns"),
    ],
)
def test_bad_line_is_named(own: Path, line: str, message: str) -> None:
    own.write_text(f"# words\n{line}\n", encoding="utf-8")
    with pytest.raises(ConfigError, match=rf"words\.tsv:2: .*{message}"):
        vocabulary()


def test_missing_vocabulary_is_one_line(own: Path) -> None:
    with pytest.raises(ConfigError, match="cannot be read"):
        vocabulary()

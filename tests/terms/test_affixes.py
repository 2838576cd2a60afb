"""Characters for prefixes and suffixes help to find where a rendering begins and ends."""

from __future__ import annotations

import numpy as np
import pytest

from glossary.lexicon import load_cedict
from glossary.terms.affixes import affix_characters
from glossary.terms.article import Article, BeadPair
from glossary.terms.features import SPAN_FEATURES, span_features
from glossary.terms.looks import measure
from glossary.terms.spans import Found
from glossary.terms.table import load_table


@pytest.mark.parametrize(
    ("word", "front", "back"),
    [
        ("overfitting", "过", ""),
        ("Hyper-parameters", "超", ""),
        ("tokenization", "", "化"),
        ("validators", "", "者"),
        ("decentralised", "去", ""),
    ],
)
def test_an_affix_has_its_characters(word: str, front: str, back: str) -> None:
    fronts, backs = affix_characters([word])
    assert set(front) <= fronts
    assert set(back) <= backs


@pytest.mark.parametrize("word", ["over", "overs", "unit", "subs", "chain", "market"])
def test_a_word_without_a_stem_behind_has_no_prefix(word: str) -> None:
    assert affix_characters([word])[0] == frozenset()


def test_a_span_without_its_prefix_is_told() -> None:
    dictionary = load_cedict()
    pairs = [BeadPair("Overfitting is common.", "过拟合很常见。")]
    article = Article(pairs, table=load_table(), is_word=dictionary.__contains__, readings=dictionary.readings)
    places = np.array([measure(article, 0, (0,), start, 3) for start in (0, 1)])
    table = span_features(article, [Found({0: (0,)}, 11, ("过拟合", "拟合"), (1, 1), places)])
    inside, outside = (table[:, SPAN_FEATURES.index(name)] for name in ("affix_inside", "affix_outside"))
    assert np.array_equal(inside, [1, 0])
    assert np.array_equal(outside, [0, 1])

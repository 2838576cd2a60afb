"""What the English alone tells of a unit, and what a long text does with it."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from glossary.datamodel import Bitext
from glossary.lexicon import load_cedict
from glossary.terms import choosing, extract_terms
from glossary.terms.article import Article, BeadPair
from glossary.terms.monolingual import load_monolingual_model
from glossary.terms.monolingual_training import english_side, fit
from glossary.terms.table import load_table
from glossary.terms.term_training import LabelledPage
from glossary.terms.unit_features import UNIT_FEATURES, UnitRows

MakeBitext = Callable[..., Bitext]

ROWS = [
    ("The consensus layer signs every block.", "共识层会签署每个区块。"),
    ("It is a large class of different things.", "这是一大类不同的东西。"),
    ("A smart contract pays the validator.", "智能合约付款给验证者。"),
]


def _article() -> Article:
    dictionary = load_cedict()
    pairs = [BeadPair(*row) for row in ROWS]
    return Article(pairs, table=load_table(), is_word=dictionary.is_word, readings=dictionary.readings)


def test_a_term_is_likelier_by_its_english_than_a_phrase() -> None:
    article = _article()
    rows, model = UnitRows(article), load_monolingual_model().english
    odds = {key: float(model(rows(unit)[None])[0]) for key, unit in article.units.items()}
    assert odds["smart contract"] > odds["large class"]
    assert odds["consensus layer"] > odds["different thing"]


def test_a_row_has_a_number_for_each_name_and_is_made_once() -> None:
    article = _article()
    rows, unit = UnitRows(article), article.units["block"]
    assert rows(unit).shape == (len(UNIT_FEATURES),)
    assert rows(unit) is rows(unit)


def test_trees_learn_which_units_the_labels_hold() -> None:
    article = _article()
    gold = {key: [("", "")] for key in ("consensus layer", "smart contract", "block")}
    side = english_side(LabelledPage("news", "zh", "page", article, gold, frozenset()))
    odds = dict(zip(side.keys, fit([side] * 20)(side.rows).tolist(), strict=True))
    assert min(odds[key] for key in gold) > max(value for key, value in odds.items() if key not in gold)


def test_a_long_text_without_units_gives_nothing(bitext_of: MakeBitext, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(choosing, "PAIRED_UP_TO", 2)
    rows = [(f"It is {n}, and so are you.", f"它是{n}，你也是。") for n in range(20, 24)]
    assert extract_terms(bitext_of(rows, ("en", "zh-Hans"))) == ()


def test_a_long_text_gives_no_rendering_of_units_that_make_no_term(
    bitext_of: MakeBitext, monkeypatch: pytest.MonkeyPatch
) -> None:
    bitext = bitext_of(ROWS, ("en", "zh-Hans"))
    monkeypatch.setattr(choosing, "HOPELESS_UNIT", -1.0)
    short = {c.source for c in extract_terms(bitext, min_score=0) if c.target}
    monkeypatch.setattr(choosing, "PAIRED_UP_TO", 2)
    long = {c.source for c in extract_terms(bitext, min_score=0) if c.target}
    assert "smart contract" in long
    assert "large class" in short - long

"""Every place of an English unit has a Chinese place of its own."""

from __future__ import annotations

from glossary.lexicon import load_cedict
from glossary.terms.article import Article, BeadPair
from glossary.terms.pairs import Spot, find_spots
from glossary.terms.table import load_table


def _article(english: str, chinese: str) -> Article:
    dictionary = load_cedict()
    pairs = [BeadPair(english, chinese)]
    return Article(pairs, table=load_table(), is_word=dictionary.__contains__, readings=dictionary.readings)


def _shown(article: Article, unit: str, span: str) -> list[tuple[str, str]]:
    """Each place with the word before it, and the Chinese there with the character before it."""
    row, text = article.words[0], article.folded[0]

    def shown(spot: Spot) -> tuple[str, str]:
        return row[spot.first - 1].text, text[spot.start - 1 : spot.end]

    return [shown(spot) for spot in find_spots(article, article.units[unit], span)]


def test_a_head_keeps_its_own_place_when_the_languages_differ_in_order() -> None:
    article = _article("The activation function is a function of the weight.", "权重的函数就是激活函数。")
    assert _shown(article, "function", "函数") == [("activation", "活函数"), ("a", "的函数")]


def test_a_place_without_a_span_of_its_own_has_no_spot() -> None:
    article = _article("A token is a token.", "这是代币。")
    assert len(find_spots(article, article.units["token"], "代币")) == 1
    assert find_spots(article, article.units["token"], "货币") == []

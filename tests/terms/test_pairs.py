"""Every place of an English unit has a Chinese place of its own."""

from __future__ import annotations

import numpy as np
import pytest

from glossary.lexicon import load_cedict
from glossary.terms.article import Article, BeadPair
from glossary.terms.choosing import assign
from glossary.terms.pairs import PAIR_PARTS, SPAN_PARTS, Pair, Spot, find_spots
from glossary.terms.table import load_table
from glossary.terms.term_features import compete
from glossary.terms.units import Place, Unit


def _article(english: str, chinese: str) -> Article:
    dictionary = load_cedict()
    pairs = [BeadPair(english, chinese)]
    return Article(pairs, table=load_table(), is_word=dictionary.is_word, readings=dictionary.readings)


def _shown(article: Article, unit: str, span: str) -> list[tuple[str, str]]:
    """Each place with the word before it, and the Chinese there with the character before it."""
    row, text = article.words[0], article.folded[0]

    def shown(spot: Spot) -> tuple[str, str]:
        return row[spot.first - 1].text, text[spot.start - 1 : spot.end]

    return [shown(spot) for spot in find_spots(article, article.units[unit].by_bead(), span)]


def test_a_head_keeps_its_own_place_when_the_languages_differ_in_order() -> None:
    article = _article("The activation function is a function of the weight.", "权重的函数就是激活函数。")
    assert _shown(article, "function", "函数") == [("activation", "活函数"), ("a", "的函数")]


def test_a_place_without_a_span_of_its_own_has_no_spot() -> None:
    article = _article("A token is a token.", "这是代币。")
    places = article.units["token"].by_bead()
    assert len(find_spots(article, places, "代币")) == 1
    assert find_spots(article, places, "货币") == []


def _pair(key: str, span: str, spot: Spot) -> Pair:
    unit = Unit(key, {key: 1}, [Place(*spot[:3])], 1, 1, 1)
    return Pair(unit, span, "alignment", np.zeros(len(PAIR_PARTS) + len(SPAN_PARTS)), spots=[spot])


def test_a_pair_shows_what_was_measured_and_how_often_a_rule_found_it() -> None:
    pair = _pair("token", "代币", Spot(0, 0, 1, 0, 2))
    pair.measure(probability=0.75, f=0.5, margin=0.25)
    assert pair.evidence == {}
    pair.rules += ("parenthesis", "identical", "parenthesis")
    assert pair.evidence == {"parenthesis": 2.0, "identical": 1.0}
    pair.aligned = True
    assert pair.evidence["probability"] == 0.75
    assert (pair.measured("f"), pair.evidence["f"], pair.evidence["share_of_unit"]) == (0.5, 0.5, 0.0)


def test_pairs_apart_on_both_sides_stand_together_and_pairs_apart_on_one_do_not() -> None:
    first = _pair("token", "代币", Spot(0, 0, 1, 0, 2))
    apart, same_span = _pair("market", "市场", Spot(0, 2, 3, 4, 6)), _pair("coin", "代币", Spot(0, 2, 3, 0, 2))
    assign([first, apart, same_span], {})
    assert (first.best, apart.best, same_span.best) == (True, True, False)


def test_the_table_alone_knows_a_word_and_not_a_coined_one() -> None:
    article = _article("The market of Qwzx grows.", "市场在增长。")
    share = article.known_shares(0)
    words = [word.text for word in article.words[0]]
    assert share.shape == (len(words), len(article.folded[0]))
    assert share[words.index("market"), :2].min() > 0.5
    assert share[words.index("Qwzx")].max() == 0
    assert article.known_shares(0) is share


def test_rivals_of_many_beads_compared_at_once_are_those_of_each_bead(monkeypatch: pytest.MonkeyPatch) -> None:
    def rows() -> list[list[float]]:
        pairs = [
            _pair(key, span, Spot(bead, first, last, start, start + len(span)))
            for bead in range(3)
            for key, span, first, last, start in (
                (f"token {bead}", "代币", 0, 2, bead), (f"coin {bead}", "代币", 3, 4, bead),
                ("gas fee", "燃料费", 5, 7, 6), ("gas", "燃料", 5, 6, 6),
            )
        ]  # fmt: skip
        for number, pair in enumerate(pairs):
            pair.measure(probability=0.5, f=0.1 * number)
        compete(pairs, {"coin 1": frozenset({"token 1"})})
        return [pair.row.tolist() for pair in pairs]

    together = rows()
    monkeypatch.setattr("glossary.terms.term_features.BEADS_TOGETHER", 1)
    assert rows() == together
    rival = [row[PAIR_PARTS.index("rival")] for row in together]
    assert rival[0] > 0  # coin 0 has the same rendering
    assert rival[4] < 0  # coin 1 is an acronym of token 1
    assert [row[PAIR_PARTS.index("held")] for row in together[2:4]] == [0, 1]


def test_a_rendering_too_unlikely_for_a_pair_is_still_a_rival() -> None:
    alone, beside = (_pair("token", "代币", Spot(0, 0, 1, 0, 2)) for _ in range(2))
    beside.unlisted = 0.25
    compete([alone], {})
    compete([beside], {})
    assert (alone.measured("rival_rendering"), beside.measured("rival_rendering")) == (-2.0, 0.25)

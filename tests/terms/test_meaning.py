"""What the encoder tells of a pair."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
from numpy.typing import NDArray

from glossary.terms import ranking
from glossary.terms.meaning import Meaning, PairVectors, pair_vectors
from glossary.terms.meaning_training import PARTS, Lesson, crossed, fit_meaning
from glossary.terms.pairs import Pair
from glossary.terms.ranking import HOPELESS, Calibration, load_model
from glossary.terms.term_features import TERM_FEATURES
from glossary.terms.units import Place, Unit


def _pair(english: str, chinese: str) -> Pair:
    return Pair(Unit(english, {english: 1}, [Place(0, 0, 1)], 1, 1, 1), chinese, "alignment")


def test_a_translation_is_more_alike_than_another_word() -> None:
    vectors = pair_vectors([_pair("bank", "银行"), _pair("bank", "番茄")])
    right, wrong = load_model().term.meaning(vectors)[:, 0]
    assert right > wrong + 0.2


def test_terms_lie_further_in_the_learnt_direction() -> None:
    vectors = pair_vectors([_pair("smart contract", "智能合约"), _pair("next step", "下一步")])
    term, phrase = load_model().term.meaning(vectors)[:, 1]
    assert term > phrase


def _lessons() -> list[Lesson]:
    chance = np.random.default_rng(1)
    made = []
    for _ in range(PARTS * 2):
        target = np.arange(40) % 2.0
        side = chance.normal(size=(40, 3)).astype(np.float32)
        side[:, 0] += 3 * target - 1.5
        made.append(Lesson(PairVectors(side, side), target, target))
    return made


def test_a_direction_tells_what_it_was_taught() -> None:
    lessons = _lessons()
    scores = fit_meaning(lessons)(lessons[0].vectors)[:, 1]
    assert np.mean((scores > 0) == (lessons[0].source > 0)) > 0.9


def test_crossed_columns_come_from_other_pages() -> None:
    lessons = _lessons()
    own = crossed(lessons)
    whole = fit_meaning(lessons)
    assert [c.shape for c in own] == [(40, 3)] * len(lessons)
    assert not np.allclose(own[0][:, 1], whole(lessons[0].vectors)[:, 1])


def test_too_few_pages_are_refused() -> None:
    with pytest.raises(ValueError, match="1 labelled pages"):
        crossed(_lessons()[:1])


def test_no_pairs_have_no_rows() -> None:
    nothing = np.zeros((0, 2), dtype=np.float32)
    assert Meaning(np.ones(3), np.ones(3), np.zeros(3))(PairVectors(nothing, nothing)).shape == (0, 3)


def test_calibration_keeps_the_order_and_lifts_articles() -> None:
    plain, article = (Calibration(0.9, 0.1, 0.4)(np.array([-1.0, 2.0]), np.full(2, p)) for p in (0.0, 1.0))
    assert plain[0] < plain[1]
    assert np.allclose(article - plain, 0.4)


def test_pairs_without_hope_are_judged_by_the_usual_meaning() -> None:
    model = load_model().term
    pairs = [_pair("smart contract", "智能合约"), _pair("next step", "下一步")] * 40
    rows = np.random.default_rng(2).normal(1.0, 2.0, size=(len(pairs), len(TERM_FEATURES)))
    usual = model.trees(np.hstack([rows, np.tile(model.meaning.usual, (len(rows), 1))]))
    near = usual > HOPELESS
    assert 0 < near.sum() < len(near)
    judged, known = model.judged(pairs, lambda _: rows), model(rows, pair_vectors(pairs))
    assert np.allclose(judged[near], known[near], atol=1e-3)
    assert np.allclose(judged[~near], model.calibration(usual, rows[:, -1])[~near])


def test_pairs_are_judged_in_parts_as_they_are_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    model, pairs = load_model().term, [_pair(f"token {n}", "代币") for n in range(25)]
    rows = np.random.default_rng(3).normal(1.0, 2.0, size=(len(pairs), len(TERM_FEATURES)))

    def rows_of(part: Sequence[Pair]) -> NDArray[np.float64]:
        return rows[[int(pair.unit.key.split()[1]) for pair in part]]

    whole = model.judged(pairs, rows_of)
    monkeypatch.setattr(ranking, "TOGETHER", 10)
    assert np.allclose(model.judged(pairs, rows_of), whole, atol=1e-3)
    assert model.judged([], rows_of).shape == (0,)

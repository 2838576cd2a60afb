"""Many looks at once say what one look says by itself."""

from __future__ import annotations

import numpy as np
import pytest

from glossary.lexicon import load_cedict
from glossary.terms.article import LONGEST_SPAN, Article, BeadPair, bead_spans
from glossary.terms.looks import LEAST_RANK, SPANS_PER_BEAD, SPANS_PER_SIZE, Looks, Sighting, measure
from glossary.terms.table import load_table

BEADS = [
    BeadPair("Blockchain-based supply chains need governance.", "基于区块链的供应链需要治理，供应链很长。"),
    BeadPair("A token.", "代币"),
    BeadPair("The court accepted digital evidence stored on a chain of blocks.", "法院接受了区块链上的数字证据。"),
]
LOOKS = [(0, (0, 1)), (0, (2, 3)), (1, (1,)), (2, (3, 4)), (2, (3,))]


@pytest.fixture(scope="module")
def article() -> Article:
    dictionary = load_cedict()
    return Article(BEADS, table=load_table(), is_word=dictionary.__contains__, readings=dictionary.readings)


def _every_span(article: Article) -> list[tuple[int, int, int]]:
    sizes = [len(article.folded[bead]) for bead, _ in LOOKS]
    return [
        (look, start, end)
        for look, size in enumerate(sizes)
        for start in range(size)
        for end in range(start + 1, min(start + LONGEST_SPAN, size) + 1)
    ]


def test_spans_measured_together_have_the_evidence_they_have_alone(article: Article) -> None:
    spans = _every_span(article)
    together = Looks(article, LOOKS).table(*np.array(spans).T)
    alone = np.array([measure(article, *LOOKS[look], start, end) for look, start, end in spans])
    assert np.allclose(together, alone, rtol=0, atol=1e-6)


def test_the_best_spans_are_those_that_a_search_one_by_one_finds(article: Article) -> None:
    looks = Looks(article, LOOKS)
    spans = article.spans
    wanted = []
    for look, (bead, _) in enumerate(LOOKS):
        own = range(spans.first[spans.text[bead]], spans.first[spans.text[bead + 1]])
        start = spans.start[own].astype(np.int64)
        where = [np.full(len(own), look), start, start + spans.size[own]]
        rank = looks.table(*where)[:, 3] * spans.weight[own]
        sizes: list[int] = []
        for at in np.argsort(-rank, kind="stable").tolist():
            size = int(where[2][at] - where[1][at])
            if rank[at] > LEAST_RANK and sizes.count(size) < SPANS_PER_SIZE and len(sizes) < SPANS_PER_BEAD:
                sizes.append(size)
                wanted.append((look, int(where[1][at]), int(where[2][at])))
    assert wanted
    assert list(zip(*(part.tolist() for part in looks.best()), strict=True)) == wanted


def test_spans_listed_for_many_beads_at_once_are_those_of_each_bead(
    article: Article, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = article.folded, article.votes, (frozenset({9}), frozenset[int](), frozenset({0})), article.is_word
    together = bead_spans(*own)
    monkeypatch.setattr("glossary.terms.article.BEADS_TOGETHER", 1)
    assert len(together.start) > 50
    assert all(np.array_equal(a, b) for a, b in zip(together, bead_spans(*own), strict=True))


def test_no_looks_find_no_spans(article: Article) -> None:
    looks = Looks(article, [])
    assert [len(part) for part in looks.best()] == [0, 0, 0]
    assert looks.table(*looks.best()).shape == (0, len(Sighting._fields))

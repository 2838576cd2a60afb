"""Training on a small gold: the gradient is right, the result is deterministic and learns what it was shown."""

import json

import numpy as np
import pytest

from glossary.alignment.chunks import batch_of, cut, gold_path, gold_segments
from glossary.alignment.crf import likelihood
from glossary.alignment.model import WEIGHTS, load_weights
from glossary.alignment.training import Trainer, gappy, items, main, parts, scores_of, turned

pytest.importorskip("scipy", reason="training needs scipy, a development dependency")

EN = (
    "The bank bought gold.", "The old farmer planted rice.", "He sells fish at the market.", "Nobody came.",
    "The horse drinks water.", "The teacher wrote a book.", "The doctor has a garden.", "Snow fell in the mountains.",
)  # fmt: skip
ZH = (
    "银行买了黄金。", "老农夫种了水稻，他在市场卖鱼。", "马喝水。", "老师写了一本书。", "医生有花园。", "山上下雪了。",
)  # fmt: skip
GOLD = "[0]:[0]\n[1]:[1, 2]\n[]:[3]\n[2]:[4]\n[3]:[5]\n[4]:[6]\n[5]:[7]\n"


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    path = tmp_path_factory.mktemp("gold") / "small"
    path.mkdir()
    for number in range(3):
        for name, content in (("zh", "\n".join(ZH)), ("en", "\n".join(EN)), ("gold", GOLD)):
            (path / f"{number}.{name}").write_text(content, encoding="utf-8")
    return path.parent


@pytest.fixture(scope="module")
def trainer(folder):
    return Trainer("lexical-zh", items(folder, chinese=True))


def test_the_gradient_is_the_slope_of_the_likelihood(trainer):
    batch, features, nulls = batch_of([trainer._first[0], trainer._first[1]])
    generator = np.random.default_rng(1)
    edges, opens = generator.normal(size=len(features)), generator.normal(size=3)
    alone = (generator.normal(size=len(nulls[0])), generator.normal(size=len(nulls[1])))
    here = likelihood(batch, edges, alone, opens)
    step = 1e-5
    for k in range(0, len(edges), max(1, len(edges) // 20)):
        moved = edges.copy()
        moved[k] += step
        slope = (likelihood(batch, moved, alone, opens).loss - here.loss) / step
        assert here.edges[k] == pytest.approx(slope, abs=1e-3)
    for k in range(3):
        moved = opens.copy()
        moved[k] += step
        assert here.opens[k] == pytest.approx(
            (likelihood(batch, edges, alone, moved).loss - here.loss) / step, abs=1e-3
        )
    assert here.loss > 0


def test_training_is_deterministic_and_learns(trainer):
    first, second = trainer.train(range(3)), trainer.train(range(3))
    assert json.dumps([m.to_json() for m in first]) == json.dumps([m.to_json() for m in second])
    found = {k: trainer.align(k, first) for k, item in enumerate(trainer.items) if item.whole}
    assert scores_of(trainer, found)["small"] > 0.9


def test_gold_becomes_paths_with_source_nulls_first(folder):
    gold = items(folder, chinese=True)[0].gold
    assert gold_path(gold.beads, len(ZH), len(EN)) == [(1, 1), (1, 2), (0, 1), (1, 1), (1, 1), (1, 1), (1, 1)]
    assert gold_segments([((1,), (0,)), ((0,), (1,))]) == [(1, 1, [])] or len(cut(gold_segments(gold.beads))) == 1


def test_gappy_copies_and_turned_pairs_keep_their_gold(folder):
    gold = items(folder, chinese=True)[0].gold
    for side in (0, 1):
        copy = gappy(gold, side, share=0.4)
        assert len((copy.source, copy.target)[side]) < len((gold.source, gold.target)[side])
        assert sorted(k for bead in copy.beads for k in bead[0]) == list(range(len(copy.source)))
        assert sorted(k for bead in copy.beads for k in bead[1]) == list(range(len(copy.target)))
    assert turned(turned(gold)).beads == gold.beads
    assert parts(gold) == [gold]


def test_shipped_weights_say_how_good_they_are():
    raw = json.loads(WEIGHTS.read_text(encoding="utf-8"))
    assert set(raw["variants"]) == {f"{a}-{b}" for a in ("combined", "embedding", "lexical") for b in ("zh", "any")}
    assert raw["variants"]["combined-zh"]["held_out"]["fiction-dev"] > 0.9
    assert len(load_weights().signature) == 12


def test_wrong_usage_is_told(capsys, tmp_path):
    assert main([]) == 2
    assert main([str(tmp_path / "nowhere")]) == 1
    assert "usage:" in capsys.readouterr().err

"""Edits of an alignment: after every one the beads tile both sides and the segments slice back."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from glossary.alignment import AlignmentEdit, apply_edit, replay
from glossary.datamodel import Bead, Bitext, Segment
from glossary.errors import AlignmentError

ENGLISH = "One. Two. Three. Four. Five."
CHINESE = "一。二。三。四。"


def segments(text: str, stop: str, lang: str) -> tuple[Segment, ...]:
    made, at = [], 0
    while at < len(text):
        end = text.index(stop, at) + len(stop)
        made.append(Segment(lang, len(made), lang, text[at:end], at, end))
        at = end + (text[end : end + 1] == " ")
    return tuple(made)


def bead(a: int, b: int, c: int, d: int, score: float = 0.9) -> Bead:
    return Bead(range(a, b), range(c, d), score)


TEXTS = (ENGLISH, CHINESE)
BITEXT = Bitext(
    segments(ENGLISH, ".", "en"),
    segments(CHINESE, "。", "zh-Hans"),
    (bead(0, 1, 0, 1), bead(1, 3, 1, 2), bead(3, 4, 2, 2, 0.0), bead(4, 5, 2, 4)),
)


def shape(bitext: Bitext) -> str:
    return " ".join(f"{b.source.start}-{b.source.stop}:{b.target.start}-{b.target.stop}" for b in bitext.beads)


def check_tiles(bitext: Bitext) -> None:
    at = [0, 0]
    for b in bitext.beads:
        assert [b.source.start, b.target.start] == at
        assert b.source or b.target
        at = [b.source.stop, b.target.stop]
    assert at == [len(bitext.source), len(bitext.target)]
    for side, text in ((bitext.source, ENGLISH), (bitext.target, CHINESE)):
        assert all(text[s.start : s.end] == s.text for s in side)
        assert [s.index for s in side] == list(range(len(side)))


EDITS = [
    (AlignmentEdit("merge", 0), "0-3:0-2 3-4:2-2 4-5:2-4"),
    (AlignmentEdit("merge", 1, count=2), "0-1:0-1 1-5:1-4"),
    (AlignmentEdit("split", 1, count=1, other=1), "0-1:0-1 1-2:1-2 2-3:2-2 3-4:2-2 4-5:2-4"),
    (AlignmentEdit("split", 3, count=1, other=1), "0-1:0-1 1-3:1-2 3-4:2-2 4-5:2-3 5-5:3-4"),
    (AlignmentEdit("up", 1), "0-2:0-1 2-3:1-2 3-4:2-2 4-5:2-4"),
    (AlignmentEdit("down", 1, side="target"), "0-1:0-1 1-3:1-1 3-4:1-2 4-5:2-4"),
    (AlignmentEdit("up", 2), "0-1:0-1 1-4:1-2 4-5:2-4"),
    (AlignmentEdit("unlink", 3), "0-1:0-1 1-3:1-2 3-4:2-2 4-5:2-2 5-5:2-4"),
    (AlignmentEdit("none", 2), "0-1:0-1 1-3:1-2 3-4:2-2 4-5:2-4"),
    (AlignmentEdit("check", 1), "0-1:0-1 1-3:1-2 3-4:2-2 4-5:2-4"),
    (AlignmentEdit("unlink", 3, more=(0, 3)), "0-1:0-0 1-1:0-1 1-3:1-2 3-4:2-2 4-5:2-2 5-5:2-4"),
    (AlignmentEdit("break", side="source", count=2, other=2), "0-1:0-1 1-4:1-2 4-5:2-2 5-6:2-4"),
    (AlignmentEdit("join", side="source", count=0), "0-1:0-1 1-2:1-2 2-3:2-2 3-4:2-4"),
    (AlignmentEdit("join", side="target", count=0), "0-1:0-1 1-3:1-1 3-4:1-1 4-5:1-3"),
]


@pytest.mark.parametrize(("edit", "wanted"), EDITS, ids=lambda e: getattr(e, "op", ""))
def test_an_edit_moves_the_bounds_it_says(edit: AlignmentEdit, wanted: str) -> None:
    changed = apply_edit(BITEXT, edit, TEXTS)
    assert shape(changed) == wanted
    check_tiles(changed)


def test_several_beads_are_checked_with_one_edit() -> None:
    changed = apply_edit(BITEXT, AlignmentEdit("check", 0, more=(3,)), TEXTS)
    assert ["checked" in b.evidence for b in changed.beads] == [True, False, False, True]
    with pytest.raises(AlignmentError, match="one place at a time"):
        apply_edit(BITEXT, AlignmentEdit("merge", 0, more=(2,)), TEXTS)
    with pytest.raises(AlignmentError, match="no bead 10"):
        apply_edit(BITEXT, AlignmentEdit("check", 0, more=(9,)), TEXTS)


def test_a_bead_a_person_made_is_checked() -> None:
    checked = apply_edit(BITEXT, AlignmentEdit("check", 1), TEXTS).beads[1]
    assert (checked.score, dict(checked.evidence)) == (1.0, {"checked": 1.0})
    alone = apply_edit(BITEXT, AlignmentEdit("none", 2), TEXTS).beads[2]
    assert (alone.score, dict(alone.evidence)) == (0.0, {"checked": 1.0})


IMPOSSIBLE = [
    AlignmentEdit("merge", 3),
    AlignmentEdit("merge", 0, count=0),
    AlignmentEdit("split", 0, count=1, other=1),
    AlignmentEdit("split", 0, count=5, other=0),
    AlignmentEdit("up", 0),
    AlignmentEdit("down", 3),
    AlignmentEdit("down", 2, side="target"),
    AlignmentEdit("unlink", 2),
    AlignmentEdit("check", 9),
    AlignmentEdit("check", -1),
    AlignmentEdit("break", count=0, other=0),
    AlignmentEdit("break", count=99, other=1),
    AlignmentEdit("join", count=4),
    AlignmentEdit("fly", 0),
]


@pytest.mark.parametrize("edit", IMPOSSIBLE, ids=lambda e: f"{e.op}-{e.bead}-{e.count}")
def test_what_cannot_be_done_is_one_line(edit: AlignmentEdit) -> None:
    with pytest.raises(AlignmentError) as caught:
        apply_edit(BITEXT, edit, TEXTS)
    assert "\n" not in str(caught.value)


EDIT = st.builds(
    AlignmentEdit,
    st.sampled_from(["merge", "split", "up", "down", "unlink", "none", "check", "break", "join"]),
    st.integers(0, 7),
    st.sampled_from(["source", "target"]),
    st.integers(0, 6),
    st.integers(0, 5),
)


@given(st.lists(EDIT, max_size=12))
def test_any_edits_in_any_order_keep_the_tiling(edits: list[AlignmentEdit]) -> None:
    bitext, done = BITEXT, []
    for edit in edits:
        try:
            bitext = apply_edit(bitext, edit, TEXTS)
        except AlignmentError:
            continue
        done.append(edit)
        check_tiles(bitext)
    assert replay(BITEXT, done, TEXTS) == bitext

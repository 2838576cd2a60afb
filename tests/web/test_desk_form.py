"""The form of the alignment editor, without a web: what is ticked or focused becomes one edit."""

from __future__ import annotations

import pytest
from werkzeug.datastructures import MultiDict

from glossary.alignment import AlignmentEdit, apply_edit
from glossary.datamodel import Bead, Bitext, Segment
from web.cutting import MOST_PLACES, best, pieces
from web.deskform import (
    REFUSALS,
    Malformed,
    Refused,
    Stale,
    bead_value,
    edit_of,
    place_after,
    place_before,
    read,
    sentence_of,
)
from web.deskwords import refusal


def side(lang: str, texts: list[str]) -> tuple[Segment, ...]:
    made, at = [], 0
    for index, text in enumerate(texts):
        made.append(Segment(lang, index, lang, text, at, at + len(text)))
        at += len(text) + 1
    return tuple(made)


ENGLISH = ["One.", "Two.", "Three is a good deal longer.", "Four.", "Five.", "Six.", "Seven."]
CHINESE = ["一。", "二和三，句子比較長。", "四。", "六。", "七。", "八。"]
TEXTS = ("\n".join(ENGLISH), "\n".join(CHINESE))


def bead(a: int, b: int, c: int, d: int) -> Bead:
    return Bead(range(a, b), range(c, d), 0.9 if b > a and d > c else 0.0)


#        0               1               2               3               4               5               6
BEADS = (bead(0, 1, 0, 1), bead(1, 3, 1, 2), bead(3, 4, 2, 3), bead(4, 5, 3, 3), bead(5, 5, 3, 4), bead(5, 7, 4, 6))
BITEXT = Bitext(side("en", ENGLISH), side("zh-Hant", CHINESE), BEADS)


def form(
    op: str, *beads: int, s: str = "", t: str = "", here: int | None = None, focus: str = ""
) -> MultiDict[str, str]:
    pairs = [("op", op), ("focus", focus), ("here", "" if here is None else bead_value(BEADS[here]))]
    pairs += [("bead", bead_value(BEADS[n])) for n in beads]
    pairs += [("s", n) for n in s.split()] + [("t", n) for n in t.split()]
    return MultiDict(pairs)


def edit(*args: object, **more: object) -> AlignmentEdit:
    return edit_of(read(form(*args, **more).getlist, BITEXT), BITEXT)  # type: ignore[arg-type]


EDITS = [
    (form("merge", 0), AlignmentEdit("merge", 0)),
    (form("merge", 2, 0, 1), AlignmentEdit("merge", 0, count=2)),
    (form("merge", here=2), AlignmentEdit("merge", 2)),
    (form("merge", 1, here=3), AlignmentEdit("merge", 1)),
    (form("merge", s="1 2"), AlignmentEdit("merge", 0)),
    (form("split", 1), AlignmentEdit("split", 1, count=1, other=0)),
    (form("split", s="3"), AlignmentEdit("split", 1, count=1, other=0)),
    (form("split", 5), AlignmentEdit("split", 5, count=1, other=1)),
    (form("split", s="7", t="6"), AlignmentEdit("split", 5, count=1, other=1)),
    (form("split", here=5, focus="t6"), AlignmentEdit("split", 5, count=1, other=1)),
    (form("split", focus="s6", here=5), AlignmentEdit("split", 5, count=1, other=1)),
    (form("up", s="2"), AlignmentEdit("up", 1, side="source")),
    (form("up", focus="t3", here=2), AlignmentEdit("up", 2, side="target")),
    (form("down", t="2"), AlignmentEdit("down", 1, side="target")),
    (form("down", 3), AlignmentEdit("down", 3, side="source")),
    (form("up", here=4), AlignmentEdit("up", 4, side="target")),
    (form("link", 3), AlignmentEdit("merge", 3)),
    (form("link", 4), AlignmentEdit("merge", 3)),
    (form("link", s="5", t="4"), AlignmentEdit("merge", 3)),
    (form("link", 0, 1), AlignmentEdit("merge", 0)),
    (form("unlink", 2), AlignmentEdit("unlink", 2)),
    (form("unlink", 3, 0, 2), AlignmentEdit("unlink", 0, more=(2,))),
    (form("none", 2), AlignmentEdit("none", 2)),
    (form("none", s="5"), AlignmentEdit("none", 3)),
    (form("check", 0, 5, 2), AlignmentEdit("check", 0, more=(2, 5))),
    (form("join", s="1"), AlignmentEdit("join", side="source", count=0)),
    (form("join", t="5 6"), AlignmentEdit("join", side="target", count=4)),
    (form("join", 3), AlignmentEdit("join", side="source", count=4)),
    (form("cut t2 4"), AlignmentEdit("break", side="target", count=1, other=4)),
]


@pytest.mark.parametrize(
    ("fields", "wanted"), EDITS, ids=lambda v: str(dict(v.lists())) if hasattr(v, "lists") else v.op
)
def test_what_is_selected_becomes_an_edit_that_can_be_made(fields: MultiDict[str, str], wanted: AlignmentEdit) -> None:
    asked = edit_of(read(fields.getlist, BITEXT), BITEXT)
    assert asked == wanted
    after = apply_edit(BITEXT, asked, TEXTS)
    assert 0 <= place_after(asked, BITEXT, after) < len(after.beads)
    assert 0 <= place_before(asked, BITEXT) < len(BITEXT.beads)


REFUSED = [
    (form("merge"), "nothing"),
    (form("merge", 5), "last"),
    (form("merge", 0, 2), "gap"),
    (form("split", 0, 1), "one bead"),
    (form("split", 2), "single"),
    (form("up", 2), "one sentence"),
    (form("up", s="2 3"), "one sentence"),
    (form("up", s="3"), "top"),
    (form("down", s="2"), "bottom"),
    (form("up", s="1"), "first"),
    (form("down", s="7"), "last"),
    (form("link", 2), "partner"),
    (form("unlink", 3, 4), "linked"),
    (form("join", s="7"), "last sentence"),
    (form("join", 2), "one sentence"),
    (form("join", s="1 3"), "one sentence"),
]


@pytest.mark.parametrize(("fields", "code"), REFUSED)
def test_what_cannot_be_done_is_refused_with_a_reason(fields: MultiDict[str, str], code: str) -> None:
    assert code in REFUSALS
    with pytest.raises(Refused, match=code):
        edit_of(read(fields.getlist, BITEXT), BITEXT)


def test_splitting_three_sentences_needs_the_one_that_begins_the_second_part() -> None:
    whole = apply_edit(BITEXT, AlignmentEdit("merge", 0), TEXTS)
    asked = read(MultiDict([("op", "split"), ("bead", "0-3.0-2")]).getlist, whole)
    with pytest.raises(Refused, match="which"):
        edit_of(asked, whole)
    asked = read(MultiDict([("op", "split"), ("bead", "0-3.0-2"), ("s", "2")]).getlist, whole)
    assert edit_of(asked, whole) == AlignmentEdit("split", 0, count=1, other=1)


@pytest.mark.parametrize(
    "fields",
    [
        {"op": "merge", "bead": "0-2.0-1"}, {"op": "merge", "bead": "99-100.5-6"}, {"op": "check", "s": "8"},
        {"op": "check", "t": "0"}, {"op": "check", "focus": "s99"}, {"op": "cut s99 2"},
        {"op": "cut s1 2", "here": "7-9.1-2"},
    ],
)  # fmt: skip
def test_beads_and_sentences_that_are_no_more_make_a_form_stale(fields: dict[str, str]) -> None:
    with pytest.raises(Stale):
        edit_of(read(MultiDict(fields).getlist, BITEXT), BITEXT)


@pytest.mark.parametrize(
    "fields",
    [
        {"op": "check", "bead": "1"}, {"op": "check", "bead": "0-1.0-1\n"}, {"op": "check", "s": "-1"},
        {"op": "check", "s": "٣"}, {"op": "check", "s": "9" * 5000}, {"op": "check", "focus": "<script>"},
        {"op": "drop", "s": "1"}, {"op": "", "s": "1"}, {"op": "cut s1", "s": "1"}, {"op": "cut s1 2; x", "s": "1"},
        {"op": "check", "here": "0-1.0-1' OR 1=1"},
    ],
)  # fmt: skip
def test_what_no_page_of_ours_sends_is_malformed(fields: dict[str, str]) -> None:
    with pytest.raises(Malformed):
        edit_of(read(MultiDict(fields).getlist, BITEXT), BITEXT)


def test_thousands_of_ticks_are_malformed() -> None:
    many = MultiDict([("op", "check"), *[("bead", "0-1.0-1")] * 5000])
    with pytest.raises(Malformed):
        read(many.getlist, BITEXT)


def test_one_sentence_is_the_focused_one_or_the_only_one() -> None:
    assert sentence_of(read(form("break", here=2, focus="t3").getlist, BITEXT), BITEXT) == ("target", 2)
    assert sentence_of(read(form("break", 4).getlist, BITEXT), BITEXT) == ("target", 3)
    assert sentence_of(read(form("break", 4, s="1").getlist, BITEXT), BITEXT) == ("source", 0)


def test_a_moved_sentence_is_followed() -> None:
    for asked, place in ((edit("up", s="2"), 0), (edit("down", t="2"), 2), (edit("down", 3), 3)):
        after = apply_edit(BITEXT, asked, TEXTS)
        assert place_after(asked, BITEXT, after) == place


@pytest.mark.parametrize(
    "text", ["", " ", "One.", "他說：「好，就這樣。」", "a\u3000b", "“Yes,” she said (at last). No?", "。。。"]
)
def test_pieces_are_the_whole_sentence(text: str) -> None:
    found = pieces(text)
    assert "".join(p.text for p in found) == text
    assert all(text[p.at :].startswith(p.text) for p in found)
    assert all(text[: p.at].strip() and text[p.at :].strip() for p in found if p.at) or not text.strip()
    assert best(found) in {p.at for p in found} | {0}


def test_a_very_long_sentence_offers_a_screen_of_places() -> None:
    assert len(pieces("字" * 5000)) == MOST_PLACES + 1
    assert all(p.pause for p in pieces("很長的句子，" * 200)[1:])


def test_a_sentence_can_be_cut_at_every_place_that_is_offered() -> None:
    text = "他說：「好，就這樣。」 Then (slowly) he left, didn’t he?"
    bitext = Bitext(side("en", [text]), (), (bead(0, 1, 0, 0),))
    for piece in pieces(text)[1:]:
        after = apply_edit(bitext, AlignmentEdit("break", count=0, other=piece.at), (text, ""))
        assert len(after.source) == 2


def test_every_reason_has_words() -> None:
    from flask import Flask

    from web import i18n

    app = Flask(__name__)
    i18n.init_app(app)
    with app.test_request_context():
        assert len({refusal(code) for code in (*REFUSALS, "undo", "redo", "")}) == len(REFUSALS) + 3

"""Generated entries and bitexts with hostile text: XML specials, quotes, %, tabs, line breaks, astral characters."""

from __future__ import annotations

from hypothesis import strategies as st

from glossary.datamodel import (
    Bead,
    Bitext,
    ConceptEntry,
    Context,
    Definition,
    Flag,
    LangSec,
    Provenance,
    Segment,
    TermSec,
)

HOSTILE = [
    "<b>&amp;]]>",
    '"quoted" \\ %s %d',
    "=cmd()",
    "tab\there",
    "two\nlines\r\n",
    "𠮷𝔸",
    "é́",
    "\u2028\x85",
    "區塊鏈",
    "a  b",
    "\\n",
]

text = st.text(st.characters(exclude_categories=["Cs"]), max_size=20) | st.sampled_from(HOSTILE)
filled = text.filter(lambda t: bool(t.strip()))
scores = st.floats(0, 1)
places = st.integers(0, 1000)
tags = st.sampled_from(["en", "zh-Hans", "zh-Hant", "zh-Hant-TW", "zh-Hant-HK"])


def marks() -> st.SearchStrategy[tuple[tuple[int, int], ...]]:
    return st.lists(st.tuples(places, places), max_size=2).map(tuple)


flags = st.builds(Flag, text, text, text, text)
definitions = st.builds(Definition, text, tags, text, places, places, text)
proofs = st.builds(Provenance, text, places, places, text, scores, text, st.none() | places)
contexts = st.builds(
    Context, text, text, tags, tags, marks(), marks(), text, st.none() | places, text, st.integers(1, 9999), scores
)
terms = st.builds(
    TermSec,
    filled,
    administrative_status=st.sampled_from(["preferred", "admitted", "deprecated", "forbidden"]),
    review_state=st.sampled_from(["proposed", "approved", "rejected"]),
    term_type=st.sampled_from(["fullForm", "acronym"]),
    score=scores,
    provenance=st.lists(proofs, min_size=1, max_size=2).map(tuple),
    flags=st.lists(flags, max_size=1).map(tuple),
)


def entries() -> st.SearchStrategy[ConceptEntry]:
    sections = st.builds(
        LangSec, tags, st.lists(terms, min_size=1, max_size=3).map(tuple), st.lists(definitions, max_size=1).map(tuple)
    )
    return st.builds(
        ConceptEntry,
        st.text("0123456789abcdef", min_size=16, max_size=16),
        st.lists(sections, min_size=1, max_size=4, unique_by=lambda s: s.lang).map(tuple),
        st.sampled_from(["concept", "acronym", "organisation"]),
        scores,
        st.lists(contexts, max_size=2).map(tuple),
        text,
        text,
        st.lists(flags, max_size=1).map(tuple),
    )


HOSTILE_TERMS = [
    *HOSTILE, "'=x", "@a", "-1", "+1", "a; b", " lead", "trail ", "\\", "a\\;",
    "\x00\x07\x1b", "\ufffe\uffff",
    "_x0041_", "#.x", "%(name)s", "Pinyin: x", "Note: Pinyin: x", "(a) (b)",
    "[forbidden] x", "\r", "x\r", "#", "~", "Kind: x",
    "\ufdfa", "\U0001f469\u200d\U0001f4bb", "\u202eabc", "Forbidden", '"', "''", "=", "'", "word 3 n", "\ufeffx",
]  # fmt: skip
hostile_text = text | st.sampled_from(HOSTILE_TERMS) | st.sampled_from(["區塊鏈的長定義。" * 1300, "x " * 5000])
rich_flags = st.builds(Flag, text, text, text, text)
rich_definitions = st.builds(Definition, hostile_text, tags, text, places, places, text, st.just("") | hostile_text)
rich_terms = st.builds(
    TermSec,
    (text | st.sampled_from(HOSTILE_TERMS)).filter(lambda t: bool(t.strip())),
    st.sampled_from(["fullForm", "acronym", "abbreviation", "shortForm", "variant", "phrase"]),
    st.sampled_from(["noun", "verb", "adjective", "adverb", "other", "proper noun", ""]),
    st.sampled_from(["preferred", "admitted", "deprecated", "forbidden"]),
    st.sampled_from(["proposed", "approved", "rejected"]),
    st.sampled_from(["observed", "converted"]),
    st.sampled_from(["", "opencc s2twp + overrides"]),
    st.sampled_from(["", "zh-Hans", "zh-Hant"]),
    scores,
    st.lists(proofs, min_size=1, max_size=2).map(tuple),
    st.lists(rich_flags, max_size=1).map(tuple),
    st.booleans(),
    hostile_text,
    hostile_text,
    hostile_text,
    st.sampled_from(["", "shu4 zi4"]) | text,
    st.sampled_from(["", "sou3 zi6"]) | text,
)
rich_contexts = st.builds(
    Context, text, text, tags, tags, marks(), marks(), text, st.none() | places, text, st.integers(0, 9999), scores
)


def rich_entries() -> st.SearchStrategy[ConceptEntry]:
    """Entries with every field filled with whatever may stand in it."""
    sections = st.builds(
        LangSec,
        st.sampled_from(["en", "en-GB", "zh", "zh-Hans", "zh-Hant", "zh-Hant-TW", "zh-Hant-HK", "fr"]),
        st.lists(rich_terms, min_size=1, max_size=3, unique_by=lambda t: t.term).map(tuple),
        st.lists(rich_definitions, max_size=2).map(tuple),
    )
    return st.builds(
        ConceptEntry,
        st.text("0123456789abcdef", min_size=16, max_size=16) | st.sampled_from(["c1", "IATE-88", "3 a", "é", "x.61"]),
        st.lists(sections, min_size=1, max_size=4, unique_by=lambda s: s.lang).map(tuple),
        st.sampled_from(["concept", "acronym", "organisation"]),
        scores,
        st.lists(rich_contexts, max_size=2).map(tuple),
        hostile_text,
        hostile_text,
        st.lists(rich_flags, max_size=1).map(tuple),
        st.booleans(),
    )


@st.composite
def bitexts(draw: st.DrawFn) -> Bitext:
    """Beads of every shape that tile both sides; segments stand one after the other in their documents."""
    shapes = draw(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)).filter(any), max_size=6))
    source = _side(draw, sum(n for n, _ in shapes), "en", "s")
    target = _side(draw, sum(n for _, n in shapes), "zh-Hant", "t")
    beads, at = [], (0, 0)
    for shape in shapes:
        ranges = [range(a, a + n) for a, n in zip(at, shape, strict=True)]
        score = draw(scores) if all(shape) else 0.0
        beads.append(Bead(ranges[0], ranges[1], score, {"cosine": score} if all(shape) else {}))
        at = (ranges[0].stop, ranges[1].stop)
    return Bitext(source, target, tuple(beads), "test")


def _side(draw: st.DrawFn, count: int, lang: str, document: str) -> tuple[Segment, ...]:
    segments: list[Segment] = []
    end = 0
    for index in range(count):
        words = draw(filled)
        start = end + draw(st.integers(0, 3))
        end = start + len(words)
        segments.append(Segment(document, index, lang, words, start, end))
    return tuple(segments)

"""Whole files: languages, numbering, seeds, and what must always hold."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from glossary.datamodel import ARTICLE_ROLES, Document, Segment, content_id
from glossary.documents import read_document
from glossary.errors import SegmentationError
from glossary.segmentation import segment

CASES = Path(__file__).parent.parent / "cases" / "seeds"


def document(text: str, lang: str | None = None, kind: str = "text") -> Document:
    return Document(content_id(text), "x.txt", text, lang, kind)


def bare(text: str) -> str:
    return re.sub(r"\s", "", text)


def article(segments: tuple[Segment, ...], language: str) -> list[str]:
    return [s.text for s in segments if s.role in ARTICLE_ROLES and s.lang.split("-")[0] == language]


@pytest.mark.shared
@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_article_of_seed_003_is_found_sentence_by_sentence(shared: Path, language: str) -> None:
    segments = segment(read_document(shared / "seeds" / "003_12a47ff574999187.txt"))
    gold = (shared / "corpora" / "alignment" / "seed-003" / f"003.{language}").read_text("utf-8").splitlines()
    assert [bare(text) for text in article(segments, language)] == [bare(line) for line in gold]


@pytest.mark.shared
def test_what_is_no_article_in_seed_003_has_the_right_role(shared: Path) -> None:
    segments = segment(read_document(shared / "seeds" / "003_12a47ff574999187.txt"))
    roles = {role: sum(s.role == role for s in segments) for role in ("heading", "furniture", "summary", "footnote")}
    assert roles == {"heading": 1, "furniture": 4, "summary": 3, "footnote": 13}
    assert {s.lang for s in segments} == {"en", "zh-Hant"}


@pytest.mark.shared
@pytest.mark.parametrize("number", ["000", "001", "002", "004"])
def test_no_comment_form_or_related_post_of_the_seeds_is_article_text(shared: Path, number: str) -> None:
    (path,) = (shared / "seeds").glob(f"{number}_*.txt")
    text = "\n".join(article(segment(read_document(path)), "en"))
    for furniture in (
        "Bookmark",
        "Related",
        "Leave a Reply",
        "email address",
        "managing editor",
        "Tim Draper",
        "Source",
    ):
        assert furniture not in text


def gold(name: str) -> tuple[list[str], list[str]]:
    """The article sentences of both sides of a hand-made alignment."""
    rows = [line.split("\t") for line in (CASES / f"{name}.alignment.tsv").read_text("utf-8").splitlines()[2:]]
    source, target = ([t for row in rows for t in row[side].split(" ‖ ") if t] for side in (0, 1))
    return source, target


@pytest.mark.parametrize("name", ["harbour-ledger", "tea-garden"])
def test_bilingual_samples_are_cut_as_their_gold_says(root: Path, name: str) -> None:
    segments = segment(read_document(root / "seeds" / f"{name}.txt"))
    assert (article(segments, "en"), article(segments, "zh")) == gold(name)


def test_the_sample_pair_is_cut_as_its_gold_says(root: Path) -> None:
    english = segment(read_document(root / "seeds" / "court-evidence.en.txt"))
    chinese = segment(read_document(root / "seeds" / "court-evidence.zh-Hant-TW.txt"))
    assert ([s.text for s in english], [s.text for s in chinese]) == gold("court-evidence")
    assert {s.lang for s in chinese} == {"zh-Hant-TW"}


@pytest.mark.parametrize("name", ["harbour-ledger", "tea-garden", "court-evidence"])
def test_gold_terms_stand_in_aligned_sentences(name: str) -> None:
    beads = [line.split("\t") for line in (CASES / f"{name}.alignment.tsv").read_text("utf-8").splitlines()[2:]]
    rows = [line.split("\t") for line in (CASES / f"{name}.terms.tsv").read_text("utf-8").splitlines()[2:]]
    lost = [(s, t) for s, t, _ in rows if not any(s in a and t in b for a, b in beads)]
    assert lost == []


def test_languages_may_alternate_by_line() -> None:
    found = segment(document("The bank joined later.\n银行后来加入了。\nIt ended well for it.\n结果对它很好。"))
    assert [(s.lang, s.index) for s in found] == [("en", 0), ("zh-Hans", 0), ("en", 1), ("zh-Hans", 1)]


def test_both_languages_may_stand_on_one_line() -> None:
    found = segment(document("The bank joined. It paid. 银行加入了。它付了钱。\nThe court agreed.\t法院同意了。"))
    assert [(s.lang, s.text) for s in found] == [
        ("en", "The bank joined."), ("en", "It paid."), ("zh-Hans", "银行加入了。"), ("zh-Hans", "它付了钱。"),
        ("en", "The court agreed."), ("zh-Hans", "法院同意了。"),
    ]  # fmt: skip


def test_an_english_sentence_quoted_in_a_chinese_text_stays_in_its_paragraph() -> None:
    found = segment(
        document("第一段在这里。\n\n他说： The bank joined it. 然后他走了。\n\n第三段在这里。\n\n第四段在这里。")
    )
    assert {s.lang for s in found} == {"zh-Hans"}


def test_the_script_is_decided_by_the_whole_document() -> None:
    found = segment(document("保全网\n\n數秦科技的區塊鏈服務。\n\n中文"))
    assert {s.lang for s in found} == {"zh-Hant"}


def test_latin_lines_of_a_chinese_text_are_chinese() -> None:
    found = segment(document("第一句在這裡。\n\nDeFi\n\n第二句在這裡。\n\n第三句在這裡。"))
    assert {s.lang for s in found} == {"zh-Hant"}


def test_a_gloss_does_not_change_the_language_of_a_paragraph() -> None:
    found = segment(document("Tencent (騰訊控股), Xiaomi (小米集團) and NetEase (網易公司) joined."))
    assert {s.lang for s in found} == {"en"}


def test_a_declared_language_holds_for_the_whole_document() -> None:
    assert {s.lang for s in segment(document("Hello there.\n\n你好。", lang="en"))} == {"en"}
    assert {s.lang for s in segment(document("Hallo Welt. Wie geht es?"), lang="de")} == {"de"}
    assert {s.lang for s in segment(document("區塊鏈。", lang="zh"))} == {"zh-Hant"}


def test_a_wrong_language_tag_is_refused() -> None:
    with pytest.raises(SegmentationError, match="not a language tag"):
        segment(document("x"), lang="Chinese!")


def test_hard_wrapped_lines_are_one_paragraph() -> None:
    text = (
        "The quick brown fox jumps over the lazy dog and keeps running through\n"
        "the forest until it reaches the river. Then it stops, looks around and\n"
        "drinks some water from the clear stream before the night falls on the\n"
        "valley.\n\nA second paragraph begins here and it too is wrapped at seventy\ncolumns."
    )
    assert [s.block for s in segment(document(text))] == [0, 0, 1]


def test_short_lines_are_paragraphs_of_their_own() -> None:
    assert [s.text for s in segment(document("第一行\r\n第二行\r\n"))] == ["第一行", "第二行"]


def test_list_bullets_are_left_out_of_segments() -> None:
    found = segment(document("  • The bank joined.\n  • The court agreed."))
    assert [s.text for s in found] == ["The bank joined.", "The court agreed."]


def test_a_presegmented_line_is_a_segment_and_a_blank_one_keeps_its_number() -> None:
    found = segment(document("One. Two.\r\n\r\n  Three \r\n"), presegmented=True)
    assert [(s.index, s.text) for s in found] == [(0, "One. Two."), (1, ""), (2, "Three")]
    assert [s.text for s in segment(document("一\n二"), presegmented=True)] == ["一", "二"]


def test_an_empty_document_has_no_segments() -> None:
    assert segment(document("")) == ()
    assert segment(document(""), presegmented=True) == ()


@pytest.mark.parametrize("unit", ["区块链很好。", "word ", "他说：“好。", "“", "a.", "\u3000", "Mr. A ", "[a](", "`"])
@pytest.mark.parametrize("kind", ["text", "markdown", "pdf"])
def test_one_huge_line_slices_back(unit: str, kind: str) -> None:
    text = unit * (200_000 // len(unit))
    found = segment(document(text, kind=kind))
    assert all(text[s.start : s.end] == s.text for s in found)


PIECES = st.sampled_from(
    ["The bank joined. ", "「你去哪裡？」", "他说：“好。”", "\n", "\n\n", "\r\n", "……", "3.5", "JD.com", "“", "”",
     "(", "）", " ", "\u3000", "Mr. ", "e.g. ", "1. ", "区块链", "區塊鏈", "https://a.b/c?d=e.", "!?", "。", ". ", "\t",
     "😀", "e\u0301", "# ", "- ", "> ", "```", "|", "<br/>", "---", "[a](b)", "Related Posts", "2022年7月21日",
     "\u2028", "\x0c", "\ud800"]
)  # fmt: skip
TEXTS = st.one_of(st.lists(PIECES, max_size=40).map("".join), st.text(max_size=80))


@settings(max_examples=80, deadline=None)
@given(
    TEXTS,
    st.sampled_from(["text", "markdown", "html", "subtitles"]),
    st.sampled_from([None, "en", "zh"]),
    st.booleans(),
)
def test_segments_slice_back_in_order_without_overlap(text: str, kind: str, lang: str | None, lines: bool) -> None:
    found = segment(document(text, lang, kind), presegmented=lines)
    end = 0
    counts: dict[str, int] = {}
    for s in found:
        assert text[s.start : s.end] == s.text
        assert s.text.strip() == s.text
        assert s.text or lines
        assert s.start >= end
        assert s.index == counts.get(s.lang, 0)
        end = s.end
        counts[s.lang] = s.index + 1


@settings(max_examples=60, deadline=None)
@given(st.lists(PIECES, max_size=40).map("".join))
def test_every_letter_of_a_plain_text_is_in_a_segment(text: str) -> None:
    covered = "".join(s.text for s in segment(document(text)))
    assert sorted(c for c in covered if c.isalnum()) == sorted(c for c in text if c.isalnum())

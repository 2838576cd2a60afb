"""Prose in Markdown: what is in the segments and what is not."""

from __future__ import annotations

from glossary.datamodel import Document, content_id
from glossary.segmentation import segment


def texts(source: str) -> list[str]:
    return [s.text for s in segment(Document(content_id(source), "x.md", source, kind="markdown"))]


def test_front_matter_is_no_prose() -> None:
    assert texts("---\ntitle: A page\nlang: en\n---\n\nOne sentence.\n") == ["One sentence."]


def test_heading_marks_and_anchors_are_left_out() -> None:
    assert texts("## What are DAOs? {#what-are-daos}\n\n标题一\n======\n\n### 區塊鏈 ###\n") == [
        "What are DAOs?",
        "标题一",
        "區塊鏈",
    ]


def test_headings_have_their_role() -> None:
    source = "# Title\n\nA sentence stands here."
    assert [s.role for s in segment(Document("1", "x.md", source, kind="markdown"))] == ["heading", "body"]


def test_fenced_code_is_no_prose() -> None:
    assert texts("Before it.\n\n```python\nx = 1. \n# No.\n```\n~~~\nmore\n~~~\nAfter it.") == [
        "Before it.",
        "After it.",
    ]


def test_tags_and_comments_are_no_prose() -> None:
    source = 'One here.\n\n<Divider />\n\n<!-- hidden\ntext -->\n<ButtonLink\n  to="/a"\n>\n\n<p>Two here.</p>\n'
    assert texts(source) == ["One here.", "Two here."]


def test_images_rules_and_link_definitions_are_no_prose() -> None:
    assert texts("![A map](map.png)\n\n---\n\n[1]: https://a.b\n\nText here.") == ["Text here."]


def test_list_items_and_quotes_lose_their_marks() -> None:
    source = "- First item.\n* Second item.\n1. Third item.\n2) Fourth item.\n> A quoted line.\n- [x] Done item."
    assert texts(source) == [
        "First item.",
        "Second item.",
        "Third item.",
        "Fourth item.",
        "A quoted line.",
        "Done item.",
    ]


def test_a_list_item_goes_on_over_its_lines() -> None:
    assert texts("- First item\n  goes on.\n- Second.") == ["First item\n  goes on.", "Second."]


def test_table_cells_are_paragraphs_and_rules_are_not() -> None:
    assert texts("| Term | 词语 |\n|---|:--:|\n| ledger | 账本 |\n") == ["Term", "词语", "ledger", "账本"]


def test_wrapped_lines_are_one_sentence_and_slice_back() -> None:
    assert texts("One sentence that\r\nis wrapped. Two.\r\n") == ["One sentence that\r\nis wrapped.", "Two."]


def test_inline_markup_stays_and_hides_its_stops() -> None:
    source = "See [the docs.](https://a.b/c. D) and `x. Y`. **Bold** ends."
    assert texts(source) == ["See [the docs.](https://a.b/c. D) and `x. Y`.", "**Bold** ends."]


def test_footnote_definitions_are_footnotes() -> None:
    source = "Text here.[^1]\n\n[^1]: NFT stands for Non-Fungible Token."
    found = segment(Document("1", "x.md", source, kind="markdown"))
    assert [(s.role, s.text) for s in found][-1] == ("footnote", "NFT stands for Non-Fungible Token.")


def test_a_reading_list_in_documentation_is_article_text() -> None:
    source = "# 页面\n\n这是第一句话，它比较长。\n\n## 延伸阅读\n\n- [区块链指南](https://a.b)\n"
    found = segment(Document("1", "x.md", source, kind="markdown"))
    assert {s.role for s in found} == {"heading", "body"}


def test_directives_of_doc_generators_are_no_prose() -> None:
    assert texts(":label:`sec_aws`\n\n:::note\n\n$$x = y.$$\n\nText here.\n\n$$\nz\n$$") == ["Text here."]

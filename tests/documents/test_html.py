"""Web pages: what of them is text, which language they are in, how they are decoded."""

from __future__ import annotations

from pathlib import Path

import pytest

from glossary.datamodel import Document
from glossary.documents import read_document
from glossary.segmentation import segment


def read(folder: Path, page: str | bytes, name: str = "page.html") -> Document:
    (folder / name).write_bytes(page if isinstance(page, bytes) else page.encode())
    return read_document(folder / name)


def paragraphs(folder: Path, page: str) -> list[str]:
    return read(folder, page).text.split("\n\n")


PAGE = """<!DOCTYPE html><html lang="en-GB"><head><title>Tab title</title><style>p { color: red }</style></head><body>
<header><a href="/">Site name</a></header>
<nav><ul><li>Home</li><li>About us</li></ul></nav>
<main><h1>The harbour<br>ledger</h1>
<p>Every carrier writes to it,
   and <b>no one</b> can <a href="#x">change</a> it.<script>track()</script></p>
<ul><li>Containers</li><li>Seals</li></ul>
<table><tr><th>Blockchain</th><td>區塊鏈</td></tr></table>
<blockquote><p>We used to telephone the ship, and the ship telephoned the agent, who never answered.</p></blockquote>
</main>
<aside>Read more</aside><form><label>Your name</label></form><footer>© Site name</footer></body></html>"""


def test_a_page_gives_its_article_without_the_page_around_it(tmp_path: Path) -> None:
    assert paragraphs(tmp_path, PAGE) == [
        "# The harbour ledger",
        "Every carrier writes to it, and no one can change it.",
        "• Containers",
        "• Seals",
        "Blockchain",
        "區塊鏈",
        "We used to telephone the ship, and the ship telephoned the agent, who never answered.",
    ]


def test_the_marks_are_not_in_the_segments(tmp_path: Path) -> None:
    document = read(tmp_path, PAGE)
    found = segment(document)
    assert [(s.text, s.role) for s in found][:3] == [
        ("The harbour ledger", "heading"),
        ("Every carrier writes to it, and no one can change it.", "body"),
        ("Containers", "body"),
    ]
    assert all(document.text[s.start : s.end] == s.text for s in found)


def test_a_place_in_a_page_is_its_paragraph(tmp_path: Path) -> None:
    document = read(tmp_path, "<h1>One</h1><p>Two.<p>三。")
    assert [document.line_at(s.start) for s in segment(document)] == [1, 2, 3]


def test_a_form_around_the_whole_page_is_no_furniture(tmp_path: Path) -> None:
    assert paragraphs(tmp_path, "<body><form><p>All of the text.</p></form></body>") == ["All of the text."]


def test_two_articles_side_by_side_are_both_text(tmp_path: Path) -> None:
    english, chinese = "The port keeps a ledger. " * 9, "港口有账本。" * 9
    page = f"<article lang=en><p>{english}</article><article lang=zh><p>{chinese}</article>"
    assert [p[:5] for p in paragraphs(tmp_path, page)] == ["The p", "港口有账本"]


def test_an_article_stands_for_its_page_and_keeps_the_title_before_it(tmp_path: Path) -> None:
    page = (
        f"<h1>Title</h1><div>Share</div><article><p>{'The port keeps a ledger. ' * 9}</article><div>Popular now</div>"
    )
    assert [p[:8] for p in paragraphs(tmp_path, page)] == ["# Title", "The port"]


def test_the_header_of_an_article_is_kept(tmp_path: Path) -> None:
    page = "<article><header><h1>Title</h1><p>Lead.</p></header><p>The text of it all is here.</p></article>"
    assert paragraphs(tmp_path, page) == ["# Title", "Lead.", "The text of it all is here."]


def test_hidden_elements_are_left_out(tmp_path: Path) -> None:
    page = "<p>Seen and read by all.</p><p hidden>a</p><p style='display: none'>b</p><a aria-hidden=true>#</a>"
    assert paragraphs(tmp_path, page) == ["Seen and read by all."]


def test_notes_are_notes_and_their_numbers_are_no_text(tmp_path: Path) -> None:
    page = """<p>An NFT<sup><a href="#fn1">1</a></sup> is sold.</p>
    <section class="footnotes"><h2>Notes</h2><ol><li id="fn1">
    <p>NFT stands for token. <a href="#r">↩︎</a></p></li></ol>"""
    document = read(tmp_path, page)
    assert document.text.split("\n\n") == ["An NFT is sold.", "# Notes", "[^]: NFT stands for token."]
    assert [s.role for s in segment(document)] == ["body", "heading", "footnote"]


def test_raised_digits_stay_raised(tmp_path: Path) -> None:
    assert paragraphs(tmp_path, "<p>10<sup>6</sup> m<sup>2</sup>, H<sub>2</sub>O</p>") == ["10⁶ m², H2O"]


def test_readings_over_characters_are_left_out(tmp_path: Path) -> None:
    assert paragraphs(tmp_path, "<p><ruby>港<rp>(</rp><rt>gǎng</rt><rp>)</rp></ruby>口</p>") == ["港口"]


def test_a_line_break_between_chinese_characters_is_no_space(tmp_path: Path) -> None:
    assert paragraphs(tmp_path, "<p>區塊鏈\n  是帳本，\n每家 ABC\n公司</p>") == ["區塊鏈是帳本，每家 ABC 公司"]


def test_code_blocks_are_left_out_and_other_preformatted_text_is_not(tmp_path: Path) -> None:
    assert paragraphs(tmp_path, "<pre><code>x = 1</code></pre><pre>One\ntwo.\n\nThree.</pre>") == ["One two.", "Three."]


def test_soft_hyphens_and_zero_width_spaces_vanish(tmp_path: Path) -> None:
    assert paragraphs(tmp_path, "<p>block\u00adchain\u200b&nbsp;here&shy;</p>") == ["blockchain here"]


@pytest.mark.parametrize(
    ("declared", "text", "lang"),
    [
        ("en-US", "The port.", "en"),
        ("zh-TW", "區塊鏈與帳本", "zh-Hant-TW"),
        ("zh-CN", "區塊鏈與帳本", None),  # the template's, not the text's
        ("en", "區塊鏈與帳本", None),
        ("en", "The port keeps one ledger. 港口有一本帳本。", None),
        ("fr", "Le port.", "fr"),
        ("tlh!", "The port.", None),
    ],
)
def test_a_page_is_in_the_language_it_declares_if_its_letters_agree(
    tmp_path: Path, declared: str, text: str, lang: str | None
) -> None:
    assert read(tmp_path, f'<html lang="{declared}"><p>{text}').lang == lang


def test_the_file_name_wins_over_the_declared_language(tmp_path: Path) -> None:
    assert read(tmp_path, '<html lang="fr"><p>The port.', "a.en.html").lang == "en"


@pytest.mark.parametrize(
    ("head", "codec"),
    [
        ('<meta charset="gb2312">', "gb18030"),
        ('<meta http-equiv="Content-Type" content="text/html; charset=big5">', "big5"),
        ('<meta charset="iso-8859-1">', "cp1252"),
        ('<meta charset="gb2312">', "utf-8"),  # saved anew, the line forgotten
        ('<meta charset="utf-8">', "utf-16"),
        ('<meta charset="nonsense">', "utf-8"),
        ("", "gb18030"),
    ],
)
def test_a_page_is_decoded_as_it_says_unless_that_is_wrong(tmp_path: Path, head: str, codec: str) -> None:
    text = "“Naïve”" if codec == "cp1252" else "區塊鏈的應用，在中國。"
    assert read(tmp_path, f"{head}<p>{text}".encode(codec)).text == text


@pytest.mark.parametrize("start", ['<?xml version="1.0"?><html>', '<html xmlns="http://www.w3.org/1999/xhtml">'])
def test_xhtml_with_empty_elements_and_named_entities_is_read_whole(tmp_path: Path, start: str) -> None:
    head = f'{start}<head><title/><script src="a"/></head>'
    page = f'{head}<body><a id="x"/><p>A&nbsp;b &amp; c&mdash;d</p></body></html>'
    assert read(tmp_path, page, "a.xhtml").text == "A b & c—d"


def test_xhtml_that_is_not_well_formed_is_read_as_browsers_do(tmp_path: Path) -> None:
    assert read(tmp_path, '<?xml version="1.0"?><html><p>One<br>two', "a.xhtml").text == "One\n\ntwo"

"""Article text and what stands around it."""

from __future__ import annotations

import pytest

from glossary.datamodel import Document, Segment, content_id
from glossary.segmentation import segment

BODY = "The city opened a ledger for its port last year, and forty banks have joined it since."
HAN_BODY = "该市去年为港口开通了账本，此后已有四十家银行加入其中。"


def cut(text: str, kind: str = "text") -> tuple[Segment, ...]:
    return segment(Document(content_id(text), "x.txt", text, kind=kind))


def role_of(line: str, *, before: str = "", after: str = BODY) -> str:
    """The role of one paragraph between others."""
    found = [s for s in cut(f"{before}\n\n{line}\n\n{after}") if s.text in line]
    assert found, line
    return found[0].role


@pytest.mark.parametrize(
    "line",
    [
        "Sat, July 2, 2022 at 2:30 AM",
        "July 2, 2022",
        "2 July 2022, 14:05 GMT",
        "2022-07-02 10:15",
        "Updated: Jan. 3, 2023 | Published: Jan. 2, 2023",
        "Last updated on Monday, 3 January 2023",
        "2022年7月21日 星期四",
        "2022年7月21日（星期四）下午3:15",
        "發布時間：2022 年 7 月 21 日",
        "民國111年7月21日",
        "二〇二二年七月二十一日",
    ],
)
def test_a_line_that_is_only_a_date_is_furniture(line: str) -> None:
    assert role_of(line) == "furniture"


@pytest.mark.parametrize(
    "line",
    [
        "By Helen Kwok and Raymond Tse",
        "Written by: Helen Kwok",
        "South China Morning Post",
        "The Straits Times",
        "Source :",
        "Source: CoinTelegraph",
        "Photo: Reuters",
        "Related: A failed ban? What the regulator wants",
        "Tags: blockchain, China",
        "Yesterday the agency published the following report:",
        "責任編輯：王小明",
        "来源：新华社",
        "文／王小明",
        "記者王小明／台北報導",
        "相關閱讀：另一篇文章",
        "《明報》報道全文如下：",
        "聯合新聞網",
    ],
)
def test_credits_and_lead_ins_before_an_article_are_furniture(line: str) -> None:
    assert role_of(line, before="Forty banks join\n\n四十家银行加入") == "furniture"


@pytest.mark.parametrize(
    "line",
    [
        "Bookmark (0)",
        "Comments (12)",
        "Share on Facebook",
        "Advertisement",
        "Subscribe to our newsletter",
        "Your email address will not be published. Required fields are marked *",
        "All rights reserved.",
        "留言（3）",
        "廣告",
        "訂閱電子報",
        "版權所有，未經授權不得轉載",
        "电子邮件地址不会被公开。 必填项已用*标注",
        "* * *",
    ],
)
def test_buttons_forms_and_notices_are_furniture(line: str) -> None:
    assert role_of(line, before=BODY) == "furniture"


@pytest.mark.parametrize(
    "line",
    [
        "On July 2, 2022, the agency published its list of services for the first time.",
        "By linking the courts, the city saves a year of work for every judge in it.",
        "The Post wrote that the following banks had joined: three from Fujian and one from Macau.",
        "Source code is open to everyone who has asked the agency for it.",
        "Sources: the agency, two banks and the operator of the port all said that they would wait for the court, "
        "which meets in May, before they decide whether the ledger can be opened to the public and to the press.",
        "Related parties must register with the agency before they may write to the ledger.",
        "Sign up for the pilot began in May, the agency said in a statement.",
        "Copyright cases rose by half last year, according to the court.",
        "This report was the first of its kind in the country, the court said.",
        "Author: the ledger treats every writer of a record as its author.",
        "未經授權的平台已被關停，該機構週四表示。",
        "加入聯盟的銀行已有四十家，另有三家正在申請。",
        "Comments from the public are welcome until the end of the month, it said.",
        "2022年7月21日，该机构首次公布了服务名单，共计一百九十七个项目。",
        "记者会上，该机构表示将继续扩大试点，并邀请更多银行加入。",
        "来源不明的记录会被账本拒绝，直到检查员确认为止。",
        "分享数据的机构越来越多，账本因此变得更有价值。",
    ],
)
def test_sentences_that_only_begin_like_furniture_are_body(line: str) -> None:
    assert role_of(line, before=f"{BODY}\n\n{HAN_BODY}", after="") == "body"
    assert role_of(line, before="", after=BODY) == "body"


@pytest.mark.parametrize("heading", ["Related Posts", "You may also like", "Leave a Reply", "More from TechNode"])
def test_related_posts_and_comment_forms_take_the_rest_with_them(heading: str) -> None:
    roles = [s.role for s in cut(f"{BODY}\n\n{heading}\n\nTen ports to watch\n\nOur list has a surprise.\n\nName *")]
    assert roles == ["body", *["furniture"] * 4]


@pytest.mark.parametrize("heading", ["相關文章", "延伸閱讀", "推荐阅读", "發表評論", "猜你喜欢"])
def test_chinese_related_posts_take_the_rest_with_them(heading: str) -> None:
    roles = [s.role for s in cut(f"{HAN_BODY}\n\n{heading}\n\n十个值得关注的港口\n\n我们的名单会让你大吃一惊。")]
    assert roles == ["body", *["furniture"] * 3]


def test_related_posts_end_where_the_other_language_begins() -> None:
    segments = cut(f"{BODY}\n\nRelated Posts\n\nTen ports\n\n{HAN_BODY}")
    assert [(s.lang, s.role) for s in segments][-1] == ("zh-Hans", "body")


def test_an_article_that_goes_on_after_a_box_of_related_posts_is_kept() -> None:
    long = " ".join([BODY] * 4)
    text = f"{BODY}\n\nRelated Posts\n\nTen ports to watch\n\n{long}\n\n{long}\n\n{long}"
    assert [s.role for s in cut(text)].count("body") == 13


def test_an_author_biography_at_the_end_is_furniture_and_elsewhere_body() -> None:
    biography = "Mei is the science editor at Harbour Weekly. Previously, she was a reporter in Macau."
    assert role_of(biography, before=BODY, after="") == "furniture"
    assert role_of(biography, before=BODY, after=BODY.replace("city", "town")) == "body"


def test_a_notice_at_the_end_is_furniture() -> None:
    notice = "BeInCrypto has reached out to the company to get an official statement, but it has yet to hear back."
    assert role_of(notice, before=BODY, after="") == "furniture"
    assert role_of("本文僅代表作者個人觀點，不構成投資建議。", before=HAN_BODY, after="") == "furniture"


NOTES = "1. NFT stands for Non-Fungible Token. (https://example.org)\n\n2. Web3 is the third generation of the web."


def test_numbered_definitions_at_the_end_are_footnotes() -> None:
    found = cut(f"{BODY}\n\n1. NFT stands for Non-Fungible Token.\n\n2. Web3 refers to the next web.")
    assert [s.role for s in found] == ["body", "footnote", "footnote"]


def test_numbered_paragraphs_after_both_languages_are_footnotes() -> None:
    text = f"{BODY}\n\n{BODY}\n\n{HAN_BODY}\n\n1. Ledgers are books.\n\n2. Ports are places.\n\nBookmark (0)"
    assert [s.role for s in cut(text)] == ["body", "body", "body", "footnote", "footnote", "furniture"]


@pytest.mark.parametrize("heading", ["Notes", "References:", "註釋", "名词解释："])
def test_a_notes_heading_makes_footnotes_of_what_follows(heading: str) -> None:
    roles = [s.role for s in cut(f"{BODY}\n\n{heading}\n\n1. Ledgers are books.\n\n2. Ports are places.")]
    assert roles == ["body", "furniture", "footnote", "footnote"]


def test_a_numbered_list_in_an_article_stays_body() -> None:
    text = f"{BODY}\n\n1. Users cannot be banned by anyone.\n\n2. The source code is open.\n\n{BODY}"
    assert {s.role for s in cut(text)} == {"body"}
    assert {s.role for s in cut(f"{BODY}\n\n1. Open the file.\n\n2. Save it.")} == {"body"}


def test_a_recap_after_the_translation_is_a_summary() -> None:
    text = "\n\n".join([BODY] * 4 + [HAN_BODY] * 3 + ["In short, the city has opened a ledger for its port."])
    assert [s.role for s in cut(text)] == ["body"] * 7 + ["summary"]


def test_interleaved_paragraphs_hold_no_summary() -> None:
    text = "\n\n".join([BODY, HAN_BODY] * 4 + [BODY])
    assert {s.role for s in cut(text)} == {"body"}


def test_a_long_second_english_part_is_no_summary() -> None:
    text = "\n\n".join([BODY] * 3 + [HAN_BODY] * 3 + [BODY] * 3)
    assert {s.role for s in cut(text)} == {"body"}


@pytest.mark.parametrize(
    "title",
    ["Forty banks join a ledger", "What could go wrong?", "四十家銀行加入帳本", "Tea and NFT", "A Year of Bad News",
     "More on blockchain", "加入聯盟的銀行", "關注區塊鏈的發展", "作者的權利", "區塊鏈新聞"],
)  # fmt: skip
def test_a_short_line_without_a_full_stop_is_a_heading(title: str) -> None:
    expected = "body" if title.endswith("?") else "heading"
    assert role_of(title) == expected


def test_a_chinese_sentence_that_lost_its_stop_is_body() -> None:
    assert role_of("港務局估計,到 2031 年,全港電子提單的總值可能超過 90 億美元,每年平均升幅將達到 12%") == "body"

"""The HTML report of term candidates: complete, closed in itself, and unbreakable by what a text holds."""

from __future__ import annotations

import io
import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from glossary.datamodel import (
    Bead,
    Bitext,
    Definition,
    Document,
    Extraction,
    Flag,
    Occurrence,
    Segment,
    TermCandidate,
    content_id,
)
from glossary.exchange import write_candidates
from glossary.exchange.report import MOST_CONTEXTS

VOID = {"meta", "input"}


class _Page(HTMLParser):
    """Tags balanced or an error; the text of every tag by name, and all attributes."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.texts: list[tuple[tuple[str, ...], str]] = []
        self.attributes: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.attributes.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.texts.append((tuple(self.open), data))

    def inside(self, tag: str) -> list[str]:
        return [text for open_, text in self.texts if tag in open_]


def _page(html: str) -> _Page:
    page = _Page()
    page.feed(html)
    page.close()
    assert page.open == []
    return page


def _extraction(name: str, pairs: list[tuple[str, str]], term: tuple[str, str], **kept: object) -> Extraction:
    """Pairs of sentences, a bead each, and one candidate that stands wherever its two forms do."""
    sides = []
    for number, lang in enumerate(("en", "zh-Hant-TW")):
        at, made = 0, []
        for index, pair in enumerate(pairs):
            made.append(Segment(f"{name}{number}", index, lang, pair[number], at, at + len(pair[number])))
            at += len(pair[number]) + 1
        sides.append(tuple(made))
    beads = tuple(Bead(range(i, i + 1), range(i, i + 1), 0.9) for i in range(len(pairs)))
    places = []
    for number, (source, target) in enumerate(zip(*sides, strict=True)):
        spans = [
            (s.start + s.text.find(form), s.start + s.text.find(form) + len(form))
            for s, form in zip((source, target), term, strict=True)
        ]
        if term[0] in source.text and term[1] in target.text:
            places.append(Occurrence(number, spans[0], spans[1]))
    candidate = TermCandidate(
        *term, "en", "zh-Hant-TW", "concept", 0.83, "parenthesis", occurrences=tuple(places), **kept  # type: ignore[arg-type]
    )  # fmt: skip
    documents = [
        Document(f"{name}{n}", f"{name}.{n}.txt", "\n".join(p[n] for p in pairs), lang)
        for n, lang in enumerate(("en", "zh-Hant-TW"))
    ]
    return Extraction(content_id(name), documents[0], documents[1], Bitext(sides[0], sides[1], beads), (), (candidate,))


def _written(*extractions: Extraction, top: int | None = None) -> str:
    stream = io.StringIO()
    write_candidates(extractions, "html", stream, top=top)
    return stream.getvalue()


ROWS = [("One smart contract.", "一份智能合約。"), ("A second smart contract.", "第二份智能合約。")]
TERM = ("smart contract", "智能合約")


def test_both_sides_show_the_term_marked_with_language_document_and_line() -> None:
    page = _page(_written(_extraction("a", ROWS, TERM)))
    assert page.inside("mark") == ["smart contract", "智能合約"] * 2
    assert {a.get("lang") for _, a in page.attributes} >= {"en", "zh-Hant-TW"}
    assert "a.0.txt:1 ↔ a.1.txt:1" in page.inside("p")
    assert "a.0.txt:2 ↔ a.1.txt:2" in page.inside("details")


def test_full_forms_definition_rule_and_flags_are_said_in_words() -> None:
    kept = {
        "expansions": ("smart legal contract",),
        "source_forms": ("smart contracts",),
        "definitions": (Definition("A smart contract is a program.", "en", "a0", 0, 20, "is"),),
        "flags": (Flag("damaged", "probably lost a character before 能", "能合約", "智能合約"),),
    }
    shown = " ".join("".join(_page(_written(_extraction("a", ROWS, TERM, **kept))).inside("article")).split())
    for words in (
        "sure .83", "concept", "glossed in brackets", "smart contracts", "smart legal contract",
        "A smart contract is a program. a.0.txt:1",
        "Damaged: 能合約: probably lost a character before 能. Perhaps 智能合約.",
    ):  # fmt: skip
        assert words in shown


def test_the_page_fetches_nothing_and_runs_nothing() -> None:
    html = _written(_extraction("a", ROWS, TERM))
    page = _page(html)
    assert not {tag for tag, _ in page.attributes} & {"script", "link", "img", "iframe", "object", "base"}
    assert not [a for _, a in page.attributes for name in a if name in ("src", "style") or name.startswith("on")]
    assert all((a.get("href") or "#").startswith("#") for _, a in page.attributes)
    assert not re.search(r"url\(|@import|https?:", html)


def test_no_more_contexts_than_the_limit_and_the_number_is_said() -> None:
    rows = [(f"Number {n}, a smart contract.", f"{n}號智能合約。") for n in range(20)]
    page = _page(_written(_extraction("a", rows, TERM)))
    assert page.inside("mark") == list(TERM) * MOST_CONTEXTS
    assert f"{MOST_CONTEXTS - 1} of 19 more places" in page.inside("summary")


def test_a_sentence_of_any_length_is_cut_around_the_term() -> None:
    rows = [("Word " * 5000 + "smart contract" + " word" * 5000, "字" * 9000 + "智能合約")]
    html = _written(_extraction("a", rows, TERM))
    assert _page(html).inside("mark") == list(TERM)
    assert html.count("Word") + html.count("word") < 200


def test_every_choice_of_filters_that_leaves_nothing_says_so() -> None:
    flagged = _extraction("b", ROWS, ("contract", "合約"), flags=(Flag("conflict", "also rendered 契約", "契約"),))
    html = _written(_extraction("a", ROWS, TERM), flagged)
    ids = {a["id"] for tag, a in _page(html).attributes if tag == "input"}
    assert ids == {"flag-all", "flag-any", "flag-none", "flag-conflict"}
    assert 'body:has(#flag-conflict:checked) .term:not([data-flag~="conflict"])' in html
    assert ".none { display: block }" not in html  # one kind, all with renderings: no choice leaves nothing


def test_without_terms_the_page_says_so() -> None:
    assert "No terms were found" in _written()


def test_top_is_kept() -> None:
    page = _page(_written(_extraction("a", ROWS, TERM), _extraction("b", ROWS, ("contract", "合約")), top=1))
    assert sum(tag == "article" for tag, _ in page.attributes) == 1


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.text(st.characters(), min_size=1, max_size=12), st.text(st.characters(), min_size=1, max_size=12))
def test_no_text_breaks_the_page(source: str, target: str) -> None:
    rows = [(f"<p>{source}</p>", f"</article>{target}")]
    page = _page(_written(_extraction("a", rows, (source, target), expansions=(f"<script>{source}",))))
    assert sum(tag == "article" for tag, _ in page.attributes) == 1
    assert not [tag for tag, _ in page.attributes if tag == "script"]


@pytest.mark.parametrize("form", ["\ud800", "\x00", "\ufffe", "\x85"])
def test_what_no_page_may_hold_is_replaced(form: str) -> None:
    html = _written(_extraction("a", [(f"a{form}", f"b{form}")], (f"a{form}", f"b{form}")))
    assert form not in html
    assert "a\ufffd" in html
    html.encode("utf-8")


def test_five_thousand_terms_are_one_page_of_bounded_size() -> None:
    one = _extraction("a", ROWS, TERM)
    many = [replace(one.candidates[0], source=f"smart contract {n}") for n in range(5000)]
    html = _written(replace(one, candidates=tuple(many)))
    assert html.count("<article") == 5000
    assert len(html) < 10_000_000

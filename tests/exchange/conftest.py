"""A small glossary and a small bitext with every kind of content an exporter must get right."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, Phase, given, settings
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
from glossary.variants import with_converted
from tests.conftest import Once

from . import strategies

GLOSSARIES = 25
URI = "articles/blockchain news.txt"


def proof(rule: str = "parenthesis", when: str = "") -> tuple[Provenance, ...]:
    return (Provenance("doc1", 4, 7, rule, 0.97, bitext_id="pair1", bead=0, when=when),)


def context(source: str, target: str, line: int, score: float = 0.93) -> Context:
    return Context(
        source, target, "en", "zh-Hant", ((0, 1),), ((0, 1),) if target else (), "pair1", 0, URI, line, score
    )


def sample_entries() -> list[ConceptEntry]:
    nft = ConceptEntry(
        "0f3a9c21d4e5b687",
        (
            LangSec(
                "en",
                (TermSec("NFT", "acronym", provenance=proof()), TermSec("non-fungible token", provenance=proof())),
                (Definition("NFT stands for non-fungible token.", "en", "doc1", 10, 44, "stands-for"),),
            ),
            LangSec(
                "zh-Hant",
                (TermSec("非同質化代幣", provenance=proof()), TermSec("NFT", "acronym", provenance=proof("identical"))),
            ),
        ),
        "acronym",
        0.97,
        (context("An NFT is\tunique.", "NFT 是獨一無二的。", 12), context("NFTs sell.", "", 3, 0.0)),
        subject_field="blockchain",
        note="Check the Taiwan\nusage.",
    )
    damaged = TermSec("子收藏品", provenance=proof(), flags=(Flag("damaged", "a character is missing before 子"),))
    collectibles = ConceptEntry(
        "1b7c000000000001",
        (LangSec("en", (TermSec("digital collectibles", provenance=proof()),)), LangSec("zh-Hant", (damaged,))),
        "concept",
        0.8,
        (context("Digital collectibles.", "子收藏品。", 40),),
        flags=(Flag("conflict", "two renderings"),),
    )
    approved = TermSec("數字身份", review_state="approved", administrative_status="preferred", provenance=proof())
    forbidden = TermSec("数码身份", administrative_status="forbidden", provenance=proof())
    identity = ConceptEntry(
        "2c00000000000002",
        (
            LangSec("en", (TermSec("digital identity", provenance=proof()),)),
            LangSec("zh-Hant", (approved,)),
            LangSec("zh-Hans", (forbidden, replace(approved, term="数字身份"))),
        ),
        "concept",
        0.9,
    )
    alone = ConceptEntry(
        "3d00000000000003", (LangSec("en", (TermSec("IDC", "acronym", provenance=proof()),)),), "acronym", 0.4
    )
    percent = ConceptEntry(
        "4e00000000000004",
        (
            LangSec("en", (TermSec('100% "proof" \\ <b>&amp;</b>', provenance=proof()),)),
            LangSec("zh-Hans", (TermSec("百分之百𠮷", provenance=proof()),)),
        ),
        "concept",
        0.3,
    )
    homonyms = [
        ConceptEntry(
            identifier,
            (
                LangSec("en", (TermSec("chain", provenance=proof()),)),
                LangSec("zh-Hans", (TermSec(zh, provenance=proof()),)),
            ),
            "concept",
            0.5,
        )
        for identifier, zh in (("5a00000000000005", "链"), ("5b00000000000006", "连锁店"))
    ]
    formula = ConceptEntry(
        "6f00000000000007", (LangSec("en", (TermSec("=cmd()", provenance=proof()),)),), "concept", 0.1
    )
    return [with_converted(e) for e in (nft, identity, collectibles, *homonyms, alone, percent, formula)]


def sample_bitext() -> Bitext:
    english = ["Title", 'It\'s <b>bold</b> & "new".', "A tab\tand\nbreak \\n.", "Untranslated.", "End. 𠮷"]
    chinese = ["標題", "這是<新>的。", "後面。", "結束。𠮷"]
    sides = []
    for document, lang, texts in (("doc-en", "en", english), ("doc-zh", "zh-Hant", chinese)):
        at, segments = 0, []
        for i, text in enumerate(texts):
            segments.append(Segment(document, i, lang, text, at, at + len(text)))
            at += len(text) + 1
        sides.append(tuple(segments))
    beads = (
        Bead(range(1), range(1), 0.95, {"cosine": 0.9}),
        Bead(range(1, 3), range(1, 3), 0.6123456, {"cosine": 0.5}),
        Bead(range(3, 4), range(3, 3), 0.0),
        Bead(range(4, 5), range(3, 4), 0.3),
    )
    return Bitext(sides[0], sides[1], beads, "test 1")


@pytest.fixture(scope="session")
def glossaries(once: Once) -> list[list[ConceptEntry]]:
    """Small glossaries of hostile entries with every field filled, other ones in every run.

    They are made once for all formats: making them takes longer than writing and reading them.
    """
    return once.made("glossaries", _glossaries)


def _glossaries() -> list[list[ConceptEntry]]:
    made: list[list[ConceptEntry]] = []

    @settings(
        max_examples=GLOSSARIES, deadline=None, database=None, suppress_health_check=list(HealthCheck),
        phases=[Phase.generate],
    )  # fmt: skip
    @given(st.lists(strategies.rich_entries(), max_size=4, unique_by=lambda e: e.id))
    def make(entries: list[ConceptEntry]) -> None:
        made.append(entries)

    make()
    return made


@pytest.fixture
def entries() -> list[ConceptEntry]:
    return sample_entries()


@pytest.fixture
def bitext() -> Bitext:
    return sample_bitext()

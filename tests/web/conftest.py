"""A small invented glossary, built through the store's door, and the app over it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from glossary.config import Settings
from glossary.datamodel import (
    Bead,
    Bitext,
    ConceptEntry,
    Context,
    Definition,
    Document,
    Extraction,
    Flag,
    LangSec,
    Provenance,
    Segment,
    TermSec,
    content_id,
)
from glossary.store import open_store
from glossary.variants import with_converted
from web import create_app

HARROW = [  # source sentences, target sentences, score
    (["A town library puts its catalogue on a blockchain"], ["小鎮圖書館把館藏目錄搬上區塊鏈"], 0.98),
    (
        ["The library at Harrow Bridge has two cats and, since March, a ledger that nobody can quietly rewrite."],
        ["哈羅橋的圖書館有兩隻貓，今年三月起還多了一本帳本。", "這本帳本，誰也不能悄悄改寫。"],
        0.91,
    ),
    (
        ["Each rare book is registered as an NFT.", "The token follows the book when it moves to another branch."],
        ["每本珍本書都登記成一枚非同質化代幣（NFT），書調到別的分館，代幣也跟著走。"],
        0.88,
    ),
    (
        ["The staff rent the system as BaaS, so there is no server in the basement."],
        ["館方以區塊鏈即服務（BaaS）的方式租用系統，地下室裡因此沒有伺服器。"],
        0.95,
    ),
    (["Readers can sign up at the front desk on weekdays."], [], 0.0),
    (["Each visitor receives a digital collectible at the door."], ["每位訪客在入口處會收到一件子收藏品。"], 0.86),
    (["The pilot covers forty thousand titles."], ["試辦範圍約四萬種，第一年的費用由鎮公所負擔。"], 0.61),
    (["A smart contract renews a loan when no one else is waiting."], ["若沒有人預約，智慧合約會自動續借。"], 0.94),
    (["It has been wrong once."], ["去年冬天停電兩天，帳本照常運作。"], 0.34),
    ([], ["（本文照片由館方提供。）"], 0.0),
]
HARROW_NOTES = [
    ("footnote", "BaaS is blockchain as a service, rented by the month."),
    ("furniture", "21 November 2026"),
]
HANDBOOK = [
    (["Every non-fungible token carries its own serial number."], ["每一枚非同质化代币都有自己的序列号。"], 0.92),
    (["A smart contract is a program kept on the blockchain."], ["智能合约是保存在区块链上的程序。"], 0.97),
]


def _document(uri: str, lang: str, sentences: list[str]) -> Document:
    text = "\n".join(sentences)
    return Document(content_id(uri, text), uri, text, lang)


def _segments(document: Document, sentences: list[str], start: int = 0, role: str = "body") -> tuple[Segment, ...]:
    out, at = [], 0
    for index, sentence in enumerate(sentences, start):
        begin = document.text.index(sentence, at)
        at = begin + len(sentence)
        out.append(Segment(document.id, index, document.lang or "und", sentence, begin, at, role))  # type: ignore[arg-type]
    return tuple(out)


def make_extraction(
    source_uri: str,
    target_uri: str,
    target_lang: str,
    pairs: list[tuple[list[str], list[str], float]],
    notes: list[tuple[str, str]] | None = None,
) -> Extraction:
    """An extraction out of sentence pairs, with the notes as extra segments of the source."""
    source_texts, target_texts = [s for p in pairs for s in p[0]], [t for p in pairs for t in p[1]]
    notes = notes or []
    source = _document(source_uri, "en", source_texts + [text for _, text in notes])
    target = _document(target_uri, target_lang, target_texts)
    beads, s, t = [], 0, 0
    for sources, targets, score in pairs:
        beads.append(Bead(range(s, s + len(sources)), range(t, t + len(targets)), score))
        s, t = s + len(sources), t + len(targets)
    bitext = Bitext(_segments(source, source_texts), _segments(target, target_texts), tuple(beads), "test")
    first = len(source_texts)
    noted = [_segments(source, [text], first + i, role) for i, (role, text) in enumerate(notes)]
    extra = tuple(segment for segments in noted for segment in segments)
    return Extraction(content_id(source_uri, target_uri), source, target, bitext, extra)


def make_context(extraction: Extraction, bead: int, source_term: str, target_term: str) -> Context:
    """The sentence pair of one bead with both terms marked."""
    bitext, of = extraction.bitext, extraction.bitext.beads[bead]
    source = " ".join(bitext.source[i].text for i in of.source)
    target = "".join(bitext.target[i].text for i in of.target)

    def marks(text: str, term: str) -> tuple[tuple[int, int], ...]:
        at = text.find(term) if term else -1
        return ((at, at + len(term)),) if at >= 0 else ()

    return Context(
        source, target, bitext.source_lang, bitext.target_lang, marks(source, source_term), marks(target, target_term),
        extraction.bitext_id, bead, extraction.source.uri, of.source.start + 1, of.score,
    )  # fmt: skip


def make_term(
    extraction: Extraction, form: str, *, score: float = 0.9, flags: tuple[Flag, ...] = (), **more: Any
) -> TermSec:
    """An observed term with its provenance."""
    document = next((d for d in (extraction.source, extraction.target) if form in d.text), extraction.source)
    at = max(0, document.text.find(form))
    proof = Provenance(document.id, at, at + len(form), "dictionary", 0.9, extraction.bitext_id, 0)
    return TermSec(form, score=0.9, provenance=(proof,), flags=flags, **more)


def _entries(harrow: Extraction, handbook: Extraction) -> list[ConceptEntry]:
    def en(*forms: str, definitions: tuple[Definition, ...] = ()) -> LangSec:
        return LangSec("en", tuple(make_term(harrow, f) for f in forms), definitions)

    def hant(*forms: str, flags: tuple[Flag, ...] = (), status: str = "admitted", review: str = "proposed") -> LangSec:
        more: dict[str, Any] = {"administrative_status": status, "review_state": review}
        return LangSec("zh-Hant", tuple(make_term(harrow, f, flags=flags, **more) for f in forms))

    def hans(*forms: str) -> LangSec:
        return LangSec("zh-Hans", tuple(make_term(handbook, f) for f in forms))

    def seen(*places: tuple[Extraction, int, str, str]) -> tuple[Context, ...]:
        return tuple(make_context(*place) for place in places)

    note = harrow.extra[0]
    stands = Definition(note.text, "en", harrow.source.id, note.start, note.end, "is")
    damaged = Flag("damaged", "The text cuts 子收藏品 out of a longer word.", "", "電子收藏品")
    conflict = Flag("conflict", "帳本 and 分類帳 both stand for ledger.", "分類帳")
    return [
        ConceptEntry(
            "nft0000000000001",
            (
                en("NFT", "non-fungible token"),
                hant("非同質化代幣", status="preferred", review="approved"),
                hans("非同质化代币"),
            ),
            "acronym", 0.97,
            seen((harrow, 2, "NFT", "非同質化代幣"), (handbook, 0, "non-fungible token", "非同质化代币")),
        ),
        ConceptEntry(
            "blockchain000001", (en("blockchain"), hant("區塊鏈"), hans("区块链")), "concept", 0.96,
            seen((harrow, 0, "blockchain", "區塊鏈"), (handbook, 1, "blockchain", "区块链")),
        ),
        ConceptEntry(
            "baas000000000001", (en("BaaS", "blockchain as a service", definitions=(stands,)), hant("區塊鏈即服務")),
            "acronym", 0.95, seen((harrow, 3, "BaaS", "區塊鏈即服務")),
        ),
        ConceptEntry(
            "smart00000000001", (en("smart contract"), hant("智慧合約"), hans("智能合约")), "concept", 0.94,
            seen((harrow, 7, "smart contract", "智慧合約"), (handbook, 1, "smart contract", "智能合约")),
        ),
        ConceptEntry(
            "ledger0000000001", (en("ledger"), hant("帳本", "分類帳")), "concept", 0.88,
            seen((harrow, 1, "ledger", "帳本")), flags=(conflict,),
        ),
        ConceptEntry(
            "collect000000001", (en("digital collectible"), hant("子收藏品", flags=(damaged,))), "concept", 0.71,
            seen((harrow, 5, "digital collectible", "子收藏品")), flags=(replace(damaged, form="子收藏品"),),
        ),
        ConceptEntry(
            "harrow0000000001", (en("Harrow Bridge"), hant("哈羅橋")), "place", 0.9,
            seen((harrow, 1, "Harrow Bridge", "哈羅橋")),
        ),
        ConceptEntry("desk000000000001", (en("front desk"),), "concept", 0.4, seen((harrow, 4, "front desk", ""))),
    ]  # fmt: skip


def build_store(path: Path) -> dict[str, str]:
    """Fill a new store; gives the ids of its documents."""
    harrow = make_extraction(
        "texts/harrow-bridge.en.txt", "texts/harrow-bridge.zh-Hant.txt", "zh-Hant", HARROW, HARROW_NOTES
    )
    handbook = make_extraction("texts/handbook.en.md", "texts/handbook.zh-Hans.md", "zh-Hans", HANDBOOK)
    long_pairs = [([f"Rule {n} of the club."], [f"會規第{n}條。"], 0.5 + n % 5 / 10) for n in range(1, 451)]
    rules = make_extraction("texts/rules.txt", "texts/rules.txt", "zh-Hant", long_pairs)
    with open_store(str(path)) as store:
        for extraction in (harrow, handbook, rules):
            store.put(extraction)
        store.sync_entries([with_converted(e) for e in _entries(harrow, handbook)])
    return {"harrow": harrow.bitext_id, "handbook": handbook.bitext_id, "rules": rules.bitext_id}


@pytest.fixture(scope="session")
def documents(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The ids of the documents of the store, which nobody changes."""
    path = tmp_path_factory.mktemp("store") / "glossary.db"
    return {"path": str(path), **build_store(path)}


@pytest.fixture(scope="session")
def app(documents: dict[str, str]) -> Flask:
    """The app over the small glossary."""
    return create_app(Settings(store=documents["path"]))


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A browser without cookies that asks for English."""
    client = app.test_client()
    client.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
    return client


@pytest.fixture
def absent(tmp_path: Path) -> FlaskClient:
    """A browser of an app whose store was never built."""
    return create_app(Settings(store=str(tmp_path / "none.db"))).test_client()

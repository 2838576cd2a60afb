"""Two renderings of one term, and two terms with one rendering: kept side by side, each flagged with the other."""

from __future__ import annotations

from collections.abc import Sequence

from glossary.datamodel import (
    Bead,
    Bitext,
    ConceptEntry,
    Document,
    Extraction,
    Flag,
    Occurrence,
    Segment,
    TermCandidate,
    content_id,
)
from glossary.terms import assemble

Pair = tuple[str, str, float]


def _extraction(name: str, pairs: Sequence[Pair], chinese: str = "zh-Hant", **kept: object) -> Extraction:
    """A document whose sentences are the terms themselves, a bead a pair."""
    sides, beads = [], []
    for side, lang in enumerate(("en", chinese)):
        texts, at = [], 0
        for index, pair in enumerate(pairs):
            texts.append(Segment(f"{name}-{side}", index, lang, str(pair[side]), at, at + len(str(pair[side]))))
            at += len(str(pair[side])) + 1
        sides.append(tuple(texts))
    beads = [Bead(range(i, i + 1), range(i, i + 1), 0.9) for i in range(len(pairs))]
    found: dict[tuple[str, str], list[Occurrence]] = {}
    for n, (source, target, _) in enumerate(pairs):
        spans = [(s[n].start, s[n].end) for s in sides]
        found.setdefault((source, target), []).append(Occurrence(n, spans[0], spans[1]))
    scores = {(source, target): score for source, target, score in pairs}
    candidates = tuple(
        TermCandidate(s, t, "en", chinese, "concept", scores[s, t], "alignment", occurrences=tuple(places), **kept)  # type: ignore[arg-type]
        for (s, t), places in found.items()
    )
    documents = [Document(f"{name}-{n}", f"{name}.txt", "\n".join(x.text for x in side), side[0].lang)
                 for n, side in enumerate(sides)]  # fmt: skip
    bitext = Bitext(sides[0], sides[1], tuple(beads))
    return Extraction(content_id(name), documents[0], documents[1], bitext, (), candidates)


def _conflicts(entries: Sequence[ConceptEntry]) -> dict[str, set[str]]:
    """What each rendering is flagged with."""
    found: dict[str, set[str]] = {}
    for entry in entries:
        for section in entry.lang_secs:
            for term in section.terms:
                found.setdefault(term.term, set()).update(f.reason for f in term.flags if f.code == "conflict")
    return found


def test_two_renderings_in_two_documents_say_how_often_and_where() -> None:
    one = _extraction("a", [("smart contract", "智能合約", 0.9), ("Smart contracts", "智能合約", 0.9)])
    two = _extraction("b", [("smart contract", "智慧合約", 0.8)])
    entries = assemble([one, two])
    assert len(entries) == 1
    found = _conflicts(entries)
    assert found["智能合約"] == {"also rendered 智慧合約 (1 pair against 2: b.txt:1)"}
    assert found["智慧合約"] == {"also rendered 智能合約 (2 pairs against 1: a.txt:1, a.txt:2)"}
    assert {f.form for f in entries[0].flags} == {"智能合約", "智慧合約"}


def test_two_terms_with_one_rendering_stay_two_concepts_and_are_flagged() -> None:
    entries = assemble([_extraction("a", [("attack vector", "攻擊媒介", 0.9), ("surface", "攻擊媒介", 0.7)])])
    assert len(entries) == 2
    reasons = {entry.lang_secs[0].terms[0].term: [f.reason for f in entry.flags] for entry in entries}
    assert reasons["attack vector"] == ["攻擊媒介 also renders surface (1 pair against 1: a.txt:2)"]
    assert reasons["surface"] == ["攻擊媒介 also renders attack vector (1 pair against 1: a.txt:1)"]


def test_case_plural_hyphen_and_irregular_plural_are_one_concept_without_conflict() -> None:
    pairs = [
        ("Cross-chain Bridge", "跨鏈橋", 0.9),
        ("cross chain bridges", "跨鏈橋", 0.8),
        ("Cross-chain bridges", "跨鏈橋", 0.8),
    ]
    entries = assemble(
        [_extraction("a", pairs), _extraction("b", [("criteria", "準則", 0.9), ("criterion", "準則", 0.9)])]
    )
    assert len(entries) == 2
    assert not any(_conflicts(entries).values())
    bridge = next(e for e in entries if "bridge" in e.lang_secs[0].terms[0].term.lower())
    assert len({(c.bitext_id, c.bead) for c in bridge.contexts}) == 3


def test_a_longer_rendering_a_weak_one_and_the_english_string_are_no_conflict() -> None:
    pairs = [("ledger", "帳本", 0.9), ("ledger", "帳本系統", 0.8), ("ledger", "分錄", 0.3), ("ledger", "ledger", 0.9)]
    assert not any(_conflicts(assemble([_extraction("a", pairs)])).values())


def test_renderings_of_two_regions_are_no_conflict() -> None:
    one, two = _extraction("a", [("network", "網路", 0.9)], "zh-Hant-TW"), _extraction("b", [("network", "網絡", 0.9)])
    entries = assemble([one, two])
    assert len(entries) == 1
    assert not any(_conflicts(entries).values())
    mixed = assemble([one, _extraction("b", [("network", "網絡", 0.9)], "zh-Hant-TW")])
    assert {form for form, reasons in _conflicts(mixed).items() if reasons} == {"網路", "網絡"}


def test_flags_of_other_kinds_stay() -> None:
    flag = Flag("damaged", "probably lost a character before 絡", "絡", "網絡")
    entries = assemble([_extraction("a", [("network", "絡", 0.9)], flags=(flag,))])
    assert entries[0].flags == (flag,)

"""Translate Toolkit, which Weblate reads files with, reads our exports unchanged. Installed for development only.

It knows neither version 3 of TBX nor a target column a language: of a sheet it takes the ids and the source terms.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from glossary.datamodel import ConceptEntry, LangSec, TermSec
from glossary.exchange import read, write
from glossary.exchange.files import one_line
from glossary.exchange.rows import joined
from glossary.exchange.sheets import guarded

pytest.importorskip("translate.storage", reason="translate-toolkit (extra dev) is not installed")
from translate.storage import csvl10n, omegat, pypo, tbx, tmx

STORES = {
    "po": pypo.pofile,
    "tbx2": tbx.tbxfile,
    "tmx": tmx.tmxfile,
    "csv": csvl10n.csvfile,
    "omegat": omegat.OmegaTFile,
}
HOSTILE = ("=cmd()|'x'", 'say "x" & <b>\\n', "100% %s %(name)d", "e\u0301 𠮷 \u200d", "a;b, c", "'tis", "-1+1", "# no")


@pytest.fixture
def hostile(entries: list[ConceptEntry]) -> list[ConceptEntry]:
    """The sample entries and one with each hostile text as its term, its rendering and its note."""
    made = [
        ConceptEntry(
            f"77000000000000{number:02x}",
            (LangSec("en", (TermSec(text),)), LangSec("zh-Hans", (TermSec(f"词{text}", review_state="approved"),))),
            "concept",
            0.5,
            note=f"Note {text}",
        )
        for number, text in enumerate((*HOSTILE, "long " * 2000))
    ]
    return [*entries, *made]


def parsed(entries: list[ConceptEntry], format: str, path: Path) -> Any:  # the toolkit has no types
    write(entries, format, path, lang=None if format == "csv" else "zh-Hans")
    return STORES[format].parsestring(path.read_bytes())


@pytest.mark.parametrize("format", ["po", "tbx2", "tmx"])
def test_file_means_the_same_after_the_toolkit_wrote_it(
    format: str, hostile: list[ConceptEntry], tmp_path: Path
) -> None:
    store = parsed(hostile, format, tmp_path / "ours")
    (tmp_path / "theirs").write_bytes(bytes(store))
    ours, theirs = (list(read(tmp_path / name, format).entries) for name in ("ours", "theirs"))
    assert len(ours) >= len(HOSTILE)
    assert theirs == ours


def test_po_is_the_same_to_the_byte(hostile: list[ConceptEntry], tmp_path: Path) -> None:
    assert bytes(parsed(hostile, "po", tmp_path / "a.po")) == (tmp_path / "a.po").read_bytes()


@pytest.mark.parametrize("format", ["po", "tbx2", "tmx", "omegat"])
def test_pairs_are_the_best_of_each_entry(format: str, hostile: list[ConceptEntry], tmp_path: Path) -> None:
    pairs = {(unit.source, unit.target) for unit in parsed(hostile, format, tmp_path / "a").units}
    plain = one_line if format in ("po", "omegat") else str
    assert pairs >= {(plain(text), plain(f"词{text}")) for text in HOSTILE if format != "omegat" or text[0] != "#"}
    assert ("NFT", "非同质化代币") in pairs
    assert ("digital identity", "数字身份") in pairs


def test_unreviewed_terms_are_fuzzy_and_notes_are_kept(hostile: list[ConceptEntry], tmp_path: Path) -> None:
    units = {unit.source: unit for unit in parsed(hostile, "po", tmp_path / "a.po").units}
    assert units["digital collectibles"].isfuzzy()
    assert not units["a;b, c"].isfuzzy()
    assert units["a;b, c"].getnotes("translator") == "Note a;b, c"
    assert "Status: admitted, approved" in units["a;b, c"].getnotes("developer")


def test_sheet_has_the_same_ids_and_source_terms(hostile: list[ConceptEntry], tmp_path: Path) -> None:
    store = parsed(hostile, "csv", tmp_path / "a.csv")
    found = {unit.getid(): unit.source for unit in store.units}
    assert found == {e.id: guarded(joined(t.term for t in e.lang_secs[0].terms)) for e in hostile}


def test_changed_po_comes_back_approved(hostile: list[ConceptEntry], tmp_path: Path) -> None:
    store = parsed(hostile, "po", tmp_path / "a.po")
    unit = next(unit for unit in store.units if unit.source == "digital collectibles")
    unit.target = "数字收藏品"
    unit.markfuzzy(False)
    (tmp_path / "b.po").write_bytes(bytes(store))
    back = next(e for e in read(tmp_path / "b.po").entries if e.lang_secs[0].terms[0].term == "digital collectibles")
    first = back.lang_secs[1].terms[0]
    assert replace(first, origin="observed", conversion="", converted_from="") == TermSec(
        "数字收藏品", review_state="approved", score=1.0
    )

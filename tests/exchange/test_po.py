"""PO files gettext and translators' tools accept, the same to the byte each time."""

from __future__ import annotations

import io
import re
import shutil
import subprocess
from dataclasses import replace
from pathlib import Path

import polib
import pytest

from glossary.datamodel import ConceptEntry, LangSec, TermSec
from glossary.errors import ExchangeError
from glossary.exchange import LOCALE_STYLES, locale_name, read, write, write_po_tree
from glossary.language import ZH_TARGETS

GOLDEN = Path(__file__).parent.parent / "golden"
msgfmt_here = pytest.mark.skipif(shutil.which("msgfmt") is None, reason="msgfmt (gettext) is not installed")


def po_text(entries: list[ConceptEntry], lang: str = "zh-Hans", **options: object) -> str:
    stream = io.StringIO()
    write(entries, "po", stream, lang=lang, **options)  # type: ignore[arg-type]
    return stream.getvalue()


def parsed(entries: list[ConceptEntry], lang: str = "zh-Hans", **options: object) -> polib.POFile:
    return polib.pofile(po_text(entries, lang, **options), wrapwidth=0)


def message(entries: list[ConceptEntry], msgid: str, lang: str = "zh-Hans") -> polib.POEntry:
    return next(m for m in parsed(entries, lang) if m.msgid == msgid)


@pytest.mark.parametrize("lang", ZH_TARGETS)
def test_file_is_the_golden_one(entries: list[ConceptEntry], lang: str) -> None:
    golden = GOLDEN / f"glossary.{locale_name(lang)}.po"
    assert po_text(entries, lang) == golden.read_text(encoding="utf-8"), f"look, then: cp the new text to {golden}"


def test_acronym_and_full_form_are_two_messages(entries: list[ConceptEntry]) -> None:
    assert message(entries, "NFT").msgstr == "非同质化代币"
    assert message(entries, "non-fungible token").msgstr == "非同质化代币"
    assert "Variants: NFT (admitted, acronym, converted from zh-Hant)" in message(entries, "NFT").comment


def test_taiwan_takes_observed_traditional_before_converted(entries: list[ConceptEntry]) -> None:
    assert message(entries, "digital collectibles", "zh-Hant-TW").msgstr == "子收藏品"
    assert "Variant:" not in message(entries, "digital collectibles", "zh-Hant-TW").comment
    simplified = message(entries, "digital collectibles", "zh-Hans")
    assert "Variant: converted by opencc t2s from zh-Hant" in simplified.comment


def test_unreviewed_is_fuzzy_and_approved_is_not(entries: list[ConceptEntry]) -> None:
    assert message(entries, "digital collectibles").flags == ["fuzzy"]
    approved = message(entries, "digital identity")
    assert approved.flags == []
    assert "Status: preferred, approved" in approved.comment


def test_forbidden_form_is_listed_not_used(entries: list[ConceptEntry]) -> None:
    identity = message(entries, "digital identity")
    assert identity.msgstr == "数字身份"
    assert "数码身份 (forbidden, zh-Hans)" in identity.comment


def test_term_without_rendering_is_untranslated_not_fuzzy(entries: list[ConceptEntry]) -> None:
    alone = message(entries, "IDC")
    assert (alone.msgstr, alone.flags) == ("", [])


def test_context_only_for_homonyms(entries: list[ConceptEntry]) -> None:
    contexts = {m.msgid: [n.msgctxt for n in parsed(entries) if n.msgid == m.msgid] for m in parsed(entries)}
    assert contexts.pop("chain") == ["concept 5a0000", "concept 5b0000"]
    assert all(c == [None] for c in contexts.values())


def test_percent_is_no_python_format(entries: list[ConceptEntry]) -> None:
    assert "no-python-format" in message(entries, '100% "proof" \\ <b>&amp;</b>').flags


def test_places_have_no_spaces_and_comments_one_line(entries: list[ConceptEntry]) -> None:
    nft = message(entries, "NFT")
    assert nft.occurrences == [("articles/blockchain%20news.txt", "12"), ("articles/blockchain%20news.txt", "3")]
    assert "Example: An NFT is unique. = NFT 是獨一無二的。" in nft.comment
    assert "Definition: NFT stands for non-fungible token." in nft.comment
    assert nft.tcomment == "Check the Taiwan usage."


def test_flags_are_told(entries: list[ConceptEntry]) -> None:
    comment = message(entries, "digital collectibles").comment
    assert "Flag: damaged: a character is missing before 子" in comment
    assert "Flag: conflict: two renderings" in comment


def test_rejected_terms_are_left_out(entries: list[ConceptEntry]) -> None:
    english, chinese = entries[0].lang_secs[:2]
    no_english = replace(english, terms=tuple(replace(t, review_state="rejected") for t in english.terms))
    assert len(parsed([replace(entries[0], lang_secs=(no_english, chinese))])) == 0
    no_chinese = replace(chinese, terms=tuple(replace(t, review_state="rejected") for t in chinese.terms))
    assert [m.msgstr for m in parsed([replace(entries[0], lang_secs=(english, no_chinese))])] == ["", ""]


def test_date_comes_from_the_setting_or_the_glossary_never_the_clock(entries: list[ConceptEntry]) -> None:
    assert parsed(entries, epoch=86400).metadata["PO-Revision-Date"] == "1970-01-02 00:00+0000"
    assert parsed(entries).metadata["PO-Revision-Date"] == "1970-01-01 00:00+0000"
    section = entries[0].lang_secs[0]
    term = section.terms[0]
    dated = replace(term, provenance=(replace(term.provenance[0], when="2022-07-21T10:00:00+00:00"),))
    newer = replace(entries[0], lang_secs=(replace(section, terms=(dated,)), *entries[0].lang_secs[1:]))
    assert parsed([newer]).metadata["POT-Creation-Date"] == "2022-07-21 10:00+0000"


def test_other_direction(entries: list[ConceptEntry]) -> None:
    back = parsed(entries[:1], "en", source_lang="zh-Hant")
    assert {m.msgid: m.msgstr for m in back} == {"NFT": "non-fungible token", "非同質化代幣": "non-fungible token"}
    assert back.metadata["Plural-Forms"] == "nplurals=2; plural=(n != 1);"


def test_tree_has_one_file_per_locale(entries: list[ConceptEntry], tmp_path: Path) -> None:
    paths = write_po_tree(entries, tmp_path)
    assert [p.relative_to(tmp_path).as_posix() for p in paths] == [
        f"{name}/LC_MESSAGES/glossary.po" for name in ("zh_Hans", "zh_Hant", "zh_Hant_HK")
    ]
    before = [p.read_bytes() for p in paths]
    write_po_tree(entries, tmp_path)
    assert [p.read_bytes() for p in paths] == before
    assert [polib.pofile(str(p)).metadata["Language"] for p in paths] == ["zh_Hans", "zh_Hant", "zh_Hant_HK"]


@pytest.mark.parametrize(
    ("style", "names"), [("gettext", "zh_CN zh_TW zh_HK"), ("bcp47", "zh-Hans zh-Hant-TW zh-Hant-HK")]
)
def test_locale_styles(entries: list[ConceptEntry], tmp_path: Path, style: str, names: str) -> None:
    paths = write_po_tree(entries, tmp_path, locale_style=style)
    assert " ".join(p.parent.parent.name for p in paths) == names
    assert style in LOCALE_STYLES


def test_wrong_options_are_named(entries: list[ConceptEntry], tmp_path: Path) -> None:
    with pytest.raises(ExchangeError, match="Unknown locale style 'x'"):
        write_po_tree(entries, tmp_path, locale_style="x")
    with pytest.raises(ExchangeError, match="is not a language tag"):
        po_text(entries, "klingon!")
    with pytest.raises(ExchangeError, match="have the same weblate name"):
        write_po_tree(entries, tmp_path, locales=("zh-Hant", "zh-Hant-TW"))
    assert list(tmp_path.iterdir()) == []


def check(path: Path) -> str:
    command = ["msgfmt", "--check", "--verbose", "-o", "/dev/null", str(path)]
    done = subprocess.run(
        command, capture_output=True, text=True, timeout=60, env={"LC_ALL": "C", "PATH": "/usr/bin:/bin"}
    )
    assert done.returncode == 0, done.stderr
    return done.stdout + done.stderr


STATISTICS = re.compile(r"^(.*: )?(\d+ (un)?translated messages?|\d+ fuzzy translations?)(, .*)?\.$")


@pytest.mark.gettext
@msgfmt_here
@pytest.mark.parametrize("lang", ZH_TARGETS)
def test_msgfmt_says_nothing_but_statistics(entries: list[ConceptEntry], lang: str, tmp_path: Path) -> None:
    write(entries, "po", tmp_path / "glossary.po", lang=lang)
    (line,) = check(tmp_path / "glossary.po").splitlines()
    assert STATISTICS.match(line), line


@pytest.mark.gettext
@msgfmt_here
def test_status_and_messages_survive_msgcat(entries: list[ConceptEntry], tmp_path: Path) -> None:
    write(entries, "po", tmp_path / "glossary.po")
    command = ["msgcat", "--no-wrap", str(tmp_path / "glossary.po")]
    again = polib.pofile(subprocess.run(command, capture_output=True, text=True, check=True, timeout=60).stdout)
    ours = parsed(entries)
    assert [(m.msgctxt, m.msgid, m.msgstr, m.comment, "fuzzy" in m.flags) for m in again] == [
        (m.msgctxt, m.msgid, m.msgstr, m.comment, "fuzzy" in m.flags) for m in ours
    ]


@pytest.mark.gettext
@msgfmt_here
def test_statuses_survive_msgmerge(entries: list[ConceptEntry], tmp_path: Path) -> None:
    """A translator's file merged with a newer export: her renderings and approvals, and every status, are there."""
    kept = replace(
        entries[0], id="9a00000000000009", do_not_translate=True, lang_secs=(LangSec("en", (TermSec("GIF"),)),)
    )
    write([*entries, kept], "po", tmp_path / "new.po", lang="zh-Hans")
    hers = parsed(entries)
    touched = next(m for m in hers if m.msgid == "digital collectibles")
    touched.msgstr, touched.flags = "数字收藏品", []
    hers.save(str(tmp_path / "hers.po"))
    merge = ["msgmerge", "--quiet", "--no-fuzzy-matching", "--no-wrap", "-o", "merged.po", "hers.po", "new.po"]
    subprocess.run(merge, cwd=tmp_path, check=True, timeout=60)
    before, after = ({e.id: e for e in read(tmp_path / name).entries} for name in ("new.po", "merged.po"))
    assert after.keys() == before.keys()
    changed = {i for i in after if after[i] != before[i]}
    assert changed == {"1b7c000000000001"}
    (term,) = after["1b7c000000000001"].lang_secs[1].terms
    assert (term.term, term.review_state) == ("数字收藏品", "approved")
    states = {t.term: (t.administrative_status, t.review_state) for t in after["2c00000000000002"].lang_secs[1].terms}
    assert states == {"数字身份": ("preferred", "approved"), "数码身份": ("forbidden", "proposed")}
    assert after["9a00000000000009"].do_not_translate


@pytest.mark.gettext
@msgfmt_here
def test_msgfmt_accepts_an_empty_glossary(tmp_path: Path) -> None:
    write([], "po", tmp_path / "glossary.po")
    assert len(check(tmp_path / "glossary.po").splitlines()) == 1


@pytest.mark.gettext
@msgfmt_here
def test_msgfmt_accepts_hostile_content(glossaries: list[list[ConceptEntry]], tmp_path: Path) -> None:
    for given_entries in glossaries[:10]:
        write(apart(given_entries), "po", tmp_path / "glossary.po")
        lines = check(tmp_path / "glossary.po").splitlines()
        assert len(lines) == 1, lines


def apart(entries: list[ConceptEntry]) -> list[ConceptEntry]:
    """Entries whose ids differ in the digits a msgctxt has of them."""
    return list({e.id[:6]: e for e in entries}.values())


def test_polib_reads_back_every_message(glossaries: list[list[ConceptEntry]]) -> None:
    for given_entries in glossaries:
        file = polib.pofile(po_text(apart(given_entries)), wrapwidth=0)
        assert len({(m.msgctxt, m.msgid) for m in file}) == len(file)
        assert [m.msgid for m in file] == sorted((m.msgid for m in file), key=lambda i: (i.casefold(), i))

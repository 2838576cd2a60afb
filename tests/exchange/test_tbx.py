"""TBX that validates, and TBX of other tools read: both styles of version 3, both forms of version 2."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from lxml import etree

from glossary.datamodel import ConceptEntry
from glossary.errors import ExchangeError
from glossary.exchange import ReadResult, read, write
from glossary.exchange.xml_text import elements

from .tbx_rules import broken_rules

GOLDEN = Path(__file__).parent.parent / "golden"
DCT = """<?xml version="1.0" encoding="UTF-8"?>
<tbx type="TBX-Basic" style="dct" xml:lang="en" xmlns="urn:iso:std:iso:30042:ed-2"
     xmlns:min="http://www.tbxinfo.net/ns/min" xmlns:basic="http://www.tbxinfo.net/ns/basic">
<tbxHeader><fileDesc><sourceDesc><p>by hand</p></sourceDesc></fileDesc></tbxHeader>
<text><body><conceptEntry id="c5">
  <min:subjectField>tea</min:subjectField>
  <langSec xml:lang="en">
    <descripGrp><basic:definition>A leaf
        in water.</basic:definition><basic:source>a book</basic:source></descripGrp>
    <termSec><term>tea</term><min:partOfSpeech>noun</min:partOfSpeech>
      <min:administrativeStatus>preferredTerm-admn-sts</min:administrativeStatus>
      <basic:termType>shortForm</basic:termType><basic:grammaticalGender>other</basic:grammaticalGender>
      <basic:context>We drink tea.</basic:context></termSec>
  </langSec>
  <langSec xml:lang="zh-TW"><termSec><term>茶</term><min:customerSubset>A</min:customerSubset></termSec></langSec>
  <langSec xml:lang="zh-Hant-TW"><termSec><term>茗</term></termSec></langSec>
</conceptEntry></body></text></tbx>"""
V2 = """<?xml version="1.0"?>
<!DOCTYPE martif SYSTEM "TBXBasiccoreStructV02.dtd">
<martif type="TBX-Basic" xml:lang="en"><martifHeader><fileDesc><sourceDesc><p/></sourceDesc></fileDesc></martifHeader>
<text><body><termEntry id="t1"><descrip type="subjectField">tea</descrip>
 <langSet xml:lang="en"><tig><term>tea</term>
   <termNote type="administrativeStatus">supersededTerm-admn-sts</termNote></tig></langSet>
 <langSet xml:lang="zh-CN"><ntig><termGrp><term>茶</term><termNote type="partOfSpeech">noun</termNote></termGrp>
   <note>from the <hi>old</hi> list</note></ntig></langSet></termEntry></body></text></martif>"""


def written(entries: list[ConceptEntry], format: str = "tbx", **options: str) -> bytes:
    stream = io.StringIO()
    write(entries, format, stream, **options)  # type: ignore[arg-type]
    return stream.getvalue().encode()


def reading(text: str, tmp_path: Path, format: str = "tbx") -> ReadResult:
    (tmp_path / "a.tbx").write_text(text, encoding="utf-8")
    return read(tmp_path / "a.tbx", format)


@pytest.fixture(scope="module")
def schema(shared: Path) -> etree.RelaxNG:
    return etree.RelaxNG(etree.parse(shared / "schemas" / "TBXcoreStructV03.rng"))


@pytest.mark.parametrize("format", ["tbx", "tbx2", "tmx", "csv", "omegat", "jieba"])
def test_file_is_the_golden_one(entries: list[ConceptEntry], format: str) -> None:
    golden = GOLDEN / (f"glossary.{format}.txt" if format in ("omegat", "jieba") else f"glossary.{format}")
    assert written(entries, format) == golden.read_bytes(), f"look, then write the new text to {golden}"


@pytest.mark.shared
def test_hostile_entries_are_valid(glossaries: list[list[ConceptEntry]], schema: etree.RelaxNG) -> None:
    for given_entries in glossaries:
        tree = etree.fromstring(written(given_entries))
        assert schema.validate(tree), schema.error_log
        assert list(broken_rules(tree)) == []


def test_rules_find_what_is_wrong(entries: list[ConceptEntry]) -> None:
    text = written(entries).decode()
    for right, wrong, message in (
        ('type="termType">acronym', 'type="termType">nickname', "not in its picklist"),
        ('xml:lang="zh-Hant-HK"', 'xml:lang="zh-Hant-TW"', "2 langSecs of zh-Hant-TW"),
        ('<conceptEntry id="c0', '<conceptEntry id="0', "starts with no letter"),
        ('style="dca"', 'style="dct"', "the root"),
        ('<descrip type="subjectField">', '<descrip type="context">', "context in conceptEntry"),
        ('<admin type="projectSubset">', '<admin type="colour">', "admin of type colour"),
    ):
        assert right in text
        found = list(broken_rules(etree.fromstring(text.replace(right, wrong, 1).encode())))
        assert any(message in line for line in found), (message, found)


def test_source_in_a_group_of_a_term_group_is_the_source_of_the_term(tmp_path: Path) -> None:
    group = '<adminGrp><admin type="source">a book</admin></adminGrp></termGrp>'
    (entry,) = reading(V2.replace("</termGrp>", group, 1), tmp_path).entries
    assert entry.lang_secs[1].terms[0].source == "a book"


@pytest.mark.shared
def test_example_of_the_standard_is_read(shared: Path) -> None:
    result = read(shared / "schemas" / "Example_Astronomy_DCA_VALID.tbx")
    entries = list(result.entries)
    first = entries[0]
    assert (first.id, first.subject_field, first.lang_secs[0].terms[0].term) == ("c1", "General", "open cluster")
    assert first.lang_secs[0].definitions[0].source == "Oxford2007"
    assert first.lang_secs[0].terms[0].administrative_status == "preferred"
    assert {loss.kind for loss in result.report.losses} >= {"transactionType of entries", "date of entries"}


def test_category_elements_of_dct_are_read(tmp_path: Path) -> None:
    result = reading(DCT, tmp_path)
    (entry,) = result.entries
    english, chinese = entry.lang_secs
    assert (entry.subject_field, english.definitions[0].text) == ("tea", "A leaf in water.")
    assert english.definitions[0].source == "a book"
    term = english.terms[0]
    assert (term.term_type, term.administrative_status, term.review_state) == ("shortForm", "preferred", "approved")
    assert (chinese.lang, [t.term for t in chinese.terms]) == ("zh-Hant-TW", ["茶", "茗"])
    assert entry.contexts[0].source == "We drink tea."
    assert {loss.kind for loss in result.report.losses} == {
        "grammaticalGender of terms", "customerSubset of terms", "sections of one language, joined",
    }  # fmt: skip


def test_version_2_is_read_with_tig_and_ntig_and_its_dtd_left_alone(tmp_path: Path) -> None:
    (entry,) = reading(V2, tmp_path).entries
    assert [(s.lang, s.terms[0].term) for s in entry.lang_secs] == [("en", "tea"), ("zh-Hans", "茶")]
    assert entry.lang_secs[0].terms[0].administrative_status == "deprecated"
    assert entry.lang_secs[1].terms[0].note == "from the old list"


def test_version_2_is_written_with_the_tags_its_readers_compare(entries: list[ConceptEntry]) -> None:
    text = written(entries, "tbx2").decode()
    tags = set(etree.fromstring(text.encode()).xpath("//langSet/@xml:lang"))
    assert tags == {"en", "zh-CN", "zh-TW", "zh-HK", "zh-Hant"}


def test_candidate_forbidden_and_do_not_translate_are_told(entries: list[ConceptEntry]) -> None:
    tree = etree.fromstring(written(entries))
    ns = {"t": "urn:iso:std:iso:30042:ed-2"}
    section = tree.xpath("//t:termSec[t:term='数码身份']", namespaces=ns)[0]
    assert "deprecatedTerm-admn-sts" in section.xpath("t:termNote/text()", namespaces=ns)
    assert "Forbidden" in section.xpath("t:note/text()", namespaces=ns)
    assert section.xpath("t:admin[@type='projectSubset']/text()", namespaces=ns) == ["candidate"]


BOMB = '<!DOCTYPE tbx [<!ENTITY a "ha">' + "".join(
    f'<!ENTITY {"abcdefghij"[i + 1]} "{("&" + "abcdefghij"[i] + ";") * 10}">' for i in range(9)
)
ENTRY = (
    '<text><body><conceptEntry id="c1"><langSec xml:lang="en"><termSec><term>{}</term></termSec></langSec>'
    "</conceptEntry></body></text>"
)


@pytest.mark.parametrize("format", ["tbx", "tbx2", "tmx"])
@pytest.mark.parametrize(
    "doctype",
    [
        BOMB + "]>",
        '<!DOCTYPE tbx [<!ENTITY x SYSTEM "file:///etc/passwd">]>',
        '<!DOCTYPE tbx [<!ENTITY % x SYSTEM "http://127.0.0.1:9/x.dtd"> %x;]>',
    ],
)
def test_entities_are_refused_in_one_line(doctype: str, format: str, tmp_path: Path) -> None:
    root = "tmx" if format == "tmx" else "tbx"
    text = f"{doctype.replace('DOCTYPE tbx', 'DOCTYPE ' + root)}<{root}>{ENTRY.format('&j;&x;')}</{root}>"
    with pytest.raises(ExchangeError) as caught:
        list(reading(text, tmp_path, format).entries)
    assert "\n" not in str(caught.value)
    assert "root:" not in str(caught.value)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("<tbx><text>", "a.tbx:1: not well-formed XML"),
        ("<html/>", "a.tbx:1: the first element is <html>, not martif or tbx"),
        (f"<tbx>\n{ENTRY.format(' ')}</tbx>", "a.tbx:2: a termSec without a term"),
        (f"<tbx>{ENTRY.format('x').replace('en', '12', 1).replace('xml:lang=', 'xml:lung=')}</tbx>", "a.tbx:1"),
        ('<tbx><conceptEntry id="c1"/></tbx>', "a.tbx:1: an entry without a term"),
        ("<tbx>" + "<a>" * 400 + "</a>" * 400 + "</tbx>", "a.tbx:1: not well-formed XML"),
        (f"<tbx>{ENTRY.format('x')}{ENTRY.format('y')}</tbx>", "a second entry with the id 'c1'"),
    ],
)
def test_malformed_files_are_refused_with_their_line(text: str, message: str, tmp_path: Path) -> None:
    with pytest.raises(ExchangeError) as caught:
        list(reading(text, tmp_path).entries)
    assert message in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    "endless",
    [
        "<note/>" * 500_100,
        f"<note>{'x' * 1000}</note>" * 22_000,
        "".join(f'<note a="" b="" c="" d{n}=""/>' for n in range(125_100)),
    ],
)
def test_one_endless_entry_is_refused(endless: str, tmp_path: Path) -> None:
    text = f"<tbx>{ENTRY.format('x').replace('</langSec>', endless + '</langSec>')}</tbx>"
    with pytest.raises(ExchangeError, match=r"a\.tbx:1: one conceptEntry of over 500,000 signs"):
        list(reading(text, tmp_path).entries)


def test_endless_rubbish_between_entries_is_refused(tmp_path: Path) -> None:
    text = f"<tbx>{ENTRY.format('x')}{'<x/>' * 520_000}{ENTRY.format('y')}</tbx>"
    with pytest.raises(ExchangeError, match=r"a\.tbx: a part of over 500,000 signs"):
        list(reading(text, tmp_path).entries)


def test_what_stands_before_an_entry_is_forgotten(tmp_path: Path) -> None:
    """Many parts with an entry each do not pile up, wherever their rubbish stands."""
    part = ENTRY.format("x").replace("</body>", f"</body><back>{'<x/>' * 20_000}</back>")
    (tmp_path / "a.tbx").write_text(f"<tbx>{part * 10}</tbx>", encoding="utf-8")
    found = elements(tmp_path / "a.tbx", frozenset({"tbx"}), frozenset({"conceptEntry"}))
    kept = [sum(1 for _ in element.getroottree().iter()) for element in found]
    assert len(kept) == 11
    assert max(kept) < 50_000

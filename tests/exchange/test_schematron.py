"""TBX v3 against the Schematron rules of its dialect, run as they are: lxml's skeleton makes XSLT, Saxon runs it.

The skeleton is of XSLT 1 and the rules call XPath 2 functions, which it copies untouched; only the version is changed.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from lxml import etree, isoschematron

from glossary.datamodel import ConceptEntry
from glossary.exchange import write

from .tbx_rules import broken_rules

saxonche = pytest.importorskip("saxonche", reason="saxonche (extra dev) is not installed")
pytestmark = pytest.mark.shared
FAILED = "{http://purl.oclc.org/dsdl/svrl}failed-assert"
Broken = Callable[[str], list[str]]


@pytest.fixture(scope="module")
def broken(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Broken]:
    """What the rules say against a document: the tests that failed."""
    rules = etree.parse(shared / "schemas" / "TBX-Basic_DCA.sch")
    rules.getroot().set("queryBinding", "xslt")
    whole = isoschematron.iso_abstract_expand(isoschematron.iso_dsdl_include(rules))
    sheet = isoschematron.iso_svrl_for_xslt1(whole)
    sheet.getroot().set("version", "3.0")
    path = tmp_path_factory.mktemp("schematron") / "rules.xsl"
    sheet.write(path)
    with saxonche.PySaxonProcessor(license=False) as processor:
        run = processor.new_xslt30_processor().compile_stylesheet(stylesheet_file=str(path))

        def failed(text: str) -> list[str]:
            made = run.transform_to_string(xdm_node=processor.parse_xml(xml_text=text))
            return [str(e.get("test")) for e in etree.fromstring(made.encode()).iter(FAILED)]

        yield failed


def tbx(entries: list[ConceptEntry]) -> str:
    stream = io.StringIO()
    write(entries, "tbx", stream)
    return stream.getvalue()


def test_sample_and_empty_glossary_break_no_rule(entries: list[ConceptEntry], broken: Broken) -> None:
    assert broken(tbx(entries)) == []
    assert broken(tbx([])) == []


def test_hostile_entries_break_no_rule(glossaries: list[list[ConceptEntry]], broken: Broken) -> None:
    for given_entries in glossaries:
        assert broken(tbx(given_entries)) == []


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ('type="termType">acronym', 'type="termType">nickname'),
        ('style="dca"', 'style="dct"'),
        ('<descrip type="subjectField">', '<descrip type="context">'),
        ('<admin type="projectSubset">', '<admin type="colour">'),
        ('<termNote type="partOfSpeech">', '<termNote type="">'),
    ],
)
def test_rules_of_ours_find_what_the_schematron_finds(
    right: str, wrong: str, entries: list[ConceptEntry], broken: Broken
) -> None:
    text = tbx(entries)
    assert right in text
    spoilt = text.replace(right, wrong, 1)
    assert broken(spoilt)
    assert list(broken_rules(etree.fromstring(spoilt.encode())))

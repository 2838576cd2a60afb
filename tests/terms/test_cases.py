"""The case files of `tests/cases/terms`: a bug report becomes a line there."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from _pytest.mark.structures import ParameterSet

from glossary.datamodel import Bitext, Segment
from glossary.language import has_han
from glossary.lexicon import load_cedict
from glossary.terms import extract_terms
from glossary.terms.abbreviations import abbreviations
from glossary.terms.acronyms import expansions
from glossary.terms.candidates import units
from glossary.terms.damage import mixed_script
from glossary.terms.definitions import footnote_definitions, sentence_definitions
from glossary.terms.tokens import words
from glossary.terms.units import unit_key_of

MakeBitext = Callable[..., Bitext]
CASES = Path(__file__).resolve().parents[1] / "cases" / "terms"


def _cases(name: str, columns: int) -> list[ParameterSet]:
    """A parameter a line: its cells without the label; '!' before a label marks a known failure."""
    made = []
    for number, line in enumerate((CASES / f"{name}.tsv").read_text(encoding="utf-8").splitlines(), 1):
        if not line or line.startswith("#"):
            continue
        label, *cells = line.split("\t")
        assert len(cells) == columns, f"{name}.tsv:{number}: {columns + 1} columns expected"
        marks = [pytest.mark.xfail(reason="known failure", strict=True)] if label.startswith("!") else []
        made.append(pytest.param(*cells, id=f"{name}-{label.lstrip('!')}", marks=marks))
    return made


def _listed(cell: str) -> list[str]:
    return [part.strip() for part in cell.split(";") if part.strip()]


@pytest.mark.parametrize(("text", "expected"), _cases("acronyms", 2))
def test_acronym_takes_the_full_form_the_text_states_and_no_other(text: str, expected: str) -> None:
    found = expansions(text, words(text))
    assert [f"{text[slice(*e.acronym)]} = {text[slice(*e.full)]}" for e in found] == _listed(expected)


@pytest.mark.parametrize(("text", "expected"), _cases("abbreviations", 2))
def test_chinese_short_form_takes_the_full_form_the_text_ties_to_it(text: str, expected: str) -> None:
    found = abbreviations(text, load_cedict().glosses)
    assert [f"{text[slice(*a.short)]} = {text[slice(*a.full)]}" for a in found] == _listed(expected)


@pytest.mark.parametrize(("text", "expected"), _cases("units", 2))
def test_english_candidates(text: str, expected: str) -> None:
    found = units([text], [words(text)])
    for key in _listed(expected):
        wanted = unit_key_of(key.removeprefix("-"))
        assert (wanted in found) != key.startswith("-"), sorted(found)


@pytest.mark.parametrize(("english", "chinese", "expected"), _cases("glosses", 3))
@pytest.mark.parametrize("english_first", [True, False], ids=["en-zh", "zh-en"])
def test_pair_a_sentence_vouches_for(
    english: str, chinese: str, expected: str, english_first: bool, bitext_of: MakeBitext
) -> None:
    langs = ("en", "zh-Hant" if any(c in chinese for c in "數國構確稱騰許網書") else "zh-Hans")
    if english_first:
        found = extract_terms(bitext_of([(english, chinese)], langs))
    else:
        found = extract_terms(bitext_of([(chinese, english)], langs[::-1]))
    pairs = {tuple(sorted((c.source, c.target), key=has_han)) for c in found}
    for cell in _listed(expected):
        wanted = tuple(cell.removeprefix("- ").split(" = "))
        assert (wanted in pairs) != cell.startswith("- "), sorted(pairs)


@pytest.mark.parametrize(("form", "lang", "repair"), _cases("damage", 3))
def test_characters_of_the_other_script_are_flagged(form: str, lang: str, repair: str) -> None:
    flag = mixed_script(form, lang)
    assert (flag.repair if flag else "") == repair
    assert flag is None or flag.form == form


@pytest.mark.parametrize(("role", "text", "expected"), _cases("definitions", 3))
def test_definition_a_text_gives(role: str, text: str, expected: str) -> None:
    segment = Segment("document", 0, "en", text, 7, 7 + len(text), role="footnote" if role == "footnote" else "body")
    found = (
        footnote_definitions([segment]) if role == "footnote" else sentence_definitions([segment], frozenset({"baas"}))
    )
    assert [f"{' / '.join(names)} = {d.rule}" for names, d in found] == _listed(expected)
    for _, definition in found:
        assert text[definition.start - 7 : definition.end - 7] == definition.text


@pytest.mark.parametrize(("english", "chinese", "expected"), _cases("lost", 3))
def test_a_character_that_lost_its_neighbour_is_flagged_with_a_repair(
    english: str, chinese: str, expected: str, bitext_of: MakeBitext
) -> None:
    found = extract_terms(bitext_of([(english, chinese)]), min_score=0.2)
    flagged = {f"{f.form} = {f.repair}": f.reason for c in found for f in c.flags if f.code == "damaged"}
    assert list(flagged) == _listed(expected)
    assert all(reason.startswith("probably lost a character") for reason in flagged.values())


def test_sound_forms_are_not_flagged_as_damaged(bitext_of: MakeBitext) -> None:
    rows = [
        ("The digital collectibles are sold online.", "數字藏品在網上出售。"),
        ("Electronic commerce and e-mail grow.", "電商和電郵在增長。"),
        ("The supply chain is long.", "供應鏈很長。"),
    ]
    assert not [f for c in extract_terms(bitext_of(rows), min_score=0) for f in c.flags]


def test_empty_bitext_gives_nothing() -> None:
    assert extract_terms(Bitext((), (), ())) == ()

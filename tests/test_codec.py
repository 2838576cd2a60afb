"""A record as JSON comes back equal; JSON that is no record is refused with the place of the mistake."""

from __future__ import annotations

import json
from dataclasses import fields, is_dataclass, replace
from typing import get_args, get_type_hints

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markupsafe import Markup

from glossary.codec import dumps, entry_of, from_json, same_entry, text_of, to_json
from glossary.datamodel import (
    Bead,
    ConceptEntry,
    Context,
    Definition,
    Flag,
    LangSec,
    Occurrence,
    Provenance,
    TermCandidate,
    TermSec,
)

from .exchange.strategies import entries


@settings(max_examples=25, deadline=None)
@given(entries())
def test_entry_comes_back_equal(entry: ConceptEntry) -> None:
    assert from_json(ConceptEntry, json.loads(dumps(to_json(entry)))) == entry


@given(st.integers(0, 9), st.integers(0, 9), st.floats(0, 1))
def test_bead_comes_back_equal(start: int, stop: int, score: float) -> None:
    bead = Bead(range(start, stop), range(stop, stop), score, {"b": 1.0, "a": score})
    back = from_json(Bead, json.loads(dumps(to_json(bead))))
    assert (back.source.start, back.source.stop, back.score, back.evidence) == (start, stop, score, bead.evidence)


def test_evidence_is_written_in_the_order_of_its_names() -> None:
    assert dumps(to_json(Bead(range(1), range(1), 1.0, {"b": 1.0, "a": 0.5}))).endswith('{"a":0.5,"b":1.0}}')


def test_numpy_numbers_become_plain_ones() -> None:
    bead = Bead(range(np.int64(1)), range(1), np.float32(0.5), {"cosine": np.float32(0.25)})  # type: ignore[arg-type]
    assert to_json(bead) == {"source": [0, 1], "target": [0, 1], "score": 0.5, "evidence": {"cosine": 0.25}}


@settings(max_examples=50, deadline=None)
@given(entries())
def test_text_at_once_is_the_text_of_the_object(entry: ConceptEntry) -> None:
    assert text_of(entry) == dumps(to_json(entry))


@given(st.floats(allow_nan=False, allow_infinity=False) | st.floats(0, 1) | st.integers(-2, 2))
def test_any_score_is_written_as_python_writes_it(score: float) -> None:
    entry = ConceptEntry("e", (LangSec("en", (TermSec("a", score=score),)),), "concept", 0.5)
    assert text_of(entry) == dumps(to_json(entry))


@given(st.text(st.characters(codec=None, categories=None), max_size=20))
def test_any_text_is_written_as_python_writes_it(text: str) -> None:
    entry = ConceptEntry("e", (LangSec("en", (TermSec(text),)),), "concept", 0.5, note=f"{text}\x00\u2028")
    assert text_of(entry) == dumps(to_json(entry))


def test_the_numbers_of_an_entry_that_are_not_whole_are_its_scores() -> None:
    """Only these may be written otherwise by msgspec."""

    def numbers(kind: type) -> set[str]:
        hints = get_type_hints(kind)
        inner = {part for f in fields(kind) for part in get_args(hints[f.name]) if is_dataclass(part)}
        return {f.name for f in fields(kind) if "float" in str(hints[f.name])}.union(*map(numbers, inner))

    assert numbers(ConceptEntry) == {"score"}


@settings(max_examples=25, deadline=None)
@given(entries())
def test_entry_of_its_own_text_comes_back_equal(entry: ConceptEntry) -> None:
    assert entry_of(text_of(entry)) == same_entry(text_of(entry)) == entry


@pytest.mark.parametrize(
    "change",
    [
        ('"score":0.5', '"score":1'), ('"score":0.5', '"score":NaN'), ('"note":""', '"note":"","colour":"red"'),
        ('"note":"",', ""), ('"note":""', '"note": ""'), ('"note":""', '"note":null'),
        ('"note":""', '"note":"\\u0061"'),
        ('"note":""', '"note":"\\ud800"'), ('"note":""', '"note":"a","note":""'), ('"kind":"concept"', '"kind":"idea"'),
    ],
)  # fmt: skip
def test_text_that_is_not_quite_that_of_an_entry_is_not_taken_unchecked(change: tuple[str, str]) -> None:
    text = text_of(ConceptEntry("e", (LangSec("en", (TermSec("a"),)),), "concept", 0.5))
    assert same_entry(text) is not None
    assert text.replace(*change) != text
    assert same_entry(text.replace(*change)) is None


def test_what_is_a_text_among_other_things_is_written_as_text() -> None:
    plain = ConceptEntry("e", (LangSec("en", (TermSec("a<b"),)),), "concept", 0.5)
    assert text_of(replace(plain, lang_secs=(LangSec("en", (TermSec(Markup("a<b")),)),))) == text_of(plain)


def test_what_is_deep_beside_the_fields_of_an_entry_is_refused() -> None:
    text = text_of(ConceptEntry("e", (), "concept", 0.5))
    deep = f'{text[:-1]},"more":{"[" * 100_000}{"]" * 100_000}}}'
    assert same_entry(deep) is None
    with pytest.raises(ValueError, match="recursion"):
        entry_of(deep)


def test_text_at_once_has_plain_numbers_and_sorted_evidence() -> None:
    mark = ((np.int64(1), 2),)
    for record in (
        Bead(range(np.int64(1)), range(1, 3), np.float32(0.5), {"b": np.float32(0.25), "a": 1}),  # type: ignore[arg-type]
        ConceptEntry("e", (), "concept", 1, (Context("a", "b", "en", "zh", mark, (), "d", 0, "", 1, 1),)),
        TermCandidate(
            "a", "b", "en", "zh", "concept", 1, "rule", {"z": 1, "y": 2.0}, (Occurrence(0, (0, 1), None),),
        ),
    ):  # fmt: skip
        assert text_of(record) == dumps(to_json(record))


def test_text_of_a_score_that_is_no_number_is_refused() -> None:
    with pytest.raises(ValueError, match="not JSON compliant"):
        text_of(ConceptEntry("e", (), "concept", float("inf")))


def test_score_that_is_no_number_is_no_json() -> None:
    with pytest.raises(ValueError, match="not JSON compliant"):
        dumps(to_json(Bead(range(1), range(1), float("nan"))))


@pytest.mark.parametrize(
    ("kind", "value", "message"),
    [
        (Flag, {"code": "x"}, "Flag: the field 'reason' is missing"),
        (Flag, {"code": "x", "reason": "y", "colour": "red"}, "Flag: unknown field 'colour'"),
        (Flag, ["x"], "Flag: dict expected, not list"),
        (Flag, {"code": 1, "reason": "y"}, "code: str expected, not int"),
        (Occurrence, {"bead": 1, "source": [1]}, "source: 2 values expected, not 1"),
        (Occurrence, {"bead": True, "source": None}, "bead: int expected, not bool"),
        (
            LangSec,
            {"lang": "en", "terms": [{"term": "a", "origin": "guessed"}]},
            "terms[0].origin: 'guessed' is none of",
        ),
        (
            Provenance,
            {"document_id": "d", "start": 0.5, "end": 1, "rule": "r", "score": 1},
            "start: int expected, not float",
        ),
    ],
)
def test_malformed_json_is_refused_with_its_place(kind: type, value: object, message: str) -> None:
    with pytest.raises(ValueError, match="^" + message.replace("[", r"\[").replace(".", r"\.")):
        from_json(kind, value)


@pytest.mark.parametrize("wrong", [{"origin": "guessed"}, {"score": "1"}, {"flags": [{"code": 1}]}, {"term": None}])
def test_a_mistake_is_found_after_many_right_records(wrong: dict[str, object]) -> None:
    """A shape that was right before is read without looking at each plain value again."""
    right = to_json(TermSec("a", flags=(Flag("damaged", "why"),)))
    assert [from_json(TermSec, right).term for _ in range(3)] == ["a"] * 3
    with pytest.raises(ValueError, match=next(iter(wrong))):
        from_json(TermSec, {**right, **wrong})


@pytest.mark.parametrize("wrong", [{"origin": "guessed"}, {"score": "1"}, {"flags": [{"code": 1}]}, {"colour": "red"}])
def test_a_mistake_is_found_after_many_right_records_with_few_fields(wrong: dict[str, object]) -> None:
    right = {"term": "a", "origin": "converted", "score": 0.5, "flags": [{"code": "damaged", "reason": "why"}]}
    read = [from_json(TermSec, right) for _ in range(3)]
    assert read == [TermSec("a", origin="converted", score=0.5, flags=(Flag("damaged", "why"),))] * 3
    with pytest.raises(ValueError, match=next(iter(wrong))):
        from_json(TermSec, {**right, **wrong})


def test_scores_written_by_numpy_are_plain_in_the_text() -> None:
    term = TermSec("a", score=np.float32(0.5), flags=(Flag("damaged", "缺字"),))  # type: ignore[arg-type]
    assert json.loads(text_of(term)) == to_json(term)
    assert text_of(replace(term, score=1)) == dumps(to_json(replace(term, score=1)))


def test_whole_numbers_stay_scores_after_many_records() -> None:
    whole = {**to_json(TermSec("a")), "score": 1}
    assert [str(from_json(TermSec, whole).score) for _ in range(3)] == ["1.0"] * 3


def test_whole_numbers_are_scores_too() -> None:
    assert from_json(TermSec, {"term": "a", "score": 1}).score == 1.0


def test_every_record_of_an_entry_is_covered() -> None:
    for kind in (Context, Definition, TermCandidate):
        with pytest.raises(ValueError, match="missing"):
            from_json(kind, {})

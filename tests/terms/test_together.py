"""Several documents of one language share their evidence, and each keeps what stands in it."""

from __future__ import annotations

from collections.abc import Callable

from glossary.datamodel import Bitext
from glossary.errors import TermError
from glossary.terms import extract_terms, extract_terms_together

MakeBitext = Callable[..., Bitext]

OFTEN = [
    ("The blorb opens the gate.", "泊柏打开了大门。"),
    ("A blorb is small.", "泊柏很小。"),
    ("We painted every blorb.", "我们给每个泊柏上了漆。"),
]
ONCE = [("The red blorb saw a garden.", "红色的泊柏看见花园。")]
"""A word no dictionary has: only the first text tells what it is called."""


def _rendering(candidates: object, source: str) -> str:
    assert isinstance(candidates, tuple)
    return next((c.target for c in candidates if c.source == source and c.target), "")


def test_a_term_seen_once_takes_the_rendering_the_other_document_shows(bitext_of: MakeBitext) -> None:
    texts = [(bitext_of(rows, ("en", "zh-Hans")), ()) for rows in (OFTEN, ONCE)]
    _, second = extract_terms_together(texts, min_score=0)
    assert _rendering(second, "blorb") == "泊柏"


def test_a_document_holds_only_what_stands_in_it(bitext_of: MakeBitext) -> None:
    texts = [(bitext_of(rows, ("en", "zh-Hans")), ()) for rows in (OFTEN, ONCE)]
    for (bitext, _), found in zip(texts, extract_terms_together(texts, min_score=0), strict=True):
        assert isinstance(found, tuple)
        english, chinese = ("\n".join(s.text for s in side) for side in (bitext.source, bitext.target))
        assert all(c.source in english and c.target in chinese for c in found)
        assert all(o.bead is None or o.bead < len(bitext.beads) for c in found for o in c.occurrences)


def test_one_document_together_is_that_document_alone(bitext_of: MakeBitext) -> None:
    bitext = bitext_of(OFTEN, ("en", "zh-Hans"))
    assert extract_terms_together([(bitext, ())], min_score=0) == [extract_terms(bitext, min_score=0)]


def test_a_document_in_another_language_spoils_no_other(bitext_of: MakeBitext) -> None:
    german = bitext_of([("Ein Haus.", "A house.")], ("de", "en"))
    found = extract_terms_together([(german, ()), (bitext_of(OFTEN, ("en", "zh-Hans")), ())], min_score=0)
    assert isinstance(found[0], TermError)
    assert _rendering(found[1], "blorb")

"""A termbase of any size, the same each time, of made-up terms."""

from __future__ import annotations

import random
from collections.abc import Iterator

from glossary.datamodel import ConceptEntry, Context, Definition, LangSec, Provenance, TermSec, content_id

_WORDS = ("amber", "basin", "cedar", "delta", "ember", "fjord", "grove", "haven", "inlet", "jetty", "knoll", "lagoon")
_HAN = "山水风雨花木石田云河湖海星月日天地光影声色金银铜铁瓷竹茶米麦桥路车船门窗笔墨纸书画琴棋"


def made_entries(count: int) -> Iterator[ConceptEntry]:
    """Entries with English, an observed Chinese form, two converted ones, a context, every other one a definition."""
    rng = random.Random(5)
    for number in range(count):
        english = f"{rng.choice(_WORDS)} {rng.choice(_WORDS)} {number}"
        chinese = "".join(rng.choices(_HAN, k=rng.randint(2, 5))) + str(number)
        document = f"d{number % 50}"
        proof = (Provenance(document, number, number + 5, "parenthesis", 0.9, bitext_id=document, bead=number % 999),)
        made = TermSec(chinese, origin="converted", conversion="opencc s2twp", converted_from="zh-Hans", score=0.9)
        review = "approved" if number % 3 else "proposed"
        context = Context(
            f"The {english} stands by the water.", f"{chinese}在水边。", "en", "zh-Hans",
            ((4, 4 + len(english)),), ((0, len(chinese)),), document, number % 999,
            f"a/{document}.txt", number + 1, 0.95,
        )  # fmt: skip
        definition = Definition(
            f"A {english} is a thing made up for a measurement of speed.", "en", "", 0, 0, "written"
        )
        yield ConceptEntry(
            content_id("made", str(number)),
            (
                LangSec("en", (TermSec(english, provenance=proof, score=0.9),), (definition,) if number % 2 else ()),
                LangSec("zh-Hans", (TermSec(chinese, provenance=proof, score=0.9, review_state=review),)),
                LangSec("zh-Hant-TW", (made,)),
                LangSec("zh-Hant-HK", (made,)),
            ),
            "concept", 0.9, (context,), subject_field="landscape", note="" if number % 5 else "Checked.",
        )  # fmt: skip


def bare_entries(count: int) -> Iterator[ConceptEntry]:
    """Entries of an English term and nothing else: what costs least to write."""
    rng = random.Random(5)
    for number in range(count):
        term = TermSec(f"{rng.choice(_WORDS)} {number}", review_state="approved")
        yield ConceptEntry(content_id("bare", str(number)), (LangSec("en", (term,)),), "concept", 0.9)

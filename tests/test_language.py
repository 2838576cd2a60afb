"""The key of a term is its folded text, whatever characters it has."""

from __future__ import annotations

import re

from hypothesis import example, given, settings
from hypothesis import strategies as st

from glossary.language import HAN, fold, fold_key

LETTERS = st.sampled_from("aB İßﬁ㈱ＮＦＴé\u0301\u3000\u00a0\t區块 𠮷\U0001d400\ud800\x00")


@settings(max_examples=200, deadline=None)
@given(st.text(LETTERS | st.characters(), max_size=12))
@example(" BaaS  平台 ")
@example("區 塊 鏈 ")
def test_key_is_the_folded_text_with_its_spaces_tidied(text: str) -> None:
    spaced = " ".join(fold(text).text.split())
    assert fold_key(text) == re.sub(rf"(?<=[{HAN}]) | (?=[{HAN}])", "", spaced)

"""How fast 100,000 terms are found in a text: printed by `make bench`, never asserted."""

from __future__ import annotations

import random
import sys
import time
from itertools import pairwise
from pathlib import Path

from glossary.lexicon import load_cedict
from glossary.matching import Matcher, MatchTerm

TERMS = 100_000
LONGEST_TEXT = 12_000_000


def test_matching_speed(shared: Path) -> None:
    dictionary = load_cedict()
    words = sorted(w for w in dictionary.headwords() if len(w) > 1)
    random.Random(1).shuffle(words)
    glosses = dict.fromkeys(g for w in words for g in dictionary.glosses(w)[:1] if g.isascii() and " " in g)
    half = TERMS // 2
    terms = [MatchTerm(w, "zh", w) for w in words[:half]] + [MatchTerm(g, "en", g) for g in list(glosses)[:half]]
    began = time.process_time()
    matcher = Matcher(terms)
    sys.stdout.write(f"\nmatcher of {len(terms)} terms built in {time.process_time() - began:.1f} CPU s\n")
    for lang in ("en", "zh"):
        paths = sorted((shared / "corpora/alignment").glob(f"*/*.{lang}"))
        text = "".join(path.read_text(encoding="utf-8") for path in paths)[:LONGEST_TEXT]
        text *= max(1, 2_000_000 // max(len(text), 1))
        size = len(text.encode()) / 1e6
        began = time.process_time()
        marks = matcher.find(text)
        took = time.process_time() - began
        sys.stdout.write(f"{lang}: {size:.1f} MB, {len(marks)} places, {size / took:.1f} MB a CPU second\n")
        assert all(a.end <= b.start for a, b in pairwise(marks[:1000]))

"""How long look-up takes in a large store, by kind of query: p50 and p95 in milliseconds, asked first and asked again.

    python -m tests.bench.search_speed big.db --entries 1000000 --queries 100
    python -m tests.bench.search_speed postgresql://postgres@127.0.0.1:5432/big --entries 1000000

Empty stores are filled, several at once, by what `Store.save_many` and `sync_entries` write with: terms are words of
CC-CEDICT and of wordfreq's English list put together by chance (one to three words, common English ones more often),
each with an English, a Simplified and a Traditional form. The same seed gives the same terms and the same queries. Keep
the stores to measure again.
"""

from __future__ import annotations

import argparse
import gc
import random
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from itertools import accumulate, islice

import wordfreq

from glossary.datamodel import ConceptEntry, LangSec, Provenance, TermSec
from glossary.language import fold_key, has_han, opencc_convert
from glossary.lexicon import load_cedict
from glossary.lookup import lookup
from glossary.readings import initials, jyutping, pinyin, toneless
from glossary.store import Store, open_store
from glossary.store.concepts import chunks, drawn, next_version, write_entries
from glossary.store.connection import writing
from glossary.store.search_index import join_segments

AT_ONCE = 10_000
SEED = 5


def terms(count: int) -> Iterator[tuple[str, str]]:
    """Pairs of an English and a Simplified term, all different."""
    chance = random.Random(SEED)
    chinese = [w for w in load_cedict().headwords() if 1 < len(w) < 5 and all(has_han(c) for c in w)]
    chinese = sorted({opencc_convert(w, "t2s") for w in chinese})
    english = [w for w in wordfreq.top_n_list("en", 30_000) if w.isascii() and w.isalpha() and len(w) > 2]
    weights = list(accumulate(1 / (rank + 200) for rank in range(len(english))))
    seen: set[tuple[str, str]] = set()
    while len(seen) < count:
        size = chance.choices((1, 2, 3), (1, 6, 3))[0]
        words = chance.choices(english, cum_weights=weights, k=size)
        pair = " ".join(words), "".join(chance.choices(chinese, k=chance.choices((1, 2, 3), (2, 6, 1))[0]))
        if pair not in seen:
            seen.add(pair)
            yield pair


def entries(count: int) -> Iterator[ConceptEntry]:
    """Entries of an English, a Simplified and a Traditional term, with what every stored term has."""
    chance = random.Random(SEED)
    for number, (english, chinese) in enumerate(terms(count)):
        score = round(chance.random(), 3)
        proof = (Provenance(f"d{number % 1000}", 0, len(english), "dictionary", score, bitext_id=f"b{number % 1000}"),)
        forms = (("en", english), ("zh-Hans", chinese), ("zh-Hant", opencc_convert(chinese, "s2t")))
        sections = tuple(LangSec(lang, (TermSec(form, score=score, provenance=proof),)) for lang, form in forms)
        yield ConceptEntry(f"e{number:09}", sections, "concept", score)


def fill(stores: list[Store], count: int) -> None:
    """Writes the entries as a build does, some thousands a transaction, and says what it cost."""
    done, start, cpu = 0, time.perf_counter(), time.process_time()
    for some in chunks(entries(count), AT_ONCE):
        ready = [drawn(entry) for entry in some]
        for store in stores:
            with writing(store._engine, store.name) as connection:
                write_entries(connection, ready, version=next_version(connection))
        done += len(some)
        spent, wall = time.process_time() - cpu, time.perf_counter() - start
        print(f"{done:>9,} entries {wall:6.0f} s, CPU {spent:6.1f} s", flush=True)
    for store in stores:
        with writing(store._engine, store.name) as connection:
            join_segments(connection, count)


def with_slip(key: str, chance: random.Random) -> str:
    at = chance.randrange(len(key))
    wrong = chance.choice("的一是在区产研") if has_han(key) else chance.choice("aeiortnsl")
    return key[:at] + wrong + key[at + 1 :]


def piece(key: str, size: int, chance: random.Random) -> str:
    at = chance.randrange(1, max(2, len(key) - size + 1))
    return key[at : at + size]


KINDS: dict[str, tuple[int, Callable[[str, random.Random], str]]] = {
    "exact, Simplified": (1, lambda term, _: term),
    "exact, Traditional": (1, lambda term, _: opencc_convert(term, "s2t")),
    "exact, English": (0, lambda term, _: term),
    "exact, English, full width": (0, lambda term, _: term.translate({c: 0xFEE0 + c for c in range(0x21, 0x7F)})),
    "plural": (0, lambda term, _: term + "s"),
    "prefix, 1 Han": (1, lambda term, _: term[:1]),
    "prefix, 2 Han": (1, lambda term, _: term[:2]),
    "prefix, 1 letter": (0, lambda term, _: term[:1]),
    "prefix, 2 letters": (0, lambda term, _: term[:2]),
    "prefix, 5 letters": (0, lambda term, _: term[:5]),
    "inside, 1 Han": (1, lambda term, chance: piece(term, 1, chance)),
    "inside, 2 Han": (1, lambda term, chance: piece(term, 2, chance)),
    "inside, 3 Han": (1, lambda term, chance: piece(term, 3, chance)),
    "inside, 2 letters": (0, lambda term, chance: piece(term, 2, chance)),
    "inside, 3 letters": (0, lambda term, chance: piece(term, 3, chance)),
    "inside, 5 letters": (0, lambda term, chance: piece(term, 5, chance)),
    "pinyin with tones": (1, lambda term, _: pinyin(term)),
    "pinyin": (1, lambda term, _: toneless(pinyin(term))),
    "pinyin, first 2 syllables": (1, lambda term, _: toneless(" ".join(pinyin(term).split()[:2]))),
    "pinyin initials": (1, lambda term, _: initials(pinyin(term))),
    "jyutping": (1, lambda term, _: toneless(jyutping(term))),
    "jyutping initials": (1, lambda term, _: initials(jyutping(term))),
    "fuzzy, Chinese": (1, with_slip),
    "fuzzy, English": (0, with_slip),
}


def measure(store: Store, pairs: list[tuple[str, str]], kind: str, count: int) -> str:
    """A line of figures in ms: p50 and p95 of wall time and p95 of this process's own CPU time, when each question is
    asked for the first time, when its pages may have to come from the disk, and when all are asked again.
    """
    side, ask = KINDS[kind]
    chance = random.Random(SEED)
    chosen = [pair[side] for pair in chance.sample(pairs, len(pairs)) if len(pair[side]) > 2]
    queries = [ask(term, chance) for term in chosen[: count + 5]]
    figures, found = "", 0
    for _ in ("first", "again"):
        wall, cpu, found = [], [], 0
        for query in queries:
            fold_key.cache_clear()
            start, start_cpu = time.perf_counter(), time.process_time()
            found += bool(lookup(store, query))
            wall.append(1000 * (time.perf_counter() - start))
            cpu.append(1000 * (time.process_time() - start_cpu))
        wall, cpu = sorted(wall[5:]), sorted(cpu[5:])  # the first ones fill caches
        at = int(0.95 * len(wall))
        figures += f"{wall[len(wall) // 2]:9.1f}{wall[at]:8.1f}{cpu[at]:8.1f}"
    return f"{kind:28}{figures}{found / len(queries):8.0%}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("urls", nargs="+")
    parser.add_argument("--entries", type=int, default=100_000)
    parser.add_argument("--queries", type=int, default=200, help="of each kind")
    parser.add_argument("--kind", default="", help="only kinds that begin so")
    options = parser.parse_args()
    with ExitStack() as opened:
        stores = [opened.enter_context(open_store(url)) for url in options.urls]
        if empty := [store for store in stores if not store.count()]:
            fill(empty, options.entries)
        for store in stores:
            count = store.count()
            pairs = list(islice(terms(count), count))[:: max(1, count // 20_000)]
            gc.collect()
            gc.freeze()  # what the measurement itself holds is not looked through for garbage while it asks
            print(
                f"{store.name}\n{f'{count:,} entries':28}{'  first p50  p95 CPU p95  again p50  p95 CPU p95   found'}"
            )
            for kind in (k for k in KINDS if k.startswith(options.kind)):
                print(measure(store, pairs, kind, options.queries), flush=True)


if __name__ == "__main__":
    main()

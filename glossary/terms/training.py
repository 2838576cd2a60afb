"""Learns what ships with this room: `python -m glossary.terms.training CORPORA LABELS`, run by `make train`.

    word_edges.npz, word_classes.npz  how words of jieba's dictionary begin and end, which are no nouns
    table.npz    translation table, from CC-CEDICT glosses and the paired paragraphs under CORPORA
    model.json   span model, from the pages of LABELS and the gold terms of ethereum-dev and d2l-dev (by page and over
                 all pages), each with a table learnt without its domain
    term_model.json  trees and directions that tell terms, from the pages of LABELS, see `term_training`
    monolingual_model.json  trees that tell terms in one language alone, from the same pages

LABELS is tests/cases/terms/pages: pages labelled exhaustively by hand by the rules of tests/cases/terms/RULES.md. The
texts of our own in the folders `news` and `manuals` beside it are read too; each is a domain.
Deterministic: the same input gives the same bytes. Two to three minutes, 4 GB. Prints cross-checked accuracies.
"""

from __future__ import annotations

import csv
import gzip
import hashlib
import io
import json
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from glossary.language import fold
from glossary.lexicon import Cedict, load_cedict
from glossary.terms.article import Article, BeadPair
from glossary.terms.boundaries import jieba_tokenizer
from glossary.terms.features import SPAN_FEATURES, sign_of, span_features
from glossary.terms.monolingual_training import write_monolingual_model
from glossary.terms.ranking import (
    MODEL_FILE,
    PROSE,
    TERM_MODEL_FILE,
    Calibration,
    Linear,
    TermModel,
    linear_as_json,
    term_model_as_json,
)
from glossary.terms.scoring import match_key
from glossary.terms.span_words import CLASSES_FILE, count_classes
from glossary.terms.spans import Sought, sightings
from glossary.terms.table import TABLE_FILE, TranslationTable, table_arrays
from glossary.terms.table_training import Sentence, gloss_pairs, gloss_sentence, learn, sentence
from glossary.terms.term_training import (
    LabelledPage,
    PageTable,
    figures,
    fit_calibration,
    fit_terms,
    left_out,
    page_table,
    verdicts,
)
from glossary.terms.tokens import Word, words
from glossary.terms.units import singular
from glossary.terms.word_edges import EDGES_FILE, count_edges

Floats = NDArray[np.float64]
Corpus = Sequence[tuple[str, Sequence[BeadPair]]]
"""(page, its paragraph pairs) of every page."""

SPAN_L2 = 30.0
"""Ridge weight of the span model, chosen over 1, 10, 30, 100 on domains left out."""

OWN = ("news", "manuals")
"""Folders of labelled texts that we wrote ourselves; each is a domain."""

DOMAINS = ("ethereum", "d2l", *OWN)

TRUSTED_BEAD = 0.4
"""As in `extraction`."""

GROUP_PAGES = 6
"""Pages that make one training document between a page and the whole corpus; set by hand."""


@dataclass(frozen=True, slots=True)
class Choice:
    """One gold term: the features of its spans and which of them is right, -1 when none."""

    term: str
    rows: Floats
    right: int


def main(arguments: Sequence[str]) -> None:
    """Learn and write the files."""
    corpora = Path(arguments[0])
    write_word_edges()
    dictionary = load_cedict()
    background = {"ethereum": list(_ethereum_background(corpora)), "d2l": list(_d2l_pairs(corpora))}
    glosses = _gloss_sentences(dictionary)
    _say(f"{len(glosses)} glosses, {sum(map(len, background.values()))} paragraph pairs")
    tables = {
        left_out: _learn(glosses, [p for name, own in background.items() if name != left_out for p in own], dictionary)
        for left_out in ("", "ethereum", "d2l")
    }
    choices = _choices(corpora, tables, dictionary)
    labels = Path(arguments[1])
    pages = list(labelled_pages(corpora, labels, tables, dictionary))
    for folder in OWN:
        pages += own_pages(labels.parent / folder, tables[""], dictionary)
    for page in pages:
        choices.setdefault((page.domain, page.lang, "labels"), []).extend(_page_choices(page))
    spans = {name: fit_spans([c for key, own in choices.items() if key[0] != name for c in own])
             for name in ("", *DOMAINS)}  # fmt: skip
    for key, own in choices.items():
        crossed, full = accuracy(own, spans[key[0]]), accuracy(own, spans[""])
        _say(
            f"{' '.join(key)}: without its domain Acc@1 {crossed[0]:.3f} Acc@5 {crossed[1]:.3f}, with it {full[0]:.3f}"
        )
    judged = [page_table(page, spans[page.domain], dictionary) for page in pages]
    unseen = left_out(judged)
    calibration = fit_calibration(judged, unseen)
    _report(judged, unseen, calibration)
    _write(tables[""], spans[""], fit_terms(judged, calibration))
    write_monolingual_model(pages, dictionary, _say, Path(__file__).parent)


def _report(tables: Sequence[PageTable], unseen: Mapping[str, Floats], calibration: Calibration) -> None:
    """Say how good the term model is on pages it has not seen; `unseen` is what it gave for them."""
    found = {t.page.name: verdicts(t, calibration(unseen[t.page.name], t.rows[:, PROSE])) for t in tables}
    for kind in DOMAINS:
        own = [t for t in tables if t.page.domain == kind]
        shown = " ".join(f"{name} {value:.3f}" for name, value in figures(own, found).items())
        _say(f"{kind}: {len(own)} pages, {sum(len(t.pairs) for t in own)} pairs, page left out: {shown}")


def write_word_edges() -> None:
    """Count jieba's dictionary anew; the models read the outcome, so it comes first."""
    tokenizer, folder = jieba_tokenizer(), Path(__file__).parent
    tokenizer.initialize()
    (folder / EDGES_FILE).write_bytes(count_edges(tokenizer.FREQ))
    with tokenizer.get_dict_file() as stream:
        (folder / CLASSES_FILE).write_bytes(count_classes(line.decode() for line in stream))


def _say(text: str) -> None:
    sys.stderr.write(text + "\n")


def _gloss_sentences(dictionary: Cedict) -> list[Sentence]:
    entries = ((word, dictionary.glosses(word)) for word in dictionary.headwords() if len(word) <= 7)
    return [gloss_sentence(g, w, weight, dictionary.__contains__) for g, w, weight in gloss_pairs(entries)]


def _learn(glosses: list[Sentence], pairs: Sequence[tuple[str, str]], dictionary: Cedict) -> TranslationTable:
    own = [sentence(english, chinese, 1.0, dictionary.__contains__) for english, chinese in pairs]
    return learn([*glosses, *own], dictionary.__contains__)


def _ethereum_background(corpora: Path) -> Iterator[tuple[str, str]]:
    for path in sorted((corpora / "ethereum-dev").glob("background.*.tsv.gz")):
        with gzip.open(path, "rt", encoding="utf-8") as stream:
            yield from _columns(stream, 0, 1)


def _d2l_pairs(corpora: Path) -> Iterator[tuple[str, str]]:
    for path in sorted((corpora / "d2l-dev" / "docs").glob("*/blocks.zh-cn.tsv")):
        with path.open(encoding="utf-8") as stream:
            yield from _columns(stream, 1, 2)


def _columns(lines: Iterable[str], first: int, second: int) -> Iterator[tuple[str, str]]:
    for line in lines:
        cells = line.rstrip("\n").split("\t")
        if len(cells) > second:
            yield cells[first], cells[second]


def _pages(corpora: Path, domain: str, lang: str) -> Corpus:
    folders = sorted((corpora / f"{domain}-dev" / "docs").iterdir())
    pages = []
    for folder in folders:
        with (folder / f"blocks.{lang}.tsv").open(encoding="utf-8") as stream:
            pages.append((folder.name, [BeadPair(e, z) for e, z in _columns(stream, 1, 2)]))
    return pages


def _choices(
    corpora: Path, tables: dict[str, TranslationTable], dictionary: Cedict
) -> dict[tuple[str, str, str], list[Choice]]:
    """Gold terms with their spans by (domain, language, pages or corpus)."""
    found: dict[tuple[str, str, str], list[Choice]] = {}
    for domain, lang in (("ethereum", "zh-tw"), ("ethereum", "zh-cn"), ("d2l", "zh-cn")):
        with (corpora / f"{domain}-dev" / f"gold.en-{lang}.tsv").open(encoding="utf-8") as stream:
            gold = [(r["en"], r["zh"]) for r in csv.DictReader(stream, delimiter="\t")]
        pages = _pages(corpora, domain, lang)
        together: Corpus = [("all", [pair for _, own in pages for pair in own])]
        for mode, corpus in (("pages", pages), ("groups", _groups(pages)), ("corpus", together)):
            made = [
                c for _, own in corpus for c in _gold_choices(_article(own, tables[domain], dictionary), gold, mode)
            ]
            found[domain, lang, mode] = made
            _say(f"{domain} {lang} {mode}: {len(made)} gold terms")
    return found


def _groups(pages: Corpus) -> Corpus:
    """The pages in groups of about GROUP_PAGES: documents of a length between one page and all."""
    count = max(1, len(pages) // GROUP_PAGES)
    return [(str(n), [pair for _, own in pages[n::count] for pair in own]) for n in range(count)]


def _article(pairs: Sequence[BeadPair], table: TranslationTable, dictionary: Cedict) -> Article:
    return Article(pairs, table=table, is_word=dictionary.__contains__, readings=dictionary.readings)


def _gold_choices(article: Article, gold: Sequence[tuple[str, str]], mode: str) -> Iterator[Choice]:
    for english, chinese in gold:
        wanted = match_key(fold(chinese).text)
        rows = _rows_of(article, english)
        if not rows or (mode != "corpus" and not any(wanted in match_key(article.folded[b]) for b in rows)):
            continue
        (found,) = sightings(article, [Sought(rows, sum(c.isalpha() for c in english))])
        if found.spans:
            features = span_features(article, [found])
            keys = [match_key(span) for span in found.spans]
            yield Choice(english, features, keys.index(wanted) if wanted in keys else -1)


def _rows_of(article: Article, term: str) -> dict[int, tuple[int, ...]]:
    """Per bead, the words of a term's first place; case, plural and hyphens are folded."""
    wanted = _folded_words(words(term))
    size = len(wanted)
    rows: dict[int, tuple[int, ...]] = {}
    for bead, row in enumerate(article.words):
        flat = [(part, i) for i, word in enumerate(row) for part in _folded_words((word,))]
        for at in range(len(flat) - size + 1):
            if [part for part, _ in flat[at : at + size]] == wanted:
                rows[bead] = tuple(sorted({i for _, i in flat[at : at + size]}))
                break
    return rows


def _folded_words(row: Iterable[Word]) -> list[str]:
    return [singular(part).lower() for word in row for part in re.split("[-‑/]", word.text) if part]


def fit_spans(choices: Sequence[Choice]) -> Linear:
    """The conditional logit over the spans of every term whose right span is among them, with signs by `sign_of`."""
    usable = [c for c in choices if c.right >= 0]
    rows = np.concatenate([c.rows for c in usable])
    mean, scale = _standard(rows)
    rows = (rows - mean) / scale
    sizes = np.array([len(c.rows) for c in usable])
    first = np.concatenate([[0], np.cumsum(sizes)[:-1]])
    right = first + np.array([c.right for c in usable])

    def loss(weights: Floats) -> tuple[float, Floats]:
        scores = rows @ weights
        scores -= np.repeat(np.maximum.reduceat(scores, first), sizes)
        power = np.exp(scores)
        total = np.add.reduceat(power, first)
        share = power / np.repeat(total, sizes)
        cost = float(np.log(total).sum() - scores[right].sum()) + SPAN_L2 * float(weights @ weights) / 2
        return cost, share @ rows - rows[right].sum(axis=0) + SPAN_L2 * weights

    limits = [(0 if sign_of(n) > 0 else None, 0 if sign_of(n) < 0 else None) for n in SPAN_FEATURES]
    return Linear(mean, scale, _minimum(loss, len(SPAN_FEATURES), limits))


def _standard(rows: Floats) -> tuple[Floats, Floats]:
    return rows.mean(axis=0), np.maximum(rows.std(axis=0), 1e-3)


def _minimum(
    loss: Callable[[Floats], tuple[float, Floats]], size: int,
    limits: Sequence[tuple[float | None, float | None]] | None = None,
) -> Floats:  # fmt: skip
    from scipy.optimize import minimize

    options = {"maxiter": 300}
    found: Floats = minimize(loss, np.zeros(size), jac=True, method="L-BFGS-B", bounds=limits, options=options).x
    return found


def accuracy(choices: Sequence[Choice], model: Linear) -> tuple[float, float]:
    """Acc@1 and Acc@5 over gold terms; terms whose right span was not listed count as wrong."""
    orders = [(np.argsort(-model(c.rows), kind="stable")[:5].tolist(), c.right) for c in choices]
    count = max(1, len(orders))
    return sum(order[0] == right for order, right in orders) / count, sum(r in order for order, r in orders) / count


def labelled_pages(
    corpora: Path, labels: Path, tables: dict[str, TranslationTable], dictionary: Cedict
) -> Iterator[LabelledPage]:
    """The pages of LABELS (`<corpus>__<page>__<language>.tsv`), each with the table learnt without its domain."""
    for path in sorted(labels.glob("*-dev__*.tsv")):
        corpus, _, rest = path.stem.partition("__")
        name, _, lang = rest.rpartition("__")
        domain = corpus.removesuffix("-dev")
        article = _article(dict(_pages(corpora, domain, lang))[name], tables[domain], dictionary)
        yield LabelledPage(domain, lang, name, article, *_gold(path))


def own_pages(folder: Path, table: TranslationTable, dictionary: Cedict) -> Iterator[LabelledPage]:
    """Our own texts of a folder (`NAME.aligned.tsv`, made by `glossary align`) with their labels (`NAME.tsv`)."""
    for path in sorted(folder.glob("*.aligned.tsv")):
        with path.open(encoding="utf-8") as stream:
            beads = [(row["source"], row["target"], float(row["score"])) for row in _tsv(stream)]
        name = path.name.removesuffix(".aligned.tsv")
        pairs = [BeadPair(e, z) for e, z, score in beads if e and z and score >= TRUSTED_BEAD]
        yield LabelledPage(folder.name, "zh", name, _article(pairs, table, dictionary), *_gold(folder / f"{name}.tsv"))


def _gold(path: Path) -> tuple[dict[str, list[tuple[str, str]]], frozenset[tuple[str, str]]]:
    """The labels of a page by source key, and the keys of the required pairs."""
    with path.open(encoding="utf-8") as stream:
        rows = sorted(_tsv(stream), key=lambda row: row["required"] != "1")
    gold: dict[str, list[tuple[str, str]]] = {}
    required = set()
    for row in rows:
        source, target = match_key(row["source"]), match_key(fold(row["target"]).text)
        gold.setdefault(source, []).append((row["target"], target))
        if row["required"] == "1":
            required.add((source, target))
    return gold, frozenset(required)


def _page_choices(page: LabelledPage) -> Iterator[Choice]:
    """The labelled terms of a page that are among its units, with their spans."""
    pairs = [(unit.form, page.gold[match_key(unit.key)][0][0]) for unit in page.article.units.values()
             if match_key(unit.key) in page.gold]  # fmt: skip
    yield from _gold_choices(page.article, pairs, "pages")


def _tsv(lines: Iterable[str]) -> Iterator[dict[str, str]]:
    kept = (line for line in lines if line.strip() and not line.startswith("#"))
    return csv.DictReader(kept, delimiter="\t", quoting=csv.QUOTE_NONE)


def _write(table: TranslationTable, span: Linear, term: TermModel) -> None:
    folder = Path(__file__).parent
    stream = io.BytesIO()
    np.savez_compressed(stream, allow_pickle=False, **table_arrays(table))
    (folder / TABLE_FILE).write_bytes(stream.getvalue())
    linear = {"span": linear_as_json(span, SPAN_FEATURES)}
    terms = term_model_as_json(term)
    digest = hashlib.sha256(stream.getvalue() + json.dumps([linear, terms], sort_keys=True).encode()).hexdigest()[:12]
    for name, stored in ((MODEL_FILE, linear), (TERM_MODEL_FILE, terms)):
        text = json.dumps({"signature": f"terms-{digest}", **stored}, indent=1 if name == MODEL_FILE else None)
        (folder / name).write_text(text + "\n", encoding="utf-8")
    _say(f"wrote {TABLE_FILE} ({len(stream.getvalue())} bytes), {MODEL_FILE} and {TERM_MODEL_FILE}, terms-{digest}")


if __name__ == "__main__":
    main(sys.argv[1:])

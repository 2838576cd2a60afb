"""Terms of a text in one language alone: how likely its units are terms, without a rendering to go by.

English units are judged by `unit_features`, Chinese strings by `chinese_units`; both by trees learnt from the labelled
pages, `monolingual_training`. The likelihoods are calibrated on pages left out (error .03 English, .005 Chinese).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import numpy as np

from glossary.datamodel import Segment
from glossary.errors import TermError
from glossary.language import fold, fold_key
from glossary.lexicon import Cedict
from glossary.terms.article import Article, BeadPair, EnglishBead
from glossary.terms.boosting import Trees, trees_as_json, trees_from_json
from glossary.terms.chinese_units import CHINESE_FEATURES, ChineseText
from glossary.terms.table import load_table
from glossary.terms.unit_features import UNIT_FEATURES, UnitRows

MODEL_FILE = "monolingual_model.json"

LEAST = 0.2
"""What is less likely a term, names included, is not even listed with `min_score=0`: four of five are none, and they
are legion. What the text states is listed all the same."""

Places = tuple[tuple[int, int, int], ...]
"""Number of the segment, start and end in its text."""


@dataclass(frozen=True, slots=True)
class MonolingualModel:
    """Trees over UNIT_FEATURES and over CHINESE_FEATURES: log-odds that a unit is a term."""

    english: Trees
    chinese: Trees


def english_likelihoods(texts: Sequence[str], read: Sequence[EnglishBead], dictionary: Cedict) -> dict[str, float]:
    """How likely each unit of an English text is a term, 0..1, by key. `read` are the words and units of `texts`."""
    pairs = [BeadPair(text, "") for text in texts]
    article = Article(pairs, table=load_table(), is_word=dictionary.is_word, english=read)
    units, rows = list(article.units.values()), UnitRows(article)
    if not units:
        return {}
    odds = load_monolingual_model().english(np.stack([rows(unit) for unit in units]))
    return {unit.key: p for unit, p in zip(units, _likelihoods(odds), strict=True)}


def chinese_likelihoods(segments: Sequence[Segment], is_word: Callable[[str], bool]) -> dict[str, tuple[float, Places]]:
    """What is a term of a Chinese text with a likelihood of LEAST or more, by `fold_key`; with its places in order."""
    folds = [fold(segment.text) for segment in segments]
    text = ChineseText([own.text for own in folds], is_word)
    units = text.units()
    if not units.strings:
        return {}
    likely = _likelihoods(load_monolingual_model().chinese(text.rows(units)))
    keys = [fold_key(string) for string in units.strings]
    places: dict[str, list[tuple[int, int, int]]] = {}
    best: dict[str, float] = {}
    for number, segment, start, end in units.places.tolist():
        if likely[number] >= LEAST:
            places.setdefault(keys[number], []).append((segment, *folds[segment].span(start, end)))
            best[keys[number]] = max(best.get(keys[number], 0.0), likely[number])
    return {key: (best[key], tuple(own)) for key, own in places.items()}


def _likelihoods(odds: np.typing.NDArray[np.float64]) -> list[float]:
    likely: list[float] = (1 / (1 + np.exp(-odds))).round(4).tolist()
    return likely


@cache
def load_monolingual_model() -> MonolingualModel:
    """The shipped model.

    Raises: TermError when it is missing, damaged or made for other features.
    """
    path = files("glossary.terms") / MODEL_FILE
    try:
        stored = json.loads(path.read_text(encoding="utf-8"))
        english = trees_from_json(stored["english"], UNIT_FEATURES)
        return MonolingualModel(english, trees_from_json(stored["chinese"], CHINESE_FEATURES))
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise TermError(f"{path}: it is damaged or missing ({error}); install the package again") from error


def model_as_json(model: MonolingualModel) -> Mapping[str, object]:
    """A model as the JSON file holds it."""
    return {
        "english": trees_as_json(model.english, UNIT_FEATURES),
        "chinese": trees_as_json(model.chinese, CHINESE_FEATURES),
    }

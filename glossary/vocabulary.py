"""Words that differ between the mainland, Taiwan and Hong Kong: 信息 and 資訊, 网络 and 網路.

`vocabulary.tsv` has a row a word: mainland (Simplified), taiwan, hongkong (Traditional), ambiguous, note. A cell may
hold several forms with `/` between, the usual one first. `ambiguous` names the regions (CN, TW, HK) whose word is right
elsewhere too, perhaps in another sense (程序 is a procedure everywhere): such a word is not converted by this table,
and a check should be lenient with it. A row that is the same everywhere keeps shorter words in it from being read
(改变量).

The setting `vocabulary` names a file of the user's with the same columns, the last two optional: a row for a mainland
word takes the place of ours, a row with the mainland word alone removes it, others are added. Lines that start with #
are comments.

Limits: words are found by longest match without a dictionary, so a word may be seen across a border of two others.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from importlib.resources import files
from operator import add
from pathlib import Path

from glossary.config import load_settings
from glossary.errors import ConfigError
from glossary.language import has_han, opencc_convert

HEADER = ("mainland", "taiwan", "hongkong", "ambiguous", "note")
REGIONS = {"zh-Hans": "CN", "zh-Hant-TW": "TW", "zh-Hant-HK": "HK"}
"""The regions of the table by language tag."""

_IN_ITS_CHARACTERS = {"zh-Hans": "t2s", "zh-Hant-TW": "s2tw", "zh-Hant-HK": "s2hk"}


@dataclass(frozen=True, slots=True)
class Row:
    """One word in three regions, the usual form of each first; `ambiguous` holds regions as CN, TW, HK."""

    words: Mapping[str, tuple[str, ...]]  # by region
    ambiguous: frozenset[str] = frozenset()
    note: str = ""


@dataclass(frozen=True, slots=True)
class RegionalWord:
    """What is said in a region in place of another region's word, and where that one is at home (language tags).

    `ambiguous`: the word is right here too, perhaps in another sense.
    """

    preferred: str
    belongs: tuple[str, ...]
    ambiguous: bool


@cache
def vocabulary() -> tuple[Row, ...]:
    """The rows in force: ours, with what the user's file adds, changes and removes.

    Raises: ConfigError with file and line when the user's file cannot be read.
    """
    rows = _read(files("glossary").joinpath("vocabulary.tsv").read_text(encoding="utf-8"), "vocabulary.tsv")
    path = load_settings().vocabulary
    if path is not None:
        rows |= _read(_text_of(path), str(path))
    return tuple(row for row in rows.values() if row is not None)


def _text_of(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path}: the vocabulary cannot be read: {error}") from error


def _read(text: str, name: str) -> dict[str, Row | None]:
    """The rows of a file by their mainland word; None for one to remove."""
    rows: dict[str, Row | None] = {}
    for number, line in enumerate(text.splitlines(), start=1):
        cells = [cell.strip() for cell in line.split("\t")]
        if not line.strip() or line.startswith("#") or tuple(cells[:3]) == HEADER[:3]:
            continue
        try:
            row = _row(cells)
        except ValueError as error:
            raise ConfigError(f"{name}:{number}: {error}") from None
        for word in cells[0].split("/"):
            rows.pop(word, None)
        rows[cells[0].split("/")[0]] = row
    return rows


def _row(cells: list[str]) -> Row | None:
    """Raises: ValueError that says what is wrong."""
    if cells[0] and not any(cells[1:]):
        return None
    if not 3 <= len(cells) <= len(HEADER):
        raise ValueError(f"{len(cells)} columns; a row has {', '.join(HEADER)}, the last two optional")
    words = [tuple(word.strip() for word in cell.split("/")) for cell in cells[:3]]
    for name, forms in zip(HEADER, words, strict=False):
        if not all(has_han(form) for form in forms):
            raise ValueError(f"the column {name} has no Chinese word")
    regions = tuple(REGIONS.values())
    ambiguous = {part.strip() for part in cells[3].split(",") if part.strip()} if len(cells) > 3 else set()
    if ambiguous - set(regions):
        raise ValueError(f"ambiguous is {cells[3]!r}; it names regions: {', '.join(regions)}")
    return Row(dict(zip(regions, words, strict=True)), frozenset(ambiguous), cells[4] if len(cells) > 4 else "")


class Words(dict[str, str]):
    """Words with what stands for them elsewhere."""

    def may_stand_in(self, text: str) -> bool:
        """False when none of the words stands in a text; True is no promise. A tenth of the time of `spans`.

        >>> Words({"软件": "軟體"}).may_stand_in("区块链"), Words({"软件": "軟體"}).may_stand_in("用软件")
        (False, True)
        """
        return bool(self) and not (
            self._beginnings.isdisjoint(map(add, text, text[1:])) and self._of_one.isdisjoint(text)
        )

    @cached_property
    def _beginnings(self) -> frozenset[str]:
        return frozenset(word[:2] for word in self if len(word) > 1)

    @cached_property
    def _of_one(self) -> frozenset[str]:
        return frozenset(word for word in self if len(word) == 1)


@cache
def words_into(tag: str) -> Words:
    """Mainland words (Simplified) with their form in a region; words right in both are left out.

    >>> words_into("zh-Hant-TW")["软件"], "程序" in words_into("zh-Hant-TW")
    ('軟體', False)
    """
    region = REGIONS.get(tag)
    if region in (None, "CN"):
        return Words()
    found = Words()
    for row in vocabulary():
        if "CN" not in row.ambiguous:
            found |= dict.fromkeys(row.words["CN"], row.words[region][0])
    return found


@cache
def words_out_of(tag: str) -> Words:
    """Words of a region, in Simplified characters, with the mainland word; for zh-Hant, of Taiwan and of Hong Kong.

    >>> words_out_of("zh-Hant-TW")["软体"], words_out_of("zh-Hant")["荷里活"], "资料" in words_out_of("zh-Hant-TW")
    ('软件', '好莱坞', False)
    """
    regions = ("TW", "HK") if tag == "zh-Hant" else (REGIONS.get(tag, ""),)
    found = Words()
    for region in regions:
        for row in vocabulary():
            for word in row.words.get(region, ()) if region not in row.ambiguous else ():
                found.setdefault(opencc_convert(word, "t2s"), row.words["CN"][0])
    return found


@cache
def regional_words(tag: str) -> Mapping[str, RegionalWord]:
    """Words of the other regions, as a text of this one would write them; {} for a tag without a region.

    >>> word = regional_words("zh-Hant-TW")["軟件"]; word.preferred, word.belongs, word.ambiguous
    ('軟體', ('zh-Hans', 'zh-Hant-HK'), False)
    >>> regional_words("zh-Hans")["软体"].preferred, regional_words("zh-Hant-TW")["菠蘿"].ambiguous
    ('软件', True)
    """
    here = REGIONS.get(tag)
    if here is None:
        return {}
    own = {word for row in vocabulary() for word in row.words[here]}
    found: dict[str, RegionalWord] = {}
    for row in vocabulary():
        for written, regions in _written(row, tag).items():
            known = found.get(written, RegionalWord(row.words[here][0], (), False))
            belongs = (*known.belongs, *(other for other, region in REGIONS.items() if region in regions))
            ambiguous = known.ambiguous or regions[0] in row.ambiguous or written in own
            found[written] = RegionalWord(known.preferred, tuple(dict.fromkeys(belongs)), ambiguous)
    return found


def words_to_report(tag: str) -> dict[str, str]:
    """What a check calls wrong in a text of this region: other regions' words that are not ambiguous, and ours.

    >>> words_to_report("zh-Hant-TW")["軟件"], "菠蘿" in words_to_report("zh-Hant-TW"), words_to_report("en")
    ('軟體', False, {})
    """
    return {word: found.preferred for word, found in regional_words(tag).items() if not found.ambiguous}


def _written(row: Row, tag: str) -> dict[str, list[str]]:
    """The other regions' words of a row in the characters of this one, with the regions, unless they are said here."""
    words: dict[str, list[str]] = {}
    for region in REGIONS.values():
        for word in row.words[region] if region != REGIONS[tag] else ():
            written = opencc_convert(opencc_convert(word, "t2s"), _IN_ITS_CHARACTERS[tag])
            if written not in row.words[REGIONS[tag]]:
                words.setdefault(written, []).append(region)
    return words


_SHORT = 12
"""Characters of a text whose pieces are all looked up: fewer than there are words to find the longest of."""


def spans(text: str, words: Mapping[str, str]) -> list[tuple[int, int]]:
    """Where words stand in a text, in order; of two that overlap the longer counts, then the first.

    >>> spans("改变量子比特", {"变量": "變數", "量子比特": "量子位元"})
    [(2, 6)]
    """
    longest = len(text) if len(text) <= _SHORT else max(map(len, words), default=0)
    ends = [range(at + 1, min(len(text), at + longest) + 1) for at in range(len(text))]
    found = [(at, end) for at, after in enumerate(ends) for end in after if text[at:end] in words]
    taken: list[tuple[int, int]] = []
    for start, end in sorted(found, key=lambda s: (s[0] - s[1], s[0])):
        if all(end <= a or start >= b for a, b in taken):
            taken.append((start, end))
    return sorted(taken)

"""Names in English text: capitalised runs of two words and more, what joins them, what they hold."""

from __future__ import annotations

import re
from collections.abc import Sequence

from glossary.terms.tokens import DERIVED_ADJECTIVE, Word
from glossary.terms.wordlists import CURRENCIES, EMPTY_WORDS, MONTHS

LONGEST_NAME = 10

TITLE_SHARE = 0.8
"""Share of capitalised words of four letters and more from which a line is a title; running text stays under .5."""

_JOINERS = frozenset({"of", "for", "and", "the", "on", "de", "van", "von", "der", "bin", "da", "di"})
_PARTICLES = frozenset({"de", "van", "von", "der", "bin", "da", "di"})
_BODY = re.compile(
    r"(administration|agency|association|authority|board|bureau|centre|center|commission|committee|council|court"
    r"|department|exchange|foundation|institute|ministry|office|ordinance|union|university|society|law|act)$",
    re.IGNORECASE,
)
"""What a name ends in when `and` inside it joins two of its words: Securities and Futures Commission."""

_NO_NAME = MONTHS | EMPTY_WORDS - {"people"}


def is_title(row: Sequence[Word]) -> bool:
    """True for a line whose words are capitalised as in a title, where capitals tell nothing about names.

    >>> from glossary.terms.tokens import words
    >>> is_title(words("Blockchain to Develop Chinese Digital Sector")), is_title(words("Tencent Cloud won a bid."))
    (True, False)
    """
    content = [w for w in row if len(w.text) > 3 and w.text.isalpha()]
    return len(content) > 2 and sum(w.text[0].isupper() for w in content) >= TITLE_SHARE * len(content)


def breaks(text: str, left: Word, right: Word) -> bool:
    """True when something other than a space stands between two neighbouring words."""
    between = text[left.end : right.start]
    if between.strip() == "&" and left.text[0].isupper() and right.text[0].isupper():
        return False
    return right.text not in ("'s", "’s", "'", "’") and between.strip(" \u00a0\n\r\t") != ""


def names(text: str, row: tuple[Word, ...]) -> list[tuple[int, int]]:
    """Capitalised runs of two words and more, joined by of, for, and, the: Cyberspace Administration of China."""
    runs = []
    i = 0
    while i < len(row):
        if not capital(row[i]) or _only_opens_sentence(text, row, i):
            i += 1
            continue
        end, joined = i + 1, False
        while end < len(row) and end - i < LONGEST_NAME and not breaks(text, row[end - 1], row[end]):
            if capital(row[end]) or possessive_inside(row, end):
                end += 1
            elif row[end].lower in _JOINERS and _joins(text, row, end, joined):
                joined = True
                end += 1
            else:
                break
        if end < len(row) and text[row[end - 1].end : row[end].start].strip() == "," and capital(row[end]):
            listed = _comma_list(text, row, end)
            of_body = joined and listed and _BODY.search(row[i].text)
            if (
                listed
                and listed - i <= LONGEST_NAME
                and (of_body or (end - i == 1 and _BODY.search(row[listed - 1].text)))
            ):
                end = listed
        if end - i > 1:
            runs.append((i, end))
        if _numbered(text, row, end):
            runs.append((i, end + 1))
        if i and row[i - 1].text == "The" and not _opens_sentence(text, row, i - 1):
            runs.append((i - 1, end))
        i = end
    return runs


def _numbered(text: str, row: tuple[Word, ...], end: int) -> bool:
    """True when a short number belongs to the name before it: Web 3, not RMB 59."""
    if end >= len(row) or breaks(text, row[end - 1], row[end]) or row[end - 1].text in CURRENCIES:
        return False
    return row[end].text.isdigit() and len(row[end].text) < 3


def _opens_sentence(text: str, row: tuple[Word, ...], at: int) -> bool:
    return at == 0 or bool(re.search(r"[.!?:;\n“\"(]", text[row[at - 1].end : row[at].start]))


def _only_opens_sentence(text: str, row: tuple[Word, ...], at: int) -> bool:
    """A capital that the start of a sentence explains: Watch of Watch Austin."""
    return row[at].tag in ("VERB", "ADV", "AUX", "CCONJ", "ADP") and _opens_sentence(text, row, at)


def possessive_inside(row: tuple[Word, ...], at: int) -> bool:
    """The 's of Supreme People's Court, not that of China's Supreme Court: the word before must be a plain noun."""
    return row[at].tag == "PART" and at + 1 < len(row) and capital(row[at + 1]) and row[at - 1].tag != "PROPN"


def _joins(text: str, row: tuple[Word, ...], at: int, joined: bool) -> bool:
    """`of` and `for` join names, `and` only after one of them, `the` only after a joiner."""
    following = at + 1
    if following >= len(row) or breaks(text, row[at], row[following]):
        return False
    word = row[at].lower
    if word in ("and", "on"):
        return capital(row[following]) and (joined or _ends_in_body(text, row, following))
    if word in _PARTICLES:
        return capital(row[following]) or row[following].lower in _PARTICLES
    if word == "the":
        return row[at - 1].lower in _JOINERS and capital(row[following])
    return capital(row[following]) or row[following].lower == "the"


def _ends_in_body(text: str, row: tuple[Word, ...], at: int) -> bool:
    """True when the capitalised run that begins here ends in a word for a body, and the word before is none."""
    if _BODY.search(row[at - 2].text):
        return False
    end = at
    while (
        end < len(row)
        and (capital(row[end]) or row[end].lower == "the")
        and (end == at or not breaks(text, row[end - 1], row[end]))
    ):
        end += 1
    return bool(_BODY.search(row[end - 1].text)) and end - at < 5


def _comma_list(text: str, row: tuple[Word, ...], at: int) -> int:
    """Where a run of capitalised words ends that commas and one `and` join inside a name, or 0: Ministry of Economy,
    Trade and Industry; Innovation, Technology and Industry Bureau. `at` is the word after the first comma."""
    end = at
    while end < len(row) and text[row[end - 1].end : row[end].start].strip() in (",", "") and capital(row[end]):
        end += 1
    if end + 1 < len(row) and end > at and row[end].lower == "and" and capital(row[end + 1]):
        last = end + 2
        while last < len(row) and capital(row[last]) and not breaks(text, row[last - 1], row[last]):
            last += 1
        return last
    return 0


def capital(word: Word) -> bool:
    """True for a capitalised word that can be part of a name."""
    if not word.text[:1].isupper() or word.lower in _NO_NAME or DERIVED_ADJECTIVE.search(word.text):
        return False
    return word.tag not in ("PRON", "DET", "ADP", "SCONJ") or word.text == "He"


def inside_name(text: str, row: tuple[Word, ...], first: int, last: int) -> bool:
    """True for a capitalised unit cut out of a longer capitalised run: Hangzhou Internet of Hangzhou Internet Court."""
    if not all(capital(w) for w in row[first:last] if w.lower not in _JOINERS and w.tag != "PART"):
        return False
    if is_title(row):
        return False
    longer = [n for n in names(text, row) if n[0] <= first and last <= n[1] and n != (first, last)]
    return any(
        (first, last) not in pieces(row, *n) and row[n[0]].text != "The" and not row[n[1] - 1].text.isdigit()
        for n in longer
    )


def pieces(row: tuple[Word, ...], start: int, end: int) -> list[tuple[int, int]]:
    """The names a longer run joins: Red Date Technology of CEO of Red Date Technology."""
    found = []
    for cut in range(start + 1, end - 1):
        if row[cut].lower == "of" and row[cut + 1].lower == "the":
            found += [(start, cut), (cut + 2, end)]
        elif row[cut].lower == "of" and cut == start + 1:
            found.append((cut + 1, end))
    return [(a, b) for a, b in found if b - a > 1]


def is_name(row: tuple[Word, ...], first: int, last: int) -> bool:
    """True when every content word is capitalised away from the start of a sentence."""
    inner = [w for w in row[first:last] if w.lower not in _JOINERS and w.tag != "PART"]
    starts = first == 0 and last - first == 1 and row[0].tag != "PROPN"
    return bool(inner) and all(w.text[:1].isupper() or w.text[:1].isdigit() for w in inner) and not starts

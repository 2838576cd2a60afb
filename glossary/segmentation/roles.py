"""What each paragraph is: heading, body, summary, footnote or furniture. In doubt body: no article text is lost."""

from __future__ import annotations

import re
from itertools import groupby

from glossary.datamodel import Role
from glossary.language import is_chinese
from glossary.segmentation import patterns
from glossary.segmentation.blocks import Paragraph

_LABEL_REST = 25
_LABEL_SENTENCE = 4
"""Words after `Source:` or `Related:` up to which the line is furniture: a headline fits, a paragraph does not. And up
to which it may end in a stop (`Photo: Reuters.`)."""

_LINE = 300
_NOTICE = 1500
_MEDIA_NAME = 60
"""Characters past which a paragraph is no date, label or button, no notice or biography, and no name of a paper."""

_TEASER_WORDS = 45
"""Three paragraphs in a row of this many words mean that the article goes on after a related-posts box."""

_HEADING_WORDS = 30
_LONG_HAN_HEADING = 45
"""Words and Han characters a heading may have; a longer line without a stop is a sentence that lost it."""

_SUMMARY_SHARE = 0.5
"""A recap is at most this long against the text it repeats; in seed 003 it is .08."""


def roles_of(found: list[Paragraph]) -> list[Role]:
    """The role of each paragraph of a document, in order."""
    roles: list[Role | None] = [_line_role(p) for p in found]
    _mark_sections(found, roles)
    _mark_notes(found, roles)
    _mark_openings(found, roles)
    _mark_endings(found, roles)
    _mark_summary(found, roles)
    return [role or _article_role(p) for p, role in zip(found, roles, strict=True)]


def _line_role(paragraph: Paragraph) -> Role | None:
    """The role a paragraph shows by itself."""
    text = paragraph.text.strip()
    if paragraph.form == "note":
        return "footnote"
    if not re.search(r"[^\W_]", text):
        return "furniture"
    if len(text) > _LINE:
        return None
    if patterns.DATE_LINE.fullmatch(text) or patterns.WIDGET_LINE.fullmatch(text) or _is_section(paragraph):
        return "furniture"
    label = patterns.CREDIT_LINE.fullmatch(text)
    if label and _is_short(label["rest"]):
        return "furniture"
    return None


def _is_section(paragraph: Paragraph) -> bool:
    text = paragraph.text.strip()
    if len(text) > _LINE:
        return False
    is_list = paragraph.form == "plain" and patterns.READING_LIST.fullmatch(text) is not None
    return is_list or patterns.SECTION_LINE.fullmatch(text) is not None


def _is_short(text: str) -> bool:
    if re.search(r"[.。！!]$", text) and (len(text.split()) > _LABEL_SENTENCE or len(text) > 10 * _LABEL_SENTENCE):
        return False
    return len(text.split()) <= _LABEL_REST and len(text) <= 8 * _LABEL_REST and not re.search(r"[。！].", text)


def _mark_sections(found: list[Paragraph], roles: list[Role | None]) -> None:
    """`Related Posts` and `Leave a Reply` take what follows with them, up to the other language, notes or long text."""
    inside: str | None = None
    for i, paragraph in enumerate(found):
        if _is_section(paragraph):
            inside = paragraph.lang
        elif inside is not None and (
            paragraph.lang != inside or _goes_on(found[i : i + 3]) or _is_note_start(found, i)
        ):
            inside = None
        if inside is not None:
            roles[i] = "furniture"


def _goes_on(following: list[Paragraph]) -> bool:
    return len(following) == 3 and all(p.is_sentence and p.words >= _TEASER_WORDS for p in following)


def _is_note_start(found: list[Paragraph], at: int) -> bool:
    text = found[at].text.strip()
    return patterns.NOTES_HEADING.fullmatch(text.rstrip(":： ")) is not None or _note_number(text) == 1


def _note_number(text: str) -> int | None:
    """The number a note starts with; 0 for `註：`; None when it is no note.

    >>> _note_number("1. NFT stands"), _note_number("[2] See"), _note_number("註：見下"), _note_number("3.5 per cent")
    (1, 2, 0, None)
    """
    match = patterns.NOTE_NUMBER.match(text.strip())
    if match is None:
        return None
    digits, circled, named = match.groups()
    return int(digits) if digits else ord(circled) - 0x245F if circled else int(named or 0)


def _mark_notes(found: list[Paragraph], roles: list[Role | None]) -> None:
    """A numbered run from 1 at the end is footnotes if heading, place after both texts or content says so."""
    rest = [i for i in range(len(found)) if roles[i] is None]
    run: list[int] = []
    for i in reversed(rest):
        number = _note_number(found[i].text)
        if number is None or (run and number > (_note_number(found[run[0]].text) or 0)):
            break
        run.insert(0, i)
        if number == 1:
            break
    if not run or (_note_number(found[run[0]].text) or 0) > 1:
        return
    before = [i for i in rest if i < run[0]]
    headed = bool(before) and patterns.NOTES_HEADING.fullmatch(found[before[-1]].text.strip(" :：")) is not None
    if headed or _stands_after_both(found, before, run) or _reads_as_notes([found[i].text for i in run]):
        for i in run:
            roles[i] = "footnote"
        if headed:
            roles[before[-1]] = "furniture"


def _stands_after_both(found: list[Paragraph], before: list[int], run: list[int]) -> bool:
    """True when a text in the notes' own language and one in the other, in blocks, come before the notes."""
    runs = _language_runs([found[i] for i in before if found[i].is_sentence])
    return 2 <= len(runs) <= 3 and runs[0][0].lang == found[run[0]].lang


def _reads_as_notes(texts: list[str]) -> bool:
    notes = [t for t in texts if patterns.URL.search(t) or patterns.DEFINES.search(t[:120])]
    return len(notes) * 2 > len(texts)


def _language_runs(found: list[Paragraph]) -> list[list[Paragraph]]:
    return [list(group) for _, group in groupby(found, key=lambda p: is_chinese(p.lang))]


def _mark_openings(found: list[Paragraph], roles: list[Role | None]) -> None:
    """Lead-ins, bylines and media names before the first sentence of the document and of each language."""
    seen: set[bool] = set()
    for i, paragraph in enumerate(found):
        chinese = is_chinese(paragraph.lang)
        if roles[i] is not None or chinese in seen:
            continue
        text = paragraph.text.strip()
        if len(text) <= 200 and patterns.LEAD_IN.fullmatch(text):
            roles[i] = "furniture"
        elif paragraph.is_sentence:
            seen.add(chinese)
        elif _is_byline(text) or _is_media_name(found, roles, i):
            roles[i] = "furniture"


def _is_byline(text: str) -> bool:
    if len(text) > _LINE:
        return False
    return bool(patterns.BYLINE.fullmatch(text) or patterns.ZH_BYLINE.fullmatch(text))


def _is_media_name(found: list[Paragraph], roles: list[Role | None], at: int) -> bool:
    """True for a line beside the title that names a paper, or a short one between the title and a date."""
    text = found[at].text.strip()
    if len(text) > _MEDIA_NAME:
        return False
    same = [p for p, role in zip(found[max(0, at - 4) : at], roles[max(0, at - 4) : at], strict=True) if role is None]
    titled = any(p.lang == found[at].lang for p in same)
    if patterns.MEDIA_NAME.fullmatch(text) and (titled or _title_follows(found, at)):
        return True
    dated = at + 1 < len(found) and patterns.DATE_LINE.fullmatch(found[at + 1].text[:_LINE].strip()) is not None
    return titled and dated and len(text.split()) <= 5 and text.istitle()


def _title_follows(found: list[Paragraph], at: int) -> bool:
    """True when the next line that is no date, credit or lead-in is not a sentence yet."""
    following = (p for p in found[at + 1 : at + 5] if p.lang == found[at].lang and _line_role(p) is None)
    after = next((p for p in following if not patterns.LEAD_IN.fullmatch(p.text[:_LINE].strip())), None)
    return after is not None and not after.is_sentence


def _mark_endings(found: list[Paragraph], roles: list[Role | None]) -> None:
    """Author biographies and notices that close the text of a language."""
    last: Paragraph | None = None
    for i in reversed(range(len(found))):
        if roles[i] is not None:
            continue
        if last is not None and is_chinese(last.lang) == is_chinese(found[i].lang):
            continue
        text = found[i].text.strip()
        if len(text) <= _NOTICE and (patterns.BIOGRAPHY.match(text) or patterns.NOTICE.fullmatch(text)):
            roles[i] = "furniture"
        else:
            last = found[i]


def _mark_summary(found: list[Paragraph], roles: list[Role | None]) -> None:
    """A short block in the first language after the block of the second one retells the article."""
    rest = [i for i, role in enumerate(roles) if role is None]
    runs = _language_runs([found[i] for i in rest if found[i].is_sentence])
    if len(runs) != 3 or len(runs[0]) < 3 or len(runs[1]) < 2:
        return
    sizes = [sum(len(p.text) for p in run) for run in runs]
    if sizes[2] > _SUMMARY_SHARE * sizes[0]:
        return
    end_of_second = runs[1][-1].start
    for i in rest:
        if found[i].start > end_of_second and is_chinese(found[i].lang) == is_chinese(runs[0][0].lang):
            roles[i] = "summary"


def _article_role(paragraph: Paragraph) -> Role:
    """heading or body for article text."""
    if paragraph.form == "heading":
        return "heading"
    text = paragraph.text.strip()
    if paragraph.form == "item" or re.search(r"[.!?。！？…：:；;，,、][\"'”’」』)）\]]*$", text):
        return "body"
    if is_chinese(paragraph.lang):
        short = len(text) <= _LONG_HAN_HEADING and not re.search(r"[，,。；;！？]", text)
    else:
        short = len(text.split()) <= _HEADING_WORDS and not text[:1].islower()
    return "heading" if short else "body"

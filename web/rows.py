"""The rows of a list of entries as HTML. What a row shows of an entry is one text, so that very many can be kept."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import quote

from markupsafe import Markup, escape

from glossary.language import fold
from web.present import hit
from web.shown import DISPLAYED, Line

_BETWEEN = "\0"
"""Stands between the parts: no text of the store holds it."""

_OF_FORM = 4  # parts of a form: itself, folded, its language, whether a document shows it


def packed(line: Line) -> str:
    """The line as one text: states, pairs, language, further form, then the headword and the form of each variant."""
    parts = [*(line.states or ("", "")), str(line.pairs), line.lang, line.further, line.head, fold(line.head).text]
    for tag in DISPLAYED:
        if tag in line.cells:
            rendering, seen = line.cells[tag]
            parts += rendering.term, fold(rendering.term).text, rendering.lang, "seen" if seen else ""
        else:
            parts += [""] * _OF_FORM
    return _BETWEEN.join(parts)


def states(packed_line: str) -> list[str]:
    """The administrative status and the review state in such a text."""
    return packed_line.split(_BETWEEN, 2)[:2]


@dataclass(frozen=True, slots=True)
class Rows:
    """How rows look in one language. `row`, `cell` and `none_here` are HTML with names in braces.

    `row` has lang, id, head, further, cells, chip and pairs; `cell` label, sign, lang, shown (the form with what was
    typed marked) and form; `none_here`, for a variant without a form, label. `labels` name the variants of `DISPLAYED`,
    `chips` are signs by status, `converted` is the sign of a form that no document shows. What is put in is escaped.
    """

    row: str
    cell: str
    none_here: str
    labels: Sequence[str]
    chips: Mapping[str, Markup]
    converted: str

    def html(self, lines: Iterable[tuple[str, str]], query: str) -> str:
        """Rows of entries: their ids and packed lines."""
        typed = fold(query).text
        return "".join([self._row(entry_id, line.split(_BETWEEN), typed, query) for entry_id, line in lines])

    def _row(self, entry_id: str, parts: list[str], typed: str, query: str) -> str:
        status, _review, pairs, lang, further, head, folded = parts[:7]
        cells = ""
        for at, label in enumerate(self.labels):
            form, plain, tag, seen = parts[7 + _OF_FORM * at : 7 + _OF_FORM * (at + 1)]
            if form:
                shown, sign = _marked(form, plain, typed, query), "" if seen else self.converted
                cells += self.cell.format(label=label, sign=sign, lang=escape(tag), shown=shown, form=escape(form))
            else:
                cells += self.none_here.format(label=label)
        return self.row.format(
            lang=escape(lang), id=quote(entry_id), head=_marked(head, folded, typed, query), cells=cells,
            further=f' <span class="abbr">{escape(further)}</span>' if further else "",
            chip=self.chips[status] if status else "", pairs=pairs,
        )  # fmt: skip


def _marked(form: str, folded: str, typed: str, query: str) -> Markup:
    return hit(form, query) if typed and typed in folded else escape(form)

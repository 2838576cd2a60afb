"""What the results of every look-up have in common, drawn once a language: templates write what a rendering and a row
look like (_look.html), here the forms go in. A list has sixty forms, and a template would look ten things up for each.

Rows and cards are kept until the glossary changes: while somebody types, the same entries come with each letter. They
depend on their entry and the language alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import quote, quote_plus

from flask import Flask, current_app, url_for
from jinja2.environment import TemplateModule
from markupsafe import Markup, escape

from glossary.datamodel import ConceptEntry
from glossary.language import fold
from glossary.store import Store
from web.answers import Kept
from web.i18n import current_language
from web.present import text_lang
from web.rows import Row, row
from web.shown import DISPLAYED, Line, line
from web.termbase import state_of
from web.view import variant, variants

FILTERS = ("preferred", "admitted")
"""The states by which results may be filtered."""

STATES = ("preferred", "admitted", "deprecated", "forbidden", "proposed", "approved", "rejected")

MOST_ROWS, MOST_CARDS = 5_000, 500
"""Rows and cards kept, of all languages together: some 2 kB each, a card with its sentences 5."""

_KEY, _ROWS, _CARDS = "looks", "rows", "cards"


@dataclass(frozen=True, slots=True)
class Look:
    """HTML with names in braces for what is filled in; `chips` signs by state, `columns` variants and their names."""

    filters: Mapping[str, str]  # by the state that is chosen, '' for all: {find_at}
    chips: Mapping[str, Markup]
    observed: str  # a rendering that documents show: {label}, {lang}, {form}, {status}, {pairs}
    made: str  # one that was converted: the same
    table: str  # {rows}, {more}
    row_html: Markup
    cell: Markup
    none_here: Markup
    converted: Markup
    columns: Sequence[tuple[str, str]]
    found: str  # results with a best entry: {say}, {matched}, {filter}, {best}, {list}, {sentences}
    matched: str  # {form}
    more: str  # {at}
    sentences: str  # {at}, {term}
    best: Callable[[ConceptEntry, Line, str, Markup], Markup]  # the card: entry, line, its page, its renderings
    entries: str  # where the pages of entries are
    lookups: str
    concordance: str

    def filter(self, query: str, chosen: str) -> Markup:
        """The links that filter the results of a query."""
        return Markup(self.filters[chosen].format(find_at=f"{self.lookups}?q={_address(query)}"))

    def card(self, entry: ConceptEntry) -> str:
        """The entry that answers best, as a card."""
        shown = line(entry, counted=True)
        return str(self.best(entry, shown, self.entries + quote(entry.id), self.renderings(shown)))

    def results(self, query: str, say: str, also: tuple[str, str] | None, chosen: str, card: str, others: str) -> str:
        """What a look-up shows: how many (`say`), the form and language that matched as well, the card, the list."""
        matched = self.matched.format(form=_word(*also)) if also else ""
        at, term = f"{self.concordance}?q={_address(query)}", _word(query, text_lang(query))
        return self.found.format(
            say=escape(say), matched=matched, filter=self.filter(query, chosen), best=card, list=others,
            sentences=self.sentences.format(at=at, term=term),
        )  # fmt: skip

    def renderings(self, card: Line) -> Markup:
        """The renderings of an entry, the best of each variant."""
        made = [
            (self.observed if r.origin == "observed" else self.made).format(
                label=escape(variant(tag)), lang=escape(r.lang), form=escape(r.term),
                status=r.administrative_status, pairs=r.n_contexts,
            )
            for tag, (r, _seen) in card.cells.items()
        ]  # fmt: skip
        return Markup("".join(made))

    def row(self, entry: ConceptEntry) -> Row:
        """The entry as a line of a list."""
        own = {"row": self.row_html, "cell": self.cell, "none_here": self.none_here, "converted": self.converted}
        return row(line(entry), self.columns, self.chips, **own)

    def list(self, rows: Iterable[Row], query: str, chosen: str, *, more: bool) -> str:
        """Rows as a table, in them what was typed marked; `more`: with a link to further ones."""
        typed = fold(query).text
        status = f"&amp;status={chosen}" if chosen else ""
        at = f"{self.lookups}?q={_address(query)}{status}&amp;all=1"
        made = "".join([row.html(typed, query) for row in rows])
        return self.table.format(rows=made, more=self.more.format(at=at) if more else "")


def _address(query: str) -> str:
    """A query in an address, as url_for writes it."""
    return str(escape(quote_plus(query, safe="!$'()*,/:;?@")))


def _word(text: str, tag: str) -> str:
    """A word in another language, to put into a translated sentence."""
    lang = f' lang="{escape(tag)}"' if tag else ""
    return f"<span{lang}>{escape(text)}</span>"


def look() -> Look:
    """The look of results in the language of this request."""
    looks: dict[str, Look] = current_app.extensions[_KEY]
    tag = current_language().tag
    if tag not in looks:
        looks[tag] = _drawn()
    return looks[tag]


def _drawn() -> Look:
    template: TemplateModule = current_app.jinja_env.get_template("_look.html").make_module({"filters": FILTERS})
    part, columns = vars(template), variants(DISPLAYED)
    return Look(
        filters={chosen: str(part["filter"](chosen)) for chosen in ("", *FILTERS)},
        chips={code: part["chip"](code) for code in STATES},
        observed=str(part["rendering"](True)),
        made=str(part["rendering"](False)),
        table=str(part["table"](columns)),
        row_html=part["row"](),
        cell=part["cell"](),
        none_here=part["none_here"](),
        converted=part["converted"](),
        columns=columns,
        found=str(part["found"]()),
        matched=str(part["matched"]()),
        more=str(part["more"]()),
        sentences=str(part["sentences"]()),
        best=part["best"],
        entries=url_for("entries.show", entry_id=""),
        lookups=url_for("lookup.find"),
        concordance=url_for("concordance.show"),
    )


def drawn(termbase: Store, rows: Sequence[str], cards: Sequence[str]) -> tuple[dict[str, Row], dict[str, str]]:
    """Entries by id as rows and as cards, in the language of this request; those not kept are read and drawn now."""
    look_, tag, of = look(), current_language().tag, state_of(termbase)
    kept_rows: Kept[tuple[str, str], Row] = current_app.extensions[_ROWS]
    kept_cards: Kept[tuple[str, str], str] = current_app.extensions[_CARDS]
    as_rows = kept_rows.get(of, [(tag, entry_id) for entry_id in rows])
    as_cards = kept_cards.get(of, [(tag, entry_id) for entry_id in cards])
    new_rows = [entry_id for entry_id in rows if (tag, entry_id) not in as_rows]
    new_cards = [entry_id for entry_id in cards if (tag, entry_id) not in as_cards]
    read = {entry.id: entry for entry in termbase.entries_of(dict.fromkeys([*new_cards, *new_rows]))}
    made_rows = {(tag, entry_id): look_.row(read[entry_id]) for entry_id in new_rows if entry_id in read}
    made_cards = {(tag, entry_id): look_.card(read[entry_id]) for entry_id in new_cards if entry_id in read}
    kept_rows.put(of, made_rows)
    kept_cards.put(of, made_cards)
    as_rows |= made_rows
    as_cards |= made_cards
    return {name[1]: row for name, row in as_rows.items()}, {name[1]: card for name, card in as_cards.items()}


def init_app(app: Flask) -> None:
    """Give the app a place for its looks, rows and cards; the templates ask for looks."""
    app.extensions |= {_KEY: {}, _ROWS: Kept(MOST_ROWS), _CARDS: Kept(MOST_CARDS)}
    app.jinja_env.globals["look"] = look

"""What the results of every look-up have in common, drawn once a language: templates write what a rendering and a row
look like (_look.html), here the forms go in. A list has sixty forms, and a template would look ten things up for each.

Cards are kept until the glossary changes: while somebody types, the same entry comes with each letter. They depend on
their entry and the language alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from urllib.parse import quote, quote_plus

from flask import Flask, current_app, url_for
from jinja2.environment import TemplateModule
from markupsafe import Markup, escape

from glossary.datamodel import ConceptEntry
from glossary.store import Store
from glossary.variants import Rendering
from web.answers import Kept
from web.i18n import current_language
from web.present import text_lang
from web.romanised import romanised
from web.rows import Rows
from web.shown import DISPLAYED, Line, line
from web.termbase import state_of
from web.view import variant, variants

FILTERS = ("preferred", "admitted")
"""The states by which results may be filtered."""

STATES = ("preferred", "admitted", "deprecated", "forbidden", "proposed", "approved", "rejected")

MOST_CARDS = 1_000
"""Cards kept, of all languages together: some 3 kB each, 5 with sentences."""

_KEY, _CARDS = "looks", "cards"


@dataclass(frozen=True, slots=True)
class Look:
    """HTML with names in braces for what is filled in; `rows` draws lists."""

    filters: Mapping[str, str]  # by the state that is chosen, '' for all: {find_at}
    observed: str  # a rendering that documents show: {label}, {lang}, {form}, {read}, {status}, {pairs}
    made: str  # one that was converted: the same
    written: str  # a reading that an editor wrote: {lang}, {text}
    sounded: str  # one that the machine made: the same
    table: str  # {rows}, {more}
    rows: Rows
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
        return str(self.best(entry, shown, self.entries + quote(entry.id), self.renderings(entry, shown)))

    def results(self, query: str, say: str, also: tuple[str, str] | None, chosen: str, card: str, others: str) -> str:
        """What a look-up shows: how many (`say`), the form and language that matched as well, the card, the list."""
        matched = self.matched.format(form=_word(*also)) if also else ""
        at, term = f"{self.concordance}?q={_address(query)}", _word(query, text_lang(query))
        return self.found.format(
            say=escape(say), matched=matched, filter=self.filter(query, chosen), best=card, list=others,
            sentences=self.sentences.format(at=at, term=term),
        )  # fmt: skip

    def renderings(self, entry: ConceptEntry, card: Line) -> Markup:
        """The renderings of an entry, the best of each variant."""
        made = [
            (self.observed if r.origin == "observed" else self.made).format(
                label=escape(variant(tag)), lang=escape(r.lang), form=escape(r.term), read=self._read(entry, r),
                status=r.administrative_status, pairs=r.n_contexts,
            )
            for tag, (r, _seen) in card.cells.items()
        ]  # fmt: skip
        return Markup("".join(made))

    def _read(self, entry: ConceptEntry, rendering: Rendering) -> str:
        found = romanised(entry, rendering)
        return "".join(
            [(self.sounded if r.made else self.written).format(lang=r.lang, text=escape(r.text)) for r in found]
        )

    def list(self, lines: Iterable[tuple[str, str]], query: str, chosen: str, *, more: bool) -> str:
        """Entries, ids and packed lines, as a table, in it what was typed marked; `more`: a link to further ones."""
        status = f"&amp;status={chosen}" if chosen else ""
        at = f"{self.lookups}?q={_address(query)}{status}&amp;all=1"
        return self.table.format(rows=self.rows.html(lines, query), more=self.more.format(at=at) if more else "")


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
    chips = {code: part["chip"](code) for code in STATES}
    return Look(
        filters={chosen: str(part["filter"](chosen)) for chosen in ("", *FILTERS)},
        observed=str(part["rendering"](True)),
        made=str(part["rendering"](False)),
        written=str(part["reading"](False)),
        sounded=str(part["reading"](True)),
        table=str(part["table"](columns)),
        rows=Rows(
            str(part["row"]()),
            str(part["cell"]()),
            str(part["none_here"]()),
            [str(escape(n)) for _, n in columns],
            chips,
            str(part["converted"]()),
        ),
        found=str(part["found"]()),
        matched=str(part["matched"]()),
        more=str(part["more"]()),
        sentences=str(part["sentences"]()),
        best=part["best"],
        entries=url_for("entries.show", entry_id=""),
        lookups=url_for("lookup.find"),
        concordance=url_for("concordance.show"),
    )


def card(termbase: Store, entry_id: str) -> str:
    """The entry as a card in the language of this request, '' when it is gone; drawn now when it is not kept."""
    of, name = state_of(termbase), (current_language().tag, entry_id)
    kept: Kept[tuple[str, str], str] = current_app.extensions[_CARDS]
    found = kept.get(of, [name]).get(name, "")
    entry = None if found else termbase.entry(entry_id)
    if entry is not None:
        found = look().card(entry)
        kept.put(of, {name: found})
    return found


def init_app(app: Flask) -> None:
    """Give the app a place for its looks and cards; the templates ask for looks."""
    app.extensions |= {_KEY: {}, _CARDS: Kept(MOST_CARDS)}
    app.jinja_env.globals["look"] = look

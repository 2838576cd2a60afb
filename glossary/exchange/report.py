"""Term candidates as one HTML page to read and check: each term with its rendering, the evidence, and where it stands.

Self-contained, without scripts and addresses. Filters are radio buttons that CSS answers with `:has()`; where a browser
does not know it, everything shows. Confidence: sure from .80, doubtful from .50, weak below (the web design's limits).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from html import escape
from importlib.resources import files
from itertools import product

from glossary.datamodel import Extraction, Flag
from glossary.exchange.candidates import Row, rows
from glossary.exchange.html import DOUBTFUL_FROM, SURE_FROM
from glossary.exchange.report_contexts import Lines, SeenIn, Side, contexts, definition_place, pieces

MOST_CONTEXTS = 6
"""Contexts shown of one term; the page says how many there are. A choice: 5,000 terms stay a page a browser opens."""

RULE_WORDS = {
    "parenthesis": "glossed in brackets in the text", "pinyin": "the characters spell the name",
    "identical": "the same string on both sides", "enumeration": "at the same place of two lists",
    "dictionary": "known to the dictionary", "known": "known to your glossary",
    "alignment": "word alignment within the sentences", "alternative": "a second choice of the word alignment",
    "stated": "the text spells it out or defines it", "name": "a name or an acronym without a rendering",
    "abbreviation": "the text gives it as a short form", "termhood": "used as terms are, where nothing is translated",
}  # fmt: skip
FLAG_WORDS = {"damaged": "Damaged", "mixed-script": "Mixed scripts", "conflict": "Conflict"}

_UNSAFE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")
"""What no HTML page may hold: controls, lone surrogates, code points that are no characters."""


@dataclass(frozen=True, slots=True)
class _Option:
    """One choice of a filter: its value, its label, how many terms it leaves."""

    value: str
    label: str
    count: int


def write_html(extractions: Iterable[Extraction], top: int | None) -> Iterator[str]:
    """The page, a term an article, best first, at most `top` terms."""
    listed = list(extractions)
    terms = rows(listed, top)
    offered = {"kind": _kinds(terms), "rendering": _renderings(terms), "flag": _flags(terms)}
    filters = {name: options for name, options in offered.items() if len(options) > 1}
    title = text(", ".join(dict.fromkeys(e.source.uri for e in listed)) if len(listed) == 1 else "Terms")
    style = files("glossary.exchange").joinpath("report.css").read_text(encoding="utf-8")
    yield (
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{title}: terms</title>\n<style>\n{style}{_rules(terms, filters)}</style>\n</head>\n<body>\n"
        f"<header>\n<h1>{title}</h1>\n{_summary(listed, terms)}</header>\n"
        f'<div class="page">\n{_form(filters)}<main>\n'
    )
    if not terms:
        yield '<p class="none always">No terms were found in these documents.</p>\n'
    else:
        yield '<p class="none">No term fits these filters. “Show all” takes them off.</p>\n'
    lines = Lines()
    for number, row in enumerate(terms, 1):
        yield from _term(number, row, lines)
    yield f"</main>\n</div>\n{_index(terms)}</body>\n</html>\n"


def text(value: str) -> str:
    """A text as HTML; characters no page may hold become U+FFFD.

    >>> text("<b>&\\ud800\\x00"), text("數字藏品")
    ('&lt;b&gt;&amp;\\ufffd\\ufffd', '數字藏品')
    """
    return escape(_UNSAFE.sub("\ufffd", value))


def _row_flags(row: Row) -> list[Flag]:
    return list(dict.fromkeys(flag for _, candidate in row.finds for flag in candidate.flags))


def _kinds(terms: Sequence[Row]) -> list[_Option]:
    counts = Counter(row.best.kind for row in terms)
    return [_Option(kind, kind, n) for kind, n in counts.most_common()]


def _renderings(terms: Sequence[Row]) -> list[_Option]:
    found = sum(row.rendered for row in terms)
    listed = [_Option("yes", "with a rendering", found), _Option("no", "without one", len(terms) - found)]
    return [option for option in listed if option.count]


def _flags(terms: Sequence[Row]) -> list[_Option]:
    own = [{flag.code for flag in _row_flags(row)} for row in terms]
    counts = Counter(code for codes in own for code in codes)
    listed = [_Option("any", "any flag", sum(map(bool, own))), _Option("none", "no flag", sum(not c for c in own))]
    listed += [_Option(code, FLAG_WORDS.get(code, code).lower(), n) for code, n in sorted(counts.items())]
    return [option for option in listed if option.count]


def _summary(extractions: Sequence[Extraction], terms: Sequence[Row]) -> str:
    found, flagged = sum(row.rendered for row in terms), sum(bool(_row_flags(row)) for row in terms)
    uris = list(dict.fromkeys(e.source.uri for e in extractions))
    noun = "document" if len(uris) == 1 else "documents"
    flags = f"; <strong>{flagged} to look at</strong>" if flagged else ""
    items = "".join(f"<li>{text(uri)}</li>" for uri in uris)
    return (
        f"<p>{found} with a rendering, {len(terms) - found} without{flags}.</p>\n"
        f"<details><summary>{len(uris)} {noun}</summary><ul>{items}</ul></details>\n"
    )


def _form(filters: dict[str, list[_Option]]) -> str:
    sets = "".join(_fieldset(name, options) for name, options in filters.items())
    reset = '<button type="reset">Show all</button>'
    return f'<form class="filters" aria-label="Filters">\n{sets}{reset}\n</form>\n' if sets else ""


def _fieldset(name: str, options: Sequence[_Option]) -> str:
    made = f'<label><input type="radio" name="{name}" id="{name}-all" checked> all</label>\n'
    for option in options:
        box = f'<input type="radio" name="{name}" id="{name}-{text(option.value)}">'
        made += f"<label>{box} {text(option.label)} <small>{option.count}</small></label>\n"
    return f"<fieldset><legend>{name.title()}</legend>\n{made}</fieldset>\n"


def _rules(terms: Sequence[Row], filters: dict[str, list[_Option]]) -> str:
    """What the radio buttons hide, and when nothing is left."""
    made = [
        f'body:has(#{name}-{o.value}:checked) .term:not([data-{name}~="{o.value}"]) {{ display: none }}'
        for name, options in filters.items() for o in options
    ]  # fmt: skip
    left: list[dict[str, set[str]]] = [
        {"kind": {r.best.kind}, "rendering": {_rendering(r)}, "flag": set(_codes(r).split())} for r in terms
    ]
    for values in product(*(["all", *(o.value for o in options)] for options in filters.values())):
        chosen = dict(zip(filters, values, strict=True))
        if not any(all(v == "all" or v in own[name] for name, v in chosen.items()) for own in left):
            checked = "".join(f":has(#{name}-{value}:checked)" for name, value in chosen.items())
            made.append(f"body{checked} .none {{ display: block }}")
    return "\n".join(made) + "\n"


def _rendering(row: Row) -> str:
    return "yes" if row.rendered else "no"


def _codes(row: Row) -> str:
    codes = sorted({flag.code for flag in _row_flags(row)})
    return " ".join(["any", *codes]) if codes else "none"


def _term(number: int, row: Row, lines: Lines) -> Iterator[str]:
    best = row.best
    yield (
        f'<article class="term" id="t{number}" data-kind="{best.kind}" data-rendering="{_rendering(row)}"'
        f' data-flag="{text(_codes(row))}">\n'
        f"<h2>{_form_of(best.source, best.source_lang)}{_form_of(best.target, best.target_lang)}</h2>\n"
        f'<p class="meta">{_confidence(row)} <span>{best.kind}</span> '
        f"<span>{text(RULE_WORDS.get(best.rule, best.rule))}</span></p>\n"
    )
    yield "".join(map(_flag, _row_flags(row)))
    yield _facts(row, lines)
    shown, count = contexts(row.finds, lines, MOST_CONTEXTS)
    if shown:
        yield _context(shown[0])
    if len(shown) > 1:
        more = f"{count - 1} more" if count == len(shown) else f"{len(shown) - 1} of {count - 1} more"
        yield f"<details><summary>{more} {'place' if count == 2 else 'places'}</summary>\n"
        yield "".join(map(_context, shown[1:])) + "</details>\n"
    yield "</article>\n"


def _form_of(form: str, lang: str) -> str:
    if not form:
        return '<span class="absent">no rendering</span>'
    return f'<span lang="{text(lang)}">{text(form)}</span>'


def _confidence(row: Row) -> str:
    if not row.rendered:
        return '<span class="null">no rendering</span>'
    score = row.best.score
    word = "sure" if score >= SURE_FROM else "doubtful" if score >= DOUBTFUL_FROM else "weak"
    return f'<span class="{word}">{word} {two_digits(score)}</span>'


def two_digits(score: float) -> str:
    """A score as the design writes it: cut, not rounded, without the zero.

    >>> two_digits(0.798), two_digits(1.0)
    ('.79', '1.00')
    """
    hundredths = int(score * 100 + 1e-9)
    return "1.00" if hundredths >= 100 else f".{hundredths:02d}"


def _flag(flag: Flag) -> str:
    about = f" {text(flag.form)}:" if flag.form and flag.code != "conflict" else ""
    repair = f" Perhaps <b>{text(flag.repair)}</b>." if flag.repair else ""
    word = FLAG_WORDS.get(flag.code, flag.code)
    return f'<p class="flag"><strong>{text(word)}:</strong>{about} {text(flag.reason)}.{repair}</p>\n'


def _facts(row: Row, lines: Lines) -> str:
    """Other forms, full forms and definitions as a list, '' when there are none."""
    best, candidates = row.best, [c for _, c in row.finds]
    sources = [form for c in candidates for form in (c.source, *c.source_forms)]
    targets = [form for c in candidates for form in (c.target, *c.target_forms)]
    facts = [
        ("Forms", _listed(sources, best.source, best.source_lang)),
        ("Rendered", _listed(targets, best.target, best.target_lang)),
        ("Full form", _listed([x for c in candidates for x in c.expansions], "", best.source_lang)),
    ]
    for extraction, candidate in row.finds:
        for d in candidate.definitions:
            place = text(definition_place(d, extraction, lines))
            facts.append(("Definition", f'<span lang="{text(d.lang)}">{text(d.text)}</span> <small>{place}</small>'))
    made = "".join(f"<div><dt>{name}</dt><dd>{value}</dd></div>\n" for name, value in dict.fromkeys(facts) if value)
    return f"<dl>\n{made}</dl>\n" if made else ""


def _listed(forms: Iterable[str], but: str, lang: str) -> str:
    others = [form for form in dict.fromkeys(forms) if form and form != but]
    return ", ".join(f'<span lang="{text(lang)}">{text(form)}</span>' for form in others)


def _context(seen: SeenIn) -> str:
    sides = [s for s in (seen.source, seen.target) if s]
    places = " ↔ ".join(dict.fromkeys(f"{text(s.uri)}:{s.line}" for s in sides))
    if len(sides) == 2 and sides[0].uri == sides[1].uri:
        places = f"{text(sides[0].uri)}:{sides[0].line} ↔ {sides[1].line}"
    doubt = f" · doubtful pair {two_digits(seen.score)}" if len(sides) == 2 and seen.score < SURE_FROM else ""
    columns = "".join(map(_column, (seen.source, seen.target)))
    return f'<div class="context">{columns}<p class="place">{places}{doubt}</p></div>\n'


def _column(side: Side | None) -> str:
    if side is None:
        return '<div class="empty"><span>no counterpart</span></div>'
    made = ""
    for passage in side.passages:
        shown = "".join(f"<mark>{text(t)}</mark>" if term else text(t) for t, term in pieces(passage))
        made += f"<p>{shown}</p>"
    return f'<div lang="{text(side.lang)}">{made}</div>'


def _index(terms: Sequence[Row]) -> str:
    """Every term in alphabetical order, as links."""
    named = sorted(((row.best.source or row.best.target).casefold(), n, row.best) for n, row in enumerate(terms, 1))
    if not named:
        return ""
    links = "".join(
        f'<li><a href="#t{n}">{_form_of(own.source or own.target, own.source_lang if own.source else own.target_lang)}'
        "</a></li>\n"
        for _, n, own in named
    )
    return f'<details class="index"><summary>All {len(terms)} from A to Z</summary>\n<ul>\n{links}</ul></details>\n'

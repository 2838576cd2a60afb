"""Entries as TSV for a spreadsheet: one entry a row, several forms of one language separated by `; `.

White space inside a field, tabs and line breaks too, becomes one space. A cell that starts with = + - @ gets an
apostrophe before it, so no spreadsheet takes it for a formula. Not for reading back: JSONL carries everything.

The last column holds the entry's flags, and `converted:TAG` for every column whose best form no document showed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from glossary.datamodel import ConceptEntry
from glossary.exchange.files import one_line
from glossary.exchange.options import ExportOptions
from glossary.language import ZH_TARGETS, base_language, is_chinese
from glossary.variants import Rendering, renderings

_FORMULA_STARTS = ("=", "+", "-", "@")
_REGION_UNKNOWN = "zh-Hant"


def write_tsv(entries: Iterable[ConceptEntry], options: ExportOptions) -> Iterator[str]:
    """A header row and one row an entry, in the order given."""
    every = options.lang in (None, "zh")
    targets = (ZH_TARGETS[0], _REGION_UNKNOWN, *ZH_TARGETS[1:]) if every else (str(options.lang),)
    columns = [f"target_{tag}" for tag in targets]
    yield _row(["id", "source", *columns, "kind", "status", "score", "definition", "source_document", "flags"])
    for entry in entries:
        yield _row(_fields(entry, targets, options.source_lang))


def _fields(entry: ConceptEntry, targets: tuple[str, ...], source_lang: str) -> list[str]:
    wanted = tuple(t for t in targets if t != _REGION_UNKNOWN or not is_chinese(t))
    forms: dict[str, list[Rendering]] = {tag: [] for tag in targets}
    for form in renderings(entry, targets=wanted or ZH_TARGETS):
        if form.lang in forms:
            forms[form.lang].append(form)
    sources = [s for s in entry.lang_secs if base_language(s.lang) == base_language(source_lang)]
    terms = [t.term for s in sources for t in s.terms if t.review_state != "rejected"]
    definitions = [d.text for s in entry.lang_secs for d in s.definitions]
    documents = dict.fromkeys(c.uri for c in entry.contexts)
    every = [form for tag in targets for form in forms[tag]]
    return [
        entry.id,
        "; ".join(terms),
        *("; ".join(form.term for form in forms[tag]) for tag in targets),
        entry.kind,
        _status(every),
        f"{entry.score:.3f}",
        " ".join(definitions),
        "; ".join(documents),
        "; ".join(_flags(entry, forms)),
    ]


def _status(forms: list[Rendering]) -> str:
    if not forms:
        return "no rendering"
    best = next((f for f in forms if f.review_state == "approved"), forms[0])
    return f"{best.administrative_status}, {best.review_state}"


def _flags(entry: ConceptEntry, forms: dict[str, list[Rendering]]) -> Iterator[str]:
    flags = [*entry.flags, *(f for rows in forms.values() for form in rows for f in form.flags)]
    yield from dict.fromkeys(f"{f.code}: {f.reason}" for f in flags)
    yield from (f"converted:{tag}" for tag, rows in forms.items() if rows and rows[0].origin == "converted")


def _row(fields: Iterable[str]) -> str:
    return "\t".join(_cell(field) for field in fields) + "\n"


def _cell(text: str) -> str:
    flat = one_line(text)
    return f"'{flat}" if flat.startswith(_FORMULA_STARTS) else flat

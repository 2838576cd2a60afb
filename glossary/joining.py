"""An entry of a file joined with the stored one: pure functions over records. See `merging` for the rules."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import Literal, TypeVar, cast

from glossary.datamodel import ConceptEntry, Context, Definition, Kind, LangSec, TermSec

Policy = Literal["merge", "overwrite", "keep"]
Value = TypeVar("Value", str, bool)

_USUAL = TermSec("")
_VALUES = (
    "term_type", "part_of_speech", "administrative_status", "case_sensitive", "geographical_usage", "note", "source",
    "pinyin", "jyutping",
)  # fmt: skip
_CHANGES_NAMED = 4
_STATES = ("review_state", "administrative_status")


def joined(stored: ConceptEntry, given: ConceptEntry, policy: Policy) -> tuple[ConceptEntry, list[str]]:
    """The stored entry with what the file's adds, and the disagreements with what became of each."""
    conflicts: list[str] = []
    sections = {s.lang: s for s in stored.lang_secs}
    for section in given.lang_secs:
        own = sections.get(section.lang)
        sections[section.lang] = section if own is None else _section(own, section, policy, conflicts)
    result = replace(
        stored,
        lang_secs=tuple(sections.values()),
        kind=cast(Kind, _value("kind", str(stored.kind), str(given.kind), "concept", policy, conflicts)),
        subject_field=_value("subject field", stored.subject_field, given.subject_field, "", policy, conflicts),
        note=_notes(stored.note, given.note, policy),
        do_not_translate=stored.do_not_translate or given.do_not_translate,
        flags=tuple(dict.fromkeys((*stored.flags, *given.flags))),
        contexts=(*stored.contexts, *_new_contexts(stored.contexts, given.contexts)),
    )
    return result, conflicts


def _value(name: str, stored: Value, given: Value, usual: Value, policy: Policy, conflicts: list[str]) -> Value:
    """One value: the file's where the stored one is as usual, or with overwrite where both are not."""
    if given in (usual, stored) or _flat(given) == _flat(stored):
        return stored
    if stored == usual:
        return given
    winner = given if policy == "overwrite" else stored
    kept = "the file's" if policy == "overwrite" else "the stored"
    conflicts.append(f"{name}: {_short(stored)} here, {_short(given)} in the file; {kept} one stays")
    return winner


def _flat(value: str | bool) -> str:
    """A text as formats without line breaks have it."""
    return " ".join(str(value).split())


def _short(value: str | bool) -> str:
    text = _flat(value)
    return repr(text if len(text) <= 40 else f"{text[:40]}…")


def _notes(stored: str, given: str, policy: Policy) -> str:
    if not given or _flat(given) in _flat(stored):
        return stored
    return given if policy == "overwrite" or not stored else f"{stored}\n{given}"


def _new_contexts(stored: tuple[Context, ...], given: tuple[Context, ...]) -> list[Context]:
    """The file's contexts whose sentences no stored context has."""
    if not given:
        return []
    known = {text for c in stored for text in (c.source, c.target) if text}
    return [c for c in dict.fromkeys(given) if c not in stored and not {c.source, c.target} - {""} <= known]


def _section(stored: LangSec, given: LangSec, policy: Policy, conflicts: list[str]) -> LangSec:
    terms = {t.term: t for t in stored.terms}
    for term in given.terms:
        own = terms.get(term.term)
        terms[term.term] = term if own is None else _term(own, term, policy, conflicts)
    return LangSec(stored.lang, tuple(terms.values()), _definitions(stored.definitions, given.definitions, policy))


def _definitions(
    stored: tuple[Definition, ...], given: tuple[Definition, ...], policy: Policy
) -> tuple[Definition, ...]:
    known = {_flat(d.text): d for d in stored}
    new = tuple(d for d in given if _flat(d.text) not in known)
    if policy == "overwrite" and given:
        return tuple(known.get(_flat(d.text), d) for d in given)
    return stored + new


def _term(stored: TermSec, given: TermSec, policy: Policy, conflicts: list[str]) -> TermSec:
    if stored == given:
        return stored
    changed: dict[str, object] = {}
    for name in _VALUES:
        own, other = getattr(stored, name), getattr(given, name)
        if own != other:
            label = f"{stored.term[:40]}: {name.replace('_', ' ')}"
            changed[name] = _value(label, own, other, getattr(_USUAL, name), policy, conflicts)
    changed["review_state"] = _review(stored, given, policy, conflicts)
    if stored.origin == "converted" and given.origin == "observed" and given.review_state == "approved":
        changed |= {"origin": "observed", "conversion": "", "converted_from": ""}
    changed["provenance"] = tuple(dict.fromkeys((*stored.provenance, *given.provenance)))
    changed["flags"] = tuple(dict.fromkeys((*stored.flags, *given.flags)))
    return replace(stored, **changed)  # type: ignore[arg-type]


def _review(stored: TermSec, given: TermSec, policy: Policy, conflicts: list[str]) -> str:
    """Proposed gives way to a decision; what a person rejected stays rejected."""
    if given.review_state == stored.review_state:
        return stored.review_state
    if given.review_state == "proposed":
        if stored.review_state == "rejected":
            conflicts.append(f"{stored.term[:40]}: was rejected here; it stays so")
        return stored.review_state
    if stored.review_state == "proposed":
        return given.review_state
    stays = stored.review_state == "rejected" or policy != "overwrite"
    kept = stored.review_state if stays else given.review_state
    conflicts.append(f"{stored.term[:40]}: {stored.review_state} here, {given.review_state} in the file; it is {kept}")
    return kept


_NAMES = {"do_not_translate": "do not translate", "subject_field": "subject field"}


def difference(before: ConceptEntry, after: ConceptEntry) -> list[str]:
    """What an entry has got, for people: a few of the terms, then names of fields. Empty when nothing changed."""
    if before == after:
        return []
    old = {(s.lang, t.term): t for s in before.lang_secs for t in s.terms}
    new = {(s.lang, t.term): t for s in after.lang_secs for t in s.terms}
    changes = [f"adds {lang} {term[:60]}" for lang, term in new if (lang, term) not in old]
    changes += [f"{term[:60]}: {_fields(old[lang, term], now)}" for (lang, term), now in new.items()
                if (lang, term) in old and old[lang, term] != now]  # fmt: skip
    if sum(len(s.definitions) for s in before.lang_secs) != sum(len(s.definitions) for s in after.lang_secs):
        changes.append("definitions")
    changes += [
        _NAMES.get(f.name, f.name)
        for f in fields(ConceptEntry)
        if f.name not in ("lang_secs", "id") and getattr(before, f.name) != getattr(after, f.name)
    ]
    more = len(changes) - _CHANGES_NAMED
    return ([*changes[:_CHANGES_NAMED], f"{more} more"] if more > 0 else changes) or ["definitions"]


def _fields(before: TermSec, after: TermSec) -> str:
    names = [f.name for f in fields(TermSec) if getattr(before, f.name) != getattr(after, f.name)]
    return ", ".join(str(getattr(after, n)) if n in _STATES else n.replace("_", " ") for n in names)

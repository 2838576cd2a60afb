"""Does a translation use the glossary's terms? Coded findings, pure functions. Door: `Checker`.

| code | finding |
|---|---|
| E101 | an approved term of the source has none of its renderings in the translation |
| W102 | the same for a term nobody has reviewed |
| E103 | a forbidden rendering is used |
| W104 | a deprecated rendering is used |
| W105 | an unreviewed term is rendered in different ways |
| E106 | a term that must not be translated does not stand in the translation as it is |
| W107 | the same source text is translated in different ways |
| W201 | a word of another region: a mainland word in a Taiwan text, or the reverse |
| W202 | a term's rendering in the form of another region |
| W203 | characters of the other script: Simplified in Traditional text, or the reverse |
| E301 | a number of the source is missing in the translation |
| W302 | a number stands only in the translation |

Any admitted or preferred rendering will do, in any script, width, case or regular inflection; a longer term in the
source answers for the shorter ones inside it. Units without a translation are not looked at.

Limits: a rendering is looked for anywhere in the unit, not counted; a pronoun in its place is reported as missing.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from glossary.datamodel import AdministrativeStatus, ConceptEntry, Finding, TranslationUnit
from glossary.language import base_language, foreign_script_characters, is_chinese, opencc_convert
from glossary.matching import Mark, Matcher, MatchTerm, match_key
from glossary.numbers import values, written_in_digits
from glossary.variants import renderings

CODES: Mapping[str, str] = {
    "E101": "an approved term has none of its renderings in the translation",
    "W102": "a term nobody has reviewed has none of its renderings in the translation",
    "E103": "a forbidden rendering is used",
    "W104": "a deprecated rendering is used",
    "W105": "an unreviewed term is rendered in different ways",
    "E106": "a term that must not be translated was changed",
    "W107": "the same source text is translated in different ways",
    "W201": "a word of another region",
    "W202": "a term's rendering in the form of another region",
    "W203": "characters of the other script",
    "E301": "a number of the source is missing",
    "W302": "a number stands only in the translation",
}

_SCRIPT_OF = {"zh-Hans": "t2s", "zh-Hant": "s2t", "zh-Hant-TW": "s2tw", "zh-Hant-HK": "s2hk"}
_LISTED = 3
"""Renderings a message names."""


@dataclass(frozen=True, slots=True)
class _Form:
    """A way to render an entry in the target language; `own` is False for the form of another region."""

    term: str
    lang: str
    status: AdministrativeStatus
    approved: bool
    own: bool

    @property
    def usable(self) -> bool:
        return self.own and self.status in ("preferred", "admitted")


@dataclass(slots=True)
class _Used:
    """What the units showed so far: per entry the units by form, per source text its translations."""

    forms: dict[str, dict[str, list[TranslationUnit]]] = field(default_factory=lambda: defaultdict(dict))
    texts: dict[str, dict[str, TranslationUnit]] = field(default_factory=lambda: defaultdict(dict))


class Checker:
    """A glossary ready to check translations from one language into one variant of another.

    `regional` maps words that belong to another region to this region's word; see `variants`.
    """

    def __init__(
        self, entries: Iterable[ConceptEntry], *, source_lang: str, target_lang: str,
        regional: Mapping[str, str] | None = None,
    ) -> None:  # fmt: skip
        self._target = target_lang
        self._regional = dict(regional or {})
        self._entries: dict[str, ConceptEntry] = {}
        self._forms: dict[str, tuple[_Form, ...]] = {}
        self._reviewed: set[str] = set()
        terms: list[MatchTerm] = []
        for entry in entries:
            own = list(_source_terms(entry, source_lang))
            forms = _forms(entry, target_lang)
            if own and (forms or entry.do_not_translate):
                self._entries[entry.id], self._forms[entry.id] = entry, forms
                terms += own
                if any(f.approved for f in forms if f.usable):
                    self._reviewed.add(entry.id)
        self._source = Matcher(terms)
        found = [MatchTerm(f.term, f.lang, i) for i, forms in self._forms.items() for f in forms]
        self._renderings = Matcher(dict.fromkeys(found))
        self._words = Matcher(MatchTerm(word, target_lang, word) for word in self._regional)

    def check(self, units: Iterable[TranslationUnit]) -> Iterator[Finding]:
        """The findings of every unit in order; those that compare units come last."""
        used = _Used()
        for unit in units:
            if unit.target.strip() and unit.source.strip():
                yield from sorted(self._unit(unit, used), key=lambda f: (f.side == "target", f.start, f.code))
        yield from self._inconsistent(used)

    def _unit(self, unit: TranslationUnit, used: _Used) -> Iterator[Finding]:
        present = self._renderings.find(unit.target, nested=True)
        for mark in self._source.find(unit.source):
            yield from self._term(unit, mark, present, used)
        if is_chinese(self._target):
            yield from self._region(unit, present)
            yield from _script(unit, self._target)
        yield from _numbers(unit)
        used.texts[" ".join(unit.source.split())].setdefault(" ".join(unit.target.split()), unit)

    def _term(self, unit: TranslationUnit, mark: Mark, present: Sequence[Mark], used: _Used) -> Iterator[Finding]:
        """What is wrong with how one term of the source is rendered; a homonym is right with any of its concepts."""
        found: list[Finding] = []
        for entry_id in dict.fromkeys(t.entry_id for t in mark.terms):
            findings = list(self._rendered(unit, mark, entry_id, present, used))
            if not findings:
                return
            found = found or findings
        yield from found

    def _rendered(
        self, unit: TranslationUnit, mark: Mark, entry_id: str, present: Sequence[Mark], used: _Used
    ) -> Iterator[Finding]:
        written = unit.source[mark.start : mark.end]
        entry, forms = self._entries[entry_id], self._forms[entry_id]
        if entry.do_not_translate:
            if written not in unit.target:
                yield Finding("E106", f"{written!r} must stay as it is", unit, "source", mark.start, mark.end, written)
            return
        here = {t.term: m for m in present for t in m.terms if t.entry_id == entry_id}
        shown = [f for f in forms if f.term in here]
        usable = [f for f in forms if f.usable]
        good = [f for f in shown if f.usable]
        for form in good[:1]:
            used.forms[entry_id].setdefault(match_key(form.term), []).append(unit)
        bad = [f for f in shown if f.own and not f.usable and not any(_same(f, g) for g in good)]
        for form in bad:
            code = "E103" if form.status == "forbidden" else "W104"
            place = here[form.term]
            message = f"{form.term} is {form.status} for {written!r}{_instead(usable)}"
            yield Finding(code, message, unit, "target", place.start, place.end, _first(usable))
        if good or bad or not usable:
            return
        foreign = next((f for f in shown if not f.own), None)
        if foreign:
            place = here[foreign.term]
            message = (
                f"{unit.target[place.start : place.end]} is the {foreign.lang} form for {written!r}{_instead(usable)}"
            )
            yield Finding("W202", message, unit, "target", place.start, place.end, _first(usable))
            return
        code = "E101" if entry_id in self._reviewed else "W102"
        message = f"{written!r} is not rendered by {_named(usable)}"
        yield Finding(code, message, unit, "source", mark.start, mark.end, _first(usable))

    def _region(self, unit: TranslationUnit, present: Sequence[Mark]) -> Iterator[Finding]:
        """Words of another region, outside the glossary's own renderings (names keep their words)."""
        covered = [(m.start, m.end) for m in present if any(self._is_usable(t) for t in m.terms)]
        for mark in self._words.find(unit.target):
            if any(start <= mark.start and mark.end <= end for start, end in covered):
                continue
            word, right = unit.target[mark.start : mark.end], self._regional[mark.terms[0].term]
            if match_key(word) != match_key(right):
                message = f"{word} is not used in {self._target}; there it is {right}"
                yield Finding("W201", message, unit, "target", mark.start, mark.end, right)

    def _is_usable(self, term: MatchTerm) -> bool:
        return any(f.usable for f in self._forms[term.entry_id] if f.term == term.term)

    def _inconsistent(self, used: _Used) -> Iterator[Finding]:
        for entry_id, forms in used.forms.items():
            if len(forms) > 1 and entry_id not in self._reviewed:
                common = max(forms, key=lambda key: len(forms[key]))
                for key, units in forms.items():
                    source = _source_terms(self._entries[entry_id], units[0].source_lang)
                    name = next((t.term for t in source), entry_id)
                    message = f"{name!r} is rendered {key} here and {common} in {len(forms[common])} other units"
                    yield from (Finding("W105", message, u, suggestion=common) for u in units if key != common)
        for texts in used.texts.values():
            first, *others = texts.values()
            for unit in others:
                message = f"the same text is translated differently in line {first.line}"
                yield Finding("W107", message, unit, end=len(unit.target), suggestion=first.target)


def _source_terms(entry: ConceptEntry, lang: str) -> Iterator[MatchTerm]:
    for section in entry.lang_secs:
        if base_language(section.lang) == base_language(lang):
            for term in section.terms:
                if term.review_state != "rejected":
                    yield MatchTerm(term.term, section.lang, entry.id, term.case_sensitive, term.part_of_speech)


def _forms(entry: ConceptEntry, target: str) -> tuple[_Form, ...]:
    """Every form that renders the entry in the target language, those of the wanted variant first."""
    made = []
    for r in renderings(entry, targets=_targets(target)):
        if base_language(r.lang) == base_language(target):
            own = not is_chinese(target) or _fits(r.lang, target)
            made.append(_Form(r.term, r.lang, r.administrative_status, r.review_state == "approved", own))
    keys = {match_key(f.term) for f in made if f.own}
    unique = {f.term: f for f in reversed(made) if f.own or match_key(f.term) not in keys}
    return tuple(sorted(unique.values(), key=lambda f: not f.own))


def _targets(target: str) -> tuple[str, ...]:
    if not is_chinese(target):
        return (target,)
    return tuple(dict.fromkeys((target, "zh-Hans", "zh-Hant-TW", "zh-Hant-HK")))


def _fits(lang: str, target: str) -> bool:
    """True when a form of one Chinese variant will do in a text of another: same tag, or one names no region."""
    return f"{target}-".startswith(f"{lang}-") or f"{lang}-".startswith(f"{target}-")


def _same(a: _Form, b: _Form) -> bool:
    """True when the first is only seen because it stands inside the second."""
    return match_key(a.term) in match_key(b.term)


def _named(forms: Sequence[_Form]) -> str:
    names = list(dict.fromkeys(f.term for f in forms))
    return " or ".join(names[:_LISTED]) + (" ..." if len(names) > _LISTED else "")


def _instead(forms: Sequence[_Form]) -> str:
    return f"; use {_named(forms)}" if forms else ""


def _first(forms: Sequence[_Form]) -> str:
    return forms[0].term if forms else ""


def _script(unit: TranslationUnit, lang: str) -> Iterator[Finding]:
    wrong = foreign_script_characters(unit.target, lang)
    if wrong:
        letters = "".join(dict.fromkeys(unit.target[i] for i in wrong))
        config = next((c for tag, c in reversed(_SCRIPT_OF.items()) if f"{lang}-".startswith(f"{tag}-")), "")
        right = opencc_convert(letters, config) if config else ""
        script = "Simplified" if "Hant" in lang else "Traditional"
        message = f"{letters}: {script} characters in a {lang} text"
        yield Finding("W203", message, unit, "target", wrong[0], wrong[0] + 1, right)


def _numbers(unit: TranslationUnit) -> Iterator[Finding]:
    """Numbers written with digits on one side that the other states in no way."""
    sides = (("E301", "source", unit.source, unit.target), ("W302", "target", unit.target, unit.source))
    for code, side, text, other in sides:
        stated = values(other)
        for written, value in written_in_digits(text):
            if not any(form in stated for form in _ways(value)):
                start = max(text.find(written), 0)
                message = f"{written} stands only in the {side}"
                end = start + len(written)
                yield Finding(code, message, unit, "source" if side == "source" else "target", start, end)


def _ways(value: Decimal) -> Iterator[Decimal]:
    """A value and what else it may be written as: the 1990s are 90年代."""
    yield value.normalize()
    if value in range(1900, 2100, 10):
        yield (value % 100).normalize()
    if value in range(10, 100, 10):
        yield (value + 1900).normalize()

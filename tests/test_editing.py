"""What editors do to entries, as pure functions; and what the history says of it."""

from __future__ import annotations

import pytest

from glossary.datamodel import Flag
from glossary.editing import (
    changed_term,
    differences,
    new_entry,
    reviewed,
    touched_languages,
    waiting,
    with_definition,
    with_term,
    without_term,
)
from glossary.errors import EditError
from glossary.variants import with_converted


def everything(lang: str) -> bool:
    return True


LEDGER = with_converted(new_entry([("en", "ledger"), ("zh-Hant-TW", "帳本")]))


def forms(entry: object, lang: str) -> list[str]:
    section = entry.section(lang)  # type: ignore[attr-defined]
    return [t.term for t in section.terms] if section else []


def test_a_new_form_takes_its_converted_forms_along() -> None:
    changed = with_converted(changed_term(LEDGER, "zh-Hant-TW", "帳本", term="區塊鏈"))
    assert forms(LEDGER, "zh-Hans") == ["帐本"]
    assert forms(changed, "zh-Hans") == ["区块链"]
    assert forms(changed, "zh-Hant-TW") == ["區塊鏈"]


def test_a_new_status_reaches_the_converted_forms_nobody_decided_about() -> None:
    decided = changed_term(LEDGER, "zh-Hant-HK", "帳本", review_state="approved")
    changed = with_converted(changed_term(decided, "zh-Hant-TW", "帳本", administrative_status="deprecated"))
    states = {s.lang: s.terms[0].administrative_status for s in changed.lang_secs}
    assert states == {"en": "admitted", "zh-Hant-TW": "deprecated", "zh-Hant-HK": "admitted", "zh-Hans": "deprecated"}


def test_a_corrected_form_loses_the_flags_that_were_about_the_wrong_one() -> None:
    damaged = changed_term(LEDGER, "zh-Hant-TW", "帳本", flags=(Flag("damaged", "cut", "", "分類帳本"),))
    fixed = changed_term(damaged, "zh-Hant-TW", "帳本", term="分類帳本")
    assert fixed.section("zh-Hant-TW").terms[0].flags == ()  # type: ignore[union-attr]


@pytest.mark.parametrize(
    "edit",
    [
        lambda: new_entry([]),
        lambda: new_entry([("en", "a"), ("en", "a")]),
        lambda: with_term(LEDGER, "en", "ledger"),
        lambda: with_term(LEDGER, "en", " "),
        lambda: changed_term(LEDGER, "en", "book", term="x"),
        lambda: changed_term(LEDGER, "en", "ledger", term=" "),
        lambda: without_term(without_term(LEDGER, "en", "ledger"), "zh-Hant-TW", "帳本"),
        lambda: reviewed(reviewed(LEDGER, "approved", everything), "rejected", everything),
    ],
)
def test_what_cannot_be_is_refused(edit: object) -> None:
    with pytest.raises(EditError):
        edit()  # type: ignore[operator]


def test_a_converted_form_that_is_written_becomes_observed() -> None:
    changed = with_term(LEDGER, "zh-Hans", "帐本")
    assert [(t.term, t.origin) for t in changed.section("zh-Hans").terms] == [("帐本", "observed")]  # type: ignore[union-attr]


def test_review_goes_as_far_as_the_languages_of_the_editor() -> None:
    approved = reviewed(LEDGER, "approved", lambda lang: lang.startswith("zh"))
    assert waiting(approved, everything) == [("en", "ledger")]
    assert touched_languages(LEDGER, approved) == ["zh-Hant-TW"]


def test_differences_say_what_people_changed_and_leave_the_machine_out() -> None:
    changed = with_converted(changed_term(LEDGER, "zh-Hant-TW", "帳本", term="分類帳", note="older"))
    changed = with_definition(changed, "en", "A book of accounts.")
    found = [(d.what, d.lang, d.old, d.new) for d in differences(LEDGER, changed)]
    assert found == [("term", "zh-Hant-TW", "帳本", "分類帳"), ("definition", "en", "", "A book of accounts.")]
    assert differences(LEDGER, LEDGER) == []
    assert [(d.old, d.new) for d in differences(None, LEDGER)] == [("", "ledger"), ("", "帳本")]


def test_a_definition_can_be_replaced_and_taken_away() -> None:
    first = with_definition(LEDGER, "en", "A book.")
    assert with_definition(first, "en", "A book.") is first
    assert with_definition(first, "en", "") == LEDGER

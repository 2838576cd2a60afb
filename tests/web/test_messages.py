"""The catalogues in `locale/`: complete, not fuzzy, with the same places to fill, and nothing left over."""

from __future__ import annotations

import copy as copying
import re
import shutil
import subprocess
from functools import cache
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po

from glossary.language import has_han
from web.i18n import LANGUAGES, catalogue_folder
from web.messages import update, used_messages

LOCALES = [language.locale for language in LANGUAGES.values()]


@cache
def used() -> Catalog:
    return used_messages()


def path_of(locale: str) -> Path:
    folder = catalogue_folder()
    assert folder is not None
    return folder / locale / "LC_MESSAGES" / "messages.po"


def catalogue(locale: str) -> Catalog:
    with path_of(locale).open("rb") as file:
        return read_po(file, locale=locale, abort_invalid=True)


def strings(value: str | tuple[str, ...] | list[str] | None) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) else tuple(value or ())


def messages(catalogue: Catalog) -> list[Message]:
    return [message for message in catalogue if message.id]


def places(text: str) -> set[str]:
    return set(re.findall(r"\{\w*\}", text))


@pytest.mark.parametrize("locale", LOCALES)
def test_every_message_used_is_in_the_catalogue_and_no_other(locale: str) -> None:
    wanted = {message.id for message in messages(used())}
    assert {message.id for message in messages(catalogue(locale))} == wanted
    assert len(wanted) > 80


@pytest.mark.parametrize("locale", LOCALES)
def test_every_message_is_translated_and_none_is_fuzzy(locale: str) -> None:
    known = catalogue(locale)
    assert [m.id for m in messages(known) if m.fuzzy or not all(strings(m.string))] == []
    assert not known.obsolete


@pytest.mark.parametrize("locale", LOCALES)
def test_the_places_to_fill_are_the_same(locale: str) -> None:
    for message in messages(catalogue(locale)):
        expected = places(strings(message.id)[-1])
        assert all(places(text) == expected for text in strings(message.string)), message.id


@pytest.mark.parametrize("locale", LOCALES)
def test_a_translation_does_not_gain_or_lose_white_space_at_its_ends(locale: str) -> None:
    for message in messages(catalogue(locale)):
        assert all(text == text.strip() for text in strings(message.string)), message.id


def test_english_says_what_the_code_says() -> None:
    assert [m.id for m in messages(catalogue("en")) if strings(m.id) != strings(m.string)] == []


@pytest.mark.parametrize(("locale", "wrong"), [("zh_Hans", "檔術語導開關閱讀擷錄"), ("zh_Hant", "档术语导开关阅读录")])
def test_no_character_of_the_other_script(locale: str, wrong: str) -> None:
    text = "".join(s for m in messages(catalogue(locale)) for s in strings(m.string))
    assert has_han(text)
    assert set(text) & set(wrong) - set("錄" if locale == "zh_Hant" else "") == set()


def test_regions_are_written_not_converted() -> None:
    taiwan, hong_kong, mainland = catalogue("zh_Hant"), catalogue("zh_Hant_HK"), catalogue("zh_Hans")
    rows = {
        "Documents": ("文件", "文件", "文档"),
        "Approved": ("已核准", "已批准", "已通过"),
        "Mainland China": ("中國大陸", "中國內地", "中国大陆"),
    }
    for english, expected in rows.items():
        assert tuple(c.get(english).string for c in (taiwan, hong_kong, mainland)) == expected  # type: ignore[union-attr]


@pytest.mark.parametrize("locale", LOCALES)
def test_updating_changes_nothing_when_nothing_is_new(locale: str, tmp_path: Path) -> None:
    copy = tmp_path / "messages.po"
    shutil.copy(path_of(locale), copy)
    update(copy, used())
    once = copy.read_bytes()
    update(copy, used())
    assert copy.read_bytes() == once
    assert once == path_of(locale).read_bytes()


def test_a_new_message_is_added_untranslated(tmp_path: Path) -> None:
    copy = tmp_path / "messages.po"
    shutil.copy(path_of("zh_Hant"), copy)
    template = copying.deepcopy(used())
    template.add("A message nobody has translated")
    update(copy, template)
    with copy.open("rb") as file:
        updated = read_po(file)
    new = updated.get("A message nobody has translated")
    kept = updated.get("Documents")
    assert new is not None
    assert kept is not None
    assert (new.string, new.fuzzy, kept.string) == ("", False, "文件")


@pytest.mark.parametrize("place", ["site-packages/web/locale", "checkout/locale"])
def test_catalogues_are_found_in_a_wheel_and_in_a_source_tree(tmp_path: Path, place: str) -> None:
    package = tmp_path / place.split("/")[0] / "web"
    package.mkdir(parents=True)
    assert catalogue_folder(package) is None
    target = tmp_path / place / "zh_Hant" / "LC_MESSAGES"
    target.mkdir(parents=True)
    shutil.copy(path_of("zh_Hant"), target)
    assert catalogue_folder(package) == tmp_path / place


@pytest.mark.gettext
@pytest.mark.parametrize("locale", LOCALES)
def test_msgfmt_is_silent(locale: str) -> None:
    if not shutil.which("msgfmt"):
        pytest.skip("needs msgfmt (Debian: gettext)")
    command = ["msgfmt", "--check", "-o", "/dev/null", str(path_of(locale))]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
